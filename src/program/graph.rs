//! The graph of a model: one node a value, equal values shared, constants folded.
//!
//! Nodes are only ever built from nodes that exist, so the order of creation is an order of evaluation.

use std::collections::HashMap;
use std::sync::Arc;

use super::draw::Draw;
use super::operation::{BinaryOperation, UnaryOperation};
use super::quantile_function::QuantileFunction;
use super::recorded::Recorded;

/// Number of a node in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// The number as an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is called for a sample.
type Apply = Arc<dyn Fn(&[f64]) -> f64 + Send + Sync>;

/// A function of real numbers that has no block kernel: called once a sample.
#[derive(Clone)]
pub struct ScalarFunction {
    name: Arc<str>,
    /// How many recorded distributions deep what it calls is.
    recordings: usize,
    apply: Apply,
}

impl ScalarFunction {
    /// Function under a name; equal names mean equal functions.
    #[must_use]
    pub fn new(name: &str, apply: Apply) -> Self {
        Self { name: name.into(), recordings: 0, apply }
    }

    /// Says how many recorded distributions deep it is.
    pub(super) fn with_recordings(self, recordings: usize) -> Self {
        Self { recordings, ..self }
    }

    /// How many recorded distributions deep it is.
    pub(super) const fn recordings(&self) -> usize {
        self.recordings
    }

    /// Name in printed programs.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Result for one sample.
    #[must_use]
    pub fn apply(&self, arguments: &[f64]) -> f64 {
        (self.apply)(arguments)
    }
}

impl std::fmt::Debug for ScalarFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ScalarFunction").field(&self.name).finish()
    }
}

/// What a node computes.
#[derive(Debug, Clone)]
pub enum Operation {
    /// The same value for every sample.
    Constant(f64),
    /// A function of one value.
    Unary(UnaryOperation, NodeId),
    /// A function of two values.
    Binary(BinaryOperation, NodeId, NodeId),
    /// `condition ? then : otherwise`; both sides are evaluated.
    Select(NodeId, NodeId, NodeId),
    /// A function of any number of values, called sample by sample.
    Function(ScalarFunction, Box<[NodeId]>),
    /// `list[index]`, the index counted from 0 and within the list.
    Lookup(Arc<[f64]>, NodeId),
    /// `list[sample mod length]`: the walk of Guesstimate through measured data.
    Walk(Arc<[f64]>),
    /// Random numbers from a stream.
    Draw(Draw),
}

impl Operation {
    /// Nodes that the operation reads.
    pub fn inputs(&self) -> impl Iterator<Item = NodeId> + '_ {
        let (few, many): ([Option<NodeId>; 3], &[NodeId]) = match self {
            Self::Constant(_) | Self::Walk(_) => ([None; 3], &[]),
            Self::Unary(_, a) | Self::Lookup(_, a) => ([Some(*a), None, None], &[]),
            Self::Binary(_, a, b) => ([Some(*a), Some(*b), None], &[]),
            Self::Select(a, b, c) => ([Some(*a), Some(*b), Some(*c)], &[]),
            Self::Function(_, inputs) => ([None; 3], inputs),
            Self::Draw(draw) => ([None; 3], draw.parameters()),
        };
        few.into_iter().flatten().chain(many.iter().copied())
    }
}

/// What makes two operations the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Constant(u64),
    Unary(UnaryOperation, NodeId),
    Binary(BinaryOperation, NodeId, NodeId),
    Select(NodeId, NodeId, NodeId),
    Function(Arc<str>, Box<[NodeId]>),
    Lookup(usize, usize, NodeId),
    Walk(usize, usize),
    Draw(super::draw::DrawKey),
}

/// A graph under construction: shares equal nodes and folds constants.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    nodes: Vec<Operation>,
    known: HashMap<Key, NodeId>,
    /// Quantile functions of nodes whose distribution is known, besides those that are draws.
    pub(super) quantiles: HashMap<NodeId, QuantileFunction>,
    /// Distributions to be recorded, by the node of the values and that of the samples kept.
    pub(super) recorded: HashMap<(NodeId, Option<NodeId>), Arc<Recorded>>,
    /// What stands for figures that are not known, once there are any.
    placeholder: Option<Arc<[f64]>>,
}

impl Graph {
    /// Graph without nodes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What a node computes.
    #[must_use]
    pub fn operation(&self, node: NodeId) -> &Operation {
        &self.nodes[node.index()]
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Every node in order of evaluation.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Operation)> {
        (0..).map(NodeId).zip(&self.nodes)
    }

    /// Value of a node that is the same for every sample.
    #[must_use]
    pub fn constant_value(&self, node: NodeId) -> Option<f64> {
        match self.operation(node) {
            Operation::Constant(value) => Some(*value),
            _ => None,
        }
    }

    /// Node of a constant. All NaNs are one.
    pub fn constant(&mut self, value: f64) -> NodeId {
        let value = if value.is_nan() { f64::NAN } else { value };
        self.share(Key::Constant(value.to_bits()), || Operation::Constant(value))
    }

    /// Node of `operation(a)`.
    pub fn unary(&mut self, operation: UnaryOperation, a: NodeId) -> NodeId {
        match self.constant_value(a) {
            Some(value) => self.constant(operation.apply(value)),
            None => self.share(Key::Unary(operation, a), || Operation::Unary(operation, a)),
        }
    }

