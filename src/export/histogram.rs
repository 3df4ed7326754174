//! A series as an HdrHistogram: integers of ticks, with what does not fit said as warnings.

use super::series::Series;
use crate::problem::Warning;
use crate::units::{TimeUnit, Unit};
use hdrhistogram::Histogram;

/// Largest integer that an HdrHistogram holds with any number of digits.
const VALUE_MAX: f64 = (1u64 << 61) as f64;

/// Ticks that the median of a series without a unit of time should at least have, so that three digits survive.
const MEDIAN_TICKS_MIN: f64 = 1e6;

/// A series in integer ticks.
pub(super) struct Ticks {
    pub(super) histogram: Histogram<u64>,
    /// Ticks in one unit of the series, or in one of `unit`.
    pub(super) per_unit: f64,
    /// Unit of which `per_unit` ticks make one; ns for a time.
    pub(super) unit: Option<Unit>,
    pub(super) warnings: Vec<Warning>,
}

/// Counts `series` with `digits` significant digits, times in ns.
///
/// The value of a cell is its middle, so a cell that lies within one cell of the histogram stays in it.
pub(super) fn ticks(series: &Series, digits: u8) -> Ticks {
    let (factor, per_unit, unit) = match &series.unit {
        Some(Unit::Time(unit)) => (unit.per(TimeUnit::Nanosecond), 1.0, Some(Unit::Time(TimeUnit::Nanosecond))),
        other => {
            let per_unit = ticks_per_unit(series);
            (per_unit, per_unit, other.clone())
        }
    };
    let top = series.cells().last().map_or(0.0, |cell| cell.high * factor);
    let highest = top.clamp(2.0, VALUE_MAX).ceil() as u64;
    let mut histogram = Histogram::new_with_bounds(1, highest + 1, digits.clamp(1, 5))
        .expect("bounds from 1 to at most 2^61 with 1 to 5 digits are within those of the format");
    let (mut negative, mut beyond) = (0.0, 0.0);
    for cell in series.scaled_cells(factor) {
        let value = (cell.low / 2.0 + cell.high / 2.0).round();
        negative += if value < 0.0 { cell.weight } else { 0.0 };
        beyond += if value > VALUE_MAX { cell.weight } else { 0.0 };
        histogram.saturating_record_n(value.clamp(0.0, highest as f64) as u64, cell.weight.round() as u64);
    }
    let mut warnings = Vec::new();
    let mut warn = |code, count: f64, what: &str| {
        if count > 0.0 {
            let message = format!("{count} values of `{}` are {what}", series.name);
            warnings.push(Warning::new(code, message));
        }
    };
    warn("negative-values", negative, "negative and written as 0, since an HdrHistogram holds none");
    warn("clamped", beyond, "too large for an HdrHistogram and written as the largest");
    warn("infinite-values", series.infinite() as f64, "infinite and left out");
    Ticks { histogram, per_unit, unit, warnings }
}

/// A power of ten that gives the median of `series` enough ticks and its maximum not too many.
fn ticks_per_unit(series: &Series) -> f64 {
    let median = series.quantiles(1).first().map_or(0.0, |value| value.abs());
    let top = series.cells().last().map_or(0.0, |cell| cell.high.abs());
    let integers = series.cells().iter().all(|cell| cell.low.fract() == 0.0 && cell.high.fract() == 0.0);
    let mut ticks = 1.0;
    while !integers && median > 0.0 && median * ticks < MEDIAN_TICKS_MIN && top * ticks * 10.0 < VALUE_MAX {
        ticks *= 10.0;
    }
    ticks
}
