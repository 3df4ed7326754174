//! The double triangular distribution.

use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Double triangular distribution: half of the draws rise linearly from `min` to `mode`, half fall from `mode` to
/// `max`.
///
/// So the mode is the median, unlike in the triangular distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DoubleTriangular {
    min: f64,
    max: f64,
    mode: f64,
}

impl DoubleTriangular {
    /// Double triangular distribution of its ends and its mode, in Guesstimate's order.
    ///
    /// # Parameters
    /// - `min`, `max`, `mode`: in the model's unit, finite, in any order: each side is the triangle that stands on its
    ///   end and has its peak at the mode. A mode outside the ends folds both sides over each other, which
    ///   [`super::Distribution::warnings`] points out.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if any is infinite or NaN.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, DoubleTriangular};
    /// let d = Distribution::DoubleTriangular(DoubleTriangular::new(100.0, 500.0, 120.0)?);
    /// assert_eq!(d.cdf(120.0), Some(0.5));
    /// assert!((d.mean().unwrap() - 180.0).abs() < 1e-12);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(min: f64, max: f64, mode: f64) -> Result<Self, DistError> {
        Ok(Self {
            min: require("doubleTriangular", "minimum", Requirement::Finite, min)?,
            max: require("doubleTriangular", "maximum", Requirement::Finite, max)?,
            mode: require("doubleTriangular", "mode", Requirement::Finite, mode)?,
        })
    }

    /// Minimum, maximum and mode, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 3] {
        [self.min, self.max, self.mode]
    }

    /// Whether the mode lies between the ends, in either order.
    pub(crate) fn is_ordered(&self) -> bool {
        let (low, high) = (self.min.min(self.max), self.min.max(self.max));
        low <= self.mode && self.mode <= high
    }

    pub(crate) fn mean(&self) -> f64 {
        // Each side has its mean at two thirds of the way from its end to the mode.
        (self.min + self.max + 4.0 * self.mode) / 6.0
    }

    pub(crate) fn variance(&self) -> f64 {
        let mean = self.mean();
        let side = |end: f64| {
            let (centre, width) = ((end + 2.0 * self.mode) / 3.0 - mean, self.mode - end);
            centre * centre + width * width / 18.0
        };
        f64::midpoint(side(self.min), side(self.max))
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        f64::midpoint(self.side_cdf(self.min, x), self.side_cdf(self.max, x))
    }

    /// Distribution function of the triangle that stands on `end` and has its peak at the mode.
    fn side_cdf(&self, end: f64, x: f64) -> f64 {
        if end == self.mode {
            return f64::from(x >= end);
        }
        let along = ((x - end) / (self.mode - end)).clamp(0.0, 1.0);
        if end < self.mode { along * along } else { (1.0 - along) * (1.0 + along) }
    }

    /// Quantile; `None` where a mode outside the ends makes the two sides overlap.
    pub(crate) fn quantile(&self, p: f64) -> Option<f64> {
        let (low, high) = (self.min.min(self.max), self.min.max(self.max));
        self.is_ordered().then(|| transform(p, low, high, self.mode))
    }
}

/// Draws: one uniform each.
pub(crate) fn draw<E: Engine, L: Column, H: Column, M: Column>(
    rng: &mut BlockRng,
    out: &mut [f64],
    (min, max, mode): (L, H, M),
) {
    E::unit(rng, out);
    E::map3::<Transform, _, _, _>(out, min, max, mode);
}

kernel!(Transform = transform(u, min, max, mode));

#[inline(always)]
fn transform(u: f64, min: f64, max: f64, mode: f64) -> f64 {
    let rising = (2.0 * u).sqrt().mul_add(mode - min, min);
    let falling = (2.0 * (1.0 - u)).sqrt().mul_add(mode - max, max);
    let value = if u < 0.5 { rising } else { falling };
    // Half of the lanes would not notice that the other side is missing.
    if min.is_nan() | max.is_nan() { f64::NAN } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_and_nan_parameters_are_refused() {
        for bad in [f64::NAN, f64::INFINITY] {
            assert!(DoubleTriangular::new(bad, 1.0, 0.5).is_err());
            assert!(DoubleTriangular::new(0.0, bad, 0.5).is_err());
            assert!(DoubleTriangular::new(0.0, 1.0, bad).is_err());
        }
    }

    #[test]
    fn quantile_inverts_cdf() {
        for (min, max, mode) in [(0.0, 10.0, 2.0), (10.0, 0.0, 2.0)] {
            let d = DoubleTriangular::new(min, max, mode).unwrap();
            for p in [0.001, 0.2, 0.5, 0.51, 0.99] {
                assert!((d.cdf(d.quantile(p).unwrap()) - p).abs() < 1e-13, "{min} {max} {mode} {p}");
            }
        }
        assert_eq!(DoubleTriangular::new(0.0, 10.0, 12.0).unwrap().quantile(0.5), None);
    }

    #[test]
    fn a_mode_at_an_end_is_half_a_point_mass() {
        let d = DoubleTriangular::new(0.0, 10.0, 0.0).unwrap();
        assert_eq!((d.cdf(-0.1), d.cdf(0.0), d.cdf(10.0)), (0.0, 0.5, 1.0));
    }
}
