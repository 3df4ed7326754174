//! Counting: factorials, selections, partitions.
//!
//! Whole arguments are taken without tolerance; anything else is NaN. Every loop ends when its result overflows, so that
//! no argument takes long.

use super::integer::is_exact_integer;
use crate::math::{self, special};

/// Whether `x` is whole and not negative.
fn is_count(x: f64) -> bool {
    is_exact_integer(x) && x >= 0.0
}

/// `x! = gamma(x + 1)`; NaN below 0.
///
/// # Examples
/// ```
/// use tailcast::formula::functions::real;
/// assert_eq!(real::factorial(5.0), 120.0);
/// assert_eq!(real::factorial(171.0), f64::INFINITY);
/// ```
#[must_use]
pub fn factorial(x: f64) -> f64 {
    if x < 0.0 { f64::NAN } else { special::gamma(x + 1.0) }
}

/// Natural logarithm of the gamma function; NaN below 0.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    if x < 0.0 { f64::NAN } else { special::ln_gamma(x) }
}

/// [`ln_gamma`] as mathjs approximates it, with an error of up to 2e-10.
///
/// # Source
/// C. Lanczos, "A precision approximation of the gamma function", 1964, with `g = 5` and the seven coefficients that
/// Numerical Recipes printed.
#[must_use]
pub fn ln_gamma_of_mathjs(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 6] = [
        76.180_091_729_471_46,
        -86.505_320_329_416_77,
        24.014_098_240_830_91,
        -1.231_739_572_450_155,
        0.120_865_097_386_617_9e-2,
        -0.539_523_938_495_3e-5,
    ];
    if x <= 0.0 || !x.is_finite() {
        return if x == 0.0 { f64::INFINITY } else { ln_gamma(x) };
    }
    if x < 0.5 {
        return math::ln(std::f64::consts::PI / math::sin(std::f64::consts::PI * x)) - ln_gamma_of_mathjs(1.0 - x);
    }
    let base = x - 1.0 + 5.0 + 0.5;
    let mut divisor = x - 1.0 + 6.0;
    let mut sum = 1.000_000_000_190_015;
    for coefficient in COEFFICIENTS.iter().rev() {
        sum += coefficient / divisor;
        divisor -= 1.0;
    }
    0.5 * math::ln(std::f64::consts::TAU) + (x - 0.5) * math::ln(base) - base + math::ln(sum)
}

/// Ways to choose `k` of `n`; NaN unless both are counts and `k <= n`.
#[must_use]
pub fn combinations(n: f64, k: f64) -> f64 {
    if !is_count(n) || !is_count(k) || k > n {
        return f64::NAN;
    }
    let few = k.min(n - k);
    let (mut result, mut step) = (1.0, 1.0);
    while step <= few && result < f64::INFINITY {
        result = (result * (n - few + step) / step).round();
        step += 1.0;
    }
    result
}

/// Ways to choose `k` of `n` when each may be chosen again; NaN unless `k` is a count and `n` a positive one.
#[must_use]
pub fn combinations_with_repetition(n: f64, k: f64) -> f64 {
    if !is_count(n) || !is_count(k) || n < 1.0 { f64::NAN } else { combinations(n + k - 1.0, k) }
}

/// Orders of `n` things.
#[must_use]
pub fn permutations(n: f64) -> f64 {
    if is_count(n) { factorial(n) } else { f64::NAN }
}

/// Orders of `k` of `n` things; NaN unless both are counts and `k <= n`.
#[must_use]
pub fn permutations_of(n: f64, k: f64) -> f64 {
    if !is_count(n) || !is_count(k) || k > n {
        return f64::NAN;
    }
    let (mut result, mut factor) = (1.0, n - k + 1.0);
    while factor <= n && result < f64::INFINITY {
        result *= factor;
        factor += 1.0;
    }
    result
}

/// Ways to divide the sum of `counts` into groups of those sizes; NaN unless all are positive and whole.
#[must_use]
pub fn multinomial(counts: &[f64]) -> f64 {
    let (mut sum, mut result) = (0.0, 1.0);
    for &count in counts {
        if !is_count(count) || count == 0.0 {
            return f64::NAN;
        }
        sum += count;
        result *= combinations(sum, count);
    }
    result
}

