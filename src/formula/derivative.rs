//! Derivatives of expressions, by the rules of calculus.
//!
//! Sums, products, quotients, powers and the usual functions of one argument; nothing else, and no simplification beyond
//! leaving out what is zero or one. Every rule makes new nodes, so the size of the result is bounded.

use super::interpreter::EvaluateErrorKind;
use super::tree::{BinaryOperator, Node, Tree, UnaryOperator};
use crate::span::Span;

/// Most nodes of a derivative.
const NODES_MAX: usize = 20_000;

fn tree(node: Node) -> Tree {
    Tree { node, span: Span::default() }
}

fn number(x: f64) -> Tree {
    tree(Node::Number(x))
}

fn is_number(tree: &Tree, x: f64) -> bool {
    matches!(tree.node, Node::Number(number) if number == x)
}

fn binary(operator: BinaryOperator, left: Tree, right: Tree) -> Tree {
    tree(Node::Binary(operator, Box::new(left), Box::new(right)))
}

fn add(left: Tree, right: Tree) -> Tree {
    if is_number(&left, 0.0) {
        right
    } else if is_number(&right, 0.0) {
        left
    } else {
        binary(BinaryOperator::Add, left, right)
    }
}

fn subtract(left: Tree, right: Tree) -> Tree {
    if is_number(&right, 0.0) { left } else { binary(BinaryOperator::Subtract, left, right) }
}

fn multiply(left: Tree, right: Tree) -> Tree {
    if is_number(&left, 0.0) || is_number(&right, 0.0) {
        number(0.0)
    } else if is_number(&left, 1.0) {
        right
    } else if is_number(&right, 1.0) {
        left
    } else {
        binary(BinaryOperator::Multiply, left, right)
    }
}

fn divide(left: Tree, right: Tree) -> Tree {
    if is_number(&left, 0.0) { left } else { binary(BinaryOperator::Divide, left, right) }
}

fn power(left: Tree, right: Tree) -> Tree {
    if is_number(&right, 1.0) { left } else { binary(BinaryOperator::Power, left, right) }
}

fn negate(operand: Tree) -> Tree {
    tree(Node::Unary(UnaryOperator::Minus, Box::new(operand)))
}

fn call(name: &str, argument: &Tree) -> Tree {
    tree(Node::Call(Box::new(tree(Node::Name(name.to_owned()))), vec![argument.clone()]))
}

fn square(operand: Tree) -> Tree {
    power(operand, number(2.0))
}

/// Derivative by the variable of that name.
///
/// # Errors
/// - [`EvaluateErrorKind::Domain`] for what has no rule here.
/// - [`EvaluateErrorKind::TooLarge`] when the result would be too large.
pub(super) fn derivative(expression: &Tree, variable: &str) -> Result<Tree, EvaluateErrorKind> {
    let mut left = NODES_MAX;
    derive(expression, variable, &mut left)
}

/// Nodes of a tree.
fn size(tree: &Tree) -> usize {
    1 + match &tree.node {
        Node::Unary(_, operand) | Node::Parenthesis(operand) => size(operand),
        Node::Binary(_, first, second) => size(first) + size(second),
        Node::Call(_, arguments) => arguments.iter().map(size).sum(),
        _ => 0,
    }
}

const fn no_rule() -> EvaluateErrorKind {
    EvaluateErrorKind::Domain {
        function: "derivative",
        expected: "sums, products, quotients, powers and functions of one argument",
    }
}

fn derive(expression: &Tree, variable: &str, left: &mut usize) -> Result<Tree, EvaluateErrorKind> {
    // Each rule copies its operands at most a few times.
    *left = left
        .checked_sub(size(expression))
        .ok_or(EvaluateErrorKind::TooLarge { what: "a derivative", limit: NODES_MAX })?;
    Ok(match &expression.node {
        Node::Number(_) => number(0.0),
        Node::Name(name) => number(f64::from(u8::from(name == variable))),
        Node::Parenthesis(inner) => derive(inner, variable, left)?,
        Node::Unary(UnaryOperator::Plus, operand) => derive(operand, variable, left)?,
        Node::Unary(UnaryOperator::Minus, operand) => negate(derive(operand, variable, left)?),
        Node::Unary(UnaryOperator::Percent, operand) => divide(derive(operand, variable, left)?, number(100.0)),
        Node::Binary(operator, f, g) => derive_binary(*operator, f, g, variable, left)?,
        Node::Call(callee, arguments) => match (&callee.node, &arguments[..]) {
            (Node::Name(name), [argument]) => {
                let outer = outer_derivative(name, argument).ok_or_else(no_rule)?;
                multiply(derive(argument, variable, left)?, outer)
            }
            (Node::Name(name), [base, exponent]) if name == "pow" => {
                derive_binary(BinaryOperator::Power, base, exponent, variable, left)?
            }
            _ => return Err(no_rule()),
        },
        _ => return Err(no_rule()),
    })
}

