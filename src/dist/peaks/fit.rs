//! How well a mixture describes the data it was made from.

use super::mixture::Mixture;
use crate::dist::empirical::{Cell, Empirical};

/// Distances between a mixture and the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Kolmogorov-Smirnov distance: the largest difference between the two distribution functions, over the positive
    /// values. Within a cell of a histogram nothing is known, so only its ends count.
    pub ks: f64,
    /// The two distributions at each quantile asked for.
    pub quantiles: Vec<QuantileFit>,
}

/// Data and mixture at one quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileFit {
    /// The quantile, in `(0, 1)`.
    pub q: f64,
    /// Value of the data, in their unit.
    pub measured: f64,
    /// Value of the mixture.
    pub fitted: f64,
    /// `fitted / measured - 1`.
    pub relative_error: f64,
}

/// Compares `mixture` with the positive part of `data`.
pub(super) fn judge(data: &Empirical, mixture: &Mixture, quantiles: &[f64]) -> Fit {
    let cells = positive_cells(data);
    let total: f64 = cells.iter().map(|cell| cell.weight).sum();
    let (mut reached, mut ks) = (0.0, 0.0f64);
    for cell in &cells {
        ks = ks.max((mixture.cdf(cell.low) - reached / total).abs());
        reached += cell.weight;
        ks = ks.max((mixture.cdf(cell.high) - reached / total).abs());
    }
    let quantiles = quantiles.iter().map(|&q| {
        let (measured, fitted) = (quantile(&cells, q * total), mixture.quantile(q));
        QuantileFit { q, measured, fitted, relative_error: fitted / measured - 1.0 }
    });
    Fit { ks, quantiles: quantiles.collect() }
}

/// The data with a positive value as cells in order; equal values are one cell.
fn positive_cells(data: &Empirical) -> Vec<Cell> {
    match data {
        Empirical::Histogram(cells) => {
            cells.iter().copied().filter(|cell| cell.high > 0.0 && cell.weight > 0.0).collect()
        }
        Empirical::Values(values) => {
            let mut sorted: Vec<f64> = values.iter().copied().filter(|value| *value > 0.0).collect();
            sorted.sort_by(f64::total_cmp);
            let runs = sorted.chunk_by(|a, b| a == b);
            runs.map(|run| Cell { low: run[0], high: run[0], weight: run.len() as f64 }).collect()
        }
    }
}

/// Value at which `target` of the weight is reached, interpolated within its cell.
fn quantile(cells: &[Cell], target: f64) -> f64 {
    let mut reached = 0.0;
    for cell in cells {
        if reached + cell.weight >= target {
            return cell.low + (target - reached) / cell.weight * (cell.high - cell.low);
        }
        reached += cell.weight;
    }
    cells.last().map_or(f64::NAN, |cell| cell.high)
}
