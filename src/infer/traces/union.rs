//! The calls of all outcomes of an endpoint laid over each other: one tree, in which each call knows in which outcomes
//! it is made, and has a name.

use std::collections::BTreeMap;

use super::super::identifier::{Names, identifier};
use super::request::Ending;
use super::shape::Anatomy;
use super::span::{Symbol, Symbols};
use super::tally::Label;

/// What makes calls of different outcomes the same one: label and number among equal siblings.
type Key = (Symbol, Option<Symbol>, Ending, bool, bool, usize);

/// A call of the united tree.
#[derive(Debug, Clone)]
pub(crate) struct UnionCall {
    key: Key,
    /// The call that makes it.
    pub(crate) parent: Option<usize>,
    /// Calls it makes, earliest first.
    pub(crate) children: Vec<usize>,
    /// Its place in each outcome, where it is made.
    pub(crate) places: Vec<Option<usize>>,
    /// Name, an identifier.
    pub(crate) name: String,
    start_weighted: f64,
    weight: f64,
}

impl UnionCall {
    /// How it ended.
    pub(crate) fn ending(&self) -> Ending {
        self.key.2
    }

    /// Whether it is the hop by which its parent was forwarded.
    pub(crate) fn is_forward(&self) -> bool {
        self.key.3
    }

    /// Service called.
    pub(crate) fn service(&self) -> Symbol {
        self.key.0
    }

    fn start(&self) -> f64 {
        self.start_weighted / self.weight
    }
}

/// The united tree; the root stands first.
#[derive(Debug, Clone)]
pub(crate) struct Union {
    /// The calls.
    pub(crate) calls: Vec<UnionCall>,
    /// Their positions in preorder, earliest first.
    pub(crate) order: Vec<usize>,
}

impl Union {
    /// Lays outcomes over each other and names the calls, `prefix` before each name.
    pub(crate) fn new(outcomes: &[Anatomy], symbols: &Symbols, prefix: &str, names: &mut Names) -> Self {
        let mut union = Self { calls: Vec::new(), order: Vec::new() };
        for (at, outcome) in outcomes.iter().enumerate() {
            union.lay(at, outcome, outcomes.len());
        }
        let starts: Vec<f64> = union.calls.iter().map(UnionCall::start).collect();
        for call in &mut union.calls {
            call.children.sort_by(|&left, &right| starts[left].total_cmp(&starts[right]).then(left.cmp(&right)));
        }
        let mut stack = if union.calls.is_empty() { Vec::new() } else { vec![0] };
        while let Some(at) = stack.pop() {
            union.order.push(at);
            stack.extend(union.calls[at].children.iter().rev());
        }
        union.name(symbols, prefix, names);
        union
    }

    fn lay(&mut self, outcome: usize, anatomy: &Anatomy, outcome_count: usize) {
        let mut placed: Vec<usize> = Vec::with_capacity(anatomy.calls.len());
        let mut numbers: BTreeMap<(Option<usize>, Key), usize> = BTreeMap::new();
        for (place, call) in anatomy.calls.iter().enumerate() {
            let Label { service, operation, ending, forward, batch, .. } = call.label;
            let parent = call.parent.map(|parent| placed[parent]);
            let number = numbers.entry((parent, (service, operation, ending, forward, batch, 0))).or_insert(0);
            let key = (service, operation, ending, forward, batch, *number);
            *number += 1;
            let siblings: &[usize] = match parent {
                Some(parent) => &self.calls[parent].children,
                None if self.calls.is_empty() => &[],
                None => &[0],
            };
            let known = siblings.iter().copied().find(|&sibling| self.calls[sibling].key == key || parent.is_none());
            let at = known.unwrap_or_else(|| self.push(key, parent, outcome_count));
            let weight = anatomy.count as f64;
            self.calls[at].places[outcome] = Some(place);
            self.calls[at].start_weighted += call.start_mean * weight;
            self.calls[at].weight += weight;
            placed.push(at);
        }
    }

    fn push(&mut self, key: Key, parent: Option<usize>, outcome_count: usize) -> usize {
        let at = self.calls.len();
        if let Some(parent) = parent {
            self.calls[parent].children.push(at);
        }
        self.calls.push(UnionCall {
            key,
            parent,
            children: Vec::new(),
            places: vec![None; outcome_count],
            name: String::new(),
            start_weighted: 0.0,
            weight: 0.0,
        });
        at
    }

    /// Names each call after its service; where that is not enough also after its operation, then its caller.
    fn name(&mut self, symbols: &Symbols, prefix: &str, names: &mut Names) {
        let plain: Vec<String> = (0..self.calls.len()).map(|at| self.plain_name(at, symbols, false)).collect();
        let mut uses: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, name) in plain.iter().enumerate() {
            uses.entry(name).or_default().push(at);
        }
        for at in self.order.clone() {
            let same = &uses[plain[at].as_str()];
            let mut wanted = plain[at].clone();
            if same.iter().any(|&other| self.calls[other].key.1 != self.calls[at].key.1) {
                wanted = self.plain_name(at, symbols, true);
            }
            let mut full = format!("{prefix}{wanted}");
            if !names.is_free(&full)
                && let Some(parent) = self.calls[at].parent
            {
                full = format!("{}_{wanted}", self.calls[parent].name);
            }
            self.calls[at].name = names.take(&full);
        }
    }

    fn plain_name(&self, at: usize, symbols: &Symbols, with_operation: bool) -> String {
        let call = &self.calls[at];
        let (service, operation, ending, forward, batch, number) = call.key;
        let local = call.parent.is_some_and(|parent| self.calls[parent].key.0 == service) && !forward;
        let mut name = match (operation, local, with_operation) {
            (Some(operation), true, _) => identifier(symbols.name(operation)),
            (Some(operation), false, true) => {
                format!("{}_{}", identifier(symbols.name(service)), identifier(symbols.name(operation)))
            }
            _ => identifier(symbols.name(service)),
        };
        let suffixes = [
            (forward, "_forward".to_owned()),
            (ending == Ending::Failed, "_failed".to_owned()),
            (ending == Ending::Lost, "_lost".to_owned()),
            (batch, "_calls".to_owned()),
            (number > 0, format!("_{}", number + 1)),
        ];
        for (applies, suffix) in suffixes {
            if applies {
                name.push_str(&suffix);
            }
        }
        name
    }
}
