//! Simulation: the plan, one worker a thread, ordered merge, stop at precision.

pub mod outcome;

pub use outcome::{MetricOutcome, Outcome, Stop};
