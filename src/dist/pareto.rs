//! The Pareto distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Pareto distribution: values from `scale` up, of which the share `(scale / x)^shape` exceeds `x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pareto {
    scale: f64,
    shape: f64,
}

impl Pareto {
    /// Pareto distribution of its smallest value and the exponent of its tail.
    ///
    /// # Parameters
    /// - `scale`: smallest value, in the model's unit, finite, above 0.
    /// - `shape`: exponent of the tail, finite, above 0. The mean exists above 1, the variance above 2.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is 0 or below, infinite or NaN.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Pareto};
    /// let d = Distribution::Pareto(Pareto::new(10.0, 2.0)?);
    /// assert_eq!((d.mean(), d.variance(), d.cdf(20.0)), (Some(20.0), None, Some(0.75)));
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(scale: f64, shape: f64) -> Result<Self, DistError> {
        Ok(Self {
            scale: require("pareto", "scale", Requirement::Positive, scale)?,
            shape: require("pareto", "shape", Requirement::Positive, shape)?,
        })
    }

    /// Scale and shape, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.scale, self.shape]
    }

    pub(crate) fn mean(&self) -> Option<f64> {
        (self.shape > 1.0).then(|| self.scale * (self.shape / (self.shape - 1.0)))
    }

    pub(crate) fn variance(&self) -> Option<f64> {
        let ratio = self.scale / (self.shape - 1.0);
        (self.shape > 2.0).then(|| ratio * ratio * self.shape / (self.shape - 2.0))
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if x <= self.scale { 0.0 } else { 1.0 - math::pow(self.scale / x, self.shape) }
    }

    #[inline(always)]
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        self.scale * math::exp(-math::ln_1p(-p) / self.shape)
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
    let value = scale * math::exp(-math::ln(u) / shape);
    if (scale > 0.0) & (shape > 0.0) { value } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_0_and_below_infinite_and_nan_are_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(Pareto::new(bad, 1.0), Err(DistError::Parameter { .. })), "{bad}");
            assert!(matches!(Pareto::new(1.0, bad), Err(DistError::Parameter { .. })), "{bad}");
        }
    }

    #[test]
    fn quantile_inverts_cdf() {
        let d = Pareto::new(10.0, 2.5).unwrap();
        for p in [0.001, 0.5, 0.999] {
            assert!((d.cdf(d.quantile(p)) - p).abs() < 1e-14, "{p}");
        }
        assert_eq!((d.quantile(0.0), d.quantile(1.0)), (10.0, f64::INFINITY));
    }
}
