//! Conversion between the kinds of values.

use super::{Apply, Family, FunctionInfo, domain};
use crate::formula::interpreter::{
    EvaluateErrorKind, Evaluated, Interpreter, Numeric, elementwise, real_of, unexpected,
};
use crate::formula::value::{Complex, Decimal, Fraction, Quantity, Value, parse_number};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Conversion, name, signatures, arity, help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "number",
        &["number()", "number(x)", "number(quantity, unit)"],
        (0, 2),
        "A number: of text, of a boolean, of a quantity in a unit.",
        ("number(2 inch, cm)", "5.08"),
        |_, arguments| match arguments {
            [] => Ok(Value::Number(0.0)),
            [value] => elementwise(value, &mut to_number),
            [value, unit, ..] => elementwise(value, &mut |value| quantity_number(value, unit)),
        },
    ),
    entry(
        "boolean",
        &["boolean()", "boolean(x)"],
        (0, 1),
        "A boolean: false for 0, for null and for the text \"false\".",
        ("boolean(2)", "true"),
        |_, arguments| match arguments {
            [] => Ok(Value::Boolean(false)),
            [value, ..] => elementwise(value, &mut to_boolean),
        },
    ),
    entry("string", &["string()", "string(x)"], (0, 1), "Text of a value.", ("string(5)", "\"5\""), |_, arguments| {
        match arguments {
            [] => Ok(Value::Text(String::new())),
            [value, ..] => elementwise(value, &mut |value| Ok(Value::Text(value.text(usize::MAX)))),
        }
    }),
    entry(
        "bignumber",
        &["bignumber()", "bignumber(x)"],
        (0, 1),
        "A decimal number of 64 digits.",
        ("number(bignumber(0.1) + bignumber(0.2))", "0.3"),
        |_, arguments| match arguments {
            [] => to_decimal(&Value::Number(0.0)),
            [value, ..] => elementwise(value, &mut to_decimal),
        },
    ),
    entry(
        "bigint",
        &["bigint()", "bigint(x)"],
        (0, 1),
        "A whole number of up to 128 bits.",
        ("number(bigint(5))", "5"),
        |_, arguments| match arguments {
            [] => Ok(Value::BigInteger(0)),
            [value, ..] => elementwise(value, &mut to_big_integer),
        },
    ),
    entry(
        "fraction",
        &["fraction()", "fraction(x)", "fraction(numerator, denominator)"],
        (0, 2),
        "An exact fraction.",
        ("number(fraction(1, 4))", "0.25"),
        |_, arguments| match arguments {
            [] => to_fraction(&Value::Number(0.0)),
            [value] => elementwise(value, &mut to_fraction),
            [numerator, denominator, ..] => {
                let whole = |value| match to_fraction(value)? {
                    Value::Fraction(fraction) if fraction.denominator() == 1 => Ok(fraction),
                    _ => Err(domain("fraction", "whole numbers, the second one not 0")),
                };
                let fraction = whole(numerator)?.over(whole(denominator)?);
                fraction.map(Value::Fraction).ok_or_else(|| domain("fraction", "whole numbers, the second one not 0"))
            }
        },
    ),
    entry(
        "complex",
        &["complex()", "complex(x)", "complex(re, im)"],
        (0, 2),
        "A complex number: of its parts, of text, of an object with `re` and `im` or `r` and `phi`.",
        ("complex(1, 2)", "1 + 2i"),
        |_, arguments| match arguments {
            [] => Ok(Complex::real(0.0).into()),
            [value] => elementwise(value, &mut to_complex),
            [re, im, ..] => Ok(Complex::new(real_of("complex", re)?, real_of("complex", im)?).into()),
        },
    ),
    entry(
        "numeric",
        &["numeric(x)", "numeric(x, kind)"],
        (1, 2),
        "The value as a \"number\", \"BigNumber\", \"bigint\" or \"Fraction\".",
        ("numeric(\"4\")", "4"),
        |_, arguments| match arguments.get(1) {
            None => to_number(&arguments[0]),
            Some(Value::Text(kind)) => match kind.as_str() {
                "number" => to_number(&arguments[0]),
                "BigNumber" => to_decimal(&arguments[0]),
                "bigint" => to_big_integer(&arguments[0]),
                "Fraction" => to_fraction(&arguments[0]),
                _ => Err(domain("numeric", "a kind of number")),
            },
            Some(other) => Err(unexpected("numeric", other)),
        },
    ),
];

fn to_number(value: &Value) -> Evaluated {
    match value {
        Value::Null => Ok(Value::Number(0.0)),
        Value::Text(text) if text.trim() == "NaN" => Ok(Value::Number(f64::NAN)),
        other => Ok(Value::Number(real_of("number", other)?)),
    }
}

fn quantity_number(value: &Value, unit: &Value) -> Evaluated {
    let Value::Quantity(quantity) = value else { return Err(unexpected("number", value)) };
    let converted = match unit {
        Value::Quantity(unit) => quantity.to(unit)?,
        Value::Text(text) => quantity.to(&Quantity::parse(text)?)?,
        other => return Err(unexpected("number", other)),
    };
    Ok(Value::Number(converted.number().unwrap_or(f64::NAN)))
}

fn to_boolean(value: &Value) -> Evaluated {
    Ok(Value::Boolean(match value {
        Value::Null => false,
        Value::Text(text) if text.eq_ignore_ascii_case("true") => true,
        Value::Text(text) if text.eq_ignore_ascii_case("false") => false,
        Value::Text(text) if text.trim().is_empty() => {
            return Err(EvaluateErrorKind::NotNumeric { text: text.clone() });
        }
        Value::Complex(_) => return Err(unexpected("boolean", value)),
        other => crate::formula::functions::real::truth(real_of("boolean", other)?),
    }))
}

