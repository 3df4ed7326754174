//! Measured data by reference: what a model says about a file, and the trait through which it is read.
//!
//! Formats are not known here; the readers in [`crate::import`] implement [`DataReader`].

use std::path::Path;

use crate::dist::Empirical;
use crate::problem::{Problem, ProblemKind, Warning};
use crate::units::Unit;

/// A file of measured data, as a model names it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DataReference {
    /// Path, relative to the model file.
    pub file: String,
    /// Tag of the histograms wanted, in formats that have tags.
    pub tag: Option<String>,
    /// Column wanted, in tables.
    pub column: Option<String>,
    /// Unit of the values, where the file does not say or is wrong.
    pub unit: Option<Unit>,
    /// Name of the format, where it can't be told from the file.
    pub format: Option<String>,
    /// Interval at which requests should have been sent, in nanoseconds: corrects for coordinated omission.
    pub expected_interval_ns: Option<f64>,
}

/// What was read from a file of measured data.
#[derive(Debug, Clone, PartialEq)]
pub struct DataRead {
    /// The distribution, in `unit`; not empty.
    pub data: Empirical,
    /// Unit of the values, if it is known.
    pub unit: Option<Unit>,
    /// Where the values came from, in a line for people.
    pub provenance: String,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// Reads files of measured data.
pub trait DataReader {
    /// Reads the data that `reference` names; its path is relative to the directory `base`.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`ProblemKind::Parse`] when the file can't be read, holds no values, or lacks the tag or
    /// column.
    fn read(&self, reference: &DataReference, base: &Path) -> Result<DataRead, Problem>;
}

/// Reader that refuses every file: for models that must stand alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoData;

impl DataReader for NoData {
    fn read(&self, reference: &DataReference, _base: &Path) -> Result<DataRead, Problem> {
        let message = format!("expected data within the model, found the file `{}`", reference.file);
        Err(Problem::new(ProblemKind::Parse, "data-not-allowed", message).with_help("put the values into `data = […]`"))
    }
}
