//! A Guesstimate space as a source of measured data: the metrics that carry a list of values, such as spigo's `.guess`.
//!
//! This reads the data alone; the model in the file (formulas, ranges, points) is the business of [`crate::model`].

use super::ImportOptions;
use super::detect::{Prefix, Verdict};
use super::error::{ImportError, ImportErrorKind};
use super::format::Format;
use super::importer::Importer;
use super::json::{Numbers, read_document};
use super::measurement::Reading;
use super::source::Source;
use crate::problem::Warning;
use crate::units::{TimeUnit, Unit};
use serde::Deserialize;
use std::collections::HashMap;

/// Values of a metric after which spigo stops keeping them.
const SPIGO_COUNT_MAX: u64 = 1000;

/// Dots in the full name that spigo gives an instance.
const SPIGO_NAME_DOTS: usize = 8;

/// The importer.
pub(crate) struct Guesstimate;

#[derive(Deserialize)]
struct Document {
    space: Option<Space>,
    graph: Option<Graph>,
    metrics: Option<Vec<Metric>>,
    guesstimates: Option<Vec<Guess>>,
}

#[derive(Deserialize)]
struct Space {
    description: Option<String>,
    graph: Option<Graph>,
}

#[derive(Deserialize)]
struct Graph {
    metrics: Option<Vec<Metric>>,
    guesstimates: Option<Vec<Guess>>,
}

#[derive(Deserialize)]
struct Metric {
    id: String,
    #[serde(rename = "readableId")]
    readable_id: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Guess {
    metric: String,
    input: Option<String>,
    expression: Option<String>,
    #[serde(rename = "guesstimateType")]
    type_name: Option<String>,
    data: Option<Numbers>,
}

impl Importer for Guesstimate {
    fn format(&self) -> Format {
        Format::Guesstimate
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        if prefix.first_byte() != Some(b'{') {
            return Verdict::No("no `{` at the start");
        }
        let has = |key: &[u8]| prefix.contains(key);
        if has(b"\"guesstimates\"") || (has(b"\"metrics\"") && (has(b"\"readableId\"") || has(b"\"space\""))) {
            Verdict::Yes
        } else {
            Verdict::No("no `metrics` and `guesstimates`")
        }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let (document, trailing) = read_document::<Document>(&mut source.into_reader(), "a Guesstimate space in JSON")?;
        let (description, graph) = match document {
            Document { space: Some(space), .. } => (space.description, space.graph),
            Document { graph: Some(graph), .. } => (None, Some(graph)),
            Document { metrics, guesstimates, .. } => (None, Some(Graph { metrics, guesstimates })),
        };
        let graph = graph.unwrap_or(Graph { metrics: None, guesstimates: None });
        let metrics = graph.metrics.unwrap_or_default();
        let from_spigo =
            description.is_some_and(|text| text.contains("spigo")) || metrics.iter().any(is_named_by_spigo);
        let mut readings = readings(metrics, graph.guesstimates.unwrap_or_default(), from_spigo)?;
        if let Some(first) = readings.first_mut() {
            first.warnings.extend(trailing);
        }
        Ok(readings)
    }
}

fn is_named_by_spigo(metric: &Metric) -> bool {
    metric.name.as_ref().is_some_and(|name| name.matches('.').count() == SPIGO_NAME_DOTS)
}

/// A reading for each metric that holds measured data, or that should.
fn readings(metrics: Vec<Metric>, guesses: Vec<Guess>, from_spigo: bool) -> Result<Vec<Reading>, ImportError> {
    let by_id: HashMap<&str, usize> = metrics.iter().enumerate().map(|(at, metric)| (metric.id.as_str(), at)).collect();
    let count = metrics.len();
    let mut readings = Vec::new();
    for guess in guesses {
        let Some(reading) = reading(guess.data, guess.type_name.as_deref(), [guess.expression, guess.input]) else {
            continue;
        };
        let metric = by_id.get(guess.metric.as_str()).map(|&at| &metrics[at]);
        let mut reading =
            reading.with_name(metric.and_then(|m| m.name.clone()).unwrap_or_else(|| guess.metric.clone()));
        reading.aliases = vec![guess.metric];
        reading.aliases.extend(metric.and_then(|metric| metric.readable_id.clone()));
        readings.push(if from_spigo { of_spigo(reading) } else { reading });
    }
    if readings.is_empty() {
        let found = match count {
            0 => "a Guesstimate space without metrics".to_owned(),
            _ => "a Guesstimate space whose metrics hold formulas and ranges alone".to_owned(),
        };
        let help = "run it as a model rather than import it as data";
        return Err(ImportError::new(ImportErrorKind::NothingMeasured { found, help }));
    }
    Ok(readings)
}

/// The data of one metric. `None` if it is no data: another type, or a text that says what it is.
fn reading(data: Option<Numbers>, type_name: Option<&str>, texts: [Option<String>; 2]) -> Option<Reading> {
    if let Some(numbers) = data.filter(|numbers| !numbers.0.is_empty()) {
        return Some(numbers.0.into_reading());
    }
    let has_text = texts.iter().flatten().any(|text| !text.trim().is_empty());
    let may_be_data = matches!(type_name.unwrap_or_default(), "" | "DATA" | "NONE");
    (may_be_data && !has_text).then(|| Numbers::default().0.into_reading())
}

fn of_spigo(mut reading: Reading) -> Reading {
    if reading.count == SPIGO_COUNT_MAX {
        let message = "spigo keeps the first 1000 values of a metric, so the warm-up weighs more than it should";
        reading.warnings.push(Warning::new("first-values-only", message));
    }
    reading.with_tool("spigo").with_detected_unit(Unit::Time(TimeUnit::Nanosecond), "spigo writes nanoseconds")
}
