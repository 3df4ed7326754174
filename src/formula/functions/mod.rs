//! The one table of functions and constants: names, signatures, help, examples, and what each does.
//!
//! The interpreter applies a function to values; whoever evaluates samples applies its [`Scalar`] to real numbers. `docs/formula.md` is made from the table, and a test evaluates every example.
//! Drawing is not done here: the distributions have their metadata only.

mod arithmetic;
mod bitwise;
mod combinatorics;
mod comparison;
mod complex;
mod constants;
mod conversion;
mod decomposition;
mod distribution;
mod exponential;
mod expression;
mod figure;
mod filter;
mod finance;
mod latency;
pub(super) mod linear;
mod logic;
mod markdown;
mod matrix;
mod predicate;
pub mod real;
mod reduction;
mod sets;
mod shape;
mod statistics;
mod text;
mod trigonometry;
mod units;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use constants::{CONSTANTS, ConstantInfo, constant};
pub use latency::QUEUES;
pub use markdown::markdown;
pub(super) use matrix::{range, resized};

use super::interpreter::{EvaluateError, EvaluateErrorKind, Evaluated, Interpreter, Numeric, elementwise, unexpected};
use super::tree::Tree;
use super::value::{Complex, Decimal, Fraction, Quantity, Value};
use crate::span::Span;

/// What a function is about; the sections of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Random draws.
    Distribution,
    /// Response times of calls that are made together, again, or in a queue.
    Latency,
    /// Taking samples away.
    Filter,
    /// Figures of all samples.
    Figure,
    /// Sums, products, rounding, remainders.
    Arithmetic,
    /// Powers, roots, exponentials and logarithms.
    Exponential,
    /// Angles and hyperbolas.
    Trigonometry,
    /// Comparison.
    Comparison,
    /// Truth.
    Logic,
    /// Bits of whole numbers.
    Bitwise,
    /// Counting and the special functions.
    Combinatorics,
    /// Figures of a list.
    Statistics,
    /// Money.
    Finance,
    /// Questions about a value.
    Predicate,
    /// Complex numbers.
    Complex,
    /// Matrices.
    Matrix,
    /// Linear algebra.
    LinearAlgebra,
    /// Sets.
    Set,
    /// Units of measurement.
    Unit,
    /// Kinds of values.
    Conversion,
    /// Text.
    Text,
    /// Expressions as values.
    Expression,
}

/// An expression and what it yields: for a random function the mean of its samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// The expression.
    pub expression: &'static str,
    /// An expression of the same value.
    pub result: &'static str,
}

/// What a function means for real numbers.
#[derive(Debug, Clone, Copy)]
pub enum Scalar {
    /// One argument.
    One(fn(f64) -> f64),
    /// Two arguments.
    Two(fn(f64, f64) -> f64),
    /// One argument or two.
    OneOrTwo(fn(f64) -> f64, fn(f64, f64) -> f64),
    /// Any number of arguments.
    Many(fn(&[f64]) -> f64),
}

/// A function of one number: its real part, and what it is elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct NumericFunction {
    /// The function of a real number.
    real: fn(f64) -> f64,
    /// Whether the real function applies.
    domain: fn(f64) -> bool,
    /// The function of a complex number; a complex argument is an error when there is none.
    complex: Option<fn(Complex) -> Complex>,
    /// Whether it applies to each element of a matrix.
    elementwise: bool,
    /// What it does to a quantity.
    quantity: Option<fn(&Quantity) -> Evaluated>,
}

