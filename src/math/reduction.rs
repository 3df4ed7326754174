//! Reduction of large angles to the first quadrant, exact to 2^-137, in integers.
//!
//! Payne and Hanek's: of the product of a double and `2 / pi` only the bits around the point matter, since whole turns
//! drop out; so a window of the bits of `2 / pi` is multiplied.

use super::double_double::DoubleDouble;
use super::trigonometric::Reduced;

/// `2 / pi` in binary, most significant word first, after a word of zeros.
const TWO_OVER_PI: [u64; 20] = [
    0,
    0xa2f9_836e_4e44_1529,
    0xfc27_57d1_f534_ddc0,
    0xdb62_9599_3c43_9041,
    0xfe51_63ab_debb_c561,
    0xb724_6e3a_424d_d2e0,
    0x0649_2eea_09d1_921c,
    0xfe1d_eb1c_b129_a73e,
    0xe882_35f5_2ebb_4484,
    0xe99c_7026_b45f_7e41,
    0x3991_d639_8353_39f4,
    0x9c84_5f8b_bdf9_283b,
    0x1ff8_97ff_de05_980f,
    0xef2f_118b_5a0a_6d1f,
    0x6d36_7ecf_27cb_09b7,
    0x4f46_3f66_9e5f_ea2d,
    0x7527_bac7_ebe5_f17b,
    0x3d07_39f7_8a52_92ea,
    0x6bfb_5fb1_1f8d_5d08,
    0x5603_3046_fc7b_6bab,
];
const MANTISSA_BITS: u32 = 53;

/// Reduction of a finite `|x| >= 2^30`; anything else that is not finite gives NaN.
///
/// # Source
/// Payne and Hanek, "Radian reduction for trigonometric functions", ACM SIGNUM Newsletter 18 (1983).
#[cold]
pub(super) fn reduce_large(x: f64) -> Reduced {
    if !x.is_finite() {
        return Reduced { quadrant: 0, rest: DoubleDouble::new(f64::NAN, 0.0) };
    }
    let bits = x.abs().to_bits();
    let exponent = (bits >> 52) as i32 - 1075;
    let mantissa = (bits & ((1 << 52) - 1)) | (1 << 52);
    let (quarter_turns, fraction) = times_two_over_pi(mantissa, exponent);
    // To the nearest quarter turn: the fraction as a signed number, then its magnitude.
    let up = fraction >> 127 != 0;
    let magnitude = if up { fraction.wrapping_neg() } else { fraction };
    let quadrant = if up { quarter_turns + 1 } else { quarter_turns };
    let radians = to_radians(magnitude);
    let negative = up != (x < 0.0);
    let sign = if negative { -1.0 } else { 1.0 };
    let quadrant = if x < 0.0 { quadrant.wrapping_neg() } else { quadrant };
    Reduced { quadrant, rest: DoubleDouble::new(sign * radians.high, sign * radians.low) }
}

/// `mantissa 2^exponent 2 / pi` modulo 4: the integer, and 128 bits of the fraction.
fn times_two_over_pi(mantissa: u64, exponent: i32) -> (u64, u128) {
    // Bits of weight 4 and more drop out; the window starts at the bit of weight 2 after the product.
    let start = usize::try_from(exponent + 62).expect("angles from 2^30 on have an exponent of -22 at least");
    let (word, shift) = (start / 64, start % 64);
    let window: [u64; 3] = std::array::from_fn(|index| {
        let pair = u128::from(TWO_OVER_PI[word + index]) << 64 | u128::from(TWO_OVER_PI[word + index + 1]);
        (pair >> (64 - shift)) as u64
    });
    let mantissa = u128::from(mantissa);
    let low = u128::from(window[2]) * mantissa;
    let middle = u128::from(window[1]) * mantissa + (low >> 64);
    let high = u128::from(window[0]).wrapping_mul(mantissa).wrapping_add(middle >> 64) as u64;
    let (middle, low) = (middle as u64, low as u64);
    let fraction = (u128::from(high) << 64 | u128::from(middle)) << 2 | u128::from(low >> 62);
    (high >> 62, fraction)
}

/// `fraction / 2^128` quarter turns, at most a half, in radians.
fn to_radians(fraction: u128) -> DoubleDouble {
    let zeros = fraction.leading_zeros();
    if zeros == u128::BITS {
        return DoubleDouble::new(0.0, 0.0);
    }
    let digits = fraction << zeros;
    let scale = |shift: u32| f64::from_bits(u64::from(1023 - shift - zeros) << 52);
    let high = (digits >> (128 - MANTISSA_BITS)) as f64 * scale(MANTISSA_BITS);
    let rest = (digits << MANTISSA_BITS) >> (128 - MANTISSA_BITS);
    let low = rest as f64 * scale(2 * MANTISSA_BITS);
    DoubleDouble::new(high, low).times(DoubleDouble::new(std::f64::consts::FRAC_PI_2, 6.123_233_995_736_766e-17))
}
