//! Counts of samples per cell: dense windows where the samples are, a sparse map for the few elsewhere.
//!
//! There is a window for each sign and a tally of zeros. A window is placed by the first block and grows while samples
//! miss it. It holds `u16` counts, so that the counts of a latency distribution fit the first-level cache; a count that
//! wraps is carried. The loop over samples has no branch that depends on them: a sample outside the window counts in a
//! slot behind it, and only a block with such samples is looked at again.

use std::collections::BTreeMap;

use super::cell::CellKey;
use crate::math::vectorised;

/// Cells in one power of two.
const OCTAVE: u32 = 2048;

/// Powers of two up to which a window grows for a single sample; 32 KiB.
const WINDOW_OCTAVES_CHEAP: u32 = 8;

/// Most powers of two that a window spans; 256 KiB.
const WINDOW_OCTAVES_MAX: u32 = 64;

/// A window grows beyond the cheap size when more than one in this many samples of a block miss it.
const STRAY_PARTS: usize = 32;

/// Samples counted at a time; the slot for misses cannot wrap within them.
const CHUNK_LEN: usize = 1024;

/// Slots worked out at a time.
const SLOTS_LEN: usize = 128;

/// Up to one in this many samples outside the positive window, they are looked for one by one.
const FEW_PARTS: usize = 8;

/// Samples looked through together for strays.
const GROUP_LEN: usize = 16;

/// Number of samples in each cell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    positive: Window,
    negative: Window,
    zeros: u64,
    sparse: BTreeMap<u32, u64>,
    strays: Vec<u32>,
}

impl Counts {
    /// Counts finite samples.
    pub(crate) fn record(&mut self, values: &[f64]) {
        for chunk in values.chunks(CHUNK_LEN) {
            let missed = self.positive.record(chunk);
            if missed > 0 {
                self.record_rest(chunk, missed);
            }
        }
    }

    /// Counts `count` samples of one finite value.
    pub(crate) fn record_many(&mut self, value: f64, count: u64) {
        *self.sparse.entry(CellKey::of(value).bits()).or_default() += count;
    }

    /// Counts the `missed` samples of a block that the positive window does not cover.
    fn record_rest(&mut self, values: &[f64], missed: usize) {
        let mut strays = std::mem::take(&mut self.strays);
        strays.clear();
        if missed * FEW_PARTS > values.len() {
            let zeros = values.iter().filter(|&&value| value == 0.0).count();
            self.zeros += zeros as u64;
            let negative = if missed > zeros { values.len() - self.negative.record(values) } else { 0 };
            if missed > zeros + negative {
                let spans = [self.positive.span(), self.negative.span()];
                self.visit_outside(values, spans, |_, key| strays.push(key));
            }
        } else {
            let spans = [self.positive.span(), (0, 0)];
            self.visit_outside(values, spans, |counts, key| {
                if counts.negative.covers(key) {
                    counts.negative.count(key);
                } else {
                    strays.push(key);
                }
            });
            let zero = CellKey::of(0.0).bits();
            let before = strays.len();
            strays.retain(|&key| key != zero);
            self.zeros += (before - strays.len()) as u64;
        }
        if !strays.is_empty() {
            self.record_strays(&strays, values.len());
        }
        self.strays = strays;
    }

    /// Calls `visit` for each sample whose cell lies outside both spans; zeros count as outside only where the second
    /// span is empty.
    fn visit_outside(&mut self, values: &[f64], spans: [(u32, u32); 2], mut visit: impl FnMut(&mut Self, u32)) {
        let mut groups = [false; CHUNK_LEN / GROUP_LEN];
        let zeros_count = spans[1].1 == 0;
        find_outside(&mut groups, values, spans);
        for (group, _) in values.chunks(GROUP_LEN).zip(groups).filter(|&(_, found)| found) {
            for &value in group {
                let key = CellKey::of(value).bits();
                if is_outside(key, spans) && (zeros_count || value != 0.0) {
                    visit(self, key);
                }
            }
        }
    }

    /// Counts samples that neither window covers: grows a window for them, or puts them into the map.
    fn record_strays(&mut self, strays: &[u32], block_len: usize) {
        for negative in [false, true] {
            let window = if negative { &mut self.negative } else { &mut self.positive };
            let side = || strays.iter().copied().filter(|&key| is_negative(key) == negative);
            if side().next().is_some() {
                window.grow(side(), block_len);
            }
            for key in side() {
                if window.covers(key) {
                    window.count(key);
                } else {
                    *self.sparse.entry(key).or_default() += 1;
                }
            }
        }
    }

