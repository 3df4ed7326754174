//! Every file in `fixtures/errors/formula` and `fixtures/errors/model` is refused, and its message is the snapshot.
//!
//! A file is named after the code of the error that it has; `fault-…` are files that are no model at all.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::cli::{Ran, command, ran};

/// Files of a folder, without its snapshots.
fn files(stage: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/errors").join(stage);
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn name_of(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// Runs the binary in the folder of a file, so that messages name it alone.
fn ran_beside(path: &Path, arguments: &[&str]) -> Ran {
    ran(command().current_dir(path.parent().expect("a folder")).args(arguments))
}

/// Code of the error that a file is named after; `None` for files that are no model.
fn code_of(path: &Path) -> Option<String> {
    let name = name_of(path);
    let code = name.split('.').next().expect("a name").to_owned();
    (!code.starts_with("fault-") && code != "five-faults").then_some(code)
}

#[track_caller]
fn assert_has_code(document: &Json, path: &Path) {
    let Some(code) = code_of(path) else { return };
    let metrics = document["metrics"].as_array().expect("metrics").iter();
    let mut codes = metrics.flat_map(|metric| metric["errors"].as_array().expect("errors")).map(|e| &e["code"]);
    assert!(codes.any(|found| *found == code), "{}: {}", path.display(), document["metrics"]);
}

fn assert_snapshot(stage: &str, messages: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../fixtures/errors/{stage}/expected"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("messages", messages));
}

#[test]
fn every_bad_formula_is_refused_with_its_message() {
    let files = files("formula");
    assert!(files.len() >= 30, "{} files", files.len());
    let mut messages = String::new();
    for path in files {
        let formula = fs::read_to_string(&path).expect("a formula");
        let text = ran_beside(&path, &["eval", &formula, "--samples", "1000"]);
        let json = ran_beside(&path, &["eval", &formula, "--samples", "1000", "--format", "json"]);
        assert_has_code(&json.json(), &path);
        let problems = text.stdout.split_once("error: ").map_or("", |(_, problems)| problems);
        writeln!(messages, "== {}, status {}\nerror: {problems}", name_of(&path), text.status).expect("text");
        assert_eq!(text.stderr, "");
    }
    assert_snapshot("formula", &messages);
}

#[test]
fn every_bad_model_is_refused_with_its_message() {
    let files = files("model");
    assert!(files.len() >= 25, "{} files", files.len());
    let mut messages = String::new();
    for path in files {
        let name = name_of(&path);
        let text = ran_beside(&path, &["check", &name]);
        if code_of(&path).is_some() {
            assert_has_code(&ran_beside(&path, &["check", &name, "--format", "json"]).json(), &path);
        }
        assert_eq!(text.status, 2, "{name}: {text:?}");
        writeln!(messages, "== {name}\n{}{}", text.stdout, text.stderr).expect("text");
    }
    assert_snapshot("model", &messages);
}
