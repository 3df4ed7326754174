//! What keeps a distribution from being decomposed.

/// A distribution that cannot be decomposed into peaks.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PeakError {
    /// There is nothing with a logarithm.
    #[error("expected positive values, found none")]
    NoPositiveValue,
    /// An option is out of its range.
    #[error("expected {expected}, found {found}")]
    Option {
        /// What is allowed.
        expected: &'static str,
        /// What was given.
        found: f64,
    },
}