fn to_decimal(value: &Value) -> Evaluated {
    let decimal = match value {
        Value::Text(text) => {
            return Decimal::parse(text)
                .map(Value::BigNumber)
                .ok_or_else(|| EvaluateErrorKind::NotNumeric { text: text.clone() });
        }
        Value::Null => Decimal::from_f64(0.0),
        other => match Numeric::of("bignumber", other)? {
            Numeric::Decimal(number) => Some(number),
            Numeric::Fraction(fraction) => {
                let part = |part: i128| Decimal::parse(&part.to_string());
                part(fraction.numerator()).zip(part(fraction.denominator())).and_then(|(n, d)| n.over(&d))
            }
            Numeric::Integer(integer) => Decimal::parse(&integer.to_string()),
            numeric => Decimal::from_f64(numeric.to_f64().ok_or_else(|| unexpected("bignumber", value))?),
        },
    };
    // What is not finite has no digits, and stays a plain number.
    decimal.map_or_else(|| to_number(value), |decimal| Ok(Value::BigNumber(decimal)))
}

fn to_big_integer(value: &Value) -> Evaluated {
    if let Value::BigInteger(_) = value {
        return Ok(value.clone());
    }
    if let Value::Text(text) = value
        && let Ok(integer) = text.trim().parse()
    {
        return Ok(Value::BigInteger(integer));
    }
    let x = real_of("bigint", value)?;
    if x != x.round() || x.abs() >= 1e38 {
        return Err(domain("bigint", "a whole number below 1e38"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and below the largest 128-bit integer")]
    Ok(Value::BigInteger(x as i128))
}

fn to_fraction(value: &Value) -> Evaluated {
    let fraction = match value {
        Value::Text(text) => {
            return Fraction::parse(text)
                .map(Value::Fraction)
                .ok_or_else(|| EvaluateErrorKind::NotNumeric { text: text.clone() });
        }
        Value::Null => Fraction::new(0, 1),
        other => match Numeric::of("fraction", other)? {
            Numeric::Fraction(fraction) => Some(fraction),
            Numeric::Integer(integer) => Fraction::new(integer, 1),
            Numeric::Complex(_) => return Err(unexpected("fraction", value)),
            numeric => numeric.to_f64().and_then(Fraction::from_f64),
        },
    };
    fraction.map(Value::Fraction).ok_or(EvaluateErrorKind::Precision)
}

fn to_complex(value: &Value) -> Evaluated {
    let part = |name: &str| value.property(name).map(|part| real_of("complex", part)).transpose();
    match value {
        Value::Null => Ok(Complex::real(0.0).into()),
        Value::Text(text) => Ok(parse_complex(text)?.into()),
        Value::Object(_) => match (part("re")?, part("im")?, part("r")?, part("phi")?) {
            (Some(re), Some(im), ..) => Ok(Complex::new(re, im).into()),
            (_, _, Some(modulus), Some(argument)) => Ok(Complex::from_polar(modulus, argument).into()),
            _ => Err(domain("complex", "an object with `re` and `im`, or `r` and `phi`")),
        },
        other => Ok(crate::formula::interpreter::complex_of("complex", other)?.into()),
    }
}

/// Reads `2 + 3i`, `-i`, `5`.
fn parse_complex(text: &str) -> Result<Complex, EvaluateErrorKind> {
    let refused = || EvaluateErrorKind::NotNumeric { text: text.to_owned() };
    let compact: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let Some(imaginary) = compact.strip_suffix(['i', 'I']) else {
        return Ok(Complex::real(parse_number(&compact).map_err(|_| refused())?));
    };
    // The imaginary part begins at the last sign that belongs to no exponent.
    let bytes = imaginary.as_bytes();
    let start = (0..bytes.len())
        .rev()
        .find(|&at| matches!(bytes[at], b'+' | b'-') && (at == 0 || !matches!(bytes[at - 1], b'e' | b'E')))
        .unwrap_or(0);
    let (real, imaginary) = imaginary.split_at(start);
    let re = if real.is_empty() { 0.0 } else { parse_number(real).map_err(|_| refused())? };
    let im = match imaginary {
        "" | "+" => 1.0,
        "-" => -1.0,
        other => parse_number(other.strip_suffix('*').unwrap_or(other)).map_err(|_| refused())?,
    };
    Ok(Complex::new(re, im))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complex_numbers_are_read_from_text() {
        for (text, re, im) in
            [("2+3i", 2.0, 3.0), ("-i", 0.0, -1.0), ("5", 5.0, 0.0), ("1e-3 - 2e+1i", 1e-3, -20.0), ("3i", 0.0, 3.0)]
        {
            assert_eq!(parse_complex(text), Ok(Complex::new(re, im)), "{text}");
        }
        assert!(parse_complex("x").is_err() && parse_complex("2+xi").is_err());
    }

    #[test]
    fn what_has_no_exact_form_is_refused() {
        assert_eq!(to_fraction(&Value::Number(f64::NAN)), Err(EvaluateErrorKind::Precision));
        assert!(to_big_integer(&Value::Number(0.5)).is_err());
        assert!(matches!(to_decimal(&Value::Number(f64::INFINITY)), Ok(Value::Number(_))));
    }
}
