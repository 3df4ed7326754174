//! Tokens to tree, by recursive descent: one function a rank where the rules are special, precedence climbing between.
//!
//! ```text
//! formula     statements separated by `;` and line ends          here
//! assignment  target = value, f(x) = value, condition ? a : b    here
//! binary      or … mod * /, ranges, comparison chains            binary.rs
//! operand     implicit products, %, signs, powers, ! '           operand.rs
//! primary     numbers, names, calls, indices, brackets           primary.rs
//! ```
//!
//! The grammar is that of mathjs 15, its quirks included, but for [`Dialect::Sane`]. No name is looked up here.

mod binary;
mod operand;
mod primary;

use std::collections::BTreeSet;

use super::dialect::Dialect;
use super::error::{FormulaError, FormulaErrorKind};
use super::limits::DEPTH_MAX;
use super::precedence::Precedence;
use super::token::{Symbol, Token, TokenKind};
use super::tokenize::{excerpt, tokenize};
use super::tree::{Node, Statement, Tree};
use crate::span::Span;

/// Reads a formula, without a leading `=`.
///
/// # Parameters
/// - `text`: the formula; empty or only a comment gives [`Node::Empty`].
/// - `dialect`: how `%` before a sign and line ends around a statement are read.
///
/// # Errors
/// The first place where the text stops being a formula; see [`FormulaErrorKind`]. Limits: [`DEPTH_MAX`] levels,
/// [`LENGTH_MAX`](super::limits::LENGTH_MAX) bytes.
///
/// # Cost
/// Linear in the length of the text.
///
/// # Examples
/// ```
/// use tailcast::formula::{Dialect, parse};
/// let tree = parse("100+((randomInt(0,100)>AC)?AB:AD)", Dialect::Sane)?;
/// assert_eq!(tree.s_expression(), "(+ 100 (? (> (call randomInt 0 100) AC) AB AD))");
/// assert_eq!(tree.to_string(), "100 + (randomInt(0, 100) > AC ? AB : AD)");
/// # Ok::<(), tailcast::formula::FormulaError>(())
/// ```
pub fn parse(text: &str, dialect: Dialect) -> std::result::Result<Tree, FormulaError> {
    let tokens = tokenize(text)?;
    let mut parser = Parser { text, tokens, position: 0, dialect, depth: 0, nesting: 0, conditional_nesting: None };
    parser.formula().map_err(|error| *error)
}

/// Outcome of a rule; both sides are small, since every level of brackets keeps some ten of them on the stack.
type Result<T> = std::result::Result<T, Box<FormulaError>>;

/// A tree under construction and how many levels it has.
struct Measured {
    tree: Box<Tree>,
    height: usize,
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    /// Token that is read next.
    position: usize,
    dialect: Dialect,
    /// Recursions that are open.
    depth: usize,
    /// Brackets that are open.
    nesting: usize,
    /// Brackets that were open where the innermost conditional awaits its `:`, which therefore makes no range there.
    conditional_nesting: Option<usize>,
}

impl<'a> Parser<'a> {
    /// Statements up to the end of the text; a single one may stand for itself.
    fn formula(&mut self) -> Result<Tree> {
        let mut statements = Vec::new();
        let mut height = 0;
        let mut separated = false;
        loop {
            match self.peek() {
                None => break,
                Some(TokenKind::Newline | TokenKind::Symbol(Symbol::Semicolon)) => {
                    separated = true;
                    self.position += 1;
                }
                Some(_) => {
                    let statement = self.assignment()?;
                    height = height.max(statement.height);
                    let shown = !self.is_at(Symbol::Semicolon);
                    statements.push(Statement { tree: *statement.tree, shown });
                    if !self.is_at_statement_end() {
                        let found = self.found();
                        return Err(self.error(FormulaErrorKind::UnexpectedToken { found }));
                    }
                }
            }
        }
        let span = Span::new(0, self.text.len());
        match statements.pop() {
            None => Ok(Tree { node: Node::Empty, span }),
            Some(only) if statements.is_empty() && !self.is_block(&only, separated) => Ok(only.tree),
            Some(last) => {
                statements.push(last);
                Ok(*self.grown(Node::Block(statements), span, height)?.tree)
            }
        }
    }

