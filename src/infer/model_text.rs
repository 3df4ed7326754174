//! The TOML text of an inferred model: what a person would write, with a description a metric.

use std::fmt::Write;

/// What a metric is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    /// Input text: a number, a range, or a formula starting with `=`.
    Input(String),
    /// Input text with the type its range is read as.
    Typed(String, &'static str),
    /// Measured values.
    Data(Vec<f64>),
    /// A measured histogram: low, high, weight.
    Histogram(Vec<(f64, f64, f64)>),
    /// Measured values in a file, by the keys of the reference with their texts.
    File(Vec<(&'static str, String)>),
}

/// A metric of the model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MetricText {
    /// Key, an identifier.
    pub(crate) key: String,
    /// Name for people, where the key is not it.
    pub(crate) name: Option<String>,
    /// Description for people.
    pub(crate) description: String,
    /// Unit, where it is not the model's.
    pub(crate) unit: Option<String>,
    /// What it is.
    pub(crate) source: Source,
}

impl MetricText {
    /// Metric in the model's unit.
    pub(crate) fn new(key: impl Into<String>, description: impl Into<String>, source: Source) -> Self {
        Self { key: key.into(), name: None, description: description.into(), unit: None, source }
    }

    /// Sets the name for people.
    pub(crate) fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the unit.
    pub(crate) fn with_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }
}

/// The model.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ModelText {
    /// Name.
    pub(crate) name: String,
    /// Description for people.
    pub(crate) description: String,
    /// Unit of the metrics.
    pub(crate) unit: String,
    /// Groups of metrics whose values were measured together.
    pub(crate) paired: Vec<Vec<String>>,
    /// The metrics.
    pub(crate) metrics: Vec<MetricText>,
}

impl ModelText {
    /// The text.
    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        self.write(&mut text).expect("writing to a String does not fail");
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "name = {}", quoted(&self.name))?;
        if !self.description.is_empty() {
            writeln!(text, "description = {}", quoted(&self.description))?;
        }
        if !self.unit.is_empty() {
            writeln!(text, "unit = {}", quoted(&self.unit))?;
        }
        if !self.paired.is_empty() {
            writeln!(text, "paired = [")?;
            for group in &self.paired {
                let names: Vec<String> = group.iter().map(|name| quoted(name)).collect();
                writeln!(text, "    [{}],", names.join(", "))?;
            }
            writeln!(text, "]")?;
        }
        self.metrics.iter().try_for_each(|metric| metric.write(text))
    }
}

impl MetricText {
    /// The table of the metric, after an empty line.
    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        self.write(&mut text).expect("writing to a String does not fail");
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "\n[metrics.{}]", self.key)?;
        if let Some(name) = &self.name {
            writeln!(text, "name = {}", quoted(name))?;
        }
        if !self.description.is_empty() {
            writeln!(text, "description = {}", quoted(&self.description))?;
        }
        if let Some(unit) = &self.unit {
            writeln!(text, "unit = {}", quoted(unit))?;
        }
        match &self.source {
            Source::Input(input) => writeln!(text, "input = {}", quoted(input)),
            Source::Typed(input, kind) => writeln!(text, "input = {}\ntype = {}", quoted(input), quoted(kind)),
            Source::Data(values) => {
                let values: Vec<String> = values.iter().map(|&value| number(value)).collect();
                writeln!(text, "data = [{}]", values.join(", "))
            }
            Source::Histogram(cells) => {
                let cells: Vec<String> = cells
                    .iter()
                    .map(|&(low, high, weight)| format!("[{}, {}, {}]", number(low), number(high), number(weight)))
                    .collect();
                writeln!(text, "histogram = [{}]", cells.join(", "))
            }
            Source::File(keys) => {
                let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key} = {}", quoted(value))).collect();
                writeln!(text, "data = {{ {} }}", keys.join(", "))
            }
        }
    }
}

/// A number as TOML and formulas both read it.
pub(crate) fn number(value: f64) -> String {
    if value.abs() < 1e15 {
        return format!("{value}");
    }
    format!("{value:e}")
}

/// A share in percent, to ten decimals: more are noise of the division.
pub(crate) fn percent(share: f64) -> f64 {
    (share * 1e12).round() / 1e10
}

/// A basic TOML string.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_toml_with_the_same_content() {
        let model = ModelText {
            name: "a \"quoted\" \\ name\u{7f}".to_owned(),
            description: "two\nlines".to_owned(),
            unit: "us".to_owned(),
            paired: vec![vec!["a_x".to_owned(), "a_y".to_owned()]],
            metrics: vec![
                MetricText::new("hit", "", Source::Input("60".to_owned())).with_unit("%"),
                MetricText::new("a_x", "x", Source::Data(vec![1.0, 2.5, 1e20])),
                MetricText::new("a_y", "y", Source::Histogram(vec![(0.0, 1.0, 3.0)])),
                MetricText::new("guess", "g", Source::Typed("5 to 10".to_owned(), "NORMAL")),
                MetricText::new("disk", "", Source::File(vec![("file", "a b.hlog".to_owned())])).with_name("a disk"),
            ],
        };
        let table: toml::Table = model.render().parse().unwrap();
        assert_eq!(table["name"].as_str(), Some("a \"quoted\" \\ name\u{7f}"));
        assert_eq!(table["paired"][0][1].as_str(), Some("a_y"));
        assert_eq!(table["metrics"]["a_x"]["data"][2].as_float(), Some(1e20));
        assert_eq!(table["metrics"]["hit"]["unit"].as_str(), Some("%"));
        assert_eq!(table["metrics"]["guess"]["type"].as_str(), Some("NORMAL"));
        assert_eq!(table["metrics"]["a_y"]["histogram"][0][2].as_integer(), Some(3));
        assert_eq!(table["metrics"]["disk"]["data"]["file"].as_str(), Some("a b.hlog"));
        assert_eq!(table["metrics"]["disk"]["name"].as_str(), Some("a disk"));
    }
}
