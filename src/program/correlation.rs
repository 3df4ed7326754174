//! Declared rank correlations: the draws of the metrics of a group come from correlated normal scores.
//!
//! Each metric keeps its distribution; its draws come from scores keyed by the ids of the group's metrics, so neither the
//! order of the file nor the rest of the model touches them.

use super::compile::Compiled;
use super::definition::Definition;
use super::draw::{Draw, DrawKind};
use super::error::{ProgramError, ProgramErrorKind};
use super::graph::{Graph, NodeId};
use super::operation::{BinaryOperation, UnaryOperation};
use super::quantile_function::QuantileFunction;
use super::schedule::Output;
use crate::dist::{CORRELATED_MAX, Distribution, GaussianCopula, Normal, correlated_groups};
use crate::formula::MetricIndex;
use crate::rng::metric_hash;
use crate::span::Span;

/// Site of the scores within a metric: none that a formula can reach.
const SCORE_SITE: u32 = u32::MAX;

/// The score of each correlated metric: loadings on the independent scores of metrics.
#[derive(Debug, Default)]
pub(super) struct Correlations {
    scores: Vec<(usize, Score)>,
}

/// How a metric's score is made.
#[derive(Debug, Clone)]
enum Score {
    /// The loadings on the streams of metrics.
    Of(Vec<(u64, f64)>),
    /// The group is too large.
    TooMany(usize),
}

impl Correlations {
    /// Correlations of a model.
    pub(super) fn new(definitions: &[Definition<'_>], pairs: &[(MetricIndex, MetricIndex, f64)]) -> Self {
        // Numbered by id, so that the order of the file does not matter.
        let mut members: Vec<usize> = pairs.iter().flat_map(|(a, b, _)| [a.index(), b.index()]).collect();
        members.sort_unstable_by_key(|&member| definitions[member].stream_id);
        members.dedup();
        let number = |metric: MetricIndex| members.iter().position(|&member| member == metric.index()).unwrap_or(0);
        let pairs: Vec<_> = pairs.iter().map(|&(a, b, rank)| (number(a), number(b), rank)).collect();
        let mut scores = Vec::with_capacity(members.len());
        for group in correlated_groups(&pairs) {
            if group.len() > CORRELATED_MAX {
                scores.extend(group.iter().map(|&member| (members[member], Score::TooMany(group.len()))));
                continue;
            }
            let place = |member: usize| group.binary_search(&member).ok();
            let inside = pairs.iter().filter_map(|&(a, b, rank)| Some((place(a)?, place(b)?, rank)));
            let copula = GaussianCopula::new(group.len(), &inside.collect::<Vec<_>>());
            let stream = |member: &usize| metric_hash(definitions[members[*member]].stream_id);
            for (row, &member) in group.iter().enumerate() {
                let loadings = group.iter().map(stream).zip(copula.loadings(row).iter().copied()).collect();
                scores.push((members[member], Score::Of(loadings)));
            }
        }
        scores.sort_unstable_by_key(|&(member, _)| member);
        Self { scores }
    }

    /// The compiled metric, drawn from its score if it is correlated. A metric without randomness stays as it is.
    pub(super) fn apply(&self, graph: &mut Graph, metric: usize, compiled: Compiled) -> Compiled {
        let Ok(found) = self.scores.binary_search_by_key(&metric, |&(member, _)| member) else { return compiled };
        let Compiled::Output { output: Output { value, keep: None }, samples } = compiled else { return compiled };
        if graph.constant_value(value).is_some() {
            return compiled;
        }
        let failed = |kind| Compiled::Failed(ProgramError { kind, span: Span::default() });
        let loadings = match &self.scores[found].1 {
            Score::Of(loadings) => loadings,
            Score::TooMany(count) => return failed(ProgramErrorKind::TooManyCorrelated { found: *count }),
        };
        let Some(function) = graph.quantile_function(value).filter(|function| function.cdf(0.0).is_some()) else {
            return failed(ProgramErrorKind::NotCorrelatable);
        };
        let score = score(graph, loadings);
        let value = marginal(graph, &function, score);
        Compiled::Output { output: Output { value, keep: None }, samples }
    }
}

/// Node of the sum of the loadings times independent standard normals.
fn score(graph: &mut Graph, loadings: &[(u64, f64)]) -> NodeId {
    let standard = Distribution::Normal(Normal::new(0.0, 1.0).expect("a standard deviation of 1"));
    let mut sum = None;
    for &(stream, loading) in loadings.iter().filter(|(_, loading)| *loading != 0.0) {
        let normal = graph.draw(Draw::new(stream, SCORE_SITE, DrawKind::Distribution(standard)));
        let loading = graph.constant(loading);
        let term = graph.binary(BinaryOperation::Multiply, loading, normal);
        sum = Some(sum.map_or(term, |sum| graph.binary(BinaryOperation::Add, sum, term)));
    }
    sum.unwrap_or_else(|| graph.constant(0.0))
}

/// Node of a marginal distribution at a score; normal and log-normal ones by arithmetic alone.
fn marginal(graph: &mut Graph, function: &QuantileFunction, score: NodeId) -> NodeId {
    let (parameters, is_logarithm) = match function {
        QuantileFunction::Distribution(Distribution::Normal(normal)) => (normal.parameters(), false),
        QuantileFunction::Distribution(Distribution::LogNormal(normal)) => (normal.parameters(), true),
        _ => return graph.score_draw(function, score),
    };
    // A negative width names the same distribution as its absolute value.
    let [mean, width] = [graph.constant(parameters[0]), graph.constant(parameters[1].abs())];
    let part = graph.binary(BinaryOperation::Multiply, width, score);
    let value = graph.binary(BinaryOperation::Add, mean, part);
    let value = if is_logarithm { graph.unary(UnaryOperation::Exponential, value) } else { value };
    graph.quantiles.insert(value, function.clone());
    value
}
