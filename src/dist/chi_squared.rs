//! The chi-squared distribution.

use crate::rng::BlockRng;

use super::column::{Column, Engine, Halved};
use super::error::{DistError, Requirement};
use super::gamma::{self, standard_cdf, standard_moments, standard_quantile};

/// Chi-squared distribution: a gamma distribution of shape `degrees / 2` and scale 2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquared {
    degrees: f64,
}

impl ChiSquared {
    /// Chi-squared distribution of its degrees of freedom.
    ///
    /// # Parameters
    /// - `degrees`: finite, need not be whole; 0 is the constant 0, and values between -4/3 and 0 follow Guesstimate's
    ///   continuation (see [`super::Gamma::new`]).
    ///
    /// # Errors
    /// [`DistError::Parameter`] if `degrees <= -4/3`, infinite or NaN.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{ChiSquared, Distribution};
    /// let d = Distribution::ChiSquared(ChiSquared::new(30.0)?);
    /// assert_eq!((d.mean(), d.variance()), (Some(30.0), Some(60.0)));
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(degrees: f64) -> Result<Self, DistError> {
        if degrees.is_finite() && degrees > -4.0 / 3.0 {
            return Ok(Self { degrees });
        }
        let (distribution, parameter) = ("chisquare", "degrees of freedom");
        Err(DistError::Parameter { distribution, parameter, requirement: Requirement::GammaShape, found: degrees })
    }

    /// Degrees of freedom, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 1] {
        [self.degrees]
    }

    pub(crate) fn mean(&self) -> Option<f64> {
        standard_moments(0.5 * self.degrees).map(|(mean, _)| 2.0 * mean)
    }

    pub(crate) fn variance(&self) -> Option<f64> {
        standard_moments(0.5 * self.degrees).map(|(_, variance)| 4.0 * variance)
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        standard_cdf(0.5 * self.degrees, 0.5 * x)
    }

    pub(crate) fn quantile(&self, p: f64) -> Option<f64> {
        Some(2.0 * standard_quantile(0.5 * self.degrees, p)?)
    }
}

/// Draws: gamma draws of half the degrees of freedom, doubled.
pub(crate) fn draw<E: Engine, D: Column>(rng: &mut BlockRng, out: &mut [f64], degrees: D) {
    gamma::draw::<E, _, _>(rng, out, Halved(degrees), 2.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_of_minus_four_thirds_and_below_infinite_and_nan_are_refused() {
        for degrees in [-1.34, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(matches!(ChiSquared::new(degrees), Err(DistError::Parameter { .. })), "{degrees}");
        }
        assert!(ChiSquared::new(-1.0).is_ok());
    }

    #[test]
    fn two_degrees_are_an_exponential_of_mean_2() {
        let d = ChiSquared::new(2.0).unwrap();
        assert!((d.cdf(3.0) - (1.0 - (-1.5_f64).exp())).abs() < 1e-14);
        assert!((d.quantile(0.5).unwrap() - 2.0 * std::f64::consts::LN_2).abs() < 1e-12);
    }
}