    /// Every cell with at least one sample and its count, in ascending order of value, from several recorders of the
    /// same metric.
    pub(crate) fn merged<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Vec<(CellKey, u64)> {
        let mut cells: Vec<(u32, u64)> = Vec::new();
        for part in parts {
            cells.extend(part.positive.cells());
            cells.extend(part.negative.cells());
            cells.extend(part.sparse.iter().map(|(&key, &count)| (key, count)));
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
        2 * (self.positive.counts.len() + self.negative.counts.len()) + 48 * self.sparse.len()
    }
}

vectorised! {
    /// Slot of each value in a window of `last` cells from `base`; `last` for values outside.
    fn fill_slots(slots: &mut [u32], values: &[f64], base: u32, last: u32) {
        for (slot, &value) in slots.iter_mut().zip(values) {
            *slot = CellKey::of(value).bits().wrapping_sub(base).min(last);
        }
    }
}

vectorised! {
    /// For each group of values, whether one lies outside both spans of cells.
    fn find_outside(groups: &mut [bool], values: &[f64], spans: [(u32, u32); 2]) {
        for (found, group) in groups.iter_mut().zip(values.chunks(GROUP_LEN)) {
            let outside: u32 = group.iter().map(|&value| u32::from(is_outside(CellKey::of(value).bits(), spans))).sum();
            *found = outside > 0;
        }
    }
}

#[inline(always)]
fn is_outside(key: u32, [(base, len), (other_base, other_len)]: [(u32, u32); 2]) -> bool {
    (key.wrapping_sub(base) >= len) & (key.wrapping_sub(other_base) >= other_len)
}

/// Takes over a count that has wrapped to 0.
#[cold]
fn carry(carried: &mut BTreeMap<u32, u64>, key: u32) {
    *carried.entry(key).or_default() += 1 << 16;
}

fn is_negative(key: u32) -> bool {
    CellKey::from_bits(key).rank() < 0
}

/// A contiguous run of cells of one sign; empty until the first sample of that sign.
#[derive(Debug, Clone, Default)]
struct Window {
    base: u32,
    /// One count a cell, and behind them the slot for samples outside.
    counts: Vec<u16>,
    carried: BTreeMap<u32, u64>,
}

impl Window {
    /// Counts the samples that the window covers, at most [`CHUNK_LEN`], and returns how many it does not.
    fn record(&mut self, values: &[f64]) -> usize {
        let Self { base, counts, carried } = self;
        let Some(last) = counts.len().checked_sub(1) else { return values.len() };
        let mut slots = [0u32; SLOTS_LEN];
        for part in values.chunks(SLOTS_LEN) {
            let slots = &mut slots[..part.len()];
            fill_slots(slots, part, *base, last as u32);
            for &slot in &*slots {
                let count = &mut counts[slot as usize];
                *count = count.wrapping_add(1);
                if *count == 0 {
                    carry(carried, slot + *base);
                }
            }
        }
        usize::from(std::mem::take(&mut counts[last]))
    }

    /// First cell covered and number of cells.
    fn span(&self) -> (u32, u32) {
        (self.base, self.len() as u32)
    }

    /// Whether the window has a count for cell `key`.
    fn covers(&self, key: u32) -> bool {
        (key.wrapping_sub(self.base) as usize) < self.len()
    }

    /// Counts one sample of a cell that the window covers.
    fn count(&mut self, key: u32) {
        let count = &mut self.counts[(key - self.base) as usize];
        *count = count.wrapping_add(1);
        if *count == 0 {
            carry(&mut self.carried, key);
        }
    }

    /// Number of cells covered.
    fn len(&self) -> usize {
        self.counts.len().saturating_sub(1)
    }

    /// Extends the window for strays of a block of `block_len` samples, largest magnitudes first.
    ///
    /// The smallest magnitudes, which take many cells for few samples around zero, are left out once the window is
    /// large, unless there are many of them.
    fn grow(&mut self, keys: impl Iterator<Item = u32> + Clone, block_len: usize) {
        let mut octaves: BTreeMap<u32, usize> = BTreeMap::new();
        for key in keys.clone() {
            *octaves.entry(key / OCTAVE).or_default() += 1;
        }
        let mut left: usize = octaves.values().sum();
        let end = self.base + self.len() as u32;
        let (mut first, mut last) = (self.base / OCTAVE, end.div_ceil(OCTAVE));
        if self.counts.is_empty() {
            (first, last) = (u32::MAX, 0);
        }
        for (&octave, &count) in octaves.iter().rev() {
            let (low, high) = (first.min(octave), last.max(octave + 1));
            let is_cheap = high - low <= WINDOW_OCTAVES_CHEAP;
            if !is_cheap && (high - low > WINDOW_OCTAVES_MAX || left * STRAY_PARTS <= block_len) {
                break;
            }
            left -= count;
            (first, last) = (low, high);
        }
        let (low, high) = self.trimmed(keys, first.saturating_mul(OCTAVE), last * OCTAVE);
        if low >= high || (low, high - low) == self.span() {
            return;
        }
        let mut counts = vec![0; (high - low) as usize + 1];
        if !self.counts.is_empty() {
            let at = (self.base - low) as usize;
            counts[at..at + self.len()].copy_from_slice(&self.counts[..self.len()]);
        }
        (self.base, self.counts) = (low, counts);
    }

    /// Cuts `low..high` to an eighth of an octave around what the keys and the present window need.
    fn trimmed(&self, keys: impl Iterator<Item = u32>, low: u32, high: u32) -> (u32, u32) {
        const STEP: u32 = OCTAVE / 8;
        let inside = keys.filter(|key| (low..high).contains(key));
        let (mut first, mut last) = inside.fold((u32::MAX, 0), |(a, b), key| (a.min(key), b.max(key + 1)));
        if !self.counts.is_empty() {
            first = first.min(self.base);
            last = last.max(self.base + self.len() as u32);
        }
        (first / STEP * STEP, last.div_ceil(STEP) * STEP)
    }

    fn cells(&self) -> impl Iterator<Item = (u32, u64)> {
        let dense = self.counts[..self.len()].iter().zip(self.base..).filter(|&(&count, _)| count > 0);
        dense.map(|(&count, key)| (key, u64::from(count))).chain(self.carried.iter().map(|(&key, &count)| (key, count)))
    }
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
