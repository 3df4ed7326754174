//! Decomposes a measured distribution into a mixture of lognormal peaks.
//!
//! ```text
//! data --spread over a grid of logarithms--> density --find, fit, subtract, repeat--> peaks
//!      --expectation maximisation--> refined --drop what the data do not need--> mixture --distance--> fit
//! ```
//!
//! Response times often have a peak for each way a request can go: a cache hit, a miss, a retry. In the logarithm of
//! the time each is close to a normal distribution. A peak here is a description of the data, not a proof that there is
//! such a way; the distances say how good the description is.

mod density;
mod error;
mod fit;
mod mixture;
mod refine;
mod search;

pub use error::PeakError;
pub use fit::{Fit, QuantileFit};
pub use mixture::{Mixture, Peak};

use super::empirical::Empirical;
use crate::problem::Warning;
use density::LogDensity;

/// How to decompose.
#[derive(Debug, Clone, PartialEq)]
pub struct PeakOptions {
    /// Peaks, at most; at least 1.
    pub peaks_max: usize,
    /// Smallest share of a peak, in `(0, 1)`; a peak has at least 5 values besides.
    pub share_min: f64,
    /// Quantiles at which the fit is judged, each in `(0, 1)`.
    pub quantiles: Vec<f64>,
}

impl Default for PeakOptions {
    /// At most 8 peaks of at least 0.5 %, judged at p50, p90, p95, p99 and p99.9.
    fn default() -> Self {
        Self { peaks_max: 8, share_min: 0.005, quantiles: vec![0.5, 0.9, 0.95, 0.99, 0.999] }
    }
}

/// A mixture with what it leaves out and how well it fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Decomposition {
    /// The peaks.
    pub mixture: Mixture,
    /// How well they describe the data.
    pub fit: Fit,
    /// Share of the data that is not positive and so has no logarithm; the mixture describes the rest.
    pub share_not_positive: f64,
    /// What the user should know.
    pub warnings: Vec<Warning>,
}

/// Kolmogorov-Smirnov distance from which a fit carries the warning `poor-fit`.
const POOR_FIT_KS: f64 = 0.05;

/// Relative error of a quantile with at least 5 values beyond it, from which a fit carries `poor-quantile`.
const POOR_QUANTILE: f64 = 0.1;

/// Values that make a peak, at least: fewer lie together by chance.
const PEAK_COUNT_MIN: f64 = 5.0;

/// Weight below which a decomposition carries the warning `few-values`.
const FEW_VALUES: f64 = 100.0;

/// Decomposes `data` into lognormal peaks.
///
/// Peaks are found one by one: the highest point of the density of the logarithms, a normal curve through its height
/// and half width, and the rest after taking that away. Expectation maximisation then fits all peaks together, and
/// peaks are dropped as long as that lowers Bayes' information criterion.
///
/// # Parameters
/// - `data`: in any unit; peaks are in the logarithm of it. A histogram's weights count as values; if they sum to less
///   than 20 they are taken as probabilities of 1000 values.
///
/// # Randomness
/// None: the same data give the same peaks.
///
/// # Errors
/// - [`PeakError::NoPositiveValue`] if no positive value has weight.
/// - [`PeakError::Option`] if an option is out of its range.
///
/// # Numerics
/// The grid has 1024 steps over the range of the logarithms, so a peak narrower than 1/1000 of the range is as wide as
/// a step.
///
/// # Source
/// Finding peaks by subtraction: Adrian Cockcroft, responsetime-distribution-analysis, 2023. Refinement: Dempster,
/// Laird and Rubin, Maximum likelihood from incomplete data via the EM algorithm, 1977. Number of peaks: Schwarz,
/// Estimating the dimension of a model, 1978, DOI 10.1214/aos/1176344136.
///
/// # Examples
/// ```
/// use tailcast::dist::Empirical;
/// use tailcast::dist::peaks::{PeakOptions, decompose};
/// use tailcast::math::{exp, normal_quantile};
/// // Two of three values about e^2, one about e^6.
/// let normal = |i: usize| normal_quantile((i as f64 + 0.5) / 300.0);
/// let values = (0..900).map(|i| exp(if i % 3 < 2 { 2.0 } else { 6.0 } + 0.2 * normal(i / 3)));
/// let found = decompose(&Empirical::Values(values.collect()), &PeakOptions::default())?;
/// let peaks = found.mixture.peaks();
/// assert_eq!(peaks.len(), 2);
/// assert!((peaks[0].share - 2.0 / 3.0).abs() < 0.01 && (peaks[1].mu - 6.0).abs() < 0.01);
/// assert!(found.fit.ks < 0.02);
/// # Ok::<(), tailcast::dist::peaks::PeakError>(())
/// ```
pub fn decompose(data: &Empirical, options: &PeakOptions) -> Result<Decomposition, PeakError> {
    options.check()?;
    let density = LogDensity::of(data).ok_or(PeakError::NoPositiveValue)?;
    let share_min = options.share_min.max(PEAK_COUNT_MIN / density.count).min(1.0);
    let found = search::peaks(&density, options.peaks_max, share_min);
    let mixture = refine::select(&density, found, share_min);
    let fit = fit::judge(data, &mixture, &options.quantiles);
    let warnings = warnings(&density, &fit);
    Ok(Decomposition { mixture, fit, share_not_positive: density.share_not_positive, warnings })
}

