//! Traces, an architecture or measured distributions turned into a model, as the text of the TOML form.
//!
//! ```text
//! architecture, compose file --architecture--> topology, routing weights --+
//!                                                                         +--> InferredModel { toml, endpoints, … }
//! Zipkin, Jaeger, OTLP spans --traces--> outcomes, shares, measured times -+
//! Measurement --measured--> the text of a model, or of metrics to add to one
//! ```
//!
//! [`detect`] tells the formats apart. [`verify`] compares what a model predicts with what was measured. Nothing here
//! reads the disk, and nothing here simulates.

pub mod architecture;
mod detect;
mod error;
mod identifier;
mod inferred;
mod json_stream;
pub mod measured;
mod model_text;
pub mod traces;
pub mod verify;

pub use detect::{Kind, PREFIX_LEN, detect};
pub use error::{ArchitectureFault, InferError, Position};
pub use inferred::{CallTimes, Correlation, Edge, Endpoint, InferReport, InferredModel, Outcome, Share};
