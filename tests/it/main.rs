//! Integration tests, one binary.

#[cfg(feature = "client")]
mod client;
mod dist_conformance;
mod distributions;
mod kernels;
mod math;
mod model;
mod model_conformance;
#[cfg(feature = "plot")]
mod plot;
mod report;
mod syntax;
mod syntax_properties;
mod synthetic;
mod value_stability;
