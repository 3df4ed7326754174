//! The block generator and its streams.
//!
//! A stream is a function of what it is for, not of when it is used: (seed, metric, draw site, block). Equal keys give
//! equal bits for any number of threads and any order of metrics.
//!
//! ```text
//! seed, metric, site --StreamKey--> 128 bits --+ block --> 128 bits --> 8 lanes x 256 bits of xoshiro256++
//! ```
//!
//! Distributions are not the business of this module: it makes words, uniform numbers and bounded integers.

mod block;
mod key;

pub use block::{BLOCK_LEN, BlockRng};
pub use key::{StreamKey, copy_hash, metric_hash};
