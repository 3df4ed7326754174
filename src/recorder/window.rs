//! Which cells have a count of their own in a dense table, and where it stands.

use std::collections::BTreeMap;
use std::ops::Range;

use super::cell::CellKey;
use crate::math::vectorised;

/// Cells in one power of two.
const OCTAVE: u32 = 2048;

/// The window begins and ends at multiples of this many cells.
const STEP: u32 = OCTAVE / 8;

/// Powers of two up to which the window grows for a single sample.
const OCTAVES_CHEAP: u32 = 12;

/// Most powers of two that the window spans.
const OCTAVES_MAX: u32 = 64;

/// The window grows beyond the cheap size when more than one in this many samples of a block are outside.
const STRAY_PARTS: usize = 32;

/// Magnitudes `floor..floor + len`, of one sign or of both.
///
/// ```text
/// slot:   0 .. len          | len     || len + 1 .. 2 len + 1 | 2 len + 1
///         cells of the sign | strays  || negative cells       | negative strays
/// ```
///
/// A stray is a sample whose magnitude is not covered; zero always is one. Finding a slot takes one subtraction that
/// wraps below the floor and one minimum, so the loop over samples has no branch that depends on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// Number of the smallest magnitude covered, at least 1: number 0 is zero.
    floor: u32,
    len: u32,
    /// Whether there are slots for negative cells.
    signed: bool,
}

impl Window {
    /// Window that covers nothing.
    pub(super) const EMPTY: Self = Self { floor: 1, len: 0, signed: false };

    /// Number of slots.
    pub(super) const fn slots(self) -> usize {
        (self.len as usize + 1) << (self.signed as u32)
    }

    /// Slots of strays; the same one twice if there are no negative cells.
    pub(super) const fn stray_slots(self) -> [usize; 2] {
        [self.len as usize, self.slots() - 1]
    }

    /// Magnitudes covered.
    pub(super) const fn magnitudes(self) -> Range<u32> {
        self.floor..self.floor + self.len
    }

    /// Slots of the cells of one sign, from the smallest magnitude.
    pub(super) const fn half(self, negative: bool) -> Range<usize> {
        let len = self.len as usize;
        match (negative, self.signed) {
            (false, _) => 0..len,
            (true, true) => len + 1..2 * len + 1,
            (true, false) => 0..0,
        }
    }

    /// Slot of a cell; `None` if it is a stray.
    pub(super) fn slot(self, key: CellKey) -> Option<usize> {
        let slot = self.slot_or_stray(key.bits()) as usize;
        (!self.stray_slots().contains(&slot)).then_some(slot)
    }

    /// Slot of a cell, or that of the strays.
    #[inline(always)]
    fn slot_or_stray(self, key: u32) -> u32 {
        if self.signed { signed_slot(key, self.floor, self.len) } else { unsigned_slot(key, self.floor, self.len) }
    }

    /// Slot of each value.
    pub(super) fn fill_slots(self, slots: &mut [u32], values: &[f64]) {
        if self.signed {
            fill_signed_slots(slots, values, self.floor, self.len);
        } else {
            fill_unsigned_slots(slots, values, self.floor, self.len);
        }
    }

    /// Cell of a slot that is not one of strays.
    pub(super) const fn key(self, slot: usize) -> CellKey {
        let slot = slot as u32;
        let negative = slot > self.len;
        let magnitude = self.floor + if negative { slot - self.len - 1 } else { slot };
        CellKey::from_bits(if negative { magnitude | CellKey::SIGN } else { magnitude })
    }

    /// The window extended for strays, found in a block of `block_len` samples.
    ///
    /// Powers of two are added from the largest down. The smallest, which take many cells for few samples around zero,
    /// are left out once the window is large, unless there are many samples in them.
    pub(super) fn grown(self, strays: &[CellKey], block_len: usize) -> Self {
        let octaves = self.grown_octaves(strays, block_len);
        let covered = strays.iter().filter(|key| octaves.contains(&(key.magnitude() / OCTAVE)));
        let (mut floor, mut end) = if self.len > 0 { (self.floor, self.floor + self.len) } else { (u32::MAX, 0) };
        let mut signed = self.signed;
        for key in covered {
            (floor, end) = (floor.min(key.magnitude()), end.max(key.magnitude() + 1));
            signed |= key.is_negative();
        }
        if end == 0 {
            return self;
        }
        let floor = (floor / STEP * STEP).max(1);
        Self { floor, len: end.div_ceil(STEP) * STEP - floor, signed }
    }

