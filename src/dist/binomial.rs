//! The binomial distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, DrawKernel, Engine};
use super::error::{DistError, Requirement, require};
use super::saddle_point::{RECIPROCALS, ln_binomial, smallest_reaching};
use super::standard::open;

/// Binomial distribution: how many of a number of trials succeed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Binomial {
    trials: f64,
    probability: f64,
}

/// Below this number of expected successes one uniform is inverted.
const INVERSION_LIMIT: f64 = 10.0;

/// A probability too small to be told from rounding of a cumulative sum.
const NEGLIGIBLE: f64 = 1e-18;

/// Largest number of trials: whole numbers up to here are exact.
const MOST_TRIALS: f64 = 9_007_199_254_740_992.0;

impl Binomial {
    /// Binomial distribution of a number of trials and the probability of success of each.
    ///
    /// # Parameters
    /// - `trials`: whole, from 0 to 2^53.
    /// - `probability`: below 0 counts as 0, above 1 as 1, as in Guesstimate.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if `trials` is not whole, negative, above 2^53 or NaN, or if `probability` is NaN.
    /// ([`super::Distribution::from_call`] reads `binomial(5, NaN)` as the constant 0, as Guesstimate does.)
    ///
    /// # Source
    /// Below 10 expected successes (or failures, if fewer): sequential search from 0. From 10 on: W. Hörmann, "The
    /// generation of binomial random variates", J. Stat. Comput. Simul. 46 (1993) 101-110, algorithm BTRS,
    /// doi:10.1080/00949659308811496.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Binomial, Distribution};
    /// let d = Distribution::Binomial(Binomial::new(100.0, 0.05)?);
    /// assert_eq!((d.mean(), d.variance()), (Some(5.0), Some(4.75)));
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(trials: f64, probability: f64) -> Result<Self, DistError> {
        let trials = require("binomial", "number of trials", Requirement::Count, trials)?;
        let probability = require("binomial", "probability", Requirement::Number, probability)?;
        Ok(Self { trials, probability: probability.clamp(0.0, 1.0) })
    }

    /// Trials, and probability in [0, 1].
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.trials, self.probability]
    }

    pub(crate) fn mean(&self) -> f64 {
        self.trials * self.probability
    }

    pub(crate) fn variance(&self) -> f64 {
        self.mean() * (1.0 - self.probability)
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        let count = x.floor();
        if x < 0.0 {
            0.0
        } else if count >= self.trials || self.probability == 0.0 {
            1.0
        } else if self.probability == 1.0 {
            0.0
        } else {
            math::special::incomplete_beta(self.trials - count, count + 1.0, 1.0 - self.probability)
        }
    }

    pub(crate) fn quantile(&self, p: f64) -> f64 {
        smallest_reaching(p, self.mean(), self.trials, |k| self.cdf(k))
    }
}

/// Draws: one word each below 10 expected successes or failures, else two for each attempt.
pub(crate) fn draw<E: Engine, N: Column, P: Column>(rng: &mut BlockRng, out: &mut [f64], trials: N, probability: P) {
    E::draw2::<Draw, _, _>(rng, out, trials, probability);
}

struct Draw;

impl DrawKernel for Draw {
    #[inline(always)]
    fn apply(rng: &mut BlockRng, _: f64, trials: f64, probability: f64) -> f64 {
        draw_one(rng, trials, probability)
    }
}

/// One draw; NaN where there is no such number of trials.
#[inline(always)]
fn draw_one(rng: &mut BlockRng, trials: f64, probability: f64) -> f64 {
    if !((0.0..=MOST_TRIALS).contains(&trials) && trials == trials.floor()) {
        return f64::NAN;
    }
    if probability > 0.5 {
        // The failures have the smaller probability. `1 - p` is exact here, 0 and below for certain success.
        return trials - draw_rarer(rng, trials, 1.0 - probability);
    }
    draw_rarer(rng, trials, probability)
}

