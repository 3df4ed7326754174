//! Facts of an organization: named distributions that its spaces can use, written with the organization's token.
//!
//! The server computes nothing, so a fact comes with its values and their figures.

use serde_json::{Value, json};

use super::representative::representative;
use super::space::id_of;
use super::upload::number;
use crate::recorder::Recording;

/// Values of a fact, as many as Guesstimate draws itself.
pub const FACT_VALUES: usize = 5_000;

/// A fact as the server tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Id.
    pub id: u64,
    /// Name for people.
    pub name: String,
    /// Name in formulas, unique in the organization.
    pub variable_name: String,
}

impl Fact {
    pub(super) fn from_value(value: &Value) -> Option<Self> {
        let value = value.get("fact").unwrap_or(value);
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Some(Self { id: id_of(value.get("id")?)?, name: text("name"), variable_name: text("variable_name") })
    }
}

/// A fact to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct FactDraft {
    /// Name for people.
    pub name: String,
    /// Name in formulas: letters, digits and `_`.
    pub variable_name: String,
    values: Vec<f64>,
    mean: f64,
    stdev: f64,
}

impl FactDraft {
    /// Fact of a recorded distribution: evenly spaced quantiles in random order; `None` if it has no finite sample, or
    /// infinite ones, or the variable name is none.
    ///
    /// # Numerics
    /// Mean and standard deviation are those of all samples, the quantiles those of the recording.
    #[must_use]
    pub fn new(name: &str, variable_name: &str, recording: &Recording) -> Option<Self> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if variable_name.is_empty() || !variable_name.bytes().all(is_word) {
            return None;
        }
        let moments = recording.moments();
        let (mean, stdev) = (moments.mean()?, moments.stdev()?);
        let values =
            if moments.min == moments.max { vec![mean] } else { representative(recording, FACT_VALUES, variable_name) };
        if recording.count() != moments.count || values.is_empty() {
            return None;
        }
        Some(Self { name: name.to_owned(), variable_name: variable_name.to_owned(), values, mean, stdev })
    }

    /// Body of the request that writes it.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        let percentile = |values: &[f64], percent: usize| number(values[values.len() * percent / 100]);
        let expression = match self.values[..] {
            [value] => number(value).to_string(),
            _ => format!("{} to {}", percentile(&sorted, 5), percentile(&sorted, 95)),
        };
        let above = sorted.partition_point(|value| *value <= self.mean);
        let (below, above) = sorted.split_at(above);
        let interval = match (below, above) {
            ([_, ..], [_, ..]) => json!([percentile(below, 10), percentile(above, 90)]),
            _ => json!([]),
        };
        json!({ "fact": {
            "name": self.name,
            "variable_name": self.variable_name,
            "expression": expression,
            "simulation": {
                "sample": { "values": self.values.iter().map(|value| number(*value)).collect::<Vec<_>>() },
                "stats": {
                    "length": self.values.len(),
                    "mean": self.mean,
                    "stdev": self.stdev,
                    "percentiles": {
                        "5": percentile(&sorted, 5), "50": percentile(&sorted, 50), "95": percentile(&sorted, 95)
                    },
                    "adjustedConfidenceInterval": interval,
                },
            },
        }})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::Recorder;

    fn recording(values: &[f64]) -> Recording {
        let mut recorder = Recorder::new();
        let moments = recorder.record(values);
        Recording::from_recorders([&recorder], moments)
    }

    #[test]
    fn a_fact_has_values_and_figures() {
        let values: Vec<f64> = (0..2000).map(f64::from).collect();
        let draft = FactDraft::new("latency", "latency_ns", &recording(&values)).expect("a fact");
        let fact = draft.body()["fact"].take();
        assert_eq!(fact["variable_name"], "latency_ns");
        let simulation = &fact["simulation"];
        assert_eq!(simulation["sample"]["values"].as_array().map(Vec::len), Some(FACT_VALUES));
        assert_eq!(simulation["stats"]["length"], FACT_VALUES);
        let figure = |pointer: &str| simulation.pointer(pointer).and_then(Value::as_f64).expect(pointer);
        assert!((figure("/stats/mean") - 999.5).abs() < 1e-9);
        for (percent, expected) in [("5", 100.0), ("50", 1000.0), ("95", 1900.0)] {
            assert!((figure(&format!("/stats/percentiles/{percent}")) - expected).abs() < 2.0, "{percent}");
        }
        assert!((figure("/stats/adjustedConfidenceInterval/0") - 100.0).abs() < 2.0);
        assert!((figure("/stats/adjustedConfidenceInterval/1") - 1900.0).abs() < 2.0);
    }

    #[test]
    fn a_constant_is_one_value() {
        let fact = FactDraft::new("x", "x", &recording(&[3.0; 9])).expect("a fact").body();
        assert_eq!(fact["fact"]["expression"], "3");
        assert_eq!(fact["fact"]["simulation"]["stats"]["length"], 1);
    }

    #[test]
    fn what_the_server_would_refuse_is_no_fact() {
        for name in ["", "a b", "a-b", "é"] {
            assert_eq!(FactDraft::new("x", name, &recording(&[1.0, 2.0])), None, "{name}");
        }
        assert_eq!(FactDraft::new("x", "x", &recording(&[])), None);
        assert_eq!(FactDraft::new("x", "x", &recording(&[1.0, f64::INFINITY])), None);
    }
}
