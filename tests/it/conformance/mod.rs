//! The whole engine against what the real Guesstimate engine answered: formulas, distributions, models.
//!
//! Every case goes through `Model` and `sim` in compatibility, and is compared by the rules of
//! `tests/fixtures/conformance/README.md`. Cases that differ on purpose are listed where they are left out, with the
//! reason. Texts, pasted lists and graph errors alone are compared in `model_conformance.rs`.

mod distributions;
pub(crate) mod expressions;
mod mended;
mod models;
mod statistics;
pub(crate) mod vectors;
