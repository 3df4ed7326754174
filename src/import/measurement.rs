//! What importing yields: a measured distribution with its unit, where it came from, and what to know about it.
//!
//! These are plain values: nothing here reads a file, and nothing here prints to a stream.

use super::format::Format;
use crate::dist::Empirical;
use crate::problem::Warning;
use crate::units::Unit;
use std::fmt;

/// One distribution read from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Name given by the user, else the name the file gives, else the file's own name without its extension.
    pub name: String,
    /// The distribution, in `unit`. Without a single value when the file holds none (see the warning `empty`).
    pub data: Empirical,
    /// Values that were measured, as the file tells; values added by a correction are not among them.
    pub count: u64,
    /// Unit of the values, if one is known.
    pub unit: Option<Unit>,
    /// Where the unit comes from.
    pub unit_note: UnitNote,
    /// Where the data come from.
    pub provenance: Provenance,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// Where the unit of a measurement comes from; a unit is never guessed silently.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum UnitNote {
    /// The user gave it.
    Given,
    /// The format defines it, or the file says so.
    Detected(String),
    /// Nothing in the file says so, but the tools that write it usually mean this.
    Assumed(String),
    /// The file does not say and nothing suggests one.
    Unknown,
}

impl fmt::Display for UnitNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given => f.write_str("given"),
            Self::Detected(why) => write!(f, "detected: {why}"),
            Self::Assumed(why) => write!(f, "assumed: {why}"),
            Self::Unknown => f.write_str("unknown: the file names no unit"),
        }
    }
}

/// Where a measurement comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// File, as the user named it.
    pub file: String,
    /// Format it was read as.
    pub format: Format,
    /// Program that wrote it, as far as the content tells.
    pub tool: Option<String>,
    /// When the values were measured, if the file says.
    pub time_range: Option<TimeRange>,
    /// How the data were treated: interpolated, put into cells, corrected.
    pub notes: Vec<String>,
}

impl fmt::Display for Provenance {
    /// One line: `file (format, tool), from .. to .., notes`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.file, self.format)?;
        if let Some(tool) = &self.tool {
            write!(f, ", {tool}")?;
        }
        f.write_str(")")?;
        if let Some(range) = self.time_range {
            write!(f, ", {:.3} s to {:.3} s since 1970", range.start, range.end)?;
        }
        for note in &self.notes {
            write!(f, "; {note}")?;
        }
        Ok(())
    }
}

/// Span of time over which values were measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeRange {
    /// First moment, in seconds since 1970-01-01 UTC; `start <= end`.
    pub start: f64,
    /// Last moment, in seconds since 1970-01-01 UTC.
    pub end: f64,
}

impl TimeRange {
    /// Smallest range that covers `earlier` (if any) and the moment `at`.
    #[must_use]
    pub fn extend(earlier: Option<Self>, at: f64) -> Self {
        match earlier {
            Some(range) => Self { start: range.start.min(at), end: range.end.max(at) },
            None => Self { start: at, end: at },
        }
    }
}

/// One distribution as a format reads it, before the options that concern every format are applied.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) name: Option<String>,
    /// Other words under which the user may ask for it: a tag, an id, a metric without its labels.
    pub(crate) aliases: Vec<String>,
    pub(crate) data: Empirical,
    /// Integer layout of the cells, when it is an HdrHistogram's.
    pub(crate) layout: Option<super::layout::Layout>,
    pub(crate) count: u64,
    pub(crate) unit: Option<Unit>,
    pub(crate) unit_note: UnitNote,
    pub(crate) tool: Option<String>,
    pub(crate) time_range: Option<TimeRange>,
    pub(crate) notes: Vec<String>,
    pub(crate) warnings: Vec<Warning>,
}

impl Reading {
    /// Reading of `data` without a name, unit, or anything to say about it.
    pub(crate) fn new(data: Empirical, count: u64) -> Self {
        Self {
            name: None,
            aliases: Vec::new(),
            data,
            layout: None,
            count,
            unit: None,
            unit_note: UnitNote::Unknown,
            tool: None,
            time_range: None,
            notes: Vec::new(),
            warnings: Vec::new(),
        }
    }

    pub(crate) fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    pub(crate) fn with_tool(mut self, tool: impl Into<String>) -> Self {
        self.tool = Some(tool.into());
        self
    }

    /// Sets a unit that the format or the file itself defines.
    pub(crate) fn with_detected_unit(mut self, unit: Unit, why: impl Into<String>) -> Self {
        self.unit = Some(unit);
        self.unit_note = UnitNote::Detected(why.into());
        self
    }

    /// Sets a unit that is usual but that nothing in the file confirms.
    pub(crate) fn with_assumed_unit(mut self, unit: Unit, why: impl Into<String>) -> Self {
        self.unit = Some(unit);
        self.unit_note = UnitNote::Assumed(why.into());
        self
    }
}
