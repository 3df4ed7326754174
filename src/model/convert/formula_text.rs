//! Formulas in the names of the other form. The text is changed where metrics stand, and nowhere else.

use std::collections::BTreeSet;

use crate::formula::{Checked, MetricIndex, Node, Tree};
use crate::span::Span;

/// A place in a formula where a metric is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MetricUse {
    /// Where.
    pub(super) span: Span,
    /// Which metric.
    pub(super) metric: MetricIndex,
    /// Whether it is written as `${…}`.
    pub(super) is_reference: bool,
}

/// The places where `checked` reads metrics, in the order of the text. Names that are also assigned in the formula are
/// left out, as they may mean a variable.
pub(super) fn metric_uses(checked: &Checked) -> Vec<MetricUse> {
    let mut assigned = BTreeSet::new();
    collect_assigned(&checked.tree, &mut assigned);
    let mut uses = Vec::new();
    collect_uses(&checked.tree, checked, &assigned, &mut uses);
    uses.sort_by_key(|used| used.span);
    uses
}

/// Names that are assigned or bound in a formula.
pub(super) fn assigned_names(checked: &Checked) -> BTreeSet<&str> {
    let mut assigned = BTreeSet::new();
    collect_assigned(&checked.tree, &mut assigned);
    assigned
}

/// The bare names in a formula that do not, or not always, mean a metric.
pub(super) fn other_names(checked: &Checked) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    collect_names(&checked.tree, &mut names);
    names.retain(|name| !checked.metrics.contains_key(*name));
    collect_assigned(&checked.tree, &mut names);
    names
}

fn collect_names<'a>(tree: &'a Tree, names: &mut BTreeSet<&'a str>) {
    if let Node::Name(name) = &tree.node {
        names.insert(name);
    }
    tree.for_each_child(|child| collect_names(child, names));
}

/// `source` with each use replaced by what `replacement` yields, or kept where it yields none.
pub(super) fn replace_uses(
    source: &str,
    uses: &[MetricUse],
    replacement: impl Fn(&MetricUse) -> Option<String>,
) -> String {
    let mut text = String::with_capacity(source.len());
    let mut copied = 0;
    for used in uses {
        if let Some(replacement) = replacement(used) {
            text.push_str(&source[copied..used.span.start]);
            text.push_str(&replacement);
            copied = used.span.end;
        }
    }
    text.push_str(&source[copied..]);
    text
}

/// Whether a bare name can stand at `span` of `source` without running into its neighbours or becoming a call.
pub(super) fn is_free_standing(source: &str, span: Span) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '{' | '}' | '.' | '"' | '\'');
    let before = source[..span.start].chars().next_back();
    let rest = &source[span.end..];
    let calls = rest.trim_start().starts_with(['(', '[', '=', '?', '.']) && !rest.trim_start().starts_with("==");
    let is_conditional = rest.trim_start().starts_with('?');
    !before.is_some_and(joins) && !rest.chars().next().is_some_and(joins) && (!calls || is_conditional)
}

fn collect_assigned<'a>(tree: &'a Tree, assigned: &mut BTreeSet<&'a str>) {
    match &tree.node {
        Node::Assignment(target, _) => {
            if let Node::Name(name) = &target.node {
                assigned.insert(name);
            }
        }
        Node::Function { name, parameters, .. } => {
            assigned.insert(name);
            assigned.extend(parameters.iter().map(String::as_str));
        }
        _ => {}
    }
    tree.for_each_child(|child| collect_assigned(child, assigned));
}

fn collect_uses(tree: &Tree, checked: &Checked, assigned: &BTreeSet<&str>, uses: &mut Vec<MetricUse>) {
    let mut add = |name: &str, is_reference| {
        if let Some(metric) = checked.metrics.get(name) {
            uses.push(MetricUse { span: tree.span, metric: *metric, is_reference });
        }
    };
    match &tree.node {
        Node::Name(name) if !assigned.contains(name.as_str()) => add(name, false),
        Node::Reference(text) => add(&format!("${{{text}}}"), true),
        // A name that is called is a function.
        Node::Call(callee, arguments) if matches!(callee.node, Node::Name(_)) => {
            arguments.iter().for_each(|argument| collect_uses(argument, checked, assigned, uses));
        }
        _ => tree.for_each_child(|child| collect_uses(child, checked, assigned, uses)),
    }
}
