//! Trigonometric and hyperbolic functions that the standard library lacks, and their inverses.
//!
//! The formulas are mathjs's, so that the last bits agree; NaN outside the real domain.

use crate::math;

/// -1, 0 or 1 with the sign of `x`.
#[must_use]
pub fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else if x == 0.0 {
        0.0
    } else {
        f64::NAN
    }
}

/// Secant.
#[must_use]
pub fn sec(x: f64) -> f64 {
    1.0 / math::cos(x)
}

/// Cosecant.
#[must_use]
pub fn csc(x: f64) -> f64 {
    1.0 / math::sin(x)
}

/// Cotangent.
#[must_use]
pub fn cot(x: f64) -> f64 {
    1.0 / math::tan(x)
}

/// Inverse secant, for `|x| >= 1`.
#[must_use]
pub fn asec(x: f64) -> f64 {
    math::acos(1.0 / x)
}

/// Inverse cosecant, for `|x| >= 1`.
#[must_use]
pub fn acsc(x: f64) -> f64 {
    math::asin(1.0 / x)
}

/// Inverse cotangent.
#[must_use]
pub fn acot(x: f64) -> f64 {
    math::atan(1.0 / x)
}

/// Hyperbolic secant.
#[must_use]
pub fn sech(x: f64) -> f64 {
    1.0 / math::cosh(x)
}

/// Hyperbolic cosecant; infinite at 0.
#[must_use]
pub fn csch(x: f64) -> f64 {
    if x == 0.0 { f64::INFINITY } else { (2.0 / (math::exp(x) - math::exp(-x))).abs() * sign(x) }
}

/// Hyperbolic cotangent; infinite at 0.
#[must_use]
pub fn coth(x: f64) -> f64 {
    if x.abs() > 350.0 {
        // The exponential would overflow, and the value is the sign to the last bit.
        return sign(x);
    }
    let power = math::exp(2.0 * x);
    (power + 1.0) / (power - 1.0)
}

/// Inverse hyperbolic cosine, for `x >= 1`.
#[must_use]
pub fn acosh(x: f64) -> f64 {
    math::acosh(x)
}

/// Inverse hyperbolic tangent, for `|x| <= 1`.
#[must_use]
pub fn atanh(x: f64) -> f64 {
    if x.abs() <= 1.0 { math::atanh(x) } else { f64::NAN }
}

/// Inverse hyperbolic secant, for `0 < x <= 1`; infinite at 0.
#[must_use]
pub fn asech(x: f64) -> f64 {
    let inverse = 1.0 / x;
    math::ln(inverse + (inverse * inverse - 1.0).sqrt())
}

/// Inverse hyperbolic cosecant.
#[must_use]
pub fn acsch(x: f64) -> f64 {
    let inverse = 1.0 / x;
    math::ln(inverse + (inverse * inverse + 1.0).sqrt())
}

/// Inverse hyperbolic cotangent, for `|x| >= 1`.
#[must_use]
pub fn acoth(x: f64) -> f64 {
    if x.abs() < 1.0 {
        f64::NAN
    } else if x.is_finite() {
        (math::ln((x + 1.0) / x) + math::ln(x / (x - 1.0))) / 2.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverses_undo_their_functions() {
        for x in [0.3, 0.9] {
            for (inverse, function) in [
                (asec as fn(f64) -> f64, sec as fn(f64) -> f64),
                (acsc, csc),
                (acot, cot),
                (asech, sech),
                (acsch, csch),
                (acoth, coth),
            ] {
                assert!((inverse(function(x)) - x).abs() < 1e-13, "{x}");
            }
        }
    }

    #[test]
    fn poles_and_limits_are_those_of_the_language() {
        assert_eq!((csch(0.0), coth(0.0), acoth(1.0)), (f64::INFINITY, f64::INFINITY, f64::INFINITY));
        assert_eq!((coth(1000.0), coth(-1000.0), acoth(f64::INFINITY)), (1.0, -1.0, 0.0));
        assert!(atanh(2.0).is_nan() && acosh(0.5).is_nan() && asec(0.5).is_nan() && acoth(0.5).is_nan());
        assert_eq!((sign(-0.0), sign(-3.0)), (0.0, -1.0));
    }
}
