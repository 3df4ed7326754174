//! Eigenvalues, singular values and roots of polynomials.
//!
//! Small matrices of real numbers only: symmetric ones by Jacobi's rotations, two by two ones by their characteristic
//! polynomial.

use super::linear::square_size;
use super::shape::matrix;
use super::{Apply, Family, FunctionInfo, domain};
use crate::formula::interpreter::{EvaluateErrorKind, Evaluated, Interpreter, complex_of, real_of};
use crate::formula::value::{Complex, Matrix, Value};

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
    entry(
        "eigs",
        &["eigs(matrix)"],
        (1, 2),
        "Eigenvalues, ascending, and eigenvectors, as `values` and `eigenvectors`.",
        ("eigs([2, 0; 0, 3]).values", "[2, 3]"),
        |interpreter, arguments| {
            let elements = arguments[0].weight();
            interpreter.charge_elements(elements.saturating_mul(20 * elements.isqrt()))?;
            eigenvalues(&arguments[0])
        },
    )
    .domain("a real matrix, symmetric or two by two"),
    entry(
        "polynomialRoot",
        &["polynomialRoot(c0, c1, …)"],
        (2, 4),
        "Roots of `c0 + c1 x + c2 x ^ 2 + c3 x ^ 3`, as a list.",
        ("polynomialRoot(6, -5, 1)", "[3, 2]"),
        |_, arguments| polynomial_roots(arguments),
    )
    .domain("the last coefficient not 0"),
];

/// Most rows of a matrix whose eigenvalues are computed.
const SIZE_MAX: usize = 50;

/// Most sweeps of rotations; convergence is quadratic, and ten suffice in practice.
const SWEEPS_MAX: usize = 60;

