//! What inferring yields: the model's text, the endpoints with what was measured of them, and a report of what was
//! found. It holds no rendering beyond the model's text.

use crate::dist::Empirical;
use crate::problem::Warning;
use crate::units::TimeUnit;

/// A model inferred from an architecture or from traces.
#[derive(Debug, Clone)]
pub struct InferredModel {
    /// Name of the model.
    pub name: String,
    /// The model in its TOML form.
    pub toml: String,
    /// Unit of the model's times.
    pub unit: TimeUnit,
    /// The endpoints, most requested first.
    pub endpoints: Vec<Endpoint>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
    /// What was found.
    pub report: InferReport,
}

/// What requests are sent to from outside.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Name, as in the architecture or the traces.
    pub name: String,
    /// Key of its response time in the model.
    pub metric: String,
    /// End-to-end response times measured, in the model's unit; `None` where nothing was measured.
    pub measured: Option<Empirical>,
    /// Mean of those, exact, in the model's unit.
    pub measured_mean: Option<f64>,
    /// Requests with an answer.
    pub requests: u64,
}

/// What was found on the way to the model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InferReport {
    /// Spans read; 0 for an architecture.
    pub spans: u64,
    /// Requests seen, answered or not.
    pub requests: u64,
    /// Requests answered.
    pub answered: u64,
    /// The call graph, by caller and callee.
    pub edges: Vec<Edge>,
    /// Probabilities of branches, as they stand in the model.
    pub shares: Vec<Share>,
    /// Outcomes of the branches, most frequent first.
    pub outcomes: Vec<Outcome>,
    /// Rank correlations between times of one request, strongest first.
    pub correlations: Vec<Correlation>,
}

/// Times of the calls of one kind; means in the model's unit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CallTimes {
    /// Calls that returned.
    pub count: u64,
    /// Mean response time: sent to returned (`cr - cs`).
    pub response_mean: Option<f64>,
    /// Mean service time: taken up to answered (`ss - sr`), where both sides tell.
    pub service_mean: Option<f64>,
    /// Mean time on the way, both ways (response less service), where both sides tell.
    pub network_mean: Option<f64>,
    /// Mean of the callee's own time: service less what it waited for calls of its own.
    pub own_mean: Option<f64>,
}

/// One edge of the call graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Who calls; `None` where a request comes from outside.
    pub caller: Option<String>,
    /// Who is called.
    pub callee: String,
    /// Operation, where the traces tell.
    pub operation: Option<String>,
    /// Whether these are the second hops of forwarded calls.
    pub forward: bool,
    /// Calls.
    pub calls: u64,
    /// Requests with at least one of them.
    pub requests: u64,
    /// Calls per request that makes any; expected calls per visit of the caller for an architecture.
    pub calls_per_request: f64,
    /// Calls answered by who was called.
    pub direct: CallTimes,
    /// Calls answered by another host that they were forwarded to.
    pub forwarded: CallTimes,
    /// Whether calls of this operation are never answered by anyone: writes that nobody waits for. They are not lost.
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

/// Probability of a branch, a metric of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// Key in the model.
    pub metric: String,
    /// In percent.
    pub percent: f64,
    /// Requests it is a share of; `None` where it was not measured.
    pub requests: Option<u64>,
}

/// One outcome of the branches.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Endpoint it belongs to.
    pub endpoint: String,
    /// Name in the model.
    pub name: String,
    /// Requests with it.
    pub requests: u64,
    /// Requests kept of it, whose times are the model's data.
    pub kept: usize,
}

/// Rank correlation of two times of one request.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    /// Outcome it was found in.
    pub outcome: String,
    /// One metric.
    pub first: String,
    /// The other.
    pub second: String,
    /// Spearman's coefficient.
    pub coefficient: f64,
}
