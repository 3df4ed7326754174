//! The logistic distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Logistic distribution with distribution function `1 / (1 + exp(-(x - location) / |s|))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logistic {
    location: f64,
    scale: f64,
}

impl Logistic {
    /// Logistic distribution of its mean and its scale; the standard deviation is `pi scale / sqrt 3`.
    ///
    /// # Parameters
    /// - `location`, `scale`: in the model's unit, finite. `scale = 0` is the constant `location`; a negative scale
    ///   names the same distribution as its absolute value.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is infinite or NaN.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Logistic};
    /// let d = Distribution::Logistic(Logistic::new(5.0, 2.0)?);
    /// assert!((d.quantile(0.9).unwrap() - (5.0 + 2.0 * 9.0_f64.ln())).abs() < 1e-13);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(location: f64, scale: f64) -> Result<Self, DistError> {
        Ok(Self {
            location: require("logistic", "location", Requirement::Finite, location)?,
            scale: require("logistic", "scale", Requirement::Finite, scale)?,
        })
    }

    /// Location and scale, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.location, self.scale]
    }

    pub(crate) fn mean(&self) -> f64 {
        self.location
    }

    pub(crate) fn variance(&self) -> f64 {
        let pi_scale = std::f64::consts::PI * self.scale;
        pi_scale * pi_scale / 3.0
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if self.scale == 0.0 {
            return f64::from(x >= self.location);
        }
        (1.0 + math::exp(-(x - self.location) / self.scale.abs())).recip()
    }

    #[inline(always)]
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        if self.scale == 0.0 { self.location } else { transform(p, self.location, self.scale.abs()) }
    }
}

/// Draws: the log odds of one uniform each.
pub(crate) fn draw<E: Engine, L: Column, S: Column>(rng: &mut BlockRng, out: &mut [f64], location: L, scale: S) {
    E::open(rng, out);
    E::map2::<Transform, _, _>(out, location, scale);
}

kernel!(Transform = transform(u, location, scale));

#[inline(always)]
fn transform(u: f64, location: f64, scale: f64) -> f64 {
    math::ln(u / (1.0 - u)).mul_add(scale, location)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_and_nan_parameters_are_refused() {
        for bad in [f64::NAN, f64::INFINITY] {
            assert!(matches!(Logistic::new(bad, 1.0), Err(DistError::Parameter { .. })), "{bad}");
            assert!(matches!(Logistic::new(1.0, bad), Err(DistError::Parameter { .. })), "{bad}");
        }
    }

    #[test]
    fn quantile_inverts_cdf() {
        let d = Logistic::new(5.0, -2.0).unwrap();
        for p in [1e-9, 0.3, 0.999] {
            assert!((d.cdf(d.quantile(p)) / p - 1.0).abs() < 1e-12, "{p}");
        }
        assert_eq!((d.quantile(0.0), d.quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    }
}
