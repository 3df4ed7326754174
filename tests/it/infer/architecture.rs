//! Architectures into models.

use tailcast::dist::Empirical;
use tailcast::infer::architecture::{ArchitectureOptions, Meaning, Package, ServiceLatency, read};
use tailcast::infer::{InferError, InferredModel};
use tailcast::units::Unit;

use super::resampler::Resampler;
use super::{bytes, fixture};

fn infer(name: &str, options: &ArchitectureOptions<'_>) -> InferredModel {
    read(&bytes(name), options).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn weight(model: &InferredModel, caller: &str, callee: &str) -> f64 {
    let found = model.report.edges.iter().find(|edge| edge.caller.as_deref() == Some(caller) && edge.callee == callee);
    found.unwrap_or_else(|| panic!("no call {caller} > {callee}")).calls_per_request
}

fn share(model: &InferredModel, metric: &str) -> f64 {
    let found = model.report.shares.iter().find(|share| share.metric == metric);
    found.unwrap_or_else(|| panic!("no share {metric}")).percent
}

fn input(model: &InferredModel, metric: &str) -> String {
    let table: toml::Table = model.toml.parse().unwrap();
    table["metrics"][metric]["input"].as_str().unwrap().to_owned()
}

fn warning(model: &InferredModel, code: &str) -> String {
    let found = model.warnings.iter().find(|warning| warning.code == code);
    found.unwrap_or_else(|| panic!("no warning {code}")).message.clone()
}

/// Weights measured of 4000 reads each have a standard error of at most 0.008; the tolerance is three of them.
#[test]
fn routing_weights_are_the_ones_measured() {
    let known = [
        ("lamp", "webserver", "memcache", 0.342),
        ("lamp", "webserver", "rds-mysql", 0.658),
        ("yogi", "dmz", "zookeeper", 0.743),
        ("yogi", "int-dmz-elb", "boobo", 0.497),
        ("yogi", "yogi", "cass", 0.688),
        ("netflixoss", "wwwproxy", "homepage", 0.556),
    ];
    for (architecture, caller, callee, measured) in known {
        let model = infer(&format!("infer/{architecture}_arch.json"), &ArchitectureOptions::default());
        assert!((weight(&model, caller, callee) - measured).abs() < 0.024, "{architecture} {caller} > {callee}");
    }
    let cassandra = infer("infer/netflixoss_arch.json", &ArchitectureOptions::default());
    assert!((share(&cassandra, "cassSubscriber_forwarded") - 49.7).abs() < 2.4);
}

#[test]
fn riak_answers_at_three_endpoints_in_one_region_and_in_two() {
    let one = infer("infer/riak_arch.json", &ArchitectureOptions::default());
    let endpoints: Vec<&str> = one.endpoints.iter().map(|endpoint| &*endpoint.metric).collect();
    assert_eq!(endpoints, ["stream_api", "iot_api", "analytics_api"]);
    assert_eq!(input(&one, "stream_api"), "= stream_elb");
    assert_eq!(input(&one, "stream_elb"), "= stream_elb_self + stream");
    assert_eq!(input(&one, "ingester"), "= ingester_self + riakTS");
    assert_eq!(input(&one, "riakTS"), "= riakTS_self + (is_riakTS_forwarded ? riakTS_forward : 0)");
    // Six nodes in three zones are rings of two; three nodes are rings of one, which own every key.
    assert_eq!(share(&one, "riakTS_forwarded"), 50.0);
    assert_eq!(input(&one, "riakKV"), "1ms to 10ms");
    assert!(warning(&one, "assumed-latency").contains("stream-elb (elb)"));
    assert!(warning(&one, "ignored-dependency").contains("enricher never calls ingestMQ"));

    let two = infer("infer/riak_arch.json", &ArchitectureOptions { regions: 2, ..Default::default() });
    assert_eq!(share(&two, "riakTS_forwarded"), 50.0);
    assert_eq!(share(&two, "stream_api_remote"), 50.0);
    assert_eq!(input(&two, "stream_api"), "= stream_elb + (is_stream_api_remote ? region_distance : 0)");
    assert_eq!(input(&two, "region_distance"), "0");
    assert!(warning(&two, "region-distance").contains("not known"));
}

#[test]
fn every_service_is_a_metric() {
    for name in ["lamp", "riak", "netflixoss", "yogi", "storage", "cassandra"] {
        let text = bytes(&format!("infer/{name}_arch.json"));
        let architecture: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let model = infer(&format!("infer/{name}_arch.json"), &ArchitectureOptions::default());
        let table: toml::Table = model.toml.parse().unwrap();
        for service in architecture["services"].as_array().unwrap() {
            let key = service["name"].as_str().unwrap().replace('-', "_");
            assert!(table["metrics"].get(&key).is_some(), "{name}: {key}");
        }
    }
}

#[test]
fn storage_access_asks_in_turn_and_the_hit_rate_is_a_parameter() {
    let model = infer("infer/storage_arch.json", &ArchitectureOptions::default());
    assert_eq!(input(&model, "web"), "= web_self + memcache + (is_memcache_hit ? 0 : mysql)");
    assert_eq!(input(&model, "mysql"), "= mysql_self + disk");
    assert_eq!(share(&model, "memcache_hit"), 60.0);
    assert!(warning(&model, "assumed-hit-rate").contains("memcache_hit = 60"));
}

#[test]
fn guesstimates_in_the_file_are_used_where_they_are_switched_on() {
    let model = infer("infer/storagecustom_arch.json", &ArchitectureOptions::default());
    assert_eq!(input(&model, "memcache"), "20000 to 90000");
    assert_eq!(input(&model, "mysql_self"), "[1000000,8000000]");
    assert_eq!(input(&model, "disk"), "5000000");
    assert_eq!(
        warning(&model, "assumed-latency"),
        "no times are known of web (staash); the defaults of their packages are assumed"
    );
}

#[test]
fn measured_times_given_beside_the_file_are_used_in_nanoseconds() {
    let lookup = |service: &str| -> Option<ServiceLatency> {
        let (values, meaning): (&[f64], Meaning) = match service {
            "rds-mysql" => (&[3.0], Meaning::Call),
            "memcache" => (&[1.0], Meaning::Delivery),
            "webserver" => (&[10.0], Meaning::Call),
            "webserver-elb" => (&[100.0], Meaning::Call),
            _ => return None,
        };
        Some(ServiceLatency { data: Empirical::Values(values.into()), unit: Some(Unit::parse("us")), meaning })
    };
    let model = infer("infer/lamp_arch.json", &ArchitectureOptions { latency: Some(&lookup), ..Default::default() });
    assert_eq!(model.warnings, []);
    let drawn = Resampler::new(&model.toml, &[]).draw("www", 30_000);
    assert_eq!((drawn[0], drawn[29_999]), (112_000.0, 113_000.0));
    let hits = drawn.iter().filter(|&&value| value == 112_000.0).count() as f64 / 30_000.0;
    assert!((hits - 1.0 / 3.0).abs() < 0.015, "{hits}");
    let set = Resampler::new(&model.toml, &[("memcache_share", 100.0)]).draw("www", 100);
    assert!(set.iter().all(|&value| value == 112_000.0));
}

#[test]
fn a_zone_without_an_instance_drops_requests_and_the_rest_is_weighted() {
    let text = br#"{"arch":"zones","services":[
        {"name":"store","package":"store","count":1,"regions":1},
        {"name":"api","package":"karyon","count":3,"regions":1,"dependencies":["store"]},
        {"name":"lb","package":"elb","regions":1,"dependencies":["api"]},
        {"name":"www","package":"denominator","dependencies":["lb"]}]}"#;
    let model = read(text, &ArchitectureOptions::default()).unwrap();
    assert!(warning(&model, "dropped-requests").starts_with("66.7 % of the requests of www"));
    let blind = br#"{"arch":"blind","services":[
        {"name":"lb","package":"elb","regions":1},
        {"name":"api","package":"karyon","count":3,"regions":1,"dependencies":["lb"]},
        {"name":"www","package":"denominator","dependencies":["api"]}]}"#;
    let error = read(blind, &ArchitectureOptions::default()).unwrap_err();
    assert!(matches!(error, InferError::NoEndpoint { .. }));
    assert_eq!(error.help().as_deref(), Some("api sees no instance of lb"));
}

