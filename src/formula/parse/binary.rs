//! Binary operators from `or` to `*`, comparison chains, conversions and ranges.

use super::{Measured, Parser, Result};
use crate::formula::error::FormulaErrorKind;
use crate::formula::precedence::Precedence;
use crate::formula::token::{Symbol, TokenKind};
use crate::formula::tree::{BinaryOperator, ComparisonOperator, Node, Tree};
use crate::span::Span;

/// What a token is between two operands.
#[derive(Clone, Copy)]
enum Infix {
    Binary(BinaryOperator),
    Comparison,
    Range,
}

impl Infix {
    fn precedence(self) -> Precedence {
        match self {
            Self::Binary(operator) => Precedence::of_binary(operator),
            Self::Comparison => Precedence::COMPARISON,
            Self::Range => Precedence::RANGE,
        }
    }
}

impl Parser<'_> {
    /// Operands joined by operators of rank `minimum` or tighter.
    pub(super) fn binary(&mut self, minimum: Precedence) -> Result<Measured> {
        self.enter()?;
        let mut left = self.first_operand(minimum)?;
        while let Some(infix) = self.infix().filter(|infix| infix.precedence() >= minimum) {
            left = match infix {
                Infix::Comparison => self.comparison(left)?,
                Infix::Range => self.range(left)?,
                Infix::Binary(operator) => self.right_operand(operator, left)?,
            };
        }
        self.leave();
        Ok(left)
    }

    /// The operand at the left end; a range may leave out its start, which is 1 then.
    fn first_operand(&mut self, minimum: Precedence) -> Result<Measured> {
        if minimum <= Precedence::RANGE && self.is_at(Symbol::Colon) && self.can_be_range() {
            let start = self.span().start;
            return self.grown(Node::Number(1.0), Span::new(start, start), 0);
        }
        self.implicit_product()
    }

    /// Whether a colon here makes a range; it ends the value of a conditional otherwise.
    fn can_be_range(&self) -> bool {
        self.conditional_nesting != Some(self.nesting)
    }

    fn infix(&self) -> Option<Infix> {
        let operator = match self.peek()? {
            TokenKind::Name("and") => BinaryOperator::And,
            TokenKind::Name("or") => BinaryOperator::Or,
            TokenKind::Name("xor") => BinaryOperator::Xor,
            TokenKind::Name("mod") => BinaryOperator::Modulus,
            TokenKind::Name("to" | "in") => BinaryOperator::To,
            TokenKind::Symbol(Symbol::Colon) => return self.can_be_range().then_some(Infix::Range),
            TokenKind::Symbol(symbol) => match symbol {
                Symbol::Bar => BinaryOperator::BitOr,
                Symbol::CaretBar => BinaryOperator::BitXor,
                Symbol::Ampersand => BinaryOperator::BitAnd,
                Symbol::LessLess => BinaryOperator::LeftShift,
                Symbol::GreaterGreater => BinaryOperator::RightArithmeticShift,
                Symbol::GreaterGreaterGreater => BinaryOperator::RightLogicalShift,
                Symbol::Plus => BinaryOperator::Add,
                Symbol::Minus => BinaryOperator::Subtract,
                Symbol::Asterisk => BinaryOperator::Multiply,
                Symbol::DotAsterisk => BinaryOperator::DotMultiply,
                Symbol::Slash => BinaryOperator::Divide,
                Symbol::DotSlash => BinaryOperator::DotDivide,
                Symbol::Percent => BinaryOperator::Modulus,
                other => return comparison_operator(*other).map(|_| Infix::Comparison),
            },
            _ => return None,
        };
        Some(Infix::Binary(operator))
    }

    /// `left operator right`, the operator being next.
    fn right_operand(&mut self, operator: BinaryOperator, left: Measured) -> Result<Measured> {
        let word = self.span();
        let is_in = self.peek() == Some(&TokenKind::Name("in"));
        self.position += 1;
        self.skip_newlines();
        let (operator, right) = if is_in && self.is_at_operand_end() {
            // Nothing follows: `in` is the inch.
            let inch = self.grown(Node::Name("in".to_owned()), word, 0)?;
            (BinaryOperator::ImplicitMultiply, inch)
        } else {
            (operator, self.binary(Precedence::of_binary(operator).tighter())?)
        };
        self.joined(operator, left, right)
    }

    fn is_at_operand_end(&self) -> bool {
        match self.peek() {
            None => true,
            Some(TokenKind::Symbol(symbol)) => matches!(
                symbol,
                Symbol::RightParenthesis
                    | Symbol::RightBracket
                    | Symbol::RightBrace
                    | Symbol::Comma
                    | Symbol::Semicolon
            ),
            Some(_) => false,
        }
    }

    /// `left operator right` of two operands that are read.
    pub(super) fn joined(&self, operator: BinaryOperator, left: Measured, right: Measured) -> Result<Measured> {
        let span = left.tree.span.join(right.tree.span);
        let height = left.height.max(right.height);
        self.grown(Node::Binary(operator, left.tree, right.tree), span, height)
    }

    /// `first < second <= third …`, an operator being next.
    fn comparison(&mut self, first: Measured) -> Result<Measured> {
        let mut span = first.tree.span;
        let mut height = first.height;
        let mut rest: Vec<(ComparisonOperator, Tree)> = Vec::new();
        while let Some(TokenKind::Symbol(symbol)) = self.peek() {
            let Some(operator) = comparison_operator(*symbol) else { break };
            self.position += 1;
            self.skip_newlines();
            let operand = self.binary(Precedence::SHIFT)?;
            span = span.join(operand.tree.span);
            height = height.max(operand.height);
            rest.push((operator, *operand.tree));
        }
        self.grown(Node::Comparison(first.tree, rest), span, height)
    }

    /// `start:end` or `start:step:end`, a colon being next.
    fn range(&mut self, start: Measured) -> Result<Measured> {
        let first = self.range_part()?;
        let second = if self.is_at(Symbol::Colon) { Some(self.range_part()?) } else { None };
        if self.is_at(Symbol::Colon) {
            let found = self.found();
            return Err(self.error(FormulaErrorKind::UnexpectedToken { found }));
        }
        let (step, end) = match second {
            Some(end) => (Some(first), end),
            None => (None, first),
        };
        let span = start.tree.span.join(end.tree.span);
        let height = start.height.max(end.height).max(step.as_ref().map_or(0, |step| step.height));
        let node = Node::Range { start: start.tree, step: step.map(|step| step.tree), end: end.tree };
        self.grown(node, span, height)
    }

    /// Step or end of a range after the colon that is next; left out, it is the name `end`.
    fn range_part(&mut self) -> Result<Measured> {
        self.position += 1;
        self.skip_newlines();
        let omitted = match self.peek() {
            None => true,
            Some(TokenKind::Symbol(symbol)) => {
                matches!(symbol, Symbol::RightParenthesis | Symbol::RightBracket | Symbol::Comma)
            }
            Some(_) => false,
        };
        if omitted {
            let start = self.span().start;
            return self.grown(Node::Name("end".to_owned()), Span::new(start, start), 0);
        }
        self.binary(Precedence::ADDITIVE)
    }
}

fn comparison_operator(symbol: Symbol) -> Option<ComparisonOperator> {
    Some(match symbol {
        Symbol::EqualsEquals => ComparisonOperator::Equal,
        Symbol::ExclamationEquals => ComparisonOperator::Unequal,
        Symbol::Less => ComparisonOperator::Smaller,
        Symbol::LessEquals => ComparisonOperator::SmallerEqual,
        Symbol::Greater => ComparisonOperator::Larger,
        Symbol::GreaterEquals => ComparisonOperator::LargerEqual,
        _ => return None,
    })
}
