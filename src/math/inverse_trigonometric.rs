//! Arc functions.

use super::double_double::DoubleDouble;

const HALF_PI: DoubleDouble = DoubleDouble::new(std::f64::consts::FRAC_PI_2, 6.123_233_995_736_766e-17);
const QUARTER_PI: DoubleDouble = DoubleDouble::new(std::f64::consts::FRAC_PI_4, 3.061_616_997_868_383e-17);
const PI: DoubleDouble = DoubleDouble::new(std::f64::consts::PI, 1.224_646_799_147_353_2e-16);
/// Tangents of an eighth and of three eighths of `pi`.
const TAN_EIGHTH: f64 = std::f64::consts::SQRT_2 - 1.0;
const TAN_THREE_EIGHTHS: f64 = std::f64::consts::SQRT_2 + 1.0;

/// `atan(t) - t` for `|t| <= tan(pi / 8)`, to 2e-19 of `t`. Minimax (Remez) polynomial.
#[inline(always)]
fn arc_tangent_tail(t: f64) -> f64 {
    let z = t * t;
    t * z
        * horner!(z;
            -0.333_333_333_333_333_3, 0.199_999_999_999_998_15, -0.142_857_142_856_624_43, 0.111_111_111_053_921_55,
            -0.090_909_087_644_963_2, 0.076_922_966_730_710_82, -0.066_664_299_230_605_11, 0.058_789_836_831_014_7,
            -0.052_308_356_795_052_6, 0.045_532_452_048_535_49, -0.034_611_000_560_559_574, 0.016_328_506_286_643_122)
}

/// Arc tangent in radians, in [-pi/2, pi/2].
///
/// # Numerics
/// Error below 2 ulps. Keeps the sign of zero; `+-pi/2` at infinity; NaN passes through.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::atan(1.0), std::f64::consts::FRAC_PI_4);
/// ```
#[inline(always)]
#[must_use]
pub fn atan(x: f64) -> f64 {
    let size = x.abs();
    let large = size > TAN_THREE_EIGHTHS;
    let small = size <= TAN_EIGHTH;
    // atan x = pi/4 + atan((x - 1) / (x + 1)) = pi/2 + atan(-1 / x).
    let numerator = if large { -1.0 } else { size - 1.0 };
    let denominator = if large { size } else { size + 1.0 };
    let t = if small { size } else { numerator / denominator };
    let offset_high = if large { HALF_PI.high } else { QUARTER_PI.high };
    let offset_low = if large { HALF_PI.low } else { QUARTER_PI.low };
    let tail = arc_tangent_tail(t);
    let sum = DoubleDouble::from_ordered_sum(offset_high, t);
    let shifted = sum.high + (sum.low + (tail + offset_low));
    let value = if small { t + tail } else { shifted };
    value.copysign(x)
}

/// Angle in radians of the point `(x, y)`, in [-pi, pi].
///
/// # Numerics
/// Error below 2.5 ulps, except where the result is subnormal. Zeros and infinities as in C: signed zeros count as limits,
/// two infinities as a diagonal. NaN if either is NaN.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::atan2(-1.0, -0.0), -std::f64::consts::FRAC_PI_2);
/// ```
#[inline(always)]
#[must_use]
pub fn atan2(y: f64, x: f64) -> f64 {
    let (rise, run) = (y.abs(), x.abs());
    let steep = rise > run;
    let (short, long) = if steep { (run, rise) } else { (rise, run) };
    let ratio = if short == long { 1.0 } else { short / long };
    let ratio = if long == 0.0 { 0.0 } else { ratio };
    let angle = atan(ratio);
    // The nearest half axis, and the angle from it, on the side of the positive half of the x axis or beyond.
    let behind = x.is_sign_negative();
    let axis_high = if behind { PI.high } else { 0.0 };
    let axis_high = if steep { HALF_PI.high } else { axis_high };
    let axis_low = if behind { PI.low } else { 0.0 };
    let axis_low = if steep { HALF_PI.low } else { axis_low };
    let signed = if steep == behind { angle } else { -angle };
    let angle = axis_high + (signed + axis_low);
    if x.is_nan() | y.is_nan() { f64::NAN } else { angle.copysign(y) }
}

