//! Reports of sweeps: the figures of each metric that the parameters move, a row a point.

use serde_json::{Value, json};

use super::csv::number;
use super::json::{MetricDocument, SCHEMA};
use super::options::ReportOptions;
use super::study::{ABSENT, Section, StudyReport, figure, heading, shown_unit};
use super::study_compare::warnings_section;
use super::study_slo::SloDocument;
use super::warnings::list;
use crate::recorder::Summary;
use crate::sim::{MetricOutcome, Outcome, Stop};
use crate::study::slo::SloResult;
use crate::study::sweep::{Point, Sweep};
use crate::units::{Unit, format_figure, quantile_label};

/// Most metrics that the text shows; the last of the model are what it is about.
const METRICS_SHOWN_MAX: usize = 4;

impl StudyReport for Sweep {
    fn sections(&self, options: &ReportOptions) -> Vec<Section> {
        let Some(first) = self.points.first() else { return Vec::new() };
        let outcome = &first.outcome;
        let samples = self.points.iter().map(|point| point.outcome.samples).max().unwrap_or(0);
        let what = format!(" a point, {} points on common random numbers", self.points.len());
        let scenario = outcome.scenario.as_deref();
        let mut sections = vec![heading(&outcome.model_name, scenario, samples, outcome.seed, &what)];
        if self.stop == Stop::Interrupted {
            sections[0].lines.push("interrupted: points are missing".to_owned());
        }
        let moved: Vec<usize> = self.moved();
        let hidden = moved.len().saturating_sub(METRICS_SHOWN_MAX);
        sections.extend(moved[hidden..].iter().map(|&at| self.metric_section(at, options)));
        if hidden > 0 {
            let names: Vec<String> = moved[..hidden].iter().map(|&at| outcome.metrics[at].name.clone()).collect();
            let line = format!("not shown: {}; name metrics with `--metric`", list(&names));
            sections.push(Section::of_lines("", vec![line]));
        }
        sections.extend(self.slo_section());
        sections.extend(warnings_section(self.points.iter().map(|point| &point.outcome)));
        sections
    }

    fn records(&self) -> Vec<Vec<String>> {
        let quantiles = self.quantiles();
        let mut head: Vec<String> = self.parameters.iter().map(|parameter| parameter.name.clone()).collect();
        head.extend(["metric", "name", "unit", "samples", "mean", "mean_standard_error", "stdev"].map(str::to_owned));
        for label in quantiles.iter().map(|&q| quantile_label(q)) {
            head.extend([label.clone(), format!("{label}_low"), format!("{label}_high")]);
        }
        let mut records = vec![head];
        for point in &self.points {
            for metric in &point.outcome.metrics {
                let mut record: Vec<String> = point.values.iter().map(|&value| number(Some(value))).collect();
                let unit = metric.unit.as_ref().map_or("", Unit::symbol);
                record.extend([&metric.id, &metric.name, unit].map(str::to_owned));
                let summary = metric.summary.as_ref();
                record.push(summary.map_or_else(String::new, |summary| summary.samples.to_string()));
                let figures: [fn(&Summary) -> Option<f64>; 3] = [|s| s.mean, |s| s.mean_standard_error, |s| s.stdev];
                record.extend(figures.map(|figure| number(summary.and_then(figure))));
                for &q in &quantiles {
                    let estimate = summary.and_then(|summary| summary.quantiles.iter().find(|e| e.q == q));
                    let figures = estimate.map_or([None; 3], |e| [e.value, e.low, e.high]);
                    record.extend(figures.map(number));
                }
                records.push(record);
            }
        }
        records
    }

    fn document(&self, _: usize) -> Value {
        let outcome: Option<&Outcome> = self.points.first().map(|point| &point.outcome);
        let point = |point: &Point| {
            let metrics: Vec<MetricDocument> =
                point.outcome.metrics.iter().map(|metric| MetricDocument::new(metric, 0)).collect();
            let slos: Vec<SloDocument> = point.slos.iter().map(SloDocument::from).collect();
            json!({ "values": point.values, "metrics": metrics, "slos": slos })
        };
        let units = self.parameters.iter().map(|parameter| parameter.unit.as_ref().map(Unit::symbol));
        json!({
            "schema": SCHEMA,
            "model": { "name": outcome.map(|outcome| &outcome.model_name) },
            "scenario": outcome.and_then(|outcome| outcome.scenario.as_ref()),
            "samples": self.points.iter().map(|point| point.outcome.samples).max(),
            "seed": outcome.map(|outcome| outcome.seed),
            "unit": outcome.and_then(|outcome| outcome.unit.as_ref()).map(Unit::symbol),
            "interrupted": self.stop == Stop::Interrupted,
            "parameters": self.parameters.iter().map(|parameter| &parameter.name).collect::<Vec<_>>(),
            "parameter_units": units.collect::<Vec<_>>(),
            "points": self.points.iter().map(point).collect::<Vec<_>>(),
        })
    }
}

