//! Problems that show only when formulas are compiled or samples drawn.

use crate::formula::{MetricIndex, Unknown};
use crate::model::Model;
use crate::problem::{Problem, ProblemKind};
use crate::program::Compiled;
use crate::recorder::Recording;
use crate::span::Span;

/// Problems of a metric that could not be compiled.
pub(super) fn compile_problems(model: &Model, metric: usize, compiled: &Compiled) -> Vec<Problem> {
    match compiled {
        Compiled::Failed(error) => {
            let mut problem = error.problem();
            let formula = model.metrics()[metric].formula();
            // Only formulas have places.
            problem.span = problem.span.filter(|_| formula.is_some());
            // What a name may have been meant to be is known to those who know the metrics.
            let unknown = formula.into_iter().flat_map(|checked| &checked.unknown);
            if let Some(unknown) = unknown
                .map(Unknown::problem)
                .find(|unknown| unknown.code == problem.code && unknown.span == problem.span)
            {
                problem = Problem { kind: problem.kind, ..unknown };
            }
            vec![problem]
        }
        Compiled::Broken(inputs) => vec![broken_input(model, inputs)],
        Compiled::Output { .. } | Compiled::Empty => Vec::new(),
    }
}

/// Problem of a metric whose inputs have no samples.
pub(super) fn broken_input(model: &Model, inputs: &[MetricIndex]) -> Problem {
    let names: Vec<String> = inputs.iter().map(|input| model.metrics()[input.index()].label()).collect();
    let message = format!("expected inputs with samples, found none in {}", names.join(", "));
    Problem::new(ProblemKind::Graph, "broken-input", message).with_help("mend those first")
}

/// Problems that the recorded samples show.
///
/// Infinite samples and samples that are not a number are errors with their count, also where the other samples give
/// figures.
///
/// # Parameters
/// - `source`: text of the metric.
/// - `queued`: whether it has queues, which have no value where as much arrives as can be served, or uses such.
pub(super) fn sampling_problems(recording: &Recording, source: &str, queued: bool) -> Vec<Problem> {
    let infinite = recording.negative_infinite() + recording.positive_infinite();
    let not_a_number = recording.not_a_number();
    let drawn = recording.count() + not_a_number + recording.filtered();
    let place = Span::new(0, source.len());
    let problem = |code, message: String| Problem::new(ProblemKind::Sampling, code, message).with_span(place);
    let mut problems = Vec::new();
    if not_a_number > 0 && queued {
        let message = format!("{not_a_number} of {drawn} samples have no response time: the queue is unstable");
        let help = "keep the arrival rate times the service time below the number of servers";
        problems.push(problem("unstable-queue", message).with_help(help));
    } else if not_a_number > 0 {
        let message = format!("{not_a_number} of {drawn} samples are not a number");
        let help = "guard against 0 / 0, infinity less infinity, and roots and logarithms of negative numbers";
        problems.push(problem("not-a-number", message).with_help(help));
    }
    if infinite > 0 {
        let message = format!("{infinite} of {drawn} samples are infinite");
        problems
            .push(problem("division-by-zero", message).with_help("guard against a division by zero or an overflow"));
    }
    if recording.moments().count == 0 && not_a_number == 0 && drawn > 0 {
        let (what, help) = if infinite > 0 {
            ("infinite", "guard against a division by zero or an overflow")
        } else {
            ("filtered", "loosen the filter")
        };
        problems.push(problem("no-finite-sample", format!("all {drawn} samples are {what}")).with_help(help));
    }
    problems
}
