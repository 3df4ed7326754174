//! Results depend on the seed and the model alone: not on threads, on the order of metrics, on other metrics, or on how
//! many samples are drawn.

use std::path::Path;

use tailcast::import::FileData;
use tailcast::model::{self, Model, NoData, Options};
use tailcast::recorder::Bin;
use tailcast::sim::{self, MetricOutcome, NoWatch, Outcome, Precision, RunOptions};

/// A model with every kind of draw: ranges, data, families, lists, choices, filters.
const MODEL: &str = r#"
paired = [["first", "second"]]
[metrics]
range = "5 to 10"
share = "3 of 10"
sum = "=range + normal(1, share)"
choice = "=pickRandom([range, sum, 3], [1, 2, 3])"
kept = "=filterGreaterThan(sum, 7) + first"
product = "=second * poisson(range) + randomInt(0, 9)"
[metrics.measured]
data = [4.0, 8.0, 15.0, 16.0, 23.0, 42.0]
[metrics.first]
data = [1.0, 2.0, 3.0]
[metrics.second]
data = [10.0, 20.0, 30.0]
[scenarios.wide]
share = "9 of 10"
"#;

fn toml(text: &str) -> Model {
    model::read(text.as_bytes(), None, &NoData, Options::default()).expect("a model")
}

fn shipped(name: &str) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(name);
    model::read_file(&path, &FileData, Options::default()).expect("a model")
}

fn run(model: &Model, options: &RunOptions) -> Outcome {
    sim::run(model, options, &NoWatch).expect("a run")
}

/// Every figure of a metric, to the bit.
fn figures(metric: &MetricOutcome) -> Vec<Option<u64>> {
    let summary = metric.summary.as_ref().expect("figures");
    let counts = [summary.samples, summary.filtered, summary.non_finite].map(Some);
    let figures = [summary.mean, summary.mean_standard_error, summary.stdev, summary.min, summary.max];
    let quantiles = summary.quantiles.iter().flat_map(|estimate| [estimate.value, estimate.low, estimate.high]);
    counts.into_iter().chain(figures.into_iter().chain(quantiles).map(|figure| figure.map(f64::to_bits))).collect()
}

fn named<'a>(outcome: &'a Outcome, name: &str) -> &'a MetricOutcome {
    outcome.metrics.iter().find(|metric| metric.name == name).unwrap_or_else(|| panic!("no metric {name}"))
}

fn all_figures(outcome: &Outcome) -> Vec<Vec<Option<u64>>> {
    outcome.metrics.iter().map(figures).collect()
}

/// The cells of every metric.
fn bins(outcome: &Outcome) -> Vec<Vec<Bin>> {
    let recordings = outcome.metrics.iter().map(|metric| metric.recording.as_ref().expect("a recording"));
    recordings.map(|recording| recording.bins().collect()).collect()
}

/// Samples of every metric, by column.
fn columns(model: &Model, samples: u64, threads: usize) -> Vec<Vec<u64>> {
    let mut columns: Vec<Vec<u64>> = vec![Vec::new(); sim::row_metrics(model, None).len()];
    let mut sink = |blocks: &[&[f64]]| {
        let pairs = columns.iter_mut().zip(blocks);
        pairs.for_each(|(column, block)| column.extend(block.iter().map(|value| value.to_bits())));
        Ok(())
    };
    sim::rows(model, None, samples, 1, Some(threads), &mut sink).expect("rows");
    columns
}

#[test]
fn figures_are_the_same_bits_for_any_number_of_threads() {
    for model in [toml(MODEL), shipped("memcached.json"), shipped("storage.toml")] {
        // The last shard and its last block are not full.
        let of = |threads| RunOptions { samples: 150_001, threads: Some(threads), ..RunOptions::default() };
        let one = run(&model, &of(1));
        for threads in [2, 7] {
            let many = run(&model, &of(threads));
            assert_eq!(all_figures(&many), all_figures(&one), "{} threads", threads);
            assert_eq!(bins(&many), bins(&one), "{threads} threads");
        }
    }
}

