//! Trigonometric and hyperbolic functions and their inverses.
//!
//! Arguments are in radians, or quantities of an angle; a matrix is refused, as the language does.

use std::f64::consts::PI;

use super::real;
use super::{Apply, Family, FunctionInfo, NumericFunction, Scalar};
use crate::formula::interpreter::{Evaluated, broadcast, real_of, unexpected};
use crate::formula::value::{Complex, Quantity, Value};
use crate::math;

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    help: &'static str,
    example: (&'static str, &'static str),
    function: NumericFunction,
) -> FunctionInfo {
    let apply = Apply::Numeric(function.scalar_only());
    FunctionInfo::new(Family::Trigonometry, name, signatures, (1, 1), help, example, apply)
}

/// A function that takes every real number.
const fn entire(real: fn(f64) -> f64, complex: fn(Complex) -> Complex) -> NumericFunction {
    NumericFunction::new(real).complex(complex)
}

/// A function that is real where `domain` holds.
const fn partial(real: fn(f64) -> f64, domain: fn(f64) -> bool, complex: fn(Complex) -> Complex) -> NumericFunction {
    NumericFunction::new(real).within(domain, complex)
}

fn angle(function: &'static str, quantity: &Quantity, apply: fn(f64) -> f64) -> Evaluated {
    if quantity.is_angle() {
        Ok(Value::Number(apply(quantity.si_value())))
    } else {
        Err(unexpected(function, &quantity.clone().into()))
    }
}

fn within_one(x: f64) -> bool {
    x.abs() <= 1.0
}

