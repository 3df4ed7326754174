//! The gamma function and its logarithm.
//!
//! Stirling's series from 12 on, the recurrence below, the reflection for negative arguments.

use crate::math::double_double::DoubleDouble;
use crate::math::logarithm::ln_double_double;
use crate::math::power::exp_double_double;
use crate::math::{ln, ln_1p, sin_cos_turns};

/// From here on Stirling's series is used.
const STIRLING_MIN: f64 = 12.0;
/// `gamma(x)` overflows above it.
const GAMMA_ARGUMENT_MAX: f64 = 171.7;
/// `gamma(x)` vanishes below it.
const GAMMA_ARGUMENT_MIN: f64 = -190.0;
/// `ln(2 pi) / 2`.
pub(super) const HALF_LN_TAU: DoubleDouble = DoubleDouble::new(0.918_938_533_204_672_8, -5.821_967_026_359_438e-17);
/// `FACTORIALS[n] = n!`, correctly rounded.
const FACTORIALS: [f64; 171] = factorials();

/// Factorials from 120-bit products.
const fn factorials() -> [f64; 171] {
    const BITS: u32 = 120;
    let mut table = [1.0; 171];
    let mut digits = 1_u128;
    let mut exponent = 0;
    let mut n = 1;
    while n < table.len() {
        digits *= n as u128;
        let excess = u128::BITS - digits.leading_zeros();
        if excess > BITS {
            digits >>= excess - BITS;
            exponent += excess - BITS;
        }
        table[n] = digits as f64 * f64::from_bits((1023 + exponent as u64) << 52);
        n += 1;
    }
    table
}

/// Natural logarithm of a positive double-double.
pub(super) fn ln_of_sum(x: DoubleDouble) -> DoubleDouble {
    let head = ln_double_double(x.high);
    DoubleDouble::from_ordered_sum(head.high, head.low + x.low / x.high)
}

/// What Stirling's formula lacks: `ln gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2)` for `x >= 12`.
pub(super) fn stirling_rest(x: f64) -> f64 {
    let inverse = 1.0 / x;
    let z = inverse * inverse;
    inverse
        * horner!(z;
            0.083_333_333_333_333_33, -0.002_777_777_777_777_778, 0.000_793_650_793_650_793_7,
            -0.000_595_238_095_238_095_3, 0.000_841_750_841_750_841_8, -0.001_917_526_917_526_917_6,
            0.006_410_256_410_256_41, -0.029_550_653_594_771_242, 0.179_644_372_368_830_57)
}

/// A positive argument moved up to where Stirling's series holds: `gamma(x) = e^stirling / product`.
struct Shifted {
    stirling: DoubleDouble,
    product: DoubleDouble,
}

fn shift(x: DoubleDouble) -> Shifted {
    let mut shifted = x;
    let mut product = DoubleDouble::new(1.0, 0.0);
    while shifted.high < STIRLING_MIN {
        product = product.times(shifted);
        shifted = shifted.plus(DoubleDouble::new(1.0, 0.0));
    }
    let logarithm = ln_of_sum(shifted);
    let stirling = shifted
        .plus(DoubleDouble::new(-0.5, 0.0))
        .times(logarithm)
        .plus(shifted.negative())
        .plus(HALF_LN_TAU)
        .plus(DoubleDouble::new(stirling_rest(shifted.high), 0.0));
    Shifted { stirling, product }
}

/// `ln gamma(x)` for `0 < x < 1e300`, absolute error below 2^-58 plus 2^-62 of its size.
pub(super) fn ln_gamma_double_double(x: DoubleDouble) -> DoubleDouble {
    let Shifted { stirling, product } = shift(x);
    if product.high == 1.0 { stirling } else { stirling.plus(ln_of_sum(product).negative()) }
}

/// `|sin(pi x)|`.
fn sine_of_half_turns(x: f64) -> f64 {
    let rest = x - x.round_ties_even();
    sin_cos_turns(0.5 * rest).0.abs()
}

/// Gamma function.
///
/// # Numerics
/// Relative error below 5e-16 for positive, 2e-15 for negative arguments (of the exact function at the double `x`, which
/// near a pole is far from that at its neighbours). Positive integers give factorials, correctly rounded. Infinity above
/// 171.62, and with the sign of the zero at zeros; NaN at the other poles (the negative integers) and at -infinity.
///
/// # Source
/// NIST Digital Library of Mathematical Functions, 5.5.1, 5.5.3 and 5.11.1, with the exponent in double-double.
///
/// # Examples
/// ```
/// use tailcast::math::special::gamma;
/// assert_eq!(gamma(5.0), 24.0);
/// assert!((gamma(0.5) - 1.772453850905516).abs() < 1e-15);
/// ```
#[must_use]
pub fn gamma(x: f64) -> f64 {
    if x.is_nan() || x > GAMMA_ARGUMENT_MAX {
        return if x.is_nan() { x } else { f64::INFINITY };
    }
    if x == 0.0 {
        return 1.0 / x;
    }
    if x.floor() == x {
        return if x > 0.0 { FACTORIALS[x as usize - 1] } else { f64::NAN };
    }
    if x > 0.0 {
        let Shifted { stirling, product } = shift(DoubleDouble::new(x, 0.0));
        return exp_double_double(stirling) / product.high * (1.0 - product.low / product.high);
    }
    let sign = if (0.5 * x.floor()).floor() == 0.5 * x.floor() { 1.0 } else { -1.0 };
    if x < GAMMA_ARGUMENT_MIN {
        return sign * 0.0;
    }
    let Shifted { stirling, product } = shift(DoubleDouble::from_sum(1.0, -x));
    let ratio = std::f64::consts::PI * product.high / sine_of_half_turns(x);
    sign * (exp_double_double(stirling.negative()) * ratio)
}

