//! Operations on the bits of whole numbers, which are taken as 32-bit integers.

use super::real;
use super::{Apply, Family, FunctionInfo, Scalar};
use crate::formula::interpreter::{Evaluated, Interpreter, binary, unary};
use crate::formula::tree::{BinaryOperator, UnaryOperator};
use crate::formula::value::Value;

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    help: &'static str,
    example: (&'static str, &'static str),
    scalar: fn(f64, f64) -> f64,
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Bitwise, name, signatures, (2, 2), help, example, Apply::General(apply))
        .domain("whole numbers")
        .scalar(Scalar::Two(scalar))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry("bitAnd", &["bitAnd(x, y)"], "Bits set in both.", ("bitAnd(5, 3)", "1"), real::bit_and, |_, arguments| {
        binary(BinaryOperator::BitAnd, &arguments[0], &arguments[1])
    }),
    entry(
        "bitOr",
        &["bitOr(x, y)"],
        "Bits set in at least one.",
        ("bitOr(5, 3)", "7"),
        real::bit_or,
        |_, arguments| binary(BinaryOperator::BitOr, &arguments[0], &arguments[1]),
    ),
    entry(
        "bitXor",
        &["bitXor(x, y)"],
        "Bits set in exactly one.",
        ("bitXor(5, 3)", "6"),
        real::bit_xor,
        |_, arguments| binary(BinaryOperator::BitXor, &arguments[0], &arguments[1]),
    ),
    FunctionInfo::new(
        Family::Bitwise,
        "bitNot",
        &["bitNot(x)"],
        (1, 1),
        "All bits turned over.",
        ("bitNot(5)", "-6"),
        Apply::General(|_, arguments| unary(UnaryOperator::BitNot, &arguments[0])),
    )
    .domain("a whole number")
    .scalar(Scalar::One(real::bit_not)),
    entry(
        "leftShift",
        &["leftShift(x, count)"],
        "Bits moved up.",
        ("leftShift(1, 4)", "16"),
        real::left_shift,
        |_, arguments| binary(BinaryOperator::LeftShift, &arguments[0], &arguments[1]),
    ),
    entry(
        "rightArithShift",
        &["rightArithShift(x, count)"],
        "Bits moved down, the sign kept.",
        ("rightArithShift(-8, 1)", "-4"),
        real::right_arithmetic_shift,
        |_, arguments| binary(BinaryOperator::RightArithmeticShift, &arguments[0], &arguments[1]),
    ),
    entry(
        "rightLogShift",
        &["rightLogShift(x, count)"],
        "Bits moved down, zeros coming in.",
        ("rightLogShift(-8, 28)", "15"),
        real::right_logical_shift,
        |_, arguments| binary(BinaryOperator::RightLogicalShift, &arguments[0], &arguments[1]),
    ),
];
