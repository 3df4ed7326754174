//! Linear algebra: products, determinants, inverses, norms.
//!
//! Elements may be of any numeric kind, since all arithmetic goes through the operators; so integers stay exact.

use super::decomposition::largest_singular_value;
use super::shape::matrix;
use super::{Apply, Family, FunctionInfo, domain};
use crate::formula::interpreter::{
    EvaluateErrorKind, Evaluated, Interpreter, binary, call, equal, real_of, unary, unexpected,
};
use crate::formula::tree::{BinaryOperator, UnaryOperator};
use crate::formula::value::{Matrix, Value};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::LinearAlgebra, name, signatures, arity, help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry("det", &["det(matrix)"], (1, 1), "Determinant.", ("det([1, 2; 3, 4])", "-2"), |interpreter, arguments| {
        determinant(interpreter, &arguments[0])
    }),
    entry(
        "inv",
        &["inv(matrix)"],
        (1, 1),
        "Inverse.",
        ("inv([1, 2; 3, 4])", "[-2, 1; 1.5, -0.5]"),
        |interpreter, arguments| match &arguments[0] {
            Value::Matrix(matrix) => {
                interpreter.charge_elements(matrix.elements().len().saturating_mul(matrix.shape()[0]))?;
                inverse(matrix)
            }
            scalar => binary(BinaryOperator::Divide, &Value::Number(1.0), scalar),
        },
    ),
    entry("trace", &["trace(matrix)"], (1, 1), "Sum of the diagonal.", ("trace([1, 2; 3, 4])", "5"), |_, arguments| {
        let matrix = matrix("trace", &arguments[0])?;
        let (elements, size) = match matrix.shape() {
            [1] => (matrix.elements(), 1),
            _ => (matrix.elements(), square_size("trace", matrix)?),
        };
        sum_of((0..size).map(|position| Ok(elements[position * (size + 1)].clone())))
    }),
    entry(
        "dot",
        &["dot(x, y)"],
        (2, 2),
        "Sum of the products of two vectors.",
        ("dot([2, 4, 1], [2, 2, 3])", "15"),
        |_, arguments| {
            let (x, y) = (vector("dot", &arguments[0])?, vector("dot", &arguments[1])?);
            if x.len() != y.len() || x.is_empty() {
                return Err(EvaluateErrorKind::DimensionMismatch { left: vec![x.len()], right: vec![y.len()] });
            }
            sum_of(x.iter().zip(y).map(|(x, y)| binary(BinaryOperator::Multiply, &conjugate(x), y)))
        },
    ),
    entry(
        "cross",
        &["cross(x, y)"],
        (2, 2),
        "Cross product of two vectors of three elements.",
        ("cross([1, 0, 0], [0, 1, 0])", "[0, 0, 1]"),
        |_, arguments| cross(&arguments[0], &arguments[1]),
    ),
    entry(
        "kron",
        &["kron(x, y)"],
        (2, 2),
        "Kronecker product.",
        ("kron([1, 2], [3, 4])", "[3, 4, 6, 8]"),
        |interpreter, arguments| kronecker(interpreter, &arguments[0], &arguments[1]),
    ),
    entry(
        "distance",
        &["distance(x, y)"],
        (2, 2),
        "Distance between two points given as lists.",
        ("distance([0, 0], [3, 4])", "5"),
        |interpreter, arguments| {
            vector("distance", &arguments[0])?;
            vector("distance", &arguments[1])?;
            let difference = binary(BinaryOperator::Subtract, &arguments[0], &arguments[1])?;
            norm(interpreter, &difference, Some(&Value::Text("fro".to_owned())))
        },
    ),
    entry(
        "lsolve",
        &["lsolve(L, b)"],
        (2, 2),
        "Solution of `L x = b` for a lower triangular matrix, as a column.",
        ("lsolve([1, 0; 0, 1], [1; 2])", "[1; 2]"),
        |_, arguments| triangular_solution("lsolve", &arguments[0], &arguments[1], true),
    ),
    entry(
        "usolve",
        &["usolve(U, b)"],
        (2, 2),
        "Solution of `U x = b` for an upper triangular matrix, as a column.",
        ("usolve([1, 1; 0, 1], [3; 2])", "[1; 2]"),
        |_, arguments| triangular_solution("usolve", &arguments[0], &arguments[1], false),
    ),
    entry(
        "lusolve",
        &["lusolve(A, b)"],
        (2, 2),
        "Solution of `A x = b`, as a column.",
        ("lusolve([2, 1; 1, 3], [3; 4])", "[1; 1]"),
        |interpreter, arguments| {
            let a = matrix("lusolve", &arguments[0])?;
            let size = square_size("lusolve", a)?;
            interpreter.charge_elements(size * size * size)?;
            let column = column_of("lusolve", &arguments[1], size)?;
            let Value::Matrix(inverse) = inverse(a)? else { return Err(EvaluateErrorKind::Singular) };
            multiply(&inverse, &column)
        },
    ),
];

