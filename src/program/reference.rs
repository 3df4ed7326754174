//! The slow reference evaluator: each node of the graph, one sample at a time, straight from what its operation means.
//!
//! It knows no schedule, no registers and no vector kernel. The block evaluator must agree with it to the bit.

use super::evaluator::{lookup, walk};
use super::graph::{NodeId, Operation};
use super::program::Program;
use super::schedule::Output;
use crate::formula::functions::real;
use crate::rng::BLOCK_LEN;

/// Values of one output over a block, and which samples are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceBlock {
    /// Value of each sample.
    pub value: Vec<f64>,
    /// Not 0 where the sample is kept; `None` when every sample is.
    pub keep: Option<Vec<f64>>,
}

/// Evaluates block `block` of a program, every output in order.
#[must_use]
pub fn evaluate_reference(program: &Program, seed: u64, block: u64) -> Vec<ReferenceBlock> {
    let graph = program.graph();
    let mut columns: Vec<Vec<f64>> = Vec::with_capacity(graph.len());
    for (_, operation) in graph.nodes() {
        columns.push(column(operation, &columns, seed, block));
    }
    let values = |node: NodeId| columns[node.index()].clone();
    let outputs = program.outputs().iter();
    outputs.map(|&Output { value, keep }| ReferenceBlock { value: values(value), keep: keep.map(values) }).collect()
}

fn column(operation: &Operation, columns: &[Vec<f64>], seed: u64, block: u64) -> Vec<f64> {
    let at = |node: &NodeId, lane: usize| columns[node.index()][lane];
    let lanes = 0..BLOCK_LEN;
    match operation {
        Operation::Constant(value) => vec![*value; BLOCK_LEN],
        Operation::Unary(operation, a) => lanes.map(|lane| operation.apply(at(a, lane))).collect(),
        Operation::Binary(operation, a, b) => lanes.map(|lane| operation.apply(at(a, lane), at(b, lane))).collect(),
        Operation::Select(condition, then, otherwise) => {
            lanes.map(|lane| real::select(at(condition, lane), at(then, lane), at(otherwise, lane))).collect()
        }
        Operation::Function(function, inputs) => {
            lanes.map(|lane| function.apply(&inputs.iter().map(|input| at(input, lane)).collect::<Vec<_>>())).collect()
        }
        Operation::Lookup(list, index) => lanes.map(|lane| lookup(list, at(index, lane))).collect(),
        Operation::Walk(list) => lanes.map(|lane| walk(list, block * BLOCK_LEN as u64 + lane as u64)).collect(),
        Operation::Draw(draw) => {
            let parameters: Vec<&[f64]> =
                draw.parameters().iter().map(|node| columns[node.index()].as_slice()).collect();
            let mut out = vec![0.0; BLOCK_LEN];
            draw.fill_reference(seed, block, &parameters, &mut out);
            out
        }
    }
}