/// What there is to say about the data and the fit.
fn warnings(density: &LogDensity, fit: &Fit) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if density.share_not_positive > 0.0 {
        let percent = 100.0 * density.share_not_positive;
        let message = format!("{percent:.3} % of the values are not positive and left out of the peaks");
        warnings.push(Warning::new("not-positive", message));
    }
    if density.count < FEW_VALUES {
        let message = format!("{} values are few to tell peaks from chance", density.count);
        warnings.push(Warning::new("few-values", message).with_help("measure at least 1000"));
    }
    let supported = |q: f64| density.count * (1.0 - q) >= PEAK_COUNT_MIN;
    if let Some(worst) = fit
        .quantiles
        .iter()
        .filter(|at| supported(at.q))
        .max_by(|a, b| a.relative_error.abs().total_cmp(&b.relative_error.abs()))
        && worst.relative_error.abs() > POOR_QUANTILE
    {
        let message = format!(
            "the peaks put the quantile {} at {:.6}, {:+.1} % from the measured {:.6}",
            worst.q,
            worst.fitted,
            100.0 * worst.relative_error,
            worst.measured
        );
        warnings.push(Warning::new("poor-quantile", message).with_help("use the data themselves in the model"));
    }
    if fit.ks > POOR_FIT_KS {
        let message = format!("the peaks differ from the data by up to {:.1} % of the values", 100.0 * fit.ks);
        warnings.push(Warning::new("poor-fit", message).with_help("use the data themselves in the model"));
    }
    warnings
}

