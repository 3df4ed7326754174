//! The formula language: text to tokens to tree to checked tree; the one table of functions; printers.

pub mod check;
mod derivative;
mod dialect;
pub mod error;
pub mod functions;
pub mod interpreter;
pub mod limits;
mod parse;
mod precedence;
mod print;
mod s_expression;
mod suggestion;
mod token;
mod tokenize;
pub mod tree;
pub mod value;

pub use check::{Checked, Missing, Scope, Unknown, check};
pub use dialect::Dialect;
pub use error::{FormulaError, FormulaErrorKind};
pub use parse::parse;
pub use suggestion::nearest_name;
pub use token::{Symbol, Token, TokenKind, print_tokens};
pub use tokenize::tokenize;
pub use tree::{BinaryOperator, ComparisonOperator, Node, Statement, Tree, UnaryOperator};

/// Position of a metric in its model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricIndex(pub u32);

impl MetricIndex {
    /// The position as an index into a slice of metrics.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