    /// Whether a single statement, with separators around it or not, is a block.
    fn is_block(&self, only: &Statement, separated: bool) -> bool {
        match self.dialect {
            Dialect::Sane => !only.shown,
            Dialect::Guesstimate => separated,
        }
    }

    /// A conditional, an assignment to one, or the definition of a function.
    fn assignment(&mut self) -> Result<Measured> {
        let Measured { tree: target, height } = self.conditional()?;
        if !self.eat(Symbol::Equals) {
            return Ok(Measured { tree: target, height });
        }
        self.skip_newlines();
        match &target.node {
            Node::Name(name) if name == "end" => Err(reserved(name, target.span)),
            Node::Name(name) if is_literal(name) => Err(self.invalid_target(target.span)),
            Node::Name(_) | Node::Index(..) | Node::Property { optional: false, .. } => {
                let value = self.inner_assignment()?;
                let span = target.span.join(value.tree.span);
                let height = height.max(value.height);
                self.grown(Node::Assignment(target, value.tree), span, height)
            }
            Node::Call(callee, arguments) => {
                let (name, parameters) = self.heading(callee, arguments, target.span)?;
                let body = self.inner_assignment()?;
                let span = target.span.join(body.tree.span);
                let node = Node::Function { name, parameters, body: body.tree };
                self.grown(node, span, height.max(body.height))
            }
            _ => Err(self.invalid_target(target.span)),
        }
    }

