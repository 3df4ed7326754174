//! The dependency graph: an order to evaluate in, cycles, and what is broken because of what.
//!
//! ```text
//! inputs of each metric --analyze--> Graph { order, cycles, broken inputs }
//! ```
//!
//! Every pass is iterative and takes time in proportion to metrics and references; lists of culprits are cut off at
//! [`CULPRITS_MAX`], since a chain of broken metrics would otherwise name all before it. Nothing here knows formulas.

use std::collections::VecDeque;

use crate::formula::MetricIndex;

/// Most indirect culprits kept of one metric.
pub const CULPRITS_MAX: usize = 64;

/// A set of metrics each of which depends on every other, or a metric that depends on itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// All members, in the order of the model.
    pub members: Vec<MetricIndex>,
    /// One cycle through the first member, each using the next and the last using the first.
    pub path: Vec<MetricIndex>,
}

impl Cycle {
    /// The path as seen from `metric`, if it lies on it.
    #[must_use]
    pub fn path_from(&self, metric: MetricIndex) -> Vec<MetricIndex> {
        let start = self.path.iter().position(|member| *member == metric).unwrap_or(0);
        self.path[start..].iter().chain(&self.path[..start]).copied().collect()
    }
}

/// Broken metrics that a metric depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrokenInputs {
    /// Those it uses itself.
    pub inputs: Vec<MetricIndex>,
    /// Those it depends on through other metrics only; at most [`CULPRITS_MAX`].
    pub ancestors: Vec<MetricIndex>,
}

impl BrokenInputs {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty() && self.ancestors.is_empty()
    }
}

/// What follows from who uses whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// All metrics, each after those it uses; within a cycle the order says nothing.
    pub order: Vec<MetricIndex>,
    /// The cycles, in the order of evaluation.
    pub cycles: Vec<Cycle>,
    /// For each metric the cycle that it is a member of.
    pub cycle_of: Vec<Option<usize>>,
    /// For each metric the broken ones that it depends on. Membership of its own cycle does not count.
    pub broken: Vec<BrokenInputs>,
}

/// Analyzes the graph in which metric `i` uses `inputs[i]`; `is_broken[i]` says that it has an error of its own.
///
/// # Shape
/// `inputs` and `is_broken` have an entry a metric; every index in `inputs` is below their length.
///
/// # Cost
/// O(metrics + references), no recursion.
#[must_use]
pub fn analyze(inputs: &[Vec<MetricIndex>], is_broken: &[bool]) -> Graph {
    let components = components(inputs);
    let mut cycle_of = vec![None; inputs.len()];
    let mut cycles = Vec::new();
    for component in &components {
        let first = component[0];
        if component.len() > 1 || inputs[first.index()].contains(&first) {
            for member in component {
                cycle_of[member.index()] = Some(cycles.len());
            }
            let path = shortest_cycle(inputs, &cycle_of, cycles.len(), first);
            cycles.push(Cycle { members: component.clone(), path });
        }
    }
    let broken = Propagation::new(inputs, is_broken, &cycle_of).run(&components);
    Graph { order: components.into_iter().flatten().collect(), cycles, cycle_of, broken }
}

/// Strongly connected components, each after those it uses, members in the order of the model (Tarjan's algorithm with
/// an explicit stack).
fn components(inputs: &[Vec<MetricIndex>]) -> Vec<Vec<MetricIndex>> {
    const UNSEEN: u32 = u32::MAX;
    let count = inputs.len();
    let (mut number, mut low, mut on_stack) = (vec![UNSEEN; count], vec![0; count], vec![false; count]);
    let (mut stack, mut calls, mut found) = (Vec::new(), Vec::new(), Vec::new());
    let mut next = 0;
    for root in 0..count {
        if number[root] == UNSEEN {
            calls.push((root, 0));
        }
        while let Some((node, edge)) = calls.pop() {
            if edge == 0 {
                (number[node], low[node]) = (next, next);
                next += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(input) = inputs[node].get(edge) {
                calls.push((node, edge + 1));
                let input = input.index();
                if number[input] == UNSEEN {
                    calls.push((input, 0));
                } else if on_stack[input] {
                    low[node] = low[node].min(number[input]);
                }
                continue;
            }
            if let Some((parent, _)) = calls.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
            if low[node] == number[node] {
                let start = stack.iter().rposition(|member| *member == node).unwrap_or(0);
                let mut component: Vec<_> = stack.drain(start..).map(metric_index).collect();
                component.iter().for_each(|member| on_stack[member.index()] = false);
                component.sort_unstable();
                found.push(component);
            }
        }
    }
    found
}

/// A shortest cycle through `start` among the members of `cycle` (breadth first).
fn shortest_cycle(
    inputs: &[Vec<MetricIndex>],
    cycle_of: &[Option<usize>],
    cycle: usize,
    start: MetricIndex,
) -> Vec<MetricIndex> {
    let mut user = std::collections::BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for input in inputs[node.index()].iter().filter(|input| cycle_of[input.index()] == Some(cycle)) {
            if *input == start {
                let mut path = vec![node];
                while let Some(previous) = user.get(path.last().unwrap_or(&start)) {
                    path.push(*previous);
                }
                path.reverse();
                return path;
            }
            user.entry(*input).or_insert_with(|| {
                queue.push_back(*input);
                node
            });
        }
    }
    vec![start]
}

