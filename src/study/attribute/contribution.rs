//! What each input contributes to every sample of an output: the output's graph taken apart so that the parts add up to
//! it, sample by sample.
//!
//! From the output down, every value carries a weight: how much of it, in this sample, is part of the output.
//!
//! | operation | what its operands carry |
//! |---|---|
//! | `a + b`, `a - b`, `-a` | the same weight, with the sign |
//! | a constant times or under a value | the weight times or over the constant |
//! | `condition ? a : b` | the side taken the weight, the other nothing |
//! | `condition * a` | `a` the weight where the condition is true |
//! | `max(a, b)`, `min(a, b)` | the one that is the result the weight, the other nothing |
//! | anything else over one input | the whole is that input's |
//! | anything else over several | the whole is the formula's own, as are its constants and draws |

use crate::dist::Distribution;
use crate::formula::MetricIndex;
use crate::model::{Input, Model};
use crate::program::{BinaryOperation, Compiled, Compiler, DrawKind, Graph, NodeId, Operation, Output, UnaryOperation};

/// The output and its parts, in one graph.
pub(super) struct Decomposition {
    pub(super) graph: Graph,
    /// The metric.
    pub(super) output: Output,
    /// Whose the parts are.
    pub(super) parts: Vec<Part>,
    /// Formulas on the way, and what of them is part of the output.
    pub(super) intermediates: Vec<(MetricIndex, NodeId)>,
    /// Conditionals on the way, in the order of evaluation.
    pub(super) branches: Vec<Fork>,
}

/// One owner and its part of the output.
pub(super) struct Part {
    pub(super) metric: MetricIndex,
    /// Values of an input; `None` for what is a formula's own.
    pub(super) input: Option<Output>,
    /// Part of the output, sample by sample.
    pub(super) contribution: NodeId,
    /// Not 0 in samples in which an input is part of the output.
    pub(super) used: NodeId,
    /// Whether a formula draws random numbers of its own.
    pub(super) draws: bool,
}

/// A conditional: where each side is taken.
pub(super) struct Fork {
    pub(super) metric: MetricIndex,
    pub(super) then: NodeId,
    pub(super) otherwise: NodeId,
}

/// Takes a metric of a model apart; `None` if it cannot be drawn.
pub(super) fn decompose(model: &Model, metric: MetricIndex) -> Option<Decomposition> {
    let mut compiler = Compiler::new(model.options().compat);
    let compiled = compiler.add(&model.definitions(), model.order());
    let output = compiled[metric.index()].output()?;
    let ends = compiler.ends().to_vec();
    let graph = compiler.into_graph();
    let upstream = model.upstream(metric);
    let mut taking = Taking::new(model, &graph, &ends, &compiled, &upstream);
    taking.take(metric, output);
    Some(taking.finish(output))
}

/// Owners that a value depends on: none, just one, or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dependence {
    None,
    One(usize),
    Several,
}

impl Dependence {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, other) => other,
            (one, Self::None) => one,
            (Self::One(a), Self::One(b)) if a == b => self,
            _ => Self::Several,
        }
    }
}

struct Owner {
    metric: MetricIndex,
    input: Option<Output>,
    draws: bool,
    /// Weights and values whose products are the owner's.
    terms: Vec<(NodeId, NodeId)>,
}

struct Taking {
    graph: Graph,
    /// Nodes of the model itself, in order.
    nodes: Vec<NodeId>,
    owners: Vec<Owner>,
    /// Owner of a node: that of the input whose value it is, or of the formula that it was made for.
    owner_of: Vec<usize>,
    is_input: Vec<bool>,
    depends: Vec<Dependence>,
    /// Formula whose value a node is.
    formula_of: Vec<Option<MetricIndex>>,
    weights: Vec<Option<NodeId>>,
    intermediates: Vec<(MetricIndex, NodeId)>,
    branches: Vec<Fork>,
}

