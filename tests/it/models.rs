//! Every model that is shipped is checked and run.

use std::fs;
use std::path::{Path, PathBuf};

use tailcast::import::FileData;
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
