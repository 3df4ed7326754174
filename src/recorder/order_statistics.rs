//! Confidence intervals of quantiles from order statistics.
//!
//! Of N independent samples the number below the true q-quantile is binomial(N, q), whatever the distribution. So the
//! samples of two ranks around `q N` enclose the quantile with a probability that the binomial gives exactly.

/// Probability that a quantile's or mean's interval misses on either side: 95 % intervals.
const MISS_EACH_SIDE: f64 = 0.025;

/// Standard normal quantile of 0.975.
pub(crate) const Z_975: f64 = 1.959_963_984_540_054;

/// Samples up to which the binomial is summed; beyond, its normal limit with continuity correction is used where both
/// tails hold many samples.
const EXACT_SAMPLES_MAX: u64 = 2000;

/// Expected samples in the smaller tail from which the normal limit is used.
const TAIL_MIN: f64 = 400.0;

/// Ranks, from 1, of the samples between which the q-quantile lies with 95 % confidence.
///
/// Either is `None` when no sample can bound the quantile on that side: there are too few beyond it.
///
/// # Parameters
/// - `count`: number of samples N.
/// - `q`: in `[0, 1]`.
///
/// # Numerics
/// The binomial tails are summed outward from the mode in relative terms; with at least 400 expected samples in the
/// smaller tail the normal limit is used, whose ranks differ from the exact ones by at most 2.
///
/// # Source
/// David and Nagaraja (2003), "Order Statistics", 3rd edition, section 7.1.
///
/// # Examples
/// ```
/// use tailcast::recorder::quantile_interval_ranks;
/// assert_eq!(quantile_interval_ranks(100, 0.5), (Some(40), Some(61)));
/// assert_eq!(quantile_interval_ranks(100, 0.999), (Some(99), None));
/// ```
#[must_use]
pub fn quantile_interval_ranks(count: u64, q: f64) -> (Option<u64>, Option<u64>) {
    if count == 0 || !(0.0..=1.0).contains(&q) {
        return (None, None);
    }
    let n = count as f64;
    let tail = n * q.min(1.0 - q);
    let (low, high) = if count > EXACT_SAMPLES_MAX && tail >= TAIL_MIN {
        let half = Z_975 * (n * q * (1.0 - q)).sqrt();
        ((n * q - half).floor(), (n * q + half).ceil() + 1.0)
    } else {
        exact_ranks(count, q)
    };
    let rank = |rank: f64| (rank >= 1.0 && rank <= n).then_some(rank as u64);
    (rank(low), rank(high))
}

/// Largest `low` with `P(B < low) <= 0.025` and smallest `high` with `P(B >= high) <= 0.025`, B binomial(count, q).
fn exact_ranks(count: u64, q: f64) -> (f64, f64) {
    let n = count as f64;
    if q <= 0.0 || q >= 1.0 {
        return if q <= 0.0 { (0.0, 1.0) } else { (n, n + 1.0) };
    }
    let mode = ((n + 1.0) * q).floor().min(n);
    let odds = q / (1.0 - q);
    let below = terms(mode, |k| k / ((n - k + 1.0) * odds), |k| k - 1.0, 0.0);
    let above = terms(mode, |k| (n - k) * odds / (k + 1.0), |k| k + 1.0, n);
    let total: f64 = below.iter().sum::<f64>() + above.iter().sum::<f64>() - 1.0;
    let miss = MISS_EACH_SIDE * total;
    // `below[i]` is the weight of `mode - i`. P(B < low) sums the weights under `low`.
    let mut sum = 0.0;
    let mut low = mode - (below.len() as f64 - 1.0);
    for weight in below.iter().rev().chain(above.iter().skip(1)) {
        if sum + weight > miss {
            break;
        }
        sum += weight;
        low += 1.0;
    }
    sum = 0.0;
    let mut high = mode + above.len() as f64;
    for weight in above.iter().rev().chain(below.iter().skip(1)) {
        if sum + weight > miss {
            break;
        }
        sum += weight;
        high -= 1.0;
    }
    (low, high)
}

/// Weights of the binomial relative to the mode's, outward until they vanish or `last` is reached.
fn terms(mode: f64, ratio: impl Fn(f64) -> f64, step: impl Fn(f64) -> f64, last: f64) -> Vec<f64> {
    const NEGLIGIBLE: f64 = 1e-18;
    let mut weights = vec![1.0];
    let (mut k, mut weight) = (mode, 1.0);
    while k != last && weight > NEGLIGIBLE {
        weight *= ratio(k);
        k = step(k);
        weights.push(weight);
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P(B <= k), summed in full.
    fn binomial_cdf(n: u64, q: f64, k: u64) -> f64 {
        let mut log_weight = n as f64 * (-q).ln_1p();
        let mut sum = log_weight.exp();
        for i in 1..=k {
            log_weight += ((n - i + 1) as f64 / i as f64).ln() + (q / (1.0 - q)).ln();
            sum += log_weight.exp();
        }
        sum
    }

    #[test]
    fn exact_ranks_leave_at_most_2_5_percent_on_each_side_and_no_less_than_needed() {
        for (n, q) in [(10, 0.5), (100, 0.5), (100, 0.9), (1000, 0.99), (2000, 0.999), (57, 0.3)] {
            let (low, high) = quantile_interval_ranks(n, q);
            if let Some(low) = low {
                assert!(binomial_cdf(n, q, low - 1) <= 0.025, "{n} {q} {low}");
                assert!(binomial_cdf(n, q, low) > 0.025, "{n} {q} {low}");
            }
            if let Some(high) = high {
                assert!(1.0 - binomial_cdf(n, q, high - 1) <= 0.025 + 1e-12, "{n} {q} {high}");
                assert!(1.0 - binomial_cdf(n, q, high - 2) > 0.025, "{n} {q} {high}");
            }
        }
    }

    #[test]
    fn the_normal_limit_is_close_to_the_exact_ranks() {
        for (n, q) in [(50_000, 0.5), (50_000, 0.99), (1_000_000, 0.999)] {
            let (low, high) = quantile_interval_ranks(n, q);
            let (exact_low, exact_high) = exact_ranks(n, q);
            assert!((low.expect("low") as f64 - exact_low).abs() <= 2.0, "{n} {q} {low:?} {exact_low}");
            assert!((high.expect("high") as f64 - exact_high).abs() <= 2.0, "{n} {q} {high:?} {exact_high}");
        }
    }

    #[test]
    fn what_the_samples_cannot_bound_stays_open() {
        assert_eq!(quantile_interval_ranks(0, 0.5), (None, None));
        assert_eq!(quantile_interval_ranks(1, 0.5), (None, None));
        assert_eq!(quantile_interval_ranks(1000, 0.9999).1, None);
        assert_eq!(quantile_interval_ranks(1000, f64::NAN), (None, None));
    }
}
