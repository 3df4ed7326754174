//! Comparison of values of any kind, and truth.

use std::cmp::Ordering;

use super::arithmetic::{broadcast, scalar_truth};
use super::numeric::{Pair, unexpected};
use super::{EvaluateErrorKind, Evaluated};
use crate::formula::functions::real;
use crate::formula::tree::ComparisonOperator;
use crate::formula::value::Value;

/// Function that an operator calls, which errors name.
const fn operator_name(operator: ComparisonOperator) -> &'static str {
    match operator {
        ComparisonOperator::Equal => "equal",
        ComparisonOperator::Unequal => "unequal",
        ComparisonOperator::Smaller => "smaller",
        ComparisonOperator::SmallerEqual => "smallerEq",
        ComparisonOperator::Larger => "larger",
        ComparisonOperator::LargerEqual => "largerEq",
    }
}

/// Compares two values; matrices element by element.
///
/// # Errors
/// Kinds that have no order, text that is no number, units that do not match.
pub fn compare(operator: ComparisonOperator, left: &Value, right: &Value) -> Evaluated {
    broadcast(left, right, &mut |left, right| Ok(Value::Boolean(scalar_compare(operator, left, right)?)))
}

fn scalar_compare(operator: ComparisonOperator, left: &Value, right: &Value) -> Result<bool, EvaluateErrorKind> {
    let equality = matches!(operator, ComparisonOperator::Equal | ComparisonOperator::Unequal);
    if equality {
        let equal = equal(left, right)?;
        return Ok(equal == (operator == ComparisonOperator::Equal));
    }
    let order = order(operator_name(operator), left, right)?;
    Ok(match operator {
        ComparisonOperator::Smaller => order == Some(Ordering::Less),
        ComparisonOperator::Larger => order == Some(Ordering::Greater),
        ComparisonOperator::SmallerEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    })
}

/// Order of two scalars; `None` when one is NaN.
///
/// # Errors
/// Kinds that have no order, text that is no number, units that do not match.
pub(in crate::formula) fn order(
    function: &'static str,
    left: &Value,
    right: &Value,
) -> Result<Option<Ordering>, EvaluateErrorKind> {
    match (left, right) {
        (Value::Quantity(a), Value::Quantity(b)) => {
            if !a.same_dimensions(b) {
                return Err(a.mismatch(b));
            }
            Pair::Real(a.si_value(), b.si_value()).order(function)
        }
        (Value::Quantity(_), other) | (other, Value::Quantity(_)) => Err(unexpected(function, other)),
        _ => Pair::of(function, left, right)?.order(function),
    }
}

/// Whether two scalars are equal within the tolerance; null and undefined equal only themselves.
///
/// # Errors
/// Kinds that cannot be compared, text that is no number, units that do not match.
pub(in crate::formula) fn equal(left: &Value, right: &Value) -> Result<bool, EvaluateErrorKind> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Ok(left == right),
        (Value::Undefined, _) | (_, Value::Undefined) => Ok(left == right),
        (Value::Quantity(a), Value::Quantity(b)) => {
            if !a.same_dimensions(b) {
                return Err(a.mismatch(b));
            }
            Ok(real::nearly_equal(a.si_value(), b.si_value()))
        }
        (Value::Quantity(_), other) | (other, Value::Quantity(_)) => Err(unexpected("equal", other)),
        _ => Ok(Pair::of("equal", left, right)?.equal()),
    }
}

/// Whether the condition of `? :` holds: a number that is neither 0 nor NaN, text that is not empty, a quantity that is
/// not 0; null and undefined do not hold.
///
/// # Errors
/// [`EvaluateErrorKind::Condition`] for every other kind.
pub fn truth(condition: &Value) -> Result<bool, EvaluateErrorKind> {
    match condition {
        Value::Text(text) => Ok(!text.is_empty()),
        Value::Null | Value::Undefined => Ok(false),
        Value::Number(_)
        | Value::Boolean(_)
        | Value::Complex(_)
        | Value::BigNumber(_)
        | Value::BigInteger(_)
        | Value::Fraction(_)
        | Value::Quantity(_) => scalar_truth("?:", condition),
        _ => Err(EvaluateErrorKind::Condition { found: condition.described() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::value::{Complex, Matrix, Quantity};

    fn holds(operator: ComparisonOperator, left: Value, right: Value) -> Result<bool, EvaluateErrorKind> {
        scalar_compare(operator, &left, &right)
    }

    #[test]
    fn kinds_are_brought_together_first() {
        assert_eq!(holds(ComparisonOperator::Equal, Value::Text("2".into()), Value::Number(2.0)), Ok(true));
        assert_eq!(holds(ComparisonOperator::Equal, Value::Boolean(true), Value::Number(1.0)), Ok(true));
        assert_eq!(holds(ComparisonOperator::Equal, Value::Null, Value::Number(0.0)), Ok(false));
        assert!(holds(ComparisonOperator::Smaller, Value::Text("a".into()), Value::Text("b".into())).is_err());
        assert!(holds(ComparisonOperator::Larger, Value::Null, Value::Number(0.0)).is_err());
    }

    #[test]
    fn no_number_compares_to_nothing() {
        for operator in [ComparisonOperator::Equal, ComparisonOperator::LargerEqual, ComparisonOperator::Smaller] {
            assert_eq!(holds(operator, Value::Number(f64::NAN), Value::Number(1.0)), Ok(false));
        }
        assert_eq!(holds(ComparisonOperator::Unequal, Value::Number(f64::NAN), Value::Number(1.0)), Ok(true));
    }

    #[test]
    fn quantities_compare_in_any_unit() {
        let (a, b) = (Quantity::parse("5 cm").unwrap(), Quantity::parse("1 m").unwrap());
        assert_eq!(holds(ComparisonOperator::Smaller, a.clone().into(), b.into()), Ok(true));
        assert!(holds(ComparisonOperator::Smaller, a.into(), Value::Number(1.0)).is_err());
    }

    #[test]
    fn a_condition_is_a_scalar() {
        assert_eq!(truth(&Value::Text("0".into())), Ok(true));
        assert_eq!(truth(&Value::Complex(Complex::new(0.0, 0.0))), Ok(false));
        assert_eq!(truth(&Value::Undefined), Ok(false));
        assert!(truth(&Matrix::numbers([1.0]).into()).is_err());
        assert!(truth(&Value::Filtered).is_err());
    }
}