#[test]
fn a_root_can_be_chosen_and_calls_in_a_circle_are_cut() {
    let text = br#"{"arch":"circle","services":[
        {"name":"a-service","package":"monolith","count":1,"regions":1,"dependencies":["b-service"]},
        {"name":"b-service","package":"monolith","count":1,"regions":1,"dependencies":["a-service"]}]}"#;
    let model = read(text, &ArchitectureOptions { root: Some("a-service"), ..Default::default() }).unwrap();
    assert_eq!(model.endpoints[0].metric, "a_service");
    assert_eq!(
        warning(&model, "circular-calls"),
        "the call from b-service to a-service closes a circle and is left out"
    );
    let error = read(text, &ArchitectureOptions { root: Some("A"), ..Default::default() }).unwrap_err();
    assert_eq!(error.to_string(), "expected a root that is a service, found `A`");
    assert_eq!(error.help().as_deref(), Some("did you mean `a-service`?"));
}

#[test]
fn compose_files_of_both_versions_become_architectures() {
    let model = infer("infer/compose_v2.yml", &ArchitectureOptions::default());
    let endpoints: Vec<&str> = model.endpoints.iter().map(|endpoint| &*endpoint.name).collect();
    assert_eq!(endpoints, ["www-result-app", "www-voting-app"]);
    assert_eq!(weight(&model, "db", "db-data"), 1.0);
    assert_eq!(weight(&model, "worker", "redis"), 0.5);
    let model = infer("infer/compose_v1.yml", &ArchitectureOptions::default());
    assert_eq!(weight(&model, "web", "db"), 1.0);
    assert_eq!(model.endpoints[0].name, "www-nginx");
}

