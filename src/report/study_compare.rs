//! Reports of comparisons: versions side by side, and what changes from the first to each other.

use serde_json::{Value, json};

use super::csv::number;
use super::json::{MetricDocument, SCHEMA};
use super::options::ReportOptions;
use super::study::{Section, StudyReport, change, figure, finite, heading, percent, shown_unit};
use super::study_slo::{self, SloDocument};
use super::warnings::list;
use crate::sim::{MetricOutcome, Outcome};
use crate::study::assertion::AssertionResult;
use crate::study::compare::{Comparison, Difference, ScenarioOutcome};
use crate::study::slo::SloResult;
use crate::study::{Change, Estimate};
use crate::units::{TimeUnit, Unit, format_figure, quantile_label};

/// A comparison with what was asked of it.
#[derive(Debug, Clone, Copy)]
pub struct CompareReport<'a> {
    /// The comparison.
    pub comparison: &'a Comparison,
    /// Objectives, for each version; may be empty.
    pub slos: &'a [Vec<SloResult>],
    /// Assertions about changes.
    pub assertions: &'a [AssertionResult],
}

impl StudyReport for CompareReport<'_> {
    fn sections(&self, options: &ReportOptions) -> Vec<Section> {
        let scenarios = &self.comparison.scenarios;
        let Some(first) = scenarios.first() else { return Vec::new() };
        let what = if self.comparison.paired { " on common random numbers" } else { " drawn apart, compared unpaired" };
        let outcome = &first.outcome;
        let mut sections = vec![heading(&outcome.model_name, None, outcome.samples, outcome.seed, what)];
        let (mut same, mut values) = (Vec::new(), Vec::new());
        for metric in &outcome.metrics {
            if self.differences(metric).all(is_same) {
                same.push(metric.name.clone());
            } else if let Some(row) = self.value_row(metric) {
                values.push(row);
            } else {
                sections.push(self.metric_section(metric, options));
            }
        }
        if !values.is_empty() {
            let heads = std::iter::once(String::new()).chain(scenarios.iter().map(|scenario| scenario.name.clone()));
            sections.insert(1, Section { heads: heads.collect(), word_columns: 1, rows: values, ..Section::default() });
        }
        if !same.is_empty() {
            sections.push(Section::of_lines("", vec![format!("the same in all: {}", list(&same))]));
        }
        let groups: Vec<(&str, &[SloResult])> = scenarios
            .iter()
            .zip(self.slos)
            .map(|(scenario, results)| (scenario.name.as_str(), results.as_slice()))
            .collect();
        sections.extend(study_slo::section(&groups));
        sections.extend(self.assertion_section());
        sections.extend(warnings_section(scenarios.iter().map(|scenario| &scenario.outcome)));
        sections
    }

    fn records(&self) -> Vec<Vec<String>> {
        let heads = ["metric", "name", "unit", "scenario", "figure", "value", "low", "high", "from", "change"];
        let mut records = vec![heads.iter().map(|&head| head.to_owned()).collect::<Vec<_>>()];
        records[0].extend(["change_low".to_owned(), "change_high".to_owned()]);
        for scenario in &self.comparison.scenarios {
            for metric in &scenario.outcome.metrics {
                let difference = self
                    .comparison
                    .differences
                    .iter()
                    .find(|difference| difference.to == scenario.name && difference.metric == metric.id);
                records.extend(metric_records(metric, &scenario.name, difference));
            }
        }
        records
    }

    fn document(&self, histogram_cells: usize) -> Value {
        let scenarios = &self.comparison.scenarios;
        let outcome = scenarios.first().map(|scenario| &scenario.outcome);
        let scenario = |(at, scenario): (usize, &ScenarioOutcome)| {
            let metrics: Vec<MetricDocument> =
                scenario.outcome.metrics.iter().map(|metric| MetricDocument::new(metric, histogram_cells)).collect();
            let slos: Vec<SloDocument> =
                self.slos.get(at).map_or_else(Vec::new, |results| results.iter().map(SloDocument::from).collect());
            json!({
                "name": scenario.name,
                "model": { "name": scenario.outcome.model_name },
                "samples": scenario.outcome.samples,
                "seed": scenario.outcome.seed,
                "metrics": metrics,
                "slos": slos,
            })
        };
        json!({
            "schema": SCHEMA,
            "model": { "name": outcome.map(|outcome| &outcome.model_name) },
            "samples": outcome.map(|outcome| outcome.samples),
            "seed": outcome.map(|outcome| outcome.seed),
            "unit": outcome.and_then(|outcome| outcome.unit.as_ref()).map(Unit::symbol),
            "paired": self.comparison.paired,
            "scenarios": scenarios.iter().enumerate().map(scenario).collect::<Vec<_>>(),
            "differences": self.comparison.differences.iter().map(difference_document).collect::<Vec<_>>(),
            "assertions": self.assertions.iter().map(assertion_document).collect::<Vec<_>>(),
        })
    }
}