/// How a function is applied to values.
#[derive(Debug, Clone, Copy)]
pub(super) enum Apply {
    /// To one number.
    Numeric(NumericFunction),
    /// To evaluated arguments.
    General(fn(&mut Interpreter<'_>, &[Value]) -> Evaluated),
    /// To arguments that it evaluates itself.
    Lazy(fn(&mut Interpreter<'_>, &[Tree], Span) -> Result<Value, EvaluateError>),
    /// It draws.
    Draw,
}

/// A function of the formula language.
#[derive(Debug, Clone, Copy)]
pub struct FunctionInfo {
    /// Name, as it is written.
    pub name: &'static str,
    /// How it is called.
    pub signatures: &'static [&'static str],
    /// Fewest and most arguments.
    pub arity: (usize, usize),
    /// What it is about.
    pub family: Family,
    /// What its arguments may be; empty when anything that makes sense is allowed.
    pub domain: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// An example.
    pub example: Example,
    /// What it means for real numbers; `None` when it has to be evaluated as a constant or draws.
    pub scalar: Option<Scalar>,
    pub(super) apply: Apply,
}

/// Any number of arguments.
const ANY: usize = usize::MAX;

impl NumericFunction {
    /// Function of any real number, element by element.
    const fn new(real: fn(f64) -> f64) -> Self {
        Self { real, domain: |_| true, complex: None, elementwise: true, quantity: None }
    }

    /// Restricts the real function, and says what holds elsewhere.
    const fn within(mut self, domain: fn(f64) -> bool, complex: fn(Complex) -> Complex) -> Self {
        self.domain = domain;
        self.complex = Some(complex);
        self
    }

    /// Adds the function of a complex number.
    const fn complex(mut self, complex: fn(Complex) -> Complex) -> Self {
        self.complex = Some(complex);
        self
    }

    /// Refuses matrices.
    const fn scalar_only(mut self) -> Self {
        self.elementwise = false;
        self
    }

    /// Adds the function of a quantity.
    const fn quantity(mut self, quantity: fn(&Quantity) -> Evaluated) -> Self {
        self.quantity = Some(quantity);
        self
    }

    /// Applies the function.
    ///
    /// # Errors
    /// Kinds of values that it does not take.
    pub(super) fn apply(&self, name: &'static str, value: &Value) -> Evaluated {
        match value {
            Value::Matrix(_) if !self.elementwise => Err(unexpected(name, value)),
            _ => elementwise(value, &mut |value| self.apply_scalar(name, value)),
        }
    }

    fn apply_scalar(&self, name: &'static str, value: &Value) -> Evaluated {
        if let (Value::Quantity(quantity), Some(function)) = (value, self.quantity) {
            return function(quantity);
        }
        let numeric = Numeric::of(name, value)?;
        match (numeric.to_f64(), self.complex) {
            (Some(x), _) if (self.domain)(x) || x.is_nan() => {
                let y = (self.real)(x);
                // An exact number stays one of its kind, to the digits of an `f64`.
                let exact = match numeric {
                    Numeric::Decimal(_) => Decimal::from_f64(y).map(Value::BigNumber),
                    Numeric::Fraction(_) => Fraction::from_f64(y).map(Value::Fraction),
                    _ => None,
                };
                Ok(exact.unwrap_or(Value::Number(y)))
            }
            (Some(x), Some(complex)) => Ok(Value::Complex(complex(Complex::real(x)))),
            (Some(_), None) => Ok(Value::Number(f64::NAN)),
            (None, Some(complex)) => match numeric {
                Numeric::Complex(z) => Ok(Value::Complex(complex(z))),
                _ => Err(unexpected(name, value)),
            },
            (None, None) => Err(unexpected(name, value)),
        }
    }
}

impl FunctionInfo {
    const fn new(
        family: Family,
        name: &'static str,
        signatures: &'static [&'static str],
        arity: (usize, usize),
        help: &'static str,
        example: (&'static str, &'static str),
        apply: Apply,
    ) -> Self {
        let scalar = match apply {
            Apply::Numeric(numeric) => Some(Scalar::One(numeric.real)),
            _ => None,
        };
        let example = Example { expression: example.0, result: example.1 };
        Self { name, signatures, arity, family, domain: "", help, example, scalar, apply }
    }

    /// Says what the arguments may be.
    const fn domain(mut self, domain: &'static str) -> Self {
        self.domain = domain;
        self
    }

    /// Says what the function means for real numbers.
    const fn scalar(mut self, scalar: Scalar) -> Self {
        self.scalar = Some(scalar);
        self
    }

    /// Whether it draws random values.
    #[must_use]
    pub const fn draws(&self) -> bool {
        matches!(self.apply, Apply::Draw)
    }

    /// Whether a call with that many arguments draws: `gamma(x)` is the gamma function, and does not.
    #[must_use]
    pub const fn draws_with(&self, arguments: usize) -> bool {
        self.draws() && !(arguments == 1 && self.scalar.is_some())
    }

    /// Whether it can only be applied to constants: it neither draws nor has a meaning for single real numbers.
    #[must_use]
    pub const fn constant_only(&self) -> bool {
        self.scalar.is_none() && !self.draws()
    }

    /// How many arguments it takes, in words.
    #[must_use]
    pub fn arity_text(&self) -> String {
        let signatures: Vec<String> = self.signatures.iter().map(|signature| format!("`{signature}`")).collect();
        let count = match self.arity {
            (min, max) if min == max => count_text(min),
            (min, ANY) => format!("{min} or more arguments"),
            (min, max) => format!("{min} to {max} arguments"),
        };
        format!("{count}, as {}", signatures.join(" or "))
    }
}

/// `1 argument`, `2 arguments`.
pub(super) fn count_text(count: usize) -> String {
    if count == 1 { "1 argument".to_owned() } else { format!("{count} arguments") }
}

const FAMILIES: &[&[FunctionInfo]] = &[
    distribution::FUNCTIONS,
    latency::FUNCTIONS,
    filter::FUNCTIONS,
    figure::FUNCTIONS,
    arithmetic::FUNCTIONS,
    exponential::FUNCTIONS,
    trigonometry::FUNCTIONS,
    comparison::FUNCTIONS,
    logic::FUNCTIONS,
    bitwise::FUNCTIONS,
    combinatorics::FUNCTIONS,
    reduction::FUNCTIONS,
    statistics::FUNCTIONS,
    finance::FUNCTIONS,
    predicate::FUNCTIONS,
    complex::FUNCTIONS,
    matrix::FUNCTIONS,
    shape::FUNCTIONS,
    linear::FUNCTIONS,
    decomposition::FUNCTIONS,
    sets::FUNCTIONS,
    units::FUNCTIONS,
    conversion::FUNCTIONS,
    text::FUNCTIONS,
    expression::FUNCTIONS,
];

/// All functions, family by family.
///
/// # Examples
/// ```
/// use tailcast::formula::functions::TABLE;
/// assert!(TABLE.iter().any(|function| function.name == "round" && !function.draws()));
/// assert!(TABLE.iter().any(|function| function.name == "normal" && function.draws()));
/// ```
pub static TABLE: LazyLock<Vec<FunctionInfo>> =
    LazyLock::new(|| FAMILIES.iter().flat_map(|family| family.iter().copied()).collect());

static BY_NAME: LazyLock<BTreeMap<&'static str, &'static FunctionInfo>> =
    LazyLock::new(|| TABLE.iter().map(|function| (function.name, function)).collect());

/// The function of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static FunctionInfo> {
    BY_NAME.get(name).copied()
}

/// Names of all functions and constants, to suggest one of them for a name that means nothing.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|function| function.name).chain(CONSTANTS.iter().map(|constant| constant.name))
}

