//! `import`, `fit`, `export` and `plot` on the command line: exit status, both streams, documents against the schema.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// The program, run where the fixtures are.
fn tailcast(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tailcast"));
    command.current_dir(fixtures()).args(arguments).env_remove("COLUMNS").env("NO_COLOR", "1");
    command
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// What a command that must succeed writes to standard output.
fn printed(arguments: &[&str]) -> String {
    let output = tailcast(arguments).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a command that must be trouble writes to standard error; nothing goes to standard output.
fn refused(arguments: &[&str]) -> String {
    let output = tailcast(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

/// The document of a command, after comparing it with a schema.
fn document(arguments: &[&str], schema: &str) -> Value {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let value: Value = serde_json::from_str(&printed(arguments)).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new(), "{arguments:?}");
    value
}

fn run_document(arguments: &[&str]) -> Value {
    document(arguments, include_str!("../../docs/schema/run.json"))
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// Value of quantile `q` of a metric of a document.
fn quantile(metric: &Value, q: f64) -> f64 {
    let quantiles = metric["quantiles"].as_array().unwrap();
    quantiles.iter().find(|quantile| quantile["q"] == q).unwrap()["value"].as_f64().unwrap()
}

fn metric<'a>(document: &'a Value, id: &str) -> &'a Value {
    document["metrics"].as_array().unwrap().iter().find(|metric| metric["id"] == id).unwrap()
}

#[test]
fn measured_data_are_printed_as_a_run_with_provenance_and_warnings() {
    let value = run_document(&["import", "import/tools/vegeta.csv", "--format", "json", "-q", "0.5"]);
    let metric = &value["metrics"][0];
    assert_eq!((metric["samples"].as_u64(), metric["type"].as_str()), (Some(3), Some("DATA")));
    assert_eq!((value["seed"].as_u64(), metric["unit"].as_str()), (Some(0), Some("ns")));
    assert_eq!(metric["provenance"]["format"], "vegeta-csv");
    assert_eq!(value["provenance"][0]["file"], "import/tools/vegeta.csv");
    let codes: Vec<&str> =
        metric["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["failed-requests", "few-values"]);
    assert_eq!(quantile(metric, 0.5), 1_750_000.0);
}

#[test]
fn several_files_are_several_metrics_with_ids_of_their_own() {
    let files = ["import", "import/tools/hyperfine.json", "import/hdr/python.hlog", "--format", "json"];
    let value = run_document(&files);
    let ids: Vec<&str> = value["metrics"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["sleep_0_1", "true_service", "python"]);
    assert!(value["unit"].is_null(), "the files are in different units");
    let csv = printed(&["import", "import/tools/hyperfine.json", "--format", "csv"]);
    assert!(csv.starts_with("id,readable_id,name,type,unit,samples") && csv.lines().count() == 3, "{csv}");
    let markdown = printed(&["import", "import/tools/hyperfine.json", "--format", "markdown"]);
    assert!(markdown.contains("| sleep 0.1 |") && markdown.contains("from import/tools/hyperfine.json"), "{markdown}");
}

#[test]
fn text_names_values_provenance_and_unit() {
    let text = printed(&["import", "import/hdr/python.hlog", "--unit", "us", "--histogram"]);
    assert!(text.starts_with("python\n2,000 values, measured\n"), "{text}");
    assert!(
        text.contains("from import/hdr/python.hlog (hlog, hdrhistogram") && text.contains("unit us, given"),
        "{text}"
    );
    assert!(text.contains("Count,") && !text.contains("seed"), "{text}");
}

#[test]
fn options_of_reading_reach_the_reader() {
    let corrected = ["import", "import/hdr/python.hlog", "--expected-interval", "1ms", "-f", "json", "--name", "disk"];
    let value = run_document(&corrected);
    assert_eq!(value["metrics"][0]["samples"], 2000);
    assert_eq!(value["metrics"][0]["name"], "disk");
    let notes = value["metrics"][0]["provenance"]["notes"].to_string();
    assert!(notes.contains("corrected for coordinated omission"), "{notes}");
    let error = refused(&["import", "import/tools/columns.csv", "--column", "nosuch"]);
    assert!(error.contains("expected a column `nosuch`") && error.contains("\n  help: "), "{error}");
    let error = refused(&["import", "import/tools/samples.txt", "--from", "xls"]);
    assert!(error.contains("expected a format (spigo-table") && error.contains("zipkin-v2"), "{error}");
}

#[test]
fn standard_input_is_read_as_a_file_is() {
    let log = std::fs::read(fixtures().join("import/hdr/python.hlog")).unwrap();
    let output = tailcast(&["import", "-", "-f", "json"]).write_stdin(log).output().unwrap();
    let piped: Value = serde_json::from_slice(&output.stdout).unwrap();
    let named = run_document(&["import", "import/hdr/python.hlog", "-f", "json"]);
    assert_eq!(piped["metrics"][0]["histogram"], named["metrics"][0]["histogram"]);
    let flow = std::fs::read(fixtures().join("infer/lamp_flow.json.gz")).unwrap();
    let output = tailcast(&["import", "-", "-n", "1000", "-f", "json"]).write_stdin(flow).output().unwrap();
    let piped: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(piped["inferred"]["endpoints"][0]["metric"], "response");
}

#[test]
fn small_data_stand_in_the_model_and_large_ones_stay_in_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let large: Vec<String> = (0..2000).map(|value| format!("{}us", 100 + value % 977)).collect();
    std::fs::write(folder.path().join("large.txt"), large.join("\n")).unwrap();
    std::fs::write(folder.path().join("small.csv"), "latency_ms\n1\n2\n4\n").unwrap();
    std::fs::create_dir(folder.path().join("models")).unwrap();
    let run = |arguments: &[&str]| tailcast(arguments).current_dir(folder.path()).output().unwrap();
    let output = run(&["import", "small.csv", "large.txt", "-o", "models/m.toml", "--name", "api"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let model = std::fs::read_to_string(folder.path().join("models/m.toml")).unwrap();
    assert!(model.contains("data = [1, 2, 4]"), "{model}");
    assert!(model.contains("data = { file = \"../large.txt\" }"), "{model}");
    let output = run(&["run", "models/m.toml", "-n", "200k", "-f", "json"]);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["unit"], "ms");
    // Half of the values of the large file lie below 0.576 ms, give or take the error of 200,000 draws.
    let median = quantile(&value["metrics"][1], 0.5);
    assert!((median - 0.576).abs() < 0.01, "{median}");
}

#[test]
fn a_metric_is_added_to_a_model_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let model = path(&folder, "m.toml");
    std::fs::write(&model, "unit = \"ms\"\n[metrics]\npython = \"5 to 10\"\n").unwrap();
    let output = tailcast(&["import", "import/tools/hyperfine.json", "-o", &model, "--add"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("sleep_0_1, true_service written"));
    let peaks = tailcast(&["fit", "import/hdr/python.hlog", "-o", &model, "--add"]).output().unwrap();
    assert!(String::from_utf8_lossy(&peaks.stderr).contains("python_2 written"));
    let value = run_document(&["run", &model, "-n", "100k", "-f", "json"]);
    assert_eq!(value["metrics"].as_array().unwrap().len(), 4);
    assert_eq!(quantile(metric(&value, "sleep_0_1"), 0.5), 102.0);
    // The log is in ns, its p95 about 6.4 ms.
    assert!((quantile(metric(&value, "python_2"), 0.95) - 6.4).abs() < 0.5);
    let wire = path(&folder, "m.json");
    printed(&["convert", &model, "-o", &wire]);
    let error = refused(&["import", "import/tools/samples.txt", "-o", &wire, "--add"]);
    assert!(error.contains("expected a TOML model to add to") && error.contains("help: convert it first"), "{error}");
}

#[test]
fn the_response_time_of_an_endpoint_of_an_architecture_is_one_command() {
    for (regions, shown) in [("1", "stream_api"), ("2", "stream_api_remote")] {
        let text = printed(&["import", "infer/riak_arch.json", "--regions", regions, "-n", "100k"]);
        let first = text.lines().find(|line| line.starts_with("stream_api")).unwrap();
        assert!(first.contains(" ms"), "{first}");
        assert!(text.contains("are assumed"), "{text}");
        let value = run_document(&["import", "infer/riak_arch.json", "--regions", regions, "-n", "100k", "-f", "json"]);
        assert!(quantile(metric(&value, "stream_api"), 0.99) > quantile(metric(&value, "stream_api"), 0.5));
        assert!(value["metrics"].as_array().unwrap().iter().any(|metric| metric["id"] == shown));
        let endpoints: Vec<&str> = value["inferred"]["endpoints"]
            .as_array()
            .unwrap()
            .iter()
            .map(|endpoint| endpoint["endpoint"].as_str().unwrap())
            .collect();
        assert_eq!(endpoints, ["stream-api", "iot-api", "analytics-api"]);
    }
    let one = printed(&["import", "infer/riak_arch.json", "--root", "stream", "--metric", "stream", "-n", "10k"]);
    assert!(one.contains("\nstream ") && !one.contains("\nriakTS "), "{one}");
}

#[test]
fn data_beside_an_architecture_take_the_place_of_defaults() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("memcache.csv"), "latency_ms\n7\n7\n").unwrap();
    std::fs::write(folder.path().join("rds_mysql.csv"), "latency_ms\n9\n9\n").unwrap();
    let folder_name = folder.path().to_str().unwrap();
    let arguments = ["import", "infer/lamp_arch.json", "--data", folder_name, "-n", "10k", "-f", "json"];
    let value = run_document(&arguments);
    assert_eq!(quantile(metric(&value, "memcache"), 0.5), 7e6);
    assert_eq!(quantile(metric(&value, "rds_mysql"), 0.5), 9e6);
    let warning = value["warnings"][0]["message"].as_str().unwrap();
    assert!(!warning.contains("memcache") && warning.contains("webserver (monolith)"), "{warning}");
}

#[test]
fn traces_are_verified_within_the_figures_promised() {
    for (name, endpoint) in [("cassandra", "www"), ("storage", "load"), ("lamp", "www")] {
        let file = format!("infer/{name}_flow.json.gz");
        let arguments = ["import", &file, "--verify", "-q", "p50,p95,p99", "-n", "200k", "--format", "json"];
        let value = run_document(&arguments);
        let entry = &value["verify"][0];
        assert_eq!((entry["endpoint"].as_str(), entry["metric"].as_str()), (Some(endpoint), Some("response")));
        let error = |pair: &Value| pair["predicted"].as_f64().unwrap() / pair["measured"].as_f64().unwrap() - 1.0;
        for pair in entry["quantiles"].as_array().unwrap() {
            assert!(error(pair).abs() < 0.05, "{name}: {pair}");
        }
        assert!(error(&entry["mean"]).abs() < 0.01, "{name}: {}", entry["mean"]);
        // 1.36 / sqrt(200,000) is 0.003, the 5 % point of the distance between equal distributions.
        assert!(entry["ks"].as_f64().unwrap() < 0.006, "{name}: {}", entry["ks"]);
        let codes: Vec<&str> =
            entry["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect();
        assert!(codes.iter().all(|code| *code == "too-few-requests") && !codes.is_empty(), "{codes:?}");
    }
}

#[test]
fn calls_of_traces_are_counted() {
    let value = run_document(&["import", "infer/cassandra_flow.json.gz", "-n", "1000", "-f", "json"]);
    let calls = value["inferred"]["calls"].as_array().unwrap();
    let is_it = |call: &&Value| call["caller"] == "restdata" && call["operation"] == "GetRequest";
    let call = calls.iter().find(is_it).unwrap();
    let count = |field: &Value| field.as_u64().unwrap();
    let found = (count(&call["direct"]["count"]), count(&call["forwarded"]["count"]), count(&call["lost"]));
    assert_eq!(found, (342, 318, 26));
    assert_eq!(value["provenance"][0]["spans"], 6366);
    let mean = value["inferred"]["endpoints"][0]["measured_mean"].as_f64().unwrap();
    assert!((mean - 338.0).abs() < 0.05, "{mean}");
}

#[test]
fn a_text_shows_endpoints_first_and_how_to_see_the_rest() {
    let text = printed(&["import", "infer/lamp_flow.json.gz", "--verify", "-n", "100k"]);
    let names: Vec<&str> = text.lines().skip(4).take(3).filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["response", "memcache", "rds_mysql"]);
    for part in ["more metrics are parts of these", "webserver > memcache GetRequest", "memcache_share", "off by"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("endpoint www, metric response: 169 requests, distance 0.0"), "{text}");
    let csv = printed(&["import", "infer/lamp_flow.json.gz", "--verify", "-n", "1000", "-f", "csv", "-q", "p50,p99"]);
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].starts_with("endpoint,metric,requests,ks,figure,measured,predicted"), "{csv}");
    assert!(rows.len() == 4 && rows[3].contains(",p99,"), "{csv}");
    let markdown = printed(&["import", "infer/lamp_flow.json.gz", "--verify", "-n", "1000", "-f", "markdown"]);
    assert!(markdown.contains("| figure | measured | predicted | off by |"), "{markdown}");
}

