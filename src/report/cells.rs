//! Fewer cells of a recorded distribution: for files that carry it and for tables that people read.
//!
//! Two layouts. [`merge`] keeps binary log-linear cells, as the recorder and HdrHistogram have them, only coarser; it
//! serves storage. [`decimal_edges`] gives round decimal bounds; it serves eyes. Neither ever joins cells across a gap
//! wider than the new cell, so separate modes stay separate.

use crate::recorder::{Bin, Recording};

/// Bits of a middle that are dropped at least: those of the fraction (52) but 12, which are more than cells differ in.
const SHIFT_MIN: u32 = 40;

/// Merges the cells of `recording` to at most `limit`, each as wide relative to its value as the others.
///
/// Cells are joined that agree in sign, exponent and the first `b` bits of the fraction, with the largest `b` that
/// satisfies the limit: `2^b` cells an octave. A merged cell spans only what its parts span. No sample is lost.
///
/// # Parameters
/// - `limit`: at least 2, or 0 for no cells at all; 1 counts as 2, since the signs stay apart.
///
/// # Examples
/// ```
/// use tailcast::recorder::{Bin, Recording};
/// use tailcast::report::cells::merge;
/// let bins = (0..1000).map(|k| Bin { low: f64::from(k), high: f64::from(k), count: 1 }).collect();
/// let cells = merge(&Recording::from_bins(bins, 0, 0), 100);
/// assert!(cells.len() <= 100);
/// assert_eq!(cells.iter().map(|cell| cell.count).sum::<u64>(), 1000);
/// ```
#[must_use]
pub fn merge(recording: &Recording, limit: usize) -> Vec<Bin> {
    if limit == 0 {
        return Vec::new();
    }
    if recording.bin_count() <= limit {
        return recording.bins().collect();
    }
    let shift = shift_for(recording.bins(), limit.max(2));
    merge_by(recording.bins(), |bin| bin_key(bin, shift))
}

/// The fewest bits to drop so that at most `limit` cells are left.
///
/// Past the fraction that joins octaves, then whole ranges of exponents, until only the signs are apart. The middle of
/// cells that were joined lies between theirs, so what few bits dropped join, more bits dropped join too, and comparing
/// neighbours tells how many cells each number of bits leaves.
fn shift_for(bins: impl Iterator<Item = Bin>, limit: usize) -> u32 {
    // Pairs of neighbours by the bits that must be dropped before they are one.
    let mut pairs = [0; u64::BITS as usize + 1];
    let mut last = None;
    for this in bins.map(|bin| bin_key(&bin, 0)) {
        if let Some((negative, bits)) = last.replace(this) {
            let apart = if negative == this.0 { u64::BITS - (bits ^ this.1).leading_zeros() } else { u64::BITS };
            pairs[apart as usize] += 1;
        }
    }
    let cells = |shift: u32| 1 + pairs[shift as usize + 1..].iter().sum::<usize>();
    (SHIFT_MIN..u64::BITS - 1).find(|&shift| cells(shift) <= limit).unwrap_or(u64::BITS - 1)
}

/// Sign and leading bits of the middle of a cell, with `shift` bits dropped.
fn bin_key(bin: &Bin, shift: u32) -> (bool, u64) {
    // Adding 0 turns -0 into 0.
    let middle = bin.low / 2.0 + bin.high / 2.0 + 0.0;
    (middle < 0.0, middle.abs().to_bits() >> shift)
}

/// Joins neighbours with equal keys.
fn merge_by<K: PartialEq>(bins: impl Iterator<Item = Bin>, key: impl Fn(&Bin) -> K) -> Vec<Bin> {
    let mut cells: Vec<Bin> = Vec::new();
    let mut last = None;
    for bin in bins {
        let this = key(&bin);
        match cells.last_mut() {
            Some(cell) if last.as_ref() == Some(&this) => {
                cell.high = bin.high;
                cell.count += bin.count;
            }
            _ => cells.push(bin),
        }
        last = Some(this);
    }
    cells
}

