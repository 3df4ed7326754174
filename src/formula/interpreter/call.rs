//! Calls: of functions of the table, of functions defined in the formula, and of methods.

use super::{Draw, EvaluateError, EvaluateErrorKind, Evaluated, Interpreter, Options, at, elementwise, real_of};
use crate::formula::functions::{self, Apply, FunctionInfo};
use crate::formula::tree::{Node, Tree};
use crate::formula::value::{Definition, Function, Value};
use crate::span::Span;

/// Calls a function of the table with constants, in an empty scope.
///
/// # Errors
/// Unknown functions, arguments that the function does not take, random functions.
///
/// # Examples
/// ```
/// use tailcast::formula::interpreter::call;
/// use tailcast::formula::value::Value;
/// assert_eq!(call("sqrt", &[Value::Number(16.0)]), Ok(Value::Number(4.0)));
/// ```
pub fn call(name: &str, arguments: &[Value]) -> Evaluated {
    call_with(Options::default(), name, arguments)
}

/// As [`call`], in the way that the options say.
///
/// # Errors
/// As [`call`].
pub fn call_with(options: Options, name: &str, arguments: &[Value]) -> Evaluated {
    let info = functions::find(name).ok_or_else(|| unknown_function(name))?;
    Interpreter::new(options).call_builtin(info, arguments)
}

fn unknown_function(name: &str) -> EvaluateErrorKind {
    match functions::unsupported(name) {
        Some(function) => EvaluateErrorKind::Unsupported { function },
        None => EvaluateErrorKind::UnknownFunction { name: name.to_owned() },
    }
}

fn check_arity(info: &FunctionInfo, found: usize) -> Result<(), EvaluateErrorKind> {
    if (info.arity.0..=info.arity.1).contains(&found) {
        return Ok(());
    }
    Err(EvaluateErrorKind::Arguments { function: info.name.to_owned(), expected: info.arity_text(), found })
}

