//! Decimal numbers of 64 significant digits: what `bignumber(0.1)` is.
//!
//! Sums, products and quotients are rounded half up to 64 digits. It does not know infinities, and it has no
//! transcendental functions: those go through `f64`.

use std::cmp::Ordering;
use std::fmt;

/// Significant digits that a result keeps.
const PRECISION: usize = 64;

/// A decimal number `± digits × 10^exponent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    /// Most significant first, no leading and no trailing zero; empty for zero.
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn new(negative: bool, mut digits: Vec<u8>, mut exponent: i64) -> Self {
        let leading = digits.iter().take_while(|&&digit| digit == 0).count();
        digits.drain(..leading);
        if digits.len() > PRECISION {
            exponent += i64::try_from(digits.len() - PRECISION).unwrap_or(0);
            let round_up = digits[PRECISION] >= 5;
            digits.truncate(PRECISION);
            if round_up {
                let mut carry = true;
                for digit in digits.iter_mut().rev() {
                    *digit += 1;
                    if *digit < 10 {
                        carry = false;
                        break;
                    }
                    *digit = 0;
                }
                if carry {
                    digits.insert(0, 1);
                }
            }
        }
        while digits.last() == Some(&0) {
            digits.pop();
            exponent += 1;
        }
        if digits.is_empty() {
            return Self { negative: false, digits, exponent: 0 };
        }
        Self { negative, digits, exponent }
    }

    /// The number that the shortest decimal text of `x` reads as; `None` when it is not finite.
    #[must_use]
    pub fn from_f64(x: f64) -> Option<Self> {
        if x.is_finite() { Self::parse(&format!("{x:e}")) } else { None }
    }

    /// Reads `12`, `-0.5`, `1e-30`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, i64::from(exponent.parse::<i32>().ok()?)),
            None => (text, 0),
        };
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && decimals.is_empty() {
            return None;
        }
        let digits: Option<Vec<u8>> =
            whole.bytes().chain(decimals.bytes()).map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect();
        Some(Self::new(negative, digits?, exponent - i64::try_from(decimals.len()).ok()?))
    }

    /// Nearest `f64`; infinite when out of its range.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        let digits: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{digits}e{}", self.exponent).parse().unwrap_or(0.0)
    }

    /// Whether it is zero.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether it is a whole number.
    #[must_use]
    pub const fn is_integer(&self) -> bool {
        self.exponent >= 0
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negate(&self) -> Self {
        Self { negative: !self.negative && !self.is_zero(), ..self.clone() }
    }

    /// Exponent of ten of the most significant digit.
    fn magnitude(&self) -> i64 {
        self.exponent + i64::try_from(self.digits.len()).unwrap_or(0)
    }

    /// Digits as whole multiples of `10^exponent`, which is not above its own exponent.
    fn aligned(&self, exponent: i64, length: usize) -> Vec<u8> {
        let shift = usize::try_from(self.exponent - exponent).unwrap_or(0);
        let mut digits = vec![0; length.saturating_sub(self.digits.len() + shift)];
        digits.extend_from_slice(&self.digits);
        digits.resize(length, 0);
        digits
    }

    /// Sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        if self.is_zero() {
            return other.clone();
        }
        let negligible = i64::try_from(2 * PRECISION).unwrap_or(0);
        if other.is_zero() || self.magnitude() - other.magnitude() > negligible {
            return self.clone();
        }
        if other.magnitude() - self.magnitude() > negligible {
            return other.clone();
        }
        let exponent = self.exponent.min(other.exponent);
        let length = usize::try_from(self.magnitude().max(other.magnitude()) - exponent).unwrap_or(0) + 1;
        let (mut left, mut right) = (self.aligned(exponent, length), other.aligned(exponent, length));
        if self.negative == other.negative {
            let mut carry = 0;
            for (digit, &addend) in left.iter_mut().zip(&right).rev() {
                let sum = *digit + addend + carry;
                (*digit, carry) = (sum % 10, sum / 10);
            }
            return Self::new(self.negative, left, exponent);
        }
        let negative = if left < right {
            std::mem::swap(&mut left, &mut right);
            other.negative
        } else {
            self.negative
        };
        let mut borrow = 0;
        for (digit, &subtrahend) in left.iter_mut().zip(&right).rev() {
            let difference = 10 + *digit - subtrahend - borrow;
            (*digit, borrow) = (difference % 10, u8::from(difference < 10));
        }
        Self::new(negative, left, exponent)
    }

    /// Difference.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negate())
    }

    /// Product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut columns = vec![0_u32; self.digits.len() + other.digits.len()];
        for (i, &left) in self.digits.iter().enumerate() {
            for (j, &right) in other.digits.iter().enumerate() {
                columns[i + j + 1] += u32::from(left) * u32::from(right);
            }
        }
        let mut carry = 0;
        for column in columns.iter_mut().rev() {
            let sum = *column + carry;
            (*column, carry) = (sum % 10, sum / 10);
        }
        let digits = columns.into_iter().map(|column| u8::try_from(column).unwrap_or(0)).collect();
        Self::new(self.negative != other.negative, digits, self.exponent.saturating_add(other.exponent))
    }

    /// Quotient, by long division; `None` when `other` is zero.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let divisor = Self { negative: false, exponent: 0, ..other.clone() };
        let mut remainder = Self::new(false, Vec::new(), 0);
        let mut digits = Vec::with_capacity(2 * PRECISION + 2);
        let ten = Self::new(false, vec![1], 1);
        let steps = self.digits.len().max(other.digits.len()) + PRECISION + 2;
        for step in 0..steps {
            let next = self.digits.get(step).copied().unwrap_or(0);
            remainder = remainder.times(&ten).plus(&Self::new(false, vec![next], 0));
            let mut digit = 0;
            while remainder.compare(&divisor) != Ordering::Less {
                remainder = remainder.minus(&divisor);
                digit += 1;
            }
            digits.push(digit);
        }
        let shift = i64::try_from(steps).ok()? - i64::try_from(self.digits.len()).ok()?;
        Some(Self::new(self.negative != other.negative, digits, self.exponent.saturating_sub(other.exponent) - shift))
    }

    /// Power with a whole exponent; `None` when the result is a quotient by zero.
    #[must_use]
    pub fn power(&self, exponent: i32) -> Option<Self> {
        let one = Self::new(false, vec![1], 0);
        let (mut result, mut base, mut left) = (one.clone(), self.clone(), exponent.unsigned_abs());
        while left > 0 {
            if left & 1 == 1 {
                result = result.times(&base);
            }
            base = base.times(&base);
            left >>= 1;
        }
        if exponent < 0 { one.over(&result) } else { Some(result) }
    }

    /// Order of the two numbers.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        let difference = self.minus(other);
        match (difference.is_zero(), difference.negative) {
            (true, _) => Ordering::Equal,
            (_, true) => Ordering::Less,
            (_, false) => Ordering::Greater,
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let sign = if self.negative { "-" } else { "" };
        let magnitude = self.magnitude();
        if self.is_zero() {
            return write!(formatter, "0");
        }
        if !(-5..=21).contains(&(magnitude - 1)) {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            return write!(formatter, "{sign}{first}{point}{rest}e{:+}", magnitude - 1);
        }
        if magnitude <= 0 {
            let zeros = "0".repeat(usize::try_from(-magnitude).unwrap_or(0));
            return write!(formatter, "{sign}0.{zeros}{digits}");
        }
        let whole = usize::try_from(magnitude).unwrap_or(0);
        if whole >= digits.len() {
            write!(formatter, "{sign}{digits}{}", "0".repeat(whole - digits.len()))
        } else {
            write!(formatter, "{sign}{}.{}", &digits[..whole], &digits[whole..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn a_tenth_and_two_tenths_are_three_tenths() {
        let sum = decimal("0.1").plus(&decimal("0.2"));
        assert_eq!((sum.to_string().as_str(), sum.to_f64()), ("0.3", 0.3));
    }

    #[test]
    fn arithmetic_agrees_with_paper() {
        assert_eq!(decimal("-12.5").minus(&decimal("7.75")), decimal("-20.25"));
        assert_eq!(decimal("3").minus(&decimal("5")), decimal("-2"));
        assert_eq!(decimal("1.25").times(&decimal("-8")), decimal("-10"));
        assert_eq!(decimal("1").over(&decimal("8")), Some(decimal("0.125")));
        assert_eq!(decimal("700").over(&decimal("0.07")), Some(decimal("1e4")));
        assert_eq!(decimal("2").power(-2), Some(decimal("0.25")));
        assert_eq!(decimal("1").over(&decimal("0")), None);
    }

    #[test]
    fn a_third_keeps_sixty_four_digits() {
        let third = decimal("1").over(&decimal("3")).unwrap();
        assert_eq!(third.to_string(), format!("0.{}", "3".repeat(64)));
        let two_thirds = decimal("2").over(&decimal("3")).unwrap();
        assert_eq!(two_thirds.to_string(), format!("0.{}7", "6".repeat(63)));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert_eq!(Decimal::parse("1x"), None);
        assert_eq!(Decimal::parse("."), None);
        assert_eq!(Decimal::from_f64(f64::NAN), None);
    }

    #[test]
    fn a_hostile_exponent_costs_nothing() {
        let sum = decimal("1e2000000000").plus(&decimal("1e-2000000000"));
        assert_eq!(sum, decimal("1e2000000000"));
        assert_eq!(sum.to_string(), "1e+2000000000");
        assert!(sum.to_f64().is_infinite());
    }
}