/// Carries brokenness from inputs to users.
struct Propagation<'a> {
    inputs: &'a [Vec<MetricIndex>],
    is_broken: &'a [bool],
    cycle_of: &'a [Option<usize>],
    broken: Vec<BrokenInputs>,
}

impl<'a> Propagation<'a> {
    fn new(inputs: &'a [Vec<MetricIndex>], is_broken: &'a [bool], cycle_of: &'a [Option<usize>]) -> Self {
        Self { inputs, is_broken, cycle_of, broken: vec![BrokenInputs::default(); inputs.len()] }
    }

    fn run(mut self, components: &[Vec<MetricIndex>]) -> Vec<BrokenInputs> {
        let mut of_cycle: Vec<Vec<MetricIndex>> = Vec::new();
        for component in components {
            let shared = match self.cycle_of[component[0].index()] {
                Some(_) => self.shared_culprits(component, &of_cycle),
                None => Vec::new(),
            };
            for member in component {
                self.broken[member.index()] = self.broken_inputs(*member, &shared, &of_cycle);
            }
            if self.cycle_of[component[0].index()].is_some() {
                of_cycle.push(self.culprits_of_cycle(component, shared));
            }
        }
        self.broken
    }

    /// Whether `metric` has an error of its own, membership of a cycle included.
    fn has_error(&self, metric: MetricIndex) -> bool {
        self.is_broken[metric.index()] || self.cycle_of[metric.index()].is_some()
    }

    /// Everything broken at or before `input`, which is not a member of the cycle of its user.
    fn culprits<'b>(
        &'b self,
        input: MetricIndex,
        of_cycle: &'b [Vec<MetricIndex>],
    ) -> Box<dyn Iterator<Item = MetricIndex> + 'b> {
        match self.cycle_of[input.index()] {
            Some(cycle) => Box::new(of_cycle[cycle].iter().copied()),
            None => {
                let broken = &self.broken[input.index()];
                let itself = self.has_error(input).then_some(input);
                Box::new(itself.into_iter().chain(broken.inputs.iter().chain(&broken.ancestors).copied()))
            }
        }
    }

    /// What every member of a cycle depends on: broken members, and whatever is broken before the cycle.
    fn shared_culprits(&self, members: &[MetricIndex], of_cycle: &[Vec<MetricIndex>]) -> Vec<MetricIndex> {
        let mut shared = Bounded::default();
        shared.extend(members.iter().filter(|member| self.is_broken[member.index()]).copied());
        let cycle = self.cycle_of[members[0].index()];
        for input in members.iter().flat_map(|member| &self.inputs[member.index()]) {
            if self.cycle_of[input.index()] != cycle {
                shared.extend(self.culprits(*input, of_cycle));
            }
        }
        shared.metrics
    }

    /// What the users of a cycle depend on.
    fn culprits_of_cycle(&self, members: &[MetricIndex], shared: Vec<MetricIndex>) -> Vec<MetricIndex> {
        let mut culprits = Bounded::default();
        culprits.extend(members.iter().copied().chain(shared));
        culprits.metrics
    }

    fn broken_inputs(
        &self,
        metric: MetricIndex,
        shared: &[MetricIndex],
        of_cycle: &[Vec<MetricIndex>],
    ) -> BrokenInputs {
        let cycle = self.cycle_of[metric.index()];
        let is_outside = |input: MetricIndex| cycle.is_none() || self.cycle_of[input.index()] != cycle;
        let mut direct = Vec::new();
        let mut ancestors = Bounded::default();
        for input in &self.inputs[metric.index()] {
            let broken = if is_outside(*input) { self.has_error(*input) } else { self.is_broken[input.index()] };
            if broken && *input != metric {
                direct.push(*input);
            }
            if is_outside(*input) {
                ancestors.extend(self.culprits(*input, of_cycle));
            }
        }
        ancestors.extend(shared.iter().copied());
        ancestors.metrics.retain(|culprit| *culprit != metric && !direct.contains(culprit));
        BrokenInputs { inputs: direct, ancestors: ancestors.metrics }
    }
}