/// Rows and columns of a matrix of two dimensions.
pub(in crate::formula) fn rows_and_columns(
    function: &'static str,
    matrix: &Matrix,
) -> Result<(usize, usize), EvaluateErrorKind> {
    matrix.rows_and_columns().ok_or_else(|| domain(function, "a matrix of two dimensions"))
}

/// Rows of a square matrix.
pub(super) fn square_size(function: &'static str, matrix: &Matrix) -> Result<usize, EvaluateErrorKind> {
    match rows_and_columns(function, matrix)? {
        (rows, columns) if rows == columns && rows > 0 => Ok(rows),
        (rows, columns) => Err(EvaluateErrorKind::DimensionMismatch { left: vec![rows], right: vec![columns] }),
    }
}

/// Elements of a vector, or of a matrix of one column or row.
fn vector<'v>(function: &'static str, value: &'v Value) -> Result<&'v [Value], EvaluateErrorKind> {
    let matrix = matrix(function, value)?;
    match matrix.shape() {
        [_] | [_, 1] | [1, _] => Ok(matrix.elements()),
        _ => Err(domain(function, "vectors")),
    }
}

fn conjugate(value: &Value) -> Value {
    match value {
        Value::Complex(z) => z.conj().into(),
        other => other.clone(),
    }
}

fn sum_of(values: impl IntoIterator<Item = Evaluated>) -> Evaluated {
    let mut sum: Option<Value> = None;
    for value in values {
        let value = value?;
        sum = Some(match sum {
            Some(sum) => binary(BinaryOperator::Add, &sum, &value)?,
            None => value,
        });
    }
    Ok(sum.unwrap_or(Value::Number(0.0)))
}

/// Most multiplications of one matrix product.
const PRODUCTS_MAX: usize = 4_000_000;

/// Product of two matrices or vectors; of two vectors the sum of products.
pub(in crate::formula) fn multiply(left: &Matrix, right: &Matrix) -> Evaluated {
    let mismatch =
        || EvaluateErrorKind::DimensionMismatch { left: left.shape().to_vec(), right: right.shape().to_vec() };
    let (rows, shared) = match left.shape() {
        [length] => (1, *length),
        [rows, columns] => (*rows, *columns),
        _ => return Err(mismatch()),
    };
    let (length, columns) = match right.shape() {
        [length] => (*length, 1),
        [length, columns] => (*length, *columns),
        _ => return Err(mismatch()),
    };
    if shared != length || shared == 0 {
        return Err(mismatch());
    }
    let count = Matrix::checked_count(&[rows, columns])?;
    if count.saturating_mul(shared) > PRODUCTS_MAX {
        return Err(EvaluateErrorKind::TooLarge { what: "a matrix product", limit: PRODUCTS_MAX });
    }
    let mut elements = Vec::with_capacity(count);
    for row in 0..rows {
        for column in 0..columns {
            elements.push(sum_of((0..shared).map(|position| {
                let left = &left.elements()[row * shared + position];
                binary(BinaryOperator::Multiply, left, &right.elements()[position * columns + column])
            }))?);
        }
    }
    Ok(match (left.shape().len(), right.shape().len()) {
        (1, 1) => elements.swap_remove(0),
        (1, _) => Matrix::vector(elements).into(),
        (_, 1) => Matrix::vector(elements).into(),
        _ => Matrix::new(vec![rows, columns], elements).into(),
    })
}

