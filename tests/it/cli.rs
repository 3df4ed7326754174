//! The command line as a user meets it: exit status, standard output and standard error, for each subcommand.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value as Json;

/// What a call of the binary did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The binary, in the project's folder, without anything in the environment that changes what it prints.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tailcast"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command.env_remove("NO_COLOR").env_remove("RUST_BACKTRACE").env("COLUMNS", "100");
    command
}

/// Runs a command to its end. No call may panic, whatever it is given.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    let status = output.status.code().expect("the binary ends by itself");
    let ran = Ran { status, stdout: text(output.stdout), stderr: text(output.stderr) };
    assert!(!ran.stderr.contains("panicked"), "{command:?}: {ran:?}");
    ran
}

/// Runs the binary with arguments.
pub(crate) fn tailcast(arguments: &[&str]) -> Ran {
    ran(command().args(arguments))
}

/// Runs the binary with arguments and standard input.
fn tailcast_given(arguments: &[&str], input: &[u8]) -> Ran {
    let output = assert_cmd::Command::from_std({
        let mut command = command();
        command.args(arguments);
        command
    })
    .write_stdin(input)
    .output()
    .expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    let status = output.status.code().expect("the binary ends by itself");
    Ran { status, stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn written(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a file");
    path
}

fn text_of(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[track_caller]
fn assert_follows_schema(document: &Json) {
    let schema = include_str!("../../docs/schema/run.json");
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).expect("JSON")).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}: {document}");
}

#[track_caller]
fn assert_trouble(ran: &Ran, words: &str) {
    assert_eq!(ran.status, 2, "{ran:?}");
    assert_eq!(ran.stdout, "", "{ran:?}");
    assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains(words), "{ran:?}");
}