/// Natural logarithm of the absolute value of the gamma function.
///
/// # Numerics
/// Relative error below 1e-15 for positive arguments, the zeros at 1 and 2 included; absolute error below 1e-14 of the
/// larger term for negative ones, which have zeros between the poles. Infinity at the poles and at both infinities.
///
/// # Source
/// As for [`gamma`]; around 1 and 2 the power series 5.7.3 of the same library.
///
/// # Examples
/// ```
/// use tailcast::math::special::ln_gamma;
/// assert_eq!(ln_gamma(2.0), 0.0);
/// assert!((ln_gamma(100.0) - 359.1342053695754).abs() < 1e-12);
/// ```
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.is_infinite() || (x <= 0.0 && x.floor() == x) {
        return f64::INFINITY;
    }
    if x > 1e100 {
        return x * (ln(x) - 1.0);
    }
    if x < 0.0 {
        let rest = ln_gamma_double_double(DoubleDouble::from_sum(1.0, -x));
        return ln(std::f64::consts::PI / sine_of_half_turns(x)) - rest.high;
    }
    if (x - 2.0).abs() <= 0.25 {
        return ln_gamma_around_two(x - 2.0);
    }
    if (x - 1.0).abs() <= 0.25 {
        return ln_gamma_of_one_plus(x - 1.0);
    }
    ln_gamma_double_double(DoubleDouble::new(x, 0.0)).high
}

/// `ln gamma(1 + t)` for `|t| <= 1/4`.
pub(super) fn ln_gamma_of_one_plus(t: f64) -> f64 {
    ln_gamma_around_two(t) - ln_1p(t)
}

/// `ln gamma(2 + t) = (1 - C) t + sum (-1)^k (zeta(k) - 1) t^k / k` for `|t| <= 1/4`.
fn ln_gamma_around_two(t: f64) -> f64 {
    t * horner!(t;
        0.422_784_335_098_467_13, 0.322_467_033_424_113_2, -0.067_352_301_053_198_1, 0.020_580_808_427_784_546,
        -0.007_385_551_028_673_986, 0.002_890_510_330_741_523_4, -0.001_192_753_911_703_261,
        0.000_509_669_524_743_042_5, -0.000_223_154_758_453_579_39, 9.945_751_278_180_853e-5,
        -4.492_623_673_813_314e-5, 2.050_721_277_567_069e-5, -9.439_488_275_268_397e-6, 4.374_866_789_907_488e-6,
        -2.039_215_753_801_366e-6, 9.551_412_130_407_42e-7, -4.492_469_198_764_566e-7, 2.120_718_480_555_466_5e-7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_give_factorials() {
        let mut factorial = 1_u64;
        for n in 1..=20_u32 {
            factorial *= u64::from(n);
            assert_eq!(gamma(f64::from(n) + 1.0), factorial as f64);
        }
        assert_eq!(gamma(171.0), 7.257_415_615_307_999e306);
        assert_eq!(gamma(172.0), f64::INFINITY);
    }

    #[test]
    fn poles_and_infinities_are_marked() {
        assert_eq!(gamma(0.0), f64::INFINITY);
        assert_eq!(gamma(-0.0), f64::NEG_INFINITY);
        assert!(gamma(-1.0).is_nan() && gamma(-1e300).is_nan() && gamma(f64::NEG_INFINITY).is_nan());
        assert_eq!(gamma(f64::INFINITY), f64::INFINITY);
        assert!(gamma(f64::NAN).is_nan() && ln_gamma(f64::NAN).is_nan());
        for pole in [0.0, -0.0, -1.0, -50.0, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(ln_gamma(pole), f64::INFINITY);
        }
        assert_eq!(ln_gamma(1.0), 0.0);
        assert!(ln_gamma(1e305).is_finite());
    }

    #[test]
    fn sign_alternates_between_the_poles() {
        for n in 0..180 {
            let x = -0.5 - f64::from(n);
            assert_eq!(gamma(x).is_sign_negative(), n % 2 == 0, "gamma({x})");
        }
        assert_eq!(gamma(-200.5).abs(), 0.0);
    }

    #[test]
    fn reflection_holds() {
        for index in 1..200 {
            let x = -0.037 * f64::from(index);
            let product = gamma(x) * gamma(1.0 - x) * (std::f64::consts::PI * x).sin();
            assert!((product / std::f64::consts::PI - 1.0).abs() < 1e-12, "at {x}");
            assert!((ln_gamma(x) - gamma(x).abs().ln()).abs() < 1e-13, "at {x}");
        }
    }
}
