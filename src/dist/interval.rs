//! The constant behind Guesstimate's reading of a range as a central 90 % interval.

/// Standard normal 0.95 quantile as Guesstimate rounds it: 1.645.
///
/// The exact value is 1.644 853 626 951 472 7, so that the standard deviation of a range is 0.009 % smaller than the
/// exact reading would make it, and the ends stand at 4.9985 % and 95.0015 %.
pub const INTERVAL90_Z: f64 = 1.645;
