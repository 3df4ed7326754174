//! The distribution of a computed metric, recorded when it is first asked for: the quantile function of what has none in
//! closed form.
//!
//! The part of the program that computes the metric is run by itself, always with the same seed, so that the recorded
//! distribution belongs to the model and to no run. Nothing is recorded while a model is only checked or explained.

use std::sync::OnceLock;

use super::evaluator::Evaluator;
use super::program::Program;
use crate::math;
use crate::math::special::{inverse_incomplete_beta, inverse_incomplete_beta_upper, ln_beta};
use crate::rng::BLOCK_LEN;

/// Samples recorded.
pub(super) const RECORDED_SAMPLES: usize = 1 << 22;

/// Most copies of a recorded metric that the slowest or fastest is wanted of: its median then rests on some 7 samples, and
/// beyond there is no answer. That fewer copies rest on few samples is said by a warning.
pub(super) const COPIES_MAX: f64 = 400_000.0;

/// An order statistic of copies of a recorded metric, as it stands in a formula.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordedUse {
    /// Function that asks for it.
    pub function: &'static str,
    /// Which of the copies, counted from the fastest, and how many there are; `None` where that differs from sample to
    /// sample.
    pub rank: Option<(f64, f64)>,
}

impl RecordedUse {
    /// Samples that the distribution of one copy is recorded from.
    pub const SAMPLES: usize = RECORDED_SAMPLES;

    /// Standard error, from the recording alone, of the share of this order statistic's values at or below what is taken
    /// for its quantile `q`.
    ///
    /// With `p` the share of one copy there, `I_p(k, n + 1 - k) = q`, it is the density of that beta distribution at `p`
    /// times the standard error `sqrt(p (1 - p) / 4194304)` of `p`. `None` where `rank` is.
    ///
    /// # Source
    /// The distribution of order statistics: David and Nagaraja, "Order statistics", 3rd ed., 2003, section 2.1; the error
    /// by the delta method.
    #[must_use]
    pub fn share_error(&self, q: f64) -> Option<f64> {
        let (k, n) = self.rank?;
        let above = n + 1.0 - k;
        // From the end that p is nearer to, so that its complement keeps its digits.
        let (p, rest) = if k >= above {
            let rest = inverse_incomplete_beta_upper(above, k, q);
            (1.0 - rest, rest)
        } else {
            let p = inverse_incomplete_beta(k, above, q);
            (p, 1.0 - p)
        };
        let log_density = (k - 1.0).mul_add(math::ln(p), (above - 1.0) * math::ln(rest)) - ln_beta(k, above);
        Some(math::exp(log_density) * (p * rest / RECORDED_SAMPLES as f64).sqrt())
    }
}

/// Most recordings within recordings.
pub(super) const DEPTH_MAX: usize = 16;

/// Most operations of all recordings of a program together.
pub(super) const RECORDED_OPERATIONS_MAX: usize = 1_000_000;

/// Seed of the recorded samples; arbitrary.
const SEED: u64 = 0x7a11_ca57_0dd5_eed5;

/// Samples at either end that are kept one by one.
const TAIL: usize = 1 << 13;

/// Of the samples in between every so many is kept.
const STRIDE: usize = 1 << 7;

/// Largest step between neighbouring kept samples, in proportion, that values are interpolated over: in a wider gap there
/// is nothing, as between the answer of a cache and that of a disk.
const GAP: f64 = 0.01;

/// A computed metric with its distribution, once that is needed.
#[derive(Debug)]
pub(super) struct Recorded {
    program: Program,
    /// How many recordings deep this is, from 1.
    depth: usize,
    table: OnceLock<Table>,
}

/// Sorted samples, thinned out where they are dense.
#[derive(Debug, PartialEq)]
struct Table {
    count: usize,
    low: Vec<f64>,
    middle: Vec<f64>,
    high: Vec<f64>,
}

impl Recorded {
    /// Recording of the one output of `program`.
    pub(super) const fn new(program: Program, depth: usize) -> Self {
        Self { program, depth, table: OnceLock::new() }
    }

    /// How many recordings deep this is, from 1.
    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// How many operations it takes.
    pub(super) fn size(&self) -> usize {
        self.program.graph().len()
    }

    /// The value that a share `p` of the samples does not exceed.
    ///
    /// Filtered samples are left out. Samples that are not a number are above all others: an answer that never comes is
    /// later than any that does.
    ///
    /// # Numerics
    /// A quantile of 4194304 samples, so the share beyond it has the relative standard error `1 / sqrt(4194304 (1 - p))`:
    /// 0.5 % at p99, 5 % at p99.99, 49 % at p99.9999. NaN if every sample is filtered.
    pub(super) fn quantile(&self, p: f64) -> f64 {
        self.table.get_or_init(|| Table::of(self.samples())).quantile(p)
    }

