//! Rounding, aware of the rounding errors of what is rounded.
//!
//! A value within the comparison tolerance of a whole number counts as that number, so `floor(0.29 * 100)` is 29. The
//! decimal places are those of the shortest decimal text, so `round(1.005, 2)` is 1.01.

use super::comparison::nearly_equal;
use super::integer::is_exact_integer;
use crate::formula::value::{round_digits, shortest_digits};

/// Decimal places that the tolerance of comparisons leaves.
const TOLERANCE_DECIMALS: i32 = 12;

/// Most decimal places that a function rounds to.
const DECIMALS_MAX: f64 = 15.0;

/// From here on every `f64` is whole.
const ALL_WHOLE: f64 = 4_503_599_627_370_496.0;

/// Rounds the shortest decimal text of `x` half away from zero to that many decimals.
fn round_decimal(x: f64, decimals: i32) -> f64 {
    if !x.is_finite() || x == 0.0 || x.abs() >= ALL_WHOLE {
        return x;
    }
    let (mut digits, mut exponent) = shortest_digits(x);
    let kept = exponent + 1 + decimals;
    if kept < 0 {
        return 0.0_f64.copysign(x);
    }
    if round_digits(&mut digits, kept.unsigned_abs() as usize) {
        exponent += 1;
    }
    if digits.is_empty() {
        return 0.0_f64.copysign(x);
    }
    let mut text = String::with_capacity(32);
    text.extend(digits.iter().map(|digit| char::from(b'0' + digit)));
    let scale = exponent + 1 - i32::try_from(digits.len()).unwrap_or(0);
    text.push_str(&format!("e{scale}"));
    text.parse::<f64>().unwrap_or(f64::NAN).copysign(x)
}

/// `decimals` as whole decimal places, when it is a whole number from 0 to 15.
fn places(decimals: f64) -> Option<i32> {
    #[expect(clippy::cast_possible_truncation, reason = "it is a whole number from 0 to 15")]
    (is_exact_integer(decimals) && (0.0..=DECIMALS_MAX).contains(&decimals)).then_some(decimals as i32)
}

/// `x` without the rounding errors that the tolerance of comparisons forgives.
fn denoised(x: f64) -> f64 {
    let clean = round_decimal(x, TOLERANCE_DECIMALS);
    if nearly_equal(x, clean) { clean } else { x }
}

/// Half, less what the tolerance of comparisons forgives at 12 decimals.
const NEARLY_HALF: f64 = 0.499_999_999_999_5;

/// Nearest whole number, half away from zero; a value that cannot be told from a half counts as a half.
///
/// # Examples
/// ```
/// use tailcast::formula::functions::real;
/// assert_eq!(real::round(2.5), 3.0);
/// assert_eq!(real::round(0.499_999_999_999_999_94), 1.0);
/// ```
#[inline(always)]
#[must_use]
pub fn round(x: f64) -> f64 {
    let magnitude = x.abs();
    let whole = magnitude.trunc();
    // The fraction is exact, so the choice is that of the decimal text rounded to 12 places.
    let up = if magnitude - whole >= NEARLY_HALF { 1.0 } else { 0.0 };
    (whole + up).copysign(x)
}

/// Nearest number with that many decimals, half away from zero.
///
/// # Parameters
/// - `decimals`: a whole number from 0 to 15; NaN otherwise.
///
/// # Examples
/// ```
/// use tailcast::formula::functions::real;
/// assert_eq!(real::round_to(1.005, 2.0), 1.01);
/// ```
#[must_use]
pub fn round_to(x: f64, decimals: f64) -> f64 {
    match places(decimals) {
        Some(places) if places >= TOLERANCE_DECIMALS => round_decimal(x, places),
        Some(places) => round_decimal(denoised(x), places),
        None => f64::NAN,
    }
}

