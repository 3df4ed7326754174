//! The vectors of formulas without randomness through the binary: `eval --compat guesstimate --format json`.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::cli::tailcast;
use crate::conformance::expressions::is_close;
use crate::conformance::vectors::{Class, cases, class_of_code, expected_classes};

/// Every how manieth case is run: a process each takes its time, and all of them run in the engine's own test.
const STRIDE: usize = 7;

/// What a case and the binary disagree on.
fn disagreement(case: &Json) -> Option<String> {
    let formula = format!("={}", case["inputs"]["expression"].as_str().expect("an expression"));
    let ran = tailcast(&["eval", &formula, "--compat", "guesstimate", "--format", "json", "--samples", "100"]);
    let metric = ran.json()["metrics"][0].clone();
    let errors = metric["errors"].as_array().expect("a list").iter();
    let found: BTreeSet<Class> = errors.map(|error| class_of_code(error["code"].as_str().expect("a code"))).collect();
    let expected = expected_classes(&case["expected"]["errors"]);
    let is_value = expected.is_empty();
    let quantiles = metric["quantiles"].as_array().expect("a list").iter().map(|quantile| &quantile["value"]);
    let figures: Vec<&Json> = quantiles.chain([&metric["mean"]]).collect();
    let agrees = found == expected
        && ran.status == if is_value { 0 } else { 2 }
        && figures.iter().all(|figure| match figure.as_f64() {
            Some(value) => is_value && is_close(case, value),
            None => !is_value && figure.is_null(),
        });
    (!agrees)
        .then(|| format!("{} `{formula}`: status {}, {metric}, expected {}", case["id"], ran.status, case["expected"]))
}

#[test]
fn in_compatibility_the_binary_answers_as_the_engine() {
    let failures: Vec<String> = cases("expr").iter().step_by(STRIDE).filter_map(disagreement).collect();
    assert!(failures.is_empty(), "{} disagree:\n{}", failures.len(), failures.join("\n"));
}