#[test]
fn a_model_is_written_and_runs_as_it_was_imported() {
    let folder = tempfile::tempdir().unwrap();
    let model = path(&folder, "lamp.toml");
    let text = printed(&["import", "infer/lamp_flow.json.gz", "-o", &model, "--rows", "50"]);
    assert!(text.contains("not run; the model is written") && text.contains("www > webserver-elb"), "{text}");
    let ran = run_document(&["run", &model, "-n", "50k", "-f", "json"]);
    let again = run_document(&["import", "infer/lamp_flow.json.gz", "--rows", "50", "-n", "50k", "-f", "json"]);
    assert_eq!(metric(&ran, "response")["quantiles"], metric(&again, "response")["quantiles"]);
    let written = run_document(&["import", "infer/lamp_flow.json.gz", "-o", &model, "-f", "json"]);
    assert_eq!((written["samples"].as_u64(), written["metrics"].as_array().unwrap().len()), (Some(0), 0));
    let independent = path(&folder, "independent.toml");
    printed(&["import", "infer/lamp_flow.json.gz", "--independent", "-o", &independent]);
    assert!(!std::fs::read_to_string(&independent).unwrap().contains("paired"));
}

#[test]
fn options_that_do_not_fit_the_file_are_refused() {
    let cases: [(&[&str], &str); 6] = [
        (&["import", "import/tools/samples.txt", "--verify"], "expected an architecture or traces for `--verify`"),
        (&["import", "infer/lamp_arch.json", "--verify"], "expected traces for `--verify`, found an architecture"),
        (&["import", "infer/lamp_flow.json.gz", "--root", "x"], "expected an architecture for `--root`, found traces"),
        (&["import", "infer/lamp_flow.json.gz", "--unit", "us"], "expected measured data for `--unit`"),
        (&["import", "infer/lamp_arch.json", "infer/riak_arch.json"], "expected one architecture or file of traces"),
        (&["import", "import/tools/samples.txt", "-o", "m.xls"], "expected an output that ends in .toml"),
    ];
    for (arguments, message) in cases {
        let error = refused(arguments);
        assert!(error.contains(message), "{arguments:?}: {error}");
    }
}

