//! HdrHistogram percentile table of one series, five rows for each halving of the distance to 1.
//!
//! Times are in ms, as the tools that plot such tables take for granted; the footer names the unit.

use super::histogram::ticks;
use super::{ExportError, ExportOptions, Series};
use crate::problem::Warning;
use crate::units::{TimeUnit, Unit};
use std::io::Write;

/// Rows for each halving of the distance to the percentile 1.
const ROWS_PER_HALVING: u32 = 5;

pub(super) fn write(
    series: &Series,
    options: &ExportOptions,
    out: &mut dyn Write,
) -> Result<Vec<Warning>, ExportError> {
    let counted = ticks(series, options.digits);
    let histogram = &counted.histogram;
    let (scale, unit) = match &counted.unit {
        Some(Unit::Time(unit)) => (TimeUnit::Millisecond.per(*unit), Some(Unit::Time(TimeUnit::Millisecond))),
        other => (counted.per_unit, other.clone()),
    };
    let decimals = usize::from(options.digits.clamp(1, 5));
    writeln!(out, "{:>12} {:>14} {:>10} {:>14}\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)")?;
    let mut total = 0;
    for row in histogram.iter_quantiles(ROWS_PER_HALVING) {
        total += row.count_since_last_iteration();
        let (value, quantile) = (row.value_iterated_to() as f64 / scale, row.quantile_iterated_to());
        write!(out, "{value:12.decimals$} {quantile:14.12} {total:10}")?;
        if quantile < 1.0 {
            write!(out, " {:14.2}", 1.0 / (1.0 - quantile))?;
        }
        writeln!(out)?;
    }
    let (mean, stdev, max) = (histogram.mean() / scale, histogram.stdev() / scale, histogram.max() as f64 / scale);
    writeln!(out, "#[Mean    = {mean:12.decimals$}, StdDeviation   = {stdev:12.decimals$}]")?;
    writeln!(out, "#[Max     = {max:12.decimals$}, Total count    = {:12}]", histogram.len())?;
    if let Some(unit) = unit {
        writeln!(out, "#[Unit    = {unit:>12}]")?;
    }
    Ok(counted.warnings)
}
