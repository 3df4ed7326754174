//! The formula grammar against what Guesstimate's own engine accepts and refuses, and against a table of trees.

use std::path::PathBuf;

use serde_json::Value;
use tailcast::formula::{Dialect, parse};

const DIALECTS: [Dialect; 2] = [Dialect::Sane, Dialect::Guesstimate];

fn fixture(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the engine's parser made of an expression.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Accepted,
    UnexpectedEnd,
    SyntaxError,
}

/// The engine's verdict. It has no error code for syntax: its parser's messages are those that name a character, and the
/// one about assigning to `end`. An error of any other kind arose after parsing.
fn recorded_verdict(case: &Value) -> Verdict {
    let expected = &case["expected"];
    let message = expected["intermediate"]["message"].as_str().unwrap_or_default();
    let is_syntax = message.contains("(char ") || message.starts_with("Cannot assign to symbol");
    let ended = expected["errors"].as_array().is_some_and(|errors| errors.iter().any(|error| error["subType"] == 14));
    match (is_syntax, ended) {
        (_, true) => Verdict::UnexpectedEnd,
        (true, false) => Verdict::SyntaxError,
        (false, false) => Verdict::Accepted,
    }
}

fn verdict(text: &str, dialect: Dialect) -> Verdict {
    match parse(text, dialect) {
        Ok(_) => Verdict::Accepted,
        Err(error) => match error.problem().code {
            "unexpected-end" => Verdict::UnexpectedEnd,
            "syntax" => Verdict::SyntaxError,
            other => panic!("{text:?}: a limit, not the grammar, refuses it: {other}"),
        },
    }
}

#[test]
fn formulas_are_accepted_and_refused_as_guesstimate_does() {
    let vectors: Value = serde_json::from_str(&fixture("conformance/expr.json")).expect("the vectors are JSON");
    let cases = vectors["cases"].as_array().expect("the vectors hold a list of cases");
    let mut refused = 0;
    let mut differences = Vec::new();
    for case in cases {
        let text = case["inputs"]["expression"].as_str().expect("a case has an expression");
        let recorded = recorded_verdict(case);
        refused += usize::from(recorded != Verdict::Accepted);
        for dialect in DIALECTS {
            let ours = verdict(text, dialect);
            if ours != recorded {
                differences.push(format!("{} {text:?} as {dialect:?}: {ours:?}, recorded {recorded:?}", case["id"]));
            }
        }
    }
    assert!(cases.len() >= 944 && refused >= 60, "{} cases, {refused} of them refused", cases.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
