//! The figures of one metric, each with its error: what reports print and studies compare.

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

/// One cell of a recorded distribution: how many samples fell into `low..=high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Smallest value of the cell, in the metric's unit.
    pub low: f64,
    /// Largest value of the cell; equal to `low` for a cell that holds one value exactly.
    pub high: f64,
    /// Samples in the cell.
    pub count: u64,
}
