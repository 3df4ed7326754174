//! The tree of a formula as written: names are not yet looked up, arities not yet checked.
//!
//! ```text
//! text --tokens--> Token… --parse--> Tree --check--> Checked --program::lower--> Graph
//! ```
//!
//! The shapes are those of mathjs 15, the language Guesstimate's formulas are in. A tree says nothing about values.

use crate::span::Span;

/// A node of the tree and the source bytes it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// What stands here.
    pub node: Node,
    /// Bytes of the formula it was read from.
    pub span: Span,
}

/// What can stand in a formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// `5`, `1e-3`, `0xff`; never negative when it was read.
    Number(f64),
    /// `"text"` or `'text'`, escapes resolved.
    Text(String),
    /// A bare name: a constant, a local variable, a function, a unit, or a metric.
    Name(String),
    /// `${…}`: the text between the braces, as written (`metric:AB`, `fact:12`, a name).
    Reference(String),
    /// `op operand` or `operand op`.
    Unary(UnaryOperator, Box<Tree>),
    /// `left op right`.
    Binary(BinaryOperator, Box<Tree>, Box<Tree>),
    /// A chain of comparisons, `a < b <= c`: first operand, then each operator with its right operand. A single
    /// comparison is a chain of one.
    Comparison(Box<Tree>, Vec<(ComparisonOperator, Tree)>),
    /// `condition ? then : otherwise`.
    Conditional(Box<Tree>, Box<Tree>, Box<Tree>),
    /// `callee(arguments…)`.
    Call(Box<Tree>, Vec<Tree>),
    /// `object[indices…]`; within an index the name `end` is the length of that dimension.
    Index(Box<Tree>, Vec<Tree>),
    /// `object.property`, or `object?.property` when `optional`.
    Property {
        /// The object.
        object: Box<Tree>,
        /// Name of the property.
        name: String,
        /// Whether `?.` was written.
        optional: bool,
    },
    /// `[a, b; c, d]`: rows of elements; a single row is a plain list.
    Array(Vec<Vec<Tree>>),
    /// `start:end` or `start:step:end`.
    Range {
        /// First value.
        start: Box<Tree>,
        /// Step; 1 when absent.
        step: Option<Box<Tree>>,
        /// Last value, included.
        end: Box<Tree>,
    },
    /// `{key: value, …}`.
    Object(Vec<(String, Tree)>),
    /// `target = value`; the target is a name, an index or a property.
    Assignment(Box<Tree>, Box<Tree>),
    /// `name(parameters…) = body`.
    Function {
        /// Name it is bound to.
        name: String,
        /// Names of the parameters.
        parameters: Vec<String>,
        /// What it yields.
        body: Box<Tree>,
    },
    /// Statements separated by `;` or line ends; a statement ended by `;` is not shown.
    Block(Vec<Statement>),
    /// `(inner)`, kept because implicit multiplication depends on it.
    Parenthesis(Box<Tree>),
    /// Nothing at all: an empty formula, or only a comment.
    Empty,
}

/// One statement of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The expression.
    pub tree: Tree,
    /// False when it was ended by `;`.
    pub shown: bool,
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `-x`
    Minus,
    /// `+x`
    Plus,
    /// `~x`
    BitNot,
    /// `not x`
    Not,
    /// `x!`
    Factorial,
    /// `x'`
    Transpose,
    /// `x%`
    Percent,
}

/// Operators with two operands that are not comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// Nothing between the operands: `2 pi`.
    ImplicitMultiply,
    /// `/`
    Divide,
    /// `%` or `mod`
    Modulus,
    /// `^`
    Power,
    /// `.*`
    DotMultiply,
    /// `./`
    DotDivide,
    /// `.^`
    DotPower,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// `^|`
    BitXor,
    /// `<<`
    LeftShift,
    /// `>>`
    RightArithmeticShift,
    /// `>>>`
    RightLogicalShift,
    /// `and`
    And,
    /// `or`
    Or,
    /// `xor`
    Xor,
    /// `to` or `in`: conversion to a unit
    To,
    /// `??`
    Coalesce,
}

/// Operators of a comparison chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComparisonOperator {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Smaller,
    /// `<=`
    SmallerEqual,
    /// `>`
    Larger,
    /// `>=`
    LargerEqual,
}

impl Tree {
    /// Calls `visit` with each tree directly below this one, in the order of evaluation.
    ///
    /// The target of an assignment counts, after its value.
    pub fn for_each_child<'t>(&'t self, mut visit: impl FnMut(&'t Self)) {
        match &self.node {
            Node::Number(_) | Node::Text(_) | Node::Name(_) | Node::Reference(_) | Node::Empty => {}
            Node::Unary(_, inner)
            | Node::Parenthesis(inner)
            | Node::Property { object: inner, .. }
            | Node::Function { body: inner, .. } => visit(inner),
            Node::Binary(_, first, second) | Node::Assignment(second, first) => {
                visit(first);
                visit(second);
            }
            Node::Comparison(first, rest) => {
                visit(first);
                rest.iter().for_each(|(_, operand)| visit(operand));
            }
            Node::Conditional(condition, then, otherwise) => {
                visit(condition);
                visit(then);
                visit(otherwise);
            }
            Node::Call(first, rest) | Node::Index(first, rest) => {
                visit(first);
                rest.iter().for_each(visit);
            }
            Node::Array(rows) => rows.iter().flatten().for_each(visit),
            Node::Range { start, step, end } => {
                visit(start);
                step.iter().for_each(|step| visit(step));
                visit(end);
            }
            Node::Object(entries) => entries.iter().for_each(|(_, value)| visit(value)),
            Node::Block(statements) => statements.iter().for_each(|statement| visit(&statement.tree)),
        }
    }

    /// Whether a function that `is` names is called anywhere in it, however deep.
    pub fn calls(&self, is: &dyn Fn(&str) -> bool) -> bool {
        if let Node::Call(callee, _) = &self.node
            && let Node::Name(name) = &callee.node
            && is(name)
        {
            return true;
        }
        let mut found = false;
        self.for_each_child(|child| found = found || child.calls(is));
        found
    }
}

impl UnaryOperator {
    /// As it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Minus => "-",
            Self::Plus => "+",
            Self::BitNot => "~",
            Self::Not => "not",
            Self::Factorial => "!",
            Self::Transpose => "'",
            Self::Percent => "%",
        }
    }
}

impl BinaryOperator {
    /// As it is written; `*` for the implicit product, `mod` for modulo, which cannot be taken for a percentage.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply | Self::ImplicitMultiply => "*",
            Self::Divide => "/",
            Self::Modulus => "mod",
            Self::Power => "^",
            Self::DotMultiply => ".*",
            Self::DotDivide => "./",
            Self::DotPower => ".^",
            Self::BitAnd => "&",
            Self::BitOr => "|",
            Self::BitXor => "^|",
            Self::LeftShift => "<<",
            Self::RightArithmeticShift => ">>",
            Self::RightLogicalShift => ">>>",
            Self::And => "and",
            Self::Or => "or",
            Self::Xor => "xor",
            Self::To => "to",
            Self::Coalesce => "??",
        }
    }
}

impl ComparisonOperator {
    /// As it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Smaller => "<",
            Self::SmallerEqual => "<=",
            Self::Larger => ">",
            Self::LargerEqual => ">=",
        }
    }
}
