//! One metric's recorder in one thread: counts by cell, and tallies of what has no cell.

use super::counts::Counts;
use super::moments::Moments;
use crate::math::vectorised;

/// Counts one metric's samples, block by block.
///
/// The counts are integers, so recorders of several threads add up to the same totals in any order. The moments of
/// each block are handed back to the caller, who merges them in block order.
#[derive(Debug, Clone)]
pub struct Recorder {
    pub(crate) counts: Counts,
    pub(crate) filtered: u64,
    pub(crate) not_a_number: u64,
    pub(crate) negative_infinite: u64,
    pub(crate) positive_infinite: u64,
    /// Whether every finite sample so far was a whole number.
    pub(crate) integers: bool,
    finite: Vec<f64>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

impl Recorder {
    /// Recorder without samples.
    #[must_use]
    pub fn new() -> Self {
        Self {
            counts: Counts::default(),
            filtered: 0,
            not_a_number: 0,
            negative_infinite: 0,
            positive_infinite: 0,
            integers: true,
            finite: Vec::new(),
        }
    }

    /// Records a block of samples and returns the moments of the finite ones.
    ///
    /// # Numerics
    /// Infinite samples and samples that are not a number are tallied apart; they have no part in the moments.
    ///
    /// # Cost
    /// No allocation once the counts cover the values; one pass for the counts, two for the moments.
    pub fn record(&mut self, values: &[f64]) -> Moments {
        if let Some(moments) = Moments::of_block(values) {
            self.count(values);
            return moments;
        }
        self.record_some(values.iter().copied())
    }

    /// Records those samples of a block whose `keep` is not 0; the others were filtered.
    ///
    /// # Shape
    /// `values` and `keep` have equal length.
    pub fn record_kept(&mut self, values: &[f64], keep: &[f64]) -> Moments {
        let kept = values.iter().zip(keep).filter(|&(_, &keep)| keep != 0.0).map(|(&value, _)| value);
        let before = self.filtered;
        self.filtered += keep.iter().filter(|&&keep| keep == 0.0).count() as u64;
        if self.filtered == before { self.record(values) } else { self.record_some(kept) }
    }

    /// Records `count` samples that all equal `value`.
    pub fn record_constant(&mut self, value: f64, count: u64) -> Moments {
        if value.is_finite() {
            self.integers &= value == value.trunc();
            self.counts.record_many(value, count);
            return Moments::of_constant(value, count);
        }
        self.tally(value, count);
        Moments::EMPTY
    }

    /// Records that a filter took `count` samples.
    pub fn record_filtered(&mut self, count: u64) {
        self.filtered += count;
    }

    /// Bytes that the counts take, rare ones apart.
    pub(crate) fn count_bytes(&self) -> usize {
        self.counts.dense_bytes()
    }

    fn record_some(&mut self, values: impl Iterator<Item = f64>) -> Moments {
        let mut finite = std::mem::take(&mut self.finite);
        finite.clear();
        for value in values {
            if value.is_finite() {
                finite.push(value);
            } else {
                self.tally(value, 1);
            }
        }
        self.count(&finite);
        let moments = Moments::of_block(&finite).unwrap_or_else(|| Moments::of_each(&finite));
        self.finite = finite;
        moments
    }

    fn count(&mut self, values: &[f64]) {
        self.integers = self.integers && all_integers(values);
        self.counts.record(values);
    }

    fn tally(&mut self, value: f64, count: u64) {
        if value.is_nan() {
            self.not_a_number += count;
        } else if value < 0.0 {
            self.negative_infinite += count;
        } else {
            self.positive_infinite += count;
        }
    }
}

vectorised! {
    fn all_integers(values: &[f64]) -> bool {
        let fractions = values.iter().fold(0, |bits, &value| bits | (value.trunc().to_bits() ^ value.to_bits()));
        fractions == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finite_is_tallied_apart() {
        let mut recorder = Recorder::new();
        let moments = recorder.record(&[1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 3.0]);
        assert_eq!((moments.count, moments.mean), (2, 2.0));
        assert_eq!((recorder.not_a_number, recorder.negative_infinite, recorder.positive_infinite), (1, 1, 1));
    }

    #[test]
    fn filtered_samples_are_left_out_and_counted() {
        let mut recorder = Recorder::new();
        let moments = recorder.record_kept(&[1.0, 2.0, 3.5], &[1.0, 0.0, 1.0]);
        assert_eq!((moments.count, moments.max, recorder.filtered), (2, 3.5, 1));
        assert!(!recorder.integers);
    }

    #[test]
    fn a_constant_counts_as_often_as_told() {
        let mut recorder = Recorder::new();
        assert_eq!(recorder.record_constant(40.0, 1 << 40).count, 1 << 40);
        assert_eq!(recorder.record_constant(f64::INFINITY, 3), Moments::EMPTY);
        assert_eq!(recorder.positive_infinite, 3);
    }
}
