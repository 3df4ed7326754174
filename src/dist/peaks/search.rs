//! Finds peaks one by one: the highest point of the density, a normal curve through it, and the rest without it.

use super::density::LogDensity;
use super::mixture::Peak;
use crate::math::exp;

/// Half the width at half the height of a normal curve, in standard deviations: `sqrt(2 ln 2)`.
const HALF_WIDTH: f64 = 1.177_410_022_515_474_7;

/// Square root of 2 pi.
const SQRT_TAU: f64 = 2.506_628_274_631_000_5;

/// Rounds for each peak wanted, at most: some find a peak that is too small.
const ROUNDS_PER_PEAK: usize = 4;

/// Peaks of `density` with at least the smallest share, highest first; at least one.
pub(super) fn peaks(density: &LogDensity, peaks_max: usize, share_min: f64) -> Vec<Peak> {
    let mut rest = density.smoothed.clone();
    let mut found: Vec<Peak> = Vec::new();
    for _ in 0..ROUNDS_PER_PEAK * peaks_max {
        if found.len() >= peaks_max {
            break;
        }
        let highest = (0..rest.len()).max_by(|&a, &b| rest[a].total_cmp(&rest[b]).then(b.cmp(&a)));
        let Some(top) = highest.filter(|&top| rest[top] > 0.0) else { break };
        let width = standard_deviation(&rest, top) * density.step;
        let share = rest[top] * width * SQRT_TAU;
        let (mu, height) = (density.position(top), rest[top]);
        // What smoothing added to the width is taken off again, but not all of a width that is mostly smoothing.
        let sigma = (width * width - density.bandwidth * density.bandwidth).max(width * width / 16.0).sqrt();
        // A peak that is too small is taken away all the same: a wider one may hide behind it.
        if share >= share_min || found.is_empty() {
            found.push(Peak { share, mu, sigma });
        }
        for (index, value) in rest.iter_mut().enumerate() {
            let z = (density.position(index) - mu) / width;
            *value = (*value - height * exp(-z * z / 2.0)).max(0.0);
        }
        // The very top may stay above 0 by rounding, and must not be found again.
        rest[top] = 0.0;
    }
    found
}

/// Standard deviation, in steps, of the normal curve with the half width on the narrower side of `top`.
fn standard_deviation(density: &[f64], top: usize) -> f64 {
    let half = density[top] / 2.0;
    let reach = |indices: &mut dyn Iterator<Item = usize>| {
        let mut before = (top, density[top]);
        for index in indices {
            let value = density[index];
            if value <= half {
                // Between two steps the density is taken as a line.
                let part = (before.1 - half) / (before.1 - value);
                return Some(before.0.abs_diff(top) as f64 + part);
            }
            before = (index, value);
        }
        None
    };
    let left = reach(&mut (0..top).rev());
    let right = reach(&mut (top + 1..density.len()));
    let width = match (left, right) {
        (Some(left), Some(right)) => left.min(right),
        (one, other) => one.or(other).unwrap_or(density.len() as f64 / 2.0),
    };
    width.max(0.5) / HALF_WIDTH
}
