//! Figures of a list that go from left to right: smallest, largest, sum, product, mean, running sum, count.

use std::cmp::Ordering;

use super::real;
use super::{ANY, Apply, Family, FunctionInfo, Scalar, domain};
use crate::formula::interpreter::{
    EvaluateErrorKind, Evaluated, Interpreter, Numeric, binary, order, real_of, unexpected,
};
use crate::formula::tree::BinaryOperator;
use crate::formula::value::{Matrix, Value};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Statistics, name, signatures, arity, help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "min",
        &["min(x, y, …)", "min(list)", "min(matrix, dimension)"],
        (1, ANY),
        "Smallest value.",
        ("min(3, 1, 2)", "1"),
        |_, arguments| reduce("min", arguments, &mut |values| extreme("min", values, Ordering::Less)),
    )
    .scalar(Scalar::Many(real::minimum)),
    entry(
        "max",
        &["max(x, y, …)", "max(list)", "max(matrix, dimension)"],
        (1, ANY),
        "Largest value.",
        ("max([3, 1, 2])", "3"),
        |_, arguments| reduce("max", arguments, &mut |values| extreme("max", values, Ordering::Greater)),
    )
    .scalar(Scalar::Many(real::maximum)),
    entry(
        "sum",
        &["sum(x, y, …)", "sum(list)", "sum(matrix, dimension)"],
        (1, ANY),
        "Sum of the values.",
        ("sum(1:10)", "55"),
        |_, arguments| reduce("sum", arguments, &mut |values| fold("sum", BinaryOperator::Add, values)),
    )
    .scalar(Scalar::Many(real::sum)),
    entry(
        "prod",
        &["prod(x, y, …)", "prod(list)", "prod(matrix, dimension)"],
        (1, ANY),
        "Product of the values.",
        ("prod(1, 2, 3, 4)", "24"),
        |_, arguments| reduce("prod", arguments, &mut |values| fold("prod", BinaryOperator::Multiply, values)),
    )
    .scalar(Scalar::Many(real::product)),
    entry(
        "mean",
        &["mean(x, y, …)", "mean(list)", "mean(matrix, dimension)"],
        (1, ANY),
        "Arithmetic mean.",
        ("mean(1, 2, 3, 4)", "2.5"),
        |_, arguments| reduce("mean", arguments, &mut mean),
    )
    .scalar(Scalar::Many(real::mean)),
    entry(
        "cumsum",
        &["cumsum(x, y, …)", "cumsum(list)", "cumsum(matrix, dimension)"],
        (1, ANY),
        "Running sums.",
        ("cumsum([1, 2, 3])", "[1, 3, 6]"),
        |_, arguments| cumulative_sum(arguments),
    ),
    entry(
        "count",
        &["count(list)", "count(text)"],
        (1, 1),
        "Number of elements of a matrix, or of characters of a text.",
        ("count([1, 2, 3])", "3"),
        |_, arguments| {
            let count = match &arguments[0] {
                Value::Matrix(matrix) => matrix.elements().len(),
                Value::Text(text) => text.encode_utf16().count(),
                other => return Err(unexpected("count", other)),
            };
            #[expect(clippy::cast_precision_loss, reason = "a matrix or text has far fewer than 2^53 elements")]
            Ok(Value::Number(count as f64))
        },
    ),
];

/// A filtered sample in a list is an error of the list, not a filtered result.
fn in_list(function: &'static str, error: EvaluateErrorKind) -> EvaluateErrorKind {
    match error {
        EvaluateErrorKind::Filtered => {
            EvaluateErrorKind::UnexpectedType { function, found: Value::Filtered.described() }
        }
        other => other,
    }
}

/// The values that a function of a list is given: the elements of the only matrix, or the arguments themselves.
///
/// # Errors
/// A matrix among several arguments, and an empty list.
pub(super) fn arguments_of<'v>(
    function: &'static str,
    arguments: &'v [Value],
) -> Result<&'v [Value], EvaluateErrorKind> {
    let values = match arguments {
        [Value::Matrix(list)] => list.elements(),
        _ => arguments,
    };
    if values.is_empty() {
        return Err(domain(function, "at least one value"));
    }
    match values.iter().find(|value| matches!(value, Value::Matrix(_))) {
        Some(_) => Err(domain(function, "single values or one list")),
        None => Ok(values),
    }
}

