//! Questions about a value.

use super::real;
use super::{Apply, Family, FunctionInfo, Scalar, domain};
use crate::formula::interpreter::{EvaluateErrorKind, Evaluated, Interpreter, Numeric, elementwise, real_of};
use crate::formula::value::{Value, parse_number};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Predicate, name, signatures, (1, 1), help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry("isInteger", &["isInteger(x)"], "Whether it is a whole number.", ("isInteger(5)", "true"), |_, arguments| {
        ask("isInteger", arguments, |x| real::is_integer(x) == 1.0)
    })
    .scalar(Scalar::One(real::is_integer)),
    entry(
        "isPositive",
        &["isPositive(x)"],
        "Whether it is above zero, beyond the tolerance.",
        ("isPositive(5)", "true"),
        |_, arguments| ask("isPositive", arguments, |x| real::is_positive(x) == 1.0),
    )
    .scalar(Scalar::One(real::is_positive)),
    entry(
        "isNegative",
        &["isNegative(x)"],
        "Whether it is below zero, beyond the tolerance.",
        ("isNegative(5)", "false"),
        |_, arguments| ask("isNegative", arguments, |x| real::is_negative(x) == 1.0),
    )
    .scalar(Scalar::One(real::is_negative)),
    entry(
        "isZero",
        &["isZero(x)"],
        "Whether it is zero, within the tolerance.",
        ("isZero(0)", "true"),
        |_, arguments| {
            elementwise(&arguments[0], &mut |value| match value {
                Value::Complex(z) => Ok(Value::Boolean(z.is_zero())),
                other => Ok(Value::Boolean(real::is_zero(number("isZero", other)?) == 1.0)),
            })
        },
    )
    .scalar(Scalar::One(real::is_zero)),
    entry("isNaN", &["isNaN(x)"], "Whether it is not a number.", ("isNaN(0 / 0)", "true"), |_, arguments| {
        elementwise(&arguments[0], &mut |value| match value {
            Value::Complex(z) => Ok(Value::Boolean(z.is_nan())),
            other => Ok(Value::Boolean(number("isNaN", other)?.is_nan())),
        })
    })
    .scalar(Scalar::One(|x| f64::from(u8::from(x.is_nan())))),
    entry("isFinite", &["isFinite(x)"], "Whether it is finite.", ("isFinite(1 / 0)", "false"), |_, arguments| {
        elementwise(&arguments[0], &mut |value| Ok(Value::Boolean(is_finite("isFinite", value)?)))
    })
    .scalar(Scalar::One(|x| f64::from(u8::from(x.is_finite())))),
    entry(
        "isBounded",
        &["isBounded(x)"],
        "Whether it, and every element of a matrix, is finite.",
        ("isBounded([1, 2])", "true"),
        |_, arguments| {
            let bounded = match &arguments[0] {
                Value::Matrix(matrix) => {
                    matrix.elements().iter().try_fold(true, |all, value| Ok(all && is_finite("isBounded", value)?))?
                }
                value => is_finite("isBounded", value)?,
            };
            Ok(Value::Boolean(bounded))
        },
    ),
    entry("isPrime", &["isPrime(x)"], "Whether it is a prime number.", ("isPrime(7)", "true"), |_, arguments| {
        elementwise(&arguments[0], &mut |value| {
            let x = real_of("isPrime", value)?;
            if x != x.round() || x < 0.0 {
                return Err(domain("isPrime", "a whole number that is not negative"));
            }
            let prime = real::is_prime(x);
            if prime.is_nan() {
                return Err(domain("isPrime", "a whole number up to 2^53"));
            }
            Ok(Value::Boolean(prime == 1.0))
        })
    })
    .domain("a whole number from 0 to 2^53")
    .scalar(Scalar::One(real::is_prime)),
    entry(
        "isNumeric",
        &["isNumeric(x)"],
        "Whether it is a number or a boolean, and not text or complex.",
        ("isNumeric(\"2\")", "false"),
        |_, arguments| {
            elementwise(&arguments[0], &mut |value| {
                let numeric = !matches!(value, Value::Text(_) | Value::Complex(_));
                Ok(Value::Boolean(numeric && Numeric::of("isNumeric", value).is_ok()))
            })
        },
    ),
    entry(
        "hasNumericValue",
        &["hasNumericValue(x)"],
        "Whether it is a number, a boolean, or text that reads as a number.",
        ("hasNumericValue(\"5\")", "true"),
        |_, arguments| {
            elementwise(&arguments[0], &mut |value| {
                Ok(Value::Boolean(match value {
                    Value::Text(text) => !text.trim().is_empty() && parse_number(text).is_ok(),
                    Value::Complex(_) => false,
                    other => Numeric::of("hasNumericValue", other).is_ok(),
                }))
            })
        },
    ),
];

/// The number of a value that is not complex; that of a quantity is its value in SI units.
fn number(function: &'static str, value: &Value) -> Result<f64, EvaluateErrorKind> {
    match value {
        Value::Quantity(quantity) => Ok(quantity.si_value()),
        other => real_of(function, other),
    }
}

fn ask(function: &'static str, arguments: &[Value], test: fn(f64) -> bool) -> Evaluated {
    elementwise(&arguments[0], &mut |value| Ok(Value::Boolean(test(number(function, value)?))))
}

fn is_finite(function: &'static str, value: &Value) -> Result<bool, EvaluateErrorKind> {
    match value {
        Value::Complex(z) => Ok(z.re.is_finite() && z.im.is_finite()),
        other => Ok(number(function, other)?.is_finite()),
    }
}
