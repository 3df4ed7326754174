//! Limits that keep memory and time bounded whatever a file holds.
//!
//! Nesting is limited by the parsers themselves: 127 levels of JSON, 80 of TOML.

/// Largest model file, in bytes.
pub const FILE_BYTES_MAX: usize = 1 << 26;

/// Most metrics of a model.
pub const METRICS_MAX: usize = 100_000;
