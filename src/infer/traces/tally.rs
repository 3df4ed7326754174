//! Counts requests as they come: by endpoint and by outcome, an outcome being which calls a request made; and calls by
//! edge of the call graph.
//!
//! What is kept is bounded: so many endpoints, outcomes, edges and rows; what does not fit is counted and, where it was
//! answered, drawn as whole response times.

use std::collections::HashMap;

use super::request::{Call, Ending, Request};
use super::sample::{RowSample, Times, ticket};
use super::span::{Id, Symbol, Symbols};

/// Endpoints followed; requests of further ones are only counted.
const ENDPOINT_COUNT_MAX: usize = 200;

/// Outcomes of an endpoint followed one by one.
const OUTCOME_COUNT_MAX: usize = 256;

/// Edges followed.
const EDGE_COUNT_MAX: usize = 10_000;

/// Calls of a request followed one by one; larger requests count by their response time alone.
const CALL_COUNT_MAX: usize = 128;

/// Equal calls of one caller from which on they are taken together, as one stretch of time.
const BATCH_LEN_MIN: usize = 4;

/// Times kept of all rows together: 128 MiB.
const VALUE_COUNT_MAX: usize = 16 << 20;

/// Times of a call that a row holds: start, end, and those of the callee.
pub(crate) const TIMES_PER_CALL: usize = 4;

/// What tells calls apart within a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Label {
    /// Service called.
    pub(crate) service: Symbol,
    /// Operation.
    pub(crate) operation: Option<Symbol>,
    /// How the call ended.
    pub(crate) ending: Ending,
    /// Whether it is the hop by which its parent was forwarded.
    pub(crate) forward: bool,
    /// Whether it stands for many equal calls.
    pub(crate) batch: bool,
    /// Whether both sides tell their times.
    pub(crate) both_sides: bool,
}

/// A call in the shape of an outcome: its depth, and its label.
pub(crate) type Shape = Vec<(u16, Label)>;

/// Requests that made the same calls.
#[derive(Debug)]
pub(crate) struct OutcomeTally {
    /// The calls, in preorder.
    pub(crate) shape: Shape,
    /// Requests.
    pub(crate) count: u64,
    /// Times of some of them: four a call, in nanoseconds since the request was sent.
    pub(crate) rows: RowSample,
}

/// What a request is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EndpointKey {
    /// Who asks, if known.
    pub(crate) caller: Option<Symbol>,
    /// Who answers.
    pub(crate) service: Symbol,
    /// Operation.
    pub(crate) operation: Option<Symbol>,
}

/// Requests of one endpoint.
#[derive(Debug)]
pub(crate) struct EndpointTally {
    /// Which.
    pub(crate) key: EndpointKey,
    /// Requests, answered or not.
    pub(crate) requests: u64,
    /// Requests that failed though they were answered.
    pub(crate) failed: u64,
    /// Response times of the answered ones.
    pub(crate) times: Times,
    /// The outcomes.
    pub(crate) outcomes: Vec<OutcomeTally>,
    /// Answered requests of no outcome followed.
    pub(crate) rest: u64,
    /// Response times of some of those.
    pub(crate) rest_rows: RowSample,
    index: HashMap<Shape, usize>,
}

/// Counts and sums of the calls of one kind.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CallSums {
    /// Calls.
    pub(crate) count: u64,
    /// Sum of response times.
    pub(crate) response: i128,
    /// Calls whose two sides both tell.
    pub(crate) both_sides: u64,
    /// Sum of the response times of those.
    pub(crate) both_response: i128,
    /// Sum of the callee's times over those.
    pub(crate) service: i128,
    /// Sum of the callee's own time: children's overlap removed.
    pub(crate) own: i128,
}

/// What identifies an edge: who calls whom for what, and whether as a forward hop.
pub(crate) type EdgeKey = (Option<Symbol>, Symbol, Option<Symbol>, bool);

/// Calls of one edge.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct EdgeTally {
    /// Calls.
    pub(crate) calls: u64,
    /// Requests with at least one.
    pub(crate) requests: u64,
    /// Calls answered by who was called.
    pub(crate) direct: CallSums,
    /// Calls answered after being forwarded.
    pub(crate) forwarded: CallSums,
    /// Calls that never returned.
    pub(crate) lost: u64,
    /// Calls marked as failed.
    pub(crate) failed: u64,
    /// Calls made after an equal one was lost or failed.
    pub(crate) retries: u64,
    /// Calls that nobody waits for.
    pub(crate) asynchronous: u64,
    last_request: u64,
}

