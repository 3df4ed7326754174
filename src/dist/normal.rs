//! The normal distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};
use super::interval::INTERVAL90_Z;
use super::standard::fill_normal;

/// Normal distribution with density `exp(-((x - mean) / s)^2 / 2) / (|s| sqrt(2 pi))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normal {
    mean: f64,
    standard_deviation: f64,
}

impl Normal {
    /// Normal distribution of a mean and a standard deviation.
    ///
    /// # Parameters
    /// - `mean`: in the model's unit, finite.
    /// - `standard_deviation`: in the model's unit, finite. 0 is the constant `mean`; a negative one mirrors each draw
    ///   and so names the same distribution as its absolute value, as in Guesstimate.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is infinite or NaN.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Normal};
    /// let d = Distribution::Normal(Normal::new(5.0, 2.0)?);
    /// assert!((d.quantile(0.975).unwrap() - 8.919_927_969).abs() < 1e-8);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(mean: f64, standard_deviation: f64) -> Result<Self, DistError> {
        Ok(Self {
            mean: require("normal", "mean", Requirement::Finite, mean)?,
            standard_deviation: require("normal", "standard deviation", Requirement::Finite, standard_deviation)?,
        })
    }

    /// Normal distribution whose central 90 % interval is `[low, high]`.
    ///
    /// `mean = (low + high) / 2`, `standard_deviation = (high - mean) / 1.645`.
    ///
    /// # Parameters
    /// - `low`, `high`: in the model's unit, finite, `low <= high`. Equal ends are a constant.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is infinite or NaN, or if `high < low`.
    ///
    /// # Source
    /// Guesstimate's reading of a range; it rounds the standard normal 0.95 quantile 1.644 854 to 1.645 (see
    /// [`INTERVAL90_Z`]).
    pub fn from_interval90(low: f64, high: f64) -> Result<Self, DistError> {
        require("normal", "low end", Requirement::Finite, low)?;
        require("normal", "high end", Requirement::Finite, high)?;
        if high < low {
            let requirement = Requirement::NotBelowLow;
            return Err(DistError::Parameter {
                distribution: "normal",
                parameter: "high end",
                requirement,
                found: high,
            });
        }
        let mean = f64::midpoint(low, high);
        Self::new(mean, (high - mean) / INTERVAL90_Z)
    }

    /// Mean and standard deviation, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.mean, self.standard_deviation]
    }

    pub(crate) fn mean(&self) -> f64 {
        self.mean
    }

    pub(crate) fn variance(&self) -> f64 {
        self.standard_deviation * self.standard_deviation
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if self.standard_deviation == 0.0 {
            return f64::from(x >= self.mean);
        }
        math::normal_cdf((x - self.mean) / self.standard_deviation.abs())
    }

    #[inline(always)]
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        if self.standard_deviation == 0.0 {
            return self.mean;
        }
        self.standard_deviation.abs().mul_add(math::normal_quantile(p), self.mean)
    }
}

/// Draws: a standard normal each, scaled and shifted.
pub(crate) fn draw<E: Engine, M: Column, S: Column>(rng: &mut BlockRng, out: &mut [f64], mean: M, deviation: S) {
    fill_normal::<E>(rng, out);
    E::map2::<Transform, _, _>(out, mean, deviation);
}

kernel!(Transform = transform(normal, mean, deviation));

#[inline(always)]
fn transform(normal: f64, mean: f64, deviation: f64) -> f64 {
    normal.mul_add(deviation, mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_and_nan_parameters_are_refused() {
        for (mean, deviation) in [(f64::NAN, 1.0), (f64::INFINITY, 1.0), (0.0, f64::NAN), (0.0, f64::NEG_INFINITY)] {
            assert!(matches!(Normal::new(mean, deviation), Err(DistError::Parameter { .. })), "{mean} {deviation}");
        }
    }

    #[test]
    fn interval_has_its_ends_at_the_5_and_95_percent_points_within_guesstimates_rounding() {
        let normal = Normal::from_interval90(-5.0, 5.0).unwrap();
        assert!((normal.cdf(-5.0) - 0.05).abs() < 2e-5);
        assert!((normal.cdf(5.0) - 0.95).abs() < 2e-5);
        assert!(Normal::from_interval90(5.0, -5.0).is_err());
        assert!(Normal::from_interval90(f64::NAN, 1.0).is_err());
    }

    #[test]
    fn zero_deviation_is_a_step() {
        let normal = Normal::new(7.0, 0.0).unwrap();
        assert_eq!((normal.cdf(6.999), normal.cdf(7.0), normal.quantile(0.3)), (0.0, 1.0, 7.0));
    }
}