#[test]
fn run_prints_a_table_on_standard_output_alone() {
    let ran = tailcast(&["run", "models/memcached.json", "--samples", "10k"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    for word in ["memcached", "staash", "p50", "p99.9", "10,000", "seed 1"] {
        assert!(ran.stdout.contains(word), "{word}: {}", ran.stdout);
    }
}

#[test]
fn run_prints_json_that_follows_its_schema() {
    for model in ["models/memcached.json", "models/storage.toml", "models/two-tiers.toml"] {
        let ran = tailcast(&["run", model, "--samples", "10k", "--format", "json"]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{model}");
        let document = ran.json();
        assert_follows_schema(&document);
        assert_eq!(document["samples"], 10_000);
        assert_eq!(document["seed"], 1);
    }
    assert_eq!(tailcast(&["run", "models/storage.toml", "-n", "1k", "-f", "json"]).json()["unit"], "ns");
}

#[test]
fn declared_correlations_stand_beside_those_of_the_samples() {
    let arguments = ["run", "models/checkout.toml", "-n", "20k"];
    let document = tailcast(&[&arguments[..], &["-f", "json"]].concat()).json();
    assert_follows_schema(&document);
    let found = &document["correlations"][0];
    let figure = |name: &str| found[name].as_f64().expect("a figure");
    assert_eq!(found["metrics"], serde_json::json!(["cart_store", "payment_once"]));
    assert_eq!((figure("requested"), figure("samples")), (0.4, 20_000.0));
    assert!((figure("possible") - 0.4).abs() < 1e-6);
    // A standard error of 0.0062; 5 of them.
    assert!((figure("achieved") - 0.4).abs() < 5.0 * figure("standard_error"), "{found}");
    assert!((figure("standard_error") - 0.0062).abs() < 0.0002, "{found}");
    for (format, line) in [("text", "cart_store, payment_once"), ("markdown", "| cart\\_store, payment\\_once | 0.4 |")]
    {
        let out = tailcast(&[&arguments[..], &["-f", format]].concat()).stdout;
        assert!(out.contains("rank correlations, of 20,000 samples") && out.contains(line), "{out}");
    }
    assert!(tailcast(&["run", "models/lamp.toml", "-n", "1k", "-f", "json"]).json().get("correlations").is_none());
}

#[test]
fn an_error_that_the_intervals_do_not_hold_is_a_warning() {
    let folder = folder();
    let toml = "[metrics]\ny = '=exponential(1) + exponential(1)'\nslow = '=fanout(1000, y)'\nexact = '=fanout(1000, gamma(2, 1))'";
    let model = written(folder.path(), "slow.toml", toml);
    let document = tailcast(&["run", text_of(&model), "-n", "1M", "-f", "json"]).json();
    let warnings = |metric: usize| document["metrics"][metric]["warnings"].as_array().expect("warnings").clone();
    assert_eq!((warnings(0).len(), warnings(2).len()), (0, 0));
    assert_eq!((warnings(1).len(), &warnings(1)[0]["code"]), (1, &Json::from("recorded-tail")));
    let out = tailcast(&["run", text_of(&model), "-n", "1M"]).stdout;
    assert!(out.contains("warning: slow: `fanout` of 1,000 copies rests on 4,194,304 recorded samples"), "{out}");
}

#[test]
fn quantiles_are_those_asked_for_in_their_order() {
    let arguments = ["run", "models/memcached.json", "-n", "5k", "-f", "json", "--quantiles", "p99.9,0.5,p1"];
    let document = tailcast(&arguments).json();
    let quantiles = document["metrics"][3]["quantiles"].as_array().expect("quantiles").iter();
    assert_eq!(quantiles.map(|q| q["q"].as_f64().expect("a number")).collect::<Vec<_>>(), [0.999, 0.5, 0.01]);
    for bad in ["p101", "1.5", "x", "-0.1", "NaN", ""] {
        let ran = tailcast(&["run", "models/memcached.json", &format!("--quantiles={bad}")]);
        assert_trouble(&ran, "quantile");
    }
}

#[test]
fn sample_counts_are_written_in_many_ways() {
    for (text, samples) in [("10k", 10_000), ("1e4", 10_000), ("0.02M", 20_000), ("1_500", 1500), ("1", 1)] {
        let ran = tailcast(&["run", "models/memcached.json", "--samples", text, "-f", "json"]);
        assert_eq!(ran.json()["samples"], samples, "{text}");
    }
    for bad in ["0", "-5", "ten", "1.5", "1e99", ""] {
        assert_trouble(&tailcast(&["run", "models/memcached.json", &format!("--samples={bad}")]), "--samples");
    }
}

#[test]
fn a_seed_gives_the_same_figures_again_and_random_gives_others() {
    let of = |seed: &str| tailcast(&["run", "models/memcached.json", "-n", "2k", "-f", "json", "--seed", seed]);
    assert_eq!(of("7").stdout, of("7").stdout);
    assert_ne!(of("7").json()["metrics"], of("8").json()["metrics"]);
    let (first, second) = (of("random").json(), of("random").json());
    assert_ne!(first["seed"], second["seed"]);
    // The seed that was printed gives the same run again.
    let again = of(&first["seed"].to_string()).json();
    assert_eq!(again["metrics"], first["metrics"]);
    assert_trouble(&of("soon"), "`soon`");
}

#[test]
fn threads_do_not_change_the_document() {
    let of = |count: &str| tailcast(&["run", "models/storage.toml", "-n", "60k", "-f", "json", "--threads", count]);
    assert_eq!(of("1").stdout, of("2").stdout);
    assert_trouble(&of("0"), "--threads");
}

#[test]
fn scenarios_and_settings_change_the_model() {
    let mean = |arguments: &[&str]| {
        let run = ["run", "models/storage.toml", "-n", "20k", "-f", "json"];
        let document = tailcast(&[&run[..], arguments].concat()).json();
        let metrics = document["metrics"].as_array().expect("metrics").clone();
        let metric = metrics.into_iter().find(|metric| metric["name"] == "response").expect("the response");
        (document["scenario"].clone(), metric["mean"].as_f64().expect("a mean"))
    };
    let (none, given) = (mean(&[]), mean(&["--scenario", "20/90"]));
    assert_eq!((none.0, given.0), (Json::Null, Json::from("20/90")));
    assert_ne!(none.1, given.1);
    // 60/70 is what the model holds; settings come after the scenario.
    assert_eq!(mean(&["--scenario", "60/70"]).1, none.1);
    let set = ["--set", "memcached_hit=20", "--set", "mysql_hit = 90"];
    assert_eq!(mean(&set).1, given.1);
    assert_eq!(mean(&[&["--scenario", "40/70"][..], &set].concat()).1, given.1);
    assert!(mean(&["--set", "response==service_cpu * 0 + 5"]).1 == 5.0);
    let ran = tailcast(&["run", "models/storage.toml", "--scenario", "40/71"]);
    assert_trouble(&ran, "`40/71`");
    assert_trouble(
        &tailcast(&["run", "models/storage.toml", "--set", "memcached=hit=5", "--set", "nothing=5"]),
        "`nothing`",
    );
    assert_trouble(&tailcast(&["run", "models/storage.toml", "--set", "memcached_hit"]), "METRIC=INPUT");
}

#[test]
fn only_the_metrics_asked_for_are_recorded() {
    let ran = tailcast(&["run", "models/storage.toml", "-n", "1k", "-f", "json", "-m", "response", "-m", "disk"]);
    let names: Vec<Json> =
        ran.json()["metrics"].as_array().expect("metrics").iter().map(|metric| metric["name"].clone()).collect();
    assert_eq!(names, ["disk", "response"], "in the order of the file");
    assert_trouble(&tailcast(&["run", "models/storage.toml", "-m", "respones"]), "`respones`");
}

#[test]
fn a_precision_stops_the_run_or_says_that_it_was_not_reached() {
    let run = ["run", "models/storage.toml", "-m", "response", "-f", "json", "--precision"];
    let reached = tailcast(&[&run[..], &["5%@p50"]].concat()).json();
    assert_eq!(reached["stop"], "precision-reached");
    let median = &reached["metrics"][0]["quantiles"][0];
    let of = |key: &str| median[key].as_f64().expect("a figure");
    assert!((of("high") - of("low")) / 2.0 <= 0.05 * of("value"));
    let missed = tailcast(&[&run[..], &["0.0001%@p99", "--max-samples", "10k"]].concat());
    assert_eq!((missed.status, missed.json()["stop"].as_str()), (0, Some("sample-limit")));
    assert_eq!(missed.json()["warnings"][0]["code"], "precision-not-reached");
    assert_trouble(&tailcast(&[&run[..], &["5"]].concat()), "1%@p99");
    assert_trouble(&tailcast(&[&run[..], &["1%@p99", "-n", "5"]].concat()), "--samples");
}

#[test]
fn samples_leave_as_whole_rows() {
    let folder = folder();
    let csv = folder.path().join("samples.csv");
    let npy = folder.path().join("samples.npy");
    for path in [&csv, &npy] {
        let ran = tailcast(&["run", "models/memcached.json", "-n", "3k", "--samples-out", text_of(path)]);
        assert_eq!(ran.status, 0, "{ran:?}");
    }
    let text = fs::read_to_string(&csv).expect("samples");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|cell| cell.parse().expect("a number")).collect())
        .collect();
    assert_eq!((text.lines().next(), rows.len()), (Some("AB,AC,AD,AE"), 3000));
    assert!(rows.iter().all(|row| row[3] == 100.0 + row[0] || row[3] == 100.0 + row[2]), "rows are joint samples");
    let bytes = fs::read(&npy).expect("samples");
    assert!(bytes.starts_with(b"\x93NUMPY\x01\x00"));
    let cells = bytes[bytes.len() - 3000 * 4 * 8..].chunks_exact(8);
    let cells: Vec<f64> = cells.map(|cell| f64::from_le_bytes(cell.try_into().expect("8 bytes"))).collect();
    assert_eq!(cells, rows.concat());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 3, "the samples and the names of the columns");
}

