//! The generalised extreme value distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Generalised extreme value distribution: what the largest of many values tends to.
///
/// Its distribution function is `exp(-(1 + shape z)^(-1 / shape))` with `z = (x - location) / scale`, and
/// `exp(-exp(-z))` (Gumbel) for shape 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeneralizedExtremeValue {
    location: f64,
    scale: f64,
    shape: f64,
}

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;

impl GeneralizedExtremeValue {
    /// Generalised extreme value distribution of a location, a scale and a shape.
    ///
    /// # Parameters
    /// - `location`: in the model's unit, finite.
    /// - `scale`: in the model's unit, finite, above 0.
    /// - `shape`: finite; above 0 the upper tail is heavy (Fréchet), below 0 there is a largest value (reversed
    ///   Weibull). The mean exists below 1, the variance below 1/2.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if `scale` is 0 or below, or if any is infinite or NaN.
    ///
    /// # Source
    /// S. Coles, "An introduction to statistical modeling of extreme values", 2001, section 3.1.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, GeneralizedExtremeValue};
    /// let d = Distribution::GeneralizedExtremeValue(GeneralizedExtremeValue::new(5.0, 2.0, 0.0)?);
    /// assert!((d.mean().unwrap() - 6.154_431_329_803_066).abs() < 1e-12);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(location: f64, scale: f64, shape: f64) -> Result<Self, DistError> {
        Ok(Self {
            location: require("gev", "location", Requirement::Finite, location)?,
            scale: require("gev", "scale", Requirement::Positive, scale)?,
            shape: require("gev", "shape", Requirement::Finite, shape)?,
        })
    }

    /// Location, scale and shape, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 3] {
        [self.location, self.scale, self.shape]
    }

    pub(crate) fn mean(&self) -> Option<f64> {
        if self.shape == 0.0 {
            return Some(self.scale.mul_add(EULER, self.location));
        }
        let excess = math::special::gamma(1.0 - self.shape) - 1.0;
        (self.shape < 1.0).then(|| (excess / self.shape).mul_add(self.scale, self.location))
    }

    pub(crate) fn variance(&self) -> Option<f64> {
        if self.shape == 0.0 {
            let pi_scale = std::f64::consts::PI * self.scale;
            return Some(pi_scale * pi_scale / 6.0);
        }
        let first = math::special::gamma(1.0 - self.shape);
        let second = math::special::gamma(2.0f64.mul_add(-self.shape, 1.0));
        let ratio = self.scale / self.shape;
        (self.shape < 0.5).then(|| ratio * ratio * first.mul_add(-first, second))
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        let z = (x - self.location) / self.scale;
        if self.shape == 0.0 {
            return math::exp(-math::exp(-z));
        }
        let base = self.shape * z;
        if base <= -1.0 {
            return f64::from(self.shape < 0.0);
        }
        math::exp(-math::exp(-math::ln_1p(base) / self.shape))
    }

    pub(crate) fn quantile(&self, p: f64) -> f64 {
        from_exponential(-math::ln(p), self.location, self.scale, self.shape)
    }
}

/// Draws: one uniform each.
pub(crate) fn draw<E: Engine, L: Column, S: Column, K: Column>(
    rng: &mut BlockRng,
    out: &mut [f64],
    (location, scale, shape): (L, S, K),
) {
    E::open(rng, out);
    E::map3::<Transform, _, _, _>(out, location, scale, shape);
}

kernel!(Transform = transform(u, location, scale, shape));

#[inline(always)]
fn transform(u: f64, location: f64, scale: f64, shape: f64) -> f64 {
    let value = from_exponential(-math::ln(u), location, scale, shape);
    if scale > 0.0 { value } else { f64::NAN }
}

/// `location + scale (e^-shape - 1) / shape`, and its limit at shape 0.
#[inline(always)]
fn from_exponential(exponential: f64, location: f64, scale: f64, shape: f64) -> f64 {
    let gumbel = -math::ln(exponential);
    let standard = if shape == 0.0 { gumbel } else { math::exp_m1(gumbel * shape) / shape };
    standard.mul_add(scale, location)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_of_0_and_below_infinite_and_nan_parameters_are_refused() {
        for bad in [f64::NAN, f64::INFINITY] {
            assert!(matches!(GeneralizedExtremeValue::new(bad, 1.0, 0.1), Err(DistError::Parameter { .. })), "{bad}");
            assert!(matches!(GeneralizedExtremeValue::new(0.0, 1.0, bad), Err(DistError::Parameter { .. })), "{bad}");
        }
        for bad in [0.0, -1.0, f64::NAN] {
            assert!(matches!(GeneralizedExtremeValue::new(0.0, bad, 0.1), Err(DistError::Parameter { .. })), "{bad}");
        }
    }

    #[test]
    fn quantile_inverts_cdf_for_every_sign_of_the_shape() {
        for shape in [-0.5, 0.0, 1e-12, 0.3] {
            let d = GeneralizedExtremeValue::new(5.0, 2.0, shape).unwrap();
            for p in [0.001, 0.5, 0.999] {
                assert!((d.cdf(d.quantile(p)) - p).abs() < 1e-13, "{shape} {p}");
            }
        }
    }

    #[test]
    fn the_support_ends_where_the_shape_says() {
        let bounded = GeneralizedExtremeValue::new(5.0, 2.0, -0.5).unwrap();
        assert_eq!((bounded.quantile(1.0), bounded.cdf(9.0), bounded.cdf(100.0)), (9.0, 1.0, 1.0));
        let heavy = GeneralizedExtremeValue::new(5.0, 2.0, 0.5).unwrap();
        assert_eq!((heavy.cdf(1.0), heavy.variance(), heavy.quantile(1.0)), (0.0, None, f64::INFINITY));
    }
}
