//! The `run` document: the outcome as JSON, described by `docs/schema/run.json`.
//!
//! The types here are the document; studies embed [`MetricDocument`] in theirs. Absent figures are `null`, never 0, and
//! so are infinite ones, which JSON cannot hold; the counts beside the histogram tell them apart. Fields are added over
//! time and never change their meaning.

use std::io;

use serde::{Deserialize, Serialize};

use super::cells;
use super::correlation::CorrelationDocument;
use super::inferred::InferredDocument;
use super::provenance::ProvenanceDocument;
use super::study_slo::SloDocument;
use super::verify::VerifyDocument;
use crate::problem::{Problem, Warning};
use crate::recorder::{Bin, QuantileEstimate, Recording, Summary};
use crate::sim::{MetricOutcome, Outcome, Stop};
use crate::units::Unit;

/// Version of the document.
pub const SCHEMA: u32 = 1;

/// The document that `run` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunDocument {
    /// Version of the document: 1.
    pub schema: u32,
    /// The model.
    pub model: ModelDocument,
    /// Scenario that was run.
    #[serde(default)]
    pub scenario: Option<String>,
    /// Samples drawn of every metric.
    pub samples: u64,
    /// Seed of the streams.
    pub seed: u64,
    /// Unit of the model.
    #[serde(default)]
    pub unit: Option<String>,
    /// Why the run stopped: `completed`, `precision-reached`, `sample-limit` or `interrupted`.
    #[serde(default)]
    pub stop: StopDocument,
    /// Whether the user interrupted the run.
    #[serde(default)]
    pub interrupted: bool,
    /// The metrics, in the order of the file.
    pub metrics: Vec<MetricDocument>,
    /// What the samples say about the objectives; left out without objectives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slos: Vec<SloDocument>,
    /// Declared rank correlations beside those of the samples; left out without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub correlations: Vec<CorrelationDocument>,
    /// Warnings about the run as a whole.
    #[serde(default)]
    pub warnings: Vec<WarningDocument>,
    /// Files that the figures or the model were made from, where they were imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Vec<ProvenanceDocument>>,
    /// What was found in an architecture or in traces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inferred: Option<InferredDocument>,
    /// What the model predicts against what was measured, an entry an endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<Vec<VerifyDocument>>,
}

/// The model, as documents name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelDocument {
    /// Name of the model.
    pub name: String,
}

/// Why a run stopped, by its name in documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopDocument {
    /// All samples asked for were drawn.
    #[default]
    Completed,
    /// The precision asked for was reached.
    PrecisionReached,
    /// The precision was not reached within the samples allowed.
    SampleLimit,
    /// The user interrupted the run.
    Interrupted,
}

impl From<Stop> for StopDocument {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Completed => Self::Completed,
            Stop::PrecisionReached => Self::PrecisionReached,
            Stop::SampleLimit => Self::SampleLimit,
            Stop::Interrupted => Self::Interrupted,
        }
    }
}

/// One metric of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricDocument {
    /// Id, as in the file.
    pub id: String,
    /// Readable id, as in the file.
    pub readable_id: String,
    /// Name for people.
    pub name: String,
    /// Resolved type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Unit of every figure of the metric.
    #[serde(default)]
    pub unit: Option<String>,
    /// Samples drawn, filtered and non-finite ones included; 0 when nothing could be drawn.
    pub samples: u64,
    /// Samples dropped by a filter.
    pub filtered: u64,
    /// Samples that were infinite or not a number.
    pub non_finite: u64,
    /// Of those, the samples that were not a number.
    #[serde(default)]
    pub not_a_number: u64,
    /// Mean of the finite samples.
    pub mean: Option<f64>,
    /// Standard error of the mean.
    pub mean_standard_error: Option<f64>,
    /// Standard deviation of the finite samples.
    pub stdev: Option<f64>,
    /// Smallest finite sample.
    pub min: Option<f64>,
    /// Largest finite sample.
    pub max: Option<f64>,
    /// The quantiles asked for, in the order asked.
    pub quantiles: Vec<QuantileDocument>,
    /// The recorded distribution, merged to a bounded number of cells: every cell that holds a sample, ascending. `null`
    /// when it was left out or nothing could be drawn.
    #[serde(default)]
    pub histogram: Option<Vec<CellDocument>>,
    /// Samples at minus infinity, in no cell.
    #[serde(default)]
    pub negative_infinite: u64,
    /// Samples at plus infinity, in no cell.
    #[serde(default)]
    pub positive_infinite: u64,
    /// What went wrong.
    pub errors: Vec<ErrorDocument>,
    /// What the user should know.
    pub warnings: Vec<WarningDocument>,
    /// Where measured data come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<ProvenanceDocument>,
}

/// A quantile with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct QuantileDocument {
    /// The quantile, in `[0, 1]`.
    pub q: f64,
    /// Estimate.
    pub value: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

/// One cell, written as `[low, high, count]`; `low` and `high` are equal where it holds one exact value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CellDocument(pub f64, pub f64, pub u64);

/// An error of a metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDocument {
    /// Stage that found it: `graph`, `parse` or `sampling`.
    pub kind: String,
    /// Stable identifier in kebab case.
    pub code: String,
    /// Message for people.
    pub message: String,
    /// Byte range `[start, end]` in the metric's text.
    #[serde(default)]
    pub span: Option<[usize; 2]>,
    /// Words beside the caret.
    #[serde(default)]
    pub label: Option<String>,
    /// What the user can do about it.
    #[serde(default)]
    pub help: Option<String>,
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarningDocument {
    /// Stable identifier in kebab case.
    pub code: String,
    /// Message for people.
    pub message: String,
    /// What the user can do about it.
    #[serde(default)]
    pub help: Option<String>,
}