/// Functions that the language has and this implementation does not: their names mean a function, which cannot be called.
const UNSUPPORTED: &[&str] = &[
    "apply",
    "createUnit",
    "expm",
    "fft",
    "freqz",
    "getMatrixDataType",
    "help",
    "ifft",
    "index",
    "intersect",
    "kldivergence",
    "leafCount",
    "lsolveAll",
    "lup",
    "lyap",
    "mapSlices",
    "matrixFromColumns",
    "matrixFromFunction",
    "matrixFromRows",
    "parser",
    "pinv",
    "qr",
    "rationalize",
    "replacer",
    "resolve",
    "reviver",
    "rotate",
    "rotationMatrix",
    "schur",
    "setPowerset",
    "simplifyConstant",
    "simplifyCore",
    "slu",
    "solveODE",
    "splitUnit",
    "sqrtm",
    "sylvester",
    "symbolicEqual",
    "toBest",
    "usolveAll",
    "zpk2tf",
];

/// The name as one that the language has and this implementation does not.
pub(super) fn unsupported(name: &str) -> Option<&'static str> {
    UNSUPPORTED.iter().copied().find(|unsupported| *unsupported == name)
}

/// The error of an argument outside what a function takes.
const fn domain(function: &'static str, expected: &'static str) -> EvaluateErrorKind {
    EvaluateErrorKind::Domain { function, expected }
}

