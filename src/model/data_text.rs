//! Pasted lists of samples: `1 2 3 4 5`, one value a line, `[1, 2, 3, 4, 5]`.
//!
//! The rule is Guesstimate's: what does not look like a number is skipped, and thousands separators are not understood
//! (`1,000` is two values). Files of measurements have readers of their own.

/// Largest number of values taken from a pasted text, as in Guesstimate's editor.
pub const PASTED_VALUES_MAX: usize = 10_000;

/// Separators that a text must exceed to be taken for a list.
const SEPARATORS_MIN: usize = 4;

/// White space as the original's regular expressions have it, or a comma.
fn is_separator(c: char) -> bool {
    c == ',' || (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// Whether a pasted text would be taken for a list of samples: at least four separators and no `=`.
///
/// # Examples
/// ```
/// use tailcast::model::looks_like_data;
/// assert!(looks_like_data("1 2 3 4 5"));
/// assert!(!looks_like_data("5 to 10"));
/// ```
#[must_use]
pub fn looks_like_data(text: &str) -> bool {
    !text.contains('=') && text.chars().filter(|c| is_separator(*c)).nth(SEPARATORS_MIN - 1).is_some()
}

/// The numbers in a pasted text, at most [`PASTED_VALUES_MAX`] of them; one pair of square brackets around is ignored.
///
/// # Examples
/// ```
/// use tailcast::model::read_data_text;
/// assert_eq!(read_data_text("[1, 2e3, a, -.5]"), [1.0, 2000.0, -0.5]);
/// ```
#[must_use]
pub fn read_data_text(text: &str) -> Vec<f64> {
    let text = text.strip_prefix('[').unwrap_or(text);
    let text = text.strip_suffix(']').unwrap_or(text);
    text.split(is_separator).filter_map(number).take(PASTED_VALUES_MAX).collect()
}

/// The finite number that a word is: decimal, with or without exponent, or `0x…`, `0o…`, `0b…`. Words such as `inf` are
/// none.
fn number(word: &str) -> Option<f64> {
    let radix = match word.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ => {
            let decimal = word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
            return word.parse().ok().filter(|value: &f64| decimal && value.is_finite());
        }
    };
    let digits = word[2..].chars().map(|c| c.to_digit(radix)).collect::<Option<Vec<_>>>()?;
    let value = digits.iter().fold(0.0, |value, digit| value * f64::from(radix) + f64::from(*digit));
    (!digits.is_empty() && value.is_finite()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_no_finite_number_are_skipped() {
        assert_eq!(read_data_text("1 inf NaN 1e999 2 10% 0x10 0x 0xg +3"), [1.0, 2.0, 16.0, 3.0]);
    }

    #[test]
    fn lists_stop_at_the_limit() {
        assert_eq!(read_data_text(&"1 ".repeat(20_000)).len(), PASTED_VALUES_MAX);
    }
}