#[test]
fn a_long_run_counts_every_sample() {
    // Few values close together: their counts carry more often than any others.
    let model =
        toml("[metrics]\nfew = { data = [100, 100.01, 100.3] }\nspread = \"100 to 101\"\nsum = \"=few + spread\"");
    let of = |threads| RunOptions { samples: 1 << 24, threads: Some(threads), ..RunOptions::default() };
    let one = bins(&run(&model, &of(1)));
    assert!(one.iter().all(|bins| bins.iter().map(|bin| bin.count).sum::<u64>() == 1 << 24));
    assert_eq!(bins(&run(&model, &of(2))), one);
}

#[test]
fn rows_are_the_same_bits_for_any_number_of_threads() {
    let model = toml(MODEL);
    let one = columns(&model, 40_001, 1);
    assert!(one.iter().all(|column| column.len() == 40_001));
    assert_eq!(columns(&model, 40_001, 2), one);
    assert_eq!(columns(&model, 40_001, 7), one);
}

#[test]
fn the_order_of_metrics_in_the_file_does_not_matter() {
    let lines: Vec<&str> = MODEL.lines().collect();
    let start = lines.iter().position(|line| line.starts_with("range")).expect("the first metric");
    let end = lines.iter().position(|line| line.starts_with("product")).expect("the last metric in line");
    let mut turned = lines.clone();
    turned[start..=end].reverse();
    let options = RunOptions { samples: 50_000, ..RunOptions::default() };
    let (straight, turned) = (run(&toml(MODEL), &options), run(&toml(&turned.join("\n")), &options));
    assert_eq!(turned.metrics[0].name, "product");
    for metric in &straight.metrics {
        assert_eq!(figures(metric), figures(named(&turned, &metric.name)), "{}", metric.name);
    }
}

#[test]
fn a_metric_more_leaves_the_others_as_they_are() {
    let more = MODEL.replace("[metrics]\n", "[metrics]\nanother = '=normal(0, 1) * range'\nlist = '1 to 2'\n");
    let options = RunOptions { samples: 50_000, ..RunOptions::default() };
    let (few, more) = (run(&toml(MODEL), &options), run(&toml(&more), &options));
    assert_eq!(more.metrics.len(), few.metrics.len() + 2);
    for metric in &few.metrics {
        assert_eq!(figures(metric), figures(named(&more, &metric.name)), "{}", metric.name);
    }
}

#[test]
fn limiting_what_is_recorded_leaves_the_figures_as_they_are() {
    let model = toml(MODEL);
    let options = RunOptions { samples: 50_000, ..RunOptions::default() };
    let all = run(&model, &options);
    let only = vec![model.resolve("kept").expect("a metric")];
    let some = run(&model, &RunOptions { metrics: Some(only), ..options });
    assert_eq!(some.metrics.len(), 1);
    assert_eq!(figures(&some.metrics[0]), figures(named(&all, "kept")));
}

#[test]
fn metrics_of_many_cells_are_counted_together_as_each_alone() {
    // Values on both sides of zero reach so many cells that several blocks go through the program together.
    let metrics: String = (1..90).map(|at| format!("m{at} = '=m{} / 2 + normal(0, 1)'\n", at - 1)).collect();
    let model = toml(&format!("[metrics]\nm0 = '=normal(0, 1)'\n{metrics}"));
    let of = |threads| RunOptions { samples: 300_001, threads: Some(threads), ..RunOptions::default() };
    let all = run(&model, &of(1));
    let many = run(&model, &of(3));
    assert_eq!((all_figures(&many), bins(&many)), (all_figures(&all), bins(&all)));
    for name in ["m0", "m44", "m89"] {
        let metric = model.resolve(name).expect("a metric");
        let alone = run(&model, &RunOptions { metrics: Some(vec![metric]), ..of(2) });
        assert_eq!(figures(named(&alone, name)), figures(named(&all, name)), "{name}");
        let of =
            |outcome: &Outcome| named(outcome, name).recording.as_ref().expect("samples").bins().collect::<Vec<_>>();
        assert_eq!(of(&alone), of(&all), "{name}");
    }
}

