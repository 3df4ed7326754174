//! Bit operations on whole numbers of 32 bits.

use super::integer::is_exact_integer;

/// The low 32 bits of a whole number, as a signed integer; 0 for anything else.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the remainder is below 2^32")]
pub fn to_integer_32(x: f64) -> i32 {
    const RANGE: f64 = 4_294_967_296.0;
    if !x.is_finite() {
        return 0;
    }
    (x.trunc().rem_euclid(RANGE) as u64 as u32).cast_signed()
}

/// Number of bits to shift by: the low five bits.
fn shift(x: f64) -> u32 {
    to_integer_32(x).cast_unsigned() & 31
}

fn on_integers(x: f64, y: f64, operation: impl Fn(i32, i32) -> i32) -> f64 {
    if is_exact_integer(x) && is_exact_integer(y) {
        f64::from(operation(to_integer_32(x), to_integer_32(y)))
    } else {
        f64::NAN
    }
}

/// Bits set in both; NaN unless both are whole.
#[must_use]
pub fn bit_and(x: f64, y: f64) -> f64 {
    on_integers(x, y, |x, y| x & y)
}

/// Bits set in at least one; NaN unless both are whole.
#[must_use]
pub fn bit_or(x: f64, y: f64) -> f64 {
    on_integers(x, y, |x, y| x | y)
}

/// Bits set in exactly one; NaN unless both are whole.
#[must_use]
pub fn bit_xor(x: f64, y: f64) -> f64 {
    on_integers(x, y, |x, y| x ^ y)
}

/// All bits turned over; NaN unless whole.
#[must_use]
pub fn bit_not(x: f64) -> f64 {
    on_integers(x, 0.0, |x, _| !x)
}

/// Bits moved up; NaN unless both are whole.
#[must_use]
pub fn left_shift(x: f64, y: f64) -> f64 {
    on_integers(x, y, |x, _| x << shift(y))
}

/// Bits moved down, the sign kept; NaN unless both are whole.
#[must_use]
pub fn right_arithmetic_shift(x: f64, y: f64) -> f64 {
    on_integers(x, y, |x, _| x >> shift(y))
}

/// Bits moved down, zeros coming in; NaN unless both are whole.
#[must_use]
pub fn right_logical_shift(x: f64, y: f64) -> f64 {
    if is_exact_integer(x) && is_exact_integer(y) {
        f64::from(to_integer_32(x).cast_unsigned() >> shift(y))
    } else {
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_wrap_at_32_bits() {
        assert_eq!((left_shift(1.0, 31.0), left_shift(1.0, 32.0)), (-2_147_483_648.0, 1.0));
        assert_eq!((right_arithmetic_shift(-8.0, 1.0), right_logical_shift(-8.0, 28.0)), (-4.0, 15.0));
        assert_eq!((bit_or(2_147_483_648.0, 0.0), bit_not(5.0)), (-2_147_483_648.0, -6.0));
        assert_eq!((bit_and(5.0, 3.0), bit_xor(5.0, 3.0)), (1.0, 6.0));
    }

    #[test]
    fn only_whole_numbers_have_bits() {
        assert!(
            bit_and(5.5, 3.0).is_nan() && bit_not(f64::INFINITY).is_nan() && right_logical_shift(1.0, 0.5).is_nan()
        );
    }
}