/// All counts.
pub(crate) struct Tally {
    seed: u64,
    row_count_max: usize,
    value_count: usize,
    /// Requests seen.
    pub(crate) requests: u64,
    /// Requests whose endpoint is not followed.
    pub(crate) overflow: u64,
    /// Calls whose clocks were aligned.
    pub(crate) aligned: u64,
    /// Endpoints.
    pub(crate) endpoints: Vec<EndpointTally>,
    /// Edges.
    pub(crate) edges: HashMap<EdgeKey, EdgeTally>,
    index: HashMap<EndpointKey, usize>,
    children: Vec<Vec<usize>>,
    shape: Shape,
    row: Vec<i64>,
}

impl Tally {
    /// Nothing counted yet.
    pub(crate) fn new(seed: u64, row_count_max: usize) -> Self {
        Self {
            seed,
            row_count_max,
            value_count: 0,
            requests: 0,
            overflow: 0,
            aligned: 0,
            endpoints: Vec::new(),
            edges: HashMap::new(),
            index: HashMap::new(),
            children: Vec::new(),
            shape: Shape::new(),
            row: Vec::new(),
        }
    }

    /// Rows kept an outcome, which shrinks when memory would grow beyond its limit.
    pub(crate) fn row_count_max(&self) -> usize {
        self.row_count_max
    }

    /// Counts a request.
    pub(crate) fn add(&mut self, trace: Id, request: &Request, symbols: &Symbols) {
        let Some(root) = request.calls.first() else { return };
        self.requests += 1;
        self.link(&request.calls);
        self.add_edges(&request.calls);
        let key = EndpointKey { caller: root.caller, service: root.service, operation: root.operation };
        let at = match self.index.get(&key) {
            Some(&at) => at,
            None if self.endpoints.len() < ENDPOINT_COUNT_MAX => {
                self.index.insert(key, self.endpoints.len());
                self.endpoints.push(EndpointTally::new(key));
                self.endpoints.len() - 1
            }
            None => {
                self.overflow += 1;
                return;
            }
        };
        self.endpoints[at].requests += 1;
        if root.ending == Ending::Lost {
            return;
        }
        let whole = self.flatten(&request.calls, symbols) && !request.cut;
        let endpoint = &mut self.endpoints[at];
        endpoint.failed += u64::from(root.ending == Ending::Failed);
        endpoint.times.add(root.end - root.start);
        let ticket = ticket(trace, self.seed);
        let grown = endpoint.enter(whole.then_some(&self.shape), ticket, &self.row, self.row_count_max);
        self.value_count = self.value_count.saturating_add_signed(grown);
        while self.value_count > VALUE_COUNT_MAX && self.row_count_max > 1 {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        self.row_count_max /= 2;
        for endpoint in &mut self.endpoints {
            let outcomes = endpoint.outcomes.iter_mut().map(|outcome| &mut outcome.rows);
            for rows in outcomes.chain([&mut endpoint.rest_rows]) {
                self.value_count -= rows.shrink(self.row_count_max);
            }
        }
    }

    fn link(&mut self, calls: &[Call]) {
        for list in &mut self.children {
            list.clear();
        }
        self.children.resize_with(calls.len().max(self.children.len()), Vec::new);
        for (at, call) in calls.iter().enumerate() {
            if let Some(parent) = call.parent {
                self.children[parent].push(at);
            }
        }
    }

    fn add_edges(&mut self, calls: &[Call]) {
        for (at, call) in calls.iter().enumerate() {
            self.aligned += u64::from(call.aligned);
            let key = (call.caller, call.service, call.operation, call.forward);
            if self.edges.len() >= EDGE_COUNT_MAX && !self.edges.contains_key(&key) {
                continue;
            }
            let own = own_time(call, calls, &self.children[at]);
            let forwarded = self.children[at].iter().any(|&child| calls[child].forward);
            let edge = self.edges.entry(key).or_default();
            edge.calls += 1;
            edge.requests += u64::from(edge.last_request != self.requests);
            edge.last_request = self.requests;
            edge.asynchronous += u64::from(call.asynchronous);
            edge.failed += u64::from(call.ending == Ending::Failed);
            if call.ending == Ending::Lost {
                edge.lost += 1;
            } else {
                let sums = if forwarded { &mut edge.forwarded } else { &mut edge.direct };
                sums.count += 1;
                sums.response += i128::from(call.end - call.start);
                sums.own += i128::from(own);
                if call.both_sides {
                    sums.both_sides += 1;
                    sums.both_response += i128::from(call.end - call.start);
                    sums.service += i128::from(call.inner.1 - call.inner.0);
                }
            }
            let retried = call.parent.is_some_and(|parent| is_retry(at, calls, &self.children[parent]));
            edge.retries += u64::from(retried);
        }
    }

    /// Fills shape and row; false where the request is too large to be followed, when the row is its response time.
    fn flatten(&mut self, calls: &[Call], symbols: &Symbols) -> bool {
        self.shape.clear();
        self.row.clear();
        let mut stack = vec![(0_usize, 0_u16, None::<(i64, i64)>)];
        let mut group = Vec::new();
        while let Some((at, depth, batch)) = stack.pop() {
            if self.shape.len() == CALL_COUNT_MAX {
                self.row.truncate(2);
                let (start, end) = (self.row[0], self.row[1]);
                self.row.clear();
                self.row.push(end - start);
                return false;
            }
            let call = &calls[at];
            self.shape.push((depth, label(call, batch.is_some())));
            let (start, end) = batch.unwrap_or((call.start, call.end));
            let inner = if batch.is_some() { (start, end) } else { call.inner };
            self.row.extend([start, end, inner.0, inner.1]);
            if batch.is_some() || call.ending == Ending::Lost {
                continue;
            }
            group.clear();
            group.extend(self.children[at].iter().copied().filter(|&child| !calls[child].asynchronous));
            group.sort_by(|&left, &right| order(&calls[left], &calls[right], symbols));
            let first = stack.len();
            for equal in group.chunk_by(|&left, &right| label(&calls[left], false) == label(&calls[right], false)) {
                if equal.len() >= BATCH_LEN_MIN {
                    let start = equal.iter().map(|&child| calls[child].start).min().unwrap_or(0);
                    let end = equal.iter().map(|&child| calls[child].end).max().unwrap_or(0);
                    stack.push((equal[0], depth + 1, Some((start, end))));
                } else {
                    stack.extend(equal.iter().map(|&child| (child, depth + 1, None)));
                }
            }
            stack[first..].reverse();
        }
        true
    }
}

impl EndpointTally {
    fn new(key: EndpointKey) -> Self {
        Self {
            key,
            requests: 0,
            failed: 0,
            times: Times::default(),
            outcomes: Vec::new(),
            rest: 0,
            rest_rows: RowSample::default(),
            index: HashMap::new(),
        }
    }