impl Interpreter<'_> {
    pub(super) fn call_node(&mut self, callee: &Tree, arguments: &[Tree], span: Span) -> Result<Value, EvaluateError> {
        match &callee.node {
            Node::Name(name) => self.call_name(name, arguments, callee.span, span),
            Node::Property { object, name, optional } => {
                let object = self.evaluate(object)?;
                if *optional && matches!(object, Value::Null | Value::Undefined) {
                    return Ok(Value::Undefined);
                }
                self.call_method(&object, name, arguments, span)
            }
            _ => {
                let function = self.evaluate(callee)?;
                let arguments = self.arguments(arguments)?;
                self.call_value(&function, &arguments).map_err(at(span))
            }
        }
    }

    fn arguments(&mut self, trees: &[Tree]) -> Result<Vec<Value>, EvaluateError> {
        trees.iter().map(|tree| self.evaluate(tree)).collect()
    }

    fn call_name(&mut self, name: &str, trees: &[Tree], name_span: Span, span: Span) -> Result<Value, EvaluateError> {
        if let Some(function) = self.local(name).cloned() {
            let arguments = self.arguments(trees)?;
            return self.call_value(&function, &arguments).map_err(at(span));
        }
        let Some(info) = functions::find(name) else {
            let known = self.given.get(name).map(|value| EvaluateErrorKind::NotCallable { found: value.described() });
            return Err(at(name_span)(known.unwrap_or_else(|| unknown_function(name))));
        };
        if let Apply::Lazy(function) = info.apply {
            check_arity(info, trees.len()).map_err(at(span))?;
            return self.deeper(|interpreter| function(interpreter, trees, span));
        }
        let arguments = self.arguments(trees)?;
        self.call_builtin(info, &arguments).map_err(at(span))
    }

    fn call_method(&mut self, object: &Value, name: &str, trees: &[Tree], span: Span) -> Result<Value, EvaluateError> {
        let arguments = self.arguments(trees)?;
        if let (Value::Expression(expression), "evaluate") = (object, name) {
            return self.evaluate_expression(expression, arguments.first()).map_err(at(span));
        }
        match object.property(name) {
            Some(function) => self.call_value(function, &arguments).map_err(at(span)),
            None => Err(at(span)(EvaluateErrorKind::Property { name: name.to_owned(), found: object.described() })),
        }
    }

    /// Evaluates an expression made by `parse`, `compile` or `derivative`, with the properties of `scope` as names.
    pub(in crate::formula) fn evaluate_expression(&mut self, expression: &Tree, scope: Option<&Value>) -> Evaluated {
        let names = match scope {
            Some(Value::Object(properties)) => properties.clone(),
            None => Vec::new(),
            Some(other) => {
                return Err(EvaluateErrorKind::UnexpectedType { function: "evaluate", found: other.described() });
            }
        };
        self.frames.push(names);
        // Places within the text of the expression say nothing about the formula that holds it.
        let result = self.deeper(|interpreter| interpreter.evaluate(expression)).map_err(|error| error.kind);
        self.frames.pop();
        result
    }

    /// Calls a function given as a value.
    ///
    /// # Errors
    /// A value that is no function, arguments that it does not take, and the errors of its body.
    pub fn call_value(&mut self, function: &Value, arguments: &[Value]) -> Evaluated {
        match function {
            Value::Function(Function::Builtin(name)) => match functions::find(name) {
                Some(info) => self.call_builtin(info, arguments),
                None => Err(unknown_function(name)),
            },
            Value::Function(Function::Defined(definition)) => self.call_defined(definition, arguments),
            Value::Filtered => Err(EvaluateErrorKind::Filtered),
            other => Err(EvaluateErrorKind::NotCallable { found: other.described() }),
        }
    }

    fn call_defined(&mut self, definition: &Definition, arguments: &[Value]) -> Evaluated {
        if arguments.len() != definition.parameters.len() {
            return Err(EvaluateErrorKind::Arguments {
                function: definition.name.clone(),
                expected: functions::count_text(definition.parameters.len()),
                found: arguments.len(),
            });
        }
        let arguments_weight: usize = arguments.iter().map(Value::weight).sum();
        self.charge_elements(definition.weight.saturating_add(arguments_weight))?;
        let mut frame = definition.captured.clone();
        frame.extend(definition.parameters.iter().cloned().zip(arguments.iter().cloned()));
        self.frames.push(frame);
        let ends = std::mem::take(&mut self.ends);
        let result = self.deeper(|interpreter| interpreter.evaluate(&definition.body)).map_err(|error| error.kind);
        self.ends = ends;
        self.frames.pop();
        result
    }

    /// Calls a function of the table.
    ///
    /// # Errors
    /// Arguments that the function does not take; [`EvaluateErrorKind::Random`] for a random function when there is
    /// nothing to draw from.
    pub fn call_builtin(&mut self, info: &'static FunctionInfo, arguments: &[Value]) -> Evaluated {
        check_arity(info, arguments.len())?;
        self.charge(1)?;
        match info.apply {
            Apply::Numeric(numeric) => numeric.apply(info.name, &arguments[0]),
            Apply::General(function) => self.deeper(|interpreter| function(interpreter, arguments)),
            Apply::Lazy(function) => {
                // A value stands for itself under a name that no formula can write.
                let names: Vec<String> = (0..arguments.len()).map(|position| format!("argument {position}")).collect();
                let trees: Vec<Tree> =
                    names.iter().map(|name| Tree { node: Node::Name(name.clone()), span: Span::default() }).collect();
                self.frames.push(names.into_iter().zip(arguments.iter().cloned()).collect());
                let result = function(self, &trees, Span::default()).map_err(|error| error.kind);
                self.frames.pop();
                result
            }
            Apply::Draw if !info.draws_with(arguments.len()) => {
                if self.options.compat {
                    return Ok(Value::Number(f64::NAN));
                }
                elementwise(&arguments[0], &mut |x| Ok(Value::Number(functions::real::gamma(real_of(info.name, x)?))))
            }
            Apply::Draw => match &mut self.draw {
                Some(draw) => Draw::draw(*draw, info.name, arguments),
                None => Err(EvaluateErrorKind::Random { function: info.name.to_owned() }),
            },
        }
    }
}
