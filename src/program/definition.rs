//! What the compiler needs of each metric: its random stream, and what to draw from.

use super::figure::FigurePlace;
use crate::dist::Empirical;
use crate::formula::Checked;

/// What a metric is drawn from.
#[derive(Debug, Clone, Copy)]
pub enum DefinitionSource<'a> {
    /// Nothing: an empty metric, or one with problems.
    Empty,
    /// One value.
    Constant(f64),
    /// A range or proportion without width: one value, of which Guesstimate makes as many samples as of any range.
    Degenerate(f64),
    /// Normal distribution.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, positive.
        standard_deviation: f64,
    },
    /// Log-normal distribution; its logarithm is normal.
    LogNormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm, positive.
        sigma: f64,
    },
    /// Uniform distribution, `low < high`.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Beta distribution; both shapes positive.
    Beta {
        /// First shape.
        alpha: f64,
        /// Second shape.
        beta: f64,
    },
    /// Measured values.
    Data {
        /// The values.
        data: &'a Empirical,
        /// Lists of one group are drawn from at the same position.
        pair_group: Option<usize>,
    },
    /// A formula over other metrics.
    Formula {
        /// The formula with its metrics resolved.
        checked: &'a Checked,
        /// Its text.
        text: &'a str,
    },
}

/// One metric as the compiler wants it.
#[derive(Debug, Clone, Copy)]
pub struct Definition<'a> {
    /// Key of the metric's random streams: its id.
    pub stream_id: &'a str,
    /// What it is drawn from.
    pub source: DefinitionSource<'a>,
    /// Figures that its formula asks for, as far as they are known.
    pub figures: &'a [(FigurePlace, f64)],
}
