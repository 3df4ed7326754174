//! What is to be said about a model before it is sent: what the server would take and Guesstimate would not, or not as it
//! is meant.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::upload::{Finding, Severity, run};
use super::vocabulary::is_known_to_guesstimate;
use crate::dist::Empirical;
use crate::formula::{self, Dialect, Node, Tree};
use crate::model::{self, Input, Metric, Model, NoData, Options};
use crate::problem::{Problem, Warning};
use crate::sim::{self, SimError};

/// Types that Guesstimate knows.
const TYPES: [&str; 8] = ["FUNCTION", "NORMAL", "BETA", "POINT", "LOGNORMAL", "UNIFORM", "DATA", "NONE"];

/// Samples of the two runs that are compared: as many as Guesstimate draws.
const SAMPLES: u64 = 5_000;

/// Warnings of the reader that tell of content that would not be sent.
const LOSSES: [&str; 4] = ["metric-without-id", "guesstimate-without-metric", "duplicate-guesstimate", "no-graph"];

/// A metric that Guesstimate would not evaluate as we do.
pub(super) struct Suspect {
    pub(super) index: usize,
    pub(super) finding: Finding,
}

/// What can be said without Guesstimate's reading of the model.
pub(super) fn checks(model: &Model, conversion: &[Warning]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = model.warnings().iter().chain(conversion).filter_map(warning_finding).collect();
    if model.metrics().is_empty() {
        findings.push(Finding::new(Severity::Warning, "no-metrics", "expected metrics, found an empty model"));
    }
    if model.name().trim().is_empty() {
        let finding = Finding::new(Severity::Note, "no-name", "the model has no name, and the space will have none");
        findings.push(finding.with_help("give it one with --name"));
    }
    if !model.correlations().is_empty() {
        let message = "declared correlations have no place in Guesstimate: the metrics are independent there";
        findings.push(Finding::new(Severity::Warning, "correlations-lost", message).with_help(FORCE_HELP));
    }
    let problems = sim::check(model);
    for (metric, problems) in model.metrics().iter().zip(&problems) {
        findings.extend(problems.iter().map(|problem| problem_finding(problem).about(metric)));
        findings.extend(metric.warnings.iter().map(|warning| note(warning).about(metric)));
        if metric.id.contains(['}', '$']) {
            let message = format!("expected an id that formulas can refer to, found `{}`", metric.id);
            let finding = Finding::new(Severity::Refusal, "unusable-id", message);
            findings.push(finding.about(metric).with_help("give it an id of letters and digits"));
        }
    }
    findings.extend(unknown_types(model));
    findings.extend(lists_in_step(model));
    findings
}

/// Most metrics that one finding names.
const LABELS_MAX: usize = 5;

const FORCE_HELP: &str = "--force sends the model all the same";

fn note(warning: &Warning) -> Finding {
    let finding = Finding::new(Severity::Note, warning.code, warning.message.clone());
    Finding { help: warning.help.clone(), ..finding }
}

/// A warning of reading or converting. Of histograms the upload itself tells.
fn warning_finding(warning: &Warning) -> Option<Finding> {
    match warning.code {
        "histogram-sampled" => None,
        code if LOSSES.contains(&code) => Some(Finding { severity: Severity::Warning, ..note(warning) }),
        _ => Some(note(warning)),
    }
}

/// What is wrong with a metric is shown by Guesstimate as well, so it may be sent; a second metric of an id is lost.
fn problem_finding(problem: &Problem) -> Finding {
    let severity = if problem.code == "duplicate-id" { Severity::Refusal } else { Severity::Warning };
    let finding = Finding::new(severity, problem.code, problem.message.clone());
    Finding { help: problem.help.clone(), ..finding }
}

/// Types that the document names and Guesstimate does not know.
fn unknown_types(model: &Model) -> Vec<Finding> {
    let Some(wire) = model.wire() else { return Vec::new() };
    let unknown = wire.guesstimates().filter_map(|guesstimate| {
        let name = guesstimate.type_name().filter(|name| !TYPES.contains(name))?;
        let message = format!("expected a type that Guesstimate knows, found `{name}`");
        let id = guesstimate.metric().unwrap_or_default();
        let metric = model.metrics().iter().find(|metric| metric.id == id);
        let finding = Finding::new(Severity::Warning, "unknown-type", message)
            .with_help(format!("the types are {}; --force sends the one that the input implies", TYPES.join(", ")));
        Some(metric.map_or(finding.clone(), |metric| finding.about(metric)))
    });
    unknown.collect()
}

