//! Integration tests, one binary.

mod model_conformance;
mod syntax;
