//! Traces or an architecture turned into a model.
