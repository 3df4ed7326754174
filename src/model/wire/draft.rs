//! What a wire form means, before anything is checked.

use std::collections::HashMap;

use serde_json::Value;

use super::Wire;
use super::cell::{WireGuesstimate, WireMetric};
use super::translate::Translation;
use crate::dist::Empirical;
use crate::model::data_text::read_data_text;
use crate::model::draft::{Content, DeclaredUnit, Draft, DraftMetric, Form, NameRule};
use crate::model::input_text::{InputForm, InputOptions, Reading, read_input};
use crate::model::model::Options;
use crate::model::space_link::SpaceLink;
use crate::problem::{Problem, ProblemKind, Warning};

/// The draft that a wire form means.
///
/// Metrics and guesstimates are matched by id. Of several guesstimates of a metric the last counts; several metrics with
/// one id are a problem of each.
pub(crate) fn draft(wire: &Wire, mut warnings: Vec<Warning>, options: Options) -> Draft {
    let guesstimates = guesstimates(wire, &mut warnings);
    let translation = options.compat.then(|| translation(wire));
    let mut metrics: Vec<DraftMetric> = Vec::new();
    let mut position_of: HashMap<String, usize> = HashMap::new();
    let mut without_id = 0;
    for metric in wire.metrics() {
        let Some(id) = metric.id().filter(|id| !id.is_empty()) else {
            without_id += 1;
            continue;
        };
        let guesstimate = guesstimates.get(id.as_ref()).copied();
        let mut draft = metric_draft(&id, metric, guesstimate, translation.as_ref(), options);
        match position_of.get(id.as_ref()) {
            Some(position) => {
                let earlier = &mut metrics[*position].problems;
                if earlier.is_empty() {
                    earlier.push(duplicate_problem(&id));
                }
                draft.problems.push(duplicate_problem(&id));
                metrics.push(draft);
            }
            None => {
                position_of.insert(id.into_owned(), metrics.len());
                metrics.push(draft);
            }
        }
    }
    if without_id > 0 {
        warnings.push(Warning::new("metric-without-id", format!("ignored {without_id} metrics without an id")));
    }
    let orphans = guesstimates.keys().filter(|id| !position_of.contains_key(id.as_str())).count();
    if orphans > 0 {
        let message = format!("ignored {orphans} guesstimates of metrics that are not there");
        warnings.push(Warning::new("guesstimate-without-metric", message));
    }
    Draft {
        form: Form::Wire,
        name: wire.name().to_owned(),
        description: wire.description().to_owned(),
        unit: None,
        metrics,
        scenarios: Vec::new(),
        slos: Vec::new(),
        paired: Vec::new(),
        correlations: Vec::new(),
        space: SpaceLink::of_wire(wire),
        warnings,
    }
}

fn duplicate_problem(id: &str) -> Problem {
    Problem::new(ProblemKind::Graph, "duplicate-id", format!("expected an id of its own, found `{id}` more than once"))
        .with_help("give each metric another id")
}

/// The guesstimates by the id of their metric.
fn guesstimates<'a>(wire: &'a Wire, warnings: &mut Vec<Warning>) -> HashMap<String, WireGuesstimate<'a>> {
    let mut guesstimates = HashMap::new();
    let mut repeated = 0;
    for guesstimate in wire.guesstimates() {
        if let Some(id) = guesstimate.metric() {
            repeated += usize::from(guesstimates.insert(id.into_owned(), guesstimate).is_some());
        }
    }
    if repeated > 0 {
        let message = format!("ignored {repeated} guesstimates of metrics that have a later one");
        warnings.push(Warning::new("duplicate-guesstimate", message));
    }
    guesstimates
}

/// Translation of older inputs.
fn translation(wire: &Wire) -> Translation {
    let mut translation = Translation::default();
    for metric in wire.metrics() {
        if let (Some(id), Some(readable_id)) = (metric.id(), metric.readable_id()) {
            translation.insert(&readable_id, format!("${{metric:{id}}}"));
        }
    }
    translation
}