/// Lists of equal length, which Guesstimate reads in step.
fn lists_in_step(model: &Model) -> Option<Finding> {
    let mut by_len: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, metric) in model.metrics().iter().enumerate() {
        if let Input::Data(Empirical::Values(values)) = &metric.input
            && values.len() > 1
        {
            by_len.entry(values.len()).or_default().push(index);
        }
    }
    let pairs: Vec<Vec<usize>> =
        model.paired().iter().map(|group| group.iter().map(|member| member.index()).collect()).collect();
    by_len.retain(|_, members| {
        members.len() > 1 && !pairs.iter().any(|pair| members.iter().all(|member| pair.contains(member)))
    });
    let (len, members) = by_len.iter().max_by_key(|(_, members)| members.len())?;
    let labels: Vec<String> = members.iter().take(LABELS_MAX).map(|&member| model.metrics()[member].label()).collect();
    let more = members.len().saturating_sub(LABELS_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let other = match by_len.len() - 1 {
        0 => String::new(),
        1 => "; so do lists of 1 other length".to_owned(),
        others => format!("; so do lists of {others} other lengths"),
    };
    let message = format!(
        "Guesstimate reads lists of {len} values in step, so {}{more} depend on each other there{other}",
        labels.join(", ")
    );
    Some(Finding::new(Severity::Note, "lists-in-step", message))
}

/// The metrics of a graph that Guesstimate would not evaluate as the model does, without those that only use such.
///
/// # Errors
/// [`SimError`] if the threads of a run can't be started.
pub(super) fn suspects(model: &Model, graph: &Value) -> Result<Vec<Suspect>, SimError> {
    // Guesstimate's reading of exactly what is sent.
    let options = Options { compat: true };
    let Ok(theirs) = model::read(graph.to_string().as_bytes(), None, &NoData, options) else { return Ok(Vec::new()) };
    let (our_run, their_run) = (run(model, SAMPLES)?, run(&theirs, SAMPLES)?);
    let (our_problems, their_problems) = (problems_by_id(&our_run), problems_by_id(&their_run));
    let formulas: BTreeSet<&str> = theirs
        .metrics()
        .iter()
        .filter(|metric| matches!(metric.input, Input::Formula(_)))
        .map(|metric| metric.id.as_str())
        .collect();
    let mut suspects = Vec::new();
    for (index, metric) in model.metrics().iter().enumerate().filter(|(_, metric)| metric.problems.is_empty()) {
        let id = metric.id.as_str();
        let sent = metric.formula().filter(|_| formulas.contains(id));
        let fault = sent.and_then(|checked| language_fault(metric, &checked.tree)).or_else(|| {
            let theirs = their_problems.get(id)?.iter().find(|problem| !FOLLOWING.contains(&problem.code))?;
            let is_sound = our_problems.get(id).is_none_or(|problems| problems.is_empty());
            is_sound.then(|| theirs.message.clone())
        });
        if let Some(message) = fault {
            let message = format!("not so in Guesstimate: {message}");
            let finding = Finding::new(Severity::Warning, "not-guesstimate", message);
            let help = "--flatten sends values drawn from it instead, --force the formula as it is";
            suspects.push(Suspect { index, finding: finding.with_help(help) });
        }
    }
    Ok(suspects)
}

/// The problems that a run found, by the id of the metric.
fn problems_by_id(outcome: &sim::Outcome) -> BTreeMap<&str, &[Problem]> {
    outcome.metrics.iter().map(|metric| (metric.id.as_str(), metric.problems.as_slice())).collect()
}

/// Codes of problems that follow from those of other metrics.
const FOLLOWING: [&str; 2] = ["broken-input", "empty-input"];

/// What in a formula is not Guesstimate's, or reads otherwise there.
fn language_fault(metric: &Metric, tree: &Tree) -> Option<String> {
    let mut defined = Vec::new();
    let mut called = Vec::new();
    collect_calls(tree, &mut called, &mut defined);
    let unknown = called.iter().find(|name| !defined.contains(*name) && !is_known_to_guesstimate(name));
    if let Some(name) = unknown {
        return Some(format!("expected a function of Guesstimate, found `{name}`"));
    }
    let text = metric.source.replacen('=', " ", 1);
    let shape = |dialect| formula::parse(&text, dialect).ok().map(|tree| tree.s_expression());
    let (ours, theirs) = (shape(Dialect::Sane), shape(Dialect::Guesstimate));
    (ours != theirs).then(|| match theirs {
        Some(theirs) => format!("the formula is read as `{theirs}`"),
        None => "the formula can't be read".to_owned(),
    })
}

fn collect_calls<'a>(tree: &'a Tree, called: &mut Vec<&'a str>, defined: &mut Vec<&'a str>) {
    match &tree.node {
        Node::Call(callee, _) => {
            if let Node::Name(name) = &callee.node {
                called.push(name);
            }
        }
        Node::Function { name, parameters, .. } => {
            defined.push(name);
            defined.extend(parameters.iter().map(String::as_str));
        }
        Node::Assignment(target, _) => {
            if let Node::Name(name) = &target.node {
                defined.push(name);
            }
        }
        _ => {}
    }
    tree.for_each_child(|child| collect_calls(child, called, defined));
}
