//! Rearranging matrices: joining, flattening, reshaping, sorting, picking rows and columns.

use std::cmp::Ordering;

use super::comparison::natural_order;
use super::linear::rows_and_columns;
use super::matrix::{length, resized};
use super::reduction::{dimension, strides};
use super::{ANY, Apply, Family, FunctionInfo, domain};
use crate::formula::interpreter::{
    EvaluateErrorKind, Evaluated, Interpreter, binary, order, real_of, transpose, unexpected,
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
    FunctionInfo::new(Family::Matrix, name, signatures, arity, help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "concat",
        &["concat(x, y, …)", "concat(x, y, …, dimension)"],
        (1, ANY),
        "Matrices joined along the last dimension or the one given, or texts joined.",
        ("concat([1], [2])", "[1, 2]"),
        |_, arguments| concat(arguments),
    ),
    entry(
        "flatten",
        &["flatten(matrix)"],
        (1, 1),
        "All elements as a list.",
        ("flatten([1, 2; 3, 4])", "[1, 2, 3, 4]"),
        |_, arguments| Ok(Matrix::vector(matrix("flatten", &arguments[0])?.elements().to_vec()).into()),
    ),
    entry(
        "squeeze",
        &["squeeze(matrix)"],
        (1, 1),
        "The matrix without outer and inner dimensions of length 1.",
        ("squeeze([[5]])", "5"),
        |_, arguments| Ok(squeeze(&arguments[0])),
    ),
    entry(
        "reshape",
        &["reshape(matrix, sizes)"],
        (2, 2),
        "The elements in another shape; one size may be -1.",
        ("reshape([1, 2, 3, 4], [2, 2])", "[1, 2; 3, 4]"),
        |_, arguments| reshape(arguments),
    ),
    entry(
        "resize",
        &["resize(matrix, sizes)", "resize(matrix, sizes, filler)"],
        (2, 3),
        "The matrix cut, or filled up with zeros or the filler.",
        ("resize([1, 2, 3], [2])", "[1, 2]"),
        |_, arguments| {
            let sizes = matrix("resize", &arguments[1])?.elements();
            let sizes = sizes.iter().map(|size| length("resize", size)).collect::<Result<Vec<_>, _>>()?;
            let filler = arguments.get(2).cloned().unwrap_or(Value::Number(0.0));
            match &arguments[0] {
                Value::Matrix(matrix) => Ok(resized(matrix, sizes, &filler)?.into()),
                scalar => Ok(resized(&Matrix::vector(vec![scalar.clone()]), sizes, &filler)?.into()),
            }
        },
    ),
    entry(
        "sort",
        &["sort(list)", "sort(list, \"desc\")", "sort(list, function)"],
        (1, 2),
        "The list in ascending, descending or the function's order.",
        ("sort([3, 1, 2])", "[1, 2, 3]"),
        sort,
    ),
    entry(
        "partitionSelect",
        &["partitionSelect(list, k)", "partitionSelect(list, k, \"desc\")"],
        (2, 3),
        "Element that a sorted list has at position `k`, counted from 0.",
        ("partitionSelect([3, 1, 2], 1)", "2"),
        |interpreter, arguments| {
            let position = length("partitionSelect", &arguments[1])?;
            let list = match arguments.get(2) {
                Some(order) => sort(interpreter, &[arguments[0].clone(), order.clone()])?,
                None => sort(interpreter, &arguments[..1])?,
            };
            let list = matrix("partitionSelect", &list)?;
            list.elements().get(position).cloned().ok_or_else(|| domain("partitionSelect", "a position of the list"))
        },
    ),
    entry(
        "row",
        &["row(matrix, i)"],
        (2, 2),
        "A row, as a matrix of one row.",
        ("row([1, 2; 3, 4], 1)", "[[1, 2]]"),
        |_, arguments| {
            let matrix = matrix("row", &arguments[0])?;
            let (rows, columns) = rows_and_columns("row", matrix)?;
            let row = position(&arguments[1], rows)?;
            let elements = matrix.elements()[row * columns..(row + 1) * columns].to_vec();
            Ok(Matrix::new(vec![1, columns], elements).into())
        },
    ),
    entry(
        "column",
        &["column(matrix, j)"],
        (2, 2),
        "A column, as a matrix of one column.",
        ("column([1, 2; 3, 4], 1)", "[1; 3]"),
        |_, arguments| {
            let matrix = matrix("column", &arguments[0])?;
            let (rows, columns) = rows_and_columns("column", matrix)?;
            let column = position(&arguments[1], columns)?;
            let elements = (0..rows).map(|row| matrix.elements()[row * columns + column].clone()).collect();
            Ok(Matrix::new(vec![rows, 1], elements).into())
        },
    ),
    entry(
        "transpose",
        &["transpose(matrix)"],
        (1, 1),
        "Rows as columns.",
        ("transpose([1, 2; 3, 4])", "[1, 3; 2, 4]"),
        |_, arguments| transpose(&arguments[0], false),
    ),
    entry(
        "ctranspose",
        &["ctranspose(matrix)"],
        (1, 1),
        "Rows as columns, elements conjugated.",
        ("ctranspose([1, 2; 3, 4])", "[1, 3; 2, 4]"),
        |_, arguments| transpose(&arguments[0], true),
    ),
    entry(
        "diff",
        &["diff(list)", "diff(matrix, dimension)"],
        (1, 2),
        "Differences between neighbours.",
        ("diff([1, 4, 9])", "[3, 5]"),
        |_, arguments| differences(arguments),
    ),
];