impl Taking {
    fn new(
        model: &Model,
        graph: &Graph,
        ends: &[(MetricIndex, usize)],
        compiled: &[Compiled],
        ancestors: &[MetricIndex],
    ) -> Self {
        let len = graph.len();
        let is_formula = |metric: MetricIndex| matches!(model.metrics()[metric.index()].input, Input::Formula(_));
        let mut taking = Self {
            graph: graph.clone(),
            nodes: graph.nodes().map(|(node, _)| node).collect(),
            owners: Vec::new(),
            owner_of: vec![0; len],
            is_input: vec![false; len],
            depends: vec![Dependence::None; len],
            formula_of: vec![None; len],
            weights: vec![None; len],
            intermediates: Vec::new(),
            branches: Vec::new(),
        };
        let mut number = vec![None; compiled.len()];
        for &metric in ancestors {
            let Some(output) = compiled[metric.index()].output() else { continue };
            number[metric.index()] = Some(taking.owners.len());
            let input = (!is_formula(metric)).then_some(output);
            taking.owners.push(Owner { metric, input, draws: false, terms: Vec::new() });
        }
        let mut start = 0;
        for &(metric, end) in ends {
            if let Some(owner) = number[metric.index()] {
                taking.owner_of[start..end].fill(owner);
            }
            start = end;
        }
        for (at, owner) in taking.owners.iter().enumerate() {
            let Some(output) = compiled[owner.metric.index()].output() else { continue };
            let node = output.value.index();
            if owner.input.is_none() {
                taking.formula_of[node].get_or_insert(owner.metric);
            } else if graph.constant_value(output.value).is_none() {
                (taking.is_input[node], taking.owner_of[node]) = (true, at);
            }
        }
        taking.find_dependences(graph);
        taking
    }

    fn find_dependences(&mut self, graph: &Graph) {
        for (node, operation) in graph.nodes() {
            let at = node.index();
            let owner = self.owner_of[at];
            let drawn = self.is_input[at] || matches!(operation, Operation::Draw(_) | Operation::Walk(_));
            let own = if drawn { Dependence::One(owner) } else { Dependence::None };
            let inputs = operation.inputs().map(|input| self.depends[input.index()]);
            self.depends[at] = if self.is_input[at] { own } else { inputs.fold(own, Dependence::and) };
        }
    }

    fn take(&mut self, metric: MetricIndex, output: Output) {
        let one = self.graph.constant(1.0);
        let whole = self.owners.iter().position(|owner| owner.metric == metric).unwrap_or(0);
        self.give(output.value, one, whole);
        for at in (0..self.nodes.len()).rev() {
            let Some(weight) = self.weights[at] else { continue };
            let node = self.nodes[at];
            if let Some(formula) = self.formula_of[at].filter(|formula| *formula != metric) {
                let part = self.term(weight, node);
                self.intermediates.push((formula, part));
            }
            self.take_node(node, weight);
        }
        self.find_draws(output);
    }

    /// Marks the owners whose own draws the output depends on.
    fn find_draws(&mut self, output: Output) {
        let mut open = vec![output.value];
        let mut seen = vec![false; self.nodes.len()];
        while let Some(node) = open.pop() {
            if node.index() >= self.nodes.len() || std::mem::replace(&mut seen[node.index()], true) {
                continue;
            }
            let operation = self.graph.operation(node);
            if matches!(operation, Operation::Draw(_)) {
                self.owners[self.owner_of[node.index()]].draws = true;
            }
            open.extend(operation.inputs());
        }
    }

    /// Adds to the weight of a value; what a constant carries belongs to the formula that it stands in.
    fn give(&mut self, node: NodeId, weight: NodeId, formula: usize) {
        if self.graph.constant_value(node).is_some() {
            self.owners[formula].terms.push((weight, node));
            return;
        }
        let known = self.weights[node.index()];
        let weight = known.map_or(weight, |known| self.graph.binary(BinaryOperation::Add, known, weight));
        self.weights[node.index()] = Some(weight);
    }

