//! What can be wrong with a distribution: its parameters, its call, or the data it is measured from.

use crate::problem::{Problem, ProblemKind};

/// What a parameter has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Neither infinite nor NaN.
    Finite,
    /// Not NaN.
    Number,
    /// Finite and not zero.
    NonZero,
    /// Finite and greater than zero.
    Positive,
    /// Finite and not negative.
    NotNegative,
    /// Finite and greater than -2/3, where Guesstimate's continuation of gamma draws ends.
    GammaShape,
    /// Whole, from 0 to 2^53.
    Count,
    /// Less than 1.
    BelowOne,
    /// Different from the other end of the range.
    Distinct,
    /// Not below the lower end of the range.
    NotBelowLow,
}

impl Requirement {
    /// Words that follow "expected".
    const fn words(self) -> &'static str {
        match self {
            Self::Finite => "a finite number",
            Self::Number => "a number",
            Self::NonZero => "a finite number other than 0",
            Self::Positive => "a finite number above 0",
            Self::NotNegative => "a finite number of at least 0",
            Self::GammaShape => "a finite number of at least 0",
            Self::Count => "a whole number from 0 to 2^53",
            Self::BelowOne => "a number below 1",
            Self::Distinct => "a number other than the minimum",
            Self::NotBelowLow => "a number not below the low end",
        }
    }

    /// Whether `value` meets the requirement; those that compare with another parameter accept any finite number.
    fn holds(self, value: f64) -> bool {
        match self {
            Self::Number => !value.is_nan(),
            Self::NonZero => value.is_finite() && value != 0.0,
            Self::Positive => value.is_finite() && value > 0.0,
            Self::NotNegative => value.is_finite() && value >= 0.0,
            Self::GammaShape => value.is_finite() && value > -2.0 / 3.0,
            Self::Count => (0.0..=9_007_199_254_740_992.0).contains(&value) && value.fract() == 0.0,
            Self::BelowOne => value < 1.0,
            Self::Finite | Self::Distinct | Self::NotBelowLow => value.is_finite(),
        }
    }
}

/// Why there is no such distribution.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DistError {
    /// A parameter does not meet its requirement; NaN never does.
    #[error("`{distribution}` expected {} as its {parameter}, found `{found}`", requirement.words())]
    Parameter {
        /// Distribution, as formulas call it.
        distribution: &'static str,
        /// Parameter, in words.
        parameter: &'static str,
        /// What it has to be.
        requirement: Requirement,
        /// What was given.
        found: f64,
    },
    /// No distribution has this name.
    #[error("expected the name of a distribution, found `{name}`")]
    UnknownFunction {
        /// Name as given.
        name: String,
    },
    /// A call with too few arguments, or with too many where Guesstimate does not ignore the surplus.
    #[error("`{signature}` expected {expected}, found {found}")]
    ArgumentCount {
        /// The call as it should be, such as `normal(mean, standard_deviation)`.
        signature: &'static str,
        /// How many arguments, in words.
        expected: String,
        /// How many were given.
        found: usize,
    },
    /// No values, cells or weights.
    #[error("expected at least one {item}, found none")]
    Empty {
        /// What the data consist of: `value`, `cell` or `weight`.
        item: &'static str,
    },
    /// More items than an index column can name.
    #[error("expected at most {} {item}s, found {found}", u32::MAX)]
    TooMany {
        /// What the data consist of.
        item: &'static str,
        /// How many there are.
        found: usize,
    },
    /// A value, an end of a cell or a weight is infinite or NaN.
    #[error("expected a finite {item} at position {}, found `{found}`", index + 1)]
    ItemNotFinite {
        /// What the data consist of.
        item: &'static str,
        /// Index of the item, from 0.
        index: usize,
        /// What was found.
        found: f64,
    },
    /// A weight is negative.
    #[error("expected a weight of at least 0 at position {}, found `{found}`", index + 1)]
    NegativeWeight {
        /// Index of the item, from 0.
        index: usize,
        /// What was found.
        found: f64,
    },
    /// All weights are zero, or their sum is no finite number.
    #[error("expected weights with a finite sum above 0, found the sum `{sum}`")]
    WeightSum {
        /// The sum.
        sum: f64,
    },
    /// Too few quantiles, or not as many values as shares.
    #[error("expected two or more shares and as many values, found {shares} and {values}")]
    PercentileCount {
        /// How many shares there are.
        shares: usize,
        /// How many values there are.
        values: usize,
    },
    /// A share of a quantile is not between 0 and 1, or not above the one before.
    #[error("expected rising shares between 0 and 1, found `{found}` at position {}", index + 1)]
    PercentileShare {
        /// Index of the share, from 0.
        index: usize,
        /// What was found.
        found: f64,
    },
    /// A quantile is below the one before.
    #[error("expected percentiles that do not fall, found `{found}` after `{before}` at position {}", index + 1)]
    PercentileOrder {
        /// Index of the value, from 0.
        index: usize,
        /// What was found.
        found: f64,
        /// The value before it.
        before: f64,
    },
    /// A cell whose ends are reversed, or that begins below the end of the one before.
    #[error("expected cells in ascending order that do not overlap, found `{low}` to `{high}` at position {}", index + 1)]
    CellOrder {
        /// Index of the cell, from 0.
        index: usize,
        /// Its lower end.
        low: f64,
        /// Its upper end.
        high: f64,
    },
}