/// Identity matrix.
fn identity(size: usize) -> Matrix {
    let diagonal = (0..size * size).map(|position| f64::from(u8::from(position % (size + 1) == 0)));
    Matrix::numbers(diagonal).with_shape(vec![size, size])
}

/// Power of a square matrix with a whole exponent, by squaring.
pub(in crate::formula) fn power(base: &Matrix, exponent: &Value) -> Evaluated {
    /// Largest exponent.
    const EXPONENT_MAX: f64 = 1e6;
    let exponent = real_of("pow", exponent)?;
    let size = square_size("pow", base)?;
    if exponent != exponent.round() || exponent.abs() > EXPONENT_MAX {
        return Err(domain("pow", "a whole exponent of a matrix, up to a million"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and at most a million")]
    let mut left = exponent.abs() as u32;
    let mut square = if exponent < 0.0 { inverse(base)? } else { base.clone().into() };
    let mut result = Value::from(identity(size));
    while left > 0 {
        if left & 1 == 1 {
            result = binary(BinaryOperator::Multiply, &square, &result)?;
        }
        left >>= 1;
        if left > 0 {
            square = binary(BinaryOperator::Multiply, &square, &square)?;
        }
    }
    Ok(result)
}

fn is_zero(value: &Value) -> Result<bool, EvaluateErrorKind> {
    equal(value, &Value::Number(0.0))
}

/// Most elements of a matrix whose elimination is attempted.
const ELIMINATION_MAX: usize = 22_500;

fn check_elimination(size: usize) -> Result<(), EvaluateErrorKind> {
    if size * size > ELIMINATION_MAX {
        return Err(EvaluateErrorKind::TooLarge { what: "a matrix to invert", limit: ELIMINATION_MAX });
    }
    Ok(())
}

/// Determinant, by Bareiss's elimination, which keeps integers whole.
fn determinant(interpreter: &mut Interpreter<'_>, value: &Value) -> Evaluated {
    let matrix = match value {
        Value::Matrix(matrix) if matrix.shape() == [1] => return Ok(matrix.elements()[0].clone()),
        Value::Matrix(matrix) => matrix,
        Value::Function(_) | Value::Object(_) | Value::Filtered | Value::Text(_) => {
            return Err(unexpected("det", value));
        }
        scalar => return Ok(scalar.clone()),
    };
    let size = square_size("det", matrix)?;
    check_elimination(size)?;
    interpreter.charge_elements(size * size * size)?;
    let multiply = |x: &Value, y: &Value| binary(BinaryOperator::Multiply, x, y);
    let mut rows: Vec<Vec<Value>> = matrix.elements().chunks(size).map(<[Value]>::to_vec).collect();
    let (mut sign, mut previous) = (false, Value::Number(1.0));
    for pivot in 0..size - 1 {
        let mut found = None;
        for (row, elements) in rows.iter().enumerate().skip(pivot) {
            if !is_zero(&elements[pivot])? {
                found = Some(row);
                break;
            }
        }
        let Some(row) = found else { return Ok(Value::Number(0.0)) };
        if row != pivot {
            rows.swap(row, pivot);
            sign = !sign;
        }
        let (done, below) = rows.split_at_mut(pivot + 1);
        for row in below {
            for column in pivot + 1..size {
                let kept = multiply(&row[column], &done[pivot][pivot])?;
                let gone = multiply(&row[pivot], &done[pivot][column])?;
                let difference = binary(BinaryOperator::Subtract, &kept, &gone)?;
                row[column] = binary(BinaryOperator::Divide, &difference, &previous)?;
            }
        }
        previous = rows[pivot][pivot].clone();
    }
    let result = rows[size - 1][size - 1].clone();
    if sign { unary(UnaryOperator::Minus, &result) } else { Ok(result) }
}

/// Inverse of a square matrix, by Gauss and Jordan's elimination with the largest pivot.
///
/// # Errors
/// [`EvaluateErrorKind::Singular`] when there is none.
pub(in crate::formula) fn inverse(matrix: &Matrix) -> Evaluated {
    let size = match matrix.shape() {
        [1] => 1,
        _ => square_size("inv", matrix)?,
    };
    check_elimination(size)?;
    if size == 2 {
        return inverse_of_two(matrix);
    }
    let mut rows: Vec<Vec<Value>> = matrix
        .elements()
        .chunks(size)
        .zip(identity(size).elements().chunks(size))
        .map(|(left, right)| [left, right].concat())
        .collect();
    for pivot in 0..size {
        let mut best: Option<(usize, f64)> = None;
        for (row, elements) in rows.iter().enumerate().skip(pivot) {
            let magnitude = real_of("inv", &call("abs", &elements[pivot..=pivot])?)?;
            if best.is_none_or(|(_, largest)| magnitude > largest) {
                best = Some((row, magnitude));
            }
        }
        match best {
            Some((row, magnitude)) if magnitude != 0.0 => rows.swap(row, pivot),
            _ => return Err(EvaluateErrorKind::Singular),
        }
        let scale = rows[pivot][pivot].clone();
        for element in &mut rows[pivot] {
            *element = binary(BinaryOperator::Divide, element, &scale)?;
        }
        let pivot_row = rows[pivot].clone();
        for (position, row) in rows.iter_mut().enumerate() {
            if position == pivot || is_zero(&row[pivot])? {
                continue;
            }
            let factor = row[pivot].clone();
            for (element, above) in row.iter_mut().zip(&pivot_row) {
                let gone = binary(BinaryOperator::Multiply, &factor, above)?;
                *element = binary(BinaryOperator::Subtract, element, &gone)?;
            }
        }
    }
    let elements = rows.into_iter().flat_map(|row| row.into_iter().skip(size)).collect();
    Ok(Matrix::new(matrix.shape().to_vec(), elements).into())
}

fn inverse_of_two(matrix: &Matrix) -> Evaluated {
    let [a, b, c, d] = matrix.elements() else { return Err(EvaluateErrorKind::Singular) };
    let multiply = |x: &Value, y: &Value| binary(BinaryOperator::Multiply, x, y);
    let determinant = binary(BinaryOperator::Subtract, &multiply(a, d)?, &multiply(b, c)?)?;
    if is_zero(&determinant)? {
        return Err(EvaluateErrorKind::Singular);
    }
    let divided = |x: &Value| binary(BinaryOperator::Divide, x, &determinant);
    let negated = |x: &Value| divided(&unary(UnaryOperator::Minus, x)?);
    Ok(Matrix::new(vec![2, 2], vec![divided(d)?, negated(b)?, negated(c)?, divided(a)?]).into())
}

fn cross(x: &Value, y: &Value) -> Evaluated {
    let ([x1, x2, x3], [y1, y2, y3]) = (vector("cross", x)?, vector("cross", y)?) else {
        return Err(domain("cross", "vectors of three elements"));
    };
    let minor = |a: &Value, b: &Value, c: &Value, d: &Value| {
        let (left, right) = (binary(BinaryOperator::Multiply, a, b)?, binary(BinaryOperator::Multiply, c, d)?);
        binary(BinaryOperator::Subtract, &left, &right)
    };
    let product = Matrix::vector(vec![minor(x2, y3, x3, y2)?, minor(x3, y1, x1, y3)?, minor(x1, y2, x2, y1)?]);
    let flat = |value: &Value| matches!(value, Value::Matrix(matrix) if matrix.shape().len() == 1);
    Ok(if flat(x) || flat(y) { product } else { product.with_shape(vec![1, 3]) }.into())
}

fn kronecker(interpreter: &mut Interpreter<'_>, x: &Value, y: &Value) -> Evaluated {
    let (x, y) = (matrix("kron", x)?, matrix("kron", y)?);
    let shape = |matrix: &Matrix| match matrix.shape() {
        [length] => Ok((1, *length)),
        [rows, columns] => Ok((*rows, *columns)),
        _ => Err(domain("kron", "matrices of at most two dimensions")),
    };
    let ((x_rows, x_columns), (y_rows, y_columns)) = (shape(x)?, shape(y)?);
    let (rows, columns) = (x_rows.saturating_mul(y_rows), x_columns.saturating_mul(y_columns));
    let count = Matrix::checked_count(&[rows, columns])?;
    interpreter.charge_elements(count)?;
    let mut elements = Vec::with_capacity(count);
    for row in 0..rows {
        for column in 0..columns {
            let left = &x.elements()[row / y_rows * x_columns + column / y_columns];
            let right = &y.elements()[row % y_rows * y_columns + column % y_columns];
            elements.push(binary(BinaryOperator::Multiply, left, right)?);
        }
    }
    let flat = x.shape().len() == 1 && y.shape().len() == 1;
    Ok(if flat { Matrix::vector(elements) } else { Matrix::new(vec![rows, columns], elements) }.into())
}

/// A vector or a matrix of one column, as a column of that length.
fn column_of(function: &'static str, value: &Value, length: usize) -> Result<Matrix, EvaluateErrorKind> {
    let elements = vector(function, value)?;
    if elements.len() != length {
        return Err(EvaluateErrorKind::DimensionMismatch { left: vec![length], right: vec![elements.len()] });
    }
    Ok(Matrix::new(vec![length, 1], elements.to_vec()))
}

fn triangular_solution(function: &'static str, triangle: &Value, right: &Value, lower: bool) -> Evaluated {
    let triangle = matrix(function, triangle)?;
    let size = square_size(function, triangle)?;
    check_elimination(size)?;
    let mut solution = column_of(function, right, size)?;
    for step in 0..size {
        let row = if lower { step } else { size - 1 - step };
        let known = if lower { 0..row } else { row + 1..size };
        let mut rest = solution.elements()[row].clone();
        for column in known {
            let coefficient = &triangle.elements()[row * size + column];
            let gone = binary(BinaryOperator::Multiply, coefficient, &solution.elements()[column])?;
            rest = binary(BinaryOperator::Subtract, &rest, &gone)?;
        }
        let diagonal = &triangle.elements()[row * size + row];
        if is_zero(diagonal)? {
            return Err(EvaluateErrorKind::Singular);
        }
        solution.elements_mut()[row] = binary(BinaryOperator::Divide, &rest, diagonal)?;
    }
    Ok(solution.into())
}

/// Norm of a number, vector or matrix.
pub(super) fn norm(interpreter: &mut Interpreter<'_>, value: &Value, p: Option<&Value>) -> Evaluated {
    let Value::Matrix(matrix) = value else { return call("abs", std::slice::from_ref(value)) };
    let magnitudes = matrix
        .elements()
        .iter()
        .map(|element| real_of("norm", &call("abs", std::slice::from_ref(element))?))
        .collect::<Result<Vec<_>, _>>()?;
    let p = match p {
        None => 2.0,
        Some(Value::Text(name)) => match name.as_str() {
            "inf" => f64::INFINITY,
            "-inf" => f64::NEG_INFINITY,
            "fro" => return Ok(Value::Number(vector_norm(&magnitudes, 2.0))),
            _ => return Err(domain("norm", "a number, \"inf\", \"-inf\" or \"fro\"")),
        },
        Some(p) => real_of("norm", p)?,
    };
    let Some((_, columns)) = matrix.rows_and_columns() else {
        return Ok(Value::Number(vector_norm(&magnitudes, p)));
    };
    let sums = |lines: &mut dyn Iterator<Item = f64>| Value::Number(lines.fold(0.0, f64::max));
    if p == 1.0 {
        Ok(sums(&mut (0..columns).map(|column| magnitudes.iter().skip(column).step_by(columns).sum())))
    } else if p == f64::INFINITY {
        Ok(sums(&mut magnitudes.chunks(columns.max(1)).map(|row| row.iter().sum())))
    } else if p == 2.0 {
        interpreter.charge_elements(magnitudes.len().saturating_mul(20 * columns))?;
        Ok(Value::Number(largest_singular_value(matrix)?))
    } else {
        Err(domain("norm", "1, 2, \"inf\" or \"fro\" for a matrix"))
    }
}

fn vector_norm(magnitudes: &[f64], p: f64) -> f64 {
    if p == f64::INFINITY {
        magnitudes.iter().copied().fold(0.0, f64::max)
    } else if p == f64::NEG_INFINITY {
        magnitudes.iter().copied().reduce(f64::min).unwrap_or(0.0)
    } else if p == 2.0 {
        magnitudes.iter().map(|x| x * x).sum::<f64>().sqrt()
    } else {
        magnitudes.iter().map(|x| x.powf(p)).sum::<f64>().powf(1.0 / p)
    }
}
