//! Quantiles as people write them: `0.999`, `p99.9`, `99.9 %`.
//!
//! Label and number are converted by moving the decimal point in the shortest decimal text, never by multiplying, so
//! `0.999` is `p99.9` (not `p99.90000000000001`) and reads back as the same bits.

use super::{UnitError, found};

/// Label of a quantile: `p50` for 0.5, `p99.9` for 0.999.
///
/// # Parameters
/// - `q`: in `[0, 1]`; any other number is labelled all the same.
///
/// # Examples
/// ```
/// use tailcast::units::quantile_label;
/// assert_eq!(quantile_label(0.5), "p50");
/// assert_eq!(quantile_label(0.99999), "p99.999");
/// assert_eq!(quantile_label(0.0005), "p0.05");
/// ```
#[must_use]
pub fn quantile_label(q: f64) -> String {
    if !q.is_finite() {
        return format!("p{q}");
    }
    format!("p{}", move_point(&q.to_string(), 2))
}

/// Reads a quantile: a number in `[0, 1]`, `p` and a percentage, or a percentage and `%`.
///
/// # Errors
/// - [`UnitError::NotAQuantile`] if the text is none of these.
/// - [`UnitError::QuantileOutOfRange`] if it lies outside `[0, 1]`; `99` without `p` or `%` does.
///
/// # Examples
/// ```
/// use tailcast::units::parse_quantile;
/// assert_eq!(parse_quantile("p99.9"), Ok(0.999));
/// assert_eq!(parse_quantile("99.9 %"), Ok(0.999));
/// assert_eq!(parse_quantile("0.999"), Ok(0.999));
/// ```
pub fn parse_quantile(text: &str) -> Result<f64, UnitError> {
    let trimmed = text.trim();
    let percent = trimmed.strip_prefix(['p', 'P']).or_else(|| trimmed.strip_suffix('%'));
    let number = percent.unwrap_or(trimmed).trim();
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && number.bytes().filter(|&byte| byte == b'.').count() <= 1
        && number.bytes().any(|byte| byte.is_ascii_digit());
    let moved = if percent.is_some() && plain { move_point(number, -2) } else { number.to_owned() };
    let q: f64 = match moved.parse() {
        Ok(q) if plain || percent.is_none() => q,
        _ => return Err(UnitError::NotAQuantile { found: found(text) }),
    };
    if q.is_nan() {
        return Err(UnitError::NotAQuantile { found: found(text) });
    }
    if !(0.0..=1.0).contains(&q) {
        return Err(UnitError::QuantileOutOfRange { found: found(text) });
    }
    Ok(q)
}

/// Moves the decimal point of plain decimal text by `places`, to the right if positive.
fn move_point(text: &str, places: i32) -> String {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let pad = "0".repeat(places.unsigned_abs() as usize);
    let (digits, point) = if places >= 0 {
        (format!("{whole}{fraction}{pad}"), whole.len() + pad.len())
    } else {
        (format!("{pad}{whole}{fraction}"), whole.len())
    };
    let whole = digits[..point].trim_start_matches('0');
    let fraction = digits[point..].trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_and_number_round_trip_with_the_same_bits() {
        let mut cases = vec![0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.999_999, 1.0];
        cases.extend((0..=1000).map(|k| f64::from(k) / 1000.0));
        cases.push(1.0 / 3.0);
        cases.push(f64::MIN_POSITIVE);
        for q in cases {
            assert_eq!(parse_quantile(&quantile_label(q)).map(f64::to_bits), Ok(q.to_bits()), "{q}");
        }
    }

    #[test]
    fn labels_are_short() {
        let labels: Vec<_> = [0.0, 0.07, 0.29, 0.57, 0.9999, 1.0].map(quantile_label).to_vec();
        assert_eq!(labels, ["p0", "p7", "p29", "p57", "p99.99", "p100"]);
        assert_eq!(quantile_label(f64::NAN), "pNaN");
        assert_eq!(quantile_label(-0.5), "p-50");
    }

    #[test]
    fn percentages_are_read_by_moving_the_point() {
        assert_eq!(parse_quantile("p5"), Ok(0.05));
        assert_eq!(parse_quantile("P99.99"), Ok(0.9999));
        assert_eq!(parse_quantile("p.5"), Ok(0.005));
        assert_eq!(parse_quantile("7%"), Ok(0.07));
        assert_eq!(parse_quantile("1e-3"), Ok(0.001));
    }

    #[test]
    fn a_percentage_without_mark_is_out_of_range() {
        for text in ["99", "1.01", "p101", "-0.1", "inf", "150%"] {
            assert!(matches!(parse_quantile(text), Err(UnitError::QuantileOutOfRange { .. })), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_no_quantile() {
        for text in ["", "p", "%", "median", "pp9", "p-5", "p1e1", "nan", "p9.9.9", ".", "p99%"] {
            assert!(matches!(parse_quantile(text), Err(UnitError::NotAQuantile { .. })), "{text}");
        }
    }
}
