//! Checking a model as far as it goes without drawing samples.

use super::plan::{MetricPlan, Plan};
use crate::model::Model;
use crate::problem::Problem;

/// Problems of each metric, in the order of the model: those that reading it shows and those that compiling it shows.
#[must_use]
pub fn check(model: &Model) -> Vec<Vec<Problem>> {
    let plan = Plan::new(&[model], None, false);
    let problems = model.metrics().iter().zip(&plan.versions[0]).map(|(metric, plan)| match plan {
        MetricPlan::Broken(more) => metric.problems.iter().chain(more).cloned().collect(),
        _ => metric.problems.clone(),
    });
    problems.collect()
}
