//! `docs/latency.md`: the figures of its examples are those of the program.

use tailcast::model::{self, Model, NoData, Options};
use tailcast::sim::{MetricOutcome, NoWatch, RunOptions, run};

const DOCUMENT: &str = include_str!("../../docs/latency.md");

/// Pairs of formulas that there are at least, so that an empty table fails.
const PAIRS_MIN: usize = 14;

/// Figures are written with two digits or three, and a p99 of a million samples has an error of about 1 %.
const TOLERANCE: f64 = 0.02;

/// The document after a heading.
fn section(heading: &str) -> &'static str {
    let (_, section) = DOCUMENT.split_once(&format!("\n## {heading}\n")).expect("the section");
    section.split("\n## ").next().expect("a part")
}

/// The first block of TOML in a section.
fn toml(section: &str) -> &str {
    let (_, block) = section.split_once("```toml\n").expect("a block");
    block.split("```").next().expect("a part")
}

fn outcomes(toml: &str) -> Vec<MetricOutcome> {
    let model: Model = model::read(toml.as_bytes(), None, &NoData, Options::default()).expect("a model");
    run(&model, &RunOptions::default(), &NoWatch).expect("threads").metrics
}

fn figure(metric: &MetricOutcome, name: &str) -> f64 {
    let summary = metric.summary.as_ref().unwrap_or_else(|| panic!("{:?}", metric.problems));
    let value = match name {
        "mean" => summary.mean,
        _ => summary.quantiles.iter().find(|quantile| quantile.q == 0.99).and_then(|quantile| quantile.value),
    };
    value.expect("a figure")
}

#[test]
fn what_misleads_does_so_by_as_much_as_is_written() {
    let section = section("What misleads, in figures");
    let rows: Vec<Vec<&str>> = section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() >= PAIRS_MIN, "{rows:?}");
    let mut model = toml(section).to_owned();
    for (number, row) in rows.iter().enumerate() {
        let [right, misleading] = [row[1], row[3]].map(|formula| formula.trim_matches('`'));
        model += &format!("right{number} = '={right}'\nmisleading{number} = '={misleading}'\n");
    }
    let metrics = outcomes(&model);
    for (number, row) in rows.iter().enumerate() {
        for (kind, written) in [("right", row[2]), ("misleading", row[4])] {
            let name = format!("{kind}{number}");
            let metric = metrics.iter().find(|metric| metric.name == name).expect("the metric");
            let (what, expected) = written.split_once(' ').expect("a figure");
            let (found, expected) = (figure(metric, what), expected.parse::<f64>().expect("a number"));
            // A share of 30 samples in a million is only known to be one of few.
            let tolerance = if expected < 1e-3 { 0.7 } else { TOLERANCE };
            assert!((found / expected - 1.0).abs() < tolerance, "{}: {found}, written {expected}", metric.source);
        }
    }
}

#[test]
fn the_load_that_hedges_cause_is_a_fixed_point() {
    let metrics = outcomes(toml(section("The load that hedges and retries cause")));
    let mean = |name: &str| {
        let metric = metrics.iter().find(|metric| metric.name == name).expect("the metric");
        figure(metric, "mean")
    };
    // A share of some 0.01 of a million samples has a standard error of 1e-4; the two are of other draws.
    assert!(mean("late") > 0.005 && (mean("late") - mean("check")).abs() < 5e-4, "{} {}", mean("late"), mean("check"));
}
