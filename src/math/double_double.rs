//! Unevaluated sums of two doubles, about 106 bits: what is left when one rounding is too many.
//!
//! Only what the kernels need; not a number type for others.

/// `high + low`, with `low` at most about half an ulp of `high`.
#[derive(Debug, Clone, Copy)]
pub(super) struct DoubleDouble {
    pub(super) high: f64,
    pub(super) low: f64,
}

impl DoubleDouble {
    #[inline(always)]
    pub(super) const fn new(high: f64, low: f64) -> Self {
        Self { high, low }
    }

    /// `a + b` exactly, if `|a| >= |b|` or `a = 0`.
    #[inline(always)]
    pub(super) fn from_ordered_sum(a: f64, b: f64) -> Self {
        let high = a + b;
        Self { high, low: (a - high) + b }
    }

    /// `a + b` exactly.
    #[inline(always)]
    pub(super) fn from_sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let b_rounded = high - a;
        Self { high, low: (a - (high - b_rounded)) + (b - b_rounded) }
    }

    /// Sum, error below 2^-104 of the larger term.
    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        let sum = Self::from_sum(self.high, other.high);
        Self::from_ordered_sum(sum.high, sum.low + (self.low + other.low))
    }

    #[inline(always)]
    pub(super) fn negative(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }

    /// Product, relative error below 2^-101.
    #[inline(always)]
    pub(super) fn times(self, other: Self) -> Self {
        let high = self.high * other.high;
        let rounded = self.high.mul_add(other.high, -high);
        Self { high, low: self.high.mul_add(other.low, self.low.mul_add(other.high, rounded)) }
    }

    /// Quotient by a double.
    #[inline(always)]
    pub(super) fn over(self, divisor: f64) -> Self {
        let high = self.high / divisor;
        Self { high, low: ((-high).mul_add(divisor, self.high) + self.low) / divisor }
    }
}
