//! The exponential distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Exponential distribution with density `rate exp(-rate x)`, `x >= 0`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential {
    rate: f64,
}

impl Exponential {
    /// Exponential distribution of a rate.
    ///
    /// # Parameters
    /// - `rate`: events per unit, so the mean is `1 / rate`; finite, not 0. A negative rate mirrors the distribution to
    ///   the negative numbers, as in Guesstimate.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if `rate` is 0, infinite or NaN. ([`super::Distribution::from_call`] reads
    /// `exponential(0)` as the constant infinity, as Guesstimate does.)
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Exponential};
    /// let d = Distribution::Exponential(Exponential::new(0.5)?);
    /// assert_eq!(d.mean(), Some(2.0));
    /// assert!((d.quantile(0.5).unwrap() - 1.386_294_361_119_890_6).abs() < 1e-14);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(rate: f64) -> Result<Self, DistError> {
        Ok(Self { rate: require("exponential", "rate", Requirement::NonZero, rate)? })
    }

    /// Rate, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 1] {
        [self.rate]
    }

    pub(crate) fn mean(&self) -> f64 {
        self.rate.recip()
    }

    pub(crate) fn variance(&self) -> f64 {
        self.mean() * self.mean()
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        let scaled = x * self.rate;
        match (self.rate > 0.0, scaled > 0.0) {
            (true, true) => -math::exp_m1(-scaled),
            (true, false) => 0.0,
            (false, true) => math::exp(-scaled),
            (false, false) => 1.0,
        }
    }

    #[inline(always)]
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        if self.rate > 0.0 { -math::ln_1p(-p) / self.rate } else { -math::ln(p) / self.rate }
    }
}

/// Draws: `-ln(u) / rate` of one uniform each.
pub(crate) fn draw<E: Engine, R: Column>(rng: &mut BlockRng, out: &mut [f64], rate: R) {
    E::open(rng, out);
    E::map1::<Transform, _>(out, rate);
}

kernel!(Transform = transform(u, rate));

#[inline(always)]
fn transform(u: f64, rate: f64) -> f64 {
    -math::ln(u) * rate.recip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_infinite_and_nan_rates_are_refused() {
        for rate in [0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(matches!(Exponential::new(rate), Err(DistError::Parameter { .. })), "{rate}");
        }
    }

    #[test]
    fn a_negative_rate_mirrors() {
        let d = Exponential::new(-2.0).unwrap();
        assert_eq!((d.mean(), d.cdf(0.0), d.cdf(1.0)), (-0.5, 1.0, 1.0));
        for p in [0.01, 0.5, 0.99] {
            assert!((d.cdf(d.quantile(p)) - p).abs() < 1e-14, "{p}");
        }
    }
}
