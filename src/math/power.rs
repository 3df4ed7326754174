//! Powers and roots, through logarithms of about 64 bits.

use super::double_double::DoubleDouble;
use super::exponential::exp_sum;
use super::logarithm::ln_double_double;

/// `e^value`, where the low part counts only while the high part is in range.
#[inline(always)]
pub(super) fn exp_double_double(value: DoubleDouble) -> f64 {
    exp_sum(value.high, if value.high.abs() < 800.0 { value.low } else { 0.0 })
}

/// Whether a finite number is an odd integer.
#[inline(always)]
fn is_odd(x: f64) -> bool {
    let half = 0.5 * x;
    (x.floor() == x) & (half.floor() != half)
}

/// Power, `x^y` over the real numbers.
///
/// # Numerics
/// Error below 0.65 ulp, so that results which are doubles are exact: `pow(3, 2) = 9`, `pow(2, -1074)`. Edges as in IEEE
/// 754 (and C): `x^0 = 1` and `1^y = 1` even for NaN; `(-1)^(+-inf) = 1`; a negative base takes the sign of an odd
/// integer exponent and is NaN for an exponent that is not an integer.
///
/// # Source
/// `e^(y ln x)` with the product in double-double; derived here.
///
/// # Examples
/// ```
/// use tailcast::math::pow;
/// assert_eq!(pow(10.0, 15.0), 1e15);
/// assert_eq!(pow(-2.0, 3.0), -8.0);
/// assert!(pow(-8.0, 1.0 / 3.0).is_nan());
/// ```
#[inline(always)]
#[must_use]
pub fn pow(x: f64, y: f64) -> f64 {
    let logarithm = ln_double_double(x.abs());
    let magnitude = exp_double_double(DoubleDouble::new(y, 0.0).times(logarithm));
    let integer = y.floor() == y;
    let signed = if is_odd(y) { magnitude.copysign(x) } else { magnitude };
    // -0 and -inf have powers of any exponent.
    let real = integer | (x >= 0.0) | (x == f64::NEG_INFINITY) | x.is_nan();
    let value = if real { signed } else { f64::NAN };
    let one = (y == 0.0) | (x == 1.0) | ((x == -1.0) & y.is_infinite());
    if one { 1.0 } else { value }
}

/// Real `n`-th root of `x`: the `r` with `r^n = x`.
///
/// # Parameters
/// - `x`: any; a negative one has a root for odd integers `n` only.
/// - `n`: any, an integer as a rule; 0 gives what `x^inf` does.
///
/// # Numerics
/// Error below 0.65 ulp; roots that are doubles are exact, which `pow(x, 1 / n)` can't promise.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::root(-27.0, 3.0), -3.0);
/// ```
#[inline(always)]
#[must_use]
pub fn root(x: f64, n: f64) -> f64 {
    let magnitude = exp_double_double(ln_double_double(x.abs()).over(n));
    let odd = is_odd(n);
    let signed = if odd { magnitude.copysign(x) } else { magnitude };
    if (x < 0.0) & !odd { f64::NAN } else { signed }
}

/// Cube root.
///
/// # Numerics
/// Error below 0.65 ulp; exact for cubes. Keeps the sign of zero and of infinity; NaN passes through.
///
/// # Examples
/// ```
/// assert_eq!(tailcast::math::cbrt(-0.125), -0.5);
/// ```
#[inline(always)]
#[must_use]
pub fn cbrt(x: f64) -> f64 {
    root(x, 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_of_special_bases_and_exponents_is_that_of_the_standard() {
        let inf = f64::INFINITY;
        let points = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            -0.5,
            2.0,
            -2.0,
            3.0,
            -3.0,
            1.5,
            -1.5,
            inf,
            -inf,
            f64::NAN,
            f64::MAX,
            f64::MIN,
            f64::MIN_POSITIVE,
            5e-324,
            -5e-324,
            1e300,
            -1e300,
            9_007_199_254_740_991.0,
            -9_007_199_254_740_991.0,
        ];
        for x in points {
            for y in points {
                let (found, expected) = (pow(x, y), x.powf(y));
                let same = found.to_bits().abs_diff(expected.to_bits()) <= 1;
                assert!(same || (found.is_nan() && expected.is_nan()), "{x:e}^{y:e} = {found:e}, not {expected:e}");
            }
        }
    }

    #[test]
    fn integer_powers_are_exact_where_doubles_hold_them() {
        for base in 2..=1000_u64 {
            let mut power = 1;
            for exponent in 0..64_u32 {
                assert_eq!(pow(base as f64, f64::from(exponent)), power as f64, "{base}^{exponent}");
                assert_eq!(
                    root(power as f64, f64::from(exponent.max(1))),
                    if exponent == 0 { 1.0 } else { base as f64 }
                );
                power *= base;
                if power > 1 << 53 {
                    break;
                }
            }
        }
    }

    #[test]
    fn roots_have_the_limits_of_their_edges() {
        assert_eq!(cbrt(-0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(cbrt(0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(cbrt(f64::NEG_INFINITY), f64::NEG_INFINITY);
        assert_eq!(cbrt(f64::INFINITY), f64::INFINITY);
        assert!(cbrt(f64::NAN).is_nan());
        assert!(root(-4.0, 2.0).is_nan());
        assert!(root(-4.0, 2.5).is_nan());
        assert_eq!(root(4.0, -2.0), 0.5);
        assert_eq!(root(0.0, -3.0), f64::INFINITY);
        assert!(root(f64::NAN, 3.0).is_nan());
    }
}
