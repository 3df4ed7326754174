//! Measured distributions: a list of values, or a histogram of weighted cells, drawn from independently.
//!
//! A histogram stays a histogram: drawing picks a cell by weight and interpolates uniformly within it; nothing is
//! exploded into samples.

use std::sync::Arc;

/// One cell of a measured histogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Lower end, in the unit of the measurement; finite.
    pub low: f64,
    /// Upper end, `low <= high`, finite. Equal ends hold one exact value (a point mass).
    pub high: f64,
    /// How much lies here: a count or a probability; finite, not negative.
    pub weight: f64,
}

/// A measured distribution.
#[derive(Debug, Clone, PartialEq)]
pub enum Empirical {
    /// Equally likely values, in the order measured.
    Values(Arc<[f64]>),
    /// Weighted cells in ascending order that do not overlap.
    Histogram(Arc<[Cell]>),
}
