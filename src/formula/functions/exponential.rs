//! Powers, roots, exponentials and logarithms.

use super::linear;
use super::real;
use super::reduction::arguments_of;
use super::{ANY, Apply, Family, FunctionInfo, NumericFunction, Scalar, domain};
use crate::formula::interpreter::{
    EvaluateErrorKind, Evaluated, Numeric, binary, broadcast, complex_of, real_of, unexpected,
};
use crate::formula::tree::BinaryOperator;
use crate::formula::value::{Complex, Matrix, Value};
use crate::math;

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: Apply,
) -> FunctionInfo {
    FunctionInfo::new(Family::Exponential, name, signatures, arity, help, example, apply)
}

const LN: NumericFunction = NumericFunction::new(math::ln).within(|x| x >= 0.0, Complex::ln).scalar_only();
const LN_1P: NumericFunction = NumericFunction::new(math::ln_1p).within(|x| x >= -1.0, Complex::ln_1p);

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "pow",
        &["pow(x, y)"],
        (2, 2),
        "`x ^ y`; complex when `x` is negative and `y` not whole.",
        ("pow(2, 10)", "1024"),
        Apply::General(|interpreter, arguments| interpreter.apply(BinaryOperator::Power, &arguments[0], &arguments[1])),
    )
    .scalar(Scalar::Two(real::power)),
    entry(
        "dotPow",
        &["dotPow(x, y)"],
        (2, 2),
        "Power, element by element.",
        ("dotPow([1, 2, 3], 2)", "[1, 4, 9]"),
        Apply::General(|interpreter, arguments| {
            interpreter.apply(BinaryOperator::DotPower, &arguments[0], &arguments[1])
        }),
    )
    .scalar(Scalar::Two(real::power)),
    entry(
        "sqrt",
        &["sqrt(x)"],
        (1, 1),
        "Square root; complex below zero.",
        ("sqrt(16)", "4"),
        Apply::Numeric(
            NumericFunction::new(f64::sqrt)
                .within(|x| x >= 0.0, Complex::sqrt)
                .quantity(|quantity| Ok(quantity.power(0.5)))
                .scalar_only(),
        ),
    ),
    entry(
        "cbrt",
        &["cbrt(x)", "cbrt(x, all)"],
        (1, 2),
        "Real cube root; all three complex ones when `all` is true.",
        ("cbrt(-27)", "-3"),
        Apply::General(|_, arguments| cube_root(&arguments[0], arguments.get(1))),
    )
    .scalar(Scalar::One(math::cbrt)),
    entry(
        "nthRoot",
        &["nthRoot(x)", "nthRoot(x, n)"],
        (1, 2),
        "Real `n`-th root, the square root without `n`.",
        ("nthRoot(16, 4)", "2"),
        Apply::General(|_, arguments| {
            let degree = arguments.get(1).cloned().unwrap_or(Value::Number(2.0));
            broadcast(&arguments[0], &degree, &mut nth_root)
        }),
    )
    .domain("`n` not 0, and odd when `x` is negative")
    .scalar(Scalar::OneOrTwo(|x| real::nth_root(x, 2.0), real::nth_root)),
    entry(
        "nthRoots",
        &["nthRoots(x)", "nthRoots(x, n)"],
        (1, 2),
        "All `n` complex roots of degree `n`.",
        ("re(nthRoots(4, 2))", "[2, -2]"),
        Apply::General(|_, arguments| nth_roots(&arguments[0], arguments.get(1))),
    )
    .domain("`n` a positive whole number"),
    entry(
        "exp",
        &["exp(x)"],
        (1, 1),
        "`e ^ x`.",
        ("exp(1)", "e"),
        Apply::Numeric(NumericFunction::new(math::exp).complex(Complex::exp).scalar_only()),
    ),
    entry(
        "expm1",
        &["expm1(x)"],
        (1, 1),
        "`e ^ x - 1`, precise near zero.",
        ("expm1(1)", "e - 1"),
        Apply::Numeric(NumericFunction::new(math::exp_m1).complex(Complex::expm1)),
    ),
    entry(
        "log",
        &["log(x)", "log(x, base)"],
        (1, 2),
        "Natural logarithm, or the logarithm to that base; complex below zero.",
        ("log(8, 2)", "3"),
        Apply::General(|_, arguments| based("log", &LN, arguments)),
    )
    .scalar(Scalar::OneOrTwo(math::ln, real::log_of_base)),
    entry(
        "log10",
        &["log10(x)"],
        (1, 1),
        "Logarithm to base 10; complex below zero.",
        ("log10(1000)", "3"),
        Apply::Numeric(NumericFunction::new(math::log10).within(|x| x >= 0.0, Complex::log10)),
    ),
    entry(
        "log2",
        &["log2(x)"],
        (1, 1),
        "Logarithm to base 2; complex below zero.",
        ("log2(8)", "3"),
        Apply::Numeric(NumericFunction::new(math::log2).within(|x| x >= 0.0, Complex::log2)),
    ),
    entry(
        "log1p",
        &["log1p(x)", "log1p(x, base)"],
        (1, 2),
        "Logarithm of `1 + x`, precise near zero.",
        ("log1p(0)", "0"),
        Apply::General(|_, arguments| based("log1p", &LN_1P, arguments)),
    )
    .scalar(Scalar::OneOrTwo(math::ln_1p, |x, base| math::ln_1p(x) / math::ln(base))),
    entry(
        "hypot",
        &["hypot(x, y, …)", "hypot(list)"],
        (1, ANY),
        "Square root of the sum of squares, without overflow.",
        ("hypot(3, 4)", "5"),
        Apply::General(|_, arguments| hypotenuse(arguments)),
    )
    .scalar(Scalar::Many(real::hypotenuse)),
    entry(
        "norm",
        &["norm(x)", "norm(x, p)"],
        (1, 2),
        "Norm of a number, vector or matrix: 2 unless `p` is another number, \"inf\", \"-inf\" or \"fro\".",
        ("norm([3, 4])", "5"),
        Apply::General(|interpreter, arguments| linear::norm(interpreter, &arguments[0], arguments.get(1))),
    ),
];

