//! Lists with sampled elements: literals, indexing, arithmetic element by element.

use super::part::{Part, number};
use super::{Lowered, Lowering};
use crate::formula::value::Value;
use crate::formula::{BinaryOperator, Tree};
use crate::program::error::{ProgramError, ProgramErrorKind};
use crate::span::Span;

impl Lowering<'_> {
    pub(super) fn array(&mut self, rows: &[Vec<Tree>], span: Span) -> Lowered<Part> {
        let mut lists = Vec::with_capacity(rows.len());
        for row in rows {
            let parts = row.iter().map(|tree| self.part(tree)).collect::<Lowered<Vec<_>>>()?;
            lists.push(Part::list(parts).map_err(|kind| ProgramError::at(span, kind))?);
        }
        if lists.len() == 1 {
            return Ok(lists.remove(0));
        }
        Part::list(lists).map_err(|kind| ProgramError::at(span, kind))
    }

    /// `object[indices…]` with known whole indices counted from 1.
    pub(super) fn index(&mut self, object: &Tree, indices: &[Tree], span: Span) -> Lowered<Part> {
        let mut part = self.part(object)?;
        for tree in indices {
            let elements = part.elements().ok_or_else(|| {
                ProgramError::at(object.span, ProgramErrorKind::NotNumber { found: part.described() })
            })?;
            let depth = self.scope.enter([("end".to_owned(), Part::Known(Value::Number(elements.len() as f64)))]);
            let index = self.constant(tree);
            self.scope.leave(depth);
            let index = number(&index?).map_err(|kind| ProgramError::at(tree.span, kind))?;
            let position = (index - 1.0) as usize;
            part = elements
                .into_iter()
                .nth(position)
                .filter(|_| index >= 1.0 && index == index.trunc())
                .ok_or_else(|| ProgramError::at(span, ProgramErrorKind::IndexOutOfRange { index }))?;
        }
        Ok(part)
    }

    /// An operator between lists, or a list and a number: element by element, and a scalar product or matrix product
    /// where both sides of `*` are lists.
    pub(super) fn combine_lists(
        &mut self,
        operator: BinaryOperator,
        left: &Part,
        right: &Part,
        span: Span,
    ) -> Lowered<Part> {
        let product = matches!(operator, BinaryOperator::Multiply | BinaryOperator::ImplicitMultiply);
        match (left.elements(), right.elements()) {
            (Some(lefts), Some(rights)) if product => self.product(&lefts, &rights, span),
            (Some(lefts), Some(rights)) => {
                if lefts.len() != rights.len() {
                    let kind = ProgramErrorKind::ListLength { expected: lefts.len(), found: rights.len() };
                    return Err(ProgramError::at(span, kind));
                }
                let parts = lefts.iter().zip(&rights).map(|(left, right)| self.combine(operator, left, right, span));
                Ok(Part::List(parts.collect::<Lowered<_>>()?))
            }
            (Some(lefts), None) => {
                let parts = lefts.iter().map(|left| self.combine(operator, left, right, span));
                Ok(Part::List(parts.collect::<Lowered<_>>()?))
            }
            (None, _) => {
                let rights = right.elements().unwrap_or_default();
                let parts = rights.iter().map(|right| self.combine(operator, left, right, span));
                Ok(Part::List(parts.collect::<Lowered<_>>()?))
            }
        }
    }

    /// Product of vectors and matrices.
    fn product(&mut self, lefts: &[Part], rights: &[Part], span: Span) -> Lowered<Part> {
        if let Some(rows) = lefts.iter().map(Part::elements).collect::<Option<Vec<_>>>() {
            let parts = rows.iter().map(|row| self.product(row, rights, span)).collect::<Lowered<_>>()?;
            return Ok(Part::List(parts));
        }
        if lefts.len() != rights.len() {
            let kind = ProgramErrorKind::ListLength { expected: lefts.len(), found: rights.len() };
            return Err(ProgramError::at(span, kind));
        }
        let mut sum: Option<Part> = None;
        for (left, right) in lefts.iter().zip(rights) {
            let term = self.combine(BinaryOperator::Multiply, left, right, span)?;
            sum = Some(match sum {
                None => term,
                Some(sum) => self.combine(BinaryOperator::Add, &sum, &term, span)?,
            });
        }
        Ok(sum.unwrap_or(Part::Known(Value::Number(0.0))))
    }
}
