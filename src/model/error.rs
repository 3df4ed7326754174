//! Why a file is no model at all, or could not be turned into one: every fault, each with its place in the file.
//!
//! What is wrong with one metric and leaves the others usable is a [`crate::problem::Problem`] of that metric instead.

use std::fmt;
use std::path::PathBuf;

use crate::span::Span;

/// Which kind of fault a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The file can't be read from disk.
    Unavailable,
    /// The file is empty.
    Empty,
    /// The file is larger, deeper, or holds more metrics than the limits allow.
    TooLarge,
    /// The bytes are not UTF-8 text.
    NotText,
    /// The text is not JSON or not TOML.
    Syntax,
    /// The document is well formed, yet no Guesstimate model and no model in TOML.
    NotAModel,
    /// A key that the format does not have.
    UnknownKey,
    /// A value of the wrong kind or out of range.
    Value,
    /// Keys that exclude each other, or one that is missing.
    Combination,
    /// A name that no metric has.
    UnknownMetric,
    /// A name that several metrics have.
    AmbiguousMetric,
    /// A name that no scenario has.
    UnknownScenario,
    /// A file of measured data that can't be read.
    Data,
}

/// Line and column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// Place of byte `offset` of `text`.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        Self { line, column: before[line_start..].chars().count() + 1 }
    }
}

/// One fault of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault it is.
    pub kind: FaultKind,
    /// Message: lower case, no full stop, user text in backticks.
    pub message: String,
    /// Place in the file, when there is one.
    pub place: Option<Place>,
    /// Bytes of the file, when they are known.
    pub span: Option<Span>,
    /// What the user can do about it.
    pub help: Option<String>,
}

impl Fault {
    /// Fault without place or remedy.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), place: None, span: None, help: None }
    }

    /// Sets the bytes, and from them line and column, in the text of the file.
    #[must_use]
    pub fn with_span(mut self, text: &str, span: Span) -> Self {
        self.place = Some(Place::of(text, span.start));
        self.span = Some(span);
        self
    }

    /// Sets line and column.
    #[must_use]
    pub fn with_place(mut self, line: usize, column: usize) -> Self {
        self.place = Some(Place { line, column });
        self
    }

    /// Sets the remedy.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.place {
            write!(f, "line {}, column {}: ", place.line, place.column)?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

/// A file that is no model: its path, if it has one, and all its faults in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ModelError {
    /// Path of the file, or none for text from elsewhere.
    pub path: Option<PathBuf>,
    /// What is wrong; never empty.
    pub faults: Vec<Fault>,
}

impl ModelError {
    /// Error with these faults, which are put into the order of the file.
    pub(crate) fn new(mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| fault.place);
        Self { path: None, faults }
    }

    /// Sets the path.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }
}

impl From<Fault> for ModelError {
    fn from(fault: Fault) -> Self {
        Self { path: None, faults: vec![fault] }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            if let Some(path) = &self.path {
                write!(f, "{}: ", path.display())?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        assert_eq!(Place::of("a\nµs = x", 7), Place { line: 2, column: 5 });
        assert_eq!(Place::of("", 9), Place { line: 1, column: 1 });
    }

    #[test]
    fn every_fault_is_shown_with_path_and_place() {
        let faults = vec![
            Fault::new(FaultKind::Value, "second").with_place(2, 1),
            Fault::new(FaultKind::Value, "first").with_place(1, 4).with_help("do it"),
        ];
        let error = ModelError::new(faults).with_path("m.toml");
        let shown = "m.toml: line 1, column 4: first\n  help: do it\nm.toml: line 2, column 1: second";
        assert_eq!(error.to_string(), shown);
    }
}
