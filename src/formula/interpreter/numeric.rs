//! The numeric tower: which kind of arithmetic two values have in common.
//!
//! Booleans and text that reads as a number count as numbers; complex numbers outrank fractions, fractions outrank
//! bignumbers, and those outrank plain numbers.

use std::cmp::Ordering;

use super::{EvaluateErrorKind, Evaluated};
use crate::formula::functions::real;
use crate::formula::value::{Complex, Decimal, Fraction, Value, parse_number, shortest_digits};

/// One numeric value.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::formula) enum Numeric {
    Real(f64),
    Complex(Complex),
    Decimal(Decimal),
    Fraction(Fraction),
    Integer(i128),
}

/// Two numeric values of one kind.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::formula) enum Pair {
    Real(f64, f64),
    Complex(Complex, Complex),
    Decimal(Decimal, Decimal),
    Fraction(Fraction, Fraction),
    Integer(i128, i128),
}

/// The error of a value whose kind `function` does not take; a filtered sample takes the whole formula with it.
pub(in crate::formula) fn unexpected(function: &'static str, value: &Value) -> EvaluateErrorKind {
    match value {
        Value::Filtered => EvaluateErrorKind::Filtered,
        _ => EvaluateErrorKind::UnexpectedType { function, found: value.described() },
    }
}

impl Numeric {
    /// The value as a number of some kind.
    pub(in crate::formula) fn of(function: &'static str, value: &Value) -> Result<Self, EvaluateErrorKind> {
        Ok(match value {
            Value::Number(x) => Self::Real(*x),
            Value::Boolean(truth) => Self::Real(f64::from(u8::from(*truth))),
            Value::Text(text) => Self::Real(parse_number(text)?),
            Value::Complex(z) => Self::Complex(*z),
            Value::BigNumber(number) => Self::Decimal(number.clone()),
            Value::BigInteger(integer) => Self::Integer(*integer),
            Value::Fraction(fraction) => Self::Fraction(*fraction),
            _ => return Err(unexpected(function, value)),
        })
    }

    /// The nearest real number; `None` for a complex one.
    pub(in crate::formula) fn to_f64(&self) -> Option<f64> {
        match self {
            Self::Real(x) => Some(*x),
            Self::Complex(_) => None,
            Self::Decimal(number) => Some(number.to_f64()),
            Self::Fraction(fraction) => Some(fraction.to_f64()),
            #[expect(clippy::cast_precision_loss, reason = "the nearest f64 is what is asked for")]
            Self::Integer(integer) => Some(*integer as f64),
        }
    }

    fn to_complex(&self) -> Complex {
        match self {
            Self::Complex(z) => *z,
            other => Complex::real(other.to_f64().unwrap_or(f64::NAN)),
        }
    }

    fn to_fraction(&self) -> Result<Fraction, EvaluateErrorKind> {
        let fraction = match self {
            Self::Fraction(fraction) => Some(*fraction),
            Self::Integer(integer) => Fraction::new(*integer, 1),
            other => other.to_f64().and_then(Fraction::from_f64),
        };
        fraction.ok_or(EvaluateErrorKind::Precision)
    }

    fn to_decimal(&self) -> Result<Decimal, EvaluateErrorKind> {
        let decimal = match self {
            Self::Decimal(number) => Some(number.clone()),
            Self::Integer(integer) => Decimal::parse(&integer.to_string()),
            // A number with more digits was the result of rounding, and exact arithmetic would take it at its word.
            Self::Real(x) if shortest_digits(*x).0.len() > 15 => None,
            other => other.to_f64().and_then(Decimal::from_f64),
        };
        decimal.ok_or(EvaluateErrorKind::Precision)
    }
}

impl From<Numeric> for Value {
    fn from(numeric: Numeric) -> Self {
        match numeric {
            Numeric::Real(x) => Self::Number(x),
            Numeric::Complex(z) => Self::Complex(z),
            Numeric::Decimal(number) => Self::BigNumber(number),
            Numeric::Fraction(fraction) => Self::Fraction(fraction),
            Numeric::Integer(integer) => Self::BigInteger(integer),
        }
    }
}

impl Pair {
    /// The two values in the kind of arithmetic they have in common.
    pub(in crate::formula) fn of(
        function: &'static str,
        left: &Value,
        right: &Value,
    ) -> Result<Self, EvaluateErrorKind> {
        let (left, right) = (Numeric::of(function, left)?, Numeric::of(function, right)?);
        Ok(match (&left, &right) {
            (Numeric::Real(x), Numeric::Real(y)) => Self::Real(*x, *y),
            (Numeric::Complex(_), _) | (_, Numeric::Complex(_)) => Self::Complex(left.to_complex(), right.to_complex()),
            (Numeric::Fraction(_), Numeric::Decimal(_)) | (Numeric::Decimal(_), Numeric::Fraction(_)) => {
                return Err(EvaluateErrorKind::UnexpectedType { function, found: "a fraction beside a bignumber" });
            }
            (Numeric::Fraction(_), _) | (_, Numeric::Fraction(_)) => {
                Self::Fraction(left.to_fraction()?, right.to_fraction()?)
            }
            (Numeric::Decimal(_), _) | (_, Numeric::Decimal(_)) => {
                Self::Decimal(left.to_decimal()?, right.to_decimal()?)
            }
            (Numeric::Integer(a), Numeric::Integer(b)) => Self::Integer(*a, *b),
            _ => Self::Real(left.to_f64().unwrap_or(f64::NAN), right.to_f64().unwrap_or(f64::NAN)),
        })
    }

