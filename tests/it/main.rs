//! Integration tests, one binary.
mod dist_conformance;
mod distributions;
mod value_stability;