#[test]
fn files_that_are_refused_are_named_with_place_and_remedy() {
    let files = [
        "errors/import/unknown.txt",
        "errors/import/table_row.csv",
        "errors/import/hlog_base64.hlog",
        "errors/import/archive.zip",
        "errors/infer/graph.json",
        "errors/infer/console.log",
        "errors/infer/severalFaults_arch.json",
        "errors/infer/truncated_arch.json",
        "errors/infer/unanswered_flow.json",
        "no/such/file.csv",
    ];
    let messages: String = files.iter().map(|file| refused(&["import", file])).collect();
    insta::assert_snapshot!(messages);
}

#[test]
fn nothing_is_written_when_the_input_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["m.toml", "m.hlog", "m.png"] {
        let file = path(&folder, name);
        std::fs::write(&file, "old").unwrap();
        let command = match name {
            "m.toml" => "import",
            "m.hlog" => "export",
            _ => "plot",
        };
        refused(&[command, "errors/import/table_row.csv", "-o", &file]);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    let error = refused(&["import", "import/tools/samples.txt", "-o", &path(&folder, "no/m.toml")]);
    assert!(error.contains("there is no folder"), "{error}");
}

#[test]
fn peaks_are_fitted_and_put_in_place_of_the_data() {
    let arguments = ["fit", "import/hdr/python.hlog", "--format", "json", "-q", "p50,p99"];
    let value = document(&arguments, include_str!("../../docs/schema/fit.json"));
    let fit = &value["fits"][0];
    let shares: f64 = fit["peaks"].as_array().unwrap().iter().map(|peak| peak["share"].as_f64().unwrap()).sum();
    assert!((shares - 1.0).abs() < 1e-9 && fit["ks"].as_f64().unwrap() < 0.05);
    assert_eq!((fit["samples"].as_u64(), fit["quantiles"].as_array().unwrap().len()), (Some(2000), 2));
    let csv = printed(&["fit", "import/hdr/python.hlog", "--format", "csv"]);
    assert_eq!(csv.lines().count(), 1 + fit["peaks"].as_array().unwrap().len());
    assert!(printed(&["fit", "import/hdr/python.hlog", "-f", "markdown"]).contains("\n| p99.9 "), "no table");
    let text = printed(&["fit", "import/hdr/python.hlog"]);
    assert!(text.contains("peak ") && text.contains("formula: ") && text.contains("p99.9"), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let (model, chart) = (path(&folder, "m.toml"), path(&folder, "m.png"));
    printed(&["fit", "import/hdr/python.hlog", "-o", &model, "--plot", &chart]);
    assert!(std::fs::read(&chart).unwrap().starts_with(b"\x89PNG"));
    let ran = run_document(&["run", &model, "-n", "200k", "-f", "json"]);
    let fitted = fit["quantiles"][1]["fitted"].as_f64().unwrap();
    // The standard error of p99 is about 1 % of it here.
    assert!((quantile(metric(&ran, "python"), 0.99) / fitted - 1.0).abs() < 0.05);
    let error = refused(&["fit", "import/spigo/empty_table.csv"]);
    assert!(error.contains("expected positive values, found none"), "{error}");
}

#[test]
fn exports_are_read_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let original = run_document(&["import", "import/hdr/python.hlog", "-f", "json"]);
    // Extensions, and how far a quantile may be off: cells of the log are as they were, spigo's and the percentile
    // table's are wider, and a list of 2000 quantiles steps from one value to the next.
    for (name, tolerance) in [("a.hlog", 1e-12), ("a.hgrm", 0.03), ("a.csv", 0.05), ("a.guess", 0.02), ("a.json", 0.02)]
    {
        let file = path(&folder, name);
        let said = printed(&["export", "import/hdr/python.hlog", "-o", &file]);
        assert_eq!(said.trim_end(), file);
        let unit: &[&str] = if name.ends_with("json") || name.ends_with("guess") { &["--unit", "ns"] } else { &[] };
        let mut arguments = vec!["import", &file, "-f", "json"];
        arguments.extend(unit);
        let back = run_document(&arguments);
        assert_eq!(back["metrics"][0]["samples"], 2000, "{name}");
        let factor = if back["metrics"][0]["unit"] == "ms" { 1e6 } else { 1.0 };
        for q in [0.5, 0.9, 0.99] {
            let (ours, theirs) = (quantile(&original["metrics"][0], q), quantile(&back["metrics"][0], q) * factor);
            assert!((theirs / ours - 1.0).abs() <= tolerance, "{name}, {q}: {ours} {theirs}");
        }
    }
}

