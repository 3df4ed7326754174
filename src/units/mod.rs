//! Where numbers meet people: time units, durations, counts, quantile labels, and figures shown with as many digits as
//! their error allows.
//!
//! Values inside a model are plain `f64` in the model's unit; this module only reads and writes them. It knows nothing
//! of metrics, formulas or reports.

mod count;
mod figure;
mod quantile;
mod time;

pub use count::{format_count, parse_count};
pub use figure::{common_unit, format_figure, format_value, format_with_error, natural_unit};
pub use quantile::{parse_quantile, quantile_label};
pub use time::{Duration, TimeUnit, Unit, parse_duration};

/// Text that names no duration, count or quantile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// The text does not begin with a number, or the number is not finite.
    #[error("expected a number, found `{found}`")]
    NotANumber {
        /// The text as given, shortened.
        found: String,
    },
    /// A duration has no unit.
    #[error("expected a unit of time (ns, us, ms, s, min or h) after `{found}`, found none")]
    MissingUnit {
        /// The text as given, shortened.
        found: String,
    },
    /// What follows the number is no unit of time.
    #[error("expected a unit of time (ns, us, ms, s, min or h), found `{found}`")]
    UnknownUnit {
        /// What stands in the place of the unit, shortened.
        found: String,
    },
    /// A duration is negative.
    #[error("expected a duration of at least 0, found `{found}`")]
    NegativeDuration {
        /// The text as given, shortened.
        found: String,
    },
    /// A count is not a whole number.
    #[error("expected a whole number such as `50000`, `10k`, `1M` or `1e9`, found `{found}`")]
    NotACount {
        /// The text as given, shortened.
        found: String,
    },
    /// A count is zero or does not fit 64 bits.
    #[error("expected a count from 1 to 18446744073709551615, found `{found}`")]
    CountOutOfRange {
        /// The text as given, shortened.
        found: String,
    },
    /// The text is no quantile.
    #[error("expected a quantile such as `0.99`, `p99` or `99 %`, found `{found}`")]
    NotAQuantile {
        /// The text as given, shortened.
        found: String,
    },
    /// A quantile lies outside `[0, 1]`.
    #[error("expected a quantile from 0 to 1 (p0 to p100), found `{found}`")]
    QuantileOutOfRange {
        /// The text as given, shortened.
        found: String,
    },
}

/// Longest stretch of the user's text that an error repeats, in characters.
const FOUND_CHARS_MAX: usize = 40;

/// The user's text, cut to what an error can show.
fn found(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(FOUND_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
