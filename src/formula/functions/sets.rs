//! Sets: lists in which only the values count, and how often each occurs.

use std::cmp::Ordering;

use super::comparison::natural_order;
use super::{Apply, Family, FunctionInfo};
use crate::formula::interpreter::{EvaluateErrorKind, Evaluated, Interpreter, unexpected};
use crate::formula::value::{Matrix, Value};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Set, name, signatures, arity, help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "setUnion",
        &["setUnion(x, y)"],
        (2, 2),
        "Values in at least one of the sets: those in one only, then those in both.",
        ("setUnion([1, 2], [2, 3])", "[1, 3, 2]"),
        |_, arguments| {
            let (x, y) = both("setUnion", arguments)?;
            let (mut union, in_both) = (symmetric_difference(&x, &y), split(&x, &y).1);
            union.extend(in_both);
            Ok(Matrix::vector(union).into())
        },
    ),
    entry(
        "setIntersect",
        &["setIntersect(x, y)"],
        (2, 2),
        "Values in both sets.",
        ("setIntersect([1, 2, 3], [2, 3, 4])", "[2, 3]"),
        |_, arguments| {
            let (x, y) = both("setIntersect", arguments)?;
            Ok(Matrix::vector(split(&x, &y).1).into())
        },
    ),
    entry(
        "setDifference",
        &["setDifference(x, y)"],
        (2, 2),
        "Values of the first set that are not in the second.",
        ("setDifference([1, 2, 3], [2])", "[1, 3]"),
        |_, arguments| {
            let (x, y) = both("setDifference", arguments)?;
            Ok(Matrix::vector(split(&x, &y).0).into())
        },
    ),
    entry(
        "setSymDifference",
        &["setSymDifference(x, y)"],
        (2, 2),
        "Values in exactly one of the sets.",
        ("setSymDifference([1, 2], [2, 3])", "[1, 3]"),
        |_, arguments| {
            let (x, y) = both("setSymDifference", arguments)?;
            Ok(Matrix::vector(symmetric_difference(&x, &y)).into())
        },
    ),
    entry(
        "setDistinct",
        &["setDistinct(x)"],
        (1, 1),
        "Each value once.",
        ("setDistinct([1, 2, 2])", "[1, 2]"),
        |_, arguments| Ok(Matrix::vector(distinct(sorted("setDistinct", &arguments[0])?)).into()),
    ),
    entry(
        "setSize",
        &["setSize(x)", "setSize(x, distinct)"],
        (1, 2),
        "Number of values, each counted once when `distinct` is true.",
        ("setSize([1, 2, 2])", "3"),
        |_, arguments| {
            let values = sorted("setSize", &arguments[0])?;
            let distinct_only = arguments.get(1) == Some(&Value::Boolean(true));
            Ok(count(if distinct_only { distinct(values).len() } else { values.len() }))
        },
    ),
    entry(
        "setIsSubset",
        &["setIsSubset(x, y)"],
        (2, 2),
        "Whether all values of the first set are in the second.",
        ("setIsSubset([1], [1, 2])", "true"),
        |_, arguments| {
            let (x, y) = both("setIsSubset", arguments)?;
            Ok(Value::Boolean(split(&x, &y).0.is_empty()))
        },
    ),
    entry(
        "setMultiplicity",
        &["setMultiplicity(value, x)"],
        (2, 2),
        "How often a value occurs.",
        ("setMultiplicity(2, [1, 2, 2])", "2"),
        |_, arguments| {
            let values = sorted("setMultiplicity", &arguments[1])?;
            Ok(count(values.iter().filter(|value| same(value, &arguments[0])).count()))
        },
    ),
    entry(
        "setCartesian",
        &["setCartesian(x, y)"],
        (2, 2),
        "All pairs of a value of each set.",
        ("setCartesian([1], [3, 4])", "[[1, 3], [1, 4]]"),
        |_, arguments| {
            let (x, y) = both("setCartesian", arguments)?;
            let rows = x.len().saturating_mul(y.len());
            Matrix::checked_count(&[rows, 2])?;
            let elements = x.iter().flat_map(|x| y.iter().flat_map(move |y| [x.clone(), y.clone()]));
            Ok(Matrix::new(vec![rows, 2], elements.collect()).into())
        },
    ),
];

fn count(count: usize) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "a list has far fewer than 2^53 elements")]
    Value::Number(count as f64)
}

fn same(x: &Value, y: &Value) -> bool {
    natural_order(x, y) == Some(Ordering::Equal)
}

/// The values of a set in ascending order.
fn sorted(function: &'static str, value: &Value) -> Result<Vec<Value>, EvaluateErrorKind> {
    let Value::Matrix(matrix) = value else { return Err(unexpected(function, value)) };
    let mut values = matrix.elements().to_vec();
    // NaN has no place in the order; it goes to the end, so that the order is consistent.
    let is_nan = |value: &Value| matches!(value, Value::Number(x) if x.is_nan());
    values.sort_by(|x, y| is_nan(x).cmp(&is_nan(y)).then_with(|| natural_order(x, y).unwrap_or(Ordering::Equal)));
    Ok(values)
}

fn both(function: &'static str, arguments: &[Value]) -> Result<(Vec<Value>, Vec<Value>), EvaluateErrorKind> {
    Ok((sorted(function, &arguments[0])?, sorted(function, &arguments[1])?))
}

fn distinct(mut values: Vec<Value>) -> Vec<Value> {
    values.dedup_by(|x, y| same(x, y));
    values
}

/// The sorted values of `x` that are not in sorted `y`, and those that are, each as often as it occurs in both.
fn split(x: &[Value], y: &[Value]) -> (Vec<Value>, Vec<Value>) {
    let (mut alone, mut shared) = (Vec::new(), Vec::new());
    let mut rest = y;
    for value in x {
        while let Some((first, others)) = rest.split_first() {
            if natural_order(first, value) != Some(Ordering::Less) {
                break;
            }
            rest = others;
        }
        match rest.split_first() {
            Some((first, others)) if same(first, value) => {
                shared.push(value.clone());
                rest = others;
            }
            _ => alone.push(value.clone()),
        }
    }
    (alone, shared)
}

fn symmetric_difference(x: &[Value], y: &[Value]) -> Vec<Value> {
    let mut alone = split(x, y).0;
    alone.extend(split(y, x).0);
    alone
}
