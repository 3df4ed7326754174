//! How far a model's prediction lies from what was measured: Kolmogorov-Smirnov distance, and quantile by quantile.
//!
//! It compares two distributions that others made; it neither simulates nor decides what is close enough.

use crate::dist::Empirical;
use crate::problem::Warning;
use crate::recorder::Recording;
use crate::units::quantile_label;

/// Measured values that must lie beyond a quantile for it to mean something.
const TAIL_COUNT_MIN: f64 = 10.0;

/// A quantile, measured and predicted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantilePair {
    /// The quantile, in `[0, 1]`.
    pub q: f64,
    /// Measured, in the model's unit; absent when nothing was measured.
    pub measured: Option<f64>,
    /// Predicted, in the model's unit; absent when nothing was predicted.
    pub predicted: Option<f64>,
}

impl QuantilePair {
    /// Predicted less measured, as a fraction of measured; absent where either is, or where measured is 0.
    #[must_use]
    pub fn relative_error(&self) -> Option<f64> {
        let (measured, predicted) = (self.measured?, self.predicted?);
        (measured != 0.0).then(|| (predicted - measured) / measured)
    }
}

/// How a prediction compares with a measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Verification {
    /// Values measured.
    pub requests: u64,
    /// Largest difference of the two distribution functions, in `[0, 1]`; absent when either side is empty.
    pub ks: Option<f64>,
    /// The quantiles asked for, in the order asked.
    pub quantiles: Vec<QuantilePair>,
    /// What the user should know: quantiles with too few requests behind them.
    pub warnings: Vec<Warning>,
}

/// One step of a distribution function: `weight` lies in `low..=high`.
#[derive(Clone, Copy)]
struct Step {
    low: f64,
    high: f64,
    weight: f64,
}

/// Compares a prediction with a measurement.
///
/// # Parameters
/// - `measured`: response times, in the model's unit.
/// - `predicted`: the recorded response metric of the model.
/// - `quantiles`: the quantiles to compare, each in `[0, 1]`.
///
/// # Numerics
/// A quantile is the smallest value that at least the fraction `q` lies at or below; within a cell of a histogram or a
/// recording it is its upper end, so predicted quantiles are high by at most the width of a cell (0.05 %). The
/// Kolmogorov-Smirnov distance is taken over the ends of the cells of both sides; within a cell nothing is told apart.
/// Ends of cells that differ by less than 0.05 % count as one, since a recording cannot tell more.
///
/// # Examples
/// ```
/// use tailcast::dist::Empirical;
/// use tailcast::infer::verify::compare;
/// use tailcast::recorder::{Bin, Recording};
///
/// let measured = Empirical::Values((1..=100).map(f64::from).collect());
/// let bins = (1..=100).map(|x| Bin { low: f64::from(x), high: f64::from(x), count: 7 }).collect();
/// let verification = compare(&measured, &Recording::from_bins(bins, 0, 0), &[0.5, 0.99]);
/// assert_eq!(verification.ks, Some(0.0));
/// assert_eq!(verification.quantiles[0].predicted, Some(50.0));
/// assert_eq!(verification.warnings.len(), 1); // one request beyond p99
/// ```
#[must_use]
pub fn compare(measured: &Empirical, predicted: &Recording, quantiles: &[f64]) -> Verification {
    let measured = measured_steps(measured);
    let predicted = predicted_steps(predicted);
    let total = |steps: &[Step]| steps.iter().map(|step| step.weight).sum::<f64>();
    let requests = total(&measured);
    let pairs = quantiles.iter().map(|&q| QuantilePair {
        q,
        measured: quantile(&measured, q),
        predicted: quantile(&predicted, q),
    });
    Verification {
        requests: requests as u64,
        ks: (requests > 0.0 && total(&predicted) > 0.0).then(|| distance(&measured, &predicted)),
        quantiles: pairs.collect(),
        warnings: quantiles.iter().filter_map(|&q| thin_tail(q, requests)).collect(),
    }
}

