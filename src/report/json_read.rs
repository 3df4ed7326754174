//! Reads a `run` document back, so that saved results can be plotted and compared.
//!
//! The figures come back with the same bits. The recorded distribution comes back as coarse as it was saved. Codes of
//! errors and warnings are static in an [`Outcome`], so those of a document all become [`SAVED`]; their messages stay.

use super::json::{ErrorDocument, MetricDocument, RunDocument, SCHEMA, StopDocument, WarningDocument};
use crate::problem::{Problem, ProblemKind, Warning};
use crate::recorder::{Bin, QuantileEstimate, Recording, Summary};
use crate::sim::{MetricOutcome, Outcome, Stop};
use crate::span::Span;
use crate::units::Unit;

/// Code of every error and warning that was read from a document.
pub const SAVED: &str = "saved";

/// Types of metrics that a document can name.
const TYPE_NAMES: [&str; 8] = ["POINT", "NORMAL", "LOGNORMAL", "UNIFORM", "BETA", "DATA", "FUNCTION", "NONE"];

/// Text that is no `run` document.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The text is not JSON of the shape of a `run` document.
    #[error("expected a `run` document: {0}")]
    Shape(#[from] serde_json::Error),
    /// The document has a version that this program does not know.
    #[error("expected a `run` document of schema {SCHEMA}, found schema {found}")]
    Schema {
        /// Version found.
        found: u32,
    },
    /// The cells of a histogram are not ascending, or overlap.
    #[error("expected the cells of `{metric}` in ascending order, found cell {cell} out of order")]
    Cells {
        /// Name of the metric.
        metric: String,
        /// Index of the first cell that is out of order.
        cell: usize,
    },
}

/// Whether the text looks like a saved result and not like a model: an object with `schema`.
#[must_use]
pub fn is_result(text: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        schema: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_str::<Head>(text).is_ok_and(|head| head.schema.is_some())
}

/// Reads the document and turns it into an outcome.
///
/// # Errors
/// - [`DocumentError::Shape`] if the text is not JSON or a field is missing or of the wrong type.
/// - [`DocumentError::Schema`] if `schema` is not 1.
/// - [`DocumentError::Cells`] if a histogram's cells are not ascending.
pub fn read(text: &str) -> Result<Outcome, DocumentError> {
    let document: RunDocument = serde_json::from_str(text)?;
    if document.schema != SCHEMA {
        return Err(DocumentError::Schema { found: document.schema });
    }
    Ok(Outcome {
        model_name: document.model.name,
        scenario: document.scenario,
        samples: document.samples,
        seed: document.seed,
        unit: document.unit.as_deref().map(Unit::parse),
        stop: match document.stop {
            StopDocument::Completed => Stop::Completed,
            StopDocument::PrecisionReached => Stop::PrecisionReached,
            StopDocument::SampleLimit => Stop::SampleLimit,
            StopDocument::Interrupted => Stop::Interrupted,
        },
        metrics: document.metrics.into_iter().map(metric).collect::<Result<_, _>>()?,
        warnings: document.warnings.into_iter().map(warning).collect(),
    })
}

fn metric(document: MetricDocument) -> Result<MetricOutcome, DocumentError> {
    let recording = recording(&document)?;
    Ok(MetricOutcome {
        summary: (document.samples > 0).then(|| summary(&document)),
        recording,
        id: document.id,
        readable_id: document.readable_id,
        name: document.name,
        type_name: TYPE_NAMES.into_iter().find(|&name| name == document.type_name).unwrap_or("NONE"),
        unit: document.unit.as_deref().map(Unit::parse),
        source: String::new(),
        problems: document.errors.into_iter().map(problem).collect(),
        warnings: document.warnings.into_iter().map(warning).collect(),
    })
}

fn recording(document: &MetricDocument) -> Result<Option<Recording>, DocumentError> {
    let Some(cells) = &document.histogram else {
        return Ok(None);
    };
    let mut last = f64::NEG_INFINITY;
    for (index, cell) in cells.iter().enumerate() {
        if !(cell.0 >= last && cell.1 >= cell.0) {
            return Err(DocumentError::Cells { metric: document.name.clone(), cell: index });
        }
        last = cell.1;
    }
    let bins = cells.iter().map(|cell| Bin { low: cell.0, high: cell.1, count: cell.2 }).collect();
    Ok(Some(Recording::from_bins(bins, document.negative_infinite, document.positive_infinite)))
}

fn summary(document: &MetricDocument) -> Summary {
    let estimate = |quantile: &super::json::QuantileDocument| QuantileEstimate {
        q: quantile.q,
        value: quantile.value.or_else(|| infinite(document, quantile.q)),
        low: quantile.low,
        high: quantile.high,
    };
    Summary {
        samples: document.samples,
        filtered: document.filtered,
        non_finite: document.non_finite,
        not_a_number: document.not_a_number,
        mean: document.mean,
        mean_standard_error: document.mean_standard_error,
        stdev: document.stdev,
        min: document.min,
        max: document.max,
        quantiles: document.quantiles.iter().map(estimate).collect(),
    }
}

/// The infinity at which a quantile lies whose value is `null` although there are samples.
fn infinite(document: &MetricDocument, q: f64) -> Option<f64> {
    let counted = document.samples.saturating_sub(document.filtered).saturating_sub(document.not_a_number) as f64;
    let rank = q * counted;
    if document.positive_infinite > 0 && rank > counted - document.positive_infinite as f64 {
        Some(f64::INFINITY)
    } else if document.negative_infinite > 0 && rank <= document.negative_infinite as f64 {
        Some(f64::NEG_INFINITY)
    } else {
        None
    }
}

fn problem(document: ErrorDocument) -> Problem {
    let kinds = [ProblemKind::Graph, ProblemKind::Parse, ProblemKind::Sampling];
    let kind = kinds.into_iter().find(|kind| kind.name() == document.kind).unwrap_or(ProblemKind::Sampling);
    Problem {
        kind,
        code: SAVED,
        message: document.message,
        span: document.span.map(|[start, end]| Span::new(start, end)),
        label: document.label.unwrap_or_default(),
        help: document.help,
    }
}

fn warning(document: WarningDocument) -> Warning {
    Warning { code: SAVED, message: document.message, help: document.help }
}