#[test]
fn metrics_of_a_model_and_of_a_saved_result_are_exported() {
    let folder = tempfile::tempdir().unwrap();
    let model = path(&folder, "m.toml");
    std::fs::write(&model, "unit = \"us\"\n[metrics]\nhit = 60\ndisk = \"50 to 90\"\nsum = \"=disk + 5\"\n").unwrap();
    let (log, saved) = (path(&folder, "m.hlog"), path(&folder, "saved.json"));
    printed(&["export", &model, "-n", "10k", "-m", "disk", "-m", "sum", "-o", &log]);
    let back = run_document(&["import", &log, "-f", "json"]);
    let names: Vec<&str> = back["metrics"].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["disk", "sum"]);
    let result = printed(&["run", &model, "-n", "10k", "-f", "json"]);
    std::fs::write(&saved, &result).unwrap();
    let table = printed(&["export", &saved, "-m", "sum", "-o", "-", "--to", "spigo-table"]);
    assert!(table.starts_with("name: sum\n"), "{table}");
    let error = refused(&["export", &saved, "-o", "-", "--to", "hgrm"]);
    assert!(error.contains("expected one metric for the format hgrm, found 3") && error.contains("help: "), "{error}");
    let error = refused(&["export", &saved, "-m", "dsk", "-o", "-", "--to", "hgrm"]);
    assert!(error.contains("`disk`") && error.contains("found `dsk`"), "{error}");
    let error = refused(&["export", &saved, "-o", "x.txt"]);
    assert!(error.contains("--to says the format otherwise"), "{error}");
}

#[test]
fn measured_data_and_traces_are_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let chart = path(&folder, "chart.svg");
    for file in ["import/hdr/python.hlog", "import/tools/hyperfine.json", "import/spigo/blank_table.csv"] {
        assert_eq!(printed(&["plot", file, "-o", &chart]).trim_end(), chart);
        assert!(std::fs::read_to_string(&chart).unwrap().contains("<svg"), "{file}");
    }
    printed(&["import", "infer/lamp_flow.json.gz", "--verify", "-n", "20k", "--plot", &chart]);
    let drawn = std::fs::read_to_string(&chart).unwrap();
    assert!(drawn.contains("www measured") && drawn.contains("www predicted"));
    let error = refused(&["plot", "infer/lamp_arch.json", "-o", &chart]);
    assert!(error.contains("found spigo architecture") && error.contains("help: make a model of it first"), "{error}");
    printed(&["plot", "guess/storage-head.guess", "-n", "1000", "-o", &chart]);
}
