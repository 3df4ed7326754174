//! A tree as canonical text, with as few parentheses as keep its meaning.
//!
//! The text means the same in both dialects and to Guesstimate itself: where a reader could take `%` for modulo it stands
//! in parentheses. Reading it back gives the same tree but for spans and parentheses that mean nothing. Line breaks and
//! comments are not kept.

use std::fmt::{self, Write};

use super::parse::is_literal;
use super::precedence::Precedence;
use super::token::is_word_operator;
use super::tree::{BinaryOperator, ComparisonOperator, Node, Statement, Tree, UnaryOperator};

/// Canonical text of the formula.
///
/// # Examples
/// ```
/// use tailcast::formula::{Dialect, parse};
/// let tree = parse("((a)*2)+(b/(c*d))-10%", Dialect::Sane)?;
/// assert_eq!(tree.to_string(), "a * 2 + b / (c * d) - 10%");
/// # Ok::<(), tailcast::formula::FormulaError>(())
/// ```
impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer { text: String::new(), bare_colons: true };
        printer.tree(self, Precedence::ASSIGNMENT)?;
        f.write_str(&printer.text)
    }
}

/// Tree inside all parentheses around it.
pub(super) fn unwrapped(mut tree: &Tree) -> &Tree {
    while let Node::Parenthesis(inner) = &tree.node {
        tree = inner;
    }
    tree
}

/// Whether this right operand of `+` or `-` is a percentage in parentheses, which is a number there and no share of the
/// left operand.
pub(super) fn is_fenced_percentage(operand: &Tree) -> bool {
    matches!(operand.node, Node::Parenthesis(_))
        && matches!(unwrapped(operand).node, Node::Unary(UnaryOperator::Percent, _))
}

/// Writes a number so that it reads back to the same bits.
pub(super) fn write_number(out: &mut impl Write, value: f64) -> fmt::Result {
    let size = value.abs();
    if value.is_nan() {
        out.write_str("NaN")
    } else if size == f64::INFINITY {
        out.write_str(if value > 0.0 { "1e999" } else { "(-1e999)" })
    } else if value.is_sign_negative() {
        // Not from a text: a sign there is an operator.
        write!(out, "({value:e})")
    } else if size != 0.0 && !(1e-6..1e21).contains(&size) {
        write!(out, "{value:e}")
    } else {
        write!(out, "{value}")
    }
}

/// Writes a text in double quotes, with escapes.
pub(super) fn write_quoted(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            control if control < ' ' => write!(out, "\\u{:04x}", u32::from(control))?,
            other => out.write_char(other)?,
        }
    }
    out.write_char('"')
}

struct Printer {
    text: String,
    /// False where a colon would be taken for that of a conditional around it.
    bare_colons: bool,
}

impl Printer {
    /// A tree where an operand of rank `minimum` or tighter is wanted.
    fn tree(&mut self, tree: &Tree, minimum: Precedence) -> fmt::Result {
        let tree = unwrapped(tree);
        let has_colon = matches!(tree.node, Node::Range { .. } | Node::Conditional(..));
        if Precedence::of_node(&tree.node) < minimum || (has_colon && !self.bare_colons) {
            self.fenced(tree)
        } else {
            self.node(&tree.node)
        }
    }

    /// A tree in parentheses.
    fn fenced(&mut self, tree: &Tree) -> fmt::Result {
        self.enclosed('(', ')', |printer| printer.tree(tree, Precedence::ASSIGNMENT))
    }

    /// What `content` writes, in brackets, where colons are unambiguous again.
    fn enclosed(
        &mut self,
        opening: char,
        closing: char,
        content: impl FnOnce(&mut Self) -> fmt::Result,
    ) -> fmt::Result {
        let outer = std::mem::replace(&mut self.bare_colons, true);
        self.text.push(opening);
        content(self)?;
        self.text.push(closing);
        self.bare_colons = outer;
        Ok(())
    }

