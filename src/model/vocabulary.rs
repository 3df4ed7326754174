//! The words of the formula language that are no metrics: functions and constants.

/// Constants of the language.
const CONSTANTS: [&str; 13] =
    ["pi", "PI", "tau", "e", "E", "phi", "LN2", "LN10", "LOG2E", "LOG10E", "SQRT1_2", "SQRT2", "i"];

/// Whether `name` is a constant.
pub(crate) fn is_constant(name: &str) -> bool {
    CONSTANTS.contains(&name)
}

/// Names of all functions and constants.
pub(crate) fn known_names() -> impl Iterator<Item = &'static str> + Clone {
    CONSTANTS.into_iter()
}
