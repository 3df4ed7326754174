//! Operators and comparisons on parts.

use super::part::{Part, Sampled, number};
use super::{Lowered, Lowering};
use crate::formula::interpreter;
use crate::formula::value::Value;
use crate::formula::{BinaryOperator, ComparisonOperator, Node, Tree, UnaryOperator};
use crate::program::error::{ProgramError, ProgramErrorKind};
use crate::program::operation::{BinaryOperation, UnaryOperation};
use crate::span::Span;

impl Lowering<'_> {
    /// The part as a number a sample.
    pub(super) fn sampled(&mut self, part: &Part, span: Span) -> Lowered<Sampled> {
        match part {
            Part::Sampled(sampled) => Ok(*sampled),
            Part::Known(Value::Filtered) => {
                let nothing = self.graph.constant(0.0);
                Ok(Sampled { keep: Some(nothing), ..Sampled::number(nothing) })
            }
            Part::Known(value) => {
                let number = number(value).map_err(|kind| ProgramError::at(span, kind))?;
                let boolean = matches!(value, Value::Boolean(_));
                Ok(Sampled { boolean, ..Sampled::number(self.graph.constant(number)) })
            }
            other => Err(ProgramError::at(span, ProgramErrorKind::NotNumber { found: other.described() })),
        }
    }

    /// The part as a number a sample where Guesstimate's language takes no filtered one.
    pub(super) fn unfiltered_in_compat(&mut self, part: &Part, span: Span) -> Lowered<Sampled> {
        let sampled = self.sampled(part, span)?;
        if self.compat && sampled.keep.is_some() {
            return Err(ProgramError::at(span, ProgramErrorKind::FilteredOperand));
        }
        Ok(sampled)
    }

    pub(super) fn unary(&mut self, operator: UnaryOperator, part: &Part, span: Span) -> Lowered<Part> {
        if let Part::Known(value) = part {
            let value = interpreter::unary(operator, value);
            return Ok(Part::Known(value.map_err(|kind| ProgramError::at(span, kind))?));
        }
        if let Part::List(parts) = part {
            let parts = parts.iter().map(|part| self.unary(operator, part, span)).collect::<Lowered<_>>()?;
            return Ok(Part::List(parts));
        }
        match operator {
            UnaryOperator::Minus => self.unary_node(UnaryOperation::Negate, part, span),
            UnaryOperator::Plus => Ok(Part::Sampled(Sampled { boolean: false, ..self.sampled(part, span)? })),
            UnaryOperator::Transpose => Ok(part.clone()),
            UnaryOperator::Not => self.boolean_node(UnaryOperation::Not, part, span),
            UnaryOperator::Percent => {
                let hundred = Part::Known(Value::Number(100.0));
                self.binary_node(BinaryOperation::Divide, part, &hundred, span)
            }
            UnaryOperator::BitNot => self.call_by_sample("bitNot", std::slice::from_ref(part), span),
            UnaryOperator::Factorial => self.call_by_sample("factorial", std::slice::from_ref(part), span),
        }
    }

    pub(super) fn unary_node(&mut self, operation: UnaryOperation, part: &Part, span: Span) -> Lowered<Part> {
        let Sampled { node, keep, .. } = self.sampled(part, span)?;
        Ok(Part::Sampled(Sampled { keep, ..Sampled::number(self.graph.unary(operation, node)) }))
    }

    fn boolean_node(&mut self, operation: UnaryOperation, part: &Part, span: Span) -> Lowered<Part> {
        let Sampled { node, keep, .. } = self.unfiltered_in_compat(part, span)?;
        Ok(Part::Sampled(Sampled { node: self.graph.unary(operation, node), boolean: true, keep }))
    }

    pub(super) fn binary_node(
        &mut self,
        operation: BinaryOperation,
        left: &Part,
        right: &Part,
        span: Span,
    ) -> Lowered<Part> {
        let (left, right) = (self.sampled(left, span)?, self.sampled(right, span)?);
        let keep = self.both(left.keep, right.keep);
        let node = self.graph.binary(operation, left.node, right.node);
        Ok(Part::Sampled(Sampled { keep, ..Sampled::number(node) }))
    }

    pub(super) fn binary(&mut self, operator: BinaryOperator, left: &Tree, right: &Tree, span: Span) -> Lowered<Part> {
        let part = self.part(left)?;
        if let Part::Known(value) = &part
            && let Some(decided) = self.decided_by_left(operator, value, left.span)?
        {
            return Ok(decided);
        }
        let other = self.part(right)?;
        if matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract)
            && matches!(right.node, Node::Unary(UnaryOperator::Percent, _))
        {
            // `a + b%` adds b percent of a. Guesstimate evaluates `a` a second time for it, with draws of its own.
            let whole = if self.compat { self.part(left)? } else { part.clone() };
            let share = self.combine(BinaryOperator::Multiply, &whole, &other, span)?;
            return self.combine(operator, &part, &share, span);
        }
        self.combine(operator, &part, &other, span)
    }

    /// Result where the left operand alone decides, so that the right one is not looked at.
    fn decided_by_left(&mut self, operator: BinaryOperator, left: &Value, span: Span) -> Lowered<Option<Part>> {
        let stops_at = match operator {
            BinaryOperator::And => false,
            BinaryOperator::Or => true,
            BinaryOperator::Coalesce if !matches!(left, Value::Null | Value::Undefined) => {
                return Ok(Some(Part::Known(left.clone())));
            }
            _ => return Ok(None),
        };
        let truth = interpreter::truth(left).map_err(|kind| ProgramError::at(span, kind))?;
        Ok((truth == stops_at).then_some(Part::Known(Value::Boolean(truth))))
    }

    /// Result of an operator on two parts.
    pub(super) fn combine(&mut self, operator: BinaryOperator, left: &Part, right: &Part, span: Span) -> Lowered<Part> {
        use BinaryOperation as To;
        use BinaryOperator as From;
        if let (Part::Known(left), Part::Known(right)) = (left, right) {
            let value = interpreter::binary(operator, left, right);
            return Ok(Part::Known(value.map_err(|kind| ProgramError::at(span, kind))?));
        }
        if left.elements().is_some() || right.elements().is_some() {
            return self.combine_lists(operator, left, right, span);
        }
        let operation = match operator {
            From::Add => To::Add,
            From::Subtract => To::Subtract,
            From::Multiply | From::ImplicitMultiply | From::DotMultiply => To::Multiply,
            From::Divide | From::DotDivide => To::Divide,
            From::Modulus => To::Modulus,
            From::Power | From::DotPower => To::Power,
            From::And => return self.logic(To::And, left, right, span),
            From::Or => return self.logic(To::Or, left, right, span),
            From::Xor => return self.logic(To::Xor, left, right, span),
            From::Coalesce => return Ok(if left.known().is_some() { right.clone() } else { left.clone() }),
            From::BitAnd => return self.call_by_sample("bitAnd", &[left.clone(), right.clone()], span),
            From::BitOr => return self.call_by_sample("bitOr", &[left.clone(), right.clone()], span),
            From::BitXor => return self.call_by_sample("bitXor", &[left.clone(), right.clone()], span),
            From::LeftShift => return self.call_by_sample("leftShift", &[left.clone(), right.clone()], span),
            From::RightArithmeticShift => {
                return self.call_by_sample("rightArithShift", &[left.clone(), right.clone()], span);
            }
            From::RightLogicalShift => {
                return self.call_by_sample("rightLogShift", &[left.clone(), right.clone()], span);
            }
            From::To => {
                let found = "a number";
                return Err(ProgramError::at(span, ProgramErrorKind::NotConstant { found }));
            }
        };
        self.binary_node(operation, left, right, span)
    }

    pub(super) fn logic(&mut self, operation: BinaryOperation, left: &Part, right: &Part, span: Span) -> Lowered<Part> {
        let (left, right) = (self.unfiltered_in_compat(left, span)?, self.unfiltered_in_compat(right, span)?);
        let keep = self.both(left.keep, right.keep);
        Ok(Part::Sampled(Sampled { node: self.graph.binary(operation, left.node, right.node), boolean: true, keep }))
    }

    pub(super) fn comparison(
        &mut self,
        first: &Tree,
        rest: &[(ComparisonOperator, Tree)],
        span: Span,
    ) -> Lowered<Part> {
        let mut left = self.part(first)?;
        let mut result: Option<Part> = None;
        for (operator, tree) in rest {
            let right = self.part(tree)?;
            let holds = self.compare(*operator, &left, &right, span)?;
            result = Some(match result {
                None => holds,
                Some(before) => self.combine(BinaryOperator::And, &before, &holds, span)?,
            });
            left = right;
        }
        Ok(result.unwrap_or(left))
    }

    pub(super) fn compare(
        &mut self,
        operator: ComparisonOperator,
        left: &Part,
        right: &Part,
        span: Span,
    ) -> Lowered<Part> {
        if let (Part::Known(left), Part::Known(right)) = (left, right) {
            let value = interpreter::compare(operator, left, right);
            return Ok(Part::Known(value.map_err(|kind| ProgramError::at(span, kind))?));
        }
        let operation = match operator {
            ComparisonOperator::Equal => BinaryOperation::Equal,
            ComparisonOperator::Unequal => BinaryOperation::Unequal,
            ComparisonOperator::Smaller => BinaryOperation::Smaller,
            ComparisonOperator::SmallerEqual => BinaryOperation::SmallerEqual,
            ComparisonOperator::Larger => BinaryOperation::Larger,
            ComparisonOperator::LargerEqual => BinaryOperation::LargerEqual,
        };
        let (left, right) = (self.sampled(left, span)?, self.sampled(right, span)?);
        let keep = self.both(left.keep, right.keep);
        Ok(Part::Sampled(Sampled { node: self.graph.binary(operation, left.node, right.node), boolean: true, keep }))
    }

    /// `condition ? then : otherwise`, sample by sample; a filter or an error on the side not taken does no harm.
    pub(super) fn choose(
        &mut self,
        condition: Sampled,
        (then, then_span): (&Part, Span),
        (otherwise, otherwise_span): (&Part, Span),
    ) -> Lowered<Part> {
        let (then, otherwise) = (self.sampled(then, then_span)?, self.sampled(otherwise, otherwise_span)?);
        let keep = match (then.keep, otherwise.keep) {
            (None, None) => None,
            (then, otherwise) => {
                let one = self.graph.constant(1.0);
                Some(self.graph.select(condition.node, then.unwrap_or(one), otherwise.unwrap_or(one)))
            }
        };
        let keep = self.both(condition.keep, keep);
        let node = self.graph.select(condition.node, then.node, otherwise.node);
        Ok(Part::Sampled(Sampled { node, boolean: then.boolean && otherwise.boolean, keep }))
    }
}