impl PeakOptions {
    fn check(&self) -> Result<(), PeakError> {
        if self.peaks_max == 0 {
            return Err(PeakError::Option { expected: "at least 1 peak", found: 0.0 });
        }
        if !(self.share_min > 0.0 && self.share_min < 1.0) {
            let expected = "a smallest share between 0 and 1";
            return Err(PeakError::Option { expected, found: self.share_min });
        }
        match self.quantiles.iter().find(|q| !(**q > 0.0 && **q < 1.0)) {
            Some(&found) => Err(PeakError::Option { expected: "quantiles between 0 and 1", found }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::Cell;
    use crate::math::{exp, normal_quantile};

    /// `count` values of each peak `(share, median, sigma)` at evenly spaced quantiles.
    fn values(peaks: &[(f64, f64, f64)], count: usize) -> Empirical {
        let all = peaks.iter().flat_map(|&(share, median, sigma)| {
            let own = (share * count as f64).round() as usize;
            (0..own).map(move |i| median * exp(sigma * normal_quantile((i as f64 + 0.5) / own as f64)))
        });
        Empirical::Values(all.collect())
    }

    fn decomposed(data: &Empirical) -> Decomposition {
        decompose(data, &PeakOptions::default()).unwrap()
    }

    fn assert_peaks(found: &Mixture, expected: &[(f64, f64, f64)], tolerance: f64) {
        assert_eq!(found.peaks().len(), expected.len(), "{found:?}");
        for (peak, (share, median, sigma)) in found.peaks().iter().zip(expected) {
            assert!((peak.share - share).abs() < tolerance, "{found:?}");
            assert!((peak.median() / median - 1.0).abs() < tolerance, "{found:?}");
            assert!((peak.sigma / sigma - 1.0).abs() < 5.0 * tolerance, "{found:?}");
        }
    }

    #[test]
    fn one_lognormal_is_one_peak() {
        for count in [200, 20_000] {
            let found = decomposed(&values(&[(1.0, 5e6, 0.6)], count));
            assert_peaks(&found.mixture, &[(1.0, 5e6, 0.6)], 0.01);
            assert!(found.fit.ks < 0.005, "{}", found.fit.ks);
        }
    }

    #[test]
    fn three_peaks_at_very_different_scales_are_told_apart() {
        let expected = [(0.6, 10_000.0, 0.2), (0.28, 150_000.0, 0.3), (0.12, 4e6, 0.4)];
        let found = decomposed(&values(&expected, 50_000));
        assert_peaks(&found.mixture, &expected, 0.01);
        assert!(found.fit.quantiles.iter().all(|q| q.relative_error.abs() < 0.02), "{:?}", found.fit);
        assert_eq!(found.warnings, []);
    }

    #[test]
    fn overlapping_peaks_are_described_well_even_if_not_told_apart() {
        let found = decomposed(&values(&[(0.5, 100.0, 0.3), (0.5, 180.0, 0.3)], 20_000));
        assert!(found.fit.ks < 0.01, "{:?}", found);
        assert!(found.mixture.peaks().len() <= 3, "{:?}", found.mixture);
    }

    #[test]
    fn a_histogram_gives_the_peaks_of_its_values() {
        let expected = [(0.7, 2000.0, 0.25), (0.3, 60_000.0, 0.35)];
        let Empirical::Values(list) = values(&expected, 20_000) else { unreachable!() };
        let mut cells: Vec<Cell> =
            (0..200).map(|i| 100.0 * 1.05f64.powi(i)).map(|low| Cell { low, high: low * 1.05, weight: 0.0 }).collect();
        for value in list.iter() {
            let at = cells.partition_point(|cell| cell.high <= *value);
            cells[at].weight += 1.0;
        }
        assert_peaks(&decomposed(&Empirical::Histogram(cells.clone().into())).mixture, &expected, 0.02);
        // The same histogram as points at the middle of its cells, as `value,count` files have it.
        cells.iter_mut().for_each(|cell| (cell.low, cell.high) = (cell.low * 1.025, cell.low * 1.025));
        assert_peaks(&decomposed(&Empirical::Histogram(cells.into())).mixture, &expected, 0.02);
    }

    #[test]
    fn a_constant_is_a_peak_as_narrow_as_can_be() {
        let found = decomposed(&Empirical::Values(vec![7.0; 500].into()));
        assert_eq!(found.mixture.peaks().len(), 1);
        assert!((found.mixture.peaks()[0].median() - 7.0).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn what_cannot_be_decomposed_is_refused_or_warned_of() {
        let options = PeakOptions::default();
        let none = decompose(&Empirical::Values([0.0, -1.0].into()), &options);
        assert_eq!(none, Err(PeakError::NoPositiveValue));
        assert_eq!(decompose(&Empirical::Values([].into()), &options), Err(PeakError::NoPositiveValue));
        let wrong = PeakOptions { share_min: f64::NAN, ..options };
        assert!(matches!(decompose(&Empirical::Values([1.0].into()), &wrong), Err(PeakError::Option { .. })));
        let found = decomposed(&Empirical::Values([0.0, 1.0, 2.0, 3.0].into()));
        assert_eq!(found.share_not_positive, 0.25);
        let codes: Vec<&str> = found.warnings.iter().map(|warning| warning.code).collect();
        assert!(codes.starts_with(&["not-positive", "few-values"]), "{codes:?}");
    }
}
