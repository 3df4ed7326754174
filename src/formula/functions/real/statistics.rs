//! Statistics of a handful of arguments.
//!
//! These are the functions of a formula over its arguments, not the figures over samples: those are the recorder's.

/// What a variance is divided by, for `n` values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Normalization {
    /// `n - 1`
    Unbiased,
    /// `n`
    Uncorrected,
    /// `n + 1`
    Biased,
}

#[expect(clippy::cast_precision_loss, reason = "a formula has far fewer than 2^53 arguments")]
const fn count(xs: &[f64]) -> f64 {
    xs.len() as f64
}

/// Smallest value, equal ones within the tolerance counting as equal; NaN when one is NaN or there are none.
#[must_use]
pub fn minimum(xs: &[f64]) -> f64 {
    extreme(xs, |x, best| super::smaller(x, best) == 1.0)
}

/// Largest value, equal ones within the tolerance counting as equal; NaN when one is NaN or there are none.
#[must_use]
pub fn maximum(xs: &[f64]) -> f64 {
    extreme(xs, |x, best| super::larger(x, best) == 1.0)
}

fn extreme(xs: &[f64], better: impl Fn(f64, f64) -> bool) -> f64 {
    if xs.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    xs.iter().copied().reduce(|best, x| if better(x, best) { x } else { best }).unwrap_or(f64::NAN)
}

/// Sum, from left to right; NaN when there are none.
#[must_use]
pub fn sum(xs: &[f64]) -> f64 {
    xs.iter().copied().reduce(|sum, x| sum + x).unwrap_or(f64::NAN)
}

/// Product, from left to right; NaN when there are none.
#[must_use]
pub fn product(xs: &[f64]) -> f64 {
    xs.iter().copied().reduce(|product, x| product * x).unwrap_or(f64::NAN)
}

/// Arithmetic mean; NaN when there are no values.
#[must_use]
pub fn mean(xs: &[f64]) -> f64 {
    sum(xs) / count(xs)
}

/// Variance; 0 of a single value, NaN when there are none.
#[must_use]
pub fn variance(xs: &[f64], normalization: Normalization) -> f64 {
    let mean = mean(xs);
    let squares = xs.iter().map(|x| (x - mean) * (x - mean)).reduce(|sum, x| sum + x).unwrap_or(f64::NAN);
    let n = count(xs);
    match normalization {
        Normalization::Unbiased if xs.len() == 1 => squares * 0.0,
        Normalization::Unbiased => squares / (n - 1.0),
        Normalization::Uncorrected => squares / n,
        Normalization::Biased => squares / (n + 1.0),
    }
}

/// Standard deviation: the root of the [`variance`].
#[must_use]
pub fn standard_deviation(xs: &[f64], normalization: Normalization) -> f64 {
    variance(xs, normalization).sqrt()
}

/// Middle value, or the mean of the two middle ones. Sorts `xs`.
#[must_use]
pub fn median(xs: &mut [f64]) -> f64 {
    if xs.is_empty() || xs.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    xs.sort_by(f64::total_cmp);
    let middle = xs.len() / 2;
    if xs.len() % 2 == 1 { xs[middle] } else { (xs[middle - 1] + xs[middle]) / 2.0 }
}

/// Median distance from the median. Overwrites `xs`.
#[must_use]
pub fn median_absolute_deviation(xs: &mut [f64]) -> f64 {
    let middle = median(xs);
    for x in &mut *xs {
        *x = (*x - middle).abs();
    }
    median(xs)
}

/// Quantile between the values around position `(n - 1) p`, in proportion. Sorts `xs`.
///
/// # Parameters
/// - `p`: in [0, 1]; NaN otherwise.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the position is within the values")]
pub fn quantile(xs: &mut [f64], p: f64) -> f64 {
    if xs.is_empty() || !(0.0..=1.0).contains(&p) || xs.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    xs.sort_by(f64::total_cmp);
    let position = (count(xs) - 1.0) * p;
    let (below, fraction) = (position.floor() as usize, position % 1.0);
    if fraction == 0.0 { xs[below] } else { xs[below] * (1.0 - fraction) + xs[below + 1] * fraction }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_agree_with_paper() {
        let xs = [4.0, 1.0, 3.0, 2.0];
        assert_eq!((minimum(&xs), maximum(&xs), sum(&xs), product(&xs), mean(&xs)), (1.0, 4.0, 10.0, 24.0, 2.5));
        assert_eq!(variance(&xs, Normalization::Unbiased), 5.0 / 3.0);
        assert_eq!(variance(&xs, Normalization::Uncorrected), 1.25);
        assert_eq!(standard_deviation(&xs, Normalization::Biased), 1.0);
        assert_eq!((median(&mut xs.clone()), median(&mut [5.0, 1.0, 3.0])), (2.5, 3.0));
        assert_eq!(median_absolute_deviation(&mut [1.0, 2.0, 3.0, 10.0]), 1.0);
        assert_eq!((quantile(&mut xs.clone(), 0.1), quantile(&mut xs.clone(), 1.0)), (1.3, 4.0));
    }

    #[test]
    fn one_value_has_no_spread() {
        assert_eq!(variance(&[5.0], Normalization::Unbiased), 0.0);
        assert_eq!(standard_deviation(&[5.0], Normalization::Unbiased), 0.0);
    }

    #[test]
    fn no_values_and_no_numbers_give_no_number() {
        assert!(minimum(&[]).is_nan() && sum(&[]).is_nan() && mean(&[]).is_nan() && median(&mut []).is_nan());
        assert!(maximum(&[1.0, f64::NAN]).is_nan() && minimum(&[f64::NAN, 1.0]).is_nan());
        assert!(quantile(&mut [1.0], 1.5).is_nan());
    }
}
