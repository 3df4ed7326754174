//! A model made ready for the server: in Guesstimate's own language, checked, with everything found said.
//!
//! ```text
//! Model --to_new_wire--> graph --checks--> findings --flatten--> graph that Guesstimate evaluates as we do
//! ```
//!
//! The server stores whatever it is sent, so nothing that would be lost, refused by Guesstimate's engine, or mean
//! something else there goes out unsaid.

use serde_json::{Value, json};

use super::flatten::flatten;
use super::representative::{FLATTENED_VALUES, shuffle, thinned};
use super::space::SpaceDraft;
use super::upload_checks::{Suspect, checks, suspects};
use crate::dist::Empirical;
use crate::model::{Input, Metric, Model, WIRE_VALUES_MAX, Wire};
use crate::sim::{self, SimError};

/// Largest graph that is sent, in bytes of JSON.
pub(super) const GRAPH_BYTES_MAX: usize = 32 << 20;

/// Rounds of looking for metrics to flatten: each can bring to light those that the last one hid.
const FLATTEN_ROUNDS_MAX: usize = 5;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Not sent unless the user insists.
    Warning,
    /// Not sent.
    Refusal,
}

/// Something that was found about a model that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// Stable identifier in kebab case.
    pub code: &'static str,
    /// The metric it is about, for people; none if it is about the model.
    pub metric: Option<String>,
    /// Message: lower case, no full stop.
    pub message: String,
    /// What the user can do about it.
    pub help: Option<String>,
}

impl Finding {
    pub(super) fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self { severity, code, metric: None, message: message.into(), help: None }
    }

    pub(super) fn about(mut self, metric: &Metric) -> Self {
        self.metric = Some(metric.label());
        self
    }

    pub(super) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// How to make a model ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UploadOptions {
    /// Whether what Guesstimate can't express is replaced by values drawn from it.
    pub flatten: bool,
}

/// A model made ready for the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    /// Name of the space.
    pub name: String,
    /// Description of the space.
    pub description: String,
    /// The graph: `{"metrics": […], "guesstimates": […]}`.
    pub graph: Value,
    /// What was found, in the order of the model.
    pub findings: Vec<Finding>,
}

impl Upload {
    /// Makes a model ready.
    ///
    /// # Randomness
    /// Values of a flattened metric are quantiles of a run with a fixed seed.
    ///
    /// # Errors
    /// [`SimError`] if the threads of a run can't be started.
    ///
    /// # Examples
    /// ```
    /// use tailcast::client::{Upload, UploadOptions};
    /// use tailcast::model::{self, NoData, Options};
    /// let model = model::read(b"[metrics]\na = '5 to 10'\nb = '=2 a'", None, &NoData, Options::default())?;
    /// let upload = Upload::new(&model, UploadOptions::default())?;
    /// assert!(upload.is_accepted(false));
    /// assert_eq!(upload.graph["guesstimates"][1]["expression"], "=2 ${metric:a}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(model: &Model, options: UploadOptions) -> Result<Self, SimError> {
        let converted = model.to_new_wire();
        let mut findings = checks(model, &converted.warnings);
        let mut graph = graph_of(&converted.output);
        for (metric, guesstimate) in model.metrics().iter().zip(guesstimates(&mut graph)) {
            findings.extend(data_findings(metric, guesstimate, options));
        }
        let mut flattened: Vec<usize> = Vec::new();
        let mut left = suspects(model, &graph)?;
        for _ in 0..FLATTEN_ROUNDS_MAX {
            let wanted: Vec<&Suspect> = left.iter().filter(|suspect| !flattened.contains(&suspect.index)).collect();
            if !options.flatten || wanted.is_empty() {
                break;
            }
            let indices: Vec<usize> = wanted.iter().map(|suspect| suspect.index).collect();
            for (suspect, finding) in wanted.iter().zip(flatten(model, &indices, guesstimates(&mut graph))?) {
                findings.push(finding.about(&model.metrics()[suspect.index]));
            }
            flattened.extend(indices);
            left = suspects(model, &graph)?;
        }
        left.retain(|suspect| !flattened.contains(&suspect.index));
        findings.extend(left.into_iter().map(|suspect| suspect.finding.about(&model.metrics()[suspect.index])));
        let bytes = graph.to_string().len();
        if bytes > GRAPH_BYTES_MAX {
            let message = format!("expected a graph of at most {GRAPH_BYTES_MAX} bytes, found {bytes}");
            let help = "replace long lists by histograms, or push with --flatten";
            findings.push(Finding::new(Severity::Refusal, "too-large", message).with_help(help));
        }
        Ok(Self { name: model.name().to_owned(), description: model.description().to_owned(), graph, findings })
    }

    /// Whether the model may be sent.
    ///
    /// # Parameters
    /// - `force`: whether the user insists in spite of warnings.
    #[must_use]
    pub fn is_accepted(&self, force: bool) -> bool {
        let worst = self.findings.iter().map(|finding| finding.severity).max();
        worst.is_none_or(|worst| worst < if force { Severity::Refusal } else { Severity::Warning })
    }

    /// The space that the model is to become; private or not, and whose, is up to the caller.
    #[must_use]
    pub fn draft(&self) -> SpaceDraft {
        SpaceDraft {
            name: Some(self.name.clone()),
            description: Some(self.description.clone()),
            graph: Some(self.graph.clone()),
            ..SpaceDraft::default()
        }
    }
}