/// `(asin s - s) / s` for `z = s^2 <= 1/4`. Minimax (Remez) polynomial, error below 4e-18.
#[inline(always)]
fn arc_sine_tail(z: f64) -> f64 {
    z * horner!(z;
        0.166_666_666_666_666_69, 0.074_999_999_999_982_37, 0.044_642_857_146_729_324, 0.030_381_944_110_494_72,
        0.022_372_174_027_728_994, 0.017_352_367_931_289_046, 0.013_971_571_693_376_513, 0.011_475_761_451_186_938,
        0.010_344_508_329_563_138, 0.005_366_527_520_127_813_7, 0.017_642_795_433_978_273,
        -0.015_221_358_337_285_636, 0.029_004_695_022_201_68)
}

/// `asin` of `sqrt(z)` for `z <= 1/4`, as a sum.
#[inline(always)]
fn arc_sine_of_root(z: f64) -> DoubleDouble {
    let s = z.sqrt();
    let s_low = if s == 0.0 { 0.0 } else { (-s).mul_add(s, z) / (2.0 * s) };
    DoubleDouble::from_ordered_sum(s, s.mul_add(arc_sine_tail(z), s_low))
}

/// Arc sine in radians, in [-pi/2, pi/2].
///
/// # Numerics
/// Error below 1.2 ulps. Keeps the sign of zero; NaN outside [-1, 1].
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::asin(1.0), std::f64::consts::FRAC_PI_2);
/// ```
#[inline(always)]
#[must_use]
pub fn asin(x: f64) -> f64 {
    let size = x.abs();
    // asin x = pi/2 - 2 asin(sqrt((1 - x) / 2)).
    let far = arc_sine_of_root(0.5 * (1.0 - size));
    let complement = HALF_PI.high - (2.0 * far.high - (HALF_PI.low - 2.0 * far.low));
    let near = size.mul_add(arc_sine_tail(size * size), size);
    (if size <= 0.5 { near } else { complement }).copysign(x)
}

/// Arc cosine in radians, in [0, pi].
///
/// # Numerics
/// Error below 1 ulp. NaN outside [-1, 1].
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::acos(-1.0), std::f64::consts::PI);
/// ```
#[inline(always)]
#[must_use]
pub fn acos(x: f64) -> f64 {
    let far = arc_sine_of_root(0.5 * (1.0 - x.abs()));
    let angle = 2.0 * (far.high + far.low);
    let supplement = PI.high - (2.0 * far.high - (PI.low - 2.0 * far.low));
    let middle = HALF_PI.high - (x - x.mul_add(-arc_sine_tail(x * x), HALF_PI.low));
    let outer = if x < 0.0 { supplement } else { angle };
    if x.abs() <= 0.5 { middle } else { outer }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_PI_2, PI};

    use super::*;

    #[test]
    fn arcs_have_the_limits_of_their_edges() {
        for odd in [asin, atan] {
            assert_eq!(odd(-0.0).to_bits(), (-0.0_f64).to_bits());
            assert_eq!(odd(5e-324), 5e-324);
            assert!(odd(f64::NAN).is_nan());
        }
        assert_eq!(asin(-1.0), -FRAC_PI_2);
        assert_eq!((acos(1.0), acos(0.0), acos(-1.0)), (0.0, FRAC_PI_2, PI));
        assert!(asin(1.000_000_1).is_nan() && acos(-1.000_000_1).is_nan() && acos(f64::NAN).is_nan());
        assert_eq!((atan(f64::INFINITY), atan(f64::NEG_INFINITY)), (FRAC_PI_2, -FRAC_PI_2));
    }

    #[test]
    fn angle_of_a_point_is_that_of_the_standard_at_its_edges() {
        let points = [0.0, -0.0, 1.0, -1.0, 1e308, -1e308, 5e-324, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
        for y in points {
            for x in points {
                let (found, expected) = (atan2(y, x), y.atan2(x));
                let same = found == expected && found.is_sign_negative() == expected.is_sign_negative();
                assert!(same || (found.is_nan() && expected.is_nan()), "atan2({y}, {x}) = {found}, not {expected}");
            }
        }
    }
}
