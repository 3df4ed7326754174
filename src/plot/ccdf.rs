//! Tails: the share of samples slower than a value, by decades of rarity (p90, p99, p99.9, …).

use super::axis::{Axis, Scale, Tick};
use super::chart::{Chart, Mark};
use super::color::Color;
use super::distribution::{Distribution, Range, collect};
use super::histogram::{DistributionOptions, axis_name, mark_quantiles, note_left_out, subtitle, title};
use crate::report::cells::merge;
use crate::report::warnings::TAIL_SAMPLES_MIN;
use crate::sim::MetricOutcome;
use crate::units::{format_count, quantile_label};

/// Most points of a curve.
const POINTS_MAX: usize = 1200;
/// Rarest share that the axis shows.
const RAREST: f64 = 1e-9;

/// Chart of the tails of one metric or several: how many samples exceed each value.
///
/// A curve ends where fewer than ten samples lie beyond it, since what follows is chance.
#[must_use]
pub fn ccdf_chart(series: &[(&str, &MetricOutcome)], options: &DistributionOptions) -> Chart {
    let distributions = collect(series);
    let curves: Vec<Vec<(f64, f64)>> = distributions.iter().map(curve).collect();
    let shares = curves.iter().flatten().map(|&(_, share)| share).filter(|share| *share > 0.0);
    let rarest = shares.fold(1.0, f64::min).max(RAREST);
    let floor = 10f64.powf((rarest * 1.000_001).log10().floor().min(-1.0));
    let wanted = Range::of(&distributions, options.scale);
    let (low, high) = ends(&curves).unwrap_or((wanted.low, wanted.high));
    let room = |times: f64| if wanted.scale == Scale::Log { (high / low).powf(times) } else { (high - low) * times };
    let (low, high) = match wanted.scale {
        Scale::Log => (low, high * room(0.02)),
        _ => (low, high + room(0.02)),
    };
    let unit = distributions.first().and_then(|d| d.metric.unit.as_ref());
    let x_axis = Axis::of_quantity(&axis_name(unit), unit, wanted.scale, low, high);
    let mut chart = Chart::new(title(series, options), x_axis, nines_axis(floor));
    chart.subtitle = options.subtitle.clone().unwrap_or_else(|| subtitle(&distributions));
    if distributions.is_empty() {
        "there are no samples to show".clone_into(&mut chart.note);
        return chart;
    }
    for (index, points) in curves.into_iter().enumerate() {
        let color = Color::of_series(index);
        chart.series.push(Mark::Line { points, color, width: 2.4, dashed: index >= 6 });
    }
    mark_quantiles(&mut chart, &distributions, unit, options);
    chart.note = format!("curves end where fewer than {TAIL_SAMPLES_MIN} samples lie beyond");
    note_left_out(&mut chart, series.len(), distributions.len());
    chart
}

/// Points `(value, share of samples above it)`, down to the share that ten samples make.
fn curve(distribution: &Distribution<'_>) -> Vec<(f64, f64)> {
    let recording = &distribution.recording;
    let total = recording.count() as f64;
    let mut above = total - recording.negative_infinite() as f64;
    let mut points = Vec::new();
    for cell in merge(recording, POINTS_MAX) {
        // Between cells nothing changes; within one the samples are spread evenly.
        points.push((cell.low, above / total));
        above -= cell.count as f64;
        if above <= 0.0 && cell.count as f64 >= TAIL_SAMPLES_MIN {
            // The largest value is a common one: nothing lies above it.
            points.push((cell.high, 0.0));
        }
        if above < TAIL_SAMPLES_MIN {
            break;
        }
        points.push((cell.high, above / total));
    }
    points
}

/// The smallest and the largest value of all curves; `None` if they are no range.
fn ends(curves: &[Vec<(f64, f64)>]) -> Option<(f64, f64)> {
    let values = || curves.iter().flatten().map(|&(value, _)| value);
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    (low < high && low.is_finite() && high.is_finite()).then_some((low, high))
}

/// Vertical axis of rarity: all at the top, one in ten below it, and so on down to `floor`.
fn nines_axis(floor: f64) -> Axis {
    let decades = -floor.log10().round() as i32;
    let mut ticks = vec![Tick { at: 1.0, label: "all".to_owned() }, Tick { at: 0.5, label: "p50, 1 in 2".to_owned() }];
    for decade in 1..=decades {
        let rarity = 10u64.pow(decade.unsigned_abs());
        let q: f64 =
            if decade == 1 { 0.9 } else { format!("0.{}", "9".repeat(decade as usize)).parse().unwrap_or(1.0) };
        let label = format!("{}, 1 in {}", quantile_label(q), format_count(rarity));
        ticks.push(Tick { at: 1.0 / rarity as f64, label });
    }
    ticks.reverse();
    Axis { label: "share of samples above".to_owned(), scale: Scale::Log, low: floor, high: 1.0, ticks, grid: true }
}
