//! Studies from the command line: exit status, documents, files.

use assert_cmd::Command;
use serde_json::Value;

const STORAGE: &str = "models/storage.toml";
const MEMCACHED: &str = "tests/fixtures/models/memcached.toml";

/// Status, standard output and standard error.
fn tailcast(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("tailcast").expect("the binary").args(arguments).output().expect("an output");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().expect("a status"), text(output.stdout), text(output.stderr))
}

fn document(arguments: &[&str], status: i32) -> Value {
    let (found, out, errors) = tailcast(&[arguments, &["--format", "json", "--samples", "20k"]].concat());
    assert_eq!(found, status, "{errors}{out}");
    let document: Value = serde_json::from_str(&out).expect("JSON");
    for field in ["schema", "model", "samples", "seed"] {
        assert!(!document[field].is_null(), "{field}");
    }
    document
}

#[test]
fn compare_prints_scenarios_and_differences() {
    let document = document(&["compare", STORAGE], 0);
    let names: Vec<&str> =
        document["scenarios"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["40/70", "60/70", "20/90"]);
    let differences = document["differences"].as_array().unwrap();
    let response = differences.iter().find(|d| d["metric"] == "response" && d["to"] == "60/70").unwrap();
    assert_eq!(response["from"], "40/70");
    let (low, high) = (response["mean"]["low"].as_f64().unwrap(), response["mean"]["high"].as_f64().unwrap());
    assert!(low < high && high < 0.0);
    assert_eq!(response["quantiles"][3]["q"], 0.99);
    assert!(response["quantiles"][3]["change"].as_f64().unwrap() < 0.0);
}

#[test]
fn scenarios_are_written_on_the_command_line() {
    let one = document(&["compare", STORAGE, "--scenario", "cold:memcached_hit=5,mysql_hit=50"], 0);
    assert_eq!(one["scenarios"][0]["name"], "as written");
    assert_eq!(one["scenarios"][1]["metrics"][0]["mean"], 5.0);
    let run = document(&["run", STORAGE, "--scenario", "cold:memcached_hit=5"], 0);
    assert_eq!((&run["scenario"], &run["metrics"][0]["mean"]), (&Value::from("cold"), &Value::from(5.0)));
    assert_eq!(tailcast(&["run", STORAGE, "--scenario", "cold:memcached_hot=5"]).0, 2);
    assert_eq!(tailcast(&["compare", STORAGE, "--scenario", "a:memcached_hit"]).0, 2);
}

#[test]
fn saved_results_and_models_are_compared_unpaired() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    for (name, scenario) in [("a.json", "40/70"), ("b.json", "60/70")] {
        let (_, out, _) = tailcast(&["run", STORAGE, "--scenario", scenario, "-n", "20k", "-f", "json"]);
        std::fs::write(path(name), out).unwrap();
    }
    let (status, out, errors) = tailcast(&["compare", &path("a.json"), &path("b.json"), "-f", "json"]);
    assert_eq!(status, 0, "{errors}");
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&document["paired"], &document["scenarios"][1]["name"]), (&Value::from(false), &Value::from("b.json")));
    let (status, out, _) = tailcast(&["compare", STORAGE, MEMCACHED, "-n", "10k"]);
    assert!(status == 0 && out.contains("unpaired"), "{out}");
    assert_eq!(tailcast(&["compare", &path("a.json")]).0, 2);
}

#[test]
fn solve_says_how_much_more_load_there_is_room_for() {
    let target = "p99(checkout) <= 500ms";
    let found = document(&["solve", "models/checkout.toml", "stock_rate=0.05..0.6", target], 0);
    let (answer, headroom) = (found["answer"]["value"].as_f64().unwrap(), found["headroom"].as_f64().unwrap());
    assert_eq!(found["present"], 0.25);
    assert!((headroom - (answer / 0.25 - 1.0)).abs() < 1e-12 && answer > 0.3 && answer < 0.5, "{answer}");
    // Beyond the steady state there is no figure.
    assert!(found["points"].as_array().unwrap().last().unwrap()["value"].is_null());
    let (status, out, _) = tailcast(&["solve", "models/checkout.toml", "stock_rate=0.05..0.6", target, "-n", "20k"]);
    assert!(status == 0 && out.contains("headroom: ") && out.contains("no steady state"), "{out}");
}

