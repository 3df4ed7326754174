//! The PERT distribution.

use crate::rng::BlockRng;

use super::beta::{self, Beta};
use super::column::{CHUNK, Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// PERT distribution: a beta distribution stretched over `[min, max]` with its peak at `mode`.
///
/// The shapes are `1 + lambda (mode - min) / (max - min)` and `1 + lambda (max - mode) / (max - min)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pert {
    min: f64,
    max: f64,
    mode: f64,
    lambda: f64,
    beta: Beta,
}

impl Pert {
    /// PERT distribution of its ends, its mode and the weight of the mode, in Guesstimate's order.
    ///
    /// # Parameters
    /// - `min`, `max`, `mode`: in the model's unit, finite, `min != max`; reversed ends name the same distribution. A
    ///   mode outside the ends is accepted as far as both shapes stay above -2/3 (see [`super::Gamma::new`] for shapes
    ///   below 0), and [`super::Distribution::warnings`] points it out.
    /// - `lambda`: weight of the mode, finite; 4 is customary, 0 is the uniform distribution.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if any is infinite or NaN, if `min = max`, or if a shape is `<= -2/3`.
    ///
    /// # Source
    /// D. Vose, "Risk Analysis", 3rd ed. 2008 (modified PERT).
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Pert};
    /// let d = Distribution::Pert(Pert::new(0.0, 10.0, 2.0, 4.0)?);
    /// assert!((d.mean().unwrap() - 3.0).abs() < 1e-14); // (0 + 4 * 2 + 10) / 6
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(min: f64, max: f64, mode: f64, lambda: f64) -> Result<Self, DistError> {
        require("PERT", "minimum", Requirement::Finite, min)?;
        require("PERT", "maximum", Requirement::Finite, max)?;
        require("PERT", "mode", Requirement::Finite, mode)?;
        require("PERT", "weight of the mode", Requirement::Finite, lambda)?;
        if min == max {
            let (distribution, parameter) = ("PERT", "maximum");
            return Err(DistError::Parameter {
                distribution,
                parameter,
                requirement: Requirement::Distinct,
                found: max,
            });
        }
        let (alpha, other) = (shape(mode - min, min, max, lambda), shape(max - mode, min, max, lambda));
        require("PERT", "first shape (from minimum, mode and weight)", Requirement::GammaShape, alpha)?;
        require("PERT", "second shape (from maximum, mode and weight)", Requirement::GammaShape, other)?;
        Ok(Self { min, max, mode, lambda, beta: Beta::new(alpha, other)? })
    }

    /// Minimum, maximum, mode and weight of the mode, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 4] {
        [self.min, self.max, self.mode, self.lambda]
    }

    /// Whether the mode lies between the ends, in either order.
    pub(crate) fn is_ordered(&self) -> bool {
        let (low, high) = (self.min.min(self.max), self.min.max(self.max));
        low <= self.mode && self.mode <= high
    }

    pub(crate) fn mean(&self) -> Option<f64> {
        self.beta.mean().map(|mean| stretch(mean, self.min, self.max))
    }

    pub(crate) fn variance(&self) -> Option<f64> {
        let width = self.max - self.min;
        self.beta.variance().map(|variance| variance * width * width)
    }

    pub(crate) fn cdf(&self, x: f64) -> Option<f64> {
        let along = self.beta.cdf((x - self.min) / (self.max - self.min))?;
        Some(if self.min < self.max { along } else { 1.0 - along })
    }

    pub(crate) fn quantile(&self, p: f64) -> Option<f64> {
        let p = if self.min < self.max { p } else { 1.0 - p };
        self.beta.quantile(p).map(|along| stretch(along, self.min, self.max))
    }
}

/// Draws: a beta draw each, stretched.
pub(crate) fn draw<E: Engine, L: Column, H: Column, M: Column, W: Column>(
    rng: &mut BlockRng,
    out: &mut [f64],
    (min, max, mode, lambda): (L, H, M, W),
) {
    let (mut alpha, mut other) = ([0.0; CHUNK], [0.0; CHUNK]);
    let mut start = 0;
    for part in out.chunks_mut(CHUNK) {
        let len = part.len();
        let (min, max) = (min.part(start, len), max.part(start, len));
        let (mode, lambda) = (mode.part(start, len), lambda.part(start, len));
        for lane in 0..len {
            let (low, high, mode, lambda) = (min.lane(lane), max.lane(lane), mode.lane(lane), lambda.lane(lane));
            alpha[lane] = shape(mode - low, low, high, lambda);
            other[lane] = shape(high - mode, low, high, lambda);
        }
        beta::draw::<E, _, _>(rng, part, &alpha[..len], &other[..len]);
        E::map2::<Stretch, _, _>(part, min, max);
        start += len;
    }
}

#[inline(always)]
fn shape(distance: f64, min: f64, max: f64, lambda: f64) -> f64 {
    1.0 + lambda * distance / (max - min)
}

kernel!(Stretch = stretch(along, min, max));

#[inline(always)]
fn stretch(along: f64, min: f64, max: f64) -> f64 {
    along.mul_add(max - min, min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ends_far_modes_infinite_and_nan_parameters_are_refused() {
        for (min, max, mode, lambda) in [
            (5.0, 5.0, 5.0, 4.0),
            (0.0, 10.0, 15.0, 4.0),
            (f64::NAN, 1.0, 0.5, 4.0),
            (0.0, f64::NAN, 0.5, 4.0),
            (0.0, 1.0, f64::NAN, 4.0),
            (0.0, 1.0, 0.5, f64::NAN),
            (0.0, f64::INFINITY, 0.5, 4.0),
        ] {
            let result = Pert::new(min, max, mode, lambda);
            assert!(matches!(result, Err(DistError::Parameter { .. })), "{min} {max} {mode} {lambda}");
        }
    }

    #[test]
    fn reversed_ends_name_the_same_distribution() {
        let (forth, back) = (Pert::new(0.0, 10.0, 3.0, 4.0).unwrap(), Pert::new(10.0, 0.0, 3.0, 4.0).unwrap());
        assert!((forth.mean().unwrap() - back.mean().unwrap()).abs() < 1e-14);
        for x in [1.0, 5.0, 9.0] {
            assert!((forth.cdf(x).unwrap() - back.cdf(x).unwrap()).abs() < 1e-12, "{x}");
        }
        assert!((forth.quantile(0.2).unwrap() - back.quantile(0.2).unwrap()).abs() < 1e-10);
    }
}
