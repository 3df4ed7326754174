//! The cells of the table of figures, for text and Markdown alike: which unit, how many digits, which marks.
//!
//! It chooses words and digits, not layout.

use super::warnings::{list, supports};
use crate::problem::Warning;
use crate::recorder::{QuantileEstimate, Summary};
use crate::sim::{MetricOutcome, Outcome, Stop};
use crate::units::{
    TimeUnit, Unit, common_unit, format_count, format_figure, format_with_error, natural_unit, quantile_label,
};

/// Mark of a quantile that the samples do not support.
pub(super) const UNSUPPORTED: &str = "?";
/// What stands for a figure that is absent.
pub(super) const ABSENT: &str = "-";
/// Metrics that a warning names before it only counts the rest.
const NAMED_METRICS_MAX: usize = 3;

/// The table of figures: a row a metric.
pub(super) struct Table {
    /// Heads of the columns after the name.
    pub(super) heads: Vec<String>,
    /// Rows, in the order of the metrics.
    pub(super) rows: Vec<Row>,
    /// Whether any cell carries the mark [`UNSUPPORTED`].
    pub(super) any_unsupported: bool,
}

/// One row: the metric and its cells.
pub(super) struct Row {
    /// Name for people; with the readable id where the name alone is not unique.
    pub(super) name: String,
    /// Cells, one a head.
    pub(super) cells: Vec<String>,
    /// The 95 % interval of each cell that has one.
    pub(super) intervals: Vec<Option<String>>,
}

impl Table {
    /// Table of all metrics, with a column for every quantile that any of them has.
    pub(super) fn new(outcome: &Outcome) -> Self {
        let quantiles = quantiles(outcome);
        let mut heads = vec!["mean".to_owned()];
        heads.extend(quantiles.iter().map(|&q| quantile_label(q)));
        let mut table = Self { heads, rows: Vec::new(), any_unsupported: false };
        for (metric, name) in outcome.metrics.iter().zip(display_names(outcome)) {
            let (cells, intervals) = cells(metric, &quantiles);
            table.any_unsupported |= cells.iter().any(|cell| cell.ends_with(UNSUPPORTED));
            table.rows.push(Row { name, cells, intervals });
        }
        table
    }
}

/// The quantiles of the outcome, each once, in the order in which they first appear.
pub(super) fn quantiles(outcome: &Outcome) -> Vec<f64> {
    let mut quantiles: Vec<f64> = Vec::new();
    for estimate in outcome.metrics.iter().filter_map(|metric| metric.summary.as_ref()).flat_map(|s| &s.quantiles) {
        if !quantiles.contains(&estimate.q) {
            quantiles.push(estimate.q);
        }
    }
    quantiles
}

/// Names for people, unique where the readable ids are: `name`, or `name (AE)` if several metrics have that name.
pub(super) fn display_names(outcome: &Outcome) -> Vec<String> {
    let mut sorted: Vec<&str> = outcome.metrics.iter().map(|metric| metric.name.as_str()).collect();
    sorted.sort_unstable();
    let count =
        |name: &str| sorted.partition_point(|&other| other <= name) - sorted.partition_point(|&other| other < name);
    let display = |metric: &MetricOutcome| {
        let name = one_line(metric.name.trim());
        if name.is_empty() {
            one_line(&metric.readable_id)
        } else if count(&metric.name) > 1 {
            format!("{name} ({})", one_line(&metric.readable_id))
        } else {
            name
        }
    };
    outcome.metrics.iter().map(display).collect()
}

/// The text with control characters, which could move the cursor or break a line, replaced by blanks.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// Cells of one metric and the intervals of those that have one.
fn cells(metric: &MetricOutcome, quantiles: &[f64]) -> (Vec<String>, Vec<Option<String>>) {
    let Some(summary) = &metric.summary else {
        return (vec![ABSENT.to_owned(); quantiles.len() + 1], vec![None; quantiles.len() + 1]);
    };
    let unit = metric.unit.as_ref();
    let shown = unit.and_then(Unit::time).and_then(|time| common_unit(shown_values(summary), time));
    let mean = match (summary.mean, summary.mean_standard_error) {
        (Some(mean), Some(error)) => format_with_error(mean, error, unit, shown),
        (Some(mean), None) => format_figure(mean, unit, shown, None),
        (None, _) => ABSENT.to_owned(),
    };
    let (mut cells, mut intervals) = (vec![mean], vec![None]);
    for &q in quantiles {
        let estimate = summary.quantiles.iter().find(|estimate| estimate.q == q);
        let value = estimate.and_then(|estimate| estimate.value);
        let Some((estimate, value)) = estimate.zip(value) else {
            cells.push(ABSENT.to_owned());
            intervals.push(None);
            continue;
        };
        let error = error_of(summary, estimate);
        let mark = if supports(summary, q) { "" } else { UNSUPPORTED };
        cells.push(format!("{}{mark}", format_figure(value, unit, shown, error)));
        let ends = estimate.low.zip(estimate.high).filter(|_| error != Some(0.0));
        intervals.push(ends.map(|(low, high)| {
            format!(
                "{}…{}",
                without_unit(low, unit, shown, value, error),
                without_unit(high, unit, shown, value, error)
            )
        }));
    }
    (cells, intervals)
}