/// The argument as a matrix.
pub(super) fn matrix<'v>(function: &'static str, value: &'v Value) -> Result<&'v Matrix, EvaluateErrorKind> {
    match value {
        Value::Matrix(matrix) => Ok(matrix),
        other => Err(unexpected(function, other)),
    }
}

/// A position counted from 1, as an offset.
fn position(value: &Value, length: usize) -> Result<usize, EvaluateErrorKind> {
    let x = real_of("index", value)?;
    #[expect(clippy::cast_possible_truncation, reason = "saturates and is then out of range")]
    let index = x as i64;
    match usize::try_from(index - 1) {
        Ok(offset) if x == x.round() && offset < length => Ok(offset),
        _ => Err(EvaluateErrorKind::Index { index, length }),
    }
}

fn concat(arguments: &[Value]) -> Evaluated {
    if arguments.iter().all(|argument| matches!(argument, Value::Text(_))) {
        return Ok(Value::Text(arguments.iter().map(|argument| argument.text(usize::MAX)).collect()));
    }
    let (values, axis) = match arguments {
        [values @ .., axis @ Value::Number(_)] => (values, Some(axis)),
        all => (all, None),
    };
    let matrices = values.iter().map(|value| matrix("concat", value)).collect::<Result<Vec<_>, _>>()?;
    let Some((first, others)) = matrices.split_first() else { return Err(domain("concat", "at least one matrix")) };
    let axis = match axis {
        Some(axis) => dimension("concat", axis, first.shape().len())?,
        None => first.shape().len() - 1,
    };
    let mut shape = first.shape().to_vec();
    for other in others {
        let mut fits = other.shape().to_vec();
        if fits.len() != shape.len() {
            return Err(EvaluateErrorKind::DimensionMismatch { left: shape, right: fits });
        }
        fits[axis] = shape[axis];
        if fits != shape {
            return Err(EvaluateErrorKind::DimensionMismatch { left: shape, right: other.shape().to_vec() });
        }
        shape[axis] += other.shape()[axis];
    }
    let count = Matrix::checked_count(&shape)?;
    let (outer, ..) = strides(&shape, axis);
    let mut elements = Vec::with_capacity(count);
    for block in 0..outer {
        for matrix in &matrices {
            let (_, length, inner) = strides(matrix.shape(), axis);
            elements.extend_from_slice(&matrix.elements()[block * length * inner..(block + 1) * length * inner]);
        }
    }
    Ok(Matrix::new(shape, elements).into())
}

fn squeeze(value: &Value) -> Value {
    let Value::Matrix(matrix) = value else { return value.clone() };
    let outer = matrix.shape().iter().take_while(|&&length| length == 1).count();
    let inner = &matrix.shape()[outer..];
    let kept = inner.len() - inner.iter().rev().take_while(|&&length| length == 1).count();
    match matrix.elements() {
        [element] => element.clone(),
        elements => Matrix::new(inner[..kept].to_vec(), elements.to_vec()).into(),
    }
}

