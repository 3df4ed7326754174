//! Operators on values of any kind: arithmetic, bits, and their element-wise and matrix forms.

use super::numeric::{Numeric, Pair, exact, real_of, unexpected};
use super::{EvaluateErrorKind, Evaluated};
use crate::formula::functions::linear;
use crate::formula::functions::real;
use crate::formula::tree::{BinaryOperator, UnaryOperator};
use crate::formula::value::{Complex, Decimal, Fraction, Matrix, Quantity, Value};

/// Function that an operator calls, which errors name.
const fn operator_name(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => "add",
        BinaryOperator::Subtract => "subtract",
        BinaryOperator::Multiply | BinaryOperator::ImplicitMultiply => "multiply",
        BinaryOperator::Divide => "divide",
        BinaryOperator::Modulus => "mod",
        BinaryOperator::Power => "pow",
        BinaryOperator::DotMultiply => "dotMultiply",
        BinaryOperator::DotDivide => "dotDivide",
        BinaryOperator::DotPower => "dotPow",
        BinaryOperator::BitAnd => "bitAnd",
        BinaryOperator::BitOr => "bitOr",
        BinaryOperator::BitXor => "bitXor",
        BinaryOperator::LeftShift => "leftShift",
        BinaryOperator::RightArithmeticShift => "rightArithShift",
        BinaryOperator::RightLogicalShift => "rightLogShift",
        BinaryOperator::And => "and",
        BinaryOperator::Or => "or",
        BinaryOperator::Xor => "xor",
        BinaryOperator::To => "to",
        BinaryOperator::Coalesce => "nullish",
    }
}

/// Applies an operator with two operands.
///
/// `and`, `or` and `??` have both operands evaluated already here; the interpreter evaluates the second one only when it
/// is needed.
///
/// # Errors
/// [`EvaluateErrorKind`] as the operator says: kinds it does not take, shapes or units that do not fit, whole numbers
/// expected.
pub fn binary(operator: BinaryOperator, left: &Value, right: &Value) -> Evaluated {
    use BinaryOperator::{Coalesce, Divide, DotDivide, DotMultiply, DotPower, ImplicitMultiply, Multiply, Power, To};
    let elementwise = match operator {
        Coalesce => {
            return Ok(if matches!(left, Value::Null | Value::Undefined) { right.clone() } else { left.clone() });
        }
        To => return convert(left, right),
        Multiply | ImplicitMultiply => {
            if let (Value::Matrix(left), Value::Matrix(right)) = (left, right) {
                return linear::multiply(left, right);
            }
            Multiply
        }
        Divide => {
            if let Value::Matrix(divisor) = right {
                return binary(Multiply, left, &linear::inverse(divisor)?);
            }
            Divide
        }
        Power => {
            if let Value::Matrix(base) = left {
                return linear::power(base, right);
            }
            Power
        }
        DotMultiply => Multiply,
        DotDivide => Divide,
        DotPower => Power,
        other => other,
    };
    broadcast(left, right, &mut |left, right| scalar_binary(elementwise, left, right))
}

/// Multiplications that an operator takes, roughly.
pub(super) fn work(operator: BinaryOperator, left: &Value, right: &Value) -> usize {
    let cube = |matrix: &Matrix| matrix.elements().len().saturating_mul(matrix.shape()[0]);
    match (operator, left, right) {
        (BinaryOperator::Multiply | BinaryOperator::ImplicitMultiply, Value::Matrix(left), Value::Matrix(right)) => {
            left.elements().len().saturating_mul(right.shape().get(1).copied().unwrap_or(1))
        }
        (BinaryOperator::Divide, _, Value::Matrix(divisor)) => cube(divisor),
        (BinaryOperator::Power, Value::Matrix(base), Value::Number(exponent)) => {
            let doublings = if *exponent >= 2.0 { exponent.log2() } else { 1.0 };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 1024")]
            cube(base).saturating_mul(2 * doublings as usize)
        }
        (_, Value::Matrix(matrix), other) | (_, other, Value::Matrix(matrix)) => {
            matrix.elements().len().max(other.weight())
        }
        // Digit by digit: a product takes 64 x 64 of them, a quotient some ten subtractions for each digit.
        (BinaryOperator::Power, Value::BigNumber(_), _) => 10_000,
        (BinaryOperator::Divide, Value::BigNumber(_), _) | (BinaryOperator::Divide, _, Value::BigNumber(_)) => 4000,
        (_, Value::BigNumber(_), _) | (_, _, Value::BigNumber(_)) => 500,
        _ => 0,
    }
}

