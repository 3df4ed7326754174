//! Indices, properties, and assignment to names, elements and properties.
//!
//! Positions count from 1, `end` is the last one, and a number as index takes its dimension away while a range or a list
//! keeps it. Objects and matrices are values: assigning to an element changes the one variable that is named.

use super::{EvaluateError, EvaluateErrorKind, Evaluated, Interpreter, at, real_of, reserved};
use crate::formula::tree::{Node, Tree};
use crate::formula::value::{Matrix, Value};
use crate::span::Span;

/// Positions that an index selects in one dimension, from 0 on.
#[derive(Debug, Clone)]
struct Selection {
    positions: Vec<usize>,
    /// Whether it was a single number.
    scalar: bool,
}

/// An index as it was evaluated.
#[derive(Debug, Clone)]
enum Indices {
    /// A property name in brackets.
    Key(String),
    /// One selection for each dimension.
    Selections(Vec<Selection>),
}

fn position(value: &Value, length: usize, growing: bool) -> Result<usize, EvaluateErrorKind> {
    let x = real_of("index", value)?;
    if x != x.round() || !x.is_finite() {
        return Err(EvaluateErrorKind::Domain { function: "index", expected: "whole numbers" });
    }
    #[expect(clippy::cast_possible_truncation, reason = "saturates, and is then out of range")]
    let index = x as i64;
    match usize::try_from(index - i64::from(index > 0)) {
        Ok(position) if index > 0 && (position < length || growing) => Ok(position),
        _ => Err(EvaluateErrorKind::Index { index, length }),
    }
}

fn selection(value: &Value, length: usize, growing: bool) -> Result<Selection, EvaluateErrorKind> {
    let Value::Matrix(matrix) = value else {
        return Ok(Selection { positions: vec![position(value, length, growing)?], scalar: true });
    };
    let elements = matrix.elements();
    let positions = if !elements.is_empty() && elements.iter().all(|element| matches!(element, Value::Boolean(_))) {
        let chosen = elements.iter().enumerate().filter(|(_, element)| **element == Value::Boolean(true));
        chosen.map(|(position, _)| position).collect()
    } else {
        elements.iter().map(|element| position(element, length, growing)).collect::<Result<_, _>>()?
    };
    Ok(Selection { positions, scalar: false })
}

impl Interpreter<'_> {
    /// Evaluates the indices of an object of that shape.
    fn indices(&mut self, trees: &[Tree], shape: &[usize], growing: bool) -> Result<Indices, EvaluateError> {
        let mut selections = Vec::with_capacity(trees.len());
        for (axis, tree) in trees.iter().enumerate() {
            let length = shape.get(axis).copied().unwrap_or(usize::from(growing));
            self.ends.push(length);
            let value = self.evaluate(tree);
            self.ends.pop();
            let value = value?;
            if let (Value::Text(key), 1) = (&value, trees.len()) {
                return Ok(Indices::Key(key.clone()));
            }
            selections.push(selection(&value, length, growing).map_err(at(tree.span))?);
        }
        Ok(Indices::Selections(selections))
    }

    pub(super) fn index(&mut self, object: &Tree, trees: &[Tree], span: Span) -> Result<Value, EvaluateError> {
        let value = self.evaluate(object)?;
        let shape = match &value {
            Value::Matrix(matrix) => matrix.shape().to_vec(),
            Value::Text(text) => vec![text.chars().count()],
            _ => Vec::new(),
        };
        let indices = self.indices(trees, &shape, false)?;
        match (&value, indices) {
            (Value::Object(_), Indices::Key(key)) => Ok(value.property(&key).cloned().unwrap_or(Value::Undefined)),
            (Value::Matrix(matrix), Indices::Selections(selections)) => {
                self.charge(matrix.shape().len()).map_err(at(span))?;
                subset(matrix, &selections).map_err(at(span))
            }
            (Value::Text(text), Indices::Selections(selections)) if selections.len() == 1 => {
                let characters: Vec<char> = text.chars().collect();
                Ok(Value::Text(selections[0].positions.iter().map(|&position| characters[position]).collect()))
            }
            (Value::Filtered, _) => Err(at(span)(EvaluateErrorKind::Filtered)),
            (other, _) => {
                Err(at(span)(EvaluateErrorKind::UnexpectedType { function: "index", found: other.described() }))
            }
        }
    }

    pub(super) fn property(
        &mut self,
        object: &Tree,
        name: &str,
        optional: bool,
        span: Span,
    ) -> Result<Value, EvaluateError> {
        match self.evaluate(object)? {
            Value::Null | Value::Undefined if optional => Ok(Value::Undefined),
            object @ Value::Object(_) => Ok(object.property(name).cloned().unwrap_or(Value::Undefined)),
            other => Err(at(span)(EvaluateErrorKind::Property { name: name.to_owned(), found: other.described() })),
        }
    }

    pub(super) fn assign(&mut self, target: &Tree, tree: &Tree) -> Result<Value, EvaluateError> {
        match &target.node {
            Node::Name(name) => {
                if reserved(name).is_some() || name == "end" {
                    return Err(at(target.span)(EvaluateErrorKind::Assignment));
                }
                let value = self.evaluate(tree)?;
                self.bind(name, value.clone());
                Ok(value)
            }
            Node::Property { object, name, .. } => {
                // The object has to exist before its new value is evaluated.
                self.evaluate(object)?;
                let value = self.evaluate(tree)?;
                self.change(object, &mut |_, container| set_property(container, name, value.clone()))?;
                Ok(value)
            }
            Node::Index(object, trees) => {
                self.evaluate(object)?;
                let value = self.evaluate(tree)?;
                let span = target.span;
                self.change(object, &mut |interpreter, container| {
                    interpreter.set_elements(container, trees, &value).map_err(|error| error.kind)
                })
                .map_err(|error| EvaluateError { span, ..error })?;
                Ok(value)
            }
            _ => Err(at(target.span)(EvaluateErrorKind::Assignment)),
        }
    }

    /// Changes what a path of properties and indices names, and stores the containers on the way back.
    fn change(
        &mut self,
        place: &Tree,
        change: &mut dyn FnMut(&mut Self, &mut Value) -> Result<(), EvaluateErrorKind>,
    ) -> Result<(), EvaluateError> {
        let mut value = self.evaluate(place)?;
        change(self, &mut value).map_err(at(place.span))?;
        match &place.node {
            Node::Name(name) => {
                self.bind(name, value);
                Ok(())
            }
            Node::Property { object, name, .. } => {
                self.change(object, &mut |_, container| set_property(container, name, value.clone()))
            }
            Node::Index(object, trees) => self.change(object, &mut |interpreter, container| {
                interpreter.set_elements(container, trees, &value).map_err(|error| error.kind)
            }),
            // A value without a name changes, and is forgotten.
            _ => Ok(()),
        }
    }

    fn set_elements(&mut self, container: &mut Value, trees: &[Tree], value: &Value) -> Result<(), EvaluateError> {
        let span = trees.first().map_or(Span::default(), |tree| tree.span);
        let shape = match container {
            Value::Matrix(matrix) => matrix.shape().to_vec(),
            _ => Vec::new(),
        };
        match (container, self.indices(trees, &shape, true)?) {
            (container @ Value::Object(_), Indices::Key(key)) => {
                set_property(container, &key, value.clone()).map_err(at(span))
            }
            (Value::Matrix(matrix), Indices::Selections(selections)) => {
                *matrix = replace(matrix, &selections, value).map_err(at(span))?;
                Ok(())
            }
            (other, _) => {
                Err(at(span)(EvaluateErrorKind::UnexpectedType { function: "index", found: other.described() }))
            }
        }
    }
}

