//! The checked model: metrics with their inputs, scenarios, objectives, and what is wrong with each metric.
//!
//! A model is checked as a whole and never changed: scenarios and overrides make a new one. Errors of one metric leave
//! the others usable; files that are no model at all are a [`ModelError`] and never get here.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::dist::{CORRELATED_MAX, Empirical, GaussianCopula, correlated_groups};
use crate::formula::MetricIndex;
use crate::model::draft::{Correlation, Draft, Form};
use crate::model::error::{Fault, FaultKind, ModelError};
use crate::model::graph::{BrokenInputs, Cycle, Graph, analyze};
use crate::model::interpret::Interpreter;
use crate::model::metric::{Input, Metric};
use crate::model::names::{NameError, Names};
use crate::model::scenario::{Override, OverrideInput, Scenario};
use crate::model::slo::Slo;
use crate::model::space_link::SpaceLink;
use crate::model::wire::Wire;
use crate::problem::{Problem, ProblemKind, Warning};
use crate::program::FigurePlace;
use crate::units::Unit;

/// Names shown of a long list in a message.
const NAMES_SHOWN: usize = 5;

/// How to read a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether to follow Guesstimate where its behaviour is a defect.
    pub compat: bool,
}

/// A checked model.
#[derive(Debug, Clone)]
pub struct Model {
    draft: Arc<Draft>,
    options: Options,
    names: Arc<Names>,
    metrics: Vec<Metric>,
    paired: Vec<Vec<MetricIndex>>,
    graph: Graph,
    warnings: Vec<Warning>,
    scenario: Option<String>,
    wire: Option<Arc<Wire>>,
    /// Figures that formulas ask for, once they are drawn.
    figures: BTreeMap<MetricIndex, Vec<(FigurePlace, f64)>>,
}

impl Model {
    /// Checks a draft.
    pub(crate) fn new(draft: Draft, options: Options) -> Self {
        let names = Arc::new(draft.names());
        Self::check(Arc::new(draft), names, options, |_| None)
    }

    /// Keeps the document that the model was read from.
    pub(crate) fn with_wire(self, wire: Wire) -> Self {
        Self { wire: Some(Arc::new(wire)), ..self }
    }

