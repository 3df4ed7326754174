//! Traces into models.

use tailcast::dist::Empirical;
use tailcast::infer::traces::{TraceOptions, read};
use tailcast::infer::{Edge, InferError, InferredModel};

use super::resampler::Resampler;
use super::spans::{Call, Format, write};
use super::{bytes, fixture};

/// Samples drawn of each model.
const SAMPLE_COUNT: usize = 100_000;

fn infer(name: &str) -> InferredModel {
    read(&*bytes(name), &TraceOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn edge<'a>(model: &'a InferredModel, caller: &str, callee: &str, forward: bool) -> &'a Edge {
    let found = model.report.edges.iter().find(|edge| {
        edge.caller.as_deref() == Some(caller) && edge.callee == callee && edge.forward == forward && !edge.one_way
    });
    found.unwrap_or_else(|| panic!("no edge {caller} > {callee}"))
}

fn quantile(sorted: &[f64], q: f64) -> f64 {
    sorted[((q * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len()) - 1]
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn measured(model: &InferredModel) -> Vec<f64> {
    match model.endpoints[0].measured.as_ref().unwrap() {
        Empirical::Values(values) => values.to_vec(),
        Empirical::Histogram(_) => panic!("expected values"),
    }
}

fn ks(left: &[f64], right: &[f64]) -> f64 {
    let below =
        |sorted: &[f64], value: f64| sorted.partition_point(|&other| other <= value) as f64 / sorted.len() as f64;
    left.iter().chain(right).map(|&value| (below(left, value) - below(right, value)).abs()).fold(0.0, f64::max)
}

/// Warnings that a model carries, by code.
fn codes(model: &InferredModel) -> Vec<&'static str> {
    model.warnings.iter().map(|warning| warning.code).collect()
}

#[test]
fn cassandra_has_the_figures_known_of_it() {
    let model = infer("infer/cassandra_flow.json.gz");
    assert_eq!((model.report.spans, model.report.requests, model.report.answered), (6366, 686, 628));
    let close = |figure: Option<f64>, known: f64| assert!((figure.unwrap() - known).abs() < 0.05, "{figure:?} {known}");
    close(model.endpoints[0].measured_mean, 338.0);
    for (caller, callee, response, service) in [
        ("www", "www-elb", 338.0, 262.9),
        ("www-elb", "proxy", 197.9, 174.0),
        ("proxy", "app", 141.4, 122.6),
        ("app", "restdata", 94.4, 77.7),
        ("restdata", "cassandra", 34.0, 15.7),
    ] {
        let times = edge(&model, caller, callee, false).direct;
        close(times.response_mean, response);
        close(times.service_mean, service);
        assert!((times.network_mean.unwrap() - (response - service)).abs() < 0.1);
    }
    let cassandra = edge(&model, "restdata", "cassandra", false);
    assert_eq!((cassandra.direct.count, cassandra.forwarded.count, cassandra.lost), (342, 318, 26));
    close(cassandra.forwarded.response_mean, 57.35);
    let hop = edge(&model, "cassandra", "cassandra", true);
    close(hop.direct.response_mean, 29.9);
    close(hop.direct.service_mean, 14.6);
    assert_eq!(model.report.shares[0].metric, "cassandra_forwarded");
    assert!((model.report.shares[0].percent - 100.0 * 304.0 / 628.0).abs() < 1e-9);
}

/// Standard error of a quantile of 100,000 samples is below 0.5 % here, that of the mean below 0.2 %; the tolerances are
/// the ones users were promised.
#[test]
fn the_model_predicts_the_response_times_it_was_inferred_from() {
    for name in ["cassandra", "storage", "lamp"] {
        let model = infer(&format!("infer/{name}_flow.json.gz"));
        let drawn = Resampler::new(&model.toml, &[]).draw(&model.endpoints[0].metric, SAMPLE_COUNT);
        let measured = measured(&model);
        assert!((mean(&drawn) / mean(&measured) - 1.0).abs() < 0.01, "{name}: mean {}", mean(&drawn));
        for q in [0.5, 0.95, 0.99] {
            let (predicted, measured) = (quantile(&drawn, q), quantile(&measured, q));
            assert!((predicted / measured - 1.0).abs() < 0.05, "{name}: {q} {predicted} {measured}");
        }
        // 1.36 / sqrt(100,000) is 0.0043, the 5 % point of the distance between two equal distributions.
        assert!(ks(&drawn, &measured) < 0.006, "{name}: {}", ks(&drawn, &measured));
    }
}

#[test]
fn hops_drawn_independently_miss_the_tail_that_whole_requests_have() {
    let options = TraceOptions { independent: true, ..TraceOptions::default() };
    let model = read(&*bytes("infer/cassandra_flow.json.gz"), &options).unwrap();
    assert!(!model.toml.contains("paired"));
    let drawn = Resampler::new(&model.toml, &[]).draw("response", SAMPLE_COUNT);
    let measured = measured(&model);
    let error = quantile(&drawn, 0.99) / quantile(&measured, 0.99) - 1.0;
    assert!((-0.13..-0.05).contains(&error), "{error}");
    assert!(model.report.correlations[0].coefficient > 0.3);
}

#[test]
fn setting_the_share_of_a_branch_moves_the_response() {
    let model = infer("infer/lamp_flow.json.gz");
    let share = &model.report.shares[0];
    assert_eq!(share.metric, "memcache_share");
    let mut means = Vec::new();
    for percent in [0.0, 100.0] {
        means.push(mean(&Resampler::new(&model.toml, &[("memcache_share", percent)]).draw("response", 20_000)));
    }
    // Means measured of the two outcomes: 147.5 and 99.8.
    assert!((means[0] - 147.5).abs() < 15.0 && (means[1] - 99.8).abs() < 10.0, "{means:?}");
}

#[test]
fn every_generation_of_spigo_flows_is_read() {
    for (name, requests, mean_us) in [
        ("infer/flow_2015_10_17.jsonl.gz", 25, 187.5546),
        ("infer/flow_2015_10_19.json.gz", 32, 182.8125),
        ("infer/flow_2015_10_20.json.gz", 36, 185.305_555_555_555_56),
    ] {
        let model = infer(name);
        assert_eq!(model.endpoints[0].requests, requests, "{name}");
        assert!((model.endpoints[0].measured_mean.unwrap() - mean_us).abs() < 1e-9, "{name}");
        assert_eq!(edge(&model, "webserver", "memcache", false).lost, 0);
    }
}

/// Requests of a cache with a store behind it: 3 of 4 hit.
fn cached_requests() -> Vec<Call> {
    (0..400_i64)
        .map(|number| {
            let parts: &[(&str, i64)] = if number % 4 == 0 {
                &[("cache", 20 + number % 7), ("mysql", 300 + number)]
            } else {
                &[("cache", 20 + number % 7)]
            };
            Call::serial("client", "web", 1_000_000 * (number + 1), 5, 10 + number % 3, parts)
        })
        .collect()
}

#[test]
fn every_format_tells_the_same_of_the_same_requests() {
    let requests = cached_requests();
    let mut texts = Vec::new();
    for format in Format::ALL {
        let text = write(&requests, format);
        let model =
            read(text.as_bytes(), &TraceOptions::default()).unwrap_or_else(|error| panic!("{format:?}: {error}"));
        assert_eq!(model.warnings, [], "{format:?}");
        assert_eq!((model.report.requests, model.report.answered), (400, 400), "{format:?}");
        let share = &model.report.shares[0];
        assert_eq!((share.metric.as_str(), share.percent), ("cache_hit", 75.0), "{format:?}");
        let expected = mean(&requests.iter().map(|call| call.response() as f64).collect::<Vec<_>>());
        assert!((model.endpoints[0].measured_mean.unwrap() - expected).abs() < 1e-9, "{format:?}");
        assert_eq!(edge(&model, "web", "cache", false).direct.network_mean, Some(2.0), "{format:?}");
        assert_eq!(edge(&model, "web", "mysql", false).calls, 100, "{format:?}");
        texts.push(model.toml.lines().filter(|line| !line.starts_with("description")).collect::<Vec<_>>().join("\n"));
    }
    for text in &texts[1..] {
        assert_eq!(text, &texts[0]);
    }
}

#[test]
fn the_model_does_not_depend_on_the_order_of_the_file() {
    let requests = cached_requests();
    let options = TraceOptions { row_count_max: 50, ..TraceOptions::default() };
    let forward = read(write(&requests, Format::ZipkinV2).as_bytes(), &options).unwrap();
    let text = write(&requests, Format::ZipkinV2);
    let mut spans: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    spans.reverse();
    let backward = read(serde_json::to_string(&spans).unwrap().as_bytes(), &options).unwrap();
    assert_eq!(forward.toml, backward.toml);
    assert_eq!(forward.report.outcomes[0].kept, 50);
    assert!(forward.toml.contains("of each outcome at most 50 requests are kept"));
    let other = read(text.as_bytes(), &TraceOptions { seed: 1, ..options }).unwrap();
    assert_ne!(forward.toml, other.toml);
}

/// Requests whose callee calls two others at once.
fn parallel_requests() -> Vec<Call> {
    (0..300_i64)
        .map(|number| {
            let sent = 1_000_000 * (number + 1);
            let mut call = Call::leaf("client", "web", sent, 5, 0);
            let left = Call::leaf("web", "left", call.received + 10, 1, 100 + (number * 37) % 211);
            let right = Call::leaf("web", "right", call.received + 12, 1, 100 + (number * 53) % 197);
            call.answered = left.returned.max(right.returned) + 8;
            call.returned = call.answered + 5;
            call.calls = vec![left, right];
            call
        })
        .collect()
}

#[test]
fn calls_side_by_side_stand_under_a_max_and_count_once() {
    let requests = parallel_requests();
    let model = read(write(&requests, Format::Otlp).as_bytes(), &TraceOptions::default()).unwrap();
    assert!(model.toml.contains("max(left, right_delay + right)"), "{}", model.toml);
    assert_eq!(edge(&model, "client", "web", false).direct.own_mean, Some(18.0));
    let drawn = Resampler::new(&model.toml, &[]).draw("response", 20_000);
    let mut measured: Vec<f64> = requests.iter().map(|call| call.response() as f64).collect();
    measured.sort_by(f64::total_cmp);
    assert!(ks(&drawn, &measured) < 0.015);
    // Halving one of two calls in parallel must help less than it saves on its own.
    let faster = Resampler::new(&model.toml, &[("left_self", 0.0)]).draw("response", 20_000);
    assert!(mean(&drawn) - mean(&faster) < 100.0 && mean(&drawn) > mean(&faster));
}

#[test]
fn retries_and_failed_calls_are_outcomes_of_their_own() {
    let requests: Vec<Call> = (0..100_i64)
        .map(|number| {
            let parts: &[(&str, i64)] =
                if number % 10 == 0 { &[("mysql", 50), ("mysql", 30)] } else { &[("mysql", 30)] };
            let mut call = Call::serial("client", "web", 1_000_000 * (number + 1), 5, 10, parts);
            if parts.len() == 2 {
                call.calls[0].failed = true;
            }
            call
        })
        .collect();
    let model = read(write(&requests, Format::ZipkinV2).as_bytes(), &TraceOptions::default()).unwrap();
    let mysql = edge(&model, "web", "mysql", false);
    assert_eq!((mysql.calls, mysql.failed, mysql.retries), (110, 10, 10));
    assert_eq!((model.report.shares[0].metric.as_str(), model.report.shares[0].percent), ("mysql_failed_share", 10.0));
}

#[test]
fn many_equal_calls_are_one_stretch_of_time() {
    let requests: Vec<Call> = (0..60_i64)
        .map(|number| {
            let parts = vec![("mysql", 30 + number); 4 + number as usize % 5];
            Call::serial("client", "web", 1_000_000 * (number + 1), 5, 10, &parts)
        })
        .collect();
    let model = read(write(&requests, Format::ZipkinV1).as_bytes(), &TraceOptions::default()).unwrap();
    assert_eq!(model.report.outcomes.len(), 1);
    assert!(model.toml.contains("= web_network + web_self + mysql_calls"));
    assert_eq!(edge(&model, "web", "mysql", false).calls_per_request, 6.0);
}

#[test]
fn rare_combinations_are_drawn_whole_and_said_so() {
    let mut requests = cached_requests();
    for (number, call) in requests.iter_mut().enumerate().take(3) {
        *call = Call::serial("client", "web", 1_000_000 * (number as i64 + 1), 5, 10, &[("auth", 9000)]);
    }
    let model = read(write(&requests, Format::ZipkinV2).as_bytes(), &TraceOptions::default()).unwrap();
    assert_eq!(codes(&model), ["rare-outcomes"]);
    assert!(model.toml.contains("= is_other_share ? other_response : "));
    let drawn = Resampler::new(&model.toml, &[]).draw("response", 50_000);
    let slow = drawn.iter().filter(|&&value| value > 5000.0).count() as f64 / 50_000.0;
    assert!((slow - 3.0 / 400.0).abs() < 0.002, "{slow}");
}

#[test]
fn endpoints_are_modelled_side_by_side_under_their_names() {
    let mut requests = cached_requests();
    for call in requests.iter_mut().step_by(5) {
        let (sent, way) = (call.sent, 3);
        *call = Call::leaf("mobile", "web", sent, way, 77);
    }
    let model = read(write(&requests, Format::ZipkinV1).as_bytes(), &TraceOptions::default()).unwrap();
    let names: Vec<(&str, &str, u64)> =
        model.endpoints.iter().map(|endpoint| (&*endpoint.name, &*endpoint.metric, endpoint.requests)).collect();
    assert_eq!(names, [("client", "client_response", 320), ("mobile", "mobile_response", 80)]);
    let drawn = Resampler::new(&model.toml, &[]).draw("mobile_response", 100);
    assert!(drawn.iter().all(|&value| value == 83.0));
}

#[test]
fn clocks_that_disagree_are_aligned_and_said_so() {
    let mut requests = cached_requests();
    for call in &mut requests {
        // The callee's clock is a second late; everything it and its calls tell is shifted.
        let late = 1_000_000;
        call.received += late;
        call.answered += late;
        for child in &mut call.calls {
            for time in [&mut child.sent, &mut child.received, &mut child.answered, &mut child.returned] {
                *time += late;
            }
        }
    }
    let model = read(write(&requests, Format::Otlp).as_bytes(), &TraceOptions::default()).unwrap();
    assert_eq!(codes(&model), ["clock-skew"]);
    assert_eq!(edge(&model, "client", "web", false).direct.network_mean, Some(10.0));
    assert_eq!(model.report.shares[0].metric, "cache_hit");
}

#[test]
fn damaged_files_yield_what_they_hold() {
    let text = write(&cached_requests(), Format::ZipkinV2);
    let cut = &text[..text.len() * 2 / 3];
    let model = read(cut.as_bytes(), &TraceOptions::default()).unwrap();
    assert!(codes(&model).contains(&"truncated-file"));
    assert!(model.report.answered > 200);
    let bad = text.replacen(r#""traceId":"1003""#, r#""nothing":"1003""#, 1);
    let model = read(bad.as_bytes(), &TraceOptions::default()).unwrap();
    let warning = model.warnings.iter().find(|warning| warning.code == "unreadable-spans").unwrap();
    assert!(warning.message.contains("expected a span with a `traceId`, found none"), "{}", warning.message);
}

#[test]
fn memory_for_open_traces_is_bounded_and_spans_that_come_late_are_counted() {
    let requests = cached_requests();
    let text = write(&requests, Format::ZipkinV2);
    let spans: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    // All roots first, then all else: with room for 10 spans no trace is whole.
    let (roots, rest): (Vec<_>, Vec<_>) = spans.into_iter().partition(|span| span.get("parentId").is_none());
    let text = serde_json::to_string(&[roots, rest].concat()).unwrap();
    let few = TraceOptions { open_span_count_max: 10, ..TraceOptions::default() };
    let model = read(text.as_bytes(), &few).unwrap();
    assert!(codes(&model).contains(&"stray-spans"));
    let model = read(text.as_bytes(), &TraceOptions::default()).unwrap();
    assert_eq!(codes(&model), [""; 0]);
}

#[test]
fn what_holds_no_response_times_is_refused_with_what_it_is() {
    let mut messages = Vec::new();
    let folder = fixture("errors/infer");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with("_arch.json"))
        .collect();
    names.sort();
    assert!(names.len() >= 6);
    for name in names {
        let error = read(&*std::fs::read(folder.join(&name)).unwrap(), &TraceOptions::default()).unwrap_err();
        messages.push(format!("{name}: {}", error.problem().message));
        messages.push(format!("  help: {}", error.help().unwrap_or_default()));
    }
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn hostile_files_neither_panic_nor_hang() {
    let deep = format!("{}{}", "[".repeat(100_000), "{\"traceId\":\"1\"");
    let chain: Vec<String> = (1..3000)
        .map(|id| {
            format!(
                r#"{{"traceId":"1","id":"{id:x}","parentId":"{:x}","kind":"SERVER","timestamp":{id},"duration":9000}}"#,
                id - 1
            )
        })
        .collect();
    let circle = r#"[{"traceId":"1","id":"1","parentId":"2","timestamp":1,"duration":1},
        {"traceId":"1","id":"2","parentId":"1","timestamp":1,"duration":1}]"#;
    let extremes = r#"[{"traceId":"1","id":"1","kind":"CLIENT","timestamp":9223372036854775,"duration":9223372036854775},
        {"traceId":"2","id":"1","timestamp":-9223372036854775,"duration":0,"localEndpoint":{"serviceName":""}},
        {"traceId":"2","id":"2","parentId":"1","kind":"SERVER","timestamp":9223372036854775,"duration":0}]"#;
    for text in [&*deep, &*format!("[{}]", chain.join(",")), circle, extremes, "", "[", "{}", "[{}]", "\u{0}", "[1,2"] {
        let options = TraceOptions { kind: Some(tailcast::infer::Kind::ZipkinV2), ..TraceOptions::default() };
        match read(text.as_bytes(), &options) {
            Ok(_) | Err(InferError::NoAnsweredRequest { .. } | InferError::Malformed { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
}
