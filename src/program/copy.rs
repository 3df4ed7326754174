//! Copies of parts of a graph: independent ones, which draw from streams of their own, and the same part by itself.
//!
//! A copy is made of nodes like any other, so the evaluator and the reference know nothing of copies. What does not
//! depend on a draw is not copied: it is the same node again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::draw::{Draw, DrawKind};
use super::graph::{Graph, NodeId, Operation};
use super::quantile_function::QuantileFunction;
use crate::rng::copy_hash;

/// Which copy: what the keys of its streams are made from, besides those of the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Copy {
    /// The copy written at a site of a metric.
    Written {
        /// Key of the metric's streams.
        stream: u64,
        /// Number of the site.
        site: u32,
    },
    /// The second, third, … of a call, the original being the first. It is the same wherever it is asked for, so that
    /// figures of one retried call agree sample by sample.
    Numbered(u32),
}

impl Copy {
    /// The key of this copy of a part with these draws.
    fn key(self, draws: &BTreeSet<(u64, u32)>) -> u64 {
        match self {
            Self::Written { stream, site } => copy_hash(copy_hash(stream, u64::from(site)), 0),
            Self::Numbered(number) => {
                // Of all draws: the second copy of a call and the second copy of its retries are not the same.
                let key = draws
                    .iter()
                    .fold(u64::from(number), |key, &(metric, site)| copy_hash(copy_hash(key, metric), u64::from(site)));
                copy_hash(key, 1)
            }
        }
    }
}

/// A node with what is known of it.
type Copied = (NodeId, Operation, Option<QuantileFunction>);

impl Graph {
    /// The nodes that `roots` depend on and they themselves, ascending; `None` if there are more than `limit`.
    ///
    /// # Cost
    /// Grows with their number, not with the size of the graph.
    pub(super) fn upstream(&self, roots: &[NodeId], limit: usize) -> Option<BTreeSet<NodeId>> {
        let mut found: BTreeSet<NodeId> = roots.iter().copied().collect();
        let mut waiting = roots.to_vec();
        while let Some(node) = waiting.pop() {
            waiting.extend(self.operation(node).inputs().filter(|&input| found.insert(input)));
            if found.len() > limit {
                return None;
            }
        }
        Some(found)
    }

    /// Where each of `nodes`, which hold all that they depend on, is in an independent copy.
    pub(super) fn copy(&mut self, nodes: &BTreeSet<NodeId>, copy: Copy) -> BTreeMap<NodeId, NodeId> {
        let draws = nodes.iter().filter_map(|&node| match self.operation(node) {
            Operation::Draw(draw) => Some((draw.metric(), draw.site())),
            _ => None,
        });
        let key = copy.key(&draws.collect());
        let copied = self.taken(nodes);
        self.put(&copied, Some(key))
    }

    /// A graph of `nodes` alone, which hold all that they depend on, and where each of them is in it.
    pub(super) fn part(&self, nodes: &BTreeSet<NodeId>) -> (Self, BTreeMap<NodeId, NodeId>) {
        let mut part = Self::new();
        let places = part.put(&self.taken(nodes), None);
        (part, places)
    }

    fn taken(&self, nodes: &BTreeSet<NodeId>) -> Vec<Copied> {
        let take = |&node: &NodeId| (node, self.operation(node).clone(), self.quantiles.get(&node).cloned());
        nodes.iter().map(take).collect()
    }

