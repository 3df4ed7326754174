//! A column: one value for each sample of a block.

use crate::rng::BLOCK_LEN;

/// The values of one register over a block, aligned to a cache line.
#[derive(Debug, Clone, PartialEq)]
#[repr(align(64))]
pub(super) struct Column(pub(super) [f64; BLOCK_LEN]);

impl Column {
    /// Column of zeros.
    pub(super) fn zeros() -> Box<Self> {
        Box::new(Self([0.0; BLOCK_LEN]))
    }
}
