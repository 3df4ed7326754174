//! Typed views of one metric and one guesstimate of a wire form.
//!
//! Views read leniently: `null`, a missing key and a value of the wrong kind are all "not there".

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::model::metric::Location;

/// View of an entry of `metrics`.
#[derive(Debug, Clone, Copy)]
pub struct WireMetric<'a> {
    fields: &'a Map<String, Value>,
}

impl<'a> WireMetric<'a> {
    pub(super) const fn new(fields: &'a Map<String, Value>) -> Self {
        Self { fields }
    }

    /// All fields.
    #[must_use]
    pub const fn fields(&self) -> &'a Map<String, Value> {
        self.fields
    }

    /// Id, unique in the graph; numbers are taken as text.
    #[must_use]
    pub fn id(&self) -> Option<Cow<'a, str>> {
        word(self.fields, "id")
    }

    /// Readable id: two letters or so.
    #[must_use]
    pub fn readable_id(&self) -> Option<Cow<'a, str>> {
        word(self.fields, "readableId")
    }

    /// Name; empty when there is none.
    #[must_use]
    pub fn name(&self) -> &'a str {
        text(self.fields, "name").unwrap_or_default()
    }

    /// Place in the grid.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        let location = self.fields.get("location")?;
        let number = |key| location.get(key).and_then(Value::as_i64);
        Some(Location { row: number("row")?, column: number("column")? })
    }
}

/// View of an entry of `guesstimates`.
#[derive(Debug, Clone, Copy)]
pub struct WireGuesstimate<'a> {
    fields: &'a Map<String, Value>,
}

impl<'a> WireGuesstimate<'a> {
    pub(super) const fn new(fields: &'a Map<String, Value>) -> Self {
        Self { fields }
    }

    /// All fields.
    #[must_use]
    pub const fn fields(&self) -> &'a Map<String, Value> {
        self.fields
    }

    /// Id of the metric that this describes.
    #[must_use]
    pub fn metric(&self) -> Option<Cow<'a, str>> {
        word(self.fields, "metric")
    }

    /// Text whose references are `${metric:ID}`; none when empty.
    #[must_use]
    pub fn expression(&self) -> Option<Cow<'a, str>> {
        word(self.fields, "expression").filter(|text| !text.is_empty())
    }

    /// Older text whose references are readable ids; none when empty.
    #[must_use]
    pub fn input(&self) -> Option<Cow<'a, str>> {
        word(self.fields, "input").filter(|text| !text.is_empty())
    }

    /// Type; none when empty.
    #[must_use]
    pub fn type_name(&self) -> Option<&'a str> {
        text(self.fields, "guesstimateType").filter(|text| !text.is_empty())
    }

    /// Description; empty when there is none.
    #[must_use]
    pub fn description(&self) -> &'a str {
        text(self.fields, "description").unwrap_or_default()
    }

    /// Samples: `data`, or the older `value`; an array or a text.
    #[must_use]
    pub fn data(&self) -> Option<&'a Value> {
        ["data", "value"].into_iter().find_map(|key| self.fields.get(key).filter(|value| !value.is_null()))
    }
}

/// A field that holds text.
fn text<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    fields.get(key)?.as_str()
}

/// A field that holds text or a number, as text.
fn word<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<Cow<'a, str>> {
    match fields.get(key)? {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}
