//! A distribution as a text histogram, laid out as spigo prints its measurements.
//!
//! ```text
//!     From,      To,   Count,   Prob, Bar
//!       28,      29,       1, 0.0005, :
//!       34,      36,       2, 0.0010, :#
//!       36,      38,       8, 0.0040, |######
//! ```
//!
//! `:` begins a row that does not adjoin the one before it, `|` one that does. Rows are `From <= x < To` with round
//! bounds; rows without samples are left out. Unlike spigo's, bounds are in a unit that a person reads. This is for
//! people: the exact layout of spigo's files is an export.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::cells::{decimal_edges, quantile};
use super::table::one_line;
use crate::recorder::Recording;
use crate::sim::MetricOutcome;
use crate::units::{TimeUnit, Unit, common_unit, format_count, format_value, natural_unit};

/// Ratio of the largest to the smallest value from which rows are spaced by decade.
const LOG_RATIO: f64 = 25.0;
/// Shares of the samples below and above which tails share one row.
const TAIL_SHARE: f64 = 0.0005;
/// Shortest longest bar.
const BAR_MIN: usize = 10;
/// Most decimals that bounds are aligned to.
const DECIMALS_MAX: usize = 4;

/// Choices of a text histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistogramOptions {
    /// Columns of the terminal.
    pub width: usize,
    /// Most rows.
    pub rows: usize,
}

impl Default for HistogramOptions {
    fn default() -> Self {
        Self { width: 100, rows: 50 }
    }
}

/// One row: bounds in the unit shown, and the samples in it.
struct HistogramRow {
    low: f64,
    high: f64,
    count: u64,
}

/// Renders the recorded distribution of a metric; says so if there is none.
#[must_use]
pub fn render(metric: &MetricOutcome, options: HistogramOptions) -> String {
    let name = if metric.name.trim().is_empty() { &metric.readable_id } else { &metric.name };
    let mut text = format!("name: {}\n", one_line(name));
    let Some(recording) = metric.recording.as_ref().filter(|recording| recording.count() > 0) else {
        text.push_str("count: 0\n");
        return text;
    };
    let time = metric.unit.as_ref().and_then(Unit::time).map(|unit| (unit, shown_unit(recording, unit)));
    let scale = |value: f64| time.map_or(value, |(unit, shown)| unit.convert(value, shown));
    let _ = writeln!(text, "count: {}", format_count(recording.count()));
    let label = time.map_or_else(|| metric.unit.as_ref().map_or("", Unit::label), |(_, shown)| shown.label());
    if !label.is_empty() {
        let _ = writeln!(text, "unit: {}", one_line(label));
    }
    let mark = |q: f64| quantile(recording, q).map_or_else(String::new, |value| format_value(scale(value), None));
    let _ = writeln!(text, "p50: {}, p99: {}", mark(0.5), mark(0.99));
    push_rows(&mut text, &rows(recording, options.rows.max(2), scale), recording.count(), options.width);
    for (count, sign) in [(recording.negative_infinite(), "-"), (recording.positive_infinite(), "+")] {
        if count > 0 {
            let _ = writeln!(text, "{} more at {sign}infinity", format_count(count));
        }
    }
    text
}

/// Unit in which the bulk of the distribution reads well.
fn shown_unit(recording: &Recording, unit: TimeUnit) -> TimeUnit {
    let at = |q: f64| quantile(recording, q).filter(|value| value.is_finite()).unwrap_or(0.0);
    common_unit([at(0.01), at(0.99)], unit).unwrap_or_else(|| natural_unit(at(0.5), unit))
}

/// Rows with at least one sample, ascending; the first and the last hold the tails.
fn rows(recording: &Recording, limit: usize, scale: impl Fn(f64) -> f64) -> Vec<HistogramRow> {
    let bins = recording.bins();
    let (Some(first), Some(last)) = (bins.clone().next(), bins.clone().last()) else {
        return Vec::new();
    };
    let (min, max) = (scale(first.low), scale(last.high));
    let finite = |q: f64, other: f64| quantile(recording, q).map(&scale).filter(|v| v.is_finite()).unwrap_or(other);
    let (low, high) = (finite(TAIL_SHARE, min).max(min), finite(1.0 - TAIL_SHARE, max).min(max));
    let edges = decimal_edges(low, high, limit.saturating_sub(2).max(1), low > 0.0 && high / low >= LOG_RATIO);
    let mut rows: Vec<HistogramRow> = Vec::new();
    for bin in bins {
        let middle = scale(bin.low / 2.0 + bin.high / 2.0);
        let at = edges.partition_point(|&edge| edge <= middle);
        let row_low = if at == 0 { min } else { edges[at - 1] };
        let row_high = edges.get(at).copied().unwrap_or(max);
        match rows.last_mut() {
            Some(row) if row.low == row_low => row.count += bin.count,
            _ => rows.push(HistogramRow { low: row_low, high: row_high.max(row_low), count: bin.count }),
        }
    }
    rows
}

fn push_rows(text: &mut String, rows: &[HistogramRow], total: u64, width: usize) {
    let decimals = rows.iter().skip(1).map(|row| decimals_of(row.low)).max().unwrap_or(0).min(DECIMALS_MAX);
    let bound = |value: f64| {
        if value.abs() >= 1e12 { format!("{value:.3e}") } else { format!("{value:.decimals$}") }
    };
    let mut cells = vec![["From", "To", "Count", "Prob"].map(str::to_owned)];
    cells.extend(rows.iter().map(|row| {
        let share = row.count as f64 / total as f64;
        [bound(row.low), bound(row.high), row.count.to_string(), format!("{share:.4}")]
    }));
    let column = |at: usize| cells.iter().map(|row| row[at].width()).max().unwrap_or(0).max([8, 8, 8, 7][at]);
    let widths = [0, 1, 2, 3].map(column);
    let taken = widths.iter().sum::<usize>() + widths.len() + 2;
    let longest = width.saturating_sub(taken).max(BAR_MIN) as f64;
    let largest = rows.iter().map(|row| row.count).max().unwrap_or(1) as f64;
    let mut previous_high = 0.0;
    for (at, cell) in cells.iter().enumerate() {
        for (text_of_cell, width) in cell.iter().zip(widths) {
            let _ = write!(text, "{text_of_cell:>width$},");
        }
        let Some(row) = at.checked_sub(1).and_then(|at| rows.get(at)) else {
            text.push_str(" Bar\n");
            continue;
        };
        let axis = if row.low > previous_high { ':' } else { '|' };
        let bar = (row.count as f64 / largest * longest) as usize;
        let _ = writeln!(text, " {axis}{}", "#".repeat(bar));
        previous_high = row.high;
    }
}

/// Decimals of the shortest text of `value`.
fn decimals_of(value: f64) -> usize {
    value.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len())
}
