//! The gamma distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{CHUNK, Column, Engine, kernel};
use super::error::{DistError, Requirement, require};
use super::standard::fill_gamma;

/// Gamma distribution with density `x^(shape - 1) exp(-x / scale) / (Gamma(shape) scale^shape)`, `x > 0`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gamma {
    shape: f64,
    scale: f64,
}

impl Gamma {
    /// Gamma distribution of a shape and a scale; the mean is their product.
    ///
    /// # Parameters
    /// - `shape`: finite, at least 0; 0 is the constant 0. Shapes between -2/3 and 0 belong to no gamma distribution:
    ///   they draw what Guesstimate draws, `g u^(1 / shape)` with `g` a gamma draw of shape `shape + 1` and `u`
    ///   uniform, and [`super::Distribution::warnings`] says so.
    /// - `scale`: in the model's unit, finite; 0 is the constant 0, a negative one mirrors the distribution.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if `shape <= -2/3` or if either is infinite or NaN.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Gamma};
    /// let d = Distribution::Gamma(Gamma::new(2.0, 3.0)?);
    /// assert_eq!((d.mean(), d.variance()), (Some(6.0), Some(18.0)));
    /// assert!((d.cdf(6.0).unwrap() - 0.593_994_150_290_161_9).abs() < 1e-13); // 1 - 3 exp(-2)
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(shape: f64, scale: f64) -> Result<Self, DistError> {
        Ok(Self {
            shape: require("gamma", "shape", Requirement::GammaShape, shape)?,
            scale: require("gamma", "scale", Requirement::Finite, scale)?,
        })
    }

    /// Shape and scale, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.shape, self.scale]
    }

    pub(crate) fn mean(&self) -> Option<f64> {
        standard_moments(self.shape).map(|(mean, _)| mean * self.scale)
    }

    pub(crate) fn variance(&self) -> Option<f64> {
        standard_moments(self.shape).map(|(_, variance)| variance * self.scale * self.scale)
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if self.scale == 0.0 {
            return f64::from(x >= 0.0);
        }
        let standard = x / self.scale;
        if self.scale > 0.0 {
            standard_cdf(self.shape, standard)
        } else if self.shape == 0.0 {
            f64::from(x >= 0.0)
        } else {
            1.0 - standard_cdf(self.shape, standard)
        }
    }

    pub(crate) fn quantile(&self, p: f64) -> Option<f64> {
        let p = if self.scale < 0.0 { 1.0 - p } else { p };
        Some(self.scale * standard_quantile(self.shape, p)?)
    }
}

/// Mean and variance of the gamma distribution of scale 1; none for Guesstimate's continuation, whose mean is infinite.
pub(crate) fn standard_moments(shape: f64) -> Option<(f64, f64)> {
    (shape >= 0.0).then_some((shape, shape))
}

/// Distribution function of the gamma distribution of scale 1.
///
/// For shapes in (-2/3, 0) that of Guesstimate's continuation `X = G U^(1/s)`, with `G` of shape `s + 1`:
/// `P(X <= x) = E[1 - (x/G)^s; G <= x] = P(s + 1, x) - x^s (1 - exp(-x)) / Gamma(s + 1)`.
pub(crate) fn standard_cdf(shape: f64, x: f64) -> f64 {
    if x < 0.0 || x.is_nan() {
        return if x.is_nan() { x } else { 0.0 };
    }
    if shape == 0.0 || x == f64::INFINITY {
        return 1.0;
    }
    if shape > 0.0 {
        return math::special::incomplete_gamma_lower(shape, x);
    }
    if x == 0.0 {
        return 0.0;
    }
    let tail = -math::exp_m1(-x) * math::pow(x, shape) / math::special::gamma(shape + 1.0);
    math::special::incomplete_gamma_lower(shape + 1.0, x) - tail
}

/// Quantile of the gamma distribution of scale 1; none for Guesstimate's continuation.
pub(crate) fn standard_quantile(shape: f64, p: f64) -> Option<f64> {
    if shape == 0.0 {
        return Some(0.0);
    }
    (shape > 0.0).then(|| math::special::inverse_incomplete_gamma(shape, p))
}

/// Draws: see [`fill_gamma`].
pub(crate) fn draw<E: Engine, A: Column, S: Column>(rng: &mut BlockRng, out: &mut [f64], shape: A, scale: S) {
    let mut boost = [0.0; CHUNK];
    let mut start = 0;
    for part in out.chunks_mut(CHUNK) {
        let (len, boost) = (part.len(), &mut boost[..part.len()]);
        fill_gamma::<E, A>(rng, shape.part(start, len), part, boost);
        E::map2::<Transform, _, _>(part, &*boost, scale.part(start, len));
        start += len;
    }
}

kernel!(Transform = transform(gamma, boost, scale));

#[inline(always)]
fn transform(gamma: f64, boost: f64, scale: f64) -> f64 {
    gamma * math::exp(boost) * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_minus_two_thirds_and_below_infinite_and_nan_parameters_are_refused() {
        for (shape, scale) in
            [(-0.67, 1.0), (f64::NAN, 1.0), (f64::INFINITY, 1.0), (1.0, f64::NAN), (1.0, f64::INFINITY)]
        {
            assert!(matches!(Gamma::new(shape, scale), Err(DistError::Parameter { .. })), "{shape} {scale}");
        }
    }

    #[test]
    fn shape_zero_and_scale_zero_are_the_constant_zero() {
        for (shape, scale) in [(0.0, 2.0), (0.0, -2.0), (3.0, 0.0)] {
            let d = Gamma::new(shape, scale).unwrap();
            assert_eq!((d.mean(), d.variance(), d.cdf(-0.1), d.cdf(0.0)), (Some(0.0), Some(0.0), 0.0, 1.0));
        }
    }

    #[test]
    fn quantile_inverts_cdf() {
        for (shape, scale) in [(0.5, 2.0), (2.5, -1.0), (100.0, 0.1)] {
            let d = Gamma::new(shape, scale).unwrap();
            for p in [0.001, 0.5, 0.99] {
                assert!((d.cdf(d.quantile(p).unwrap()) - p).abs() < 1e-11, "{shape} {scale} {p}");
            }
        }
    }

    #[test]
    fn the_continuation_has_a_distribution_function_but_no_mean() {
        let d = Gamma::new(-0.5, 1.0).unwrap();
        assert_eq!((d.mean(), d.quantile(0.5)), (None, None));
        let (low, high) = (d.cdf(0.1), d.cdf(1e6));
        assert!(0.0 < low && low < 0.5 && high > 0.999 && high < 1.0, "{low} {high}");
    }
}
