//! Histograms: the distribution of one metric, or several laid over each other.
//!
//! Bins are equally wide as the axis shows them, so heights compare as they look, on a logarithmic axis too.

use super::axis::{Axis, Scale};
use super::chart::{Align, Chart, LegendEntry, Mark, Marker};
use super::color::{Color, INK};
use super::distribution::{Distribution, Range, collect};
use super::figures::{label, short_label};
use crate::recorder::{Bin, Recording};
use crate::report::cells::{Rebinned, quantile, rebin};
use crate::sim::MetricOutcome;
use crate::units::{Unit, format_count, format_with_error, quantile_label};

/// Most and fewest bins.
const BINS: (usize, usize) = (30, 220);
/// Bins for each cube root of the number of samples.
const BINS_PER_CUBE_ROOT: f64 = 2.5;
/// Quantiles marked on one distribution, and on several.
const MARKED_ONE: [f64; 3] = [0.5, 0.95, 0.99];
const MARKED_SEVERAL: [f64; 1] = [0.99];
/// Most bins that may tower over the others and are cut, how many times as high they are, and how large a share the
/// others must hold.
const SPIKES_MAX: usize = 3;
const SPIKE_RATIO: f64 = 5.0;
const SPIKE_REST: f64 = 0.05;
/// Most distributions that markers are drawn for.
const MARKED_SERIES_MAX: usize = 6;

/// Choices of a chart of distributions. What is `None` is chosen from the data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DistributionOptions {
    /// Title.
    pub title: Option<String>,
    /// Line under the title.
    pub subtitle: Option<String>,
    /// [`Scale::Log`] or [`Scale::Linear`] horizontal axis; values that are not positive have no logarithmic one.
    pub scale: Option<Scale>,
    /// Quantiles to mark.
    pub quantiles: Option<Vec<f64>>,
}

/// Chart of the distribution of one metric, or of several with their names in a legend.
///
/// Metrics in different units of time are shown in that of the first. At most twelve that have samples are shown,
/// and the note says if any are not.
#[must_use]
pub fn histogram_chart(series: &[(&str, &MetricOutcome)], options: &DistributionOptions) -> Chart {
    let distributions = collect(series);
    let range = Range::of(&distributions, options.scale);
    let edges = edges(&distributions, range);
    let rebinned: Vec<Rebinned> = distributions.iter().map(|d| rebin(&d.recording, &edges)).collect();
    let share = |d: &Distribution<'_>, count: f64| count / d.recording.count().max(1) as f64;
    let shares = distributions.iter().zip(&rebinned).flat_map(|(d, r)| r.counts.iter().map(move |&c| share(d, c)));
    let highest = height_shown(shares.collect());

    let unit = distributions.first().and_then(|d| d.metric.unit.as_ref());
    let x_axis = Axis::of_quantity(&axis_name(unit), unit, range.scale, range.low, range.high);
    let mut chart = Chart::new(title(series, options), x_axis, Axis::of_share("share of samples in each bin", highest));
    chart.subtitle = options.subtitle.clone().unwrap_or_else(|| subtitle(&distributions));
    if distributions.is_empty() {
        "there are no samples to show".clone_into(&mut chart.note);
        return chart;
    }
    let alone = distributions.len() == 1;
    for (index, (distribution, rebinned)) in distributions.iter().zip(&rebinned).enumerate() {
        let points = steps(&edges, rebinned.counts.iter().map(|&count| share(distribution, count)));
        let color = Color::of_series(index);
        let opacity = if alone { 0.35 } else { 0.10 };
        push_spikes(&mut chart, &points, color);
        chart.series.push(Mark::Area { points: points.clone(), color, opacity });
        let width = if alone { 1.6 } else { 2.2 };
        chart.series.push(Mark::Line { points, color, width, dashed: index >= 6 });
    }
    mark_quantiles(&mut chart, &distributions, unit, options);
    let (below, above) = (rebinned.iter().map(|r| r.below).sum(), rebinned.iter().map(|r| r.above).sum());
    let total: u64 = distributions.iter().map(|d| d.recording.count()).sum();
    chart.note = range.note(below, above, total as f64);
    note_left_out(&mut chart, series.len(), distributions.len());
    chart
}