    /// Adds nodes taken from a graph; with a key their draws are from other streams.
    fn put(&mut self, nodes: &[Copied], key: Option<u64>) -> BTreeMap<NodeId, NodeId> {
        let mut places: BTreeMap<NodeId, NodeId> = BTreeMap::new();
        for (node, operation, quantiles) in nodes {
            let at = |node: &NodeId| places[node];
            let place = match operation {
                Operation::Constant(value) => self.constant(*value),
                Operation::Unary(operation, a) => self.unary(*operation, at(a)),
                Operation::Binary(operation, a, b) => self.binary(*operation, at(a), at(b)),
                Operation::Select(a, b, c) => self.select(at(a), at(b), at(c)),
                Operation::Function(function, inputs) => {
                    let inputs: Vec<NodeId> = inputs.iter().map(at).collect();
                    self.function(function.clone(), &inputs)
                }
                Operation::Lookup(list, index) => self.lookup(list, at(index)),
                Operation::Walk(list) => self.walk_copied(list, key),
                Operation::Draw(draw) => {
                    let metric = key.map_or(draw.metric(), |key| copy_hash(draw.metric(), key));
                    self.draw(draw.moved(metric, |node| at(&node)))
                }
            };
            if let Some(quantiles) = quantiles {
                self.quantiles.insert(place, quantiles.clone());
            }
            places.insert(*node, place);
        }
        places
    }

    /// The walk through a list is the same for every sample number, so an independent copy draws a row instead: the same
    /// row of each list of this length, as the walk has it.
    fn walk_copied(&mut self, list: &Arc<[f64]>, key: Option<u64>) -> NodeId {
        match (key, u32::try_from(list.len())) {
            (Some(key), Ok(rows)) => {
                let row = self.draw(Draw::new(copy_hash(u64::from(rows), key), 0, DrawKind::Row(rows)));
                self.lookup(list, row)
            }
            _ => self.walk(list),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::Distribution;
    use crate::program::operation::BinaryOperation;

    fn normal(graph: &mut Graph, metric: u64) -> NodeId {
        let distribution = Distribution::from_call("normal", &[0.0, 1.0]).expect("valid");
        graph.draw(Draw::new(metric, 0, DrawKind::Distribution(distribution)))
    }

    #[test]
    fn copies_differ_in_their_draws_and_share_what_is_constant() {
        let mut graph = Graph::new();
        let (x, two) = (normal(&mut graph, 7), graph.constant(2.0));
        let twice = graph.binary(BinaryOperation::Multiply, x, two);
        let nodes = graph.upstream(&[twice], 10).expect("three nodes");
        assert_eq!(nodes.len(), 3);
        let second = graph.copy(&nodes, Copy::Numbered(2));
        let third = graph.copy(&nodes, Copy::Numbered(3));
        let written = graph.copy(&nodes, Copy::Written { stream: 7, site: 2 });
        let places: BTreeSet<NodeId> = [twice, second[&twice], third[&twice], written[&twice]].into();
        assert_eq!(places.len(), 4);
        assert_eq!(second[&two], two);
        assert_eq!(graph.copy(&nodes, Copy::Numbered(2))[&twice], second[&twice]);
    }

    #[test]
    fn a_copy_of_a_call_and_a_copy_of_its_copies_share_no_draw() {
        let mut graph = Graph::new();
        let x = normal(&mut graph, 7);
        let nodes = graph.upstream(&[x], 10).expect("one node");
        let second = graph.copy(&nodes, Copy::Numbered(2))[&x];
        let both = graph.binary(BinaryOperation::Minimum, x, second);
        let nodes = graph.upstream(&[both], 10).expect("three nodes");
        let copy = graph.copy(&nodes, Copy::Numbered(2));
        let draws: BTreeSet<NodeId> = [x, second, copy[&x], copy[&second]].into();
        assert_eq!(draws.len(), 4);
    }

    #[test]
    fn a_part_by_itself_keeps_its_streams() {
        let mut graph = Graph::new();
        let (_, x) = (normal(&mut graph, 1), normal(&mut graph, 7));
        let nodes = graph.upstream(&[x], 10).expect("one node");
        let (part, places) = graph.part(&nodes);
        assert_eq!((part.len(), places[&x].index()), (1, 0));
        assert!(matches!(part.operation(places[&x]), Operation::Draw(draw) if draw.metric() == 7));
        assert_eq!(graph.upstream(&[x], 0), None);
    }
}
