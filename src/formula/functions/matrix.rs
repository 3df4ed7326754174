//! Making matrices, and applying functions to their elements.

use super::real;
use super::{ANY, Apply, Family, FunctionInfo, domain};
use crate::formula::interpreter::{
    EvaluateError, EvaluateErrorKind, Evaluated, Interpreter, real_of, truth, unexpected,
};
use crate::formula::tree::{Node, Tree};
use crate::formula::value::{ELEMENTS_MAX, Function, Matrix, Value};
use crate::span::Span;

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: Apply,
) -> FunctionInfo {
    FunctionInfo::new(Family::Matrix, name, signatures, arity, help, example, apply)
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "matrix",
        &["matrix()", "matrix(x)", "matrix(x, format)"],
        (0, 3),
        "The argument as a matrix.",
        ("matrix([1, 2])", "[1, 2]"),
        Apply::General(|_, arguments| as_matrix("matrix", arguments.first())),
    ),
    entry(
        "sparse",
        &["sparse()", "sparse(x)", "sparse(x, datatype)"],
        (0, 2),
        "The argument as a matrix; there is one kind of matrix only.",
        ("sparse([1, 0; 0, 1])", "identity(2)"),
        Apply::General(|_, arguments| as_matrix("sparse", arguments.first())),
    ),
    entry(
        "zeros",
        &["zeros(n, m, …)", "zeros(sizes)"],
        (0, ANY),
        "Matrix of zeros.",
        ("zeros(2)", "[0, 0]"),
        Apply::General(|_, arguments| filled("zeros", arguments, 0.0)),
    ),
    entry(
        "ones",
        &["ones(n, m, …)", "ones(sizes)"],
        (0, ANY),
        "Matrix of ones.",
        ("ones(3)", "[1, 1, 1]"),
        Apply::General(|_, arguments| filled("ones", arguments, 1.0)),
    ),
    entry(
        "identity",
        &["identity(n)", "identity(n, m)", "identity(sizes)"],
        (0, 3),
        "Matrix with ones on the diagonal.",
        ("identity(2)", "[1, 0; 0, 1]"),
        Apply::General(|_, arguments| identity(arguments)),
    ),
    entry(
        "diag",
        &["diag(x)", "diag(x, k)"],
        (1, 3),
        "Diagonal matrix of a vector, or diagonal of a matrix, `k` above the main one.",
        ("diag([1, 2])", "[1, 0; 0, 2]"),
        Apply::General(|_, arguments| diagonal(arguments)),
    ),
    entry(
        "range",
        &["range(start, end)", "range(start, end, step)", "range(start, end, step, includeEnd)", "range(text)"],
        (1, 4),
        "Numbers from `start` to `end`.",
        ("range(1, 5)", "[1, 2, 3, 4, 5]"),
        Apply::General(|_, arguments| range_of(arguments)),
    ),
    entry(
        "map",
        &["map(matrix, function)", "map(matrix, matrix, …, function)"],
        (2, ANY),
        "The function of each element.",
        ("map([1, 2, 3], f(x) = x ^ 2)", "[1, 4, 9]"),
        Apply::Lazy(map),
    ),
    entry(
        "filter",
        &["filter(list, test)", "filter(list, condition)"],
        (2, 2),
        "The elements of which the test is true.",
        ("filter([1, 2, 3], f(x) = x > 1)", "[2, 3]"),
        Apply::Lazy(filter),
    ),
    entry(
        "forEach",
        &["forEach(matrix, function)"],
        (2, 2),
        "Calls the function with each element; yields nothing.",
        ("forEach([1, 2], f(x) = x)", "undefined"),
        Apply::Lazy(|interpreter, trees, span| {
            map(interpreter, trees, span)?;
            Ok(Value::Undefined)
        }),
    ),
    entry(
        "subset",
        &["subset(matrix, index(i, …))"],
        (2, 2),
        "The elements that `matrix[i, …]` picks.",
        ("subset([5, 6, 7], index(2))", "6"),
        Apply::Lazy(|interpreter, trees, span| match &trees[1].node {
            Node::Call(callee, indices) if matches!(&callee.node, Node::Name(name) if name == "index") => {
                interpreter.evaluate(&Tree { node: Node::Index(Box::new(trees[0].clone()), indices.clone()), span })
            }
            _ => {
                let node = Node::Index(Box::new(trees[0].clone()), vec![trees[1].clone()]);
                interpreter.evaluate(&Tree { node, span })
            }
        }),
    ),
    entry(
        "size",
        &["size(x)"],
        (1, 1),
        "Lengths of the dimensions, as a list.",
        ("size([1, 2; 3, 4; 5, 6])", "[3, 2]"),
        Apply::General(|_, arguments| {
            #[expect(clippy::cast_precision_loss, reason = "a matrix has far fewer than 2^53 elements")]
            let lengths = |lengths: &[usize]| lengths.iter().map(|&length| Value::Number(length as f64)).collect();
            Ok(Matrix::list(match &arguments[0] {
                Value::Matrix(matrix) => lengths(matrix.shape()),
                Value::Text(text) => lengths(&[text.encode_utf16().count()]),
                Value::Object(_) | Value::Function(_) | Value::Filtered => {
                    return Err(unexpected("size", &arguments[0]));
                }
                _ => Vec::new(),
            })
            .into())
        }),
    ),
];

