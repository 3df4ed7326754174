//! Time units (ns, us, ms, s), their parsing and display; quantile labels (`p50`, `p99.9`).
//!
//! Values inside a model are plain `f64` in the model's unit; this module is where they meet people.

use std::fmt;

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
