//! Charts of studies: lines and heat maps of sweeps, the way to a goal, shares of the tail and tornados.

use super::axis::Axis;
use super::bars::{Bar, bar_chart};
use super::chart::{Chart, Mark, Marker};
use super::color::{INK, MUTED};
use super::figures::short_label;
use super::heat_map::{HeatMap, heat_map_chart};
use super::lines::{Line, LinePoint, line_chart};
use crate::report::study_attribute::owner_name;
use crate::sim::MetricOutcome;
use crate::study::Parameter;
use crate::study::attribute::{Attribution, Owner};
use crate::study::solve::{Side, Solution};
use crate::study::sweep::{Point, Sweep};
use crate::units::{Unit, format_count, quantile_label};

/// Most bars: the owners of the least are left out.
const BARS_MAX: usize = 16;

/// Smallest share of the tail or of all time that gets a bar, when there are many.
const SHARE_MIN: f64 = 0.0005;

/// Chart of a sweep: the quantiles of a metric over one parameter, or one quantile over two.
///
/// # Parameters
/// - `metric`: id of the metric; `None` takes the last formula that the parameters move.
/// - `q`: quantile that a chart of two parameters shows.
#[must_use]
pub fn sweep_chart(sweep: &Sweep, metric: Option<&str>, q: f64) -> Chart {
    let Some((first, at)) = sweep.points.first().zip(chosen(sweep, metric)) else {
        let mut chart = Chart::new("", Axis::of_share("", 1.0), Axis::of_share("", 1.0));
        "there are no points to show".clone_into(&mut chart.note);
        return chart;
    };
    let name = &first.outcome.metrics[at].name;
    let model = &first.outcome.model_name;
    let prefix = if model.is_empty() { String::new() } else { format!("{model}: ") };
    let mut chart = match &sweep.parameters[..] {
        [x, y] => {
            let title = format!("{prefix}{} of {name}", quantile_label(q));
            heat_map_chart(&heat_map(sweep, (x, y), at, q, title))
        }
        _ => lines(sweep, at, &format!("{prefix}{name} by {}", sweep.parameters[0].name)),
    };
    chart.subtitle = format!(
        "{} samples at each of {} points, on the same random numbers",
        format_count(first.outcome.samples),
        sweep.points.len()
    );
    chart
}

/// Place of the metric with that id, or of the last that the parameters move.
fn chosen(sweep: &Sweep, metric: Option<&str>) -> Option<usize> {
    let metrics = &sweep.points.first()?.outcome.metrics;
    match metric {
        Some(id) => metrics.iter().position(|metric| metric.id == id),
        None => sweep.moved().last().copied().or_else(|| metrics.len().checked_sub(1)),
    }
}

fn axis_name(parameter: &Parameter) -> String {
    parameter.name.replace('_', " ")
}

fn lines(sweep: &Sweep, at: usize, title: &str) -> Chart {
    let parameter = &sweep.parameters[0];
    let metric = |point: &'_ Point| point.outcome.metrics[at].clone();
    let figures = |point: &Point, line: Option<f64>| -> LinePoint {
        let metric: MetricOutcome = metric(point);
        let summary = metric.summary.as_ref();
        let x = point.values[0];
        let Some(q) = line else {
            let mean = summary.and_then(|summary| summary.mean);
            let error = summary.and_then(|summary| summary.mean_standard_error);
            let interval = mean.zip(error).map(|(mean, error)| (mean - 1.96 * error, mean + 1.96 * error));
            return LinePoint { x, y: mean, interval };
        };
        let estimate = summary.and_then(|summary| summary.quantiles.iter().find(|estimate| estimate.q == q));
        let interval = estimate.and_then(|estimate| estimate.low.zip(estimate.high));
        LinePoint { x, y: estimate.and_then(|estimate| estimate.value), interval }
    };
    let first = &sweep.points[0].outcome.metrics[at];
    let mut quantiles: Vec<f64> =
        first.summary.iter().flat_map(|summary| summary.quantiles.iter().map(|estimate| estimate.q)).collect();
    quantiles.sort_by(|a, b| b.total_cmp(a));
    // The legend stands in the order of the lines.
    let names = quantiles.iter().map(|&q| (quantile_label(q), Some(q))).chain([("mean".to_owned(), None)]);
    let lines: Vec<Line> = names
        .map(|(name, q)| Line { name, points: sweep.points.iter().map(|point| figures(point, q)).collect() })
        .collect();
    line_chart(title, (&axis_name(parameter), parameter.unit.as_ref()), (&first.name, first.unit.as_ref()), &lines)
}

fn heat_map(sweep: &Sweep, (x, y): (&Parameter, &Parameter), at: usize, q: f64, title: String) -> HeatMap {
    let (x_values, y_values) = (x.values(), y.values());
    let value = |x: f64, y: f64| {
        let point = sweep.points.iter().find(|point| point.values == [x, y])?;
        let summary = point.outcome.metrics[at].summary.as_ref()?;
        summary.quantiles.iter().find(|estimate| estimate.q == q)?.value
    };
    let values = y_values.iter().map(|&y| x_values.iter().map(|&x| value(x, y)).collect()).collect();
    let named = |parameter: &Parameter| match &parameter.unit {
        Some(unit) => format!("{} ({})", axis_name(parameter), unit.label()),
        None => axis_name(parameter),
    };
    HeatMap {
        title,
        x_name: named(x),
        x_values,
        y_name: named(y),
        y_values,
        figure: quantile_label(q),
        unit: sweep.points[0].outcome.metrics[at].unit.clone(),
        values,
    }
}

