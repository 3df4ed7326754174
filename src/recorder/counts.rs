//! Counts of samples per cell: a dense window where the samples are, a sparse map for the few elsewhere.
//!
//! ```text
//! slot:   negative cells, largest magnitude first | center | positive cells, smallest first | outside
//! ```
//!
//! The center takes zeros and magnitudes below the window, the last slot those above; only a block that has such samples
//! is looked at again. So the loop over samples has no branch that depends on them. The window is placed by the first
//! block and grows for samples outside. It holds `u16` counts, so that the counts of a latency distribution fit the
//! first-level cache; a count that wraps is carried.

use std::collections::BTreeMap;

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

/// Samples counted at a time; the slots for samples outside cannot wrap within them.
const CHUNK_LEN: usize = 1024;

/// Slots worked out at a time.
const SLOTS_LEN: usize = 128;

/// Number of samples in each cell.
#[derive(Debug, Clone)]
pub(crate) struct Counts {
    window: Window,
    /// A count a slot of the window.
    dense: Vec<u16>,
    /// Multiples of 2^16 by cell.
    carried: BTreeMap<u32, u64>,
    /// Counts of cells that were outside the window.
    sparse: BTreeMap<u32, u64>,
    zeros: u64,
    strays: Vec<u32>,
}

impl Default for Counts {
    fn default() -> Self {
        let window = Window { floor: 1, positive: 0, negative: 0 };
        let (carried, sparse) = (BTreeMap::new(), BTreeMap::new());
        Self { dense: vec![0; window.slots()], window, carried, sparse, zeros: 0, strays: Vec::new() }
    }
}

impl Counts {
    /// Counts finite samples.
    pub(crate) fn record(&mut self, values: &[f64]) {
        for chunk in values.chunks(CHUNK_LEN) {
            self.record_chunk(chunk);
        }
    }

    /// Counts `count` samples of one finite value.
    pub(crate) fn record_many(&mut self, value: f64, count: u64) {
        *self.sparse.entry(CellKey::of(value).bits()).or_default() += count;
    }

    fn record_chunk(&mut self, values: &[f64]) {
        let Self { window, dense, carried, .. } = self;
        let mut slots = [0u32; SLOTS_LEN];
        for part in values.chunks(SLOTS_LEN) {
            let slots = &mut slots[..part.len()];
            fill_slots(slots, part, *window);
            for &slot in &*slots {
                let count = &mut dense[slot as usize];
                *count = count.wrapping_add(1);
                if *count == 0 {
                    carry(carried, window.key(slot));
                }
            }
        }
        let outside = std::mem::take(&mut dense[window.outside() as usize]);
        let center = std::mem::take(&mut dense[window.center() as usize]);
        if outside > 0 || center > 0 {
            let zeros = values.iter().filter(|&&value| value == 0.0).count();
            self.zeros += zeros as u64;
            if usize::from(outside) + usize::from(center) > zeros {
                self.record_strays(values);
            }
        }
    }

    /// Counts the samples that the window does not cover, zeros apart: grows the window for them, or puts them into the
    /// map.
    fn record_strays(&mut self, values: &[f64]) {
        let mut strays = std::mem::take(&mut self.strays);
        strays.clear();
        let mut slots = [0u32; CHUNK_LEN];
        let slots = &mut slots[..values.len()];
        fill_slots(slots, values, self.window);
        let (center, outside) = (self.window.center(), self.window.outside());
        let uncovered = values.iter().zip(&*slots).filter(|&(_, &slot)| slot == center || slot == outside);
        strays.extend(uncovered.filter(|&(&value, _)| value != 0.0).map(|(&value, _)| CellKey::of(value).bits()));
        let grown = self.window.grown(&strays, values.len());
        self.move_to(grown);
        for &key in &strays {
            let slot = self.window.slot(key);
            if slot == self.window.center() || slot == self.window.outside() {
                *self.sparse.entry(key).or_default() += 1;
            } else {
                let count = &mut self.dense[slot as usize];
                *count = count.wrapping_add(1);
                if *count == 0 {
                    carry(&mut self.carried, key);
                }
            }
        }
        self.strays = strays;
    }

