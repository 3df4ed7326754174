//! Counts of the slots of a window: bytes at first, two bytes each when they have wrapped often.

use std::ops::Range;

/// Increments compiled together.
const UNROLLED: usize = 8;

/// A count a slot.
///
/// A model of thousands of metrics takes half the memory in bytes, and counting finds twice as much in the caches; but a
/// byte wraps once in 256 samples, which in the long run costs more.
#[derive(Debug, Clone)]
pub(super) enum Dense {
    /// Up to 255.
    Bytes(Vec<u8>),
    /// Up to 65,535.
    Words(Vec<u16>),
}

/// Some of the counts.
#[derive(Debug, Clone, Copy)]
pub(super) enum DenseSlice<'a> {
    Bytes(&'a [u8]),
    Words(&'a [u16]),
}

impl Dense {
    /// Counts of 0.
    pub(super) fn zeros(slots: usize) -> Self {
        Self::Bytes(vec![0; slots])
    }

    /// Samples that a count stands for that has wrapped to 0.
    pub(super) const fn carry(&self) -> u64 {
        match self {
            Self::Bytes(_) => 1 << u8::BITS,
            Self::Words(_) => 1 << u16::BITS,
        }
    }

    /// Bytes held.
    pub(super) const fn bytes(&self) -> usize {
        match self {
            Self::Bytes(counts) => counts.len(),
            Self::Words(counts) => size_of::<u16>() * counts.len(),
        }
    }

    /// Counts a sample in each slot; `carry` gets each slot whose count has wrapped to 0.
    #[inline(always)]
    pub(super) fn increment(&mut self, slots: &[u32], carry: impl FnMut(u32)) {
        match self {
            Self::Bytes(counts) => increment(counts, slots, carry),
            Self::Words(counts) => increment(counts, slots, carry),
        }
    }

    /// The count of a slot, which is 0 then.
    pub(super) fn take(&mut self, slot: usize) -> usize {
        match self {
            Self::Bytes(counts) => std::mem::take(&mut counts[slot]).into(),
            Self::Words(counts) => std::mem::take(&mut counts[slot]).into(),
        }
    }

    /// Counts of `slots` slots, to where these go: ranges with their new beginnings.
    pub(super) fn moved(&self, slots: usize, moves: [(Range<usize>, usize); 2]) -> Self {
        match self {
            Self::Bytes(counts) => Self::Bytes(moved(counts, slots, moves)),
            Self::Words(counts) => Self::Words(moved(counts, slots, moves)),
        }
    }

    /// Words for bytes, each with the carries of its slot; the rest of the carries, in those of words, is handed to
    /// `carry`.
    pub(super) fn widened(
        bytes: &[u8],
        carried: impl Iterator<Item = (usize, u64)>,
        mut carry: impl FnMut(usize),
    ) -> Self {
        let mut words: Vec<u16> = bytes.iter().map(|&count| count.into()).collect();
        for (slot, carries) in carried {
            let count = u64::from(words[slot]) + (carries << u8::BITS);
            words[slot] = count as u16;
            (0..count >> u16::BITS).for_each(|_| carry(slot));
        }
        Self::Words(words)
    }

    /// Some of the counts.
    pub(super) fn slice(&self, slots: Range<usize>) -> DenseSlice<'_> {
        match self {
            Self::Bytes(counts) => DenseSlice::Bytes(&counts[slots]),
            Self::Words(counts) => DenseSlice::Words(&counts[slots]),
        }
    }
}

impl<'a> DenseSlice<'a> {
    /// Number of counts.
    pub(super) const fn len(self) -> usize {
        match self {
            Self::Bytes(counts) => counts.len(),
            Self::Words(counts) => counts.len(),
        }
    }

    /// Some of these.
    pub(super) fn slice(self, at: Range<usize>) -> Self {
        match self {
            Self::Bytes(counts) => Self::Bytes(&counts[at]),
            Self::Words(counts) => Self::Words(&counts[at]),
        }
    }

    /// Adds the counts to as many sums, the last one first if `reversed`; whether any is not 0.
    pub(super) fn add_to(self, sums: &mut [u64], reversed: bool) -> bool {
        match self {
            Self::Bytes(counts) => add_to(counts, sums, reversed),
            Self::Words(counts) => add_to(counts, sums, reversed),
        }
    }
}

/// A count that wraps.
trait Count: Copy + Default + Into<u64> {
    /// Adds 1; whether it has wrapped to 0.
    fn increase(&mut self) -> bool;
}

impl Count for u8 {
    #[inline(always)]
    fn increase(&mut self) -> bool {
        *self = self.wrapping_add(1);
        *self == 0
    }
}

impl Count for u16 {
    #[inline(always)]
    fn increase(&mut self) -> bool {
        *self = self.wrapping_add(1);
        *self == 0
    }
}

#[inline(always)]
fn increment<C: Count>(counts: &mut [C], slots: &[u32], mut carry: impl FnMut(u32)) {
    let mut one = |slot: u32| {
        if counts[slot as usize].increase() {
            rarely(|| carry(slot));
        }
    };
    // Several in one body: the loop itself would cost as much as an increment.
    let (bundles, rest) = slots.as_chunks::<UNROLLED>();
    for bundle in bundles {
        bundle.iter().for_each(|&slot| one(slot));
    }
    rest.iter().for_each(|&slot| one(slot));
}

/// Keeps what is done rarely out of the way of what is done often.
#[cold]
#[inline(never)]
fn rarely(act: impl FnOnce()) {
    act();
}

fn moved<C: Count>(counts: &[C], slots: usize, moves: [(Range<usize>, usize); 2]) -> Vec<C> {
    let mut to = vec![C::default(); slots];
    for (from, at) in moves {
        to[at..at + from.len()].copy_from_slice(&counts[from]);
    }
    to
}

fn add_to<C: Count>(counts: &[C], sums: &mut [u64], reversed: bool) -> bool {
    if counts.iter().all(|&count| count.into() == 0) {
        return false;
    }
    if reversed {
        sums.iter_mut().zip(counts.iter().rev()).for_each(|(sum, &count)| *sum += count.into());
    } else {
        sums.iter_mut().zip(counts).for_each(|(sum, &count)| *sum += count.into());
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widening_keeps_every_sample() {
        let mut bytes = [0; 3];
        let mut carries = [0; 3];
        let slots: Vec<u32> = (0..70_000).map(|at| if at % 7 == 0 { 2 } else { 1 }).collect();
        increment(&mut bytes, &slots, |slot| carries[slot as usize] += 1);
        let mut rest = [0; 3];
        let mut dense = Dense::widened(&bytes, carries.into_iter().enumerate(), |slot| rest[slot] += 1);
        assert_eq!(dense.carry(), 65_536);
        dense.increment(&[1; 6000], |slot| rest[slot as usize] += 1);
        let mut sums = [0; 3];
        assert!(dense.slice(0..3).add_to(&mut sums, false));
        let totals: Vec<u64> = sums.iter().zip(rest).map(|(sum, rest)| sum + 65_536 * rest).collect();
        assert_eq!(totals, [0, 66_000, 10_000]);
    }
}