    /// Powers of two that the extended window may cover.
    fn grown_octaves(self, strays: &[CellKey], block_len: usize) -> Range<u32> {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for key in strays {
            *counts.entry(key.magnitude() / OCTAVE).or_default() += 1;
        }
        let mut left = strays.len();
        let (mut first, mut last) = (u32::MAX, 0);
        if self.len > 0 {
            (first, last) = (self.floor / OCTAVE, (self.floor + self.len).div_ceil(OCTAVE));
        }
        for (&octave, &count) in counts.iter().rev() {
            let (low, high) = (first.min(octave), last.max(octave + 1));
            let is_cheap = high - low <= OCTAVES_CHEAP;
            if !is_cheap && (high - low > OCTAVES_MAX || left * STRAY_PARTS <= block_len) {
                break;
            }
            left -= count;
            (first, last) = (low, high);
        }
        first..last
    }
}

/// A key with the sign bit, and one below the floor by wrapping, lies above all of the window.
#[inline(always)]
fn unsigned_slot(key: u32, floor: u32, len: u32) -> u32 {
    key.wrapping_sub(floor).min(len)
}

/// The same for the magnitude, in the half of the table that the sign selects.
#[inline(always)]
fn signed_slot(key: u32, floor: u32, len: u32) -> u32 {
    let slot = (key.wrapping_sub(floor) & (CellKey::SIGN - 1)).min(len);
    if key >= CellKey::SIGN { slot + len + 1 } else { slot }
}

vectorised! {
    fn fill_unsigned_slots(slots: &mut [u32], values: &[f64], floor: u32, len: u32) {
        for (slot, &value) in slots.iter_mut().zip(values) {
            *slot = unsigned_slot(CellKey::of_nonzero(value).bits(), floor, len);
        }
    }
}

vectorised! {
    fn fill_signed_slots(slots: &mut [u32], values: &[f64], floor: u32, len: u32) {
        for (slot, &value) in slots.iter_mut().zip(values) {
            *slot = signed_slot(CellKey::of_nonzero(value).bits(), floor, len);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(values: &[f64]) -> Vec<CellKey> {
        values.iter().map(|&value| CellKey::of(value)).collect()
    }

    #[test]
    fn slots_and_cells_go_both_ways() {
        for values in [&[3.0, 700.0][..], &[-3.0, 0.01]] {
            let window = Window::EMPTY.grown(&keys(values), 2);
            for slot in (0..window.slots()).filter(|slot| !window.stray_slots().contains(slot)) {
                assert_eq!(window.slot(window.key(slot)), Some(slot));
            }
            assert!(values.iter().all(|&value| window.slot(CellKey::of(value)).is_some()));
        }
    }

    #[test]
    fn zero_and_what_is_not_covered_are_strays() {
        let positive = Window::EMPTY.grown(&keys(&[3.0, 700.0]), 2);
        let signed = positive.grown(&keys(&[-5.0]), 1);
        for window in [Window::EMPTY, positive, signed] {
            for value in [0.0, -0.0, 1e-300, 1e300, -1e-300, -1e300, f64::MAX, -f64::MAX] {
                let mut slots = [u32::MAX];
                window.fill_slots(&mut slots, &[value]);
                assert!(window.stray_slots().contains(&(slots[0] as usize)), "{value} in {window:?}");
            }
        }
        assert_eq!(positive.slot(CellKey::of(-5.0)), None);
    }

    #[test]
    fn many_strays_of_small_size_are_let_in_and_few_are_not() {
        let window = Window::EMPTY.grown(&keys(&[1.0]), 1);
        let far = keys(&[1e-9; 10]);
        assert_eq!(window.grown(&far, 1024), window);
        assert!(window.grown(&far, 100).slot(far[0]).is_some());
    }
}
