//! Writes distributions in the formats of other tools: `.hlog`, `.hgrm`, spigo's csv table and Guesstimate data.
//!
//! Each writer takes series, which a metric of a result and an imported measurement both turn into, and says as
//! warnings what the format could not hold. Writers know no files: whoever calls them writes the file whole or not at
//! all.

mod error;
mod guesstimate;
mod hgrm;
mod histogram;
mod hlog;
mod series;
mod spigo_table;

pub use error::ExportError;
pub use guesstimate::QUANTILES_MAX;
pub use series::Series;

use crate::problem::Warning;
use std::fmt;
use std::io::Write;
use std::path::Path;

/// A format that distributions are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// HdrHistogram interval log: one interval a series, its name as the tag.
    Hlog,
    /// HdrHistogram percentile table of one series.
    Hgrm,
    /// spigo's histogram table of one series, in ns.
    SpigoTable,
    /// Guesstimate space in JSON, a metric of evenly spaced quantiles a series.
    Guesstimate,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Hlog, Self::Hgrm, Self::SpigoTable, Self::Guesstimate];

    /// Name on the command line; the same as that of the format that reads it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hlog => "hlog",
            Self::Hgrm => "hgrm",
            Self::SpigoTable => "spigo-table",
            Self::Guesstimate => "guesstimate",
        }
    }

    /// Format with that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Format that the extension of `path` stands for: `hlog`, `hgrm`, `guess` or `json`, `csv`.
    ///
    /// # Examples
    /// ```
    /// use tailcast::export::Format;
    /// assert_eq!(Format::of_path("run.hlog".as_ref()), Some(Format::Hlog));
    /// assert_eq!(Format::of_path("run.png".as_ref()), None);
    /// ```
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "hlog" => Some(Self::Hlog),
            "hgrm" => Some(Self::Hgrm),
            "guess" | "json" => Some(Self::Guesstimate),
            "csv" => Some(Self::SpigoTable),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How to write. The default suits every format.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportOptions {
    /// Significant decimal digits of an HdrHistogram, 1 to 5; more are taken as 5, fewer as 1.
    pub digits: u8,
    /// When the values were measured or drawn, in seconds since 1970-01-01 UTC; 0 leaves it out of an interval log.
    pub start: f64,
    /// Length of that time, in seconds.
    pub duration: f64,
    /// Name of the Guesstimate space.
    pub title: String,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self { digits: 3, start: 0.0, duration: 0.0, title: "tailcast".to_owned() }
    }
}

/// Writes `series` to `out` and returns what the format could not hold.
///
/// # Errors
/// - [`ExportError::Empty`] if a series has no finite value, or there is no series.
/// - [`ExportError::OneSeries`] if the format holds one series and there are more.
/// - [`ExportError::NotATime`] if the format is in ns and the series has no unit of time.
/// - [`ExportError::Io`] if writing fails.
///
/// # Examples
/// ```
/// use tailcast::export::{ExportOptions, Format, Series, write};
/// use tailcast::import::{ImportOptions, read_from};
/// let read = read_from("latency_us\n5\n7\n7\n".as_bytes(), "a.csv", &ImportOptions::default())?;
/// let mut table = Vec::new();
/// write(Format::SpigoTable, &[Series::from_measurement(&read[0])], &ExportOptions::default(), &mut table)?;
/// assert!(String::from_utf8(table)?.contains("6656  7167  2      0.6667"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write(
    format: Format,
    series: &[Series],
    options: &ExportOptions,
    out: &mut dyn Write,
) -> Result<Vec<Warning>, ExportError> {
    if series.is_empty() {
        return Err(ExportError::Empty { name: "no metric".to_owned() });
    }
    if let Some(empty) = series.iter().find(|series| series.is_empty()) {
        return Err(ExportError::Empty { name: format!("metric `{}`", empty.name) });
    }
    let only = || match series {
        [one] => Ok(one),
        _ => Err(ExportError::OneSeries { format, count: series.len() }),
    };
    match format {
        Format::Hlog => hlog::write(series, options, out),
        Format::Hgrm => hgrm::write(only()?, options, out),
        Format::SpigoTable => spigo_table::write(only()?, out),
        Format::Guesstimate => guesstimate::write(series, options, out),
    }
}
