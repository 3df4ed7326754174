//! The Weibull distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Distribution of `scale * e^(1 / shape)` with `e` standard exponential.
///
/// For `scale > 0` and `shape > 0` its distribution function is `1 - exp(-(x / scale)^shape)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weibull {
    scale: f64,
    shape: f64,
}

impl Weibull {
    /// Weibull distribution of a scale and a shape, in Guesstimate's order.
    ///
    /// # Parameters
    /// - `scale`: in the model's unit, finite; a negative one mirrors the distribution.
    /// - `shape`: finite. A negative one is the distribution of the reciprocal (Fréchet); at 0 the draws are 0 and
    ///   infinity. Both as in Guesstimate.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is infinite or NaN.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Weibull};
    /// let d = Distribution::Weibull(Weibull::new(2.0, 1.5)?);
    /// assert!((d.mean().unwrap() - 1.805_490_585_901_867).abs() < 1e-12);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(scale: f64, shape: f64) -> Result<Self, DistError> {
        Ok(Self {
            scale: require("weibull", "scale", Requirement::Finite, scale)?,
            shape: require("weibull", "shape", Requirement::Finite, shape)?,
        })
    }

    /// Scale and shape, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.scale, self.shape]
    }

    /// `E e^(order / shape) = gamma(1 + order / shape)`, which exists above -1.
    fn standard_moment(&self, order: f64) -> Option<f64> {
        let exponent = order / self.shape;
        (exponent > -1.0 && exponent.is_finite()).then(|| math::special::gamma(1.0 + exponent))
    }

    pub(crate) fn mean(&self) -> Option<f64> {
        Some(self.scale * self.standard_moment(1.0)?)
    }

    pub(crate) fn variance(&self) -> Option<f64> {
        let first = self.standard_moment(1.0)?;
        Some(self.scale * self.scale * (-first).mul_add(first, self.standard_moment(2.0)?))
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if self.scale == 0.0 {
            return f64::from(x >= 0.0);
        }
        let ratio = x / self.scale;
        let below = if ratio <= 0.0 {
            0.0
        } else if self.shape < 0.0 {
            math::exp(-math::pow(ratio, self.shape))
        } else {
            -math::exp_m1(-math::pow(ratio, self.shape))
        };
        if self.scale > 0.0 { below } else { 1.0 - below }
    }

    #[inline(always)]
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        let rising = (self.scale >= 0.0) == (self.shape >= 0.0);
        let exponential = if rising { -math::ln_1p(-p) } else { -math::ln(p) };
        power(exponential, self.scale, self.shape)
    }
}

/// Draws: one uniform each.
pub(crate) fn draw<E: Engine, S: Column, K: Column>(rng: &mut BlockRng, out: &mut [f64], scale: S, shape: K) {
    E::open(rng, out);
    E::map2::<Transform, _, _>(out, scale, shape);
}

kernel!(Transform = transform(u, scale, shape));

#[inline(always)]
fn transform(u: f64, scale: f64, shape: f64) -> f64 {
    power(-math::ln(u), scale, shape)
}

#[inline(always)]
fn power(exponential: f64, scale: f64, shape: f64) -> f64 {
    scale * math::exp(math::ln(exponential) * shape.recip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_and_nan_parameters_are_refused() {
        for (scale, shape) in [(f64::NAN, 1.0), (1.0, f64::NAN), (f64::INFINITY, 1.0), (1.0, f64::INFINITY)] {
            assert!(matches!(Weibull::new(scale, shape), Err(DistError::Parameter { .. })), "{scale} {shape}");
        }
    }

    #[test]
    fn quantile_inverts_cdf_for_every_sign() {
        for (scale, shape) in [(2.0, 1.5), (-2.0, 1.5), (2.0, -1.5), (-2.0, -1.5)] {
            let d = Weibull::new(scale, shape).unwrap();
            for p in [0.001, 0.3, 0.5, 0.99] {
                assert!((d.cdf(d.quantile(p)) - p).abs() < 1e-12, "{scale} {shape} {p}");
            }
        }
    }

    #[test]
    fn zero_shape_draws_zero_and_infinity() {
        assert_eq!((transform(0.9, 1.0, 0.0), transform(0.1, 1.0, 0.0)), (0.0, f64::INFINITY));
    }

    #[test]
    fn moments_end_where_the_tail_is_too_heavy() {
        assert_eq!(Weibull::new(1.0, -1.0).unwrap().mean(), None);
        assert_eq!(Weibull::new(1.0, -2.0).unwrap().variance(), None);
        assert_eq!(Weibull::new(1.0, 0.0).unwrap().mean(), None);
    }
}
