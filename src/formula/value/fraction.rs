//! Exact fractions: what `fraction(1, 3)` is.
//!
//! Numerator and denominator are 128-bit integers; what does not fit is `None`, and the caller says so. It does not do
//! arithmetic of unbounded size.

use std::cmp::Ordering;
use std::fmt;

/// A fraction in lowest terms with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    numerator: i128,
    denominator: i128,
}

fn greatest_common_divisor(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Fraction {
    /// `numerator / denominator` in lowest terms; `None` when the denominator is zero or a part is out of range.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 || numerator == i128::MIN || denominator == i128::MIN {
            return None;
        }
        let divisor = greatest_common_divisor(numerator, denominator).abs().max(1);
        let sign = denominator.signum();
        Some(Self { numerator: sign * numerator / divisor, denominator: sign * denominator / divisor })
    }

    /// The fraction that the shortest decimal text of `x` reads as; `None` when it is not finite or out of range.
    #[must_use]
    pub fn from_f64(x: f64) -> Option<Self> {
        if x.is_finite() { Self::parse(&format!("{x:e}")) } else { None }
    }

    /// Reads `12`, `0.125`, `1.5e-3`, `1/3`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((numerator, denominator)) = text.split_once('/') {
            return Self::parse(numerator)?.over(Self::parse(denominator)?);
        }
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: i128 = format!("{whole}{decimals}").parse().ok()?;
        let exponent = exponent.checked_sub(i32::try_from(decimals.len()).ok()?)?;
        let scale = 10_i128.checked_pow(exponent.unsigned_abs())?;
        if exponent < 0 { Self::new(digits, scale) } else { Self::new(digits.checked_mul(scale)?, 1) }
    }

    /// Nearest `f64`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the nearest f64 is what is asked for")]
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// Numerator; carries the sign.
    #[must_use]
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// Denominator, at least 1.
    #[must_use]
    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// Sum; `None` when out of range.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Self::new(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?)
    }

    /// Difference; `None` when out of range.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negate())
    }

    /// Product; `None` when out of range.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        Self::new(self.numerator.checked_mul(other.numerator)?, self.denominator.checked_mul(other.denominator)?)
    }

    /// Quotient; `None` when `other` is zero or the result out of range.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.denominator, other.numerator)?)
    }

    /// The fraction with the other sign.
    #[must_use]
    pub const fn negate(self) -> Self {
        Self { numerator: -self.numerator, denominator: self.denominator }
    }

    /// Largest whole number that is not above it.
    #[must_use]
    pub const fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    /// Power with a whole exponent; `None` when out of range.
    #[must_use]
    pub fn power(self, exponent: i32) -> Option<Self> {
        let magnitude = exponent.unsigned_abs();
        let (top, bottom) = (self.numerator.checked_pow(magnitude)?, self.denominator.checked_pow(magnitude)?);
        if exponent < 0 { Self::new(bottom, top) } else { Self::new(top, bottom) }
    }

    /// Order of the two numbers; falls back to `f64` when cross products are out of range.
    #[must_use]
    pub fn compare(self, other: Self) -> Ordering {
        match (self.numerator.checked_mul(other.denominator), other.numerator.checked_mul(self.denominator)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => self.to_f64().total_cmp(&other.to_f64()),
        }
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator == 1 {
            write!(formatter, "{}", self.numerator)
        } else {
            write!(formatter, "{}/{}", self.numerator, self.denominator)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_times_three_is_one() {
        let third = Fraction::new(1, 3).unwrap();
        assert_eq!(third.times(Fraction::new(3, 1).unwrap()), Fraction::new(1, 1));
    }

    #[test]
    fn decimal_text_is_read_exactly() {
        assert_eq!(Fraction::parse("0.125"), Fraction::new(1, 8));
        assert_eq!(Fraction::parse("2/-4"), Fraction::new(-1, 2));
        assert_eq!(Fraction::from_f64(0.1), Fraction::new(1, 10));
        assert_eq!(Fraction::parse("x"), None);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let large = Fraction::new(i128::MAX, 1).unwrap();
        assert_eq!(large.times(large), None);
        assert_eq!(Fraction::new(1, 0), None);
        assert_eq!(large.compare(large), Ordering::Equal);
    }
}
