//! Simulation: the plan, one worker a thread, ordered merge, stop at precision.
//!
//! ```text
//! Model… --Plan (compile)--> Program --Engine (shards over threads)--> Collected --> Outcome…
//! ```

mod check;
mod collector;
mod engine;
mod error;
mod figures;
mod outcome;
mod plan;
mod precision;
mod recorders;
mod recording_collector;
mod rows;
mod run;
mod sampling_problems;

pub use check::check;
pub use collector::{BlockPlace, Collector};
pub use engine::{Collected, Engine, NoWatch, SHARD_LEN, Watch};
pub use error::SimError;
pub use figures::{FigureDrawing, with_figures};
pub use outcome::{MetricOutcome, Outcome, Stop};
pub use plan::{MetricPlan, Plan};
pub use precision::Precision;
pub use recorders::Recorders;
pub use recording_collector::RecordingCollector;
pub use rows::{RowSink, row_metrics, rows};
pub(crate) use run::Drawn;
pub use run::{DEFAULT_QUANTILES, DEFAULT_SAMPLES, DEFAULT_SEED, RunOptions, run, run_each, run_versions};
