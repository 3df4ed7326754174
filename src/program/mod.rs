//! Checked formulas compiled into one straight-line block program, its kernels, and the slow reference evaluator.
//!
//! ```text
//! Definition… --Compiler (lower)--> Graph --schedule--> Program (shared) --Evaluator (a thread)--> blocks
//! ```

mod column;
mod compile;
mod copy;
mod correlation;
mod definition;
mod draw;
mod error;
mod evaluator;
mod figure;
mod graph;
mod lower;
mod operation;
#[expect(clippy::module_inception, reason = "the noun of this stage is the program")]
mod program;
mod print;
mod quantile_function;
mod recorded;
mod reference;
mod sample_count;
mod schedule;

pub use compile::{Compiled, Compiler};
pub use definition::{Definition, DefinitionSource};
pub use draw::{Draw, DrawKind};
pub use error::{ProgramError, ProgramErrorKind};
pub use evaluator::{BlockValues, Evaluator, OutputBlock};
pub use figure::{Figure, FigurePlace, WantedFigure, is_figure};
pub use graph::{Graph, NodeId, Operation, ScalarFunction};
pub use operation::{BinaryOperation, UnaryOperation};
pub use program::Program;
pub use recorded::RecordedUse;
pub use reference::{ReferenceBlock, evaluate_reference};
pub use sample_count::SampleCount;
pub use schedule::Output;