/// Chart of a goal: the target's figure over the parameter, its bound, and the answer.
#[must_use]
pub fn solution_chart(solution: &Solution) -> Chart {
    let parameter = &solution.parameter;
    let points = solution.probes.iter().map(|probe| LinePoint {
        x: probe.at,
        // Where there is no steady state the line ends.
        y: Some(probe.value).filter(|value| value.is_finite()),
        interval: probe.low.zip(probe.high).filter(|(_, high)| high.is_finite()),
    });
    let figure = solution.target.text.split(['<', '>']).next().unwrap_or_default().trim().to_owned();
    // The bound belongs into the range that the axis shows.
    let (from, to) = parameter.range().unwrap_or_default();
    let bound = solution.target.bound;
    let bounds = [from, to].map(|x| LinePoint { x, y: Some(bound), interval: None });
    let lines = [
        Line { name: figure.clone(), points: points.collect() },
        Line { name: "target".to_owned(), points: bounds.to_vec() },
    ];
    let title = format!("{}: which {} keeps {}", solution.model_name, axis_name(parameter), solution.target.text);
    let x = (axis_name(parameter), parameter.unit.as_ref());
    let mut chart = line_chart(&title, (&x.0, x.1), (&figure, solution.unit.as_ref()), &lines);
    if let Some(Mark::Line { dashed, .. }) = chart.series.last_mut() {
        *dashed = true;
    }
    if let Some(entry) = chart.legend.last_mut() {
        entry.dashed = true;
    }
    // The bound is a line and no measurement: no dots on it.
    if let Some(at) = chart.series.iter().rposition(|mark| matches!(mark, Mark::Dots { .. })) {
        chart.series.remove(at);
    }
    if let Some(answer) = solution.answer {
        let word = match answer.side {
            Side::Above => "at least",
            Side::Below => "at most",
        };
        let label = format!("{word} {}", short_label(answer.value, parameter.unit.as_ref()));
        chart.markers.push(Marker { at: answer.value, label, color: INK });
        if let Some((low, high)) = answer.low.zip(answer.high) {
            let band = vec![(low, chart.y_axis.low, chart.y_axis.high), (high, chart.y_axis.low, chart.y_axis.high)];
            chart.series.insert(0, Mark::Band { points: band, color: MUTED, opacity: 0.2 });
        }
    }
    chart.subtitle = format!("{} samples a value, on the same random numbers", format_count(solution.samples));
    chart
}

/// Chart of who owns the tail: each owner's share of the time beyond the quantile, against its share of all.
#[must_use]
pub fn share_chart(attribution: &Attribution) -> Chart {
    let label = quantile_label(attribution.threshold.q);
    let percent = Unit::Other("%".to_owned());
    let shares = |owner: &Owner| {
        let (tail, overall) = (owner.tail_share?.value, owner.overall_share?.value);
        Some((tail, overall))
    };
    let is_shown = |owner: &&Owner| {
        shares(owner).is_some_and(|(tail, overall)| tail.abs() >= SHARE_MIN || overall.abs() >= SHARE_MIN)
    };
    let bar = |owner: &Owner| {
        let (tail, overall) = shares(owner).unwrap_or_default();
        Bar { name: owner_name(owner), from: 0.0, to: tail * 100.0, reference: Some(overall * 100.0) }
    };
    let bars: Vec<Bar> = attribution.owners.iter().filter(is_shown).take(BARS_MAX).map(bar).collect();
    let x = format!("share of the time beyond {label}");
    let title = format!("{}: who owns the {label} of {}", attribution.outcome.model_name, attribution.name);
    let mut chart = bar_chart(&title, (&x, Some(&percent)), &bars, None, "share of the time of all requests");
    chart.subtitle = subtitle(attribution);
    chart
}

/// Chart of how far each input moves the quantile, from its own 5 % to its own 95 % quantile; widest first.
#[must_use]
pub fn tornado_chart(attribution: &Attribution) -> Chart {
    let label = quantile_label(attribution.threshold.q);
    let mut bars: Vec<Bar> = attribution
        .owners
        .iter()
        .filter_map(|owner| {
            let (low, high) = owner.quantile_swing?;
            (low.is_finite() && high.is_finite()).then(|| Bar {
                name: owner_name(owner),
                from: low,
                to: high,
                reference: owner.quantile_at_median,
            })
        })
        .collect();
    bars.sort_by(|a, b| (b.to - b.from).abs().total_cmp(&(a.to - a.from).abs()));
    bars.truncate(BARS_MAX);
    let unit = attribution.unit.as_ref();
    let x = format!("{label} of {}", attribution.name);
    let title = format!("{}: what moves the {label} of {}", attribution.outcome.model_name, attribution.name);
    let baseline = attribution.threshold.value;
    let mut chart = bar_chart(&title, (&x, unit), &bars, baseline, "input at its median");
    chart.subtitle = format!("each input at its p5 and at its p95; {}", subtitle(attribution));
    chart
}

fn subtitle(attribution: &Attribution) -> String {
    let at = attribution.threshold.value.map(|value| short_label(value, attribution.unit.as_ref()));
    let scenario = attribution.outcome.scenario.as_ref().map(|scenario| format!("scenario {scenario}, "));
    format!(
        "{}{} {}, {} samples",
        scenario.unwrap_or_default(),
        quantile_label(attribution.threshold.q),
        at.unwrap_or_default(),
        format_count(attribution.outcome.samples)
    )
}
