//! What can go wrong while a formula's constants are evaluated.

use thiserror::Error;

use crate::problem::{Problem, ProblemKind};
use crate::span::Span;

/// An error and the place in the formula where it arose.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{kind}")]
pub struct EvaluateError {
    /// What went wrong.
    #[source]
    pub kind: EvaluateErrorKind,
    /// Bytes of the formula.
    pub span: Span,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EvaluateErrorKind {
    /// A name that means nothing.
    #[error("unknown name `{name}`")]
    UnknownName {
        /// The name.
        name: String,
    },
    /// A call of a name that is no function.
    #[error("unknown function `{name}`")]
    UnknownFunction {
        /// The name.
        name: String,
    },
    /// A call of a function that the language has and this implementation does not.
    #[error("the function `{function}` is not supported")]
    Unsupported {
        /// Name of the function.
        function: &'static str,
    },
    /// A call of a value that is no function.
    #[error("expected a function, found {found}")]
    NotCallable {
        /// Its kind.
        found: &'static str,
    },
    /// Too few or too many arguments.
    #[error("expected {expected} in `{function}`, found {found}")]
    Arguments {
        /// Name of the function.
        function: String,
        /// How many it takes, in words.
        expected: String,
        /// How many it got.
        found: usize,
    },
    /// A value of a kind that the function or operator does not take.
    #[error("`{function}` does not take {found}")]
    UnexpectedType {
        /// Name of the function or operator.
        function: &'static str,
        /// Kind of the value.
        found: &'static str,
    },
    /// A value that the function does not take.
    #[error("expected {expected} in `{function}`")]
    Domain {
        /// Name of the function.
        function: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// Text that is no number.
    #[error("expected a number, found the text `{text}`")]
    NotNumeric {
        /// The text.
        text: String,
    },
    /// Text that is no quantity or unit.
    #[error("expected a unit, found `{text}`")]
    NotUnit {
        /// The text.
        text: String,
    },
    /// Two quantities that measure different things.
    #[error("the units `{left}` and `{right}` do not match")]
    UnitMismatch {
        /// Unit of the first.
        left: String,
        /// Unit of the second.
        right: String,
    },
    /// A unit where a quantity is needed.
    #[error("expected a number with a unit, found a unit alone")]
    UnitWithoutNumber,
    /// A condition of a kind that is neither true nor false.
    #[error("expected a condition, found {found}")]
    Condition {
        /// Its kind.
        found: &'static str,
    },
    /// Shapes that do not fit.
    #[error("the shapes {left:?} and {right:?} do not fit")]
    DimensionMismatch {
        /// Lengths of the dimensions of the first.
        left: Vec<usize>,
        /// Lengths of the dimensions of the second.
        right: Vec<usize>,
    },
    /// An index that is no position of the matrix or text.
    #[error("expected an index from 1 to {length}, found {index}")]
    Index {
        /// The index, as written by the user.
        index: i64,
        /// Length of the dimension.
        length: usize,
    },
    /// A matrix that has no inverse.
    #[error("the matrix is singular")]
    Singular,
    /// A property that the value does not have.
    #[error("no property `{name}` in {found}")]
    Property {
        /// Name of the property.
        name: String,
        /// Kind of the value.
        found: &'static str,
    },
    /// An assignment to something that cannot be assigned to.
    #[error("cannot assign to this")]
    Assignment,
    /// Text given to `evaluate` or `parse` that is no formula.
    #[error("the text given to `evaluate` is no formula: {message}")]
    Syntax {
        /// What the parser says.
        message: String,
    },
    /// A result that exact arithmetic cannot hold.
    #[error("exact arithmetic ran out of digits")]
    Precision,
    /// More than the interpreter is willing to hold.
    #[error("{what} may have at most {limit} elements")]
    TooLarge {
        /// What would be too large.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Calls or expressions nested too deeply.
    #[error("calls and expressions nest more than {limit} deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// More work than the interpreter is willing to do.
    #[error("evaluating this takes more than {limit} steps")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// A random function where only constants are evaluated.
    #[error("`{function}` is random and cannot stand where a constant is needed")]
    Random {
        /// Name of the function.
        function: String,
    },
    /// A filtered sample met a function: the whole sample is filtered.
    #[error("the sample is filtered")]
    Filtered,
    /// The result is a function.
    #[error("the formula yields a function, not a number")]
    FunctionResult,
    /// The result has a unit.
    #[error("the formula yields a quantity with a unit, not a number")]
    UnitResult,
    /// The result is infinite.
    #[error("the formula yields an infinite value")]
    Infinite,
    /// The result is no number.
    #[error("the formula yields {found}, expected a number")]
    NotANumber {
        /// Its kind.
        found: &'static str,
    },
}

impl EvaluateErrorKind {
    /// Stable identifier in kebab case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownName { .. } => "unknown-name",
            Self::UnknownFunction { .. } => "unknown-function",
            Self::Unsupported { .. } => "unsupported-function",
            Self::NotCallable { .. } => "not-a-function",
            Self::Arguments { .. } => "wrong-arguments",
            Self::UnexpectedType { .. } => "wrong-type",
            Self::Domain { .. } => "out-of-domain",
            Self::NotNumeric { .. } => "not-numeric",
            Self::NotUnit { .. } => "unknown-unit",
            Self::UnitMismatch { .. } | Self::UnitWithoutNumber => "unit-mismatch",
            Self::Condition { .. } => "not-a-condition",
            Self::DimensionMismatch { .. } => "dimension-mismatch",
            Self::Index { .. } => "index-out-of-range",
            Self::Singular => "singular-matrix",
            Self::Property { .. } => "unknown-property",
            Self::Assignment => "invalid-assignment",
            Self::Syntax { .. } => "syntax",
            Self::Precision => "out-of-digits",
            Self::TooLarge { .. } => "too-large",
            Self::TooDeep { .. } => "too-deep",
            Self::TooLong { .. } => "too-long",
            Self::Random { .. } => "random-constant",
            Self::Filtered => "filtered",
            Self::FunctionResult => "function-result",
            Self::UnitResult => "unit-result",
            Self::Infinite => "division-by-zero",
            Self::NotANumber { .. } => "not-a-number",
        }
    }

    /// What the user can do about it.
    fn help(&self) -> Option<&'static str> {
        match self {
            Self::FunctionResult => Some("call it with its arguments, as in `sqrt(4)`"),
            Self::UnitResult => Some("divide by the unit you want, as in `(5 km) / (1 m)`, or use `number(x, m)`"),
            Self::Infinite => Some("look for a division by zero or an overflow"),
            Self::Random { .. } => Some("move the random call out into a metric of its own"),
            Self::Condition { .. } => Some("a condition is a number, a boolean or a comparison"),
            Self::Filtered => None,
            Self::NotANumber { found: "a matrix" } => {
                Some("pick an element, as in `x[1]`, or summarise it, as in `mean(x)`")
            }
            Self::NotANumber { found: "a complex number" } => Some("take a part of it with `re`, `im` or `abs`"),
            Self::TooLarge { .. } | Self::TooDeep { .. } | Self::TooLong { .. } => Some("use a smaller constant"),
            _ => None,
        }
    }

