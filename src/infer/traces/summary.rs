//! Puts the endpoints of a file together into one model, with the report and the warnings.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::super::detect::Kind;
use super::super::error::InferError;
use super::super::identifier::Names;
use super::super::inferred::{CallTimes, Edge, Endpoint, InferReport, InferredModel};
use super::super::model_text::ModelText;
use super::TraceOptions;
use super::model::{EndpointModel, EndpointRules, NANOSECONDS_PER_UNIT, write};
use super::reader::Reading;
use super::span::{Symbol, Symbols};
use super::tally::{CallSums, EndpointTally, Tally};
use crate::problem::Warning;
use crate::units::TimeUnit;

/// Correlations reported.
const CORRELATION_COUNT_MAX: usize = 50;

/// All that came of a file.
pub(crate) struct Summary<'a> {
    /// Its format.
    pub(crate) kind: Kind,
    /// How it becomes a model.
    pub(crate) options: &'a TraceOptions,
    /// Names.
    pub(crate) symbols: &'a Symbols,
    /// Counts.
    pub(crate) tally: &'a Tally,
    /// What came of reading.
    pub(crate) reading: &'a Reading,
    /// Spans that hang on no request.
    pub(crate) stray: u64,
}

impl Summary<'_> {
    /// The model.
    pub(crate) fn model(&self) -> Result<InferredModel, InferError> {
        let mut answered: Vec<&EndpointTally> =
            self.tally.endpoints.iter().filter(|endpoint| endpoint.times.count() > 0).collect();
        if answered.is_empty() {
            return Err(InferError::NoAnsweredRequest {
                requests: self.tally.requests,
                spans: self.reading.spans,
                unreadable: self.reading.first_reason.clone().map(|reason| (self.reading.unreadable, reason)),
            });
        }
        answered.sort_by_cached_key(|endpoint| (Reverse(endpoint.times.count()), self.full_name(endpoint)));
        let left_out = answered.len().saturating_sub(self.options.endpoint_count_max.max(1));
        answered.truncate(answered.len() - left_out);

        let mut warnings = self.warnings(&answered, left_out);
        let mut names = Names::default();
        let mut text = ModelText { unit: TimeUnit::Microsecond.symbol().to_owned(), ..ModelText::default() };
        let mut endpoints = Vec::new();
        let mut report = InferReport {
            spans: self.reading.spans,
            requests: answered.iter().map(|endpoint| endpoint.requests).sum(),
            answered: answered.iter().map(|endpoint| endpoint.times.count()).sum(),
            edges: self.edges(),
            ..InferReport::default()
        };
        for tally in &answered {
            let name = self.endpoint_name(tally, &answered);
            let rules = EndpointRules {
                name: &name,
                alone: answered.len() == 1,
                outcome_requests_min: self.options.outcome_requests_min,
                outcome_count_max: self.options.outcome_count_max.max(1),
                row_count_max: self.options.row_count_max.clamp(1, self.tally.row_count_max()),
                pool_row_count_max: self.tally.row_count_max(),
            };
            let model = write(tally, &rules, self.symbols, &mut names);
            warnings.extend(rest_warning(&name, &model, tally.times.count()));
            endpoints.push(Endpoint {
                metric: model.response,
                measured: Some(tally.times.empirical(NANOSECONDS_PER_UNIT)),
                measured_mean: Some(tally.times.mean() / NANOSECONDS_PER_UNIT),
                requests: tally.times.count(),
                name,
            });
            text.metrics.extend(model.metrics);
            text.paired.extend(model.paired);
            report.shares.extend(model.shares);
            report.outcomes.extend(model.outcomes);
            report.correlations.extend(model.correlations);
        }
        report.correlations.sort_by(|left, right| right.coefficient.abs().total_cmp(&left.coefficient.abs()));
        report.correlations.truncate(CORRELATION_COUNT_MAX);
        text.name = self.options.name.clone().unwrap_or_else(|| endpoints[0].name.clone());
        text.description = self.description(&report);
        if self.options.independent {
            text.paired.clear();
        }
        let (name, toml) = (text.name.clone(), text.render());
        Ok(InferredModel { name, toml, unit: TimeUnit::Microsecond, endpoints, warnings, report })
    }

    fn description(&self, report: &InferReport) -> String {
        let whole = if self.options.independent {
            "the hops of a request are drawn independently of each other"
        } else {
            "whole requests are drawn within each outcome of the branches"
        };
        let sampled = if report.outcomes.iter().any(|outcome| (outcome.kept as u64) < outcome.requests) {
            format!(
                "; of each outcome at most {} requests are kept, chosen by trace id (seed {}) in strata of response time",
                self.options.row_count_max.clamp(1, self.tally.row_count_max()),
                self.options.seed
            )
        } else {
            String::new()
        };
        format!(
            "inferred from {} answered requests of {} in {} spans ({}); {whole}{sampled}",
            report.answered,
            report.requests,
            report.spans,
            self.kind.name(),
        )
    }

    fn name(&self, symbol: Symbol) -> &str {
        self.symbols.name(symbol)
    }

    /// Who a request is sent by, or what answers it where nobody tells.
    fn short_name(&self, endpoint: &EndpointTally) -> String {
        self.name(endpoint.key.caller.unwrap_or(endpoint.key.service)).to_owned()
    }

    fn full_name(&self, endpoint: &EndpointTally) -> String {
        let operation = endpoint.key.operation.map(|operation| self.name(operation)).unwrap_or_default();
        let service = if endpoint.key.caller.is_some() { self.name(endpoint.key.service) } else { "" };
        let short = self.short_name(endpoint);
        let parts: Vec<&str> = [&*short, service, operation].into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }

    /// Short name, and operation or callee where others share it.
    fn endpoint_name(&self, endpoint: &EndpointTally, all: &[&EndpointTally]) -> String {
        let short = self.short_name(endpoint);
        let namesakes: Vec<&&EndpointTally> = all.iter().filter(|other| self.short_name(other) == short).collect();
        if namesakes.len() == 1 {
            return short;
        }
        let operation = endpoint.key.operation.map(|operation| self.name(operation)).unwrap_or_default();
        let same_operation = namesakes.iter().filter(|other| other.key.operation == endpoint.key.operation).count();
        if same_operation == 1 && !operation.is_empty() {
            format!("{short} {operation}")
        } else {
            self.full_name(endpoint)
        }
    }

    fn edges(&self) -> Vec<Edge> {
        let answered: BTreeSet<Option<Symbol>> = self
            .tally
            .edges
            .iter()
            .filter(|(_, tally)| tally.direct.count + tally.forwarded.count > 0)
            .map(|((_, _, operation, _), _)| *operation)
            .collect();
        let mut edges: Vec<Edge> = self
            .tally
            .edges
            .iter()
            .map(|(&(caller, service, operation, forward), tally)| Edge {
                one_way: !answered.contains(&operation),
                caller: caller.map(|caller| self.name(caller).to_owned()),
                callee: self.name(service).to_owned(),
                operation: operation.map(|operation| self.name(operation).to_owned()),
                forward,
                calls: tally.calls,
                requests: tally.requests,
                calls_per_request: tally.calls as f64 / tally.requests as f64,
                direct: call_times(&tally.direct),
                forwarded: call_times(&tally.forwarded),
                lost: if answered.contains(&operation) { tally.lost } else { 0 },
                failed: tally.failed,
                retries: if answered.contains(&operation) { tally.retries } else { 0 },
                asynchronous: tally.asynchronous,
            })
            .collect();
        edges.sort_by(|left, right| {
            let key = |edge: &Edge| (edge.caller.clone(), edge.callee.clone(), edge.operation.clone(), edge.forward);
            key(left).cmp(&key(right))
        });
        edges
    }

    fn warnings(&self, answered: &[&EndpointTally], left_out: usize) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut warn = |code, message: String, help: &str| {
            let warning = Warning::new(code, message);
            warnings.push(if help.is_empty() { warning } else { warning.with_help(help) });
        };
        if let Some(place) = &self.reading.truncated {
            warn("truncated-file", format!("the file is cut short; what came before the cut is used ({place})"), "");
        }
        if let (count @ 1.., Some(reason)) = (self.reading.unreadable, &self.reading.first_reason) {
            warn("unreadable-spans", format!("{count} spans could not be read; the first: {reason}"), "");
        }
        if self.stray > 0 {
            let message = format!(
                "{} spans belong to no request: their parents are not in the file, or came too late",
                self.stray
            );
            warn("stray-spans", message, "sort the file by trace, or allow more open spans");
        }
        if self.tally.overflow > 0 {
            let message = format!("{} requests of rare endpoints were counted only", self.tally.overflow);
            warn("many-endpoints", message, "operation names that hold ids make an endpoint of every request");
        }
        if left_out > 0 {
            let message = format!("{left_out} endpoints with the fewest requests are left out of the model");
            warn("endpoints-left-out", message, "");
        }
        if self.tally.aligned > 0 {
            let message =
                format!("{} calls lie outside their caller's time; their clocks were aligned", self.tally.aligned);
            warn("clock-skew", message, "the two ways of the network are told together, never apart");
        }
        if self.tally.row_count_max() < self.options.row_count_max {
            let message = format!("to bound memory, {} requests of each outcome are kept", self.tally.row_count_max());
            warn("fewer-requests-kept", message, "");
        }
        for endpoint in answered {
            let lost = endpoint.requests - endpoint.times.count();
            if lost > 0 {
                let name = self.endpoint_name(endpoint, answered);
                let requests = endpoint.requests;
                let message = format!("{lost} of {requests} requests of {name} were never answered");
                warn("lost-requests", message, "response times are those of the answered requests");
            }
        }
        warnings
    }
}

/// Warns when many requests had to be drawn whole.
fn rest_warning(endpoint: &str, model: &EndpointModel, answered: u64) -> Option<Warning> {
    let rest = model.outcomes.iter().find(|outcome| outcome.name == "other")?;
    let percent = 100.0 * rest.requests as f64 / answered as f64;
    let message = format!(
        "{} of {answered} requests of {endpoint} ({percent:.1} %) made rare combinations of calls and are drawn whole",
        rest.requests
    );
    Some(
        Warning::new("rare-outcomes", message)
            .with_help("changing a hop or a share leaves those requests as they were"),
    )
}

/// Means in the model's unit.
fn call_times(sums: &CallSums) -> CallTimes {
    let mean = |sum: i128, count: u64| (count > 0).then(|| sum as f64 / count as f64 / NANOSECONDS_PER_UNIT);
    let response_mean = mean(sums.response, sums.count);
    let service_mean = mean(sums.service, sums.both_sides);
    CallTimes {
        count: sums.count,
        response_mean,
        service_mean,
        network_mean: mean(sums.both_response - sums.service, sums.both_sides),
        own_mean: mean(sums.own, sums.count),
    }
}
