//! Logarithms.
//!
//! `x = 2^k m` with `sqrt(1/2) <= m < sqrt 2`, and `ln m = 2 artanh(s)` with `s = (m - 1) / (m + 1)`, `|s| < 0.1716`, whose
//! series converges fast and has no table.

use super::exponential::{LN_2_HIGH, LN_2_LOW};

/// Bits of `sqrt(1/2)`, the lower end of the mantissas.
const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
const MANTISSA_MASK: u64 = 0x000f_ffff_ffff_ffff;
/// Bits of `2^52`; a small integer put in its low bits is that integer plus `2^52`.
const TWO_52_BITS: u64 = 0x4330_0000_0000_0000;
const TWO_52: f64 = 4_503_599_627_370_496.0;
const TWO_54: f64 = 18_014_398_509_481_984.0;

/// Splits a positive finite number into `(k, m)`, `x = 2^k m`, `sqrt(1/2) <= m < sqrt 2`; anything else gives any pair.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    let subnormal = x < f64::MIN_POSITIVE;
    let scaled = if subnormal { x * TWO_54 } else { x };
    let bias = if subnormal { TWO_52 + 1023.0 + 54.0 } else { TWO_52 + 1023.0 };
    let bits = scaled.to_bits().wrapping_add(ONE_BITS - SQRT_HALF_BITS);
    let k = f64::from_bits((bits >> 52) | TWO_52_BITS) - bias;
    (k, f64::from_bits((bits & MANTISSA_MASK).wrapping_add(SQRT_HALF_BITS)))
}

/// `(2 artanh(s) - 2 s) / s` for `z = s^2`, `|s| < 0.1716`.
///
/// Minimax (Remez) polynomial, error below 6e-20.
#[inline(always)]
fn artanh_tail(z: f64) -> f64 {
    z * horner!(z;
        0.666_666_666_666_666_6, 0.400_000_000_000_008_85, 0.285_714_285_707_982_46, 0.222_222_223_928_175_78,
        0.181_817_955_320_920_35, 0.153_862_451_309_175_64, 0.132_686_379_317_332_43, 0.130_879_490_300_344_99)
}

/// `k ln 2 + ln(1 + f)`.
#[inline(always)]
fn ln_sum(k: f64, f: f64) -> f64 {
    let s = f / (2.0 + f);
    let half_square = 0.5 * f * f;
    let tail = s.mul_add(half_square + artanh_tail(s * s), k * LN_2_LOW);
    k.mul_add(LN_2_HIGH, f - (half_square - tail))
}

/// `value`, the logarithm of a positive finite `x`, or what the logarithm is elsewhere.
#[inline(always)]
fn with_edges(x: f64, value: f64) -> f64 {
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    let value = if x < f64::INFINITY { value } else { x };
    if x < 0.0 { f64::NAN } else { value }
}

/// Natural logarithm.
///
/// # Numerics
/// Error below 1 ulp, subnormal arguments included. `ln 1 = 0` exactly, `ln 0 = -inf` (both zeros), NaN for negative
/// arguments, `ln inf = inf`; NaN passes through.
///
/// # Source
/// Tang, "Table-driven implementation of the logarithm function in IEEE floating-point arithmetic", ACM TOMS 16 (1990),
/// for the form of the sum; coefficients derived here by Remez's exchange in 400-bit arithmetic.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::ln(std::f64::consts::E), 1.0);
/// assert_eq!(tailcast::math::ln(0.0), f64::NEG_INFINITY);
/// ```
#[inline(always)]
#[must_use]
pub fn ln(x: f64) -> f64 {
    let (k, m) = split(x);
    with_edges(x, ln_sum(k, m - 1.0))
}
