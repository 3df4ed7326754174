//! A histogram as a list of values, for a form that has only lists.

use crate::dist::Cell;

/// Most values that a histogram becomes, the number that Guesstimate's editor takes.
pub const WIRE_VALUES_MAX: usize = 10_000;

/// `count` evenly spaced quantiles of a histogram, at (i + 1/2)/count; values lie evenly within a cell.
///
/// # Numerics
/// The mean differs from that of the histogram by less than half the largest step between values.
pub(super) fn quantiles(cells: &[Cell], count: usize) -> Vec<f64> {
    let total: f64 = cells.iter().map(|cell| cell.weight).sum();
    let mut weighted = cells.iter().filter(|cell| cell.weight > 0.0);
    let Some(mut cell) = weighted.next() else { return Vec::new() };
    let mut below = 0.0;
    let mut values = Vec::with_capacity(count);
    let mut level = 0.5;
    for _ in 0..count {
        let wanted = level / count as f64 * total;
        while wanted > below + cell.weight {
            let Some(next) = weighted.next() else { break };
            below += cell.weight;
            cell = next;
        }
        let within = ((wanted - below) / cell.weight).clamp(0.0, 1.0);
        values.push(cell.low + (cell.high - cell.low) * within);
        level += 1.0;
    }
    values
}

/// How many values tell a histogram: its weight where these are counts, at most [`WIRE_VALUES_MAX`].
pub(super) fn quantile_count(cells: &[Cell]) -> usize {
    let total: f64 = cells.iter().map(|cell| cell.weight).sum();
    let are_counts = cells.iter().all(|cell| cell.weight.fract() == 0.0);
    let is_few = total < WIRE_VALUES_MAX as f64;
    if are_counts && is_few { total as usize } else { WIRE_VALUES_MAX }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_keep_the_shares_of_cells() {
        let cell = |low, high, weight| Cell { low, high, weight };
        let cells = [cell(0.0, 10.0, 5.0), cell(10.0, 10.0, 0.0), cell(10.0, 20.0, 7.0), cell(30.0, 30.0, 8.0)];
        assert_eq!(quantile_count(&cells), 20);
        let values = quantiles(&cells, 20);
        let share = |low, high| values.iter().filter(|value| (low..high).contains(*value)).count();
        assert_eq!((share(0.0, 10.0), share(10.0, 20.0), share(30.0, 31.0)), (5, 7, 8));
        assert_eq!(values[0], 1.0);
        assert!(quantiles(&[], 5).is_empty());
    }
}
