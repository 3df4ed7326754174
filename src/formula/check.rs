//! Which metrics a formula reads, and which of its names mean nothing.
//!
//! The tree is walked once, in the order of evaluation. A name is, in this order:
//!
//! | | where |
//! |---|---|
//! | a literal | `true`, `false`, `null`, `undefined`, `NaN`, `Infinity` |
//! | a local variable | after `name = …` or within `f(name) = …` |
//! | a function | directly before `(` |
//! | a metric | anywhere else; it hides a constant of the same name |
//! | a constant, a unit or a function | if it is among the known names |
//!
//! A `${…}` that leads to no metric fails the formula wherever it stands. A bare name that means nothing is only recorded,
//! since it harms nothing in a branch that is not taken. Arities and types are not checked here.

use std::collections::{BTreeMap, BTreeSet};

use super::MetricIndex;
use super::functions::QUEUES;
use super::limits::SUGGESTION_COUNT_MAX;
use super::parse::is_literal;
use super::suggestion::nearest_name;
use super::tree::{BinaryOperator, Node, Tree};
use crate::problem::{Problem, ProblemKind};
use crate::span::Span;

/// The metrics that a formula can refer to.
pub trait Scope {
    /// Metric that a bare name in a formula means.
    fn resolve_name(&self, name: &str) -> Option<MetricIndex>;

    /// Metric that `${text}` means.
    fn resolve_reference(&self, text: &str) -> Option<MetricIndex>;

    /// Every bare name that means a metric, for suggestions, in an order that is always the same.
    fn names(&self) -> Vec<String>;
}

/// A formula whose names are looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The formula.
    pub tree: Tree,
    /// Metric for each bare name, as it is written, and for each reference, as `${text}`. A name that is first read as a
    /// metric and later assigned is here as well.
    pub metrics: BTreeMap<String, MetricIndex>,
    /// The metrics it reads, each once, in the order of first use.
    pub inputs: Vec<MetricIndex>,
    /// Names that mean nothing, in the order of use. Reaching one is an error.
    pub unknown: Vec<Unknown>,
    /// References to no metric, in the order of use. One of them is an error at once.
    pub missing: Vec<Missing>,
}

impl Checked {
    /// Whether it calls a queue, which has no response time where as much arrives as can be served.
    #[must_use]
    pub fn calls_queue(&self) -> bool {
        self.tree.calls(&|name| QUEUES.contains(&name))
    }
}

/// A bare name that means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The name.
    pub name: String,
    /// Where it is used.
    pub span: Span,
    /// Whether it is called as a function.
    pub called: bool,
    /// The known name that was probably meant.
    pub suggestion: Option<String>,
}

impl Unknown {
    /// The error for reaching the name: kind `parse`, code `unknown-name` or `unknown-function`.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (code, word, label) = if self.called {
            ("unknown-function", "function", "no function has this name")
        } else {
            ("unknown-name", "name", "no metric, variable or constant has this name")
        };
        let problem = Problem::new(ProblemKind::Parse, code, format!("unknown {word} `{}`", self.name))
            .with_span(self.span)
            .with_label(label);
        match &self.suggestion {
            Some(suggestion) => problem.with_help(format!("did you mean `{suggestion}`?")),
            None => problem,
        }
    }
}

/// A `${…}` that leads to no metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The text between the braces.
    pub text: String,
    /// Where it is used.
    pub span: Span,
}

impl Missing {
    /// The error: kind `graph`, code `missing-input`.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let message = format!("expected a metric of this model, found `${{{}}}`", self.text);
        Problem::new(ProblemKind::Graph, "missing-input", message)
            .with_span(self.span)
            .with_label("no metric has this id")
            .with_help("correct the reference, or add the metric")
    }
}

/// Looks up the names of a formula.
///
/// # Parameters
/// - `scope`: the metrics.
/// - `known`: names of functions, constants and units; walked again for each name that is no metric.
///
/// # Cost
/// Linear in the size of the tree, times the lookups; suggestions are made for at most
/// [`SUGGESTION_COUNT_MAX`] different names.
///
/// # Examples
/// ```
/// use tailcast::formula::{Dialect, MetricIndex, Scope, check, parse};
/// struct Two;
/// impl Scope for Two {
///     fn resolve_name(&self, name: &str) -> Option<MetricIndex> {
///         self.names().iter().position(|known| known == name).map(|position| MetricIndex(position as u32))
///     }
///     fn resolve_reference(&self, text: &str) -> Option<MetricIndex> {
///         self.resolve_name(text.strip_prefix("metric:")?)
///     }
///     fn names(&self) -> Vec<String> {
///         vec!["hit".to_owned(), "miss".to_owned()]
///     }
/// }
/// let tree = parse("max(${metric:miss}, hits) + hit", Dialect::Sane)?;
/// let checked = check(tree, &Two, ["max", "min"]);
/// assert_eq!(checked.inputs, [MetricIndex(1), MetricIndex(0)]);
/// assert_eq!(checked.unknown[0].suggestion.as_deref(), Some("hit"));
/// # Ok::<(), tailcast::formula::FormulaError>(())
/// ```
pub fn check<'n, K>(tree: Tree, scope: &dyn Scope, known: K) -> Checked
where
    K: IntoIterator<Item = &'n str> + Clone,
{
    let mut checker = Checker::new(scope, known);
    collect_assigned(&tree, &mut checker.assigned_anywhere);
    checker.tree(&tree);
    let Checker { metrics, inputs, unknown, missing, .. } = checker;
    Checked { tree, metrics, inputs, unknown, missing }
}

