//! Formulas without randomness, as metrics of a model.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use tailcast::sim::MetricOutcome;

use super::vectors::{cases, classes, expected_classes, model_of_text, number, run};

/// Whether a value is the expected one by the rule of its case.
pub(crate) fn is_close(case: &Json, found: f64) -> bool {
    let expected = number(&case["expected"]["value"]);
    if case["compare"]["mode"] == "exact" {
        return found == expected;
    }
    let (relative, absolute) = (number(&case["compare"]["rel"]), number(&case["compare"]["abs"]));
    (found - expected).abs() <= absolute.max(relative * expected.abs())
}

/// The metric that a formula makes.
fn metric_of(case: &Json, compat: bool) -> MetricOutcome {
    let text = format!("={}", case["inputs"]["expression"].as_str().expect("an expression"));
    let model = model_of_text(&text, &"FUNCTION".into(), compat);
    run(&model, 100).metrics.remove(0)
}

/// What a case and the engine disagree on.
fn disagreement(case: &Json, metric: &MetricOutcome) -> Option<String> {
    let describe = |found: String| {
        Some(format!("{} `{}`: {found}, expected {}", case["id"], case["inputs"]["expression"], case["expected"]))
    };
    let (found, expected) = (classes(&metric.problems), expected_classes(&case["expected"]["errors"]));
    if found != expected {
        return describe(format!("{:?}", metric.problems));
    }
    if !expected.is_empty() {
        return None;
    }
    let Some(summary) = &metric.summary else { return describe("nothing".to_owned()) };
    let figures = [summary.mean, summary.min, summary.max].into_iter();
    let figures = figures.chain(summary.quantiles.iter().map(|quantile| quantile.value));
    let figures: BTreeSet<Option<u64>> = figures.map(|figure| figure.map(f64::to_bits)).collect();
    match figures.first().copied().flatten().map(f64::from_bits) {
        Some(value) if figures.len() == 1 && is_close(case, value) => None,
        _ => describe(format!("{summary:?}")),
    }
}

#[test]
fn in_compatibility_every_formula_agrees() {
    let cases = cases("expr");
    let failures: Vec<String> = cases.iter().filter_map(|case| disagreement(case, &metric_of(case, true))).collect();
    assert!(failures.is_empty(), "{} of {} disagree:\n{}", failures.len(), cases.len(), failures.join("\n"));
    assert!(cases.len() >= 944);
}
