//! Truth: `and`, `or`, `xor`, `not`, and the replacement of what is absent.
//!
//! `and`, `or` and `nullish` evaluate their second argument only when it matters; further arguments are ignored, as in
//! Guesstimate.

use super::real;
use super::{ANY, Apply, Family, FunctionInfo, Scalar};
use crate::formula::interpreter::{EvaluateError, Interpreter, binary, unary};
use crate::formula::tree::{BinaryOperator, Node, Tree, UnaryOperator};
use crate::formula::value::Value;
use crate::span::Span;

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: Apply,
) -> FunctionInfo {
    FunctionInfo::new(Family::Logic, name, signatures, arity, help, example, apply)
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "and",
        &["and(x, y)"],
        (2, ANY),
        "Whether both are true.",
        ("and(1, 0)", "false"),
        Apply::Lazy(|interpreter, trees, span| shortcut(interpreter, BinaryOperator::And, trees, span)),
    )
    .scalar(Scalar::Two(real::and)),
    entry(
        "or",
        &["or(x, y)"],
        (2, ANY),
        "Whether at least one is true.",
        ("or(1, 0)", "true"),
        Apply::Lazy(|interpreter, trees, span| shortcut(interpreter, BinaryOperator::Or, trees, span)),
    )
    .scalar(Scalar::Two(real::or)),
    entry(
        "xor",
        &["xor(x, y)"],
        (2, 2),
        "Whether exactly one is true.",
        ("xor(1, 1)", "false"),
        Apply::General(|_, arguments| binary(BinaryOperator::Xor, &arguments[0], &arguments[1])),
    )
    .scalar(Scalar::Two(real::xor)),
    entry(
        "not",
        &["not(x)"],
        (1, 1),
        "Whether it is not true.",
        ("not(0)", "true"),
        Apply::General(|_, arguments| unary(UnaryOperator::Not, &arguments[0])),
    )
    .scalar(Scalar::One(real::not)),
    entry(
        "nullish",
        &["nullish(x, y)"],
        (2, ANY),
        "`x`, or `y` when `x` is null or undefined.",
        ("nullish(null, 5)", "5"),
        Apply::Lazy(|interpreter, trees, span| shortcut(interpreter, BinaryOperator::Coalesce, trees, span)),
    ),
];

/// Evaluates the operator that the function stands for, which knows when to stop.
fn shortcut(
    interpreter: &mut Interpreter<'_>,
    operator: BinaryOperator,
    trees: &[Tree],
    span: Span,
) -> Result<Value, EvaluateError> {
    let operation = Node::Binary(operator, Box::new(trees[0].clone()), Box::new(trees[1].clone()));
    interpreter.evaluate(&Tree { node: operation, span })
}
