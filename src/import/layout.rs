//! The integer layout of an HdrHistogram: which values share a counter.
//!
//! Cells are as wide as the unit at first and twice as wide from each power of two on, so that a value is known to the
//! number of decimal digits asked for.

/// Largest number of significant digits that HdrHistogram knows.
const DIGITS_MAX: u32 = 5;

/// Layout of the counters of an HdrHistogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Layout {
    unit_magnitude: u32,
    half_count_magnitude: u32,
    /// Factor from the integers counted to values; 1 except for a DoubleHistogram.
    pub(crate) ratio: f64,
}

impl Layout {
    /// Layout for values from `lowest` on, with `digits` significant decimal digits.
    ///
    /// `None` if `digits` is above 5, `lowest` is 0, or both together leave no room in 63 bits.
    pub(crate) fn new(lowest: u64, digits: u32) -> Option<Self> {
        if digits > DIGITS_MAX || lowest == 0 {
            return None;
        }
        let resolution = 2 * 10u64.pow(digits);
        let count_magnitude = resolution.next_power_of_two().ilog2().max(1);
        let unit_magnitude = lowest.ilog2();
        (unit_magnitude + count_magnitude <= 62).then_some(Self {
            unit_magnitude,
            half_count_magnitude: count_magnitude - 1,
            ratio: 1.0,
        })
    }

    /// Smallest and largest integer that counter `index` counts; `None` beyond 63 bits.
    pub(crate) fn ends(self, index: usize) -> Option<(u64, u64)> {
        let half = 1usize << self.half_count_magnitude;
        let (bucket, sub_bucket) = match index >> self.half_count_magnitude {
            0 => (0, index),
            row @ 1..=64 => (row as u32 - 1, (index & (half - 1)) + half),
            _ => return None,
        };
        let shift = bucket + self.unit_magnitude;
        (shift + self.half_count_magnitude < 63).then(|| {
            let low = (sub_bucket as u64) << shift;
            (low, low + ((1u64 << shift) - 1))
        })
    }

    /// Number of counters; the bound for every index.
    pub(crate) fn len(self) -> usize {
        let rows = 64 - self.half_count_magnitude - self.unit_magnitude;
        (rows as usize) << self.half_count_magnitude
    }

    /// Counter of `value`.
    pub(crate) fn index(self, value: u64) -> usize {
        let mask = ((2u64 << self.half_count_magnitude) - 1) << self.unit_magnitude;
        let bucket = (value | mask).ilog2() - self.unit_magnitude - self.half_count_magnitude;
        let sub_bucket = (value >> (bucket + self.unit_magnitude)) as usize;
        ((bucket as usize) << self.half_count_magnitude) + sub_bucket
    }

    /// Smallest and largest value of the cell around `value`, in values rather than integers.
    pub(crate) fn cell_around(self, value: f64) -> (f64, f64) {
        let integer = (value / self.ratio) as u64;
        self.ends(self.index(integer)).map_or((value, value), |(low, high)| self.values(low, high))
    }

    /// The ends `low` and `high` of a cell as values. Only integers lie in a cell of ratio 1.
    pub(crate) fn values(self, low: u64, high: u64) -> (f64, f64) {
        if self.ratio == 1.0 {
            (low as f64, high as f64)
        } else {
            (low as f64 * self.ratio, ((high + 1) as f64 * self.ratio).next_down())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_agrees_with_the_reference_implementation() {
        for digits in [0, 1, 2, 3, 5] {
            for lowest in [1, 1000] {
                let layout = Layout::new(lowest, digits).unwrap();
                let Ok(reference) = hdrhistogram::Histogram::<u64>::new_with_bounds(lowest, 1 << 40, digits as u8)
                else {
                    continue;
                };
                for value in [0u64, 1, 511, 512, 1023, 2047, 2048, 16383, 16384, 983_040, 1_015_807, 1 << 39] {
                    let (low, high) = layout.ends(layout.index(value)).unwrap();
                    assert_eq!(low, reference.lowest_equivalent(value), "{value} at {digits} digits from {lowest}");
                    assert_eq!(high, reference.highest_equivalent(value), "{value} at {digits} digits from {lowest}");
                }
            }
        }
    }

    #[test]
    fn indices_and_ends_are_inverse() {
        let layout = Layout::new(1, 3).unwrap();
        for index in (0..50_000).step_by(7) {
            let (low, high) = layout.ends(index).unwrap();
            assert_eq!((layout.index(low), layout.index(high)), (index, index));
        }
        assert_eq!(layout.ends(usize::MAX >> 8), None);
        for (lowest, digits) in [(1, 3), (1000, 1), (1, 5), (7, 0)] {
            let layout = Layout::new(lowest, digits).unwrap();
            assert!(layout.ends(layout.len() - 1).is_some() && layout.ends(layout.len()).is_none());
        }
        assert_eq!(Layout::new(1, 6), None);
        assert_eq!(Layout::new(u64::MAX, 3), None);
    }
}
