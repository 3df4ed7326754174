//! A model as TOML text.

use std::fmt::Write;

use super::Converted;
use super::formula_text::{assigned_names, is_free_standing, metric_uses, replace_uses};
use super::input_writer::{explicit_kind, input_text};
use super::keys::keys;
use crate::dist::Empirical;
use crate::formula::MetricIndex;
use crate::model::draft::{Content, DeclaredUnit, DraftMetric, Form};
use crate::model::input_text::Reading;
use crate::model::metric::{Input, Metric};
use crate::model::model::Model;
use crate::model::scenario::OverrideInput;
use crate::problem::Warning;
use crate::units::Unit;

/// Longest line of numbers, in bytes.
const LINE_LEN_MAX: usize = 110;

/// The model as text.
pub(super) fn write(model: &Model) -> Converted<String> {
    let mut writer = TomlWriter { model, keys: keys(model), text: String::new(), warnings: Vec::new() };
    writer.head();
    writer.metrics();
    writer.scenarios();
    writer.correlations();
    writer.space();
    Converted { output: writer.text, warnings: writer.warnings }
}

/// One `key = value` of a metric.
type Entry = (&'static str, String);

struct TomlWriter<'a> {
    model: &'a Model,
    keys: Vec<String>,
    text: String,
    warnings: Vec<Warning>,
}

