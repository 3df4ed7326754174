//! Integration tests, one binary.

mod export;
mod import;
mod import_errors;
mod math;
mod model;
mod model_conformance;
mod syntax;
mod syntax_properties;
