//! Which cells have a count of their own in a dense table, and where it stands.

use std::collections::BTreeMap;
use std::ops::Range;

use super::cell::CellKey;
use super::strays::{STRAY_PARTS, Strays};
use crate::math::vectorised;

/// The window begins and ends at multiples of this many cells.
const STEP: u32 = CellKey::OCTAVE / 8;

/// Powers of two up to which the window grows for samples that have come over time.
const OCTAVES_CHEAP: u32 = 16;

/// Most powers of two that the window spans.
const OCTAVES_MAX: u32 = 64;

/// Samples that a power of two must have had before it is covered: tallied, they take as much memory as its counts.
const OCTAVE_STRAYS: usize = 512;

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

    /// The window extended for strays that were found among `samples` samples.
    pub(super) fn grown(self, strays: &Strays, samples: usize) -> Self {
        let at_hand = strays.found.iter().filter(|key| key.is_negative()).count();
        let signed = self.signed || strays.negative >= OCTAVE_STRAYS || at_hand * STRAY_PARTS > samples;
        let keys = strays.found.iter().copied().filter(|key| signed || !key.is_negative());
        let keys: Vec<CellKey> = keys.collect();
        let octaves = self.grown_octaves(&keys, samples, &strays.tallied);
        let (mut floor, mut end) = (self.floor, self.floor + self.len);
        if self.len == 0 {
            (floor, end) = (u32::MAX, 0);
        } else if octaves.start < self.floor / CellKey::OCTAVE {
            floor = octaves.start * CellKey::OCTAVE;
        }
        for key in keys.into_iter().filter(|key| octaves.contains(&key.octave())) {
            (floor, end) = (floor.min(key.magnitude()), end.max(key.magnitude() + 1));
        }
        if end == 0 {
            return self;
        }
        let floor = (floor / STEP * STEP).max(1);
        Self { floor, len: end.div_ceil(STEP) * STEP - floor, signed }
    }

    /// Powers of two that the extended window may cover.
    fn grown_octaves(self, keys: &[CellKey], samples: usize, tallied: &BTreeMap<u32, usize>) -> Range<u32> {
        let mut found: BTreeMap<u32, usize> = BTreeMap::new();
        keys.iter().for_each(|key| *found.entry(key.octave()).or_default() += 1);
        let mut covered = if self.len > 0 {
            self.floor / CellKey::OCTAVE..(self.floor + self.len).div_ceil(CellKey::OCTAVE)
        } else {
            // The power of two with most samples comes first.
            let most = found.iter().max_by_key(|(_, count)| **count).map_or(0, |(octave, _)| *octave);
            most..most + 1
        };
        let upwards: Vec<u32> = tallied.range(covered.end..).map(|(&octave, _)| octave).collect();
        let downwards: Vec<u32> = tallied.range(..covered.start).rev().map(|(&octave, _)| octave).collect();
        for octaves in [upwards, downwards] {
            let (mut at_hand, mut over_time) = (0, 0);
            for octave in octaves {
                let wider = covered.start.min(octave)..covered.end.max(octave + 1);
                at_hand += found.get(&octave).copied().unwrap_or(0);
                over_time += tallied[&octave];
                let added = wider.len() - covered.len();
                let is_due = over_time >= OCTAVE_STRAYS * added && wider.len() as u32 <= OCTAVES_CHEAP;
                if (is_due || at_hand * STRAY_PARTS > samples) && wider.len() as u32 <= OCTAVES_MAX {
                    (covered, at_hand, over_time) = (wider, 0, 0);
                }
            }
        }
        covered
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

    /// A window grown for values that are all there has been.
    fn grown(window: Window, values: &[f64], samples: usize) -> Window {
        let (mut strays, mut slots) = (Strays::default(), vec![0; values.len()]);
        window.fill_slots(&mut slots, values);
        strays.find(values, &slots, window.stray_slots());
        window.grown(&strays, samples)
    }

    #[test]
    fn slots_and_cells_go_both_ways() {
        for values in [&[3.0, 700.0][..], &[-3.0, 0.01]] {
            let window = grown(Window::EMPTY, values, 2);
            for slot in (0..window.slots()).filter(|slot| !window.stray_slots().contains(slot)) {
                assert_eq!(window.slot(window.key(slot)), Some(slot));
            }
            assert!(values.iter().all(|&value| window.slot(CellKey::of(value)).is_some()));
        }
    }

    #[test]
    fn zero_and_what_is_not_covered_are_strays() {
        let positive = grown(Window::EMPTY, &[3.0, 700.0], 2);
        let signed = grown(positive, &[-5.0], 1);
        assert!(signed.slot(CellKey::of(-5.0)).is_some());
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
    fn many_strays_are_let_in_at_once_and_few_when_they_have_become_many() {
        let window = grown(Window::EMPTY, &[1.0], 1);
        assert_eq!(grown(window, &[0.3; 10], 1024), window);
        assert!(grown(window, &[0.3; 10], 100).slot(CellKey::of(0.3)).is_some());
        assert!(grown(window, &[0.3; 2 * OCTAVE_STRAYS], 1 << 20).slot(CellKey::of(0.3)).is_some());
        assert_eq!(grown(window, &[1e-9; 2 * OCTAVE_STRAYS], 1 << 20), window);
    }
}
