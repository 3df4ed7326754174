//! Inferred models run by the engine: what they predict against what was measured, and that every one of them checks.

use tailcast::dist::Empirical;
use tailcast::infer::architecture::{self, ArchitectureOptions};
use tailcast::infer::traces::{TraceOptions, read};
use tailcast::infer::verify::compare;
use tailcast::model::{self, Model, NoData, Options};
use tailcast::rng::{BlockRng, StreamKey};
use tailcast::sim::{MetricOutcome, NoWatch, Outcome, RunOptions, run};

use super::bytes;
use super::spans::{Call, Format, write};

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

/// Requests of three hops whose times rise and fall together with the load that the request met, seven in ten of them
/// answered by the cache, so that they go without the third.
fn loaded_requests(count: u64) -> Vec<Call> {
    let mut random = BlockRng::new(&StreamKey::new(7, 0, 0), 0);
    let mut exponential = move || -(1.0 - (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64).ln();
    (0..count)
        .map(|number| {
            let load = (0.8 * (exponential() - 1.0)).exp();
            let mut time = |mean: f64| 20 + (mean * load * (0.8 + 0.2 * exponential())) as i64;
            let (work, cache, mysql) = (time(100.0), time(150.0), time(900.0));
            let parts = [("cache", cache), ("mysql", mysql)];
            let parts = if number % 10 < 7 { &parts[..1] } else { &parts[..] };
            Call::serial("client", "web", 1_000_000 * number as i64, 5, work, parts)
        })
        .collect()
}

/// Distance between what a model of the requests of one half predicts and the response times of the other half.
fn held_out_distance(requests: &[Call], options: &TraceOptions) -> f64 {
    let (mut learned, mut held_out) = (Vec::new(), Vec::new());
    for (at, request) in requests.iter().enumerate() {
        // In pairs, so that both halves hold whole tens.
        if at / 10 % 2 == 0 { learned.push(request.clone()) } else { held_out.push(request.response() as f64) }
    }
    let inferred = read(write(&learned, Format::ZipkinV2).as_bytes(), options).unwrap();
    let outcome = simulate(&checked(&inferred.toml), 200_000);
    let response = metric(&outcome, &inferred.endpoints[0].metric);
    compare(&Empirical::Values(held_out.into()), response.recording.as_ref().unwrap(), &[]).ks.unwrap()
}

/// Two samples of 4000 of one distribution lie further apart than 2.23 sqrt(2 / 4000) = 0.0499 once in 10,000 times.
#[test]
fn half_of_the_requests_predict_the_other_half() {
    let requests = loaded_requests(8000);
    let whole = TraceOptions { row_count_max: 4000, ..TraceOptions::default() };
    let distance = held_out_distance(&requests, &whole);
    assert!(distance < 0.0499, "{distance}");
    // Hops drawn independently miss: their sum does not spread as far.
    let distance = held_out_distance(&requests, &TraceOptions { independent: true, ..whole });
    assert!(distance > 0.0499, "{distance}");
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
