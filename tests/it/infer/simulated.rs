//! Inferred models run by the engine: what they predict against what was measured, and that every one of them checks.

use tailcast::infer::architecture::{self, ArchitectureOptions};
use tailcast::infer::traces::{TraceOptions, read};
use tailcast::infer::verify::compare;
use tailcast::model::{self, Model, NoData, Options};
use tailcast::sim::{MetricOutcome, NoWatch, Outcome, RunOptions, run};

use super::bytes;

/// A model from its text, without problems or warnings.
fn checked(toml: &str) -> Model {
    let model = model::read(toml.as_bytes(), None, &NoData, Options::default())
        .unwrap_or_else(|error| panic!("{error}\n{toml}"));
    assert_eq!(model.warnings(), []);
    for metric in model.metrics() {
        assert_eq!(metric.problems, [], "{}", metric.name);
        assert_eq!(metric.warnings, [], "{}", metric.name);
    }
    model
}

fn simulate(model: &Model, samples: u64) -> Outcome {
    run(model, &RunOptions { samples, ..RunOptions::default() }, &NoWatch).unwrap()
}

fn metric<'a>(outcome: &'a Outcome, key: &str) -> &'a MetricOutcome {
    let found = outcome.metrics.iter().find(|metric| metric.name == key || metric.id == key);
    found.unwrap_or_else(|| panic!("no metric {key}"))
}

/// Standard error of a quantile of 200,000 samples is below 0.5 % here; the tolerances are the ones users were promised.
#[test]
fn predictions_of_the_engine_match_what_was_measured() {
    for name in ["cassandra", "storage", "lamp"] {
        let inferred = read(&*bytes(&format!("infer/{name}_flow.json.gz")), &TraceOptions::default()).unwrap();
        let outcome = simulate(&checked(&inferred.toml), 200_000);
        let endpoint = &inferred.endpoints[0];
        let response = metric(&outcome, &endpoint.metric);
        let mean = response.summary.as_ref().unwrap().mean.unwrap();
        assert!((mean / endpoint.measured_mean.unwrap() - 1.0).abs() < 0.01, "{name}: {mean}");
        let measured = endpoint.measured.as_ref().unwrap();
        let verification = compare(measured, response.recording.as_ref().unwrap(), &[0.5, 0.95, 0.99]);
        for pair in &verification.quantiles {
            assert!(pair.relative_error().unwrap().abs() < 0.05, "{name}: {pair:?}");
        }
        // 1.36 / sqrt(200,000) is 0.003, the 5 % point of the distance between equal distributions.
        assert!(verification.ks.unwrap() < 0.006, "{name}: {:?}", verification.ks);
    }
}

#[test]
fn the_share_of_a_branch_can_be_set() {
    let inferred = read(&*bytes("infer/lamp_flow.json.gz"), &TraceOptions::default()).unwrap();
    let model = checked(&inferred.toml);
    let set = |percent: f64| {
        let changed = model.with_overrides(&[("memcache_share", &percent.to_string())]).unwrap();
        let outcome = simulate(&changed, 50_000);
        metric(&outcome, "response").summary.as_ref().unwrap().mean.unwrap()
    };
    // Means measured of the two outcomes: 147.5 and 99.8.
    assert!((set(0.0) - 147.5).abs() < 8.0 && (set(100.0) - 99.8).abs() < 5.0);
}

#[test]
fn models_of_architectures_check_and_run() {
    let files = [
        "lamp_arch.json",
        "riak_arch.json",
        "netflixoss_arch.json",
        "yogi_arch.json",
        "storage_arch.json",
        "cassandra_arch.json",
        "storagecustom_arch.json",
        "compose_v1.yml",
        "compose_v2.yml",
    ];
    for file in files {
        for regions in [1, 2] {
            let options = ArchitectureOptions { regions, ..ArchitectureOptions::default() };
            let inferred = architecture::read(&bytes(&format!("infer/{file}")), &options).unwrap();
            let outcome = simulate(&checked(&inferred.toml), 10_000);
            for endpoint in &inferred.endpoints {
                let summary = metric(&outcome, &endpoint.metric).summary.clone().unwrap();
                assert_eq!(summary.non_finite, 0, "{file}");
                let mean = summary.mean.unwrap();
                assert!((1e5..1e9).contains(&mean), "{file}: {} takes {mean} ns", endpoint.name);
            }
        }
    }
}
