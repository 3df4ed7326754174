//! Recording: exact moments and log-linear counts per metric, and the figures with their errors.
//!
//! ```text
//! block of samples --Recorder (a thread, a metric)--> cell counts + Moments --Recording--> Summary
//! ```

mod cell;
mod cells;
mod counts;
mod dense;
mod merge;
mod moments;
mod order_statistics;
#[expect(clippy::module_inception, reason = "the noun of this stage is the recorder")]
mod recorder;
mod recording;
mod strays;
mod summary;
mod tally;
mod window;

pub use moments::Moments;
pub use order_statistics::quantile_interval_ranks;
pub use recorder::Recorder;
pub use recording::{Bin, Recording};
pub use summary::{QuantileEstimate, Summary};
