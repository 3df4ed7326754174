//! The expression vectors of the real engine: formulas without randomness, and what it answers.
//!
//! In compatibility every case agrees; by default every case agrees except the defects that are mended, each listed here
//! by tag or id. What draws is left to the engine's own tests.

use serde_json::Value as Json;
use tailcast::formula::interpreter::{EvaluateErrorKind, Interpreter, Options};
use tailcast::formula::value::{Outcome, Value};
use tailcast::formula::{Dialect, FormulaErrorKind, parse};

/// Result of a formula: a number, or the classes of its errors as type and subtype.
#[derive(Debug, Clone, PartialEq)]
enum Answer {
    Number(f64),
    Errors(Vec<(u64, Option<u64>)>),
    /// It draws.
    Random,
}

fn cases() -> Vec<Json> {
    let text = include_str!("../fixtures/conformance/expr.json");
    let document: Json = serde_json::from_str(text).expect("the fixture is JSON");
    document["cases"].as_array().expect("the fixture has cases").clone()
}

fn number(json: &Json) -> f64 {
    match json {
        Json::String(text) if text == "-0" => -0.0,
        Json::String(text) => text.parse().expect("NaN or an infinity"),
        other => other.as_f64().expect("a number"),
    }
}

fn expected(case: &Json) -> Answer {
    let expected = &case["expected"];
    if expected["status"] == "value" {
        return Answer::Number(number(&expected["value"]));
    }
    let mut errors: Vec<_> = expected["errors"]
        .as_array()
        .expect("an error has errors")
        .iter()
        .map(|error| (error["type"].as_u64().expect("a type"), error["subType"].as_u64()))
        .collect();
    errors.sort_unstable();
    errors.dedup();
    Answer::Errors(errors)
}

fn classes(kind: &EvaluateErrorKind) -> Answer {
    match kind {
        EvaluateErrorKind::Random { .. } => Answer::Random,
        EvaluateErrorKind::FunctionResult => Answer::Errors(vec![(2, Some(9))]),
        EvaluateErrorKind::UnitResult => Answer::Errors(vec![(2, Some(8))]),
        EvaluateErrorKind::Infinite => Answer::Errors(vec![(4, Some(15)), (4, Some(16))]),
        EvaluateErrorKind::Filtered => Answer::Errors(vec![(4, Some(16))]),
        _ => Answer::Errors(vec![(4, None)]),
    }
}

/// What the formula yields before it is accepted or rejected as a metric's value.
fn evaluated(case: &Json, compat: bool) -> Result<Value, Answer> {
    let dialect = if compat { Dialect::Guesstimate } else { Dialect::Sane };
    let tree = parse(case["inputs"]["expression"].as_str().expect("an expression"), dialect).map_err(|error| {
        let end = error.kind == FormulaErrorKind::UnexpectedEnd;
        Answer::Errors(vec![(4, end.then_some(14))])
    })?;
    Interpreter::new(Options { compat }).evaluate(&tree).map_err(|error| classes(&error.kind))
}

fn answer(case: &Json, compat: bool) -> Answer {
    match evaluated(case, compat) {
        Ok(value) => match value.outcome(compat) {
            Ok(Outcome::Number(x)) => Answer::Number(x),
            Ok(Outcome::Filtered) => Answer::Errors(vec![(4, Some(16))]),
            Err(kind) => classes(&kind),
        },
        Err(answer) => answer,
    }
}

fn close(case: &Json, found: f64, expected: f64) -> bool {
    if case["compare"]["mode"] == "exact" {
        return found == expected;
    }
    let (relative, absolute) = (number(&case["compare"]["rel"]), number(&case["compare"]["abs"]));
    (found - expected).abs() <= absolute.max(relative * expected.abs())
}

fn agrees(case: &Json, found: &Answer) -> bool {
    match (found, expected(case)) {
        (Answer::Number(found), Answer::Number(expected)) => close(case, *found, expected),
        (found, expected) => *found == expected,
    }
}

fn describe(case: &Json, found: &Answer) -> String {
    format!("{} `{}`: {found:?}, expected {:?}", case["id"], case["inputs"]["expression"], expected(case))
}

fn has_tag(case: &Json, tags: &[&str]) -> bool {
    case["tags"].as_array().is_some_and(|found| found.iter().any(|tag| tags.iter().any(|wanted| tag == wanted)))
}

/// Checks every case that `concerns`, and returns how many it was and how many of them draw.
fn check(compat: bool, concerns: impl Fn(&Json) -> bool) -> (usize, usize) {
    let (mut checked, mut random) = (0, 0);
    let mut failures = Vec::new();
    for case in cases().iter().filter(|case| concerns(case)) {
        let found = answer(case, compat);
        checked += 1;
        if found == Answer::Random {
            random += 1;
        } else if !agrees(case, &found) {
            failures.push(describe(case, &found));
        }
    }
    assert!(failures.is_empty(), "{} disagree:\n{}", failures.len(), failures.join("\n"));
    (checked, random)
}

/// Cases that draw, which the engine's own tests evaluate: the interpreter has nothing to draw from here.
const DRAWING: usize = 23;