/// The first few distinct metrics added.
#[derive(Default)]
struct Bounded {
    metrics: Vec<MetricIndex>,
}

impl Bounded {
    /// Adds what is new, until the list is full.
    fn extend(&mut self, metrics: impl Iterator<Item = MetricIndex>) {
        for metric in metrics {
            if self.metrics.len() >= CULPRITS_MAX {
                return;
            }
            if !self.metrics.contains(&metric) {
                self.metrics.push(metric);
            }
        }
    }
}

/// Index of the metric at `position`.
fn metric_index(position: usize) -> MetricIndex {
    MetricIndex(u32::try_from(position).expect("a model has at most METRICS_MAX metrics"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(inputs: &[&[u32]], broken: &[usize]) -> Graph {
        let inputs: Vec<Vec<_>> = inputs.iter().map(|list| list.iter().map(|i| MetricIndex(*i)).collect()).collect();
        let is_broken: Vec<_> = (0..inputs.len()).map(|index| broken.contains(&index)).collect();
        analyze(&inputs, &is_broken)
    }

    fn indices(metrics: &[MetricIndex]) -> Vec<u32> {
        metrics.iter().map(|metric| metric.0).collect()
    }

    #[test]
    fn inputs_come_before_their_users() {
        assert_eq!(indices(&graph(&[&[2, 1], &[2], &[], &[0]], &[]).order), [2, 1, 0, 3]);
    }

    #[test]
    fn a_cycle_is_told_from_what_hangs_on_it() {
        let graph = graph(&[&[2], &[0], &[1], &[2], &[3], &[]], &[]);
        assert_eq!(graph.cycles.len(), 1);
        assert_eq!(indices(&graph.cycles[0].members), [0, 1, 2]);
        assert_eq!(indices(&graph.cycles[0].path), [0, 2, 1]);
        assert_eq!(indices(&graph.cycles[0].path_from(MetricIndex(1))), [1, 0, 2]);
        assert_eq!(indices(&graph.broken[3].inputs), [2]);
        assert_eq!(indices(&graph.broken[3].ancestors), [0, 1]);
        assert_eq!(indices(&graph.broken[4].ancestors), [2, 0, 1]);
        assert!(graph.broken[0].is_empty() && graph.broken[5].is_empty());
    }

    #[test]
    fn a_metric_that_uses_itself_is_a_cycle_of_one() {
        let graph = graph(&[&[0], &[0]], &[]);
        assert_eq!(indices(&graph.cycles[0].path), [0]);
        assert_eq!(indices(&graph.broken[1].inputs), [0]);
    }

    #[test]
    fn errors_spread_within_a_cycle_and_from_one_to_the_next() {
        // 0 <-> 1, 0 broken; 2 <-> 3, 2 uses 1.
        let graph = graph(&[&[1], &[0], &[3, 1], &[2]], &[0]);
        assert!(graph.broken[0].is_empty());
        assert_eq!(indices(&graph.broken[1].inputs), [0]);
        assert_eq!(indices(&graph.broken[2].inputs), [1]);
        assert_eq!(indices(&graph.broken[2].ancestors), [0]);
        assert_eq!(indices(&graph.broken[3].ancestors), [0, 1]);
    }

    #[test]
    fn a_broken_input_hides_nothing_behind_it() {
        let graph = graph(&[&[], &[0], &[1], &[0, 2]], &[0, 2]);
        assert_eq!((indices(&graph.broken[2].inputs), indices(&graph.broken[2].ancestors)), (vec![], vec![0]));
        assert_eq!((indices(&graph.broken[3].inputs), indices(&graph.broken[3].ancestors)), (vec![0, 2], vec![]));
    }

    #[test]
    fn long_chains_and_long_cycles_need_no_deep_stack() {
        let count = 100_000;
        let mut inputs: Vec<Vec<_>> = (0..count).map(|i| vec![MetricIndex((i + 1) % count)]).collect();
        let everything_broken = vec![true; inputs.len()];
        assert_eq!(analyze(&inputs, &everything_broken).cycles[0].path.len(), inputs.len());
        inputs.last_mut().expect("metrics").clear();
        let graph = analyze(&inputs, &everything_broken);
        assert_eq!(indices(&graph.order[..2]), [count - 1, count - 2]);
        assert_eq!(graph.broken[0].ancestors.len(), CULPRITS_MAX - 1);
    }
}