#[test]
fn faulty_architectures_are_refused_with_every_fault() {
    let mut messages = Vec::new();
    let folder = fixture("errors/infer");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with("_arch.json"))
        .collect();
    names.sort();
    assert!(names.len() >= 4);
    for name in names {
        let error = read(&std::fs::read(folder.join(&name)).unwrap(), &ArchitectureOptions::default()).unwrap_err();
        messages.push(format!("{name}: {}", error.problem().message));
        messages.push(format!("  help: {}", error.help().unwrap_or_default()));
    }
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn hostile_architectures_neither_panic_nor_hang() {
    let long: Vec<String> = (0..5_000)
        .map(|at| {
            format!(
                r#"{{"name":"s{at}","package":"monolith","count":1000000,"regions":1000000,"dependencies":["s{}"]}}"#,
                at + 1
            )
        })
        .collect();
    let long = format!(r#"{{"arch":"long","services":[{},{{"name":"s5000","package":"store"}}]}}"#, long.join(","));
    let start = read(long.as_bytes(), &ArchitectureOptions::default());
    assert!(start.is_ok());
    let deep = format!("{}1", "{\"services\":".repeat(100_000));
    let bomb = "services:\n  a: &a [x,x,x,x]\n  b: &b [*a,*a,*a,*a]\n  c: {image: y}\n";
    for text in [&*deep, bomb, "services:\n", "services: [", "{", "\u{feff}{}", "web:\n\timage: x"] {
        let _ = read(text.as_bytes(), &ArchitectureOptions::default());
    }
}

#[test]
fn the_documented_defaults_are_the_ones_used() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/inference.md")).unwrap();
    for package in Package::NAMES.into_iter().filter(|package| *package != "denominator") {
        let architecture = format!(r#"{{"arch":"one","services":[{{"name":"only-one","package":"{package}"}}]}}"#);
        let model = read(architecture.as_bytes(), &ArchitectureOptions::default()).unwrap();
        let range = input(&model, "only_one").replace("us", " us").replace("ms", " ms");
        let row = text
            .lines()
            .find(|line| line.ends_with(&format!("| {range} |")))
            .unwrap_or_else(|| panic!("no row {range}"));
        assert!(row.split(['|', ',']).any(|name| name.trim() == package), "{package}: {row}");
    }
}
