//! Sums, products, rounding and remainders.

use super::real;
use super::{ANY, Apply, Family, FunctionInfo, NumericFunction, Scalar, checked, domain};
use crate::formula::interpreter::{
    EvaluateErrorKind, Evaluated, Interpreter, Numeric, broadcast, elementwise, real_of, unary, unexpected,
};
use crate::formula::tree::{BinaryOperator, UnaryOperator};
use crate::formula::value::{Complex, Decimal, Fraction, Matrix, Value};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Arithmetic, name, signatures, arity, help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "add",
        &["add(x, y, …)"],
        (2, ANY),
        "Sum of its arguments.",
        ("add(1, 2, 3)", "6"),
        |interpreter, arguments| fold(interpreter, BinaryOperator::Add, arguments),
    )
    .scalar(Scalar::Many(real::sum)),
    entry(
        "subtract",
        &["subtract(x, y)"],
        (2, 2),
        "Difference `x - y`.",
        ("subtract(5, 3)", "2"),
        |interpreter, arguments| fold(interpreter, BinaryOperator::Subtract, arguments),
    )
    .scalar(Scalar::Two(|x, y| x - y)),
    entry(
        "multiply",
        &["multiply(x, y, …)"],
        (2, ANY),
        "Product of its arguments; of matrices the matrix product.",
        ("multiply(2, 3, 4)", "24"),
        |interpreter, arguments| fold(interpreter, BinaryOperator::Multiply, arguments),
    )
    .scalar(Scalar::Many(real::product)),
    entry(
        "divide",
        &["divide(x, y)"],
        (2, 2),
        "Quotient `x / y`.",
        ("divide(7, 2)", "3.5"),
        |interpreter, arguments| fold(interpreter, BinaryOperator::Divide, arguments),
    )
    .scalar(Scalar::Two(|x, y| x / y)),
    entry(
        "addScalar",
        &["addScalar(x, y)"],
        (2, 2),
        "Sum of two scalars.",
        ("addScalar(1, 2)", "3"),
        |interpreter, arguments| fold(interpreter, BinaryOperator::Add, arguments),
    )
    .scalar(Scalar::Two(|x, y| x + y)),
    entry(
        "subtractScalar",
        &["subtractScalar(x, y)"],
        (2, 2),
        "Difference of two scalars.",
        ("subtractScalar(5, 3)", "2"),
        |interpreter, arguments| fold(interpreter, BinaryOperator::Subtract, arguments),
    )
    .scalar(Scalar::Two(|x, y| x - y)),
    entry(
        "multiplyScalar",
        &["multiplyScalar(x, y)"],
        (2, 2),
        "Product of two scalars.",
        ("multiplyScalar(2, 3)", "6"),
        |interpreter, arguments| fold(interpreter, BinaryOperator::Multiply, arguments),
    )
    .scalar(Scalar::Two(|x, y| x * y)),
    entry(
        "divideScalar",
        &["divideScalar(x, y)"],
        (2, 2),
        "Quotient of two scalars.",
        ("divideScalar(7, 2)", "3.5"),
        |interpreter, arguments| fold(interpreter, BinaryOperator::Divide, arguments),
    )
    .scalar(Scalar::Two(|x, y| x / y)),
    entry(
        "dotMultiply",
        &["dotMultiply(x, y)"],
        (2, 2),
        "Product, element by element.",
        ("dotMultiply([1, 2], [3, 4])", "[3, 8]"),
        |interpreter, arguments| fold(interpreter, BinaryOperator::DotMultiply, arguments),
    )
    .scalar(Scalar::Two(|x, y| x * y)),
    entry(
        "dotDivide",
        &["dotDivide(x, y)"],
        (2, 2),
        "Quotient, element by element.",
        ("dotDivide([6, 8], [3, 2])", "[2, 4]"),
        |interpreter, arguments| fold(interpreter, BinaryOperator::DotDivide, arguments),
    )
    .scalar(Scalar::Two(|x, y| x / y)),
    entry(
        "mod",
        &["mod(x, y)"],
        (2, 2),
        "Remainder of `x / y` with the sign of `y`; `x` when `y` is 0.",
        ("mod(-7, 3)", "2"),
        |interpreter, arguments| fold(interpreter, BinaryOperator::Modulus, arguments),
    )
    .scalar(Scalar::Two(real::modulus)),
    entry(
        "unaryMinus",
        &["unaryMinus(x)"],
        (1, 1),
        "The number with the other sign.",
        ("unaryMinus(3)", "-3"),
        |_, arguments| unary(UnaryOperator::Minus, &arguments[0]),
    )
    .scalar(Scalar::One(|x| -x)),
    entry(
        "unaryPlus",
        &["unaryPlus(x)"],
        (1, 1),
        "The number itself; text and booleans become numbers.",
        ("unaryPlus(\"3\")", "3"),
        |_, arguments| unary(UnaryOperator::Plus, &arguments[0]),
    )
    .scalar(Scalar::One(|x| x)),
    entry(
        "abs",
        &["abs(x)"],
        (1, 1),
        "Absolute value; the modulus of a complex number.",
        ("abs(3 + 4i)", "5"),
        |_, arguments| elementwise(&arguments[0], &mut absolute),
    )
    .scalar(Scalar::One(f64::abs)),
    entry("sign", &["sign(x)"], (1, 1), "-1, 0 or 1 with the sign of `x`.", ("sign(-5)", "-1"), |_, arguments| {
        elementwise(&arguments[0], &mut sign)
    })
    .scalar(Scalar::One(real::sign)),
    FunctionInfo::new(
        Family::Arithmetic,
        "square",
        &["square(x)"],
        (1, 1),
        "`x * x`.",
        ("square(-3)", "9"),
        Apply::Numeric(
            NumericFunction::new(real::square).complex(|z| z * z).quantity(|quantity| Ok(quantity.power(2.0))),
        ),
    ),
    FunctionInfo::new(
        Family::Arithmetic,
        "cube",
        &["cube(x)"],
        (1, 1),
        "`x * x * x`.",
        ("cube(-2)", "-8"),
        Apply::Numeric(
            NumericFunction::new(real::cube).complex(|z| z * z * z).quantity(|quantity| Ok(quantity.power(3.0))),
        ),
    ),
    entry(
        "round",
        &["round(x)", "round(x, decimals)", "round(quantity, decimals, unit)"],
        (1, 3),
        "Nearest whole number or number with that many decimals, half away from zero.",
        ("round(2.675, 2)", "2.68"),
        |_, arguments| rounded("round", arguments, real::round, real::round_to),
    )
    .domain("`decimals` a whole number from 0 to 15")
    .scalar(Scalar::OneOrTwo(real::round, real::round_to)),
    entry(
        "floor",
        &["floor(x)", "floor(x, decimals)", "floor(quantity, decimals, unit)"],
        (1, 3),
        "Largest whole number that is not above `x`; rounding errors are forgiven.",
        ("floor(0.29 * 100)", "29"),
        |_, arguments| rounded("floor", arguments, real::floor, real::floor_to),
    )
    .domain("`decimals` a whole number from 0 to 15")
    .scalar(Scalar::OneOrTwo(real::floor, real::floor_to)),
    entry(
        "ceil",
        &["ceil(x)", "ceil(x, decimals)", "ceil(quantity, decimals, unit)"],
        (1, 3),
        "Smallest whole number that is not below `x`; rounding errors are forgiven.",
        ("ceil(-2.129, 2)", "-2.12"),
        |_, arguments| rounded("ceil", arguments, real::ceil, real::ceil_to),
    )
    .domain("`decimals` a whole number from 0 to 15")
    .scalar(Scalar::OneOrTwo(real::ceil, real::ceil_to)),
    entry(
        "fix",
        &["fix(x)", "fix(x, decimals)", "fix(quantity, decimals, unit)"],
        (1, 3),
        "Whole part, towards zero; rounding errors are forgiven.",
        ("fix(-2.7)", "-2"),
        |_, arguments| rounded("fix", arguments, real::fix, real::fix_to),
    )
    .domain("`decimals` a whole number from 0 to 15")
    .scalar(Scalar::OneOrTwo(real::fix, real::fix_to)),
    entry(
        "gcd",
        &["gcd(x, y, …)", "gcd(list)"],
        (1, ANY),
        "Greatest common divisor.",
        ("gcd(12, 18)", "6"),
        |_, arguments| common("gcd", arguments, real::greatest_common_divisor),
    )
    .domain("whole numbers")
    .scalar(Scalar::Many(|xs| xs.iter().copied().reduce(real::greatest_common_divisor).unwrap_or(f64::NAN))),
    entry(
        "lcm",
        &["lcm(x, y, …)", "lcm(list)"],
        (1, ANY),
        "Least common multiple.",
        ("lcm(4, 6)", "12"),
        |_, arguments| common("lcm", arguments, real::least_common_multiple),
    )
    .domain("whole numbers")
    .scalar(Scalar::Many(|xs| xs.iter().copied().reduce(real::least_common_multiple).unwrap_or(f64::NAN))),
    entry(
        "xgcd",
        &["xgcd(x, y)"],
        (2, 2),
        "Greatest common divisor `d` with `m` and `n` such that `d = m x + n y`.",
        ("xgcd(36, 163)", "[1, 77, -17]"),
        |_, arguments| extended_divisor(&arguments[0], &arguments[1]),
    )
    .domain("whole numbers"),
    entry(
        "invmod",
        &["invmod(x, y)"],
        (2, 2),
        "Inverse of `x` modulo `y`; not a number when there is none.",
        ("invmod(3, 11)", "4"),
        |_, arguments| {
            let (x, y) = (real_of("invmod", &arguments[0])?, real_of("invmod", &arguments[1])?);
            if y == 0.0 || x != x.round() || y != y.round() {
                return Err(domain("invmod", "whole numbers, the second one not 0"));
            }
            Ok(Value::Number(real::invert_modulo(x, y)))
        },
    )
    .domain("whole numbers, `y` not 0")
    .scalar(Scalar::Two(real::invert_modulo)),
];

