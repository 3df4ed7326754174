//! Sine, cosine and tangent.
//!
//! An angle is reduced to at most an eighth of a turn around a multiple of a quarter turn; sine and cosine of what
//! remains are polynomials, and the quadrant says which of them, with which sign, is the answer.

use super::ROUNDER;
use super::double_double::DoubleDouble;
use super::reduction;

const TURN: f64 = std::f64::consts::TAU;
/// What [`TURN`] lacks of `2 pi`.
const TURN_LOW: f64 = 2.449_293_598_294_706_4e-16;

/// Largest magnitude that [`reduce`] takes.
pub(super) const REDUCIBLE_MAX: f64 = 1_073_741_824.0;

/// An angle less a whole number of quarter turns.
pub(super) struct Reduced {
    /// The number of quarter turns, in the low two bits.
    pub(super) quadrant: u64,
    /// Radians, at most a little over `pi / 4`.
    pub(super) rest: DoubleDouble,
}

/// Sine and cosine of `turns` turns, `(sin(2 pi u), cos(2 pi u))`.
///
/// # Parameters
/// - `turns`: `0 <= u < 1`; the reduction is exact for `|u| < 2^50`.
///
/// # Numerics
/// Error below 1 ulp; exact at multiples of a quarter turn. NaN and infinity give NaN.
///
/// # Source
/// Coefficients derived here by Remez's exchange in 400-bit arithmetic, relative error below 2e-19.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::sin_cos_turns(0.25), (1.0, 0.0));
/// ```
#[inline(always)]
#[must_use]
pub fn sin_cos_turns(turns: f64) -> (f64, f64) {
    let rounded = turns.mul_add(4.0, ROUNDER);
    let quadrant = rounded.to_bits();
    // Exact: a fraction of a turn of at most an eighth, on the grid of `turns`.
    let r = (rounded - ROUNDER).mul_add(-0.25, turns);
    let z = r * r;
    let sin_tail = horner!(z;
        -41.341_702_240_399_76, 81.605_249_276_075_04, -76.705_859_753_042_92, 42.058_693_937_805_33,
        -15.094_641_279_494_123, 3.819_830_736_879_789, -0.712_443_863_694_719_6);
    let sine = r.mul_add(TURN, r * z.mul_add(sin_tail, TURN_LOW));
    let cosine = z.mul_add(
        horner!(z;
            -19.739_208_802_178_716, 64.939_394_022_668_24, -85.456_817_206_643_8, 60.244_641_352_701_784,
            -26.426_253_275_719_386, 7.903_206_897_853_682, -1.699_033_973_011_783_6),
        1.0,
    );
    turn_by_quadrants(quadrant, sine, cosine)
}

/// Sine and cosine after adding `quadrant mod 4` quarter turns to the angle.
#[inline(always)]
fn turn_by_quadrants(quadrant: u64, sine: f64, cosine: f64) -> (f64, f64) {
    let odd = quadrant & 1 != 0;
    let (sine, cosine) = if odd { (cosine, sine) } else { (sine, cosine) };
    let sine_sign = (quadrant & 2) << 62;
    let cosine_sign = (quadrant.wrapping_add(1) & 2) << 62;
    (f64::from_bits(sine.to_bits() ^ sine_sign), f64::from_bits(cosine.to_bits() ^ cosine_sign))
}

/// Reduction for `|x| <= REDUCIBLE_MAX`, absolute error below 2^-130.
///
/// Cody and Waite's with `pi / 2` in three doubles; fused multiply-adds make the first difference exact.
#[inline(always)]
fn reduce(x: f64) -> Reduced {
    const FIRST: f64 = std::f64::consts::FRAC_PI_2;
    const SECOND: f64 = 6.123_233_995_736_766e-17;
    const THIRD: f64 = -1.497_384_904_859_169_8e-33;
    let rounded = x.mul_add(std::f64::consts::FRAC_2_PI, ROUNDER);
    let k = rounded - ROUNDER;
    let head = k.mul_add(-FIRST, x);
    let product = k * SECOND;
    let product_low = k.mul_add(SECOND, -product);
    let sum = DoubleDouble::from_sum(head, -product);
    let low = k.mul_add(-THIRD, sum.low - product_low);
    Reduced { quadrant: rounded.to_bits(), rest: DoubleDouble::from_ordered_sum(sum.high, low) }
}