/// Height of the vertical axis: that of the highest bin, unless a few single values tower over all else, which would then
/// be a flat line.
fn height_shown(mut heights: Vec<f64>) -> f64 {
    heights.sort_by(|a, b| b.total_cmp(a));
    let rest: f64 = heights.iter().skip(SPIKES_MAX).sum();
    let cut = (1..=SPIKES_MAX).find(|&spikes| {
        let next = heights.get(spikes).copied().unwrap_or(0.0);
        next > 0.0 && heights[spikes - 1] > SPIKE_RATIO * next
    });
    match cut.filter(|_| rest >= SPIKE_REST) {
        Some(spikes) => heights[spikes] * 1.4,
        None => heights.first().copied().unwrap_or(0.0),
    }
}

/// Says how high the bins are that the vertical axis cuts.
fn push_spikes(chart: &mut Chart, points: &[(f64, f64)], color: Color) {
    let top = chart.y_axis.high;
    for pair in points.windows(2).filter(|pair| pair[0].1 == pair[1].1 && pair[0].1 > top) {
        let middle = chart.x_axis.position(pair[0].0);
        let align = if middle > 0.8 { Align::Right } else { Align::Left };
        let at = (if middle > 0.8 { pair[0].0 } else { pair[1].0 }, top * 0.97);
        let percent = Unit::Other("%".to_owned());
        let text = format!("up to {}", short_label(pair[0].1 * 100.0, Some(&percent)));
        chart.series.push(Mark::Text { at, text, color: color.mix(INK, 0.3), align, room: None });
    }
}

/// Says that some of the series are not in the chart.
pub(super) fn note_left_out(chart: &mut Chart, given: usize, shown: usize) {
    if shown < given {
        let gap = if chart.note.is_empty() { "" } else { "; " };
        chart.note = format!("{}{gap}{shown} of {given} distributions are shown", chart.note);
    }
}

