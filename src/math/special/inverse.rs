//! Inverses of the incomplete gamma and beta functions: quantiles.
//!
//! Newton's method for the logarithm of the probability as a function of the logarithm of the argument, which is nearly
//! a straight line in the tails, inside a bracket that halves whenever a step leaves it.

use super::gamma::ln_gamma;
use super::incomplete_beta::{are_shapes, beta_log_density, beta_pair};
use super::incomplete_gamma::{gamma_log_density, incomplete_gamma_lower, incomplete_gamma_upper};
use super::ln_beta;
use crate::math::double_double::DoubleDouble;
use crate::math::{exp, exp_m1, ln, ln_1p, normal_quantile};

/// More than the bracket needs to shrink from the whole range to neighbours.
const STEPS_MAX: u32 = 200;

/// From here on a step of Newton's method leaves nothing to improve: the error of the logarithm is squared.
const RATIO_MAX: f64 = 1e-9;

/// A share of a distribution at a point, and its derivative by the logarithm of the point.
struct Share {
    value: f64,
    slope: f64,
}

/// Solves `ln share(e^t) = ln target` for `t` in the bracket and returns `e^t`; the share rises if `rising`, else falls.
fn solve(target: f64, guess: f64, bracket: (f64, f64), rising: bool, share: impl Fn(f64) -> Share) -> f64 {
    let (mut low, mut high) = bracket;
    let mut t = guess.clamp(low, high);
    for _ in 0..STEPS_MAX {
        let x = exp(t);
        let Share { value, slope } = share(x);
        if (value < target) == rising {
            low = t;
        } else {
            high = t;
        }
        let excess = (target - value) / value;
        let ratio = if excess.abs() < 0.5 { ln_1p(excess) } else { ln(target) - ln(value) };
        let step = ratio * value / slope;
        if ratio.abs() < RATIO_MAX {
            // Not by way of t, whose grid is coarser.
            return exp_m1(step).mul_add(x, x);
        }
        let next = t + step;
        t = if next > low && next < high { next } else { 0.5 * (low + high) };
        if t == low || t == high {
            break;
        }
    }
    exp(t)
}

/// Guess of the logarithm of a gamma quantile: the leading term of the series for small probabilities, else Wilson and
/// Hilferty's cube.
fn ln_gamma_quantile_guess(a: f64, lower: f64, upper: f64) -> f64 {
    let z = if lower < 0.5 { normal_quantile(lower) } else { -normal_quantile(upper) };
    let ninth = 1.0 / (9.0 * a);
    let cube = 1.0 - ninth + z * ninth.sqrt();
    let leading = (ln(lower) + ln_gamma(a + 1.0)) / a;
    if cube > 0.3 && a > 0.5 { ln(a) + 3.0 * ln(cube) } else { leading }
}

/// Quantile of the gamma distribution for a share below, and one above, that add to 1.
fn gamma_quantile(a: f64, lower: f64, upper: f64) -> f64 {
    if !(a > 0.0 && a.is_finite() && (0.0..=1.0).contains(&lower) && (0.0..=1.0).contains(&upper)) {
        return f64::NAN;
    }
    if lower == 0.0 || upper == 0.0 {
        return if lower == 0.0 { 0.0 } else { f64::INFINITY };
    }
    let guess = ln_gamma_quantile_guess(a, lower, upper);
    let by_lower = lower <= 0.5;
    solve(if by_lower { lower } else { upper }, guess, (-746.0, 710.0), by_lower, |x| {
        let density = gamma_log_density(a, x);
        if by_lower {
            Share { value: incomplete_gamma_lower(a, x), slope: density }
        } else {
            Share { value: incomplete_gamma_upper(a, x), slope: -density }
        }
    })
}

/// Inverse of the regularised lower incomplete gamma function: the `x` with `P(a, x) = p`.
///
/// # Parameters
/// - `a`: shape, positive and finite; `0 <= p <= 1`; NaN otherwise.
///
/// # Numerics
/// Relative error below 1e-13 and what the inclination of `P` makes of the error of `p` itself. Quantiles below 1e-300
/// are only known to be tiny.
///
/// # Source
/// First guess after Wilson and Hilferty, "The distribution of chi-square", PNAS 17 (1931); the iteration is derived
/// here.
///
/// # Examples
/// ```
/// let median = tailcast::math::special::inverse_incomplete_gamma(1.0, 0.5);
/// assert!((median - std::f64::consts::LN_2).abs() < 1e-15);
/// ```
#[must_use]
pub fn inverse_incomplete_gamma(a: f64, p: f64) -> f64 {
    gamma_quantile(a, p, 1.0 - p)
}

/// Inverse of the regularised upper incomplete gamma function: the `x` with `Q(a, x) = q`.
///
/// Parameters and numerics as for [`inverse_incomplete_gamma`].
///
/// # Examples
/// ```
/// let x = tailcast::math::special::inverse_incomplete_gamma_upper(1.0, 1e-30);
/// assert!((x + 1e-30_f64.ln()).abs() < 1e-12);
/// ```
#[must_use]
pub fn inverse_incomplete_gamma_upper(a: f64, q: f64) -> f64 {
    gamma_quantile(a, 1.0 - q, q)
}

