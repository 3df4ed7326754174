//! What a run yields: for each metric its figures, its recorded distribution, its problems and warnings.

use crate::problem::{Problem, Warning};
use crate::recorder::{Recording, Summary};
use crate::units::Unit;

/// Why a run stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// All samples asked for were drawn.
    Completed,
    /// The precision asked for was reached.
    PrecisionReached,
    /// The precision asked for was not reached within the largest number of samples allowed.
    SampleLimit,
    /// The user interrupted it; the figures are those of the samples drawn so far.
    Interrupted,
}

/// The result of one run of one model.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Name of the model.
    pub model_name: String,
    /// Name of the scenario that was run, if one was.
    pub scenario: Option<String>,
    /// Samples drawn of every metric; 1 when nothing in the model is random.
    pub samples: u64,
    /// Seed of the streams.
    pub seed: u64,
    /// Unit of the model.
    pub unit: Option<Unit>,
    /// Why the run stopped.
    pub stop: Stop,
    /// The metrics, in the order of the file.
    pub metrics: Vec<MetricOutcome>,
    /// Warnings about the model or the run as a whole.
    pub warnings: Vec<Warning>,
}

/// The result for one metric.
#[derive(Debug, Clone)]
pub struct MetricOutcome {
    /// Id, as in the file.
    pub id: String,
    /// Readable id, as in the file.
    pub readable_id: String,
    /// Name for people.
    pub name: String,
    /// Resolved type: `POINT`, `NORMAL`, `LOGNORMAL`, `UNIFORM`, `BETA`, `DATA`, `FUNCTION` or `NONE`.
    pub type_name: &'static str,
    /// Unit, if one is known.
    pub unit: Option<Unit>,
    /// Text of the metric (its formula or input), which problems point into.
    pub source: String,
    /// Figures; `None` when nothing could be drawn.
    pub summary: Option<Summary>,
    /// The recorded distribution, for plots and exports; `None` when nothing could be drawn.
    pub recording: Option<Recording>,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}
