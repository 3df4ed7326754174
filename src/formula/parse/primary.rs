//! What operators work on: literals, names, references, brackets, and the calls, indices and properties after them.

use super::{Measured, Parser, Result, failure, is_literal};
use crate::formula::error::FormulaErrorKind;
use crate::formula::token::{Symbol, TokenKind};
use crate::formula::tree::{Node, Tree, UnaryOperator};
use crate::span::Span;

impl Parser<'_> {
    /// An operand without operators.
    pub(super) fn primary(&mut self) -> Result<Measured> {
        let span = self.span();
        let node = match self.peek() {
            Some(TokenKind::Number(value)) => {
                let value = *value;
                self.position += 1;
                return self.number(value, span);
            }
            Some(TokenKind::Name(name)) if *name != "not" => Node::Name((*name).to_owned()),
            Some(TokenKind::Text(text)) => Node::Text(text.clone().into_owned()),
            Some(TokenKind::Reference(text)) => Node::Reference((*text).to_owned()),
            Some(TokenKind::Symbol(Symbol::LeftParenthesis)) => return self.parenthesis(),
            Some(TokenKind::Symbol(Symbol::LeftBracket)) => return self.array(),
            Some(TokenKind::Symbol(Symbol::LeftBrace)) => return self.object(),
            _ => return Err(self.value_expected()),
        };
        self.position += 1;
        let operand = self.grown(node, span, 0)?;
        self.accessors(operand)
    }

    /// A number of the tree is never negative: one that is (`0xffi8`) becomes a sign and its size.
    fn number(&self, value: f64, span: Span) -> Result<Measured> {
        let size = self.grown(Node::Number(value.abs()), span, 0)?;
        if value >= 0.0 {
            return Ok(size);
        }
        let negative = self.grown(Node::Unary(UnaryOperator::Minus, size.tree), span, size.height)?;
        self.grown(Node::Parenthesis(negative.tree), span, negative.height)
    }

    /// The calls, indices and properties that follow an operand.
    pub(super) fn accessors(&mut self, mut operand: Measured) -> Result<Measured> {
        loop {
            operand = match self.peek() {
                Some(TokenKind::Symbol(Symbol::LeftParenthesis)) => match &operand.tree.node {
                    Node::Reference(_) => return Err(self.error(FormulaErrorKind::CalledReference)),
                    Node::Index(..) | Node::Property { .. } => self.call(operand)?,
                    Node::Name(name) if !is_literal(name) => self.call(operand)?,
                    // Anything else is multiplied by what is in the parentheses.
                    _ => return Ok(operand),
                },
                Some(TokenKind::Symbol(Symbol::LeftBracket)) => self.index(operand)?,
                Some(TokenKind::Symbol(Symbol::Dot)) => self.property(operand, false)?,
                Some(TokenKind::Symbol(Symbol::QuestionDot)) => self.property(operand, true)?,
                _ => return Ok(operand),
            };
        }
    }

    fn call(&mut self, callee: Measured) -> Result<Measured> {
        let (arguments, height, closing) = self.list(Symbol::RightParenthesis)?;
        let span = callee.tree.span.join(closing);
        self.grown(Node::Call(callee.tree, arguments), span, height.max(callee.height))
    }

    fn index(&mut self, object: Measured) -> Result<Measured> {
        let (indices, height, closing) = self.list(Symbol::RightBracket)?;
        let span = object.tree.span.join(closing);
        self.grown(Node::Index(object.tree, indices), span, height.max(object.height))
    }

    fn property(&mut self, object: Measured, optional: bool) -> Result<Measured> {
        self.position += 1;
        let Some(TokenKind::Name(name)) = self.peek() else {
            let found = self.found();
            return Err(self.error(FormulaErrorKind::PropertyNameExpected { found }));
        };
        let name = (*name).to_owned();
        let span = object.tree.span.join(self.span());
        self.position += 1;
        self.grown(Node::Property { object: object.tree, name, optional }, span, object.height)
    }

    /// The elements between the bracket that is next and `closing`, how many levels the highest has, and where
    /// `closing` stands.
    fn list(&mut self, closing: Symbol) -> Result<(Vec<Tree>, usize, Span)> {
        self.open()?;
        let mut elements = Vec::new();
        let mut height = 0;
        if !self.is_at(closing) {
            loop {
                let element = self.assignment()?;
                height = height.max(element.height);
                elements.push(*element.tree);
                if !self.eat(Symbol::Comma) {
                    break;
                }
            }
        }
        Ok((elements, height, self.close(closing)?))
    }

    fn parenthesis(&mut self) -> Result<Measured> {
        let opening = self.span();
        self.open()?;
        let inner = self.assignment()?;
        let span = opening.join(self.close(Symbol::RightParenthesis)?);
        let node = Node::Parenthesis(inner.tree);
        let operand = self.grown(node, span, inner.height)?;
        self.accessors(operand)
    }

    /// `[a, b; c, d]`; a comma or semicolon may stand before the closing bracket, and the latter makes a single row a
    /// matrix of one row.
    fn array(&mut self) -> Result<Measured> {
        let opening = self.span();
        self.open()?;
        let mut rows: Vec<Vec<Tree>> = Vec::new();
        let mut height = 0;
        let mut is_matrix = false;
        while !self.is_at(Symbol::RightBracket) {
            let row_start = self.span();
            let row = self.row(&mut height)?;
            if let Some(first) = rows.first().filter(|first| first.len() != row.len()) {
                let kind = FormulaErrorKind::UnevenRows { expected: first.len(), found: row.len() };
                return Err(failure(kind, row_start.join(self.previous_span())));
            }
            rows.push(row);
            if !self.eat(Symbol::Semicolon) {
                break;
            }
            is_matrix = true;
        }
        let span = opening.join(self.close(Symbol::RightBracket)?);
        if is_matrix && rows.len() == 1 {
            let row = self.grown(Node::Array(rows), span, height)?;
            rows = vec![vec![*row.tree]];
            height = row.height;
        }
        let operand = self.grown(Node::Array(rows), span, height)?;
        self.accessors(operand)
    }

    fn row(&mut self, height: &mut usize) -> Result<Vec<Tree>> {
        let mut elements = Vec::new();
        loop {
            let element = self.assignment()?;
            *height = element.height.max(*height);
            elements.push(*element.tree);
            let more = self.eat(Symbol::Comma);
            if !more || self.is_at(Symbol::RightBracket) || self.is_at(Symbol::Semicolon) {
                return Ok(elements);
            }
        }
    }

    fn object(&mut self) -> Result<Measured> {
        let opening = self.span();
        self.open()?;
        let mut entries = Vec::new();
        let mut height = 0;
        while !self.is_at(Symbol::RightBrace) {
            let key = match self.peek() {
                Some(TokenKind::Name(name)) => (*name).to_owned(),
                Some(TokenKind::Text(text)) => text.clone().into_owned(),
                _ => {
                    let found = self.found();
                    return Err(self.error(FormulaErrorKind::KeyExpected { found }));
                }
            };
            self.position += 1;
            if !self.eat(Symbol::Colon) {
                let found = self.found();
                return Err(self.error(FormulaErrorKind::ColonExpected { found }));
            }
            let value = self.assignment()?;
            height = height.max(value.height);
            entries.push((key, *value.tree));
            if !self.eat(Symbol::Comma) {
                break;
            }
        }
        let span = opening.join(self.close(Symbol::RightBrace)?);
        let operand = self.grown(Node::Object(entries), span, height)?;
        self.accessors(operand)
    }

    /// Moves past an opening bracket, which counts as a recursion of its own: it takes the most stack.
    fn open(&mut self) -> Result<()> {
        self.enter()?;
        self.nesting += 1;
        self.position += 1;
        Ok(())
    }

    /// Moves past the bracket that must be next and says where it stands.
    fn close(&mut self, closing: Symbol) -> Result<Span> {
        if !self.eat(closing) {
            let found = self.found();
            return Err(self.error(FormulaErrorKind::Unclosed { closing: closing.text(), found }));
        }
        self.nesting -= 1;
        self.leave();
        Ok(self.previous_span())
    }
}