fn fold(interpreter: &mut Interpreter<'_>, operator: BinaryOperator, arguments: &[Value]) -> Evaluated {
    arguments[1..]
        .iter()
        .try_fold(arguments[0].clone(), |result, argument| interpreter.apply(operator, &result, argument))
}

fn absolute(value: &Value) -> Evaluated {
    if let Value::Quantity(quantity) = value {
        return Ok(quantity.map(f64::abs).into());
    }
    Ok(match Numeric::of("abs", value)? {
        Numeric::Real(x) => Value::Number(x.abs()),
        Numeric::Complex(z) => Value::Number(z.abs()),
        Numeric::Decimal(number) if number.is_negative() => Value::BigNumber(number.negate()),
        Numeric::Fraction(fraction) if fraction.numerator() < 0 => Value::Fraction(fraction.negate()),
        Numeric::Integer(integer) => Value::BigInteger(integer.saturating_abs()),
        other => other.into(),
    })
}

fn sign(value: &Value) -> Evaluated {
    if let Value::Quantity(quantity) = value {
        return Ok(Value::Number(real::sign(quantity.si_value())));
    }
    Ok(match Numeric::of("sign", value)? {
        Numeric::Complex(z) => Value::Complex(z.sign()),
        other => Value::Number(real::sign(other.to_f64().unwrap_or(f64::NAN))),
    })
}