struct Checker<'s, K> {
    scope: &'s dyn Scope,
    known: K,
    /// Variables that are bound whenever evaluation comes here; how often, since parameters may hide each other.
    bound: BTreeMap<String, usize>,
    /// Variables that were assigned in a branch that may not have been taken.
    perhaps_bound: BTreeSet<String>,
    /// Variables that are assigned somewhere: a function may be called after any of it.
    assigned_anywhere: BTreeSet<String>,
    /// Branches around this place that may not be taken.
    branches: usize,
    /// Function bodies around this place.
    bodies: usize,
    /// Indices around this place, in which `end` is a number.
    indices: usize,
    /// Suggestion for each unknown name met so far.
    suggestions: BTreeMap<(String, bool), Option<String>>,
    metrics: BTreeMap<String, MetricIndex>,
    seen: BTreeSet<MetricIndex>,
    inputs: Vec<MetricIndex>,
    unknown: Vec<Unknown>,
    missing: Vec<Missing>,
}

impl<'s, 'n, K: IntoIterator<Item = &'n str> + Clone> Checker<'s, K> {
    fn new(scope: &'s dyn Scope, known: K) -> Self {
        Self {
            scope,
            known,
            bound: BTreeMap::new(),
            perhaps_bound: BTreeSet::new(),
            assigned_anywhere: BTreeSet::new(),
            branches: 0,
            bodies: 0,
            indices: 0,
            suggestions: BTreeMap::new(),
            metrics: BTreeMap::new(),
            seen: BTreeSet::new(),
            inputs: Vec::new(),
            unknown: Vec::new(),
            missing: Vec::new(),
        }
    }

    fn tree(&mut self, tree: &Tree) {
        match &tree.node {
            Node::Name(name) => self.name(name, tree.span),
            Node::Reference(text) => self.reference(text, tree.span),
            Node::Binary(BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Coalesce, left, right) => {
                self.tree(left);
                self.branch(right);
            }
            Node::Conditional(condition, then, otherwise) => {
                self.tree(condition);
                self.branch(then);
                self.branch(otherwise);
            }
            Node::Call(callee, arguments) => {
                match &callee.node {
                    Node::Name(name) => self.function_name(name, callee.span),
                    _ => self.tree(callee),
                }
                arguments.iter().for_each(|argument| self.tree(argument));
            }
            Node::Index(object, indices) => {
                self.tree(object);
                self.indices += 1;
                indices.iter().for_each(|index| self.tree(index));
                self.indices -= 1;
            }
            Node::Assignment(target, value) => self.assignment(target, value),
            Node::Function { name, parameters, body } => self.function(name, parameters, body),
            _ => tree.for_each_child(|child| self.tree(child)),
        }
    }

    /// A part that may not be evaluated.
    fn branch(&mut self, tree: &Tree) {
        self.branches += 1;
        self.tree(tree);
        self.branches -= 1;
    }

    fn assignment(&mut self, target: &Tree, value: &Tree) {
        self.tree(value);
        match &target.node {
            Node::Name(name) => self.bind(name),
            _ => self.tree(target),
        }
    }

    /// Records that `name` holds a value from here on.
    fn bind(&mut self, name: &str) {
        if self.branches == 0 && self.bodies == 0 {
            *self.bound.entry(name.to_owned()).or_default() += 1;
        } else {
            self.perhaps_bound.insert(name.to_owned());
        }
    }

    fn function(&mut self, name: &str, parameters: &[String], body: &Tree) {
        self.bind(name);
        // The body runs when it is called, with the parameters hiding all else.
        for parameter in parameters {
            *self.bound.entry(parameter.clone()).or_default() += 1;
        }
        self.bodies += 1;
        self.tree(body);
        self.bodies -= 1;
        for parameter in parameters {
            if let Some(count) = self.bound.get_mut(parameter) {
                *count -= 1;
            }
        }
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.get(name).is_some_and(|&count| count > 0)
    }

