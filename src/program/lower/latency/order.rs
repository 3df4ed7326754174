//! Order statistics of independent copies, by the quantile function `Q` of one copy: the slowest of `n` is `Q(U^(1/n))`,
//! the fastest `Q(1 - U^(1/n))`, the `k`-th fastest `Q(B)` with `B` of the beta distribution of `k` and `n + 1 - k`. One
//! uniform (or beta) number is drawn whatever `n` is.
//!
//! Source: H. A. David and H. N. Nagaraja, "Order statistics", 3rd ed., 2003, sections 2.1 and 2.3.

use std::sync::Arc;

use super::super::part::{Part, Sampled};
use super::super::{Lowered, Lowering, OPERATIONS_MAX};
use super::argument;
use crate::program::draw::DrawKind;
use crate::program::error::{ProgramError, ProgramErrorKind};
use crate::program::graph::{NodeId, Operation};
use crate::program::operation::{BinaryOperation, UnaryOperation};
use crate::program::program::Program;
use crate::program::quantile_function::QuantileFunction;
use crate::program::recorded::{COPIES_MAX, DEPTH_MAX, RECORDED_OPERATIONS_MAX, Recorded, RecordedUse};
use crate::program::schedule::Output;
use crate::span::Span;

impl Lowering<'_> {
    pub(super) fn slowest_of(&mut self, n: Sampled, x: Sampled, span: Span) -> Lowered<Sampled> {
        let count = self.graph.constant_value(n.node);
        let Some(function) = self.quantiles_of_many("fanout", (count, count), x, span)? else { return Ok(x) };
        let root = self.root_of_uniform(n.node);
        Ok(self.at_share(&function, root, n))
    }

    pub(super) fn fastest_of(&mut self, n: Sampled, x: Sampled, span: Span) -> Lowered<Sampled> {
        let count = self.graph.constant_value(n.node);
        let Some(function) = self.quantiles_of_many("fastest", (Some(1.0), count), x, span)? else { return Ok(x) };
        // 1 - U^(1/n) without the loss of digits where that is near 0.
        let exponent = self.log_of_root(n.node);
        let complement = self.graph.unary(UnaryOperation::ExponentialMinusOne, exponent);
        let share = self.graph.unary(UnaryOperation::Negate, complement);
        Ok(self.at_share(&function, share, n))
    }

    pub(super) fn quorum_of(&mut self, k: Sampled, n: Sampled, x: Sampled, span: Span) -> Lowered<Sampled> {
        let rank = (self.graph.constant_value(k.node), self.graph.constant_value(n.node));
        if let (Some(k), Some(n)) = rank
            && n >= 1.0
            && !(k >= 1.0 && k <= n)
        {
            return Err(argument(span, "quorumOf", "first a number from 1 to that of the copies", k));
        }
        let Some(function) = self.quantiles_of_many("quorumOf", rank, x, span)? else { return Ok(x) };
        let one = self.graph.constant(1.0);
        let above = self.graph.binary(BinaryOperation::Add, n.node, one);
        let above = self.graph.binary(BinaryOperation::Subtract, above, k.node);
        let shapes = [k.node, above].map(|node| Part::Sampled(Sampled::number(node)));
        // A lane in which k is not from 1 to n has no beta distribution and is not a number.
        let beta = self.draw_number("beta", &shapes, span)?;
        let share = self.sampled(&beta, span)?.node;
        let inside = self.graph.binary(BinaryOperation::NotBelow, k.node, one);
        let below = self.graph.binary(BinaryOperation::NotAbove, k.node, n.node);
        let inside = self.graph.binary(BinaryOperation::And, inside, below);
        let share = self.only_where(inside, share);
        let result = self.at_share(&function, share, n);
        let keep = self.both(result.keep, k.keep);
        Ok(Sampled { keep, ..result })
    }

    /// `ln(U) / n`.
    fn log_of_root(&mut self, n: NodeId) -> NodeId {
        let uniform = self.draw_node(DrawKind::Open);
        let log = self.graph.unary(UnaryOperation::Logarithm, uniform);
        self.graph.binary(BinaryOperation::Divide, log, n)
    }

    /// `U^(1/n)`.
    fn root_of_uniform(&mut self, n: NodeId) -> NodeId {
        let exponent = self.log_of_root(n);
        self.graph.unary(UnaryOperation::Exponential, exponent)
    }

    /// The quantile function at a share, where there is at least one copy.
    fn at_share(&mut self, function: &QuantileFunction, share: NodeId, n: Sampled) -> Sampled {
        let one = self.graph.constant(1.0);
        let some = self.graph.binary(BinaryOperation::NotBelow, n.node, one);
        let share = self.only_where(some, share);
        Sampled { keep: n.keep, ..Sampled::number(self.graph.quantile(function, share)) }
    }

    /// Quantile function of one copy; `None` if all copies are the same constant. The rank and the number of copies are
    /// `None` where they differ from sample to sample.
    fn quantiles_of_many(
        &mut self,
        function: &'static str,
        (k, n): (Option<f64>, Option<f64>),
        x: Sampled,
        span: Span,
    ) -> Lowered<Option<QuantileFunction>> {
        if let Some(n) = n
            && !(n >= 1.0 && n.is_finite() && n.fract() == 0.0)
        {
            return Err(argument(span, function, "a whole number of copies of at least 1", n));
        }
        if self.graph.constant_value(x.node).is_some() && x.keep.is_none() {
            return Ok(None);
        }
        if x.keep.is_none()
            && let Some(quantiles) = self.graph.quantile_function(x.node)
        {
            return Ok(Some(quantiles));
        }
        if let Some(n) = n.filter(|&n| n > COPIES_MAX) {
            return Err(argument(span, function, "at most 400000 copies of a metric that is computed", n));
        }
        self.recorded_uses.push(RecordedUse { function, rank: k.zip(n) });
        Ok(Some(QuantileFunction::Recorded(self.recorded(x, span)?)))
    }

    /// The recording of a computed part, shared by all that ask for its distribution.
    fn recorded(&mut self, x: Sampled, span: Span) -> Lowered<Arc<Recorded>> {
        let key = (x.node, x.keep);
        if let Some(recorded) = self.graph.recorded.get(&key) {
            return Ok(Arc::clone(recorded));
        }
        let too_large = |limit| ProgramError::at(span, ProgramErrorKind::TooLarge { limit });
        let roots: Vec<_> = std::iter::once(x.node).chain(x.keep).collect();
        let nodes = self.graph.upstream(&roots, OPERATIONS_MAX).ok_or_else(|| too_large(OPERATIONS_MAX))?;
        let within = nodes.iter().map(|&node| match self.graph.operation(node) {
            Operation::Function(function, _) => function.recordings(),
            _ => 0,
        });
        let depth = 1 + within.max().unwrap_or(0);
        if depth > DEPTH_MAX {
            return Err(ProgramError::at(span, ProgramErrorKind::TooDeep { limit: DEPTH_MAX }));
        }
        let size = self.graph.recorded.values().map(|recorded| recorded.size()).sum::<usize>() + nodes.len();
        if size > RECORDED_OPERATIONS_MAX {
            return Err(too_large(RECORDED_OPERATIONS_MAX));
        }
        let (part, places) = self.graph.part(&nodes);
        let output = Output { value: places[&x.node], keep: x.keep.map(|keep| places[&keep]) };
        let recorded = Arc::new(Recorded::new(Program::new(part, vec![output]), depth));
        self.graph.recorded.insert(key, Arc::clone(&recorded));
        Ok(recorded)
    }
}
