//! Merging of the counts of several recorders, in ascending order.

use std::iter::Peekable;
use std::ops::Range;

use super::cell::CellKey;
use super::cells::Cells;
use super::counts::Counts;
use super::dense::DenseSlice;

/// Cells that are added up at a time.
const STRETCH_LEN: i32 = 256;

/// Counts of cells in ascending order; a cell may come several times.
pub(super) type Counted<'a> = Box<dyn Iterator<Item = (CellKey, u64)> + 'a>;

/// Cells with samples, from the counts of several recorders of the same metric.
///
/// The windows are added up stretch by stretch, and what was counted elsewhere of a stretch is added to it; that is far
/// less than the windows hold, so it may cost more a cell.
pub(super) fn merge(parts: &[&Counts]) -> Cells {
    let mut cells = Cells::default();
    let mut elsewhere = merged(parts.iter().flat_map(|part| part.elsewhere()).collect()).peekable();
    for negative in [true, false] {
        let halves: Vec<Half<'_>> = parts.iter().filter_map(|part| Half::of(part, negative)).collect();
        let start = halves.iter().map(|half| half.ranks.start).min().unwrap_or(0);
        let end = halves.iter().map(|half| half.ranks.end).max().unwrap_or(0);
        for stretch in start.div_euclid(STRETCH_LEN)..(end + STRETCH_LEN - 1).div_euclid(STRETCH_LEN) {
            let ranks = stretch * STRETCH_LEN..(stretch + 1) * STRETCH_LEN;
            push_below(ranks.start, &mut elsewhere, &mut cells);
            push_stretch(ranks, &halves, &mut elsewhere, &mut cells);
        }
    }
    push_below(i32::MAX, &mut elsewhere, &mut cells);
    cells.shrink_to_fit();
    cells
}

/// Counts of the cells of one sign in a window.
struct Half<'a> {
    /// Ranks of the cells, ascending.
    ranks: Range<i32>,
    /// Counts, from the smallest magnitude.
    counts: DenseSlice<'a>,
    negative: bool,
}

impl<'a> Half<'a> {
    fn of(part: &'a Counts, negative: bool) -> Option<Self> {
        let counts = part.half(negative);
        let Range { start, end } = part.magnitudes();
        let (start, end) = (start as i32, end as i32);
        let ranks = if negative { -end..-start } else { start..end };
        (counts.len() > 0).then_some(Self { ranks, counts, negative })
    }

    /// Adds the counts of some ranks to sums, if there are any.
    fn add(&self, ranks: &Range<i32>, sums: &mut [u64; STRETCH_LEN as usize]) -> bool {
        let (from, to) = (ranks.start.max(self.ranks.start), ranks.end.min(self.ranks.end));
        if from >= to {
            return false;
        }
        let sums = &mut sums[(from - ranks.start) as usize..(to - ranks.start) as usize];
        let place = |rank: i32| (rank - self.ranks.start) as usize;
        let len = self.counts.len();
        let at = if self.negative { len - place(to)..len - place(from) } else { place(from)..place(to) };
        self.counts.slice(at).add_to(sums, self.negative)
    }
}

/// Pushes what was counted elsewhere below a rank.
fn push_below(rank: i32, elsewhere: &mut Peekable<Counted<'_>>, cells: &mut Cells) {
    while let Some((key, mut count)) = elsewhere.next_if(|next| next.0.rank() < rank) {
        while let Some((_, more)) = elsewhere.next_if(|next| next.0 == key) {
            count += more;
        }
        cells.push(key, count);
    }
}

/// Pushes the cells of some ranks; all that was counted elsewhere lies at or above them.
fn push_stretch(ranks: Range<i32>, halves: &[Half<'_>], elsewhere: &mut Peekable<Counted<'_>>, cells: &mut Cells) {
    let mut sums = [0; STRETCH_LEN as usize];
    let mut any = false;
    for half in halves {
        any |= half.add(&ranks, &mut sums);
    }
    while let Some((key, count)) = elsewhere.next_if(|next| next.0.rank() < ranks.end) {
        sums[(key.rank() - ranks.start) as usize] += count;
        any = true;
    }
    if any {
        for (rank, sum) in ranks.zip(sums).filter(|&(_, sum)| sum > 0) {
            cells.push(CellKey::from_rank(rank), sum);
        }
    }
}

/// Counts of two sources as one, in ascending order.
struct Pair<A: Iterator, B: Iterator>(Peekable<A>, Peekable<B>);

impl<A, B> Pair<A, B>
where
    A: Iterator<Item = (CellKey, u64)>,
    B: Iterator<Item = (CellKey, u64)>,
{
    fn new(left: A, right: B) -> Self {
        Self(left.peekable(), right.peekable())
    }
}

impl<A, B> Iterator for Pair<A, B>
where
    A: Iterator<Item = (CellKey, u64)>,
    B: Iterator<Item = (CellKey, u64)>,
{
    type Item = (CellKey, u64);

    fn next(&mut self) -> Option<Self::Item> {
        match (self.0.peek(), self.1.peek()) {
            (Some(left), Some(right)) if right.0 < left.0 => self.1.next(),
            (None, _) => self.1.next(),
            _ => self.0.next(),
        }
    }
}

/// Counts of any number of sources as one, merged in halves.
fn merged(mut sources: Vec<Counted<'_>>) -> Counted<'_> {
    if sources.len() <= 1 {
        return sources.pop().unwrap_or_else(|| Box::new(std::iter::empty()));
    }
    let right = sources.split_off(sources.len() / 2);
    Box::new(Pair::new(merged(sources), merged(right)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_sources_merges_in_order() {
        for sources in 0..7 {
            let lists = (0..sources).map(|source| (0..20).map(move |i| (CellKey::from_rank(i * (source + 1)), 1u64)));
            let mut all: Vec<CellKey> = lists.clone().flatten().map(|(key, _)| key).collect();
            all.sort_unstable();
            let boxes = lists.map(|list| Box::new(list) as Counted<'_>).collect();
            assert_eq!(merged(boxes).map(|(key, _)| key).collect::<Vec<_>>(), all);
        }
    }
}
