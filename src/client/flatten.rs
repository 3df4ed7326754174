//! Metrics that Guesstimate can't express, replaced by values drawn from them.

use serde_json::Value;

use super::representative::{FLATTENED_VALUES, representative};
use super::upload::{Finding, Severity, run, set_data};
use crate::formula::MetricIndex;
use crate::model::Model;
use crate::sim::SimError;

/// Samples of the run whose quantiles are taken: 100 a value, so that neighbouring values keep their distance.
const SAMPLES: u64 = 500_000;

/// Replaces the guesstimates of some metrics by quantiles of their distributions; says of each what became of it.
///
/// # Errors
/// [`SimError`] if the threads of the run can't be started.
pub(super) fn flatten(model: &Model, indices: &[usize], guesstimates: &mut [Value]) -> Result<Vec<Finding>, SimError> {
    let outcome = run(model, SAMPLES)?;
    let findings = indices.iter().map(|&index| {
        let metric = &model.metrics()[index];
        let recorded = outcome.metrics.iter().find(|outcome| outcome.id == metric.id);
        let recording = recorded.and_then(|outcome| outcome.recording.as_ref());
        let Some(recording) = recording.filter(|recording| recording.moments().count > 0) else {
            let message = "expected a distribution to draw values from, found none";
            let help = "`tailcast run` shows what is wrong with it";
            return Finding::new(Severity::Refusal, "not-flattened", message).with_help(help);
        };
        if recording.count() > recording.moments().count || recording.not_a_number() > 0 {
            let message = "expected finite samples to draw values from, found others among them";
            return Finding::new(Severity::Refusal, "not-flattened", message).with_help("keep its values finite");
        }
        let moments = recording.moments();
        let values = if moments.min == moments.max {
            vec![moments.min]
        } else {
            representative(recording, FLATTENED_VALUES, &metric.id)
        };
        let guesstimate = &mut guesstimates[index];
        guesstimate["expression"] = "".into();
        guesstimate["guesstimateType"] = "DATA".into();
        set_data(guesstimate, &values);
        let metric_index = MetricIndex(u32::try_from(index).unwrap_or(u32::MAX));
        let inputs = model.inputs(metric_index);
        let labels: Vec<String> = inputs.iter().map(|input| model.metrics()[input.index()].label()).collect();
        let message = match labels.is_empty() {
            true => format!("replaced by {} values drawn from it", values.len()),
            false => format!(
                "replaced by {} values drawn from it, which no longer follow {}",
                values.len(),
                labels.join(", ")
            ),
        };
        Finding::new(Severity::Note, "flattened", message)
    });
    Ok(findings.collect())
}
