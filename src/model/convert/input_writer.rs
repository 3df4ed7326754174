//! Inputs as text that a given reading understands.

use crate::model::draft::{Content, DraftMetric};
use crate::model::input_text::{InputForm, InputOptions, RangeKind, Reading, read_input};
use crate::model::metric::{Input, Metric};

/// Text of an input that is no data and no formula, for a reading without units: as written where that means the same,
/// in plain numbers of the model's unit otherwise.
pub(super) fn input_text(draft: &DraftMetric, metric: &Metric, reading: Reading) -> String {
    let wanted = match metric.input {
        Input::Point(value) => InputForm::Point(value),
        Input::Range { kind, low, high } => InputForm::Range { kind, low, high },
        Input::Proportion { hits, total } => InputForm::Proportion { hits, total },
        Input::None | Input::Data(_) | Input::Formula(_) => return metric.source.clone(),
    };
    if let Content::Text(text) = &draft.content {
        let options = InputOptions { reading, type_hint: draft.type_hint.as_deref(), ..InputOptions::default() };
        if read_input(text, options).form == wanted {
            return text.clone();
        }
    }
    match wanted {
        InputForm::Range { low, high, .. } => format!("{low} to {high}"),
        InputForm::Proportion { hits, total } => format!("{hits} of {total}"),
        InputForm::Point(value) => value.to_string(),
        InputForm::None | InputForm::Formula(_) | InputForm::Data => String::new(),
    }
}

/// The kind that must be written beside a range, as its numbers alone do not imply it.
pub(super) fn explicit_kind(metric: &Metric) -> Option<RangeKind> {
    match metric.input {
        Input::Range { kind, low, .. } => Some(kind).filter(|kind| *kind != RangeKind::resolve(None, low)),
        _ => None,
    }
}
