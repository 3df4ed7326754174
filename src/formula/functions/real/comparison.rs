//! Comparison with a tolerance, and truth, without branches on the values: a loop over samples becomes vector code.
//!
//! Two numbers that differ by at most 1e-12 of the larger, or by at most 1e-15, are equal; so `0.1 + 0.2 == 0.3` holds
//! and `1e15 + 1 > 1e15` does not. Results are 1 for true and 0 for false.

/// Relative tolerance of comparisons.
const RELATIVE_TOLERANCE: f64 = 1e-12;

/// Absolute tolerance of comparisons.
const ABSOLUTE_TOLERANCE: f64 = 1e-15;

/// Whether two numbers are equal within the tolerance; NaN equals nothing.
///
/// # Examples
/// ```
/// use tailcast::formula::functions::real;
/// assert!(real::nearly_equal(0.1 + 0.2, 0.3));
/// assert!(!real::nearly_equal(1.0, 1.000_000_000_01));
/// ```
#[inline(always)]
#[must_use]
pub fn nearly_equal(x: f64, y: f64) -> bool {
    (x == y) | ((x - y).abs() <= tolerance(x, y))
}

/// Distance up to which two numbers are equal. It is finite, so that an infinite distance is no near miss.
#[inline(always)]
fn tolerance(x: f64, y: f64) -> f64 {
    (RELATIVE_TOLERANCE * x.abs().max(y.abs())).clamp(ABSOLUTE_TOLERANCE, f64::MAX)
}

#[inline(always)]
const fn one_if(condition: bool) -> f64 {
    if condition { 1.0 } else { 0.0 }
}

/// `x == y`, within the tolerance.
#[inline(always)]
#[must_use]
pub fn equal(x: f64, y: f64) -> f64 {
    one_if(nearly_equal(x, y))
}

/// `x != y`, beyond the tolerance.
#[inline(always)]
#[must_use]
pub fn unequal(x: f64, y: f64) -> f64 {
    one_if(!nearly_equal(x, y))
}

/// `x < y`, beyond the tolerance.
#[inline(always)]
#[must_use]
pub fn smaller(x: f64, y: f64) -> f64 {
    // The tolerance is above 0, so `x < y` is implied.
    one_if(y - x > tolerance(x, y))
}

/// `x <= y`, or equal within the tolerance.
#[inline(always)]
#[must_use]
pub fn smaller_equal(x: f64, y: f64) -> f64 {
    one_if((x <= y) | (x - y <= tolerance(x, y)))
}

/// `x > y`, beyond the tolerance.
#[inline(always)]
#[must_use]
pub fn larger(x: f64, y: f64) -> f64 {
    smaller(y, x)
}

/// `x >= y`, or equal within the tolerance.
#[inline(always)]
#[must_use]
pub fn larger_equal(x: f64, y: f64) -> f64 {
    smaller_equal(y, x)
}

/// 1, 0 or -1 as `x` is larger than, equal to or smaller than `y`; NaN is smaller than everything.
#[must_use]
pub fn compare(x: f64, y: f64) -> f64 {
    if nearly_equal(x, y) {
        0.0
    } else if x > y {
        1.0
    } else {
        -1.0
    }
}

/// Whether a number counts as true: any but 0 and NaN.
#[inline(always)]
#[must_use]
pub fn truth(x: f64) -> bool {
    (x < 0.0) | (x > 0.0)
}

/// 1 when both are true.
#[inline(always)]
#[must_use]
pub fn and(x: f64, y: f64) -> f64 {
    one_if(truth(x) & truth(y))
}

/// 1 when at least one is true.
#[inline(always)]
#[must_use]
pub fn or(x: f64, y: f64) -> f64 {
    one_if(truth(x) | truth(y))
}

/// 1 when exactly one is true.
#[inline(always)]
#[must_use]
pub fn xor(x: f64, y: f64) -> f64 {
    one_if(truth(x) ^ truth(y))
}

/// 1 when it is not true.
#[inline(always)]
#[must_use]
pub fn not(x: f64) -> f64 {
    one_if(!truth(x))
}

/// `then` when the condition is true, else `otherwise`.
#[inline(always)]
#[must_use]
pub fn select(condition: f64, then: f64, otherwise: f64) -> f64 {
    if truth(condition) { then } else { otherwise }
}

/// 1 when above zero, beyond the tolerance.
#[must_use]
pub fn is_positive(x: f64) -> f64 {
    larger(x, 0.0)
}

/// 1 when below zero, beyond the tolerance.
#[must_use]
pub fn is_negative(x: f64) -> f64 {
    smaller(x, 0.0)
}

/// 1 when zero, within the tolerance.
#[must_use]
pub fn is_zero(x: f64) -> f64 {
    equal(x, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tolerance_is_relative_and_absolute() {
        assert_eq!(equal(1e-15, 0.0), 1.0);
        assert_eq!(larger(1e-14, 0.0), 1.0);
        assert_eq!(equal(1e-13, 2e-13), 0.0);
        assert_eq!(larger(1e15 + 1.0, 1e15), 0.0);
        assert_eq!(larger_equal(5.0, 5.000_000_000_001), 1.0);
        assert_eq!(smaller(5.0, 5.000_000_000_001), 0.0);
    }

    #[test]
    fn no_number_equals_nothing_and_infinity_itself() {
        assert_eq!((equal(f64::NAN, f64::NAN), larger(f64::NAN, 1.0)), (0.0, 0.0));
        assert_eq!((equal(f64::INFINITY, f64::INFINITY), larger(f64::INFINITY, 1e308)), (1.0, 1.0));
        assert_eq!(compare(f64::NAN, 1.0), -1.0);
    }

    #[test]
    fn zero_and_no_number_are_false() {
        assert!(truth(-1.0) && truth(f64::INFINITY) && !truth(-0.0) && !truth(f64::NAN));
        assert_eq!((and(1.0, 2.0), or(0.0, 0.0), xor(1.0, 1.0), not(0.5)), (1.0, 0.0, 0.0, 0.0));
    }
}
