//! What can go wrong while importing, as data: the file, the line, and the kind with what was expected and found.
//!
//! Wording is in one place, here; the readers only say which kind it is.

use super::format::Format;
use crate::problem::{Problem, ProblemKind};
use std::fmt;
use std::io;

/// A file that could not be imported.
#[derive(Debug)]
pub struct ImportError {
    /// File, as the user named it.
    pub file: String,
    /// Line at which the fault lies, counted from 1, when it lies at one.
    pub line: Option<u64>,
    /// What is wrong.
    pub kind: ImportErrorKind,
}

/// What is wrong with a file that could not be imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportErrorKind {
    /// Opening, reading or decompressing it failed.
    #[error("cannot read it: {0}")]
    Io(#[source] io::Error),
    /// It holds not a single byte.
    #[error("expected a measured distribution, found an empty file")]
    EmptyFile,
    /// No format says yes. Each format that was tried stands with the reason for which it says no.
    #[error("expected a measured distribution, found an unknown format; tried {}", list_tried(tried))]
    UnknownFormat {
        /// Formats tried, in order, each with its reason.
        tried: Vec<(Format, &'static str)>,
    },
    /// The first part of the file fits more than one format and decides for none.
    #[error("expected one format, found content that may be {}", list_formats(candidates))]
    AmbiguousFormat {
        /// Formats that the content may be.
        candidates: Vec<Format>,
    },
    /// It is something else that is well known.
    #[error("expected a measured distribution, found {what}")]
    Foreign {
        /// What it is.
        what: &'static str,
        /// What to do with it.
        help: &'static str,
    },
    /// The content departs from the format.
    #[error("expected {expected}, found {found}")]
    Malformed {
        /// What the format wants at this place.
        expected: String,
        /// What is there; text of the file in backticks.
        found: String,
        /// What to do about it, where there is something more to say than to mend the line.
        help: Option<&'static str>,
    },
    /// There are several columns and the user named none.
    #[error("expected one column of values, found {}", list_words(available))]
    ColumnNeeded {
        /// Columns of the file: names, or numbers from 1 if there is no header.
        available: Vec<String>,
    },
    /// The column asked for is not there.
    #[error("expected a column `{wanted}`, found {}", list_words(available))]
    NoSuchColumn {
        /// Column asked for.
        wanted: String,
        /// Columns of the file: names, or numbers from 1 if there is no header.
        available: Vec<String>,
    },
    /// The distribution asked for is not there.
    #[error("expected a distribution named `{wanted}`, found {}", list_words(available))]
    NoSuchTag {
        /// Tag, metric or series asked for.
        wanted: String,
        /// Distributions of the file.
        available: Vec<String>,
    },
    /// The format is read, but this file holds nothing measured.
    #[error("expected measured values, found {found}")]
    NothingMeasured {
        /// What it holds instead.
        found: String,
        /// What to do about it.
        help: &'static str,
    },
    /// The format has a part that is refused by name.
    #[error("expected {expected}, found {found}, which is not supported")]
    Unsupported {
        /// What is supported.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// A limit that keeps hostile input from using up memory or time.
    #[error("expected at most {limit} {what}, found more")]
    TooMuch {
        /// The limit.
        limit: u64,
        /// What is limited.
        what: &'static str,
    },
    /// An expected interval was given, but the values have no unit of time.
    #[error("expected values in a unit of time to correct with an expected interval, found {found}")]
    IntervalNeedsTime {
        /// The unit of the values, or that there is none.
        found: String,
    },
}

impl ImportError {
    /// Error at no particular line.
    pub(crate) fn new(kind: ImportErrorKind) -> Self {
        Self { file: String::new(), line: None, kind }
    }

    /// Error at a line, counted from 1.
    pub(crate) fn at(line: u64, kind: ImportErrorKind) -> Self {
        Self { file: String::new(), line: Some(line), kind }
    }

    /// Content at `line` that departs from its format.
    pub(crate) fn malformed(line: u64, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::at(line, ImportErrorKind::Malformed { expected: expected.into(), found: found.into(), help: None })
    }

    /// Names the file.
    pub(crate) fn in_file(mut self, file: &str) -> Self {
        file.clone_into(&mut self.file);
        self
    }

    /// Stable identifier in kebab case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match &self.kind {
            ImportErrorKind::Io(_) => "import-io",
            ImportErrorKind::EmptyFile => "import-empty-file",
            ImportErrorKind::UnknownFormat { .. } => "import-unknown-format",
            ImportErrorKind::AmbiguousFormat { .. } => "import-ambiguous-format",
            ImportErrorKind::Foreign { .. } => "import-not-a-measurement",
            ImportErrorKind::Malformed { .. } => "import-malformed",
            ImportErrorKind::ColumnNeeded { .. } => "import-column-needed",
            ImportErrorKind::NoSuchColumn { .. } => "import-no-such-column",
            ImportErrorKind::NoSuchTag { .. } => "import-no-such-tag",
            ImportErrorKind::NothingMeasured { .. } => "import-nothing-measured",
            ImportErrorKind::Unsupported { .. } => "import-unsupported",
            ImportErrorKind::TooMuch { .. } => "import-too-much",
            ImportErrorKind::IntervalNeedsTime { .. } => "import-interval-needs-time",
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let text = match &self.kind {
            ImportErrorKind::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                "the compressed file is cut off; copy or write it again"
            }
            ImportErrorKind::Io(_) => return None,
            ImportErrorKind::EmptyFile => "check that the tool that writes it has finished",
            ImportErrorKind::UnknownFormat { .. } => {
                "name the format with `--from`, or extract one number a line and import that"
            }
            ImportErrorKind::AmbiguousFormat { .. } => "name the format with `--from`",
            ImportErrorKind::Foreign { help, .. } | ImportErrorKind::NothingMeasured { help, .. } => help,
            ImportErrorKind::Malformed { help, .. } => return help.map(str::to_owned),
            ImportErrorKind::ColumnNeeded { .. } | ImportErrorKind::NoSuchColumn { .. } => {
                "choose one with `--column NAME` or `--column NUMBER`, counted from 1"
            }
            ImportErrorKind::NoSuchTag { .. } => "choose one of these with `--tag`",
            ImportErrorKind::Unsupported { .. } => "write the file again with a current version of the tool",
            ImportErrorKind::TooMuch { .. } => "split the file, or select a part of it before importing",
            ImportErrorKind::IntervalNeedsTime { .. } => {
                "give the unit of the values with `--unit`, such as `--unit ms`"
            }
        };
        Some(text.to_owned())
    }

    /// The error as a problem of the metric whose data it is.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let mut problem = Problem::new(ProblemKind::Parse, self.code(), self.to_string());
        problem.help = self.help();
        problem
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.kind)
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // Display has the kind's words already, so the chain goes on behind it.
        std::error::Error::source(&self.kind)
    }
}

