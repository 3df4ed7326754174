//! What is kept of many requests: a bounded sample of whole requests, and their response times as a distribution.
//!
//! Both depend on which requests there were, not on the order in which they came or the number of threads.

use std::collections::{BTreeMap, BinaryHeap};

use super::span::Id;
use crate::dist::{Cell, Empirical};

/// Response times kept one by one; beyond that they are counted in cells.
const EXACT_LEN_MAX: usize = 262_144;

/// Mantissa bits that a cell keeps: cells are at most 1/2048 of their value wide.
const CELL_BITS: u32 = 11;

/// A row of a sample: its place in the lottery, and the times of one request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    ticket: u64,
    values: Box<[i64]>,
}

/// A uniform sample, without replacement, of at most so many rows: those with the smallest tickets, a ticket being a
/// hash of seed and trace.
#[derive(Debug, Default)]
pub(crate) struct RowSample {
    rows: BinaryHeap<Row>,
}

/// Ticket of a trace: the finaliser of splitmix64 over its id and the seed.
pub(crate) fn ticket(trace: Id, seed: u64) -> u64 {
    let mix = |mut x: u64| {
        x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ x >> 31
    };
    let (high, low) = ((trace >> 64) as u64, trace as u64);
    mix(mix(low.wrapping_add(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))) ^ mix(high.wrapping_add(0x9e37_79b9_7f4a_7c15)))
}

impl RowSample {
    /// Enters a row; yields by how many values the sample grew or shrank.
    pub(crate) fn enter(&mut self, ticket: u64, values: &[i64], row_count_max: usize) -> isize {
        let len = values.len() as isize;
        if self.rows.len() < row_count_max {
            self.rows.push(Row { ticket, values: values.into() });
            return len;
        }
        if let Some(mut largest) = self.rows.peek_mut()
            && (ticket, values) < (largest.ticket, &*largest.values)
        {
            let gone = largest.values.len() as isize;
            *largest = Row { ticket, values: values.into() };
            return len - gone;
        }
        0
    }

    /// Drops rows above a new limit; yields how many values went.
    pub(crate) fn shrink(&mut self, row_count_max: usize) -> usize {
        let mut gone = 0;
        while self.rows.len() > row_count_max {
            gone += self.rows.pop().map_or(0, |row| row.values.len());
        }
        gone
    }

    /// Rows kept.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Puts the first value of each row of `other` into this sample.
    pub(crate) fn enter_totals(&mut self, other: &Self, total: impl Fn(&[i64]) -> i64, row_count_max: usize) {
        for row in &other.rows {
            self.enter(row.ticket, &[total(&row.values)], row_count_max);
        }
    }

    /// At most `count` of the rows, in the order of their tickets: one at random of each of `count` strata by `total`.
    ///
    /// Picking by strata keeps the distribution of the total far closer than picking at random would: its quantiles lie
    /// within one stratum of where they were.
    pub(crate) fn stratified(&self, count: usize, total: impl Fn(&[i64]) -> i64) -> Vec<&[i64]> {
        if self.rows.len() <= count {
            return self.rows();
        }
        let mut rows: Vec<(i64, &Row)> = self.rows.iter().map(|row| (total(&row.values), row)).collect();
        rows.sort_unstable();
        let len = rows.len();
        let strata = (0..count).map(|at| &rows[at * len / count..(at + 1) * len / count]);
        let mut picked: Vec<&Row> = strata.filter_map(|stratum| stratum.iter().map(|(_, row)| *row).min()).collect();
        picked.sort_unstable();
        picked.into_iter().map(|row| &*row.values).collect()
    }

    /// The rows in the order of their tickets.
    pub(crate) fn rows(&self) -> Vec<&[i64]> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_unstable();
        rows.into_iter().map(|row| &*row.values).collect()
    }
}

/// Response times, in nanoseconds: one by one while they are few, then counted in cells 1/2048 wide.
#[derive(Debug, Default)]
pub(crate) struct Times {
    exact: Vec<i64>,
    cells: BTreeMap<u64, u64>,
    sum: i128,
    count: u64,
}

