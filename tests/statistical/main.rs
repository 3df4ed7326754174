//! Statistical tests: fixed seeds, stated levels.

mod distributions;
mod latency;
mod streams;
