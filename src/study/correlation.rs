//! Rank correlations of a model: what was declared, what the copula gives, and what the samples have.

use crate::dist::{CORRELATED_MAX, GaussianCopula, correlated_groups};
use crate::formula::MetricIndex;
use crate::model::{Correlation, Model};
use crate::program::Evaluator;
use crate::rng::BLOCK_LEN;
use crate::sim::{MetricPlan, Plan};

/// Most samples that correlations are measured on: ranks need all of them at once.
const SAMPLES_MAX: u64 = 1 << 16;

/// A declared rank correlation (Spearman's) of two metrics, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RankCorrelation {
    /// The first metric.
    pub first: MetricIndex,
    /// The other.
    pub second: MetricIndex,
    /// Names of both, for people.
    pub names: [String; 2],
    /// Ids of both.
    pub ids: [String; 2],
    /// As declared.
    pub requested: f64,
    /// What is drawn from: another than `requested` where the declared ones contradict each other. Exact for continuous
    /// distributions.
    pub possible: f64,
    /// That of the samples; `None` where a metric is constant or has no samples.
    pub achieved: Option<f64>,
    /// Standard error of `achieved`.
    pub standard_error: Option<f64>,
    /// Samples that it is of: the first ones of the run.
    pub samples: u64,
}

/// Measures the declared rank correlations of a model on the first samples of a run, at most 65,536.
///
/// # Parameters
/// - `samples`, `seed`: of the run.
///
/// # Randomness
/// The samples are those of the run with the same seed.
///
/// # Numerics
/// Equal values share their mean rank. The standard error is `(1 - r^2) sqrt((1 + r^2 / 2) / (n - 3))`, right for large
/// `n` and `|r|` up to 0.95 or so.
///
/// # Source
/// D. G. Bonett and T. A. Wright, "Sample size requirements for estimating Pearson, Kendall and Spearman correlations",
/// Psychometrika 65 (2000), 23-28, doi:10.1007/BF02294183, for the error.
///
/// # Examples
/// ```
/// use tailcast::model::{self, NoData, Options};
/// use tailcast::study::correlation::rank_correlations;
/// let text = "[metrics]\na = '1 to 5'\nb = '=exponential(1)'\n[correlations]\n'a,b' = 0.5";
/// let model = model::read(text.as_bytes(), None, &NoData, Options::default())?;
/// let found = rank_correlations(&model, 20_000, 1).remove(0);
/// assert!((found.achieved.expect("samples") - 0.5).abs() < 0.03 && found.possible - 0.5 < 1e-9);
/// # Ok::<(), tailcast::model::ModelError>(())
/// ```
#[must_use]
pub fn rank_correlations(model: &Model, samples: u64, seed: u64) -> Vec<RankCorrelation> {
    let declared = model.correlations();
    if declared.is_empty() || model.options().compat {
        return Vec::new();
    }
    let mut members: Vec<MetricIndex> = declared.iter().flat_map(|pair| [pair.first, pair.second]).collect();
    members.sort_unstable();
    members.dedup();
    let samples = samples.min(SAMPLES_MAX);
    let ranks = ranks_of(model, &members, samples, seed);
    let possible = possible(declared);
    let of = |metric: MetricIndex| members.binary_search(&metric).ok().and_then(|at| ranks[at].as_deref());
    let measured = |(pair, possible): (&Correlation, f64)| {
        let achieved = of(pair.first).zip(of(pair.second)).and_then(|(a, b)| product_moment(a, b));
        let metric = |index: MetricIndex| &model.metrics()[index.index()];
        RankCorrelation {
            first: pair.first,
            second: pair.second,
            names: [pair.first, pair.second].map(|index| metric(index).name.clone()),
            ids: [pair.first, pair.second].map(|index| metric(index).id.clone()),
            requested: pair.coefficient,
            possible,
            achieved,
            standard_error: achieved.filter(|_| samples > 3).map(|r| {
                let square = r * r;
                (1.0 - square) * ((1.0 + square / 2.0) / (samples - 3) as f64).sqrt()
            }),
            samples,
        }
    };
    declared.iter().zip(possible).map(measured).collect()
}