    fn take_node(&mut self, node: NodeId, weight: NodeId) {
        use BinaryOperation as Op;
        let owner = self.owner_of[node.index()];
        if self.is_input[node.index()] {
            self.owners[owner].terms.push((weight, node));
            return;
        }
        let constant = |graph: &Graph, node: NodeId| graph.constant_value(node).is_some();
        match *self.graph.operation(node) {
            Operation::Unary(UnaryOperation::Negate, a) => {
                let negative = self.graph.unary(UnaryOperation::Negate, weight);
                self.give(a, negative, owner);
            }
            Operation::Binary(Op::Add, a, b) => {
                self.give(a, weight, owner);
                self.give(b, weight, owner);
            }
            Operation::Binary(Op::Subtract, a, b) => {
                let negative = self.graph.unary(UnaryOperation::Negate, weight);
                self.give(a, weight, owner);
                self.give(b, negative, owner);
            }
            Operation::Binary(Op::Multiply, a, b) if constant(&self.graph, a) || self.is_condition(a) => {
                let scaled = self.scaled(weight, a);
                self.give(b, scaled, owner);
            }
            Operation::Binary(Op::Multiply, a, b) if constant(&self.graph, b) || self.is_condition(b) => {
                let scaled = self.scaled(weight, b);
                self.give(a, scaled, owner);
            }
            Operation::Binary(Op::Divide, a, b) if constant(&self.graph, b) => {
                let scaled = self.graph.binary(Op::Divide, weight, b);
                self.give(a, scaled, owner);
            }
            Operation::Binary(operation @ (Op::Maximum | Op::Minimum), a, b) => {
                let wins = if operation == Op::Maximum { Op::NotBelow } else { Op::NotAbove };
                let first = self.graph.binary(wins, a, b);
                self.fork(first, weight, (a, b), owner);
            }
            Operation::Select(condition, then, otherwise) => {
                self.fork(condition, weight, (then, otherwise), owner);
                let reached = self.graph.unary(UnaryOperation::Truth, weight);
                let taken = self.graph.unary(UnaryOperation::Truth, condition);
                let not_taken = self.graph.unary(UnaryOperation::Not, condition);
                let then = self.graph.binary(Op::And, reached, taken);
                let otherwise = self.graph.binary(Op::And, reached, not_taken);
                self.branches.push(Fork { metric: self.owners[owner].metric, then, otherwise });
            }
            _ => {
                let whose = match self.depends[node.index()] {
                    Dependence::One(one) => one,
                    _ => owner,
                };
                self.owners[whose].terms.push((weight, node));
            }
        }
    }

    /// Gives the weight to the side that is taken.
    fn fork(&mut self, condition: NodeId, weight: NodeId, (then, otherwise): (NodeId, NodeId), owner: usize) {
        let nothing = self.graph.constant(0.0);
        let taken = self.graph.select(condition, weight, nothing);
        let not_taken = self.graph.select(condition, nothing, weight);
        self.give(then, taken, owner);
        self.give(otherwise, not_taken, owner);
    }

    fn scaled(&mut self, weight: NodeId, by: NodeId) -> NodeId {
        if self.graph.constant_value(weight) == Some(1.0) {
            return by;
        }
        self.graph.binary(BinaryOperation::Multiply, weight, by)
    }

    /// Whether a value is 0 or 1 in every sample.
    fn is_condition(&self, node: NodeId) -> bool {
        use BinaryOperation as Op;
        match self.graph.operation(node) {
            Operation::Unary(operation, _) => matches!(operation, UnaryOperation::Not | UnaryOperation::Truth),
            Operation::Binary(operation, ..) => matches!(
                operation,
                Op::Equal
                    | Op::Unequal
                    | Op::Smaller
                    | Op::SmallerEqual
                    | Op::Larger
                    | Op::LargerEqual
                    | Op::NotBelow
                    | Op::NotAbove
                    | Op::And
                    | Op::Or
                    | Op::Xor
            ),
            Operation::Draw(draw) => matches!(draw.kind(), DrawKind::Distribution(Distribution::Bernoulli(_))),
            _ => false,
        }
    }

    /// Weight times value; nothing where the weight is 0, even if the value is not finite.
    fn term(&mut self, weight: NodeId, value: NodeId) -> NodeId {
        if self.graph.constant_value(weight) == Some(1.0) {
            return value;
        }
        let product = self.graph.binary(BinaryOperation::Multiply, weight, value);
        let nothing = self.graph.constant(0.0);
        self.graph.select(weight, product, nothing)
    }

    fn finish(mut self, output: Output) -> Decomposition {
        let owners = std::mem::take(&mut self.owners);
        let mut parts = Vec::new();
        for Owner { metric, input, draws, terms } in owners {
            let (mut contribution, mut used) = (self.graph.constant(0.0), self.graph.constant(0.0));
            for (weight, value) in terms {
                let term = self.term(weight, value);
                contribution = if self.graph.constant_value(contribution) == Some(0.0) {
                    term
                } else {
                    self.graph.binary(BinaryOperation::Add, contribution, term)
                };
                used = self.graph.binary(BinaryOperation::Or, used, weight);
            }
            let nothing = self.graph.constant_value(contribution) == Some(0.0);
            let is_constant = input.is_some_and(|input| self.graph.constant_value(input.value).is_some());
            // A constant input's part cannot be told from a constant that is written out.
            if is_constant || (input.is_none() && nothing && !draws) {
                continue;
            }
            parts.push(Part { metric, input, contribution, used, draws });
        }
        self.branches.reverse();
        self.intermediates.reverse();
        Decomposition { graph: self.graph, output, parts, intermediates: self.intermediates, branches: self.branches }
    }
}
