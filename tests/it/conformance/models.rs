//! Whole models through the dependency graph.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use tailcast::model::Model;

use super::statistics::disagreements;
use super::vectors::{Class, Drawn, cases, classes, draw, expected_classes, has_tag, model_of_graph, number};

/// Samples of the web app's own setting.
const APP_SAMPLES: u64 = 5000;

/// Spreads of a single run that a figure may be off the average of the runs.
const RUN_SPREADS: f64 = 6.0 * 1.025;

/// Error classes, with one deliberate difference: what uses an empty metric is told so. The engine reports samples of the
/// wrong type (4) where something else in the formula decides how many samples there are.
fn same_classes(drawn: &Drawn, expected: &BTreeSet<Class>) -> bool {
    let found = classes(&drawn.problems);
    let is_empty_input = drawn.problems.iter().any(|problem| problem.code == "empty-input");
    found == *expected || is_empty_input && *expected == BTreeSet::from([(4, None)])
}

/// What an exact list (`values`) and the samples disagree on.
fn list_fault(expected: &Json, drawn: &Drawn) -> Option<String> {
    let values = expected["values"].as_array().expect("a list");
    if drawn.values.len() != values.len() {
        return Some(format!("{} samples, expected {}", drawn.values.len(), values.len()));
    }
    part_fault(expected, values, drawn, 0)
}

/// What the first samples and a list of them (`first_values`) disagree on. The app's first worker numbers its samples
/// from half of all on, so that lists are walked from there; ours are walked from the first value.
fn first_fault(expected: &Json, first: &[Json], drawn: &Drawn) -> Option<String> {
    let fault = part_fault(expected, first, drawn, 0)?;
    let half = APP_SAMPLES as usize / 2;
    if drawn.values.len() < half + first.len() { Some(fault) } else { part_fault(expected, first, drawn, half) }
}

/// What the samples from `start` on and a list of them disagree on.
fn part_fault(expected: &Json, values: &[Json], drawn: &Drawn, start: usize) -> Option<String> {
    let noise = expected["noise"] == true;
    let is_same = |(json, &value): (&Json, &f64)| match json {
        Json::Null => value.is_nan(),
        Json::String(text) if text == "filtered" => value.is_nan(),
        _ if noise => value.abs() <= 1e-9,
        Json::Number(_) => (value - number(json)).abs() <= 1e-12 * number(json).abs(),
        // Text that stood in the data list.
        Json::String(_) => value.is_nan(),
        _ => false,
    };
    let off = values.iter().zip(&drawn.values[start..]).position(|pair| !is_same(pair));
    off.map(|at| format!("sample {} is {}, expected {}", start + at, drawn.values[start + at], values[at]))
}

/// What one run of [`APP_SAMPLES`] and the averages of several disagree on.
fn average_faults(expected: &Json, drawn: &Drawn, comparisons: &mut usize) -> Vec<String> {
    let sorted = drawn.sorted();
    let m = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / m;
    let deviation = (sorted.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / m).sqrt();
    let mut faults = Vec::new();
    let mut compare = |name: &str, figure: &Json, found: f64| {
        *comparisons += 1;
        let (average, spread) = (number(&figure["avg"]), number(&figure["sd"]));
        if (found - average).abs() > RUN_SPREADS * spread + 1e-12 * average.abs() {
            faults.push(format!("{name}: {found}, expected {average} within {RUN_SPREADS} times {spread}"));
        }
    };
    let stats = &expected["stats"];
    if expected["filtered"].is_object() {
        compare("filtered", &expected["filtered"], drawn.filtered as f64);
    }
    for (name, found) in [("mean", mean), ("stdev", deviation)] {
        if stats[format!("{name}_ok")] != false && stats[name].is_object() {
            compare(name, &stats[name], found);
        }
    }
    for quantile in stats["quantiles"].as_array().into_iter().flatten() {
        let p = number(&quantile["p"]);
        let rank = ((p * m).ceil() as usize).max(1);
        compare(&format!("quantile {p}"), quantile, sorted[rank - 1]);
    }
    faults
}

/// What a metric and its expectation disagree on.
fn metric_faults(expected: &Json, drawn: &Drawn, samples: u64, comparisons: &mut usize) -> Vec<String> {
    if !same_classes(drawn, &expected_classes(&expected["errors"])) {
        return vec![format!("{:?}, expected {}", drawn.problems, expected["errors"])];
    }
    if expected["status"] != "ok" {
        return if drawn.count == 0 { Vec::new() } else { vec![format!("{} samples, expected none", drawn.count)] };
    }
    if drawn.count != expected["count"].as_u64().expect("a count") {
        return vec![format!("{} samples, expected {}", drawn.count, expected["count"])];
    }
    let mut faults = Vec::new();
    if let Some(first) = expected["first_values"].as_array() {
        *comparisons += first.len();
        faults.extend(first_fault(expected, first, drawn));
    }
    if expected["values"].is_array() {
        faults.extend(list_fault(expected, drawn));
    } else if expected["noise"] == true {
        faults.extend(drawn.values.iter().find(|value| value.abs() > 1e-9).map(|value| format!("{value}, expected 0")));
    } else if samples == APP_SAMPLES {
        faults.extend(average_faults(expected, drawn, comparisons));
    } else {
        faults.extend(disagreements(expected, drawn, comparisons));
    }
    faults
}

