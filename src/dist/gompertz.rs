//! The Gompertz distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Gompertz distribution: lifetimes whose hazard grows exponentially, `1 - exp(-shape (exp(rate x) - 1))`, `x >= 0`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gompertz {
    shape: f64,
    rate: f64,
}

impl Gompertz {
    /// Gompertz distribution of a shape and a rate.
    ///
    /// # Parameters
    /// - `shape`: finite, above 0; `shape rate` is the hazard at 0.
    /// - `rate`: growth of the hazard per unit, finite, above 0.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if either is 0 or below, infinite or NaN.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Gompertz};
    /// let d = Distribution::Gompertz(Gompertz::new(0.5, 2.0)?);
    /// let median = (1.0 + 2.0_f64.ln() / 0.5).ln() / 2.0;
    /// assert!((d.quantile(0.5).unwrap() - median).abs() < 1e-15);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(shape: f64, rate: f64) -> Result<Self, DistError> {
        Ok(Self {
            shape: require("gompertz", "shape", Requirement::Positive, shape)?,
            rate: require("gompertz", "rate", Requirement::Positive, rate)?,
        })
    }

    /// Shape and rate, as given.
    #[must_use]
    pub const fn parameters(&self) -> [f64; 2] {
        [self.shape, self.rate]
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 { 0.0 } else { -math::exp_m1(-self.shape * math::exp_m1(self.rate * x)) }
    }

    #[inline(always)]
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        math::ln_1p(-math::ln_1p(-p) / self.shape) / self.rate
    }
}

/// Draws: one uniform each.
pub(crate) fn draw<E: Engine, S: Column, R: Column>(rng: &mut BlockRng, out: &mut [f64], shape: S, rate: R) {
    E::open(rng, out);
    E::map2::<Transform, _, _>(out, shape, rate);
}

kernel!(Transform = transform(u, shape, rate));

#[inline(always)]
fn transform(u: f64, shape: f64, rate: f64) -> f64 {
    let value = math::ln_1p(-math::ln(u) / shape) / rate;
    if (shape > 0.0) & (rate > 0.0) { value } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_0_and_below_infinite_and_nan_are_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(Gompertz::new(bad, 1.0), Err(DistError::Parameter { .. })), "{bad}");
            assert!(matches!(Gompertz::new(1.0, bad), Err(DistError::Parameter { .. })), "{bad}");
        }
    }

    #[test]
    fn quantile_inverts_cdf() {
        let d = Gompertz::new(0.1, 3.0).unwrap();
        for p in [1e-9, 0.5, 0.999] {
            assert!((d.cdf(d.quantile(p)) / p - 1.0).abs() < 1e-12, "{p}");
        }
    }
}
