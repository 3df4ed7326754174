//! Scenarios: named sets of inputs that replace those of the model.

use crate::formula::MetricIndex;

/// What replaces the input of a metric.
#[derive(Debug, Clone, PartialEq)]
pub enum OverrideInput {
    /// One value, in the unit of the metric's numbers.
    Number(f64),
    /// Input text or `=formula`.
    Text(String),
}

/// The new input of one metric.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// Metric.
    pub metric: MetricIndex,
    /// What its input becomes.
    pub input: OverrideInput,
}

/// A named set of new inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Name.
    pub name: String,
    /// New inputs, in the order of the file.
    pub overrides: Vec<Override>,
}