fn change_document(change: &Change) -> Value {
    json!({ "change": finite(Some(change.change)), "low": finite(change.low), "high": finite(change.high) })
}

fn difference_document(difference: &Difference) -> Value {
    let quantile = |quantile: &crate::study::compare::QuantileChange| {
        let Change { change, low, high } = quantile.change;
        json!({ "q": quantile.q, "change": finite(Some(change)), "low": finite(low), "high": finite(high) })
    };
    json!({
        "metric": difference.metric,
        "name": difference.name,
        "unit": difference.unit.as_ref().map(Unit::symbol),
        "from": difference.from,
        "to": difference.to,
        "paired": difference.paired,
        "mean": difference.mean.as_ref().map(change_document),
        "quantiles": difference.quantiles.iter().map(quantile).collect::<Vec<_>>(),
    })
}

fn assertion_document(result: &AssertionResult) -> Value {
    json!({
        "assertion": result.assertion,
        "metric": result.metric,
        "from": result.from,
        "to": result.to,
        "verdict": result.verdict.name(),
        "relative": result.is_relative,
        "value": finite(Some(result.value)),
        "low": finite(result.low),
        "high": finite(result.high),
    })
}

fn is_same(difference: &Difference) -> bool {
    difference.mean.is_none_or(|mean| mean == Change::NONE)
        && difference.quantiles.iter().all(|quantile| quantile.change == Change::NONE)
}

impl CompareReport<'_> {
    fn differences(&self, metric: &MetricOutcome) -> impl Iterator<Item = &Difference> {
        let id = metric.id.clone();
        self.comparison.differences.iter().filter(move |difference| difference.metric == id)
    }

    /// The value of a metric in each version, if it is the same in every sample of a version.
    fn value_row(&self, metric: &MetricOutcome) -> Option<Vec<String>> {
        let value = |scenario: &ScenarioOutcome| {
            let found = scenario.outcome.metrics.iter().find(|other| other.id == metric.id)?;
            let summary = found.summary.as_ref().filter(|summary| summary.min == summary.max)?;
            Some(format_figure(summary.min?, found.unit.as_ref(), None, Some(0.0)))
        };
        let values: Option<Vec<String>> = self.comparison.scenarios.iter().map(value).collect();
        Some(std::iter::once(metric.name.clone()).chain(values?).collect())
    }

    /// The figures of a metric, a row a version, each followed by its change.
    fn metric_section(&self, metric: &MetricOutcome, options: &ReportOptions) -> Section {
        let unit = metric.unit.as_ref();
        let quantiles: Vec<f64> =
            metric.summary.iter().flat_map(|summary| summary.quantiles.iter().map(|estimate| estimate.q)).collect();
        let mut heads = vec![String::new(), "mean".to_owned()];
        heads.extend(quantiles.iter().map(|&q| quantile_label(q)));
        let mut rows = Vec::new();
        for scenario in &self.comparison.scenarios {
            let difference = self.differences(metric).find(|difference| difference.to == scenario.name);
            let metrics = &scenario.outcome.metrics;
            let found = metrics.iter().find(|other| other.id == metric.id);
            let found = found.or_else(|| metrics.iter().find(|other| other.name == metric.name));
            let Some(found) = found else { continue };
            rows.push(figures_row(&scenario.name, found, &quantiles, options.intervals));
            if let Some(difference) = difference {
                let shown = shown_unit(unit, changes(difference));
                rows.push(changes_row(difference, &quantiles, unit, shown));
            }
        }
        Section { title: metric.name.clone(), heads, word_columns: 1, rows, lines: Vec::new() }
    }

    fn assertion_section(&self) -> Option<Section> {
        let row = |result: &AssertionResult| {
            let estimate = Estimate { value: result.value, low: result.low, high: result.high };
            let change = Change { change: result.value, low: result.low, high: result.high };
            let value = if result.is_relative {
                percent(Some(&estimate))
            } else {
                self::change(&change, result.unit.as_ref(), None)
            };
            vec![result.assertion.clone(), result.to.clone(), result.verdict.name().to_owned(), value]
        };
        (!self.assertions.is_empty()).then(|| Section {
            title: "assertions".to_owned(),
            heads: ["assertion", "scenario", "verdict", "change"].map(str::to_owned).to_vec(),
            word_columns: 3,
            rows: self.assertions.iter().map(row).collect(),
            lines: Vec::new(),
        })
    }
}