/// The correlation that is drawn from, for each declared one.
fn possible(declared: &[Correlation]) -> Vec<f64> {
    let pairs: Vec<_> =
        declared.iter().map(|pair| (pair.first.index(), pair.second.index(), pair.coefficient)).collect();
    let mut possible: Vec<f64> = declared.iter().map(|pair| pair.coefficient).collect();
    for group in correlated_groups(&pairs).into_iter().filter(|group| group.len() <= CORRELATED_MAX) {
        let place = |metric: usize| group.binary_search(&metric).ok();
        let inside: Vec<_> = pairs.iter().filter_map(|&(a, b, rank)| Some((place(a)?, place(b)?, rank))).collect();
        let copula = GaussianCopula::new(group.len(), &inside);
        for (&(a, b, _), possible) in pairs.iter().zip(&mut possible) {
            if let (Some(a), Some(b)) = (place(a), place(b)) {
                *possible = copula.rank_correlation(a, b);
            }
        }
    }
    possible
}

/// Ranks of the first samples of each metric; `None` without samples.
fn ranks_of(model: &Model, metrics: &[MetricIndex], samples: u64, seed: u64) -> Vec<Option<Vec<f64>>> {
    let plan = Plan::new(&[model], Some(metrics), true);
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); plan.program.outputs().len()];
    let mut evaluator = Evaluator::new(&plan.program, seed);
    for block in 0..samples.div_ceil(BLOCK_LEN as u64) {
        let len = (samples - block * BLOCK_LEN as u64).min(BLOCK_LEN as u64) as usize;
        evaluator.run(block..block + 1, |_, output, values| {
            columns[output].extend((0..len).map(|lane| values.value.at(lane)));
        });
    }
    let output = |metric: &MetricIndex| match &plan.versions[0][metric.index()] {
        MetricPlan::Output(output) => Some(ranks(&columns[*output])),
        _ => None,
    };
    metrics.iter().map(output).collect()
}

/// Ranks from 0, equal values with their mean.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let mean = from as f64 + (tied.len() - 1) as f64 / 2.0;
        tied.iter().for_each(|&index| ranks[index] = mean);
        from += tied.len();
    }
    ranks
}

/// Pearson's correlation; `None` if either side is constant.
fn product_moment(a: &[f64], b: &[f64]) -> Option<f64> {
    // Ranks from 0 have this mean, ties or none.
    let mean = (a.len() as f64 - 1.0) / 2.0;
    let sum = |of: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(&a, &b)| of(a - mean, b - mean)).sum::<f64>();
    let (both, first, second) = (sum(&|a, b| a * b), sum(&|a, _| a * a), sum(&|_, b| b * b));
    (first > 0.0 && second > 0.0).then(|| (both / (first * second).sqrt()).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{NoData, Options, read};

    fn found(text: &str, samples: u64) -> Vec<RankCorrelation> {
        let model = read(text.as_bytes(), None, &NoData, Options::default()).expect("a model");
        rank_correlations(&model, samples, 1)
    }

    #[test]
    fn equal_values_share_their_mean_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [2.5, 0.0, 2.5, 1.0]);
        assert_eq!(product_moment(&ranks(&[1.0, 2.0, 3.0]), &ranks(&[9.0, 4.0, 1.0])), Some(-1.0));
        assert_eq!(product_moment(&ranks(&[1.0, 1.0]), &ranks(&[1.0, 2.0])), None);
    }

    #[test]
    fn a_repaired_correlation_is_told_from_the_declared_one() {
        let text = "[metrics]\na = '1 to 5'\nb = '1 to 5'\nc = '1 to 5'\n[correlations]\n'a,b' = -0.9\n'a,c' = -0.9\n\
                    'b,c' = -0.9";
        for pair in found(text, 1_000_000) {
            let (achieved, error) = (pair.achieved.expect("samples"), pair.standard_error.expect("samples"));
            assert_eq!((pair.requested, pair.samples), (-0.9, 65_536));
            assert!((pair.possible + 0.482_583).abs() < 1e-4, "{pair:?}");
            // Three comparisons; 4.5 standard errors leave a chance of 2e-5.
            assert!((achieved - pair.possible).abs() < 4.5 * error && error < 0.005, "{pair:?}");
        }
    }

    #[test]
    fn what_has_no_correlation_has_none() {
        let text = "[metrics]\na = '1 to 5'\nb = 3\n[correlations]\n'a,b' = 0.5";
        let pair = found(text, 1000).remove(0);
        assert_eq!((pair.achieved, pair.standard_error, pair.samples), (None, None, 1000));
        assert!(found("[metrics]\na = '1 to 5'", 1000).is_empty());
    }
}
