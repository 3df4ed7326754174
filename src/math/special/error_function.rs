//! The error function and its complement.

use crate::math::double_double::DoubleDouble;
use crate::math::power::exp_double_double;

/// `2 / sqrt(pi)`.
const SLOPE: f64 = std::f64::consts::FRAC_2_SQRT_PI;
/// What [`SLOPE`] lacks.
const SLOPE_LOW: f64 = 1.533_545_961_316_588e-17;

/// `erf x` for `|x| <= 1`. Minimax (Remez) polynomial, error below 1e-18.
fn erf_near_zero(x: f64) -> f64 {
    let z = x * x;
    let tail = horner!(z;
        -0.376_126_389_031_837_54, 0.112_837_916_709_551_11, -0.026_866_170_645_124_008, 0.005_223_977_625_306_138,
        -0.000_854_832_701_024_270_9, 0.000_120_553_322_244_798_37, -1.492_562_278_834_303_6e-5,
        1.646_145_195_686_546_6e-6, -1.635_518_218_080_685e-7, 1.469_295_832_539_764_2e-8,
        -1.150_234_998_500_323_4e-9, 6.177_719_376_727_585e-11);
    x.mul_add(SLOPE, x * z.mul_add(tail, SLOPE_LOW))
}

/// Scaled complementary error function, `e^(x^2) erfc(x)`, for `x >= 1`.
///
/// `(1 + 2 x) e^(x^2) erfc(x)` as a minimax (Remez) polynomial in `(x - 3) / (x + 3)`, relative error below 1e-17. The
/// change of variable is that of Shepherd and Laframboise, Mathematics of Computation 36 (1981).
pub(in crate::math) fn erfc_scaled(x: f64) -> f64 {
    let y = if x.is_infinite() { 1.0 } else { (x - 3.0) / (x + 3.0) };
    horner!(y;
        1.253_008_058_269_729_6, -0.135_621_106_124_580_92, -0.047_562_294_353_454_174, 0.129_645_158_702_720_84,
        -0.119_273_663_415_017_38, 0.068_308_027_345_699_12, -0.023_770_514_928_688_705, 0.002_529_391_785_192_268_6,
        0.001_888_690_537_933_905_3, -0.000_779_832_026_392_808_8, -0.000_105_161_605_284_889_82,
        0.000_125_098_875_919_750_41, 4.960_050_171_287_158_5e-6, -2.010_616_242_271_667e-5,
        -7.654_444_610_236_146e-7, 3.513_850_922_831_729e-6, 4.032_980_983_578_062_5e-7, -7.258_876_180_777_022e-7,
        -1.241_761_081_794_601e-7, 2.017_806_194_268_531e-7, -4.327_746_600_817_467e-8)
        / 2.0_f64.mul_add(x, 1.0)
}

/// `erfc x` for `x >= 1`.
fn erfc_far(x: f64) -> f64 {
    let square = DoubleDouble::new(x, 0.0).times(DoubleDouble::new(x, 0.0));
    exp_double_double(square.negative()) * erfc_scaled(x)
}

/// Error function, `2 / sqrt(pi)` times the integral of `e^(-t^2)` from 0 to `x`.
///
/// # Numerics
/// Error below 1.5 ulps. Keeps the sign of zero; NaN passes through.
///
/// # Source
/// Coefficients derived here by Remez's exchange in 300-bit arithmetic.
///
/// # Examples
/// ```
/// assert!((tailcast::math::special::erf(1.0) - 0.8427007929497149).abs() < 1e-15);
/// ```
#[must_use]
pub fn erf(x: f64) -> f64 {
    if x.abs() <= 1.0 { erf_near_zero(x) } else { (1.0 - erfc_far(x.abs())).copysign(x) }
}

/// Complementary error function, `1 - erf(x)`, accurate where that is small.
///
/// # Numerics
/// Error below 5 ulps down to the underflow at 26.5; subnormal results within 2 of their grid. NaN passes through.
///
/// # Examples
/// ```
/// let tail = tailcast::math::special::erfc(10.0);
/// assert!((tail / 2.088487583762545e-45 - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn erfc(x: f64) -> f64 {
    if x > 1.0 {
        erfc_far(x)
    } else if x < -1.0 {
        2.0 - erfc_far(-x)
    } else {
        1.0 - erf_near_zero(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_exact() {
        assert_eq!(erf(0.0), 0.0);
        assert!(erf(-0.0).is_sign_negative());
        assert_eq!((erf(f64::INFINITY), erf(f64::NEG_INFINITY)), (1.0, -1.0));
        assert_eq!((erfc(f64::INFINITY), erfc(f64::NEG_INFINITY)), (0.0, 2.0));
        assert_eq!(erfc(27.3), 0.0);
        assert!(erf(f64::NAN).is_nan() && erfc(f64::NAN).is_nan());
    }

    #[test]
    fn pieces_meet() {
        let above = 1.0 + f64::EPSILON;
        assert!((erf(1.0) - erf(above)).abs() < 3e-16);
        assert!((erfc(1.0) - erfc(above)).abs() < 3e-16);
        assert!((erfc(-1.0) - erfc(-above)).abs() < 6e-16);
    }
}
