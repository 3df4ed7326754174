//! What can go wrong while exporting, as data.

use super::Format;
use std::io;

/// A distribution that could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// There is nothing to write.
    #[error("expected a metric with finite samples, found {name} without any")]
    Empty {
        /// Which metric, in words.
        name: String,
    },
    /// The format holds one distribution.
    #[error("expected one metric for the format {format}, found {count}")]
    OneSeries {
        /// The format.
        format: Format,
        /// Metrics given.
        count: usize,
    },
    /// The format is in nanoseconds.
    #[error("expected a metric in a unit of time for the format {format}, found {found}")]
    NotATime {
        /// The format.
        format: Format,
        /// The unit of the metric, or that it has none.
        found: String,
    },
    /// Writing failed.
    #[error("cannot write it: {0}")]
    Io(#[from] io::Error),
}

impl ExportError {
    /// What the user can do about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Empty { .. } => Some("choose a metric that has samples"),
            Self::OneSeries { .. } => Some("choose one metric, or write `.hlog` or `.guess`, which hold several"),
            Self::NotATime { .. } => Some("set the unit of the metric, or write another format"),
            Self::Io(_) => None,
        }
    }
}
