//! Counts of samples per cell: a dense window where the samples are, tallies for the few elsewhere.
//!
//! The window is placed by the first block and grows for samples outside. It holds counts of one byte or two, so that
//! those of a latency distribution fit the first-level cache; a count that wraps is carried. Only a block that has samples
//! outside is looked at again.

use std::collections::BTreeMap;
use std::ops::Range;

use super::cell::CellKey;
use super::dense::{Dense, DenseSlice};
use super::merge::Counted;
use super::strays::Strays;
use super::tally::Tally;
use super::window::Window;

/// Samples counted at a time.
const CHUNK_LEN: usize = 256;

/// Slots of a chunk, aligned to a cache line wherever the stack happens to be.
#[repr(align(64))]
struct Slots([u32; CHUNK_LEN]);

/// Bytes that a carry takes.
const CARRY_BYTES: usize = 8;

/// Number of samples in each cell.
#[derive(Debug, Clone)]
pub(crate) struct Counts {
    window: Window,
    /// A count a slot of the window.
    dense: Dense,
    /// Carries of the counts by cell.
    carried: Tally,
    /// Number of carries so far, which says when bytes have become too narrow.
    carries: usize,
    /// Samples that were outside the window.
    sparse: Tally,
    /// Samples whose number was given.
    many: BTreeMap<CellKey, u64>,
    zeros: u64,
    strays: Strays,
}

impl Default for Counts {
    fn default() -> Self {
        let window = Window::EMPTY;
        Self {
            dense: Dense::zeros(window.slots()),
            window,
            carried: Tally::default(),
            carries: 0,
            sparse: Tally::default(),
            many: BTreeMap::new(),
            zeros: 0,
            strays: Strays::default(),
        }
    }
}

impl Counts {
    /// Counts finite samples.
    pub(crate) fn record(&mut self, values: &[f64]) {
        let mut slots = Slots([0; CHUNK_LEN]);
        for chunk in values.chunks(CHUNK_LEN) {
            self.record_chunk(chunk, &mut slots.0[..chunk.len()]);
        }
        self.widen_if_due();
    }

    /// Counts `count` samples of one finite value.
    pub(crate) fn record_many(&mut self, value: f64, count: u64) {
        *self.many.entry(CellKey::of(value)).or_default() += count;
    }

    fn record_chunk(&mut self, values: &[f64], slots: &mut [u32]) {
        let Self { window, dense, carried, carries, .. } = self;
        let stray_slots = window.stray_slots();
        let (carry, mut strays) = (dense.carry() as usize, 0);
        window.fill_slots(slots, values);
        dense.increment(slots, |slot| {
            let slot = slot as usize;
            if stray_slots.contains(&slot) {
                strays += carry;
            } else {
                carried.add(window.key(slot));
                *carries += 1;
            }
        });
        strays += stray_slots.map(|slot| dense.take(slot)).iter().sum::<usize>();
        if strays > 0 {
            let zeros = values.iter().filter(|&&value| value == 0.0).count();
            self.zeros += zeros as u64;
            if strays > zeros {
                self.record_strays(values, slots);
            }
        }
    }

    /// Counts the samples that the window does not cover, zeros apart: grows the window for them, or tallies them.
    fn record_strays(&mut self, values: &[f64], slots: &[u32]) {
        let mut strays = std::mem::take(&mut self.strays);
        strays.find(values, slots, self.window.stray_slots());
        if strays.are_many(values.len()) {
            self.move_to(self.window.grown(&strays, values.len()));
        }
        for &key in &strays.found {
            match self.window.slot(key) {
                Some(slot) => self.dense.increment(&[slot as u32], |_| self.carried.add(key)),
                None => self.sparse.add(key),
            }
        }
        self.strays = strays;
    }

    /// Makes room for a window that covers the present one.
    fn move_to(&mut self, window: Window) {
        if window == self.window {
            return;
        }
        let halves = [false, true].map(|negative| (self.window.half(negative), window.half(negative)));
        let moves = halves.map(|(from, to)| match from.is_empty() {
            true => (0..0, 0),
            false => (from, to.start + (self.window.magnitudes().start - window.magnitudes().start) as usize),
        });
        (self.dense, self.window) = (self.dense.moved(window.slots(), moves), window);
    }

    /// Makes counts of a byte two bytes wide when that takes no more memory than the carries that it spares.
    fn widen_if_due(&mut self) {
        let Dense::Bytes(bytes) = &self.dense else { return };
        if self.carries * CARRY_BYTES <= bytes.len() {
            return;
        }
        let (window, carried) = (self.window, std::mem::take(&mut self.carried));
        let slots = carried.iter().filter_map(|(key, carries)| Some((window.slot(key)?, carries)));
        self.dense = Dense::widened(bytes, slots, |slot| self.carried.add(window.key(slot)));
    }

    /// Counts that are not in the window, source by source in ascending order; a cell may come several times.
    pub(super) fn elsewhere(&self) -> [Counted<'_>; 4] {
        let zeros = (self.zeros > 0).then(|| (CellKey::of(0.0), self.zeros));
        [
            Box::new(self.carried.iter().map(|(key, carries)| (key, carries * self.dense.carry()))),
            Box::new(self.sparse.iter()),
            Box::new(self.many.iter().map(|(&key, &count)| (key, count))),
            Box::new(zeros.into_iter()),
        ]
    }

    /// Magnitudes that the window covers.
    pub(super) const fn magnitudes(&self) -> Range<u32> {
        self.window.magnitudes()
    }

    /// Counts of the window's cells of one sign, from the smallest magnitude.
    pub(super) fn half(&self, negative: bool) -> DenseSlice<'_> {
        self.dense.slice(self.window.half(negative))
    }

    /// Bytes of the window's counts.
    pub(super) const fn dense_bytes(&self) -> usize {
        self.dense.bytes()
    }

    /// Bytes held.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        self.dense_bytes() + 8 * self.sparse.iter().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::merge::merge;

    fn cells(parts: &[&Counts]) -> Vec<(CellKey, u64)> {
        merge(parts).iter().collect()
    }

    #[test]
    fn every_sample_is_counted_once_whatever_its_size() {
        let mut counts = Counts::default();
        let values: Vec<f64> = (0..1024).map(|i| f64::from(i - 512) * 10f64.powi(i % 40 - 20)).collect();
        for _ in 0..5 {
            counts.record(&values);
        }
        let cells = cells(&[&counts]);
        assert_eq!(cells.iter().map(|&(_, count)| count).sum::<u64>(), 5 * 1024);
        assert!(cells.is_sorted_by(|left, right| left.0 < right.0));
    }

    #[test]
    fn counts_carry_beyond_eight_bits_and_beyond_sixteen() {
        let mut counts = Counts::default();
        let values = [7.0; 1024];
        // Counts of bytes are widened once; by the last block the carries of words take more memory than the words, too.
        for blocks in 1..=20_000 {
            counts.record(&values);
            if [200, 1100, 3000, 20_000].contains(&blocks) {
                assert_eq!(cells(&[&counts]), vec![(CellKey::of(7.0), blocks * 1024)]);
            }
        }
        assert_eq!(counts.dense.carry(), 1 << 16);
    }

    #[test]
    fn merging_parts_adds_their_cells() {
        let (mut left, mut right) = (Counts::default(), Counts::default());
        left.record(&[1.0, 2.0, -3.0]);
        right.record(&[2.0, 2.0, 0.0]);
        right.record_many(5.0, 10);
        let cells: Vec<(f64, u64)> =
            cells(&[&left, &right]).iter().map(|&(key, count)| (key.ends(true).0, count)).collect();
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
