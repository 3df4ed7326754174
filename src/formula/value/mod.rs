//! What a formula's constant parts are worth: numbers, but also booleans, text, complex numbers, matrices, objects,
//! functions and quantities with a unit.
//!
//! The engine draws real numbers only; these values exist while constants are evaluated, once, by the
//! [interpreter](crate::formula::interpreter). A metric's own value is a number in the end: [`Value::outcome`].

mod complex;
mod decimal;
mod fraction;
mod matrix;
mod quantity;
mod text;
mod unit;

use std::sync::Arc;

pub use complex::Complex;
pub use decimal::Decimal;
pub use fraction::Fraction;
pub use matrix::{ELEMENTS_MAX, Matrix};
pub use quantity::Quantity;
pub use text::{format_number, format_number_digits};
pub(in crate::formula) use text::{parse_number, round_digits, shortest_digits};
pub use unit::{UnitName, find_unit};

use super::interpreter::EvaluateErrorKind;
use super::tree::Tree;

/// A value of the formula language.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A real number, NaN and the infinities included.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// Text.
    Text(String),
    /// A complex number.
    Complex(Complex),
    /// A decimal number of 64 digits.
    BigNumber(Decimal),
    /// A whole number of up to 128 bits.
    BigInteger(i128),
    /// An exact fraction.
    Fraction(Fraction),
    /// A number with a unit, or a unit alone.
    Quantity(Box<Quantity>),
    /// A matrix.
    Matrix(Matrix),
    /// Properties in the order in which they were written.
    Object(Vec<(String, Value)>),
    /// A function.
    Function(Function),
    /// The shown results of a block.
    ResultSet(Vec<Value>),
    /// An expression that was parsed, simplified or derived, not yet evaluated.
    Expression(Arc<Tree>),
    /// A sample that a filter took away.
    Filtered,
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
}

/// A function as a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Function {
    /// A function of the [table](crate::formula::functions), by name.
    Builtin(&'static str),
    /// A function defined in the formula.
    Defined(Arc<Definition>),
}

/// A function defined in a formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Name it was bound to.
    pub name: String,
    /// Names of the parameters.
    pub parameters: Vec<String>,
    /// What it yields.
    pub body: Tree,
    /// Parameters of the functions it was defined within.
    pub captured: Vec<(String, Value)>,
    /// How deep the values it captured nest, itself included.
    pub(in crate::formula) nesting: usize,
    /// How many elements it takes to copy what it captured.
    pub(in crate::formula) weight: usize,
}

impl Definition {
    /// A function and the parameters of the functions it is defined within.
    #[must_use]
    pub fn new(name: String, parameters: Vec<String>, body: Tree, captured: Vec<(String, Value)>) -> Self {
        let nesting = captured.iter().map(|(_, value)| value.nesting()).max().unwrap_or(0) + 1;
        let weight = captured.iter().map(|(_, value)| value.weight()).sum();
        Self { name, parameters, body, captured, nesting, weight }
    }
}

/// What a metric gets from a formula.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// A finite number.
    Number(f64),
    /// A filter took the sample away.
    Filtered,
}

