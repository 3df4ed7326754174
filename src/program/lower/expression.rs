//! The walk over the tree.

use std::sync::Arc;

use super::draws::draws;
use super::part::{Closure, Part, Sampled};
use super::{Lowered, Lowering};
use crate::formula::interpreter;
use crate::formula::value::Value;
use crate::formula::{Node, Tree};
use crate::program::error::{ProgramError, ProgramErrorKind};
use crate::program::figure::is_figure;
use crate::program::schedule::Output;

impl Lowering<'_> {
    /// Worth of a part of the formula.
    pub(super) fn part(&mut self, tree: &Tree) -> Lowered<Part> {
        self.size_checked(tree.span)?;
        if !self.is_sampled(tree) {
            let value = self.interpreter().evaluate(tree);
            return Ok(Part::Known(value.map_err(|error| ProgramError::at(error.span, error.kind))?));
        }
        match &tree.node {
            Node::Parenthesis(inner) => self.part(inner),
            Node::Name(name) => self.name(name, tree),
            Node::Reference(text) => Ok(self.metric(&format!("${{{text}}}")).expect("checked: the reference resolves")),
            Node::Unary(operator, operand) => {
                let part = self.part(operand)?;
                self.unary(*operator, &part, tree.span)
            }
            Node::Binary(operator, left, right) => self.binary(*operator, left, right, tree.span),
            Node::Comparison(first, rest) => self.comparison(first, rest, tree.span),
            Node::Conditional(condition, then, otherwise) => self.conditional(condition, then, otherwise),
            Node::Call(callee, arguments) => self.call(callee, arguments, tree.span),
            Node::Array(rows) => self.array(rows, tree.span),
            Node::Index(object, indices) => self.index(object, indices, tree.span),
            Node::Assignment(target, value) => self.assignment(target, value),
            Node::Function { name, parameters, body } => {
                let (parameters, body) = (parameters.clone(), (**body).clone());
                let closure = Arc::new(Closure { parameters, body, captured: self.captured() });
                self.scope.set(name, Part::Closure(closure.clone()));
                Ok(Part::Closure(closure))
            }
            Node::Block(statements) => self.block(statements),
            _ => Err(ProgramError::at(tree.span, ProgramErrorKind::NotConstant { found: kind_name(&tree.node) })),
        }
    }

    /// Worth of a part that must be known.
    pub(super) fn constant(&mut self, tree: &Tree) -> Lowered<Value> {
        match self.part(tree)? {
            Part::Known(value) => Ok(value),
            other => Err(ProgramError::at(tree.span, ProgramErrorKind::NotConstant { found: other.described() })),
        }
    }

    /// Whether samples can change what `tree` is worth, or it sets a variable, which then has to be in scope.
    fn is_sampled(&self, tree: &Tree) -> bool {
        self.depends_on_samples(tree, true)
    }

    /// Whether samples can change what `tree` is worth; `setting` says what a part that sets a variable counts as.
    pub(super) fn depends_on_samples(&self, tree: &Tree, setting: bool) -> bool {
        let one = |tree: &Tree| self.depends_on_samples(tree, setting);
        let any = |trees: &[Tree]| trees.iter().any(one);
        match &tree.node {
            Node::Number(_) | Node::Text(_) | Node::Empty => false,
            Node::Name(name) => match self.scope.get(name) {
                Some(part) => part.known().is_none(),
                None => self.checked.metrics.contains_key(name) || draws(name),
            },
            Node::Reference(_) => true,
            Node::Assignment(_, value) => setting || one(value),
            Node::Function { body, .. } => setting || one(body),
            Node::Block(statements) => setting || statements.iter().any(|statement| one(&statement.tree)),
            Node::Unary(_, inner) | Node::Parenthesis(inner) | Node::Property { object: inner, .. } => one(inner),
            Node::Binary(_, left, right) => one(left) || one(right),
            Node::Comparison(first, rest) => one(first) || rest.iter().any(|(_, tree)| one(tree)),
            Node::Conditional(a, b, c) => one(a) || one(b) || one(c),
            Node::Call(callee, arguments) => {
                any(arguments)
                    || match &callee.node {
                        // A name that is called is a function, also where a metric has the same name.
                        Node::Name(name) => match self.scope.get(name) {
                            Some(part) => part.known().is_none(),
                            None => draws(name) || is_figure(name),
                        },
                        _ => one(callee),
                    }
            }
            Node::Index(object, indices) => one(object) || any(indices),
            Node::Array(rows) => rows.iter().any(|row| any(row)),
            Node::Range { start, step, end } => one(start) || one(end) || step.as_deref().is_some_and(one),
            Node::Object(properties) => properties.iter().any(|(_, tree)| one(tree)),
        }
    }

    fn name(&mut self, name: &str, tree: &Tree) -> Lowered<Part> {
        if let Some(part) = self.scope.get(name) {
            return Ok(part.clone());
        }
        if let Some(part) = self.metric(name) {
            return Ok(part);
        }
        let value = self.interpreter().evaluate(tree);
        Ok(Part::Known(value.map_err(|error| ProgramError::at(error.span, error.kind))?))
    }

    /// Worth of the metric that the formula calls so.
    fn metric(&mut self, written: &str) -> Option<Part> {
        let metric = *self.checked.metrics.get(written)?;
        let Output { value, keep } = self.metrics[metric.index()].expect("inputs are compiled before their readers");
        let keep = if self.compat { None } else { keep };
        self.unresolved += usize::from(self.unresolved_metrics[metric.index()]);
        match (self.graph.constant_value(value), keep) {
            (Some(number), None) => Some(Part::Known(Value::Number(number))),
            _ => Some(Part::Sampled(Sampled { keep, ..Sampled::number(value) })),
        }
    }

    fn conditional(&mut self, condition: &Tree, then: &Tree, otherwise: &Tree) -> Lowered<Part> {
        let part = self.part(condition)?;
        let condition = match part {
            Part::Known(value) => {
                let truth = interpreter::truth(&value).map_err(|kind| ProgramError::at(condition.span, kind))?;
                return if truth { self.part(then) } else { self.part(otherwise) };
            }
            other => self.unfiltered_in_compat(&other, condition.span)?,
        };
        let (then_part, otherwise_part) = (self.part(then)?, self.part(otherwise)?);
        self.choose(condition, (&then_part, then.span), (&otherwise_part, otherwise.span))
    }

    fn assignment(&mut self, target: &Tree, value: &Tree) -> Lowered<Part> {
        let part = self.part(value)?;
        let Node::Name(name) = &target.node else {
            return Err(ProgramError::at(
                target.span,
                ProgramErrorKind::NotConstant { found: kind_name(&target.node) },
            ));
        };
        self.scope.set(name, part.clone());
        Ok(part)
    }

    fn block(&mut self, statements: &[crate::formula::Statement]) -> Lowered<Part> {
        let mut shown = None;
        for statement in statements {
            let part = self.part(&statement.tree)?;
            shown = statement.shown.then_some(part).or(shown);
        }
        // Guesstimate refuses a block; elsewhere it is worth the last of the values that it shows, if any.
        let nothing = Part::Known(Value::ResultSet(Vec::new()));
        Ok(if self.compat { nothing } else { shown.unwrap_or(nothing) })
    }
}

const fn kind_name(node: &Node) -> &'static str {
    match node {
        Node::Range { .. } => "a range",
        Node::Object(_) => "an object",
        Node::Property { .. } => "a property",
        _ => "an expression",
    }
}