/// Adds markers, and for several distributions the legend with their figures.
pub(super) fn mark_quantiles(
    chart: &mut Chart,
    distributions: &[Distribution<'_>],
    unit: Option<&Unit>,
    options: &DistributionOptions,
) {
    let alone = distributions.len() == 1;
    let default = if alone { &MARKED_ONE[..] } else { &MARKED_SEVERAL[..] };
    let marked = options.quantiles.as_deref().unwrap_or(default);
    for (index, distribution) in distributions.iter().enumerate() {
        let color = if alone { INK } else { Color::of_series(index) };
        let figure = |q: f64| {
            let value = quantile(&distribution.recording, q).filter(|value| value.is_finite())?;
            Some(format!("{} {}", quantile_label(q), label(value, unit)))
        };
        if index < MARKED_SERIES_MAX {
            chart.markers.extend(markers(&distribution.recording, marked, unit, color));
        }
        if !alone {
            let figures: Vec<String> = [0.5, 0.99].into_iter().filter_map(figure).collect();
            let label = format!("{}: {}", distribution.name, figures.join(", "));
            chart.legend.push(LegendEntry { label, color, dashed: index >= 6 });
        }
    }
}

/// A marker for each value among the quantiles, named after all of them that have it.
fn markers(recording: &Recording, quantiles: &[f64], unit: Option<&Unit>, color: Color) -> Vec<Marker> {
    let mut named: Vec<(f64, Vec<String>)> = Vec::new();
    for &q in quantiles {
        match quantile(recording, q).filter(|value| value.is_finite()) {
            None => {}
            Some(value) => match named.iter_mut().find(|(at, _)| *at == value) {
                Some((_, names)) => names.push(quantile_label(q)),
                None => named.push((value, vec![quantile_label(q)])),
            },
        }
    }
    let marker = |(at, names): (f64, Vec<String>)| {
        let label = format!("{} {}", names.join(", "), label(at, unit));
        Marker { at, label, color }
    };
    named.into_iter().map(marker).collect()
}

/// Edges of the bins: equally far apart on the axis, and between the values where these are whole numbers.
fn edges(distributions: &[Distribution<'_>], range: Range) -> Vec<f64> {
    let samples = distributions.iter().map(|d| d.recording.count()).min().unwrap_or(0);
    let wanted = ((samples as f64).cbrt() * BINS_PER_CUBE_ROOT) as usize;
    // An odd number of bins centres one on a single value.
    let count = wanted.clamp(BINS.0, BINS.1) | 1;
    let Range { scale, low, high, .. } = range;
    if scale == Scale::Log {
        let step = (high / low).ln() / count as f64;
        let mut edges: Vec<f64> = (0..=count).map(|at| low * (step * at as f64).exp()).collect();
        edges[count] = high;
        return edges;
    }
    match spacing(distributions) {
        Some(spacing) if spacing * 2.0 * BINS.1 as f64 >= (high - low) / 8.0 => {
            let width = ((high - low) / count as f64 / spacing).ceil().max(1.0) * spacing;
            let first = ((low / spacing).floor() - 0.5) * spacing;
            let bins = ((high - first) / width).ceil().max(1.0) as usize;
            (0..=bins).map(|at| first + at as f64 * width).collect()
        }
        _ => (0..=count).map(|at| low + (high - low) * at as f64 / count as f64).collect(),
    }
}

/// Distance of which all values are multiples, if every cell holds one value and there is such a distance.
fn spacing(distributions: &[Distribution<'_>]) -> Option<f64> {
    let bins = || distributions.iter().flat_map(|d| d.recording.bins());
    let exact = |bin: &Bin| bin.low == bin.high;
    if !bins().all(|bin| exact(&bin)) {
        return None;
    }
    let mut spacing = f64::INFINITY;
    for distribution in distributions {
        let bins = distribution.recording.bins();
        for (bin, next) in bins.clone().zip(bins.skip(1)) {
            spacing = spacing.min(next.low - bin.low);
        }
    }
    let regular = |bin: &Bin| (bin.low / spacing - (bin.low / spacing).round()).abs() < 1e-6;
    (spacing.is_finite() && spacing > 0.0 && bins().all(|bin| regular(&bin))).then_some(spacing)
}

/// Outline of bins: up, along, down.
fn steps(edges: &[f64], heights: impl Iterator<Item = f64>) -> Vec<(f64, f64)> {
    let mut points = vec![(edges[0], 0.0)];
    for (pair, height) in edges.windows(2).zip(heights) {
        points.extend([(pair[0], height), (pair[1], height)]);
    }
    points.push((edges[edges.len() - 1], 0.0));
    points
}

/// Name of the horizontal axis.
pub(super) fn axis_name(unit: Option<&Unit>) -> String {
    if unit.and_then(Unit::time).is_some() { "response time" } else { "value" }.to_owned()
}

/// The title given, or the name that the metrics have in common.
pub(super) fn title(series: &[(&str, &MetricOutcome)], options: &DistributionOptions) -> String {
    let first = series.first().map_or("", |(_, metric)| metric.name.as_str());
    let common = if series.iter().all(|(_, metric)| metric.name == first) { first } else { "" };
    let fallback = if common.is_empty() { "distribution" } else { common };
    options.title.clone().unwrap_or_else(|| fallback.to_owned())
}

/// How many samples there are, and for one distribution its mean.
pub(super) fn subtitle(distributions: &[Distribution<'_>]) -> String {
    let Some(first) = distributions.first() else {
        return String::new();
    };
    let samples = |d: &Distribution<'_>| d.metric.summary.as_ref().map_or(d.recording.count(), |s| s.samples);
    let each = if distributions.len() > 1 { " each" } else { "" };
    if distributions.iter().any(|d| samples(d) != samples(first)) {
        return String::new();
    }
    let mut text = format!("{} samples{each}", format_count(samples(first)));
    let mean = first.metric.summary.as_ref().and_then(|summary| summary.mean.zip(summary.mean_standard_error));
    if let (true, Some((mean, error))) = (distributions.len() == 1, mean) {
        text += &format!(", mean {}", format_with_error(mean, error, first.metric.unit.as_ref(), None));
    }
    text
}