    fn node(&mut self, node: &Node) -> fmt::Result {
        match node {
            Node::Number(value) => write_number(&mut self.text, *value),
            Node::Text(text) => write_quoted(&mut self.text, text),
            Node::Name(name) => self.text.write_str(name),
            Node::Reference(text) => write!(self.text, "${{{text}}}"),
            Node::Unary(operator, operand) => self.unary(*operator, operand),
            Node::Binary(BinaryOperator::ImplicitMultiply, left, right) => self.implicit_product(left, right),
            Node::Binary(operator, left, right) => self.binary(*operator, left, right),
            Node::Comparison(first, rest) => self.comparison(first, rest),
            Node::Conditional(condition, then, otherwise) => self.conditional(condition, then, otherwise),
            Node::Call(callee, arguments) => {
                self.accessed(callee, is_callable(&callee.node))?;
                self.enclosed('(', ')', |printer| printer.list(arguments))
            }
            Node::Index(object, indices) => {
                self.accessed(object, is_accessible(&object.node))?;
                self.enclosed('[', ']', |printer| printer.list(indices))
            }
            Node::Property { object, name, optional } => {
                self.accessed(object, is_accessible(&object.node))?;
                write!(self.text, "{}{name}", if *optional { "?." } else { "." })
            }
            Node::Array(rows) => self.enclosed('[', ']', |printer| printer.rows(rows)),
            Node::Range { start, step, end } => self.range(start, step.as_deref(), end),
            Node::Object(entries) => self.enclosed('{', '}', |printer| printer.entries(entries)),
            Node::Assignment(target, value) => {
                self.tree(target, Precedence::POSTFIX)?;
                self.text.push_str(" = ");
                self.tree(value, Precedence::ASSIGNMENT)
            }
            Node::Function { name, parameters, body } => {
                write!(self.text, "{name}({}) = ", parameters.join(", "))?;
                self.tree(body, Precedence::ASSIGNMENT)
            }
            Node::Block(statements) => self.block(statements),
            Node::Parenthesis(inner) => self.tree(inner, Precedence::ASSIGNMENT),
            Node::Empty => Ok(()),
        }
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &Tree) -> fmt::Result {
        match operator {
            UnaryOperator::Minus | UnaryOperator::Plus | UnaryOperator::BitNot | UnaryOperator::Not => {
                self.text.push_str(operator.symbol());
                if operator == UnaryOperator::Not {
                    self.text.push(' ');
                }
                self.tree(operand, Precedence::UNARY)
            }
            UnaryOperator::Percent => {
                self.tree(operand, Precedence::UNARY)?;
                self.text.push_str(operator.symbol());
                Ok(())
            }
            UnaryOperator::Factorial | UnaryOperator::Transpose => {
                self.tree(operand, Precedence::POSTFIX)?;
                self.text.push_str(operator.symbol());
                Ok(())
            }
        }
    }

    fn binary(&mut self, operator: BinaryOperator, left: &Tree, right: &Tree) -> fmt::Result {
        let rank = Precedence::of_binary(operator);
        let (left_rank, right_rank) = match operator {
            BinaryOperator::Power | BinaryOperator::DotPower => (rank.tighter(), Precedence::UNARY),
            _ => (rank, rank.tighter()),
        };
        let start = self.text.len();
        self.tree(left, left_rank)?;
        let symbol = operator.symbol();
        if self.text.ends_with('%') && (symbol == "+" || symbol == "-" || symbol.starts_with(char::is_alphabetic)) {
            self.text.insert(start, '(');
            self.text.push(')');
        }
        match operator {
            BinaryOperator::Power | BinaryOperator::DotPower => self.text.push_str(symbol),
            _ => write!(self.text, " {symbol} ")?,
        }
        let additive = rank == Precedence::ADDITIVE;
        if (additive && is_fenced_percentage(right))
            || (operator == BinaryOperator::Divide && begins_with_factor(right))
        {
            self.fenced(right)
        } else {
            self.tree(right, right_rank)
        }
    }

    /// `2 x`, `2(x + 1)`; whatever would be read as something else than a factor stands in parentheses.
    fn implicit_product(&mut self, left: &Tree, right: &Tree) -> fmt::Result {
        let fences_right = !begins_with_name(right, Precedence::PERCENTAGE);
        let start = self.text.len();
        self.tree(left, Precedence::IMPLICIT)?;
        let is_call = fences_right && !self.text.ends_with(')') && ends_callable(left);
        if is_call || self.text.ends_with('%') {
            self.text.insert(start, '(');
            self.text.push(')');
        }
        if fences_right {
            self.fenced(right)
        } else {
            self.text.push(' ');
            self.tree(right, Precedence::PERCENTAGE)
        }
    }

    fn comparison(&mut self, first: &Tree, rest: &[(ComparisonOperator, Tree)]) -> fmt::Result {
        self.tree(first, Precedence::SHIFT)?;
        for (operator, operand) in rest {
            write!(self.text, " {} ", operator.symbol())?;
            self.tree(operand, Precedence::SHIFT)?;
        }
        Ok(())
    }

    fn conditional(&mut self, condition: &Tree, then: &Tree, otherwise: &Tree) -> fmt::Result {
        self.tree(condition, Precedence::OR)?;
        self.text.push_str(" ? ");
        let outer = std::mem::replace(&mut self.bare_colons, false);
        self.tree(then, Precedence::ASSIGNMENT)?;
        self.bare_colons = outer;
        self.text.push_str(" : ");
        self.tree(otherwise, Precedence::ASSIGNMENT)
    }

    fn range(&mut self, start: &Tree, step: Option<&Tree>, end: &Tree) -> fmt::Result {
        self.tree(start, Precedence::ADDITIVE)?;
        self.text.push(':');
        if let Some(step) = step {
            self.tree(step, Precedence::ADDITIVE)?;
            self.text.push(':');
        }
        self.tree(end, Precedence::ADDITIVE)
    }