impl RunDocument {
    /// Document of an outcome, each metric with at most `histogram_cells` cells of its distribution (0: none).
    #[must_use]
    pub fn new(outcome: &Outcome, histogram_cells: usize) -> Self {
        Self {
            schema: SCHEMA,
            model: ModelDocument { name: outcome.model_name.clone() },
            scenario: outcome.scenario.clone(),
            samples: outcome.samples,
            seed: outcome.seed,
            unit: symbol(outcome.unit.as_ref()),
            stop: outcome.stop.into(),
            interrupted: outcome.stop == Stop::Interrupted,
            metrics: outcome.metrics.iter().map(|metric| MetricDocument::new(metric, histogram_cells)).collect(),
            slos: Vec::new(),
            correlations: Vec::new(),
            warnings: outcome.warnings.iter().map(WarningDocument::from).collect(),
            provenance: None,
            inferred: None,
            verify: None,
        }
    }
}

impl MetricDocument {
    /// Document of one metric, with at most `histogram_cells` cells of its distribution (0: none).
    #[must_use]
    pub fn new(metric: &MetricOutcome, histogram_cells: usize) -> Self {
        let summary = metric.summary.as_ref();
        let recording = metric.recording.as_ref();
        let count = |of: fn(&Summary) -> u64| summary.map_or(0, of);
        let figure = |of: fn(&Summary) -> Option<f64>| finite(summary.and_then(of));
        Self {
            id: metric.id.clone(),
            readable_id: metric.readable_id.clone(),
            name: metric.name.clone(),
            type_name: metric.type_name.to_owned(),
            unit: symbol(metric.unit.as_ref()),
            samples: count(|summary| summary.samples),
            filtered: count(|summary| summary.filtered),
            non_finite: count(|summary| summary.non_finite),
            not_a_number: count(|summary| summary.not_a_number),
            mean: figure(|summary| summary.mean),
            mean_standard_error: figure(|summary| summary.mean_standard_error),
            stdev: figure(|summary| summary.stdev),
            min: figure(|summary| summary.min),
            max: figure(|summary| summary.max),
            quantiles: summary
                .map_or_else(Vec::new, |summary| summary.quantiles.iter().map(QuantileDocument::from).collect()),
            histogram: recording.filter(|_| histogram_cells > 0).map(|recording| {
                cells::merge(recording, histogram_cells).into_iter().map(CellDocument::from).collect()
            }),
            negative_infinite: recording.map_or(0, Recording::negative_infinite),
            positive_infinite: recording.map_or(0, Recording::positive_infinite),
            errors: metric.problems.iter().map(ErrorDocument::from).collect(),
            warnings: metric.warnings.iter().map(WarningDocument::from).collect(),
            provenance: None,
        }
    }
}

fn symbol(unit: Option<&Unit>) -> Option<String> {
    unit.map(|unit| unit.symbol().to_owned())
}

/// The figure if JSON can hold it.
fn finite(figure: Option<f64>) -> Option<f64> {
    figure.filter(|figure| figure.is_finite())
}

impl From<Bin> for CellDocument {
    fn from(bin: Bin) -> Self {
        Self(bin.low, bin.high, bin.count)
    }
}

impl From<&QuantileEstimate> for QuantileDocument {
    fn from(estimate: &QuantileEstimate) -> Self {
        Self { q: estimate.q, value: finite(estimate.value), low: finite(estimate.low), high: finite(estimate.high) }
    }
}

impl From<&Problem> for ErrorDocument {
    fn from(problem: &Problem) -> Self {
        Self {
            kind: problem.kind.name().to_owned(),
            code: problem.code.to_owned(),
            message: problem.message.clone(),
            span: problem.span.map(|span| [span.start, span.end]),
            label: Some(problem.label.clone()).filter(|label| !label.is_empty()),
            help: problem.help.clone(),
        }
    }
}

impl From<&Warning> for WarningDocument {
    fn from(warning: &Warning) -> Self {
        Self { code: warning.code.to_owned(), message: warning.message.clone(), help: warning.help.clone() }
    }
}

/// Writes any document as JSON with a line end, indented if `pretty`; the cells of histograms stay one to a line.
///
/// # Errors
/// What `out` returns.
pub fn write_to<T: Serialize>(document: &T, pretty: bool, out: &mut dyn io::Write) -> io::Result<()> {
    if pretty {
        let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Indented::default());
        document.serialize(&mut serializer)?;
    } else {
        serde_json::to_writer(&mut *out, document)?;
    }
    out.write_all(b"\n")
}

/// Indentation by two blanks, with arrays of numbers on one line.
///
/// Whether an array holds only numbers is not known when it opens, so depth decides: an array inside an array is a
/// histogram cell or a span list, and is written on one line.
#[derive(Default)]
struct Indented {
    pretty: serde_json::ser::PrettyFormatter<'static>,
    /// For each open array or object, whether it is an array.
    open: Vec<bool>,
    /// Number of open arrays that are written on one line.
    inline: usize,
}

impl serde_json::ser::Formatter for Indented {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.inline > 0 || self.open.last() == Some(&true) {
            self.inline += 1;
            self.open.push(true);
            return writer.write_all(b"[");
        }
        self.open.push(true);
        self.pretty.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.pop();
        if self.inline > 0 {
            self.inline -= 1;
            return writer.write_all(b"]");
        }
        self.pretty.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if self.inline > 0 {
            return if first { Ok(()) } else { writer.write_all(b", ") };
        }
        self.pretty.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.inline > 0 { Ok(()) } else { self.pretty.end_array_value(writer) }
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.push(false);
        self.pretty.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.pop();
        self.pretty.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }
}
