//! The Cauchy distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Cauchy distribution with density `1 / (pi |s| (1 + ((x - location) / s)^2))`. It has no mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cauchy {
    location: f64,
    scale: f64,
}

impl Cauchy {
    /// Cauchy distribution of a location (its median) and a scale (half the width of its central half).
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
    /// use tailcast::dist::{Cauchy, Distribution};
    /// let d = Distribution::Cauchy(Cauchy::new(5.0, 2.0)?);
    /// assert!((d.quantile(0.75).unwrap() - 7.0).abs() < 1e-14);
    /// assert_eq!(d.mean(), None);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(location: f64, scale: f64) -> Result<Self, DistError> {
        Ok(Self {
            location: require("cauchy", "location", Requirement::Finite, location)?,
            scale: require("cauchy", "scale", Requirement::Finite, scale)?,
        })
    }

    /// Location and scale, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.location, self.scale]
    }

    pub(crate) fn mean(&self) -> Option<f64> {
        (self.scale == 0.0).then_some(self.location)
    }

    pub(crate) fn variance(&self) -> Option<f64> {
        (self.scale == 0.0).then_some(0.0)
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if self.scale == 0.0 {
            return f64::from(x >= self.location);
        }
        let z = (x - self.location) / self.scale.abs();
        // Through the arc tangent of the reciprocal the lower tail keeps its relative accuracy.
        if z < -1.0 {
            -math::atan(z.recip()) * std::f64::consts::FRAC_1_PI
        } else {
            math::atan(z).mul_add(std::f64::consts::FRAC_1_PI, 0.5)
        }
    }

    pub(crate) fn quantile(&self, p: f64) -> f64 {
        if self.scale == 0.0 {
            return self.location;
        }
        match p {
            0.0 => f64::NEG_INFINITY,
            1.0 => f64::INFINITY,
            _ => transform(p, self.location, self.scale.abs()),
        }
    }
}

/// Draws: the tangent of one uniform angle each.
pub(crate) fn draw<E: Engine, L: Column, S: Column>(rng: &mut BlockRng, out: &mut [f64], location: L, scale: S) {
    E::open(rng, out);
    E::map2::<Transform, _, _>(out, location, scale);
}

kernel!(Transform = transform(u, location, scale));

/// `location + scale tan(pi (u - 1/2))`, by `tan(x - pi/2) = -cos(x) / sin(x)`.
#[inline(always)]
fn transform(u: f64, location: f64, scale: f64) -> f64 {
    let (sin, cos) = math::sin_cos_turns(0.5 * u);
    (-cos / sin).mul_add(scale, location)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_and_nan_parameters_are_refused() {
        for (location, scale) in [(f64::NAN, 1.0), (0.0, f64::NAN), (f64::INFINITY, 1.0), (0.0, f64::INFINITY)] {
            assert!(matches!(Cauchy::new(location, scale), Err(DistError::Parameter { .. })), "{location} {scale}");
        }
    }

    #[test]
    fn quantile_inverts_cdf_into_the_tails() {
        let d = Cauchy::new(0.0, -2.0).unwrap();
        for p in [1e-12, 0.01, 0.5, 0.99] {
            assert!((d.cdf(d.quantile(p)) / p - 1.0).abs() < 1e-13, "{p}");
        }
        assert_eq!((d.quantile(0.0), d.quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    }
}
