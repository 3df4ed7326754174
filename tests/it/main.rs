//! Integration tests, one binary.
mod expressions;
mod formula_reference;
mod syntax;
mod kernels;
mod math;