/// Tags of the defects that are mended by default.
const MENDED: [&str; 6] =
    ["gamma-replaced", "pi-replaced", "percent-then-sign", "boolean-result", "block-result", "other-result"];

/// Cases without such a tag that differ by default.
const MENDED_CASES: &[&str] = &[
    // The engine's `lgamma(0.5)` is wrong from the twelfth digit on.
    "expr-0203",
];

#[test]
fn in_compatibility_every_case_agrees() {
    assert_eq!(check(true, |_| true), (944, DRAWING));
}

#[test]
fn by_default_every_case_agrees_that_is_not_mended() {
    let counts = check(false, |case| !has_tag(case, &MENDED) && !MENDED_CASES.iter().any(|id| case["id"] == *id));
    assert_eq!(counts, (873, DRAWING));
}

#[test]
fn by_default_defects_are_mended() {
    for (text, expected) in [
        ("5!", 120.0),
        ("0!", 1.0),
        ("2.5!", 3.323_350_970_447_842_6),
        ("3!^2", 36.0),
        ("factorial(5)", 120.0),
        ("gamma(5)", 24.0),
        ("permutations(5)", 120.0),
        ("multinomial([1,2,3])", 60.0),
        ("zeta(2)", 1.644_934_066_848_226_4),
        ("7 mod 3!", 1.0),
        ("PI", std::f64::consts::PI),
        ("2*PI", 2.0 * std::f64::consts::PI),
        ("PI(5,-100,50,50,50)", 1.36),
        ("100 + 10% + 10%", 121.0),
        ("10% + 1", 1.1),
        ("3>2", 1.0),
        ("true", 1.0),
        ("not 1", 0.0),
        ("x=3;x+1", 4.0),
        ("3;", 3.0),
        ("3\n4", 4.0),
        ("fraction(1,4)", 0.25),
        ("bignumber(0.1)+bignumber(0.2)", 0.3),
        ("lgamma(0.5)", 0.572_364_942_924_700_1),
    ] {
        let case = serde_json::json!({
            "inputs": {"expression": text},
            "compare": {"mode": "rel", "rel": 1e-14, "abs": 0.0},
            "expected": {"status": "value", "value": expected},
        });
        let found = answer(&case, false);
        assert!(agrees(&case, &found), "{}", describe(&case, &found));
    }
}

/// Whether a value is the intermediate one that the real engine had: its kind, and its parts within 1e-12.
fn is_intermediate(value: &Value, kind: &Json, json: &Json) -> bool {
    let close = |x: f64, json: &Json| {
        let expected = number(json);
        x.is_nan() && expected.is_nan() || x == expected || (x - expected).abs() <= 1e-12 * expected.abs().max(1.0)
    };
    match (value, json) {
        (Value::Number(x), json) => (kind.is_null() || kind == "number") && close(*x, json),
        (Value::Boolean(truth), json) => json == truth,
        (Value::Text(text), json) => json == text,
        (Value::Complex(z), json) => close(z.re, &json["re"]) && close(z.im, &json["im"]),
        (Value::Matrix(matrix), Json::Array(elements)) => {
            let slices = matrix.slices();
            (kind.is_null() || kind == value.type_name())
                && slices.len() == elements.len()
                && slices.iter().zip(elements).all(|(slice, json)| is_intermediate(slice, &Json::Null, json))
        }
        (Value::ResultSet(values), Json::Array(elements)) => {
            values.len() == elements.len()
                && values.iter().zip(elements).all(|(value, json)| is_intermediate(value, &Json::Null, json))
        }
        (Value::Quantity(quantity), Json::String(text)) => quantity.text(usize::MAX) == *text,
        (Value::Fraction(fraction), Json::String(text)) => {
            *text == format!("{}/{}", fraction.numerator(), fraction.denominator())
        }
        (Value::BigNumber(number), Json::String(text)) => number.to_string() == *text,
        (Value::Object(properties), Json::Object(expected)) => {
            properties.len() == expected.len()
                && properties.iter().all(|(key, value)| is_intermediate(value, &Json::Null, &expected[key]))
        }
        (Value::Filtered, json) => json["filtered"] == true,
        (Value::Function(_) | Value::Undefined, Json::Null) => true,
        _ => false,
    }
}

/// Cases whose kind of intermediate value is our own: expressions are one kind of value, and are not rewritten; a finance
/// function with too few arguments is an error instead of NaN.
const OTHER_KINDS: [&str; 6] = ["expr-1365", "expr-1366", "expr-1367", "expr-1450", "expr-1463", "expr-1489"];

#[test]
fn intermediate_values_agree() {
    let mut failures = Vec::new();
    for case in cases() {
        let intermediate = &case["expected"]["intermediate"];
        if intermediate["type"] == "error" || intermediate["type"].is_null() {
            continue;
        }
        match evaluated(&case, true) {
            Ok(value) if is_intermediate(&value, &intermediate["type"], &intermediate["value"]) => {}
            Err(Answer::Random) => {}
            _ if OTHER_KINDS.iter().any(|id| case["id"] == *id) => {}
            found => {
                failures.push(format!(
                    "{} `{}`: {found:?}, expected {intermediate}",
                    case["id"], case["inputs"]["expression"]
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{} disagree:\n{}", failures.len(), failures.join("\n"));
}
