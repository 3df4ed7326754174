//! A finished recording of one metric: the distribution as cells, its extremes and counts.

use super::summary::Bin;

/// The recorded distribution of one metric: counts in log-linear cells, smallest first, and what fell outside.
///
/// Each cell spans at most 0.05 % of its value; cells of integer-valued metrics up to 2048 hold one value exactly.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recording {
    bins: Vec<Bin>,
    below: u64,
    above: u64,
}

impl Recording {
    /// Recording from ascending cells that do not overlap, and the counts of samples at minus and plus infinity.
    #[must_use]
    pub fn from_bins(bins: Vec<Bin>, below: u64, above: u64) -> Self {
        Self { bins, below, above }
    }

    /// Cells with at least one sample, in ascending order.
    #[must_use]
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// Samples at minus infinity.
    #[must_use]
    pub fn negative_infinite(&self) -> u64 {
        self.below
    }

    /// Samples at plus infinity.
    #[must_use]
    pub fn positive_infinite(&self) -> u64 {
        self.above
    }

    /// Samples recorded, infinite ones included.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.below + self.above + self.bins.iter().map(|bin| bin.count).sum::<u64>()
    }
}