    /// Whether `name` may hold a value by the time evaluation comes here.
    fn may_be_bound(&self, name: &str) -> bool {
        self.perhaps_bound.contains(name) || (self.bodies > 0 && self.assigned_anywhere.contains(name))
    }

    fn name(&mut self, name: &str, span: Span) {
        if is_literal(name) || self.is_bound(name) || (name == "end" && self.indices > 0) {
            return;
        }
        if let Some(metric) = self.scope.resolve_name(name) {
            self.input(name.to_owned(), metric);
        } else if !self.may_be_bound(name) && !self.is_known(name) {
            self.unknown(name, span, false);
        }
    }

    fn function_name(&mut self, name: &str, span: Span) {
        if !self.is_bound(name) && !self.may_be_bound(name) && !self.is_known(name) {
            self.unknown(name, span, true);
        }
    }

    fn reference(&mut self, text: &str, span: Span) {
        match self.scope.resolve_reference(text) {
            Some(metric) => self.input(format!("${{{text}}}"), metric),
            None => self.missing.push(Missing { text: text.to_owned(), span }),
        }
    }

    fn input(&mut self, name: String, metric: MetricIndex) {
        self.metrics.insert(name, metric);
        if self.seen.insert(metric) {
            self.inputs.push(metric);
        }
    }

    fn is_known(&self, name: &str) -> bool {
        self.known.clone().into_iter().any(|known| known == name)
    }

    fn unknown(&mut self, name: &str, span: Span, called: bool) {
        let key = (name.to_owned(), called);
        let suggestion = match self.suggestions.get(&key) {
            Some(suggestion) => suggestion.clone(),
            None if self.suggestions.len() < SUGGESTION_COUNT_MAX => {
                let suggestion = self.suggestion(name, called);
                self.suggestions.insert(key, suggestion.clone());
                suggestion
            }
            None => None,
        };
        self.unknown.push(Unknown { name: name.to_owned(), span, called, suggestion });
    }

    /// Nearest variable, metric or known name; a metric cannot be called.
    fn suggestion(&self, name: &str, called: bool) -> Option<String> {
        let metrics = if called { Vec::new() } else { self.scope.names() };
        let variables = self.bound.iter().filter(|(_, count)| **count > 0).map(|(variable, _)| variable.as_str());
        let candidates = variables
            .chain(metrics.iter().map(String::as_str))
            .chain(self.known.clone().into_iter().map(|known| -> &str { known }));
        nearest_name(name, candidates).map(str::to_owned)
    }
}

/// Adds every name that some part of the tree assigns or defines.
fn collect_assigned(tree: &Tree, names: &mut BTreeSet<String>) {
    let mut pending = vec![tree];
    while let Some(tree) = pending.pop() {
        match &tree.node {
            Node::Assignment(target, _) => {
                if let Node::Name(name) = &target.node {
                    names.insert(name.clone());
                }
            }
            Node::Function { name, .. } => {
                names.insert(name.clone());
            }
            _ => {}
        }
        tree.for_each_child(|child| pending.push(child));
    }
}

#[cfg(test)]
mod tests {
    use super::{Checked, SUGGESTION_COUNT_MAX, Scope, check};
    use crate::formula::{Dialect, MetricIndex, parse};

    /// Metrics `AB`, `AC`, `e` and `hits`, also as `${metric:…}`.
    struct Four;

    impl Scope for Four {
        fn resolve_name(&self, name: &str) -> Option<MetricIndex> {
            let position = self.names().iter().position(|known| known == name)?;
            Some(MetricIndex(u32::try_from(position).expect("four metrics")))
        }

        fn resolve_reference(&self, text: &str) -> Option<MetricIndex> {
            self.resolve_name(text.strip_prefix("metric:")?)
        }

        fn names(&self) -> Vec<String> {
            ["AB", "AC", "e", "hits"].map(str::to_owned).to_vec()
        }
    }

    fn checked(text: &str) -> Checked {
        let tree = parse(text, Dialect::Sane).expect(text);
        check(tree, &Four, ["max", "map", "mod", "pi", "e", "cm"])
    }

