//! The log-normal distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};
use super::interval::INTERVAL90_Z;
use super::standard::fill_normal;

/// Distribution of `exp(mu + sigma z)` with `z` standard normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogNormal {
    mu: f64,
    sigma: f64,
}

impl LogNormal {
    /// Log-normal of the mean and standard deviation of its logarithm.
    ///
    /// # Parameters
    /// - `mu`, `sigma`: log space, finite. `sigma = 0` is the constant `exp(mu)`; a negative `sigma` names the same
    ///   distribution as its absolute value, as in Guesstimate.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is infinite or NaN.
    ///
    /// # Numerics
    /// Draws above the largest `f64` are infinite, draws below the smallest are 0.
    pub fn from_log_space(mu: f64, sigma: f64) -> Result<Self, DistError> {
        Ok(Self {
            mu: require("lognormal", "log-space mean", Requirement::Finite, mu)?,
            sigma: require("lognormal", "log-space standard deviation", Requirement::Finite, sigma)?,
        })
    }

    /// Log-normal whose central 90 % interval is `[low, high]`.
    ///
    /// `mu = (ln low + ln high) / 2`, `sigma = (ln high - ln low) / (2 * 1.645)`.
    ///
    /// # Parameters
    /// - `low`, `high`: linear space, in the model's unit, finite, `0 < low <= high`.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is infinite or NaN, if `low <= 0`, or if `high < low`.
    ///
    /// # Source
    /// Guesstimate's reading of a positive range; for its rounded `z` see [`INTERVAL90_Z`].
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, LogNormal};
    /// let d = Distribution::LogNormal(LogNormal::from_interval90(1000.0, 4000.0)?);
    /// assert!((d.quantile(0.5).unwrap() - 2000.0).abs() < 1e-8); // sqrt(1000 * 4000)
    /// assert!((d.mean().unwrap() - 2185.67).abs() < 0.01);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn from_interval90(low: f64, high: f64) -> Result<Self, DistError> {
        require("lognormal", "low end", Requirement::Positive, low)?;
        require("lognormal", "high end", Requirement::Finite, high)?;
        if high < low {
            let (distribution, parameter) = ("lognormal", "high end");
            return Err(DistError::Parameter {
                distribution,
                parameter,
                requirement: Requirement::NotBelowLow,
                found: high,
            });
        }
        let (log_low, log_high) = (math::ln(low), math::ln(high));
        Self::from_log_space(f64::midpoint(log_low, log_high), (log_high - log_low) / (2.0 * INTERVAL90_Z))
    }

    /// Log-space mean and standard deviation, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.mu, self.sigma]
    }

    pub(crate) fn mean(&self) -> f64 {
        math::exp(0.5f64.mul_add(self.sigma * self.sigma, self.mu))
    }

    pub(crate) fn variance(&self) -> f64 {
        let square = self.sigma * self.sigma;
        math::exp_m1(square) * math::exp(2.0f64.mul_add(self.mu, square))
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        if self.sigma == 0.0 {
            return f64::from(x >= math::exp(self.mu));
        }
        math::normal_cdf((math::ln(x) - self.mu) / self.sigma.abs())
    }

    #[inline(always)]
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        if self.sigma == 0.0 {
            return math::exp(self.mu);
        }
        math::exp(self.sigma.abs().mul_add(math::normal_quantile(p), self.mu))
    }
}

/// Draws: the exponential of a scaled and shifted standard normal each.
pub(crate) fn draw<E: Engine, M: Column, S: Column>(rng: &mut BlockRng, out: &mut [f64], mu: M, sigma: S) {
    fill_normal::<E>(rng, out);
    E::map2::<Transform, _, _>(out, mu, sigma);
}

kernel!(Transform = transform(normal, mu, sigma));

#[inline(always)]
fn transform(normal: f64, mu: f64, sigma: f64) -> f64 {
    math::exp(normal.mul_add(sigma, mu))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_and_nan_parameters_are_refused() {
        for (mu, sigma) in [(f64::NAN, 1.0), (f64::INFINITY, 1.0), (0.0, f64::NAN), (0.0, f64::INFINITY)] {
            assert!(matches!(LogNormal::from_log_space(mu, sigma), Err(DistError::Parameter { .. })), "{mu} {sigma}");
        }
        for (low, high) in [(0.0, 1.0), (-1.0, 1.0), (f64::NAN, 1.0), (1.0, f64::NAN), (2.0, 1.0)] {
            assert!(LogNormal::from_interval90(low, high).is_err(), "{low} {high}");
        }
    }

    #[test]
    fn moments_are_the_closed_forms() {
        let d = LogNormal::from_log_space(1.0, 0.5).unwrap();
        assert!((d.mean() - 3.080_216_848_918_031).abs() < 1e-12);
        assert!((d.variance() - 2.694_758_124_344_947_3).abs() < 1e-12);
    }

    #[test]
    fn quantile_inverts_cdf() {
        let d = LogNormal::from_log_space(1.0, -0.5).unwrap();
        for p in [0.001, 0.25, 0.5, 0.99] {
            assert!((d.cdf(d.quantile(p)) - p).abs() < 1e-13, "{p}");
        }
    }
}