    /// Checks a draft; `known` yields metrics that are interpreted already.
    fn check<'a>(
        draft: Arc<Draft>,
        names: Arc<Names>,
        options: Options,
        known: impl Fn(usize) -> Option<&'a Metric>,
    ) -> Self {
        let interpreter = Interpreter::new(&draft, &names, options);
        let metrics = draft.metrics.iter().enumerate().map(|(index, metric)| match known(index) {
            Some(known) => {
                let mut metric = known.clone();
                metric.problems.retain(|problem| !FOLLOWING_CODES.contains(&problem.code));
                metric
            }
            None => interpreter.metric(metric),
        });
        let metrics = metrics.collect();
        let warnings = draft.warnings.clone();
        let graph = Graph::default();
        let mut model = Self {
            draft,
            options,
            names,
            metrics,
            paired: Vec::new(),
            graph,
            warnings,
            scenario: None,
            wire: None,
            figures: BTreeMap::new(),
        };
        model.check_pairs();
        model.check_correlations();
        model.check_empty_inputs();
        model.check_graph();
        model
    }

    /// Name of the model.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.draft.name
    }

    /// Description; empty when there is none.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.draft.description
    }

    /// Unit of every metric that does not say otherwise.
    #[must_use]
    pub fn unit(&self) -> Option<&Unit> {
        self.draft.unit.as_ref()
    }

    /// The metrics, in the order of the file.
    #[must_use]
    pub fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    /// The scenarios, in the order of the file.
    #[must_use]
    pub fn scenarios(&self) -> &[Scenario] {
        &self.draft.scenarios
    }

    /// The objectives, in the order of the file.
    #[must_use]
    pub fn slos(&self) -> &[Slo] {
        &self.draft.slos
    }

    /// Groups of metrics whose lists were measured together: in each group a list has as many values as any other.
    #[must_use]
    pub fn paired(&self) -> &[Vec<MetricIndex>] {
        &self.paired
    }

    /// Declared rank correlations.
    #[must_use]
    pub fn correlations(&self) -> &[Correlation] {
        &self.draft.correlations
    }

    /// Warnings about the model as a whole.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// All metrics, each after those it uses. Members of cycles stand in any order; they have problems.
    #[must_use]
    pub fn order(&self) -> &[MetricIndex] {
        &self.graph.order
    }

    /// The cycles among the metrics.
    #[must_use]
    pub fn cycles(&self) -> &[Cycle] {
        &self.graph.cycles
    }

    /// The broken metrics that a metric depends on.
    #[must_use]
    pub fn broken_inputs(&self, metric: MetricIndex) -> &BrokenInputs {
        &self.graph.broken[metric.index()]
    }

    /// The space on a Guesstimate server that the file belongs to, if it says so.
    #[must_use]
    pub fn space_link(&self) -> Option<&SpaceLink> {
        self.draft.space.as_ref()
    }

    /// Name of the scenario that was applied.
    #[must_use]
    pub fn scenario(&self) -> Option<&str> {
        self.scenario.as_deref()
    }

    /// How the model was read.
    #[must_use]
    pub const fn options(&self) -> Options {
        self.options
    }

    /// The form that the model was read from.
    #[must_use]
    pub fn form(&self) -> Form {
        self.draft.form
    }

    /// The document that the model was read from, if it was JSON and nothing was overridden.
    #[must_use]
    pub fn wire(&self) -> Option<&Wire> {
        self.wire.as_deref()
    }

    /// The model as read, for converters.
    pub(crate) fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Metric that a key, readable id, id or name means.
    ///
    /// # Errors
    /// A fault of kind [`FaultKind::UnknownMetric`], with the nearest name as its remedy, or
    /// [`FaultKind::AmbiguousMetric`], naming the candidates.
    pub fn resolve(&self, name: &str) -> Result<MetricIndex, Fault> {
        self.names.resolve(name).map_err(|error| name_fault(name, &error, |index| self.metrics[index.index()].label()))
    }

    /// The model with the inputs of one of its scenarios.
    ///
    /// # Errors
    /// [`FaultKind::UnknownScenario`] if there is no scenario of this name; the remedy lists those there are.
    pub fn with_scenario(&self, name: &str) -> Result<Self, ModelError> {
        let Some(scenario) = self.draft.scenarios.iter().find(|scenario| scenario.name == name) else {
            let known: Vec<_> = self.draft.scenarios.iter().map(|s| format!("`{}`", s.name)).collect();
            let help = match known.is_empty() {
                true => "the model has no scenarios".to_owned(),
                false => format!("the model has {}", known.join(", ")),
            };
            let message = format!("expected the name of a scenario, found `{name}`");
            return Err(Fault::new(FaultKind::UnknownScenario, message).with_help(help).into());
        };
        Ok(Self { scenario: Some(scenario.name.clone()), ..self.overridden(&scenario.overrides) })
    }

    /// The model with other inputs: pairs of a metric's name and an input text or `=formula`.
    ///
    /// A text that can't be read is a problem of its metric, as in a file.
    ///
    /// # Errors
    /// One fault for each name that means no metric or several; see [`Model::resolve`].
    ///
    /// # Examples
    /// ```
    /// use tailcast::model::{self, Input, NoData, Options};
    /// let toml = b"[metrics]\nhit = 60\nmiss = '=100 - hit'";
    /// let model = model::read(toml, None, &NoData, Options::default())?;
    /// let model = model.with_overrides(&[("hit", "75")])?;
    /// assert!(matches!(model.metrics()[0].input, Input::Point(75.0)));
    /// # Ok::<(), model::ModelError>(())
    /// ```
    pub fn with_overrides(&self, overrides: &[(&str, &str)]) -> Result<Self, ModelError> {
        let (mut resolved, mut faults) = (Vec::new(), Vec::new());
        for (name, text) in overrides {
            match self.resolve(name) {
                Ok(metric) => resolved.push(Override { metric, input: OverrideInput::Text((*text).to_owned()) }),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(self.overridden(&resolved)) } else { Err(ModelError::new(faults)) }
    }

    /// Figures that the formula of a metric asks for, as far as they are drawn.
    pub(crate) fn figures(&self, metric: MetricIndex) -> &[(FigurePlace, f64)] {
        self.figures.get(&metric).map_or(&[], Vec::as_slice)
    }

    /// The model with more of the figures that its formulas ask for.
    pub(crate) fn with_figures(&self, figures: impl Iterator<Item = (MetricIndex, FigurePlace, f64)>) -> Self {
        let mut model = self.clone();
        for (metric, place, value) in figures {
            model.figures.entry(metric).or_default().push((place, value));
        }
        model
    }

    /// The model with a warning that it takes several passes, if it does.
    pub(crate) fn noting_passes(mut self, passes: usize) -> Self {
        if passes > 1 && self.warnings.iter().all(|warning| warning.code != "passes") {
            let message = format!("{passes} passes: the figures that formulas ask for were drawn first");
            self.warnings.push(Warning::new("passes", message));
        }
        self
    }

    /// The model under the name of a scenario that is not in the file.
    #[must_use]
    pub fn named_scenario(self, name: &str) -> Self {
        Self { scenario: Some(name.to_owned()), ..self }
    }

    /// The model with single values in place of inputs, in the units of the metrics' numbers: a point of a sweep.
    #[must_use]
    pub fn with_values(&self, values: &[(MetricIndex, f64)]) -> Self {
        let overrides: Vec<_> = values
            .iter()
            .map(|(metric, value)| Override { metric: *metric, input: OverrideInput::Number(*value) })
            .collect();
        self.overridden(&overrides)
    }

    /// The model with other inputs; metrics that keep theirs are not read again.
    fn overridden(&self, overrides: &[Override]) -> Self {
        if overrides.is_empty() {
            return self.clone();
        }
        let mut draft = (*self.draft).clone();
        let mut is_changed = vec![false; self.metrics.len()];
        for Override { metric, input } in overrides {
            draft.replace(*metric, input);
            is_changed[metric.index()] = true;
        }
        let known = |index: usize| (!is_changed[index]).then(|| &self.metrics[index]);
        let model = Self::check(Arc::new(draft), Arc::clone(&self.names), self.options, known);
        Self { scenario: self.scenario.clone(), ..model }
    }

    /// Drops from each declared pair what is no list (any more), and refuses lists of different lengths.
    fn check_pairs(&mut self) {
        let len = |metric: &Metric| match &metric.input {
            Input::Data(Empirical::Values(values)) => Some(values.len()),
            _ => None,
        };
        let draft = Arc::clone(&self.draft);
        for group in &draft.paired {
            let lens: Vec<_> = group.iter().map(|member| len(&self.metrics[member.index()])).collect();
            let longest = lens.iter().flatten().max().copied().unwrap_or(0);
            let (mut lists, mut others) = (Vec::new(), Vec::new());
            for (member, len) in group.iter().zip(lens) {
                match len {
                    Some(len) => {
                        lists.push(*member);
                        if len < longest {
                            self.metrics[member.index()].problems.push(paired_problem(longest, len));
                        }
                    }
                    None => others.push(*member),
                }
            }
            if !others.is_empty() {
                let message = format!("no list of values, so not paired: {}", self.list(others.into_iter()));
                self.warnings.push(Warning::new("not-paired", message));
            }
            if lists.len() > 1 {
                self.paired.push(lists);
            }
        }
    }

    /// Whether a metric, or one that it is computed from, calls a queue.
    #[must_use]
    pub fn depends_on_queue(&self, metric: MetricIndex) -> bool {
        let calls_queue =
            |index: &MetricIndex| self.metrics[index.index()].formula().is_some_and(|it| it.calls_queue());
        self.upstream(metric).iter().any(calls_queue)
    }

    /// Says which declared correlations no metrics can have, and what they have instead.
    fn check_correlations(&mut self) {
        let pairs: Vec<_> = self
            .draft
            .correlations
            .iter()
            .map(|pair| (pair.first.index(), pair.second.index(), pair.coefficient))
            .collect();
        for group in correlated_groups(&pairs) {
            if group.len() > CORRELATED_MAX {
                continue;
            }
            let place = |metric: usize| group.binary_search(&metric).ok();
            let inside: Vec<_> = pairs.iter().filter_map(|&(a, b, rank)| Some((place(a)?, place(b)?, rank))).collect();
            let copula = GaussianCopula::new(group.len(), &inside);
            if !copula.is_repaired() {
                continue;
            }
            let label = |place: usize| self.metrics[group[place]].label();
            let shown = inside.iter().take(NAMES_SHOWN).map(|&(a, b, rank)| {
                format!("{} and {} {:.3} instead of {rank}", label(a), label(b), copula.rank_correlation(a, b))
            });
            let shown: Vec<_> = shown.collect();
            let more = if inside.len() > NAMES_SHOWN { ", …" } else { "" };
            let message = format!(
                "the correlations contradict each other, so the nearest possible are taken: {}{more}",
                shown.join(", ")
            );
            self.warnings.push(
                Warning::new("correlations-repaired", message)
                    .with_help("where two metrics each go with a third, they go with each other: declare that, too"),
            );
        }
    }

    /// Refuses formulas over metrics that are empty.
    fn check_empty_inputs(&mut self) {
        let is_empty: Vec<_> = self
            .metrics
            .iter()
            .map(|metric| matches!(metric.input, Input::None) && metric.problems.is_empty())
            .collect();
        for index in 0..self.metrics.len() {
            let Some(checked) = self.metrics[index].formula() else { continue };
            let empty: Vec<_> = checked.inputs.iter().filter(|input| is_empty[input.index()]).copied().collect();
            if !empty.is_empty() {
                let message = format!("expected inputs with a value, found {} empty", self.list(empty.into_iter()));
                let problem = Problem::new(ProblemKind::Sampling, "empty-input", message);
                self.metrics[index].problems.push(problem.with_help("give it a number, a range or data"));
            }
        }
    }

    /// Finds order, cycles and what is broken by what.
    fn check_graph(&mut self) {
        let inputs: Vec<_> = self
            .metrics
            .iter()
            .map(|metric| metric.formula().map_or_else(Vec::new, |checked| checked.inputs.clone()))
            .collect();
        let is_broken: Vec<_> = self.metrics.iter().map(|metric| !metric.problems.is_empty()).collect();
        self.graph = analyze(&inputs, &is_broken);
        for index in 0..self.metrics.len() {
            let mut found = Vec::new();
            if let Some(cycle) = self.graph.cycle_of[index] {
                let metric = MetricIndex(u32::try_from(index).unwrap_or(u32::MAX));
                found.push(self.cycle_problem(metric, &self.graph.cycles[cycle]));
            }
            if !self.graph.broken[index].is_empty() {
                found.push(self.broken_problem(&self.graph.broken[index]));
            }
            self.metrics[index].problems.extend(found);
        }
    }

    fn cycle_problem(&self, metric: MetricIndex, cycle: &Cycle) -> Problem {
        let mut path = cycle.path_from(metric);
        let back = path[0];
        let shortened = path.len() > 2 * NAMES_SHOWN;
        path.truncate(2 * NAMES_SHOWN);
        let mut shown: Vec<_> = path.iter().map(|metric| self.metrics[metric.index()].label()).collect();
        if shortened {
            shown.push(format!("… ({} metrics)", cycle.path.len()));
        }
        shown.push(self.metrics[back.index()].label());
        let message = format!("expected no cycle, found {}", shown.join(" → "));
        Problem::new(ProblemKind::Graph, "cycle", message).with_help("remove one of these references")
    }

    fn broken_problem(&self, broken: &BrokenInputs) -> Problem {
        let message = match (broken.inputs.is_empty(), broken.ancestors.is_empty()) {
            (false, true) => format!("uses {}, which has errors", self.list(broken.inputs.iter().copied())),
            (true, _) => {
                format!("depends on {}, which has errors", self.list(broken.ancestors.iter().copied()))
            }
            (false, false) => format!(
                "uses {} and depends on {}, which have errors",
                self.list(broken.inputs.iter().copied()),
                self.list(broken.ancestors.iter().copied())
            ),
        };
        Problem::new(ProblemKind::Graph, "broken-input", message)
    }

    /// The first few of some metrics, for a message.
    fn list(&self, metrics: impl Iterator<Item = MetricIndex>) -> String {
        list_labels(metrics, |metric| self.metrics[metric.index()].label())
    }
}

