//! The functions of latency, each by operations that are there already: copies of a part of the graph, quantile
//! functions, draws and arithmetic. What each means, and its source, is in `docs/latency.md`.
//!
//! ```text
//! combine     serial parallel race quorum, timeouts, the scalability law: arithmetic on the sample
//! copies      draw hedge tied retry: independent copies of what the argument is computed from
//! order       fanout fastest quorumOf: order statistics by the quantile function, at a cost that does not grow with n
//! queue       mm1 mmc ggc: response times drawn exactly, or by an approximation that says so
//! shape       percentiles, truncation, log-normals by other figures
//! ```

mod combine;
mod copies;
mod order;
mod queue;
mod shape;

use super::part::{Part, Sampled};
use super::{Lowered, Lowering};
use crate::formula::functions::{self, Family};
use crate::program::error::{ProgramError, ProgramErrorKind};
use crate::program::graph::NodeId;
use crate::program::operation::BinaryOperation;
use crate::span::Span;

/// Whether a function of that name is one of latency.
pub(super) fn is_latency(name: &str) -> bool {
    functions::find(name).is_some_and(|function| function.family == Family::Latency)
}

impl Lowering<'_> {
    /// A function of latency applied to parts, at least one of which is sampled, or which draws.
    pub(super) fn latency(&mut self, name: &str, arguments: &[Part], span: Span) -> Lowered<Part> {
        let function = functions::find(name).expect("the caller found it");
        if !(function.arity.0..=function.arity.1).contains(&arguments.len()) {
            let (function, expected) = (name.to_owned(), function.arity_text());
            let kind = ProgramErrorKind::ArgumentCount { function, expected, found: arguments.len() };
            return Err(ProgramError::at(span, kind));
        }
        match (name, arguments) {
            ("serial", parts) => self.aggregate("sum", parts, span),
            ("parallel", parts) => self.aggregate("max", parts, span),
            ("race", parts) => self.aggregate("min", parts, span),
            ("quorum", [k, calls @ ..]) => self.quorum(k, calls, span),
            ("cache", [percent, hit, miss]) => self.cache(percent, hit, miss, span),
            ("percentiles", [shares, values]) => self.percentiles(shares, values, span),
            (_, parts) => {
                let numbers = parts.iter().map(|part| self.unfiltered_in_compat(part, span));
                let numbers = numbers.collect::<Lowered<Vec<_>>>()?;
                let result = self.latency_of_numbers(name, &numbers, span)?;
                Ok(Part::Sampled(result))
            }
        }
    }

    fn latency_of_numbers(&mut self, name: &str, numbers: &[Sampled], span: Span) -> Lowered<Sampled> {
        match (name, numbers) {
            ("timeout", &[x, limit]) => Ok(self.of_two(BinaryOperation::Minimum, x, limit)),
            ("timeoutShare" | "hedgeLoad", &[x, limit]) => Ok(self.of_two(BinaryOperation::Exceeds, x, limit)),
            ("draw", &[x]) => self.written_copy(x, span),
            ("hedge", &[x, delay]) => self.hedge(x, delay, span),
            ("tied", &[wait, service]) => self.tied(wait, service, span),
            ("retry", &[x, timeout, attempts]) => {
                let none = Sampled::number(self.graph.constant(0.0));
                self.retry(x, timeout, attempts, none, span)
            }
            ("retry", &[x, timeout, attempts, backoff]) => self.retry(x, timeout, attempts, backoff, span),
            ("retryLoad", &[x, timeout, attempts]) => self.retry_load(x, timeout, attempts, span),
            ("retryFailure", &[x, timeout, attempts]) => self.retry_failure(x, timeout, attempts, span),
            ("fanout", &[n, x]) => self.slowest_of(n, x, span),
            ("fastest", &[n, x]) => self.fastest_of(n, x, span),
            ("quorumOf", &[k, n, x]) => self.quorum_of(k, n, x, span),
            ("truncate", &[x, low, high]) => self.truncate("truncate", x, low, high, span),
            ("positive", &[x]) => {
                let ends = [0.0, f64::INFINITY].map(|end| Sampled::number(self.graph.constant(end)));
                self.truncate("positive", x, ends[0], ends[1], span)
            }
            ("utilization", &[rate, service]) => Ok(self.of_two(BinaryOperation::Multiply, rate, service)),
            ("utilization", &[rate, service, servers]) => {
                let load = self.of_two(BinaryOperation::Multiply, rate, service);
                Ok(self.of_two(BinaryOperation::Divide, load, servers))
            }
            (name, numbers) => {
                let keep = numbers.iter().fold(None, |keep, number| self.both(keep, number.keep));
                let nodes: Vec<NodeId> = numbers.iter().map(|number| number.node).collect();
                let node = self.latency_of_nodes(name, &nodes, span)?;
                Ok(Sampled { keep, ..Sampled::number(node) })
            }
        }
    }

    /// Functions whose result is kept where all their arguments are.
    fn latency_of_nodes(&mut self, name: &str, nodes: &[NodeId], span: Span) -> Lowered<NodeId> {
        match (name, nodes) {
            ("erlangC", &[load, servers]) => Ok(self.erlang_c(load, servers)),
            ("mm1", &[rate, service]) => self.single_server_queue(rate, service, span),
            ("mmc", &[rate, service, servers]) => self.many_server_queue(rate, service, servers, span),
            ("ggc", &[rate, service, servers, arrivals, services]) => {
                self.general_queue((rate, service, servers), (arrivals, services), span)
            }
            ("usl", &[n, lambda, sigma, kappa]) => Ok(self.scalability(n, lambda, sigma, kappa)),
            ("uslResponse", &[n, lambda, sigma, kappa]) => Ok(self.scalability_response(n, lambda, sigma, kappa)),
            ("uslPeak", &[sigma, kappa]) => Ok(self.scalability_peak(sigma, kappa)),
            ("lognormalMedianP99", &[median, p99]) => self.log_normal_by_quantiles(median, p99, span),
            ("lognormalMeanCv", &[mean, variation]) => self.log_normal_by_moments(mean, variation, span),
            (name, _) => unreachable!("the table has no `{name}` with {} arguments", nodes.len()),
        }
    }

    /// An operation on two numbers, kept where both are.
    fn of_two(&mut self, operation: BinaryOperation, a: Sampled, b: Sampled) -> Sampled {
        let keep = self.both(a.keep, b.keep);
        Sampled { keep, ..Sampled::number(self.graph.binary(operation, a.node, b.node)) }
    }

    /// `x` where `condition` is true, else not a number.
    fn only_where(&mut self, condition: NodeId, x: NodeId) -> NodeId {
        let nothing = self.graph.constant(f64::NAN);
        self.graph.select(condition, x, nothing)
    }

    /// The value of an argument that has to be the same for every sample.
    fn constant_number(&self, number: Sampled, span: Span) -> Lowered<f64> {
        match (self.graph.constant_value(number.node), number.keep) {
            (Some(value), None) => Ok(value),
            _ => Err(ProgramError::at(span, ProgramErrorKind::NotConstant { found: "a number" })),
        }
    }
}

/// The error of an argument that a function does not take.
fn argument(span: Span, function: &'static str, expected: &'static str, found: f64) -> ProgramError {
    ProgramError::at(span, ProgramErrorKind::Argument { function, expected, found })
}
