//! Numbers of occurrences of cells that occur rarely, in ascending order and eight bytes each.

use super::cell::CellKey;

/// Occurrences gathered before they are put in order.
const PENDING_MIN: usize = 512;

/// With many cells, one in this many may wait, so that putting in order costs little an occurrence.
const PENDING_PART: usize = 8;

/// Counts occurrences of cells.
///
/// # Cost
/// Eight bytes a cell. Amortised, an occurrence moves a few entries of the tally, however long that is.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    /// In ascending order of value. A cell comes again where its count would not fit.
    cells: Vec<(CellKey, u32)>,
    pending: Vec<CellKey>,
}

impl Tally {
    /// Counts one occurrence.
    pub(super) fn add(&mut self, key: CellKey) {
        self.pending.push(key);
        if self.pending.len() >= PENDING_MIN.max(self.cells.len() / PENDING_PART) {
            self.settle();
        }
    }

    /// Every cell and its number of occurrences, in ascending order of value; a cell may come several times.
    pub(super) fn iter(&self) -> impl Iterator<Item = (CellKey, u64)> {
        let mut pending = self.pending.clone();
        pending.sort_unstable();
        let mut pending = pending.into_iter().peekable();
        let mut settled = self.cells.iter().peekable();
        std::iter::from_fn(move || match (settled.peek(), pending.peek()) {
            (Some((cell, _)), Some(key)) if key < cell => pending.next().map(|key| (key, 1)),
            (None, Some(_)) => pending.next().map(|key| (key, 1)),
            _ => settled.next().map(|&(key, count)| (key, u64::from(count))),
        })
    }

    /// Puts what is pending where it belongs.
    fn settle(&mut self) {
        self.pending.sort_unstable();
        self.pending.retain(|&key| {
            let after = self.cells.partition_point(|cell| cell.0 <= key);
            let last = self.cells[..after].last_mut();
            let known = last.filter(|cell| cell.0 == key && cell.1 < u32::MAX);
            known.map(|cell| cell.1 += 1).is_none()
        });
        self.insert_pending();
    }

    /// Inserts the pending cells, which are new, from the last to the first, so that each entry moves once.
    fn insert_pending(&mut self) {
        let mut new: Vec<(CellKey, u32)> = Vec::with_capacity(self.pending.len());
        for &key in &self.pending {
            match new.last_mut() {
                Some(last) if last.0 == key => last.1 += 1,
                _ => new.push((key, 1)),
            }
        }
        self.pending.clear();
        let mut from = self.cells.len();
        self.cells.reserve_exact(new.len());
        self.cells.resize(from + new.len(), (CellKey::from_bits(0), 0));
        let mut to = self.cells.len();
        while let Some(&last) = new.last() {
            to -= 1;
            if from > 0 && self.cells[from - 1].0 > last.0 {
                from -= 1;
                self.cells[to] = self.cells[from];
            } else {
                self.cells[to] = last;
                new.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_tally_counts_as_a_map_does() {
        let (mut tally, mut map) = (Tally::default(), BTreeMap::new());
        for i in 0..20_000u32 {
            let key = CellKey::from_bits(i.wrapping_mul(i).wrapping_mul(2_654_435_761) >> 9 & 0x40_0fff);
            tally.add(key);
            *map.entry(key).or_insert(0u64) += 1;
        }
        let mut counted: Vec<(CellKey, u64)> = Vec::new();
        for (key, count) in tally.iter() {
            match counted.last_mut() {
                Some(last) if last.0 == key => last.1 += count,
                _ => counted.push((key, count)),
            }
        }
        assert_eq!(counted, map.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_full_count_goes_on_beside_itself() {
        let key = CellKey::of(2.0);
        let mut tally = Tally { cells: vec![(key, u32::MAX)], pending: Vec::new() };
        (0..PENDING_MIN).for_each(|_| tally.add(key));
        assert_eq!(tally.iter().map(|(_, count)| count).sum::<u64>(), u64::from(u32::MAX) + PENDING_MIN as u64);
        assert!(tally.iter().all(|(cell, _)| cell == key));
    }
}
