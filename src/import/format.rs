//! The formats that importing knows, by name.
//!
//! How a format is recognised and read is in the file of that format; this is only the list of names.

use std::fmt;

/// A format of measured distributions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// spigo's histogram tables of 2016: `From To Count Prob Bar`, both the comma and the blank variant.
    SpigoTable,
    /// spigo's last csv form: `Total:` and one line of dots for each bin.
    SpigoDots,
    /// A Guesstimate space with measured data, such as spigo's `.guess`.
    Guesstimate,
    /// spigo's `_metrics.json` of 2015: percentiles of gauges.
    SpigoGauges,
    /// HdrHistogram interval log.
    Hlog,
    /// HdrHistogram percentile table, as also written by wrk2 and vegeta.
    Hgrm,
    /// Prometheus or OpenMetrics text with classic histograms.
    Prometheus,
    /// vegeta results as CSV.
    VegetaCsv,
    /// vegeta results as JSON lines.
    VegetaJson,
    /// k6 results as CSV.
    K6Csv,
    /// k6 results as JSON lines.
    K6Json,
    /// hyperfine's exported JSON.
    Hyperfine,
    /// oha's JSON summary.
    Oha,
    /// JSON array of numbers.
    JsonArray,
    /// Plain samples, one a line.
    Samples,
    /// CSV with a column of values, or with values and counts.
    Csv,
}

impl Format {
    /// Every format, in the order in which detection tries them.
    pub const ALL: [Self; 16] = [
        Self::SpigoTable,
        Self::SpigoDots,
        Self::Guesstimate,
        Self::SpigoGauges,
        Self::Hlog,
        Self::Hgrm,
        Self::Prometheus,
        Self::VegetaCsv,
        Self::VegetaJson,
        Self::K6Csv,
        Self::K6Json,
        Self::Hyperfine,
        Self::Oha,
        Self::JsonArray,
        Self::Samples,
        Self::Csv,
    ];

    /// Name on the command line and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SpigoTable => "spigo-table",
            Self::SpigoDots => "spigo-dots",
            Self::Guesstimate => "guesstimate",
            Self::SpigoGauges => "spigo-gauges",
            Self::Hlog => "hlog",
            Self::Hgrm => "hgrm",
            Self::Prometheus => "prometheus",
            Self::VegetaCsv => "vegeta-csv",
            Self::VegetaJson => "vegeta-json",
            Self::K6Csv => "k6-csv",
            Self::K6Json => "k6-json",
            Self::Hyperfine => "hyperfine",
            Self::Oha => "oha",
            Self::JsonArray => "json-array",
            Self::Samples => "samples",
            Self::Csv => "csv",
        }
    }

    /// Format with that name.
    ///
    /// # Examples
    /// ```
    /// use tailcast::import::Format;
    /// assert_eq!(Format::parse("hlog"), Some(Format::Hlog));
    /// assert_eq!(Format::parse("xls"), None);
    /// ```
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
