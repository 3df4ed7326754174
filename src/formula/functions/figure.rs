//! Figures of another metric's samples: one number for all samples, drawn before the formula that asks for it.
//!
//! The interpreter sees constants only, whose figures are themselves; whoever draws samples takes the figures of those.

use super::{Apply, Family, FunctionInfo};
use crate::formula::interpreter::{Evaluated, Interpreter, real_of};
use crate::formula::value::Value;

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    count: usize,
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Figure, name, signatures, (count, count), help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "quantile",
        &["quantile(x, level)"],
        2,
        "The quantile of the samples of `x` at a level from 0 to 1: one number for all samples.",
        ("quantile(5, 0.99)", "5"),
        |_, arguments| Ok(Value::Number(real_of("quantile", &arguments[0])?)),
    ),
    entry(
        "prob",
        &["prob(condition)"],
        1,
        "The share of samples in which a condition holds, such as `prob(x > 5)`: one number for all samples.",
        ("prob(5 > 3)", "1"),
        |_, arguments| Ok(Value::Number(f64::from(u8::from(real_of("prob", &arguments[0])? != 0.0)))),
    ),
    entry(
        "expectation",
        &["expectation(x)"],
        1,
        "The mean of the samples of `x`: one number for all samples.",
        ("expectation(5)", "5"),
        |_, arguments| Ok(Value::Number(real_of("expectation", &arguments[0])?)),
    ),
    entry(
        "deviation",
        &["deviation(x)"],
        1,
        "The standard deviation of the samples of `x`: one number for all samples.",
        ("deviation(5)", "0"),
        |_, arguments| Ok(Value::Number(real_of("deviation", &arguments[0])? * 0.0)),
    ),
];