fn set_property(container: &mut Value, name: &str, value: Value) -> Result<(), EvaluateErrorKind> {
    let Value::Object(properties) = container else {
        return Err(EvaluateErrorKind::Property { name: name.to_owned(), found: container.described() });
    };
    match properties.iter_mut().find(|(key, _)| key == name) {
        Some((_, slot)) => *slot = value,
        None => properties.push((name.to_owned(), value)),
    }
    Ok(())
}

/// Offsets of the selected elements of a matrix of that shape, in row-major order.
fn offsets(shape: &[usize], selections: &[Selection]) -> Vec<usize> {
    selections.iter().zip(shape).fold(vec![0], |offsets, (selection, &length)| {
        offsets
            .iter()
            .flat_map(|offset| selection.positions.iter().map(move |position| offset * length + position))
            .collect()
    })
}

/// The selected elements of a matrix.
fn subset(matrix: &Matrix, selections: &[Selection]) -> Evaluated {
    let shape = matrix.shape();
    if selections.len() != shape.len() {
        return Err(EvaluateErrorKind::DimensionMismatch { left: vec![selections.len()], right: vec![shape.len()] });
    }
    let lengths: Vec<usize> = selections.iter().map(|selection| selection.positions.len()).collect();
    Matrix::checked_count(&lengths)?;
    let elements: Vec<Value> =
        offsets(shape, selections).into_iter().map(|offset| matrix.elements()[offset].clone()).collect();
    let kept: Vec<usize> =
        selections.iter().filter(|selection| !selection.scalar).map(|selection| selection.positions.len()).collect();
    match elements.first() {
        Some(element) if kept.is_empty() => Ok(element.clone()),
        _ => Ok(Matrix::new(kept, elements).into()),
    }
}

/// The matrix with the selected elements replaced; it grows, filled with zeros, where an index lies outside.
fn replace(matrix: &Matrix, selections: &[Selection], value: &Value) -> Result<Matrix, EvaluateErrorKind> {
    let shape = matrix.shape();
    if selections.len() < shape.len() {
        return Err(EvaluateErrorKind::DimensionMismatch { left: vec![selections.len()], right: vec![shape.len()] });
    }
    let grown: Vec<usize> = selections
        .iter()
        .enumerate()
        .map(|(axis, selection)| {
            let length = shape.get(axis).copied().unwrap_or(1);
            selection.positions.iter().map(|position| position.saturating_add(1)).fold(length, usize::max)
        })
        .collect();
    let mut result = crate::formula::functions::resized(matrix, grown, &Value::Number(0.0))?;
    let offsets = offsets(result.shape(), selections);
    let values: Vec<Value> = match value {
        Value::Matrix(values) if values.elements().len() == offsets.len() => values.elements().to_vec(),
        Value::Matrix(values) => {
            return Err(EvaluateErrorKind::DimensionMismatch {
                left: selections.iter().map(|selection| selection.positions.len()).collect(),
                right: values.shape().to_vec(),
            });
        }
        scalar => vec![scalar.clone(); offsets.len()],
    };
    for (offset, value) in offsets.into_iter().zip(values) {
        result.elements_mut()[offset] = value;
    }
    Ok(result)
}
