//! What a part of a formula is worth while it is lowered: known before any sample is drawn, or one value a sample.

use std::sync::Arc;

use crate::formula::Tree;
use crate::formula::interpreter::{EvaluateErrorKind, real_of};
use crate::formula::value::Value;
use crate::program::graph::NodeId;

/// Worth of a part of a formula.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// The same for every sample, of any kind.
    Known(Value),
    /// A real number a sample.
    Sampled(Sampled),
    /// A list in which at least one element is sampled; elements may be lists.
    List(Vec<Part>),
    /// A function defined in the formula.
    Closure(Arc<Closure>),
}

/// A real number a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sampled {
    /// Node of the values.
    pub(super) node: NodeId,
    /// Whether the language calls it a boolean: 1 or 0.
    pub(super) boolean: bool,
    /// Node that is 0 where a filter took the sample away.
    pub(super) keep: Option<NodeId>,
}

impl Sampled {
    /// Unfiltered numbers.
    pub(super) const fn number(node: NodeId) -> Self {
        Self { node, boolean: false, keep: None }
    }
}

/// A function defined in the formula.
#[derive(Debug, Clone)]
pub(super) struct Closure {
    pub(super) parameters: Vec<String>,
    pub(super) body: Tree,
    /// Variables of the functions that it was defined within.
    pub(super) captured: Vec<(String, Part)>,
}

impl Part {
    /// The value, if it is known.
    pub(super) const fn known(&self) -> Option<&Value> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    /// The elements of a list of either kind.
    pub(super) fn elements(&self) -> Option<Vec<Self>> {
        match self {
            Self::List(parts) => Some(parts.clone()),
            Self::Known(Value::Matrix(matrix)) => Some(matrix.slices().into_iter().map(Self::Known).collect()),
            _ => None,
        }
    }

    /// The elements of a list of any depth in reading order, or the part itself.
    pub(super) fn flattened(&self) -> Vec<Self> {
        self.elements().map_or_else(|| vec![self.clone()], |parts| parts.iter().flat_map(Self::flattened).collect())
    }

    /// A list of parts: known if every element is.
    pub(super) fn list(parts: Vec<Self>) -> Result<Self, EvaluateErrorKind> {
        let known: Option<Vec<Value>> = parts.iter().map(|part| part.known().cloned()).collect();
        match known {
            Some(values) => Ok(Self::Known(Value::Matrix(crate::formula::value::Matrix::stack(values)?))),
            None => Ok(Self::List(parts)),
        }
    }

    /// Name of its kind with an article, for messages.
    pub(super) const fn described(&self) -> &'static str {
        match self {
            Self::Known(value) => value.described(),
            Self::Sampled(_) => "a number",
            Self::List(_) => "a matrix",
            Self::Closure(_) => "a function",
        }
    }
}

/// The value as a real number, as functions of numbers take it.
pub(super) fn number(value: &Value) -> Result<f64, EvaluateErrorKind> {
    real_of("number", value)
}
