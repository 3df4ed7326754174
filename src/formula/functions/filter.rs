//! Filters: they take samples away, and a metric's figures are over the rest.

use super::finance::coerced;
use super::{Apply, Family, FunctionInfo};
use crate::formula::interpreter::{Evaluated, Interpreter};
use crate::formula::value::Value;

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    least: usize,
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Filter, name, signatures, (least, super::ANY), help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "filterLessThan",
        &["filterLessThan(x, limit)"],
        1,
        "`x`, without the samples below the limit.",
        ("filterLessThan(5, 5)", "5"),
        |_, arguments| {
            let below = coerced(&arguments[0]) < limit(arguments, 1);
            Ok(if below { Value::Filtered } else { arguments[0].clone() })
        },
    ),
    entry(
        "filterGreaterThan",
        &["filterGreaterThan(x, limit)"],
        1,
        "`x`, without the samples above the limit.",
        ("filterGreaterThan(2, 3)", "2"),
        |_, arguments| {
            let above = coerced(&arguments[0]) > limit(arguments, 1);
            Ok(if above { Value::Filtered } else { arguments[0].clone() })
        },
    ),
    entry(
        "filterBetween",
        &["filterBetween(x, low, high)"],
        1,
        "`x`, without the samples outside the limits.",
        ("filterBetween(2, 1, 3)", "2"),
        |_, arguments| {
            let x = coerced(&arguments[0]);
            let outside = x < limit(arguments, 1) || x > limit(arguments, 2);
            Ok(if outside { Value::Filtered } else { arguments[0].clone() })
        },
    ),
];

/// A limit; one that is missing or no number takes nothing away.
fn limit(arguments: &[Value], index: usize) -> f64 {
    arguments.get(index).map_or(f64::NAN, coerced)
}
