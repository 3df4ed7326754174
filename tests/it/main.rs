//! Integration tests, one binary.
#[cfg(feature = "plot")]
mod distributions;
mod plot;
mod report;
mod syntax;
mod syntax_properties;
mod synthetic;
