//! A column: one value for each sample of a block.

use crate::rng::BLOCK_LEN;

/// The values of one register over a block, aligned to a cache line.
#[derive(Debug, Clone, PartialEq)]
#[repr(align(64))]
pub struct Column(pub(crate) [f64; BLOCK_LEN]);

impl Column {
    /// Column of zeros.
    #[must_use]
    pub fn zeros() -> Box<Self> {
        Box::new(Self([0.0; BLOCK_LEN]))
    }

    /// The values, one a sample.
    #[must_use]
    pub const fn values(&self) -> &[f64; BLOCK_LEN] {
        &self.0
    }
}
