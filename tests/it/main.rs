//! Integration tests, one binary.
mod syntax;
mod syntax_properties;
