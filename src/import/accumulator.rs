//! Values as they stream in: kept exactly while they are few, counted in log-linear cells once they are many.
//!
//! Memory is bounded by [`EXACT_COUNT_MAX`] values, whatever the length of the file.

use super::log_linear::LogLinear;
use super::measurement::Reading;
use crate::dist::Empirical;
use crate::problem::Warning;

/// Values of one distribution that are kept one by one; more are counted in cells of at most 0.05 %.
pub const EXACT_COUNT_MAX: usize = 1_000_000;

/// Collects the values of one distribution.
#[derive(Debug, Default)]
pub(crate) struct Accumulator {
    values: Vec<f64>,
    binned: Option<Box<LogLinear>>,
    count: u64,
    missing: u64,
}

impl Accumulator {
    /// Takes one finite value.
    #[inline]
    pub(crate) fn push(&mut self, value: f64) {
        debug_assert!(value.is_finite());
        self.count += 1;
        match &mut self.binned {
            Some(binned) => binned.add(value),
            None => {
                self.values.push(value);
                if self.values.len() > EXACT_COUNT_MAX {
                    self.start_binning();
                }
            }
        }
    }

    /// Takes note of a value that is marked as missing.
    pub(crate) fn push_missing(&mut self) {
        self.missing += 1;
    }

    /// Whether there was no value yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    #[cold]
    fn start_binning(&mut self) {
        let mut binned = Box::<LogLinear>::default();
        for value in std::mem::take(&mut self.values) {
            binned.add(value);
        }
        self.binned = Some(binned);
    }

    /// The distribution collected, with the notes and warnings that belong to it.
    pub(crate) fn into_reading(self) -> Reading {
        let mut notes = Vec::new();
        let data = match self.binned {
            None => Empirical::Values(self.values.into()),
            Some(binned) => {
                notes.push(format!("{} values counted in log-linear cells of at most 0.05 %", self.count));
                Empirical::Histogram(binned.cells().into())
            }
        };
        let mut reading = Reading::new(data, self.count);
        reading.notes = notes;
        if self.missing > 0 {
            let message = format!("{} entries have no value and are left out", self.missing);
            reading.warnings.push(Warning::new("missing-values", message));
        }
        reading
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_stay_in_the_order_measured() {
        let mut accumulator = Accumulator::default();
        for value in [3.0, 1.0, 2.0] {
            accumulator.push(value);
        }
        assert_eq!(accumulator.into_reading().data, Empirical::Values([3.0, 1.0, 2.0].into()));
    }

    #[test]
    fn many_values_become_cells_and_none_is_lost() {
        let mut accumulator = Accumulator::default();
        let count = EXACT_COUNT_MAX as u64 + 5;
        for i in 0..count {
            accumulator.push((i % 5000) as f64);
        }
        let reading = accumulator.into_reading();
        let Empirical::Histogram(cells) = &reading.data else { panic!("expected cells") };
        assert_eq!(cells.iter().map(|cell| cell.weight).sum::<f64>(), count as f64);
        assert_eq!(reading.count, count);
        assert_eq!(cells[1000].low, 1000.0);
        assert_eq!(reading.notes.len(), 1);
    }
}
