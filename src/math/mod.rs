//! Branch-free `f64` kernels that the compiler vectorises, and special functions.
//!
//! A kernel is a plain function of one lane: straight-line arithmetic and selects, no table and no branch. A loop that
//! calls it inside a function compiled by `vectorised!` becomes vector code; a call outside such a loop runs the same
//! operations one lane at a time. Every operation is exactly rounded by IEEE 754 (`+ - * / sqrt`, fused multiply-add,
//! integer and bit operations) and the compiler may not reassociate them, so the result is **the same bits** in a
//! scalar call, in a loop, on every instruction set and on every processor. No result depends on the platform's
//! mathematical library. The one thing left open is which NaN is returned: a NaN's sign and payload are unspecified.
//!
//! ```text
//! kernels (a lane)      exp ln pow sin cos tan atan ... normal_quantile
//! fill    (a slice)     the same, vectorised, with run-time dispatch
//! special (a lane)      gamma, error function, incomplete gamma and beta, zeta: accurate, not vectorised
//! ```
//!
//! On a processor without fused multiply-add the kernels stay correct, same bits, and become slow.
//!
//! Error bounds are stated in ulps of the exact result, and hold over the ranges that the tests cover.

/// Compiles functions for several instruction sets and dispatches at run time to the best that the processor has.
///
/// The one list of targets of the crate: put a plain safe loop over equal-length slices inside, with everything it
/// calls `#[inline(always)]`.
macro_rules! vectorised {
    ($($function:tt)*) => {
        #[::multiversion::multiversion(targets(
            "x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx2+fma+bmi1+bmi2",
            "x86_64+avx2+fma+bmi1+bmi2",
            "aarch64+neon",
        ))]
        $($function)*
    };
}
pub(crate) use vectorised;

/// `c0 + c1 x + c2 x^2 + ...` by Horner's rule with fused multiply-adds.
macro_rules! horner {
    ($x:expr; $last:expr $(,)?) => { $last };
    ($x:expr; $first:expr, $($rest:expr),+ $(,)?) => {
        f64::mul_add(horner!($x; $($rest),+), $x, $first)
    };
}

/// `1.5 * 2^52`: adding it rounds a small number to an integer, which then stands in the low bits, two's complement.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

mod double_double;
mod exponential;
pub mod fill;
mod hyperbolic;
mod inverse_trigonometric;
mod logarithm;
mod normal;
mod power;
mod reduction;
pub mod special;
mod trigonometric;

pub use exponential::{exp, exp_m1};
pub use hyperbolic::{acosh, asinh, atanh, cosh, sinh, tanh};
pub use inverse_trigonometric::{acos, asin, atan, atan2};
pub use logarithm::{ln, ln_1p, log2, log10};
pub use normal::{normal_cdf, normal_quantile};
pub use power::{cbrt, pow, root};
pub use trigonometric::{cos, sin, sin_cos_turns, tan};