/// Sine and cosine of a reduced angle.
///
/// Minimax (Remez) polynomials, relative error below 2e-17 of terms that are below a fifth.
#[inline(always)]
pub(super) fn sin_cos_reduced(angle: &Reduced) -> (f64, f64) {
    let DoubleDouble { high, low } = angle.rest;
    let z = high * high;
    let half = 0.5 * z;
    let sin_tail = horner!(z;
        -0.166_666_666_666_666_66, 0.008_333_333_333_333_331, -0.000_198_412_698_412_650_44, 2.755_731_921_932_22e-6,
        -2.505_210_622_649_875_3e-8, 1.605_853_066_918_003e-10, -7.586_640_794_398_607e-13);
    let sine = high + (high * z).mul_add(sin_tail, low.mul_add(-half, low));
    let cos_tail = horner!(z;
        0.041_666_666_666_666_664, -0.001_388_888_888_888_739, 2.480_158_729_875_576_5e-5,
        -2.755_731_726_649_471_7e-7, 2.087_614_516_358_134_6e-9, -1.138_255_204_095_504_7e-11);
    let head = 1.0 - half;
    let cosine = head + (((1.0 - head) - half) + (z * z).mul_add(cos_tail, -high * low));
    turn_by_quadrants(angle.quadrant, sine, cosine)
}

/// Sine and cosine of `x` radians for `|x| <= REDUCIBLE_MAX`, which vectorises; anything beyond gives anything.
#[inline(always)]
pub(super) fn sin_cos_moderate(x: f64) -> (f64, f64) {
    let (sine, cosine) = sin_cos_reduced(&reduce(x));
    // Keeps -0.
    (if x == 0.0 { x } else { sine }, cosine)
}

/// Sine and cosine of `x` radians.
#[inline]
fn sin_cos(x: f64) -> (f64, f64) {
    if x.abs() <= REDUCIBLE_MAX { sin_cos_moderate(x) } else { sin_cos_reduced(&reduction::reduce_large(x)) }
}

/// Sine of `x` radians.
///
/// # Numerics
/// Error below 0.8 ulp for every finite `x`, however large; NaN for infinity. Beyond 2^30 the reduction takes integers
/// (slow, not vectorised): loops do better with [`super::fill::sin`], which sets those lanes apart.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::sin(1e22), -0.8522008497671888);
/// ```
#[inline]
#[must_use]
pub fn sin(x: f64) -> f64 {
    sin_cos(x).0
}

/// Cosine of `x` radians.
///
/// # Numerics
/// As for [`sin`].
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::cos(0.0), 1.0);
/// ```
#[inline]
#[must_use]
pub fn cos(x: f64) -> f64 {
    sin_cos(x).1
}

/// Tangent of `x` radians.
///
/// # Numerics
/// Error below 2.5 ulps for every finite `x`; NaN for infinity. Otherwise as for [`sin`].
///
/// # Examples
/// ```
/// assert!((tailcast::math::tan(1.0) - 1.5574077246549023).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn tan(x: f64) -> f64 {
    let (sine, cosine) = sin_cos(x);
    sine / cosine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_turns_are_exact() {
        assert_eq!(sin_cos_turns(0.0), (0.0, 1.0));
        assert_eq!(sin_cos_turns(0.25), (1.0, 0.0));
        assert_eq!(sin_cos_turns(0.5), (0.0, -1.0));
        assert_eq!(sin_cos_turns(0.75), (-1.0, 0.0));
        assert_eq!(sin_cos_turns(1_000_000.25), (1.0, 0.0));
        let (sine, cosine) = sin_cos_turns(f64::NAN);
        assert!(sine.is_nan() && cosine.is_nan());
    }

    #[test]
    fn angles_keep_the_sign_of_zero_and_refuse_infinity() {
        assert_eq!(sin(-0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(tan(-0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(sin(5e-324), 5e-324);
        for x in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert!(sin(x).is_nan() && cos(x).is_nan() && tan(x).is_nan());
        }
    }

    #[test]
    fn both_reductions_agree_where_they_meet() {
        for x in [REDUCIBLE_MAX, 1e9 + 0.125, 1.1e9 / 1.03, -REDUCIBLE_MAX] {
            assert!(x.abs() <= REDUCIBLE_MAX);
            let (moderate, large) = (sin_cos_moderate(x), sin_cos_reduced(&reduction::reduce_large(x)));
            assert_eq!(moderate, large, "at {x}");
        }
    }

    #[test]
    fn sine_and_cosine_agree_with_the_platform() {
        for index in 0..100_000 {
            let x = (f64::from(index) - 50_000.0) * 1.234_567e-3 * f64::from(1 << (index % 20));
            assert!((sin(x) - x.sin()).abs() <= f64::EPSILON * x.sin().abs(), "sin({x})");
            assert!((cos(x) - x.cos()).abs() <= f64::EPSILON * x.cos().abs(), "cos({x})");
        }
    }
}
