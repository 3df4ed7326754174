//! Recording: exact moments and log-linear counts per metric.

pub mod recording;
pub mod summary;

pub use recording::Recording;
pub use summary::{Bin, QuantileEstimate, Summary};
