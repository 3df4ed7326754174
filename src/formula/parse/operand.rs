//! The tight operators: products without a sign between, percentages, signs, powers, `??`, and what follows an operand.

use super::{Measured, Parser, Result, is_literal};
use crate::formula::dialect::Dialect;
use crate::formula::token::{Symbol, TokenKind, is_word_operator};
use crate::formula::tree::{BinaryOperator, Node, Tree, UnaryOperator};
use crate::span::Span;

impl Parser<'_> {
    /// `2 pi`, `(a)(b)`, `2 sqrt(x) y`: operands side by side.
    pub(super) fn implicit_product(&mut self) -> Result<Measured> {
        let mut left = self.quotient_of_numbers()?;
        let mut number_may_follow = allows_number(&left.tree.node);
        loop {
            let continues = match self.peek() {
                // `in` is the inch after a number, and converts after anything else.
                Some(TokenKind::Name("in")) => is_signed_literal(&left.tree.node, &[UnaryOperator::Minus]),
                Some(TokenKind::Name(name)) => !is_word_operator(name),
                Some(TokenKind::Number(_)) => number_may_follow,
                Some(TokenKind::Reference(_) | TokenKind::Symbol(Symbol::LeftParenthesis)) => true,
                _ => false,
            };
            if !continues {
                return Ok(left);
            }
            let right = self.quotient_of_numbers()?;
            number_may_follow = allows_number(&right.tree.node);
            left = self.joined(BinaryOperator::ImplicitMultiply, left, right)?;
        }
    }

    /// `1/2` where a factor follows, as in `1/2 pi`: a quotient of plain numbers binds tighter than the product.
    fn quotient_of_numbers(&mut self) -> Result<Measured> {
        const SIGNS: [UnaryOperator; 3] = [UnaryOperator::Minus, UnaryOperator::Plus, UnaryOperator::BitNot];
        let mut left = self.percentage()?;
        let mut divisible = is_signed_literal(&left.tree.node, &SIGNS);
        while divisible && self.is_at(Symbol::Slash) && self.is_number_with_factor(self.position + 1) {
            self.position += 1;
            self.skip_newlines();
            let right = self.percentage()?;
            divisible = is_signed_literal(&right.tree.node, &SIGNS);
            left = self.joined(BinaryOperator::Divide, left, right)?;
        }
        Ok(left)
    }

    /// Whether the tokens from `position` on are a number and a factor that multiplies it.
    fn is_number_with_factor(&self, position: usize) -> bool {
        let mut kinds =
            self.tokens[position..].iter().map(|token| &token.kind).skip_while(|&kind| *kind == TokenKind::Newline);
        matches!(kinds.next(), Some(TokenKind::Number(_)))
            && match kinds.next() {
                Some(TokenKind::Name(name)) => *name == "in" || !is_word_operator(name),
                Some(TokenKind::Reference(_) | TokenKind::Symbol(Symbol::LeftParenthesis)) => true,
                _ => false,
            }
    }

    /// `x%`, unless the sign is modulo.
    fn percentage(&mut self) -> Result<Measured> {
        let operand = self.signed()?;
        if !self.is_at(Symbol::Percent) || self.is_modulus() {
            return Ok(operand);
        }
        let span = operand.tree.span.join(self.span());
        self.position += 1;
        if self.dialect == Dialect::Guesstimate {
            self.skip_newlines();
        }
        self.grown(Node::Unary(UnaryOperator::Percent, operand.tree), span, operand.height)
    }

    /// Whether the `%` that is next has a right operand.
    fn is_modulus(&self) -> bool {
        let mut kinds = self.tokens[self.position + 1..].iter().map(|token| &token.kind);
        let next = match self.dialect {
            Dialect::Sane => kinds.next(),
            Dialect::Guesstimate => kinds.find(|&kind| *kind != TokenKind::Newline),
        };
        match next {
            Some(TokenKind::Number(_) | TokenKind::Text(_) | TokenKind::Reference(_)) => true,
            Some(TokenKind::Name(name)) => {
                self.dialect == Dialect::Guesstimate || *name == "not" || !is_word_operator(name)
            }
            Some(TokenKind::Symbol(symbol)) => match symbol {
                Symbol::LeftParenthesis | Symbol::LeftBracket | Symbol::LeftBrace | Symbol::Tilde => true,
                Symbol::Plus | Symbol::Minus => self.dialect == Dialect::Guesstimate,
                _ => false,
            },
            Some(TokenKind::Newline) | None => false,
        }
    }

    /// `-x`, `+x`, `~x`, `not x`, any number of them.
    fn signed(&mut self) -> Result<Measured> {
        let mut signs: Vec<(UnaryOperator, Span)> = Vec::new();
        while let Some(sign) = self.sign() {
            signs.push((sign, self.span()));
            self.position += 1;
            self.skip_newlines();
        }
        let mut operand = self.power()?;
        for (sign, span) in signs.into_iter().rev() {
            let span = span.join(operand.tree.span);
            operand = self.grown(Node::Unary(sign, operand.tree), span, operand.height)?;
        }
        Ok(operand)
    }

    fn sign(&self) -> Option<UnaryOperator> {
        Some(match self.peek()? {
            TokenKind::Symbol(Symbol::Minus) => UnaryOperator::Minus,
            TokenKind::Symbol(Symbol::Plus) => UnaryOperator::Plus,
            TokenKind::Symbol(Symbol::Tilde) => UnaryOperator::BitNot,
            TokenKind::Name("not") => UnaryOperator::Not,
            _ => return None,
        })
    }

    /// `x ^ y`, right-associative; the exponent may be signed.
    fn power(&mut self) -> Result<Measured> {
        let base = self.coalescing()?;
        let operator = match self.peek() {
            Some(TokenKind::Symbol(Symbol::Caret)) => BinaryOperator::Power,
            Some(TokenKind::Symbol(Symbol::DotCaret)) => BinaryOperator::DotPower,
            _ => return Ok(base),
        };
        self.position += 1;
        self.skip_newlines();
        self.enter()?;
        let exponent = self.signed()?;
        self.leave();
        self.joined(operator, base, exponent)
    }

    /// `x ?? y`.
    fn coalescing(&mut self) -> Result<Measured> {
        let mut left = self.postfix()?;
        while self.eat(Symbol::QuestionQuestion) {
            self.skip_newlines();
            let right = self.postfix()?;
            left = self.joined(BinaryOperator::Coalesce, left, right)?;
        }
        Ok(left)
    }

    /// `x!`, `x'`, any number of them, each with the indices and properties that follow.
    fn postfix(&mut self) -> Result<Measured> {
        let mut operand = self.primary()?;
        loop {
            let operator = match self.peek() {
                Some(TokenKind::Symbol(Symbol::Exclamation)) => UnaryOperator::Factorial,
                Some(TokenKind::Symbol(Symbol::Apostrophe)) => UnaryOperator::Transpose,
                _ => return Ok(operand),
            };
            let span = operand.tree.span.join(self.span());
            self.position += 1;
            operand = self.grown(Node::Unary(operator, operand.tree), span, operand.height)?;
            operand = self.accessors(operand)?;
        }
    }
}

/// Whether a number may directly follow this factor: `(2)3`, `sqrt(9)2`, `5! 3`, but not `2 3` and not `2^3 4`.
fn allows_number(factor: &Node) -> bool {
    match factor {
        Node::Unary(operator, _) => *operator == UnaryOperator::Factorial,
        Node::Binary(..) => false,
        other => !is_literal_node(other),
    }
}

/// Whether a node is a number, a text or a word such as `true`.
fn is_literal_node(node: &Node) -> bool {
    match node {
        Node::Number(_) | Node::Text(_) => true,
        Node::Name(name) => is_literal(name),
        _ => false,
    }
}

/// Whether a node is a literal, at most one of `signs` before it.
fn is_signed_literal(node: &Node, signs: &[UnaryOperator]) -> bool {
    match node {
        Node::Unary(sign, operand) if signs.contains(sign) => {
            let Tree { node, .. } = operand.as_ref();
            is_literal_node(node)
        }
        other => is_literal_node(other),
    }
}
