//! Calls that ask for a figure of samples.

use super::part::{Part, Sampled, number};
use super::{Lowered, Lowering};
use crate::formula::Tree;
use crate::formula::value::Value;
use crate::program::error::{ProgramError, ProgramErrorKind};
use crate::program::figure::{Figure, FigurePlace};
use crate::program::operation::UnaryOperation;
use crate::program::schedule::Output;
use crate::span::Span;

impl Lowering<'_> {
    /// A figure of the first argument's samples: a constant once it is known.
    pub(super) fn figure(&mut self, name: &str, arguments: &[Tree], span: Span) -> Lowered<Part> {
        let occurrence = self.written_out.entry(span.start).or_default();
        let place = FigurePlace { start: span.start, occurrence: *occurrence };
        *occurrence += 1;
        let unresolved = self.unresolved;
        let (of, figure) = match (name, arguments) {
            ("quantile", [of, level]) => {
                let value = self.constant(level)?;
                let q = number(&value).map_err(|kind| ProgramError::at(level.span, kind))?;
                if !(0.0..=1.0).contains(&q) {
                    return Err(ProgramError::at(level.span, ProgramErrorKind::NotQuantile { found: q }));
                }
                (of, Figure::Quantile(q))
            }
            ("prob", [of]) => (of, Figure::Share),
            ("expectation", [of]) => (of, Figure::Mean),
            ("deviation", [of]) => (of, Figure::Deviation),
            _ => {
                let expected = if name == "quantile" { "2 arguments" } else { "1 argument" };
                let (function, expected) = (name.to_owned(), expected.to_owned());
                let kind = ProgramErrorKind::ArgumentCount { function, expected, found: arguments.len() };
                return Err(ProgramError::at(span, kind));
            }
        };
        let part = self.part(of)?;
        let Sampled { mut node, keep, .. } = self.sampled(&part, of.span)?;
        if figure == Figure::Share {
            node = self.graph.unary(UnaryOperation::Truth, node);
        }
        let known = self.figures.iter().find(|(known, _)| *known == place).map(|(_, value)| *value);
        let constant = self.graph.constant_value(node).filter(|_| keep.is_none());
        let constant = constant.map(|value| if figure == Figure::Deviation { 0.0 } else { value });
        if let Some(value) = known.or(constant) {
            return Ok(Part::Known(Value::Number(value)));
        }
        // A figure that is not known may also come in by a variable or by the argument of a function.
        let roots: Vec<_> = std::iter::once(node).chain(keep).collect();
        if self.unresolved == unresolved && !self.graph.depends_on_placeholder(&roots) {
            self.wanted.push((place, Output { value: node, keep }, figure));
        }
        self.unresolved += 1;
        Ok(Part::Sampled(Sampled::number(self.graph.placeholder())))
    }
}
