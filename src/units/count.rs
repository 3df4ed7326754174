//! Counts of samples: `50000`, `10k`, `1M`, `2.5e6`, read exactly and written with separators.

use super::{UnitError, found};

/// Reads a count: a whole number, with `k`, `M` or `G` for thousands, millions and thousand millions, or an exponent.
///
/// The arithmetic is on digits, so every count that fits 64 bits is exact. `m` counts as `M`; `_` may separate digits.
///
/// # Errors
/// - [`UnitError::NotACount`] if the text is not a number or the number is not whole.
/// - [`UnitError::CountOutOfRange`] if it is 0 or larger than `u64::MAX`.
///
/// # Examples
/// ```
/// use tailcast::units::parse_count;
/// assert_eq!(parse_count("10k"), Ok(10_000));
/// assert_eq!(parse_count("2.5M"), Ok(2_500_000));
/// assert_eq!(parse_count("1e9"), Ok(1_000_000_000));
/// assert_eq!(parse_count("1.5").unwrap_err().to_string(),
///     "expected a whole number such as `50000`, `10k`, `1M` or `1e9`, found `1.5`");
/// ```
pub fn parse_count(text: &str) -> Result<u64, UnitError> {
    let not_a_count = || UnitError::NotACount { found: found(text) };
    let out_of_range = || UnitError::CountOutOfRange { found: found(text) };
    let trimmed = text.trim();
    let (number, suffix_exponent) = match trimmed.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&trimmed[..at], 3),
        Some((at, 'm' | 'M')) => (&trimmed[..at], 6),
        Some((at, 'g' | 'G')) => (&trimmed[..at], 9),
        _ => (trimmed, 0),
    };
    let (mantissa, exponent) = match number.trim_end().split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i16>().map_err(|_| not_a_count())?),
        None => (number.trim_end(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut digits = String::new();
    for character in whole.chars().chain(fraction.chars()) {
        match character {
            '0'..='9' => digits.push(character),
            '_' if !digits.is_empty() => {}
            _ => return Err(not_a_count()),
        }
    }
    if whole.is_empty() && fraction.is_empty() {
        return Err(not_a_count());
    }
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Err(out_of_range());
    }
    let fraction_len = i64::try_from(fraction.chars().filter(char::is_ascii_digit).count()).unwrap_or(i64::MAX);
    let mut shift = i64::from(exponent) + suffix_exponent - fraction_len;
    let mut significant = significant.to_owned();
    while shift < 0 && significant.ends_with('0') {
        significant.pop();
        shift += 1;
    }
    if shift < 0 {
        return Err(not_a_count());
    }
    let mut value = significant.parse::<u64>().map_err(|_| out_of_range())?;
    for _ in 0..shift {
        value = value.checked_mul(10).ok_or_else(out_of_range)?;
    }
    Ok(value)
}

/// Writes a count with a comma every three digits.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::units::format_count(1_234_567), "1,234,567");
/// ```
#[must_use]
pub fn format_count(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_up_to_the_largest() {
        assert_eq!(parse_count("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(parse_count("18446744073709551.615k"), Ok(u64::MAX));
        assert_eq!(parse_count(" 1_000_000 "), Ok(1_000_000));
        assert_eq!(parse_count("0.5k"), Ok(500));
        assert_eq!(parse_count("1 M"), Ok(1_000_000));
        assert_eq!(parse_count("100e-1"), Ok(10));
        assert_eq!(parse_count("2g"), Ok(2_000_000_000));
    }

    #[test]
    fn what_is_not_whole_or_not_a_number_is_no_count() {
        for text in
            ["", "k", ".", "e5", "1.5", "1e-1", "-3", "+3", "ten", "1e", "1e99999", "1kk", "0x10", "1.5e0", "_1"]
        {
            assert!(matches!(parse_count(text), Err(UnitError::NotACount { .. })), "{text}");
        }
    }

    #[test]
    fn zero_and_what_exceeds_64_bits_are_out_of_range() {
        for text in ["0", "0k", "18446744073709551616", "1e20", "1e30000", "99999999999999999999999999"] {
            assert!(matches!(parse_count(text), Err(UnitError::CountOutOfRange { .. })), "{text}");
        }
    }

    #[test]
    fn long_text_is_cut_in_the_error() {
        let error = parse_count(&"x".repeat(100_000)).unwrap_err().to_string();
        assert!(error.len() < 160, "{error}");
    }

    #[test]
    fn counts_are_written_with_separators() {
        assert_eq!(format_count(0), "0");
        assert_eq!(format_count(999), "999");
        assert_eq!(format_count(1000), "1,000");
        assert_eq!(format_count(u64::MAX), "18,446,744,073,709,551,615");
    }
}
