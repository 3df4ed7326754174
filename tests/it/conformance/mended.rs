//! Defects of Guesstimate that are mended by default, each from the text to the figures; `docs/compatibility.md` lists
//! them, and `--compat guesstimate` has them back.

use serde_json::{Value as Json, json};

use super::vectors::{Drawn, draw, model_of_graph, model_of_text};

const SAMPLES: u64 = 100_000;

/// What the engine makes of a formula or an input text.
fn drawn(text: &str, compat: bool) -> Drawn {
    draw(&model_of_text(text, &Json::Null, compat), SAMPLES).remove(0)
}

fn codes(drawn: &Drawn) -> Vec<&'static str> {
    drawn.problems.iter().map(|problem| problem.code).collect()
}

fn mean(drawn: &Drawn) -> f64 {
    let sorted = drawn.sorted();
    sorted.iter().sum::<f64>() / sorted.len() as f64
}

#[track_caller]
fn assert_constant(text: &str, expected: f64) {
    let found = drawn(text, false);
    assert_eq!(codes(&found), [""; 0], "{text}");
    assert!(!found.values.is_empty() && found.values.iter().all(|value| *value == expected), "{text}: {found:?}");
}

/// Five standard errors, for a standard deviation of one.
#[track_caller]
fn assert_near(found: f64, expected: f64, deviation: f64) {
    let slack = 5.0 * deviation / (SAMPLES as f64).sqrt();
    assert!((found - expected).abs() < slack, "{found}, expected {expected} within {slack}");
}

#[test]
fn factorials_work() {
    assert_constant("=5!", 120.0);
    assert_constant("=factorial(5) / permutations(4)", 5.0);
    assert_constant("=gamma(5)", 24.0);
    assert_eq!(codes(&drawn("=5!", true)), ["not-a-number"]);
    // Factorials of samples as well: 0!, 1! and 2! are equally likely.
    assert_near(mean(&drawn("=randomInt(0, 3)!", false)), 4.0 / 3.0, 0.5);
    assert_eq!(codes(&drawn("=randomInt(0, 3)!", true)), ["not-a-number"]);
}

#[test]
fn every_comma_of_a_number_counts() {
    assert_constant("1,000,000", 1e6);
    assert_eq!(drawn("1,000,000", true).values[0], 1000.0);
}

#[test]
fn percentages_are_taken_of_what_stands_before_them() {
    assert_constant("=100 + 10% + 10%", 121.0);
    assert_constant("=10% + 1", 1.1);
    assert_eq!(drawn("=100 + 10% + 10%", true).values[0], 100.0);
    // The share is one of the same draw, not of another one.
    assert_constant("=t = uniform(1, 2); (t + 5%) / t > 1.0499 and (t + 5%) / t < 1.0501", 1.0);
}

#[test]
fn a_condition_is_a_probability() {
    assert_near(mean(&drawn("=uniform(0, 1) > 0.25", false)), 0.75, 0.44);
    assert_constant("=3 > 2", 1.0);
    assert_eq!(codes(&drawn("=uniform(0, 1) > 0.25", true)), ["not-a-number"]);
}

#[test]
fn a_block_yields_its_last_value() {
    assert_constant("=x = 3; x + 1", 4.0);
    assert_near(mean(&drawn("=x = uniform(0, 1); x + 1", false)), 1.5, 0.29);
    assert_eq!(codes(&drawn("=x = uniform(0, 1); x + 1", true)).len(), 1);
}

#[test]
fn pi_is_a_number_in_capitals_too() {
    assert_constant("=PI - pi", 0.0);
}

#[test]
fn poisson_has_no_cap() {
    assert_near(mean(&drawn("=poisson(5000)", false)), 5000.0, 5000f64.sqrt());
}

#[test]
fn nothing_loops_for_ever() {
    for text in ["=negBinomial(3, 1)", "=negBinomial(-1, 0.5)", "=negBinomial(3, 1.5)", "=negBinomial(2.5, 0.5)"] {
        for compat in [false, true] {
            let found = drawn(text, compat);
            assert!(found.count > 0 || !found.problems.is_empty(), "{text}");
        }
    }
}

/// A model of two lists measured apart and their sum, and a list that is longer than a half of the run.
fn lists() -> Json {
    json!({
        "metrics": [{"id": "A"}, {"id": "B"}, {"id": "S"}, {"id": "L"}, {"id": "R"}],
        "guesstimates": [
            {"metric": "A", "guesstimateType": "DATA", "data": [1, 2, 3, 4]},
            {"metric": "B", "guesstimateType": "DATA", "data": [10, 20, 30, 40]},
            {"metric": "S", "expression": "=${metric:A} + ${metric:B}"},
            {"metric": "L", "guesstimateType": "DATA", "data_gen": {"gen": "linear", "n": 60000, "a": 1, "b": 1}},
            {"metric": "R", "expression": "=${metric:L} * uniform(0, 2)"},
        ],
    })
}

