//! Arithmetic on the values of one sample: order, caches, the scalability law.

use super::super::part::{Part, Sampled};
use super::super::{Lowered, Lowering};
use super::argument;
use crate::dist::Distribution;
use crate::formula::BinaryOperator;
use crate::formula::value::Value;
use crate::program::draw::DrawKind;
use crate::program::error::ProgramError;
use crate::program::graph::NodeId;
use crate::program::operation::{BinaryOperation, UnaryOperation};
use crate::span::Span;

impl Lowering<'_> {
    /// The `k`-th smallest: as many passes of exchanges as it takes from the nearer end.
    pub(super) fn quorum(&mut self, k: &Part, calls: &[Part], span: Span) -> Lowered<Part> {
        let k = self.sampled(k, span)?;
        let k = self.constant_number(k, span)?;
        let calls: Vec<Part> = calls.iter().flat_map(Part::flattened).collect();
        if k.fract() != 0.0 || !(1.0..=calls.len() as f64).contains(&k) {
            return Err(argument(span, "quorum", "first a whole number from 1 to the number of calls", k));
        }
        let mut keep = None;
        let mut nodes = Vec::with_capacity(calls.len());
        for call in &calls {
            let call = self.unfiltered_in_compat(call, span)?;
            keep = self.both(keep, call.keep);
            nodes.push(call.node);
        }
        let (k, n) = (k as usize, nodes.len());
        let from_below = k <= n.div_ceil(2);
        let (passes, first, second) = if from_below {
            (k, BinaryOperation::Minimum, BinaryOperation::Maximum)
        } else {
            (n + 1 - k, BinaryOperation::Maximum, BinaryOperation::Minimum)
        };
        for pass in 0..passes {
            for other in pass + 1..n {
                self.size_checked(span)?;
                let (a, b) = (nodes[pass], nodes[other]);
                nodes[pass] = self.graph.binary(first, a, b);
                nodes[other] = self.graph.binary(second, a, b);
            }
        }
        Ok(Part::Sampled(Sampled { keep, ..Sampled::number(nodes[passes - 1]) }))
    }

    /// `hit` in `percent` percent of the samples, else `miss`.
    pub(super) fn cache(&mut self, percent: &Part, hit: &Part, miss: &Part, span: Span) -> Lowered<Part> {
        let hundred = Part::Known(Value::Number(100.0));
        let share = self.combine(BinaryOperator::Divide, percent, &hundred, span)?;
        let share = self.unfiltered_in_compat(&share, span)?;
        if let Some(share) = self.graph.constant_value(share.node)
            && !(0.0..=1.0).contains(&share)
        {
            return Err(argument(span, "cache", "first a percentage from 0 to 100", 100.0 * share));
        }
        let unit = Distribution::from_call("random", &[]).map_err(|kind| ProgramError::at(span, kind))?;
        let unit = self.draw_node(DrawKind::Distribution(unit));
        // From 0 up to and without 1, so that 100 percent is always and 0 percent never.
        let node = self.graph.binary(BinaryOperation::Exceeds, share.node, unit);
        let condition = Sampled { node, boolean: true, keep: share.keep };
        self.choose(condition, (hit, span), (miss, span))
    }

    /// `1 + sigma (n - 1) + kappa n (n - 1)`, as [`crate::formula::functions::real::usl`] has it.
    fn slowdown(&mut self, n: NodeId, sigma: NodeId, kappa: NodeId) -> NodeId {
        use BinaryOperation::{Add, Multiply, Subtract};
        let one = self.graph.constant(1.0);
        let others = self.graph.binary(Subtract, n, one);
        let contention = self.graph.binary(Multiply, sigma, others);
        let crosstalk = self.graph.binary(Multiply, kappa, n);
        let crosstalk = self.graph.binary(Multiply, crosstalk, others);
        let sum = self.graph.binary(Add, one, contention);
        self.graph.binary(Add, sum, crosstalk)
    }

    pub(super) fn scalability(&mut self, n: NodeId, lambda: NodeId, sigma: NodeId, kappa: NodeId) -> NodeId {
        let slowdown = self.slowdown(n, sigma, kappa);
        let ideal = self.graph.binary(BinaryOperation::Multiply, lambda, n);
        self.graph.binary(BinaryOperation::Divide, ideal, slowdown)
    }

    pub(super) fn scalability_response(&mut self, n: NodeId, lambda: NodeId, sigma: NodeId, kappa: NodeId) -> NodeId {
        let slowdown = self.slowdown(n, sigma, kappa);
        self.graph.binary(BinaryOperation::Divide, slowdown, lambda)
    }

    pub(super) fn scalability_peak(&mut self, sigma: NodeId, kappa: NodeId) -> NodeId {
        let one = self.graph.constant(1.0);
        let rest = self.graph.binary(BinaryOperation::Subtract, one, sigma);
        let square = self.graph.binary(BinaryOperation::Divide, rest, kappa);
        self.graph.unary(UnaryOperation::SquareRoot, square)
    }
}