/// Smallest value with at least the share `q` of the recorded samples at or below it, read from the cells; infinite if
/// it falls among infinite samples, `None` if there are none.
///
/// # Parameters
/// - `q`: in `[0, 1]`.
///
/// # Numerics
/// The upper end of the cell, so at most one cell (0.05 % of the value) too high.
#[must_use]
pub fn quantile(recording: &Recording, q: f64) -> Option<f64> {
    let count = recording.count();
    if count == 0 {
        return None;
    }
    let rank = ((q * count as f64).ceil() as u64).clamp(1, count);
    let mut seen = recording.negative_infinite();
    if rank <= seen {
        return Some(f64::NEG_INFINITY);
    }
    for bin in recording.bins() {
        seen += bin.count;
        if rank <= seen {
            return Some(bin.high);
        }
    }
    Some(f64::INFINITY)
}

/// Counts of the recorded samples in `edges[k] <= x < edges[k + 1]`, the last interval closed, and the samples below
/// and above all of them (infinite ones included).
///
/// A recorded cell that spans an edge is divided in proportion, so counts are not whole; a cell that holds one exact
/// value is never divided.
///
/// # Parameters
/// - `edges`: ascending, at least two.
#[must_use]
pub fn rebin(recording: &Recording, edges: &[f64]) -> Rebinned {
    let mut rebinned = Rebinned {
        counts: vec![0.0; edges.len().saturating_sub(1)],
        below: recording.negative_infinite() as f64,
        above: recording.positive_infinite() as f64,
    };
    let (Some(&first), Some(&last)) = (edges.first(), edges.last()) else {
        return rebinned;
    };
    for bin in recording.bins() {
        let count = bin.count as f64;
        let width = bin.high - bin.low;
        let share = |low: f64, high: f64| if high > low { (high - low) / width * count } else { 0.0 };
        if width <= 0.0 || !width.is_finite() {
            let value = if width == 0.0 { bin.low } else { bin.low / 2.0 + bin.high / 2.0 };
            if value < first {
                rebinned.below += count;
            } else if value > last {
                rebinned.above += count;
            } else if let Some(slot) = rebinned.counts.get_mut(interval_of(edges, value)) {
                *slot += count;
            }
            continue;
        }
        rebinned.below += share(bin.low, bin.high.min(first));
        rebinned.above += share(bin.low.max(last), bin.high);
        let mut at = interval_of(edges, bin.low.max(first));
        while at + 1 < edges.len() && edges[at] < bin.high {
            rebinned.counts[at] += share(bin.low.max(edges[at]), bin.high.min(edges[at + 1]));
            at += 1;
        }
    }
    rebinned
}

/// Index of the interval that holds `value`, which lies between the first and the last edge.
fn interval_of(edges: &[f64], value: f64) -> usize {
    edges.partition_point(|&edge| edge <= value).saturating_sub(1).min(edges.len().saturating_sub(2))
}

/// Counts between edges.
#[derive(Debug, Clone, PartialEq)]
pub struct Rebinned {
    /// Samples in each interval.
    pub counts: Vec<f64>,
    /// Samples below the first edge.
    pub below: f64,
    /// Samples above the last edge.
    pub above: f64,
}

/// Bounds of the cells of one decade that [`decimal_edges`] tries, finest first: preferred numbers (ISO 3), whose ratios
/// are nearly equal.
const DECADES: [&[f64]; 5] = [
    &[1.0, 1.1, 1.25, 1.4, 1.6, 1.8, 2.0, 2.2, 2.5, 2.8, 3.2, 3.6, 4.0, 4.5, 5.0, 5.6, 6.3, 7.1, 8.0, 9.0],
    &[1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0],
    &[1.0, 1.6, 2.5, 4.0, 6.3],
    &[1.0, 2.0, 5.0],
    &[1.0],
];

