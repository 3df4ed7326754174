//! The triangular distribution.

use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Triangular distribution: the density rises linearly from `min` to `mode` and falls linearly to `max`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Triangular {
    min: f64,
    max: f64,
    mode: f64,
}

impl Triangular {
    /// Triangular distribution of its ends and its mode, in Guesstimate's order.
    ///
    /// # Parameters
    /// - `min`, `max`, `mode`: in the model's unit, finite. `min = max` is that constant. Where they do not stand in
    ///   the order `min <= mode <= max` the draws follow Guesstimate's formula (see [Numerics](#numerics)) and
    ///   [`super::Distribution::warnings`] says so.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if any is infinite or NaN.
    ///
    /// # Numerics
    /// With `r = (mode - min) / (max - min)` and `w = |max - min|`, a uniform `u < r` gives `min + w sqrt(u r)`, any
    /// other `max - w sqrt((1 - u)(1 - r))`. So a mode beyond `max` gives a rising triangle that ends at
    /// `min + w sqrt(r)`, and reversed ends give two separate triangles outside `[max, min]`.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Triangular};
    /// let d = Distribution::Triangular(Triangular::new(0.0, 10.0, 2.0)?);
    /// assert!((d.mean().unwrap() - 4.0).abs() < 1e-14);
    /// assert!((d.cdf(2.0).unwrap() - 0.2).abs() < 1e-15);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(min: f64, max: f64, mode: f64) -> Result<Self, DistError> {
        Ok(Self {
            min: require("triangular", "minimum", Requirement::Finite, min)?,
            max: require("triangular", "maximum", Requirement::Finite, max)?,
            mode: require("triangular", "mode", Requirement::Finite, mode)?,
        })
    }

    /// Minimum, maximum and mode, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 3] {
        [self.min, self.max, self.mode]
    }

    /// Whether `min <= mode <= max`.
    pub(crate) fn is_ordered(&self) -> bool {
        self.min <= self.mode && self.mode <= self.max
    }

    /// Share of the rising side, as the draws have it: `r` kept within [0, 1].
    fn rising_share(&self) -> f64 {
        rising_ratio(self.min, self.max, self.mode).clamp(0.0, 1.0)
    }

    /// The reach of each side from its end: `w sqrt(|r|)` and `w sqrt(|1 - r|)`.
    fn reaches(&self) -> (f64, f64) {
        let (ratio, width) = (rising_ratio(self.min, self.max, self.mode), (self.max - self.min).abs());
        (width * ratio.abs().sqrt(), width * (1.0 - ratio).abs().sqrt())
    }

    pub(crate) fn mean(&self) -> f64 {
        let (rising, (left, right)) = (self.rising_share(), self.reaches());
        let falling = 1.0 - rising;
        let left_part = rising * self.min + left * rising.powf(1.5) / 1.5;
        left_part + falling * self.max - right * falling.powf(1.5) / 1.5
    }

    pub(crate) fn variance(&self) -> f64 {
        let (mean, rising, (left, right)) = (self.mean(), self.rising_share(), self.reaches());
        let falling = 1.0 - rising;
        let (low, high) = (self.min - mean, self.max - mean);
        // Second moment about the mean of `low + left sqrt(u)` over [0, rising], and of its mirror image.
        let side = |end: f64, reach: f64, share: f64| {
            share * end * end + end * reach * share.powf(1.5) * (4.0 / 3.0) + 0.5 * reach * reach * share * share
        };
        side(low, left, rising) + side(high, -right, falling)
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        let (rising, (left, right)) = (self.rising_share(), self.reaches());
        let square = |distance: f64, reach: f64| (distance / reach) * (distance / reach);
        let from_left = if x <= self.min {
            if left == 0.0 && x == self.min { rising } else { 0.0 }
        } else {
            square(x - self.min, left).min(rising)
        };
        let from_right =
            if x >= self.max { 1.0 - rising } else { (1.0 - rising - square(self.max - x, right)).max(0.0) };
        from_left + from_right
    }

    pub(crate) fn quantile(&self, p: f64) -> f64 {
        let rising = self.rising_share();
        // With reversed ends the falling side lies below the rising one.
        let u = match (self.min > self.max, p < 1.0 - rising) {
            (false, _) => p,
            (true, true) => p + rising,
            (true, false) => p - (1.0 - rising),
        };
        transform(u, self.min, self.max, self.mode)
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

/// `(mode - min) / (max - min)`, 0 where the ends are equal.
#[inline(always)]
fn rising_ratio(min: f64, max: f64, mode: f64) -> f64 {
    if min == max { 0.0 } else { (mode - min) / (max - min) }
}

kernel!(Transform = transform(u, min, max, mode));

#[inline(always)]
fn transform(u: f64, min: f64, max: f64, mode: f64) -> f64 {
    let ratio = rising_ratio(min, max, mode);
    let width = (max - min).abs();
    let rising = (u * ratio).sqrt().mul_add(width, min);
    let falling = (-((1.0 - u) * (1.0 - ratio)).sqrt()).mul_add(width, max);
    if u < ratio { rising } else { falling }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_and_nan_parameters_are_refused() {
        for bad in [f64::NAN, f64::INFINITY] {
            assert!(Triangular::new(bad, 1.0, 0.5).is_err());
            assert!(Triangular::new(0.0, bad, 0.5).is_err());
            assert!(Triangular::new(0.0, 1.0, bad).is_err());
        }
    }

    #[test]
    fn moments_are_the_textbook_ones_in_the_ordinary_case() {
        let d = Triangular::new(-5.0, 5.0, 3.0).unwrap();
        assert!((d.mean() - 1.0).abs() < 1e-14);
        assert!((d.variance() - (25.0 + 25.0 + 9.0 + 25.0 + 15.0 - 15.0) / 18.0).abs() < 1e-13);
    }

    #[test]
    fn quantile_inverts_cdf_in_every_order_of_the_parameters() {
        for (min, max, mode) in
            [(0.0, 10.0, 2.0), (0.0, 10.0, 12.0), (0.0, 10.0, -2.0), (10.0, 0.0, 5.0), (0.0, 1.0, 0.0)]
        {
            let d = Triangular::new(min, max, mode).unwrap();
            for p in [0.001, 0.2, 0.49, 0.51, 0.99] {
                assert!((d.cdf(d.quantile(p)) - p).abs() < 1e-13, "{min} {max} {mode} {p}");
            }
        }
    }

    #[test]
    fn equal_ends_are_a_constant_for_any_mode() {
        for mode in [4.0, 5.0, 6.0] {
            let d = Triangular::new(5.0, 5.0, mode).unwrap();
            assert_eq!((transform(0.3, 5.0, 5.0, mode), d.mean(), d.cdf(4.9), d.cdf(5.0)), (5.0, 5.0, 0.0, 1.0));
            assert_eq!(d.variance(), 0.0);
        }
    }
}
