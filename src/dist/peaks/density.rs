//! The density of the logarithms of measured values on an even grid, plain and smoothed.

use crate::dist::empirical::{Cell, Empirical};
use crate::math::{exp, ln};

/// Steps of the grid.
pub(super) const STEPS: usize = 1024;

/// Weights that sum to less than this are probabilities.
const WEIGHTS_MIN: f64 = 20.0;

/// Values that probabilities stand for, to judge how many peaks they can support.
const COUNT_OF_PROBABILITIES: f64 = 1000.0;

/// Mass of the logarithms on an even grid.
#[derive(Debug, Clone)]
pub(super) struct LogDensity {
    /// Logarithm at the middle of the first step.
    pub(super) start: f64,
    /// Width of a step.
    pub(super) step: f64,
    /// Share of the values in each step; the sum is 1.
    pub(super) mass: Vec<f64>,
    /// Density smoothed with a normal kernel.
    pub(super) smoothed: Vec<f64>,
    /// Standard deviation of that kernel.
    pub(super) bandwidth: f64,
    /// Number of values, or what probabilities stand for.
    pub(super) count: f64,
    /// Share of the data that is not positive.
    pub(super) share_not_positive: f64,
}

impl LogDensity {
    /// Density of `data`; `None` if no positive value has weight.
    pub(super) fn of(data: &Empirical) -> Option<Self> {
        let mut points: Vec<Cell> = match data {
            Empirical::Values(values) => values.iter().map(|&v| Cell { low: v, high: v, weight: 1.0 }).collect(),
            Empirical::Histogram(cells) => cells.to_vec(),
        };
        let total: f64 = points.iter().map(|cell| cell.weight).sum();
        let are_probabilities = matches!(data, Empirical::Histogram(_)) && total < WEIGHTS_MIN;
        points.retain(|cell| cell.high > 0.0 && cell.high.is_finite() && cell.weight > 0.0);
        let positive: f64 = points.iter().map(|cell| cell.weight).sum();
        if positive <= 0.0 {
            return None;
        }
        points.sort_by(|a, b| a.low.total_cmp(&b.low));
        // A cell that reaches down to 0 has no logarithm at its lower end: it is taken as one octave.
        points.iter_mut().filter(|cell| cell.low <= 0.0).for_each(|cell| cell.low = cell.high / 2.0);
        let bandwidth = bandwidth(&points, positive);
        let low = points.iter().map(|cell| cell.low).fold(f64::INFINITY, f64::min);
        let high = points.iter().map(|cell| cell.high).fold(0.0, f64::max);
        let margin = 4.0 * bandwidth;
        let start = ln(low) - margin;
        let step = (ln(high) + margin - start) / (STEPS - 1) as f64;
        let mut density = Self {
            start,
            step,
            mass: vec![0.0; STEPS],
            smoothed: Vec::new(),
            bandwidth: bandwidth.max(2.0 * step),
            count: if are_probabilities { COUNT_OF_PROBABILITIES } else { positive },
            share_not_positive: (total - positive) / total,
        };
        for cell in &points {
            density.spread(cell, cell.weight / positive);
        }
        density.smoothed = density.smooth();
        Some(density)
    }

    /// Logarithm at the middle of a step.
    pub(super) fn position(&self, index: usize) -> f64 {
        self.start + self.step * index as f64
    }

    /// Adds `mass` evenly over a cell, in values rather than logarithms.
    fn spread(&mut self, cell: &Cell, mass: f64) {
        let at = |logarithm: f64| (logarithm - self.start) / self.step;
        let (low, high) = (at(ln(cell.low)), at(ln(cell.high)));
        if high - low < 1.0 {
            // Narrower than a step: shared between the two nearest middles, so that the mean stays where it is.
            let middle = (low / 2.0 + high / 2.0).clamp(0.0, (STEPS - 1) as f64);
            let index = (middle as usize).min(STEPS - 2);
            let share = middle - index as f64;
            self.mass[index] += mass * (1.0 - share);
            self.mass[index + 1] += mass * share;
            return;
        }
        let width = cell.high - cell.low;
        let (first, last) = ((low + 0.5) as usize, ((high + 0.5) as usize).min(STEPS - 1));
        let mut from = cell.low;
        for index in first..=last {
            let edge = exp(self.start + self.step * (index as f64 + 0.5));
            let to = if index == last { cell.high } else { edge.clamp(from, cell.high) };
            self.mass[index] += mass * (to - from) / width;
            from = to;
        }
    }

    /// Density smoothed with a normal kernel of four standard deviations each way.
    fn smooth(&self) -> Vec<f64> {
        let reach = ((4.0 * self.bandwidth / self.step) as usize).max(1);
        let kernel: Vec<f64> = (0..=reach)
            .map(|offset| {
                let z = offset as f64 * self.step / self.bandwidth;
                exp(-z * z / 2.0)
            })
            .collect();
        let norm = (kernel[0] + 2.0 * kernel[1..].iter().sum::<f64>()) * self.step;
        let mut smoothed = vec![0.0; STEPS];
        for (index, &mass) in self.mass.iter().enumerate().filter(|(_, mass)| **mass > 0.0) {
            for target in index.saturating_sub(reach)..=(index + reach).min(STEPS - 1) {
                smoothed[target] += mass * kernel[index.abs_diff(target)] / norm;
            }
        }
        smoothed
    }
}

/// Bandwidth of the smoothing: half of Silverman's, since several peaks are expected, and never narrower than the
/// resolution of the data.
fn bandwidth(points: &[Cell], total: f64) -> f64 {
    const NARROWEST: f64 = 1e-4;
    let middle = |cell: &Cell| ln(cell.low / 2.0 + cell.high / 2.0);
    let mean: f64 = points.iter().map(|cell| cell.weight * middle(cell)).sum::<f64>() / total;
    let variance: f64 = points.iter().map(|cell| cell.weight * (middle(cell) - mean).powi(2)).sum::<f64>() / total;
    let silverman = 0.45 * variance.sqrt() / crate::math::pow(total.max(1.0), 0.2);
    silverman.max(resolution(points, total)).max(NARROWEST)
}

/// Width in logarithms of the typical cell: its own, or for points the distance to the next one, if there are few
/// different ones that carry many values each.
fn resolution(points: &[Cell], total: f64) -> f64 {
    const VALUES_PER_POINT: f64 = 8.0;
    let own: f64 = points.iter().map(|cell| cell.weight * ln(cell.high / cell.low)).sum::<f64>() / total;
    let mut gaps: Vec<(f64, f64)> = points
        .windows(2)
        .filter(|pair| pair[1].low > pair[0].high)
        .map(|pair| (ln(pair[1].low / pair[0].high), pair[0].weight + pair[1].weight))
        .collect();
    if total < VALUES_PER_POINT * (gaps.len() + 1) as f64 {
        return own / 2.0;
    }
    gaps.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half: f64 = gaps.iter().map(|gap| gap.1).sum::<f64>() / 2.0;
    let mut reached = 0.0;
    let typical = gaps.iter().find(|gap| {
        reached += gap.1;
        reached >= half
    });
    (own / 2.0).max(typical.map_or(0.0, |gap| gap.0))
}