impl TomlWriter<'_> {
    fn head(&mut self) {
        let model = self.model;
        let description = Some(model.description()).filter(|text| !text.is_empty());
        let name = Some(model.name()).filter(|text| !text.is_empty());
        for (key, value) in [("name", name), ("description", description), ("unit", model.unit().map(Unit::symbol))] {
            if let Some(value) = value {
                self.line(&format!("{key} = {}", quoted(value)));
            }
        }
        if !model.slos().is_empty() {
            let slos: Vec<_> = model.slos().iter().map(|slo| quoted(&slo.text)).collect();
            self.line(&format!("slos = {}", list(&slos)));
        }
        let paired = &model.draft().paired;
        if !paired.is_empty() {
            let group = |members: &Vec<MetricIndex>| {
                let members: Vec<_> = members.iter().map(|member| quoted(&self.keys[member.index()])).collect();
                format!("[{}]", members.join(", "))
            };
            let groups: Vec<_> = paired.iter().map(group).collect();
            self.line(&format!("paired = {}", list(&groups)));
        }
    }

    /// The metrics, in order: short forms as long as they last, then tables.
    fn metrics(&mut self) {
        let mut are_short = true;
        if self.model.metrics().is_empty() {
            self.heading("metrics");
        }
        for (index, (metric, draft)) in self.model.metrics().iter().zip(&self.model.draft().metrics).enumerate() {
            let entries = self.entries(index, metric, draft);
            match &entries[..] {
                [("input", value)] if are_short => {
                    if index == 0 {
                        self.heading("metrics");
                    }
                    self.line(&format!("{} = {value}", key_text(&self.keys[index])));
                }
                _ => {
                    are_short = false;
                    self.heading(&format!("metrics.{}", key_text(&self.keys[index])));
                    entries.iter().for_each(|(key, value)| self.line(&format!("{key} = {value}")));
                }
            }
        }
    }

    fn entries(&mut self, index: usize, metric: &Metric, draft: &DraftMetric) -> Vec<Entry> {
        let key = self.keys[index].clone();
        let mut entries: Vec<Entry> = Vec::new();
        if metric.name != key && !metric.name.is_empty() {
            entries.push(("name", quoted(&metric.name)));
        }
        entries.extend(self.input(metric, draft));
        if let Some(kind) = explicit_kind(metric) {
            entries.push(("type", quoted(kind.type_name())));
        }
        let data_unit = match &draft.content {
            Content::Data { unit: Some(unit), .. } => Some(unit.symbol()),
            _ => None,
        };
        match (data_unit, &draft.unit) {
            (Some(unit), _) => entries.push(("unit", quoted(unit))),
            (None, DeclaredUnit::Own(unit)) => entries.push(("unit", quoted(unit.symbol()))),
            (None, DeclaredUnit::Unitless) => entries.push(("unit", quoted(""))),
            (None, DeclaredUnit::Inherited) => {}
        }
        if !metric.description.is_empty() {
            entries.push(("description", quoted(&metric.description)));
        }
        if metric.problems.iter().any(|problem| problem.code == "duplicate-id") {
            let message = format!("the id `{}` is not the only one, so it is left out", metric.id);
            self.warnings.push(Warning::new("id-lost", message));
        } else if metric.id != key {
            entries.push(("id", quoted(&metric.id)));
        }
        if metric.readable_id != key {
            entries.push(("readable_id", quoted(&metric.readable_id)));
        }
        if let Some(location) = metric.location {
            entries.push(("location", format!("{{ row = {}, column = {} }}", location.row, location.column)));
        }
        entries
    }

    /// `input`, `data` or `histogram`; none of an empty metric.
    fn input(&mut self, metric: &Metric, draft: &DraftMetric) -> Option<Entry> {
        match (&draft.content, &metric.input) {
            (Content::Nothing, _) => None,
            (Content::Broken, _) => {
                let message = format!("the input of {} can't be read, so it is left out", metric.label());
                self.warnings.push(Warning::new("input-lost", message));
                None
            }
            (Content::Number(value), _) => Some(("input", number(*value))),
            (Content::Data { data: Empirical::Values(values), .. }, _) => {
                let values: Vec<_> = values.iter().map(|value| number(*value)).collect();
                if values.is_empty() { None } else { Some(("data", list(&values))) }
            }
            (Content::Data { data: Empirical::Histogram(cells), .. }, _) => {
                let cell =
                    |c: &crate::dist::Cell| format!("[{}, {}, {}]", number(c.low), number(c.high), number(c.weight));
                let cells: Vec<_> = cells.iter().map(cell).collect();
                Some(("histogram", list(&cells)))
            }
            (Content::Text(_), Input::Formula(_)) => Some(("input", quoted(&self.formula(metric)))),
            // A text with units of its own is kept; one that only the other reading understands is not.
            (Content::Text(text), _) if self.model.form() == Form::Toml && !self.model.options().compat => {
                Some(("input", short_number(text)))
            }
            (Content::Text(_), _) => Some(("input", short_number(&input_text(draft, metric, Reading::Sane)))),
        }
    }

    /// The formula over keys. In formulas of the TOML form nothing changes.
    fn formula(&mut self, metric: &Metric) -> String {
        let Some(checked) = metric.formula().filter(|_| self.model.form() == Form::Wire) else {
            return metric.source.clone();
        };
        let assigned = assigned_names(checked);
        replace_uses(&metric.source, &metric_uses(checked), |used| {
            let key = &self.keys[used.metric.index()];
            let is_bare = !assigned.contains(key.as_str()) && is_free_standing(&metric.source, used.span);
            match (is_bare, used.is_reference) {
                (true, _) => Some(key.clone()),
                (false, true) => None,
                (false, false) => Some(format!("${{metric:{}}}", self.model.metrics()[used.metric.index()].id)),
            }
        })
    }

    fn space(&mut self) {
        let Some(space) = self.model.space_link() else { return };
        self.line(&format!("\n[guesstimate]\nid = {}", space.id));
        for (key, value) in [("updated_at", &space.updated_at), ("url", &space.url)] {
            if let Some(value) = value {
                self.line(&format!("{key} = {}", quoted(value)));
            }
        }
    }

    fn scenarios(&mut self) {
        for scenario in self.model.scenarios() {
            self.heading(&format!("scenarios.{}", key_text(&scenario.name)));
            for change in &scenario.overrides {
                let value = match &change.input {
                    OverrideInput::Number(value) => number(*value),
                    OverrideInput::Text(text) => quoted(text),
                };
                self.line(&format!("{} = {value}", key_text(&self.keys[change.metric.index()])));
            }
        }
    }

    fn correlations(&mut self) {
        if self.model.correlations().is_empty() {
            return;
        }
        self.heading("correlations");
        for correlation in self.model.correlations() {
            let [first, second] = [correlation.first, correlation.second].map(|metric| &self.keys[metric.index()]);
            let key = quoted(&format!("{first},{second}"));
            self.line(&format!("{key} = {}", number(correlation.coefficient)));
        }
    }

    /// The head of a table, after an empty line.
    fn heading(&mut self, name: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.line(&format!("[{name}]"));
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A TOML key: bare where that is allowed.
fn key_text(key: &str) -> String {
    let is_bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if is_bare { key.to_owned() } else { quoted(key) }
}

/// A TOML number that reads back to the same bits.
fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{value:.0}") } else { format!("{value:?}") }
}

/// An input text as a number, if it is one in plain digits, or as a string.
fn short_number(text: &str) -> String {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    match text.parse::<f64>() {
        Ok(value) if is_plain && number(value) == text => text.to_owned(),
        _ => quoted(text),
    }
}

/// A TOML list, over several lines when it is long.
fn list(elements: &[String]) -> String {
    let one_line = format!("[{}]", elements.join(", "));
    if one_line.len() <= LINE_LEN_MAX {
        return one_line;
    }
    let mut text = String::from("[");
    let mut line_len = LINE_LEN_MAX;
    for element in elements {
        if line_len + element.len() + 2 > LINE_LEN_MAX {
            text.push_str("\n ");
            line_len = 1;
        }
        let _ = write!(text, " {element},");
        line_len += element.len() + 2;
    }
    text.push_str("\n]");
    text
}
