//! The TOML form: models that people write.
//!
//! ```text
//! text --toml crate--> spanned tables --read--> Draft
//! ```
//!
//! Every fault of a file is found in one pass, each with line and column. The grammar is in `docs/model-format.md`.
//! Writing TOML is the business of [`super::convert`].

mod document;
mod metric;
mod percentiles;
mod table;
mod targets;

pub(crate) use document::read;
pub(crate) use metric::is_key;