fn metric_draft(
    id: &str,
    metric: WireMetric<'_>,
    guesstimate: Option<WireGuesstimate<'_>>,
    translation: Option<&Translation>,
    options: Options,
) -> DraftMetric {
    let mut draft = DraftMetric {
        id: id.to_owned(),
        readable_id: metric.readable_id().filter(|id| !id.is_empty()).map_or_else(|| id.to_owned(), Into::into),
        name: metric.name().to_owned(),
        key: String::new(),
        unit: DeclaredUnit::Inherited,
        description: guesstimate.map_or_else(String::new, |g| g.description().to_owned()),
        location: metric.location(),
        type_hint: guesstimate.and_then(|g| g.type_name()).map(str::to_owned),
        content: Content::Nothing,
        name_rule: if options.compat { NameRule::Engine } else { NameRule::Expression },
        problems: Vec::new(),
        warnings: Vec::new(),
    };
    let Some(guesstimate) = guesstimate else { return draft };
    let text = match (guesstimate.expression(), guesstimate.input()) {
        (Some(expression), _) => expression.into_owned(),
        (None, Some(input)) => match translation {
            Some(translation) if input.starts_with('=') => translation.translate(&input),
            Some(_) => input.into_owned(),
            None => {
                draft.name_rule = NameRule::LegacyInput;
                input.into_owned()
            }
        },
        (None, None) => String::new(),
    };
    let data = guesstimate.data().filter(|data| is_list(data));
    let reading = InputOptions {
        reading: if options.compat { Reading::Guesstimate } else { Reading::Sane },
        type_hint: guesstimate.type_name(),
        has_data: data.is_some(),
        scale: None,
    };
    draft.content = match data {
        Some(data) if read_input(&text, reading).form == InputForm::Data => {
            data_content(data, options.compat, &mut draft.problems, &mut draft.warnings)
        }
        _ if text.is_empty() => Content::Nothing,
        _ => Content::Text(text),
    };
    draft
}

/// Whether a data field holds anything: a list or a text that is not empty.
fn is_list(data: &Value) -> bool {
    match data {
        Value::Array(values) => !values.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => false,
    }
}

/// The numbers of a data field, with a warning of what is none: that is left out, or with `compat` keeps its place in the
/// list and spoils what is computed from it, as in Guesstimate.
fn data_content(data: &Value, compat: bool, problems: &mut Vec<Problem>, warnings: &mut Vec<Warning>) -> Content {
    let (values, skipped) = match data {
        Value::Array(entries) => {
            let mut values: Vec<f64> = entries.iter().filter_map(entry_number).collect();
            let skipped = entries.len() - values.len();
            if compat && !values.is_empty() {
                values = entries.iter().map(|entry| entry_number(entry).unwrap_or(f64::NAN)).collect();
            }
            (values, skipped)
        }
        Value::String(text) => (read_data_text(text), 0),
        _ => (Vec::new(), 0),
    };
    if values.is_empty() {
        let problem = Problem::new(ProblemKind::Sampling, "no-numeric-data", "expected numbers in `data`, found none");
        problems.push(problem.with_help("put the measured values into `data`"));
    } else if skipped > 0 {
        let kept = if compat { "what uses the list fails: it has" } else { "left out" };
        let message = format!("{kept} {skipped} entries of `data` that are no numbers");
        warnings.push(Warning::new("data-skipped", message));
    }
    Content::Data { data: Empirical::Values(values.into()), unit: None, provenance: None }
}

/// The finite number that an entry of a data list is; text counts if it is a number.
fn entry_number(entry: &Value) -> Option<f64> {
    match entry {
        Value::Number(number) => number.as_f64().filter(|value| value.is_finite()),
        Value::String(text) => match read_data_text(text)[..] {
            [value] => Some(value),
            _ => None,
        },
        _ => None,
    }
}
