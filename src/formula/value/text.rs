//! Text of values, and numbers in text, as the language writes and reads them.
//!
//! Numbers are written with the shortest digits that read back to the same value. It does not format for reports:
//! `report` does.

use super::{Complex, EvaluateErrorKind, Function, Matrix, Value};

/// Decimal digits of the shortest text of `|x|`, and the exponent of the first one.
pub(in crate::formula) fn shortest_digits(x: f64) -> (Vec<u8>, i32) {
    let text = format!("{:e}", x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
    (digits, exponent.parse().unwrap_or(0))
}

/// Rounds decimal digits half up to `count` of them; returns the carry into a new first digit.
pub(in crate::formula) fn round_digits(digits: &mut Vec<u8>, count: usize) -> bool {
    if digits.len() <= count {
        return false;
    }
    let mut carry = digits[count] >= 5;
    digits.truncate(count);
    for digit in digits.iter_mut().rev() {
        if !carry {
            break;
        }
        carry = *digit == 9;
        *digit = if carry { 0 } else { *digit + 1 };
    }
    if carry {
        digits.insert(0, 1);
    }
    carry
}

fn assemble(negative: bool, digits: &[u8], exponent: i32, scientific: bool) -> String {
    let text: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
    let sign = if negative { "-" } else { "" };
    if scientific {
        let (first, rest) = text.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{sign}{first}{point}{rest}e{exponent:+}");
    }
    if exponent < 0 {
        return format!("{sign}0.{}{text}", "0".repeat(exponent.unsigned_abs() as usize - 1));
    }
    let whole = exponent.unsigned_abs() as usize + 1;
    if text.len() <= whole {
        format!("{sign}{text}{}", "0".repeat(whole - text.len()))
    } else {
        format!("{sign}{}.{}", &text[..whole], &text[whole..])
    }
}

fn special(x: f64) -> Option<&'static str> {
    if x.is_nan() {
        Some("NaN")
    } else if x == f64::INFINITY {
        Some("Infinity")
    } else if x == f64::NEG_INFINITY {
        Some("-Infinity")
    } else if x == 0.0 {
        Some("0")
    } else {
        None
    }
}

/// Text of a number as `format(x)` writes it: an exponent from 1e5 on and below 1e-3.
#[must_use]
pub fn format_number(x: f64) -> String {
    format_number_digits(x, usize::MAX)
}

/// Text of a number rounded to that many significant digits, as `format(x, precision)` writes it.
#[must_use]
pub fn format_number_digits(x: f64, precision: usize) -> String {
    if let Some(text) = special(x) {
        return text.to_owned();
    }
    let (mut digits, mut exponent) = shortest_digits(x);
    if round_digits(&mut digits, precision.max(1)) {
        exponent += 1;
    }
    while digits.len() > 1 && digits.last() == Some(&0) {
        digits.pop();
    }
    assemble(x < 0.0, &digits, exponent, !(-3..5).contains(&exponent))
}

/// Number that a text reads as: decimal, hexadecimal, binary or octal, spaces around it ignored, nothing being 0.
pub(in crate::formula) fn parse_number(text: &str) -> Result<f64, EvaluateErrorKind> {
    let trimmed = text.trim();
    let radix = match trimmed.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0b" | "0B") => 2,
        Some("0o" | "0O") => 8,
        _ => 10,
    };
    let number = if trimmed.is_empty() {
        Some(0.0)
    } else if radix != 10 {
        let digits = &trimmed[2..];
        let valid = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        valid.then(|| {
            digits
                .chars()
                .fold(0.0, |number, digit| number * f64::from(radix) + f64::from(digit.to_digit(radix).unwrap_or(0)))
        })
    } else if trimmed.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte)) {
        trimmed.parse().ok()
    } else {
        match trimmed {
            "Infinity" | "+Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        }
    };
    number.ok_or_else(|| EvaluateErrorKind::NotNumeric { text: text.to_owned() })
}

impl Complex {
    /// Text as `format(z)` writes it.
    #[must_use]
    pub fn text(self, precision: usize) -> String {
        let (re, im) = (format_number_digits(self.re, precision), format_number_digits(self.im.abs(), precision));
        let im = if im == "1" { "i".to_owned() } else { format!("{im}i") };
        match (self.re == 0.0, self.im == 0.0) {
            (_, true) => re,
            (true, false) if self.im < 0.0 => format!("-{im}"),
            (true, false) => im,
            (false, false) => format!("{re} {} {im}", if self.im < 0.0 { '-' } else { '+' }),
        }
    }
}

impl Matrix {
    fn text(&self, precision: usize) -> String {
        let slices: Vec<String> = self.slices().iter().map(|slice| slice.text_within(precision)).collect();
        format!("[{}]", slices.join(", "))
    }
}

impl Value {
    /// Text as `format(value)` writes it, numbers rounded to `precision` significant digits.
    #[must_use]
    pub fn text(&self, precision: usize) -> String {
        match self {
            Self::Text(text) => text.clone(),
            _ => self.text_within(precision),
        }
    }

    fn text_within(&self, precision: usize) -> String {
        match self {
            Self::Number(x) => format_number_digits(*x, precision),
            Self::Boolean(truth) => truth.to_string(),
            Self::Text(text) => format!("\"{text}\""),
            Self::Complex(z) => z.text(precision),
            Self::BigNumber(number) => number.to_string(),
            Self::BigInteger(integer) => integer.to_string(),
            Self::Fraction(fraction) => fraction.to_string(),
            Self::Quantity(quantity) => quantity.text(precision),
            Self::Matrix(matrix) => matrix.text(precision),
            Self::Object(properties) => {
                let properties: Vec<String> = properties
                    .iter()
                    .map(|(key, value)| format!("\"{key}\": {}", value.text_within(precision)))
                    .collect();
                format!("{{{}}}", properties.join(", "))
            }
            Self::Function(Function::Builtin(name)) => (*name).to_owned(),
            Self::Function(Function::Defined(definition)) => {
                format!("{}({})", definition.name, definition.parameters.join(", "))
            }
            Self::ResultSet(values) => {
                let values: Vec<String> = values.iter().map(|value| value.text_within(precision)).collect();
                format!("[{}]", values.join(", "))
            }
            Self::Expression(_) => "expression".to_owned(),
            Self::Filtered => "{\"filtered\": true}".to_owned(),
            Self::Undefined => "undefined".to_owned(),
            Self::Null => "null".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        for (x, expected) in [
            (5.0, "5"),
            (0.1, "0.1"),
            (-1234.5, "-1234.5"),
            (123_456.0, "1.23456e+5"),
            (0.0001, "1e-4"),
            (0.001, "0.001"),
            (f64::NAN, "NaN"),
            (-0.0, "0"),
        ] {
            assert_eq!(format_number(x), expected);
        }
    }

    #[test]
    fn digits_are_rounded_half_up() {
        assert_eq!(format_number_digits(1.0 / 3.0, 3), "0.333");
        assert_eq!(format_number_digits(0.9999, 3), "1");
        assert_eq!(format_number_digits(2.345, 3), "2.35");
    }

    #[test]
    fn text_reads_as_a_number_as_in_javascript() {
        for (text, expected) in
            [(" 5 ", 5.0), ("1e3", 1000.0), ("", 0.0), ("0xff", 255.0), ("-Infinity", f64::NEG_INFINITY)]
        {
            assert_eq!(parse_number(text), Ok(expected));
        }
        for text in ["a", "NaN", "inf", "1 2", "0x", "1_000"] {
            assert!(parse_number(text).is_err(), "{text}");
        }
    }
}
