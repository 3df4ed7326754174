//! Calls: of functions of the table, by operations where there are some and sample by sample where there are none, and
//! of functions defined in the formula.

use std::sync::Arc;

use super::draws::draws;
use super::part::{Closure, Part, Sampled};
use super::{CALL_DEPTH_MAX, Lowered, Lowering};
use crate::formula::interpreter;
use crate::formula::value::{Function, Matrix, Value};
use crate::formula::{BinaryOperator, ComparisonOperator, Node, Tree, functions};
use crate::program::error::{ProgramError, ProgramErrorKind};
use crate::program::figure::is_figure;
use crate::program::graph::{NodeId, ScalarFunction};
use crate::program::operation::{BinaryOperation, UnaryOperation};
use crate::span::Span;

impl Lowering<'_> {
    pub(super) fn call(&mut self, callee: &Tree, arguments: &[Tree], span: Span) -> Lowered<Part> {
        let function = match &callee.node {
            Node::Name(name) => match self.scope.get(name) {
                Some(part) => part.clone(),
                None if draws(name) => return self.draw(name, arguments, span),
                None if is_figure(name) => return self.figure(name, arguments, span),
                None => return self.call_named(name, arguments, span),
            },
            _ => self.part(callee)?,
        };
        let parts = arguments.iter().map(|tree| self.part(tree)).collect::<Lowered<Vec<_>>>()?;
        self.apply(&function, &parts, span)
    }

    fn call_named(&mut self, name: &str, arguments: &[Tree], span: Span) -> Lowered<Part> {
        let parts = arguments.iter().map(|tree| self.part(tree)).collect::<Lowered<Vec<_>>>()?;
        self.builtin(name, &parts, span)
    }

    /// A function as a part, applied to parts.
    pub(super) fn apply(&mut self, function: &Part, arguments: &[Part], span: Span) -> Lowered<Part> {
        match function {
            Part::Closure(closure) => self.apply_closure(&closure.clone(), arguments, span),
            Part::Known(Value::Function(Function::Builtin(name))) if draws(name) => {
                self.draw_parts(name, arguments, span)
            }
            Part::Known(Value::Function(Function::Builtin(name))) => self.builtin(name, arguments, span),
            Part::Known(Value::Function(Function::Defined(definition))) => {
                let closure = Closure {
                    parameters: definition.parameters.clone(),
                    body: definition.body.clone(),
                    captured: definition.captured.iter().map(|(n, v)| (n.clone(), Part::Known(v.clone()))).collect(),
                };
                self.apply_closure(&closure, arguments, span)
            }
            other => Err(ProgramError::at(span, ProgramErrorKind::NotFunction { found: other.described() })),
        }
    }

    fn apply_closure(&mut self, closure: &Closure, arguments: &[Part], span: Span) -> Lowered<Part> {
        if self.calls >= CALL_DEPTH_MAX {
            return Err(ProgramError::at(span, ProgramErrorKind::TooDeep { limit: CALL_DEPTH_MAX }));
        }
        if arguments.len() < closure.parameters.len() {
            let expected = format!("{} arguments", closure.parameters.len());
            let kind =
                ProgramErrorKind::ArgumentCount { function: "this function".into(), expected, found: arguments.len() };
            return Err(ProgramError::at(span, kind));
        }
        let parameters = closure.parameters.iter().cloned().zip(arguments.iter().cloned());
        let variables: Vec<_> = closure.captured.iter().cloned().chain(parameters).collect();
        let outside = self.function_depth;
        self.function_depth = self.scope.enter(variables);
        self.calls += 1;
        let result = self.part(&closure.body);
        self.calls -= 1;
        self.scope.leave(self.function_depth);
        self.function_depth = outside;
        result
    }

    /// Variables of the function being written out, for a function defined within it.
    pub(super) fn captured(&self) -> Vec<(String, Part)> {
        if self.calls == 0 { Vec::new() } else { self.scope.since(self.function_depth) }
    }

    /// A function of the table applied to parts.
    pub(super) fn builtin(&mut self, name: &str, arguments: &[Part], span: Span) -> Lowered<Part> {
        let known: Option<Vec<Value>> = arguments.iter().map(|part| part.known().cloned()).collect();
        if let Some(values) = known {
            let value = interpreter::call(name, &values);
            return Ok(Part::Known(value.map_err(|kind| ProgramError::at(span, kind))?));
        }
        if let [argument] = arguments
            && let Some(operation) = unary_operation(name)
            && argument.elements().is_none()
        {
            return self.unary_node(operation, argument, span);
        }
        if let [left, right] = arguments {
            if let Some(operator) = operator(name) {
                return self.combine(operator, left, right, span);
            }
            if let Some(operator) = comparison_operator(name) {
                return self.compare(operator, left, right, span);
            }
        }
        self.builtin_of_many(name, arguments, span)
    }

    fn builtin_of_many(&mut self, name: &str, arguments: &[Part], span: Span) -> Lowered<Part> {
        match (name, arguments) {
            ("add", [first, rest @ ..]) => self.fold(BinaryOperator::Add, first, rest, span),
            ("multiply", [first, rest @ ..]) => self.fold(BinaryOperator::Multiply, first, rest, span),
            ("square", [part]) => self.combine(BinaryOperator::DotMultiply, part, part, span),
            ("atan2", [y, x]) => self.binary_node(BinaryOperation::ArcTangent2, y, x, span),
            ("log", [x, base]) => {
                let (x, base) = (
                    self.builtin("log", std::slice::from_ref(x), span)?,
                    self.builtin("log", std::slice::from_ref(base), span)?,
                );
                self.combine(BinaryOperator::Divide, &x, &base, span)
            }
            ("unaryPlus", [part]) => self.unary(crate::formula::UnaryOperator::Plus, part, span),
            ("not", [part]) => self.unary(crate::formula::UnaryOperator::Not, part, span),
            ("sum" | "min" | "max" | "mean" | "prod", parts) => self.aggregate(name, parts, span),
            ("count", [list]) if list.elements().is_some() => {
                Ok(Part::Known(Value::Number(list.flattened().len() as f64)))
            }
            ("map", [list, function]) if list.elements().is_some() => {
                let elements = list.elements().unwrap_or_default();
                let parts = elements.iter().map(|part| self.apply(function, std::slice::from_ref(part), span));
                Part::list(parts.collect::<Lowered<_>>()?).map_err(|kind| ProgramError::at(span, kind))
            }
            ("flatten", [list]) => Ok(Part::List(list.flattened())),
            ("filterLessThan", [value, limit]) => self.filter(value, Some(limit), None, span),
            ("filterGreaterThan", [value, limit]) => self.filter(value, None, Some(limit), span),
            ("filterBetween", [value, low]) => self.filter(value, Some(low), None, span),
            ("filterBetween", [value, low, high, ..]) => self.filter(value, Some(low), Some(high), span),
            _ => self.call_by_sample(name, arguments, span),
        }
    }

    fn fold(&mut self, operator: BinaryOperator, first: &Part, rest: &[Part], span: Span) -> Lowered<Part> {
        rest.iter().try_fold(first.clone(), |result, part| self.combine(operator, &result, part, span))
    }

    /// Sum, product, mean, minimum or maximum over the elements of all arguments, left to right.
    fn aggregate(&mut self, name: &str, arguments: &[Part], span: Span) -> Lowered<Part> {
        let parts: Vec<Part> = arguments.iter().flat_map(Part::flattened).collect();
        for part in &parts {
            self.unfiltered_in_compat(part, span)?;
        }
        let (first, rest) = parts.split_first().expect("an argument that is not known has elements");
        match name {
            "sum" => self.fold(BinaryOperator::Add, first, rest, span),
            "prod" => self.fold(BinaryOperator::Multiply, first, rest, span),
            "mean" => {
                let sum = self.fold(BinaryOperator::Add, first, rest, span)?;
                let count = Part::Known(Value::Number(parts.len() as f64));
                self.combine(BinaryOperator::Divide, &sum, &count, span)
            }
            _ => {
                let operation = if name == "min" { BinaryOperation::Minimum } else { BinaryOperation::Maximum };
                let first = Part::Sampled(self.sampled(first, span)?);
                rest.iter().try_fold(first, |result, part| self.binary_node(operation, &result, part, span))
            }
        }
    }

    /// Keeps the samples that are not below `low` and not above `high`.
    fn filter(&mut self, value: &Part, low: Option<&Part>, high: Option<&Part>, span: Span) -> Lowered<Part> {
        let Sampled { node, mut keep, .. } = self.sampled(value, span)?;
        for (limit, operation) in [(low, BinaryOperation::NotBelow), (high, BinaryOperation::NotAbove)] {
            if let Some(limit) = limit {
                let limit = self.unfiltered_in_compat(limit, span)?;
                let inside = self.graph.binary(operation, node, limit.node);
                keep = self.both(keep, limit.keep);
                keep = self.both(keep, Some(inside));
            }
        }
        Ok(Part::Sampled(Sampled { keep, ..Sampled::number(node) }))
    }

    /// A function of the table called by the interpreter for each sample.
    pub(super) fn call_by_sample(&mut self, name: &str, arguments: &[Part], span: Span) -> Lowered<Part> {
        let mut nodes = Vec::new();
        let mut keep = None;
        let shapes = arguments.iter().map(|part| self.shape(part, &mut nodes, &mut keep, span));
        let shapes = shapes.collect::<Lowered<Vec<_>>>()?;
        let Some(function) = functions::find(name) else {
            let error = interpreter::call(name, &[]).expect_err("a name that is not in the table is no function");
            return Err(ProgramError::at(span, error));
        };
        let key = format!("{name}{shapes:?}");
        let name = function.name;
        let apply = move |values: &[f64]| {
            let mut values = values.iter().copied();
            let arguments: Vec<Value> = shapes.iter().map(|shape| shape.filled(&mut values)).collect();
            match interpreter::call(name, &arguments) {
                Ok(Value::Number(number)) => number,
                Ok(Value::Boolean(truth)) => f64::from(u8::from(truth)),
                _ => f64::NAN,
            }
        };
        let node = self.graph.function(ScalarFunction::new(&key, Arc::new(apply)), &nodes);
        Ok(Part::Sampled(Sampled { node, boolean: is_predicate(function), keep }))
    }

    /// The shape of an argument, with its sampled numbers taken out into `nodes`.
    fn shape(&mut self, part: &Part, nodes: &mut Vec<NodeId>, keep: &mut Option<NodeId>, span: Span) -> Lowered<Shape> {
        match part {
            Part::Known(value) => Ok(Shape::Known(value.clone())),
            Part::Sampled(_) => {
                let sampled = self.sampled(part, span)?;
                nodes.push(sampled.node);
                *keep = self.both(*keep, sampled.keep);
                Ok(Shape::Number)
            }
            Part::List(parts) => {
                Ok(Shape::List(parts.iter().map(|part| self.shape(part, nodes, keep, span)).collect::<Lowered<_>>()?))
            }
            Part::Closure(_) => Err(ProgramError::at(span, ProgramErrorKind::NotNumber { found: part.described() })),
        }
    }
}

