//! Poisson and binomial probabilities to full relative accuracy, and quantiles over whole numbers.
//!
//! The textbook forms subtract logarithms of factorials that are far larger than the result; the saddle-point form has
//! no such cancellation, so that samplers accept and reject rightly for any size of parameter.
//!
//! # Source
//! C. Loader, "Fast and accurate computation of binomial probabilities", 2000.

use crate::math;

/// `ln(2 pi) / 2`.
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

/// `ln n! - (n + 1/2) ln n + n - ln(2 pi) / 2` for n = 1 to 16.
const STIRLING_ERRORS: [f64; 16] = [
    0.081_061_466_795_327_26,
    0.041_340_695_955_409_3,
    0.027_677_925_684_998_34,
    0.020_790_672_103_765_093,
    0.016_644_691_189_821_193,
    0.013_876_128_823_070_748,
    0.011_896_709_945_891_77,
    0.010_411_265_261_972_096,
    0.009_255_462_182_712_733,
    0.008_330_563_433_362_87,
    0.007_573_675_487_951_841,
    0.006_942_840_107_209_53,
    0.006_408_994_188_004_207,
    0.005_951_370_112_758_847_5,
    0.005_554_733_551_962_801,
    0.005_207_655_919_609_640_4,
];

/// Reciprocals of 1 to 63, at their index: a search over counts multiplies where it would wait for divisions.
pub(crate) const RECIPROCALS: [f64; 64] = {
    let mut reciprocals = [f64::INFINITY; 64];
    let mut n = 1;
    while n < 64 {
        reciprocals[n] = 1.0 / n as f64;
        n += 1;
    }
    reciprocals
};

/// Error of Stirling's formula for `ln n!`, `n >= 1` whole; absolute error below 2e-14.
#[inline(always)]
fn stirling_error(n: f64) -> f64 {
    if n <= 16.0 {
        return STIRLING_ERRORS[n as usize - 1];
    }
    let inverse_square = 1.0 / (n * n);
    let series = 1.0 / 1260.0 - inverse_square / 1680.0;
    (1.0 / 12.0 - inverse_square * (1.0 / 360.0 - inverse_square * series)) / n
}

/// `x ln(x / mean) + mean - x`, without cancellation near `x = mean`.
#[inline(always)]
fn deviance(x: f64, mean: f64) -> f64 {
    let difference = x - mean;
    if difference.abs() >= 0.1 * (x + mean) {
        return x.mul_add(math::ln(x / mean), -difference);
    }
    let ratio = difference / (x + mean);
    let square = ratio * ratio;
    let mut sum = difference * ratio;
    let mut term = 2.0 * x * ratio;
    let mut odd = 1.0;
    loop {
        term *= square;
        odd += 2.0;
        let next = sum + term / odd;
        if next == sum {
            return sum;
        }
        sum = next;
    }
}

/// Logarithm of the Poisson probability of `k`, whole and not negative, for a finite positive mean.
#[inline(always)]
pub(crate) fn ln_poisson(k: f64, mean: f64) -> f64 {
    if k == 0.0 {
        return -mean;
    }
    -stirling_error(k) - deviance(k, mean) - HALF_LN_TAU - 0.5 * math::ln(k)
}

/// Logarithm of the binomial probability of `k` of `n`, both whole, `0 <= k <= n`, `0 < p < 1`, `ln_q = ln(1 - p)`.
#[inline(always)]
pub(crate) fn ln_binomial(k: f64, n: f64, p: f64, ln_q: f64) -> f64 {
    if k == 0.0 {
        return n * ln_q;
    }
    if k == n {
        return n * math::ln(p);
    }
    let rest = n - k;
    let errors = stirling_error(n) - stirling_error(k) - stirling_error(rest);
    let deviances = deviance(k, n * p) + deviance(rest, n * (1.0 - p));
    errors - deviances - HALF_LN_TAU - 0.5 * math::ln(k * (rest / n))
}

/// Smallest whole number from 0 to `last` whose cumulative probability reaches `p`.
///
/// # Parameters
/// - `cdf`: rises with its argument; asked for whole numbers only.
/// - `guess`: where to begin, such as the mean; finite.
pub(crate) fn smallest_reaching(p: f64, guess: f64, last: f64, cdf: impl Fn(f64) -> f64) -> f64 {
    // Invariant of the search: the answer lies above `below` and not above `above`.
    let (mut below, mut above) = (-1.0, guess.floor().clamp(0.0, last));
    while above < last && cdf(above) < p {
        below = above;
        above = (2.0 * above + 1.0).min(last);
    }
    while above - below > 1.0 {
        let middle = f64::midpoint(below, above).floor();
        if middle <= below || middle >= above {
            break;
        }
        if cdf(middle) < p { below = middle } else { above = middle }
    }
    above
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poisson_probabilities_match_the_recurrence() {
        for mean in [0.3_f64, 4.0, 40.0] {
            let mut direct = -mean;
            for k in 1..150 {
                direct += mean.ln() - f64::from(k).ln();
                assert!((ln_poisson(f64::from(k), mean) - direct).abs() < 1e-11, "{k} {mean}");
            }
        }
    }

    #[test]
    fn binomial_probabilities_sum_to_one() {
        for (n, p) in [(1.0, 0.5), (20.0, 0.3), (1000.0, 0.02)] {
            let sum: f64 = (0..=n as u32).map(|k| ln_binomial(f64::from(k), n, p, (-p).ln_1p()).exp()).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{n} {p}: {sum}");
        }
    }

    #[test]
    fn the_peak_of_a_huge_poisson_is_right_to_many_digits() {
        let mean = 1e12_f64;
        let expected = -HALF_LN_TAU - 0.5 * mean.ln();
        assert!((ln_poisson(mean, mean) - expected).abs() < 1e-12);
    }

    #[test]
    fn search_finds_the_first_number_that_reaches_the_probability() {
        let cdf = |k: f64| ((k + 1.0) / 100.0).min(1.0);
        for guess in [0.0, 49.5, 99.0] {
            assert_eq!(smallest_reaching(0.5, guess, 99.0, cdf), 49.0);
            assert_eq!(smallest_reaching(0.0, guess, 99.0, cdf), 0.0);
            assert_eq!(smallest_reaching(1.0, guess, 99.0, cdf), 99.0);
        }
    }
}
