//! The Bernoulli distribution.

use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Bernoulli distribution: 1 with a probability, else 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bernoulli {
    probability: f64,
}

impl Bernoulli {
    /// Bernoulli distribution of the probability of 1.
    ///
    /// # Parameters
    /// - `probability`: below 0 counts as 0, above 1 as 1, as in Guesstimate.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if it is NaN. ([`super::Distribution::from_call`] reads `bernoulli(NaN)` as the
    /// constant 0, as Guesstimate does.)
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Bernoulli, Distribution};
    /// let d = Distribution::Bernoulli(Bernoulli::new(0.3)?);
    /// assert_eq!((d.mean(), d.cdf(0.0)), (Some(0.3), Some(0.7)));
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(probability: f64) -> Result<Self, DistError> {
        let probability = require("bernoulli", "probability", Requirement::Number, probability)?;
        Ok(Self { probability: probability.clamp(0.0, 1.0) })
    }

    /// Probability of 1, in [0, 1].
    #[must_use]
    pub const fn parameters(&self) -> [f64; 1] {
        [self.probability]
    }

    pub(crate) fn mean(&self) -> f64 {
        self.probability
    }

    pub(crate) fn variance(&self) -> f64 {
        self.probability * (1.0 - self.probability)
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if x >= 1.0 {
            1.0
        } else if x >= 0.0 {
            1.0 - self.probability
        } else {
            0.0
        }
    }

    pub(crate) fn quantile(&self, p: f64) -> f64 {
        f64::from(p > 1.0 - self.probability)
    }
}

/// Draws: whether one uniform each lies below the probability.
pub(crate) fn draw<E: Engine, P: Column>(rng: &mut BlockRng, out: &mut [f64], probability: P) {
    E::unit(rng, out);
    E::map1::<Transform, _>(out, probability);
}

kernel!(Transform = transform(u, probability));

#[inline(always)]
fn transform(u: f64, probability: f64) -> f64 {
    if u < probability { 1.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_refused_and_other_probabilities_are_kept_within_0_and_1() {
        assert!(matches!(Bernoulli::new(f64::NAN), Err(DistError::Parameter { .. })));
        assert_eq!(Bernoulli::new(1.5).unwrap().parameters(), [1.0]);
        assert_eq!(Bernoulli::new(f64::NEG_INFINITY).unwrap().parameters(), [0.0]);
    }

    #[test]
    fn probability_zero_never_and_one_always_draws_1() {
        assert_eq!((transform(0.0, 0.0), transform(1.0 - f64::EPSILON / 2.0, 1.0)), (0.0, 1.0));
    }
}