    /// Makes room for a window that covers the present one.
    fn move_to(&mut self, window: Window) {
        if window == self.window {
            return;
        }
        let mut dense = vec![0; window.slots()];
        for (slot, &count) in (0..).zip(&self.dense).filter(|&(slot, &count)| count > 0 && self.window.is_cell(slot)) {
            dense[window.slot(self.window.key(slot)) as usize] = count;
        }
        (self.window, self.dense) = (window, dense);
    }

    /// Every cell with at least one sample and its count, in ascending order of value, from several recorders of the
    /// same metric.
    pub(crate) fn merged<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Vec<(CellKey, u64)> {
        let mut cells: Vec<(u32, u64)> = Vec::new();
        for part in parts {
            let dense = (0..).zip(&part.dense).filter(|&(slot, &count)| count > 0 && part.window.is_cell(slot));
            cells.extend(dense.map(|(slot, &count)| (part.window.key(slot), u64::from(count))));
            cells.extend(part.carried.iter().chain(&part.sparse).map(|(&key, &count)| (key, count)));
            cells.extend((part.zeros > 0).then_some((CellKey::of(0.0).bits(), part.zeros)));
        }
        cells.sort_unstable_by_key(|&(key, _)| CellKey::from_bits(key).rank());
        cells.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        cells.into_iter().map(|(key, count)| (CellKey::from_bits(key), count)).collect()
    }

    /// Bytes held.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        2 * self.dense.len() + 48 * self.sparse.len()
    }
}

/// Which cells have a slot: magnitudes from `floor`, so many of each sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    /// Number of the smallest magnitude covered, at least 1: number 0 is zero.
    floor: u32,
    positive: u32,
    negative: u32,
}

impl Window {
    /// Slot of zeros and of magnitudes below the window.
    const fn center(self) -> u32 {
        self.negative
    }

    /// Slot of magnitudes above the window.
    const fn outside(self) -> u32 {
        self.negative + 1 + self.positive
    }

    /// Number of slots.
    const fn slots(self) -> usize {
        self.outside() as usize + 1
    }

    /// Whether the slot is that of a cell.
    const fn is_cell(self, slot: u32) -> bool {
        slot != self.center() && slot != self.outside()
    }

    /// Slot of a cell.
    #[inline(always)]
    fn slot(self, key: u32) -> u32 {
        let index = (key & !CellKey::SIGN).saturating_sub(self.floor - 1);
        let is_negative = key & CellKey::SIGN != 0;
        let (len, slot) = if is_negative {
            (self.negative, self.negative.wrapping_sub(index))
        } else {
            (self.positive, self.negative + index)
        };
        if index > len { self.outside() } else { slot }
    }

    /// Cell of a slot that is a cell's.
    const fn key(self, slot: u32) -> u32 {
        if slot < self.negative {
            CellKey::SIGN | (self.negative - slot + self.floor - 1)
        } else {
            slot - self.negative + self.floor - 1
        }
    }

    /// The window extended for cells outside of it, found in a block of `block_len` samples.
    ///
    /// Powers of two are added from the largest down. The smallest, which take many cells for few samples around zero,
    /// are left out once the window is large, unless there are many samples in them.
    fn grown(self, strays: &[u32], block_len: usize) -> Self {
        let magnitude = |key: u32| key & !CellKey::SIGN;
        let mut octaves: BTreeMap<u32, usize> = BTreeMap::new();
        for &key in strays {
            *octaves.entry(magnitude(key) / OCTAVE).or_default() += 1;
        }
        let mut left = strays.len();
        let len = self.positive.max(self.negative);
        let (mut first, mut last) = (self.floor / OCTAVE, (self.floor + len).div_ceil(OCTAVE));
        if len == 0 {
            (first, last) = (u32::MAX, 0);
        }
        for (&octave, &count) in octaves.iter().rev() {
            let (low, high) = (first.min(octave), last.max(octave + 1));
            let is_cheap = high - low <= OCTAVES_CHEAP;
            if !is_cheap && (high - low > OCTAVES_MAX || left * STRAY_PARTS <= block_len) {
                break;
            }
            left -= count;
            (first, last) = (low, high);
        }
        let covered = |key: &u32| (first..last).contains(&(magnitude(*key) / OCTAVE));
        let end = |sign: u32, len: u32| {
            let keys = strays.iter().filter(|&&key| key & CellKey::SIGN == sign);
            let present = if len > 0 { self.floor + len } else { 0 };
            keys.copied().filter(covered).map(|key| magnitude(key) + 1).fold(present, u32::max)
        };
        let (positive, negative) = (end(0, self.positive), end(CellKey::SIGN, self.negative));
        let present = if len > 0 { self.floor } else { u32::MAX };
        let floor = strays.iter().copied().filter(covered).map(magnitude).fold(present, u32::min);
        if floor == u32::MAX {
            return self;
        }
        let floor = (floor / STEP * STEP).max(1);
        let len = |end: u32| if end > floor { end.div_ceil(STEP) * STEP - floor } else { 0 };
        Self { floor, positive: len(positive), negative: len(negative) }
    }
}

