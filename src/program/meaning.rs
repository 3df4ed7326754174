//! What the operations mean for one sample, where it takes more than an operator: written without branches on the
//! values, so that the loops over a block made from them become vector code.
//!
//! Comparisons follow mathjs: two numbers within a relative 1e-12 (or an absolute 1e-15) of each other are equal, so
//! that what rounding leaves does not decide a branch.

/// Relative distance within which two numbers are equal.
const RELATIVE_TOLERANCE: f64 = 1e-12;

/// Absolute distance within which two numbers are equal.
const ABSOLUTE_TOLERANCE: f64 = 1e-15;

#[inline(always)]
fn number(truth: bool) -> f64 {
    if truth { 1.0 } else { 0.0 }
}

/// Whether two numbers are equal to within rounding; false if either is not a number.
#[inline(always)]
pub(super) fn nearly_equal(a: f64, b: f64) -> bool {
    let distance = (a - b).abs();
    let tolerance = (a.abs().max(b.abs()) * RELATIVE_TOLERANCE).max(ABSOLUTE_TOLERANCE);
    // An infinite distance is no near miss, though the tolerance is infinite too.
    (a == b) | ((distance <= tolerance) & (distance < f64::INFINITY))
}

#[inline(always)]
pub(super) fn equal(a: f64, b: f64) -> f64 {
    number(nearly_equal(a, b))
}

#[inline(always)]
pub(super) fn unequal(a: f64, b: f64) -> f64 {
    number(!nearly_equal(a, b))
}

#[inline(always)]
pub(super) fn smaller(a: f64, b: f64) -> f64 {
    number((a < b) & !nearly_equal(a, b))
}

#[inline(always)]
pub(super) fn smaller_equal(a: f64, b: f64) -> f64 {
    number((a <= b) | nearly_equal(a, b))
}

#[inline(always)]
pub(super) fn larger(a: f64, b: f64) -> f64 {
    smaller(b, a)
}

#[inline(always)]
pub(super) fn larger_equal(a: f64, b: f64) -> f64 {
    smaller_equal(b, a)
}

/// Whether a number counts as true: it is neither 0 nor not a number.
#[inline(always)]
pub(super) fn is_true(a: f64) -> bool {
    (a < 0.0) | (a > 0.0)
}

#[inline(always)]
pub(super) fn truth(a: f64) -> f64 {
    number(is_true(a))
}

#[inline(always)]
pub(super) fn not(a: f64) -> f64 {
    number(!is_true(a))
}

#[inline(always)]
pub(super) fn and(a: f64, b: f64) -> f64 {
    number(is_true(a) & is_true(b))
}

#[inline(always)]
pub(super) fn or(a: f64, b: f64) -> f64 {
    number(is_true(a) | is_true(b))
}

#[inline(always)]
pub(super) fn xor(a: f64, b: f64) -> f64 {
    number(is_true(a) ^ is_true(b))
}

#[inline(always)]
pub(super) fn select(condition: f64, then: f64, otherwise: f64) -> f64 {
    if is_true(condition) { then } else { otherwise }
}

/// Minimum that is not a number if either operand is.
#[inline(always)]
pub(super) fn min(a: f64, b: f64) -> f64 {
    let least = if b < a { b } else { a };
    if b.is_nan() { b } else { least }
}

/// Maximum that is not a number if either operand is.
#[inline(always)]
pub(super) fn max(a: f64, b: f64) -> f64 {
    let most = if b > a { b } else { a };
    if b.is_nan() { b } else { most }
}

#[inline(always)]
pub(super) fn sign(a: f64) -> f64 {
    let sign = number(a > 0.0) - number(a < 0.0);
    if a.is_nan() { a } else { sign }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_forgive_rounding_and_nothing_else() {
        assert_eq!(equal(0.1 + 0.2, 0.3), 1.0);
        assert_eq!(larger(1.000_000_000_000_000_2, 1.0), 0.0);
        assert_eq!(larger(1.000_000_000_01, 1.0), 1.0);
        assert_eq!(smaller_equal(5.0, 4.999_999_999_999_9), 1.0);
        assert_eq!(equal(f64::INFINITY, f64::INFINITY), 1.0);
        assert_eq!(equal(f64::INFINITY, 1e308), 0.0);
        assert_eq!(larger(f64::INFINITY, 1e308), 1.0);
        assert_eq!(equal(1e-16, 0.0), 1.0);
        assert_eq!(equal(1e-13, 2e-13), 0.0);
    }

    #[test]
    fn what_is_not_a_number_compares_as_false_and_spreads() {
        let nan = f64::NAN;
        assert_eq!([equal(nan, nan), larger(nan, 1.0), smaller_equal(1.0, nan), truth(nan)], [0.0; 4]);
        assert_eq!(unequal(nan, nan), 1.0);
        assert!(min(nan, 1.0).is_nan() && min(1.0, nan).is_nan() && max(nan, 1.0).is_nan() && max(1.0, nan).is_nan());
        assert_eq!(select(nan, 2.0, 3.0), 3.0);
    }
}