/// Ascending round bounds from at most `low` to at least `high`, about `limit` intervals or fewer.
///
/// By decade, bounds are preferred numbers (1, 1.25, 1.6, 2, …), nearly equal in ratio; all else gets equal steps of 1, 2
/// or 5 times a power of ten.
///
/// # Parameters
/// - `low <= high`, both finite.
/// - `limit`: at least 2; less counts as 2.
/// - `log`: bounds by decade; needs `low > 0`.
#[must_use]
pub fn decimal_edges(low: f64, high: f64, limit: usize, log: bool) -> Vec<f64> {
    let limit = limit.max(2);
    if log && low > 0.0 {
        let edges = DECADES
            .iter()
            .map(|bounds| decade_edges(low, high, bounds))
            .find(|edges| edges.len() <= limit + 1)
            .unwrap_or_default();
        if edges.len() >= 2 {
            return edges;
        }
    }
    linear_edges(low, high, limit)
}

/// Bounds by decade, cut to what covers `low..=high`.
fn decade_edges(low: f64, high: f64, bounds: &[f64]) -> Vec<f64> {
    let (first, last) = (low.log10().floor() as i32 - 1, high.log10().floor() as i32 + 1);
    // In hundredths, so that dividing by a power of ten rounds once.
    let decade = |exponent: i32| bounds.iter().map(move |&bound| decimal((bound * 100.0).round(), exponent - 2));
    let edges: Vec<f64> = (first..=last).flat_map(decade).filter(|edge| *edge > 0.0 && edge.is_finite()).collect();
    cover(&edges, low, high)
}

/// Equal steps of 1, 2 or 5 times a power of ten that cover `low..=high`.
fn linear_edges(low: f64, high: f64, limit: usize) -> Vec<f64> {
    let range = high - low;
    if !(range > 0.0 && range.is_finite()) {
        return vec![low, high];
    }
    let mut exponent = (range / limit as f64).log10().floor() as i32;
    loop {
        for mantissa in [1.0, 2.0, 5.0] {
            let step = decimal(mantissa, exponent);
            let (first, last) = ((low / step).floor(), (high / step).ceil());
            if last - first <= limit as f64 {
                let last = last.max(first + 1.0);
                let count = (last - first) as usize;
                return (0..=count).map(|at| decimal((first + at as f64) * mantissa, exponent)).collect();
            }
        }
        if exponent > 306 {
            return vec![low, high];
        }
        exponent += 1;
    }
}

/// `mantissa * 10^exponent`, rounded as the decimal number it stands for where powers of ten are exact.
fn decimal(mantissa: f64, exponent: i32) -> f64 {
    // Dividing by an exact power of ten rounds once: 11 / 10 is the number that 1.1 is.
    if (-22..0).contains(&exponent) { mantissa / 10f64.powi(-exponent) } else { mantissa * 10f64.powi(exponent) }
}