/// An argument whose sampled numbers are still to be filled in.
#[derive(Debug, Clone)]
enum Shape {
    Known(Value),
    Number,
    List(Vec<Shape>),
}

impl Shape {
    fn filled(&self, values: &mut impl Iterator<Item = f64>) -> Value {
        match self {
            Self::Known(value) => value.clone(),
            Self::Number => Value::Number(values.next().unwrap_or(f64::NAN)),
            Self::List(shapes) => {
                let elements = shapes.iter().map(|shape| shape.filled(values)).collect();
                Matrix::stack(elements).map_or(Value::Undefined, Value::Matrix)
            }
        }
    }
}

fn unary_operation(name: &str) -> Option<UnaryOperation> {
    Some(match name {
        "abs" => UnaryOperation::Absolute,
        "sign" => UnaryOperation::Sign,
        "sqrt" => UnaryOperation::SquareRoot,
        "cbrt" => UnaryOperation::CubeRoot,
        "exp" => UnaryOperation::Exponential,
        "expm1" => UnaryOperation::ExponentialMinusOne,
        "log" => UnaryOperation::Logarithm,
        "log1p" => UnaryOperation::LogarithmOnePlus,
        "sin" => UnaryOperation::Sine,
        "cos" => UnaryOperation::Cosine,
        "tan" => UnaryOperation::Tangent,
        "round" => UnaryOperation::Round,
        "floor" => UnaryOperation::Floor,
        "ceil" => UnaryOperation::Ceiling,
        "fix" => UnaryOperation::Fix,
        "unaryMinus" => UnaryOperation::Negate,
        _ => return None,
    })
}