fn outside_one(x: f64) -> bool {
    x.abs() >= 1.0
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "sin",
        &["sin(x)"],
        "Sine.",
        ("sin(90 deg)", "1"),
        entire(math::sin, Complex::sin).quantity(|x| angle("sin", x, math::sin)),
    ),
    entry(
        "cos",
        &["cos(x)"],
        "Cosine.",
        ("cos(pi)", "-1"),
        entire(math::cos, Complex::cos).quantity(|x| angle("cos", x, math::cos)),
    ),
    entry(
        "tan",
        &["tan(x)"],
        "Tangent.",
        ("tan(pi / 4)", "1"),
        entire(math::tan, Complex::tan).quantity(|x| angle("tan", x, math::tan)),
    ),
    entry(
        "sec",
        &["sec(x)"],
        "Secant, `1 / cos(x)`.",
        ("sec(0)", "1"),
        entire(real::sec, Complex::sec).quantity(|x| angle("sec", x, real::sec)),
    ),
    entry(
        "csc",
        &["csc(x)"],
        "Cosecant, `1 / sin(x)`.",
        ("csc(pi / 2)", "1"),
        entire(real::csc, Complex::csc).quantity(|x| angle("csc", x, real::csc)),
    ),
    entry(
        "cot",
        &["cot(x)"],
        "Cotangent, `1 / tan(x)`.",
        ("cot(pi / 4)", "1"),
        entire(real::cot, Complex::cot).quantity(|x| angle("cot", x, real::cot)),
    ),
    entry(
        "asin",
        &["asin(x)"],
        "Inverse sine; complex outside [-1, 1].",
        ("asin(0.5)", "pi / 6"),
        partial(math::asin, within_one, Complex::asin),
    ),
    entry(
        "acos",
        &["acos(x)"],
        "Inverse cosine; complex outside [-1, 1].",
        ("acos(-1)", "pi"),
        partial(math::acos, within_one, Complex::acos),
    ),
    entry("atan", &["atan(x)"], "Inverse tangent.", ("atan(1)", "pi / 4"), entire(math::atan, Complex::atan)),
    FunctionInfo::new(
        Family::Trigonometry,
        "atan2",
        &["atan2(y, x)"],
        (2, 2),
        "Angle of the point (x, y) from the x axis.",
        ("atan2(-1, -1)", "-3 pi / 4"),
        Apply::General(|_, arguments| {
            broadcast(&arguments[0], &arguments[1], &mut |y, x| {
                Ok(Value::Number(math::atan2(real_of("atan2", y)?, real_of("atan2", x)?)))
            })
        }),
    )
    .scalar(Scalar::Two(math::atan2)),
    entry(
        "asec",
        &["asec(x)"],
        "Inverse secant; complex inside (-1, 1).",
        ("asec(2)", "pi / 3"),
        partial(real::asec, outside_one, Complex::asec),
    ),
    entry(
        "acsc",
        &["acsc(x)"],
        "Inverse cosecant; complex inside (-1, 1).",
        ("acsc(2)", "pi / 6"),
        partial(real::acsc, outside_one, Complex::acsc),
    ),
    entry("acot", &["acot(x)"], "Inverse cotangent.", ("acot(1)", "pi / 4"), entire(real::acot, Complex::acot)),
    entry(
        "sinh",
        &["sinh(x)"],
        "Hyperbolic sine.",
        ("sinh(log(2))", "0.75"),
        entire(math::sinh, Complex::sinh).quantity(|x| angle("sinh", x, math::sinh)),
    ),
    entry(
        "cosh",
        &["cosh(x)"],
        "Hyperbolic cosine.",
        ("cosh(0)", "1"),
        entire(math::cosh, Complex::cosh).quantity(|x| angle("cosh", x, math::cosh)),
    ),
    entry(
        "tanh",
        &["tanh(x)"],
        "Hyperbolic tangent.",
        ("tanh(20)", "1"),
        entire(math::tanh, Complex::tanh).quantity(|x| angle("tanh", x, math::tanh)),
    ),
    entry(
        "sech",
        &["sech(x)"],
        "Hyperbolic secant.",
        ("sech(0)", "1"),
        entire(real::sech, Complex::sech).quantity(|x| angle("sech", x, real::sech)),
    ),
    entry(
        "csch",
        &["csch(x)"],
        "Hyperbolic cosecant; infinite at 0.",
        ("csch(log(2))", "4 / 3"),
        entire(real::csch, Complex::csch).quantity(|x| angle("csch", x, real::csch)),
    ),
    entry(
        "coth",
        &["coth(x)"],
        "Hyperbolic cotangent; infinite at 0.",
        ("coth(log(2))", "5 / 3"),
        entire(real::coth, Complex::coth).quantity(|x| angle("coth", x, real::coth)),
    ),
    entry(
        "asinh",
        &["asinh(x)"],
        "Inverse hyperbolic sine.",
        ("asinh(0.75)", "log(2)"),
        entire(math::asinh, Complex::asinh),
    ),
    entry(
        "acosh",
        &["acosh(x)"],
        "Inverse hyperbolic cosine; complex below 1.",
        ("acosh(1.25)", "log(2)"),
        partial(real::acosh, |x| x >= 1.0, acosh_below_one),
    ),
    entry(
        "atanh",
        &["atanh(x)"],
        "Inverse hyperbolic tangent; complex outside [-1, 1].",
        ("atanh(0.5)", "log(3) / 2"),
        partial(real::atanh, within_one, Complex::atanh),
    ),
    entry(
        "asech",
        &["asech(x)"],
        "Inverse hyperbolic secant; complex outside (0, 1].",
        ("asech(0.8)", "log(2)"),
        partial(real::asech, |x| (0.0..=1.0).contains(&x), asech_outside),
    ),
    entry(
        "acsch",
        &["acsch(x)"],
        "Inverse hyperbolic cosecant.",
        ("acsch(4 / 3)", "log(2)"),
        entire(real::acsch, Complex::acsch),
    ),
    entry(
        "acoth",
        &["acoth(x)"],
        "Inverse hyperbolic cotangent; complex inside (-1, 1).",
        ("acoth(2)", "log(3) / 2"),
        partial(real::acoth, outside_one, Complex::acoth),
    ),
];

/// Inverse hyperbolic cosine off the real domain; on the negative axis the branch of the language.
fn acosh_below_one(z: Complex) -> Complex {
    if z.im == 0.0 && z.re <= -1.0 { Complex::new(((z.re * z.re - 1.0).sqrt() - z.re).ln(), PI) } else { z.acosh() }
}

/// Inverse hyperbolic secant off the real domain; on [-1, 0) the branch of the language.
fn asech_outside(z: Complex) -> Complex {
    if z.im == 0.0 && (-1.0..0.0).contains(&z.re) { Complex::asech_of_negative(z.re) } else { z.asech() }
}
