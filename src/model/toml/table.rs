//! Typed access to TOML tables that collects faults instead of stopping at the first.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::formula;
use crate::model::error::{Fault, FaultKind};
use crate::span::Span;

/// Most faults reported of one file.
const FAULTS_MAX: usize = 100;

/// A TOML value with its place.
pub(super) type TomlValue<'a> = Spanned<DeValue<'a>>;

/// The faults found so far in one text.
pub(super) struct Faults<'a> {
    text: &'a str,
    pub(super) found: Vec<Fault>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, found: Vec::new() }
    }

    /// Adds a fault at these bytes.
    pub(super) fn add(&mut self, kind: FaultKind, span: Range<usize>, message: impl Into<String>) {
        self.push(Fault::new(kind, message), &span);
    }

    fn push(&mut self, fault: Fault, span: &Range<usize>) {
        if self.found.len() >= FAULTS_MAX {
            return;
        }
        self.found.push(fault.with_span(self.text, Span::new(span.start, span.end)));
    }

    /// Adds a fault at these bytes, with a remedy.
    pub(super) fn add_with_help(
        &mut self,
        kind: FaultKind,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Fault::new(kind, message).with_help(help), &span);
    }

    /// Adds a fault made elsewhere; the bytes it names, if any, are counted from `origin`.
    pub(super) fn add_at(&mut self, fault: Fault, value: &Range<usize>, origin: usize) {
        let span = fault.span.map_or(value.clone(), |span| {
            let end = value.end.min(self.text.len());
            (origin + span.start).min(end)..(origin + span.end).min(end)
        });
        self.push(fault, &span);
    }

    /// Offset of the first byte of the content of a string: one, or three, past the start of its quotes.
    pub(super) fn content_start(&self, span: &Range<usize>) -> usize {
        let literal = &self.text[span.clone()];
        let is_long = literal.starts_with("\"\"\"") || literal.starts_with("'''");
        span.start + if is_long { 3 } else { 1 }
    }

    /// Reports every key of `table` that is not `known`.
    pub(super) fn check_keys(&mut self, table: &DeTable<'_>, known: &[&str], what: &str) {
        for (key, _) in table {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let message = format!("expected a key of {what}, found `{name}`");
            let help = match formula::nearest_name(name, known.iter().copied()) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("the keys of {what} are {}", known.join(", ")),
            };
            self.add_with_help(FaultKind::UnknownKey, key.span(), message, help);
        }
    }

    /// Reports a value of the wrong kind.
    pub(super) fn wrong_kind(&mut self, value: &TomlValue<'_>, wanted: &str) {
        let found = kind_name(value.get_ref());
        self.add(FaultKind::Value, value.span(), format!("expected {wanted}, found {found}"));
    }

    /// The string at `key`, if there is one.
    pub(super) fn string(&mut self, table: &DeTable<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong_kind(value, "a string");
        }
        text
    }

    /// The table at `key`, if there is one.
    pub(super) fn table<'t, 'i>(&mut self, table: &'t DeTable<'i>, key: &str) -> Option<&'t DeTable<'i>> {
        let value = table.get(key)?;
        let inner = value.get_ref().as_table();
        if inner.is_none() {
            self.wrong_kind(value, "a table");
        }
        inner
    }

    /// The elements of the array at `key`; none when there is no such key.
    pub(super) fn array<'t, 'i>(&mut self, table: &'t DeTable<'i>, key: &str, wanted: &str) -> &'t [TomlValue<'i>] {
        let Some(value) = table.get(key) else { return &[] };
        match value.get_ref().as_array() {
            Some(array) => array,
            None => {
                self.wrong_kind(value, wanted);
                &[]
            }
        }
    }

    /// The finite number that `value` is.
    pub(super) fn number(&mut self, value: &TomlValue<'_>, wanted: &str) -> Option<f64> {
        match number(value.get_ref()) {
            Some(number) if number.is_finite() => Some(number),
            Some(_) => {
                self.add(FaultKind::Value, value.span(), format!("expected {wanted}, found one that is not finite"));
                None
            }
            None => {
                self.wrong_kind(value, wanted);
                None
            }
        }
    }
}

/// Number that a TOML value is, correctly rounded.
pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Float(float) => float.as_str().parse().ok(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
        DeValue::Integer(integer) => i128::from_str_radix(integer.as_str(), integer.radix()).ok().map(|n| n as f64),
        _ => None,
    }
}

/// What a TOML value is, for messages.
fn kind_name(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => {
            let shown: String = text.chars().take(40).collect();
            format!("the string `{shown}`")
        }
        DeValue::Integer(integer) => format!("the number {}", integer.as_str().chars().take(40).collect::<String>()),
        DeValue::Float(float) => format!("the number {}", float.as_str().chars().take(40).collect::<String>()),
        DeValue::Boolean(value) => format!("`{value}`"),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(array) => format!("a list of {}", array.len()),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
