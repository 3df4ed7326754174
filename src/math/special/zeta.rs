//! Riemann's zeta function of a real argument.

use super::gamma::{HALF_LN_TAU, ln_gamma_double_double};
use crate::math::double_double::DoubleDouble;
use crate::math::power::exp_double_double;
use crate::math::{pow, sin_cos_turns};

/// Terms summed one by one before the Euler-Maclaurin series takes over.
const TERMS: u32 = 12;

/// Riemann's zeta function.
///
/// # Numerics
/// Relative error below 1e-14 for `s >= 0`, 1e-13 for negative `s` away from the zeros at the even integers, which are
/// exact. 1 at infinity; NaN at the pole `s = 1` and at -infinity.
///
/// # Source
/// NIST Digital Library of Mathematical Functions, 25.2.10 (Euler-Maclaurin) and 25.4.1 (reflection).
///
/// # Examples
/// ```
/// let pi = std::f64::consts::PI;
/// assert!((tailcast::math::special::zeta(2.0) - pi * pi / 6.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn zeta(s: f64) -> f64 {
    if s.is_nan() || s == 1.0 || s == f64::NEG_INFINITY {
        return f64::NAN;
    }
    if s > 60.0 {
        return 1.0;
    }
    if s >= -0.25 {
        return zeta_by_sum(s);
    }
    let quarter = 0.25 * s;
    let sine = sin_cos_turns(quarter - quarter.round_ties_even()).0;
    if sine == 0.0 {
        return 0.0;
    }
    // (2 pi)^s gamma(1 - s), of which one factor vanishes and the other overflows.
    let ln_turn = HALF_LN_TAU.plus(HALF_LN_TAU);
    let reflected = DoubleDouble::from_sum(1.0, -s);
    let growth = ln_gamma_double_double(reflected).plus(DoubleDouble::new(s, 0.0).times(ln_turn));
    exp_double_double(growth) * sine * zeta(reflected.high) / std::f64::consts::PI
}

/// Euler and Maclaurin's formula for `-1/4 <= s <= 60`.
fn zeta_by_sum(s: f64) -> f64 {
    /// `B_2k / (2k)!` for `k` from 1.
    const BERNOULLI: [f64; 10] = [
        0.083_333_333_333_333_33,
        -0.001_388_888_888_888_889,
        3.306_878_306_878_307e-5,
        -8.267_195_767_195_768e-7,
        2.087_675_698_786_81e-8,
        -5.284_190_138_687_493e-10,
        1.338_253_653_068_467_9e-11,
        -3.389_680_296_322_582_7e-13,
        8.586_062_056_277_845e-15,
        -2.174_868_698_558_062e-16,
    ];
    let terms = f64::from(TERMS);
    let last = pow(terms, -s);
    let mut factor = last * s / terms;
    let mut rest = 0.0;
    for (k, coefficient) in BERNOULLI.iter().enumerate() {
        rest += coefficient * factor;
        let order = 2.0 * k as f64;
        factor *= (s + order + 1.0) * (s + order + 2.0) / (terms * terms);
    }
    let tail = rest + 0.5 * last;
    let head = (1..TERMS).rev().fold(tail, |sum, n| sum + pow(f64::from(n), -s));
    head + last * terms / (s - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_and_edges_are_exact() {
        assert!((zeta(0.0) + 0.5).abs() < 1e-15);
        assert!((zeta(-1.0) + 1.0 / 12.0).abs() < 1e-15);
        assert!((zeta(4.0) - std::f64::consts::PI.powi(4) / 90.0).abs() < 1e-15);
        for s in [-2.0, -4.0, -100.0] {
            assert_eq!(zeta(s), 0.0);
        }
        assert!(zeta(1.0).is_nan() && zeta(f64::NAN).is_nan() && zeta(f64::NEG_INFINITY).is_nan());
        assert_eq!(zeta(f64::INFINITY), 1.0);
    }
}
