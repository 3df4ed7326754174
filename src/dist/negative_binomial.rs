//! The negative binomial distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{CHUNK, Column, DrawKernel, Engine, kernel};
use super::error::{DistError, Requirement, require};
use super::poisson;
use super::saddle_point::smallest_reaching;
use super::standard::fill_gamma;

/// Negative binomial distribution: how many successes come before `failures` failures.
///
/// The mean is `failures p / (1 - p)` with `p` the probability of success.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NegativeBinomial {
    failures: f64,
    probability: f64,
}

impl NegativeBinomial {
    /// Negative binomial distribution of a number of failures and the probability of success of each trial.
    ///
    /// # Parameters
    /// - `failures`: finite, at least 0; 0 is the constant 0. It need not be whole: then it is the Pólya distribution
    ///   (where Guesstimate loops forever).
    /// - `probability`: below 1; below 0 counts as 0.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if `failures` is negative, infinite or NaN, or if `probability` is 1 or more or NaN:
    /// with certain success there is no end to counting. ([`super::Distribution::from_call`] reads `negBinomial(5,
    /// NaN)` as the constant 0, as Guesstimate does.)
    ///
    /// # Source
    /// Drawn as a Poisson variable whose rate is a gamma variable of shape `failures` and scale `p / (1 - p)`:
    /// L. Devroye, "Non-uniform random variate generation", 1986, section X.4.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, NegativeBinomial};
    /// let d = Distribution::NegativeBinomial(NegativeBinomial::new(3.0, 0.75)?);
    /// assert_eq!((d.mean(), d.variance()), (Some(9.0), Some(36.0)));
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(failures: f64, probability: f64) -> Result<Self, DistError> {
        let failures = require("negBinomial", "number of failures", Requirement::NotNegative, failures)?;
        let probability = require("negBinomial", "probability of success", Requirement::BelowOne, probability)?;
        Ok(Self { failures, probability: probability.max(0.0) })
    }

    /// Failures, and probability of success in [0, 1).
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.failures, self.probability]
    }

    pub(crate) fn mean(&self) -> f64 {
        self.failures * odds(self.probability)
    }

    pub(crate) fn variance(&self) -> f64 {
        self.mean() / (1.0 - self.probability)
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            0.0
        } else if self.failures == 0.0 || self.probability == 0.0 || x == f64::INFINITY {
            1.0
        } else {
            math::special::incomplete_beta(self.failures, x.floor() + 1.0, 1.0 - self.probability)
        }
    }

    pub(crate) fn quantile(&self, p: f64) -> f64 {
        let certain = self.mean() == 0.0;
        match (p < 1.0, certain) {
            (_, true) => 0.0,
            (false, false) => f64::INFINITY,
            (true, false) => smallest_reaching(p, self.mean(), f64::MAX, |k| self.cdf(k)),
        }
    }
}

#[inline(always)]
fn odds(probability: f64) -> f64 {
    probability / (1.0 - probability)
}

/// Draws: a gamma and a Poisson draw each.
pub(crate) fn draw<E: Engine, R: Column, P: Column>(rng: &mut BlockRng, out: &mut [f64], failures: R, probability: P) {
    let mut boost = [0.0; CHUNK];
    let mut start = 0;
    for part in out.chunks_mut(CHUNK) {
        let len = part.len();
        let (failures, probability) = (failures.part(start, len), probability.part(start, len));
        let boost = &mut boost[..len];
        fill_gamma::<E, R>(rng, failures, part, boost);
        E::map2::<Rate, _, _>(part, &*boost, probability);
        E::draw2::<Count, _, _>(rng, part, failures, probability);
        start += len;
    }
}

kernel!(Rate = rate(gamma, boost, probability));

#[inline(always)]
fn rate(gamma: f64, boost: f64, probability: f64) -> f64 {
    gamma * math::exp(boost) * odds(probability)
}

struct Count;

impl DrawKernel for Count {
    #[inline(always)]
    fn apply(rng: &mut BlockRng, rate: f64, failures: f64, probability: f64) -> f64 {
        let endless = probability >= 1.0 || !(0.0..f64::INFINITY).contains(&failures);
        if endless { f64::NAN } else { poisson::draw_one(rng, rate) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::column::Reference;
    use crate::rng::StreamKey;

    #[test]
    fn what_would_never_end_is_refused() {
        for (failures, probability) in
            [(5.0, 1.0), (5.0, 1.5), (-1.0, 0.5), (f64::NAN, 0.5), (f64::INFINITY, 0.5), (5.0, f64::NAN)]
        {
            let result = NegativeBinomial::new(failures, probability);
            assert!(matches!(result, Err(DistError::Parameter { .. })), "{failures} {probability}");
        }
        assert_eq!(NegativeBinomial::new(2.5, -1.0).unwrap().parameters(), [2.5, 0.0]);
    }

    #[test]
    fn one_failure_is_the_geometric_distribution() {
        let d = NegativeBinomial::new(1.0, 0.95).unwrap();
        for count in [0.0, 3.0, 50.0] {
            assert!((d.cdf(count) - (1.0 - 0.95_f64.powf(count + 1.0))).abs() < 1e-12, "{count}");
        }
        assert_eq!((d.quantile(0.5), d.quantile(1.0)), (13.0, f64::INFINITY));
    }

    #[test]
    fn lanes_without_an_end_are_nan_and_certain_ones_zero() {
        let mut rng = BlockRng::new(&StreamKey::new(1, 2, 3), 0);
        let mut out = [0.0; 6];
        let failures: &[f64] = &[5.0, -1.0, f64::NAN, 0.0, 5.0, 5.0];
        let probability: &[f64] = &[1.0, 0.5, 0.5, 0.5, 0.0, f64::NAN];
        draw::<Reference, _, _>(&mut rng, &mut out, failures, probability);
        assert!(out[..3].iter().all(|value| value.is_nan()), "{out:?}");
        assert_eq!(out[3..], [0.0; 3]);
    }
}
