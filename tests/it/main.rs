//! Integration tests, one binary.

mod dist_conformance;
mod distributions;
mod kernels;
mod math;
mod value_stability;