    /// Enters an answered request; yields by how many values the rows grew.
    fn enter(&mut self, shape: Option<&Shape>, ticket: u64, row: &[i64], row_count_max: usize) -> isize {
        let known = shape.and_then(|shape| self.index.get(shape).copied());
        let at = match (known, shape) {
            (Some(at), _) => at,
            (None, Some(shape)) if self.outcomes.len() < OUTCOME_COUNT_MAX => {
                self.index.insert(shape.clone(), self.outcomes.len());
                self.outcomes.push(OutcomeTally { shape: shape.clone(), count: 0, rows: RowSample::default() });
                self.outcomes.len() - 1
            }
            _ => {
                self.rest += 1;
                let total = if row.len() >= 2 { row[1] - row[0] } else { row[0] };
                return self.rest_rows.enter(ticket, &[total], row_count_max);
            }
        };
        let outcome = &mut self.outcomes[at];
        outcome.count += 1;
        outcome.rows.enter(ticket, row, row_count_max)
    }
}

fn label(call: &Call, batch: bool) -> Label {
    Label {
        service: call.service,
        operation: call.operation,
        ending: call.ending,
        forward: call.forward,
        batch,
        both_sides: call.both_sides && !batch,
    }
}

/// Order of calls of one caller: by name, then by time, so that calls in parallel come in one order always.
fn order(left: &Call, right: &Call, symbols: &Symbols) -> std::cmp::Ordering {
    let text = |symbol: Option<Symbol>| symbol.map(|symbol| symbols.name(symbol));
    let key = |call: &Call| (call.ending, call.forward, call.both_sides);
    if left.service != right.service {
        return symbols.name(left.service).cmp(symbols.name(right.service));
    }
    if left.operation != right.operation {
        return text(left.operation).cmp(&text(right.operation));
    }
    key(left).cmp(&key(right)).then(left.start.cmp(&right.start)).then(left.end.cmp(&right.end))
}

/// Siblings among which retries are looked for.
const RETRY_SIBLINGS_MAX: usize = 256;

/// Whether an equal call before this one was lost or failed.
fn is_retry(at: usize, calls: &[Call], siblings: &[usize]) -> bool {
    let call = &calls[at];
    siblings.iter().take(RETRY_SIBLINGS_MAX).any(|&other| {
        let earlier = &calls[other];
        other != at
            && (earlier.service, earlier.operation) == (call.service, call.operation)
            && earlier.ending != Ending::Answered
            && (earlier.start, other) < (call.start, at)
    })
}

/// Callee's time during which it waited for none of its calls.
fn own_time(call: &Call, calls: &[Call], children: &[usize]) -> i64 {
    let (low, high) = call.inner;
    let mut waits: Vec<(i64, i64)> = children
        .iter()
        .map(|&child| &calls[child])
        .filter(|child| !child.asynchronous && child.ending != Ending::Lost)
        .map(|child| (child.start.clamp(low, high), child.end.clamp(low, high)))
        .collect();
    waits.sort_unstable();
    let mut own = high - low;
    let mut reached = low;
    for (start, end) in waits {
        own -= (end - start.max(reached)).max(0);
        reached = reached.max(end);
    }
    own
}
