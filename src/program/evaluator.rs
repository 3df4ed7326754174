//! The block evaluator: runs a program over blocks of samples, in buffers it owns.

use std::ops::Range;

use super::column::Column;
use super::draw::DrawBuffers;
use super::graph::Operation;
use super::operation::{Values, fill_select};
use super::program::Program;
use super::schedule::{Operand, Step};
use crate::rng::BLOCK_LEN;

/// Columns that an evaluator has for more than one block: 8 MiB.
const COLUMNS_MAX: usize = 256;

/// Evaluates the blocks of one program in one thread, several of them step by step together.
///
/// # Shape
/// One column of [`BLOCK_LEN`] values for each register of the program and block evaluated together.
#[derive(Debug)]
pub struct Evaluator<'a> {
    program: &'a Program,
    seed: u64,
    /// Registers of each block evaluated together. One is out of its place only while it is filled.
    columns: Vec<Vec<Option<Box<Column>>>>,
    buffers: DrawBuffers,
    arguments: Vec<f64>,
}

/// The columns of one output of a block.
#[derive(Debug, Clone, Copy)]
pub struct OutputBlock<'a> {
    /// Value of each sample.
    pub value: BlockValues<'a>,
    /// Not 0 where the sample is kept; `None` when every sample is.
    pub keep: Option<BlockValues<'a>>,
}

/// Values of a block.
#[derive(Debug, Clone, Copy)]
pub enum BlockValues<'a> {
    /// One value a sample.
    Column(&'a [f64; BLOCK_LEN]),
    /// The same value for every sample.
    Constant(f64),
}

impl BlockValues<'_> {
    /// Value of the sample in `lane`, below [`BLOCK_LEN`].
    #[must_use]
    pub fn at(self, lane: usize) -> f64 {
        match self {
            Self::Column(values) => values[lane],
            Self::Constant(value) => value,
        }
    }
}

impl<'a> Evaluator<'a> {
    /// Evaluator of `program` with its streams keyed by `seed`.
    #[must_use]
    pub fn new(program: &'a Program, seed: u64) -> Self {
        Self { program, seed, columns: Vec::new(), buffers: DrawBuffers::default(), arguments: Vec::new() }
    }

    /// How many blocks may be run together: what bounds it is the memory of their columns.
    #[must_use]
    pub fn blocks_max(&self) -> u64 {
        (COLUMNS_MAX / self.program.register_count().max(1)).max(1) as u64
    }

    /// Evaluates `blocks` together, each step for all of them before the next step, and hands each output of each block to
    /// `emit`, with the block and its number, as soon as it is complete; those of one output in the order of blocks.
    ///
    /// # Randomness
    /// Each draw takes from its own stream at its block; blocks are independent of each other and of their order.
    ///
    /// # Panics
    /// If `emit` does; otherwise the schedule holds that every operand is in its place.
    pub fn run(&mut self, blocks: Range<u64>, mut emit: impl FnMut(u64, usize, OutputBlock<'_>)) {
        let program = self.program;
        let registers = || (0..program.schedule.register_count).map(|_| Some(Column::zeros())).collect();
        let len = (blocks.end.saturating_sub(blocks.start)) as usize;
        self.columns.resize_with(len.max(self.columns.len()), registers);
        for step in &program.schedule.steps {
            for (at, block) in blocks.clone().enumerate() {
                match step {
                    Step::Compute { node, out, inputs } => {
                        let out = out.index();
                        let mut column = self.columns[at][out].take().expect("no register is filled within a fill");
                        self.compute(program.graph.operation(*node), inputs, at, block, &mut column);
                        self.columns[at][out] = Some(column);
                    }
                    Step::Emit { output, value, keep } => {
                        emit(block, *output, Operands(&self.columns[at]).output(*value, *keep));
                    }
                }
            }
        }
    }

    /// Columns of output `output` of the first of the blocks run last; `None` unless the program holds its outputs.
    ///
    /// # Panics
    /// If there is no such output, or no block was run.
    #[must_use]
    pub fn held(&self, output: usize) -> Option<OutputBlock<'_>> {
        self.program.schedule.held[output].map(|(value, keep)| Operands(&self.columns[0]).output(value, keep))
    }

    /// Evaluates one operation for `block`, the one at `at` of those evaluated together.
    fn compute(&mut self, operation: &Operation, inputs: &[Operand], at: usize, block: u64, out: &mut Column) {
        let operands = Operands(&self.columns[at]);
        match (operation, inputs) {
            (Operation::Unary(operation, _), [a]) => operation.fill(out, operands.column(*a)),
            (Operation::Binary(operation, ..), [a, b]) => {
                operation.fill(out, operands.values(*a), operands.values(*b));
            }
            (Operation::Select(..), [condition, then, otherwise]) => {
                fill_select(out, operands.values(*condition), operands.values(*then), operands.values(*otherwise));
            }
            (Operation::Function(function, _), inputs) => {
                for (lane, out) in out.0.iter_mut().enumerate() {
                    self.arguments.clear();
                    self.arguments.extend(inputs.iter().map(|&input| operands.values(input).at(lane)));
                    *out = function.apply(&self.arguments);
                }
            }
            (Operation::Lookup(list, _), [index]) => {
                let index = operands.column(*index);
                for (out, &index) in out.0.iter_mut().zip(&index.0) {
                    *out = lookup(list, index);
                }
            }
            (Operation::Walk(list), []) => {
                for (out, sample) in out.0.iter_mut().zip(block * BLOCK_LEN as u64..) {
                    *out = walk(list, sample);
                }
            }
            (Operation::Draw(draw), parameters) => {
                draw.fill(self.seed, block, |at| operands.values(parameters[at]), &mut self.buffers, out);
            }
            (operation, _) => unreachable!("the schedule gives each operation its operands: {operation:?}"),
        }
    }
}

/// Registers of one block, as operands stand in them.
#[derive(Clone, Copy)]
struct Operands<'a>(&'a [Option<Box<Column>>]);

impl<'a> Operands<'a> {
    fn output(self, value: Operand, keep: Option<Operand>) -> OutputBlock<'a> {
        let values = |operand| match self.values(operand) {
            Values::Column(column) => BlockValues::Column(&column.0),
            Values::Constant(value) => BlockValues::Constant(value),
        };
        OutputBlock { value: values(value), keep: keep.map(values) }
    }

    fn values(self, operand: Operand) -> Values<'a> {
        match operand {
            Operand::Constant(value) => Values::Constant(value),
            Operand::Register(register) => {
                Values::Column(self.0[register.index()].as_ref().expect("an input is no output"))
            }
        }
    }

    fn column(self, operand: Operand) -> &'a Column {
        match self.values(operand) {
            Values::Column(column) => column,
            Values::Constant(_) => unreachable!("operations on constants alone are folded"),
        }
    }
}

/// `list[index]`; not a number if the index is not within the list.
pub(super) fn lookup(list: &[f64], index: f64) -> f64 {
    list.get(index as usize).copied().unwrap_or(f64::NAN)
}

/// `list[sample mod length]`.
pub(super) fn walk(list: &[f64], sample: u64) -> f64 {
    list[(sample % list.len() as u64) as usize]
}