    /// Name and parameters of the function that `callee(arguments…) =` defines.
    fn heading(&self, callee: &Tree, arguments: &[Tree], span: Span) -> Result<(String, Vec<String>)> {
        let Node::Name(name) = &callee.node else { return Err(self.invalid_target(span)) };
        if name == "end" {
            return Err(reserved(name, callee.span));
        }
        let mut seen = BTreeSet::new();
        let mut parameters = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match &argument.node {
                Node::Name(parameter) if !is_literal(parameter) => {
                    if !seen.insert(parameter) {
                        let kind = FormulaErrorKind::DuplicateParameter(parameter.clone());
                        return Err(failure(kind, argument.span));
                    }
                    parameters.push(parameter.clone());
                }
                _ => return Err(self.invalid_target(span)),
            }
        }
        Ok((name.clone(), parameters))
    }

    fn invalid_target(&self, span: Span) -> Box<FormulaError> {
        failure(FormulaErrorKind::InvalidAssignmentTarget(excerpt(&self.text[span.range()])), span)
    }

    /// `condition ? then : otherwise`.
    ///
    /// While a conditional awaits its colon, a colon outside further brackets ends its value. The value of another
    /// conditional within, once past *its* colon, takes colons for ranges again: that is mathjs's rule, and why
    /// `a ? b ? c : d : e` needs parentheses.
    fn conditional(&mut self) -> Result<Measured> {
        let mut left = self.binary(Precedence::OR)?;
        while self.eat(Symbol::Question) {
            let outer = self.conditional_nesting.replace(self.nesting);
            self.skip_newlines();
            let then = self.inner_assignment()?;
            if !self.eat(Symbol::Colon) {
                let found = self.found();
                return Err(self.error(FormulaErrorKind::ConditionalWithoutElse { found }));
            }
            self.conditional_nesting = None;
            self.skip_newlines();
            let otherwise = self.inner_assignment()?;
            self.conditional_nesting = outer;
            let span = left.tree.span.join(otherwise.tree.span);
            let height = left.height.max(then.height).max(otherwise.height);
            let node = Node::Conditional(left.tree, then.tree, otherwise.tree);
            left = self.grown(node, span, height)?;
        }
        Ok(left)
    }

    /// Node on top of operands of at most `height` levels.
    fn grown(&self, node: Node, span: Span, height: usize) -> Result<Measured> {
        if height >= DEPTH_MAX {
            return Err(failure(FormulaErrorKind::TooDeep, span));
        }
        Ok(Measured { tree: Box::new(Tree { node, span }), height: height + 1 })
    }

    /// Notes that a rule calls itself; [`Self::leave`] takes it back.
    fn enter(&mut self) -> Result<()> {
        if self.depth >= DEPTH_MAX {
            return Err(self.error(FormulaErrorKind::TooDeep));
        }
        self.depth += 1;
        Ok(())
    }

    /// Notes that a rule that has called itself is done. After an error nothing is read any more.
    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// An assignment within a conditional or another assignment.
    fn inner_assignment(&mut self) -> Result<Measured> {
        self.enter()?;
        let value = self.assignment()?;
        self.leave();
        Ok(value)
    }

    fn peek(&self) -> Option<&TokenKind<'a>> {
        self.tokens.get(self.position).map(|token| &token.kind)
    }

    fn is_at(&self, symbol: Symbol) -> bool {
        self.peek() == Some(&TokenKind::Symbol(symbol))
    }

    fn is_at_statement_end(&self) -> bool {
        matches!(self.peek(), None | Some(TokenKind::Newline | TokenKind::Symbol(Symbol::Semicolon)))
    }

    /// Moves past `symbol` if it is next.
    fn eat(&mut self, symbol: Symbol) -> bool {
        let found = self.is_at(symbol);
        self.position += usize::from(found);
        found
    }

    /// Moves past line ends, which mean nothing where an operand must follow.
    fn skip_newlines(&mut self) {
        while self.peek() == Some(&TokenKind::Newline) {
            self.position += 1;
        }
    }

    /// Span of the next token; empty at the end of the text.
    fn span(&self) -> Span {
        self.tokens.get(self.position).map_or(Span::new(self.text.len(), self.text.len()), |token| token.span)
    }

    /// Span of the token before the next one.
    fn previous_span(&self) -> Span {
        match self.position.checked_sub(1).and_then(|position| self.tokens.get(position)) {
            Some(token) => token.span,
            None => Span::default(),
        }
    }

    /// The next token as an error names it.
    fn found(&self) -> String {
        match self.peek() {
            None => "the end of the formula".to_owned(),
            Some(TokenKind::Newline) => "the end of the line".to_owned(),
            Some(_) => format!("`{}`", excerpt(&self.text[self.span().range()])),
        }
    }

    /// Error at the next token.
    fn error(&self, kind: FormulaErrorKind) -> Box<FormulaError> {
        failure(kind, self.span())
    }

    /// Error for a missing operand.
    fn value_expected(&self) -> Box<FormulaError> {
        if self.peek().is_none() {
            return self.error(FormulaErrorKind::UnexpectedEnd);
        }
        let before = self.position.checked_sub(1).and_then(|position| self.tokens.get(position));
        let after = before.filter(|token| token.span.end == self.span().start).and_then(|token| match token.kind {
            TokenKind::Symbol(symbol) => Some(symbol.text()),
            _ => None,
        });
        self.error(FormulaErrorKind::ValueExpected { found: self.found(), after })
    }
}

/// Names that are values themselves and can be neither assigned nor called.
const LITERALS: [&str; 6] = ["Infinity", "NaN", "false", "null", "true", "undefined"];

/// Whether a name is a literal such as `true`.
pub(super) fn is_literal(name: &str) -> bool {
    LITERALS.contains(&name)
}

/// Error for an assignment to a name that the language keeps for itself.
fn reserved(name: &str, span: Span) -> Box<FormulaError> {
    failure(FormulaErrorKind::ReservedName(name.to_owned()), span)
}

fn failure(kind: FormulaErrorKind, span: Span) -> Box<FormulaError> {
    Box::new(FormulaError { kind, span })
}