/// The ascending `edges` from the last one at or below `low` to the first one above `high`.
fn cover(edges: &[f64], low: f64, high: f64) -> Vec<f64> {
    let from = edges.partition_point(|&edge| edge <= low).saturating_sub(1);
    let to = edges.partition_point(|&edge| edge <= high).min(edges.len().saturating_sub(1));
    edges.get(from..=to).map(<[f64]>::to_vec).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log_cells(count: u32, ratio: f64) -> Recording {
        let edge = |k: u32| ratio.powi(k as i32);
        Recording::from_bins((0..count).map(|k| Bin { low: edge(k), high: edge(k + 1), count: 3 }).collect(), 0, 0)
    }

    #[test]
    fn merging_keeps_samples_order_and_limit() {
        let recording = log_cells(20_000, 1.0005);
        for limit in [2, 10, 100, 500, 19_999] {
            let cells = merge(&recording, limit);
            assert!(cells.len() <= limit && cells.len() > limit / 8, "{} of {limit}", cells.len());
            assert_eq!(cells.iter().map(|cell| cell.count).sum::<u64>(), 60_000);
            assert!(cells.windows(2).all(|pair| pair[0].high <= pair[1].low));
        }
        assert!(merge(&recording, 20_000).into_iter().eq(recording.bins()));
        assert_eq!(merge(&recording, 0), []);
    }

    #[test]
    fn merging_ends_for_any_values() {
        let values = [-f64::MAX, -1.0, -f64::MIN_POSITIVE, 0.0, 5e-324, 1.0, 1.5, f64::MAX];
        let bins = values.map(|value| Bin { low: value, high: value, count: 1 }).to_vec();
        let cells = merge(&Recording::from_bins(bins, 1, 1), 2);
        assert_eq!(cells.iter().map(|cell| cell.count).collect::<Vec<_>>(), [3, 5]);
    }

    #[test]
    fn modes_far_apart_stay_apart_when_merged() {
        let mut bins = log_cells(1000, 1.0005).bins().collect::<Vec<_>>();
        bins.extend(log_cells(1000, 1.0005).bins().map(|bin| Bin {
            low: bin.low * 1e4,
            high: bin.high * 1e4,
            count: bin.count,
        }));
        let cells = merge(&Recording::from_bins(bins, 0, 0), 40);
        assert!(cells.iter().all(|cell| cell.high / cell.low < 1.2));
    }

    #[test]
    fn quantiles_are_read_from_cells_and_infinities() {
        let bins = (1..=8).map(|k| Bin { low: f64::from(k), high: f64::from(k), count: 1 }).collect();
        let recording = Recording::from_bins(bins, 1, 1);
        assert_eq!(quantile(&recording, 0.0), Some(f64::NEG_INFINITY));
        assert_eq!(quantile(&recording, 0.5), Some(4.0));
        assert_eq!(quantile(&recording, 0.9), Some(8.0));
        assert_eq!(quantile(&recording, 0.91), Some(f64::INFINITY));
        assert_eq!(quantile(&Recording::from_bins(Vec::new(), 0, 0), 0.5), None);
    }

    #[test]
    fn rebinning_divides_cells_and_loses_nothing() {
        let bins = vec![
            Bin { low: -1.0, high: -1.0, count: 2 },
            Bin { low: 0.0, high: 4.0, count: 8 },
            Bin { low: 4.0, high: 4.0, count: 1 },
            Bin { low: 9.0, high: 11.0, count: 4 },
        ];
        let rebinned = rebin(&Recording::from_bins(bins, 1, 5), &[0.0, 1.0, 4.0, 10.0]);
        assert_eq!(rebinned.counts, [2.0, 6.0, 3.0]);
        assert_eq!((rebinned.below, rebinned.above), (3.0, 7.0));
    }

    #[test]
    fn decimal_edges_are_round_and_cover() {
        assert_eq!(decimal_edges(0.0, 10.0, 10, false), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]);
        assert_eq!(decimal_edges(-0.3, 0.31, 4, false), [-0.4, -0.2, 0.0, 0.2, 0.4]);
        assert_eq!(decimal_edges(2.3, 9.1, 30, true)[..5], [2.2, 2.5, 2.8, 3.2, 3.6]);
        assert_eq!(decimal_edges(0.0115, 0.013, 90, true), [0.011, 0.0125, 0.014]);
        assert_eq!(decimal_edges(30.0, 2e5, 14, true)[..5], [20.0, 50.0, 100.0, 200.0, 500.0]);
        for (low, high, limit) in [(28_672.0, 393_215.0, 50), (1.0, 1e9, 40), (5e-9, 7e3, 60), (3.0, 3.5, 20)] {
            let edges = decimal_edges(low, high, limit, true);
            assert!(edges.len() <= limit + 1 && edges.len() >= 2, "{edges:?}");
            assert!(edges[0] <= low && *edges.last().unwrap() >= high, "{edges:?}");
            assert!(edges.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn decimal_edges_of_hostile_ranges_end() {
        for (low, high) in [(0.0, 0.0), (-f64::MAX, f64::MAX), (5e-324, f64::MAX), (1.0, 1.0 + f64::EPSILON)] {
            for log in [false, true] {
                assert!(decimal_edges(low, high, 50, log).len() <= 700, "{low} {high} {log}");
            }
        }
    }
}