fn derive_binary(
    operator: BinaryOperator,
    f: &Tree,
    g: &Tree,
    variable: &str,
    left: &mut usize,
) -> Result<Tree, EvaluateErrorKind> {
    let (df, dg) = (derive(f, variable, left)?, derive(g, variable, left)?);
    Ok(match operator {
        BinaryOperator::Add => add(df, dg),
        BinaryOperator::Subtract => subtract(df, dg),
        BinaryOperator::Multiply | BinaryOperator::ImplicitMultiply => {
            add(multiply(df, g.clone()), multiply(f.clone(), dg))
        }
        BinaryOperator::Divide if is_number(&dg, 0.0) => divide(df, g.clone()),
        BinaryOperator::Divide => divide(subtract(multiply(df, g.clone()), multiply(f.clone(), dg)), square(g.clone())),
        BinaryOperator::Power => match &g.node {
            Node::Number(exponent) => {
                let lowered = power(f.clone(), number(exponent - 1.0));
                multiply(multiply(number(*exponent), df), lowered)
            }
            _ if is_number(&dg, 0.0) => {
                let lowered = power(f.clone(), subtract(g.clone(), number(1.0)));
                multiply(multiply(g.clone(), df), lowered)
            }
            _ => {
                let base = multiply(df, divide(g.clone(), f.clone()));
                multiply(power(f.clone(), g.clone()), add(base, multiply(dg, call("log", f))))
            }
        },
        _ => return Err(no_rule()),
    })
}

/// Derivative of a function of one argument by that argument.
fn outer_derivative(name: &str, x: &Tree) -> Option<Tree> {
    let one = || number(1.0);
    let root = |inside: Tree| call("sqrt", &inside);
    let squared = || square(x.clone());
    Some(match name {
        "sin" => call("cos", x),
        "cos" => negate(call("sin", x)),
        "tan" => square(call("sec", x)),
        "asin" => divide(one(), root(subtract(one(), squared()))),
        "acos" => negate(divide(one(), root(subtract(one(), squared())))),
        "atan" => divide(one(), add(one(), squared())),
        "sinh" => call("cosh", x),
        "cosh" => call("sinh", x),
        "tanh" => square(call("sech", x)),
        "asinh" => divide(one(), root(add(squared(), one()))),
        "acosh" => divide(one(), root(subtract(squared(), one()))),
        "atanh" => divide(one(), subtract(one(), squared())),
        "exp" => call("exp", x),
        "expm1" => call("exp", x),
        "log" => divide(one(), x.clone()),
        "log10" => divide(one(), multiply(x.clone(), call("log", &number(10.0)))),
        "log2" => divide(one(), multiply(x.clone(), call("log", &number(2.0)))),
        "log1p" => divide(one(), add(one(), x.clone())),
        "sqrt" => divide(one(), multiply(number(2.0), call("sqrt", x))),
        "cbrt" => divide(one(), multiply(number(3.0), square(call("cbrt", x)))),
        "square" => multiply(number(2.0), x.clone()),
        "cube" => multiply(number(3.0), squared()),
        "abs" => call("sign", x),
        "erf" => {
            let scale = number(std::f64::consts::FRAC_2_SQRT_PI);
            multiply(scale, call("exp", &negate(squared())))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::interpreter::{Interpreter, Options};
    use crate::formula::value::Value;
    use crate::formula::{Dialect, parse};

    fn derived(text: &str) -> Result<Tree, EvaluateErrorKind> {
        derivative(&parse(text, Dialect::Sane).unwrap(), "x")
    }

    #[test]
    fn derivatives_agree_with_differences() {
        let at = |tree: &Tree, x: f64| {
            let mut interpreter = Interpreter::new(Options::default());
            interpreter.set("x", Value::Number(x));
            match interpreter.evaluate(tree) {
                Ok(Value::Number(y)) => y,
                other => panic!("{other:?}"),
            }
        };
        for text in [
            "x^2",
            "3 x + 2",
            "x/(1+x)",
            "x^x",
            "2^x",
            "sin(x) cos(x)",
            "tan(x)",
            "asin(x)",
            "acos(x)",
            "atan(x)",
            "sinh(x)",
            "cosh(x)",
            "tanh(x)",
            "asinh(x)",
            "acosh(x+1)",
            "atanh(x)",
            "exp(-x)",
            "expm1(x)",
            "log(x)",
            "log10(x)",
            "log2(x)",
            "log1p(x)",
            "sqrt(x)",
            "cbrt(x)",
            "square(x)",
            "cube(x)",
            "abs(x)",
            "erf(x)",
            "pow(x, 3)",
            "x^pi",
            "-(x%)",
        ] {
            let (function, x, step) = (parse(text, Dialect::Sane).unwrap(), 0.4, 1e-6);
            let difference = (at(&function, x + step) - at(&function, x - step)) / (2.0 * step);
            let found = at(&derived(text).unwrap(), x);
            assert!((found - difference).abs() < 1e-8 * difference.abs().max(1.0), "{text}: {found}, {difference}");
        }
    }

    #[test]
    fn what_is_zero_or_one_is_left_out() {
        assert_eq!(derived("x^2").unwrap().s_expression(), "(* 2 x)");
        assert_eq!(derived("5 + y").unwrap().s_expression(), "0");
    }

    #[test]
    fn what_has_no_rule_is_refused() {
        assert!(matches!(derived("floor(x)"), Err(EvaluateErrorKind::Domain { .. })));
        assert!(matches!(derived("x > 1"), Err(EvaluateErrorKind::Domain { .. })));
    }
}
