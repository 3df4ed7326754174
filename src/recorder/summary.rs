//! The figures of one metric, each with its error: what reports print and studies compare.

use super::recording::Recording;

/// An estimate of one quantile with its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileEstimate {
    /// The quantile asked for, in `[0, 1]`.
    pub q: f64,
    /// Estimate, in the metric's unit; absent when there is no sample.
    pub value: Option<f64>,
    /// Lower end of the 95 % interval; absent when the samples cannot support one.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval; absent when the samples cannot support one.
    pub high: Option<f64>,
}

/// The figures of one metric. Absent is `None`, never 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Samples drawn, filtered and non-finite ones included.
    pub samples: u64,
    /// Samples dropped by a filter; they count in none of the figures.
    pub filtered: u64,
    /// Samples that were infinite or not a number.
    pub non_finite: u64,
    /// Of those, the samples that were not a number.
    pub not_a_number: u64,
    /// Mean of the finite samples.
    pub mean: Option<f64>,
    /// Standard error of the mean.
    pub mean_standard_error: Option<f64>,
    /// Standard deviation of the finite samples, divisor N.
    pub stdev: Option<f64>,
    /// Smallest finite sample.
    pub min: Option<f64>,
    /// Largest finite sample.
    pub max: Option<f64>,
    /// The quantiles asked for, in the order asked. Infinite samples keep their place in them.
    pub quantiles: Vec<QuantileEstimate>,
}

impl Summary {
    /// Figures of a recording at the quantiles asked for, each in `[0, 1]`.
    ///
    /// # Examples
    /// ```
    /// use tailcast::recorder::{Recorder, Recording, Summary};
    /// let mut recorder = Recorder::new();
    /// let moments = recorder.record(&[1.0, 2.0, 3.0, 4.0]);
    /// let summary = Summary::of(&Recording::from_recorders([&recorder], moments), &[0.5]);
    /// assert_eq!((summary.mean, summary.quantiles[0].value), (Some(2.5), Some(2.0)));
    /// ```
    #[must_use]
    pub fn of(recording: &Recording, quantiles: &[f64]) -> Self {
        let moments = recording.moments();
        let some = moments.count > 0;
        let infinite = recording.negative_infinite() + recording.positive_infinite();
        Self {
            samples: recording.count() + recording.not_a_number() + recording.filtered(),
            filtered: recording.filtered(),
            non_finite: infinite + recording.not_a_number(),
            not_a_number: recording.not_a_number(),
            mean: moments.mean(),
            mean_standard_error: moments.mean_standard_error(),
            stdev: moments.stdev(),
            min: some.then_some(moments.min),
            max: some.then_some(moments.max),
            quantiles: quantiles.iter().map(|&q| recording.quantile(q)).collect(),
        }
    }
}
