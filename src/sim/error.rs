//! What can stop a simulation before it begins.

use thiserror::Error;

/// A simulation that cannot be run.
#[derive(Debug, Error)]
pub enum SimError {
    /// The threads cannot be started.
    #[error("the threads cannot be started")]
    Threads(#[source] rayon::ThreadPoolBuildError),
    /// What takes the rows of samples failed.
    #[error("the samples cannot be written")]
    Rows(#[source] std::io::Error),
}
