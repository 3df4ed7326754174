//! The beta function.

use super::gamma::ln_gamma_double_double;
use crate::math::double_double::DoubleDouble;

/// `ln(gamma(a) gamma(b) / gamma(a + b))`.
pub(super) fn ln_beta_double_double(a: f64, b: f64) -> DoubleDouble {
    let (a, b, sum) = (DoubleDouble::new(a, 0.0), DoubleDouble::new(b, 0.0), DoubleDouble::from_sum(a, b));
    ln_gamma_double_double(a).plus(ln_gamma_double_double(b)).plus(ln_gamma_double_double(sum).negative())
}

/// Natural logarithm of the beta function, `ln(gamma(a) gamma(b) / gamma(a + b))`.
///
/// # Parameters
/// - `a`, `b`: positive, below 1e300; NaN otherwise.
///
/// # Numerics
/// Absolute error below 1e-17 plus 1e-18 of the logarithms of the gamma functions, before rounding.
///
/// # Examples
/// ```
/// let b = tailcast::math::special::ln_beta(2.0, 3.0);
/// assert!((b - (1.0_f64 / 12.0).ln()).abs() < 1e-15);
/// ```
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    if a > 0.0 && b > 0.0 && a.max(b) < 1e300 { ln_beta_double_double(a, b).high } else { f64::NAN }
}
