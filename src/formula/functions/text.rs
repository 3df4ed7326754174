//! Text: formatting values.

use super::matrix::length;
use super::{Apply, Family, FunctionInfo, domain};
use crate::formula::interpreter::{EvaluateErrorKind, Evaluated, Interpreter, elementwise, real_of, unexpected};
use crate::formula::value::{Value, round_digits, shortest_digits};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Text, name, signatures, arity, help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "format",
        &["format(x)", "format(x, precision)", "format(x, options)"],
        (1, 2),
        "Text of a value, numbers rounded to that many significant digits.",
        ("format(1 / 3, 3)", "\"0.333\""),
        |_, arguments| format(&arguments[0], arguments.get(1)).map(Value::Text),
    ),
    entry(
        "print",
        &["print(template, values)", "print(template, values, precision)"],
        (2, 3),
        "The template with each `$name` replaced by that property of the values.",
        ("print(\"a is $a\", {a: 5})", "\"a is 5\""),
        |_, arguments| print(arguments),
    ),
    entry("hex", &["hex(x)", "hex(x, bits)"], (1, 2), "Text in base 16.", ("hex(255)", "\"0xff\""), |_, arguments| {
        elementwise(&arguments[0], &mut |value| based("hex", value, arguments.get(1), 16, "0x"))
    })
    .domain("a whole number"),
    entry("bin", &["bin(x)", "bin(x, bits)"], (1, 2), "Text in base 2.", ("bin(5)", "\"0b101\""), |_, arguments| {
        elementwise(&arguments[0], &mut |value| based("bin", value, arguments.get(1), 2, "0b"))
    })
    .domain("a whole number"),
    entry("oct", &["oct(x)", "oct(x, bits)"], (1, 2), "Text in base 8.", ("oct(15)", "\"0o17\""), |_, arguments| {
        elementwise(&arguments[0], &mut |value| based("oct", value, arguments.get(1), 8, "0o"))
    })
    .domain("a whole number"),
    entry("typeOf", &["typeOf(x)"], (1, 1), "Kind of a value.", ("typeOf(5)", "\"number\""), |_, arguments| {
        Ok(Value::Text(arguments[0].type_name().to_owned()))
    }),
    entry("clone", &["clone(x)"], (1, 1), "The value itself.", ("clone(5)", "5"), |_, arguments| {
        Ok(arguments[0].clone())
    }),
];

fn format(value: &Value, options: Option<&Value>) -> Result<String, EvaluateErrorKind> {
    let (precision, fixed) = match options {
        None => (None, false),
        Some(options @ Value::Object(_)) => {
            let fixed = options.property("notation") == Some(&Value::Text("fixed".to_owned()));
            (options.property("precision").cloned(), fixed)
        }
        Some(precision) => (Some(precision.clone()), false),
    };
    let precision = precision.map(|precision| length("format", &precision)).transpose()?;
    match (value, fixed) {
        (Value::Number(x), true) if x.is_finite() => Ok(fixed_text(*x, precision.unwrap_or(0))),
        _ => Ok(value.text(precision.unwrap_or(usize::MAX))),
    }
}

/// Text with exactly that many decimals, at most 100.
fn fixed_text(x: f64, decimals: usize) -> String {
    let decimals = decimals.min(100);
    let (mut digits, exponent) = shortest_digits(x);
    let whole = i64::from(exponent) + 1;
    let kept = whole + i64::try_from(decimals).unwrap_or(0);
    if let Ok(kept) = usize::try_from(kept)
        && kept < digits.len()
    {
        let carried = round_digits(&mut digits, kept);
        let text: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let scale = i64::from(exponent) + i64::from(carried) + 1 - i64::try_from(digits.len()).unwrap_or(0);
        let rounded: f64 = format!("{text}e{scale}").parse().unwrap_or(0.0);
        return format!("{:.decimals$}", rounded.copysign(x));
    }
    format!("{x:.decimals$}")
}

/// Longest text that `print` makes.
const TEXT_MAX: usize = 100_000;

fn print(arguments: &[Value]) -> Evaluated {
    let Value::Text(template) = &arguments[0] else { return Err(unexpected("print", &arguments[0])) };
    let mut text = String::new();
    let mut rest = template.as_str();
    while let Some(at) = rest.find('$') {
        text.push_str(&rest[..at]);
        let name = &rest[at + 1..];
        let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(name.len());
        let path = name[..end].trim_end_matches('.');
        let found = path.split('.').try_fold(&arguments[1], |value, key| value.property(key));
        match found {
            Some(Value::Text(inner)) => text.push_str(inner),
            Some(value) => text.push_str(&format(value, arguments.get(2))?),
            None => {
                text.push('$');
                text.push_str(path);
            }
        }
        if text.len() > TEXT_MAX {
            return Err(EvaluateErrorKind::TooLarge { what: "a text", limit: TEXT_MAX });
        }
        rest = &name[path.len()..];
    }
    text.push_str(rest);
    Ok(Value::Text(text))
}

fn based(function: &'static str, value: &Value, bits: Option<&Value>, radix: u32, prefix: &str) -> Evaluated {
    let x = real_of(function, value)?;
    if x != x.round() || x.abs() > 9_007_199_254_740_992.0 {
        return Err(domain(function, "a whole number up to 2^53"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and at most 2^53")]
    let integer = x as i64;
    let (mut rest, sign, suffix) = match bits {
        None => (integer.unsigned_abs(), if integer < 0 { "-" } else { "" }, String::new()),
        Some(bits) => {
            let bits = u32::try_from(length(function, bits)?).unwrap_or(u32::MAX);
            let half = if (1..=63).contains(&bits) { 1_i64 << (bits - 1) } else { i64::MAX };
            if bits == 0 || integer >= half || integer < -half {
                return Err(domain(function, "a number that fits in that many bits"));
            }
            let mask = if bits >= 64 { u64::MAX } else { (1 << bits) - 1 };
            (integer.cast_unsigned() & mask, "", format!("i{bits}"))
        }
    };
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(rest % u64::from(radix)).unwrap_or(0);
        digits.push(char::from_digit(digit, radix).unwrap_or('0'));
        rest /= u64::from(radix);
        if rest == 0 {
            break;
        }
    }
    let digits: String = digits.iter().rev().collect();
    Ok(Value::Text(format!("{sign}{prefix}{digits}{suffix}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_notation_rounds_the_written_number() {
        assert_eq!(
            (fixed_text(1.005, 2), fixed_text(-0.5, 0), fixed_text(2.0, 3)),
            ("1.01".into(), "-1".into(), "2.000".into())
        );
    }

    #[test]
    fn negative_numbers_wrap_when_a_width_is_given() {
        let text = |value: f64, bits: Option<f64>| {
            based("hex", &Value::Number(value), bits.map(Value::Number).as_ref(), 16, "0x")
        };
        assert_eq!(text(-1.0, Some(8.0)), Ok(Value::Text("0xffi8".into())));
        assert_eq!(text(-255.0, None), Ok(Value::Text("-0xff".into())));
        assert!(text(200.0, Some(8.0)).is_err() && text(0.5, None).is_err() && text(1.0, Some(0.0)).is_err());
    }

    #[test]
    fn unknown_names_in_a_template_stay() {
        let values = Value::Object(vec![("a".into(), Value::Number(1.5))]);
        let printed = print(&[Value::Text("$a, $b. $".into()), values]);
        assert_eq!(printed, Ok(Value::Text("1.5, $b. $".into())));
    }
}