/// The figures of a row that share one unit if they can.
fn shown_values(summary: &Summary) -> impl Iterator<Item = f64> + '_ {
    summary.mean.into_iter().chain(summary.quantiles.iter().filter_map(|estimate| estimate.value))
}

/// Half the width of a recorded cell, relative to its value: a quantile is not known better.
const CELL_HALF_WIDTH: f64 = 0.000_25;
/// Whole numbers up to here are recorded exactly.
const EXACT_MAX: f64 = 2048.0;

/// Half the width of a quantile's interval, at least that of a recorded cell; 0 for what is exact, `None` if not known.
fn error_of(summary: &Summary, estimate: &QuantileEstimate) -> Option<f64> {
    if summary.min.is_some() && summary.min == summary.max && summary.non_finite == 0 {
        return Some(0.0);
    }
    let (low, high) = estimate.low.zip(estimate.high)?;
    let half = (high - low) / 2.0;
    if half == 0.0 && low.fract() == 0.0 && low.abs() <= EXACT_MAX {
        return Some(0.0);
    }
    let cell = estimate.value.map_or(0.0, |value| value.abs() * CELL_HALF_WIDTH);
    half.is_finite().then_some(half.max(cell))
}

/// An end of an interval, in the unit and with the digits of the value it belongs to.
fn without_unit(end: f64, unit: Option<&Unit>, shown: Option<TimeUnit>, value: f64, error: Option<f64>) -> String {
    let shown = unit.and_then(Unit::time).map(|time| shown.unwrap_or_else(|| natural_unit(value, time)));
    let text = format_figure(end, unit, shown, error);
    text.split(' ').next().unwrap_or_default().to_owned()
}

/// `1,000,000 samples, seed 42`, and why the run stopped if it did not simply end.
pub(super) fn run_line(outcome: &Outcome) -> String {
    let stop = match outcome.stop {
        Stop::Completed => "",
        Stop::PrecisionReached => ", stopped at the precision asked for",
        Stop::SampleLimit => ", stopped at the limit short of the precision asked for",
        Stop::Interrupted => ", interrupted",
    };
    let noun = if outcome.samples == 1 { "sample" } else { "samples" };
    format!("{} {noun}, seed {}{stop}", format_count(outcome.samples), outcome.seed)
}

/// `model` or `model, scenario "name"`.
pub(super) fn title(outcome: &Outcome) -> String {
    let name = one_line(outcome.model_name.trim());
    let name = if name.is_empty() { "unnamed model".to_owned() } else { name };
    match &outcome.scenario {
        Some(scenario) => format!("{name}, scenario \"{}\"", one_line(scenario)),
        None => name,
    }
}

/// Warnings of the run and its metrics, each wording once, with the metrics that it concerns.
pub(super) fn grouped_warnings(outcome: &Outcome) -> Vec<(String, &Warning)> {
    let names = display_names(outcome);
    let mut groups: Vec<(&Warning, Vec<String>)> = outcome.warnings.iter().map(|warning| (warning, vec![])).collect();
    let of_run = groups.len();
    for (metric, name) in outcome.metrics.iter().zip(&names) {
        for warning in &metric.warnings {
            match groups[of_run..].iter_mut().find(|(present, _)| *present == warning) {
                Some((_, metrics)) => metrics.push(name.clone()),
                None => groups.push((warning, vec![name.clone()])),
            }
        }
    }
    groups.into_iter().map(|(warning, metrics)| (concerned(metrics), warning)).collect()
}

/// `a, b: `, with the rest of many names only counted; empty for none.
fn concerned(mut metrics: Vec<String>) -> String {
    if metrics.is_empty() {
        return String::new();
    }
    if metrics.len() > NAMED_METRICS_MAX + 1 {
        let rest = metrics.len() - NAMED_METRICS_MAX;
        metrics.truncate(NAMED_METRICS_MAX);
        metrics.push(format!("{rest} more metrics"));
    }
    format!("{}: ", list(&metrics))
}
