//! The formula grammar against what Guesstimate's own engine accepts and refuses, and against tables of trees, of
//! canonical texts and of messages.

use std::path::PathBuf;

use serde_json::Value;
use tailcast::formula::{Dialect, parse};

const DIALECTS: [Dialect; 2] = [Dialect::Sane, Dialect::Guesstimate];

fn fixture(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines of a table, split at `  =>  `, with `\n` for line ends.
fn table(path: &str, rows_min: usize) -> Vec<Vec<String>> {
    let rows: Vec<Vec<String>> = fixture(path)
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| line.split("  =>  ").map(|cell| cell.replace("\\n", "\n")).collect())
        .collect();
    assert!(rows.len() >= rows_min, "{path}: {} rows", rows.len());
    rows
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

#[test]
fn every_accepted_vector_survives_printing() {
    let vectors: Value = serde_json::from_str(&fixture("conformance/expr.json")).expect("the vectors are JSON");
    for case in vectors["cases"].as_array().expect("the vectors hold a list of cases") {
        let text = case["inputs"]["expression"].as_str().expect("a case has an expression");
        for dialect in DIALECTS {
            let Ok(tree) = parse(text, dialect) else { continue };
            let printed = tree.to_string();
            let again = parse(&printed, dialect).unwrap_or_else(|error| panic!("{text:?} -> {printed:?}: {error}"));
            assert_eq!(again.s_expression(), tree.s_expression(), "{text:?} -> {printed:?}");
            assert_eq!(again.to_string(), printed, "{text:?}");
        }
    }
}

#[test]
fn formulas_are_read_as_the_trees_of_the_table() {
    for row in table("syntax/trees.txt", 200) {
        let [text, trees @ ..] = row.as_slice() else { panic!("{row:?}") };
        let [sane, .., guesstimate] = [&trees[0], &trees[trees.len() - 1]];
        for (dialect, expected) in DIALECTS.into_iter().zip([sane, guesstimate]) {
            let tree = parse(text, dialect).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            assert_eq!(&tree.s_expression(), expected, "{text:?} as {dialect:?}");
        }
    }
}

#[test]
fn formulas_are_printed_as_in_the_table() {
    for row in table("syntax/printed.txt", 60) {
        let [text, expected] = row.as_slice() else { panic!("{row:?}") };
        let tree = parse(text, Dialect::Sane).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(&tree.to_string(), expected, "{text:?}");
    }
}

#[test]
fn refused_formulas_are_answered_with_the_message_of_the_table() {
    for row in table("syntax/errors.txt", 60) {
        let [text, expected] = row.as_slice() else { panic!("{row:?}") };
        let problem = parse(text, Dialect::Sane).expect_err(text).problem();
        let place = problem.span.expect("an error of the text has a place");
        let help = problem.help.expect("an error of the text has a remedy");
        let answer = format!("{} {}..{}: {}; {help}", problem.code, place.start, place.end, problem.message);
        assert_eq!(&answer.replace("\\n", "\n"), expected, "{text:?}");
    }
}
