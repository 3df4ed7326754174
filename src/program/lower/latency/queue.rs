//! Response times of queues in the steady state. Where there is none, because the load is as large as what the servers
//! can do, a sample is not a number, and the report says for how many that is so.
//!
//! Sources: L. Kleinrock, "Queueing Systems", vol. 1, 1975, sections 3.2 and 5.12; R. B. Cooper, "Introduction to Queueing
//! Theory", 2nd ed., 1981, section 3.5; A. O. Allen, "Probability, Statistics, and Queueing Theory with Computer Science
//! Applications", 2nd ed., 1990, section 5.3 (the approximation of Allen and Cunneen).

use std::sync::Arc;

use super::super::part::{Part, Sampled};
use super::super::{Lowered, Lowering};
use crate::formula::functions::real;
use crate::program::draw::DrawKind;
use crate::program::graph::{NodeId, ScalarFunction};
use crate::program::operation::BinaryOperation::{Add, Divide, Exceeds, Maximum, Multiply, NotBelow, Subtract};
use crate::span::Span;

impl Lowering<'_> {
    /// Probability of waiting. A function called sample by sample: its series are longer for some loads than for others.
    pub(super) fn erlang_c(&mut self, load: NodeId, servers: NodeId) -> NodeId {
        let apply = |arguments: &[f64]| real::erlang_c(arguments[0], arguments[1]);
        self.graph.function(ScalarFunction::new("erlangC", Arc::new(apply)), &[load, servers])
    }

    /// M/M/1: exponential with the rate `1 / serviceTime - arrivalRate`.
    pub(super) fn single_server_queue(&mut self, rate: NodeId, service: NodeId, span: Span) -> Lowered<NodeId> {
        let (zero, one) = (self.graph.constant(0.0), self.graph.constant(1.0));
        let utilization = self.graph.binary(Multiply, rate, service);
        let free = self.graph.binary(Subtract, one, utilization);
        let leaving = self.graph.binary(Divide, free, service);
        let is_stable = self.graph.binary(Exceeds, leaving, zero);
        let leaving = self.only_where(is_stable, leaving);
        let is_rate = self.graph.binary(NotBelow, rate, zero);
        let leaving = self.only_where(is_rate, leaving);
        if self.graph.constant_value(leaving).is_some_and(f64::is_nan) {
            return Ok(leaving);
        }
        self.drawn("exponential", &[leaving], span)
    }

    /// M/M/c: an exponential service, and with Erlang's probability an exponential wait before it.
    pub(super) fn many_server_queue(
        &mut self,
        rate: NodeId,
        service: NodeId,
        servers: NodeId,
        span: Span,
    ) -> Lowered<NodeId> {
        let one = self.graph.constant(1.0);
        let unit = self.drawn("exponential", &[one], span)?;
        let served = self.graph.binary(Multiply, unit, service);
        let wait = self.wait((rate, service, servers), one, span)?;
        Ok(self.graph.binary(Add, wait, served))
    }

    /// G/G/c by Allen and Cunneen: the mean wait of M/M/c times the mean of the two squared coefficients of variation; the
    /// wait keeps the form that it has in M/M/c, and the service is a gamma draw of its coefficient of variation.
    pub(super) fn general_queue(
        &mut self,
        (rate, service, servers): (NodeId, NodeId, NodeId),
        (arrivals, services): (NodeId, NodeId),
        span: Span,
    ) -> Lowered<NodeId> {
        let (zero, one, two) = (self.graph.constant(0.0), self.graph.constant(1.0), self.graph.constant(2.0));
        // So small a variation that its gamma distribution is a constant to all digits.
        let least = self.graph.constant(1e-15);
        let bounded = self.graph.binary(Maximum, services, least);
        let shape = self.graph.binary(Divide, one, bounded);
        let unit = self.drawn("gamma", &[shape, bounded], span)?;
        let varies = self.graph.binary(Exceeds, services, zero);
        let unit = self.graph.select(varies, unit, one);
        let served = self.graph.binary(Multiply, unit, service);
        let sum = self.graph.binary(Add, arrivals, services);
        let mut factor = self.graph.binary(Divide, sum, two);
        for variation in [arrivals, services] {
            let is_variation = self.graph.binary(NotBelow, variation, zero);
            factor = self.only_where(is_variation, factor);
        }
        let wait = self.wait((rate, service, servers), factor, span)?;
        Ok(self.graph.binary(Add, wait, served))
    }

    /// 0 or, with Erlang's probability, exponential with the mean `factor serviceTime / (servers - load)`.
    fn wait(
        &mut self,
        (rate, service, servers): (NodeId, NodeId, NodeId),
        factor: NodeId,
        span: Span,
    ) -> Lowered<NodeId> {
        let one = self.graph.constant(1.0);
        let load = self.graph.binary(Multiply, rate, service);
        let waiting = self.erlang_c(load, servers);
        let unit = self.drawn("exponential", &[one], span)?;
        let share = self.draw_node(DrawKind::Open);
        // Not a number where the probability is none.
        let waits = self.graph.binary(Exceeds, waiting, share);
        let idle = self.graph.binary(Subtract, servers, load);
        let scale = self.graph.binary(Divide, service, idle);
        let scale = self.graph.binary(Multiply, scale, factor);
        let time = self.graph.binary(Multiply, unit, scale);
        Ok(self.graph.binary(Multiply, waits, time))
    }

    /// A draw from a distribution by its name.
    pub(super) fn drawn(&mut self, name: &str, parameters: &[NodeId], span: Span) -> Lowered<NodeId> {
        let parts: Vec<Part> = parameters.iter().map(|&node| Part::Sampled(Sampled::number(node))).collect();
        let part = self.draw_number(name, &parts, span)?;
        Ok(self.sampled(&part, span)?.node)
    }
}
