//! How far order statistics of computed metrics can be trusted: they rest on samples recorded once for the model, whose
//! error is in no interval.

use std::collections::HashSet;

use crate::formula::MetricIndex;
use crate::model::Model;
use crate::problem::Warning;
use crate::program::{Compiler, RecordedUse};
use crate::sim::Outcome;
use crate::units::format_count;

/// Quantile at which the error of the recording is weighed against that of the run.
const TAIL: f64 = 0.99;

/// Functions that may rest on recorded samples.
const ORDER_STATISTICS: [&str; 3] = ["fanout", "fastest", "quorumOf"];

/// Adds the warning `recorded-tail` to each metric of `outcome` whose formula asks for an order statistic of recorded
/// samples with an error that is larger than the one that the intervals hold.
///
/// # Parameters
/// - `model`: the model that was run.
pub fn warn(model: &Model, outcome: &mut Outcome) {
    for (metric, warning) in all_warnings(model, outcome.samples) {
        let id = &model.metrics()[metric.index()].id;
        let Some(found) = outcome.metrics.iter_mut().find(|found| found.id == *id) else { continue };
        if !found.warnings.contains(&warning) {
            found.warnings.push(warning);
        }
    }
}

/// The warnings `recorded-tail` of a metric and all that it depends on, each with the name of the metric that it is about.
///
/// # Parameters
/// - `samples`: how many are drawn, 1 or more.
#[must_use]
pub fn warnings(model: &Model, metric: MetricIndex, samples: u64) -> Vec<(String, Warning)> {
    let upstream = model.upstream(metric);
    let mut warnings = all_warnings(model, samples);
    let mut seen = HashSet::new();
    warnings.retain(|found| upstream.contains(&found.0) && seen.insert(found.clone()));
    warnings.into_iter().map(|(metric, warning)| (model.metrics()[metric.index()].name.clone(), warning)).collect()
}

/// What is to be said of each order statistic, with the metric whose formula it is in.
fn all_warnings(model: &Model, samples: u64) -> Vec<(MetricIndex, Warning)> {
    let uses = recorded_uses(model).into_iter();
    uses.filter_map(|(metric, used)| Some((metric, warning(&used, samples)?))).collect()
}

/// Order statistics of recorded samples in the formulas of a model.
///
/// # Cost
/// The model is compiled once more if any formula calls one of the functions, else nothing.
#[must_use]
pub fn recorded_uses(model: &Model) -> Vec<(MetricIndex, RecordedUse)> {
    let is_order_statistic = |name: &str| ORDER_STATISTICS.contains(&name);
    let mut formulas = model.metrics().iter().filter_map(|metric| metric.formula());
    if !formulas.any(|checked| checked.tree.calls(&is_order_statistic)) {
        return Vec::new();
    }
    let mut compiler = Compiler::new(model.options().compat);
    let correlations = model.correlations().iter();
    compiler.correlate(correlations.map(|pair| (pair.first, pair.second, pair.coefficient)));
    compiler.add(&model.definitions(), model.order());
    compiler.recorded_uses().to_vec()
}

/// What a report of `samples` samples says about an order statistic; nothing if its interval holds most of its error.
fn warning(used: &RecordedUse, samples: u64) -> Option<Warning> {
    let recorded = format_count(RecordedUse::SAMPLES as u64);
    let function = used.function;
    let Some((k, n)) = used.rank else {
        let message = format!(
            "`{function}` of a number of copies that varies rests on {recorded} recorded samples; their error is in no \
             interval"
        );
        return Some(Warning::new("recorded-tail", message).with_help(HELP));
    };
    let held = (TAIL * (1.0 - TAIL) / samples.max(1) as f64).sqrt();
    let error = used.share_error(TAIL)?;
    // Written so that a NaN warns.
    if error <= held {
        return None;
    }
    let [median, tail] = [0.5, TAIL].map(|q| rarer_samples(k, n, q));
    let message = format!(
        "`{function}` of {} copies rests on {recorded} recorded samples, its p50 on {median} of them and its p99 on \
         {tail}; so the share beyond its p99 has a relative standard error of {}, which the intervals do not hold",
        format_count(n as u64),
        percent(error / (1.0 - TAIL)),
    );
    Some(Warning::new("recorded-tail", message).with_help(HELP))
}

const HELP: &str =
    "copy a range, data or a single random function, whose distribution is known, or allow for that error";

/// Recorded samples on the rarer side of what is taken for the quantile `q` of the `k`-th fastest of `n`.
fn rarer_samples(k: f64, n: f64, q: f64) -> String {
    let above = n + 1.0 - k;
    let rarer = if k >= above {
        crate::math::special::inverse_incomplete_beta_upper(above, k, q)
    } else {
        crate::math::special::inverse_incomplete_beta(k, above, q)
    };
    format_count((rarer.min(1.0 - rarer) * RecordedUse::SAMPLES as f64).round() as u64)
}

/// A share in percent, to two digits.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent >= 10.0 { format!("{percent:.0} %") } else { format!("{percent:.1} %") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slowest(n: f64) -> RecordedUse {
        RecordedUse { function: "fanout", rank: Some((n, n)) }
    }

    #[test]
    fn an_error_above_that_of_the_run_is_told() {
        // Relative errors of the share beyond p99: 0.49 % sqrt(n) of the recording, 0.995 % of a million samples.
        assert_eq!(warning(&slowest(4.0), 1_000_000), None);
        let message = warning(&slowest(1000.0), 1_000_000).expect("a warning").message;
        assert_eq!(
            message,
            "`fanout` of 1,000 copies rests on 4,194,304 recorded samples, its p50 on 2,906 of them and its p99 on 42; so \
             the share beyond its p99 has a relative standard error of 15 %, which the intervals do not hold"
        );
        // With few samples the interval is wide enough.
        assert_eq!(warning(&slowest(1000.0), 1000), None);
        let varying = RecordedUse { function: "fastest", rank: None };
        assert!(warning(&varying, 1000).is_some());
    }
}
