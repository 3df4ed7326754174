//! Models: what a person knows about a system, read from Guesstimate's JSON or from TOML, and checked.
//!
//! ```text
//! bytes --wire--> Wire --+
//!                        +--> Draft --interpret, graph--> Model --definitions--> the compiler
//! bytes --toml-----------+                                  |
//!                                                           +--convert--> TOML text, Wire
//! ```
//!
//! A [`Model`] is checked as a whole: each metric has its input, its problems and its warnings, and the order of
//! evaluation is known. Scenarios and overrides make new models. Nothing here draws samples, and files of measured data
//! are read through the [`DataReader`] that the caller brings.

mod check_report;
mod convert;
mod data;
mod data_text;
mod definition;
mod draft;
mod error;
mod graph;
mod input_text;
mod interpret;
mod json_text;
pub mod limits;
mod metric;
// The file is named after the type that it defines.
#[allow(clippy::module_inception)]
mod model;
mod names;
mod read;
mod scenario;
mod slo;
mod space_link;
mod toml;
mod unit_conversion;
mod vocabulary;
mod wire;

pub use check_report::CheckedMetric;
pub use convert::{Converted, WIRE_VALUES_MAX};
pub use data::{DataRead, DataReader, DataReference, NoData};
pub use data_text::{PASTED_VALUES_MAX, looks_like_data, read_data_text};
pub use definition::RANGE_Z;
pub use draft::{Correlation, Form};
pub use error::{Fault, FaultKind, ModelError, Place};
pub use graph::{BrokenInputs, CULPRITS_MAX, Cycle, Graph, analyze};
pub use input_text::{INPUT_LEN_MAX, InputForm, InputOptions, InputReading, RangeKind, Reading, TimeScale, read_input};
pub use metric::{Input, Location, Metric};
pub use model::{Model, Options};
pub use read::{read, read_file};
pub use scenario::{Override, OverrideInput, Scenario};
pub use slo::{Comparison, Quantity, Slo};
pub use space_link::SpaceLink;
pub use wire::{Translation, Wire, WireGuesstimate, WireKind, WireMetric};
