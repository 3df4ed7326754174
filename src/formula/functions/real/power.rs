//! Powers, roots and logarithms.

use crate::math;

/// `x ^ y`; NaN when `x` is negative and `y` not whole.
///
/// 1 to an infinite power is NaN, as in JavaScript, and anything to the power of 0 is 1.
#[must_use]
pub fn power(x: f64, y: f64) -> f64 {
    let square = x * x;
    if (square < 1.0 && y == f64::INFINITY) || (square > 1.0 && y == f64::NEG_INFINITY) {
        0.0
    } else if y.is_nan() || (x.abs() == 1.0 && y.is_infinite()) {
        f64::NAN
    } else {
        math::pow(x, y)
    }
}

/// `x ^ 2`.
#[must_use]
pub fn square(x: f64) -> f64 {
    x * x
}

/// `x ^ 3`.
#[must_use]
pub fn cube(x: f64) -> f64 {
    x * x * x
}

/// Real root of that degree; NaN when `degree` is 0, or `x` is negative and `degree` not an odd whole number.
///
/// # Examples
/// ```
/// use tailcast::formula::functions::real;
/// assert_eq!(real::nth_root(-27.0, 3.0), -3.0);
/// assert!(real::nth_root(-16.0, 4.0).is_nan());
/// ```
#[must_use]
pub fn nth_root(x: f64, degree: f64) -> f64 {
    let magnitude = degree.abs();
    if degree == 0.0 || (x < 0.0 && magnitude % 2.0 != 1.0) {
        return f64::NAN;
    }
    let inverse = degree < 0.0;
    if x == 0.0 {
        return if inverse { f64::INFINITY } else { 0.0 };
    }
    if !x.is_finite() {
        return if inverse { 0.0 } else { x };
    }
    let root = math::pow(x.abs(), 1.0 / magnitude).copysign(x);
    if inverse { 1.0 / root } else { root }
}

/// Logarithm of `x` to that base: `ln x / ln base`.
#[must_use]
pub fn log_of_base(x: f64, base: f64) -> f64 {
    math::ln(x) / math::ln(base)
}

/// Length of the diagonal: `sqrt(sum of squares)`, without overflow on the way.
#[must_use]
pub fn hypotenuse(xs: &[f64]) -> f64 {
    let (mut sum, mut largest) = (0.0, 0.0);
    for &x in xs {
        let magnitude = x.abs();
        if largest < magnitude {
            let ratio = largest / magnitude;
            sum = sum * (ratio * ratio) + 1.0;
            largest = magnitude;
        } else if magnitude > 0.0 {
            let ratio = magnitude / largest;
            sum += ratio * ratio;
        } else {
            sum += magnitude;
        }
    }
    largest * f64::sqrt(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_at_the_edges_are_those_of_the_language() {
        assert_eq!((power(2.0, -1075.0), power(f64::NAN, 0.0), power(0.5, f64::INFINITY)), (0.0, 1.0, 0.0));
        assert!(power(1.0, f64::INFINITY).is_nan() && power(-8.0, 1.0 / 3.0).is_nan() && power(1.0, f64::NAN).is_nan());
        assert_eq!(power(0.0, -1.0), f64::INFINITY);
    }

    #[test]
    fn odd_roots_of_negative_numbers_are_real() {
        assert_eq!((nth_root(-8.0, 3.0), nth_root(16.0, 4.0), nth_root(0.0, -1.0)), (-2.0, 2.0, f64::INFINITY));
        assert_eq!(nth_root(f64::INFINITY, -3.0), 0.0);
        assert!(nth_root(2.0, 0.0).is_nan());
    }

    #[test]
    fn a_diagonal_does_not_overflow() {
        assert_eq!(hypotenuse(&[3.0, 4.0]), 5.0);
        assert!((hypotenuse(&[1e200, 1e200]) / 1e200 - std::f64::consts::SQRT_2).abs() < 1e-15);
        assert_eq!(hypotenuse(&[]), 0.0);
        assert!(hypotenuse(&[1.0, f64::NAN]).is_nan());
    }

    #[test]
    fn logarithms_of_a_base_are_quotients() {
        assert_eq!((log_of_base(8.0, 2.0), log_of_base(1000.0, 10.0)), (3.0, 2.999_999_999_999_999_6));
        assert_eq!(log_of_base(10.0, 1.0), f64::INFINITY);
    }
}
