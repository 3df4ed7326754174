//! Figures of order, load and scalability, for one sample: the k-th smallest, queues, the universal scalability law.
//!
//! Response times of queues are drawn and not computed, so they are not here.

use crate::math;
use crate::math::special::{incomplete_gamma_upper, ln_gamma};

/// The `k`-th smallest of the rest, `k` being the first; NaN if any is NaN, or if there is no `k`-th.
#[must_use]
pub fn quorum(arguments: &[f64]) -> f64 {
    let Some((&k, values)) = arguments.split_first() else { return f64::NAN };
    if k.fract() != 0.0 || !(1.0..=values.len() as f64).contains(&k) || values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted[k as usize - 1]
}

/// The smaller of a response time and the caller's patience; NaN if either is NaN.
#[must_use]
pub fn timeout(time: f64, limit: f64) -> f64 {
    if time.is_nan() || limit.is_nan() { f64::NAN } else { time.min(limit) }
}

/// 1 if `time` is above `limit`, else 0; NaN if either is NaN.
#[must_use]
pub fn exceeds(time: f64, limit: f64) -> f64 {
    if time.is_nan() || limit.is_nan() { f64::NAN } else { f64::from(u8::from(time > limit)) }
}

/// Most servers for which Erlang's formula goes through them one by one: about where that takes as long as the series.
const RECURRENCE_SERVERS_MAX: f64 = 64.0;

/// Probability that an arrival has to wait in a queue with Poisson arrivals and exponential service (M/M/c).
///
/// `C = B / (1 - (a/c) (1 - B))` with Erlang's loss formula `B = (a^c / c!) / sum(a^k / k!, k = 0..c)`.
///
/// # Parameters
/// - `load`: offered load `a`, arrivals per mean service time, not negative.
/// - `servers`: `c`, a whole number of at least 1. NaN for anything else, and where `a >= c`: no steady state.
///
/// # Numerics
/// `B` by its recurrence over the number of servers up to 64 of them, relative error below 1e-14. Beyond, the sum is the
/// upper incomplete gamma function, so that the cost does not grow with `c`; relative error below 1e-11 up to a million
/// servers.
///
/// # Source
/// A. K. Erlang (1917); R. B. Cooper, "Introduction to Queueing Theory", 2nd ed., 1981, equations 3.6 to 3.8. The
/// recurrence `B(k) = a B(k-1) / (k + a B(k-1))` follows from the loss formulas of `k` and `k - 1` servers.
#[must_use]
pub fn erlang_c(load: f64, servers: f64) -> f64 {
    if !(load >= 0.0 && load < servers && servers >= 1.0 && servers.fract() == 0.0) {
        return f64::NAN;
    }
    if load == 0.0 {
        return 0.0;
    }
    if servers <= RECURRENCE_SERVERS_MAX {
        let mut blocked = 1.0;
        for k in 1..=servers as u32 {
            blocked = load * blocked / (f64::from(k) + load * blocked);
        }
        return blocked / (1.0 - load / servers * (1.0 - blocked));
    }
    let log_weight = servers.mul_add(math::ln(load), -load) - ln_gamma(servers + 1.0);
    let blocked = math::exp(log_weight) / incomplete_gamma_upper(servers + 1.0, load);
    blocked / (1.0 - load / servers * (1.0 - blocked))
}

/// Share of the time that a server is busy: `rate * service / servers`. At 1 and above a queue grows without end.
#[must_use]
pub fn utilization(rate: f64, service: f64, servers: f64) -> f64 {
    rate * service / servers
}

/// Slowdown of each of `n` users or nodes: `1 + sigma (n - 1) + kappa n (n - 1)`.
fn slowdown(n: f64, sigma: f64, kappa: f64) -> f64 {
    // In this order, as the operations of a program have it.
    1.0 + sigma * (n - 1.0) + kappa * n * (n - 1.0)
}

/// Throughput by the universal scalability law: `lambda n / (1 + sigma (n - 1) + kappa n (n - 1))`.
///
/// # Source
/// N. J. Gunther, "Guerrilla Capacity Planning", 2007, equation 4.31.
#[must_use]
pub fn usl(n: f64, lambda: f64, sigma: f64, kappa: f64) -> f64 {
    lambda * n / slowdown(n, sigma, kappa)
}

/// Response time by the universal scalability law and Little's law: `n / usl(n, …)`.
#[must_use]
pub fn usl_response(n: f64, lambda: f64, sigma: f64, kappa: f64) -> f64 {
    slowdown(n, sigma, kappa) / lambda
}

/// The `n` at which [`usl`] peaks: `sqrt((1 - sigma) / kappa)`; infinite without crosstalk.
#[must_use]
pub fn usl_peak(sigma: f64, kappa: f64) -> f64 {
    f64::sqrt((1.0 - sigma) / kappa)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Erlang's formula by its recurrence.
    fn by_recurrence(load: f64, servers: u32) -> f64 {
        let blocked = (1..=servers).fold(1.0, |blocked, k| load * blocked / (f64::from(k) + load * blocked));
        blocked / (1.0 - load / f64::from(servers) * (1.0 - blocked))
    }

    #[test]
    fn the_waiting_probability_is_that_of_the_recurrence() {
        for (load, servers) in
            [(0.5, 1), (0.999, 1), (1e-6, 3), (4.2, 5), (90.0, 100), (9_990.0, 10_000), (900_000.0, 1_000_000)]
        {
            let (found, expected) = (erlang_c(load, f64::from(servers)), by_recurrence(load, servers));
            // The last load vanishes below the normal numbers, where relative accuracy ends.
            assert!(
                (found - expected).abs() <= 1e-10 * expected + f64::MIN_POSITIVE,
                "{load} {servers}: {found} {expected}"
            );
        }
        assert_eq!(erlang_c(0.0, 4.0), 0.0);
        assert!(
            [(1.0, 1.0), (5.0, 4.0), (-1.0, 2.0), (1.0, 1.5), (f64::NAN, 1.0)]
                .iter()
                .all(|&(a, c)| erlang_c(a, c).is_nan())
        );
    }

    #[test]
    fn the_scalability_law_has_its_reference_values() {
        // lambda 1800, sigma 0.05, kappa 0.02; to the digits given.
        for (n, throughput) in
            [(1.0, 1800.0), (2.0, 3302.75), (5.0, 5625.0), (7.0, 5887.85), (10.0, 5538.46), (20.0, 3769.63)]
        {
            assert!((usl(n, 1800.0, 0.05, 0.02) - throughput).abs() < 0.005, "{n}");
            let response = usl_response(n, 1800.0, 0.05, 0.02);
            assert!((response - n / usl(n, 1800.0, 0.05, 0.02)).abs() < 1e-15, "{n}");
        }
        assert!((usl_peak(0.05, 0.02) - 6.892_024).abs() < 1e-6);
    }

    #[test]
    fn a_quorum_is_the_kth_smallest() {
        assert_eq!(quorum(&[2.0, 30.0, 10.0, 20.0]), 20.0);
        assert!(quorum(&[4.0, 1.0, 2.0, 3.0]).is_nan() && quorum(&[1.5, 1.0, 2.0]).is_nan() && quorum(&[]).is_nan());
        assert!(quorum(&[1.0, 1.0, f64::NAN]).is_nan());
    }
}
