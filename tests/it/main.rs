//! Integration tests, one binary.
mod distributions;
