//! Units of time (ns, us, ms, s, min, h) and durations (`200ms`, `1.5 s`): their parsing, conversion and display.

use std::fmt;

use super::{UnitError, found};

/// Unit of time that a model's values can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimeUnit {
    /// `ns`
    Nanosecond,
    /// `us`
    Microsecond,
    /// `ms`
    Millisecond,
    /// `s`
    Second,
    /// `min`
    Minute,
    /// `h`
    Hour,
}

impl TimeUnit {
    /// Every unit, smallest first.
    pub const ALL: [Self; 6] =
        [Self::Nanosecond, Self::Microsecond, Self::Millisecond, Self::Second, Self::Minute, Self::Hour];

    /// Length in nanoseconds; exact.
    #[must_use]
    pub const fn nanoseconds(self) -> f64 {
        match self {
            Self::Nanosecond => 1.0,
            Self::Microsecond => 1e3,
            Self::Millisecond => 1e6,
            Self::Second => 1e9,
            Self::Minute => 6e10,
            Self::Hour => 3.6e12,
        }
    }

    /// Symbol, as written in models and JSON.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Nanosecond => "ns",
            Self::Microsecond => "us",
            Self::Millisecond => "ms",
            Self::Second => "s",
            Self::Minute => "min",
            Self::Hour => "h",
        }
    }

    /// Symbol for people: as [`TimeUnit::symbol`], with the Greek letter in `µs`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Microsecond => "µs",
            _ => self.symbol(),
        }
    }

    /// Unit that `text` names: a symbol, `µs`/`μs`, or the English word.
    ///
    /// # Examples
    /// ```
    /// use tailcast::units::TimeUnit;
    /// assert_eq!(TimeUnit::parse("µs"), Some(TimeUnit::Microsecond));
    /// assert_eq!(TimeUnit::parse("furlong"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim() {
            "ns" | "nanosecond" | "nanoseconds" | "nsec" => Self::Nanosecond,
            "us" | "µs" | "μs" | "microsecond" | "microseconds" | "usec" => Self::Microsecond,
            "ms" | "millisecond" | "milliseconds" | "msec" => Self::Millisecond,
            "s" | "sec" | "second" | "seconds" => Self::Second,
            "m" | "min" | "minute" | "minutes" => Self::Minute,
            "h" | "hour" | "hours" => Self::Hour,
            _ => return None,
        })
    }

    /// Factor that turns a value in `self` into one in `target`.
    #[must_use]
    pub fn per(self, target: Self) -> f64 {
        self.nanoseconds() / target.nanoseconds()
    }

    /// Turns a value in `self` into one in `target`, rounded once.
    ///
    /// # Examples
    /// ```
    /// use tailcast::units::TimeUnit;
    /// assert_eq!(TimeUnit::Nanosecond.convert(1_234_567.0, TimeUnit::Millisecond), 1.234567);
    /// ```
    #[must_use]
    pub fn convert(self, value: f64, target: Self) -> f64 {
        if self >= target { value * self.per(target) } else { value / target.per(self) }
    }
}

impl fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

/// Unit of a metric: a time, or any other word the model gives, which is shown but not converted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A unit of time, converted and shown at a size that a person reads.
    Time(TimeUnit),
    /// Anything else (`%`, `requests/s`), shown as it is.
    Other(String),
}

impl Unit {
    /// Unit that `text` names; never fails, since an unknown word is a unit of its own.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        TimeUnit::parse(text).map_or_else(|| Self::Other(text.trim().to_owned()), Self::Time)
    }

    /// Symbol, as written in models and JSON.
    #[must_use]
    pub fn symbol(&self) -> &str {
        match self {
            Self::Time(unit) => unit.symbol(),
            Self::Other(word) => word,
        }
    }

    /// Symbol for people: as [`Unit::symbol`], with the Greek letter in `µs`.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Time(unit) => unit.label(),
            Self::Other(word) => word,
        }
    }

    /// The unit of time, if it is one.
    #[must_use]
    pub const fn time(&self) -> Option<TimeUnit> {
        match self {
            Self::Time(unit) => Some(*unit),
            Self::Other(_) => None,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

/// A length of time as written: its number and its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Duration {
    /// Number, in `unit`; finite, at least 0.
    pub value: f64,
    /// Unit that was written.
    pub unit: TimeUnit,
}

impl Duration {
    /// The duration as a number in `unit`.
    #[must_use]
    pub fn to(self, unit: TimeUnit) -> f64 {
        self.unit.convert(self.value, unit)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, self.unit)
    }
}