fn changes(difference: &Difference) -> impl Iterator<Item = f64> + '_ {
    let quantiles = difference.quantiles.iter().map(|quantile| quantile.change.change);
    difference.mean.iter().map(|mean| mean.change).chain(quantiles)
}

fn figures_row(name: &str, metric: &MetricOutcome, quantiles: &[f64], intervals: bool) -> Vec<String> {
    let unit = metric.unit.as_ref();
    let Some(summary) = &metric.summary else {
        return std::iter::once(name.to_owned()).chain(vec!["-".to_owned(); quantiles.len() + 1]).collect();
    };
    let values = summary.mean.into_iter().chain(summary.quantiles.iter().filter_map(|estimate| estimate.value));
    let shown = shown_unit(unit, values);
    let mut row = vec![name.to_owned()];
    let error = summary.mean_standard_error.map_or(0.0, |error| 2.0 * error);
    let ends = summary.mean.map(|mean| (Some(mean - error), Some(mean + error))).unwrap_or_default();
    row.push(figure(summary.mean, ends, unit, shown, intervals));
    row.extend(quantiles.iter().map(|&q| match summary.quantiles.iter().find(|estimate| estimate.q == q) {
        Some(estimate) => figure(estimate.value, (estimate.low, estimate.high), unit, shown, intervals),
        None => "-".to_owned(),
    }));
    row
}

fn changes_row(
    difference: &Difference,
    quantiles: &[f64],
    unit: Option<&Unit>,
    shown: Option<TimeUnit>,
) -> Vec<String> {
    let mut row = vec![format!("  from {}", difference.from)];
    row.push(difference.mean.as_ref().map_or("-".to_owned(), |mean| change(mean, unit, shown)));
    row.extend(quantiles.iter().map(|&q| match difference.quantiles.iter().find(|quantile| quantile.q == q) {
        Some(quantile) => change(&quantile.change, unit, shown),
        None => "-".to_owned(),
    }));
    row
}

fn metric_records(metric: &MetricOutcome, scenario: &str, difference: Option<&Difference>) -> Vec<Vec<String>> {
    let Some(summary) = &metric.summary else { return Vec::new() };
    let unit = metric.unit.as_ref().map_or("", Unit::symbol);
    let record = |figure: String, value: [Option<f64>; 3], change: Option<Change>| {
        let mut record: Vec<String> =
            [&metric.id, &metric.name, unit, scenario, &figure].iter().map(|&cell| cell.to_owned()).collect();
        record.extend(value.map(number));
        record.push(change.and(difference).map_or_else(String::new, |difference| difference.from.clone()));
        record.extend(
            [change.map(|change| change.change), change.and_then(|c| c.low), change.and_then(|c| c.high)].map(number),
        );
        record
    };
    let error = summary.mean_standard_error.map(|error| 1.96 * error);
    let end = |sign: f64| summary.mean.zip(error).map(|(mean, error)| mean + sign * error);
    let mut records = vec![record(
        "mean".to_owned(),
        [summary.mean, end(-1.0), end(1.0)],
        difference.and_then(|difference| difference.mean),
    )];
    for estimate in &summary.quantiles {
        let change =
            difference.and_then(|difference| difference.quantiles.iter().find(|change| change.q == estimate.q));
        let figures = [estimate.value, estimate.low, estimate.high];
        records.push(record(quantile_label(estimate.q), figures, change.map(|change| change.change)));
    }
    records
}

/// Problems and warnings of several outcomes, each once.
pub(super) fn warnings_section<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Option<Section> {
    let mut lines: Vec<String> = Vec::new();
    for outcome in outcomes {
        for metric in &outcome.metrics {
            let problems = metric.problems.iter().map(|problem| format!("error: {}: {}", metric.name, problem.message));
            let warnings =
                metric.warnings.iter().map(|warning| format!("warning: {}: {}", metric.name, warning.message));
            lines.extend(problems.chain(warnings));
        }
        lines.extend(outcome.warnings.iter().map(|warning| format!("warning: {}", warning.message)));
    }
    let mut seen = std::collections::BTreeSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    (!lines.is_empty()).then(|| Section::of_lines("", lines))
}