/// Catalan number of that order.
#[must_use]
pub fn catalan(n: f64) -> f64 {
    if is_count(n) { combinations(2.0 * n, n) / (n + 1.0) } else { f64::NAN }
}

/// Ways to write `n` as an ordered sum of `k` positive whole numbers; NaN unless both are positive and `k <= n`.
#[must_use]
pub fn composition(n: f64, k: f64) -> f64 {
    if is_count(n) && is_count(k) && k >= 1.0 { combinations(n - 1.0, k - 1.0) } else { f64::NAN }
}

/// Largest order whose Stirling and Bell numbers are finite.
const PARTITIONS_MAX: f64 = 219.0;

/// The Stirling numbers of the second kind of that order, `k` from 0 on; each is infinite when it overflows.
fn stirling_row(order: f64) -> [f64; 220] {
    let mut row = [0.0; 220];
    row[0] = 1.0;
    let mut n = 1.0;
    while n <= order {
        let mut factor = 219.0;
        for k in (1..row.len()).rev() {
            row[k] = if row[k] == 0.0 { row[k - 1] } else { factor * row[k] + row[k - 1] };
            factor -= 1.0;
        }
        row[0] = 0.0;
        n += 1.0;
    }
    row
}

/// Ways to divide `n` things into `k` groups that are not empty; NaN unless both are counts and `k <= n`, infinite from
/// `n = 220` on unless `k` is at most 1 or `n`.
#[must_use]
pub fn stirling_s2(n: f64, k: f64) -> f64 {
    if !is_count(n) || !is_count(k) || k > n {
        return f64::NAN;
    }
    if k == n {
        return 1.0;
    }
    if k <= 1.0 {
        return k;
    }
    if n > PARTITIONS_MAX {
        return f64::INFINITY;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and below 220")]
    let k = k as usize;
    stirling_row(n)[k]
}

/// Ways to divide `n` things into groups; NaN unless a count, infinite from 219 on.
#[must_use]
pub fn bell_number(n: f64) -> f64 {
    if !is_count(n) {
        f64::NAN
    } else if n > PARTITIONS_MAX {
        f64::INFINITY
    } else {
        stirling_row(n).iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_are_exact() {
        assert_eq!((combinations(5.0, 2.0), combinations_with_repetition(3.0, 4.0)), (10.0, 15.0));
        assert_eq!((permutations_of(5.0, 2.0), permutations(5.0)), (20.0, 120.0));
        assert_eq!((catalan(5.0), composition(5.0, 3.0)), (42.0, 6.0));
        assert_eq!(multinomial(&[1.0, 2.0, 3.0]), 60.0);
        assert_eq!((stirling_s2(5.0, 3.0), stirling_s2(0.0, 0.0), stirling_s2(4.0, 0.0)), (25.0, 1.0, 0.0));
        assert_eq!((bell_number(0.0), bell_number(5.0)), (1.0, 52.0));
        assert_eq!(combinations(30.0, 15.0), 155_117_520.0);
    }

    #[test]
    fn the_approximation_of_mathjs_has_its_error() {
        assert!((ln_gamma_of_mathjs(0.5) - 0.572_364_942_922_746_4).abs() < 1e-15);
        for x in [0.1, 0.7, 3.3, 100.0] {
            assert!((ln_gamma_of_mathjs(x) - ln_gamma(x)).abs() < 2e-10 * x.max(1.0), "{x}");
        }
    }

    #[test]
    fn what_is_no_count_is_no_number() {
        assert!(combinations(5.0, 6.0).is_nan() && combinations(5.5, 2.0).is_nan() && combinations(-1.0, 0.0).is_nan());
        assert!(factorial(-1.0).is_nan() && multinomial(&[0.0]).is_nan() && stirling_s2(1.0, 2.0).is_nan());
    }

    #[test]
    fn huge_counts_overflow_at_once() {
        assert_eq!(combinations(1e15, 5e14), f64::INFINITY);
        assert_eq!((permutations_of(1e15, 1e15), factorial(1e9)), (f64::INFINITY, f64::INFINITY));
        assert_eq!((bell_number(1e9), catalan(1e9)), (f64::INFINITY, f64::INFINITY));
    }
}
