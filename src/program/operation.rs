//! The operations of a program that compute on samples: one table of each arity, with the meaning of an operation on
//! one sample and the loop over a block made from it, so that the two cannot differ.

use super::column::Column;
use crate::formula::functions::real;
use crate::math;
use crate::math::vectorised;
use crate::rng::BLOCK_LEN;

/// Declares the operations with one operand: the enum, its names, its meaning, its block kernels.
macro_rules! unary_operations {
    ($($(#[$doc:meta])* $variant:ident $kernel:ident = $meaning:expr;)+) => {
        /// Operation on one value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum UnaryOperation { $($(#[$doc])* $variant,)+ }

        impl UnaryOperation {
            /// Every operation, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Name in printed programs.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($kernel),)+ }
            }

            /// Result for one sample.
            #[must_use]
            pub fn apply(self, a: f64) -> f64 {
                match self { $(Self::$variant => ($meaning)(a),)+ }
            }

            /// Results for a block.
            pub(super) fn fill(self, out: &mut Column, a: &Column) {
                match self { $(Self::$variant => unary::$kernel(&mut out.0, &a.0),)+ }
            }
        }

        mod unary {
            #[allow(clippy::wildcard_imports, reason = "the meanings are written once, in the table above")]
            use super::*;
            $(vectorised! {
                pub(super) fn $kernel(out: &mut [f64; BLOCK_LEN], a: &[f64; BLOCK_LEN]) {
                    for lane in 0..BLOCK_LEN {
                        out[lane] = ($meaning)(a[lane]);
                    }
                }
            })+
        }
    };
}

/// Declares the operations with two operands; each has three kernels, since either operand may be a constant.
macro_rules! binary_operations {
    ($($(#[$doc:meta])* $variant:ident $kernel:ident = $meaning:expr;)+) => {
        /// Operation on two values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum BinaryOperation { $($(#[$doc])* $variant,)+ }

        impl BinaryOperation {
            /// Every operation, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Name in printed programs.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($kernel),)+ }
            }

            /// Result for one sample.
            #[must_use]
            pub fn apply(self, a: f64, b: f64) -> f64 {
                match self { $(Self::$variant => ($meaning)(a, b),)+ }
            }

            /// Results for a block.
            pub(super) fn fill(self, out: &mut Column, a: Values<'_>, b: Values<'_>) {
                match self { $(Self::$variant => match (a, b) {
                    (Values::Column(a), Values::Column(b)) => columns::$kernel(&mut out.0, &a.0, &b.0),
                    (Values::Column(a), Values::Constant(b)) => by_constant::$kernel(&mut out.0, &a.0, b),
                    (Values::Constant(a), Values::Column(b)) => of_constant::$kernel(&mut out.0, a, &b.0),
                    (Values::Constant(a), Values::Constant(b)) => out.0.fill(($meaning)(a, b)),
                },)+ }
            }
        }

        mod columns {
            #[allow(clippy::wildcard_imports, reason = "the meanings are written once, in the table above")]
            use super::*;
            $(vectorised! {
                pub(super) fn $kernel(out: &mut [f64; BLOCK_LEN], a: &[f64; BLOCK_LEN], b: &[f64; BLOCK_LEN]) {
                    for lane in 0..BLOCK_LEN {
                        out[lane] = ($meaning)(a[lane], b[lane]);
                    }
                }
            })+
        }

        mod by_constant {
            #[allow(clippy::wildcard_imports, reason = "the meanings are written once, in the table above")]
            use super::*;
            $(vectorised! {
                pub(super) fn $kernel(out: &mut [f64; BLOCK_LEN], a: &[f64; BLOCK_LEN], b: f64) {
                    for lane in 0..BLOCK_LEN {
                        out[lane] = ($meaning)(a[lane], b);
                    }
                }
            })+
        }

        mod of_constant {
            #[allow(clippy::wildcard_imports, reason = "the meanings are written once, in the table above")]
            use super::*;
            $(vectorised! {
                pub(super) fn $kernel(out: &mut [f64; BLOCK_LEN], a: f64, b: &[f64; BLOCK_LEN]) {
                    for lane in 0..BLOCK_LEN {
                        out[lane] = ($meaning)(a, b[lane]);
                    }
                }
            })+
        }
    };
}

/// Operand of an operation on a block.
#[derive(Debug, Clone, Copy)]
pub(super) enum Values<'a> {
    /// A value a sample.
    Column(&'a Column),
    /// The same value for every sample.
    Constant(f64),
}

impl Values<'_> {
    /// Value for the sample in `lane`.
    pub(super) fn at(self, lane: usize) -> f64 {
        match self {
            Self::Column(column) => column.0[lane],
            Self::Constant(value) => value,
        }
    }
}

/// The smaller; not a number if either is.
#[inline(always)]
fn minimum(a: f64, b: f64) -> f64 {
    let least = if b < a { b } else { a };
    if b.is_nan() { b } else { least }
}

/// The larger; not a number if either is.
#[inline(always)]
fn maximum(a: f64, b: f64) -> f64 {
    let most = if b > a { b } else { a };
    if b.is_nan() { b } else { most }
}

unary_operations! {
    /// `-a`
    Negate negate = |a: f64| -a;
    /// Magnitude.
    Absolute absolute = f64::abs;
    /// 1, 0 or -1 by the sign of `a`.
    Sign sign = real::sign;
    /// Square root; not a number below 0.
    SquareRoot sqrt = f64::sqrt;
    /// Cube root.
    CubeRoot cbrt = math::cbrt;
    /// `e^a`
    Exponential exp = math::exp;
    /// `e^a - 1`
    ExponentialMinusOne expm1 = math::exp_m1;
    /// Natural logarithm; not a number below 0.
    Logarithm ln = math::ln;
    /// `ln(1 + a)`
    LogarithmOnePlus log1p = math::ln_1p;
    /// Sine.
    Sine sin = math::sin;
    /// Cosine.
    Cosine cos = math::cos;
    /// Tangent.
    Tangent tan = math::tan;
    /// Nearest integer, halves away from zero, after mending what rounding left.
    Round round = real::round;
    /// Largest integer not above `a`, after mending what rounding left.
    Floor floor = real::floor;
    /// Smallest integer not below `a`, after mending what rounding left.
    Ceiling ceil = real::ceil;
    /// Integer part, after mending what rounding left.
    Fix fix = real::fix;
    /// 1 if `a` is 0 or not a number, else 0.
    Not not = real::not;
    /// 0 if `a` is 0 or not a number, else 1.
    Truth truth = |a: f64| if real::truth(a) { 1.0 } else { 0.0 };
}

binary_operations! {
    /// `a + b`
    Add add = |a: f64, b: f64| a + b;
    /// `a - b`
    Subtract subtract = |a: f64, b: f64| a - b;
    /// `a * b`
    Multiply multiply = |a: f64, b: f64| a * b;
    /// `a / b`
    Divide divide = |a: f64, b: f64| a / b;
    /// Remainder with the sign of `b`.
    Modulus modulus = real::modulus;
    /// `a^b`; not a number where the result is complex.
    Power power = real::power;
    /// The smaller; not a number if either is.
    Minimum min = minimum;
    /// The larger; not a number if either is.
    Maximum max = maximum;
    /// Angle of the point (b, a).
    ArcTangent2 atan2 = math::atan2;
    /// 1 if `a` equals `b` to within rounding, else 0.
    Equal equal = real::equal;
    /// 1 if `a` differs from `b` by more than rounding, else 0.
    Unequal unequal = real::unequal;
    /// 1 if `a` is below `b` by more than rounding, else 0.
    Smaller smaller = real::smaller;
    /// 1 if `a` is below or equal to `b`, else 0.
    SmallerEqual smaller_equal = real::smaller_equal;
    /// 1 if `a` is above `b` by more than rounding, else 0.
    Larger larger = real::larger;
    /// 1 if `a` is above or equal to `b`, else 0.
    LargerEqual larger_equal = real::larger_equal;
    /// 0 if `a` is below `b`, to the bit, else 1: what a filter keeps.
    NotBelow not_below = |a: f64, b: f64| if a < b { 0.0 } else { 1.0 };
    /// 0 if `a` is above `b`, to the bit, else 1: what a filter keeps.
    NotAbove not_above = |a: f64, b: f64| if a > b { 0.0 } else { 1.0 };
    /// 1 if `a` is above `b`, to the bit, else 0; not a number if either is.
    Exceeds exceeds = real::exceeds;
    /// 1 if both are true, else 0.
    And and = real::and;
    /// 1 if either is true, else 0.
    Or or = real::or;
    /// 1 if just one is true, else 0.
    Xor xor = real::xor;
}

vectorised! {
    /// `out = condition != 0 and a number ? then : otherwise`, sample by sample.
    pub(super) fn select_columns(
        out: &mut [f64; BLOCK_LEN],
        condition: &[f64; BLOCK_LEN],
        then: &[f64; BLOCK_LEN],
        otherwise: &[f64; BLOCK_LEN],
    ) {
        for lane in 0..BLOCK_LEN {
            out[lane] = real::select(condition[lane], then[lane], otherwise[lane]);
        }
    }
}

/// Results of a selection for a block.
pub(super) fn fill_select(out: &mut Column, condition: Values<'_>, then: Values<'_>, otherwise: Values<'_>) {
    if let (Values::Column(condition), Values::Column(then), Values::Column(otherwise)) = (condition, then, otherwise) {
        return select_columns(&mut out.0, &condition.0, &then.0, &otherwise.0);
    }
    for (lane, out) in out.0.iter_mut().enumerate() {
        *out = real::select(condition.at(lane), then.at(lane), otherwise.at(lane));
    }
}
