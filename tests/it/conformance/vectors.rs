//! The vectors, and running a model in the engine so that it can be compared with them.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value as Json, json};
use tailcast::dist::Empirical;
use tailcast::model::{self, Input, Model, NoData, Options};
use tailcast::problem::Problem;
use tailcast::sim::{self, NoWatch, Outcome, RunOptions};

/// Seed of every run.
const SEED: u64 = 20_161;

/// Class of an error in the numbering of the engine: type and subtype.
pub(crate) type Class = (u64, Option<u64>);

/// Cases of a kind.
pub(crate) fn cases(kind: &str) -> Vec<Json> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/conformance/{kind}.json"));
    let text = std::fs::read_to_string(path).expect("the vectors are part of the project");
    let document: Json = serde_json::from_str(&text).expect("vectors are JSON");
    document["cases"].as_array().expect("a list of cases").clone()
}

/// A number of a vector: JSON, or one of the words for what JSON lacks.
pub(crate) fn number(json: &Json) -> f64 {
    match json.as_str() {
        Some("-0") => -0.0,
        Some(text) => text.parse().expect("NaN or an infinity"),
        None => json.as_f64().expect("a number"),
    }
}

/// Whether a case has one of the tags.
pub(crate) fn has_tag(case: &Json, tags: &[&str]) -> bool {
    case["tags"].as_array().is_some_and(|found| found.iter().any(|tag| tags.iter().any(|wanted| tag == wanted)))
}

/// Classes of a list of expected errors.
pub(crate) fn expected_classes(errors: &Json) -> BTreeSet<Class> {
    let errors = errors.as_array().into_iter().flatten();
    errors.map(|error| (error["type"].as_u64().expect("a type"), error["subType"].as_u64())).collect()
}

/// Class of an error by its code.
pub(crate) fn class_of_code(code: &str) -> Class {
    match code {
        "missing-input" => (1, Some(1)),
        "cycle" => (1, Some(2)),
        "broken-input" => (1, Some(3)),
        "unreadable-input" => (2, Some(5)),
        "empty-formula" => (2, Some(6)),
        "range-reversed" => (2, Some(7)),
        "unit-result" => (2, Some(8)),
        "function-result" => (2, Some(9)),
        "empty-input" => (3, Some(13)),
        "unexpected-end" => (4, Some(14)),
        "division-by-zero" => (4, Some(15)),
        "no-finite-sample" => (4, Some(16)),
        _ => (4, None),
    }
}

/// Classes of problems.
pub(crate) fn classes(problems: &[Problem]) -> BTreeSet<Class> {
    problems.iter().map(|problem| class_of_code(problem.code)).collect()
}

/// A model of one metric `A` with that text and type.
pub(crate) fn model_of_text(text: &str, type_hint: &Json, compat: bool) -> Model {
    let guesstimate = json!({ "metric": "A", "expression": text, "guesstimateType": type_hint });
    model_of_graph(&json!({ "metrics": [{ "id": "A", "readableId": "A" }], "guesstimates": [guesstimate] }), compat)
}

/// The model of a graph; generated data lists are written out.
pub(crate) fn model_of_graph(graph: &Json, compat: bool) -> Model {
    let mut graph = graph.clone();
    for guesstimate in graph["guesstimates"].as_array_mut().expect("guesstimates") {
        if let Some(generator) = guesstimate.get("data_gen").cloned() {
            let [n, a, b] = ["n", "a", "b"].map(|key| generator[key].as_f64().expect("a number"));
            guesstimate["data"] = (0..n as u64).map(|i| json!(a * i as f64 + b)).collect();
        }
    }
    model::read(graph.to_string().as_bytes(), None, &NoData, Options { compat }).expect("a model")
}

/// What the engine made of one metric.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) id: String,
    pub(crate) problems: Vec<Problem>,
    /// How many samples it has, filtered ones included.
    pub(crate) count: u64,
    pub(crate) filtered: u64,
    /// The samples in order; a filtered one is not a number.
    pub(crate) values: Vec<f64>,
}

impl Drawn {
    /// The samples that count, ascending.
    pub(crate) fn sorted(&self) -> Vec<f64> {
        let mut sorted: Vec<f64> = self.values.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted
    }
}

/// Runs a model.
pub(crate) fn run(model: &Model, samples: u64) -> Outcome {
    let options = RunOptions { samples, seed: SEED, threads: Some(1), ..RunOptions::default() };
    sim::run(model, &options, &NoWatch).expect("a run")
}

/// Runs a model and takes the samples of each metric out of it.
pub(crate) fn draw(model: &Model, samples: u64) -> Vec<Drawn> {
    let outcome = run(model, samples);
    let columns = sim::row_metrics(model, None);
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); columns.len()];
    let mut sink = |blocks: &[&[f64]]| {
        values.iter_mut().zip(blocks).for_each(|(values, block)| values.extend_from_slice(block));
        Ok(())
    };
    sim::rows(model, None, samples, SEED, Some(1), &mut sink).expect("rows");
    let drawn = outcome.metrics.into_iter().zip(model.metrics()).enumerate().map(|(index, (metric, definition))| {
        // A metric without figures has no samples: one bad sample discards it, as in Guesstimate.
        let summary = metric.summary.as_ref();
        let count = summary.map_or(0, |summary| summary.samples);
        let column = columns.iter().position(|column| column.index() == index);
        let values = match &definition.input {
            // Of measured data the metric has every value, also those that a short run does not come to.
            Input::Data(Empirical::Values(list)) if count > samples => &list[..],
            _ => column.map_or(&[][..], |column| &values[column]),
        };
        Drawn {
            id: metric.id,
            problems: metric.problems,
            count,
            filtered: summary.map_or(0, |summary| summary.filtered),
            values: values.iter().copied().take(count as usize).collect(),
        }
    });
    drawn.collect()
}