#[test]
fn scenarios_draw_the_same_random_numbers() {
    let model = shipped("storage.toml");
    let versions = ["40/70", "60/70"].map(|name| model.with_scenario(name).expect("a scenario"));
    let [few, many] = [0, 1].map(|version: usize| columns(&versions[version], 20_000, 2));
    let column = |name: &str| model.resolve(name).expect("a metric").index();
    for name in ["service_cpu", "memcached", "mysql", "disk", "mysql_response"] {
        assert_eq!(few[column(name)], many[column(name)], "{name}");
    }
    // Only the requests that memcached answers in one scenario and not in the other take another time.
    let changed = few[column("response")].iter().zip(&many[column("response")]).filter(|(few, many)| few != many);
    let share = changed.count() as f64 / 20_000.0;
    assert!((share - 0.2).abs() < 0.02, "{share}");
}

#[test]
fn versions_run_together_are_those_run_alone() {
    let model = toml(MODEL);
    let wide = model.with_scenario("wide").expect("a scenario");
    let options = RunOptions { samples: 50_000, ..RunOptions::default() };
    let together = sim::run_versions(&[&model, &wide], &options, &NoWatch).expect("a run");
    assert_eq!(all_figures(&together[0]), all_figures(&run(&model, &options)));
    assert_eq!(all_figures(&together[1]), all_figures(&run(&wide, &options)));
}

#[test]
fn more_samples_begin_with_the_fewer() {
    let model = toml(MODEL);
    let (few, many) = (columns(&model, 5_000, 1), columns(&model, 70_000, 2));
    for (few, many) in few.iter().zip(&many) {
        assert_eq!(few[..], many[..5_000]);
    }
}

#[test]
fn a_run_that_stops_at_a_precision_has_the_figures_of_its_samples() {
    let model = toml(MODEL);
    let precision = Some(Precision { relative: 1e-9, q: 0.5 });
    let stopped = run(&model, &RunOptions { samples: 600_000, precision, ..RunOptions::default() });
    let straight = run(&model, &RunOptions { samples: 600_000, ..RunOptions::default() });
    assert_eq!(stopped.samples, 600_000);
    assert_eq!(all_figures(&stopped), all_figures(&straight));
}

#[test]
fn another_seed_draws_other_samples() {
    let options = RunOptions { samples: 1000, ..RunOptions::default() };
    let (one, two) = (run(&toml(MODEL), &options), run(&toml(MODEL), &RunOptions { seed: 2, ..options }));
    assert_ne!(figures(&one.metrics[0]), figures(&two.metrics[0]));
}

/// Means of every metric of a shipped model at 100,000 samples and seed 1, to the bit. A change of any is a value change,
/// which the changelog has to name.
#[test]
fn figures_of_the_shipped_models_are_pinned() {
    let means = |name: &str| -> Vec<f64> {
        let outcome = run(&shipped(name), &RunOptions { samples: 100_000, ..RunOptions::default() });
        let summaries = outcome.metrics.iter().map(|metric| metric.summary.as_ref().expect("figures"));
        summaries.map(|summary| summary.mean.expect("a mean")).collect()
    };
    assert_eq!(means("memcached.json"), [14982.00698, 40.0, 2502.123135155727, 9981.564111965226]);
    assert_eq!(
        means("storage.toml"),
        [
            60.0,
            70.0,
            2183.424754956624,
            68771.47778833957,
            162398.77466802002,
            874446.6915338979,
            425186.87814162154,
            212910.62573983302
        ]
    );
}
