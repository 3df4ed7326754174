//! Hyperbolic functions and their inverses.

use super::double_double::DoubleDouble;
use super::exponential::{ARGUMENT_MAX, LN_2_HIGH, LN_2_LOW, exp_m1, exp_sum};
use super::logarithm::{ln, ln_1p};

/// Beyond it, `x^2 + 1` and `x^2` are one number.
const LARGE: f64 = 268_435_456.0;

/// `e^x / 2` for `x >= 0`, in range up to 710.47.
#[inline(always)]
fn half_exp(x: f64) -> f64 {
    let bounded = if x > ARGUMENT_MAX { ARGUMENT_MAX } else { x };
    let less = DoubleDouble::from_sum(bounded, -LN_2_HIGH);
    exp_sum(less.high, less.low - LN_2_LOW)
}

/// Hyperbolic sine.
///
/// # Numerics
/// Error below 2 ulps. Keeps the sign of zero; infinity above 710.47; NaN passes through.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::sinh(1e-300), 1e-300);
/// ```
#[inline(always)]
#[must_use]
pub fn sinh(x: f64) -> f64 {
    let size = x.abs();
    let below_one = exp_m1(if size < 1.0 { size } else { 1.0 });
    let near = 0.5 * (below_one + below_one / (below_one + 1.0));
    let half = half_exp(size);
    let far = half - 0.25 / half;
    let value = if size < 1.0 { near } else { far };
    (if size < f64::EPSILON { size } else { value }).copysign(x)
}

/// Hyperbolic cosine.
///
/// # Numerics
/// Error below 1.2 ulps. Infinity above 710.47; NaN passes through.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::cosh(0.0), 1.0);
/// ```
#[inline(always)]
#[must_use]
pub fn cosh(x: f64) -> f64 {
    let half = half_exp(x.abs());
    half + 0.25 / half
}

/// Hyperbolic tangent.
///
/// # Numerics
/// Error below 3 ulps. Keeps the sign of zero; `+-1` beyond 22; NaN passes through.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::tanh(-30.0), -1.0);
/// ```
#[inline(always)]
#[must_use]
pub fn tanh(x: f64) -> f64 {
    let size = x.abs();
    let bounded = if size > 22.0 { 22.0 } else { size };
    let growth = exp_m1(2.0 * bounded);
    let value = growth / (growth + 2.0);
    (if size > 22.0 { 1.0 } else { value }).copysign(x)
}

/// Inverse hyperbolic sine.
///
/// # Numerics
/// Error below 3 ulps. Keeps the sign of zero and of infinity; NaN passes through.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::asinh(0.0), 0.0);
/// ```
#[inline(always)]
#[must_use]
pub fn asinh(x: f64) -> f64 {
    let size = x.abs();
    let large = size > LARGE;
    let bounded = if large { 1.0 } else { size };
    let square = bounded * bounded;
    let near = ln_1p(bounded + square / (1.0 + (square + 1.0).sqrt()));
    let far = ln(size) + std::f64::consts::LN_2;
    (if large { far } else { near }).copysign(x)
}

/// Inverse hyperbolic cosine.
///
/// # Numerics
/// Error below 3 ulps. NaN below 1; infinity and NaN pass through.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::acosh(1.0), 0.0);
/// ```
#[inline(always)]
#[must_use]
pub fn acosh(x: f64) -> f64 {
    let excess = x - 1.0;
    let near = ln_1p(excess + (excess.mul_add(excess, 2.0 * excess)).sqrt());
    let far = ln(x) + std::f64::consts::LN_2;
    if x > LARGE { far } else { near }
}

/// Inverse hyperbolic tangent.
///
/// # Numerics
/// Error below 3 ulps. Keeps the sign of zero; `+-inf` at `+-1`, NaN beyond.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::atanh(1.0), f64::INFINITY);
/// ```
#[inline(always)]
#[must_use]
pub fn atanh(x: f64) -> f64 {
    let size = x.abs();
    (0.5 * ln_1p(2.0 * size / (1.0 - size))).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyperbolics_have_the_limits_of_their_edges() {
        for odd in [sinh, tanh, asinh, atanh] {
            assert_eq!(odd(-0.0).to_bits(), (-0.0_f64).to_bits());
            assert_eq!(odd(0.0).to_bits(), 0.0_f64.to_bits());
            assert_eq!(odd(5e-324), 5e-324);
            assert!(odd(f64::NAN).is_nan());
        }
        assert_eq!((sinh(f64::NEG_INFINITY), cosh(f64::NEG_INFINITY)), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!((sinh(711.0), cosh(711.0)), (f64::INFINITY, f64::INFINITY));
        assert!(sinh(710.4).is_finite() && cosh(-710.4).is_finite() && cosh(f64::NAN).is_nan());
        assert_eq!((tanh(f64::INFINITY), tanh(-23.0)), (1.0, -1.0));
        assert_eq!((asinh(f64::NEG_INFINITY), acosh(f64::INFINITY)), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(acosh(0.999).is_nan() && acosh(f64::NEG_INFINITY).is_nan() && acosh(f64::NAN).is_nan());
        assert_eq!((atanh(1.0), atanh(-1.0)), (f64::INFINITY, f64::NEG_INFINITY));
        assert!(atanh(1.1).is_nan());
    }
}
