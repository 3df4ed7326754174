//! What is known of each metric without sampling: its resolved type, numbers, inputs and errors.

use crate::formula::MetricIndex;
use crate::model::model::Model;
use crate::problem::{Problem, Warning};

/// What is known of one metric.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedMetric<'a> {
    /// Id.
    pub id: &'a str,
    /// Readable id.
    pub readable_id: &'a str,
    /// Name for people.
    pub name: &'a str,
    /// Resolved type: `POINT`, `NORMAL`, `LOGNORMAL`, `UNIFORM`, `BETA`, `DATA`, `FUNCTION` or `NONE`.
    pub type_name: &'static str,
    /// Numbers of a point, range or proportion, in the model's unit; none where there are none.
    pub parameters: Option<Vec<f64>>,
    /// Ids of the metrics it uses, in the order of first use.
    pub inputs: Vec<&'a str>,
    /// What is wrong with it.
    pub errors: &'a [Problem],
    /// What the user should know.
    pub warnings: &'a [Warning],
}

impl Model {
    /// What is known of each metric without sampling, in the order of the model.
    ///
    /// # Examples
    /// ```
    /// use tailcast::model::{self, NoData, Options};
    /// let model = model::read(b"[metrics]\nbase = '5 to 10'\ntotal = '=base + 1'", None, &NoData, Options::default())?;
    /// let report = model.check_report();
    /// assert_eq!((report[0].type_name, report[0].parameters.as_deref()), ("LOGNORMAL", Some(&[5.0, 10.0][..])));
    /// assert_eq!((report[1].type_name, &report[1].inputs[..]), ("FUNCTION", &["base"][..]));
    /// # Ok::<(), model::ModelError>(())
    /// ```
    #[must_use]
    pub fn check_report(&self) -> Vec<CheckedMetric<'_>> {
        let id = |metric: &MetricIndex| self.metrics()[metric.index()].id.as_str();
        let metrics = self.metrics().iter().map(|metric| CheckedMetric {
            id: &metric.id,
            readable_id: &metric.readable_id,
            name: &metric.name,
            type_name: metric.input.type_name(),
            parameters: metric.input.parameters(),
            inputs: metric.formula().map_or_else(Vec::new, |checked| checked.inputs.iter().map(id).collect()),
            errors: &metric.problems,
            warnings: &metric.warnings,
        });
        metrics.collect()
    }

    /// Whether any metric has problems.
    #[must_use]
    pub fn has_problems(&self) -> bool {
        self.metrics().iter().any(|metric| !metric.problems.is_empty())
    }
}
