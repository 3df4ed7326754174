//! Counts by index, for index spaces that are large but mostly empty: pages of counters, made when first used.
//!
//! Memory follows what is counted, not the size of the index space, and a limit on it is the caller's to set.

/// Counters on one page.
const PAGE_LEN: usize = 512;

/// Counters over a sparse range of indices. Counts stop at the largest `u64` rather than wrap.
#[derive(Debug, Clone, Default)]
pub(crate) struct PagedCounts {
    pages: Vec<Option<Box<[u64; PAGE_LEN]>>>,
}

impl PagedCounts {
    /// Adds `count` at `index`. Returns how many counters were newly set aside for it: 0 or a page.
    #[inline]
    pub(crate) fn add(&mut self, index: usize, count: u64) -> usize {
        let (page, slot) = (index / PAGE_LEN, index % PAGE_LEN);
        if let Some(Some(counters)) = self.pages.get_mut(page) {
            counters[slot] = counters[slot].saturating_add(count);
            return 0;
        }
        self.add_on_new_page(page, slot, count)
    }

    #[cold]
    fn add_on_new_page(&mut self, page: usize, slot: usize, count: u64) -> usize {
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, || None);
        }
        let counters = self.pages[page].get_or_insert_with(|| Box::new([0; PAGE_LEN]));
        counters[slot] = counters[slot].saturating_add(count);
        PAGE_LEN
    }

    /// Indices with a count, in ascending order.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (usize, u64)> {
        self.pages.iter().enumerate().filter_map(|(page, counters)| Some((page, counters.as_ref()?))).flat_map(
            |(page, counters)| {
                let base = page * PAGE_LEN;
                counters.iter().enumerate().filter(|(_, count)| **count > 0).map(move |(slot, n)| (base + slot, *n))
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_come_back_in_ascending_order_of_index() {
        let mut counts = PagedCounts::default();
        assert_eq!(counts.add(100_000, 2), PAGE_LEN);
        assert_eq!(counts.add(3, 1), PAGE_LEN);
        assert_eq!(counts.add(100_000, u64::MAX), 0);
        assert_eq!(counts.iter().collect::<Vec<_>>(), [(3, 1), (100_000, u64::MAX)]);
    }
}
