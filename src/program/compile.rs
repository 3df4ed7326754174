//! Compiling definitions into one graph.
//!
//! Several versions of a model (scenarios, points of a sweep) can be compiled into one graph: what they have in common
//! becomes the same nodes and is evaluated once for all of them, from the same streams.

use std::collections::HashMap;
use std::sync::Arc;

use super::correlation::Correlations;
use super::definition::{Definition, DefinitionSource};
use super::draw::{Draw, DrawKind};
use super::error::{ProgramError, ProgramErrorKind};
use super::graph::{Graph, NodeId};
use super::lower::lower;
use super::sample_count::SampleCount;
use super::schedule::Output;
use crate::dist::{Beta, Distribution, Empirical, EmpiricalSampler, LogNormal, Normal, Uniform};
use crate::formula::MetricIndex;
use crate::rng::metric_hash;
use crate::span::Span;

/// What became of one definition.
#[derive(Debug, Clone, PartialEq)]
pub enum Compiled {
    /// It can be drawn.
    Output {
        /// Its values.
        output: Output,
        /// How many of the samples count; all of them but with `compat`.
        samples: SampleCount,
    },
    /// There is nothing to draw from.
    Empty,
    /// Its formula cannot be compiled.
    Failed(ProgramError),
    /// It uses metrics that failed or are empty: these.
    Broken(Vec<MetricIndex>),
}

impl Compiled {
    /// Output of a definition that can be drawn.
    #[must_use]
    pub const fn output(&self) -> Option<Output> {
        match self {
            Self::Output { output, .. } => Some(*output),
            _ => None,
        }
    }
}

/// Collects versions of a model in one graph.
#[derive(Debug, Clone, Default)]
pub struct Compiler {
    graph: Graph,
    compat: bool,
    samplers: HashMap<(usize, usize), Arc<EmpiricalSampler>>,
    /// Data whose places identify samplers and lists; kept so that no place is used twice.
    kept: Vec<Empirical>,
    /// Declared rank correlations of the next version.
    correlations: Vec<(MetricIndex, MetricIndex, f64)>,
}

impl Compiler {
    /// Compiler without definitions.
    ///
    /// # Parameters
    /// - `compat`: whether to do as Guesstimate does where that differs.
    #[must_use]
    pub fn new(compat: bool) -> Self {
        Self { compat, ..Self::default() }
    }

    /// Says which metrics of the versions added from now on are correlated. Guesstimate knows no correlations, so with
    /// `compat` they count for nothing.
    ///
    /// # Parameters
    /// - `pairs`: two metrics and their rank correlation (Spearman's), in [-1, 1].
    pub fn correlate(&mut self, pairs: impl IntoIterator<Item = (MetricIndex, MetricIndex, f64)>) {
        self.correlations = if self.compat { Vec::new() } else { pairs.into_iter().collect() };
    }