impl From<io::Error> for ImportError {
    fn from(error: io::Error) -> Self {
        Self::new(ImportErrorKind::Io(error))
    }
}

/// Number of names that an error lists before it only counts the rest.
const LISTED_MAX: usize = 12;

fn list_tried(tried: &[(Format, &'static str)]) -> String {
    tried.iter().map(|(format, reason)| format!("{format} ({reason})")).collect::<Vec<_>>().join(", ")
}

fn list_formats(formats: &[Format]) -> String {
    formats.iter().map(|format| format.name()).collect::<Vec<_>>().join(" or ")
}

fn list_words(words: &[String]) -> String {
    if words.is_empty() {
        return "none".to_owned();
    }
    let listed = words.iter().take(LISTED_MAX).map(|word| format!("`{}`", excerpt(word.as_bytes())));
    let mut text = listed.collect::<Vec<_>>().join(", ");
    if words.len() > LISTED_MAX {
        text.push_str(&format!(" and {} more", words.len() - LISTED_MAX));
    }
    text
}

/// Text of the file, fit for a message: printable, and cut after 60 characters.
pub(crate) fn excerpt(bytes: &[u8]) -> String {
    const CHARS_MAX: usize = 60;
    let head = &bytes[..bytes.len().min(CHARS_MAX * 4)];
    let text = String::from_utf8_lossy(head);
    let mut out: String = text
        .chars()
        .take(CHARS_MAX)
        .map(|c| {
            if c == '\t' {
                ' '
            } else if c.is_control() {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect();
    if text.chars().count() > CHARS_MAX || head.len() < bytes.len() {
        out.push('…');
    }
    out
}

/// Text of the file in backticks, or the words `an empty line`.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    let trimmed = bytes.trim_ascii();
    if trimmed.is_empty() { "nothing".to_owned() } else { format!("`{}`", excerpt(trimmed)) }
}