/// Applies a function of two scalars to each pair of elements of two values.
///
/// # Errors
/// Shapes that do not fit, and the errors of the function.
pub(in crate::formula) fn broadcast(
    left: &Value,
    right: &Value,
    function: &mut dyn FnMut(&Value, &Value) -> Evaluated,
) -> Evaluated {
    Ok(match (left, right) {
        (Value::Matrix(left), Value::Matrix(right)) => left.broadcast(right, function)?.into(),
        (Value::Matrix(left), right) => left.try_map(|left| function(left, right))?.into(),
        (left, Value::Matrix(right)) => right.try_map(|right| function(left, right))?.into(),
        (left, right) => return function(left, right),
    })
}

/// Applies a function to each element of a matrix, or to the value itself.
///
/// # Errors
/// The errors of the function.
pub(in crate::formula) fn elementwise(value: &Value, function: &mut dyn FnMut(&Value) -> Evaluated) -> Evaluated {
    match value {
        Value::Matrix(matrix) => Ok(matrix.try_map(|element| function(element))?.into()),
        value => function(value),
    }
}

fn scalar_binary(operator: BinaryOperator, left: &Value, right: &Value) -> Evaluated {
    if let (Value::Number(x), Value::Number(y)) = (left, right) {
        return pair_binary(operator, Pair::Real(*x, *y));
    }
    if matches!(left, Value::Quantity(_)) || matches!(right, Value::Quantity(_)) {
        return quantity_binary(operator, left, right);
    }
    pair_binary(operator, Pair::of(operator_name(operator), left, right)?)
}

fn pair_binary(operator: BinaryOperator, pair: Pair) -> Evaluated {
    match pair {
        Pair::Real(x, y) => real_binary(operator, x, y),
        Pair::Complex(a, b) => complex_binary(operator, a, b),
        Pair::Decimal(a, b) => decimal_binary(operator, &a, &b),
        Pair::Fraction(a, b) => fraction_binary(operator, a, b),
        Pair::Integer(a, b) => integer_binary(operator, a, b),
    }
}

fn whole_numbers(operator: BinaryOperator, result: f64) -> Evaluated {
    if result.is_nan() {
        Err(EvaluateErrorKind::Domain { function: operator_name(operator), expected: "whole numbers" })
    } else {
        Ok(Value::Number(result))
    }
}

fn real_binary(operator: BinaryOperator, x: f64, y: f64) -> Evaluated {
    use BinaryOperator as Operator;
    Ok(Value::Number(match operator {
        Operator::Add => x + y,
        Operator::Subtract => x - y,
        Operator::Multiply | Operator::ImplicitMultiply | Operator::DotMultiply => x * y,
        Operator::Divide | Operator::DotDivide => x / y,
        Operator::Modulus => real::modulus(x, y),
        Operator::Power | Operator::DotPower => return Ok(real_power(x, y)),
        Operator::BitAnd => return whole_numbers(operator, real::bit_and(x, y)),
        Operator::BitOr => return whole_numbers(operator, real::bit_or(x, y)),
        Operator::BitXor => return whole_numbers(operator, real::bit_xor(x, y)),
        Operator::LeftShift => return whole_numbers(operator, real::left_shift(x, y)),
        Operator::RightArithmeticShift => return whole_numbers(operator, real::right_arithmetic_shift(x, y)),
        Operator::RightLogicalShift => return whole_numbers(operator, real::right_logical_shift(x, y)),
        Operator::And => return Ok(Value::Boolean(real::truth(x) && real::truth(y))),
        Operator::Or => return Ok(Value::Boolean(real::truth(x) || real::truth(y))),
        Operator::Xor => return Ok(Value::Boolean(real::truth(x) != real::truth(y))),
        Operator::To => return Err(EvaluateErrorKind::UnexpectedType { function: "to", found: "a number" }),
        Operator::Coalesce => x,
    }))
}

/// Power of real numbers, complex when it has to be.
fn real_power(x: f64, y: f64) -> Value {
    let vanishes = (x * x < 1.0 && y == f64::INFINITY) || (x * x > 1.0 && y == f64::NEG_INFINITY);
    let whole = y.is_finite() && y == y.round();
    if vanishes || whole || x >= 0.0 {
        Value::Number(real::power(x, y))
    } else {
        Value::Complex(Complex::real(x).pow(Complex::real(y)))
    }
}

