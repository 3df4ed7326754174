//! Counts of the cells of a finished recording, as a stream of small numbers.

use super::cell::CellKey;

/// Cells after which reading can begin anew, so that finding one does not read all.
const STRETCH_LEN: usize = 256;

/// Bits of a number in one byte of the stream.
const BITS: u32 = 7;

/// Cells with at least one sample, in ascending order, and their counts.
///
/// ```text
/// stream:  gap to the cell before, count, gap, count, ...
/// ```
///
/// Each number takes a byte for every seven bits: a cell next to the one before takes two bytes if it has at most 128
/// samples, three up to 16 384.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cells {
    stream: Vec<u8>,
    stretches: Vec<Stretch>,
    len: usize,
    /// Rank of the last cell.
    rank: i32,
    /// Samples in all cells.
    total: u64,
}

/// Cells from which reading can begin.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stretch {
    /// Rank of the cell before.
    rank: i32,
    /// Place in the stream.
    start: u32,
    /// Samples in the cells before.
    before: u64,
}

impl Default for Cells {
    fn default() -> Self {
        Self { stream: Vec::new(), stretches: Vec::new(), len: 0, rank: i32::MIN / 2, total: 0 }
    }
}

impl Cells {
    /// Adds a cell above all others.
    pub(super) fn push(&mut self, key: CellKey, count: u64) {
        let rank = key.rank();
        if self.len.is_multiple_of(STRETCH_LEN) {
            self.stretches.push(Stretch { rank: self.rank, start: self.stream.len() as u32, before: self.total });
        }
        self.write((rank - self.rank) as u64 - 1);
        self.write(count - 1);
        (self.rank, self.total, self.len) = (rank, self.total + count, self.len + 1);
    }

    /// Gives up memory that was set aside for more cells.
    pub(super) fn shrink_to_fit(&mut self) {
        self.stream.shrink_to_fit();
    }

    #[inline]
    fn write(&mut self, mut number: u64) {
        while number >= 1 << BITS {
            self.stream.push(number as u8 | 1 << BITS);
            number >>= BITS;
        }
        self.stream.push(number as u8);
    }

    /// Number of cells.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Number of samples in all cells.
    pub(super) const fn total(&self) -> u64 {
        self.total
    }

    /// Cells and their counts, in ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (CellKey, u64)> + Clone {
        self.read_on(0)
    }

    /// The cell that holds the sample of `rank` (from 1), its count, and the samples in cells before.
    pub(super) fn of_rank(&self, rank: u64) -> Option<(CellKey, u64, u64)> {
        let stretch = self.stretches.partition_point(|stretch| stretch.before < rank).checked_sub(1)?;
        let mut before = self.stretches[stretch].before;
        for (key, count) in self.read_on(stretch) {
            if rank <= before + count {
                return Some((key, count, before));
            }
            before += count;
        }
        None
    }

    /// Reader of the cells from a stretch on.
    fn read_on(&self, number: usize) -> Reader<'_> {
        let stretch = self.stretches.get(number);
        stretch.map_or(Reader { stream: &[], rank: 0 }, |stretch| Reader {
            stream: &self.stream[stretch.start as usize..],
            rank: stretch.rank,
        })
    }
}

/// Reads cells and their counts.
#[derive(Debug, Clone)]
struct Reader<'a> {
    stream: &'a [u8],
    /// Rank of the cell before.
    rank: i32,
}

impl Reader<'_> {
    #[inline]
    fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let (&byte, rest) = self.stream.split_first()?;
            self.stream = rest;
            number |= u64::from(byte & !(1 << BITS)) << shift;
            if byte < 1 << BITS {
                return Some(number);
            }
            shift += BITS;
        }
    }
}

impl Iterator for Reader<'_> {
    type Item = (CellKey, u64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.rank += self.number()? as i32 + 1;
        Some((CellKey::from_rank(self.rank), self.number()? + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells_of(counted: impl Iterator<Item = (CellKey, u64)>) -> Cells {
        let mut cells = Cells::default();
        counted.for_each(|(key, count)| cells.push(key, count));
        cells
    }

    #[test]
    fn what_goes_in_comes_out() {
        let ends = [CellKey::of(-f64::MAX).rank(), CellKey::of(f64::MAX).rank()];
        let ranks =
            [ends[0]].into_iter().chain(-700..-3).chain(5..9).chain([40, 42]).chain(1000..2000).chain([ends[1]]);
        let counts = [1, 128, 129, 70_000, 1 << 33, u64::from(u32::MAX), 1 << 50];
        let counted: Vec<(CellKey, u64)> =
            ranks.enumerate().map(|(at, rank)| (CellKey::from_rank(rank), counts[at % counts.len()])).collect();
        let cells = cells_of(counted.iter().copied());
        assert_eq!(cells.iter().collect::<Vec<_>>(), counted);
        assert_eq!(cells.len(), counted.len());
    }

    #[test]
    fn ranks_find_their_cells() {
        let cells = cells_of((0..1000).map(|rank| (CellKey::from_rank(3 * rank / 2), 3)));
        for (number, (key, count)) in cells.iter().enumerate() {
            let before: u64 = cells.iter().take(number).map(|(_, count)| count).sum();
            assert_eq!(cells.of_rank(before + 1), Some((key, count, before)));
            assert_eq!(cells.of_rank(before + count), Some((key, count, before)));
        }
        assert_eq!(cells.of_rank(3001), None);
        assert_eq!(Cells::default().of_rank(1), None);
    }
}
