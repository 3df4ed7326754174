//! Histograms as lists of cells: put in order, asked for a quantile, corrected for coordinated omission.
//!
//! Nothing here turns a histogram into samples: weights stay weights.

use super::log_linear;
use crate::dist::{Cell, Empirical};
use std::collections::BTreeMap;

/// Steps that one correction may take; a correction that needs more has an interval far below the values.
pub(crate) const CORRECTION_STEPS_MAX: u64 = 200_000_000;

/// Histogram of `cells` in any order. Cells without weight are dropped; cells that overlap become one.
pub(crate) fn histogram(mut cells: Vec<Cell>) -> Empirical {
    cells.retain(|cell| cell.weight > 0.0);
    cells.sort_by(|a, b| a.low.total_cmp(&b.low).then(a.high.total_cmp(&b.high)));
    let mut joined: Vec<Cell> = Vec::with_capacity(cells.len());
    for cell in cells {
        match joined.last_mut() {
            Some(last) if cell.low < last.high || (cell.low, cell.high) == (last.low, last.high) => {
                last.high = last.high.max(cell.high);
                last.weight += cell.weight;
            }
            _ => joined.push(cell),
        }
    }
    Empirical::Histogram(joined.into())
}

/// Sum of the weights.
pub(crate) fn total(cells: &[Cell]) -> f64 {
    cells.iter().map(|cell| cell.weight).sum()
}

/// Index of the cell in which the quantile `q` of `cells` lies; `None` without cells.
pub(crate) fn quantile_cell(cells: &[Cell], q: f64) -> Option<usize> {
    let target = q * total(cells);
    let mut reached = 0.0;
    for (index, cell) in cells.iter().enumerate() {
        reached += cell.weight;
        if reached >= target {
            return Some(index);
        }
    }
    cells.len().checked_sub(1)
}

/// Mean, with the weight of a cell at its middle; `None` without weight.
pub(crate) fn mean(cells: &[Cell]) -> Option<f64> {
    let total = total(cells);
    let sum: f64 = cells.iter().map(|cell| (cell.low / 2.0 + cell.high / 2.0) * cell.weight).sum();
    (total > 0.0).then(|| sum / total)
}

/// Cells after a correction, and the weight that it added.
#[derive(Debug, PartialEq)]
pub(crate) struct Corrected {
    pub(crate) data: Empirical,
    pub(crate) added: f64,
}

/// Adds, for each value `v` above `interval`, the values `v - interval`, `v - 2 interval`, ... down to `interval`: the
/// requests that were not sent while one took too long.
///
/// The value of a cell is its upper end. `locate` names the cell that holds a value. `None` if that takes more than
/// `steps_max` steps, usually [`CORRECTION_STEPS_MAX`]. All that fall into one cell are added in one step.
///
/// # Source
/// HdrHistogram, `copyCorrectedForCoordinatedOmission`; the formula is that of `recordValueWithExpectedInterval`.
pub(crate) fn correct(
    cells: &[Cell],
    interval: f64,
    steps_max: u64,
    locate: impl Fn(f64) -> (f64, f64),
) -> Option<Corrected> {
    let mut added: BTreeMap<u64, Cell> = BTreeMap::new();
    let mut added_weight = 0.0;
    let mut steps = 0u64;
    for cell in cells {
        let mut value = cell.high - interval;
        while value >= interval {
            steps += 1;
            if steps > steps_max {
                return None;
            }
            let (low, high) = locate(value);
            let in_cell = ((value - low) / interval).floor() + 1.0;
            let repeats = in_cell.min((value / interval).floor()).max(1.0);
            let weight = cell.weight * repeats;
            added_weight += weight;
            // Values are positive, and so is the upper end of their cell: its bits are in the order of the numbers.
            added.entry(high.to_bits()).or_insert(Cell { low, high, weight: 0.0 }).weight += weight;
            value -= repeats * interval;
        }
    }
    let all = cells.iter().copied().chain(added.into_values()).collect();
    Some(Corrected { data: histogram(all), added: added_weight })
}

/// The cell of `cells` (in order) that holds the positive `value`, or else a log-linear cell that fits into the gap.
pub(crate) fn locate(cells: &[Cell], value: f64) -> (f64, f64) {
    let after = cells.partition_point(|cell| cell.high < value);
    let next = cells.get(after);
    if let Some(cell) = next.filter(|cell| cell.low <= value) {
        return (cell.low, cell.high);
    }
    let (mut low, mut high) = log_linear::cell_around(value);
    if let Some(before) = after.checked_sub(1) {
        low = low.max(cells[before].high);
    }
    if let Some(next) = next {
        high = high.min(next.low);
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(low: f64, high: f64, weight: f64) -> Cell {
        Cell { low, high, weight }
    }

    #[test]
    fn cells_are_put_in_order_and_overlaps_joined() {
        let data = histogram(vec![cell(4.0, 6.0, 1.0), cell(0.0, 2.0, 1.0), cell(1.0, 1.0, 2.0), cell(2.0, 2.0, 0.0)]);
        assert_eq!(data, Empirical::Histogram([cell(0.0, 2.0, 3.0), cell(4.0, 6.0, 1.0)].into()));
        let points = histogram(vec![cell(1.0, 1.0, 2.0), cell(1.0, 1.0, 3.0), cell(1.0, 4.0, 1.0)]);
        assert_eq!(points, Empirical::Histogram([cell(1.0, 1.0, 5.0), cell(1.0, 4.0, 1.0)].into()));
    }

    #[test]
    fn correction_adds_what_the_reference_implementation_adds() {
        let mut reference = hdrhistogram::Histogram::<u64>::new(3).unwrap();
        for (value, count) in [(3u64, 5u64), (20, 1), (47, 2), (1_000_000, 3)] {
            reference.record_n(value, count).unwrap();
        }
        let layout = super::super::layout::Layout::new(1, 3).unwrap();
        let cells: Vec<Cell> = reference
            .iter_recorded()
            .map(|v| {
                let (low, high) = layout.cell_around(v.value_iterated_to() as f64);
                cell(low, high, v.count_at_value() as f64)
            })
            .collect();
        let corrected = correct(&cells, 10.0, 100_000, |value| layout.cell_around(value)).unwrap();
        let expected = reference.clone_correct(10);
        let Empirical::Histogram(ours) = &corrected.data else { panic!("expected cells") };
        for value in expected.iter_recorded() {
            let at = ours.iter().find(|cell| cell.high == value.value_iterated_to() as f64);
            assert_eq!(
                at.map(|cell| cell.weight),
                Some(value.count_at_value() as f64),
                "{}",
                value.value_iterated_to()
            );
        }
        assert_eq!(total(ours), expected.len() as f64);
        assert_eq!(corrected.added, expected.len() as f64 - reference.len() as f64);
    }

    #[test]
    fn correction_of_a_hostile_histogram_stops() {
        let cells: Vec<Cell> = (1..5000).map(|i| cell(1e15 + f64::from(i), 1e15 + f64::from(i), 1.0)).collect();
        assert_eq!(correct(&cells, 1e-3, 100_000, |value| locate(&cells, value)), None);
    }

    #[test]
    fn a_value_in_a_gap_gets_a_cell_that_fits_there() {
        let cells = [cell(0.0, 99.99, 1.0), cell(100.02, 200.0, 1.0)];
        assert_eq!(locate(&cells, 150.0), (100.02, 200.0));
        let (low, high) = locate(&cells, 100.0);
        assert!(low >= 99.99 && high <= 100.02 && low <= 100.0 && high >= 100.0);
    }
}
