//! From one form to the other: a model as TOML text, or as Guesstimate's JSON.
//!
//! ```text
//! Model --to_toml--> text        Model --to_wire--> Wire
//! ```
//!
//! The meaning is kept: metrics, ids, inputs and references. What the other form has no place for is named in a warning.
//! A model read from JSON is written as the JSON it was; numbers and texts are kept as written wherever both forms read
//! them alike.

mod formula_text;
mod input_writer;
mod keys;
mod layout;
mod quantiles;
mod toml_writer;
mod wire_writer;

pub use quantiles::WIRE_VALUES_MAX;

use crate::model::model::Model;
use crate::model::wire::Wire;
use crate::problem::Warning;

/// A model in another form, and what was lost on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted<T> {
    /// The model.
    pub output: T,
    /// What the other form has no place for.
    pub warnings: Vec<Warning>,
}

impl Model {
    /// The model as TOML. Ids, readable ids and grid locations that the keys do not imply are kept.
    ///
    /// Measured data is written into the text, also where the model names a file.
    ///
    /// # Examples
    /// ```
    /// use tailcast::model::{self, NoData, Options};
    /// let json = br#"{"metrics":[{"id":"A","name":"hit rate"},{"id":"B","name":"miss rate"}],"guesstimates":[
    ///     {"metric":"A","expression":"60"},{"metric":"B","expression":"=100-${metric:A}"}]}"#;
    /// let model = model::read(json, None, &NoData, Options::default())?;
    /// assert!(model.to_toml().output.contains("input = \"=100-hit_rate\""));
    /// # Ok::<(), model::ModelError>(())
    /// ```
    #[must_use]
    pub fn to_toml(&self) -> Converted<String> {
        toml_writer::write(self)
    }

    /// The model as Guesstimate's JSON: the document it was read from, or a new one.
    ///
    /// In a new document metrics without a location are laid out in columns by what they depend on, and readable ids are
    /// invented as Guesstimate does: two capital letters. Histograms become at most [`WIRE_VALUES_MAX`] evenly spaced
    /// quantiles. Numbers are in the model's unit.
    #[must_use]
    pub fn to_wire(&self) -> Converted<Wire> {
        match self.wire() {
            Some(wire) => Converted { output: wire.clone(), warnings: Vec::new() },
            None => self.to_new_wire(),
        }
    }

    /// The model as a new document in Guesstimate's JSON, whatever it was read from.
    ///
    /// As [`Model::to_wire`], and what a document read from JSON says in older or looser ways is said in the present one:
    /// `input` texts become `expression`s, readable ids in formulas references by id, types resolved, data numbers.
    #[must_use]
    pub fn to_new_wire(&self) -> Converted<Wire> {
        wire_writer::write(self)
    }
}