/// Warns of a quantile with too few measured values beyond it.
fn thin_tail(q: f64, requests: f64) -> Option<Warning> {
    let beyond = requests * (1.0 - q).min(q);
    if beyond >= TAIL_COUNT_MIN || q <= 0.0 || q >= 1.0 {
        return None;
    }
    let needed = (TAIL_COUNT_MIN / (1.0 - q).min(q)).ceil();
    let message = format!("expected at least {needed} requests for {}, found {requests}", quantile_label(q));
    Some(Warning::new("too-few-requests", message).with_help("measure more requests, or compare lower quantiles"))
}

/// Warns of quantiles that a model predicts from few of the requests measured, since it keeps a sample of them.
///
/// # Parameters
/// - `kept`: requests that the model holds, of `requests` measured.
/// - `quantiles`: the quantiles predicted, each in `[0, 1]`.
///
/// # Numerics
/// The requests are taken to be kept in equal shares on either side of a quantile; those of rare outcomes are kept in
/// larger ones.
#[must_use]
pub fn thin_model(kept: usize, requests: u64, quantiles: &[f64]) -> Option<Warning> {
    let kept_beyond = |q: f64| kept as f64 * (1.0 - q).min(q);
    let is_thin = |q: &f64| *q > 0.0 && *q < 1.0 && kept_beyond(*q) < TAIL_COUNT_MIN;
    let labels: Vec<String> = quantiles.iter().filter(|q| is_thin(q)).map(|q| quantile_label(*q)).collect();
    if labels.is_empty() || kept as u64 >= requests {
        return None;
    }
    let (labels, needed) = (labels.join(", "), TAIL_COUNT_MIN);
    let message = format!("the model keeps {kept} of {requests} requests, fewer than {needed} of them beyond {labels}");
    Some(Warning::new("few-requests-kept", message).with_help("keep more of each outcome: `--rows COUNT`"))
}

fn measured_steps(measured: &Empirical) -> Vec<Step> {
    match measured {
        Empirical::Values(values) => {
            let mut values: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            values.sort_unstable_by(f64::total_cmp);
            let equal = values.chunk_by(|left, right| left == right);
            equal.map(|equal| Step { low: equal[0], high: equal[0], weight: equal.len() as f64 }).collect()
        }
        Empirical::Histogram(cells) => {
            cells.iter().map(|cell| Step { low: cell.low, high: cell.high, weight: cell.weight }).collect()
        }
    }
}

fn predicted_steps(predicted: &Recording) -> Vec<Step> {
    let infinite = |value: f64, count: u64| Step { low: value, high: value, weight: count as f64 };
    let below = infinite(f64::NEG_INFINITY, predicted.negative_infinite());
    let above = infinite(f64::INFINITY, predicted.positive_infinite());
    let bins = predicted.bins().map(|bin| Step { low: bin.low, high: bin.high, weight: bin.count as f64 });
    std::iter::once(below).chain(bins).chain([above]).filter(|step| step.weight > 0.0).collect()
}

fn quantile(steps: &[Step], q: f64) -> Option<f64> {
    let total: f64 = steps.iter().map(|step| step.weight).sum();
    // The fraction is reached in spite of rounding: 0.07 * 100 is above 7.
    let needed = q * total * (1.0 - 4.0 * f64::EPSILON);
    let mut reached = 0.0;
    for step in steps {
        reached += step.weight;
        if reached >= needed {
            return Some(step.high);
        }
    }
    steps.last().map(|step| step.high)
}

/// Width of a recording's cell, as a fraction of its value.
const CELL_WIDTH: f64 = 5e-4;

