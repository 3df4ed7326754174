//! One distribution to be written: cells in order with their unit, whatever it comes from.

use crate::dist::{Cell, Empirical};
use crate::import::Measurement;
use crate::sim::MetricOutcome;
use crate::units::Unit;

/// A named distribution with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name of the metric or measurement.
    pub name: String,
    /// Unit of the values, if one is known.
    pub unit: Option<Unit>,
    cells: Vec<Cell>,
    infinite: u64,
}

impl Series {
    /// The recorded distribution of a metric; `None` when nothing was recorded.
    #[must_use]
    pub fn from_metric(metric: &MetricOutcome) -> Option<Self> {
        let recording = metric.recording.as_ref()?;
        let cells = recording.bins().map(|bin| Cell { low: bin.low, high: bin.high, weight: bin.count as f64 });
        Some(Self {
            name: metric.name.clone(),
            unit: metric.unit.clone(),
            cells: cells.collect(),
            infinite: recording.negative_infinite() + recording.positive_infinite(),
        })
    }

    /// An imported measurement.
    #[must_use]
    pub fn from_measurement(measurement: &Measurement) -> Self {
        let cells = match &measurement.data {
            Empirical::Histogram(cells) => cells.to_vec(),
            Empirical::Values(values) => {
                let mut sorted = values.to_vec();
                sorted.sort_by(f64::total_cmp);
                let runs = sorted.chunk_by(|a, b| a == b);
                runs.map(|run| Cell { low: run[0], high: run[0], weight: run.len() as f64 }).collect()
            }
        };
        Self { name: measurement.name.clone(), unit: measurement.unit.clone(), cells, infinite: 0 }
    }

    /// Cells in ascending order.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Samples that were infinite; no format holds them.
    #[must_use]
    pub fn infinite(&self) -> u64 {
        self.infinite
    }

    /// Whether there is no finite value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.total() <= 0.0
    }

    /// Sum of the weights.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.cells.iter().map(|cell| cell.weight).sum()
    }

    /// Values at `count` evenly spaced quantiles, `(i + 1/2) / count`, ascending; interpolated within cells.
    #[must_use]
    pub fn quantiles(&self, count: usize) -> Vec<f64> {
        let step = self.total() / count as f64;
        let mut values = Vec::with_capacity(count);
        let mut before = 0.0;
        let mut cells = self.cells.iter().filter(|cell| cell.weight > 0.0).peekable();
        while let Some(cell) = cells.next() {
            let last = cells.peek().is_none();
            let reached = before + cell.weight;
            while values.len() < count {
                let target = (values.len() as f64 + 0.5) * step;
                if target > reached && !last {
                    break;
                }
                let share = ((target - before) / cell.weight).clamp(0.0, 1.0);
                values.push(cell.low + share * (cell.high - cell.low));
            }
            before = reached;
        }
        values
    }

    /// The same values in another unit of time; as they are if the series is in none.
    pub(super) fn scaled_cells(&self, factor: f64) -> impl Iterator<Item = Cell> {
        self.cells.iter().map(move |cell| Cell { low: cell.low * factor, high: cell.high * factor, ..*cell })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(cells: &[(f64, f64, f64)]) -> Series {
        let cells = cells.iter().map(|&(low, high, weight)| Cell { low, high, weight }).collect();
        Series { name: "a".to_owned(), unit: None, cells, infinite: 0 }
    }

    #[test]
    fn quantiles_follow_the_weights() {
        let series = series(&[(1.0, 1.0, 2.0), (10.0, 20.0, 2.0)]);
        assert_eq!(series.quantiles(4), [1.0, 1.0, 12.5, 17.5]);
        assert_eq!(series.quantiles(1), [1.0]);
        assert_eq!(series.quantiles(1000).len(), 1000);
    }
}
