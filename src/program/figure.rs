//! Figures of samples that formulas ask for: `quantile(m, 0.99)`, `prob(m > 5)`, `expectation(m)`, `deviation(m)`.
//!
//! A figure is one number, known only when the samples of what it is a figure of have been drawn. So a program is
//! compiled more than once: each time the figures that are known stand in it as constants, and those that can be drawn
//! next are wanted of it. Until a figure is known, a value that differs from sample to sample stands in its place.

use super::schedule::Output;
use crate::formula::MetricIndex;

/// A figure of samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// The quantile at this level, in `[0, 1]`.
    Quantile(f64),
    /// The share of samples that are true.
    Share,
    /// The mean.
    Mean,
    /// The standard deviation, divisor N.
    Deviation,
}

/// Place of a figure in its formula: where the call begins, and which of the calls written out from there it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FigurePlace {
    /// First byte of the call.
    pub start: usize,
    /// How many times the call was written out before, in a function that is called more than once.
    pub occurrence: u32,
}

/// A figure that is not known and can be drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WantedFigure {
    /// Metric in whose formula it is.
    pub metric: MetricIndex,
    /// Place in that formula.
    pub place: FigurePlace,
    /// Samples that it is a figure of.
    pub output: Output,
    /// The figure.
    pub figure: Figure,
}

/// Whether a function of that name is a figure of samples.
#[must_use]
pub fn is_figure(name: &str) -> bool {
    matches!(name, "quantile" | "prob" | "expectation" | "deviation")
}