    /// Adds the definitions of one version of a model and returns what became of each.
    ///
    /// # Parameters
    /// - `order`: every definition that a formula uses stands before it. Definitions that are not in it are empty.
    pub fn add(&mut self, definitions: &[Definition<'_>], order: &[MetricIndex]) -> Vec<Compiled> {
        let mut compiled = vec![Compiled::Empty; definitions.len()];
        let mut outputs: Vec<Option<Output>> = vec![None; definitions.len()];
        let correlations = Correlations::new(definitions, &self.correlations);
        for &metric in order {
            let definition = &definitions[metric.index()];
            let result = self.definition(definition, definitions, &compiled, &outputs);
            compiled[metric.index()] = correlations.apply(&mut self.graph, metric.index(), result);
            outputs[metric.index()] = compiled[metric.index()].output();
        }
        compiled
    }

    /// The graph of all that was added.
    #[must_use]
    pub fn into_graph(self) -> Graph {
        self.graph
    }

    fn definition(
        &mut self,
        definition: &Definition<'_>,
        all: &[Definition<'_>],
        compiled: &[Compiled],
        outputs: &[Option<Output>],
    ) -> Compiled {
        let stream = metric_hash(definition.stream_id);
        let random = |compiler: &mut Self, distribution| {
            let draw = Draw::new(stream, 0, DrawKind::Distribution(distribution));
            (compiler.graph.draw(draw), SampleCount::All)
        };
        let distribution = match definition.source {
            DefinitionSource::Empty => return Compiled::Empty,
            DefinitionSource::Formula { checked, text } => {
                let broken: Vec<MetricIndex> =
                    checked.inputs.iter().copied().filter(|input| outputs[input.index()].is_none()).collect();
                if !broken.is_empty() {
                    return Compiled::Broken(broken);
                }
                return match lower(&mut self.graph, checked, outputs, stream, self.compat) {
                    Ok(output) => Compiled::Output {
                        output,
                        samples: SampleCount::of_formula(checked, text, compiled, self.compat),
                    },
                    Err(error) => Compiled::Failed(error),
                };
            }
            DefinitionSource::Constant(value) => {
                let node = self.graph.constant(value);
                return self.unfiltered((node, SampleCount::Exactly(1)));
            }
            DefinitionSource::Data { data, pair_group } => {
                return match self.data(data, pair_group, stream, all) {
                    Ok(values) => self.unfiltered(values),
                    Err(kind) => Compiled::Failed(ProgramError { kind, span: Span::default() }),
                };
            }
            DefinitionSource::Normal { mean, standard_deviation } => {
                Normal::new(mean, standard_deviation).map(Distribution::Normal)
            }
            DefinitionSource::LogNormal { mu, sigma } => {
                LogNormal::from_log_space(mu, sigma).map(Distribution::LogNormal)
            }
            DefinitionSource::Uniform { low, high } => Uniform::new(low, high).map(Distribution::Uniform),
            DefinitionSource::Beta { alpha, beta } => Beta::new(alpha, beta).map(Distribution::Beta),
        };
        match distribution {
            Ok(distribution) => {
                let values = random(self, distribution);
                self.unfiltered(values)
            }
            Err(error) => Compiled::Failed(ProgramError { kind: error.into(), span: Span::default() }),
        }
    }

    fn unfiltered(&self, (value, samples): (NodeId, SampleCount)) -> Compiled {
        let samples = if self.compat { samples } else { SampleCount::All };
        Compiled::Output { output: Output { value, keep: None }, samples }
    }

    fn data(
        &mut self,
        data: &Empirical,
        pair_group: Option<usize>,
        stream: u64,
        all: &[Definition<'_>],
    ) -> Result<(NodeId, SampleCount), ProgramErrorKind> {
        self.kept.push(data.clone());
        match data {
            Empirical::Values(values) if self.compat && !values.is_empty() => {
                Ok((self.graph.walk(values), SampleCount::Exactly(values.len() as u64)))
            }
            Empirical::Values(values) if pair_group.is_some() && !values.is_empty() => {
                let rows = u32::try_from(values.len()).unwrap_or(u32::MAX);
                let group = group_stream(all, pair_group);
                let row = self.graph.draw(Draw::new(group, 0, DrawKind::Row(rows)));
                Ok((self.graph.lookup(values, row), SampleCount::All))
            }
            _ => {
                let sampler = self.sampler(data)?;
                let draw = Draw::new(stream, 0, DrawKind::Empirical(sampler));
                Ok((self.graph.draw(draw), SampleCount::All))
            }
        }
    }

    fn sampler(&mut self, data: &Empirical) -> Result<Arc<EmpiricalSampler>, ProgramErrorKind> {
        let place = match data {
            Empirical::Values(values) => (values.as_ptr() as usize, values.len()),
            Empirical::Histogram(cells) => (cells.as_ptr() as usize, cells.len()),
        };
        if let Some(sampler) = self.samplers.get(&place) {
            return Ok(sampler.clone());
        }
        let sampler = Arc::new(data.compile()?);
        self.samplers.insert(place, sampler.clone());
        Ok(sampler)
    }
}

/// Key of the stream that the rows of a group of paired lists are drawn from: it depends on the ids of its members and
/// not on their order.
fn group_stream(all: &[Definition<'_>], pair_group: Option<usize>) -> u64 {
    let mut ids: Vec<&str> = all
        .iter()
        .filter(|definition| {
            matches!(definition.source, DefinitionSource::Data { pair_group: group, .. } if group == pair_group)
        })
        .map(|definition| definition.stream_id)
        .collect();
    ids.sort_unstable();
    metric_hash(&ids.join("\n"))
}
