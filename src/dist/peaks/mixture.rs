//! A mixture of lognormal peaks: its distribution function, quantiles, and the formula that draws from it.

use crate::math::{exp, ln, normal_cdf};
use std::fmt::Write;

/// Halvings of the range in which a quantile is looked for; more than an `f64` can tell apart.
const BISECTIONS: u32 = 100;

/// One lognormal peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Share of the values in this peak, in `(0, 1]`.
    pub share: f64,
    /// Mean of the logarithm of the values.
    pub mu: f64,
    /// Standard deviation of the logarithm of the values, positive.
    pub sigma: f64,
}

impl Peak {
    /// Median, in the unit of the data: `e^mu`.
    #[must_use]
    pub fn median(&self) -> f64 {
        exp(self.mu)
    }

    /// Mean, in the unit of the data: `e^(mu + sigma^2 / 2)`.
    #[must_use]
    pub fn mean(&self) -> f64 {
        exp(self.mu + self.sigma * self.sigma / 2.0)
    }

    /// Value at which the density is highest: `e^(mu - sigma^2)`.
    #[must_use]
    pub fn mode(&self) -> f64 {
        exp(self.mu - self.sigma * self.sigma)
    }
}

/// Lognormal peaks in ascending order of their medians; the shares sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    peaks: Vec<Peak>,
}

impl Mixture {
    /// Mixture of `peaks`, whose shares are scaled to sum to 1; not empty, with positive shares.
    pub(super) fn new(mut peaks: Vec<Peak>) -> Self {
        let total: f64 = peaks.iter().map(|peak| peak.share).sum();
        peaks.iter_mut().for_each(|peak| peak.share /= total);
        peaks.sort_by(|a, b| a.mu.total_cmp(&b.mu));
        Self { peaks }
    }

    /// The peaks in ascending order of their medians.
    #[must_use]
    pub fn peaks(&self) -> &[Peak] {
        &self.peaks
    }

    /// Mean, in the unit of the data.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.peaks.iter().map(|peak| peak.share * peak.mean()).sum()
    }

    /// Probability of a value up to `x`; 0 for `x` up to 0, NaN for NaN.
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        self.cdf_of_logarithm(ln(x))
    }

    fn cdf_of_logarithm(&self, y: f64) -> f64 {
        self.peaks.iter().map(|peak| peak.share * normal_cdf((y - peak.mu) / peak.sigma)).sum()
    }

    /// Value below which the share `q` in `(0, 1)` lies; NaN outside.
    ///
    /// # Numerics
    /// By bisection, to the resolution of the distribution function.
    #[must_use]
    pub fn quantile(&self, q: f64) -> f64 {
        const SIGMAS: f64 = 40.0;
        if !(q > 0.0 && q < 1.0) {
            return f64::NAN;
        }
        let mut low = self.peaks.iter().map(|peak| peak.mu - SIGMAS * peak.sigma).fold(f64::INFINITY, f64::min);
        let mut high = self.peaks.iter().map(|peak| peak.mu + SIGMAS * peak.sigma).fold(f64::NEG_INFINITY, f64::max);
        for _ in 0..BISECTIONS {
            let middle = low / 2.0 + high / 2.0;
            if self.cdf_of_logarithm(middle) < q {
                low = middle;
            } else {
                high = middle;
            }
        }
        exp(low / 2.0 + high / 2.0)
    }

    /// Formula in Guesstimate's language that draws from the mixture, to put into a model in place of the data.
    ///
    /// Each condition has a draw of its own, so its share is that among the peaks not yet taken.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Empirical, peaks};
    /// let data = Empirical::Values([4.0, 5.0, 5.0, 6.0].into());
    /// let found = peaks::decompose(&data, &peaks::PeakOptions::default())?;
    /// assert!(found.mixture.formula().starts_with("lognormal("));
    /// # Ok::<(), peaks::PeakError>(())
    /// ```
    #[must_use]
    pub fn formula(&self) -> String {
        let mut text = String::new();
        let mut left = 1.0;
        for (index, peak) in self.peaks.iter().enumerate() {
            if index + 1 < self.peaks.len() {
                write!(text, "uniform(0, 1) < {:.6} ? ", peak.share / left).expect("text takes any length");
            }
            write!(text, "lognormal({:.6}, {:.6})", peak.mu, peak.sigma).expect("text takes any length");
            if index + 1 < self.peaks.len() {
                text.push_str(" : ");
            }
            left -= peak.share;
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixture() -> Mixture {
        let peak = |share, mu, sigma| Peak { share, mu, sigma };
        Mixture::new(vec![peak(1.0, 5.0, 0.5), peak(2.0, 0.0, 1.0), peak(1.0, 9.0, 0.1)])
    }

    #[test]
    fn quantile_and_distribution_function_are_inverse() {
        for q in [1e-6, 0.25, 0.5, 0.75, 0.999] {
            let back = mixture().cdf(mixture().quantile(q));
            assert!((back - q).abs() < 1e-9, "{q}: {back}");
        }
        assert_eq!(mixture().cdf(0.0), 0.0);
        assert!(mixture().quantile(1.0).is_nan() && mixture().cdf(f64::NAN).is_nan());
    }

    #[test]
    fn the_formula_gives_each_peak_its_share() {
        let expected = "uniform(0, 1) < 0.500000 ? lognormal(0.000000, 1.000000) : \
                        uniform(0, 1) < 0.500000 ? lognormal(5.000000, 0.500000) : lognormal(9.000000, 0.100000)";
        assert_eq!(mixture().formula(), expected);
    }

    #[test]
    fn figures_of_a_peak_are_those_of_a_lognormal() {
        let peak = Peak { share: 1.0, mu: 2.0, sigma: 0.5 };
        assert!((peak.median() - 7.389_056).abs() < 1e-6);
        assert!((peak.mean() - 8.372_897).abs() < 1e-6);
        assert!((peak.mode() - 5.754_603).abs() < 1e-6);
        assert!((Mixture::new(vec![peak]).mean() - peak.mean()).abs() < 1e-12);
    }
}
