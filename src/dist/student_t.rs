//! Student's t distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{CHUNK, Column, Engine, Halved, kernel};
use super::error::{DistError, Requirement, require};
use super::standard::{fill_gamma, fill_normal};

/// Student's t distribution: a standard normal over the root of an independent chi-squared draw a degree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudentT {
    degrees: f64,
}

impl StudentT {
    /// Student's t distribution of its degrees of freedom.
    ///
    /// # Parameters
    /// - `degrees`: finite, above 0, need not be whole. The mean exists above 1, the variance above 2.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if `degrees <= 0`, infinite or NaN.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, StudentT};
    /// let d = Distribution::StudentT(StudentT::new(5.0)?);
    /// assert!((d.quantile(0.975).unwrap() - 2.570_581_835_636_314).abs() < 1e-10);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(degrees: f64) -> Result<Self, DistError> {
        Ok(Self { degrees: require("studentt", "degrees of freedom", Requirement::Positive, degrees)? })
    }

    /// Degrees of freedom, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 1] {
        [self.degrees]
    }

    pub(crate) fn mean(&self) -> Option<f64> {
        (self.degrees > 1.0).then_some(0.0)
    }

    pub(crate) fn variance(&self) -> Option<f64> {
        (self.degrees > 2.0).then(|| self.degrees / (self.degrees - 2.0))
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        let square = x * x;
        // The share outside [-|x|, |x|], from whichever argument of the beta function is exact.
        let outside = if square < self.degrees {
            math::special::incomplete_beta_upper(0.5, 0.5 * self.degrees, square / (self.degrees + square))
        } else {
            math::special::incomplete_beta(0.5 * self.degrees, 0.5, self.degrees / (self.degrees + square))
        };
        if x < 0.0 { 0.5 * outside } else { 0.5f64.mul_add(-outside, 1.0) }
    }

    pub(crate) fn quantile(&self, p: f64) -> f64 {
        let tail = p.min(1.0 - p);
        if tail == 0.5 {
            return 0.0;
        }
        let share = math::special::inverse_incomplete_beta(0.5 * self.degrees, 0.5, 2.0 * tail);
        let size = (self.degrees * (1.0 - share) / share).sqrt();
        if p < 0.5 { -size } else { size }
    }
}

/// Draws: a normal and a gamma draw each.
pub(crate) fn draw<E: Engine, D: Column>(rng: &mut BlockRng, out: &mut [f64], degrees: D) {
    let (mut gamma, mut boost) = ([0.0; CHUNK], [0.0; CHUNK]);
    let mut start = 0;
    for part in out.chunks_mut(CHUNK) {
        let len = part.len();
        let degrees = degrees.part(start, len);
        fill_normal::<E>(rng, part);
        fill_gamma::<E, _>(rng, Halved(degrees), &mut gamma[..len], &mut boost[..len]);
        E::map3::<Transform, _, _, _>(part, &gamma[..len], &boost[..len], degrees);
        start += len;
    }
}

kernel!(Transform = transform(normal, gamma, boost, degrees));

#[inline(always)]
fn transform(normal: f64, gamma: f64, boost: f64, degrees: f64) -> f64 {
    let value = normal * (0.5 * degrees / gamma).sqrt() * math::exp(-0.5 * boost);
    if degrees > 0.0 { value } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_of_0_and_below_infinite_and_nan_are_refused() {
        for degrees in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(StudentT::new(degrees), Err(DistError::Parameter { .. })), "{degrees}");
        }
    }

    #[test]
    fn one_degree_is_cauchy_and_quantile_inverts_cdf() {
        let d = StudentT::new(1.0).unwrap();
        for x in [-100.0_f64, -1.0, 0.0, 0.3, 7.0] {
            assert!((d.cdf(x) - (0.5 + x.atan() / std::f64::consts::PI)).abs() < 1e-13, "{x}");
        }
        for p in [0.001, 0.25, 0.5, 0.9] {
            assert!((d.cdf(d.quantile(p)) - p).abs() < 1e-11, "{p}");
        }
    }
}