fn reshape(arguments: &[Value]) -> Evaluated {
    let (elements, sizes) = (matrix("reshape", &arguments[0])?, matrix("reshape", &arguments[1])?);
    let count = elements.elements().len();
    let mut shape = Vec::with_capacity(sizes.elements().len());
    let mut open = None;
    for (axis, size) in sizes.elements().iter().enumerate() {
        if *size == Value::Number(-1.0) && open.is_none() {
            open = Some(axis);
            shape.push(1);
        } else {
            shape.push(length("reshape", size)?);
        }
    }
    let product = Matrix::checked_count(&shape)?;
    if let Some(axis) = open {
        shape[axis] = count.checked_div(product).unwrap_or(0);
    }
    if shape.is_empty() || Matrix::checked_count(&shape)? != count {
        return Err(EvaluateErrorKind::DimensionMismatch { left: elements.shape().to_vec(), right: shape });
    }
    Ok(elements.clone().with_shape(shape).into())
}

fn sort(interpreter: &mut Interpreter<'_>, arguments: &[Value]) -> Evaluated {
    let list = matrix("sort", &arguments[0])?;
    if list.shape().len() != 1 {
        return Err(domain("sort", "a list"));
    }
    let count = list.elements().len();
    let mut failure = None;
    let mut elements = list.elements().to_vec();
    let mut by = |compare: &mut dyn FnMut(&Value, &Value) -> Result<Ordering, EvaluateErrorKind>| {
        elements.sort_by(|x, y| {
            // After an error the order means nothing any more; the sort just has to come to its end.
            if failure.is_some() {
                return Ordering::Equal;
            }
            compare(x, y).unwrap_or_else(|error| {
                failure = Some(error);
                Ordering::Equal
            })
        });
    };
    let ascending =
        |x: &Value, y: &Value| order("sort", x, y)?.ok_or_else(|| domain("sort", "numbers that can be ordered"));
    match arguments.get(1) {
        None => by(&mut { ascending }),
        Some(Value::Text(name)) => match name.as_str() {
            "asc" => by(&mut { ascending }),
            "desc" => by(&mut |x, y| ascending(y, x)),
            "natural" => by(&mut |x, y| Ok(natural_order(x, y).unwrap_or(Ordering::Equal))),
            _ => return Err(domain("sort", "\"asc\", \"desc\", \"natural\" or a function")),
        },
        Some(function) => {
            // A function may contradict itself, which the standard sort answers with a panic.
            return insertion_sort(interpreter, list.elements(), function, count);
        }
    }
    match failure {
        Some(error) => Err(error),
        None => Ok(Matrix::vector(elements).into()),
    }
}

/// Sorts by insertion with a function of the formula, which need not be a consistent order.
fn insertion_sort(interpreter: &mut Interpreter<'_>, elements: &[Value], function: &Value, count: usize) -> Evaluated {
    let mut sorted: Vec<Value> = Vec::with_capacity(count);
    for element in elements {
        let (mut low, mut high) = (0, sorted.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let result = interpreter.call_value(function, &[element.clone(), sorted[middle].clone()])?;
            if real_of("sort", &result)? < 0.0 { high = middle } else { low = middle + 1 }
        }
        sorted.insert(low, element.clone());
    }
    Ok(Matrix::vector(sorted).into())
}

fn differences(arguments: &[Value]) -> Evaluated {
    let list = matrix("diff", &arguments[0])?;
    let axis = arguments.get(1).map_or(Ok(0), |axis| dimension("diff", axis, list.shape().len()))?;
    let (outer, length, inner) = strides(list.shape(), axis);
    let mut shape = list.shape().to_vec();
    shape[axis] = length.saturating_sub(1);
    let mut elements = Vec::with_capacity(outer * shape[axis] * inner);
    for block in 0..outer {
        for position in 1..length {
            for offset in 0..inner {
                let here = (block * length + position) * inner + offset;
                elements.push(binary(
                    BinaryOperator::Subtract,
                    &list.elements()[here],
                    &list.elements()[here - inner],
                )?);
            }
        }
    }
    Ok(Matrix::new(shape, elements).into())
}
