//! A finished recording of one metric: its distribution as cells, its moments, and what fell outside.

use std::sync::Arc;

use super::cell::CellKey;
use super::cells::Cells;
use super::counts::Counts;
use super::merge::merge;
use super::moments::Moments;
use super::order_statistics::quantile_interval_ranks;
use super::recorder::Recorder;
use super::summary::QuantileEstimate;

/// One cell of a recorded distribution: how many samples fell into `low..=high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Smallest value of the cell, in the metric's unit.
    pub low: f64,
    /// Largest value of the cell; equal to `low` for a cell that holds one value exactly.
    pub high: f64,
    /// Samples in the cell.
    pub count: u64,
}

/// The recorded distribution of one metric.
///
/// Each cell spans at most 0.05 % of its value; cells of whole-numbered metrics up to 4096 hold one value exactly.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    bins: Bins,
    moments: Moments,
    negative_infinite: u64,
    positive_infinite: u64,
    not_a_number: u64,
    filtered: u64,
}

/// The cells of a recording; shared, since it is handed on to several versions of a model and to reports.
#[derive(Debug, Clone, PartialEq)]
enum Bins {
    /// As recorded; with `integers`, all samples are whole numbers.
    Counted { cells: Arc<Cells>, integers: bool },
    /// With ends of their own.
    Listed(Arc<[Bin]>),
}

