//! Integration tests, one binary.

mod model;
mod model_conformance;
mod syntax;
mod syntax_properties;
