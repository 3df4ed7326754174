//! A tree as an s-expression, which shows its structure without any rule of precedence.
//!
//! For `explain` and for tests: two trees with the same s-expression mean the same. Spans and parentheses without meaning
//! do not show.

use std::fmt::{self, Write};

use super::print::{is_fenced_percentage, unwrapped, write_number, write_quoted};
use super::tree::{BinaryOperator, Node, Statement, Tree};

impl Tree {
    /// The tree in prefix notation: `(operator operands…)`.
    ///
    /// | formula | s-expression |
    /// |---|---|
    /// | `1 + 2 x` | `(+ 1 (implicit* 2 x))` |
    /// | `a < b <= c` | `(chain a < b <= c)` |
    /// | `c ? a : b` | `(? c a b)` |
    /// | `f(x, 1)`, `a[1]`, `a.b` | `(call f x 1)`, `(index a 1)`, `(. a b)` |
    /// | `[1, 2; 3, 4]`, `1:2:9`, `{a: 1}` | `(matrix (1 2) (3 4))`, `(: 1 2 9)`, `(object (a 1))` |
    /// | `f(x) = 2; f(1)` | `(block (hidden (define (f x) 2)) (call f 1))` |
    /// | `100 + (10%)` | `(+ 100 (paren (% 10)))`, since it is not `100 + 10%` |
    ///
    /// # Examples
    /// ```
    /// use tailcast::formula::{Dialect, parse};
    /// assert_eq!(parse("-2^2", Dialect::Sane)?.s_expression(), "(- (^ 2 2))");
    /// # Ok::<(), tailcast::formula::FormulaError>(())
    /// ```
    #[must_use]
    pub fn s_expression(&self) -> String {
        SExpression(self).to_string()
    }
}

/// What prints as the tree in prefix notation.
struct SExpression<'t>(&'t Tree);

impl fmt::Display for SExpression<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_tree(f, self.0)
    }
}

fn write_tree(out: &mut fmt::Formatter<'_>, tree: &Tree) -> fmt::Result {
    match &unwrapped(tree).node {
        Node::Number(value) => write_number(out, *value),
        Node::Text(text) => write_quoted(out, text),
        Node::Name(name) => out.write_str(name),
        Node::Reference(text) => write!(out, "${{{text}}}"),
        Node::Unary(operator, operand) => write_form(out, operator.symbol(), [operand.as_ref()]),
        Node::Binary(operator, left, right) => write_binary(out, *operator, left, right),
        Node::Comparison(first, rest) => match rest.as_slice() {
            [(operator, second)] => write_form(out, operator.symbol(), [first.as_ref(), second]),
            _ => {
                out.write_str("(chain ")?;
                write_tree(out, first)?;
                for (operator, operand) in rest {
                    write!(out, " {} ", operator.symbol())?;
                    write_tree(out, operand)?;
                }
                out.write_char(')')
            }
        },
        Node::Conditional(condition, then, otherwise) => {
            write_form(out, "?", [condition.as_ref(), then.as_ref(), otherwise.as_ref()])
        }
        Node::Call(callee, arguments) => write_form(out, "call", [callee.as_ref()].into_iter().chain(arguments)),
        Node::Index(object, indices) => write_form(out, "index", [object.as_ref()].into_iter().chain(indices)),
        Node::Property { object, name, optional } => {
            out.write_str(if *optional { "(?. " } else { "(. " })?;
            write_tree(out, object)?;
            write!(out, " {name})")
        }
        Node::Array(rows) => write_array(out, rows),
        Node::Range { start, step, end } => {
            write_form(out, ":", [Some(start), step.as_ref(), Some(end)].into_iter().flatten().map(Box::as_ref))
        }
        Node::Object(entries) => {
            out.write_str("(object")?;
            for (key, value) in entries {
                write!(out, " ({key} ")?;
                write_tree(out, value)?;
                out.write_char(')')?;
            }
            out.write_char(')')
        }
        Node::Assignment(target, value) => write_form(out, "=", [target.as_ref(), value.as_ref()]),
        Node::Function { name, parameters, body } => {
            let heading: Vec<&str> = std::iter::once(name).chain(parameters).map(String::as_str).collect();
            write_form(out, &format!("define ({})", heading.join(" ")), [body.as_ref()])
        }
        Node::Block(statements) => write_block(out, statements),
        Node::Parenthesis(_) | Node::Empty => out.write_str("()"),
    }
}

/// `(head operands…)`.
fn write_form<'t>(
    out: &mut fmt::Formatter<'_>,
    head: &str,
    operands: impl IntoIterator<Item = &'t Tree>,
) -> fmt::Result {
    write!(out, "({head}")?;
    for operand in operands {
        out.write_char(' ')?;
        write_tree(out, operand)?;
    }
    out.write_char(')')
}

fn write_binary(out: &mut fmt::Formatter<'_>, operator: BinaryOperator, left: &Tree, right: &Tree) -> fmt::Result {
    let head = match operator {
        BinaryOperator::ImplicitMultiply => "implicit*",
        other => other.symbol(),
    };
    let additive = matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract);
    if !(additive && is_fenced_percentage(right)) {
        return write_form(out, head, [left, right]);
    }
    write!(out, "({head} ")?;
    write_tree(out, left)?;
    out.write_str(" (paren ")?;
    write_tree(out, right)?;
    out.write_str("))")
}

fn write_array(out: &mut fmt::Formatter<'_>, rows: &[Vec<Tree>]) -> fmt::Result {
    match rows {
        [] => out.write_str("(list)"),
        [row] => write_form(out, "list", row),
        _ => {
            out.write_str("(matrix")?;
            for row in rows {
                out.write_str(" (")?;
                for (position, element) in row.iter().enumerate() {
                    if position > 0 {
                        out.write_char(' ')?;
                    }
                    write_tree(out, element)?;
                }
                out.write_char(')')?;
            }
            out.write_char(')')
        }
    }
}

fn write_block(out: &mut fmt::Formatter<'_>, statements: &[Statement]) -> fmt::Result {
    out.write_str("(block")?;
    for statement in statements {
        out.write_char(' ')?;
        if statement.shown {
            write_tree(out, &statement.tree)?;
        } else {
            write_form(out, "hidden", [&statement.tree])?;
        }
    }
    out.write_char(')')
}
