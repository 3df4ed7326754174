//! Models: wire form, TOML form, input text, dependency graph, validation.
