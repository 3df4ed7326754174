//! Uniformly distributed integers.

use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Distribution of `floor(min + u (max - min))` with `u` uniform in [0, 1): the integers from `min` to below `max`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandomInteger {
    min: f64,
    max: f64,
}

impl RandomInteger {
    /// Integers from `min` up to, but not including, `max`.
    ///
    /// # Parameters
    /// - `min`, `max`: finite. Whole numbers give equally likely integers; others cut the first and last of them short,
    ///   as in Guesstimate. Equal ends are the constant `floor(min)`; reversed ends count down from below `min` to
    ///   `max`.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is infinite or NaN.
    ///
    /// # Numerics
    /// Each probability is right to 2^-53; beyond a range of 2^53 only every so many integers can appear.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, RandomInteger};
    /// let d = Distribution::RandomInteger(RandomInteger::new(0.0, 100.0)?);
    /// assert_eq!((d.mean(), d.cdf(40.0)), (Some(49.5), Some(0.41)));
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(min: f64, max: f64) -> Result<Self, DistError> {
        Ok(Self {
            min: require("randomInt", "minimum", Requirement::Finite, min)?,
            max: require("randomInt", "maximum", Requirement::Finite, max)?,
        })
    }

    /// The two ends, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.min, self.max]
    }

    fn ends(&self) -> (f64, f64) {
        (self.min.min(self.max), self.min.max(self.max))
    }

    /// First and last integer with their probabilities, and the probability of each integer between.
    fn weights(&self) -> ((f64, f64), (f64, f64), f64) {
        let ((low, high), width) = (self.ends(), (self.max - self.min).abs());
        let (first, last) = (low.floor(), high.ceil() - 1.0);
        if width == 0.0 || last <= first {
            return ((first, 1.0), (first, 0.0), 0.0);
        }
        ((first, (first + 1.0 - low) / width), (last, (high - last) / width), width.recip())
    }

    pub(crate) fn mean(&self) -> f64 {
        let ((first, first_weight), (last, last_weight), each) = self.weights();
        let between = (last - first - 1.0).max(0.0);
        first * first_weight + last * last_weight + between * each * f64::midpoint(first, last)
    }

    pub(crate) fn variance(&self) -> f64 {
        let ((first, first_weight), (last, last_weight), each) = self.weights();
        let (mean, between) = (self.mean(), (last - first - 1.0).max(0.0));
        let about = |value: f64| (value - mean) * (value - mean);
        // Equally likely neighbours: n times their own variance (n^2 - 1) / 12 plus the distance of their centre.
        let inner = (between * between - 1.0) / 12.0 + about(f64::midpoint(first, last));
        about(first) * first_weight + about(last) * last_weight + between * each * inner
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        let (low, high) = self.ends();
        let below = x.floor() + 1.0;
        if low == high {
            return f64::from(below > low);
        }
        ((below - low) / (high - low)).clamp(0.0, 1.0)
    }

    pub(crate) fn quantile(&self, p: f64) -> f64 {
        let (low, high) = self.ends();
        if low == high {
            return low.floor();
        }
        let position = p.mul_add(high - low, low);
        // A position on an integer is still covered by the integer below it.
        (position.ceil() - 1.0).clamp(low.floor(), high.ceil() - 1.0)
    }
}

/// Draws: one uniform each.
pub(crate) fn draw<E: Engine, L: Column, H: Column>(rng: &mut BlockRng, out: &mut [f64], min: L, max: H) {
    E::unit(rng, out);
    E::map2::<Transform, _, _>(out, min, max);
}

kernel!(Transform = transform(u, min, max));

/// Rounded down, and kept below the upper end, which the multiplication can reach by rounding.
#[inline(always)]
fn transform(u: f64, min: f64, max: f64) -> f64 {
    let value = u.mul_add(max - min, min).floor();
    let high = if min < max { max } else { min };
    let last = high.ceil() - 1.0;
    if (value > last) & (min != max) { last } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_and_nan_ends_are_refused() {
        for (min, max) in [(f64::NAN, 5.0), (0.0, f64::NAN), (0.0, f64::INFINITY)] {
            assert!(matches!(RandomInteger::new(min, max), Err(DistError::Parameter { .. })), "{min} {max}");
        }
    }

    #[test]
    fn the_upper_end_is_never_drawn() {
        let largest = 1.0 - f64::EPSILON / 2.0;
        assert_eq!(transform(largest, 1000.0, 1001.0), 1000.0);
        assert_eq!(transform(largest, 0.5, 3.5), 3.0);
        assert_eq!(transform(0.0, 5.0, 2.0), 4.0);
        assert_eq!(transform(0.9, 5.0, 5.0), 5.0);
        assert!(transform(0.5, f64::NAN, 5.0).is_nan());
    }

    #[test]
    fn moments_follow_from_the_probabilities() {
        for (min, max, expected) in [
            (0.5, 3.5, vec![(0.0, 0.5), (1.0, 1.0), (2.0, 1.0), (3.0, 0.5)]),
            (0.0, 2.0, vec![(0.0, 1.0), (1.0, 1.0)]),
            (0.2, 0.9, vec![(0.0, 1.0)]),
            (5.0, 2.0, vec![(2.0, 1.0), (3.0, 1.0), (4.0, 1.0)]),
            (7.0, 7.0, vec![(7.0, 1.0)]),
        ] {
            let total: f64 = expected.iter().map(|(_, weight)| weight).sum();
            let mean = expected.iter().map(|(value, weight)| value * weight).sum::<f64>() / total;
            let variance = expected.iter().map(|(v, w): &(f64, f64)| (v - mean).powi(2) * w).sum::<f64>() / total;
            let d = RandomInteger::new(min, max).unwrap();
            assert!((d.mean() - mean).abs() < 1e-14, "{min} {max}");
            assert!((d.variance() - variance).abs() < 1e-14, "{min} {max}");
            let mut cumulated = 0.0;
            for (value, weight) in expected {
                assert_eq!(d.quantile(cumulated + 1e-9), value, "{min} {max}");
                cumulated += weight / total;
                assert!((d.cdf(value) - cumulated).abs() < 1e-14, "{min} {max} {value}");
            }
        }
    }
}
