//! What can stop a study before it has an answer.

use thiserror::Error;

use crate::model::ModelError;
use crate::sim::SimError;

/// A study that cannot be carried out.
#[derive(Debug, Error)]
pub enum StudyError {
    /// The simulation cannot be run.
    #[error(transparent)]
    Sim(#[from] SimError),
    /// A name or an input does not fit the model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A text of the study cannot be read.
    #[error("expected {expected}, found `{found}`")]
    Text {
        /// What was wanted.
        expected: String,
        /// What was found.
        found: String,
    },
    /// The metric that the study is about has no samples.
    #[error("expected a metric with samples, found `{metric}`, which has none; `tailcast check` says why")]
    NoSamples {
        /// Name of the metric.
        metric: String,
    },
    /// The metric that the study is about is the same in every sample.
    #[error("expected a metric that differs from sample to sample, found `{metric}`, which is always {value}")]
    Constant {
        /// Name of the metric.
        metric: String,
        /// Its value.
        value: f64,
    },
    /// There is nothing to compare with.
    #[error("expected two scenarios or more to compare, found one")]
    OneVersion,
    /// A grid has too many points.
    #[error("expected at most {limit} points, found {found}")]
    TooManyPoints {
        /// The limit.
        limit: usize,
        /// How many there would be.
        found: usize,
    },
    /// The same parameter was named twice.
    #[error("expected two different parameters, found `{name}` twice")]
    SameParameter {
        /// Name of the parameter.
        name: String,
    },
    /// The user stopped the study before it had an answer.
    #[error("interrupted before there was an answer")]
    Interrupted,
}