    /// The error as a problem of a metric, without a place.
    ///
    /// An unknown name gets its suggestion from the caller, who knows the metrics.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let kind = match self {
            Self::FunctionResult | Self::UnitResult => ProblemKind::Parse,
            _ => ProblemKind::Sampling,
        };
        let problem = Problem::new(kind, self.code(), self.to_string());
        match self.help() {
            Some(help) => problem.with_help(help),
            None => problem,
        }
    }
}

impl EvaluateError {
    /// The error as a problem of a metric.
    #[must_use]
    pub fn problem(&self) -> Problem {
        self.kind.problem().with_span(self.span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_that_are_no_number_are_told_apart() {
        let of = |kind: EvaluateErrorKind| {
            let problem = kind.problem();
            (problem.kind, problem.code)
        };
        assert_eq!(of(EvaluateErrorKind::FunctionResult), (ProblemKind::Parse, "function-result"));
        assert_eq!(of(EvaluateErrorKind::UnitResult), (ProblemKind::Parse, "unit-result"));
        assert_eq!(of(EvaluateErrorKind::Infinite), (ProblemKind::Sampling, "division-by-zero"));
        assert_eq!(of(EvaluateErrorKind::NotANumber { found: "text" }), (ProblemKind::Sampling, "not-a-number"));
    }

    #[test]
    fn a_problem_carries_its_place() {
        let error = EvaluateError { kind: EvaluateErrorKind::Singular, span: Span::new(2, 5) };
        assert_eq!(error.problem().span, Some(Span::new(2, 5)));
        assert_eq!(error.to_string(), "the matrix is singular");
    }
}