/// The graph of a new document, whole numbers written as such.
pub(super) fn graph_of(wire: &Wire) -> Value {
    let mut graph = wire.graph().map_or_else(|| json!({}), |graph| Value::Object(graph.clone()));
    for guesstimate in guesstimates(&mut graph) {
        if let Some(Value::Array(values)) = guesstimate.get_mut("data") {
            values.iter_mut().for_each(|value| *value = number(value.as_f64().unwrap_or_default()));
        }
    }
    graph
}

/// The guesstimates of a graph; in new documents as many as metrics, in the same order.
pub(super) fn guesstimates(graph: &mut Value) -> &mut [Value] {
    graph.get_mut("guesstimates").and_then(Value::as_array_mut).map_or(&mut [], Vec::as_mut_slice)
}

/// A finite number, without a fraction if it has none.
pub(super) fn number(value: f64) -> Value {
    let is_whole = value.fract() == 0.0 && value.abs() < 9e15;
    if is_whole { Value::from(value as i64) } else { Value::from(value) }
}

/// Replaces values.
pub(super) fn set_data(guesstimate: &mut Value, values: &[f64]) {
    guesstimate["data"] = values.iter().map(|value| number(*value)).collect();
}

/// What there is to say about measured data. Those of histograms are put into random order and thinned out.
fn data_findings(metric: &Metric, guesstimate: &mut Value, options: UploadOptions) -> Option<Finding> {
    let Input::Data(data) = &metric.input else { return None };
    let values: Vec<f64> = guesstimate["data"].as_array()?.iter().filter_map(Value::as_f64).collect();
    let count = values.len();
    let finding = match data {
        Empirical::Histogram(_) if count > FLATTENED_VALUES => {
            set_data(guesstimate, &thinned(&values, FLATTENED_VALUES, &metric.id));
            sampled("the histogram", FLATTENED_VALUES)
        }
        Empirical::Histogram(_) => {
            let mut values = values;
            shuffle(&mut values, &metric.id);
            set_data(guesstimate, &values);
            sampled("the histogram", count)
        }
        Empirical::Values(_) if count > WIRE_VALUES_MAX && options.flatten => {
            set_data(guesstimate, &thinned(&values, FLATTENED_VALUES, &metric.id));
            sampled(&format!("the list of {count} values"), FLATTENED_VALUES)
        }
        Empirical::Values(_) if count > WIRE_VALUES_MAX => {
            let message = format!("expected at most {WIRE_VALUES_MAX} values, found {count}");
            let help = format!(
                "--flatten sends {FLATTENED_VALUES} evenly spaced quantiles instead, --force all values; Guesstimate \
                 uses the first {FLATTENED_VALUES}"
            );
            Finding::new(Severity::Warning, "too-many-values", message).with_help(help)
        }
        Empirical::Values(_) if count > FLATTENED_VALUES => {
            let message = format!("formulas in Guesstimate use the first {FLATTENED_VALUES} of the {count} values");
            Finding::new(Severity::Note, "values-unused", message)
        }
        Empirical::Values(_) => return None,
    };
    Some(finding.about(metric))
}

fn sampled(what: &str, count: usize) -> Finding {
    let message = format!("{what} became {count} evenly spaced quantiles, in random order");
    Finding::new(Severity::Note, "sampled", message)
}

/// Runs a model for what its metrics are.
pub(super) fn run(model: &Model, samples: u64) -> Result<sim::Outcome, SimError> {
    sim::run(model, &sim::RunOptions { samples, ..sim::RunOptions::default() }, &sim::NoWatch)
}