impl Times {
    /// Adds a time, `time >= 0`.
    pub(crate) fn add(&mut self, time: i64) {
        self.count += 1;
        self.sum += i128::from(time);
        if self.cells.is_empty() {
            self.exact.push(time);
            if self.exact.len() > EXACT_LEN_MAX {
                for time in std::mem::take(&mut self.exact) {
                    *self.cells.entry(cell(time)).or_insert(0) += 1;
                }
            }
        } else {
            *self.cells.entry(cell(time)).or_insert(0) += 1;
        }
    }

    /// Times added.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Mean in nanoseconds; 0 of nothing.
    pub(crate) fn mean(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum as f64 / self.count as f64 }
    }

    /// The distribution, in units of `nanoseconds_per_unit`.
    pub(crate) fn empirical(&self, nanoseconds_per_unit: f64) -> Empirical {
        if self.cells.is_empty() {
            let mut values: Vec<f64> = self.exact.iter().map(|&time| time as f64 / nanoseconds_per_unit).collect();
            values.sort_unstable_by(f64::total_cmp);
            return Empirical::Values(values.into());
        }
        let ends = |key: u64| {
            let end = |key: u64| f64::from_bits(key << (52 - CELL_BITS)) / nanoseconds_per_unit;
            (end(key), end(key + 1))
        };
        let cells = self.cells.iter().map(|(&key, &count)| {
            let (low, high) = ends(key);
            Cell { low, high, weight: count as f64 }
        });
        Empirical::Histogram(cells.collect())
    }
}

/// Cell of a time: the leading bits of its value, which grow as the value does.
fn cell(time: i64) -> u64 {
    (time.max(0) as f64).to_bits() >> (52 - CELL_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_the_same_whatever_the_order() {
        let rows: Vec<(u64, i64)> = (0..1000).map(|trace: u64| (ticket(u128::from(trace), 7), trace as i64)).collect();
        let sample = |rows: &mut dyn Iterator<Item = &(u64, i64)>| {
            let mut sample = RowSample::default();
            for &(ticket, value) in rows {
                sample.enter(ticket, &[value], 50);
            }
            sample.rows().iter().map(|row| row[0]).collect::<Vec<_>>()
        };
        let forward = sample(&mut rows.iter());
        assert_eq!(forward, sample(&mut rows.iter().rev()));
        assert_eq!(forward.len(), 50);
        // Uniform: the mean of 50 of 0..1000 has a standard error of 40.
        let mean = forward.iter().sum::<i64>() as f64 / 50.0;
        assert!((mean - 499.5).abs() < 160.0, "{mean}");
    }

    #[test]
    fn strata_keep_the_mean_that_a_plain_sample_of_that_size_would_miss() {
        let mut sample = RowSample::default();
        for trace in 0..20_000_u64 {
            let quantile = (trace as f64 + 0.5) / 20_000.0;
            sample.enter(ticket(u128::from(trace), 0), &[(-(1.0 - quantile).ln() * 1e6) as i64], 20_000);
        }
        let picked = sample.stratified(2000, |row| row[0]);
        assert_eq!(picked.len(), 2000);
        let mean = picked.iter().map(|row| row[0] as f64).sum::<f64>() / 2000.0;
        // Exponential of mean 1e6: a plain sample has a standard error of 2.2 %, strata of below 0.1 %.
        assert!((mean / 1e6 - 1.0).abs() < 0.003, "{mean}");
    }

    #[test]
    fn shrinking_keeps_the_smallest_tickets() {
        let mut sample = RowSample::default();
        for value in 0..10 {
            sample.enter(value, &[value as i64, 0], 10);
        }
        assert_eq!(sample.shrink(3), 14);
        assert_eq!(sample.rows(), [&[0, 0][..], &[1, 0], &[2, 0]]);
    }

    #[test]
    fn many_times_are_counted_in_narrow_cells() {
        let mut times = Times::default();
        for time in 0..300_000 {
            times.add(1_000_000 + time);
        }
        let Empirical::Histogram(cells) = times.empirical(1000.0) else { panic!("expected cells") };
        assert_eq!(cells.iter().map(|cell| cell.weight).sum::<f64>(), 300_000.0);
        assert!(cells.iter().all(|cell| cell.high / cell.low - 1.0 <= 1.0 / 2048.0));
        assert!((times.mean() - 1_149_999.5).abs() < 1e-6);
    }
}