    /// What a call, an index or a property is applied to.
    fn accessed(&mut self, object: &Tree, bare: bool) -> fmt::Result {
        if bare { self.node(&object.node) } else { self.fenced(object) }
    }

    fn list(&mut self, elements: &[Tree]) -> fmt::Result {
        for (position, element) in elements.iter().enumerate() {
            if position > 0 {
                self.text.push_str(", ");
            }
            self.tree(element, Precedence::ASSIGNMENT)?;
        }
        Ok(())
    }

    fn rows(&mut self, rows: &[Vec<Tree>]) -> fmt::Result {
        for (position, row) in rows.iter().enumerate() {
            if position > 0 {
                self.text.push_str("; ");
            }
            self.list(row)?;
        }
        Ok(())
    }

    fn entries(&mut self, entries: &[(String, Tree)]) -> fmt::Result {
        for (position, (key, value)) in entries.iter().enumerate() {
            if position > 0 {
                self.text.push_str(", ");
            }
            let plain = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if plain {
                self.text.push_str(key);
            } else {
                write_quoted(&mut self.text, key)?;
            }
            self.text.push_str(": ");
            self.tree(value, Precedence::ASSIGNMENT)?;
        }
        Ok(())
    }

    fn block(&mut self, statements: &[Statement]) -> fmt::Result {
        for (position, statement) in statements.iter().enumerate() {
            let start = self.text.len();
            self.tree(&statement.tree, Precedence::ASSIGNMENT)?;
            if self.text.ends_with('%') && statement.shown {
                self.text.insert(start, '(');
                self.text.push(')');
            }
            let last = position + 1 == statements.len();
            match (statement.shown, last) {
                (true, true) if position > 0 => {}
                (true, _) => self.text.push('\n'),
                (false, true) => self.text.push(';'),
                (false, false) => self.text.push_str("; "),
            }
        }
        Ok(())
    }
}

/// Whether `(` directly after this node makes a call.
fn is_callable(node: &Node) -> bool {
    match node {
        Node::Name(name) => !is_literal(name),
        Node::Index(..) | Node::Property { .. } => true,
        _ => false,
    }
}

/// Whether `[` or `.` directly after this node belongs to it.
const fn is_accessible(node: &Node) -> bool {
    matches!(
        node,
        Node::Name(_)
            | Node::Reference(_)
            | Node::Text(_)
            | Node::Array(_)
            | Node::Object(_)
            | Node::Call(..)
            | Node::Index(..)
            | Node::Property { .. }
            | Node::Unary(UnaryOperator::Factorial | UnaryOperator::Transpose, _)
    )
}

/// Whether `(` after the text of this tree would call what stands at its right end, provided that it has no parentheses
/// there.
fn ends_callable(tree: &Tree) -> bool {
    match &tree.node {
        Node::Parenthesis(inner) => ends_callable(inner),
        Node::Unary(UnaryOperator::Factorial | UnaryOperator::Transpose | UnaryOperator::Percent, _) => false,
        Node::Unary(_, operand) => ends_callable(operand),
        Node::Binary(_, _, right) => ends_callable(right),
        Node::Reference(_) => true,
        node => is_callable(node),
    }
}

/// Whether the text of this tree, where an operand of rank `minimum` is wanted, begins with a name or a reference.
fn begins_with_name(tree: &Tree, minimum: Precedence) -> bool {
    let node = &unwrapped(tree).node;
    if Precedence::of_node(node) < minimum {
        return false;
    }
    match node {
        Node::Name(name) => !is_word_operator(name),
        Node::Reference(_) => true,
        Node::Unary(UnaryOperator::Percent, operand) => begins_with_name(operand, Precedence::UNARY),
        Node::Unary(UnaryOperator::Factorial | UnaryOperator::Transpose, operand) => {
            begins_with_name(operand, Precedence::POSTFIX)
        }
        Node::Binary(BinaryOperator::Power | BinaryOperator::DotPower | BinaryOperator::Coalesce, left, _) => {
            begins_with_name(left, Precedence::COALESCE)
        }
        Node::Call(callee, _) => is_callable(&callee.node) && begins_with_name(callee, Precedence::PRIMARY),
        Node::Index(object, _) | Node::Property { object, .. } => {
            is_accessible(&object.node) && begins_with_name(object, Precedence::POSTFIX)
        }
        _ => false,
    }
}

/// Whether this divisor is an implicit product that begins with a number, which would be divided first: `1/2 x`.
fn begins_with_factor(divisor: &Tree) -> bool {
    let Node::Binary(BinaryOperator::ImplicitMultiply, left, _) = &unwrapped(divisor).node else { return false };
    matches!(unwrapped(left).node, Node::Number(_)) || begins_with_factor(left)
}
