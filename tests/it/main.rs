//! Integration tests, one binary.

mod distributions;
mod math;
#[cfg(feature = "plot")]
mod plot;
mod report;
mod syntax;
mod syntax_properties;
mod synthetic;
