//! The exponential function and its relatives.
//!
//! `e^x = 2^k e^r` with `k` the integer nearest to `x / ln 2` and `|r| <= ln 2 / 2`; `e^r` is a polynomial. What the
//! reduction rounds away is carried along as a correction, so that the last rounding is nearly the only one.

use super::ROUNDER;

const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// `ln 2` to 41 bits: its product with an exponent is exact.
pub(super) const LN_2_HIGH: f64 = 0.693_147_180_559_663;
/// What [`LN_2_HIGH`] lacks of `ln 2`.
pub(super) const LN_2_LOW: f64 = 2.823_529_056_303_157_7e-13;
/// Beyond these, the result has overflowed or vanished.
pub(super) const ARGUMENT_MAX: f64 = 711.0;
pub(super) const ARGUMENT_MIN: f64 = -746.0;

/// `high + low = k ln 2 + r + correction`, `k` an integer.
struct Reduced {
    /// `k` as a number.
    k: f64,
    /// `k` in the low 12 bits, two's complement.
    k_bits: u64,
    r: f64,
    correction: f64,
}

#[inline(always)]
fn reduce(high: f64, low: f64) -> Reduced {
    let rounded = high.mul_add(LOG2_E, ROUNDER);
    let k = rounded - ROUNDER;
    let head = k.mul_add(-LN_2_HIGH, high);
    let rest = k.mul_add(-LN_2_LOW, low);
    let r = head + rest;
    Reduced { k, k_bits: rounded.to_bits(), r, correction: (head - r) + rest }
}

/// `2^k` for the `k` in the low 12 bits of `k_bits`, `-1022 <= k <= 1023`.
#[inline(always)]
fn power_of_two(k_bits: u64) -> f64 {
    f64::from_bits((k_bits << 52).wrapping_add(1.0_f64.to_bits()))
}

/// `e^r - 1 - r` for `|r| <= 0.3466`, to 2e-19 of `e^r`.
///
/// Minimax (Remez) polynomial of degree 10 for `(e^r - 1 - r) / r^2`.
#[inline(always)]
fn exponential_tail(r: f64) -> f64 {
    let q = horner!(r;
        0.5, 0.166_666_666_666_666_7, 0.041_666_666_666_666_685, 0.008_333_333_333_326_134,
        0.001_388_888_888_887_439_4, 0.000_198_412_698_748_222_07, 2.480_158_734_734_332_3e-5,
        2.755_725_539_854_808e-6, 2.755_725_291_294_1e-7, 2.510_521_760_973_654_6e-8, 2.092_158_794_838_977e-9);
    r * r * q
}

/// Exponential function, `e^x`.
///
/// # Numerics
/// Error below 0.6 ulp; subnormal results are rounded once more, to within 0.8 of their coarser grid. Overflows to
/// infinity above 709.782712893384, vanishes below -745.1332191019412. `exp(0) = 1` exactly; NaN passes through.
///
/// # Source
/// Reduction after Cody and Waite, Software Manual for the Elementary Functions (1980), chapter 6; coefficients
/// derived here by Remez's exchange in 400-bit arithmetic.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::exp(1.0), std::f64::consts::E);
/// assert_eq!(tailcast::math::exp(-745.2), 0.0);
/// ```
#[inline(always)]
#[must_use]
pub fn exp(x: f64) -> f64 {
    exp_sum(x, 0.0)
}

/// `e^(high + low)` for `|low| <= 2^-40`; any `high`.
#[inline(always)]
pub(super) fn exp_sum(high: f64, low: f64) -> f64 {
    let high = if high > ARGUMENT_MAX { ARGUMENT_MAX } else { high };
    let high = if high < ARGUMENT_MIN { ARGUMENT_MIN } else { high };
    let Reduced { k, k_bits, r, correction } = reduce(high, low);
    let sum = 1.0 + r;
    let tail = correction.mul_add(sum, exponential_tail(r));
    let value = sum + (((1.0 - sum) + r) + tail);
    // In two steps, since 2^k itself may be out of range; the first product is exact.
    let half_bits = k.mul_add(0.5, ROUNDER).to_bits();
    value * power_of_two(half_bits) * power_of_two(k_bits.wrapping_sub(half_bits))
}

/// `e^x - 1`, accurate near zero.
///
/// # Numerics
/// Error below 1 ulp. Keeps the sign of zero; infinity above 709.782712893384; -1 far below zero; NaN passes through.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::exp_m1(1e-300), 1e-300);
/// ```
#[inline(always)]
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    // Infinite from here on, and 2^k still in range at half the size.
    let bounded = if x > 710.0 { 710.0 } else { x };
    let bounded = if bounded < -40.0 { -40.0 } else { bounded };
    let Reduced { k_bits, r, correction, .. } = reduce(bounded, 0.0);
    let tail = exponential_tail(r) + correction;
    // 2^k (1 + r + tail) - 1, at half the size: 2^1024 is out of range.
    let half = power_of_two(k_bits.wrapping_sub(1));
    let shift = half - 0.5;
    let sum = half.mul_add(r, shift);
    let rest = half.mul_add(r, shift - sum);
    let value = 2.0 * (sum + half.mul_add(tail, rest));
    // Near zero halving could lose bits, and -0 its sign.
    if x.abs() < f64::EPSILON / 4.0 { x } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_has_the_limits_of_its_edges() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-0.0), 1.0);
        assert_eq!(exp(f64::INFINITY), f64::INFINITY);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert!(exp(f64::NAN).is_nan());
        assert_eq!(exp(709.782_712_893_384), 1.797_693_134_862_273_2e308);
        assert_eq!(exp(709.782_712_893_384_1), f64::INFINITY);
        assert_eq!(exp(f64::MAX), f64::INFINITY);
        assert_eq!(exp(f64::MIN), 0.0);
    }

    #[test]
    fn exponential_goes_through_the_subnormal_numbers_to_zero() {
        let smallest = f64::from_bits(1);
        assert_eq!(exp(-744.44), smallest);
        assert_eq!(exp(-745.133_219_101_941_1), smallest);
        assert_eq!(exp(-745.133_219_101_941_3), 0.0);
        // ln(1000 * 2^-1074)
        assert_eq!(exp(-737.532_316_639_9).to_bits(), 1000);
    }

    #[test]
    fn exponential_agrees_with_the_platform_over_the_whole_range() {
        for index in 0..100_000 {
            let x = -745.0 + f64::from(index) * 0.014_54;
            let (found, expected) = (exp(x), x.exp());
            assert!(found.to_bits().abs_diff(expected.to_bits()) <= 1, "exp({x}) = {found:e}, not {expected:e}");
        }
    }

    #[test]
    fn exponential_minus_one_has_the_limits_of_its_edges() {
        assert_eq!(exp_m1(0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(exp_m1(-0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(exp_m1(f64::from_bits(1)), f64::from_bits(1));
        assert_eq!(exp_m1(f64::INFINITY), f64::INFINITY);
        assert_eq!(exp_m1(710.0), f64::INFINITY);
        assert!(exp_m1(709.78).is_finite());
        assert_eq!(exp_m1(f64::NEG_INFINITY), -1.0);
        assert!(exp_m1(f64::NAN).is_nan());
    }
}
