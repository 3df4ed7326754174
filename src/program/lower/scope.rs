//! The variables of a formula while it is lowered.

use super::part::Part;
use crate::formula::value::Value;

/// Variables in scope, innermost last; an inner one hides an outer one of the same name.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    variables: Vec<(String, Part)>,
}

impl Scope {
    /// The innermost variable of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Part> {
        self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, part)| part)
    }

    /// Sets the variable of that name, or makes it.
    pub(super) fn set(&mut self, name: &str, part: Part) {
        match self.variables.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, variable)) => *variable = part,
            None => self.variables.push((name.to_owned(), part)),
        }
    }

    /// Enters a function: its variables hide those outside. Returns what [`Scope::leave`] needs.
    pub(super) fn enter(&mut self, variables: impl IntoIterator<Item = (String, Part)>) -> usize {
        let depth = self.variables.len();
        self.variables.extend(variables);
        depth
    }

    /// Leaves the function entered at `depth`.
    pub(super) fn leave(&mut self, depth: usize) {
        self.variables.truncate(depth);
    }

    /// The variables since `depth`.
    pub(super) fn since(&self, depth: usize) -> Vec<(String, Part)> {
        self.variables[depth..].to_vec()
    }

    /// The variables that are known, outermost first.
    pub(super) fn known(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.variables.iter().filter_map(|(name, part)| Some((name.as_str(), part.known()?)))
    }
}
