//! How many values Guesstimate makes of a metric: a constant is one value, a list as many as it has, and what is
//! computed from lists alone as many as it takes until they repeat together.
//!
//! Only `--compat guesstimate` counts so. Otherwise every metric has all samples.

use super::compile::Compiled;
use crate::formula::Checked;
use crate::formula::functions::{self, FunctionInfo};

/// Words that make Guesstimate draw all samples of a formula, wherever they stand in its text.
const RANDOM_WORDS: [&str; 25] = [
    "pickRandom",
    "randomInt",
    "random",
    "beta",
    "centralF",
    "cauchy",
    "chisquare",
    "exponential",
    "invgamma",
    "lognormal",
    "normal",
    "studentt",
    "weibull",
    "uniform",
    "gamma",
    "triangular",
    "doubleTriangular",
    "PERT",
    "bernoulli",
    "if",
    "test",
    "binomial",
    "poisson",
    "negBinomial",
    "scenarios",
];

/// How many of the samples of a run belong to a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleCount {
    /// All of them.
    All,
    /// The first so many, or all if there are fewer.
    Exactly(u64),
}

impl SampleCount {
    /// The count in a run of `samples`.
    #[must_use]
    pub fn of(self, samples: u64) -> u64 {
        match self {
            Self::All => samples,
            Self::Exactly(count) => count.min(samples),
        }
    }

    /// Count of a formula, from those of its inputs.
    pub(super) fn of_formula(checked: &Checked, text: &str, compiled: &[Compiled], compat: bool) -> Self {
        // Functions that draw and that Guesstimate has not are random as well: words of its list are in few of their names.
        let draws = |name: &str| functions::find(name).is_some_and(FunctionInfo::draws);
        if !compat || RANDOM_WORDS.iter().any(|word| text.contains(word)) || checked.tree.calls(&draws) {
            return Self::All;
        }
        checked.inputs.iter().fold(Self::Exactly(1), |count, input| {
            let Compiled::Output { samples, .. } = &compiled[input.index()] else { return count };
            match (count, samples) {
                (Self::Exactly(a), Self::Exactly(b)) => {
                    (a / greatest_common_divisor(a, *b)).checked_mul(*b).map_or(Self::All, Self::Exactly)
                }
                _ => Self::All,
            }
        })
    }
}

const fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    if a > 0 { a } else { 1 }
}