impl Sweep {
    fn quantiles(&self) -> Vec<f64> {
        let summaries = self.points.iter().flat_map(|point| &point.outcome.metrics).filter_map(|m| m.summary.as_ref());
        summaries.flat_map(|summary| summary.quantiles.iter().map(|estimate| estimate.q)).fold(
            Vec::new(),
            |mut quantiles, q| {
                if !quantiles.contains(&q) {
                    quantiles.push(q);
                }
                quantiles
            },
        )
    }

    /// Metrics whose figures differ from point to point, the parameters themselves left out.
    pub(crate) fn moved(&self) -> Vec<usize> {
        let Some(first) = self.points.first() else { return Vec::new() };
        let metrics = &first.outcome.metrics;
        let is_moved = |at: &usize| {
            let of = |point: &Point| {
                let summary = point.outcome.metrics[*at].summary.as_ref()?;
                let quantiles: Vec<Option<f64>> = summary.quantiles.iter().map(|estimate| estimate.value).collect();
                Some((summary.mean, summary.stdev, quantiles))
            };
            metrics[*at].type_name == "FUNCTION" && self.points.iter().any(|point| of(point) != of(first))
        };
        (0..metrics.len()).filter(is_moved).collect()
    }

    fn metric_section(&self, at: usize, options: &ReportOptions) -> Section {
        let metrics: Vec<&MetricOutcome> = self.points.iter().map(|point| &point.outcome.metrics[at]).collect();
        let (name, unit) = (&metrics[0].name, metrics[0].unit.as_ref());
        let quantiles = self.quantiles();
        let names: Vec<String> = self.parameters.iter().map(|parameter| parameter.name.clone()).collect();
        let mut heads = names.clone();
        heads.push("mean".to_owned());
        heads.extend(quantiles.iter().map(|&q| quantile_label(q)));
        let summaries = || metrics.iter().filter_map(|metric| metric.summary.as_ref());
        let values = summaries().flat_map(|summary| {
            summary.mean.into_iter().chain(summary.quantiles.iter().filter_map(|estimate| estimate.value))
        });
        let shown = shown_unit(unit, values);
        let row = |(point, metric): (&Point, &&MetricOutcome)| {
            let mut row: Vec<String> = self.value_cells(point);
            let Some(summary) = &metric.summary else {
                row.extend(vec![ABSENT.to_owned(); quantiles.len() + 1]);
                return row;
            };
            let error = summary.mean_standard_error.map_or(0.0, |error| 2.0 * error);
            let ends = summary.mean.map(|mean| (Some(mean - error), Some(mean + error))).unwrap_or_default();
            row.push(figure(summary.mean, ends, unit, shown, options.intervals));
            row.extend(quantiles.iter().map(|&q| {
                let estimate = summary.quantiles.iter().find(|estimate| estimate.q == q);
                estimate.map_or(ABSENT.to_owned(), |estimate| {
                    figure(estimate.value, (estimate.low, estimate.high), unit, shown, options.intervals)
                })
            }));
            row
        };
        Section {
            title: format!("{name} by {}", list(&names)),
            heads,
            word_columns: self.parameters.len(),
            rows: self.points.iter().zip(&metrics).map(row).collect(),
            lines: Vec::new(),
        }
    }

    fn value_cells(&self, point: &Point) -> Vec<String> {
        let cell = |(value, unit): (&f64, Option<&Unit>)| format_figure(*value, unit, None, Some(0.0));
        point.values.iter().zip(self.parameters.iter().map(|parameter| parameter.unit.as_ref())).map(cell).collect()
    }

    /// Verdict of each objective at each point.
    fn slo_section(&self) -> Option<Section> {
        let first = self.points.first().filter(|point| !point.slos.is_empty())?;
        let mut heads: Vec<String> = self.parameters.iter().map(|parameter| parameter.name.clone()).collect();
        heads.extend(first.slos.iter().map(|result| result.slo.clone()));
        let row = |point: &Point| {
            let verdict = |result: &SloResult| result.verdict.name().to_owned();
            self.value_cells(point).into_iter().chain(point.slos.iter().map(verdict)).collect()
        };
        Some(Section {
            title: "objectives".to_owned(),
            word_columns: self.parameters.len(),
            rows: self.points.iter().map(row).collect(),
            heads,
            lines: Vec::new(),
        })
    }
}
