//! What was found in an architecture or in traces: calls, shares of branches, correlations; as JSON and as tables.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::columns::Columns;
use crate::infer::{CallTimes, Edge, InferredModel};
use crate::units::{TimeUnit, Unit, format_count, format_figure};

/// Correlations that a text shows, strongest first.
const CORRELATIONS_SHOWN: usize = 5;

/// Share of a mean to which it is shown.
const SHOWN: f64 = 0.005;

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InferredDocument {
    /// The endpoints, most requested first.
    pub endpoints: Vec<EndpointDocument>,
    /// The call graph, by caller and callee.
    pub calls: Vec<CallDocument>,
    /// Probabilities of branches, each a metric of the model.
    pub shares: Vec<ShareDocument>,
    /// Outcomes of the branches, most frequent first.
    pub outcomes: Vec<OutcomeDocument>,
    /// Rank correlations of times of one request, strongest first.
    pub correlations: Vec<CorrelationDocument>,
}

/// What requests are sent to from outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EndpointDocument {
    /// Name in what was read.
    pub endpoint: String,
    /// Name of its response time in the model.
    pub metric: String,
    /// Requests with an answer; 0 for an architecture.
    pub requests: u64,
    /// Mean response time measured, in the model's unit.
    pub measured_mean: Option<f64>,
}

/// Calls of one kind from one service to another; times in the model's unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallDocument {
    /// Who calls; null where requests come from outside.
    pub caller: Option<String>,
    /// Who is called.
    pub callee: String,
    /// Operation, where traces tell.
    pub operation: Option<String>,
    /// Calls seen; 0 for an architecture.
    pub calls: u64,
    /// Requests with at least one of them.
    pub requests: u64,
    /// Calls per request that makes any; for an architecture, expected calls per visit of the caller.
    pub calls_per_request: f64,
    /// Whether these are the second hops of forwarded calls.
    pub forward: bool,
    /// Calls answered by who was called.
    pub direct: CallTimesDocument,
    /// Calls answered by another host that they were forwarded to.
    pub forwarded: CallTimesDocument,
    /// Whether nobody ever answers this operation.
    pub one_way: bool,
    /// Calls that never returned though others of their operation do.
    pub lost: u64,
    /// Calls marked as failed.
    pub failed: u64,
    /// Calls made after an equal one was lost or failed.
    pub retries: u64,
    /// Calls that nobody waited for.
    pub asynchronous: u64,
}

/// Means of calls that returned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CallTimesDocument {
    /// How many returned.
    pub count: u64,
    /// Mean response time.
    pub response_mean: Option<f64>,
    /// Mean service time, where both sides tell.
    pub service_mean: Option<f64>,
    /// Mean time on the way, both ways, where both sides tell.
    pub network_mean: Option<f64>,
    /// Mean of the callee's own time.
    pub own_mean: Option<f64>,
}

/// Probability of a branch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShareDocument {
    /// Name in the model.
    pub metric: String,
    /// In percent.
    pub percent: f64,
    /// Requests it is a share of; null where it was not measured.
    pub requests: Option<u64>,
}

/// One outcome of the branches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutcomeDocument {
    /// Endpoint it belongs to.
    pub endpoint: String,
    /// Name in the model.
    pub name: String,
    /// Requests with it.
    pub requests: u64,
    /// Requests whose times are the model's data.
    pub kept: usize,
}

/// Rank correlation of two times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrelationDocument {
    /// Outcome it was found in.
    pub outcome: String,
    /// One metric.
    pub first: String,
    /// The other.
    pub second: String,
    /// Spearman's coefficient.
    pub coefficient: f64,
}

impl From<&CallTimes> for CallTimesDocument {
    fn from(times: &CallTimes) -> Self {
        Self {
            count: times.count,
            response_mean: times.response_mean,
            service_mean: times.service_mean,
            network_mean: times.network_mean,
            own_mean: times.own_mean,
        }
    }
}

impl From<&Edge> for CallDocument {
    fn from(edge: &Edge) -> Self {
        Self {
            caller: edge.caller.clone(),
            callee: edge.callee.clone(),
            operation: edge.operation.clone(),
            calls: edge.calls,
            requests: edge.requests,
            calls_per_request: edge.calls_per_request,
            forward: edge.forward,
            direct: CallTimesDocument::from(&edge.direct),
            forwarded: CallTimesDocument::from(&edge.forwarded),
            one_way: edge.one_way,
            lost: edge.lost,
            failed: edge.failed,
            retries: edge.retries,
            asynchronous: edge.asynchronous,
        }
    }
}

