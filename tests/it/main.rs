//! Integration tests, one binary.
mod syntax;

mod kernels;
mod math;
