//! The regularised incomplete beta function, by its continued fraction.

use super::beta::ln_beta_double_double;
use super::gamma::{ln_of_sum, stirling_rest};
use crate::math::double_double::DoubleDouble;
use crate::math::power::exp_double_double;

/// No parameters below about 1e11 take as many terms.
const TERMS_MAX: u32 = 1_000_000;
/// Stands for zero in the continued fraction.
const TINY: f64 = 1e-300;

/// `x^a y^b / B(a, b)` for `x + y = 1`: the derivative of the function by the logit of `x`.
pub(super) fn beta_log_density(a: f64, b: f64, x: DoubleDouble, y: DoubleDouble) -> f64 {
    let (wide_a, wide_b) = (DoubleDouble::new(a, 0.0), DoubleDouble::new(b, 0.0));
    if a.min(b) < 12.0 {
        let power = wide_a.times(ln_of_sum(x)).plus(wide_b.times(ln_of_sum(y)));
        return exp_double_double(power.plus(ln_beta_double_double(a, b).negative()));
    }
    // Around the mode all logarithms are small, and nothing large cancels.
    let sum = DoubleDouble::from_sum(a, b);
    let left = wide_a.times(ln_of_sum(x.times(sum).over(a)));
    let right = wide_b.times(ln_of_sum(y.times(sum).over(b)));
    let rest = stirling_rest(sum.high) - (stirling_rest(a) + stirling_rest(b));
    let scale = (a / sum.high * b / std::f64::consts::TAU).sqrt();
    scale * exp_double_double(left.plus(right).plus(DoubleDouble::new(rest, 0.0)))
}

/// The continued fraction of `a B(a, b) I_x(a, b) / (x^a y^b)`, by Lentz's method.
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..TERMS_MAX {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + (2.0 * m - 1.0)) * (a + 2.0 * m));
        d = 1.0 / guard(even.mul_add(d, 1.0));
        c = guard(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + (2.0 * m + 1.0)));
        d = 1.0 / guard(odd.mul_add(d, 1.0));
        c = guard(1.0 + odd / c);
        let factor = d * c;
        value *= factor;
        if (factor - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

/// The function and its complement, `(I_x(a, b), I_y(b, a))`, for `x + y = 1`.
pub(super) fn beta_pair(a: f64, b: f64, x: DoubleDouble, y: DoubleDouble) -> (f64, f64) {
    if x.high <= 0.0 || y.high <= 0.0 {
        return if x.high <= 0.0 { (0.0, 1.0) } else { (1.0, 0.0) };
    }
    let density = beta_log_density(a, b, x, y);
    if x.high <= (a + 1.0) / (a + b + 2.0) {
        let lower = density * continued_fraction(a, b, x.high) / a;
        (lower, 1.0 - lower)
    } else {
        let upper = density * continued_fraction(b, a, y.high) / b;
        (1.0 - upper, upper)
    }
}

/// Whether the parameters are in range.
pub(super) fn are_shapes(a: f64, b: f64) -> bool {
    a > 0.0 && b > 0.0 && a.max(b) < 1e300
}

/// Regularised incomplete beta function, `I_x(a, b)`: the distribution function of a beta variable.
///
/// # Parameters
/// - `a`, `b`: shapes, positive, below 1e300; `0 <= x <= 1`; NaN otherwise.
///
/// # Numerics
/// Relative error below 1e-13 for `a` and `b` from 1e-3 to 1e5, absolute error below 1e-12 up to 1e8. One of the function
/// and its complement is computed as 1 minus the other, to whichever side of the mean `x` lies; for shapes far below 1
/// that may be the smaller, which then is accurate absolutely, not relatively.
///
/// # Cost
/// About `sqrt(max(a, b))` terms near the mode, a million at most (beyond about 1e11 it has then not converged).
///
/// # Source
/// NIST Digital Library of Mathematical Functions, 8.17.22; Loader, "Fast and accurate computation of binomial
/// probabilities" (2000), for the form of the weight.
///
/// # Examples
/// ```
/// let p = tailcast::math::special::incomplete_beta(2.0, 3.0, 0.4);
/// assert!((p - 0.5248).abs() < 1e-15);
/// ```
#[must_use]
pub fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if !(are_shapes(a, b) && (0.0..=1.0).contains(&x)) {
        return f64::NAN;
    }
    beta_pair(a, b, DoubleDouble::new(x, 0.0), DoubleDouble::from_sum(1.0, -x)).0
}

/// Complement of the regularised incomplete beta function, `1 - I_x(a, b)`, accurate where it is small.
///
/// Parameters and numerics as for [`incomplete_beta`].
///
/// # Examples
/// ```
/// let q = tailcast::math::special::incomplete_beta_upper(1.0, 20.0, 0.9);
/// assert!((q / 1e-20 - 1.0).abs() < 1e-13);
/// ```
#[must_use]
pub fn incomplete_beta_upper(a: f64, b: f64, x: f64) -> f64 {
    if !(are_shapes(a, b) && (0.0..=1.0).contains(&x)) {
        return f64::NAN;
    }
    beta_pair(a, b, DoubleDouble::new(x, 0.0), DoubleDouble::from_sum(1.0, -x)).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_and_invalid_parameters_are_marked() {
        assert_eq!((incomplete_beta(2.0, 3.0, 0.0), incomplete_beta_upper(2.0, 3.0, 0.0)), (0.0, 1.0));
        assert_eq!((incomplete_beta(2.0, 3.0, 1.0), incomplete_beta_upper(2.0, 3.0, 1.0)), (1.0, 0.0));
        let invalid = [(0.0, 1.0, 0.5), (1.0, -1.0, 0.5), (1.0, 1.0, -0.1), (1.0, 1.0, 1.1), (f64::NAN, 1.0, 0.5)];
        for (a, b, x) in invalid {
            assert!(incomplete_beta(a, b, x).is_nan() && incomplete_beta_upper(a, b, x).is_nan());
        }
        assert!(incomplete_beta(1.0, 1.0, f64::NAN).is_nan());
    }

    #[test]
    fn power_laws_are_recovered() {
        for x in [1e-200, 1e-5, 0.3, 0.9] {
            assert!((incomplete_beta(1.5, 1.0, x) / x.powf(1.5) - 1.0).abs() < 1e-13);
            assert!((incomplete_beta_upper(1.0, 1.5, x) / (1.0 - x).powf(1.5) - 1.0).abs() < 1e-13);
        }
    }

    #[test]
    fn binomial_probabilities_add_up() {
        // 1 - I_p(k + 1, n - k) is the probability of k successes at most among n.
        let (n, p) = (30_i32, 0.37_f64);
        let mut sum = 0.0;
        let mut probability = (1.0 - p).powi(n);
        for k in 0..n {
            sum += probability;
            probability *= f64::from(n - k) / f64::from(k + 1) * p / (1.0 - p);
            assert!((incomplete_beta_upper(f64::from(k + 1), f64::from(n - k), p) - sum).abs() < 1e-14);
        }
    }

    #[test]
    fn forms_of_the_weight_meet_at_their_border() {
        let (below, above) = (12.0 - 1e-9, 12.0);
        for x in [0.1, 0.4, 0.7] {
            let (near, far) = (incomplete_beta(below, 20.0, x), incomplete_beta(above, 20.0, x));
            assert!((near / far - 1.0).abs() < 1e-8);
        }
    }
}
