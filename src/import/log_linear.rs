//! Log-linear counts of any finite values: what samples are kept as when there are too many to keep.
//!
//! A cell holds the doubles that share sign, exponent and the first 11 bits of the mantissa, so it spans at most
//! 1/2048 (0.0488 %) of its value, and integers up to 4096 are exact. The smallest and the largest value are kept.

use super::counts::PagedCounts;
use crate::dist::Cell;

/// Bits of a double that do not choose its cell.
const DROPPED_BITS: u32 = 41;

/// Counts of finite values in log-linear cells of at most 0.05 %.
#[derive(Debug, Clone)]
pub(crate) struct LogLinear {
    positive: PagedCounts,
    negative: PagedCounts,
    zero: u64,
    min: f64,
    max: f64,
    integers: bool,
}

impl Default for LogLinear {
    fn default() -> Self {
        Self {
            positive: PagedCounts::default(),
            negative: PagedCounts::default(),
            zero: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            integers: true,
        }
    }
}

impl LogLinear {
    /// Counts one finite value.
    #[inline]
    pub(crate) fn add(&mut self, value: f64) {
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        // Integers beyond 63 bits are taken for fractions, which only leaves the ends of their cells as they are.
        self.integers &= value as i64 as f64 == value;
        let index = (value.abs().to_bits() >> DROPPED_BITS) as usize;
        if value > 0.0 {
            self.positive.add(index, 1);
        } else if value < 0.0 {
            self.negative.add(index, 1);
        } else {
            self.zero += 1;
        }
    }

    /// The cells with a count, in ascending order. If all values are integers, the ends of a cell are the least and the
    /// greatest integer in it.
    pub(crate) fn cells(&self) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (index, count) in self.negative.iter().rev() {
            let (low, high) = self.ends(index);
            cells.push(Cell { low: -high, high: -low, weight: count as f64 });
        }
        if self.zero > 0 {
            cells.push(Cell { low: 0.0, high: 0.0, weight: self.zero as f64 });
        }
        for (index, count) in self.positive.iter() {
            let (low, high) = self.ends(index);
            cells.push(Cell { low, high, weight: count as f64 });
        }
        if let Some(first) = cells.first_mut() {
            first.low = self.min;
        }
        if let Some(last) = cells.last_mut() {
            last.high = self.max;
        }
        cells
    }

    fn ends(&self, index: usize) -> (f64, f64) {
        let (low, high) = ends_of_index(index as u64);
        if self.integers { (low.ceil(), high.floor()) } else { (low, high) }
    }
}

/// The log-linear cells of `values`, which are finite.
pub(crate) fn cells_of(values: &[f64]) -> Vec<Cell> {
    let mut counts = LogLinear::default();
    values.iter().for_each(|&value| counts.add(value));
    counts.cells()
}

/// Smallest and largest value of the log-linear cell that holds the positive finite `value`.
pub(crate) fn cell_around(value: f64) -> (f64, f64) {
    ends_of_index(value.to_bits() >> DROPPED_BITS)
}

fn ends_of_index(index: u64) -> (f64, f64) {
    (f64::from_bits(index << DROPPED_BITS), f64::from_bits(((index + 1) << DROPPED_BITS) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_span_at_most_a_twentieth_of_a_percent() {
        for value in [1e-300, 0.037, 1.0, 4097.0, 123_456_789.0, 1e300] {
            let (low, high) = cell_around(value);
            assert!(low <= value && value <= high);
            assert!((high - low) / low <= 0.0005, "{value}: {low}..{high}");
        }
    }

    #[test]
    fn small_integers_are_exact_and_extremes_are_kept() {
        let mut counts = LogLinear::default();
        for value in [-3.0, 0.0, 7.0, 7.0, 4095.0, 1_000_003.0] {
            counts.add(value);
        }
        let cells = counts.cells();
        let ends: Vec<(f64, f64, f64)> = cells.iter().map(|cell| (cell.low, cell.high, cell.weight)).collect();
        assert_eq!(ends[..4], [(-3.0, -3.0, 1.0), (0.0, 0.0, 1.0), (7.0, 7.0, 2.0), (4095.0, 4095.0, 1.0)]);
        assert!(cells[4].low <= 1_000_003.0);
        assert_eq!(cells[4].high, 1_000_003.0);
    }

    #[test]
    fn fractions_keep_the_whole_cell() {
        let mut counts = LogLinear::default();
        for value in [0.25, 100.5, 100.51, 900.125] {
            counts.add(value);
        }
        let cells = counts.cells();
        assert_eq!(cells.len(), 3);
        assert!(cells[1].low <= 100.5 && cells[1].high >= 100.51 && cells[1].weight == 2.0);
    }
}
