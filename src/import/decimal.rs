//! Decimal numbers in ASCII, read fast: what a text file of a hundred million values needs.
//!
//! The result is always the nearest `f64`: short numbers take a path that is exact by itself, all others go to the
//! standard library. Only plain decimals are numbers here: no hexadecimal, no `inf`, no digit separators.

/// Powers of ten that `f64` holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Number that `text` is, blanks around it allowed; `None` if it is none or not finite.
///
/// # Numerics
/// Nearest `f64`. Up to 15 digits with at most 22 decimals are one exact integer and one exact power of ten, whose
/// quotient is rounded once (Clinger, How to read floating point numbers accurately, 1990).
pub(crate) fn parse(text: &[u8]) -> Option<f64> {
    let text = text.trim_ascii();
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    let mut mantissa = 0u64;
    let mut decimals = 0usize;
    let mut seen = 0usize;
    let mut after_point = false;
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                seen += 1;
                if seen > 15 {
                    return parse_slowly(text);
                }
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                decimals += usize::from(after_point);
            }
            b'.' if !after_point => after_point = true,
            _ => return parse_slowly(text),
        }
    }
    if seen == 0 {
        return None;
    }
    let value = mantissa as f64 / POWERS[decimals];
    Some(if negative { -value } else { value })
}

fn parse_slowly(text: &[u8]) -> Option<f64> {
    let plain = text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E'));
    if !plain {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Whether `text` is one of the words with which tools mark a value that is missing.
pub(crate) fn is_missing(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    text.is_empty()
        || [&b"na"[..], b"nan", b"n/a", b"null", b"none", b"-"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_nearest_doubles() {
        for text in ["0", "1", "-12.5", "+3", ".5", "5.", "0.1", "123456789012345", "1e+06", "8093.666666666667"] {
            assert_eq!(parse(text.as_bytes()), Some(text.parse::<f64>().unwrap()), "{text}");
        }
        for text in ["9007199254740993", "2.2250738585072014e-308", "0.000000000000000000000000000001234567"] {
            assert_eq!(parse(text.as_bytes()), Some(text.parse::<f64>().unwrap()), "{text}");
        }
        assert_eq!(parse(b" 7 "), Some(7.0));
    }

    #[test]
    fn words_are_no_numbers() {
        for text in ["", "-", ".", "x", "1x", "0x10", "inf", "NaN", "1e999", "1_000", "1,5", "--1", "1.2.3"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert!(is_missing(b"NaN") && is_missing(b" ") && !is_missing(b"0"));
    }
}
