//! Draws: what is taken from a random stream, sample by sample.

use std::sync::Arc;

use super::column::Column;
use super::graph::NodeId;
use super::operation::Values;
use crate::dist::{Choice, Distribution, EmpiricalSampler, Family};
use crate::rng::{BLOCK_LEN, BlockRng, StreamKey};

/// A place in a metric where numbers are drawn, and what from.
///
/// # Randomness
/// The stream is keyed by seed, metric, site and block: what else is in the model does not touch it.
#[derive(Debug, Clone)]
pub struct Draw {
    metric: u64,
    site: u32,
    kind: DrawKind,
}

/// What is drawn.
#[derive(Debug, Clone)]
pub enum DrawKind {
    /// A distribution whose parameters are the same for every sample.
    Distribution(Distribution),
    /// A distribution whose parameters are other values of the sample.
    Family(Family, Box<[NodeId]>),
    /// A measured distribution, each sample independent of the others.
    Empirical(Arc<EmpiricalSampler>),
    /// A whole number from 0, one below this, all equally likely: the row of data measured together.
    Row(u32),
    /// A number strictly between 0 and 1, all equally likely: what quantile functions are applied to.
    Open,
    /// A whole number from 0 by weight: which of several alternatives.
    Choice(Arc<Choice>),
}

/// What makes two draws the same draw.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct DrawKey {
    metric: u64,
    site: u32,
    kind: String,
}

/// Buffers that draws reuse from block to block.
#[derive(Debug, Default)]
pub(super) struct DrawBuffers {
    indices: Vec<u32>,
    parameters: Vec<Box<Column>>,
}

impl Draw {
    /// Draw at a site of a metric.
    ///
    /// # Parameters
    /// - `metric`: [`crate::rng::metric_hash`] of the metric's id.
    /// - `site`: number of the site within the metric.
    #[must_use]
    pub const fn new(metric: u64, site: u32, kind: DrawKind) -> Self {
        Self { metric, site, kind }
    }

    /// What is drawn.
    #[must_use]
    pub const fn kind(&self) -> &DrawKind {
        &self.kind
    }

    /// Key of the streams: [`crate::rng::metric_hash`] of the metric's id, or that of a copy.
    pub(super) const fn metric(&self) -> u64 {
        self.metric
    }

    /// Number of the site within the metric.
    pub(super) const fn site(&self) -> u32 {
        self.site
    }

    /// The same draw from the streams of `metric`, with its parameters where `place` puts them.
    pub(super) fn moved(&self, metric: u64, place: impl Fn(NodeId) -> NodeId) -> Self {
        let kind = match &self.kind {
            DrawKind::Family(family, nodes) => {
                DrawKind::Family(*family, nodes.iter().map(|&node| place(node)).collect())
            }
            kind => kind.clone(),
        };
        Self { metric, site: self.site, kind }
    }

    /// Nodes that the parameters come from.
    pub(super) fn parameters(&self) -> &[NodeId] {
        match &self.kind {
            DrawKind::Family(_, parameters) => parameters,
            _ => &[],
        }
    }

    pub(super) fn key(&self) -> DrawKey {
        let kind = match &self.kind {
            DrawKind::Distribution(distribution) => format!("{distribution:?}"),
            DrawKind::Family(family, parameters) => format!("{family:?} {parameters:?}"),
            // Shared data is told apart by where it is; the graph keeps it alive.
            DrawKind::Empirical(sampler) => format!("empirical {:p}", Arc::as_ptr(sampler)),
            DrawKind::Row(rows) => format!("row {rows}"),
            DrawKind::Open => "open".to_owned(),
            DrawKind::Choice(choice) => format!("{choice:?}"),
        };
        DrawKey { metric: self.metric, site: self.site, kind }
    }

    fn generator(&self, seed: u64, block: u64) -> BlockRng {
        BlockRng::new(&StreamKey::new(seed, self.metric, self.site), block)
    }

    /// Fills a block.
    pub(super) fn fill<'a>(
        &self,
        seed: u64,
        block: u64,
        parameter: impl Fn(usize) -> Values<'a>,
        buffers: &mut DrawBuffers,
        out: &mut Column,
    ) {
        let mut rng = self.generator(seed, block);
        match &self.kind {
            DrawKind::Distribution(distribution) => distribution.fill(&mut rng, &mut out.0),
            DrawKind::Empirical(sampler) => sampler.fill(&mut rng, &mut out.0),
            DrawKind::Open => rng.fill_open(&mut out.0),
            DrawKind::Row(rows) => {
                buffers.indices.resize(BLOCK_LEN, 0);
                rng.fill_below(*rows, &mut buffers.indices);
                numbers(&buffers.indices, out);
            }
            DrawKind::Choice(choice) => {
                buffers.indices.resize(BLOCK_LEN, 0);
                choice.fill_indices(&mut rng, &mut buffers.indices);
                numbers(&buffers.indices, out);
            }
            DrawKind::Family(family, nodes) => {
                while buffers.parameters.len() < nodes.len() {
                    buffers.parameters.push(Column::zeros());
                }
                for (at, column) in buffers.parameters.iter_mut().take(nodes.len()).enumerate() {
                    if let Values::Constant(value) = parameter(at) {
                        column.0.fill(value);
                    }
                }
                let lanes: Vec<&[f64]> = (0..nodes.len())
                    .map(|at| match parameter(at) {
                        Values::Column(column) => &column.0[..],
                        Values::Constant(_) => &buffers.parameters[at].0[..],
                    })
                    .collect();
                family.fill_lanes(&lanes, &mut rng, &mut out.0);
            }
        }
    }

    /// Slow twin of [`Draw::fill`]: parameters come as whole columns, numbers one at a time.
    pub(super) fn fill_reference(&self, seed: u64, block: u64, parameters: &[&[f64]], out: &mut [f64]) {
        let mut rng = self.generator(seed, block);
        match &self.kind {
            DrawKind::Distribution(distribution) => distribution.fill_reference(&mut rng, out),
            DrawKind::Family(family, _) => family.fill_lanes_reference(parameters, &mut rng, out),
            DrawKind::Empirical(sampler) => sampler.fill_reference(&mut rng, out),
            DrawKind::Open => out.chunks_mut(1).for_each(|lane| rng.fill_open(lane)),
            DrawKind::Row(rows) => {
                for out in out {
                    *out = ((u128::from(rng.next_u64()) * u128::from(*rows)) >> 64) as f64;
                }
            }
            DrawKind::Choice(choice) => {
                let mut indices = vec![0; out.len()];
                choice.fill_indices_reference(&mut rng, &mut indices);
                for (out, index) in out.iter_mut().zip(indices) {
                    *out = f64::from(index);
                }
            }
        }
    }
}

fn numbers(indices: &[u32], out: &mut Column) {
    for (out, &index) in out.0.iter_mut().zip(indices) {
        *out = f64::from(index);
    }
}