impl Recording {
    /// The recording of what several threads recorded of one metric, with its moments merged in block order.
    #[must_use]
    pub fn from_recorders<'a>(recorders: impl IntoIterator<Item = &'a Recorder> + Clone, moments: Moments) -> Self {
        let integers = recorders.clone().into_iter().all(|recorder| recorder.integers);
        let counts: Vec<&Counts> = recorders.clone().into_iter().map(|recorder| &recorder.counts).collect();
        let cells = Arc::new(merge(&counts));
        debug_assert_eq!(cells.total(), moments.count, "every finite sample has a cell");
        let sum = |tally: fn(&Recorder) -> u64| recorders.clone().into_iter().map(tally).sum();
        Self {
            bins: Bins::Counted { cells, integers },
            moments,
            negative_infinite: sum(|recorder| recorder.negative_infinite),
            positive_infinite: sum(|recorder| recorder.positive_infinite),
            not_a_number: sum(|recorder| recorder.not_a_number),
            filtered: sum(|recorder| recorder.filtered),
        }
    }

    /// Recording with these cells, for results that were saved: ascending, not overlapping, each with samples. Moments
    /// are those of the cells' midpoints.
    #[must_use]
    pub fn from_bins(bins: Vec<Bin>, negative_infinite: u64, positive_infinite: u64) -> Self {
        let mut moments = bins.iter().fold(Moments::EMPTY, |moments, bin| {
            moments.merge(Moments::of_constant(bin.low + (bin.high - bin.low) / 2.0, bin.count))
        });
        if let (Some(first), Some(last)) = (bins.first(), bins.last()) {
            (moments.min, moments.max) = (first.low, last.high);
        }
        let bins = Bins::Listed(bins.into());
        Self { bins, moments, negative_infinite, positive_infinite, not_a_number: 0, filtered: 0 }
    }

    /// The recording of samples that are all values of a list: a cell that holds one of them holds it exactly.
    #[must_use]
    pub fn of_list(mut self, list: &[f64]) -> Self {
        let mut values = list.to_vec();
        values.sort_unstable_by(f64::total_cmp);
        values.dedup();
        let exact = |mut bin: Bin| {
            let first = values.partition_point(|&value| value < bin.low);
            if let [value, rest @ ..] = &values[first..]
                && *value <= bin.high
                && rest.first().is_none_or(|next| *next > bin.high)
            {
                (bin.low, bin.high) = (*value, *value);
            }
            bin
        };
        self.bins = Bins::Listed(self.bins().map(exact).collect());
        self
    }

    /// Cells with at least one sample, in ascending order.
    pub fn bins(&self) -> impl Iterator<Item = Bin> + Clone {
        let (counted, listed): (_, &[Bin]) = match &self.bins {
            Bins::Counted { cells, integers } => (Some((cells, *integers)), &[]),
            Bins::Listed(bins) => (None, bins),
        };
        let counted = counted
            .into_iter()
            .flat_map(move |(cells, integers)| cells.iter().map(move |(key, count)| self.bin(key, integers, count)));
        counted.chain(listed.iter().copied())
    }

    /// Number of cells with at least one sample.
    #[must_use]
    pub fn bin_count(&self) -> usize {
        match &self.bins {
            Bins::Counted { cells, .. } => cells.len(),
            Bins::Listed(bins) => bins.len(),
        }
    }

    /// A recorded cell. The extremes are known exactly, so the outermost cells end there.
    fn bin(&self, key: CellKey, integers: bool, count: u64) -> Bin {
        let (low, high) = key.ends(integers);
        Bin { low: low.max(self.moments.min), high: high.min(self.moments.max), count }
    }

    /// Moments of the finite samples.
    #[must_use]
    pub const fn moments(&self) -> &Moments {
        &self.moments
    }

    /// Samples at minus infinity.
    #[must_use]
    pub const fn negative_infinite(&self) -> u64 {
        self.negative_infinite
    }

    /// Samples at plus infinity.
    #[must_use]
    pub const fn positive_infinite(&self) -> u64 {
        self.positive_infinite
    }

    /// Samples that were not a number.
    #[must_use]
    pub const fn not_a_number(&self) -> u64 {
        self.not_a_number
    }

    /// Samples that were filtered.
    #[must_use]
    pub const fn filtered(&self) -> u64 {
        self.filtered
    }

    /// Samples that have a place in the quantiles: finite and infinite ones.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.negative_infinite + self.positive_infinite + self.moments.count
    }

    /// Estimate of the `q`-quantile and its 95 % interval from order statistics.
    ///
    /// # Parameters
    /// - `q`: in `[0, 1]`.
    ///
    /// # Numerics
    /// The estimate is the sample of rank `ceil(q N)`, placed within its cell by its rank, so it is within 0.05 % of
    /// that sample; the interval reaches out to the ends of the cells that hold its ranks, so that it covers.
    #[must_use]
    pub fn quantile(&self, q: f64) -> QuantileEstimate {
        let count = self.count();
        if count == 0 || !(0.0..=1.0).contains(&q) {
            return QuantileEstimate { q, value: None, low: None, high: None };
        }
        if self.moments.count == count && self.moments.min == self.moments.max {
            let value = Some(self.moments.min);
            return QuantileEstimate { q, value, low: value, high: value };
        }
        let rank = ((q * count as f64).ceil() as u64).clamp(1, count);
        let (low, high) = quantile_interval_ranks(count, q);
        QuantileEstimate {
            q,
            value: Some(self.sample(rank).1),
            low: low.map(|rank| self.sample(rank).0),
            high: high.map(|rank| self.sample(rank).2),
        }
    }

    /// The sample of `rank` (from 1) in ascending order: the lower end of its cell, its place by rank, the upper end.
    fn sample(&self, rank: u64) -> (f64, f64, f64) {
        if rank <= self.negative_infinite {
            return (f64::NEG_INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
        }
        self.bin_of_rank(rank - self.negative_infinite).map_or((f64::INFINITY, f64::INFINITY, f64::INFINITY), |found| {
            let (bin, place) = found;
            (bin.low, bin.low + (bin.high - bin.low) * (place - 0.5) / bin.count as f64, bin.high)
        })
    }

    /// The cell that holds the finite sample of `rank` (from 1), and the sample's rank within the cell.
    fn bin_of_rank(&self, rank: u64) -> Option<(Bin, f64)> {
        match &self.bins {
            Bins::Counted { cells, integers } => cells
                .of_rank(rank)
                .map(|(key, count, before)| (self.bin(key, *integers, count), (rank - before) as f64)),
            Bins::Listed(bins) => {
                let mut before = 0;
                let holds = |bin: &&Bin| {
                    before += bin.count;
                    rank <= before
                };
                let bin = *bins.iter().find(holds)?;
                Some((bin, (rank + bin.count - before) as f64))
            }
        }
    }

    /// Share of the samples that are at most `threshold`; `None` without samples. The cell that holds the threshold
    /// counts in proportion.
    #[must_use]
    pub fn share_at_most(&self, threshold: f64) -> Option<f64> {
        let count = self.count();
        if count == 0 || threshold.is_nan() {
            return None;
        }
        let mut below = self.negative_infinite as f64;
        for bin in self.bins() {
            if bin.high <= threshold {
                below += bin.count as f64;
            } else if bin.low <= threshold {
                below += bin.count as f64 * ((threshold - bin.low) / (bin.high - bin.low)).clamp(0.0, 1.0);
            }
        }
        if threshold == f64::INFINITY {
            below += self.positive_infinite as f64;
        }
        Some(below / count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(values: &[f64]) -> Recording {
        let mut recorder = Recorder::new();
        let moments = recorder.record(values);
        Recording::from_recorders([&recorder], moments)
    }

    #[test]
    fn quantiles_of_small_integers_are_the_samples_themselves() {
        let values: Vec<f64> = (1..=1000).map(f64::from).collect();
        let recording = recorded(&values);
        for (q, expected) in [(0.0, 1.0), (0.001, 1.0), (0.5, 500.0), (0.9, 900.0), (0.99, 990.0), (1.0, 1000.0)] {
            assert_eq!(recording.quantile(q).value, Some(expected), "{q}");
        }
        let median = recording.quantile(0.5);
        assert_eq!((median.low, median.high), (Some(469.0), Some(532.0)));
    }

    #[test]
    fn quantiles_of_other_values_are_within_0_05_percent() {
        let values: Vec<f64> = (1..=4000).map(|i| f64::from(i).powf(1.7) * 0.37).collect();
        let recording = recorded(&values);
        for q in [0.01, 0.25, 0.5, 0.9, 0.999f64] {
            let exact = values[(q * 4000.0).ceil() as usize - 1];
            let value = recording.quantile(q).value.expect("samples");
            assert!((value / exact - 1.0).abs() < 0.0005, "{q}: {value} {exact}");
        }
    }

    #[test]
    fn infinite_samples_keep_their_place() {
        let mut values = vec![f64::INFINITY; 10];
        values.extend((0..80).map(f64::from));
        values.extend([f64::NEG_INFINITY; 10]);
        values.push(f64::NAN);
        let recording = recorded(&values);
        assert_eq!(recording.count(), 100);
        assert_eq!(recording.quantile(0.05).value, Some(f64::NEG_INFINITY));
        assert_eq!(recording.quantile(0.5).value, Some(39.0));
        assert_eq!(recording.quantile(0.99).value, Some(f64::INFINITY));
        assert_eq!(recording.share_at_most(1e9), Some(0.9));
    }

    #[test]
    fn a_constant_is_exact() {
        let recording = recorded(&[0.1; 50]);
        let estimate = recording.quantile(0.99);
        assert_eq!((estimate.value, estimate.low, estimate.high), (Some(0.1), Some(0.1), Some(0.1)));
        assert_eq!(recording.share_at_most(0.1), Some(1.0));
        assert_eq!(recording.share_at_most(0.0999), Some(0.0));
    }

    #[test]
    fn quantiles_of_a_list_are_its_values() {
        let list = [8.1, 1.2, 3.4, 0.9, 2.2];
        let recording = recorded(&list.repeat(100)).of_list(&list);
        let median = recording.quantile(0.5);
        assert_eq!((median.value, median.low, median.high), (Some(2.2), Some(2.2), Some(2.2)));
        assert_eq!(recording.quantile(0.99).value, Some(8.1));
    }

    #[test]
    fn no_samples_no_figures() {
        let recording = recorded(&[]);
        assert_eq!(recording.quantile(0.5).value, None);
        assert_eq!(recording.share_at_most(1.0), None);
    }
}
