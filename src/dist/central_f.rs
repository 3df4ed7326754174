//! The central F distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{CHUNK, Column, Engine, Halved, kernel};
use super::error::{DistError, Requirement, require};
use super::standard::fill_gamma;

/// F distribution: the ratio of two independent chi-squared draws, each a degree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CentralF {
    numerator: f64,
    denominator: f64,
}

impl CentralF {
    /// F distribution of the degrees of freedom of its numerator and denominator.
    ///
    /// # Parameters
    /// - `numerator`, `denominator`: finite, above 0, need not be whole. Values between -4/3 and 0 follow Guesstimate's
    ///   continuation (see [`super::Gamma::new`]). The mean exists for `denominator > 2`, the variance above 4.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is 0, `<= -4/3`, infinite or NaN.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{CentralF, Distribution};
    /// let d = Distribution::CentralF(CentralF::new(5.0, 10.0)?);
    /// assert_eq!(d.mean(), Some(1.25));
    /// assert!((d.quantile(0.95).unwrap() - 3.325_834_530_413_01).abs() < 1e-10);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(numerator: f64, denominator: f64) -> Result<Self, DistError> {
        Self::check("numerator's degrees of freedom", numerator)?;
        Self::check("denominator's degrees of freedom", denominator)?;
        Ok(Self { numerator, denominator })
    }

    fn check(parameter: &'static str, degrees: f64) -> Result<(), DistError> {
        if degrees > -4.0 / 3.0 && degrees < 0.0 {
            return Ok(());
        }
        require("centralF", parameter, Requirement::Positive, degrees).map(|_| ())
    }

    /// Degrees of freedom of numerator and denominator, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.numerator, self.denominator]
    }

    fn is_proper(&self) -> bool {
        self.numerator > 0.0 && self.denominator > 0.0
    }

    pub(crate) fn mean(&self) -> Option<f64> {
        (self.is_proper() && self.denominator > 2.0).then(|| self.denominator / (self.denominator - 2.0))
    }

    pub(crate) fn variance(&self) -> Option<f64> {
        let (n, d) = (self.numerator, self.denominator);
        let mean = self.mean()?;
        (d > 4.0).then(|| 2.0 * mean * mean * (n + d - 2.0) / (n * (d - 4.0)))
    }

    /// Distribution function; `None` for Guesstimate's continuation.
    pub(crate) fn cdf(&self, x: f64) -> Option<f64> {
        let (half_n, half_d) = (0.5 * self.numerator, 0.5 * self.denominator);
        let (above, below) = (half_n * x, half_d);
        if !self.is_proper() || x <= 0.0 || x == f64::INFINITY {
            return self.is_proper().then_some(f64::from(x > 0.0));
        }
        Some(if above < below {
            math::special::incomplete_beta(half_n, half_d, above / (above + below))
        } else {
            math::special::incomplete_beta_upper(half_d, half_n, below / (above + below))
        })
    }

    /// Quantile; `None` for Guesstimate's continuation.
    pub(crate) fn quantile(&self, p: f64) -> Option<f64> {
        if !self.is_proper() {
            return None;
        }
        let share = math::special::inverse_incomplete_beta_upper(0.5 * self.denominator, 0.5 * self.numerator, p);
        Some(self.denominator * (1.0 - share) / (self.numerator * share))
    }
}

/// Draws: two gamma draws each.
pub(crate) fn draw<E: Engine, N: Column, D: Column>(rng: &mut BlockRng, out: &mut [f64], numerator: N, denominator: D) {
    let (mut gamma, mut boost, mut top_boost) = ([0.0; CHUNK], [0.0; CHUNK], [0.0; CHUNK]);
    let mut start = 0;
    for part in out.chunks_mut(CHUNK) {
        let len = part.len();
        let (numerator, denominator) = (numerator.part(start, len), denominator.part(start, len));
        let (gamma, boost, top_boost) = (&mut gamma[..len], &mut boost[..len], &mut top_boost[..len]);
        fill_gamma::<E, _>(rng, Halved(numerator), part, top_boost);
        fill_gamma::<E, _>(rng, Halved(denominator), gamma, boost);
        E::map2::<Transform, _, _>(part, &*top_boost, numerator);
        E::map2::<Transform, _, _>(gamma, &*boost, denominator);
        E::map1::<Quotient, _>(part, &*gamma);
        start += len;
    }
}

kernel!(Transform = transform(gamma, boost, degrees));

/// A chi-squared draw a degree; NaN for zero degrees.
#[inline(always)]
fn transform(gamma: f64, boost: f64, degrees: f64) -> f64 {
    gamma * math::exp(boost) / (0.5 * degrees)
}

kernel!(Quotient = quotient(top, bottom));

#[inline(always)]
fn quotient(top: f64, bottom: f64) -> f64 {
    top / bottom
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_of_0_minus_four_thirds_and_below_infinite_and_nan_are_refused() {
        for bad in [0.0, -1.5, f64::NAN, f64::INFINITY] {
            assert!(matches!(CentralF::new(bad, 5.0), Err(DistError::Parameter { .. })), "{bad}");
            assert!(matches!(CentralF::new(5.0, bad), Err(DistError::Parameter { .. })), "{bad}");
        }
    }

    #[test]
    fn two_and_two_degrees_are_the_ratio_of_exponentials() {
        let d = CentralF::new(2.0, 2.0).unwrap();
        for x in [0.0, 0.01, 1.0, 30.0] {
            assert!((d.cdf(x).unwrap() - x / (1.0 + x)).abs() < 1e-13, "{x}");
        }
        assert!((d.quantile(0.75).unwrap() - 3.0).abs() < 1e-11);
        assert_eq!((d.mean(), d.cdf(-1.0), d.cdf(f64::INFINITY)), (None, Some(0.0), Some(1.0)));
    }

    #[test]
    fn the_continuation_has_draws_only() {
        let d = CentralF::new(-1.0, 5.0).unwrap();
        assert_eq!((d.mean(), d.variance(), d.cdf(1.0), d.quantile(0.5)), (None, None, None, None));
    }
}
