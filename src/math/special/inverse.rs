//! Inverses of the incomplete gamma and beta functions: quantiles.
//!
//! Newton's method for the logarithm of the probability as a function of the logarithm of the argument, which is nearly
//! a straight line in the tails, inside a bracket that halves whenever a step leaves it.

use super::gamma::ln_gamma;
use super::incomplete_beta::{are_shapes, beta_log_density, beta_pair};
use super::incomplete_gamma::{gamma_log_density, incomplete_gamma_lower, incomplete_gamma_upper};
use super::{incomplete_beta, ln_beta};
use crate::math::double_double::DoubleDouble;
use crate::math::{exp, ln, ln_1p, normal_quantile};

/// More than the bracket needs to shrink from the whole range to neighbours.
const STEPS_MAX: u32 = 200;

/// A share of a distribution at a point `t`, and the derivative of the share.
struct Share {
    value: f64,
    slope: f64,
}

/// Solves `ln share(t) = ln target` for `t` in `low..=high`; the share rises if `rising`, else falls.
fn solve(target: f64, guess: f64, bracket: (f64, f64), rising: bool, share: impl Fn(f64) -> Share) -> f64 {
    let (mut low, mut high) = bracket;
    let mut t = guess.clamp(low, high);
    for _ in 0..STEPS_MAX {
        let Share { value, slope } = share(t);
        if value == target {
            break;
        }
        if (value < target) == rising {
            low = t;
        } else {
            high = t;
        }
        let excess = (target - value) / value;
        let ratio = if excess.abs() < 0.5 { ln_1p(excess) } else { ln(target) - ln(value) };
        let next = t + ratio * value / slope;
        let next = if next > low && next < high { next } else { 0.5 * (low + high) };
        if (next - t).abs() <= f64::EPSILON * next.abs().max(0.25) || next == low || next == high {
            return next;
        }
        t = next;
    }
    t
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
    let t = solve(if by_lower { lower } else { upper }, guess, (-746.0, 710.0), by_lower, |t| {
        let x = exp(t);
        let density = gamma_log_density(a, x);
        if by_lower {
            Share { value: incomplete_gamma_lower(a, x), slope: density }
        } else {
            Share { value: incomplete_gamma_upper(a, x), slope: -density }
        }
    });
    exp(t)
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
    let t = solve(target, guess, (-746.0, -std::f64::consts::LN_2), by_lower, |t| {
        let x = exp(t);
        let (x, y) = (DoubleDouble::new(x, 0.0), DoubleDouble::from_sum(1.0, -x));
        let density = beta_log_density(a, b, x, y) / y.high;
        let (below, above) = beta_pair(a, b, x, y);
        if by_lower { Share { value: below, slope: density } } else { Share { value: above, slope: -density } }
    });
    exp(t)
}

/// Inverse of the regularised incomplete beta function: the `x` with `I_x(a, b) = p`.
///
/// # Parameters
/// - `a`, `b`: shapes, positive, below 1e300; `0 <= p <= 1`; NaN otherwise.
///
/// # Numerics
/// Relative error of the smaller of `x` and `1 - x` below 1e-13 and what the inclination of the function makes of the
/// error of `p` itself. Quantiles below 1e-300 are only known to be tiny.
///
/// # Examples
/// ```
/// let median = tailcast::math::special::inverse_incomplete_beta(2.0, 2.0, 0.5);
/// assert!((median - 0.5).abs() < 1e-15);
/// ```
#[must_use]
pub fn inverse_incomplete_beta(a: f64, b: f64, p: f64) -> f64 {
    if !(are_shapes(a, b) && (0.0..=1.0).contains(&p)) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return p;
    }
    if p <= incomplete_beta(a, b, 0.5) {
        beta_quantile_below_half(a, b, p, 1.0 - p)
    } else {
        1.0 - beta_quantile_below_half(b, a, 1.0 - p, p)
    }
}