impl Value {
    /// Name of its kind, as `typeOf` says it.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Number(_) => "number",
            Self::Boolean(_) => "boolean",
            Self::Text(_) => "string",
            Self::Complex(_) => "Complex",
            Self::BigNumber(_) => "BigNumber",
            Self::BigInteger(_) => "bigint",
            Self::Fraction(_) => "Fraction",
            Self::Quantity(_) => "Unit",
            Self::Matrix(matrix) => {
                if matrix.is_list() {
                    "Array"
                } else {
                    "DenseMatrix"
                }
            }
            Self::Object(_) | Self::Filtered => "Object",
            Self::Function(_) => "function",
            Self::ResultSet(_) => "ResultSet",
            Self::Expression(_) => "Node",
            Self::Undefined => "undefined",
            Self::Null => "null",
        }
    }

    /// What a metric gets from it.
    ///
    /// # Parameters
    /// - `compat`: whether booleans and blocks are refused, as Guesstimate does; otherwise a boolean is 0 or 1 and a
    ///   block is worth its last value.
    ///
    /// # Errors
    /// - [`EvaluateErrorKind::FunctionResult`], [`EvaluateErrorKind::UnitResult`] for a function and a quantity.
    /// - [`EvaluateErrorKind::Infinite`] for an infinite number.
    /// - [`EvaluateErrorKind::NotANumber`] for NaN and every other kind.
    pub fn outcome(&self, compat: bool) -> Result<Outcome, EvaluateErrorKind> {
        match self {
            Self::Number(x) if x.is_finite() => Ok(Outcome::Number(*x)),
            Self::Number(x) if x.is_infinite() => Err(EvaluateErrorKind::Infinite),
            Self::Boolean(truth) if !compat => Ok(Outcome::Number(f64::from(u8::from(*truth)))),
            Self::BigNumber(number) if !compat => Self::Number(number.to_f64()).outcome(compat),
            Self::Fraction(fraction) if !compat => Self::Number(fraction.to_f64()).outcome(compat),
            #[expect(clippy::cast_precision_loss, reason = "a metric is an f64")]
            Self::BigInteger(integer) if !compat => Ok(Outcome::Number(*integer as f64)),
            Self::ResultSet(values) if !compat => values
                .last()
                .map_or(Err(EvaluateErrorKind::NotANumber { found: "an empty block" }), |value| value.outcome(compat)),
            Self::Filtered => Ok(Outcome::Filtered),
            Self::Function(_) => Err(EvaluateErrorKind::FunctionResult),
            Self::Quantity(_) => Err(EvaluateErrorKind::UnitResult),
            _ => Err(EvaluateErrorKind::NotANumber { found: self.described() }),
        }
    }

    /// The kind with its article, for messages.
    #[must_use]
    pub const fn described(&self) -> &'static str {
        match self {
            Self::Number(x) if x.is_nan() => "not a number (NaN)",
            Self::Number(_) => "a number",
            Self::Boolean(_) => "a boolean",
            Self::Text(_) => "text",
            Self::Complex(_) => "a complex number",
            Self::BigNumber(_) => "a bignumber",
            Self::BigInteger(_) => "a bigint",
            Self::Fraction(_) => "a fraction",
            Self::Quantity(_) => "a quantity with a unit",
            Self::Matrix(_) => "a matrix",
            Self::Object(_) => "an object",
            Self::Function(_) => "a function",
            Self::ResultSet(_) => "a block",
            Self::Expression(_) => "an expression",
            Self::Filtered => "a filtered sample",
            Self::Undefined => "nothing",
            Self::Null => "null",
        }
    }

    /// How many elements it takes to copy it, beyond a scalar.
    pub(in crate::formula) fn weight(&self) -> usize {
        match self {
            Self::Matrix(matrix) => matrix.elements().len(),
            Self::ResultSet(values) => values.iter().map(Self::weight).sum::<usize>() + values.len(),
            Self::Object(properties) => {
                properties.iter().map(|(_, value)| value.weight()).sum::<usize>() + properties.len()
            }
            Self::Text(text) => text.len() / 8,
            _ => 0,
        }
    }

    /// How deep it nests; 0 for what holds no other values.
    pub(in crate::formula) fn nesting(&self) -> usize {
        let deepest = |values: &mut dyn Iterator<Item = &Self>| values.map(Self::nesting).max().unwrap_or(0) + 1;
        match self {
            Self::Matrix(matrix) => deepest(&mut matrix.elements().iter()),
            Self::ResultSet(values) => deepest(&mut values.iter()),
            Self::Object(properties) => deepest(&mut properties.iter().map(|(_, value)| value)),
            Self::Function(Function::Defined(definition)) => definition.nesting,
            _ => 0,
        }
    }

    /// Property of an object.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(properties) => properties.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

impl From<f64> for Value {
    fn from(x: f64) -> Self {
        Self::Number(x)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl From<Complex> for Value {
    fn from(z: Complex) -> Self {
        Self::Complex(z)
    }
}

impl From<Matrix> for Value {
    fn from(matrix: Matrix) -> Self {
        Self::Matrix(matrix)
    }
}

impl From<Quantity> for Value {
    fn from(quantity: Quantity) -> Self {
        Self::Quantity(Box::new(quantity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boolean_is_a_number_except_in_compatibility() {
        assert_eq!(Value::Boolean(true).outcome(false), Ok(Outcome::Number(1.0)));
        assert_eq!(Value::Boolean(true).outcome(true), Err(EvaluateErrorKind::NotANumber { found: "a boolean" }));
    }

    #[test]
    fn a_block_is_worth_its_last_value() {
        let block = Value::ResultSet(vec![Value::Number(1.0), Value::Number(2.0)]);
        assert_eq!(block.outcome(false), Ok(Outcome::Number(2.0)));
        assert!(block.outcome(true).is_err());
        assert!(Value::ResultSet(Vec::new()).outcome(false).is_err());
    }

    #[test]
    fn what_is_no_finite_number_says_so() {
        assert_eq!(Value::Number(f64::INFINITY).outcome(false), Err(EvaluateErrorKind::Infinite));
        assert_eq!(
            Value::Number(f64::NAN).outcome(false),
            Err(EvaluateErrorKind::NotANumber { found: "not a number (NaN)" })
        );
        assert_eq!(Value::Function(Function::Builtin("sin")).outcome(false), Err(EvaluateErrorKind::FunctionResult));
    }
}
