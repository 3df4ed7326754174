//! Evaluates a formula's tree to a [`Value`], with the dynamic semantics of mathjs 15.
//!
//! The engine compiles whatever depends on draws or metrics into vector operations; everything constant is evaluated
//! here, once. The interpreter does not draw: a random function is asked of the [`Draw`] it was given, or is an error.
//!
//! Nothing here takes unbounded time or memory: [`DEPTH_MAX`] bounds nesting, [`STEPS_MAX`] work, and
//! [`ELEMENTS_MAX`] every matrix.

mod access;
mod arithmetic;
mod call;
mod comparison;
mod error;
mod numeric;

use std::collections::BTreeMap;
use std::sync::Arc;

use arithmetic::scalar_truth;
pub use arithmetic::{binary, unary};
pub(in crate::formula) use arithmetic::{broadcast, convert, elementwise, factorial, transpose};
pub use call::{call, call_with};
pub use comparison::{compare, truth};
pub(in crate::formula) use comparison::{equal, order};
pub use error::{EvaluateError, EvaluateErrorKind};
pub use numeric::real_of;
pub(in crate::formula) use numeric::{Numeric, Pair, complex_of, unexpected};

use super::functions;
use super::tree::{BinaryOperator, ComparisonOperator, Node, Statement, Tree, UnaryOperator};
use super::value::{Definition, ELEMENTS_MAX, Function, Matrix, Quantity, Value};
use crate::span::Span;

/// Deepest nesting of expressions and calls; a call counts for two more.
///
/// Above the levels of a tree that the parser allows. At this depth the deepest recursion, in a build without
/// optimisation, stays within the two megabytes of a spawned thread.
pub const DEPTH_MAX: usize = 384;

/// Levels of nesting that a call counts for, since it takes more of the stack than an operator.
const CALL_DEPTH: usize = 2;

/// Most steps that one interpreter takes: nodes evaluated, and work on matrices in proportion.
pub const STEPS_MAX: usize = 2_000_000;

/// Elements of a matrix that are made or read in the time of one step.
const ELEMENTS_PER_STEP: usize = 2;

/// Deepest nesting of values in values: objects, blocks, functions that hold functions.
const NESTING_MAX: usize = 64;

/// What a function of values yields.
pub type Evaluated = Result<Value, EvaluateErrorKind>;

/// How to evaluate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether to reproduce Guesstimate's defects: `PI` is its profitability index even as a bare name, and `gamma` of
    /// one argument is no number, which breaks factorials.
    pub compat: bool,
}

/// Where random functions get their values from.
pub trait Draw {
    /// One value of the random function of that name with those arguments.
    ///
    /// # Errors
    /// Arguments that the function does not take.
    fn draw(&mut self, function: &'static str, arguments: &[Value]) -> Evaluated;
}

/// Evaluates trees in a scope of names.
pub struct Interpreter<'a> {
    options: Options,
    draw: Option<&'a mut dyn Draw>,
    /// Values given by the caller, such as metrics; a name in call position does not see them.
    given: BTreeMap<String, Value>,
    /// Values assigned by formulas.
    assigned: BTreeMap<String, Value>,
    /// Parameters of the functions being called; only the last frame is visible.
    frames: Vec<Vec<(String, Value)>>,
    /// Lengths that `end` stands for, innermost last.
    ends: Vec<usize>,
    depth: usize,
    steps: usize,
}

/// Attaches a place to an error.
fn at(span: Span) -> impl Fn(EvaluateErrorKind) -> EvaluateError {
    move |kind| EvaluateError { kind, span }
}

/// Names that mean the same everywhere and cannot be assigned to.
fn reserved(name: &str) -> Option<Value> {
    Some(match name {
        "true" => Value::Boolean(true),
        "false" => Value::Boolean(false),
        "null" => Value::Null,
        "undefined" => Value::Undefined,
        "NaN" => Value::Number(f64::NAN),
        "Infinity" => Value::Number(f64::INFINITY),
        _ => return None,
    })
}

