//! The schedule: the nodes that the outputs need, in order, with a register for each and the moment each output is
//! complete.
//!
//! A register is free again after the last reader of its node, so a block of a long chain of metrics stays in cache.

use super::graph::{Graph, NodeId, Operation};

/// Number of a register: a column of the evaluator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Register(pub(super) u32);

impl Register {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where an operand is found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operand {
    Register(Register),
    Constant(f64),
}

/// What is wanted of the graph: a value for each sample and, where samples were filtered, which are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Output {
    /// Node of the value.
    pub value: NodeId,
    /// Node that is not 0 where the sample is kept; `None` when every sample is.
    pub keep: Option<NodeId>,
}

/// One step of a program.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Computes a node into a register.
    Compute { node: NodeId, out: Register, inputs: Box<[Operand]> },
    /// Hands an output over; its columns are complete.
    Emit { output: usize, value: Operand, keep: Option<Operand> },
}

/// Steps in order, and how many registers they use.
#[derive(Debug, Clone, Default)]
pub(super) struct Schedule {
    pub(super) steps: Vec<Step>,
    pub(super) register_count: usize,
    /// Where the columns of each output are at the end of the block, for outputs that are held.
    pub(super) held: Vec<Option<(Operand, Option<Operand>)>>,
}

/// Makes the schedule of `outputs`. With `hold`, the columns of all outputs stay until the end of the block.
pub(super) fn schedule(graph: &Graph, outputs: &[Output], hold: bool) -> Schedule {
    let last_use = last_uses(graph, outputs, hold);
    let (places, released) = (vec![None; graph.len()], vec![false; graph.len()]);
    let mut scheduler = Scheduler { graph, last_use, places, released, free: Vec::new(), used: 0 };
    let mut emits: Vec<Vec<usize>> = vec![Vec::new(); graph.len()];
    for (number, output) in outputs.iter().enumerate() {
        emits[output.value.max(output.keep.unwrap_or(output.value)).index()].push(number);
    }
    let mut steps = Vec::new();
    for (node, operation) in graph.nodes() {
        if scheduler.last_use[node.index()].is_none() {
            continue;
        }
        if let Some(step) = scheduler.compute(node, operation) {
            steps.push(step);
        }
        for &output in &emits[node.index()] {
            let Output { value, keep } = outputs[output];
            let keep = keep.map(|keep| scheduler.place(keep));
            steps.push(Step::Emit { output, value: scheduler.place(value), keep });
        }
        scheduler.release(node, node);
        for input in operation.inputs() {
            scheduler.release(input, node);
        }
        for &output in &emits[node.index()] {
            scheduler.release(outputs[output].value, node);
            outputs[output].keep.inspect(|&keep| scheduler.release(keep, node));
        }
    }
    let held = outputs
        .iter()
        .map(|output| hold.then(|| (scheduler.place(output.value), output.keep.map(|keep| scheduler.place(keep)))))
        .collect();
    Schedule { steps, register_count: scheduler.used as usize, held }
}

/// For each node that is needed, the last node at whose step it is read; itself if it is only an output.
fn last_uses(graph: &Graph, outputs: &[Output], hold: bool) -> Vec<Option<NodeId>> {
    let mut last: Vec<Option<NodeId>> = vec![None; graph.len()];
    for output in outputs {
        let ready = output.value.max(output.keep.unwrap_or(output.value));
        for node in [Some(output.value), output.keep].into_iter().flatten() {
            last[node.index()] = last[node.index()].max(Some(ready));
        }
    }
    let nodes: Vec<(NodeId, &Operation)> = graph.nodes().collect();
    for &(node, operation) in nodes.iter().rev() {
        if last[node.index()].is_some() {
            for input in operation.inputs() {
                last[input.index()] = last[input.index()].max(Some(node));
            }
        }
    }
    if hold && let Some(&(end, _)) = nodes.last() {
        for node in outputs.iter().flat_map(|output| [Some(output.value), output.keep]).flatten() {
            // Past every step: no node has this as its reader but the last, which frees nothing that matters.
            last[node.index()] = Some(end);
        }
    }
    last
}

struct Scheduler<'a> {
    graph: &'a Graph,
    last_use: Vec<Option<NodeId>>,
    places: Vec<Option<Register>>,
    released: Vec<bool>,
    free: Vec<Register>,
    used: u32,
}

impl Scheduler<'_> {
    fn place(&self, node: NodeId) -> Operand {
        match self.graph.constant_value(node) {
            Some(value) => Operand::Constant(value),
            None => Operand::Register(self.places[node.index()].expect("operands are computed before their readers")),
        }
    }

    fn compute(&mut self, node: NodeId, operation: &Operation) -> Option<Step> {
        if matches!(operation, Operation::Constant(_)) {
            return None;
        }
        let inputs = operation.inputs().map(|input| self.place(input)).collect();
        let out = self.free.pop().unwrap_or_else(|| {
            self.used += 1;
            Register(self.used - 1)
        });
        self.places[node.index()] = Some(out);
        Some(Step::Compute { node, out, inputs })
    }

    /// Frees the register of `node` if `reader` is the last to read it.
    fn release(&mut self, node: NodeId, reader: NodeId) {
        if self.last_use[node.index()] == Some(reader) && self.graph.constant_value(node).is_none() {
            // A reader may name a node twice; its register is freed once.
            if !std::mem::replace(&mut self.released[node.index()], true) {
                self.free.push(self.places[node.index()].expect("a node that is read has been computed"));
            }
        }
    }
}
