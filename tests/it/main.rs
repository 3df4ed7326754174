//! Integration tests, one binary.

mod architecture;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
mod cli_conformance;
#[cfg(feature = "cli")]
mod cli_errors;
#[cfg(feature = "cli")]
mod cli_import;
#[cfg(feature = "client")]
mod client;
mod conformance;
mod determinism;
mod dist_conformance;
mod distributions;
mod export;
mod expressions;
mod formula_reference;
mod fuzz;
mod import;
mod import_errors;
mod infer;
mod kernels;
mod latency;
mod latency_document;
mod math;
mod memcached;
mod model;
mod model_conformance;
mod models;
#[cfg(feature = "plot")]
mod plot;
mod program;
mod report;
mod study;
mod study_cli;
mod syntax;
mod syntax_properties;
mod synthetic;
mod value_stability;