/// Pearson correlation of paired samples, the shorter list repeated; rows in which one was filtered are left out.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let rows = a.len().max(b.len());
    let pairs = (0..rows).map(|row| (a[row % a.len()], b[row % b.len()]));
    let pairs: Vec<(f64, f64)> = pairs.filter(|(x, y)| !x.is_nan() && !y.is_nan()).collect();
    let n = pairs.len() as f64;
    let (mean_a, mean_b) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        let (x, y) = (x - mean_a, y - mean_b);
        (aa, bb, ab) = (aa + x * x, bb + y * y, ab + x * y);
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa * bb).sqrt())
}

fn correlation_faults(outcome: &Json, drawn: &[Drawn], samples: u64, comparisons: &mut usize) -> Vec<String> {
    let mut faults = Vec::new();
    for pair in outcome["correlations"].as_array().into_iter().flatten().filter(|pair| !pair["r"].is_null()) {
        let of = |key: &str| drawn.iter().find(|metric| pair[key] == metric.id.as_str()).expect("a metric");
        let (a, b) = (of("a"), of("b"));
        if a.values.is_empty() || b.values.is_empty() {
            faults.push(format!("correlation of {} and {}: no samples", a.id, b.id));
            continue;
        }
        *comparisons += 1;
        let (expected, found) = (number(&pair["r"]), correlation(&a.values, &b.values));
        let slack = if samples == APP_SAMPLES {
            RUN_SPREADS * number(&pair["run_sd"])
        } else {
            6.0 * number(&pair["se"]) * 2.0_f64.sqrt()
        };
        if found.is_none_or(|found| (found - expected).abs() > slack + 1e-9) {
            faults.push(format!("correlation of {} and {}: {found:?}, expected {expected}", a.id, b.id));
        }
    }
    faults
}

/// What a model and one of its expected outcomes disagree on.
fn outcome_faults(model: &Model, outcome: &Json, samples: u64, comparisons: &mut usize) -> Vec<String> {
    let drawn = draw(model, samples);
    if outcome["threw"].is_string() {
        // What the engine refuses has no figures.
        let figures = drawn.iter().filter(|metric| metric.problems.is_empty());
        return figures.map(|metric| format!("{}: {} samples, expected none", metric.id, metric.count)).collect();
    }
    let mut faults = Vec::new();
    for metric in &drawn {
        let expected = &outcome["metrics"][&metric.id];
        let found = metric_faults(expected, metric, samples, comparisons);
        faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", metric.id)));
    }
    faults.extend(correlation_faults(outcome, &drawn, samples, comparisons));
    faults
}

/// Cases that are left on purpose, with the reason.
const LEFT: [(&str, &str); 2] = [
    // The app's two workers number their samples from n/2 and n on, and the same engine with one worker from n on, so that
    // lists which do not divide the number of samples are walked from another place. Ours are walked from the first value.
    ("model-0044", "two-window: the walk does not begin with the first value"),
    ("model-0059", "two-window: the walk does not begin with the first value"),
];

/// The outcomes of a case to compare, with the samples of each.
///
/// The web app splits its samples over two workers, which shifts how lists of unequal length pair up and makes an error
/// of some of them. That is a defect of the app and not of its language; where it shows (`two-window`), the outcome of
/// the same engine with one worker counts.
fn outcomes(case: &Json) -> Vec<(&'static str, &Json, u64)> {
    let expected = &case["expected"];
    let keys = if has_tag(case, &["two-window"]) {
        vec![("n5000_single_window", APP_SAMPLES)]
    } else {
        vec![("n5000", APP_SAMPLES), ("n100000", 100_000)]
    };
    keys.into_iter().map(|(key, samples)| (key, &expected[key], samples)).collect()
}

#[test]
fn in_compatibility_every_model_agrees() {
    let cases = cases("model");
    let (mut compared, mut comparisons, mut failures) = (0, 0, Vec::new());
    for case in cases.iter().filter(|case| LEFT.iter().all(|(id, _)| case["id"] != *id)) {
        let model = model_of_graph(&case["model"], true);
        for (key, outcome, samples) in outcomes(case) {
            compared += 1;
            let found = outcome_faults(&model, outcome, samples, &mut comparisons).into_iter();
            failures.extend(found.map(|fault| format!("{} ({}) {key}, {fault}", case["id"], case["title"])));
        }
    }
    assert!(failures.is_empty(), "{} disagree:\n{}", failures.len(), failures.join("\n"));
    assert!(compared >= 160 && comparisons >= 4000, "only {compared} outcomes and {comparisons} figures were compared");
}
