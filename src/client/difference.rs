//! What differs between two versions of a space, metric by metric.

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::ClientError;
use super::space::Space;
use super::upload::{Upload, graph_of};
use crate::model::{self, NoData, Options};

/// Longest text of a value in a difference, in characters.
const TEXT_LEN_MAX: usize = 120;

/// What happened to a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is there in the second version only.
    Added,
    /// It is there in the first version only.
    Removed,
    /// It is there in both, and differs.
    Changed,
}

/// One field that differs, as text for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name, as the server has it.
    pub field: &'static str,
    /// What it was; none if there was nothing.
    pub from: Option<String>,
    /// What it is; none if there is nothing.
    pub to: Option<String>,
}

/// One metric that differs, or the space itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// Id of the metric; none for the space itself.
    pub metric: Option<String>,
    /// Name of the metric or the space.
    pub name: String,
    /// The fields that differ.
    pub fields: Vec<FieldChange>,
}

/// One version of a space: its name, its description and its graph, said in one way.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    name: String,
    description: String,
    graph: Value,
}

impl Version {
    /// The version that a space is.
    ///
    /// # Errors
    /// [`ClientError::Unexpected`] if the space holds no graph.
    pub fn of_space(space: &Space) -> Result<Self, ClientError> {
        let text = space.to_wire()?.to_json();
        let model = model::read(text.as_bytes(), None, &NoData, Options::default());
        let model = model
            .map_err(|error| ClientError::Unexpected { expected: "a space with a graph", found: error.to_string() })?;
        let graph = graph_of(&model.to_new_wire().output);
        Ok(Self { name: space.name().to_owned(), description: space.description().to_owned(), graph })
    }

    /// The version that an upload would make, with this graph.
    #[must_use]
    pub fn of_upload(upload: &Upload, graph: Value) -> Self {
        Self { name: upload.name.clone(), description: upload.description.clone(), graph }
    }
}

/// What differs between two versions: the space itself first, then its metrics in the order of the second version, then
/// those that are gone.
#[must_use]
pub fn differences(from: &Version, to: &Version) -> Vec<Change> {
    let mut changes = Vec::new();
    let fields: Vec<FieldChange> =
        [("name", &from.name, &to.name), ("description", &from.description, &to.description)]
            .into_iter()
            .filter(|(_, from, to)| from != to)
            .map(|(field, from, to)| FieldChange { field, from: text(from), to: text(to) })
            .collect();
    if !fields.is_empty() {
        changes.push(Change { kind: ChangeKind::Changed, metric: None, name: to.name.clone(), fields });
    }
    let (before, after) = (entries(&from.graph), entries(&to.graph));
    let by_id = |list: &[Entry]| -> BTreeMap<String, usize> {
        list.iter().enumerate().map(|(index, entry)| (entry.id.clone(), index)).collect()
    };
    let (before_by_id, after_by_id) = (by_id(&before), by_id(&after));
    for entry in &after {
        let earlier = before_by_id.get(&entry.id).map(|index| &before[*index]);
        let fields = field_changes(earlier, Some(entry));
        let kind = if earlier.is_some() { ChangeKind::Changed } else { ChangeKind::Added };
        if kind == ChangeKind::Added || !fields.is_empty() {
            changes.push(Change { kind, metric: Some(entry.id.clone()), name: entry.name.clone(), fields });
        }
    }
    for entry in before.iter().filter(|entry| !after_by_id.contains_key(&entry.id)) {
        let fields = field_changes(Some(entry), None);
        let (metric, name) = (Some(entry.id.clone()), entry.name.clone());
        changes.push(Change { kind: ChangeKind::Removed, metric, name, fields });
    }
    changes
}

/// A metric with its guesstimate, as texts.
struct Entry {
    id: String,
    name: String,
    fields: Vec<(&'static str, Option<String>)>,
    data: Option<Value>,
}

fn entries(graph: &Value) -> Vec<Entry> {
    let list = |key: &str| graph.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let own = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).and_then(text);
    let by_metric: BTreeMap<&str, &Value> =
        list("guesstimates").iter().filter_map(|entry| Some((entry.get("metric")?.as_str()?, entry))).collect();
    let entry = |metric: &Value| {
        let id = metric.get("id")?.as_str()?.to_owned();
        let guesstimate = by_metric.get(id.as_str()).copied().unwrap_or(&Value::Null);
        let name = metric.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let location =
            metric.get("location").map(|location| format!("row {}, column {}", location["row"], location["column"]));
        let data = guesstimate.get("data").filter(|data| !data.is_null()).cloned();
        let fields = vec![
            ("name", text(&name)),
            ("readableId", own(metric, "readableId")),
            ("location", location),
            ("expression", own(guesstimate, "expression")),
            ("guesstimateType", own(guesstimate, "guesstimateType")),
            ("description", own(guesstimate, "description")),
        ];
        Some(Entry { id, name, fields, data })
    };
    list("metrics").iter().filter_map(entry).collect()
}

