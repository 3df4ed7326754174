//! Integration tests, one binary.
#[cfg(feature = "plot")]
mod dist_conformance;
mod distributions;
mod kernels;
mod math;
mod model;
mod model_conformance;
mod plot;
mod report;
mod syntax;
mod syntax_properties;
mod synthetic;
mod value_stability;
