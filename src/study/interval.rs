//! Confidence intervals of shares, means and differences: 95 %, two-sided.

use crate::math::special::{inverse_incomplete_beta, inverse_incomplete_beta_upper};

/// Standard normal quantile of 0.975.
pub(super) const Z_975: f64 = 1.959_963_984_540_054;

/// Probability that an interval misses on either side.
const MISS_EACH_SIDE: f64 = 0.025;

/// A change of a figure with its 95 % interval; ends that the samples cannot support are absent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Estimate of the change.
    pub change: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl Change {
    /// No change at all: both are the same in every sample.
    pub const NONE: Self = Self { change: 0.0, low: Some(0.0), high: Some(0.0) };

    /// Change with an interval that reaches as far on either side; absent without `half`.
    pub(super) fn symmetric(change: f64, half: Option<f64>) -> Self {
        let half = half.filter(|half| half.is_finite());
        Self { change, low: half.map(|half| change - half), high: half.map(|half| change + half) }
    }

    /// Difference `b - a` of two independent estimates with their intervals.
    ///
    /// Each end lies as far out as the two ends that lead there, by Pythagoras.
    ///
    /// # Source
    /// Zou and Donner (2008), "Construction of confidence limits about effect measures", Statistics in Medicine 27,
    /// doi:10.1002/sim.3095 (method of variance estimates recovery).
    pub(super) fn independent(a: Estimate, b: Estimate) -> Self {
        let change = b.value - a.value;
        let low = b.low.zip(a.high).map(|(b_low, a_high)| change - (b.value - b_low).hypot(a_high - a.value));
        let high = b.high.zip(a.low).map(|(b_high, a_low)| change + (b_high - b.value).hypot(a.value - a_low));
        Self { change, low, high }
    }
}

/// An estimate with its 95 % interval; ends that the samples cannot support are absent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Estimate.
    pub value: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl Estimate {
    /// Estimate with an interval that reaches `half` to either side; none without a finite `half`.
    pub(super) fn symmetric(value: f64, half: f64) -> Self {
        let half = Some(half).filter(|half| half.is_finite());
        Self { value, low: half.map(|half| value - half), high: half.map(|half| value + half) }
    }

    /// Ratio of two sums over the same `pairs` of numbers, with the error of both.
    ///
    /// # Parameters
    /// - `upper`, `lower`: the sums; `squares`: sums of the upper's squares, of the products, of the lower's squares.
    ///
    /// # Source
    /// The delta method: the variance of `u - r l`, over the squared sum of `l`.
    pub(super) fn ratio(upper: f64, lower: f64, squares: [f64; 3]) -> Option<Self> {
        let ratio = upper / lower;
        let variance = squares[0] - 2.0 * ratio * squares[1] + ratio * ratio * squares[2];
        ratio.is_finite().then(|| Self::symmetric(ratio, Z_975 * variance.max(0.0).sqrt() / lower.abs()))
    }
}

/// 95 % interval of a share of which between `hits_low` and `hits_high` of `count` samples are hits.
///
/// # Source
/// Clopper and Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of the binomial",
/// Biometrika 26, doi:10.1093/biomet/26.4.404.
pub(super) fn share_interval(hits_low: u64, hits_high: u64, count: u64) -> (f64, f64) {
    let n = count as f64;
    let low = if hits_low == 0 {
        0.0
    } else {
        inverse_incomplete_beta(hits_low as f64, n - hits_low as f64 + 1.0, MISS_EACH_SIDE)
    };
    let high = if hits_high >= count {
        1.0
    } else {
        inverse_incomplete_beta_upper(hits_high as f64 + 1.0, n - hits_high as f64, MISS_EACH_SIDE)
    };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_share_is_that_of_clopper_and_pearson() {
        let (low, high) = share_interval(5, 5, 100);
        // R: binom.test(5, 100)$conf.int
        assert!((low - 0.016_431_879).abs() < 1e-8 && (high - 0.112_834_91).abs() < 1e-7, "{low} {high}");
        let (low, high) = share_interval(0, 0, 1000);
        assert!(low == 0.0 && (high - (1.0 - 0.025f64.powf(0.001))).abs() < 1e-12, "{high}");
        assert_eq!(share_interval(7, 7, 7).1, 1.0);
    }

    #[test]
    fn independent_differences_add_their_errors_at_right_angles() {
        let a = Estimate { value: 10.0, low: Some(7.0), high: Some(14.0) };
        let b = Estimate { value: 20.0, low: Some(17.0), high: Some(24.0) };
        let change = Change::independent(a, b);
        assert_eq!(change, Change { change: 10.0, low: Some(5.0), high: Some(15.0) });
        assert_eq!(Change::independent(Estimate { low: None, ..a }, b).high, None);
    }
}
