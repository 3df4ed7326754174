//! The block evaluator: runs a program over one block of samples after another, in buffers it owns.

use super::column::Column;
use super::draw::DrawBuffers;
use super::graph::Operation;
use super::operation::{Values, fill_select};
use super::program::Program;
use super::schedule::{Operand, Step};
use crate::rng::BLOCK_LEN;

/// Evaluates the blocks of one program in one thread.
///
/// # Shape
/// One column of [`BLOCK_LEN`] values for each register of the program.
#[derive(Debug)]
pub struct Evaluator<'a> {
    program: &'a Program,
    seed: u64,
    /// A register is out of its place only while it is filled.
    columns: Vec<Option<Box<Column>>>,
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
        Self {
            program,
            seed,
            columns: (0..program.schedule.register_count).map(|_| Some(Column::zeros())).collect(),
            buffers: DrawBuffers::default(),
            arguments: Vec::new(),
        }
    }

    /// Evaluates block `block` and hands each output to `emit`, with its number, as soon as it is complete.
    ///
    /// # Randomness
    /// Each draw takes from its own stream at `block`; blocks are independent of each other and of their order.
    ///
    /// # Panics
    /// If `emit` does; otherwise the schedule holds that every operand is in its place.
    pub fn run(&mut self, block: u64, mut emit: impl FnMut(usize, OutputBlock<'_>)) {
        let program = self.program;
        for step in &program.schedule.steps {
            match step {
                Step::Compute { node, out, inputs } => {
                    let mut column = self.columns[out.index()].take().expect("no register is filled within a fill");
                    self.compute(program.graph.operation(*node), inputs, block, &mut column);
                    self.columns[out.index()] = Some(column);
                }
                Step::Emit { output, value, keep } => emit(*output, self.output_block(*value, *keep)),
            }
        }
    }

    /// Columns of output `output` of the last block run; `None` unless the program holds its outputs.
    ///
    /// # Panics
    /// If there is no such output.
    #[must_use]
    pub fn held(&self, output: usize) -> Option<OutputBlock<'_>> {
        self.program.schedule.held[output].map(|(value, keep)| self.output_block(value, keep))
    }

    fn output_block(&self, value: Operand, keep: Option<Operand>) -> OutputBlock<'_> {
        let values = |operand| match self.values(operand) {
            Values::Column(column) => BlockValues::Column(&column.0),
            Values::Constant(value) => BlockValues::Constant(value),
        };
        OutputBlock { value: values(value), keep: keep.map(values) }
    }

    fn values(&self, operand: Operand) -> Values<'_> {
        match operand {
            Operand::Constant(value) => Values::Constant(value),
            Operand::Register(register) => {
                Values::Column(self.columns[register.index()].as_ref().expect("an input is no output"))
            }
        }
    }

    fn column(&self, operand: Operand) -> &Column {
        match self.values(operand) {
            Values::Column(column) => column,
            Values::Constant(_) => unreachable!("operations on constants alone are folded"),
        }
    }

    fn compute(&mut self, operation: &Operation, inputs: &[Operand], block: u64, out: &mut Column) {
        match (operation, inputs) {
            (Operation::Unary(operation, _), [a]) => operation.fill(out, self.column(*a)),
            (Operation::Binary(operation, ..), [a, b]) => operation.fill(out, self.values(*a), self.values(*b)),
            (Operation::Select(..), [condition, then, otherwise]) => {
                fill_select(out, self.values(*condition), self.values(*then), self.values(*otherwise));
            }
            (Operation::Function(function, _), inputs) => {
                let mut arguments = std::mem::take(&mut self.arguments);
                for (lane, out) in out.0.iter_mut().enumerate() {
                    arguments.clear();
                    arguments.extend(inputs.iter().map(|&input| self.values(input).at(lane)));
                    *out = function.apply(&arguments);
                }
                self.arguments = arguments;
            }
            (Operation::Lookup(list, _), [index]) => {
                let index = self.column(*index);
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
                let mut buffers = std::mem::take(&mut self.buffers);
                draw.fill(self.seed, block, |at| self.values(parameters[at]), &mut buffers, out);
                self.buffers = buffers;
            }
            (operation, _) => unreachable!("the schedule gives each operation its operands: {operation:?}"),
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