/// Reads a duration: a number and a unit of time, with or without a blank between them.
///
/// # Errors
/// - [`UnitError::NotANumber`] if it does not begin with a finite number.
/// - [`UnitError::MissingUnit`] if nothing follows the number.
/// - [`UnitError::UnknownUnit`] if what follows is no unit of time.
/// - [`UnitError::NegativeDuration`] if the number is negative.
///
/// # Examples
/// ```
/// use tailcast::units::{TimeUnit, parse_duration};
/// assert_eq!(parse_duration("200ms")?.to(TimeUnit::Second), 0.2);
/// assert_eq!(parse_duration("1.5 s")?.to(TimeUnit::Nanosecond), 1.5e9);
/// # Ok::<(), tailcast::units::UnitError>(())
/// ```
pub fn parse_duration(text: &str) -> Result<Duration, UnitError> {
    let trimmed = text.trim();
    let (number, word) = trimmed.split_at(number_len(trimmed));
    let value = match number.parse::<f64>() {
        Ok(value) if value.is_finite() => value,
        _ => return Err(UnitError::NotANumber { found: found(text) }),
    };
    if word.trim().is_empty() {
        return Err(UnitError::MissingUnit { found: found(text) });
    }
    let unit = TimeUnit::parse(word).ok_or_else(|| UnitError::UnknownUnit { found: found(word) })?;
    if value < 0.0 {
        return Err(UnitError::NegativeDuration { found: found(text) });
    }
    Ok(Duration { value, unit })
}

/// Length of the decimal number that `text` begins with, exponent included; 0 if there is none.
fn number_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut len = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    len += digits(len);
    if bytes.get(len) == Some(&b'.') {
        len += 1 + digits(len + 1);
    }
    if matches!(bytes.get(len), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(len + 1), Some(b'+' | b'-')));
        let exponent = if len + 1 + sign <= bytes.len() { digits(len + 1 + sign) } else { 0 };
        if exponent > 0 {
            len += 1 + sign + exponent;
        }
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_with_and_without_blank() {
        let cases = [
            ("200ms", 200.0, TimeUnit::Millisecond),
            ("1.5 s", 1.5, TimeUnit::Second),
            ("10 us", 10.0, TimeUnit::Microsecond),
            ("10µs", 10.0, TimeUnit::Microsecond),
            ("1e3ns", 1000.0, TimeUnit::Nanosecond),
            (" .5 min ", 0.5, TimeUnit::Minute),
            ("2 hours", 2.0, TimeUnit::Hour),
            ("0s", 0.0, TimeUnit::Second),
        ];
        for (text, value, unit) in cases {
            assert_eq!(parse_duration(text), Ok(Duration { value, unit }), "{text}");
        }
    }

    #[test]
    fn durations_round_trip() {
        for unit in TimeUnit::ALL {
            for value in [0.0, 0.1, 1.0, 2.5, 1e-9, 123_456.789, 1e21] {
                let duration = Duration { value, unit };
                assert_eq!(parse_duration(&duration.to_string()), Ok(duration));
            }
        }
    }

    #[test]
    fn each_fault_of_a_duration_has_its_error() {
        assert!(matches!(parse_duration("ms"), Err(UnitError::NotANumber { .. })));
        assert!(matches!(parse_duration(""), Err(UnitError::NotANumber { .. })));
        assert!(matches!(parse_duration("1e999 s"), Err(UnitError::NotANumber { .. })));
        assert!(matches!(parse_duration("200"), Err(UnitError::MissingUnit { .. })));
        assert!(matches!(parse_duration("-5ms"), Err(UnitError::NegativeDuration { .. })));
        assert_eq!(
            parse_duration("3 furlongs").unwrap_err().to_string(),
            "expected a unit of time (ns, us, ms, s, min or h), found `furlongs`"
        );
        assert!(matches!(parse_duration("3e"), Err(UnitError::UnknownUnit { .. })));
        assert!(matches!(parse_duration("3é"), Err(UnitError::UnknownUnit { .. })));
    }

    #[test]
    fn conversion_rounds_once() {
        assert_eq!(TimeUnit::Microsecond.convert(1.1, TimeUnit::Second).to_bits(), (1.1f64 / 1e6).to_bits());
        assert_eq!(TimeUnit::Hour.convert(1.0, TimeUnit::Nanosecond).to_bits(), 3.6e12f64.to_bits());
        assert_eq!(TimeUnit::Nanosecond.convert(7.0, TimeUnit::Microsecond).to_bits(), 0.007f64.to_bits());
    }
}
