//! What a report looks like: its format and the choices a user has.

use std::str::FromStr;

/// Format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A table for people.
    Text,
    /// The `run` document, described by `docs/schema/run.json`.
    Json,
    /// Comma-separated values with one header line.
    Csv,
    /// A Markdown table.
    Markdown,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Text, Self::Json, Self::Csv, Self::Markdown];

    /// Name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
        }
    }
}

/// Text that names no report format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a format (text, json, csv or markdown), found `{found}`")]
pub struct UnknownFormat {
    /// The text as given.
    pub found: String,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        match text {
            "md" => Ok(Self::Markdown),
            _ => Self::ALL
                .into_iter()
                .find(|format| format.name() == text)
                .ok_or_else(|| UnknownFormat { found: text.to_owned() }),
        }
    }
}

/// Choices of a report. Each format reads those that concern it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportOptions {
    /// Format to write.
    pub format: Format,
    /// Text: also show the 95 % interval of each quantile.
    pub intervals: bool,
    /// Text: width of the terminal in columns; wider tables are folded.
    pub width: usize,
    /// Text: colour errors and warnings with ANSI sequences.
    pub color: bool,
    /// Text: name of the model file, shown with the place of a problem.
    pub file: Option<String>,
    /// Text and Markdown: words that stand for the number of samples and the seed, where nothing was drawn.
    pub heading: Option<String>,
    /// JSON: indent the document.
    pub pretty: bool,
    /// JSON: largest number of cells a metric's recorded distribution is merged to; 0 leaves it out.
    pub histogram_cells: usize,
    /// CSV: one row a figure instead of one row a metric.
    pub long: bool,
}

impl ReportOptions {
    /// Options of that format with everything else at its default: 100 columns, no colour, at most 500 cells.
    #[must_use]
    pub const fn new(format: Format) -> Self {
        Self {
            format,
            intervals: false,
            width: 100,
            color: false,
            file: None,
            heading: None,
            pretty: true,
            histogram_cells: 500,
            long: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_named_both_ways() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        assert_eq!("md".parse(), Ok(Format::Markdown));
        assert_eq!(
            "yaml".parse::<Format>().unwrap_err().to_string(),
            "expected a format (text, json, csv or markdown), found `yaml`"
        );
    }
}