impl<'a> Interpreter<'a> {
    /// Interpreter with an empty scope, in which random functions are errors.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            draw: None,
            given: BTreeMap::new(),
            assigned: BTreeMap::new(),
            frames: Vec::new(),
            ends: Vec::new(),
            depth: 0,
            steps: 0,
        }
    }

    /// Interpreter that asks `draw` for the values of random functions.
    #[must_use]
    pub fn with_draw(options: Options, draw: &'a mut dyn Draw) -> Self {
        Self { draw: Some(draw), ..Interpreter::new(options) }
    }

    /// How it evaluates.
    #[must_use]
    pub const fn options(&self) -> Options {
        self.options
    }

    /// Gives a name a value, as a metric has; a reference `${text}` is given under that whole text.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.given.insert(name.into(), value);
    }

    /// Value that the formulas evaluated so far assigned to a name, or that it was given.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.assigned.get(name).or_else(|| self.given.get(name))
    }

    /// Forgets what formulas assigned and how much work they did; keeps what was given.
    pub fn reset(&mut self) {
        self.assigned.clear();
        self.steps = 0;
    }

    /// Evaluates a formula.
    ///
    /// # Errors
    /// [`EvaluateError`] with the innermost place that failed.
    ///
    /// # Examples
    /// ```
    /// use tailcast::formula::interpreter::{Interpreter, Options};
    /// use tailcast::formula::value::Value;
    /// use tailcast::formula::{Dialect, parse};
    ///
    /// let tree = parse("sum(map([1, 2, 3], f(x) = x ^ 2))", Dialect::Sane)?;
    /// assert_eq!(Interpreter::new(Options::default()).evaluate(&tree)?, Value::Number(14.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn evaluate(&mut self, tree: &Tree) -> Result<Value, EvaluateError> {
        self.depth += 1;
        let result = self.charge(1).map_err(at(tree.span)).and_then(|()| self.node(tree));
        self.depth -= 1;
        let value = result?;
        self.check_size(&value).map_err(at(tree.span))?;
        Ok(value)
    }

    /// Counts the work of copying a value, and refuses one that is too large or nests too deep.
    fn check_size(&mut self, value: &Value) -> Result<(), EvaluateErrorKind> {
        let weight = value.weight();
        self.charge_elements(weight)?;
        if weight > ELEMENTS_MAX {
            Err(EvaluateErrorKind::TooLarge { what: "a value", limit: ELEMENTS_MAX })
        } else if value.nesting() > NESTING_MAX {
            Err(EvaluateErrorKind::TooDeep { limit: NESTING_MAX })
        } else {
            Ok(())
        }
    }

    /// Does something a call deeper.
    fn deeper<T>(&mut self, call: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += CALL_DEPTH;
        let result = call(self);
        self.depth -= CALL_DEPTH;
        result
    }

    /// Counts work on that many elements.
    pub(in crate::formula) fn charge_elements(&mut self, count: usize) -> Result<(), EvaluateErrorKind> {
        self.charge(count / ELEMENTS_PER_STEP)
    }

    /// Applies an operator with two operands, and counts its work.
    pub(in crate::formula) fn apply(&mut self, operator: BinaryOperator, left: &Value, right: &Value) -> Evaluated {
        self.charge_elements(arithmetic::work(operator, left, right))?;
        binary(operator, left, right)
    }

    /// Counts work, and refuses it when there was too much or it nests too deep.
    pub(in crate::formula) fn charge(&mut self, steps: usize) -> Result<(), EvaluateErrorKind> {
        self.steps = self.steps.saturating_add(steps);
        if self.depth > DEPTH_MAX {
            Err(EvaluateErrorKind::TooDeep { limit: DEPTH_MAX })
        } else if self.steps > STEPS_MAX {
            Err(EvaluateErrorKind::TooLong { limit: STEPS_MAX })
        } else {
            Ok(())
        }
    }

    fn node(&mut self, tree: &Tree) -> Result<Value, EvaluateError> {
        match &tree.node {
            Node::Number(x) => Ok(Value::Number(*x)),
            Node::Text(text) => Ok(Value::Text(text.clone())),
            Node::Name(name) => self.name(name).map_err(at(tree.span)),
            Node::Reference(text) => self.reference(text).map_err(at(tree.span)),
            Node::Unary(operator, operand) => self.unary(*operator, operand, tree.span),
            Node::Binary(..) => self.binary_chain(tree),
            Node::Comparison(first, rest) => self.comparison(first, rest),
            Node::Conditional(condition, then, otherwise) => self.conditional(condition, then, otherwise),
            Node::Call(callee, arguments) => self.call_node(callee, arguments, tree.span),
            Node::Index(object, indices) => self.index(object, indices, tree.span),
            Node::Property { object, name, optional } => self.property(object, name, *optional, tree.span),
            Node::Array(rows) => self.array(rows, tree.span),
            Node::Range { start, step, end } => self.range(start, step.as_deref(), end, tree.span),
            Node::Object(properties) => self.object(properties),
            Node::Assignment(target, value) => self.assign(target, value),
            Node::Function { name, parameters, body } => Ok(self.define(name, parameters, body)),
            Node::Block(statements) => self.block(statements),
            Node::Parenthesis(inner) => self.evaluate(inner),
            Node::Empty => Ok(Value::Undefined),
        }
    }

    /// Value of a name that a formula assigned, or of a parameter.
    fn local(&self, name: &str) -> Option<&Value> {
        self.frames
            .last()
            .and_then(|frame| frame.iter().rev().find(|(parameter, _)| parameter == name))
            .map(|(_, value)| value)
            .or_else(|| self.assigned.get(name))
    }

    /// Whether a name means anything where the formula stands now.
    pub(in crate::formula) fn knows(&self, name: &str) -> bool {
        self.name(name).is_ok()
    }

    fn name(&self, name: &str) -> Evaluated {
        if let Some(value) = reserved(name) {
            return Ok(value);
        }
        if name == "end"
            && let Some(&length) = self.ends.last()
        {
            #[expect(clippy::cast_precision_loss, reason = "a matrix has far fewer than 2^53 elements")]
            return Ok(Value::Number(length as f64));
        }
        if let Some(value) = self.local(name).or_else(|| self.given.get(name)) {
            return Ok(value.clone());
        }
        if name == "PI" && self.options.compat {
            return Ok(Value::Function(Function::Builtin("PI")));
        }
        if let Some(constant) = functions::constant(name) {
            return Ok(constant.value());
        }
        if let Some(function) = functions::find(name) {
            return Ok(Value::Function(Function::Builtin(function.name)));
        }
        if let Some(unsupported) = functions::unsupported(name) {
            return Ok(Value::Function(Function::Builtin(unsupported)));
        }
        match Quantity::unit(name) {
            Some(unit) => Ok(unit.into()),
            None => Err(EvaluateErrorKind::UnknownName { name: name.to_owned() }),
        }
    }

    fn reference(&self, text: &str) -> Evaluated {
        let name = format!("${{{text}}}");
        self.given.get(&name).cloned().ok_or(EvaluateErrorKind::UnknownName { name })
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &Tree, span: Span) -> Result<Value, EvaluateError> {
        let value = self.evaluate(operand)?;
        if operator == UnaryOperator::Factorial {
            return self.factorial(&value).map_err(at(span));
        }
        unary(operator, &value).map_err(at(span))
    }

    /// Factorial, which Guesstimate's replacement of `gamma` breaks.
    pub(in crate::formula) fn factorial(&self, value: &Value) -> Evaluated {
        let compat = self.options.compat;
        elementwise(value, &mut |value| {
            let result = factorial(value)?;
            Ok(if compat { Value::Number(f64::NAN) } else { result })
        })
    }

    /// Evaluates `a op b op c …`, however long, without a level of nesting for each operator.
    fn binary_chain(&mut self, tree: &Tree) -> Result<Value, EvaluateError> {
        let mut spine = Vec::new();
        let mut leftmost = tree;
        while let Node::Binary(operator, left, right) = &leftmost.node {
            spine.push((*operator, right, leftmost.span));
            leftmost = left;
        }
        let mut value = self.evaluate(leftmost)?;
        while let Some((operator, right, span)) = spine.pop() {
            value = self.binary_step(operator, value, right, span)?;
        }
        Ok(value)
    }

    fn binary_step(
        &mut self,
        operator: BinaryOperator,
        left: Value,
        right: &Tree,
        span: Span,
    ) -> Result<Value, EvaluateError> {
        let decided = match operator {
            BinaryOperator::Coalesce if !matches!(left, Value::Null | Value::Undefined) => return Ok(left),
            BinaryOperator::And | BinaryOperator::Or if !matches!(left, Value::Matrix(_)) => {
                let function = if operator == BinaryOperator::And { "and" } else { "or" };
                let truth = scalar_truth(function, &left).map_err(at(span))?;
                (truth == (operator == BinaryOperator::Or)).then_some(truth)
            }
            _ => None,
        };
        if let Some(truth) = decided {
            return Ok(Value::Boolean(truth));
        }
        let additive = matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract);
        let mut operand = self.evaluate(right)?;
        if additive && matches!(right.node, Node::Unary(UnaryOperator::Percent, _)) {
            operand = self.apply(BinaryOperator::Multiply, &left, &operand).map_err(at(span))?;
        }
        self.apply(operator, &left, &operand).map_err(at(span))
    }

    fn comparison(&mut self, first: &Tree, rest: &[(ComparisonOperator, Tree)]) -> Result<Value, EvaluateError> {
        let mut left = self.evaluate(first)?;
        let mut holds = Value::Boolean(true);
        for (position, (operator, tree)) in rest.iter().enumerate() {
            let span = first.span.join(tree.span);
            let right = self.evaluate(tree)?;
            let outcome = compare(*operator, &left, &right).map_err(at(span))?;
            holds = if position == 0 {
                outcome
            } else {
                binary(BinaryOperator::And, &holds, &outcome).map_err(at(span))?
            };
            if holds == Value::Boolean(false) {
                break;
            }
            left = right;
        }
        Ok(holds)
    }

    fn conditional(&mut self, condition: &Tree, then: &Tree, otherwise: &Tree) -> Result<Value, EvaluateError> {
        let value = self.evaluate(condition)?;
        let holds = truth(&value).map_err(at(condition.span))?;
        self.evaluate(if holds { then } else { otherwise })
    }

    fn array(&mut self, rows: &[Vec<Tree>], span: Span) -> Result<Value, EvaluateError> {
        let mut stacked = Vec::with_capacity(rows.len());
        for row in rows {
            let elements = row.iter().map(|tree| self.evaluate(tree)).collect::<Result<Vec<_>, _>>()?;
            stacked.push(Value::Matrix(Matrix::stack(elements).map_err(at(span))?));
        }
        match stacked.len() {
            0 => Ok(Matrix::vector(Vec::new()).into()),
            1 => Ok(stacked.swap_remove(0)),
            _ => Ok(Matrix::stack(stacked).map_err(at(span))?.into()),
        }
    }

    fn range(&mut self, start: &Tree, step: Option<&Tree>, end: &Tree, span: Span) -> Result<Value, EvaluateError> {
        let mut number = |tree: &Tree| {
            let value = self.evaluate(tree)?;
            real_of("range", &value).map_err(at(tree.span))
        };
        let (start, end) = (number(start)?, number(end)?);
        let step = step.map_or(Ok(1.0), number)?;
        let range = functions::range(start, end, step, true).map_err(at(span))?;
        Ok(range.into())
    }

    fn object(&mut self, properties: &[(String, Tree)]) -> Result<Value, EvaluateError> {
        let mut object: Vec<(String, Value)> = Vec::with_capacity(properties.len());
        for (key, tree) in properties {
            let value = self.evaluate(tree)?;
            object.retain(|(name, _)| name != key);
            object.push((key.clone(), value));
        }
        Ok(Value::Object(object))
    }

    fn define(&mut self, name: &str, parameters: &[String], body: &Tree) -> Value {
        let captured = self.frames.last().cloned().unwrap_or_default();
        let definition = Definition::new(name.to_owned(), parameters.to_vec(), body.clone(), captured);
        let function = Value::Function(Function::Defined(Arc::new(definition)));
        self.bind(name, function.clone());
        function
    }

    /// Assigns to a name: to the parameter of that name if there is one.
    fn bind(&mut self, name: &str, value: Value) {
        let parameter =
            self.frames.last_mut().and_then(|frame| frame.iter_mut().rev().find(|(parameter, _)| parameter == name));
        match parameter {
            Some((_, slot)) => *slot = value,
            None => {
                self.assigned.insert(name.to_owned(), value);
            }
        }
    }

    fn block(&mut self, statements: &[Statement]) -> Result<Value, EvaluateError> {
        let mut shown = Vec::new();
        for statement in statements {
            let value = self.evaluate(&statement.tree)?;
            // Outside compatibility a block is worth its last value, shown or not.
            let last = !self.options.compat && std::ptr::eq(statement, &raw const statements[statements.len() - 1]);
            if (statement.shown || last) && shown.len() < ELEMENTS_MAX {
                shown.push(value);
            }
        }
        Ok(Value::ResultSet(shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::{Dialect, parse};

    fn run(text: &str) -> Result<Value, EvaluateErrorKind> {
        let tree = parse(text, Dialect::Sane).unwrap_or_else(|error| panic!("`{text}`: {error}"));
        Interpreter::new(Options::default()).evaluate(&tree).map_err(|error| error.kind)
    }

    fn last(text: &str) -> Value {
        match run(text) {
            Ok(Value::ResultSet(mut values)) => values.pop().expect("a block has a last value"),
            Ok(value) => value,
            Err(error) => panic!("`{text}`: {error}"),
        }
    }

    #[test]
    fn names_are_looked_up_from_the_inside_out() {
        let mut interpreter = Interpreter::new(Options::default());
        interpreter.set("e", Value::Number(7.0));
        interpreter.set("${metric:AB}", Value::Number(3.0));
        let mut value = |text: &str| interpreter.evaluate(&parse(text, Dialect::Sane).unwrap()).map_err(|e| e.kind);
        assert_eq!(value("e + ${metric:AB}"), Ok(Value::Number(10.0)));
        assert_eq!(value("${metric:XY}"), Err(EvaluateErrorKind::UnknownName { name: "${metric:XY}".into() }));
        assert_eq!(value("f(e) = e * 2"), value("f"));
        assert_eq!(value("f(4)"), Ok(Value::Number(8.0)));
        assert_eq!(value("e(4)"), Err(EvaluateErrorKind::NotCallable { found: "a number" }));
        interpreter.reset();
        assert_eq!(interpreter.get("f"), None);
        assert_eq!(interpreter.get("e"), Some(&Value::Number(7.0)));
    }

    #[test]
    fn a_metric_named_like_a_function_leaves_the_function_callable() {
        let mut interpreter = Interpreter::new(Options::default());
        interpreter.set("max", Value::Number(3.0));
        let tree = parse("max(1, 2) + max", Dialect::Sane).unwrap();
        assert_eq!(interpreter.evaluate(&tree), Ok(Value::Number(5.0)));
    }

    #[test]
    fn what_is_not_reached_does_no_harm() {
        assert_eq!(run("0 ? unknown : 3"), Ok(Value::Number(3.0)));
        assert_eq!(run("false and unknown"), Ok(Value::Boolean(false)));
        assert_eq!(run("1 ?? unknown"), Ok(Value::Number(1.0)));
        assert_eq!(run("2 < 1 < unknown"), Ok(Value::Boolean(false)));
        assert_eq!(run("1 < 2 < unknown"), Err(EvaluateErrorKind::UnknownName { name: "unknown".into() }));
    }

    #[test]
    fn a_percentage_is_of_what_stands_before_it() {
        assert_eq!(run("100 + 10% + 10%"), Ok(Value::Number(121.0)));
        assert_eq!(run("100 - 10%"), Ok(Value::Number(90.0)));
        assert_eq!(run("100 + 10% * 2"), Ok(Value::Number(100.2)));
    }

    #[test]
    fn functions_close_over_the_parameters_around_them() {
        assert_eq!(last("f(x) = (g(y) = x + y); h = f(3); h(4)"), Value::Number(7.0));
        assert_eq!(last("x = 2; f(y) = x * y; x = 3; f(1)"), Value::Number(3.0));
    }

    #[test]
    fn elements_and_properties_can_be_assigned_to() {
        assert_eq!(last("a = {b: {c: 1}}; a.b.c = 5; a.b.c"), Value::Number(5.0));
        assert_eq!(last("a = [1, 2]; a[4] = 9; sum(a)"), Value::Number(12.0));
        assert_eq!(last("a = [1, 2; 3, 4]; a[1, :] = [7, 8]; a[1, 2]"), Value::Number(8.0));
        assert_eq!(last("a = {v: [1, 2]}; a.v[2] = 5; a.v[2]"), Value::Number(5.0));
        assert_eq!(run("x.y = 1"), Err(EvaluateErrorKind::UnknownName { name: "x".into() }));
        assert!(matches!(run("a = [1]; a[1e9] = 1"), Err(EvaluateErrorKind::TooLarge { .. })));
    }

    #[test]
    fn indices_count_from_one_and_know_the_end() {
        assert_eq!(run("[5, 6, 7][end]"), Ok(Value::Number(7.0)));
        assert_eq!(run("[5, 6, 7][end - [1, 2][1]]"), Ok(Value::Number(6.0)));
        assert_eq!(run("[1, 2; 3, 4][:, 2]"), Ok(Matrix::numbers([2.0, 4.0]).into()));
        assert_eq!(run("[5][0]"), Err(EvaluateErrorKind::Index { index: 0, length: 1 }));
        assert_eq!(run("\"abc\"[2:3]"), Ok(Value::Text("bc".into())));
    }

    #[test]
    fn hostile_constants_end_in_an_error() {
        for text in [
            "f(x) = f(x); f(1)",
            "f(x) = f(x) + f(x); f(1)",
            "f(n) = n < 2 ? n : f(n - 1) + f(n - 2); f(60)",
            "f(x) = evaluate(\"f(1)\"); f(1)",
            "f(x) = map([1, 2], f); f(1)",
            "f(x) = sort([1, 2], f); f(1)",
            "zeros(1e9)",
            "ones(1e5, 1e5)",
            "1:1e12",
            "1:1e-12:2",
            "identity(1e8)",
            "kron(ones(2000), ones(2000))",
            "[1, 2; 3, 4] ^ 1e9",
            "ones(1e3, 1e3) * ones(1e3, 1e3)",
            "map(1:1e3, f(x) = sum(zeros(1e5)))",
            "map(1:1e5, f(x) = det(ones(50, 50)))",
            "map(1:1e5, f(x) = ones(50, 50) ^ 9)",
            "ones(190, 190) ^ 1e6",
            "a = zeros(1e5); map(1:1e5, f(x) = (a[1] = x))",
            "resize([1], [1e5, 1e5])",
            "diag(1:1e5)",
            "nthRoots(1, 1e9)",
            "quantileSeq([1, 2], 1e9)",
            "DF(1, 1e12)",
            "concat(zeros(1e5), zeros(1e5))",
            "setCartesian(1:1e4, 1:1e4)",
            "(1:1e5)' + zeros(1e5, 1)",
            "det(ones(500, 500))",
            "a = 1:1e5; f(x) = (g(y) = y); h = f(a); map(1:1e5, h)",
            &format!("a = {{}}; {} a", "a = {b: a};".repeat(10_000)),
            &format!("a = {{}}; {} a", "a = {b: a, c: a};".repeat(60)),
            &format!("f(x) = (g(y) = x); h = 1; {} h", "h = f(h);".repeat(10_000)),
            &format!("a = \"aaaaaaaa\"; {} a", "a = concat(a, a);".repeat(40)),
        ] {
            let result = run(text);
            assert!(result.is_err(), "`{text}` is {}", result.unwrap().text(5).chars().take(80).collect::<String>());
        }
    }

    #[test]
    fn a_long_sum_is_no_deep_one() {
        // The interpreter walks the left side of a chain without nesting; how deep a tree may be is the parser's affair.
        let one = || Tree { node: Node::Number(1.0), span: Span::default() };
        let mut sum = one();
        for _ in 0..5_000 {
            let node = Node::Binary(BinaryOperator::Add, Box::new(sum), Box::new(one()));
            sum = Tree { node, span: Span::default() };
        }
        assert_eq!(Interpreter::new(Options::default()).evaluate(&sum), Ok(Value::Number(5_001.0)));
    }

    #[test]
    fn huge_numbers_take_no_time() {
        for (text, expected) in [
            ("factorial(1e9)", f64::INFINITY),
            ("combinations(1e15, 5e14)", f64::INFINITY),
            ("bellNumbers(1e9)", f64::INFINITY),
            ("number(bignumber(2) ^ 1e9)", f64::INFINITY),
        ] {
            assert_eq!(run(text), Ok(Value::Number(expected)), "{text}");
        }
    }

    #[test]
    fn random_functions_are_asked_of_what_draws() {
        struct Fixed;
        impl Draw for Fixed {
            fn draw(&mut self, function: &'static str, arguments: &[Value]) -> Evaluated {
                assert_eq!((function, arguments.len()), ("normal", 2));
                Ok(arguments[0].clone())
            }
        }
        let tree = parse("sum(map([1, 2], f(x) = normal(x, 0)))", Dialect::Sane).unwrap();
        let mut fixed = Fixed;
        let drawn = Interpreter::with_draw(Options::default(), &mut fixed).evaluate(&tree);
        assert_eq!(drawn, Ok(Value::Number(3.0)));
        let undrawn = Interpreter::new(Options::default()).evaluate(&tree).map_err(|error| error.kind);
        assert_eq!(undrawn, Err(EvaluateErrorKind::Random { function: "normal".into() }));
        assert_eq!(run("gamma(5)"), Ok(Value::Number(24.0)));
    }

    #[test]
    fn an_error_points_at_the_innermost_place() {
        let tree = parse("1 + sqrt(2, 3)", Dialect::Sane).unwrap();
        let error = Interpreter::new(Options::default()).evaluate(&tree).unwrap_err();
        assert_eq!(error.span, Span::new(4, 14));
        assert_eq!(error.to_string(), "expected 1 argument, as `sqrt(x)` in `sqrt`, found 2");
    }
}
