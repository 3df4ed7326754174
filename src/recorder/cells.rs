//! Counts of the cells of a finished recording, compact: cells next to each other take four bytes each.

use super::cell::CellKey;

/// Most cells of a run, so that finding one within it is quick.
const RUN_LEN: usize = 256;

/// Cells with at least one sample, in ascending order, and their counts.
///
/// # Cost
/// Four bytes a cell and 24 bytes a run, of neighbours up to 256.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cells {
    runs: Vec<Run>,
    /// Count of each cell, in order; the largest number stands for one in `large`.
    counts: Vec<u32>,
    /// Counts that do not fit, by number of the cell, ascending.
    large: Vec<(u32, u64)>,
}

/// Cells next to each other.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Run {
    /// Rank of the first cell.
    rank: i32,
    /// Number of the first cell among all of the recording.
    start: u32,
    /// Samples in the runs before.
    before: u64,
}

impl Cells {
    /// Cells from counts in ascending order; those of one cell, one after another, add up.
    pub(super) fn of(counted: impl Iterator<Item = (CellKey, u64)>) -> Self {
        let mut cells = Self::default();
        let mut counted = counted.peekable();
        let mut total = 0;
        while let Some((key, mut count)) = counted.next() {
            while let Some((_, more)) = counted.next_if(|next| next.0 == key) {
                count += more;
            }
            cells.push(key, count, total);
            total += count;
        }
        cells.counts.shrink_to_fit();
        cells
    }

    fn push(&mut self, key: CellKey, count: u64, before: u64) {
        let (rank, number) = (key.rank(), self.counts.len());
        let follows = self.runs.last().is_some_and(|run| {
            let len = number - run.start as usize;
            len < RUN_LEN && i64::from(rank) == i64::from(run.rank) + len as i64
        });
        if !follows {
            self.runs.push(Run { rank, start: number as u32, before });
        }
        self.counts.push(u32::try_from(count).unwrap_or(u32::MAX));
        if count >= u64::from(u32::MAX) {
            self.large.push((number as u32, count));
        }
    }

    /// Number of cells.
    pub(super) const fn len(&self) -> usize {
        self.counts.len()
    }

    /// Cells and their counts, in ascending order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (CellKey, u64)> + Clone {
        (0..self.runs.len()).flat_map(|run| self.run(run))
    }

    /// The cell that holds the sample of `rank` (from 1), its count, and the samples in cells before.
    pub(super) fn of_rank(&self, rank: u64) -> Option<(CellKey, u64, u64)> {
        let run = self.runs.partition_point(|run| run.before < rank).checked_sub(1)?;
        let mut before = self.runs[run].before;
        for (key, count) in self.run(run) {
            if rank <= before + count {
                return Some((key, count, before));
            }
            before += count;
        }
        None
    }

    fn run(&self, number: usize) -> impl DoubleEndedIterator<Item = (CellKey, u64)> + Clone {
        let run = self.runs[number];
        let end = self.runs.get(number + 1).map_or(self.counts.len(), |next| next.start as usize);
        (0..end - run.start as usize)
            .map(move |at| (CellKey::from_rank(run.rank + at as i32), self.count(run.start as usize + at)))
    }

    fn count(&self, cell: usize) -> u64 {
        match self.counts[cell] {
            u32::MAX => {
                let at = self.large.partition_point(|large| large.0 < cell as u32);
                self.large.get(at).map_or(u64::from(u32::MAX), |large| large.1)
            }
            count => u64::from(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_in_both_directions() {
        let ranks = (-700..-3).chain(5..9).chain([40, 42]).chain(1000..2000);
        let counted: Vec<(CellKey, u64)> = ranks
            .enumerate()
            .map(|(at, rank)| (CellKey::from_rank(rank), [1, 70_000, 1 << 33, u64::from(u32::MAX)][at % 4]))
            .collect();
        let cells = Cells::of(counted.iter().copied());
        assert_eq!(cells.iter().collect::<Vec<_>>(), counted);
        assert_eq!(cells.len(), counted.len());
        assert!(cells.iter().rev().eq(counted.iter().rev().copied()));
    }

    #[test]
    fn counts_of_one_cell_add_up() {
        let key = CellKey::of(3.0);
        let cells = Cells::of([(key, 2), (key, 5), (CellKey::of(4.0), 1)].into_iter());
        assert_eq!(cells.iter().collect::<Vec<_>>(), [(key, 7), (CellKey::of(4.0), 1)]);
    }

    #[test]
    fn ranks_find_their_cells() {
        let cells = Cells::of((0..1000).map(|rank| (CellKey::from_rank(3 * rank / 2), 3)));
        for (number, (key, count)) in cells.iter().enumerate() {
            let before: u64 = cells.iter().take(number).map(|(_, count)| count).sum();
            assert_eq!(cells.of_rank(before + 1), Some((key, count, before)));
            assert_eq!(cells.of_rank(before + count), Some((key, count, before)));
        }
        assert_eq!(cells.of_rank(3001), None);
        assert_eq!(Cells::default().of_rank(1), None);
    }
}
