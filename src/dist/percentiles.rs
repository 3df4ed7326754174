//! A distribution given by some of its quantiles, as dashboards show them.

use crate::math;

use super::error::DistError;

/// A continuous distribution through given quantiles.
///
/// The quantile function is a monotone cubic through the points (standard normal score of the share, value), of the
/// logarithms of the values where all of them are positive, and goes on straight beyond the outermost points. So the
/// tails are those of a log-normal distribution (a normal one where a value is 0 or negative), two points give such a
/// distribution exactly, and what lies beyond the last quantile given is an assumption.
///
/// # Examples
/// ```
/// use tailcast::dist::Percentiles;
/// let d = Percentiles::new(&[0.5, 0.95, 0.99], &[12.0, 40.0, 80.0])?;
/// assert!((d.quantile(0.95) - 40.0).abs() < 1e-9);
/// assert!((d.cdf(80.0) - 0.99).abs() < 1e-12);
/// # Ok::<(), tailcast::dist::DistError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Percentiles {
    scores: Vec<f64>,
    /// Values, or their logarithms.
    heights: Vec<f64>,
    slopes: Vec<f64>,
    logarithmic: bool,
}

impl Percentiles {
    /// Distribution through `values` at `shares`.
    ///
    /// # Parameters
    /// - `shares`: between 0 and 1, both excluded, rising; at least two.
    /// - `values`: in the model's unit, finite, not falling; as many as shares.
    ///
    /// # Errors
    /// - [`DistError::PercentileCount`] with fewer than two shares, or not as many values.
    /// - [`DistError::PercentileShare`] if a share is not between 0 and 1 and above the one before, NaN included.
    /// - [`DistError::ItemNotFinite`] if a value is infinite or NaN.
    /// - [`DistError::PercentileOrder`] if a value is below the one before.
    ///
    /// # Source
    /// F. N. Fritsch and J. Butland, "A method for constructing local monotone piecewise cubic interpolants", SIAM J.
    /// Sci. Stat. Comput. 5 (1984) 300-304, doi:10.1137/0905021; at the ends the slope of the outermost pieces.
    pub fn new(shares: &[f64], values: &[f64]) -> Result<Self, DistError> {
        if shares.len() < 2 || shares.len() != values.len() {
            return Err(DistError::PercentileCount { shares: shares.len(), values: values.len() });
        }
        let mut before = (0.0, f64::NEG_INFINITY);
        for (index, (&share, &value)) in shares.iter().zip(values).enumerate() {
            if !(share > before.0 && share < 1.0) {
                return Err(DistError::PercentileShare { index, found: share });
            }
            if !value.is_finite() {
                return Err(DistError::ItemNotFinite { item: "percentile", index, found: value });
            }
            if value < before.1 {
                return Err(DistError::PercentileOrder { index, found: value, before: before.1 });
            }
            before = (share, value);
        }
        let logarithmic = values[0] > 0.0;
        let scores: Vec<f64> = shares.iter().map(|&share| math::normal_quantile(share)).collect();
        let heights: Vec<f64> = values.iter().map(|&value| if logarithmic { math::ln(value) } else { value }).collect();
        let slopes = monotone_slopes(&scores, &heights);
        Ok(Self { scores, heights, slopes, logarithmic })
    }

    /// The value that a share `p` does not exceed; NaN if `p` is not in [0, 1].
    #[inline(always)]
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        self.at_score(math::normal_quantile(p))
    }

    /// The value at a standard normal score: the quantile of the share below the score. NaN for NaN.
    #[inline(always)]
    #[must_use]
    pub fn at_score(&self, score: f64) -> f64 {
        let height = self.height(score);
        if self.logarithmic { math::exp(height) } else { height }
    }

    /// Share of at most `x`; NaN for NaN.
    ///
    /// # Numerics
    /// The quantile function is inverted by bisection: absolute error below 1e-14.
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        if self.logarithmic && x <= 0.0 {
            return 0.0;
        }
        let height = if self.logarithmic { math::ln(x) } else { x };
        // Beyond 39 standard deviations no share differs from 0 or 1.
        let (mut low, mut high) = (-39.0, 39.0);
        for _ in 0..64 {
            let middle = f64::midpoint(low, high);
            if self.height(middle) <= height { low = middle } else { high = middle }
        }
        if high == 39.0 { 1.0 } else { math::normal_cdf(low) }
    }

    #[inline(always)]
    fn height(&self, score: f64) -> f64 {
        let last = self.scores.len() - 1;
        let end = if score <= self.scores[0] { Some(0) } else { (score >= self.scores[last]).then_some(last) };
        if let Some(end) = end {
            // A level tail stays level at the infinities, too.
            let rise = if self.slopes[end] == 0.0 { 0.0 } else { self.slopes[end] * (score - self.scores[end]) };
            return self.heights[end] + rise;
        }
        if score.is_nan() {
            return score;
        }
        let right = self.scores.partition_point(|&known| known <= score);
        let left = right - 1;
        let width = self.scores[right] - self.scores[left];
        let (t, rise) = ((score - self.scores[left]) / width, self.heights[right] - self.heights[left]);
        // Hermite's cubic: c1 t + c2 t^2 + c3 t^3.
        let (first, second) = (width * self.slopes[left], width * self.slopes[right]);
        let (c2, c3) = (3.0 * rise - 2.0 * first - second, first + second - 2.0 * rise);
        let height = self.heights[left] + t * (first + t * (c2 + t * c3));
        height.clamp(self.heights[left], self.heights[right])
    }
}