/// Quantile, at most 1/2, of a beta distribution for a share below, and one above, that add to 1.
fn beta_quantile_below_half(a: f64, b: f64, lower: f64, upper: f64) -> f64 {
    let by_lower = lower <= 0.5;
    let leading = (ln(lower) + ln(a) + ln_beta(a, b)) / a;
    let spread = (b / a / (a + b + 1.0)).sqrt();
    let z = if by_lower { normal_quantile(lower) } else { -normal_quantile(upper) };
    let guess = if a > 1.0 && lower > 1e-3 { z.mul_add(spread, ln(a / (a + b))) } else { leading };
    let target = if by_lower { lower } else { upper };
    solve(target, guess, (-746.0, -std::f64::consts::LN_2), by_lower, |x| {
        let (x, y) = (DoubleDouble::new(x, 0.0), DoubleDouble::from_sum(1.0, -x));
        let density = beta_log_density(a, b, x, y) / y.high;
        let (below, above) = beta_pair(a, b, x, y);
        if by_lower { Share { value: below, slope: density } } else { Share { value: above, slope: -density } }
    })
}

/// Quantile of the beta distribution for a share below, and one above, that add to 1.
fn beta_quantile(a: f64, b: f64, lower: f64, upper: f64) -> f64 {
    if !(are_shapes(a, b) && (0.0..=1.0).contains(&lower) && (0.0..=1.0).contains(&upper)) {
        return f64::NAN;
    }
    if lower == 0.0 || upper == 0.0 {
        return if lower == 0.0 { 0.0 } else { 1.0 };
    }
    let half = DoubleDouble::new(0.5, 0.0);
    let (below, above) = beta_pair(a, b, half, half);
    let in_lower_half = if lower <= 0.5 { lower <= below } else { upper >= above };
    if in_lower_half {
        beta_quantile_below_half(a, b, lower, upper)
    } else {
        1.0 - beta_quantile_below_half(b, a, upper, lower)
    }
}

/// Inverse of the regularised incomplete beta function: the `x` with `I_x(a, b) = p`.
///
/// # Parameters
/// - `a`, `b`: shapes, positive, below 1e300; `0 <= p <= 1`; NaN otherwise.
///
/// # Numerics
/// Relative error of the smaller of `x` and `1 - x` below 1e-13 (of `x` itself the rounding to a double as well) and what
/// the inclination of the function makes of the error of `p` itself. Quantiles below 1e-300 are only known to be tiny.
///
/// # Examples
/// ```
/// let median = tailcast::math::special::inverse_incomplete_beta(2.0, 2.0, 0.5);
/// assert!((median - 0.5).abs() < 1e-15);
/// ```
#[must_use]
pub fn inverse_incomplete_beta(a: f64, b: f64, p: f64) -> f64 {
    beta_quantile(a, b, p, 1.0 - p)
}

/// Inverse of the complement of the regularised incomplete beta function: the `x` with `1 - I_x(a, b) = q`.
///
/// Parameters and numerics as for [`inverse_incomplete_beta`]; a small `q` counts in full, where `1 - q` would round.
///
/// # Examples
/// ```
/// let x = tailcast::math::special::inverse_incomplete_beta_upper(1.0, 20.0, 1e-20);
/// assert!((x - 0.9).abs() < 1e-14);
/// ```
#[must_use]
pub fn inverse_incomplete_beta_upper(a: f64, b: f64, q: f64) -> f64 {
    beta_quantile(a, b, 1.0 - q, q)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_and_invalid_parameters_are_marked() {
        assert_eq!((inverse_incomplete_gamma(2.0, 0.0), inverse_incomplete_gamma(2.0, 1.0)), (0.0, f64::INFINITY));
        let upper = (inverse_incomplete_gamma_upper(2.0, 0.0), inverse_incomplete_gamma_upper(2.0, 1.0));
        assert_eq!(upper, (f64::INFINITY, 0.0));
        assert_eq!((inverse_incomplete_beta(2.0, 3.0, 0.0), inverse_incomplete_beta(2.0, 3.0, 1.0)), (0.0, 1.0));
        for (a, p) in [(0.0, 0.5), (f64::NAN, 0.5), (1.0, -0.1), (1.0, 1.1), (1.0, f64::NAN)] {
            assert!(inverse_incomplete_gamma(a, p).is_nan() && inverse_incomplete_gamma_upper(a, p).is_nan());
            assert!(inverse_incomplete_beta(a, 1.0, p).is_nan() && inverse_incomplete_beta_upper(1.0, a, p).is_nan());
        }
    }

    #[test]
    fn exponential_quantiles_are_logarithms() {
        for exponent in 1..300 {
            let q = 10.0_f64.powi(-exponent);
            let x = inverse_incomplete_gamma_upper(1.0, q);
            assert!((x / -q.ln() - 1.0).abs() < 1e-14, "{q}");
            let x = inverse_incomplete_gamma(1.0, q);
            assert!((x / -(-q).ln_1p() - 1.0).abs() < 1e-14, "{q}");
        }
    }

    #[test]
    fn quantiles_rise_with_the_probability() {
        for (a, b) in [(0.02, 3.0), (0.5, 0.5), (2.0, 300.0), (93.0, 0.7), (1e5, 2e5)] {
            let mut last = (0.0, 0.0);
            for index in 1..1000 {
                let p = f64::from(index) / 1000.0;
                let next = (inverse_incomplete_gamma(a, p), inverse_incomplete_beta(a, b, p));
                assert!(next.0 >= last.0 && next.1 >= last.1 && next.1 <= 1.0, "{a} {b} {p}: {next:?} after {last:?}");
                last = next;
            }
        }
    }
}
