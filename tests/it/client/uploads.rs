//! Models made ready for the server: every shipped model and every real file, there and back again.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tailcast::client::{Severity, Upload, UploadOptions, is_known_to_guesstimate};
use tailcast::formula::{Node, Tree};
use tailcast::model::{self, Input, Model, NoData, Options};
use tailcast::sim;

use super::client;
use super::people::token_of;
use super::server::TestServer;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The models in a folder, sorted; at least so many.
fn models(folder: &str, at_least: usize) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(project().join(folder)).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| {
        path.extension().is_some_and(|ending| ["json", "toml", "guess"].iter().any(|known| ending == *known))
    });
    files.sort();
    assert!(files.len() >= at_least, "{folder}: {}", files.len());
    files
}

fn read(path: &Path) -> Model {
    model::read_file(path, &NoData, Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn model(text: &str) -> Model {
    model::read(text.as_bytes(), None, &NoData, Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn upload(model: &Model, flatten: bool) -> Upload {
    Upload::new(model, UploadOptions { flatten }).expect("an upload")
}

/// Codes of the findings that stop a model.
fn stops(upload: &Upload) -> Vec<&'static str> {
    let grave = upload.findings.iter().filter(|finding| finding.severity > Severity::Note);
    grave.map(|finding| finding.code).collect()
}

/// Whether a model names files of measured data, which are not at hand here.
fn needs_data(model: &Model) -> bool {
    model.metrics().iter().flat_map(|metric| &metric.problems).any(|problem| problem.code == "data-not-allowed")
}

#[test]
fn push_pull_and_push_again_is_the_identity() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    for path in models("models", 4).into_iter().chain(models("tests/fixtures/guess", 10)) {
        let model = read(&path);
        if needs_data(&model) {
            continue;
        }
        let first = upload(&model, true);
        let space = ada.create(&first.draft()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let pulled = ada.space(space.id(), None).expect("a space");
        let json = pulled.to_wire().expect("a model").to_json();
        let again = upload(&self::model(&json), true);
        assert_eq!(again.draft(), first.draft(), "{}", path.display());
        // Through the form for people as well.
        let toml = self::model(&json).to_toml().output;
        let graph = upload(&self::model(&toml), true).graph;
        assert_eq!(graph["metrics"], first.graph["metrics"], "{}", path.display());
        let ids = |graph: &Value| graph["guesstimates"].as_array().map_or(0, Vec::len);
        assert_eq!(ids(&graph), ids(&first.graph), "{}", path.display());
    }
}

#[test]
fn every_real_file_is_pushed_or_refused_with_a_reason() {
    let mut refused = Vec::new();
    for path in models("tests/fixtures/guess", 10) {
        let upload = upload(&read(&path), false);
        if !upload.is_accepted(false) {
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            refused.push((name, stops(&upload)));
        }
    }
    assert_eq!(refused, [("empty-2016.guess".to_owned(), vec!["no-metrics"])]);
}

fn called<'a>(tree: &'a Tree, names: &mut Vec<&'a str>) {
    if let Node::Call(callee, _) = &tree.node
        && let Node::Name(name) = &callee.node
    {
        names.push(name);
    }
    tree.for_each_child(|child| called(child, names));
}

/// The expressions that the real engine accepted.
fn accepted_expressions() -> Vec<String> {
    let mut texts = Vec::new();
    for (file, key, status) in [("expr.json", "/inputs/expression", "value"), ("dist.json", "/inputs/text", "ok")] {
        let text = std::fs::read_to_string(project().join("tests/fixtures/conformance").join(file)).expect("vectors");
        let vectors: Value = serde_json::from_str(&text).expect("JSON");
        let cases = vectors["cases"].as_array().expect("cases");
        let accepted = cases.iter().filter(|case| case["expected"]["status"] == status);
        texts.extend(accepted.filter_map(|case| case.pointer(key)?.as_str()).map(str::to_owned));
    }
    assert!(texts.len() > 500, "{}", texts.len());
    texts
}

#[test]
fn what_is_pushed_evaluates_in_guesstimates_own_reading_and_uses_only_what_the_real_engine_accepts() {
    let accepted = accepted_expressions();
    for path in models("models", 4) {
        let model = read(&path);
        if needs_data(&model) {
            continue;
        }
        let graph = upload(&model, true).graph.to_string();
        let theirs = model::read(graph.as_bytes(), None, &NoData, Options { compat: true }).expect("a model");
        assert!(sim::check(&theirs).iter().all(Vec::is_empty), "{}: {:?}", path.display(), sim::check(&theirs));
        for metric in theirs.metrics() {
            let Some(checked) = metric.formula() else { continue };
            let mut names = Vec::new();
            called(&checked.tree, &mut names);
            for name in names {
                let call = format!("{name}(");
                assert!(is_known_to_guesstimate(name), "{name}");
                assert!(accepted.iter().any(|text| text.contains(&call)), "{}: {name}", path.display());
            }
        }
    }
}

#[test]
fn a_sheet_reads_from_left_to_right() {
    let upload = upload(&model("[metrics]\ntotal = '=a + b'\na = '5 to 10'\nb = '=a * 2'\n"), false);
    let column = |index: usize| upload.graph["metrics"][index]["location"]["column"].as_i64();
    assert!(column(1) < column(2) && column(2) < column(0));
    assert_eq!(upload.graph["guesstimates"][0]["expression"], "=${metric:a} + ${metric:b}");
    assert_eq!(upload.graph["metrics"][0]["readableId"], "AA");
}

#[test]
fn what_the_server_would_store_and_guesstimate_not_understand_is_refused() {
    let graph = |metrics: &str, guesstimates: &str| {
        model(&format!(
            r#"{{"space":{{"name":"n","graph":{{"metrics":[{metrics}],"guesstimates":[{guesstimates}]}}}}}}"#
        ))
    };
    let (a, b) = (r#"{"id":"A","readableId":"AA","name":"a"}"#, r#"{"id":"B","readableId":"AB","name":"b"}"#);
    let cases = [
        (format!("{a},{a}"), r#"{"metric":"A","expression":"5"}"#.to_owned(), "duplicate-id", false),
        (a.to_owned(), r#"{"metric":"A","expression":"=${metric:Z}"}"#.to_owned(), "missing-input", true),
        (
            format!("{a},{b}"),
            r#"{"metric":"A","expression":"=${metric:B}"},{"metric":"B","expression":"=${metric:A}"}"#.to_owned(),
            "cycle",
            true,
        ),
        (a.to_owned(), r#"{"metric":"A","expression":"5","guesstimateType":"MAGIC"}"#.to_owned(), "unknown-type", true),
        (a.to_owned(), r#"{"metric":"A","expression":"=1 +"}"#.to_owned(), "unexpected-end", true),
        (a.to_owned(), r#"{"metric":"B","expression":"5"}"#.to_owned(), "guesstimate-without-metric", true),
        (r#"{"id":"A}"}"#.to_owned(), r#"{"metric":"A}","expression":"5"}"#.to_owned(), "unusable-id", false),
    ];
    for (metrics, guesstimates, code, is_forceable) in cases {
        let upload = upload(&graph(&metrics, &guesstimates), false);
        assert!(!upload.is_accepted(false), "{code}");
        assert_eq!(upload.is_accepted(true), is_forceable, "{code}");
        assert!(code == "unexpected-end" || stops(&upload).contains(&code), "{code}: {:?}", stops(&upload));
        assert!(upload.findings.iter().all(|finding| !finding.message.is_empty()));
    }
}

#[test]
fn formulas_that_guesstimate_reads_otherwise_are_refused_or_flattened() {
    // Read as a modulus there; and truth is no number there.
    for formula in ["=a * 10% + 1", "=a > 5"] {
        let model = model(&format!("[metrics]\na = '5 to 10'\nb = '{formula}'\nc = '=b * 2'\n"));
        let plain = upload(&model, false);
        assert_eq!(stops(&plain), ["not-guesstimate"], "{formula}: {:?}", plain.findings);
        assert_eq!(plain.findings.iter().filter_map(|finding| finding.metric.as_deref()).collect::<Vec<_>>(), ["`b`"]);
        let flat = upload(&model, true);
        assert!(flat.is_accepted(false), "{formula}: {:?}", flat.findings);
        let guesstimate = &flat.graph["guesstimates"][1];
        assert_eq!(guesstimate["guesstimateType"], "DATA");
        let values: Vec<f64> =
            guesstimate["data"].as_array().expect("values").iter().filter_map(Value::as_f64).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let outcome = sim::run(&model, &sim::RunOptions::default(), &sim::NoWatch).expect("a run");
        let expected = outcome.metrics[1].summary.as_ref().and_then(|summary| summary.mean).expect("a mean");
        // The run behind the values has 500 000 samples: 6 standard errors are below 1 %.
        assert!((mean / expected - 1.0).abs() < 0.01, "{formula}: {mean} {expected}");
        assert_eq!(flat.graph["guesstimates"][2]["expression"], "=${metric:b} * 2");
    }
}

#[test]
fn histograms_become_representative_samples_in_random_order() {
    let text = "[metrics.h]\nhistogram = [[0, 10, 70000], [10, 20, 30000]]\n[metrics.g]\nhistogram = [[0, 10, 70000], [10, 20, 30000]]\n";
    let upload = upload(&model(text), false);
    assert!(upload.is_accepted(false));
    assert!(upload.findings.iter().any(|finding| finding.code == "sampled"));
    let values = |index: usize| -> Vec<f64> {
        let data = upload.graph["guesstimates"][index]["data"].as_array().expect("values");
        data.iter().filter_map(Value::as_f64).collect()
    };
    let (h, g) = (values(0), values(1));
    assert!(h.len() <= 10_000);
    let low = h.iter().filter(|value| **value < 10.0).count() as f64 / h.len() as f64;
    assert!((low - 0.7).abs() < 1e-3, "{low}");
    // In step, as Guesstimate reads them, they are as independent as they were: both low in 49 % of the rows, within
    // 5 standard errors; one comparison.
    let both = h.iter().zip(&g).filter(|(h, g)| **h < 10.0 && **g < 10.0).count() as f64 / h.len() as f64;
    assert!((both - 0.49).abs() < 5.0 * (0.49 * 0.51 / h.len() as f64).sqrt(), "{both}");
}

#[test]
fn long_lists_are_refused_thinned_or_forced() {
    let list = |count: usize| (0..count).map(|value| value.to_string()).collect::<Vec<_>>().join(",");
    let long = model(&format!("[metrics.x]\ndata = [{}]\n", list(10_001)));
    let plain = upload(&long, false);
    assert_eq!((stops(&plain), plain.is_accepted(true)), (vec!["too-many-values"], true));
    let thin = upload(&long, true);
    assert!(thin.is_accepted(false));
    assert_eq!(thin.graph["guesstimates"][0]["data"].as_array().map(Vec::len), Some(5_000));
    let allowed = upload(&model(&format!("[metrics.x]\ndata = [{}]\n", list(10_000))), false);
    assert!(allowed.is_accepted(false));
    assert!(allowed.findings.iter().any(|finding| finding.code == "values-unused"));
}

#[test]
fn correlations_are_refused_unless_forced_and_other_losses_are_noted() {
    let text = "unit = 'ms'\nslos = ['p99(a) <= 5ms']\n[metrics]\na = '1 to 2'\nb = '3 to 4'\n[correlations]\n'a,b' = 0.5\n[scenarios.x]\na = 3\n";
    let upload = upload(&model(text), false);
    assert_eq!((stops(&upload), upload.is_accepted(true)), (vec!["correlations-lost"], true));
    let note = upload.findings.iter().find(|finding| finding.code == "not-in-wire-form").expect("a note");
    assert!(note.message.contains("scenarios"), "{}", note.message);
}

#[test]
fn lists_that_guesstimate_reads_in_step_are_noted() {
    let codes = |paired: &str| {
        let text = format!("{paired}\n[metrics]\na = {{ data = [1, 2, 3] }}\nb = {{ data = [4, 5, 6] }}\n");
        let upload = upload(&model(&text), false);
        upload.findings.iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert!(codes("").contains(&"lists-in-step"));
    assert!(!codes("paired = [['a', 'b']]").contains(&"lists-in-step"));
}

#[test]
fn older_inputs_are_sent_as_expressions() {
    let upload = upload(&read(&project().join("models/memcached.json")), false);
    assert_eq!(
        upload.graph["guesstimates"][3]["expression"],
        "=100+((randomInt(0,100)>${metric:AC})?${metric:AB}:${metric:AD})"
    );
    assert!(
        upload.graph["guesstimates"]
            .as_array()
            .is_some_and(|list| list.iter().all(|entry| entry.get("input").is_none()))
    );
    assert!(matches!(read(&project().join("models/memcached.json")).metrics()[0].input, Input::Data(_)));
    assert_eq!(upload.graph["guesstimates"][0]["data"][0].to_string(), "119958");
}

#[test]
fn a_model_keeps_which_space_it_belongs_to_through_both_forms() {
    let table = "[guesstimate]\nid = 7\nupdated_at = \"2016-01-02T03:04:05.678Z\"\nurl = \"https://x.org/models/7\"\n";
    let model = model(&format!("{table}[metrics]\na = 1\n"));
    let link = model.space_link().expect("a link").clone();
    assert_eq!((link.id, link.updated_at.as_deref()), (7, Some("2016-01-02T03:04:05.678Z")));
    assert!(model.to_toml().output.ends_with(table));
    let json = model.to_wire().output.to_json();
    let again = self::model(&json).space_link().expect("a link").clone();
    assert_eq!((again.id, again.updated_at), (link.id, link.updated_at));
    for (text, message) in [
        ("guesstimate = 7", "expected a table"),
        ("[guesstimate]\nurl = 'x'", "expected `id`, the number of the space"),
        ("[guesstimate]\nid = -7", "expected the number of a space"),
        ("[guesstimate]\nid = 7\nuptaded_at = ''", "found `uptaded_at`"),
    ] {
        let text = format!("{text}\n[metrics]\na = 1\n");
        let error = model::read(text.as_bytes(), None, &NoData, Options::default()).expect_err("a fault");
        assert!(error.to_string().contains(message), "{error}");
    }
}
