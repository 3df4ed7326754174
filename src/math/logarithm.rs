//! Logarithms.
//!
//! `x = 2^k m` with `sqrt(1/2) <= m < sqrt 2`, and `ln m = 2 artanh(s)` with `s = (m - 1) / (m + 1)`, `|s| < 0.1716`, whose
//! series converges fast and has no table.

use super::double_double::DoubleDouble;
use super::exponential::{LN_2_HIGH, LN_2_LOW};

/// Bits of `sqrt(1/2)`, the lower end of the mantissas.
const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
const MANTISSA_MASK: u64 = 0x000f_ffff_ffff_ffff;
/// Bits of `2^52`; a small integer put in its low bits is that integer plus `2^52`.
const TWO_52_BITS: u64 = 0x4330_0000_0000_0000;
const TWO_52: f64 = 4_503_599_627_370_496.0;
const TWO_54: f64 = 18_014_398_509_481_984.0;
/// What the doubles nearest to 1/3, `1 / ln 2` and `1 / ln 10` lack of them.
pub(super) const THIRD_LOW: f64 = 1.850_371_707_708_594e-17;
const LOG2_E_LOW: f64 = 2.035_527_374_093_103_3e-17;
const LOG10_E_LOW: f64 = 1.098_319_650_216_765e-17;

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

/// `ln(1 + x)`, accurate near zero.
///
/// # Numerics
/// Error below 1.5 ulps. Keeps the sign of zero; -infinity at -1, NaN below; infinity and NaN pass through.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::ln_1p(1e-300), 1e-300);
/// ```
#[inline(always)]
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    let DoubleDouble { high, low } = DoubleDouble::from_sum(1.0, x);
    let (k, m) = split(high);
    // What the sum rounded away, on the scale of the mantissa; from 2^54 on there is nothing.
    let scale = m / high;
    let rest = if high < TWO_54 { low * scale } else { 0.0 };
    let value = with_edges(high, ln_sum(k, (m - 1.0) + rest));
    if x.abs() < f64::EPSILON / 4.0 { x } else { value }
}

/// `ln m` of a mantissa, `sqrt(1/2) <= m < sqrt 2`, relative error below 2^-64.
#[inline(always)]
fn ln_mantissa(m: f64) -> DoubleDouble {
    let f = m - 1.0;
    let denominator = DoubleDouble::from_ordered_sum(2.0, f);
    let s_high = f / denominator.high;
    let s_rest = (-s_high).mul_add(denominator.low, (-s_high).mul_add(denominator.high, f));
    let s = DoubleDouble::new(s_high, s_rest / denominator.high);
    let z = s.times(s);
    // artanh(s) = s (1 + z (1/3 + z q)): the leading two terms in full, the rest in double.
    let q = z.high
        * horner!(z.high;
        0.2, 0.142_857_142_857_146_87, 0.111_111_111_108_256_65, 0.090_909_091_681_612_04, 0.076_922_974_361_121_17,
        0.066_674_045_976_494_6, 0.058_530_625_369_295_3, 0.058_621_294_882_312_64);
    let third = DoubleDouble::from_ordered_sum(1.0 / 3.0, q);
    let series = z.times(DoubleDouble::new(third.high, z.low.mul_add(0.2, third.low + THIRD_LOW)));
    let double = DoubleDouble::new(2.0 * s.high, 2.0 * s.low);
    let excess = double.times(series);
    let sum = DoubleDouble::from_ordered_sum(double.high, excess.high);
    DoubleDouble::from_ordered_sum(sum.high, sum.low + (excess.low + double.low))
}

/// `ln x` for `x >= 0`, relative error below 2^-63; infinite at 0 and infinity, where `low` is 0.
#[inline(always)]
pub(super) fn ln_double_double(x: f64) -> DoubleDouble {
    let (k, m) = split(x);
    let mantissa = ln_mantissa(m);
    let sum = DoubleDouble::from_ordered_sum(k * LN_2_HIGH, mantissa.high);
    let sum = DoubleDouble::from_ordered_sum(sum.high, sum.low + k.mul_add(LN_2_LOW, mantissa.low));
    let high = with_edges(x, sum.high);
    DoubleDouble::new(high, if high.is_finite() { sum.low } else { 0.0 })
}

/// Logarithm to base 2.
///
/// # Numerics
/// Error below 0.55 ulp; exact for powers of two. Edges as for [`ln`].
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::log2(1024.0), 10.0);
/// ```
#[inline(always)]
#[must_use]
pub fn log2(x: f64) -> f64 {
    let (k, m) = split(x);
    let fraction = ln_mantissa(m).times(DoubleDouble::new(std::f64::consts::LOG2_E, LOG2_E_LOW));
    let sum = DoubleDouble::from_ordered_sum(k, fraction.high);
    with_edges(x, sum.high + (sum.low + fraction.low))
}

/// Logarithm to base 10.
///
/// # Numerics
/// Error below 0.55 ulp; exact for those powers of ten that are doubles. Edges as for [`ln`].
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::log10(1e15), 15.0);
/// ```
#[inline(always)]
#[must_use]
pub fn log10(x: f64) -> f64 {
    let value = ln_double_double(x).times(DoubleDouble::new(std::f64::consts::LOG10_E, LOG10_E_LOW));
    with_edges(x, value.high + value.low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_have_the_limits_of_their_edges() {
        for logarithm in [ln, log2, log10] {
            assert_eq!(logarithm(1.0).to_bits(), 0.0_f64.to_bits());
            assert_eq!(logarithm(0.0), f64::NEG_INFINITY);
            assert_eq!(logarithm(-0.0), f64::NEG_INFINITY);
            assert_eq!(logarithm(f64::INFINITY), f64::INFINITY);
            assert!(logarithm(-f64::MIN_POSITIVE).is_nan());
            assert!(logarithm(f64::NEG_INFINITY).is_nan());
            assert!(logarithm(f64::NAN).is_nan());
        }
        assert_eq!(ln_1p(0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(ln_1p(-0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(ln_1p(-1.0), f64::NEG_INFINITY);
        assert!(ln_1p(-1.5).is_nan());
        assert_eq!(ln_1p(f64::INFINITY), f64::INFINITY);
        assert!(ln_1p(f64::NAN).is_nan());
    }

    #[test]
    fn logarithms_of_exact_powers_are_integers() {
        for k in -1074..1024 {
            let power =
                if k < -1022 { f64::from_bits(1 << (k + 1074)) } else { f64::from_bits(((k + 1023) as u64) << 52) };
            assert_eq!(log2(power), f64::from(k));
        }
        let mut power = 1.0;
        for k in 0..=22 {
            assert_eq!(log10(power), f64::from(k));
            power *= 10.0;
        }
    }

    #[test]
    fn logarithm_agrees_with_the_platform_over_all_exponents() {
        for index in 0..100_000_u64 {
            let x = f64::from_bits(1 + index * 92_000_000_000_017);
            let (found, expected) = (ln(x), x.ln());
            assert!(found.to_bits().abs_diff(expected.to_bits()) <= 2, "ln({x:e}) = {found:e}, not {expected:e}");
        }
    }
}
