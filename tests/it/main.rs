//! Integration tests, one binary.

mod math;
