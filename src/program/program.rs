//! The compiled program: a graph, the outputs wanted of it, and the schedule that computes them.

use super::graph::{Graph, Operation};
use super::schedule::{Output, Schedule, schedule};

/// An immutable program, shared by all threads that evaluate it.
#[derive(Debug, Clone)]
pub struct Program {
    pub(super) graph: Graph,
    outputs: Vec<Output>,
    pub(super) schedule: Schedule,
}

impl Program {
    /// Program that hands over each output as soon as it is computed.
    #[must_use]
    pub fn new(graph: Graph, outputs: Vec<Output>) -> Self {
        let schedule = schedule(&graph, &outputs, false);
        Self { graph, outputs, schedule }
    }

    /// Program whose outputs can all be read together at the end of a block, which takes a register for each.
    #[must_use]
    pub fn holding(graph: Graph, outputs: Vec<Output>) -> Self {
        let schedule = schedule(&graph, &outputs, true);
        Self { graph, outputs, schedule }
    }

    /// The outputs.
    #[must_use]
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// The graph.
    #[must_use]
    pub const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Value of output `output` if it is the same for every sample, none of which is filtered.
    ///
    /// # Panics
    /// If there is no such output.
    #[must_use]
    pub fn constant_output(&self, output: usize) -> Option<f64> {
        let Output { value, keep } = self.outputs[output];
        let is_kept = keep.is_none_or(|keep| self.graph.constant_value(keep).is_some_and(|keep| keep != 0.0));
        self.graph.constant_value(value).filter(|_| is_kept)
    }

    /// Whether every sample of output `output` is filtered.
    ///
    /// # Panics
    /// If there is no such output.
    #[must_use]
    pub fn filters_all(&self, output: usize) -> bool {
        self.outputs[output].keep.and_then(|keep| self.graph.constant_value(keep)) == Some(0.0)
    }

    /// The list that output `output` walks through, if it does nothing else.
    ///
    /// # Panics
    /// If there is no such output.
    #[must_use]
    pub fn walked_list(&self, output: usize) -> Option<&[f64]> {
        let Output { value, keep } = self.outputs[output];
        match self.graph.operation(value) {
            Operation::Walk(list) if keep.is_none() => Some(list),
            _ => None,
        }
    }

    /// Whether every sample of every output is the same.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.schedule.steps.iter().all(|step| !matches!(step, super::schedule::Step::Compute { .. }))
    }

    /// Number of columns that a thread needs.
    #[must_use]
    pub const fn register_count(&self) -> usize {
        self.schedule.register_count
    }

    /// Number of operations carried out for a block.
    #[must_use]
    pub fn operation_count(&self) -> usize {
        self.graph.nodes().filter(|(_, operation)| !matches!(operation, Operation::Constant(_))).count()
    }
}
