//! A distribution from its quantiles: what is left when a tool printed percentiles and kept nothing else.
//!
//! Between two quantiles the values are spread evenly. That is lossy, and whoever calls this says so.

use super::cells;
use crate::dist::{Cell, Empirical};

/// Histogram through `points`, quantiles `q` in `[0, 1]` with their values, both ascending.
///
/// The weights sum to `count`. Below the first quantile values are spread from `floor`; above the last they are put at
/// its value. The share above the last quantile is the second result.
pub(super) fn histogram(points: &[(f64, f64)], floor: f64, count: f64) -> (Empirical, f64) {
    let mut cells = Vec::with_capacity(points.len() + 1);
    let (mut low, mut reached) = (floor, 0.0);
    for &(q, value) in points {
        cells.push(Cell { low: low.min(value), high: value, weight: (q - reached).max(0.0) * count });
        (low, reached) = (value, q);
    }
    let beyond = (1.0 - reached).max(0.0);
    cells.push(Cell { low, high: low, weight: beyond * count });
    (cells::histogram(cells), beyond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_the_steps_between_quantiles() {
        let (data, beyond) = histogram(&[(0.5, 10.0), (0.9, 10.0), (0.99, 40.0)], 0.0, 1000.0);
        let Empirical::Histogram(cells) = data else { panic!("expected cells") };
        let ends: Vec<(f64, f64)> = cells.iter().map(|cell| (cell.low, cell.high)).collect();
        assert_eq!(ends, [(0.0, 10.0), (10.0, 10.0), (10.0, 40.0), (40.0, 40.0)]);
        assert!((cells::total(&cells) - 1000.0).abs() < 1e-9);
        assert!((beyond - 0.01).abs() < 1e-12);
    }
}