/// Codes of problems that follow from other metrics.
const FOLLOWING_CODES: [&str; 4] = ["cycle", "broken-input", "empty-input", "paired-lengths"];

/// Problem of a list with fewer values than the others of its group.
fn paired_problem(longest: usize, len: usize) -> Problem {
    let message = format!("expected {longest} values as in the other paired lists, found {len}");
    let help = "pair only lists that hold the same requests in the same order";
    Problem::new(ProblemKind::Parse, "paired-lengths", message).with_help(help)
}

/// The first few of some metrics, by what `label` calls them, and how many more there are.
fn list_labels(mut metrics: impl Iterator<Item = MetricIndex>, label: impl Fn(MetricIndex) -> String) -> String {
    let shown: Vec<_> = metrics.by_ref().take(NAMES_SHOWN).map(label).collect();
    let shown = shown.join(", ");
    match metrics.count() {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Fault of a name that means no metric, or several.
pub(crate) fn name_fault(name: &str, error: &NameError, label: impl Fn(MetricIndex) -> String) -> Fault {
    match error {
        NameError::Unknown { suggestion } => {
            let fault = Fault::new(FaultKind::UnknownMetric, format!("expected the name of a metric, found `{name}`"));
            match suggestion {
                Some(suggestion) => fault.with_help(format!("did you mean `{suggestion}`?")),
                None => fault,
            }
        }
        NameError::Ambiguous { candidates } => {
            let labels = list_labels(candidates.iter().copied(), label);
            let message = format!("expected the name of one metric, found `{name}`, which names {labels}");
            Fault::new(FaultKind::AmbiguousMetric, message).with_help("use the id or the readable id")
        }
    }
}