#[test]
fn studies_say_what_rests_on_recorded_samples() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("slow.toml");
    let slow = "y = '=exponential(1) + exponential(1)'\nslow = '=scale * fanout(1000, y)'";
    std::fs::write(&path, format!("[metrics]\nscale = 1\n{slow}\nother = '=fanout(1000, y)'")).expect("a file");
    let path = path.to_str().expect("text");
    let solve = ["solve", path, "scale=0.5..2", "p99(slow) <= 20"];
    let found = document(&solve, 0)["warnings"].clone();
    assert_eq!(found.as_array().expect("warnings").len(), 1, "{found}");
    assert_eq!((&found[0]["metric"], &found[0]["code"]), (&Value::from("slow"), &Value::from("recorded-tail")));
    for arguments in [&solve[..], &["attribute", path, "slow"]] {
        let (status, out, _) = tailcast(&[arguments, &["-n", "20k"]].concat());
        let line = "warning: slow: `fanout` of 1,000 copies rests on 4,194,304 recorded samples";
        assert!(status == 0 && out.contains(line), "{out}");
    }
}

#[test]
fn assertions_decide_the_exit_status() {
    let compare = |assertion: &str| tailcast(&["compare", STORAGE, "-n", "20k", "--assert", assertion]).0;
    assert_eq!(compare("p99(response) change <= 5%"), 0);
    assert_eq!(compare("p99(response) change < -50%"), 1);
    assert_eq!(compare("p99.5(response) change < 1ms"), 0);
    assert_eq!(compare("p99(nothing) change < 1ms"), 2);
    assert_eq!(compare("p99(response) grows"), 2);
}

#[test]
fn objectives_decide_the_exit_status_and_are_written_as_junit() {
    let folder = tempfile::tempdir().unwrap();
    let junit = folder.path().join("slo.xml");
    let file = junit.display().to_string();
    let met = document(&["run", STORAGE, "--junit", &file], 0);
    assert_eq!(
        (&met["slos"][0]["verdict"], &met["slos"][0]["slo"]),
        (&Value::from("met"), &Value::from("p99(response) <= 2ms"))
    );
    assert!(met["slos"][0]["budget"]["used"].as_f64().unwrap() < 1.0);
    assert!(std::fs::read_to_string(&junit).unwrap().contains("tests=\"1\" failures=\"0\""));
    let missed = document(&["run", MEMCACHED, "--junit", &file], 1);
    assert_eq!(missed["slos"][0]["verdict"], "missed");
    let xml = std::fs::read_to_string(&junit).unwrap();
    assert!(xml.contains("<failure type=\"missed\"") && xml.contains("p99(response) &lt;= 50us"), "{xml}");
    let undecided = ["run", MEMCACHED, "--set", "hit=40", "--junit", &file];
    assert_eq!(document(&undecided, 1)["slos"][1]["verdict"], "undecided");
    assert!(std::fs::read_to_string(&junit).unwrap().contains("<failure type=\"undecided\""));
    document(&[&undecided[..], &["--allow-undecided"]].concat(), 0);
    assert!(std::fs::read_to_string(&junit).unwrap().contains("<skipped "));
    let (status, out, _) = tailcast(&["run", STORAGE, "-n", "20k", "--slo", "mean(response) < 1us"]);
    assert!(status == 1 && out.contains("mean(response) < 1us") && out.contains("missed"), "{out}");
    assert_eq!(tailcast(&["run", STORAGE, "--slo", "p99(response)"]).0, 2);
    assert_eq!(tailcast(&["run", STORAGE, "--junit", "no/such/folder.xml"]).0, 2);
}

#[test]
fn objectives_of_the_model_are_shown_in_studies_and_those_stated_decide() {
    let sweep = document(&["sweep", MEMCACHED, "hit=0..100/50"], 0);
    assert_eq!(sweep["points"][2]["slos"][0]["verdict"], "missed");
    document(&["sweep", MEMCACHED, "hit=0..100/50", "--slo", "p99(response) <= 50us"], 1);
    document(&["compare", MEMCACHED], 0);
    document(&["compare", MEMCACHED, "--slo", "p99(response) <= 50us"], 1);
}

