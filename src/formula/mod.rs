//! The formula language: text to tokens to tree to checked tree; the one table of functions; printers.

pub mod tree;

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