/// Eigenvalues of a symmetric matrix, ascending, each with its eigenvector of length 1.
fn symmetric_eigenpairs(mut a: Vec<f64>, size: usize) -> Vec<(f64, Vec<f64>)> {
    let mut vectors: Vec<f64> =
        (0..size * size).map(|position| f64::from(u8::from(position % (size + 1) == 0))).collect();
    for _ in 0..SWEEPS_MAX {
        let mut off_diagonal = 0.0;
        for p in 0..size {
            for q in p + 1..size {
                let pivot = a[p * size + q];
                off_diagonal += pivot * pivot;
                if pivot == 0.0 {
                    continue;
                }
                let theta = (a[q * size + q] - a[p * size + p]) / (2.0 * pivot);
                let sign = if theta < 0.0 { -1.0 } else { 1.0 };
                let tangent = sign / (theta.abs() + theta.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                let sine = tangent * cosine;
                let rotate = |values: &mut [f64], first: usize, second: usize| {
                    let (x, y) = (values[first], values[second]);
                    values[first] = cosine * x - sine * y;
                    values[second] = sine * x + cosine * y;
                };
                // The pivot vanishes and the diagonal moves by a multiple of it, which is more exact than rotating.
                a[p * size + p] -= tangent * pivot;
                a[q * size + q] += tangent * pivot;
                (a[p * size + q], a[q * size + p]) = (0.0, 0.0);
                for k in (0..size).filter(|&k| k != p && k != q) {
                    rotate(&mut a, k * size + p, k * size + q);
                    (a[p * size + k], a[q * size + k]) = (a[k * size + p], a[k * size + q]);
                }
                for k in 0..size {
                    rotate(&mut vectors, k * size + p, k * size + q);
                }
            }
        }
        if off_diagonal == 0.0 {
            break;
        }
    }
    let mut pairs: Vec<(f64, Vec<f64>)> =
        (0..size).map(|j| (a[j * size + j], (0..size).map(|k| vectors[k * size + j]).collect())).collect();
    pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
    pairs
}

fn real_elements(function: &'static str, matrix: &Matrix) -> Result<Vec<f64>, EvaluateErrorKind> {
    matrix.elements().iter().map(|element| real_of(function, element)).collect()
}

fn eigen_object(pairs: Vec<(Value, Vec<Value>)>) -> Value {
    let values = Matrix::vector(pairs.iter().map(|(value, _)| value.clone()).collect());
    let vectors = pairs.into_iter().map(|(value, vector)| {
        Value::Object(vec![("value".to_owned(), value), ("vector".to_owned(), Matrix::vector(vector).into())])
    });
    Value::Object(vec![
        ("values".to_owned(), values.into()),
        ("eigenvectors".to_owned(), Matrix::list(vectors.collect()).into()),
    ])
}

fn eigenvalues(value: &Value) -> Evaluated {
    let matrix = matrix("eigs", value)?;
    let size = square_size("eigs", matrix)?;
    if size > SIZE_MAX {
        return Err(EvaluateErrorKind::TooLarge { what: "a matrix for `eigs`", limit: SIZE_MAX * SIZE_MAX });
    }
    let elements = real_elements("eigs", matrix)?;
    let symmetric = (0..size).all(|row| {
        (0..row).all(|column| super::real::nearly_equal(elements[row * size + column], elements[column * size + row]))
    });
    if symmetric {
        let pairs = symmetric_eigenpairs(elements, size);
        return Ok(eigen_object(
            pairs
                .into_iter()
                .map(|(value, vector)| (Value::Number(value), vector.into_iter().map(Value::Number).collect()))
                .collect(),
        ));
    }
    let [a, b, c, d] = elements[..] else { return Err(domain("eigs", "a symmetric matrix, or two by two")) };
    let (half_trace, determinant) = ((a + d) / 2.0, a * d - b * c);
    let root = Complex::real(half_trace * half_trace - determinant).sqrt();
    let pair = |value: Complex| {
        // A row of `A - value` is orthogonal to the eigenvector.
        let vector = if b == 0.0 {
            [value - Complex::real(d), Complex::real(c)]
        } else {
            [Complex::real(b), value - Complex::real(a)]
        };
        let length = vector[0].abs().hypot(vector[1].abs());
        (plain(value), vector.map(|z| plain(z.divide(Complex::real(length)))).to_vec())
    };
    Ok(eigen_object(vec![pair(Complex::real(half_trace) - root), pair(Complex::real(half_trace) + root)]))
}

/// Largest singular value: the root of the largest eigenvalue of `A' A`.
pub(super) fn largest_singular_value(matrix: &Matrix) -> Result<f64, EvaluateErrorKind> {
    let (rows, columns) = super::linear::rows_and_columns("norm", matrix)?;
    if columns > SIZE_MAX {
        return Err(EvaluateErrorKind::TooLarge { what: "a matrix for `norm`", limit: SIZE_MAX * SIZE_MAX });
    }
    let elements = real_elements("norm", matrix)?;
    let mut gram = vec![0.0; columns * columns];
    for row in 0..rows {
        let line = &elements[row * columns..(row + 1) * columns];
        for (i, x) in line.iter().enumerate() {
            for (j, y) in line.iter().enumerate() {
                gram[i * columns + j] += x * y;
            }
        }
    }
    Ok(symmetric_eigenpairs(gram, columns).last().map_or(0.0, |(value, _)| value.max(0.0).sqrt()))
}

/// A complex number without an imaginary part as a plain one.
fn plain(z: Complex) -> Value {
    if z.im.abs() <= 1e-12 * z.re.abs().max(1e-3) { Value::Number(z.re) } else { Value::Complex(z) }
}

fn polynomial_roots(arguments: &[Value]) -> Evaluated {
    let mut coefficients =
        arguments.iter().map(|value| complex_of("polynomialRoot", value)).collect::<Result<Vec<_>, _>>()?;
    while coefficients.last().is_some_and(|last| last.is_zero()) {
        coefficients.pop();
    }
    let real = Complex::real;
    let roots = match coefficients[..] {
        [c0, c1] => vec![(-c0).divide(c1)],
        [c, b, a] => {
            let root = (b * b - real(4.0) * a * c).sqrt();
            let divisor = real(2.0) * a;
            if root.is_zero() {
                vec![(-b).divide(divisor)]
            } else {
                vec![(root - b).divide(divisor), (-root - b).divide(divisor)]
            }
        }
        [d, c, b, a] => cubic_roots(a, b, c, d),
        _ => return Err(domain("polynomialRoot", "two to four coefficients, the last one not 0")),
    };
    Ok(Matrix::list(roots.into_iter().map(plain).collect()).into())
}

/// Roots of `a x^3 + b x^2 + c x + d`, by Cardano's formula.
fn cubic_roots(a: Complex, b: Complex, c: Complex, d: Complex) -> Vec<Complex> {
    let real = Complex::real;
    let divisor = real(-3.0) * a;
    let d0 = b * b - real(3.0) * a * c;
    let d1 = real(2.0) * b * b * b - real(9.0) * a * b * c + real(27.0) * a * a * d;
    if d0.is_zero() && d1.is_zero() {
        return vec![b.divide(divisor)];
    }
    let root = (d1 * d1 - real(4.0) * d0 * d0 * d0).sqrt();
    // The larger of the two sums, so that nothing cancels.
    let (sum, difference) = (d1 + root, d1 - root);
    let larger = if sum.abs() >= difference.abs() { sum } else { difference };
    let first = (real(0.5) * larger).cbrt();
    let third = std::f64::consts::TAU / 3.0;
    [0.0, 1.0, -1.0]
        .map(|turn| {
            let cube_root = first * Complex::from_polar(1.0, turn * third);
            (b + cube_root + d0.divide(cube_root)).divide(divisor)
        })
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotations_find_the_eigenpairs_of_a_symmetric_matrix() {
        let pairs = symmetric_eigenpairs(vec![2.0, 1.0, 1.0, 2.0], 2);
        assert!((pairs[0].0 - 1.0).abs() < 1e-14 && (pairs[1].0 - 3.0).abs() < 1e-14);
        let vector = &pairs[1].1;
        assert!((vector[0] - vector[1]).abs() < 1e-14);
    }

    #[test]
    fn a_rotation_has_complex_eigenvalues() {
        let rotation = Matrix::numbers([0.0, -1.0, 1.0, 0.0]).with_shape(vec![2, 2]);
        let object = eigenvalues(&rotation.into()).unwrap();
        let Some(Value::Matrix(values)) = object.property("values") else { panic!("{object:?}") };
        assert!(matches!(values.elements()[1], Value::Complex(z) if (z.im - 1.0).abs() < 1e-14 && z.re == 0.0));
    }

    #[test]
    fn a_cubic_has_its_three_roots() {
        let coefficients = [-6.0, 11.0, -6.0, 1.0].map(Value::Number);
        let Ok(Value::Matrix(roots)) = polynomial_roots(&coefficients) else { panic!("no roots") };
        let mut roots: Vec<f64> =
            roots.elements().iter().map(|root| (real_of("", root).unwrap() * 1e10).round() / 1e10).collect();
        roots.sort_by(f64::total_cmp);
        assert_eq!(roots, [1.0, 2.0, 3.0]);
    }
}
