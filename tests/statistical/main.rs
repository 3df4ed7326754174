//! Statistical tests: fixed seeds, stated levels.

mod coverage;
mod distributions;
mod latency;
mod streams;