/// Largest difference of the distribution functions after the ends of all steps.
fn distance(left: &[Step], right: &[Step]) -> f64 {
    let total = |steps: &[Step]| steps.iter().map(|step| step.weight).sum::<f64>();
    let (left_total, right_total) = (total(left), total(right));
    let (mut at_left, mut at_right, mut left_sum, mut right_sum) = (0, 0, 0.0, 0.0);
    let mut largest = 0.0_f64;
    while at_left < left.len() || at_right < right.len() {
        let end = |steps: &[Step], at: usize| steps.get(at).map_or(f64::INFINITY, |step| step.high);
        let value = end(left, at_left).min(end(right, at_right));
        // What shares a cell that is too narrow to tell values apart is taken in one step.
        let cell_end = |steps: &[Step], at: usize| {
            let cell = steps.get(at).filter(|step| step.low <= value && step.high <= value + value.abs() * CELL_WIDTH);
            cell.map_or(value, |cell| cell.high)
        };
        let bound = cell_end(left, at_left).max(cell_end(right, at_right));
        let take = |steps: &[Step], at: &mut usize, sum: &mut f64| {
            while let Some(step) = steps.get(*at).filter(|step| step.high <= bound) {
                *sum += step.weight;
                *at += 1;
            }
        };
        take(left, &mut at_left, &mut left_sum);
        take(right, &mut at_right, &mut right_sum);
        largest = largest.max((left_sum / left_total - right_sum / right_total).abs());
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::Cell;
    use crate::recorder::Bin;

    fn recording(bins: &[(f64, f64, u64)]) -> Recording {
        Recording::from_bins(bins.iter().map(|&(low, high, count)| Bin { low, high, count }).collect(), 0, 0)
    }

    #[test]
    fn distance_is_the_largest_gap_of_the_distribution_functions() {
        let measured = Empirical::Values([1.0, 2.0, 3.0, 4.0].into());
        let shifted = recording(&[(2.0, 2.0, 1), (3.0, 3.0, 1), (4.0, 4.0, 1), (5.0, 5.0, 1)]);
        assert_eq!(compare(&measured, &shifted, &[]).ks, Some(0.25));
        let apart = recording(&[(10.0, 10.0, 5)]);
        assert_eq!(compare(&measured, &apart, &[]).ks, Some(1.0));
    }

    #[test]
    fn a_recording_that_rounds_by_less_than_its_cells_is_at_distance_zero() {
        let measured = Empirical::Values([5000.25, 7000.5].into());
        let predicted = recording(&[(5000.0, 5002.0, 3), (7000.0, 7003.0, 3)]);
        assert_eq!(compare(&measured, &predicted, &[0.5]).ks, Some(0.0));
        let close = Empirical::Values([5000.25, 5001.5].into());
        assert_eq!(compare(&close, &recording(&[(5000.0, 5002.0, 6)]), &[]).ks, Some(0.0));
    }

    #[test]
    fn a_measured_histogram_is_compared_by_its_cells() {
        let cells = [Cell { low: 0.0, high: 1.0, weight: 30.0 }, Cell { low: 1.0, high: 2.0, weight: 10.0 }];
        let measured = Empirical::Histogram(cells.into());
        let predicted = recording(&[(0.5, 1.0, 2), (1.5, 2.0, 2)]);
        let verification = compare(&measured, &predicted, &[0.5]);
        assert_eq!((verification.requests, verification.ks), (40, Some(0.25)));
        assert_eq!(verification.quantiles[0].measured, Some(1.0));
    }

    #[test]
    fn nothing_on_either_side_is_absent_not_zero() {
        let nothing = Empirical::Values([].into());
        let verification = compare(&nothing, &recording(&[]), &[0.5]);
        assert_eq!(verification.ks, None);
        assert_eq!(verification.quantiles[0], QuantilePair { q: 0.5, measured: None, predicted: None });
        assert_eq!(verification.quantiles[0].relative_error(), None);
    }

    #[test]
    fn quantiles_that_rest_on_few_of_the_requests_kept_are_warned_of() {
        let warning = thin_model(4000, 722_299, &[0.0, 0.0001, 0.5, 0.99, 0.999, 1.0]).unwrap();
        let expected = "the model keeps 4000 of 722299 requests, fewer than 10 of them beyond p0.01, p99.9";
        assert_eq!((warning.code, &*warning.message), ("few-requests-kept", expected));
        assert_eq!(thin_model(10_000, 722_299, &[0.5, 0.999]), None);
        assert_eq!(thin_model(4000, 4000, &[0.9999]), None);
    }

    #[test]
    fn a_quantile_with_few_requests_beyond_it_is_warned_of() {
        let measured = Empirical::Values((0..628).map(f64::from).collect());
        let verification = compare(&measured, &recording(&[(1.0, 1.0, 1)]), &[0.95, 0.999]);
        assert_eq!(verification.warnings.len(), 1);
        assert_eq!(verification.warnings[0].message, "expected at least 10000 requests for p99.9, found 628");
    }
}
