//! Integration tests, one binary.
#[cfg(feature = "plot")]
mod distributions;
mod math;
mod plot;
mod report;
mod syntax;
mod syntax_properties;
mod synthetic;
