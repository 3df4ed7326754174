//! The standard normal distribution.

use super::double_double::DoubleDouble;
use super::logarithm::ln;
use super::power::exp_double_double;
use super::special::{erf, erfc_scaled};

/// The rational function `N(t) / D(t)` of the region that a lane is in.
macro_rules! rational_by_region {
    ($central:expr, $far:expr, $t:expr; $(($a:expr, $b:expr, $c:expr)),+ $(,)?) => {
        horner!($t; $(if $central { $a } else if $far { $c } else { $b }),+)
    };
}

/// Quantile of the standard normal distribution: the `z` below which a share `p` lies.
///
/// # Parameters
/// - `p`: probability, in [0, 1].
///
/// # Numerics
/// Relative error below 1.5e-15 (5 ulps); `normal_quantile(0.5) = 0` exactly; antisymmetric about 1/2 exactly. 0 and 1 give the
/// infinities; anything outside, NaN. Near 1 the grid of `p` itself is coarse: `p` and `1 - p` carry what they carry.
///
/// # Source
/// Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988), routine
/// PPND16, evaluated without branches: the coefficients are selected by region.
///
/// # Examples
/// ```
/// let z = tailcast::math::normal_quantile(0.95);
/// assert!((z - 1.6448536269514722).abs() < 1e-15);
/// ```
#[inline(always)]
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    let central = q.abs() <= 0.425;
    let tail_share = if q < 0.0 { p } else { 1.0 - p };
    let r = (-ln(tail_share)).sqrt();
    let far = r > 5.0;
    let t = if central {
        q.mul_add(-q, 0.180_625)
    } else if far {
        r - 5.0
    } else {
        r - 1.6
    };
    let numerator = rational_by_region!(central, far, t;
        (3.387_132_872_796_366_5, 1.423_437_110_749_683_5, 6.657_904_643_501_103),
        (133.141_667_891_784_38, 4.630_337_846_156_546, 5.463_784_911_164_114),
        (1_971.590_950_306_551_3, 5.769_497_221_460_691, 1.784_826_539_917_291_3),
        (13_731.693_765_509_46, 3.647_848_324_763_204_5, 0.296_560_571_828_504_87),
        (45_921.953_931_549_87, 1.270_458_252_452_368_4, 0.026_532_189_526_576_124),
        (67_265.770_927_008_7, 0.241_780_725_177_450_6, 0.001_242_660_947_388_078_4),
        (33_430.575_583_588_13, 0.022_723_844_989_269_184, 2.711_555_568_743_487_6e-5),
        (2_509.080_928_730_122_7, 7.745_450_142_783_414e-4, 2.010_334_399_292_288_1e-7));
    let denominator = rational_by_region!(central, far, t;
        (1.0, 1.0, 1.0),
        (42.313_330_701_600_91, 2.053_191_626_637_759, 0.599_832_206_555_888),
        (687.187_007_492_057_9, 1.676_384_830_183_803_8, 0.136_929_880_922_735_8),
        (5_394.196_021_424_751, 0.689_767_334_985_1, 0.014_875_361_290_850_615),
        (21_213.794_301_586_597, 0.148_103_976_427_480_08, 7.868_691_311_456_133e-4),
        (39_307.895_800_092_71, 0.015_198_666_563_616_457, 1.846_318_317_510_054_8e-5),
        (28_729.085_735_721_943, 5.475_938_084_995_345e-4, 1.421_511_758_316_446e-7),
        (5_226.495_278_852_854, 1.050_750_071_644_416_9e-9, 2.044_263_103_389_939_8e-15));
    let ratio = numerator / denominator;
    let z = if central { q * ratio } else { ratio.copysign(q) };
    let edge = if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    let z = if tail_share == 0.0 { edge } else { z };
    if q.abs() <= 0.5 { z } else { f64::NAN }
}

/// Distribution function of the standard normal distribution: the share below `z`.
///
/// # Numerics
/// Relative error below 1e-15, in the lower tail too, down to the underflow at -38.5; NaN passes through. Not vectorised.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::normal_cdf(0.0), 0.5);
/// let tail = tailcast::math::normal_cdf(-20.0);
/// assert!((tail / 2.7536241186062337e-89 - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    let size = z.abs();
    if size <= std::f64::consts::SQRT_2 {
        return 0.5f64.mul_add(erf(z * std::f64::consts::FRAC_1_SQRT_2), 0.5);
    }
    // The exponent in full: in the tail its error would be that of the result.
    let half_square = DoubleDouble::new(size, 0.0).times(DoubleDouble::new(0.5 * size, 0.0));
    let tail = 0.5 * exp_double_double(half_square.negative()) * erfc_scaled(size * std::f64::consts::FRAC_1_SQRT_2);
    if z < 0.0 { tail } else { 1.0 - tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantile_has_the_limits_of_its_edges() {
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert_eq!(normal_quantile(0.5), 0.0);
        for outside in [-1e-300, 1.000_000_1, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert!(normal_quantile(outside).is_nan());
        }
    }

    #[test]
    fn quantile_is_antisymmetric_in_bits() {
        for index in 0..4096 {
            let p = f64::from(index) / 8192.0;
            assert_eq!(normal_quantile(p), -normal_quantile(1.0 - p));
        }
    }

    #[test]
    fn quantile_inverts_the_distribution_function() {
        for index in 1..1000 {
            let z = -37.0 + 0.037 * f64::from(index);
            let back = normal_quantile(normal_cdf(z));
            // An error of the probability weighs less and less in the tail.
            assert!((back - z).abs() < 4e-15 * (1.0 + z.abs()), "{z} came back as {back}");
        }
    }

    #[test]
    fn distribution_function_has_the_limits_of_its_edges() {
        assert_eq!(normal_cdf(f64::NEG_INFINITY), 0.0);
        assert_eq!(normal_cdf(f64::INFINITY), 1.0);
        assert_eq!(normal_cdf(-39.0), 0.0);
        assert!(normal_cdf(f64::NAN).is_nan());
    }
}