/// Slot of each value.
fn fill_slots(slots: &mut [u32], values: &[f64], window: Window) {
    if window.negative == 0 {
        fill_positive_slots(slots, values, window.floor - 1, window.outside());
    } else {
        fill_signed_slots(slots, values, window);
    }
}

vectorised! {
    /// Slot of each value in a window without negative cells: a key with the sign bit lies above all of it.
    fn fill_positive_slots(slots: &mut [u32], values: &[f64], below: u32, outside: u32) {
        for (slot, &value) in slots.iter_mut().zip(values) {
            *slot = CellKey::of(value).bits().saturating_sub(below).min(outside);
        }
    }
}

vectorised! {
    /// Slot of each value in any window.
    fn fill_signed_slots(slots: &mut [u32], values: &[f64], window: Window) {
        for (slot, &value) in slots.iter_mut().zip(values) {
            *slot = window.slot(CellKey::of(value).bits());
        }
    }
}

/// Takes over a count that has wrapped to 0.
#[cold]
fn carry(carried: &mut BTreeMap<u32, u64>, key: u32) {
    *carried.entry(key).or_default() += 1 << 16;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(counts: &Counts) -> u64 {
        Counts::merged([counts]).iter().map(|&(_, count)| count).sum()
    }

    #[test]
    fn every_sample_is_counted_once_whatever_its_size() {
        let mut counts = Counts::default();
        let values: Vec<f64> = (0..1024).map(|i| f64::from(i - 512) * 10f64.powi(i % 40 - 20)).collect();
        for _ in 0..5 {
            counts.record(&values);
        }
        assert_eq!(total(&counts), 5 * 1024);
        let mut cells = Counts::merged([&counts]).into_iter().map(|(key, _)| key.rank());
        let first = cells.next().expect("cells");
        cells.fold(first, |before, rank| {
            assert!(before < rank);
            rank
        });
    }

    #[test]
    fn counts_carry_beyond_sixteen_bits() {
        let mut counts = Counts::default();
        let values = [7.0; 1024];
        for _ in 0..200 {
            counts.record(&values);
        }
        assert_eq!(Counts::merged([&counts]), vec![(CellKey::of(7.0), 200 * 1024)]);
    }

    #[test]
    fn merging_parts_adds_their_cells() {
        let (mut left, mut right) = (Counts::default(), Counts::default());
        left.record(&[1.0, 2.0, -3.0]);
        right.record(&[2.0, 2.0, 0.0]);
        right.record_many(5.0, 10);
        let cells: Vec<(f64, u64)> =
            Counts::merged([&left, &right]).iter().map(|&(key, count)| (key.ends(true).0, count)).collect();
        assert_eq!(cells, vec![(-3.0, 1), (0.0, 1), (1.0, 1), (2.0, 3), (5.0, 10)]);
    }

    #[test]
    fn values_around_zero_do_not_take_a_window_down_to_the_smallest_number() {
        let mut counts = Counts::default();
        let values: Vec<f64> = (0..1024).map(|i| (f64::from(i) - 511.5) / 512.0).collect();
        for _ in 0..50 {
            counts.record(&values);
            counts.record(&[1e-300; 3]);
        }
        assert!(counts.bytes() < 100_000, "{}", counts.bytes());
    }
}