    fn samples(&self) -> Vec<f64> {
        let mut samples = Vec::with_capacity(RECORDED_SAMPLES);
        let mut evaluator = Evaluator::new(&self.program, SEED);
        for block in 0..(RECORDED_SAMPLES / BLOCK_LEN) as u64 {
            evaluator.run(block..block + 1, |_, _, output| {
                let kept = (0..BLOCK_LEN).filter(|&lane| {
                    output.keep.is_none_or(|keep| crate::formula::functions::real::truth(keep.at(lane)))
                });
                // One NaN, so that all have one place in the order.
                samples.extend(kept.map(|lane| output.value.at(lane)).map(|x| if x.is_nan() { f64::NAN } else { x }));
            });
        }
        samples
    }
}

impl Table {
    fn of(mut samples: Vec<f64>) -> Self {
        samples.sort_unstable_by(f64::total_cmp);
        let tail = TAIL.min(samples.len());
        Self {
            count: samples.len(),
            low: samples[..tail].to_vec(),
            middle: samples.iter().step_by(STRIDE).copied().collect(),
            high: samples[samples.len() - tail..].to_vec(),
        }
    }

    fn quantile(&self, p: f64) -> f64 {
        if self.count == 0 || !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        // The sample of rank i, from 0, stands at the share (i + 1/2) / count.
        let position = (p * self.count as f64 - 0.5).clamp(0.0, (self.count - 1) as f64);
        let high = (self.count - self.high.len()) as f64;
        if position < (self.low.len() - 1) as f64 {
            between(&self.low, position)
        } else if position >= high {
            between(&self.high, position - high)
        } else {
            between(&self.middle, position / STRIDE as f64)
        }
    }
}

/// The value at a position of a sorted list, counted from 0.
fn between(sorted: &[f64], position: f64) -> f64 {
    let index = (position as usize).min(sorted.len() - 1);
    let (below, above) = (sorted[index], sorted[(index + 1).min(sorted.len() - 1)]);
    let share = position - index as f64;
    if (above - below).abs() <= GAP * below.abs().max(above.abs()) {
        (above - below).mul_add(share, below)
    } else if share < 0.5 {
        below
    } else {
        above
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_the_quantiles_of_its_samples() {
        let count = 1 << 20;
        let table = Table::of((0..count).rev().map(|i| f64::from(i) + 0.5).collect());
        for p in [1e-6, 0.001, 0.0078, 0.25, 0.5, 0.99, 0.9922, 0.999_999] {
            let expected = p * f64::from(count);
            assert!((table.quantile(p) - expected).abs() <= 0.5 + 1e-6 * expected, "{p}: {}", table.quantile(p));
        }
        assert_eq!((table.quantile(0.0), table.quantile(1.0)), (0.5, f64::from(count) - 0.5));
        assert!(table.quantile(1.5).is_nan() && Table::of(Vec::new()).quantile(0.5).is_nan());
    }

    #[test]
    fn nothing_is_interpolated_between_two_modes() {
        let samples: Vec<f64> = (0..100_000).map(|i| if i % 4 == 0 { 100.0 } else { 1.0 }).collect();
        let table = Table::of(samples);
        assert!((0..=1000).all(|i| [1.0, 100.0].contains(&table.quantile(f64::from(i) / 1000.0))));
        assert_eq!((table.quantile(0.749), table.quantile(0.751)), (1.0, 100.0));
    }

    #[test]
    fn the_error_of_the_slowest_is_that_of_its_power() {
        for (n, q) in [(2.0, 0.5), (100.0, 0.99), (400_000.0, 0.5)] {
            // d(p^n) = n p^(n-1) dp
            let p = f64::powf(q, 1.0 / n);
            let rest = -f64::exp_m1(f64::ln(q) / n);
            let expected = n * p.powf(n - 1.0) * (p * rest / RECORDED_SAMPLES as f64).sqrt();
            let slowest = RecordedUse { function: "fanout", rank: Some((n, n)) };
            let found = slowest.share_error(q).expect("a rank");
            assert!((found / expected - 1.0).abs() < 1e-9, "{n} {q}: {found} {expected}");
            // The fastest mirrors the slowest.
            let fastest = RecordedUse { function: "fastest", rank: Some((1.0, n)) };
            let mirrored = fastest.share_error(1.0 - q).expect("a rank");
            assert!((mirrored / expected - 1.0).abs() < 1e-9, "{n} {q}: {mirrored} {expected}");
        }
        assert_eq!(RecordedUse { function: "fanout", rank: None }.share_error(0.5), None);
    }

    #[test]
    fn samples_that_are_not_a_number_are_above_all_others() {
        let table = Table::of(vec![f64::NAN, 3.0, 1.0, 2.0]);
        assert_eq!(table.quantile(0.4), 2.0);
        assert!(table.quantile(0.99).is_nan());
    }
}
