//! Distributions, a file each: parameters, errors, moments, quantile where known, sampler.

pub mod empirical;
pub mod peaks;

pub use empirical::{Cell, Empirical};