impl From<&InferredModel> for InferredDocument {
    fn from(model: &InferredModel) -> Self {
        let report = &model.report;
        let endpoints = model.endpoints.iter().map(|endpoint| EndpointDocument {
            endpoint: endpoint.name.clone(),
            metric: endpoint.metric.clone(),
            requests: endpoint.requests,
            measured_mean: endpoint.measured_mean,
        });
        let shares = report.shares.iter().map(|share| ShareDocument {
            metric: share.metric.clone(),
            percent: share.percent,
            requests: share.requests,
        });
        let outcomes = report.outcomes.iter().map(|outcome| OutcomeDocument {
            endpoint: outcome.endpoint.clone(),
            name: outcome.name.clone(),
            requests: outcome.requests,
            kept: outcome.kept,
        });
        let correlations = report.correlations.iter().map(|correlation| CorrelationDocument {
            outcome: correlation.outcome.clone(),
            first: correlation.first.clone(),
            second: correlation.second.clone(),
            coefficient: correlation.coefficient,
        });
        Self {
            endpoints: endpoints.collect(),
            calls: report.edges.iter().map(CallDocument::from).collect(),
            shares: shares.collect(),
            outcomes: outcomes.collect(),
            correlations: correlations.collect(),
        }
    }
}

impl InferredDocument {
    /// The tables, each with what it is.
    fn tables(&self, unit: TimeUnit) -> [(&'static str, Columns); 4] {
        [
            ("endpoints", self.endpoint_table(unit)),
            ("calls (times are means)", self.call_table(unit)),
            ("branches", self.share_table()),
            ("strongest rank correlations of times of one request", self.correlation_table()),
        ]
    }

    fn endpoint_table(&self, unit: TimeUnit) -> Columns {
        let mut table = Columns::new(["endpoint", "metric", "requests", "measured mean"]);
        for endpoint in &self.endpoints {
            let mean = time(endpoint.measured_mean, unit);
            table.push([endpoint.endpoint.clone(), endpoint.metric.clone(), counted(endpoint.requests), mean]);
        }
        table.without_empty()
    }

    fn call_table(&self, unit: TimeUnit) -> Columns {
        let heads = ["call", "calls", "per request", "direct", "time", "own", "forwarded", "time", "lost", "failed"];
        let mut table = Columns::new(heads);
        for call in &self.calls {
            let caller = call.caller.as_deref().unwrap_or("(outside)");
            let operation = call.operation.as_ref().map_or(String::new(), |operation| format!(" {operation}"));
            let hop = if call.forward { ", second hop" } else { "" };
            let way = if call.one_way && call.calls > 0 { ", one way" } else { "" };
            table.push([
                format!("{caller} > {}{operation}{hop}{way}", call.callee),
                counted(call.calls),
                format!("{:.3}", call.calls_per_request),
                counted(call.direct.count),
                time(call.direct.response_mean, unit),
                time(call.direct.own_mean, unit),
                counted(call.forwarded.count),
                time(call.forwarded.response_mean, unit),
                counted(call.lost),
                counted(call.failed),
            ]);
        }
        table.without_empty()
    }

    fn share_table(&self) -> Columns {
        let mut table = Columns::new(["metric", "percent", "requests"]);
        for share in &self.shares {
            let requests = share.requests.map_or(String::new(), format_count);
            table.push([share.metric.clone(), format!("{:.2}", share.percent), requests]);
        }
        table.without_empty()
    }

    fn correlation_table(&self) -> Columns {
        let mut table = Columns::new(["outcome", "times", "coefficient"]);
        for correlation in self.correlations.iter().take(CORRELATIONS_SHOWN) {
            let times = format!("{}, {}", correlation.first, correlation.second);
            table.push([correlation.outcome.clone(), times, format!("{:+.2}", correlation.coefficient)]);
        }
        table
    }

    /// The tables for people; times are in `unit`.
    #[must_use]
    pub fn text(&self, unit: TimeUnit) -> String {
        let mut text = String::new();
        for (what, table) in self.tables(unit) {
            let table = table.text();
            if !table.is_empty() {
                let _ = write!(text, "\n{what}\n\n{table}");
            }
        }
        text
    }

    /// The tables as Markdown; times are in `unit`.
    #[must_use]
    pub fn markdown(&self, unit: TimeUnit) -> String {
        let mut text = String::new();
        for (what, table) in self.tables(unit) {
            let table = table.markdown();
            if !table.is_empty() {
                let _ = write!(text, "\n{what}\n\n{table}");
            }
        }
        text
    }
}

/// A count; nothing for 0.
fn counted(count: u64) -> String {
    if count == 0 { String::new() } else { format_count(count) }
}

/// A time with its unit; nothing where there is none.
fn time(value: Option<f64>, unit: TimeUnit) -> String {
    value.map_or(String::new(), |value| format_figure(value, Some(&Unit::Time(unit)), None, Some(value.abs() * SHOWN)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::traces::{TraceOptions, read};

    #[test]
    fn calls_are_shown_with_their_times_and_without_empty_columns() {
        let trace = br#"[{"traceId":"1","id":"1","kind":"SERVER","name":"get","timestamp":1000,"duration":30,
            "localEndpoint":{"serviceName":"web"}}]"#;
        let model = read(&trace[..], &TraceOptions::default()).unwrap();
        let document = InferredDocument::from(&model);
        let text = document.text(model.unit);
        assert!(text.contains("endpoint    metric  requests  measured mean"), "{text}");
        assert!(text.contains("(outside) > web get"), "{text}");
        assert!(!text.contains("forwarded") && !text.contains("branches"), "{text}");
        assert!(document.markdown(model.unit).contains("|---|---:|"));
    }
}
