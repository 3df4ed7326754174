//! Integration tests, one binary.
mod expressions;
mod formula_reference;
mod kernels;
mod math;
mod syntax;
mod syntax_properties;
