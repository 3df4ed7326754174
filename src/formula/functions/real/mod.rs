//! What each function and operator means for real numbers.
//!
//! These are the functions that the interpreter applies to constants and the reference evaluator applies to samples, so
//! that both agree bit for bit. Outside its real domain a function is NaN here (the interpreter then answers with a
//! complex number or an error). They follow mathjs 15 where mathjs has a choice of its own, such as the tolerance of
//! comparisons. Nothing here allocates, and nothing takes time that grows with the size of a number.

pub use crate::math::special::{erf, gamma, zeta};

mod bits;
mod combinatorics;
mod comparison;
mod finance;
mod integer;
mod latency;
mod power;
mod rounding;
mod statistics;
mod trigonometry;

pub use bits::{
    bit_and, bit_not, bit_or, bit_xor, left_shift, right_arithmetic_shift, right_logical_shift, to_integer_32,
};
pub use combinatorics::{
    bell_number, catalan, combinations, combinations_with_repetition, composition, factorial, ln_gamma,
    ln_gamma_of_mathjs, multinomial, permutations, permutations_of, stirling_s2,
};
pub use comparison::{
    and, compare, equal, is_negative, is_positive, is_zero, larger, larger_equal, nearly_equal, not, or, select,
    smaller, smaller_equal, truth, unequal, xor,
};
pub use finance::{
    amortization, compound_annual_growth_rate, compound_interest, discount_factor, future_value, leverage_ratio,
    net_present_value, payback_period, present_value, profitability_index, return_on_investment, rule_of_72,
    weighted_average_cost_of_capital,
};
pub use integer::{greatest_common_divisor, invert_modulo, is_integer, is_prime, least_common_multiple, modulus};
pub use latency::{erlang_c, exceeds, quorum, timeout, usl, usl_peak, usl_response, utilization};
pub use power::{cube, hypotenuse, log_of_base, nth_root, power, square};
pub use rounding::{ceil, ceil_to, fix, fix_to, floor, floor_to, round, round_to};
pub use statistics::{Normalization, standard_deviation};
pub use statistics::{maximum, mean, median, median_absolute_deviation, minimum, product, quantile, sum, variance};
pub use trigonometry::{acosh, acot, acoth, acsc, acsch, asec, asech, atanh, cot, coth, csc, csch, sec, sech, sign};
