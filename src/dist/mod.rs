//! Distributions, a file each: parameters, errors, moments, quantile where known, sampler.

pub mod empirical;

pub use empirical::{Cell, Empirical};
