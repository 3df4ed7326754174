//! Parts of complex numbers.

use super::{Apply, Family, FunctionInfo, Scalar};
use crate::formula::interpreter::{Evaluated, Interpreter, complex_of, elementwise};
use crate::formula::value::{Complex, Value};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Complex, name, signatures, (1, 1), help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry("re", &["re(z)"], "Real part.", ("re(3 + 4i)", "3"), |_, arguments| part("re", arguments, |z| z.re))
        .scalar(Scalar::One(|x| x)),
    entry("im", &["im(z)"], "Imaginary part.", ("im(3 + 4i)", "4"), |_, arguments| part("im", arguments, |z| z.im))
        .scalar(Scalar::One(|_| 0.0)),
    entry("arg", &["arg(z)"], "Angle from the real axis.", ("arg(i)", "pi / 2"), |_, arguments| {
        part("arg", arguments, |z| crate::math::atan2(z.im, z.re))
    })
    .scalar(Scalar::One(|x| crate::math::atan2(0.0, x))),
    entry("conj", &["conj(z)"], "Complex conjugate.", ("conj(3 + 4i)", "3 - 4i"), |_, arguments| {
        elementwise(&arguments[0], &mut |value| match value {
            Value::Complex(z) => Ok(z.conj().into()),
            other => Ok(Value::Number(complex_of("conj", other)?.re)),
        })
    })
    .scalar(Scalar::One(|x| x)),
];

fn part(function: &'static str, arguments: &[Value], part: fn(Complex) -> f64) -> Evaluated {
    elementwise(&arguments[0], &mut |value| Ok(Value::Number(part(complex_of(function, value)?))))
}
