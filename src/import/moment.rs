//! Moments in time as load generators write them: RFC 3339 text, or a count since 1970 in a unit told by its size.

use super::decimal;

/// Seconds since 1970-01-01 UTC; `None` if the text is no moment.
///
/// A number is in seconds below 1e11, in milliseconds below 1e14, in microseconds below 1e17, else in nanoseconds: each
/// range holds the years 1973 to 5138 in its unit.
pub(super) fn parse(text: &[u8]) -> Option<f64> {
    if let Some(number) = decimal::parse(text) {
        let divisor = match number.abs() {
            n if n < 1e11 => 1.0,
            n if n < 1e14 => 1e3,
            n if n < 1e17 => 1e6,
            _ => 1e9,
        };
        return Some(number / divisor);
    }
    parse_rfc3339(std::str::from_utf8(text).ok()?.trim())
}

/// `2017-05-09T14:34:45.239531499+02:00` and the same with `Z` or with a blank for the `T`.
fn parse_rfc3339(text: &str) -> Option<f64> {
    let digits = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok().map(f64::from);
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let (hour, minute) = (digits(11, 13)?, digits(14, 16)?);
    let rest = text.get(17..)?;
    let zone_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let second: f64 = rest[..zone_at].parse().ok()?;
    let offset = match rest.as_bytes().get(zone_at) {
        None | Some(b'Z' | b'z') => 0.0,
        Some(sign) => {
            let zone = &rest[zone_at + 1..];
            let part = |from: usize, to: usize| zone.get(from..to)?.parse::<u32>().ok().map(f64::from);
            let seconds = part(0, 2)? * 3600.0 + part(3, 5)? * 60.0;
            if *sign == b'-' { -seconds } else { seconds }
        }
    };
    if !(1.0..=12.0).contains(&month) || !(1.0..=31.0).contains(&day) || hour > 23.0 || minute > 59.0 || second > 61.0 {
        return None;
    }
    let days = days_since_1970(year as i64, month as i64, day as i64) as f64;
    Some(days * 86_400.0 + hour * 3600.0 + minute * 60.0 + second - offset)
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that start in March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_every_shape_are_seconds() {
        assert_eq!(parse(b"1970-01-01T00:00:00Z"), Some(0.0));
        assert_eq!(parse(b"2000-02-29T12:30:00.5Z"), Some(951_827_400.5));
        assert_eq!(parse(b"2017-05-09T14:34:45+02:00"), Some(1_494_333_285.0));
        assert_eq!(parse(b"1494333285"), Some(1_494_333_285.0));
        assert_eq!(parse(b"1494333285000000000"), Some(1_494_333_285.0));
        assert_eq!(parse(b"1494333285250"), Some(1_494_333_285.25));
        for text in ["", "yesterday", "2017-13-09T00:00:00Z", "2017-05-09", "2017-05-09T99:00:00Z"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}
