//! The words of the formula language that are no metrics.

use crate::formula::functions;

/// Whether `name` is a constant.
pub(crate) fn is_constant(name: &str) -> bool {
    functions::CONSTANTS.iter().any(|constant| constant.name == name)
}

/// Names that mean something without being metrics.
pub(crate) fn known_names() -> impl Iterator<Item = &'static str> + Clone {
    let functions = functions::TABLE.iter().map(|function| function.name);
    functions::CONSTANTS.iter().map(|constant| constant.name).chain(functions)
}