    /// `inputs | unknown names, called ones with (), suggestions with ?`.
    fn line(text: &str) -> String {
        let checked = checked(text);
        let inputs: Vec<String> = checked.inputs.iter().map(|input| Four.names()[input.index()].clone()).collect();
        let unknown = checked.unknown.iter().map(|unknown| {
            assert_eq!(&text[unknown.span.range()], unknown.name);
            let call = if unknown.called { "()" } else { "" };
            let suggestion = unknown.suggestion.as_ref().map(|name| format!("?{name}")).unwrap_or_default();
            format!("{}{call}{suggestion}", unknown.name)
        });
        format!("{} | {}", inputs.join(" "), unknown.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn inputs_stand_once_in_the_order_of_first_use() {
        assert_eq!(line("AC + ${metric:AB} * AC + AB"), "AC AB | ");
        let metrics = checked("AC + ${metric:AB} * AC + AB").metrics;
        let names: Vec<&str> = metrics.keys().map(String::as_str).collect();
        assert_eq!(names, ["${metric:AB}", "AB", "AC"]);
    }

    #[test]
    fn a_metric_hides_a_constant_but_no_literal_and_no_function() {
        assert_eq!(line("e + pi"), "e | ");
        assert_eq!(line("true + NaN"), " | ");
        assert_eq!(line("max(AB, 1)"), "AB | ");
        assert_eq!(line("AB(1)"), " | AB()");
    }

    #[test]
    fn an_assigned_name_hides_a_metric_from_then_on() {
        assert_eq!(line("AB = 3; AB + AC"), "AC | ");
        assert_eq!(line("AB + (AB = 3)"), "AB | ");
        assert_eq!(line("AB = AB + 1"), "AB | ");
        assert_eq!(line("x = y = 2; x + y"), " | ");
    }

    #[test]
    fn an_assignment_in_a_branch_may_not_have_happened() {
        assert_eq!(line("(AC ? (AB = 1) : 0) + AB"), "AC AB | ");
        assert_eq!(line("(AC and (x = 1)) + x"), "AC | ");
        assert_eq!(line("x + (x = 1)"), " | x");
    }

    #[test]
    fn parameters_are_bound_in_the_body_alone() {
        assert_eq!(line("f(AB) = AB * AC; f(2) + AB"), "AC AB | ");
        assert_eq!(line("map([1], f(x) = x^2)"), " | ");
        assert_eq!(line("f(x) = x; x"), " | x");
        assert_eq!(line("f(x) = g(y) = x + y"), " | ");
    }

    #[test]
    fn a_body_may_use_what_is_assigned_before_the_call() {
        assert_eq!(line("f(x) = x + k; k = 3; f(1)"), " | ");
        assert_eq!(line("f(n) = n > 0 ? f(n - 1) : 0; f(3)"), " | ");
        assert_eq!(line("f(x) = x + q"), " | q");
    }

    #[test]
    fn end_is_a_number_in_an_index_only() {
        assert_eq!(line("[1, 2, 3][end]"), " | ");
        assert_eq!(line("[1, 2, 3][max(end, 1)]"), " | ");
        assert_eq!(line("end + 1"), " | end");
    }

    #[test]
    fn properties_and_keys_are_no_names() {
        assert_eq!(line("{foo: 1}.foo + {\"bar\": 2}[\"bar\"]"), " | ");
    }

    #[test]
    fn unknown_names_are_recorded_with_the_nearest_known_one() {
        assert_eq!(line("0 ? undefinedsym : 3"), " | undefinedsym");
        assert_eq!(line("hit + AF + Max(1)"), " | hit?hits AF?AB Max()?max");
        assert_eq!(line("latency = 1; latncy"), " | latncy?latency");
        assert_eq!(line("5 cm + 5 km"), " | km?cm");
    }

    #[test]
    fn a_reference_to_no_metric_is_missing_even_in_a_branch_not_taken() {
        let checked = checked("0 ? ${metric:ZZ} : ${} + ${fact:12}");
        let texts: Vec<&str> = checked.missing.iter().map(|missing| missing.text.as_str()).collect();
        assert_eq!(texts, ["metric:ZZ", "", "fact:12"]);
        assert_eq!(checked.missing[0].span.range(), 4..16);
        let problem = checked.missing[0].problem();
        assert_eq!((problem.kind.name(), problem.code), ("graph", "missing-input"));
        assert_eq!(problem.message, "expected a metric of this model, found `${metric:ZZ}`");
    }

    #[test]
    fn an_unknown_name_says_what_was_probably_meant() {
        let problem = checked("hit").unknown[0].problem();
        assert_eq!((problem.kind.name(), problem.code), ("parse", "unknown-name"));
        assert_eq!(problem.message, "unknown name `hit`");
        assert_eq!(problem.help.as_deref(), Some("did you mean `hits`?"));
        assert_eq!(checked("mox(1)").unknown[0].problem().code, "unknown-function");
    }

    #[test]
    fn suggestions_are_bounded() {
        let text: Vec<String> = (0..200).map(|number| format!("hit{number}")).collect();
        let checked = checked(&format!("max({})", text.join(",")));
        assert_eq!(checked.unknown.len(), 200);
        assert_eq!(checked.unknown.iter().filter(|unknown| unknown.suggestion.is_some()).count(), SUGGESTION_COUNT_MAX);
    }
}
