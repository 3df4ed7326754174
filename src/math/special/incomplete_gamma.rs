//! The regularised incomplete gamma functions.
//!
//! The series where `x` is below `a`, the continued fraction above, and for very large `a` the uniform expansion, since
//! the others take about `sqrt a` terms.

use super::error_function::erfc;
use super::gamma::{ln_gamma_double_double, ln_gamma_of_one_plus, ln_of_sum, stirling_rest};
use crate::math::double_double::DoubleDouble;
use crate::math::power::exp_double_double;
use crate::math::{exp, exp_m1, ln};

/// From here on the uniform expansion is used, whose first term is then enough.
const UNIFORM_MIN: f64 = 1e8;
/// No parameter below [`UNIFORM_MIN`] takes as many terms.
const TERMS_MAX: u32 = 1_000_000;
/// Stands for zero in the continued fraction.
const TINY: f64 = 1e-300;

/// Both functions at once: the lower, the upper.
struct Pair {
    lower: f64,
    upper: f64,
}

/// `a ln(x / a) + a - x`, never positive.
fn deviance(a: f64, x: f64) -> DoubleDouble {
    let ratio = ln_of_sum(DoubleDouble::new(x, 0.0).over(a));
    DoubleDouble::new(a, 0.0).times(ratio).plus(DoubleDouble::from_sum(a, -x))
}

/// `x^a e^-x / gamma(a + 1)`: the Poisson probability of `a` at mean `x`.
fn weight(a: f64, x: f64) -> f64 {
    if a >= 12.0 {
        let exponent = deviance(a, x).plus(DoubleDouble::new(-stirling_rest(a), 0.0));
        return exp_double_double(exponent) / (std::f64::consts::TAU * a).sqrt();
    }
    let power = DoubleDouble::new(a, 0.0).times(ln_of_sum(DoubleDouble::new(x, 0.0)));
    let gamma = ln_gamma_double_double(DoubleDouble::from_sum(a, 1.0));
    exp_double_double(power.plus(DoubleDouble::new(-x, 0.0)).plus(gamma.negative()))
}

/// `sum x^n / ((a + 1) ... (a + n))`.
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..TERMS_MAX {
        term *= x / (a + f64::from(n));
        sum += term;
        if term <= sum * (f64::EPSILON / 8.0) {
            break;
        }
    }
    sum
}

