//! The Poisson distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, DrawKernel, Engine};
use super::error::{DistError, Requirement, require};
use super::saddle_point::{RECIPROCALS, ln_poisson, smallest_reaching};
use super::standard::open;

/// Poisson distribution: how many events happen where `rate` are expected.
///
/// Guesstimate's sampler levels off near 745, where `exp(-rate)` underflows; this one has no cap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Poisson {
    rate: f64,
}

/// Below this rate one uniform is inverted, from it on a transformed one is accepted or rejected.
const INVERSION_LIMIT: f64 = 10.0;

/// From this rate on the standard deviation is less than the spacing of `f64` at the rate.
const SPACING_LIMIT: f64 = 1e33;

/// A probability too small to be told from rounding of a cumulative sum.
const NEGLIGIBLE: f64 = 1e-18;

impl Poisson {
    /// Poisson distribution of its mean.
    ///
    /// # Parameters
    /// - `rate`: expected number of events, finite; 0 and below is the constant 0, as in Guesstimate.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if `rate` is infinite or NaN. ([`super::Distribution::from_call`] reads `poisson(NaN)`
    /// as the constant 0, as Guesstimate does.)
    ///
    /// # Source
    /// Below a rate of 10: sequential search from 0. From 10 on: W. Hörmann, "The transformed rejection method for
    /// generating Poisson random variables", Insurance: Mathematics and Economics 12 (1993) 39-45, algorithm PTRS,
    /// doi:10.1016/0167-6687(93)90997-4.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Poisson};
    /// let d = Distribution::Poisson(Poisson::new(1000.0)?);
    /// assert_eq!((d.mean(), d.quantile(0.5)), (Some(1000.0), Some(1000.0)));
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(rate: f64) -> Result<Self, DistError> {
        Ok(Self { rate: require("poisson", "rate", Requirement::Finite, rate)?.max(0.0) })
    }

    /// Rate, at least 0.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 1] {
        [self.rate]
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            0.0
        } else if self.rate == 0.0 || x == f64::INFINITY {
            1.0
        } else {
            math::special::incomplete_gamma_upper(x.floor() + 1.0, self.rate)
        }
    }

    pub(crate) fn quantile(&self, p: f64) -> f64 {
        match (p < 1.0, self.rate == 0.0) {
            (_, true) => 0.0,
            (false, false) => f64::INFINITY,
            (true, false) => smallest_reaching(p, self.rate, f64::MAX, |k| self.cdf(k)),
        }
    }
}

/// Draws: one word each below a rate of 10, then two for each attempt, of which at least 86 % succeed.
pub(crate) fn draw<E: Engine, R: Column>(rng: &mut BlockRng, out: &mut [f64], rate: R) {
    E::draw2::<Draw, _, _>(rng, out, rate, 0.0);
}

struct Draw;

impl DrawKernel for Draw {
    #[inline(always)]
    fn apply(rng: &mut BlockRng, _: f64, rate: f64, _: f64) -> f64 {
        draw_one(rng, rate)
    }
}

/// One draw. Rates of 0 and below, and NaN, give 0; infinity gives NaN.
#[inline(always)]
pub(crate) fn draw_one(rng: &mut BlockRng, rate: f64) -> f64 {
    if rate < INVERSION_LIMIT || rate.is_nan() {
        invert(open(rng), rate)
    } else if rate < SPACING_LIMIT {
        transformed_rejection(rng, rate)
    } else {
        // Zero times the rate is NaN for infinity.
        0.0f64.mul_add(rate, rate)
    }
}

/// Smallest count whose cumulative probability reaches `u`.
#[inline(always)]
fn invert(u: f64, rate: f64) -> f64 {
    let mut probability = math::exp(-rate);
    let mut cumulated = probability;
    for (count, reciprocal) in RECIPROCALS.iter().enumerate().skip(1) {
        if u <= cumulated || probability <= NEGLIGIBLE || rate.is_nan() {
            return (count - 1) as f64;
        }
        probability *= rate * reciprocal;
        cumulated += probability;
    }
    // Not reached for rates below the limit: what lies beyond is less than negligible.
    (RECIPROCALS.len() - 1) as f64
}

/// Hörmann's PTRS.
#[inline(always)]
fn transformed_rejection(rng: &mut BlockRng, rate: f64) -> f64 {
    let b = 2.53f64.mul_add(rate.sqrt(), 0.931);
    let a = 0.02483f64.mul_add(b, -0.059);
    let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    let squeeze = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let (u, v) = (open(rng) - 0.5, open(rng));
        let room = 0.5 - u.abs();
        let count = (2.0 * a / room + b).mul_add(u, rate + 0.43).floor();
        if room >= 0.07 && v <= squeeze {
            return count;
        }
        if count < 0.0 || (room < 0.013 && v > room) {
            continue;
        }
        if math::ln(v * inverse_alpha / (a / (room * room) + b)) <= ln_poisson(count, rate) {
            return count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::StreamKey;

    #[test]
    fn infinite_and_nan_rates_are_refused_and_negative_ones_are_zero() {
        for rate in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(matches!(Poisson::new(rate), Err(DistError::Parameter { .. })), "{rate}");
        }
        assert_eq!(Poisson::new(-3.0).unwrap().parameters(), [0.0]);
    }

    #[test]
    fn inversion_takes_the_smallest_count_that_reaches_the_uniform() {
        let d = Poisson::new(4.0).unwrap();
        for u in [1e-9, 0.01, 0.5, 0.999_999] {
            let count = invert(u, 4.0);
            assert!(d.cdf(count) >= u && (count == 0.0 || d.cdf(count - 1.0) < u), "{u}");
            assert_eq!(d.quantile(u), count);
        }
        assert!(invert(1.0 - f64::EPSILON / 2.0, 9.999) < 60.0);
    }

    #[test]
    fn every_rate_ends() {
        let mut rng = BlockRng::new(&StreamKey::new(1, 2, 3), 0);
        for rate in [-1.0, 0.0, 1e-300, 9.99, 10.0, 1e6, 1e15, 1e32, 1e300] {
            let value = draw_one(&mut rng, rate);
            assert!((value - rate).abs() <= 12.0 * rate.max(1.0).sqrt() + 1e-15 * rate, "{rate}: {value}");
        }
        assert_eq!(draw_one(&mut rng, f64::NAN), 0.0);
        assert!(draw_one(&mut rng, f64::INFINITY).is_nan());
    }
}