#[test]
fn outputs_that_cannot_be_written_are_trouble_before_any_sample_is_drawn() {
    let slow = ["run", "models/memcached.json", "-n", "1e15"];
    for arguments in [&["--samples-out", "no/such/folder/x.csv"][..], &["--samples-out", "models"]] {
        assert_trouble(&tailcast(&[&slow[..], arguments].concat()), "cannot");
    }
    for arguments in [&["--plot", "no/such/folder/x.png"][..], &["--plot", "x.gif"]] {
        assert_trouble(&tailcast(&[&slow[..], arguments].concat()), "x.");
    }
    assert_trouble(&tailcast(&["convert", "models/memcached.json", "-o", "no/such/folder/x.toml"]), "no/such/folder");
    assert_trouble(&tailcast(&["convert", "models/memcached.json", "-o", "x.yaml"]), ".toml, .json or .guess");
}

#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    let mut child = command()
        .args(["explain", "--functions"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().expect("standard error").read_to_string(&mut stderr).expect("text");
    assert_eq!((child.wait().expect("an end").code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_model_that_is_not_there_or_is_none_is_trouble() {
    let folder = folder();
    let deep = "{\"a\":".repeat(100_000);
    let nested = format!("[metrics]\na = {}", "[".repeat(100_000));
    let formula = format!("[metrics]\na = \"={}1\"", "(".repeat(100_000));
    let files = [
        written(folder.path(), "empty.json", ""),
        written(folder.path(), "empty.toml", ""),
        written(folder.path(), "binary.json", [0, 159, 146, 150]),
        written(folder.path(), "binary.toml", [0, 159, 146, 150]),
        written(folder.path(), "cut.json", "{\"metrics\": [{\"id\""),
        written(folder.path(), "deep.json", deep),
        written(folder.path(), "deep.toml", nested),
        written(folder.path(), "list.json", "[1, 2]"),
        folder.path().join("missing.toml"),
        folder.path().to_owned(),
    ];
    for path in &files {
        for subcommand in ["run", "check"] {
            let ran = tailcast(&[subcommand, text_of(path)]);
            assert_trouble(&ran, text_of(path));
            assert!(ran.stderr.len() < 2000, "{ran:?}");
        }
    }
    let path = written(folder.path(), "formula.toml", formula);
    let ran = tailcast(&["run", text_of(&path), "-f", "json"]);
    assert_eq!((ran.status, ran.json()["metrics"][0]["errors"][0]["code"].as_str()), (2, Some("too-deep")));
}

#[test]
fn a_model_on_standard_input_is_read() {
    let ran = tailcast_given(&["run", "-", "-n", "1k", "-f", "json"], b"[metrics]\na = '5 to 10'");
    assert_eq!((ran.status, ran.json()["metrics"][0]["type"].as_str()), (0, Some("LOGNORMAL")));
    assert_trouble(&tailcast_given(&["run", "-"], b""), "empty");
    assert_trouble(&tailcast_given(&["run", "-"], &[255, 254, 0]), "UTF-8");
}

#[test]
fn problems_of_one_metric_leave_the_others_computed() {
    let folder = folder();
    let path = written(folder.path(), "m.toml", "[metrics]\ngood = '5 to 10'\nbad = '=good + '\nworse = '=bad + 1'");
    let ran = tailcast(&["run", text_of(&path), "-n", "1k", "-f", "json"]);
    assert_eq!(ran.status, 2, "a metric has no figures");
    let metrics = ran.json()["metrics"].clone();
    assert!(metrics[0]["mean"].is_f64() && metrics[0]["errors"] == Json::Array(vec![]));
    assert_eq!(metrics[1]["mean"], Json::Null);
    let codes = [1, 2].map(|at: usize| metrics[at]["errors"][0]["code"].as_str().map(str::to_owned));
    assert_eq!(codes, [Some("unexpected-end".to_owned()), Some("broken-input".to_owned())]);
}

#[test]
fn infinite_samples_are_an_error_that_leaves_the_figures() {
    let ran = tailcast(&["eval", "=1 / randomInt(0, 10)", "-n", "10k", "-f", "json", "-q", "p50,p95"]);
    assert_eq!(ran.status, 0, "the metric has figures");
    let metric = ran.json()["metrics"][0].clone();
    assert_eq!(metric["errors"][0]["code"], "division-by-zero");
    assert!(metric["mean"].is_f64() && metric["non_finite"].as_u64() > Some(800));
    // A tenth of the samples is infinite, so p95 is: absent from JSON, and never another sample.
    assert!(metric["quantiles"][0]["value"].is_f64() && metric["quantiles"][1]["value"].is_null());
}

#[test]
fn eval_prints_the_exact_value_of_a_constant() {
    let ran = tailcast(&["eval", "=100 + 10% + 10%", "--format", "json"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let document = ran.json();
    assert_follows_schema(&document);
    assert_eq!((&document["samples"], &document["metrics"][0]["id"]), (&Json::from(1), &Json::from("eval")));
    let metric = &document["metrics"][0];
    for figure in [&metric["mean"], &metric["min"], &metric["max"], &metric["quantiles"][4]["value"]] {
        assert_eq!(figure.as_f64(), Some(121.0), "{metric}");
    }
    assert_eq!(metric["stdev"].as_f64(), Some(0.0));
}

#[test]
fn eval_takes_formulas_with_and_without_equals_sign_and_input_texts() {
    for (text, type_name) in [
        ("2 + 2", "FUNCTION"),
        ("=2 + 2", "FUNCTION"),
        ("-2 ^ 2", "FUNCTION"),
        ("5 to 10", "LOGNORMAL"),
        ("7", "POINT"),
        ("3 of 10", "BETA"),
    ] {
        let ran = tailcast(&["eval", text, "-n", "1k", "-f", "json"]);
        assert_eq!((ran.status, ran.json()["metrics"][0]["type"].as_str()), (0, Some(type_name)), "{text}");
    }
}

#[test]
fn eval_shows_what_is_wrong_with_a_caret() {
    let ran = tailcast(&["eval", "=normal(10, 2) + unknwon"]);
    assert_eq!(ran.status, 2);
    let text = format!("{}{}", ran.stdout, ran.stderr);
    assert!(text.contains("^^^^^^^") && text.contains("`unknwon`") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn check_says_what_every_metric_is() {
    let ran = tailcast(&["check", "models/memcached.json", "--format", "json"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let metrics = ran.json()["metrics"].clone();
    let of = |at: usize, key: &str| metrics[at][key].clone();
    assert_eq!((of(0, "type"), of(1, "type")), ("DATA".into(), "POINT".into()));
    assert_eq!((of(2, "type"), of(2, "parameters")), ("NORMAL".into(), serde_json::json!([1000.0, 4000.0])));
    let mut inputs: Vec<String> = serde_json::from_value(of(3, "inputs")).expect("ids");
    inputs.sort();
    assert_eq!(
        (of(3, "type"), of(3, "parameters"), inputs),
        ("FUNCTION".into(), Json::Null, vec!["AB".to_owned(), "AC".to_owned(), "AD".to_owned()])
    );
    assert!(tailcast(&["check", "models/memcached.json"]).stdout.ends_with("4 metrics, no problem\n"));
}

#[test]
fn check_fails_with_every_problem_at_once() {
    let ran = tailcast(&["check", "tests/fixtures/errors/model/five-faults.json"]);
    assert_eq!(ran.status, 2);
    assert_eq!(ran.stdout.matches("error: ").count(), 5, "{}", ran.stdout);
}

#[test]
fn explain_shows_every_stage_and_the_functions() {
    let ran = tailcast(&["explain", "=max(normal(10, 2), 8)"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    for word in ["tokens:", "tree:", "draw Normal", "max", "record 0"] {
        assert!(ran.stdout.contains(word), "{word}: {}", ran.stdout);
    }
    let model = tailcast(&["explain", "--model", "models/memcached.json", "--metric", "staash"]);
    assert!(model.status == 0 && model.stdout.contains("select"), "{model:?}");
    assert!(tailcast(&["explain", "--functions"]).stdout.contains("lognormal(mu, sigma)"));
    assert_trouble(&tailcast(&["explain", "=1 +"]), "expected");
}

#[test]
fn convert_goes_both_ways_and_keeps_the_figures() {
    let folder = folder();
    let figures = |path: &str| {
        let document = tailcast(&["run", path, "-n", "5k", "-f", "json"]).json();
        let metrics = document["metrics"].as_array().expect("metrics").iter();
        metrics.map(|metric| (metric["name"].clone(), metric["mean"].clone())).collect::<Vec<_>>()
    };
    let toml = folder.path().join("m.toml");
    let ran = tailcast(&["convert", "models/memcached.json", "-o", text_of(&toml)]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{ran:?}");
    let json = folder.path().join("m.json");
    assert_eq!(tailcast(&["convert", text_of(&toml), "-o", text_of(&json)]).status, 0);
    let original: Vec<Json> = figures("models/memcached.json").into_iter().map(|(name, _)| name).collect();
    let back: Vec<Json> = figures(text_of(&json)).into_iter().map(|(name, _)| name).collect();
    assert_eq!(back.len(), original.len());
    let shown = tailcast(&["convert", "models/memcached.json", "-o", "-", "--to", "toml"]);
    assert_eq!(shown.stdout, fs::read_to_string(&toml).expect("a model"));
}

#[test]
fn plot_draws_models_and_saved_results() {
    let folder = folder();
    let png = folder.path().join("p.png");
    let svg = folder.path().join("s.svg");
    let ran = tailcast(&["plot", "models/storage.toml", "-o", text_of(&png), "-n", "5k", "--size", "640x360"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran:?}");
    assert!(fs::read(&png).expect("a picture").starts_with(b"\x89PNG"));
    let result = tailcast(&["run", "models/storage.toml", "-n", "5k", "-f", "json"]);
    let saved = written(folder.path(), "saved.json", result.stdout);
    let ran = tailcast(&["plot", text_of(&saved), "-o", text_of(&svg), "--metric", "response"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(fs::read_to_string(&svg).expect("a picture").contains("<svg"));
    for size in ["0x0", "5", "axb", "1000000x1000000"] {
        let ran = tailcast(&["plot", text_of(&saved), "-o", text_of(&svg), "--size", size]);
        assert_eq!(ran.status, 2, "{size}: {ran:?}");
    }
    assert_trouble(&tailcast(&["plot", text_of(&saved), "-o", text_of(&svg), "--metric", "x"]), "`x`");
    assert_trouble(&tailcast(&["plot", "models/no.toml", "-o", text_of(&svg)]), "models/no.toml");
}

#[test]
fn usage_errors_are_trouble_and_help_is_not() {
    for arguments in [&[][..], &["frobnicate"], &["run"], &["run", "models/memcached.json", "--frob"], &["eval"]] {
        let ran = tailcast(arguments);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
    }
    for arguments in [&["--help"][..], &["--version"], &["run", "--help"], &["help", "eval"]] {
        let ran = tailcast(arguments);
        assert!(ran.status == 0 && ran.stderr.is_empty() && ran.stdout.contains("tailcast"), "{ran:?}");
    }
}

#[test]
fn nothing_that_is_piped_has_colour() {
    for no_color in [None, Some("1")] {
        let mut command = command();
        if let Some(value) = no_color {
            command.env("NO_COLOR", value);
        }
        let ran = ran(command.args(["run", "tests/fixtures/errors/model/five-faults.json", "-n", "100"]));
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains('\u{1b}'), "{ran:?}");
    }
}

#[test]
fn every_format_and_the_histogram_are_printed() {
    let run = ["run", "models/memcached.json", "-n", "2k"];
    let csv = tailcast(&[&run[..], &["-f", "csv"]].concat());
    assert_eq!(csv.stdout.lines().count(), 5, "{}", csv.stdout);
    assert!(tailcast(&[&run[..], &["-f", "markdown"]].concat()).stdout.contains("|---"));
    let histogram = tailcast(&[&run[..], &["--histogram", "--intervals"]].concat());
    assert!(histogram.status == 0 && histogram.stdout.contains(":#"), "{}", histogram.stdout);
    assert_trouble(&tailcast(&[&run[..], &["-f", "yaml"]].concat()), "`yaml`");
}
