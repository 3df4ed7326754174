//! Fits all peaks together by expectation maximisation, and drops those that the data do not need.

use super::density::LogDensity;
use super::mixture::{Mixture, Peak};
use crate::math::{exp, ln};

/// Rounds of the last fit, at most.
const ROUNDS_MAX: u32 = 500;

/// Rounds of a fit that only decides whether a peak is needed, at most.
const TRIAL_ROUNDS_MAX: u32 = 100;

/// Gain in mean log-likelihood below which a fit is done.
const GAIN_MIN: f64 = 1e-9;

/// Values that count in deciding on the number of peaks, at most: with more, the criterion would spend peaks on
/// differences of a fraction of a percent.
const COUNT_MAX: f64 = 20_000.0;

/// Smallest density, in place of 0, so that a value far from every peak has a logarithm.
const DENSITY_MIN: f64 = 1e-300;

/// The mixture that starts from `peaks` and has no more of them than the data need.
pub(super) fn select(density: &LogDensity, peaks: Vec<Peak>, share_min: f64) -> Mixture {
    let mut best = fit(density, peaks, TRIAL_ROUNDS_MAX);
    while best.peaks.len() > 1 {
        let smallest = best.peaks.iter().map(|peak| peak.share).fold(f64::INFINITY, f64::min);
        let trials = (0..best.peaks.len()).map(|dropped| {
            let mut peaks = best.peaks.clone();
            peaks.remove(dropped);
            fit(density, peaks, TRIAL_ROUNDS_MAX)
        });
        let trial = trials.min_by(|a, b| a.criterion(density).total_cmp(&b.criterion(density)));
        let Some(trial) =
            trial.filter(|trial| trial.criterion(density) <= best.criterion(density) || smallest < share_min)
        else {
            break;
        };
        best = trial;
    }
    Mixture::new(fit(density, best.peaks, ROUNDS_MAX).peaks)
}

/// Peaks fitted together.
struct Fitted {
    peaks: Vec<Peak>,
    /// Mean logarithm of the density at the values.
    log_likelihood: f64,
}

impl Fitted {
    /// Bayes' information criterion: three parameters a peak, and the shares sum to 1.
    fn criterion(&self, density: &LogDensity) -> f64 {
        let count = density.count.min(COUNT_MAX);
        (3 * self.peaks.len() - 1) as f64 * ln(count) - 2.0 * count * self.log_likelihood
    }
}

fn fit(density: &LogDensity, mut peaks: Vec<Peak>, rounds_max: u32) -> Fitted {
    let total: f64 = peaks.iter().map(|peak| peak.share).sum();
    peaks.iter_mut().for_each(|peak| peak.share /= total);
    let occupied: Vec<(f64, f64)> = (0..density.mass.len())
        .filter(|&index| density.mass[index] > 0.0)
        .map(|index| (density.position(index), density.mass[index]))
        .collect();
    let sigma_min = density.step.max(density.bandwidth / 8.0);
    let mut before = f64::NEG_INFINITY;
    for _ in 0..rounds_max {
        let log_likelihood = round(&occupied, &mut peaks, sigma_min);
        let gain = log_likelihood - before;
        before = log_likelihood;
        if gain.abs() < GAIN_MIN {
            break;
        }
    }
    Fitted { peaks, log_likelihood: before }
}

/// One round: shares each value among the peaks, then gives each peak the moments of its part. Returns the mean
/// log-likelihood before the round.
fn round(values: &[(f64, f64)], peaks: &mut [Peak], sigma_min: f64) -> f64 {
    const SQRT_TAU: f64 = 2.506_628_274_631_000_5;
    let mut sums = vec![(0.0, 0.0, 0.0); peaks.len()];
    let mut parts = vec![0.0; peaks.len()];
    let mut log_likelihood = 0.0;
    for &(x, mass) in values {
        let mut all = 0.0;
        for (part, peak) in parts.iter_mut().zip(peaks.iter()) {
            let z = (x - peak.mu) / peak.sigma;
            *part = peak.share * exp(-z * z / 2.0) / (peak.sigma * SQRT_TAU);
            all += *part;
        }
        log_likelihood += mass * ln(all.max(DENSITY_MIN));
        if all < DENSITY_MIN {
            continue;
        }
        for ((part, sum), peak) in parts.iter().zip(&mut sums).zip(peaks.iter()) {
            let weight = mass * part / all;
            let distance = x - peak.mu;
            sum.0 += weight;
            sum.1 += weight * distance;
            sum.2 += weight * distance * distance;
        }
    }
    for (peak, (weight, first, second)) in peaks.iter_mut().zip(sums) {
        peak.share = weight.max(DENSITY_MIN);
        if weight > DENSITY_MIN {
            let shift = first / weight;
            peak.mu += shift;
            peak.sigma = (second / weight - shift * shift).max(0.0).sqrt().max(sigma_min);
        }
    }
    log_likelihood
}
