//! Integration tests, one binary.

mod export;
mod import;
mod import_errors;
mod math;
