//! Every model that is shipped is checked and run; the memcached example against its exact distribution.

use std::fs;
use std::path::{Path, PathBuf};

use tailcast::import::FileData;
use tailcast::math::special::erfc;
use tailcast::model::{self, Model, Options};
use tailcast::sim::{self, MetricOutcome, NoWatch, RunOptions};

/// Models that there must be at least, so that an empty folder fails.
const MODELS_MIN: usize = 4;

fn models() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let entries = fs::read_dir(folder).expect("models are shipped").map(|entry| entry.expect("an entry").path());
    let is_model = |path: &PathBuf| path.extension().is_some_and(|e| e == "json" || e == "toml" || e == "guess");
    let mut models: Vec<PathBuf> = entries.filter(is_model).collect();
    models.sort();
    models
}

fn read(path: &Path) -> Model {
    model::read_file(path, &FileData, Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn run(model: &Model, samples: u64) -> Vec<MetricOutcome> {
    let options = RunOptions { samples, quantiles: vec![0.5, 0.9, 0.99], ..RunOptions::default() };
    sim::run(model, &options, &NoWatch).expect("a run").metrics
}

#[test]
fn every_shipped_model_is_checked_and_run() {
    let models = models();
    assert!(models.len() >= MODELS_MIN, "{models:?}");
    for path in models {
        let model = read(&path);
        let scenarios =
            model.scenarios().iter().map(|scenario| model.with_scenario(&scenario.name).expect("a scenario"));
        for version in scenarios.chain([model.clone()]) {
            let place = format!("{} {:?}", path.display(), version.scenario());
            assert!(sim::check(&version).iter().all(Vec::is_empty), "{place}: {:?}", sim::check(&version));
            for metric in run(&version, 20_000) {
                assert_eq!(metric.problems, [], "{place}: {}", metric.name);
                let summary = metric.summary.unwrap_or_else(|| panic!("{place}: {} has no figures", metric.name));
                assert!(summary.mean.is_some_and(f64::is_finite), "{place}: {}", metric.name);
            }
        }
    }
}

/// Measured response times of memcached, as the model holds them.
const MEMCACHED: [f64; 40] = [
    119958.0, 6066.0, 13914.0, 9595.0, 6773.0, 5867.0, 2347.0, 1333.0, 9900.0, 9404.0, 13518.0, 9021.0, 7915.0, 3733.0,
    10244.0, 5461.0, 12243.0, 7931.0, 9044.0, 11706.0, 5706.0, 22861.0, 9022.0, 48661.0, 15158.0, 28995.0, 16885.0,
    9564.0, 17915.0, 6610.0, 7080.0, 7065.0, 12992.0, 35431.0, 11910.0, 11465.0, 14455.0, 25790.0, 8339.0, 9991.0,
];

/// Share of requests that memcached answers: `randomInt(0, 100) > 40` holds for 41 to 99.
const HIT: f64 = 59.0 / 100.0;

/// Distribution function of the response time, put together from its parts by hand.
fn exact_cdf(x: f64) -> f64 {
    let x = x - 100.0;
    let cpu = erfc((2500.0 - x) / (1500.0 / 1.645) / std::f64::consts::SQRT_2) / 2.0;
    let measured = MEMCACHED.iter().filter(|&&value| value <= x).count() as f64 / MEMCACHED.len() as f64;
    HIT * measured + (1.0 - HIT) * cpu
}

/// Smallest value at which the distribution function reaches `q`, by bisection.
fn exact_quantile(q: f64) -> f64 {
    let (mut low, mut high) = (-1e6, 1e6);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if exact_cdf(middle) >= q { high = middle } else { low = middle }
    }
    high
}

/// Three standard errors or three half widths: for four figures at the level 0.003 each, and the seed is fixed.
const WIDTHS_MAX: f64 = 3.0;

#[test]
fn figures_of_the_memcached_example_are_those_of_its_exact_distribution() {
    let model = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/memcached.json"));
    let response = run(&model, 1_000_000).into_iter().find(|metric| metric.id == "AE").expect("the response");
    let summary = response.summary.expect("figures");
    let mean = 100.0 + HIT * MEMCACHED.iter().sum::<f64>() / 40.0 + (1.0 - HIT) * 2500.0;
    let (found, error) = (summary.mean.expect("a mean"), summary.mean_standard_error.expect("an error"));
    assert!((found - mean).abs() <= WIDTHS_MAX * error, "mean {found} +- {error}, exactly {mean}");
    for estimate in summary.quantiles {
        let exact = exact_quantile(estimate.q);
        let value = estimate.value.expect("a quantile");
        let (low, high) = (estimate.low.expect("an interval"), estimate.high.expect("an interval"));
        // What the recorder's cells add, a relative 5e-4, comes on top of the interval.
        let slack = 5e-4 * exact;
        let is_inside = low - slack <= exact && exact <= high + slack;
        assert!(is_inside, "quantile {}: {value} in [{low}, {high}], exactly {exact}", estimate.q);
    }
}
