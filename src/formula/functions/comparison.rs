//! Comparison: of numbers with a tolerance, of text, of everything.

use std::cmp::Ordering;

use super::real;
use super::{Apply, Family, FunctionInfo, Scalar};
use crate::formula::interpreter::{
    Evaluated, Interpreter, Numeric, Pair, broadcast, compare, equal, order, unexpected,
};
use crate::formula::tree::ComparisonOperator;
use crate::formula::value::Value;

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Comparison, name, signatures, (2, 2), help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "compare",
        &["compare(x, y)"],
        "1, 0 or -1 as `x` is larger than, equal to or smaller than `y`.",
        ("compare(2, 3)", "-1"),
        |_, arguments| {
            broadcast(&arguments[0], &arguments[1], &mut |x, y| {
                Ok(Value::Number(match order("compare", x, y)? {
                    Some(Ordering::Equal) => 0.0,
                    Some(Ordering::Greater) => 1.0,
                    _ => -1.0,
                }))
            })
        },
    )
    .scalar(Scalar::Two(real::compare)),
    entry(
        "equal",
        &["equal(x, y)"],
        "Whether `x == y`, within the tolerance of comparisons.",
        ("equal(0.1 + 0.2, 0.3)", "true"),
        |_, arguments| compare(ComparisonOperator::Equal, &arguments[0], &arguments[1]),
    )
    .scalar(Scalar::Two(real::equal)),
    entry(
        "equalScalar",
        &["equalScalar(x, y)"],
        "Whether two scalars are equal, within the tolerance of comparisons.",
        ("equalScalar(1, 1)", "true"),
        |_, arguments| match (&arguments[0], &arguments[1]) {
            (matrix @ Value::Matrix(_), _) | (_, matrix @ Value::Matrix(_)) => Err(unexpected("equalScalar", matrix)),
            (x, y) => Ok(Value::Boolean(equal(x, y)?)),
        },
    )
    .scalar(Scalar::Two(real::equal)),
    entry("unequal", &["unequal(x, y)"], "Whether `x != y`.", ("unequal(2, 3)", "true"), |_, arguments| {
        compare(ComparisonOperator::Unequal, &arguments[0], &arguments[1])
    })
    .scalar(Scalar::Two(real::unequal)),
    entry("smaller", &["smaller(x, y)"], "Whether `x < y`.", ("smaller(2, 3)", "true"), |_, arguments| {
        compare(ComparisonOperator::Smaller, &arguments[0], &arguments[1])
    })
    .scalar(Scalar::Two(real::smaller)),
    entry("smallerEq", &["smallerEq(x, y)"], "Whether `x <= y`.", ("smallerEq(3, 3)", "true"), |_, arguments| {
        compare(ComparisonOperator::SmallerEqual, &arguments[0], &arguments[1])
    })
    .scalar(Scalar::Two(real::smaller_equal)),
    entry("larger", &["larger(x, y)"], "Whether `x > y`.", ("larger(2, 3)", "false"), |_, arguments| {
        compare(ComparisonOperator::Larger, &arguments[0], &arguments[1])
    })
    .scalar(Scalar::Two(real::larger)),
    entry("largerEq", &["largerEq(x, y)"], "Whether `x >= y`.", ("largerEq(3, 3)", "true"), |_, arguments| {
        compare(ComparisonOperator::LargerEqual, &arguments[0], &arguments[1])
    })
    .scalar(Scalar::Two(real::larger_equal)),
    entry(
        "deepEqual",
        &["deepEqual(x, y)"],
        "Whether two matrices have the same shape and equal elements.",
        ("deepEqual([1, 2], [1, 2])", "true"),
        |_, arguments| match (&arguments[0], &arguments[1]) {
            (Value::Matrix(x), Value::Matrix(y)) => {
                let mut same = x.shape() == y.shape();
                for (x, y) in x.elements().iter().zip(y.elements()) {
                    same = same && equal(x, y)?;
                }
                Ok(Value::Boolean(same))
            }
            (Value::Matrix(_), _) | (_, Value::Matrix(_)) => Ok(Value::Boolean(false)),
            (x, y) => Ok(Value::Boolean(equal(x, y)?)),
        },
    ),
    entry(
        "compareText",
        &["compareText(x, y)"],
        "1, 0 or -1 as the text `x` comes after, equals or comes before `y`.",
        ("compareText(\"a\", \"b\")", "-1"),
        |_, arguments| {
            broadcast(&arguments[0], &arguments[1], &mut |x, y| Ok(Value::Number(text_order("compareText", x, y)?)))
        },
    ),
    entry(
        "equalText",
        &["equalText(x, y)"],
        "Whether two texts are equal.",
        ("equalText(\"a\", \"a\")", "true"),
        |_, arguments| {
            broadcast(&arguments[0], &arguments[1], &mut |x, y| {
                Ok(Value::Boolean(text_order("equalText", x, y)? == 0.0))
            })
        },
    ),
    entry(
        "compareNatural",
        &["compareNatural(x, y)"],
        "1, 0 or -1 in an order of all values: numbers by size, then text, then the rest.",
        ("compareNatural(10, 9)", "1"),
        |_, arguments| Ok(Value::Number(natural_order(&arguments[0], &arguments[1]).map_or(0.0, sign_of))),
    ),
];

const fn sign_of(order: Ordering) -> f64 {
    match order {
        Ordering::Less => -1.0,
        Ordering::Equal => 0.0,
        Ordering::Greater => 1.0,
    }
}

fn text_order(
    function: &'static str,
    x: &Value,
    y: &Value,
) -> Result<f64, crate::formula::interpreter::EvaluateErrorKind> {
    match (x, y) {
        (Value::Text(x), Value::Text(y)) => Ok(sign_of(x.encode_utf16().cmp(y.encode_utf16()))),
        (Value::Text(_), other) | (other, _) => Err(unexpected(function, other)),
    }
}

/// Order of any two values, without tolerance: numbers before text before the rest; `None` when they cannot be told
/// apart.
pub(super) fn natural_order(x: &Value, y: &Value) -> Option<Ordering> {
    let rank = |value: &Value| match value {
        Value::Text(_) => 2,
        Value::Complex(_) => 1,
        _ if Numeric::of("compareNatural", value).is_ok() => 0,
        _ => 3,
    };
    match (x, y) {
        (Value::Text(x), Value::Text(y)) => Some(x.cmp(y)),
        (Value::Complex(x), Value::Complex(y)) => Some(x.re.partial_cmp(&y.re)?.then(x.im.partial_cmp(&y.im)?)),
        (Value::Matrix(x), Value::Matrix(y)) => x
            .elements()
            .iter()
            .zip(y.elements())
            .filter_map(|(x, y)| natural_order(x, y))
            .find(|order| order.is_ne())
            .or_else(|| Some(x.elements().len().cmp(&y.elements().len()))),
        _ if rank(x) != rank(y) => Some(rank(x).cmp(&rank(y))),
        _ => match Pair::of("compareNatural", x, y) {
            Ok(Pair::Real(x, y)) => x.partial_cmp(&y),
            Ok(pair) => pair.order("compareNatural").ok().flatten(),
            Err(_) => None,
        },
    }
}
