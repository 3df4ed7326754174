//! Integration tests, one binary.
mod syntax;
