//! Statistical tests: fixed seeds, stated levels.

mod coverage;
mod distributions;
mod latency;
mod load;
mod queue_network;
mod random;
mod streams;