fn operator(name: &str) -> Option<BinaryOperator> {
    Some(match name {
        "add" => BinaryOperator::Add,
        "subtract" => BinaryOperator::Subtract,
        "multiply" => BinaryOperator::Multiply,
        "dotMultiply" => BinaryOperator::DotMultiply,
        "divide" => BinaryOperator::Divide,
        "dotDivide" => BinaryOperator::DotDivide,
        "mod" => BinaryOperator::Modulus,
        "pow" => BinaryOperator::Power,
        "dotPow" => BinaryOperator::DotPower,
        "and" => BinaryOperator::And,
        "or" => BinaryOperator::Or,
        "xor" => BinaryOperator::Xor,
        _ => return None,
    })
}

fn comparison_operator(name: &str) -> Option<ComparisonOperator> {
    Some(match name {
        "equal" | "equalScalar" => ComparisonOperator::Equal,
        "unequal" => ComparisonOperator::Unequal,
        "smaller" => ComparisonOperator::Smaller,
        "smallerEq" => ComparisonOperator::SmallerEqual,
        "larger" => ComparisonOperator::Larger,
        "largerEq" => ComparisonOperator::LargerEqual,
        _ => return None,
    })
}

/// Whether what the function yields is a boolean.
fn is_predicate(function: &functions::FunctionInfo) -> bool {
    matches!(function.family, functions::Family::Predicate | functions::Family::Comparison | functions::Family::Logic)
        && !function.name.starts_with("compare")
}
