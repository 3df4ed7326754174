//! What can be wrong with a formula once its parts are given a meaning.

use thiserror::Error;

use crate::dist::DistError;
use crate::formula::interpreter::EvaluateErrorKind;
use crate::problem::{Problem, ProblemKind};
use crate::span::Span;

/// A formula that cannot be compiled: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{kind}")]
pub struct ProgramError {
    /// What is wrong.
    #[source]
    pub kind: ProgramErrorKind,
    /// Bytes of the formula that are wrong.
    pub span: Span,
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProgramErrorKind {
    /// The formula has no value, or a wrong one, before any sample is drawn.
    #[error(transparent)]
    Evaluate(#[from] EvaluateErrorKind),
    /// A distribution cannot be drawn from.
    #[error(transparent)]
    Distribution(#[from] DistError),
    /// A part that differs from sample to sample stands where only a constant can.
    #[error("expected a constant, found {found} that differs from sample to sample")]
    NotConstant {
        /// What was found.
        found: &'static str,
    },
    /// A part is of a kind that cannot differ from sample to sample.
    #[error("expected a number, found {found}")]
    NotNumber {
        /// What was found.
        found: &'static str,
    },
    /// Something that is not a list stands where one is needed.
    #[error("expected a list, found {found}")]
    NotList {
        /// What was found.
        found: &'static str,
    },
    /// Something that is not a function is called.
    #[error("expected a function, found {found}")]
    NotFunction {
        /// What was found.
        found: &'static str,
    },
    /// A list is indexed outside its elements.
    #[error("expected an index within the list, counted from 1, found {index}")]
    IndexOutOfRange {
        /// The index.
        index: f64,
    },
    /// A list has the wrong number of elements.
    #[error("expected a list of {expected}, found one of {found}")]
    ListLength {
        /// How many elements were wanted.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A function has the wrong number of arguments.
    #[error("expected {expected} in `{function}`, found {found}")]
    ArgumentCount {
        /// Name of the function.
        function: String,
        /// How many arguments were wanted, in words.
        expected: String,
        /// How many there are.
        found: usize,
    },
    /// A level is no quantile.
    #[error("expected a level from 0 to 1, found {found}")]
    NotQuantile {
        /// The level.
        found: f64,
    },
    /// An argument is not what the function takes.
    #[error("expected {expected} in `{function}`, found {found}")]
    Argument {
        /// Name of the function.
        function: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What was found.
        found: f64,
    },
    /// A computed value stands where a distribution with a quantile function is needed.
    #[error("expected a random function, a range or data in `{function}`, found a value that is computed")]
    NoQuantiles {
        /// Name of the function.
        function: &'static str,
    },
    /// A distribution is cut down to where it has nothing.
    #[error("expected a range that holds some of the distribution in `{function}`, found {low} to {high}")]
    NothingLeft {
        /// Name of the function.
        function: &'static str,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// A computed metric has a declared correlation.
    #[error("expected a random function, a range or data to correlate, found a value that is computed")]
    NotCorrelatable,
    /// Too many metrics are correlated with each other.
    #[error(
        "expected at most {} metrics that are correlated with each other, found {found}",
        crate::dist::CORRELATED_MAX
    )]
    TooManyCorrelated {
        /// How many there are.
        found: usize,
    },
    /// A filtered sample stands where Guesstimate's language does not take one.
    #[error("expected a number, found a filtered sample")]
    FilteredOperand,
    /// The formula becomes too large when its functions are written out.
    #[error("the formula is too large: its functions call each other more than {limit} deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// The formula becomes too large when its lists and functions are written out.
    #[error("the formula is too large: it takes more than {limit} operations")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
}

impl ProgramError {
    /// Error of that kind at that place.
    pub(super) fn at(span: Span, kind: impl Into<ProgramErrorKind>) -> Self {
        Self { kind: kind.into(), span }
    }

    /// The error as a problem of its metric.
    #[must_use]
    pub fn problem(&self) -> Problem {
        use ProgramErrorKind as Kind;
        let (code, help) = match &self.kind {
            Kind::Evaluate(kind) => return kind.problem().with_span(self.span),
            Kind::Distribution(error) => {
                let problem = Problem::new(ProblemKind::Sampling, error.code(), error.to_string()).with_span(self.span);
                return match error.help() {
                    Some(help) => problem.with_help(help),
                    None => problem,
                };
            }
            Kind::NotConstant { .. } => ("not-constant", None),
            Kind::NotNumber { .. } => ("not-a-number", Some("a metric's value is one real number a sample")),
            Kind::NotList { .. } => ("not-a-list", Some("write alternatives as a list: `[1, 2, 3]`")),
            Kind::NotFunction { .. } => ("not-a-function", None),
            Kind::IndexOutOfRange { .. } => ("index-out-of-range", None),
            Kind::ListLength { .. } => ("list-length", None),
            Kind::ArgumentCount { .. } => ("argument-count", Some("`tailcast explain --functions` lists them all")),
            Kind::NotQuantile { .. } => ("not-a-quantile", Some("p99 is the level 0.99")),
            Kind::Argument { .. } => ("argument", None),
            Kind::NoQuantiles { .. } => (
                "no-quantile-function",
                Some("apply it to the random inputs of the value, or filter the value with `filterBetween`"),
            ),
            Kind::NotCorrelatable => {
                ("not-correlatable", Some("declare the correlation of the inputs it is computed from"))
            }
            Kind::TooManyCorrelated { .. } => ("too-many-correlated", Some("declare fewer correlations")),
            Kind::NothingLeft { .. } => ("nothing-left", Some("widen the range")),
            Kind::FilteredOperand => ("filtered-operand", None),
            Kind::TooDeep { .. } => {
                ("too-deep", Some("a function that calls itself needs a constant condition to end"))
            }
            Kind::TooLarge { .. } => ("too-large", Some("split the formula into several metrics")),
        };
        let problem = Problem::new(ProblemKind::Sampling, code, self.to_string()).with_span(self.span);
        match help {
            Some(help) => problem.with_help(help),
            None => problem,
        }
    }
}