impl DistError {
    /// Stable identifier in kebab case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Parameter { .. } => "invalid-parameter",
            Self::UnknownFunction { .. } => "unknown-function",
            Self::ArgumentCount { .. } => "argument-count",
            Self::Empty { .. } => "empty-data",
            Self::TooMany { .. } => "too-much-data",
            Self::ItemNotFinite { .. } => "non-finite-data",
            Self::NegativeWeight { .. } => "negative-weight",
            Self::WeightSum { .. } => "weight-sum",
            Self::CellOrder { .. } => "cell-order",
            Self::PercentileCount { .. } | Self::PercentileShare { .. } | Self::PercentileOrder { .. } => "percentiles",
        }
    }

    /// What the user can do about it, where more can be said than the message does.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Parameter { distribution, requirement: Requirement::BelowOne, .. } => {
                Some(format!("with a probability of 1 or more `{distribution}` never stops counting"))
            }
            Self::Parameter { distribution: "PERT", requirement: Requirement::Distinct, .. } => {
                Some("write the value itself where the minimum and the maximum are equal".to_owned())
            }
            Self::Parameter { requirement: Requirement::NotBelowLow, .. } => {
                Some("write the lower number first".to_owned())
            }
            Self::ArgumentCount { signature, .. } => Some(format!("write `{signature}`")),
            Self::PercentileShare { .. } => Some("write p99 as 0.99".to_owned()),
            Self::PercentileOrder { .. } => Some("a higher percentile cannot be a smaller value".to_owned()),
            Self::CellOrder { .. } => Some("sort the cells and merge those that overlap".to_owned()),
            _ => None,
        }
    }

    /// The error as a problem of a metric.
    #[must_use]
    pub fn to_problem(&self) -> Problem {
        let problem = Problem::new(ProblemKind::Sampling, self.code(), self.to_string());
        match self.help() {
            Some(help) => problem.with_help(help),
            None => problem,
        }
    }
}

/// Checks one parameter.
pub(crate) fn require(
    distribution: &'static str,
    parameter: &'static str,
    requirement: Requirement,
    found: f64,
) -> Result<f64, DistError> {
    if requirement.holds(found) {
        Ok(found)
    } else {
        Err(DistError::Parameter { distribution, parameter, requirement, found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_meets_no_requirement() {
        use Requirement::{
            BelowOne, Count, Distinct, Finite, GammaShape, NonZero, NotBelowLow, NotNegative, Number, Positive,
        };
        let all = [Finite, Number, NonZero, Positive, NotNegative, GammaShape, Count, BelowOne, Distinct, NotBelowLow];
        for requirement in all {
            assert!(!requirement.holds(f64::NAN), "{requirement:?}");
        }
    }

    #[test]
    fn a_message_names_the_call_the_parameter_and_what_was_found() {
        let error = require("binomial", "number of trials", Requirement::Count, 10.5).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`binomial` expected a whole number from 0 to 2^53 as its number of trials, found `10.5`"
        );
        assert_eq!(error.to_problem().code, "invalid-parameter");
    }
}
