//! Merging of counts in ascending order.

use std::iter::Peekable;

use super::cell::CellKey;

/// Counts of cells in ascending order; a cell may come several times.
pub(super) type Counted<'a> = Box<dyn Iterator<Item = (CellKey, u64)> + 'a>;

/// Counts of two sources as one, in ascending order.
pub(super) struct Pair<A: Iterator, B: Iterator>(Peekable<A>, Peekable<B>);

impl<A, B> Pair<A, B>
where
    A: Iterator<Item = (CellKey, u64)>,
    B: Iterator<Item = (CellKey, u64)>,
{
    pub(super) fn new(left: A, right: B) -> Self {
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
pub(super) fn merged(mut sources: Vec<Counted<'_>>) -> Counted<'_> {
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
