//! Integration tests, one binary.

mod infer;