/// One draw for a probability of at most 1/2; 0 and below, and NaN, give 0.
#[inline(always)]
fn draw_rarer(rng: &mut BlockRng, trials: f64, probability: f64) -> f64 {
    let expected = trials * probability;
    if expected < INVERSION_LIMIT || expected.is_nan() {
        invert(open(rng), trials, probability)
    } else {
        transformed_rejection(rng, trials, probability)
    }
}

/// Smallest count whose cumulative probability reaches `u`.
#[inline(always)]
fn invert(u: f64, trials: f64, p: f64) -> f64 {
    // Not a number draws 0, as in Guesstimate, whose trials ask whether a uniform lies below it.
    if p.is_nan() || p <= 0.0 {
        return 0.0;
    }
    let odds = p / (1.0 - p);
    let mut probability = math::exp(trials * math::ln_1p(-p));
    let mut cumulated = probability;
    let mut left = trials;
    for (count, reciprocal) in RECIPROCALS.iter().enumerate().skip(1) {
        if u <= cumulated || left == 0.0 || probability <= NEGLIGIBLE {
            return (count - 1) as f64;
        }
        probability *= odds * left * reciprocal;
        cumulated += probability;
        left -= 1.0;
    }
    // Not reached below the limit: what lies beyond is less than negligible.
    (RECIPROCALS.len() - 1) as f64
}

/// Hörmann's BTRS.
#[inline(always)]
fn transformed_rejection(rng: &mut BlockRng, trials: f64, p: f64) -> f64 {
    let deviation = (trials * p * (1.0 - p)).sqrt();
    let b = 2.53f64.mul_add(deviation, 1.15);
    let a = 0.01f64.mul_add(p, 0.0248f64.mul_add(b, -0.0873));
    let alpha = (2.83 + 5.1 / b) * deviation;
    let squeeze = 0.92 - 4.2 / b;
    let ln_q = math::ln_1p(-p);
    let mode = ((trials + 1.0) * p).floor();
    let ln_peak = ln_binomial(mode, trials, p, ln_q);
    loop {
        let (u, v) = (open(rng) - 0.5, open(rng));
        let room = 0.5 - u.abs();
        let count = (2.0 * a / room + b).mul_add(u, trials.mul_add(p, 0.5)).floor();
        if room >= 0.07 && v <= squeeze {
            return count;
        }
        if count < 0.0 || count > trials {
            continue;
        }
        if math::ln(v * alpha / (a / (room * room) + b)) <= ln_binomial(count, trials, p, ln_q) - ln_peak {
            return count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::StreamKey;

    #[test]
    fn fractions_negatives_and_nan_are_refused_and_probabilities_kept_within_0_and_1() {
        for trials in [-1.0, 10.5, f64::NAN, f64::INFINITY, 1e16] {
            assert!(matches!(Binomial::new(trials, 0.5), Err(DistError::Parameter { .. })), "{trials}");
        }
        assert!(matches!(Binomial::new(5.0, f64::NAN), Err(DistError::Parameter { .. })));
        assert_eq!(Binomial::new(5.0, 1.5).unwrap().parameters(), [5.0, 1.0]);
    }

    #[test]
    fn certain_outcomes_are_certain() {
        let mut rng = BlockRng::new(&StreamKey::new(1, 2, 3), 0);
        for trials in [0.0, 7.0, 1e6] {
            assert_eq!(draw_one(&mut rng, trials, 1.0), trials);
            assert_eq!(draw_one(&mut rng, trials, 0.0), 0.0);
            assert_eq!(draw_one(&mut rng, trials, f64::NAN), 0.0);
        }
        assert!(draw_one(&mut rng, 1.5, 0.5).is_nan());
    }

    #[test]
    fn quantile_is_the_first_count_that_reaches_the_probability() {
        let d = Binomial::new(20.0, 0.3).unwrap();
        for p in [0.001, 0.5, 0.999] {
            let count = d.quantile(p);
            assert!(d.cdf(count) >= p && (count == 0.0 || d.cdf(count - 1.0) < p), "{p}");
        }
        assert_eq!(d.quantile(1.0), 20.0);
        assert_eq!(invert(0.5, 20.0, 0.3), d.quantile(0.5));
    }
}
