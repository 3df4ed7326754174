//! Powers and roots, through logarithms of about 64 bits.

use super::double_double::DoubleDouble;
use super::exponential::exp_sum;
use super::logarithm::ln_double_double;

/// `e^value`, where the low part counts only while the high part is in range.
#[inline(always)]
pub(super) fn exp_double_double(value: DoubleDouble) -> f64 {
    exp_sum(value.high, if value.high.abs() < 800.0 { value.low } else { 0.0 })
}

/// Whether a finite number is an odd integer.
#[inline(always)]
fn is_odd(x: f64) -> bool {
    let half = 0.5 * x;
    (x.floor() == x) & (half.floor() != half)
}

/// Power, `x^y` over the real numbers.
///
/// # Numerics
/// Error below 0.65 ulp, so that results which are doubles are exact: `pow(3, 2) = 9`, `pow(2, -1074)`. Edges as in IEEE
/// 754 (and C): `x^0 = 1` and `1^y = 1` even for NaN; `(-1)^(+-inf) = 1`; a negative base takes the sign of an odd
/// integer exponent and is NaN for an exponent that is not an integer.
///
/// # Source
/// `e^(y ln x)` with the product in double-double; derived here.
///
/// # Examples
/// ```
/// use tailcast::math::pow;
/// assert_eq!(pow(10.0, 15.0), 1e15);
/// assert_eq!(pow(-2.0, 3.0), -8.0);
/// assert!(pow(-8.0, 1.0 / 3.0).is_nan());
/// ```
#[inline(always)]
#[must_use]
pub fn pow(x: f64, y: f64) -> f64 {
    let logarithm = ln_double_double(x.abs());
    let magnitude = exp_double_double(DoubleDouble::new(y, 0.0).times(logarithm));
    let integer = y.floor() == y;
    let signed = if is_odd(y) { magnitude.copysign(x) } else { magnitude };
    // -0 and -inf have powers of any exponent.
    let real = integer | (x >= 0.0) | (x == f64::NEG_INFINITY) | x.is_nan();
    let value = if real { signed } else { f64::NAN };
    let one = (y == 0.0) | (x == 1.0) | ((x == -1.0) & y.is_infinite());
    if one { 1.0 } else { value }
}

/// Real `n`-th root of `x`: the `r` with `r^n = x`.
///
/// # Parameters
/// - `x`: any; a negative one has a root for odd integers `n` only.
/// - `n`: any, an integer as a rule; 0 gives what `x^inf` does.
///
/// # Numerics
/// Error below 0.65 ulp; roots that are doubles are exact, which `pow(x, 1 / n)` can't promise.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::root(-27.0, 3.0), -3.0);
/// ```
#[inline(always)]
#[must_use]
pub fn root(x: f64, n: f64) -> f64 {
    let magnitude = exp_double_double(ln_double_double(x.abs()).over(n));
    let odd = is_odd(n);
    let signed = if odd { magnitude.copysign(x) } else { magnitude };
    if (x < 0.0) & !odd { f64::NAN } else { signed }
}

/// Cube root.
///
/// # Numerics
/// Error below 0.65 ulp; exact for cubes. Keeps the sign of zero and of infinity; NaN passes through.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::cbrt(-0.125), -0.5);
/// ```
#[inline(always)]
#[must_use]
pub fn cbrt(x: f64) -> f64 {
    root(x, 3.0)
}