/// Slopes at the points that keep the cubics between them from turning back.
fn monotone_slopes(x: &[f64], y: &[f64]) -> Vec<f64> {
    let widths: Vec<f64> = x.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let secants: Vec<f64> = y.windows(2).zip(&widths).map(|(pair, width)| (pair[1] - pair[0]) / width).collect();
    let inner = widths.windows(2).zip(secants.windows(2)).map(|(width, secant)| {
        if secant[0] <= 0.0 || secant[1] <= 0.0 {
            return 0.0;
        }
        let (first, second) = (2.0 * width[1] + width[0], width[1] + 2.0 * width[0]);
        (first + second) / (first / secant[0] + second / secant[1])
    });
    let ends = (secants[0], secants[secants.len() - 1]);
    std::iter::once(ends.0).chain(inner).chain(std::iter::once(ends.1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::{Distribution, LogNormal};

    #[test]
    fn two_quantiles_of_a_log_normal_give_it_back() {
        let d = Distribution::LogNormal(LogNormal::from_log_space(2.0, 0.7).expect("valid"));
        let at = |p| d.quantile(p).expect("known");
        let fit = Percentiles::new(&[0.5, 0.99], &[at(0.5), at(0.99)]).expect("rising");
        for p in [1e-6, 0.1, 0.7, 0.999, 0.999_999] {
            assert!((fit.quantile(p) / at(p) - 1.0).abs() < 1e-12, "{p}");
            assert!((fit.cdf(at(p)) - p).abs() < 1e-12, "{p}");
        }
        assert_eq!((fit.quantile(0.0), fit.quantile(1.0)), (0.0, f64::INFINITY));
    }

    #[test]
    fn the_fit_passes_through_its_points_and_never_falls() {
        let (shares, values) = ([0.1, 0.5, 0.9, 0.95, 0.99, 0.999], [-3.0, 1.0, 1.0, 40.0, 41.0, 1000.0]);
        let fit = Percentiles::new(&shares, &values).expect("rising");
        for (share, value) in shares.into_iter().zip(values) {
            assert!((fit.quantile(share) - value).abs() < 1e-9, "{share}");
        }
        let quantiles: Vec<f64> = (1..10_000).map(|i| fit.quantile(f64::from(i) / 10_000.0)).collect();
        assert!(quantiles.is_sorted());
        // The whole of a level piece lies at its value.
        assert!((fit.cdf(1.0) - 0.9).abs() < 1e-9);
        assert!(fit.quantile(-0.1).is_nan() && fit.quantile(f64::NAN).is_nan() && fit.cdf(f64::NAN).is_nan());
    }

    #[test]
    fn points_that_are_no_quantiles_are_refused() {
        let new = |shares: &[f64], values: &[f64]| Percentiles::new(shares, values).unwrap_err();
        assert!(matches!(new(&[0.5], &[1.0]), DistError::PercentileCount { shares: 1, values: 1 }));
        assert!(matches!(new(&[0.5, 0.9], &[1.0]), DistError::PercentileCount { .. }));
        assert!(matches!(new(&[0.5, 50.0], &[1.0, 2.0]), DistError::PercentileShare { index: 1, .. }));
        assert!(matches!(new(&[0.9, 0.5], &[1.0, 2.0]), DistError::PercentileShare { index: 1, .. }));
        assert!(matches!(new(&[f64::NAN, 0.5], &[1.0, 2.0]), DistError::PercentileShare { index: 0, .. }));
        assert!(matches!(new(&[0.1, 0.5], &[1.0, f64::NAN]), DistError::ItemNotFinite { .. }));
        assert!(matches!(new(&[0.1, 0.5], &[2.0, 1.0]), DistError::PercentileOrder { index: 1, .. }));
    }
}