/// The whole number nearest to `x` instead of `far` when `x` can be told from `far` and not from it.
#[inline(always)]
fn settle(x: f64, far: f64) -> f64 {
    let near = x.round();
    if (far != near) & nearly_equal(x, near) & !nearly_equal(x, far) { near } else { far }
}

fn shifted(x: f64, decimals: f64, function: fn(f64) -> f64) -> f64 {
    match places(decimals) {
        Some(places) => {
            let shift = 10_f64.powi(places);
            function(x * shift) / shift
        }
        None => f64::NAN,
    }
}

/// Largest whole number that is not above `x`; a whole number that `x` cannot be told from is taken for `x`.
///
/// # Examples
/// ```
/// use tailcast::formula::functions::real;
/// assert_eq!(real::floor(2.9), 2.0);
/// assert_eq!(real::floor(0.29 * 100.0), 29.0);
/// ```
#[inline(always)]
#[must_use]
pub fn floor(x: f64) -> f64 {
    settle(x, x.floor())
}

/// [`floor`] to that many decimals; NaN unless `decimals` is a whole number from 0 to 15.
#[must_use]
pub fn floor_to(x: f64, decimals: f64) -> f64 {
    shifted(x, decimals, floor)
}

/// Smallest whole number that is not below `x`; a whole number that `x` cannot be told from is taken for `x`.
#[inline(always)]
#[must_use]
pub fn ceil(x: f64) -> f64 {
    settle(x, x.ceil())
}

/// [`ceil`] to that many decimals; NaN unless `decimals` is a whole number from 0 to 15.
#[must_use]
pub fn ceil_to(x: f64, decimals: f64) -> f64 {
    shifted(x, decimals, ceil)
}

/// Whole part: [`floor`] of a positive number, [`ceil`] of any other.
#[inline(always)]
#[must_use]
pub fn fix(x: f64) -> f64 {
    settle(x, x.trunc())
}

/// [`fix`] to that many decimals; NaN unless `decimals` is a whole number from 0 to 15.
#[must_use]
pub fn fix_to(x: f64, decimals: f64) -> f64 {
    shifted(x, decimals, fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        for (x, expected) in [(2.5, 3.0), (-3.5, -4.0), (1.5, 2.0), (2.4, 2.0), (0.5, 1.0), (0.4, 0.0), (9.5, 10.0)] {
            assert_eq!(round(x), expected, "{x}");
        }
    }

    #[test]
    fn decimals_are_those_of_the_written_number() {
        for (x, decimals, expected) in [
            (1.005, 2.0, 1.01),
            (2.675, 2.0, 2.68),
            (-1.005, 2.0, -1.01),
            (0.1 + 0.2, 15.0, 0.3),
            (1_234_567.891, 2.0, 1_234_567.89),
            (99.999, 1.0, 100.0),
            (0.001, 1.0, 0.0),
        ] {
            assert_eq!(round_to(x, decimals), expected, "{x}");
        }
        assert!(round_to(1.0, 16.0).is_nan() && round_to(1.0, 1.5).is_nan() && round_to(1.0, f64::NAN).is_nan());
    }

    #[test]
    fn a_rounding_error_does_not_move_a_whole_number() {
        assert_eq!((floor(2.999_999_999_999), floor(2.999_999_999_99)), (3.0, 2.0));
        assert_eq!((ceil(3.000_000_000_001), ceil(3.000_000_000_1)), (3.0, 4.0));
        assert_eq!((fix(0.1 * 3.0 * 10.0), fix(-2.7)), (3.0, -2.0));
        assert_eq!((floor_to(2.789, 2.0), ceil_to(-2.129, 2.0)), (2.78, -2.12));
    }

    #[test]
    fn what_is_no_number_stays_none() {
        assert!(round(f64::NAN).is_nan() && floor(f64::NAN).is_nan());
        assert_eq!((round(f64::INFINITY), ceil(f64::NEG_INFINITY)), (f64::INFINITY, f64::NEG_INFINITY));
        assert_eq!((round(1e300), floor(-1e20)), (1e300, -1e20));
    }
}