    /// Node of `operation(a, b)`.
    pub fn binary(&mut self, operation: BinaryOperation, a: NodeId, b: NodeId) -> NodeId {
        match (self.constant_value(a), self.constant_value(b)) {
            (Some(a), Some(b)) => self.constant(operation.apply(a, b)),
            _ => self.share(Key::Binary(operation, a, b), || Operation::Binary(operation, a, b)),
        }
    }

    /// Node of `condition ? then : otherwise`.
    pub fn select(&mut self, condition: NodeId, then: NodeId, otherwise: NodeId) -> NodeId {
        if then == otherwise {
            return then;
        }
        match self.constant_value(condition) {
            Some(condition) => {
                if crate::formula::functions::real::truth(condition) {
                    then
                } else {
                    otherwise
                }
            }
            None => {
                self.share(Key::Select(condition, then, otherwise), || Operation::Select(condition, then, otherwise))
            }
        }
    }

    /// Node of a function without block kernel.
    pub fn function(&mut self, function: ScalarFunction, inputs: &[NodeId]) -> NodeId {
        let constants: Option<Vec<f64>> = inputs.iter().map(|&input| self.constant_value(input)).collect();
        match constants {
            Some(values) => self.constant(function.apply(&values)),
            None => self.share(Key::Function(function.name.clone(), inputs.into()), || {
                Operation::Function(function, inputs.into())
            }),
        }
    }

    /// Node of `list[index]`, the index counted from 0.
    pub fn lookup(&mut self, list: &Arc<[f64]>, index: NodeId) -> NodeId {
        if let Some(&[only]) = Some(&**list) {
            return self.constant(only);
        }
        if let Some(index) = self.constant_value(index) {
            return self.constant(super::evaluator::lookup(list, index));
        }
        let key = Key::Lookup(list.as_ptr() as usize, list.len(), index);
        self.share(key, || Operation::Lookup(list.clone(), index))
    }

    /// Node of the walk through a list.
    pub fn walk(&mut self, list: &Arc<[f64]>) -> NodeId {
        if let Some(&[only]) = Some(&**list) {
            return self.constant(only);
        }
        self.share(Key::Walk(list.as_ptr() as usize, list.len()), || Operation::Walk(list.clone()))
    }

    /// Node that stands for a figure that is not known: it differs from sample to sample.
    pub(super) fn placeholder(&mut self) -> NodeId {
        let list = self.placeholder.get_or_insert_with(|| Arc::from([1.0, 2.0])).clone();
        self.walk(&list)
    }

    /// Whether nodes depend on a figure that is not known.
    pub(super) fn depends_on_placeholder(&self, roots: &[NodeId]) -> bool {
        let Some(placeholder) = &self.placeholder else { return false };
        let is_placeholder = |&node: &NodeId| match self.operation(node) {
            // An independent copy of the walk is a look-up.
            Operation::Walk(list) | Operation::Lookup(list, _) => Arc::ptr_eq(list, placeholder),
            _ => false,
        };
        self.upstream(roots, usize::MAX).is_some_and(|nodes| nodes.iter().any(is_placeholder))
    }

    /// Node of a draw.
    pub fn draw(&mut self, draw: Draw) -> NodeId {
        self.share(Key::Draw(draw.key()), || Operation::Draw(draw))
    }

    fn share(&mut self, key: Key, operation: impl FnOnce() -> Operation) -> NodeId {
        if let Some(&node) = self.known.get(&key) {
            return node;
        }
        let node = NodeId(u32::try_from(self.nodes.len()).expect("fewer than 2^32 nodes: sources are limited in size"));
        self.nodes.push(operation());
        self.known.insert(key, node);
        node
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_one_node() {
        let mut graph = Graph::new();
        let list: Arc<[f64]> = vec![1.0, 2.0].into();
        let walk = graph.walk(&list);
        let two = graph.constant(2.0);
        let first = graph.binary(BinaryOperation::Multiply, walk, two);
        let nodes = graph.len();
        let again = graph.constant(2.0);
        assert_eq!(graph.binary(BinaryOperation::Multiply, walk, again), first);
        assert_eq!(graph.len(), nodes);
        assert_ne!(graph.constant(0.0), graph.constant(-0.0));
    }

    #[test]
    fn constants_are_folded_with_the_meaning_that_samples_have() {
        let mut graph = Graph::new();
        let (a, b) = (graph.constant(7.0), graph.constant(-2.0));
        for &operation in BinaryOperation::ALL {
            let node = graph.binary(operation, a, b);
            let value = graph.constant_value(node).expect("folded");
            let expected = operation.apply(7.0, -2.0);
            assert!(value == expected || (value.is_nan() && expected.is_nan()), "{}", operation.name());
        }
    }

    #[test]
    fn a_constant_condition_chooses_its_side() {
        let mut graph = Graph::new();
        let (yes, no, nan) = (graph.constant(1.0), graph.constant(0.0), graph.constant(f64::NAN));
        let walk = graph.walk(&vec![1.0, 2.0].into());
        assert_eq!(graph.select(yes, walk, no), walk);
        assert_eq!(graph.select(nan, walk, no), no);
    }
}