/// `result`, unless it is NaN although no argument was: then the error of an argument outside the domain.
fn checked(result: f64, arguments: &[f64], function: &'static str, expected: &'static str) -> Evaluated {
    if result.is_nan() && !arguments.iter().any(|x| x.is_nan()) {
        Err(domain(function, expected))
    } else {
        Ok(Value::Number(result))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::interpreter::Options;
    use crate::formula::{Dialect, parse};

    fn value(expression: &str) -> Value {
        let tree = parse(expression, Dialect::Sane).unwrap_or_else(|error| panic!("`{expression}`: {error}"));
        Interpreter::new(Options::default()).evaluate(&tree).unwrap_or_else(|error| panic!("`{expression}`: {error}"))
    }

    fn close(found: &Value, expected: &Value) -> bool {
        match (found, expected) {
            (Value::Number(x), Value::Number(y)) => x.is_nan() && y.is_nan() || real::nearly_equal(*x, *y),
            (Value::Complex(a), Value::Complex(b)) => (a.re - b.re).abs() + (a.im - b.im).abs() < 1e-12,
            (Value::Matrix(a), Value::Matrix(b)) => {
                a.shape() == b.shape() && a.elements().iter().zip(b.elements()).all(|(a, b)| close(a, b))
            }
            (Value::Quantity(a), Value::Quantity(b)) => {
                a.same_dimensions(b) && real::nearly_equal(a.si_value(), b.si_value())
            }
            (Value::Expression(a), Value::Expression(b)) => a.s_expression() == b.s_expression(),
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|((j, a), (k, b))| j == k && close(a, b))
            }
            _ => found == expected,
        }
    }

    #[test]
    fn every_example_yields_what_it_says() {
        for function in TABLE.iter().filter(|function| !function.draws()) {
            let Example { expression, result } = function.example;
            let (found, expected) = (value(expression), value(result));
            assert!(close(&found, &expected), "`{expression}` is {}, expected {result}", found.text(usize::MAX));
        }
    }

    #[test]
    fn every_random_example_parses_and_names_its_mean() {
        for function in TABLE.iter().filter(|function| function.draws()) {
            let Example { expression, result } = function.example;
            assert!(parse(expression, Dialect::Sane).is_ok(), "{expression}");
            assert!(expression.starts_with(function.name), "{expression}");
            assert!(matches!(value(result), Value::Number(mean) if mean.is_finite()), "{expression}: {result}");
        }
    }

    #[test]
    fn names_are_unique_and_entries_complete() {
        assert_eq!(BY_NAME.len(), TABLE.len(), "a name stands twice");
        assert!(UNSUPPORTED.iter().all(|name| find(name).is_none()) && UNSUPPORTED.is_sorted());
        for function in TABLE.iter() {
            let name = function.name;
            assert!(function.help.ends_with('.') && !function.signatures.is_empty(), "{name}");
            assert!(function.arity.0 <= function.arity.1, "{name}");
            for signature in function.signatures {
                assert!(signature.starts_with(&format!("{name}(")) && signature.ends_with(')'), "{signature}");
            }
            assert!(constant(name).is_none() || name == "PI", "{name} is also a constant");
        }
    }

    #[test]
    fn the_scalar_form_agrees_with_the_general_one() {
        let arguments = [0.3, 0.7, 2.0, 5.0, 9.0];
        for function in TABLE.iter() {
            let Some(scalar) = function.scalar else { continue };
            for pair in arguments.windows(2) {
                let (count, expected) = match scalar {
                    Scalar::One(apply) | Scalar::OneOrTwo(apply, _) => (1, apply(pair[1])),
                    Scalar::Two(apply) => (2, apply(pair[1], pair[0])),
                    Scalar::Many(apply) => (2, apply(&[pair[1], pair[0]])),
                };
                let values = [Value::Number(pair[1]), Value::Number(pair[0])];
                let found = Interpreter::new(Options::default()).call_builtin(function, &values[..count]);
                let agrees = match found {
                    Ok(Value::Number(x)) => x.to_bits() == expected.to_bits() || x.is_nan() && expected.is_nan(),
                    Ok(Value::Boolean(truth)) => f64::from(u8::from(truth)) == expected,
                    Ok(_) | Err(_) => expected.is_nan() || function.arity.0 > count,
                };
                assert!(agrees, "{} of {pair:?}: {found:?}, scalar {expected}", function.name);
            }
        }
    }

    #[test]
    fn arity_is_told_with_the_signatures() {
        assert_eq!(find("log").unwrap().arity_text(), "1 to 2 arguments, as `log(x)` or `log(x, base)`");
        assert_eq!(find("sin").unwrap().arity_text(), "1 argument, as `sin(x)`");
    }
}
