//! Ranks of samples by their recorded cell, for rank correlations without sorting.

use crate::recorder::Recording;

/// Middle rank of each recorded cell, as a share of all samples.
pub(super) struct Ranks {
    highs: Vec<f64>,
    ranks: Vec<f64>,
    /// Share of the samples at minus infinity and below the last cell's end.
    ends: (f64, f64),
}

impl Ranks {
    /// Ranks of a recording.
    pub(super) fn of(recording: &Recording) -> Self {
        let count = recording.count().max(1) as f64;
        let mut before = recording.negative_infinite() as f64;
        let ends = (before / count / 2.0, 1.0 - recording.positive_infinite() as f64 / count / 2.0);
        let (mut highs, mut ranks) = (Vec::new(), Vec::new());
        for bin in recording.bins() {
            highs.push(bin.high);
            ranks.push((before + bin.count as f64 / 2.0) / count);
            before += bin.count as f64;
        }
        Self { highs, ranks, ends }
    }

    /// Rank of a sample, from -1/2 to 1/2; samples of one cell have one rank.
    pub(super) fn centred(&self, value: f64) -> f64 {
        let rank = if value == f64::NEG_INFINITY {
            self.ends.0
        } else {
            let at = self.highs.partition_point(|&high| high < value);
            self.ranks.get(at).copied().unwrap_or(self.ends.1)
        };
        rank - 0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::Bin;

    #[test]
    fn ranks_are_the_middle_of_their_cell() {
        let bins = vec![Bin { low: 1.0, high: 1.0, count: 2 }, Bin { low: 3.0, high: 4.0, count: 6 }];
        let ranks = Ranks::of(&Recording::from_bins(bins, 1, 1));
        let found = [f64::NEG_INFINITY, 1.0, 3.5, 4.0, f64::INFINITY].map(|value| ranks.centred(value));
        for (found, expected) in found.into_iter().zip([-0.45, -0.3, 0.1, 0.1, 0.45]) {
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
    }
}
