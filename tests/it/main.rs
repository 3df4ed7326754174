//! Integration tests, one binary.

#[cfg(all(feature = "cli", feature = "plot"))]
mod cli_import;
mod dist_conformance;
mod distributions;
mod export;
mod expressions;
mod formula_reference;
mod import;
mod import_errors;
mod infer;
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