#[test]
fn data_are_drawn_independently_and_never_split() {
    let metrics = draw(&model_of_graph(&lists(), false), SAMPLES);
    let sum = &metrics[2];
    let mut sums: Vec<f64> = sum.sorted();
    sums.dedup();
    assert_eq!((sum.count, sums.len()), (SAMPLES, 16), "every value of one list meets every value of the other");
    assert_eq!(codes(&metrics[4]), [""; 0]);
    assert_near(mean(&metrics[4]), 30_000.5, 26_500.0);
    // Guesstimate walks through both lists in step, so that they make four sums.
    let walked = draw(&model_of_graph(&lists(), true), SAMPLES);
    assert_eq!((walked[2].count, walked[2].sorted()), (4, vec![11.0, 22.0, 33.0, 44.0]));
}

#[test]
fn data_come_before_a_text_beside_them() {
    let graph = json!({
        "metrics": [{"id": "A"}],
        "guesstimates": [{"metric": "A", "expression": "5", "guesstimateType": "DATA", "data": [1, 2, 3]}],
    });
    assert_eq!(draw(&model_of_graph(&graph, false), 1000)[0].sorted().last(), Some(&3.0));
    assert_eq!(draw(&model_of_graph(&graph, true), 1000)[0].values, [5.0]);
}

#[test]
fn a_branch_that_is_not_taken_harms_nothing() {
    let found = drawn("=t = normal(0, 1); t > 0 ? log(t) : 0", false);
    assert_eq!((codes(&found), found.count), (vec![], SAMPLES));
    let found = drawn("=t = randomInt(0, 3); t == 0 ? 7 : 1 / t", false);
    assert_eq!((codes(&found), found.sorted().last()), (vec![], Some(&7.0)));
    assert_constant("=random() < 2 ? 1 : 1 / 0", 1.0);
    let found = drawn("=uniform(0, 1) < 0.5 ? filterLessThan(normal(0, 1), 0) : 5", false);
    assert_near(found.filtered as f64 / SAMPLES as f64, 0.25, 0.44);
    // A filtered input harms only those samples that use it; in Guesstimate it takes all of them.
    let graph = json!({
        "metrics": [{"id": "A"}, {"id": "B"}],
        "guesstimates": [
            {"metric": "A", "expression": "=filterLessThan(normal(0, 1), 0)"},
            {"metric": "B", "expression": "=uniform(0, 1) < 0.5 ? ${metric:A} : 5"},
        ],
    });
    let share = |compat| draw(&model_of_graph(&graph, compat), SAMPLES)[1].filtered as f64 / SAMPLES as f64;
    assert_near(share(false), 0.25, 0.44);
    assert_near(share(true), 0.5, 0.5);
}

#[test]
fn infinite_samples_keep_their_place_and_are_an_error_with_their_count() {
    let metric = super::vectors::run(&model_of_text("=1 / randomInt(0, 5)", &Json::Null, false), SAMPLES);
    let metric = &metric.metrics[0];
    let summary = metric.summary.as_ref().expect("figures");
    assert_eq!(metric.problems[0].code, "division-by-zero");
    assert!(metric.problems[0].message.starts_with(&summary.non_finite.to_string()), "{:?}", metric.problems);
    assert!(summary.mean.is_some_and(|mean| (mean - (1.0 + 0.5 + 1.0 / 3.0 + 0.25) / 4.0).abs() < 0.01));
    let value = |at: usize| summary.quantiles[at].value;
    assert_eq!(value(0).map(|value| (value * 1000.0).round()), Some(500.0), "the median of six values and infinity");
    assert_eq!(value(1), Some(f64::INFINITY), "a fifth is infinite, so p90 is");
    assert_eq!(drawn("=1 / randomInt(0, 5)", true).count, 0, "one infinite sample discards the metric");
}

#[test]
fn samples_that_are_not_a_number_are_an_error_with_their_count() {
    let metric = super::vectors::run(&model_of_text("=sqrt(normal(0, 1))", &Json::Null, false), SAMPLES);
    let metric = &metric.metrics[0];
    let summary = metric.summary.as_ref().expect("figures");
    assert_eq!((metric.problems[0].code, metric.problems.len()), ("not-a-number", 1));
    assert!(metric.problems[0].message.starts_with(&summary.not_a_number.to_string()), "{:?}", metric.problems);
    assert_near(summary.not_a_number as f64 / SAMPLES as f64, 0.5, 0.5);
    assert!(summary.min.is_some_and(|min| min >= 0.0));
}

#[test]
fn every_sample_counts_in_the_quantiles() {
    // The app sorts the first 2000 samples alone: of this list they are the smallest third.
    let graph = json!({
        "metrics": [{"id": "A"}],
        "guesstimates": [{"metric": "A", "guesstimateType": "DATA", "data_gen": {"gen": "linear", "n": 6000, "a": 1, "b": 1}}],
    });
    for compat in [false, true] {
        let outcome = super::vectors::run(&model_of_graph(&graph, compat), 60_000);
        let median = outcome.metrics[0].summary.as_ref().expect("figures").quantiles[0].value.expect("a median");
        assert!((median - 3000.0).abs() < 100.0, "{median}");
    }
}

#[test]
fn ids_may_hold_any_character() {
    let graph = json!({
        "metrics": [{"id": "a+b(*)?"}, {"id": "B"}],
        "guesstimates": [{"metric": "a+b(*)?", "expression": "5"}, {"metric": "B", "expression": "=${metric:a+b(*)?} * 2"}],
    });
    assert_eq!(draw(&model_of_graph(&graph, false), 10)[1].values[0], 10.0);
}