fn complex_binary(operator: BinaryOperator, a: Complex, b: Complex) -> Evaluated {
    Ok(Value::Complex(match operator {
        BinaryOperator::Add => a + b,
        BinaryOperator::Subtract => a - b,
        BinaryOperator::Multiply => a * b,
        BinaryOperator::Divide => a.divide(b),
        BinaryOperator::Power => a.pow(b),
        BinaryOperator::And => return Ok(Value::Boolean(!a.is_zero() && !b.is_zero())),
        BinaryOperator::Or => return Ok(Value::Boolean(!a.is_zero() || !b.is_zero())),
        BinaryOperator::Xor => return Ok(Value::Boolean(a.is_zero() != b.is_zero())),
        _ => {
            return Err(EvaluateErrorKind::UnexpectedType {
                function: operator_name(operator),
                found: "a complex number",
            });
        }
    }))
}

/// Nearest 32-bit exponent of a value that is whole and small enough.
fn whole_exponent(exponent: f64) -> Option<i32> {
    /// Largest exponent that exact arithmetic takes.
    const EXPONENT_MAX: f64 = 100_000.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and at most the largest exponent")]
    (exponent == exponent.round() && exponent.abs() <= EXPONENT_MAX).then_some(exponent as i32)
}

fn decimal_binary(operator: BinaryOperator, a: &Decimal, b: &Decimal) -> Evaluated {
    // What has no exact form goes through `f64`, and is a decimal number again when it is a number at all.
    let inexact = || {
        Ok(match real_binary(operator, a.to_f64(), b.to_f64())? {
            Value::Number(x) => Decimal::from_f64(x).map_or(Value::Number(x), Value::BigNumber),
            other => other,
        })
    };
    match operator {
        BinaryOperator::Add => Ok(Value::BigNumber(a.plus(b))),
        BinaryOperator::Subtract => Ok(Value::BigNumber(a.minus(b))),
        BinaryOperator::Multiply => Ok(Value::BigNumber(a.times(b))),
        BinaryOperator::Divide => a.over(b).map_or_else(inexact, |quotient| Ok(Value::BigNumber(quotient))),
        BinaryOperator::Power => match whole_exponent(b.to_f64()).and_then(|exponent| a.power(exponent)) {
            Some(power) => Ok(Value::BigNumber(power)),
            None => inexact(),
        },
        _ => inexact(),
    }
}

