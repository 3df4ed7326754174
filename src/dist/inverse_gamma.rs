//! The inverse gamma distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{CHUNK, Column, Engine, kernel};
use super::error::{DistError, Requirement, require};
use super::gamma::standard_cdf;
use super::standard::fill_gamma;

/// Distribution of `scale / g` with `g` a gamma draw of the shape and scale 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InverseGamma {
    shape: f64,
    scale: f64,
}

impl InverseGamma {
    /// Inverse gamma distribution of a shape and a scale; for `shape > 1` the mean is `scale / (shape - 1)`.
    ///
    /// # Parameters
    /// - `shape`: finite; at 0 every draw is infinite, and shapes between -2/3 and 0 follow Guesstimate's continuation
    ///   (see [`super::Gamma::new`]).
    /// - `scale`: in the model's unit, finite; 0 is the constant 0, a negative one mirrors the distribution.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if `shape <= -2/3` or if either is infinite or NaN.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, InverseGamma};
    /// let d = Distribution::InverseGamma(InverseGamma::new(3.0, 2.0)?);
    /// assert_eq!((d.mean(), d.variance()), (Some(1.0), Some(1.0)));
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(shape: f64, scale: f64) -> Result<Self, DistError> {
        Ok(Self {
            shape: require("invgamma", "shape", Requirement::GammaShape, shape)?,
            scale: require("invgamma", "scale", Requirement::Finite, scale)?,
        })
    }

    /// Shape and scale, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.shape, self.scale]
    }

    pub(crate) fn mean(&self) -> Option<f64> {
        (self.shape > 1.0).then(|| self.scale / (self.shape - 1.0))
    }

    pub(crate) fn variance(&self) -> Option<f64> {
        let mean = self.mean()?;
        (self.shape > 2.0).then(|| mean * mean / (self.shape - 2.0))
    }

    /// Distribution function; `None` for shapes of 0 and below.
    pub(crate) fn cdf(&self, x: f64) -> Option<f64> {
        if self.shape <= 0.0 {
            return None;
        }
        if self.scale == 0.0 {
            return Some(f64::from(x >= 0.0));
        }
        let standard = self.scale / x;
        Some(match (self.scale > 0.0, standard > 0.0) {
            (true, true) => math::special::incomplete_gamma_upper(self.shape, standard),
            (true, false) => 0.0,
            (false, true) => standard_cdf(self.shape, standard),
            (false, false) => 1.0,
        })
    }

    /// Quantile; `None` for shapes of 0 and below.
    pub(crate) fn quantile(&self, p: f64) -> Option<f64> {
        if self.shape <= 0.0 {
            return None;
        }
        if self.scale == 0.0 {
            return Some(0.0);
        }
        // A large gamma draw is a small inverse.
        let gamma = if self.scale > 0.0 {
            math::special::inverse_incomplete_gamma_upper(self.shape, p)
        } else {
            math::special::inverse_incomplete_gamma(self.shape, p)
        };
        Some(self.scale / gamma)
    }
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
    scale / gamma * math::exp(-boost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_minus_two_thirds_and_below_infinite_and_nan_parameters_are_refused() {
        for (shape, scale) in
            [(-1.0, 1.0), (f64::NAN, 1.0), (f64::INFINITY, 1.0), (1.0, f64::NAN), (1.0, f64::INFINITY)]
        {
            assert!(matches!(InverseGamma::new(shape, scale), Err(DistError::Parameter { .. })), "{shape} {scale}");
        }
    }

    #[test]
    fn quantile_inverts_cdf() {
        for (shape, scale) in [(3.0, 2.0), (0.7, -2.0)] {
            let d = InverseGamma::new(shape, scale).unwrap();
            for p in [0.01, 0.5, 0.99] {
                assert!((d.cdf(d.quantile(p).unwrap()).unwrap() - p).abs() < 1e-11, "{shape} {scale} {p}");
            }
        }
    }

    #[test]
    fn moments_end_where_the_tail_is_too_heavy() {
        assert_eq!(InverseGamma::new(1.0, 1.0).unwrap().mean(), None);
        assert_eq!(InverseGamma::new(2.0, 1.0).unwrap().variance(), None);
    }
}
