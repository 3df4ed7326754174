//! Functions of whole numbers.

use super::comparison::nearly_equal;
use super::rounding::floor;

/// Whether `x` is finite and whole, without tolerance.
pub(super) fn is_exact_integer(x: f64) -> bool {
    x.is_finite() && x == x.round()
}

/// 1 when `x` is whole, within the tolerance of comparisons.
#[must_use]
pub fn is_integer(x: f64) -> f64 {
    f64::from(u8::from(x.is_finite() && nearly_equal(x, x.round())))
}

/// Remainder of `x / y` with the sign of `y`; `x` when `y` is zero.
///
/// `x - y floor(x / y)`, with a [floor] that forgives rounding errors, so `mod(1, 0.1)` is 0.
///
/// # Examples
/// ```
/// use tailcast::formula::functions::real;
/// assert_eq!(real::modulus(-7.0, 3.0), 2.0);
/// assert_eq!(real::modulus(7.0, -3.0), -2.0);
/// ```
#[inline(always)]
#[must_use]
pub fn modulus(x: f64, y: f64) -> f64 {
    if y == 0.0 { x } else { x - y * floor(x / y) }
}

/// Greatest common divisor; NaN unless both are whole.
#[must_use]
pub fn greatest_common_divisor(x: f64, y: f64) -> f64 {
    if !is_exact_integer(x) || !is_exact_integer(y) {
        return f64::NAN;
    }
    let (mut a, mut b) = (x, y);
    while b != 0.0 {
        (a, b) = (b, a % b);
    }
    a.abs()
}

/// Least common multiple; 0 when one is zero, NaN unless both are whole.
#[must_use]
pub fn least_common_multiple(x: f64, y: f64) -> f64 {
    if !is_exact_integer(x) || !is_exact_integer(y) {
        return f64::NAN;
    }
    if x == 0.0 || y == 0.0 {
        return 0.0;
    }
    (x * y / greatest_common_divisor(x, y)).abs()
}

/// Inverse of `x` modulo `y`; NaN when there is none.
#[must_use]
pub fn invert_modulo(x: f64, y: f64) -> f64 {
    if !is_exact_integer(x) || !is_exact_integer(y) || y == 0.0 {
        return f64::NAN;
    }
    let (mut old, mut rest) = (modulus(x, y), y);
    let (mut old_factor, mut factor) = (1.0, 0.0);
    while rest != 0.0 {
        let quotient = (old / rest).trunc();
        (old, rest) = (rest, old - quotient * rest);
        (old_factor, factor) = (factor, old_factor - quotient * factor);
    }
    if old.abs() == 1.0 { modulus(old_factor * old, y) } else { f64::NAN }
}

/// 1 when `x` is a prime number, 0 when it is not; NaN when it is negative, not whole or above 2^53.
///
/// # Source
/// Miller and Rabin's test with the first twelve primes as bases, which decides all numbers below 3.3e24 (Sorenson and
/// Webster, "Strong pseudoprimes to twelve prime bases", 2017, <https://doi.org/10.1090/mcom/3134>).
#[must_use]
pub fn is_prime(x: f64) -> f64 {
    const BASES: [u64; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
    if !is_exact_integer(x) || !(0.0..=9_007_199_254_740_992.0).contains(&x) {
        return f64::NAN;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, positive and at most 2^53")]
    let number = x as u64;
    if number < 2 {
        return 0.0;
    }
    if let Some(divisor) = BASES.iter().find(|&&base| number.is_multiple_of(base)) {
        return f64::from(u8::from(*divisor == number));
    }
    let twos = (number - 1).trailing_zeros();
    let odd = (number - 1) >> twos;
    let multiply = |a: u64, b: u64| u64::try_from(u128::from(a) * u128::from(b) % u128::from(number)).unwrap_or(0);
    let witnesses = |base: u64| {
        let (mut power, mut square, mut exponent) = (1, base, odd);
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = multiply(power, square);
            }
            square = multiply(square, square);
            exponent >>= 1;
        }
        let mut composite = power != 1 && power != number - 1;
        for _ in 1..twos {
            power = multiply(power, power);
            composite &= power != number - 1;
        }
        composite
    };
    f64::from(u8::from(!BASES.into_iter().any(witnesses)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modulus_has_the_sign_of_the_divisor() {
        for (x, y, expected) in [(7.0, 3.0, 1.0), (-7.0, 3.0, 2.0), (7.0, -3.0, -2.0), (7.5, 2.0, 1.5), (5.0, 0.0, 5.0)]
        {
            assert_eq!(modulus(x, y), expected, "{x} mod {y}");
        }
        assert_eq!(modulus(1.0, 0.1), 0.0);
        assert!(modulus(5.0, f64::INFINITY).is_nan());
    }

    #[test]
    fn divisors_and_multiples_ignore_signs() {
        assert_eq!(greatest_common_divisor(-12.0, 18.0), 6.0);
        assert_eq!(least_common_multiple(-4.0, 6.0), 12.0);
        assert_eq!((least_common_multiple(0.0, 5.0), greatest_common_divisor(0.0, 0.0)), (0.0, 0.0));
        assert!(greatest_common_divisor(2.5, 5.0).is_nan());
        assert_eq!((invert_modulo(3.0, 11.0), invert_modulo(2.0, 4.0).is_nan()), (4.0, true));
    }

    #[test]
    fn primes_are_told_from_composites() {
        let primes: Vec<u32> = (0..60).filter(|&n| is_prime(f64::from(n)) == 1.0).collect();
        assert_eq!(primes, [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59]);
        assert_eq!(is_prime(9_007_199_254_740_881.0), 1.0);
        assert_eq!(is_prime(3_215_031_751.0), 0.0);
        assert!(is_prime(-7.0).is_nan() && is_prime(2.5).is_nan());
    }
}
