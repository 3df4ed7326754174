//! A metric of a checked model: who it is, what it is, and what is wrong with it.

use std::sync::Arc;

use crate::dist::Empirical;
use crate::formula::Checked;
use crate::model::input_text::RangeKind;
use crate::problem::{Problem, Warning};
use crate::units::Unit;

/// Place of a metric in Guesstimate's grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Location {
    /// Row.
    pub row: i64,
    /// Column.
    pub column: i64,
}

/// What a metric is; all numbers are in the model's unit.
#[derive(Debug, Clone)]
pub enum Input {
    /// Nothing, or nothing that can be read.
    None,
    /// One value.
    Point(f64),
    /// A range; `low > high` only in a metric with a problem.
    Range {
        /// How it is read.
        kind: RangeKind,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// `hits` of `total`.
    Proportion {
        /// How often it happened.
        hits: f64,
        /// How often it could have.
        total: f64,
    },
    /// Measured values.
    Data(Empirical),
    /// A formula; none when it can't be parsed, which a problem says.
    Formula(Option<Arc<Checked>>),
}

impl Input {
    /// Resolved type: `POINT`, `NORMAL`, `LOGNORMAL`, `UNIFORM`, `BETA`, `DATA`, `FUNCTION` or `NONE`.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Point(_) => "POINT",
            Self::Range { kind, .. } => kind.type_name(),
            Self::Proportion { .. } => "BETA",
            Self::Data(_) => "DATA",
            Self::Formula(_) => "FUNCTION",
        }
    }

    /// The numbers of a point, range or proportion: \[value\], \[low, high\], \[hits, total\].
    #[must_use]
    pub fn parameters(&self) -> Option<Vec<f64>> {
        match *self {
            Self::Point(value) => Some(vec![value]),
            Self::Range { low, high, .. } => Some(vec![low, high]),
            Self::Proportion { hits, total } => Some(vec![hits, total]),
            Self::None | Self::Data(_) | Self::Formula(_) => None,
        }
    }
}

/// A metric of a checked model.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Id: unique in a sound model, the key of the metric's random streams.
    pub id: String,
    /// Readable id: two letters or so.
    pub readable_id: String,
    /// Name for people.
    pub name: String,
    /// Key in the TOML form; the readable id in models read from JSON.
    pub key: String,
    /// Unit of the values, if one is known.
    pub unit: Option<Unit>,
    /// Description; empty when there is none.
    pub description: String,
    /// Place in the grid, if the file gives one.
    pub location: Option<Location>,
    /// Text that spans of problems and of the formula point into: the input text, with the `=` of a formula. Empty for
    /// data.
    pub source: String,
    /// What it is.
    pub input: Input,
    /// Where measured values came from, if a file was read.
    pub provenance: Option<String>,
    /// What is wrong with it; a metric with problems has no samples.
    pub problems: Vec<Problem>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

impl Metric {
    /// Name as messages show it: `"name" (ID)`, or the id alone when they are the same.
    #[must_use]
    pub fn label(&self) -> String {
        if self.name.is_empty() || self.name == self.readable_id {
            format!("`{}`", self.readable_id)
        } else if self.name == self.key || self.readable_id.is_empty() {
            format!("`{}`", self.name)
        } else {
            format!("`{}` ({})", self.name, self.readable_id)
        }
    }

    /// The checked formula, if it is one that can be parsed.
    #[must_use]
    pub fn formula(&self) -> Option<&Checked> {
        match &self.input {
            Input::Formula(checked) => checked.as_deref(),
            _ => None,
        }
    }
}
