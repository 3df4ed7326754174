//! The exponential function.
//!
//! `e^x = 2^k e^r` with `k` the integer nearest to `x / ln 2` and `|r| <= ln 2 / 2`; `e^r` is a polynomial. What the
//! reduction rounds away is carried along as a correction, so that the last rounding is nearly the only one.

/// `1.5 * 2^52`: adding it rounds a small number to an integer, which then stands in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// `ln 2` to 41 bits: its product with an exponent is exact.
pub(super) const LN_2_HIGH: f64 = 0.693_147_180_559_663;
/// What [`LN_2_HIGH`] lacks of `ln 2`.
pub(super) const LN_2_LOW: f64 = 2.823_529_056_303_157_7e-13;
/// Beyond these, the result has overflowed or vanished.
const ARGUMENT_MAX: f64 = 710.0;
const ARGUMENT_MIN: f64 = -746.0;

/// `x = k ln 2 + r + correction`, `k` an integer.
struct Reduced {
    /// `k` as a number.
    k: f64,
    /// `k` in the low 12 bits, two's complement.
    k_bits: u64,
    r: f64,
    correction: f64,
}

#[inline(always)]
fn reduce(x: f64) -> Reduced {
    let rounded = x.mul_add(LOG2_E, ROUNDER);
    let k = rounded - ROUNDER;
    let high = k.mul_add(-LN_2_HIGH, x);
    let r = k.mul_add(-LN_2_LOW, high);
    let correction = k.mul_add(-LN_2_LOW, high - r);
    Reduced { k, k_bits: rounded.to_bits(), r, correction }
}

/// `2^k` for the `k` in the low 12 bits of `k_bits`, `-1022 <= k <= 1023`.
#[inline(always)]
fn power_of_two(k_bits: u64) -> f64 {
    f64::from_bits((k_bits << 52).wrapping_add(1.0_f64.to_bits()))
}

/// `e^r - 1 - r` for `|r| <= 0.3466`, relative error of `e^r` below 2e-19.
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
/// Error below 0.55 ulp; subnormal results within 1 ulp of the subnormal grid. Overflows to infinity above
/// 709.782712893384, vanishes below -745.1332191019412. `exp(0) = 1` exactly; NaN passes through.
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
    let bounded = if x > ARGUMENT_MAX { ARGUMENT_MAX } else { x };
    let bounded = if bounded < ARGUMENT_MIN { ARGUMENT_MIN } else { bounded };
    exp_sum(bounded, 0.0)
}

/// `e^(high + low)` for `-746 <= high <= 710` and `low` within a few ulps of `high`.
#[inline(always)]
pub(super) fn exp_sum(high: f64, low: f64) -> f64 {
    let Reduced { k, k_bits, r, correction } = reduce(high);
    let tail = exponential_tail(r) + (correction + low);
    let sum = 1.0 + r;
    let value = sum + (((1.0 - sum) + r) + tail);
    // In two steps, since 2^k itself may be out of range; the first product is exact.
    let half_bits = k.mul_add(0.5, ROUNDER).to_bits();
    value * power_of_two(half_bits) * power_of_two(k_bits.wrapping_sub(half_bits))
}