fn fraction_binary(operator: BinaryOperator, a: Fraction, b: Fraction) -> Evaluated {
    match operator {
        BinaryOperator::Add => exact(a.plus(b), Value::Fraction),
        BinaryOperator::Subtract => exact(a.minus(b), Value::Fraction),
        BinaryOperator::Multiply => exact(a.times(b), Value::Fraction),
        BinaryOperator::Divide => exact(a.over(b), Value::Fraction),
        BinaryOperator::Modulus => {
            let quotient = exact(a.over(b).and_then(|quotient| Fraction::new(quotient.floor(), 1)), |whole| {
                Value::Fraction(whole)
            })?;
            let multiple = scalar_binary(BinaryOperator::Multiply, &Value::Fraction(b), &quotient)?;
            scalar_binary(BinaryOperator::Subtract, &Value::Fraction(a), &multiple)
        }
        BinaryOperator::Power => match whole_exponent(b.to_f64()).map(|exponent| a.power(exponent)) {
            Some(power) => exact(power, Value::Fraction),
            None => Ok(real_power(a.to_f64(), b.to_f64())),
        },
        _ => real_binary(operator, a.to_f64(), b.to_f64()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "what leaves the exact range is a plain number")]
fn integer_binary(operator: BinaryOperator, a: i128, b: i128) -> Evaluated {
    let result = match operator {
        BinaryOperator::Add => a.checked_add(b),
        BinaryOperator::Subtract => a.checked_sub(b),
        BinaryOperator::Multiply => a.checked_mul(b),
        BinaryOperator::Modulus if b != 0 => a.checked_rem_euclid(b),
        BinaryOperator::Power => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        _ => return real_binary(operator, a as f64, b as f64),
    };
    result.map_or_else(|| real_binary(operator, a as f64, b as f64), |result| Ok(Value::BigInteger(result)))
}

fn quantity_binary(operator: BinaryOperator, left: &Value, right: &Value) -> Evaluated {
    let function = operator_name(operator);
    match (operator, left, right) {
        (BinaryOperator::Add, Value::Quantity(a), Value::Quantity(b)) => Ok(a.combine(b, |x, y| x + y)?.into()),
        (BinaryOperator::Subtract, Value::Quantity(a), Value::Quantity(b)) => Ok(a.combine(b, |x, y| x - y)?.into()),
        (BinaryOperator::Modulus, Value::Quantity(a), Value::Quantity(b)) => Ok(a.combine(b, real::modulus)?.into()),
        (BinaryOperator::Multiply, Value::Quantity(a), Value::Quantity(b)) => Ok(a.multiply(b)),
        (BinaryOperator::Divide, Value::Quantity(a), Value::Quantity(b)) => Ok(a.divide(b)),
        (BinaryOperator::Multiply, Value::Quantity(a), b) | (BinaryOperator::Multiply, b, Value::Quantity(a)) => {
            Ok(a.scale(real_of(function, b)?).into())
        }
        (BinaryOperator::Divide, Value::Quantity(a), b) => {
            let divisor = real_of(function, b)?;
            Ok(if a.is_bare() { a.scale(1.0 / divisor) } else { a.map(|x| x / divisor) }.into())
        }
        (BinaryOperator::Divide, a, Value::Quantity(b)) => Ok(b.divide_into(real_of(function, a)?)),
        (BinaryOperator::Power, Value::Quantity(a), b) if !matches!(b, Value::Quantity(_)) => {
            Ok(a.power(real_of(function, b)?))
        }
        (BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Xor, a, b) => {
            let number = |value: &Value| match value {
                Value::Quantity(quantity) => Ok(Value::Number(quantity.si_value())),
                other => Ok(other.clone()),
            };
            scalar_binary(operator, &number(a)?, &number(b)?)
        }
        (_, Value::Quantity(_), other) | (_, other, _) => Err(unexpected(function, other)),
    }
}

/// Converts a quantity to a unit, given as a unit or as text.
pub(in crate::formula) fn convert(value: &Value, target: &Value) -> Evaluated {
    if let Value::Matrix(matrix) = value {
        return Ok(matrix.try_map(|element| convert(element, target))?.into());
    }
    let Value::Quantity(quantity) = value else { return Err(unexpected("to", value)) };
    match target {
        Value::Quantity(unit) => Ok(quantity.to(unit)?.into()),
        Value::Text(text) => Ok(quantity.to(&Quantity::parse(text)?)?.into()),
        other => Err(unexpected("to", other)),
    }
}

/// Applies an operator with one operand.
///
/// # Errors
/// [`EvaluateErrorKind`] as the operator says.
pub fn unary(operator: UnaryOperator, operand: &Value) -> Evaluated {
    match operator {
        UnaryOperator::Minus => elementwise(operand, &mut negate),
        UnaryOperator::Plus => elementwise(operand, &mut |value| match value {
            Value::Quantity(_) => Ok(value.clone()),
            _ => Ok(Numeric::of("unaryPlus", value)?.into()),
        }),
        UnaryOperator::BitNot => elementwise(operand, &mut bit_not),
        UnaryOperator::Not => elementwise(operand, &mut |value| Ok(Value::Boolean(!scalar_truth("not", value)?))),
        UnaryOperator::Factorial => elementwise(operand, &mut factorial),
        UnaryOperator::Transpose => transpose(operand, true),
        UnaryOperator::Percent => binary(BinaryOperator::Divide, operand, &Value::Number(100.0)),
    }
}

fn negate(value: &Value) -> Evaluated {
    if let Value::Quantity(quantity) = value {
        return Ok(quantity.scale(-1.0).into());
    }
    Ok(match Numeric::of("unaryMinus", value)? {
        Numeric::Real(x) => Value::Number(-x),
        Numeric::Complex(z) => Value::Complex(-z),
        Numeric::Decimal(number) => Value::BigNumber(number.negate()),
        Numeric::Fraction(fraction) => Value::Fraction(fraction.negate()),
        Numeric::Integer(integer) => Value::BigInteger(integer.saturating_neg()),
    })
}

fn bit_not(value: &Value) -> Evaluated {
    let result = real::bit_not(real_of("bitNot", value)?);
    if result.is_nan() {
        Err(EvaluateErrorKind::Domain { function: "bitNot", expected: "a whole number" })
    } else {
        Ok(Value::Number(result))
    }
}

/// Factorial of a scalar.
pub(in crate::formula) fn factorial(value: &Value) -> Evaluated {
    let x = real_of("factorial", value)?;
    if x < 0.0 {
        return Err(EvaluateErrorKind::Domain { function: "factorial", expected: "a number that is not negative" });
    }
    Ok(Value::Number(real::factorial(x)))
}

/// Transpose; of complex numbers also the conjugate when `conjugate`.
pub(in crate::formula) fn transpose(value: &Value, conjugate: bool) -> Evaluated {
    let conjugated = |element: &Value| match element {
        Value::Complex(z) if conjugate => Value::Complex(z.conj()),
        other => other.clone(),
    };
    match value {
        Value::Matrix(matrix) if matrix.shape().len() == 1 => {
            Ok(matrix.try_map(|element| Ok(conjugated(element)))?.into())
        }
        Value::Matrix(matrix) => {
            let (rows, columns) = linear::rows_and_columns("transpose", matrix)?;
            let elements = matrix.elements();
            let moved = (0..columns)
                .flat_map(|column| (0..rows).map(move |row| row * columns + column))
                .map(|index| conjugated(&elements[index]))
                .collect();
            Ok(Matrix::new(vec![columns, rows], moved).into())
        }
        Value::Function(_) | Value::Filtered => Err(unexpected("ctranspose", value)),
        other => Ok(conjugated(other)),
    }
}

/// Whether a scalar is true, as `and`, `or` and `not` see it.
pub(super) fn scalar_truth(function: &'static str, value: &Value) -> Result<bool, EvaluateErrorKind> {
    if let Value::Quantity(quantity) = value {
        return Ok(real::truth(quantity.si_value()));
    }
    Ok(match Numeric::of(function, value)? {
        Numeric::Complex(z) => !z.is_zero(),
        other => other.to_f64().is_some_and(real::truth),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(x: f64) -> Value {
        Value::Number(x)
    }

    #[test]
    fn text_and_booleans_take_part_in_arithmetic() {
        assert_eq!(binary(BinaryOperator::Multiply, &Value::Text("5".into()), &Value::Boolean(true)), Ok(number(5.0)));
        assert_eq!(unary(UnaryOperator::Minus, &Value::Text("5".into())), Ok(number(-5.0)));
        assert!(binary(BinaryOperator::Add, &Value::Null, &number(1.0)).is_err());
    }

    #[test]
    fn a_power_leaves_the_real_line_when_it_has_to() {
        assert_eq!(real_power(-2.0, -3.0), number(-0.125));
        assert!(matches!(real_power(-2.0, 2.5), Value::Complex(_)));
        assert!(matches!(real_power(-1.0, f64::INFINITY), Value::Complex(z) if z.is_nan()));
    }

    #[test]
    fn matrices_take_operators_element_by_element() {
        let row = Value::from(Matrix::numbers([1.0, 2.0]));
        assert_eq!(binary(BinaryOperator::DotPower, &row, &number(2.0)), Ok(Matrix::numbers([1.0, 4.0]).into()));
        assert_eq!(binary(BinaryOperator::Multiply, &row, &row), Ok(number(5.0)));
        assert!(matches!(
            binary(BinaryOperator::Add, &row, &Matrix::numbers([1.0, 2.0, 3.0]).into()),
            Err(EvaluateErrorKind::DimensionMismatch { .. })
        ));
    }

    #[test]
    fn quantities_add_to_quantities_only() {
        let five = Value::from(Quantity::parse("5 cm").unwrap());
        assert!(binary(BinaryOperator::Add, &five, &number(3.0)).is_err());
        assert_eq!(binary(BinaryOperator::Divide, &five, &five), Ok(number(1.0)));
        assert!(binary(BinaryOperator::To, &number(5.0), &number(10.0)).is_err());
    }

    #[test]
    fn bits_need_whole_numbers() {
        assert_eq!(binary(BinaryOperator::BitAnd, &Value::Boolean(true), &number(1.0)), Ok(number(1.0)));
        assert!(binary(BinaryOperator::BitAnd, &number(5.5), &number(3.0)).is_err());
        assert!(unary(UnaryOperator::BitNot, &number(5.5)).is_err());
    }

    #[test]
    fn exact_arithmetic_stays_exact() {
        let third = Value::Fraction(Fraction::new(1, 3).unwrap());
        assert_eq!(
            binary(BinaryOperator::Multiply, &third, &number(3.0)),
            Ok(Value::Fraction(Fraction::new(1, 1).unwrap()))
        );
        assert_eq!(
            binary(BinaryOperator::Power, &Value::BigInteger(2), &Value::BigInteger(100)),
            Ok(Value::BigInteger(1 << 100))
        );
    }
}