/// A logarithm, divided by that of the base when there is one.
fn based(name: &'static str, function: &NumericFunction, arguments: &[Value]) -> Evaluated {
    let logarithm = function.apply(name, &arguments[0])?;
    match arguments.get(1) {
        None => Ok(logarithm),
        Some(base) => binary(BinaryOperator::Divide, &logarithm, &LN.apply(name, base)?),
    }
}

fn cube_root(value: &Value, all: Option<&Value>) -> Evaluated {
    let all = match all {
        None => false,
        Some(Value::Boolean(all)) => *all,
        Some(other) => return Err(unexpected("cbrt", other)),
    };
    if let Value::Quantity(quantity) = value {
        return Ok(quantity.power(1.0 / 3.0));
    }
    let numeric = Numeric::of("cbrt", value)?;
    match (numeric.to_f64(), all) {
        (Some(x), false) => Ok(Value::Number(math::cbrt(x))),
        (x, _) => {
            let z = match numeric {
                Numeric::Complex(z) => z,
                _ => Complex::real(x.unwrap_or(f64::NAN)),
            };
            let principal = z.cbrt();
            if !all {
                return Ok(principal.into());
            }
            let third = std::f64::consts::TAU / 3.0;
            let (modulus, argument) = (z.abs().cbrt(), z.arg() / 3.0);
            let others = [1.0, -1.0].map(|turn| Complex::from_polar(modulus, argument + turn * third));
            Ok(Matrix::vector(vec![principal.into(), others[0].into(), others[1].into()]).into())
        }
    }
}

fn nth_root(value: &Value, degree: &Value) -> Evaluated {
    let (x, n) = (real_of("nthRoot", value)?, real_of("nthRoot", degree)?);
    if n == 0.0 {
        return Err(domain("nthRoot", "a degree that is not 0"));
    }
    if x < 0.0 && n.abs() % 2.0 != 1.0 {
        return Err(domain("nthRoot", "an odd degree, since the number is negative"));
    }
    Ok(Value::Number(real::nth_root(x, n)))
}

fn nth_roots(value: &Value, degree: Option<&Value>) -> Evaluated {
    let degree = degree.map_or(Ok(2.0), |degree| real_of("nthRoots", degree))?;
    if degree < 1.0 || degree != degree.round() {
        return Err(domain("nthRoots", "a positive whole degree"));
    }
    let z = complex_of("nthRoots", value)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive; saturates and is refused")]
    let count = Matrix::checked_count(&[degree as usize])?;
    let modulus = z.abs().powf(1.0 / degree);
    let root = |index: f64| Complex::from_polar(modulus, (z.arg() + std::f64::consts::TAU * index) / degree);
    let mut index = 0.0;
    let mut roots: Vec<Value> = Vec::with_capacity(count);
    while roots.len() < count {
        roots.push(root(index).into());
        index += 1.0;
    }
    Ok(Matrix::list(roots).into())
}

fn hypotenuse(arguments: &[Value]) -> Result<Value, EvaluateErrorKind> {
    let numbers =
        arguments_of("hypot", arguments)?.iter().map(|value| real_of("hypot", value)).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::Number(real::hypotenuse(&numbers)))
}
