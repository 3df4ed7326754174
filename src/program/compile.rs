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
use super::figure::WantedFigure;
use super::graph::{Graph, NodeId};
use super::lower::{Surroundings, lower};
use super::recorded::RecordedUse;
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
    /// For each definition added last, in the order of evaluation, the number of nodes once it was compiled.
    ends: Vec<(MetricIndex, usize)>,
    /// Figures that the definitions added last want.
    wanted: Vec<WantedFigure>,
    /// Whether a definition added last depends on a figure that is not known.
    unresolved: Vec<bool>,
    /// Order statistics, in the definitions added last, of what is recorded.
    recorded_uses: Vec<(MetricIndex, RecordedUse)>,
    /// Declared rank correlations of the next version.
    correlations: Vec<(MetricIndex, MetricIndex, f64)>,
}

/// Whether a metric draws from its alternate streams.
type Alternates<'a> = dyn Fn(MetricIndex) -> bool + 'a;

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
        self.add_alternating(definitions, order, &|_| false)
    }

    /// Adds a version as [`Compiler::add`] does, in which the metrics that `alternates` names draw from other streams:
    /// independent of their own, and the same in every version.
    ///
    /// Lists drawn by row draw from other streams together if one of them does.
    pub fn add_alternating(
        &mut self,
        definitions: &[Definition<'_>],
        order: &[MetricIndex],
        alternates: &Alternates<'_>,
    ) -> Vec<Compiled> {
        self.ends.clear();
        self.wanted.clear();
        self.recorded_uses.clear();
        self.unresolved = vec![false; definitions.len()];
        let mut compiled = vec![Compiled::Empty; definitions.len()];
        let mut outputs: Vec<Option<Output>> = vec![None; definitions.len()];
        let correlations = Correlations::new(definitions, &self.correlations);
        for &metric in order {
            let stream = stream(definitions[metric.index()].stream_id, alternates(metric));
            let result = self.definition(metric, definitions, &compiled, &outputs, stream, alternates);
            compiled[metric.index()] = correlations.apply(&mut self.graph, metric.index(), result);
            outputs[metric.index()] = compiled[metric.index()].output();
            self.ends.push((metric, self.graph.len()));
        }
        compiled
    }

    /// For each definition of the version added last, in the order of evaluation, how many nodes there were once it was
    /// compiled: nodes from the number before it up to its own were made for it.
    #[must_use]
    pub fn ends(&self) -> &[(MetricIndex, usize)] {
        &self.ends
    }

    /// Figures that the version added last asks for, that are not known and can be drawn.
    #[must_use]
    pub fn wanted(&self) -> &[WantedFigure] {
        &self.wanted
    }

    /// Order statistics of the version added last that rest on recorded samples, with the metric in whose formula each
    /// stands.
    #[must_use]
    pub fn recorded_uses(&self) -> &[(MetricIndex, RecordedUse)] {
        &self.recorded_uses
    }

    /// The graph of all that was added.
    #[must_use]
    pub fn into_graph(self) -> Graph {
        self.graph
    }

    fn definition(
        &mut self,
        metric: MetricIndex,
        all: &[Definition<'_>],
        compiled: &[Compiled],
        outputs: &[Option<Output>],
        stream: u64,
        alternates: &Alternates<'_>,
    ) -> Compiled {
        let definition = &all[metric.index()];
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
                let (unresolved, figures) = (&self.unresolved[..], definition.figures);
                let surroundings = Surroundings { metrics: outputs, unresolved, figures, stream, compat: self.compat };
                return match lower(&mut self.graph, checked, surroundings) {
                    Ok(formula) => {
                        let wanted = formula.wanted.into_iter();
                        let wanted =
                            wanted.map(|(place, output, figure)| WantedFigure { metric, place, output, figure });
                        self.wanted.extend(wanted);
                        let uses = formula.recorded_uses.into_iter();
                        self.recorded_uses.extend(uses.map(|used| (metric, used)));
                        self.unresolved[metric.index()] = formula.is_unresolved;
                        let samples = SampleCount::of_formula(checked, text, compiled, self.compat);
                        Compiled::Output { output: formula.output, samples }
                    }
                    Err(error) => Compiled::Failed(error),
                };
            }
            DefinitionSource::Constant(value) => {
                let node = self.graph.constant(value);
                return self.unfiltered((node, SampleCount::Exactly(1)));
            }
            DefinitionSource::Degenerate(value) => {
                let node = self.graph.constant(value);
                return self.unfiltered((node, SampleCount::All));
            }
            DefinitionSource::Data { data, pair_group } => {
                return match self.data(data, pair_group, stream, &|| group_stream(all, pair_group, alternates)) {
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
        group_stream: &dyn Fn() -> u64,
    ) -> Result<(NodeId, SampleCount), ProgramErrorKind> {
        self.kept.push(data.clone());
        match data {
            Empirical::Values(values) if self.compat && !values.is_empty() => {
                Ok((self.graph.walk(values), SampleCount::Exactly(values.len() as u64)))
            }
            Empirical::Values(values) if pair_group.is_some() && !values.is_empty() => {
                let rows = u32::try_from(values.len()).unwrap_or(u32::MAX);
                let row = self.graph.draw(Draw::new(group_stream(), 0, DrawKind::Row(rows)));
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

/// Key of a metric's streams, or of its alternate ones.
fn stream(id: &str, alternate: bool) -> u64 {
    // No id holds a zero byte after which this word stands by chance.
    if alternate { metric_hash(&format!("{id}\0alternate")) } else { metric_hash(id) }
}

/// Key of the stream that the rows of a group of paired lists are drawn from: it depends on the ids of its members and
/// not on their order.
fn group_stream(all: &[Definition<'_>], pair_group: Option<usize>, alternates: &Alternates<'_>) -> u64 {
    let is_member = |definition: &Definition<'_>| matches!(definition.source, DefinitionSource::Data { pair_group: group, .. } if group == pair_group);
    let members = (0..).map(MetricIndex).zip(all).filter(|(_, definition)| is_member(definition));
    let (mut ids, mut alternate) = (Vec::new(), false);
    for (metric, definition) in members {
        ids.push(definition.stream_id);
        alternate |= alternates(metric);
    }
    ids.sort_unstable();
    stream(&ids.join("\n"), alternate)
}
