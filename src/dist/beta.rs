//! The beta distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{CHUNK, Column, Engine, kernel};
use super::error::{DistError, Requirement, require};
use super::standard::fill_gamma;

/// Beta distribution with density proportional to `x^(alpha - 1) (1 - x)^(beta - 1)`, `0 < x < 1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    alpha: f64,
    beta: f64,
}

impl Beta {
    /// Beta distribution of its two shapes.
    ///
    /// # Parameters
    /// - `alpha`, `beta`: finite, at least 0, not both 0. `alpha = 0` is the constant 0, `beta = 0` the constant 1.
    ///   Values between -2/3 and 0 follow Guesstimate's continuation of gamma draws (see [`super::Gamma::new`]).
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is `<= -2/3`, infinite or NaN, or if both are 0.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Beta, Distribution};
    /// let d = Distribution::Beta(Beta::new(2.0, 5.0)?);
    /// assert!((d.mean().unwrap() - 2.0 / 7.0).abs() < 1e-15);
    /// assert!((d.cdf(0.3).unwrap() - 0.579_825).abs() < 1e-12);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(alpha: f64, beta: f64) -> Result<Self, DistError> {
        require("beta", "first shape", Requirement::GammaShape, alpha)?;
        require("beta", "second shape", Requirement::GammaShape, beta)?;
        if alpha == 0.0 {
            require("beta", "second shape beside a first of 0", Requirement::NonZero, beta)?;
        }
        Ok(Self { alpha, beta })
    }

    /// Beta distribution of a proportion of which `hits` of `total` were seen: shapes `2 hits` and `2 (total - hits)`.
    ///
    /// # Parameters
    /// - `hits`, `total`: `0 <= hits <= total`, `total > 0`, finite.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if `hits` is negative, if `total` is not above 0 or is below `hits`, or if either is
    /// infinite or NaN.
    ///
    /// # Source
    /// Guesstimate's reading of "3 of 10".
    pub fn from_proportion(hits: f64, total: f64) -> Result<Self, DistError> {
        require("beta", "number of hits", Requirement::NotNegative, hits)?;
        require("beta", "total", Requirement::Positive, total)?;
        if total < hits {
            let requirement = Requirement::NotBelowLow;
            return Err(DistError::Parameter { distribution: "beta", parameter: "total", requirement, found: total });
        }
        Self::new(2.0 * hits, 2.0 * (total - hits))
    }

    /// The two shapes, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.alpha, self.beta]
    }

    fn is_proper(&self) -> bool {
        self.alpha >= 0.0 && self.beta >= 0.0
    }

    /// Mean; `None` for Guesstimate's continuation.
    pub(crate) fn mean(&self) -> Option<f64> {
        self.is_proper().then(|| self.alpha / (self.alpha + self.beta))
    }

    /// Variance; `None` for Guesstimate's continuation.
    pub(crate) fn variance(&self) -> Option<f64> {
        let mean = self.mean()?;
        Some(mean * (1.0 - mean) / (self.alpha + self.beta + 1.0))
    }

    /// Distribution function; `None` for Guesstimate's continuation.
    pub(crate) fn cdf(&self, x: f64) -> Option<f64> {
        if !self.is_proper() {
            return None;
        }
        Some(if x < 0.0 {
            0.0
        } else if x >= 1.0 || self.alpha == 0.0 {
            1.0
        } else if self.beta == 0.0 {
            0.0
        } else {
            math::special::incomplete_beta(self.alpha, self.beta, x)
        })
    }

    /// Quantile; `None` for Guesstimate's continuation.
    pub(crate) fn quantile(&self, p: f64) -> Option<f64> {
        if self.alpha == 0.0 || self.beta == 0.0 {
            return Some(f64::from(self.beta == 0.0));
        }
        self.is_proper().then(|| math::special::inverse_incomplete_beta(self.alpha, self.beta, p))
    }
}

/// Draws: two gamma draws each.
pub(crate) fn draw<E: Engine, A: Column, B: Column>(rng: &mut BlockRng, out: &mut [f64], alpha: A, beta: B) {
    let (mut other, mut boost, mut other_boost) = ([0.0; CHUNK], [0.0; CHUNK], [0.0; CHUNK]);
    let mut start = 0;
    for part in out.chunks_mut(CHUNK) {
        let len = part.len();
        let (other, boost, other_boost) = (&mut other[..len], &mut boost[..len], &mut other_boost[..len]);
        let boosted = fill_gamma::<E, _>(rng, alpha.part(start, len), part, boost);
        let other_boosted = fill_gamma::<E, _>(rng, beta.part(start, len), other, other_boost);
        if boosted | other_boosted {
            E::map1::<OddsFactor, _>(other_boost, &*boost);
            E::map1::<Product, _>(other, &*other_boost);
        }
        E::map1::<Share, _>(part, &*other);
        start += len;
    }
}

kernel!(OddsFactor = odds_factor(other_boost, boost));

/// What multiplies the second gamma draw: the ratio of the two boosts, which exists where the boosts themselves
/// underflow.
#[inline(always)]
fn odds_factor(other_boost: f64, boost: f64) -> f64 {
    math::exp(other_boost - boost)
}

kernel!(Product = product(gamma, factor));

#[inline(always)]
fn product(gamma: f64, factor: f64) -> f64 {
    gamma * factor
}

kernel!(Share = share(gamma, other));

#[inline(always)]
fn share(gamma: f64, other: f64) -> f64 {
    gamma / (gamma + other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_minus_two_thirds_and_below_infinite_nan_and_two_zeros_are_refused() {
        for (alpha, beta) in
            [(-1.0, 2.0), (2.0, -1.0), (f64::NAN, 1.0), (1.0, f64::NAN), (1.0, f64::INFINITY), (0.0, 0.0)]
        {
            assert!(matches!(Beta::new(alpha, beta), Err(DistError::Parameter { .. })), "{alpha} {beta}");
        }
    }

    #[test]
    fn proportions_refuse_more_hits_than_the_total() {
        assert_eq!(Beta::from_proportion(3.0, 10.0).unwrap().parameters(), [6.0, 14.0]);
        for (hits, total) in [(11.0, 10.0), (-1.0, 10.0), (0.0, 0.0), (f64::NAN, 1.0), (1.0, f64::NAN)] {
            assert!(Beta::from_proportion(hits, total).is_err(), "{hits} {total}");
        }
    }

    #[test]
    fn a_zero_shape_is_a_constant() {
        let (zero, one) = (Beta::new(0.0, 3.0).unwrap(), Beta::new(3.0, 0.0).unwrap());
        assert_eq!((zero.mean(), zero.cdf(0.0), zero.quantile(0.9)), (Some(0.0), Some(1.0), Some(0.0)));
        assert_eq!(
            (one.mean(), one.cdf(0.99), one.cdf(1.0), one.quantile(0.1)),
            (Some(1.0), Some(0.0), Some(1.0), Some(1.0))
        );
    }

    #[test]
    fn quantile_inverts_cdf() {
        for (alpha, beta) in [(2.0, 5.0), (0.5, 0.5), (100.0, 200.0)] {
            let d = Beta::new(alpha, beta).unwrap();
            for p in [0.001, 0.5, 0.99] {
                assert!((d.cdf(d.quantile(p).unwrap()).unwrap() - p).abs() < 1e-11, "{alpha} {beta} {p}");
            }
        }
    }
}
