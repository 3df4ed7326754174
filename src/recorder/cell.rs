//! The log-linear cells that samples are counted in: 2048 to a power of two, over the whole `f64` range.
//!
//! A cell is named by the top 23 bits of the sample (sign, exponent and 11 bits of mantissa), so finding it costs one
//! shift, its width is at most 2^-11 = 0.049 % of its value, and every integer up to 4096 has a cell of its own. Minus
//! zero counts as zero.

use std::cmp::Ordering;

/// Mantissa bits that a cell does not tell apart.
const SHIFT: u32 = 41;

/// Largest magnitude below which a cell holds a single integer.
const EXACT_INTEGER_MAX: f64 = 4096.0;

/// Number of a cell: the sign in bit 22, then the magnitude in steps that grow with the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CellKey(u32);

impl CellKey {
    /// Bit of the number that says negative.
    pub(crate) const SIGN: u32 = 1 << (63 - SHIFT);

    /// Cells in one power of two.
    pub(crate) const OCTAVE: u32 = 1 << (52 - SHIFT);

    /// Cell of a finite value.
    #[inline(always)]
    pub(crate) fn of(value: f64) -> Self {
        // Adding +0 turns -0 into +0 and changes nothing else.
        Self::of_nonzero(value + 0.0)
    }

    /// Cell of a value that is not zero; minus zero would get a cell of its own.
    #[inline(always)]
    pub(crate) fn of_nonzero(value: f64) -> Self {
        // The shift leaves 23 bits, so the cast is exact.
        Self((value.to_bits() >> SHIFT) as u32)
    }

    /// The number itself, for tables.
    #[inline(always)]
    pub(crate) const fn bits(self) -> u32 {
        self.0
    }

    /// Cell with that number.
    pub(crate) const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// Number of the cell of the absolute value; 0 for zero.
    #[inline(always)]
    pub(crate) const fn magnitude(self) -> u32 {
        self.0 & !Self::SIGN
    }

    /// Number of the power of two that the cell is part of.
    #[inline(always)]
    pub(crate) const fn octave(self) -> u32 {
        self.magnitude() / Self::OCTAVE
    }

    /// Whether the values of the cell are below zero.
    #[inline(always)]
    pub(crate) const fn is_negative(self) -> bool {
        self.0 & Self::SIGN != 0
    }

    /// Position among all cells in ascending order of value.
    pub(crate) const fn rank(self) -> i32 {
        if self.is_negative() { -(self.magnitude() as i32) - 1 } else { self.0 as i32 }
    }

    /// Cell at that position.
    pub(crate) const fn from_rank(rank: i32) -> Self {
        if rank < 0 { Self(!rank as u32 | Self::SIGN) } else { Self(rank as u32) }
    }

    /// Smallest and largest value of the cell. With `integers` (all samples are whole numbers) a cell that can hold
    /// only one of them has equal ends.
    pub(crate) fn ends(self, integers: bool) -> (f64, f64) {
        if self.0 == 0 {
            // The few numbers below 1.1e-311 count as zero with it.
            return (0.0, 0.0);
        }
        let near = f64::from_bits(u64::from(self.0) << SHIFT);
        let far = f64::from_bits((u64::from(self.0) << SHIFT) | ((1 << SHIFT) - 1));
        if integers && near.abs() < EXACT_INTEGER_MAX {
            return (near + 0.0, near + 0.0);
        }
        if self.is_negative() { (far, near) } else { (near, far) }
    }
}

impl Ord for CellKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for CellKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_its_value_and_is_at_most_0_05_percent_wide() {
        for value in [1.0, 1.5, -2.75, 1e-300, 1e300, 126_975.0, f64::MIN_POSITIVE, f64::MAX, -f64::MAX] {
            let (low, high) = CellKey::of(value).ends(false);
            assert!(low <= value && value <= high, "{low} {value} {high}");
            assert!((high - low) <= 0.0005 * low.abs().min(high.abs()), "{low}..{high}");
        }
    }

    #[test]
    fn zero_is_exact() {
        assert_eq!(CellKey::of(0.0).ends(false), (0.0, 0.0));
    }

    #[test]
    fn integers_up_to_4096_have_their_own_cells() {
        for integer in -4095..=4095 {
            let value = f64::from(integer);
            assert_eq!(CellKey::of(value).ends(true), (value, value));
            assert_ne!(CellKey::of(value), CellKey::of(value + 1.0));
        }
    }

    #[test]
    fn ranks_follow_the_order_of_values() {
        let values = [-f64::MAX, -3.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 3.0, f64::MAX];
        for pair in values.windows(2) {
            assert!(CellKey::of(pair[0]).rank() < CellKey::of(pair[1]).rank(), "{pair:?}");
        }
        assert_eq!(CellKey::of(-0.0), CellKey::of(0.0));
        assert!(values.iter().all(|&value| CellKey::from_rank(CellKey::of(value).rank()) == CellKey::of(value)));
    }
}
