//! Variance-based sensitivity: which owner's randomness the variance of the output comes from, alone and together with
//! others; and the same for being in the tail.
//!
//! With `A` and `B` two independent draws of everything and `AB` the draw `A` with one owner's numbers from `B`,
//!
//! `S = E[f(B) (f(AB) - f(A))] / V`, `T = E[(f(A) - f(AB))^2] / 2V`,
//!
//! where `f` is the output less its mean, or its indicator of the tail less that one's.

use crate::formula::MetricIndex;
use crate::model::Model;
use crate::program::{Compiler, Evaluator, Output, Program};
use crate::sim::{BlockPlace, SimError};
use crate::study::interval::Estimate;
use crate::study::joint::{BlockSums, Drawing, held, is_kept};
use crate::study::watch::Pass;

/// Owners that one program varies.
const OWNERS_TOGETHER: usize = 64;

/// Sums of one index pair: the variance and its square; the first-order product, its square, its product with the
/// variance; the same of the total.
const INDEX_SUMS: usize = 8;

/// Sensitivity to one owner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Indices {
    /// First order and total, of the output.
    pub(super) output: [Option<Estimate>; 2],
    /// First order and total, of its indicator of the tail.
    pub(super) tail: [Option<Estimate>; 2],
}

/// What the indices are about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub(super) metric: MetricIndex,
    /// Mean of the output.
    pub(super) mean: f64,
    /// Smallest value of the tail, and its share.
    pub(super) tail_from: f64,
    pub(super) tail_share: f64,
}

/// Sensitivity of a metric to the draws of each of `owners`.
///
/// # Source
/// Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola (2010), "Variance based sensitivity analysis of model
/// output", Computer Physics Communications 181, doi:10.1016/j.cpc.2009.09.018, table 2 (b) and (f); the latter is
/// Jansen's.
pub(super) fn indices<'p>(
    model: &Model,
    target: Target,
    owners: &[MetricIndex],
    drawing: Drawing,
    pass: &mut dyn FnMut() -> Pass<'p>,
) -> Result<Vec<Indices>, SimError> {
    let mut indices = Vec::new();
    for chunk in owners.chunks(OWNERS_TOGETHER) {
        let (program, sums) = program(model, target, chunk);
        let (sums, _) = drawing.sums(&program, &sums, &pass())?;
        indices.extend(
            sums.chunks_exact(2 * INDEX_SUMS)
                .map(|sums| Indices { output: estimates(&sums[..INDEX_SUMS]), tail: estimates(&sums[INDEX_SUMS..]) }),
        );
    }
    Ok(indices)
}

/// How many passes over all samples so many owners take.
pub(super) const fn passes(owners: usize) -> u64 {
    owners.div_ceil(OWNERS_TOGETHER) as u64
}

fn program(model: &Model, target: Target, owners: &[MetricIndex]) -> (Program, IndexSums) {
    let mut compiler = Compiler::new(model.options().compat);
    let definitions = model.definitions();
    let mut add = |alternates: &dyn Fn(MetricIndex) -> bool| {
        compiler.add_alternating(&definitions, model.order(), alternates)[target.metric.index()].output()
    };
    let mut outputs: Vec<Output> = Vec::new();
    outputs.extend(add(&|_| false));
    outputs.extend(add(&|_| true));
    for &owner in owners {
        outputs.extend(add(&|metric| metric == owner));
    }
    let sums = IndexSums { owners: owners.len(), target };
    (Program::holding(compiler.into_graph(), outputs), sums)
}

fn estimates(sums: &[f64]) -> [Option<Estimate>; 2] {
    let (variance, squares) = (sums[0], sums[1]);
    [2, 5].map(|at| Estimate::ratio(sums[at], variance, [sums[at + 1], sums[at + 2], squares]))
}

struct IndexSums {
    owners: usize,
    target: Target,
}

impl BlockSums for IndexSums {
    fn len(&self) -> usize {
        self.owners * 2 * INDEX_SUMS
    }

    fn add(&self, evaluator: &Evaluator<'_>, place: BlockPlace, sums: &mut [f64]) {
        let (a, b) = (held(evaluator, 0), held(evaluator, 1));
        let Target { mean, tail_from, tail_share, .. } = self.target;
        let indicator = |value: f64| f64::from(u8::from(value >= tail_from)) - tail_share;
        for (owner, sums) in sums.chunks_exact_mut(2 * INDEX_SUMS).enumerate() {
            let ab = held(evaluator, 2 + owner);
            let (output, tail) = sums.split_at_mut(INDEX_SUMS);
            for lane in 0..place.len {
                let values = [a.value.at(lane), b.value.at(lane), ab.value.at(lane)];
                let is_kept = is_kept(&a, lane) && is_kept(&b, lane) && is_kept(&ab, lane);
                if is_kept && values.iter().all(|value| value.is_finite()) {
                    add_sample(output, values.map(|value| value - mean));
                    add_sample(tail, values.map(indicator));
                }
            }
        }
    }
}

fn add_sample(sums: &mut [f64], [a, b, ab]: [f64; 3]) {
    let variance = (a * a + b * b) / 2.0;
    let first = b * (ab - a);
    let total = (a - ab) * (a - ab) / 2.0;
    let values =
        [variance, variance * variance, first, first * first, first * variance, total, total * total, total * variance];
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}