#[test]
fn sweep_prints_points() {
    let document = document(&["sweep", STORAGE, "memcached_hit=0..100/25", "mysql_hit=70,90"], 0);
    assert_eq!(document["parameters"], serde_json::json!(["memcached_hit", "mysql_hit"]));
    let points = document["points"].as_array().unwrap();
    assert_eq!((points.len(), &points[3]["values"]), (10, &serde_json::json!([25.0, 90.0])));
    assert_eq!(points[0]["metrics"].as_array().unwrap().len(), 8);
    for text in ["memcached_hit=0..", "memcached_hit", "nothing=0..1", "memcached_hit=0..1e9/1"] {
        assert_eq!(tailcast(&["sweep", STORAGE, text]).0, 2, "{text}");
    }
}

#[test]
fn solve_finds_or_says_no() {
    let found = document(&["solve", STORAGE, "memcached_hit=0..100", "p99(response) <= 1.5ms"], 0);
    assert_eq!((&found["verdict"], &found["parameter"]), (&Value::from("found"), &Value::from("memcached_hit")));
    let answer = &found["answer"];
    let (low, value, high) = (answer["low"].as_f64(), answer["value"].as_f64(), answer["high"].as_f64());
    assert!(low < value && value < high && (60.0..80.0).contains(&value.unwrap()), "{answer}");
    assert_eq!(found["target"], "p99(response) <= 1.5ms");
    let always = document(&["solve", STORAGE, "memcached_hit=0..100", "p99(response) <= 1s"], 0);
    assert_eq!((&always["verdict"], &always["answer"]), (&Value::from("always"), &Value::Null));
    let never = document(&["solve", STORAGE, "memcached_hit=0..100", "p99(response) <= 1us"], 1);
    assert_eq!(never["verdict"], "never");
    assert_eq!(tailcast(&["solve", STORAGE, "memcached_hit=1,2", "p99(response) <= 1us"]).0, 2);
}

#[test]
fn attribute_names_the_owner() {
    let document = document(&["attribute", STORAGE, "response", "--quantile", "0.99"], 0);
    let first = &document["inputs"][0];
    assert_eq!(
        (&first["id"], &document["metric"], &document["quantile"]),
        (&Value::from("disk"), &Value::from("response"), &Value::from(0.99))
    );
    for field in
        ["name", "tail_share", "overall_share", "quantile_at_median", "first_order", "total", "rank_correlation"]
    {
        assert!(!first[field].is_null(), "{field}");
    }
    assert!(first["quantile_at_median"].as_f64() < document["threshold"].as_f64());
    let (_, out, _) = tailcast(&["attribute", STORAGE, "response", "-n", "20k"]);
    assert!(out.contains("disk owns 9"), "{out}");
    assert_eq!(tailcast(&["attribute", STORAGE, "memcached_hit"]).0, 2);
    assert_eq!(tailcast(&["attribute", STORAGE, "response", "--quantile", "1"]).0, 2);
}

#[test]
fn every_study_prints_every_format_and_draws() {
    let folder = tempfile::tempdir().unwrap();
    let studies: [&[&str]; 6] = [
        &["compare", STORAGE],
        &["sweep", STORAGE, "memcached_hit=0..100/50"],
        &["sweep", STORAGE, "memcached_hit=0..100/50", "mysql_hit=0..100/50"],
        &["solve", STORAGE, "memcached_hit=0..100", "p99(response) <= 1.5ms"],
        &["attribute", STORAGE, "response"],
        &["attribute", STORAGE, "response", "--tornado"],
    ];
    for (at, study) in studies.iter().enumerate() {
        for (format, begins) in [("text", "storage"), ("markdown", "**storage**"), ("csv", ""), ("json", "{")] {
            let extension = if format == "csv" { "svg" } else { "png" };
            let file = folder.path().join(format!("{at}-{format}.{extension}"));
            let name = file.display().to_string();
            let arguments = [study, &["-n", "5k", "--format", format, "--plot", &name][..]].concat();
            let (status, out, errors) = tailcast(&arguments);
            assert!(status == 0 && out.starts_with(begins), "{arguments:?}\n{errors}{out}");
            assert!(std::fs::metadata(&file).unwrap().len() > 1000);
            if format == "csv" {
                let columns = |line: &str| line.split(',').count();
                let head = columns(out.lines().next().unwrap());
                assert!(head > 3 && out.lines().all(|line| columns(line) == head), "{out}");
            }
        }
        assert_eq!(tailcast(&[study, &["--plot", "no/such/folder.png"][..]].concat()).0, 2);
    }
}