fn as_matrix(function: &'static str, argument: Option<&Value>) -> Evaluated {
    match argument {
        None | Some(Value::Text(_)) => Ok(Matrix::vector(Vec::new()).into()),
        Some(Value::Matrix(matrix)) => Ok(Matrix::new(matrix.shape().to_vec(), matrix.elements().to_vec()).into()),
        Some(other) => Err(unexpected(function, other)),
    }
}

/// A length or position: a whole number that is not negative.
pub(super) fn length(function: &'static str, value: &Value) -> Result<usize, EvaluateErrorKind> {
    let x = real_of(function, value)?;
    if x < 0.0 || x != x.round() {
        return Err(domain(function, "whole numbers that are not negative"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates and is then too large")]
    Ok(x as usize)
}

/// Sizes given one by one or as a list; a format at the end is ignored.
fn sizes(function: &'static str, arguments: &[Value]) -> Result<Vec<usize>, EvaluateErrorKind> {
    let arguments = match arguments {
        [rest @ .., Value::Text(_)] => rest,
        all => all,
    };
    let values = match arguments {
        [Value::Matrix(list)] => list.elements(),
        _ => arguments,
    };
    values.iter().map(|value| length(function, value)).collect()
}

fn filled(function: &'static str, arguments: &[Value], value: f64) -> Evaluated {
    let sizes = sizes(function, arguments)?;
    if sizes.is_empty() {
        return Ok(Matrix::vector(Vec::new()).into());
    }
    Ok(Matrix::filled(sizes, &Value::Number(value))?.into())
}

fn identity(arguments: &[Value]) -> Evaluated {
    let (rows, columns) = match sizes("identity", arguments)?[..] {
        [] => return Ok(Matrix::vector(Vec::new()).into()),
        [size] => (size, size),
        [rows, columns] => (rows, columns),
        _ => return Err(domain("identity", "one or two sizes")),
    };
    let mut matrix = Matrix::filled(vec![rows, columns], &Value::Number(0.0))?;
    for position in 0..rows.min(columns) {
        matrix.elements_mut()[position * columns + position] = Value::Number(1.0);
    }
    Ok(matrix.into())
}

fn diagonal(arguments: &[Value]) -> Evaluated {
    let Value::Matrix(matrix) = &arguments[0] else { return Err(unexpected("diag", &arguments[0])) };
    let offset = match arguments.get(1) {
        None | Some(Value::Text(_)) => 0.0,
        Some(offset) => real_of("diag", offset)?,
    };
    if offset != offset.round() {
        return Err(domain("diag", "a whole offset"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates and is then too large")]
    let (down, right) = ((-offset).max(0.0) as usize, offset.max(0.0) as usize);
    match matrix.shape() {
        [length] => {
            let (rows, columns) = (length.saturating_add(down), length.saturating_add(right));
            let mut result = Matrix::filled(vec![rows, columns], &Value::Number(0.0))?;
            for (position, element) in matrix.elements().iter().enumerate() {
                result.elements_mut()[(position + down) * columns + position + right] = element.clone();
            }
            Ok(result.into())
        }
        [rows, columns] => {
            let count = rows.saturating_sub(down).min(columns.saturating_sub(right));
            let elements =
                (0..count).map(|position| matrix.elements()[(position + down) * columns + position + right].clone());
            Ok(Matrix::vector(elements.collect()).into())
        }
        _ => Err(domain("diag", "a vector or a matrix of two dimensions")),
    }
}

/// Numbers from `start` on in equal steps, as far as `end`.
///
/// # Errors
/// A step of 0, and more than [`ELEMENTS_MAX`] numbers.
pub(in crate::formula) fn range(
    start: f64,
    end: f64,
    step: f64,
    include_end: bool,
) -> Result<Matrix, EvaluateErrorKind> {
    if step == 0.0 {
        return Err(domain("range", "a step that is not 0"));
    }
    let ongoing = |x: f64| match (step > 0.0, include_end) {
        (true, true) => real::smaller_equal(x, end) == 1.0,
        (true, false) => real::smaller(x, end) == 1.0,
        (false, true) => real::larger_equal(x, end) == 1.0,
        (false, false) => real::larger(x, end) == 1.0,
    };
    let mut numbers = Vec::new();
    let mut x = start;
    while ongoing(x) {
        if numbers.len() == ELEMENTS_MAX {
            return Err(EvaluateErrorKind::TooLarge { what: "a range", limit: ELEMENTS_MAX });
        }
        numbers.push(x);
        x += step;
    }
    Ok(Matrix::numbers(numbers))
}

fn range_of(arguments: &[Value]) -> Evaluated {
    if let [Value::Text(text), include_end @ ..] = arguments
        && text.contains(':')
    {
        let parts = text.split(':').map(|part| Value::Text(part.trim().to_owned()));
        let mut parts: Vec<Value> = parts.collect();
        if parts.len() == 3 {
            // As text the step stands in the middle.
            parts.swap(1, 2);
        }
        parts.extend_from_slice(include_end);
        return range_of(&parts);
    }
    let (numbers, include_end) = match arguments {
        [numbers @ .., Value::Boolean(include_end)] => (numbers, *include_end),
        all => (all, true),
    };
    let numbers = numbers.iter().map(|value| real_of("range", value)).collect::<Result<Vec<_>, _>>()?;
    match numbers[..] {
        [start, end] => Ok(range(start, end, 1.0, include_end)?.into()),
        [start, end, step] => Ok(range(start, end, step, include_end)?.into()),
        _ => Err(domain("range", "a start, an end and perhaps a step")),
    }
}

/// The matrix in another shape: elements that have no place in it go, new places get `filler`.
///
/// # Errors
/// [`EvaluateErrorKind::TooLarge`] when it would have too many elements.
pub(in crate::formula) fn resized(
    matrix: &Matrix,
    shape: Vec<usize>,
    filler: &Value,
) -> Result<Matrix, EvaluateErrorKind> {
    if matrix.shape() == shape {
        return Ok(matrix.clone());
    }
    let mut old = matrix.shape().to_vec();
    // Dimensions that are new lie inside, as the language has it: a vector becomes a column.
    old.resize(shape.len().max(old.len()), 1);
    let mut result = Matrix::filled(shape, filler)?;
    let new = result.shape().to_vec();
    for (position, element) in matrix.elements().iter().enumerate() {
        let (mut rest, mut offset, mut stride, mut kept) = (position, 0, 1, true);
        for axis in (0..old.len()).rev() {
            let index = rest % old[axis];
            rest /= old[axis];
            match new.get(axis) {
                Some(&length) if index < length => {
                    offset += index * stride;
                    stride *= length;
                }
                None if index == 0 => {}
                _ => kept = false,
            }
        }
        if kept {
            result.elements_mut()[offset] = element.clone();
        }
    }
    Ok(result)
}

/// The function that the last argument of `map` or `filter` is: a function, or a condition in one unknown name.
fn callback(interpreter: &mut Interpreter<'_>, tree: &Tree) -> Result<Callback, EvaluateError> {
    let unknown = match &tree.node {
        Node::Name(_) | Node::Function { .. } | Node::Call(..) => None,
        _ => unknown_name(interpreter, tree),
    };
    match unknown {
        Some(name) => Ok(Callback::Condition(name, tree.clone())),
        None => Ok(Callback::Function(interpreter.evaluate(tree)?)),
    }
}

/// What is called with each element.
enum Callback {
    Function(Value),
    /// An expression in which that name stands for the element.
    Condition(String, Tree),
}

impl Callback {
    fn call(&self, interpreter: &mut Interpreter<'_>, elements: &[Value]) -> Evaluated {
        match self {
            Self::Function(function) => interpreter.call_value(function, elements),
            Self::Condition(name, tree) => {
                let scope = Value::Object(vec![(name.clone(), elements[0].clone())]);
                interpreter.evaluate_expression(tree, Some(&scope))
            }
        }
    }
}

/// The first name in an expression that means nothing yet.
fn unknown_name(interpreter: &Interpreter<'_>, tree: &Tree) -> Option<String> {
    match &tree.node {
        Node::Name(name) => (!interpreter.knows(name)).then(|| name.clone()),
        Node::Unary(_, operand) | Node::Parenthesis(operand) => unknown_name(interpreter, operand),
        Node::Binary(_, left, right) => unknown_name(interpreter, left).or_else(|| unknown_name(interpreter, right)),
        Node::Comparison(first, rest) => unknown_name(interpreter, first)
            .or_else(|| rest.iter().find_map(|(_, operand)| unknown_name(interpreter, operand))),
        Node::Conditional(condition, then, otherwise) => {
            [condition, then, otherwise].into_iter().find_map(|tree| unknown_name(interpreter, tree))
        }
        Node::Call(_, arguments) => arguments.iter().find_map(|argument| unknown_name(interpreter, argument)),
        _ => None,
    }
}

fn list_of<'v>(function: &'static str, value: &'v Value) -> Result<&'v Matrix, EvaluateErrorKind> {
    match value {
        Value::Matrix(matrix) => Ok(matrix),
        other => Err(unexpected(function, other)),
    }
}

/// How many arguments a callback takes: the element, its index, and the matrix.
fn callback_arity(callback: &Callback) -> usize {
    match callback {
        Callback::Function(Value::Function(Function::Defined(definition))) => definition.parameters.len().clamp(1, 3),
        _ => 1,
    }
}

/// Position of an element as the list of its indices, from 1 on.
fn index_of(shape: &[usize], position: usize) -> Value {
    let mut rest = position;
    let mut indices: Vec<f64> = shape
        .iter()
        .rev()
        .map(|&length| {
            #[expect(clippy::cast_precision_loss, reason = "a matrix has far fewer than 2^53 elements")]
            let index = (rest % length + 1) as f64;
            rest /= length;
            index
        })
        .collect();
    indices.reverse();
    Matrix::numbers(indices).into()
}

fn each(
    interpreter: &mut Interpreter<'_>,
    matrix: &Matrix,
    callback: &Callback,
) -> Result<Vec<Value>, EvaluateErrorKind> {
    let arity = callback_arity(callback);
    let mut results = Vec::with_capacity(matrix.elements().len());
    for (position, element) in matrix.elements().iter().enumerate() {
        let mut arguments = vec![element.clone()];
        if arity > 1 {
            arguments.push(index_of(matrix.shape(), position));
        }
        if arity > 2 {
            arguments.push(matrix.clone().into());
        }
        interpreter.charge(arguments.len())?;
        results.push(callback.call(interpreter, &arguments)?);
    }
    Ok(results)
}

fn map(interpreter: &mut Interpreter<'_>, trees: &[Tree], span: Span) -> Result<Value, EvaluateError> {
    let at = |kind: EvaluateErrorKind| EvaluateError { kind, span };
    let (last, first) = trees.split_last().unwrap_or((&trees[0], &[]));
    let values = first.iter().map(|tree| interpreter.evaluate(tree)).collect::<Result<Vec<_>, _>>()?;
    let callback = callback(interpreter, last)?;
    let matrices = values.iter().map(|value| list_of("map", value)).collect::<Result<Vec<_>, _>>().map_err(at)?;
    let shape = matrices[0].shape().to_vec();
    if let [matrix] = matrices[..] {
        let results = each(interpreter, matrix, &callback).map_err(at)?;
        return Ok(Matrix::new(shape, results).into());
    }
    let mut results = Vec::with_capacity(matrices[0].elements().len());
    for position in 0..matrices[0].elements().len() {
        let mut elements = Vec::with_capacity(matrices.len());
        for matrix in &matrices {
            if matrix.shape() != shape {
                let (left, right) = (shape.clone(), matrix.shape().to_vec());
                return Err(at(EvaluateErrorKind::DimensionMismatch { left, right }));
            }
            elements.push(matrix.elements()[position].clone());
        }
        results.push(callback.call(interpreter, &elements).map_err(at)?);
    }
    Ok(Matrix::new(shape, results).into())
}

fn filter(interpreter: &mut Interpreter<'_>, trees: &[Tree], span: Span) -> Result<Value, EvaluateError> {
    let at = |kind: EvaluateErrorKind| EvaluateError { kind, span };
    let value = interpreter.evaluate(&trees[0])?;
    let callback = callback(interpreter, &trees[1])?;
    let list = list_of("filter", &value).map_err(at)?;
    if list.shape().len() != 1 {
        return Err(at(domain("filter", "a list")));
    }
    let tests = each(interpreter, list, &callback).map_err(at)?;
    let mut kept = Vec::new();
    for (element, test) in list.elements().iter().zip(tests) {
        if truth(&test).map_err(at)? {
            kept.push(element.clone());
        }
    }
    Ok(Matrix::vector(kept).into())
}