/// The continued fraction of `gamma(a, x) / (x^a e^-x)`, by Lentz's method.
fn continued_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut value = d;
    for n in 1..TERMS_MAX {
        let n = f64::from(n);
        let numerator = n * (a - n);
        b += 2.0;
        d = numerator.mul_add(d, b);
        d = 1.0 / if d.abs() < TINY { TINY } else { d };
        c = b + numerator / c;
        c = if c.abs() < TINY { TINY } else { c };
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

/// The upper function for `a < 1`, `x < 1`, without the cancellation of `1 - lower`.
///
/// `1 - x^a / gamma(1 + a) (1 + a sum)`, the sum over `n >= 1` of `(-x)^n / ((a + n) n!)`.
fn upper_of_small(a: f64, x: f64) -> f64 {
    let gamma =
        if a <= 0.25 { ln_gamma_of_one_plus(a) } else { ln_gamma_double_double(DoubleDouble::from_sum(a, 1.0)).high };
    let exponent = a.mul_add(ln(x), -gamma);
    let (mut term, mut sum) = (1.0, 0.0);
    for n in 1..100 {
        let n = f64::from(n);
        term *= -x / n;
        sum += term / (a + n);
        if term.abs() <= f64::EPSILON * 1e-2 {
            break;
        }
    }
    -exp_m1(exponent) - exp(exponent) * a * sum
}

/// Temme's uniform expansion, first term, for `a` of [`UNIFORM_MIN`] and more and `x` within a third of `a`.
fn uniform(a: f64, x: f64) -> Pair {
    let half_square = -deviance(a, x).high.min(0.0);
    let eta = (2.0 * half_square / a).sqrt().copysign(x - a);
    let coefficient = if eta.abs() < 0.01 {
        horner!(eta; -1.0 / 3.0, 1.0 / 12.0, -2.0 / 135.0, 1.0 / 864.0, 1.0 / 2835.0)
    } else {
        a / (x - a) - 1.0 / eta
    };
    let rest = exp(-half_square) / (std::f64::consts::TAU * a).sqrt() * coefficient;
    let argument = half_square.sqrt().copysign(x - a);
    Pair { lower: 0.5 * erfc(-argument) - rest, upper: 0.5 * erfc(argument) + rest }
}

fn pair(a: f64, x: f64) -> Pair {
    if !(a > 0.0 && a.is_finite() && x >= 0.0) {
        return Pair { lower: f64::NAN, upper: f64::NAN };
    }
    if x == 0.0 || x.is_infinite() {
        let lower = if x == 0.0 { 0.0 } else { 1.0 };
        return Pair { lower, upper: 1.0 - lower };
    }
    if a > UNIFORM_MIN && (x - a).abs() < a / 3.0 {
        return uniform(a, x);
    }
    if x >= if a < 1.0 { 1.0 } else { a + 1.0 } {
        let upper = weight(a, x) * a * continued_fraction(a, x);
        return Pair { lower: 1.0 - upper, upper };
    }
    let lower = weight(a, x) * series(a, x);
    Pair { lower, upper: if a < 1.0 { upper_of_small(a, x) } else { 1.0 - lower } }
}

/// Regularised lower incomplete gamma function, `P(a, x)`: the distribution function of a gamma variable of shape `a`.
///
/// # Parameters
/// - `a`: shape, positive and finite; `x >= 0`; NaN otherwise.
///
/// # Numerics
/// Relative error below 1e-13 for `a` up to 1e6 (below 5e-15 up to 100); beyond 1e8 absolute error below 1e-14.
///
/// # Cost
/// About `sqrt a` terms near `x = a`; a constant from 1e8 on.
///
/// # Source
/// NIST Digital Library of Mathematical Functions, 8.7.1, 8.9.2 and 8.12; Loader, "Fast and accurate computation of
/// binomial probabilities" (2000), for the form of the weight.
///
/// # Examples
/// ```
/// let p = tailcast::math::special::incomplete_gamma_lower(1.0, 2.0);
/// assert!((p - (1.0 - (-2.0_f64).exp())).abs() < 1e-15);
/// ```
#[must_use]
pub fn incomplete_gamma_lower(a: f64, x: f64) -> f64 {
    pair(a, x).lower
}

/// Regularised upper incomplete gamma function, `Q(a, x) = 1 - P(a, x)`, accurate where it is small.
///
/// Parameters and numerics as for [`incomplete_gamma_lower`].
///
/// # Examples
/// ```
/// let q = tailcast::math::special::incomplete_gamma_upper(1.0, 50.0);
/// assert!((q / (-50.0_f64).exp() - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn incomplete_gamma_upper(a: f64, x: f64) -> f64 {
    pair(a, x).upper
}

/// `x` times the density of a gamma variable of shape `a`: the derivative of `P` by `ln x`.
pub(super) fn gamma_log_density(a: f64, x: f64) -> f64 {
    weight(a, x) * a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_and_invalid_parameters_are_marked() {
        assert_eq!((incomplete_gamma_lower(2.0, 0.0), incomplete_gamma_upper(2.0, 0.0)), (0.0, 1.0));
        let infinity = f64::INFINITY;
        assert_eq!((incomplete_gamma_lower(2.0, infinity), incomplete_gamma_upper(2.0, infinity)), (1.0, 0.0));
        for (a, x) in [(0.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (infinity, 1.0), (f64::NAN, 1.0), (1.0, f64::NAN)] {
            assert!(incomplete_gamma_lower(a, x).is_nan() && incomplete_gamma_upper(a, x).is_nan());
        }
    }

    #[test]
    fn uniform_expansion_meets_the_series() {
        let a = UNIFORM_MIN;
        for z in [-6.0, -1.0, 0.0, 1.0, 6.0] {
            let x = a + z * a.sqrt();
            let uniform = uniform(a, x);
            let pair = pair(a, x);
            let smaller = pair.lower.min(pair.upper);
            assert!((uniform.lower - pair.lower).abs() < 1e-12 * smaller, "{} {}", uniform.lower, pair.lower);
            assert!((uniform.upper - pair.upper).abs() < 1e-12 * smaller, "{} {}", uniform.upper, pair.upper);
        }
    }

    #[test]
    fn poisson_probabilities_add_up() {
        // Q(n + 1, x) is the probability of n events at most.
        let mean = 7.25_f64;
        let mut sum = 0.0;
        let mut probability = (-mean).exp();
        for n in 0..40 {
            sum += probability;
            probability *= mean / f64::from(n + 1);
            assert!((incomplete_gamma_upper(f64::from(n + 1), mean) - sum).abs() < 1e-14);
        }
    }
}
