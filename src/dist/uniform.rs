//! The continuous uniform distribution.

use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Uniform distribution between two ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uniform {
    low: f64,
    high: f64,
}

impl Uniform {
    /// Uniform distribution between `low` and `high`, in either order; equal ends are a constant.
    ///
    /// # Parameters
    /// - `low`, `high`: in the model's unit, finite. Their difference may exceed the largest `f64`.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is infinite or NaN.
    ///
    /// # Numerics
    /// Draws are `low + u (high - low)` rounded once, with `u` in [0, 1): the far end itself can appear by rounding.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Uniform};
    /// let d = Distribution::Uniform(Uniform::new(5.0, 2.0)?);
    /// assert_eq!(d.mean(), Some(3.5));
    /// assert_eq!(d.cdf(2.75), Some(0.25));
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(low: f64, high: f64) -> Result<Self, DistError> {
        Ok(Self {
            low: require("uniform", "minimum", Requirement::Finite, low)?,
            high: require("uniform", "maximum", Requirement::Finite, high)?,
        })
    }

    /// The two ends, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.low, self.high]
    }

    pub(crate) fn mean(&self) -> f64 {
        f64::midpoint(self.low, self.high)
    }

    pub(crate) fn variance(&self) -> f64 {
        let width = self.high - self.low;
        width * width / 12.0
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        let (low, high) = (self.low.min(self.high), self.low.max(self.high));
        if x >= high {
            1.0
        } else if x <= low {
            0.0
        } else {
            (0.5 * x - 0.5 * low) / (0.5 * high - 0.5 * low)
        }
    }

    #[inline(always)]
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        transform(p, self.low.min(self.high), self.low.max(self.high))
    }
}

/// Draws: one uniform each.
pub(crate) fn draw<E: Engine, L: Column, H: Column>(rng: &mut BlockRng, out: &mut [f64], low: L, high: H) {
    E::unit(rng, out);
    E::map2::<Transform, _, _>(out, low, high);
}

kernel!(Transform = transform(u, low, high));

/// `low + u (high - low)`, halved and doubled where the difference overflows.
#[inline(always)]
fn transform(u: f64, low: f64, high: f64) -> f64 {
    let width = high - low;
    let (scale, unscale) = if width.abs() <= f64::MAX { (1.0, 1.0) } else { (0.5, 2.0) };
    u.mul_add(high * scale - low * scale, low * scale) * unscale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_and_nan_ends_are_refused() {
        for (low, high) in [(f64::NAN, 1.0), (0.0, f64::NAN), (f64::NEG_INFINITY, 0.0), (0.0, f64::INFINITY)] {
            assert!(matches!(Uniform::new(low, high), Err(DistError::Parameter { .. })), "{low} {high}");
        }
    }

    #[test]
    fn a_range_wider_than_the_largest_number_does_not_overflow() {
        assert_eq!(transform(0.5, -1e308, 1e308), 0.0);
        assert!((transform(0.75, -1e308, 1e308) - 5e307).abs() < 1e292);
        assert_eq!(Uniform::new(-1e308, 1e308).unwrap().cdf(0.0), 0.5);
    }

    #[test]
    fn equal_ends_are_a_constant() {
        let d = Uniform::new(3.0, 3.0).unwrap();
        assert_eq!((transform(0.7, 3.0, 3.0), d.cdf(2.9), d.cdf(3.0), d.variance()), (3.0, 0.0, 1.0, 0.0));
    }
}