/// Applies a rounding function, with decimals or without.
fn rounded(
    function: &'static str,
    arguments: &[Value],
    whole: fn(f64) -> f64,
    decimals: fn(f64, f64) -> f64,
) -> Evaluated {
    match arguments {
        [value] => elementwise(value, &mut |value| round_scalar(function, value, &whole)),
        [Value::Quantity(quantity), places @ .., Value::Quantity(unit)] => {
            let number = quantity.to(unit)?.number().ok_or_else(|| unexpected(function, &arguments[0]))?;
            let rounded = match places {
                [places] => decimals(number, decimal_places(function, places, decimals)?),
                _ => whole(number),
            };
            Ok(unit.with_number(rounded).into())
        }
        [value, places] => broadcast(value, places, &mut |value, places| {
            let places = decimal_places(function, places, decimals)?;
            round_scalar(function, value, &|x| decimals(x, places))
        }),
        _ => Err(domain(function, "a quantity and its unit, where there are three arguments")),
    }
}

/// Decimal places that the rounding function takes.
fn decimal_places(
    function: &'static str,
    places: &Value,
    decimals: fn(f64, f64) -> f64,
) -> Result<f64, EvaluateErrorKind> {
    let places = real_of(function, places)?;
    if decimals(0.0, places).is_nan() {
        return Err(domain(function, "a whole number of decimals from 0 to 15"));
    }
    Ok(places)
}

fn round_scalar(function: &'static str, value: &Value, round: &dyn Fn(f64) -> f64) -> Evaluated {
    Ok(match Numeric::of(function, value)? {
        Numeric::Real(x) => Value::Number(round(x)),
        Numeric::Complex(z) => Value::Complex(Complex::new(round(z.re), round(z.im))),
        Numeric::Decimal(number) => {
            let rounded = Decimal::from_f64(round(number.to_f64()));
            rounded.map(Value::BigNumber).ok_or(EvaluateErrorKind::Precision)?
        }
        Numeric::Fraction(fraction) => {
            let rounded = Fraction::from_f64(round(fraction.to_f64()));
            rounded.map(Value::Fraction).ok_or(EvaluateErrorKind::Precision)?
        }
        Numeric::Integer(integer) => Value::BigInteger(integer),
    })
}

/// Folds a function of two whole numbers over the arguments, or over the elements of the only one.
fn common(function: &'static str, arguments: &[Value], apply: fn(f64, f64) -> f64) -> Evaluated {
    let mut values = match arguments {
        [Value::Matrix(list)] => list.elements().iter(),
        _ => arguments.iter(),
    };
    let first = values.next().ok_or_else(|| domain(function, "at least one number"))?;
    let first = Value::Number(real_of(function, first)?);
    values.try_fold(first, |result, value| {
        let (x, y) = (real_of(function, &result)?, real_of(function, value)?);
        checked(apply(x, y), &[x, y], function, "whole numbers")
    })
}

fn extended_divisor(x: &Value, y: &Value) -> Evaluated {
    let (mut a, mut b) = (real_of("xgcd", x)?, real_of("xgcd", y)?);
    if real::greatest_common_divisor(a, b).is_nan() {
        return Err(domain("xgcd", "whole numbers"));
    }
    let (mut m, mut next_m, mut n, mut next_n) = (1.0, 0.0, 0.0, 1.0);
    while b != 0.0 {
        let quotient = (a / b).floor();
        (a, b) = (b, a - quotient * b);
        (m, next_m) = (next_m, m - quotient * next_m);
        (n, next_n) = (next_n, n - quotient * next_n);
    }
    let sign = if a < 0.0 { -1.0 } else { 1.0 };
    Ok(Matrix::numbers([sign * a, sign * if a == 0.0 { 0.0 } else { m }, sign * n]).into())
}