    /// Whether the two are equal within the tolerance of comparisons.
    pub(in crate::formula) fn equal(&self) -> bool {
        match self {
            Self::Real(x, y) => real::nearly_equal(*x, *y),
            Self::Complex(a, b) => real::nearly_equal(a.re, b.re) && real::nearly_equal(a.im, b.im),
            Self::Decimal(a, b) => real::nearly_equal(a.to_f64(), b.to_f64()),
            Self::Fraction(a, b) => a == b,
            Self::Integer(a, b) => a == b,
        }
    }

    /// Order of the two, equality within the tolerance; `None` when one is NaN.
    pub(in crate::formula) fn order(&self, function: &'static str) -> Result<Option<Ordering>, EvaluateErrorKind> {
        if let Self::Complex(..) = self {
            return Err(EvaluateErrorKind::UnexpectedType { function, found: "a complex number" });
        }
        if self.equal() {
            return Ok(Some(Ordering::Equal));
        }
        Ok(match self {
            Self::Real(x, y) => x.partial_cmp(y),
            Self::Complex(..) => None,
            Self::Decimal(a, b) => Some(a.compare(b)),
            Self::Fraction(a, b) => Some(a.compare(*b)),
            Self::Integer(a, b) => Some(a.cmp(b)),
        })
    }
}

/// The value as a real number: a number, a boolean, or text that reads as a number.
///
/// # Errors
/// [`EvaluateErrorKind::UnexpectedType`] for every other kind.
pub fn real_of(function: &'static str, value: &Value) -> Result<f64, EvaluateErrorKind> {
    Numeric::of(function, value)?.to_f64().ok_or_else(|| unexpected(function, value))
}

/// The value as a complex number.
///
/// # Errors
/// [`EvaluateErrorKind::UnexpectedType`] for what is no number.
pub(in crate::formula) fn complex_of(function: &'static str, value: &Value) -> Result<Complex, EvaluateErrorKind> {
    Ok(Numeric::of(function, value)?.to_complex())
}

/// Wraps the result of exact arithmetic.
pub(super) fn exact<T>(result: Option<T>, wrap: impl Fn(T) -> Value) -> Evaluated {
    result.map(wrap).ok_or(EvaluateErrorKind::Precision)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(left: Value, right: Value) -> Result<Pair, EvaluateErrorKind> {
        Pair::of("add", &left, &right)
    }

    #[test]
    fn booleans_and_text_are_numbers() {
        assert_eq!(pair(Value::Boolean(true), Value::Text(" 2 ".into())), Ok(Pair::Real(1.0, 2.0)));
        assert_eq!(
            pair(Value::Number(1.0), Value::Text("a".into())),
            Err(EvaluateErrorKind::NotNumeric { text: "a".into() })
        );
    }

    #[test]
    fn the_higher_kind_wins() {
        let third = Fraction::new(1, 3).unwrap();
        assert!(matches!(pair(Value::Fraction(third), Value::Number(0.5)), Ok(Pair::Fraction(..))));
        let tenth = Value::BigNumber(Decimal::parse("0.1").unwrap());
        assert!(matches!(pair(tenth.clone(), Value::Number(0.5)), Ok(Pair::Decimal(..))));
        assert!(matches!(pair(Value::Complex(Complex::real(1.0)), tenth.clone()), Ok(Pair::Complex(..))));
        assert!(pair(tenth.clone(), Value::Fraction(third)).is_err());
        assert_eq!(pair(tenth, Value::Number(1.0 / 3.0)), Err(EvaluateErrorKind::Precision));
    }

    #[test]
    fn complex_numbers_have_no_order() {
        let i = Value::Complex(Complex::new(0.0, 1.0));
        assert!(pair(i.clone(), i).unwrap().order("larger").is_err());
    }

    #[test]
    fn a_filtered_sample_takes_the_formula_with_it() {
        assert_eq!(pair(Value::Filtered, Value::Number(1.0)), Err(EvaluateErrorKind::Filtered));
        assert!(matches!(pair(Value::Null, Value::Number(1.0)), Err(EvaluateErrorKind::UnexpectedType { .. })));
    }
}
