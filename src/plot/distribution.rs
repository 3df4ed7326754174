//! The distributions that a chart shows: in one unit, with the range and scale that suit them.

use super::axis::Scale;
use crate::recorder::{Bin, Recording};
use crate::report::cells::quantile;
use crate::sim::MetricOutcome;
use crate::units::{Unit, quantile_label};

/// Ratio of p99.9 to p1 from which positive distributions are shown by ratio.
const LOG_RATIO: f64 = 25.0;
/// Shares cut off at either end, tried in order until the bulk is readable.
const CLIPS: [f64; 3] = [0.0005, 0.002, 0.008];
/// Times the range of the middle 80 % that a linear axis may span.
const LINEAR_SPAN_MAX: f64 = 12.0;
/// A whole range that is at most so much longer than the clipped one is shown whole.
const WHOLE_RANGE: f64 = 1.12;

/// Largest magnitude that an axis shows, and the inverse of the smallest: sums and ratios stay finite.
const MAGNITUDE_MAX: f64 = 1e300;

/// Most distributions in one chart: more could not be told apart.
pub(super) const DISTRIBUTIONS_MAX: usize = 12;

/// A named distribution.
pub(super) struct Distribution<'a> {
    /// Name in the legend.
    pub(super) name: &'a str,
    /// The metric it came from.
    pub(super) metric: &'a MetricOutcome,
    /// Cells in the unit of the chart.
    pub(super) recording: Recording,
}

/// The first twelve distributions that have finite samples, in the unit of the first.
pub(super) fn collect<'a>(series: &[(&'a str, &'a MetricOutcome)]) -> Vec<Distribution<'a>> {
    let unit = series.iter().find_map(|(_, metric)| metric.recording.as_ref().and(metric.unit.as_ref()));
    let distribution = |&(name, metric): &(&'a str, &'a MetricOutcome)| {
        let recording = metric.recording.as_ref().filter(|recording| recording.bin_count() > 0)?;
        Some(Distribution { name, metric, recording: in_unit(recording, metric.unit.as_ref(), unit) })
    };
    series.iter().filter_map(distribution).take(DISTRIBUTIONS_MAX).collect()
}

/// The recording in another unit of time; as it is if either is no unit of time.
fn in_unit(recording: &Recording, from: Option<&Unit>, to: Option<&Unit>) -> Recording {
    match from.and_then(Unit::time).zip(to.and_then(Unit::time)) {
        Some((from, to)) if from != to => {
            let convert = |bin: Bin| Bin { low: from.convert(bin.low, to), high: from.convert(bin.high, to), ..bin };
            let bins = recording.bins().map(convert).collect();
            Recording::from_bins(bins, recording.negative_infinite(), recording.positive_infinite())
        }
        _ => recording.clone(),
    }
}

/// Part of the horizontal axis that a chart shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    pub(super) scale: Scale,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Share of the samples that may lie outside at either end; `None` if the range holds all.
    pub(super) clip: Option<f64>,
}

impl Range {
    /// Range of several distributions; `wanted` overrides the scale where the values allow it.
    pub(super) fn of(distributions: &[Distribution<'_>], wanted: Option<Scale>) -> Self {
        let finite = |of: &dyn Fn(&Recording) -> Option<f64>, fold: fn(f64, f64) -> f64, start: f64| {
            distributions.iter().filter_map(|d| of(&d.recording)).filter(|v| v.is_finite()).fold(start, fold)
        };
        let lowest = |q: f64| finite(&|recording| quantile(recording, q), f64::min, f64::INFINITY);
        let highest = |q: f64| finite(&|recording| quantile(recording, q), f64::max, f64::NEG_INFINITY);
        let min = finite(&|recording| recording.bins().next().map(|bin| bin.low), f64::min, f64::INFINITY);
        let max = finite(&|recording| recording.bins().last().map(|bin| bin.high), f64::max, f64::NEG_INFINITY);
        if !(min.is_finite() && max.is_finite()) {
            return Self { scale: Scale::Linear, low: 0.0, high: 1.0, clip: None };
        }
        let positive = lowest(CLIPS[0]) > 0.0;
        let wide = positive && highest(0.999) / lowest(0.01) >= LOG_RATIO;
        let log = positive && wanted.map_or(wide, |wanted| wanted == Scale::Log);
        let span = |clip: f64| (lowest(clip).max(min), highest(1.0 - clip).min(max));
        let readable = |&&clip: &&f64| {
            let (low, high) = span(clip);
            log || high - low <= LINEAR_SPAN_MAX * (highest(0.9) - lowest(0.1))
        };
        let clip = *CLIPS.iter().find(readable).unwrap_or(&CLIPS[CLIPS.len() - 1]);
        let (low, high) = span(clip);
        let hold = |value: f64| value.clamp(-MAGNITUDE_MAX, MAGNITUDE_MAX);
        let scale = if log { Scale::Log } else { Scale::Linear };
        let range = Self::padded(scale, (hold(low), hold(high)), (hold(min), hold(max)), clip);
        if log { Self { low: range.low.max(1.0 / MAGNITUDE_MAX), ..range } } else { range }
    }

    /// The clipped range, or the whole one if it is little longer, with room at either end.
    fn padded(scale: Scale, (low, high): (f64, f64), (min, max): (f64, f64), clip: f64) -> Self {
        let low = if low.is_finite() { low } else { min };
        let high = if high.is_finite() && high >= low { high } else { max };
        if scale == Scale::Log {
            let whole = min > 0.0 && (max / min).ln() <= WHOLE_RANGE * (high / low).ln();
            let (low, high) = if whole { (min, max) } else { (low, high) };
            let room = (high / low).powf(0.02).max(1.005);
            return Self { scale, low: low / room, high: high * room, clip: (!whole).then_some(clip) };
        }
        let whole = max - min <= WHOLE_RANGE * (high - low);
        let (low, high) = if whole { (min, max) } else { (low, high) };
        let room = ((high - low) * 0.02).max(low.abs().max(high.abs()) * 1e-6);
        // One value only, or none to speak of: a little room on both sides.
        let room = if high > low { room } else { (low.abs() * 0.1).max(0.5) };
        // An axis that begins close to zero begins at zero.
        let from_zero = low >= 0.0 && low <= 0.15 * high;
        let low = if from_zero { 0.0 } else { low - room };
        Self { scale, low, high: high + room, clip: (!whole).then_some(clip) }
    }

    /// Words for what is clipped; empty if nothing is.
    ///
    /// # Parameters
    /// - `below`, `above`: samples outside the range; `total`: all.
    pub(super) fn note(&self, below: f64, above: f64, total: f64) -> String {
        let Some(clip) = self.clip.filter(|_| below + above > 0.0 && total > 0.0) else {
            return String::new();
        };
        let share = (below + above) / total * 100.0;
        let share = if share < 0.01 { "less than 0.01".to_owned() } else { format!("{share:.2}") };
        let ends = match (below > 0.0, above > 0.0) {
            (true, true) => format!("{} and {}", quantile_label(clip), quantile_label(1.0 - clip)),
            (true, false) => quantile_label(clip),
            _ => quantile_label(1.0 - clip),
        };
        format!("horizontal axis cut at {ends}: {share} % of the samples lie outside")
    }
}
