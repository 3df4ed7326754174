//! A model as a new Guesstimate document.

use serde_json::{Map, Value, json};

use super::Converted;
use super::formula_text::{metric_uses, replace_uses};
use super::input_writer::input_text;
use super::layout::{locations, readable_ids};
use super::quantiles::{quantile_count, quantiles};
use crate::dist::Empirical;
use crate::formula::MetricIndex;
use crate::model::draft::{Content, DeclaredUnit, DraftMetric};
use crate::model::input_text::Reading;
use crate::model::metric::{Input, Location, Metric};
use crate::model::model::Model;
use crate::model::wire::Wire;
use crate::problem::Warning;

/// The model as a new document.
pub(super) fn write(model: &Model) -> Converted<Wire> {
    let mut warnings = losses(model);
    let mut metrics = Vec::new();
    let mut guesstimates = Vec::new();
    let identities = locations(model).into_iter().zip(readable_ids(model));
    let drafts = model.metrics().iter().zip(&model.draft().metrics);
    for ((metric, draft), (location, readable_id)) in drafts.zip(identities) {
        metrics.push(metric_entry(metric, location, &readable_id));
        guesstimates.push(guesstimate_entry(model, metric, draft, &mut warnings));
    }
    let mut space = Map::new();
    if let Some(link) = model.space_link() {
        space.insert("id".to_owned(), link.id.into());
        if let Some(updated_at) = &link.updated_at {
            space.insert("updated_at".to_owned(), updated_at.as_str().into());
        }
    }
    space.insert("name".to_owned(), model.name().into());
    if !model.description().is_empty() {
        space.insert("description".to_owned(), model.description().into());
    }
    space.insert("graph".to_owned(), json!({"metrics": metrics, "guesstimates": guesstimates}));
    let output = Wire::envelope(space);
    Converted { output, warnings }
}

fn metric_entry(metric: &Metric, location: Location, readable_id: &str) -> Value {
    json!({
        "id": metric.id,
        "readableId": readable_id,
        "name": metric.name,
        "location": {"row": location.row, "column": location.column},
    })
}

fn guesstimate_entry(model: &Model, metric: &Metric, draft: &DraftMetric, warnings: &mut Vec<Warning>) -> Value {
    let mut entry = Map::new();
    let mut set = |key: &str, value: Value| entry.insert(key.to_owned(), value);
    set("metric", metric.id.as_str().into());
    let mut data = None;
    let expression = match &metric.input {
        Input::Data(empirical) => {
            data = Some(data_list(empirical, metric, warnings));
            String::new()
        }
        Input::Formula(_) => formula_expression(model, metric),
        Input::None | Input::Point(_) | Input::Range { .. } | Input::Proportion { .. } => {
            input_text(draft, metric, Reading::Guesstimate)
        }
    };
    set("expression", expression.into());
    set("guesstimateType", metric.input.type_name().into());
    if !metric.description.is_empty() {
        set("description", metric.description.as_str().into());
    }
    if let Some(data) = data {
        set("data", data.into());
    }
    if draft.content == Content::Broken {
        let message = format!("the input of {} can't be read, so it is left empty", metric.label());
        warnings.push(Warning::new("input-lost", message));
    }
    Value::Object(entry)
}

/// The formula with references by id.
fn formula_expression(model: &Model, metric: &Metric) -> String {
    let Some(checked) = metric.formula() else { return metric.source.clone() };
    let id = |index: MetricIndex| format!("${{metric:{}}}", model.metrics()[index.index()].id);
    replace_uses(&metric.source, &metric_uses(checked), |used| Some(id(used.metric)))
}

/// The values of a list, or quantiles of a histogram.
fn data_list(data: &Empirical, metric: &Metric, warnings: &mut Vec<Warning>) -> Vec<f64> {
    match data {
        Empirical::Values(values) => values.to_vec(),
        Empirical::Histogram(cells) => {
            let count = quantile_count(cells);
            let message = format!("the histogram of {} became {count} evenly spaced quantiles", metric.label());
            warnings.push(Warning::new("histogram-sampled", message).with_help("tails beyond them are lost"));
            quantiles(cells, count)
        }
    }
}

/// What the document has no place for.
fn losses(model: &Model) -> Vec<Warning> {
    let own_unit = model.draft().metrics.iter().any(|metric| matches!(metric.unit, DeclaredUnit::Own(_)));
    let lost = [
        ("units", own_unit || model.unit().is_some()),
        ("objectives", !model.slos().is_empty()),
        ("scenarios", !model.scenarios().is_empty()),
        ("pairs", !model.paired().is_empty()),
        ("correlations", !model.correlations().is_empty()),
    ];
    let lost: Vec<_> = lost.iter().filter(|(_, is_lost)| *is_lost).map(|(name, _)| *name).collect();
    if lost.is_empty() {
        return Vec::new();
    }
    let message = format!("Guesstimate's form has no place for {}", lost.join(", "));
    let warning = Warning::new("not-in-wire-form", message);
    vec![match model.unit() {
        Some(unit) => warning.with_help(format!("numbers are in {unit}")),
        None => warning,
    }]
}
