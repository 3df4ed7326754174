//! Expressions as values: reading, evaluating and deriving them.
//!
//! An expression is kept to be evaluated; it is not rewritten into a simpler one.

use std::sync::Arc;

use super::{Apply, Family, FunctionInfo};
use crate::formula::derivative::derivative;
use crate::formula::interpreter::{EvaluateErrorKind, Evaluated, Interpreter, unexpected};
use crate::formula::tree::{Node, Tree};
use crate::formula::value::{Matrix, Value};
use crate::formula::{Dialect, parse};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Expression, name, signatures, arity, help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "evaluate",
        &["evaluate(text)", "evaluate(text, scope)"],
        (1, 2),
        "Value of the formula that a text is, with the properties of `scope` as names.",
        ("evaluate(\"1 + 2\")", "3"),
        |interpreter, arguments| match &arguments[0] {
            Value::Matrix(matrix) => Ok(matrix
                .try_map(|text| {
                    let expression = read(interpreter, "evaluate", text)?;
                    interpreter.evaluate_expression(&expression, arguments.get(1))
                })?
                .into()),
            text => {
                let expression = read(interpreter, "evaluate", text)?;
                interpreter.evaluate_expression(&expression, arguments.get(1))
            }
        },
    ),
    entry(
        "parse",
        &["parse(text)"],
        (1, 2),
        "The text as an expression, which has the method `evaluate`.",
        ("parse(\"2 x\").evaluate({x: 3})", "6"),
        |interpreter, arguments| Ok(Value::Expression(read(interpreter, "parse", &arguments[0])?)),
    ),
    entry(
        "compile",
        &["compile(text)"],
        (1, 1),
        "The text as an expression, which has the method `evaluate`.",
        ("compile(\"2 x\").evaluate({x: 3})", "6"),
        |interpreter, arguments| match &arguments[0] {
            Value::Matrix(matrix) => {
                let texts = matrix.elements().iter();
                let expressions = texts
                    .map(|text| Ok(Value::Expression(read(interpreter, "compile", text)?)))
                    .collect::<Result<_, _>>()?;
                Ok(Matrix::list(expressions).into())
            }
            text => Ok(Value::Expression(read(interpreter, "compile", text)?)),
        },
    ),
    entry(
        "simplify",
        &["simplify(expression)"],
        (1, 3),
        "The expression; it is left as it is, since it can only be evaluated.",
        ("simplify(\"x + x\").evaluate({x: 2})", "4"),
        |interpreter, arguments| Ok(Value::Expression(read(interpreter, "simplify", &arguments[0])?)),
    ),
    entry(
        "derivative",
        &["derivative(expression, variable)"],
        (2, 3),
        "Derivative of an expression by a variable, as an expression.",
        ("derivative(\"x ^ 2\", \"x\").evaluate({x: 3})", "6"),
        |interpreter, arguments| {
            let expression = read(interpreter, "derivative", &arguments[0])?;
            let variable = read(interpreter, "derivative", &arguments[1])?;
            interpreter.charge(DERIVATIVE_STEPS)?;
            let Node::Name(name) = &variable.node else { return Err(unexpected("derivative", &arguments[1])) };
            Ok(Value::Expression(Arc::new(derivative(&expression, name)?)))
        },
    ),
];

/// Steps that a derivative counts for.
const DERIVATIVE_STEPS: usize = 1000;

/// The expression that a value is, or that its text reads as.
fn read(
    interpreter: &mut Interpreter<'_>,
    function: &'static str,
    value: &Value,
) -> Result<Arc<Tree>, EvaluateErrorKind> {
    match value {
        Value::Expression(tree) => Ok(Arc::clone(tree)),
        Value::Text(text) => {
            interpreter.charge(text.len())?;
            let dialect = if interpreter.options().compat { Dialect::Guesstimate } else { Dialect::Sane };
            match parse(text, dialect) {
                Ok(tree) => Ok(Arc::new(tree)),
                Err(error) => Err(EvaluateErrorKind::Syntax { message: error.to_string() }),
            }
        }
        other => Err(unexpected(function, other)),
    }
}