fn field_changes(from: Option<&Entry>, to: Option<&Entry>) -> Vec<FieldChange> {
    let Some(shape) = to.or(from) else { return Vec::new() };
    let value = |entry: Option<&Entry>, index: usize| entry.and_then(|entry| entry.fields[index].1.clone());
    let mut changes: Vec<FieldChange> = (0..shape.fields.len())
        .map(|index| FieldChange { field: shape.fields[index].0, from: value(from, index), to: value(to, index) })
        .filter(|change| change.from != change.to)
        .collect();
    let [before, after] = [from, to].map(|entry| entry.and_then(|entry| entry.data.as_ref()));
    if before != after {
        let text = |data: &Value| {
            let values = data.as_array().map_or(&[][..], Vec::as_slice);
            let first: Vec<String> = values.iter().take(3).map(Value::to_string).collect();
            let more = if values.len() > 3 { ", …" } else { "" };
            format!("{} values: {}{more}", values.len(), first.join(", "))
        };
        changes.push(FieldChange { field: "data", from: before.map(text), to: after.map(text) });
    }
    changes
}

/// A text that is not empty, shortened.
fn text(text: &str) -> Option<String> {
    let shown: String = text.chars().take(TEXT_LEN_MAX).collect();
    let is_whole = shown.len() == text.len();
    (!text.is_empty()).then(|| if is_whole { shown } else { shown + "…" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn version(metrics: &[(&str, &str)]) -> Version {
        let entry = |(id, expression): &(&str, &str)| {
            (
                json!({"id": id, "name": id, "readableId": id, "location": {"row": 1, "column": 1}}),
                json!({"metric": id, "expression": expression}),
            )
        };
        let (metrics, guesstimates): (Vec<_>, Vec<_>) = metrics.iter().map(entry).unzip();
        let graph = json!({"metrics": metrics, "guesstimates": guesstimates});
        let space = json!({"id": 1, "name": "n", "graph": graph});
        Version::of_space(&Space::from_value(space).expect("a space")).expect("a version")
    }

    #[test]
    fn metrics_are_added_removed_and_changed() {
        let changes = differences(
            &version(&[("A", "1"), ("B", "2"), ("C", "3")]),
            &version(&[("D", "4"), ("B", "5"), ("A", "1")]),
        );
        let shown: Vec<_> =
            changes.iter().map(|change| (change.kind, change.metric.as_deref().unwrap_or_default())).collect();
        assert_eq!(shown, [(ChangeKind::Added, "D"), (ChangeKind::Changed, "B"), (ChangeKind::Removed, "C")]);
        let field = FieldChange { field: "expression", from: Some("2".to_owned()), to: Some("5".to_owned()) };
        assert_eq!(changes[1].fields, [field]);
    }

    #[test]
    fn a_version_does_not_differ_from_itself_however_it_is_written() {
        let older = json!({"id": 1, "name": "n", "graph": {
            "metrics": [{"id": "1", "readableId": "AB", "name": "x", "location": {"row": 1, "column": 1}},
                        {"id": "2", "readableId": "AC", "name": "y", "location": {"row": 1, "column": 2}}],
            "guesstimates": [{"metric": "1", "input": "5"}, {"metric": "2", "input": "=AB*2", "guesstimateType": "FUNCTION"}]}});
        let newer = json!({"id": 1, "name": "n", "graph": {
            "metrics": [{"id": "2", "readableId": "AC", "name": "y", "location": {"row": 1, "column": 2}},
                        {"id": "1", "readableId": "AB", "name": "x", "location": {"row": 1, "column": 1}}],
            "guesstimates": [{"metric": "2", "expression": "=${metric:1}*2", "guesstimateType": "FUNCTION"},
                             {"metric": "1", "expression": "5", "guesstimateType": "POINT"}]}});
        let version = |value| Version::of_space(&Space::from_value(value).expect("a space")).expect("a version");
        assert_eq!(differences(&version(older), &version(newer)), []);
    }
}
