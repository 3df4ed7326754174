//! tailcast forecasts response-time distributions.
//!
//! A model of a system is a set of metrics: points, ranges, measured samples, and formulas over other metrics. tailcast
//! draws millions of samples of the whole model in parallel and answers with distributions, percentiles with their
//! error, and what planners ask of them.
//!
//! ```text
//! model file --read--> wire form --check--> Model --compile--> Program --simulate--> Outcome --> report, plot, push
//! ```
//!
//! The modules stand in the order in which they may import each other: a module imports only from those above it.
#![forbid(unsafe_code)]

pub mod units;
pub mod span;
pub mod problem;
pub mod math;
pub mod rng;
pub mod dist;
pub mod formula;
pub mod program;
pub mod model;
pub mod recorder;
pub mod sim;
pub mod study;
pub mod import;
pub mod infer;
pub mod report;
pub mod export;
#[cfg(feature = "plot")]
pub mod plot;
#[cfg(feature = "client")]
pub mod client;
