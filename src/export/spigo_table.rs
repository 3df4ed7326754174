//! spigo's histogram table in the layout of most of its files: `From To Count Prob Bar`, an HdrHistogram of one digit.
//!
//! Values are in ns and cells start at 512 ns wide. Unlike spigo, nothing is clamped at 1 ms.

use super::{ExportError, Format, Series};
use crate::import::layout::Layout;
use crate::problem::Warning;
use crate::units::{TimeUnit, Unit};
use std::collections::BTreeMap;
use std::io::Write;

/// Smallest value that spigo's histograms tell apart, in ns.
const LOWEST_NS: u64 = 1000;

/// Significant digits of spigo's histograms.
const DIGITS: u32 = 1;

/// Largest value written, in ns: 73 years.
const VALUE_MAX_NS: f64 = (1u64 << 61) as f64;

/// Blanks behind the longest text of a column.
const PADDING: usize = 2;

pub(super) fn write(series: &Series, out: &mut dyn Write) -> Result<Vec<Warning>, ExportError> {
    let Some(Unit::Time(unit)) = &series.unit else {
        let found = series.unit.as_ref().map_or("none".to_owned(), |unit| format!("`{unit}`"));
        return Err(ExportError::NotATime { format: Format::SpigoTable, found });
    };
    let layout = Layout::new(LOWEST_NS, DIGITS).expect("spigo's own layout is one");
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    let mut negative = 0;
    for cell in series.scaled_cells(unit.per(TimeUnit::Nanosecond)) {
        let value = cell.low / 2.0 + cell.high / 2.0;
        let count = cell.weight.round() as u64;
        negative += if value < 0.0 { count } else { 0 };
        *counts.entry(layout.index(value.clamp(0.0, VALUE_MAX_NS) as u64)).or_default() += count;
    }
    let rows = rows(layout, &counts);
    writeln!(out, "name: {}", series.name.replace(['\n', '\r'], " "))?;
    let total: u64 = counts.values().sum();
    let quantile = |percent: u64| quantile(layout, &counts, total, percent);
    writeln!(out, "quantiles: [{{50 {}}} {{99 {}}}]", quantile(50), quantile(99))?;
    let header = ["From", "To", "Count", "Prob", "Bar"].map(str::to_owned);
    let table: Vec<&[String; 5]> = std::iter::once(&header).chain(&rows).collect();
    let width = |column: usize| table.iter().map(|row| row[column].len()).max().unwrap_or(0) + PADDING;
    let widths = [width(0), width(1), width(2), width(3)];
    for row in &table {
        for (text, width) in row.iter().zip(widths) {
            write!(out, "{text:width$}")?;
        }
        writeln!(out, "{}", row[4])?;
    }
    let mut warnings = Vec::new();
    if negative > 0 {
        let message = format!("{negative} values of `{}` are negative and written as 0", series.name);
        warnings.push(Warning::new("negative-values", message));
    }
    if series.infinite() > 0 {
        let message = format!("{} values of `{}` are infinite and left out", series.infinite(), series.name);
        warnings.push(Warning::new("infinite-values", message));
    }
    Ok(warnings)
}

/// The rows as text. A bar starts with `:` behind a gap and with `|` where the cell before has values too.
fn rows(layout: Layout, counts: &BTreeMap<usize, u64>) -> Vec<[String; 5]> {
    let total: u64 = counts.values().sum();
    let mut next = 0;
    let mut rows = Vec::with_capacity(counts.len());
    for (&index, &count) in counts.iter().filter(|(_, count)| **count > 0) {
        let Some((low, high)) = layout.ends(index) else { continue };
        let share = count as f64 / total as f64;
        let axis = if index == next { '|' } else { ':' };
        let bar = format!("{axis}{}", "#".repeat((share * 100.0) as usize));
        rows.push([low.to_string(), high.to_string(), count.to_string(), format!("{share:.4}"), bar]);
        next = index + 1;
    }
    rows
}

/// Upper end of the cell in which a percentile lies; 0 without values.
fn quantile(layout: Layout, counts: &BTreeMap<usize, u64>, total: u64, percent: u64) -> u64 {
    let rank = ((percent as f64 / 100.0 * total as f64 + 0.5) as u64).max(1);
    let mut reached = 0;
    for (&index, &count) in counts {
        reached += count;
        if reached >= rank {
            return layout.ends(index).map_or(0, |ends| ends.1);
        }
    }
    0
}