/// Applies a function of a list to the arguments, or along a dimension of a matrix.
pub(super) fn reduce(
    function: &'static str,
    arguments: &[Value],
    apply: &mut dyn FnMut(&[Value]) -> Evaluated,
) -> Evaluated {
    let result = match arguments {
        [Value::Matrix(matrix), axis] if !matches!(axis, Value::Matrix(_)) => along(function, matrix, axis, apply),
        _ => apply(arguments_of(function, arguments)?),
    };
    result.map_err(|error| in_list(function, error))
}

/// Position of a dimension, which is counted from 1.
pub(super) fn dimension(function: &'static str, axis: &Value, rank: usize) -> Result<usize, EvaluateErrorKind> {
    let axis = real_of(function, axis)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates and is then out of range")]
    let position = axis as usize;
    if axis == axis.round() && (1..=rank).contains(&position) {
        Ok(position - 1)
    } else {
        Err(domain(function, "a dimension of the matrix"))
    }
}

/// Lengths before, of, and after a dimension.
pub(super) fn strides(shape: &[usize], axis: usize) -> (usize, usize, usize) {
    (shape[..axis].iter().product(), shape[axis], shape[axis + 1..].iter().product())
}

fn along(
    function: &'static str,
    matrix: &Matrix,
    axis: &Value,
    apply: &mut dyn FnMut(&[Value]) -> Evaluated,
) -> Evaluated {
    let axis = dimension(function, axis, matrix.shape().len())?;
    let (outer, length, inner) = strides(matrix.shape(), axis);
    let mut results = Vec::with_capacity(outer * inner);
    for block in 0..outer {
        for offset in 0..inner {
            let values: Vec<Value> = (0..length)
                .map(|position| matrix.elements()[(block * length + position) * inner + offset].clone())
                .collect();
            if values.is_empty() {
                return Err(domain(function, "at least one value"));
            }
            results.push(apply(&values)?);
        }
    }
    let mut shape = matrix.shape().to_vec();
    shape.remove(axis);
    match results.len() {
        1 if shape.is_empty() => Ok(results.swap_remove(0)),
        _ => Ok(Matrix::new(shape, results).into()),
    }
}

fn is_nan(value: &Value) -> bool {
    matches!(value, Value::Number(x) if x.is_nan())
}

/// A value as a number when it is text; other kinds stay what they are.
fn without_text(function: &'static str, value: &Value) -> Evaluated {
    match value {
        Value::Text(_) => Ok(Numeric::of(function, value)?.into()),
        other => Ok(other.clone()),
    }
}

fn extreme(function: &'static str, values: &[Value], better: Ordering) -> Evaluated {
    let mut best = without_text(function, &values[0])?;
    if values.len() == 1 {
        // A single value is compared with itself, so that a kind without order is refused.
        order(function, &best, &best)?;
    }
    for value in &values[1..] {
        let value = without_text(function, value)?;
        if order(function, &value, &best)? == Some(better) && !is_nan(&best) || is_nan(&value) {
            best = value;
        }
    }
    Ok(best)
}

fn fold(function: &'static str, operator: BinaryOperator, values: &[Value]) -> Evaluated {
    let first = without_text(function, &values[0])?;
    let sum = values[1..].iter().try_fold(first, |result, value| binary(operator, &result, value))?;
    match sum {
        Value::Number(_) | Value::Quantity(_) => Ok(sum),
        other => Ok(Numeric::of(function, &other)?.into()),
    }
}

fn mean(values: &[Value]) -> Evaluated {
    let sum = fold("mean", BinaryOperator::Add, values)?;
    #[expect(clippy::cast_precision_loss, reason = "a list has far fewer than 2^53 elements")]
    binary(BinaryOperator::Divide, &sum, &Value::Number(values.len() as f64))
}

fn cumulative_sum(arguments: &[Value]) -> Evaluated {
    let (matrix, axis) = match arguments {
        [Value::Matrix(matrix), axis] => (matrix.clone(), dimension("cumsum", axis, matrix.shape().len())?),
        [Value::Matrix(matrix)] => (matrix.clone(), 0),
        _ => (Matrix::list(arguments_of("cumsum", arguments)?.to_vec()), 0),
    };
    let mut sums = matrix;
    let (outer, length, inner) = strides(sums.shape(), axis);
    for block in 0..outer {
        for position in 1..length {
            for offset in 0..inner {
                let here = (block * length + position) * inner + offset;
                let sum = binary(BinaryOperator::Add, &sums.elements()[here - inner], &sums.elements()[here])
                    .map_err(|error| in_list("cumsum", error))?;
                sums.elements_mut()[here] = sum;
            }
        }
    }
    Ok(sums.into())
}
