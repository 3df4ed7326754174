//! From a metric as read to a metric as meant: input text, units, data, formula.
//!
//! Each metric is interpreted on its own; what depends on others (cycles, broken inputs) is found afterwards.

use std::cell::Cell;
use std::sync::Arc;

use crate::dist::{self, Empirical};
use crate::formula::{self, Checked, Dialect, MetricIndex, Scope};
use crate::model::draft::{Content, DeclaredUnit, Draft, DraftMetric, NameRule};
use crate::model::input_text::{InputForm, InputOptions, Reading, TimeScale, read_input};
use crate::model::metric::{Input, Metric};
use crate::model::model::{Options, name_fault};
use crate::model::names::{NameError, Names};
use crate::model::unit_conversion::convert_time;
use crate::model::vocabulary::{is_constant, known_names};
use crate::problem::{Problem, ProblemKind, Warning};
use crate::span::Span;
use crate::units::{TimeUnit, Unit};

/// Most problems with names that are reported of one formula.
const MISSING_MAX: usize = 20;

/// Most searches for a name near to a missing one, in one model.
const SEARCHES_MAX: usize = 1_000;

/// Interprets the metrics of one draft.
pub(crate) struct Interpreter<'a> {
    draft: &'a Draft,
    names: &'a Names,
    options: Options,
    /// How many more names may be searched for; a search goes through all names.
    searches_left: Cell<usize>,
}

impl<'a> Interpreter<'a> {
    pub(crate) fn new(draft: &'a Draft, names: &'a Names, options: Options) -> Self {
        Self { draft, names, options, searches_left: Cell::new(SEARCHES_MAX) }
    }

    /// The metric that a draft means.
    pub(crate) fn metric(&self, draft: &DraftMetric) -> Metric {
        let unit = self.unit(&draft.unit);
        let key = if draft.key.is_empty() { &draft.readable_id } else { &draft.key };
        let mut metric = Metric {
            id: draft.id.clone(),
            readable_id: draft.readable_id.clone(),
            name: draft.name.clone(),
            key: key.clone(),
            unit,
            description: draft.description.clone(),
            location: draft.location,
            source: String::new(),
            input: Input::None,
            provenance: None,
            problems: draft.problems.clone(),
            warnings: draft.warnings.clone(),
        };
        match &draft.content {
            Content::Nothing | Content::Broken => {}
            Content::Number(value) => self.number(&mut metric, draft, *value),
            Content::Text(text) => self.text(&mut metric, draft, text),
            Content::Data { data, unit, provenance } => {
                metric.provenance.clone_from(provenance);
                self.data(&mut metric, draft, data, unit.as_ref());
            }
        }
        metric
    }

    /// Unit of the values: numbers in another unit of time are converted to the model's.
    fn unit(&self, declared: &DeclaredUnit) -> Option<Unit> {
        let model = self.draft.unit.as_ref();
        match declared {
            DeclaredUnit::Inherited => model.cloned(),
            DeclaredUnit::Unitless => None,
            DeclaredUnit::Own(Unit::Time(_)) if model.and_then(Unit::time).is_some() => model.cloned(),
            DeclaredUnit::Own(unit) => Some(unit.clone()),
        }
    }

    /// Units of the numbers in a text of `draft`.
    fn scale(&self, metric: &Metric, draft: &DraftMetric) -> Option<TimeScale> {
        let target = metric.unit.as_ref().and_then(Unit::time)?;
        let plain = draft.unit.time(self.draft.unit.as_ref()).unwrap_or(target);
        Some(TimeScale { plain, target })
    }

    fn number(&self, metric: &mut Metric, draft: &DraftMetric, value: f64) {
        metric.source = value.to_string();
        let value = self.scale(metric, draft).map_or(value, |scale| convert_time(value, scale.plain, scale.target));
        if value.is_finite() {
            metric.input = Input::Point(value);
        } else {
            let message = format!("expected a finite number, found {value}");
            metric.problems.push(Problem::new(ProblemKind::Parse, "unreadable-input", message));
        }
    }

    fn text(&self, metric: &mut Metric, draft: &DraftMetric, text: &str) {
        text.clone_into(&mut metric.source);
        let options = InputOptions {
            reading: if self.options.compat { Reading::Guesstimate } else { Reading::Sane },
            type_hint: draft.type_hint.as_deref(),
            has_data: false,
            scale: self.scale(metric, draft),
        };
        let reading = read_input(text, options);
        let is_readable = reading.problem.is_none();
        let is_share = matches!(reading.form, InputForm::Proportion { .. })
            || (text.contains('%') && !matches!(reading.form, InputForm::Formula(_)));
        if is_share && draft.unit == DeclaredUnit::Inherited {
            metric.unit = None;
        }
        metric.problems.extend(reading.problem);
        metric.input = match reading.form {
            InputForm::None | InputForm::Data => Input::None,
            InputForm::Point(value) => Input::Point(value),
            InputForm::Range { kind, low, high } => Input::Range { kind, low, high },
            InputForm::Proportion { hits, total } => Input::Proportion { hits, total },
            InputForm::Formula(_) if is_readable => Input::Formula(self.formula(metric, draft)),
            InputForm::Formula(_) => Input::Formula(None),
        };
    }

    fn data(&self, metric: &mut Metric, draft: &DraftMetric, data: &Empirical, unit: Option<&Unit>) {
        let own = draft.unit.time(self.draft.unit.as_ref());
        let from = unit.and_then(Unit::time).or(own);
        let target = metric.unit.as_ref().and_then(Unit::time);
        let data = match (from, target) {
            (Some(from), Some(target)) => convert_data(data, from, target),
            _ => data.clone(),
        };
        if let (Some(unit), None) = (unit, target) {
            if let Some(declared) = &metric.unit
                && declared != unit
            {
                let message =
                    format!("the data is in {unit}, the metric in {declared}: the values are taken as {unit}");
                metric
                    .warnings
                    .push(Warning::new("data-unit", message).with_help("give the metric the unit of its data"));
            }
            metric.unit = Some(unit.clone());
        }
        let is_empty = matches!(&data, Empirical::Values(values) if values.is_empty());
        metric.input = if is_empty && metric.problems.is_empty() { Input::None } else { Input::Data(data) };
    }

    /// Parses and checks the formula in `metric.source`. The `=` is read as a space, so that spans are those of the
    /// source.
    fn formula(&self, metric: &mut Metric, draft: &DraftMetric) -> Option<Arc<Checked>> {
        if let DeclaredUnit::Own(Unit::Time(own)) = draft.unit
            && let Some(Unit::Time(model)) = metric.unit
            && own != model
        {
            let message = format!("expected a formula in the model's unit {model}, found the unit {own}");
            let problem = Problem::new(ProblemKind::Parse, "formula-unit", message)
                .with_help("remove `unit`, and scale within the formula");
            metric.problems.push(problem);
        }
        let text = metric.source.replacen('=', " ", 1);
        let dialect = if self.options.compat { Dialect::Guesstimate } else { Dialect::Sane };
        let scope = FormulaScope { names: self.names, rule: draft.name_rule };
        match formula::parse(&text, dialect) {
            Ok(tree) => {
                let checked = formula::check(tree, &scope, known_names());
                metric.problems.extend(self.reference_problems(&checked, &scope));
                Some(Arc::new(checked))
            }
            Err(error) => {
                let missing = references(&text).filter(|(name, _)| scope.resolve_reference(name).is_none());
                metric.problems.extend(missing.take(MISSING_MAX).map(|(name, span)| self.missing_problem(name, span)));
                metric.problems.push(error.problem());
                None
            }
        }
    }

    /// Problems of references that mean no metric, and of names that mean several.
    fn reference_problems(&self, checked: &Checked, scope: &FormulaScope<'_>) -> Vec<Problem> {
        let missing =
            checked.missing.iter().take(MISSING_MAX).map(|missing| self.missing_problem(&missing.text, missing.span));
        let ambiguous =
            checked.unknown.iter().filter(|unknown| !unknown.called).take(MISSING_MAX).filter_map(|unknown| {
                let Err(error @ NameError::Ambiguous { .. }) = scope.lookup(&unknown.name) else { return None };
                let label = |index: MetricIndex| format!("`{}`", self.draft.metrics[index.index()].id);
                let fault = name_fault(&unknown.name, &error, label);
                let problem = Problem::new(ProblemKind::Graph, "ambiguous-name", fault.message).with_span(unknown.span);
                Some(problem.with_help(fault.help.unwrap_or_default()))
            });
        missing.chain(ambiguous).collect()
    }

    /// Problem of a reference that means no metric.
    fn missing_problem(&self, reference: &str, span: Span) -> Problem {
        let id = reference.strip_prefix("metric:").unwrap_or(reference);
        let problem = if reference.starts_with("fact:") {
            Problem::new(
                ProblemKind::Graph,
                "missing-input",
                format!("expected a metric, found the fact `{reference}`"),
            )
            .with_help("facts of an organization can't be looked up: write the value instead")
        } else {
            let message = format!("expected the id of a metric, found `{id}`");
            let problem = Problem::new(ProblemKind::Graph, "missing-input", message);
            let searches_left = self.searches_left.get();
            self.searches_left.set(searches_left.saturating_sub(1));
            let found =
                if searches_left > 0 { self.names.resolve(id) } else { Err(NameError::Unknown { suggestion: None }) };
            match found {
                Ok(metric) => {
                    problem.with_help(format!("did you mean `${{metric:{}}}`?", self.draft.metrics[metric.index()].id))
                }
                Err(NameError::Unknown { suggestion: Some(suggestion) }) => {
                    problem.with_help(format!("did you mean `{suggestion}`?"))
                }
                Err(_) => problem.with_help("add the metric, or remove the reference"),
            }
        };
        problem.with_span(span).with_label("no metric has this id")
    }
}

/// What names in a formula mean.
struct FormulaScope<'a> {
    names: &'a Names,
    rule: NameRule,
}

impl FormulaScope<'_> {
    /// What a bare name means, ambiguity told.
    fn lookup(&self, name: &str) -> Result<MetricIndex, NameError> {
        let is_metric = match self.rule {
            NameRule::Engine => false,
            NameRule::Expression | NameRule::Person => self.names.is_key(name) || !is_constant(name),
            NameRule::LegacyInput => true,
        };
        if is_metric { self.names.resolve(name) } else { Err(NameError::Unknown { suggestion: None }) }
    }
}

impl Scope for FormulaScope<'_> {
    fn resolve_name(&self, name: &str) -> Option<MetricIndex> {
        self.lookup(name).ok()
    }

    fn resolve_reference(&self, text: &str) -> Option<MetricIndex> {
        if let Some(id) = text.strip_prefix("metric:")
            && let Some(metric) = self.names.by_id(id)
        {
            return Some(metric);
        }
        let is_by_any_name = self.rule == NameRule::Person;
        is_by_any_name.then(|| self.names.resolve(text.strip_prefix("metric:").unwrap_or(text)).ok()).flatten()
    }

    fn names(&self) -> Vec<String> {
        if self.rule == NameRule::Engine { Vec::new() } else { self.names.listed().to_vec() }
    }
}

/// The `${…}` references in a text that is not parsed, with their spans.
fn references(text: &str) -> impl Iterator<Item = (&str, Span)> {
    text.match_indices("${").filter_map(|(start, _)| {
        let len = text[start + 2..].find('}')?;
        let name = &text[start + 2..start + 2 + len];
        (!name.contains("${")).then(|| (name, Span::new(start, start + len + 3)))
    })
}

/// Measured values in another unit of time.
fn convert_data(data: &Empirical, from: TimeUnit, to: TimeUnit) -> Empirical {
    if from == to {
        return data.clone();
    }
    let convert = |value: f64| convert_time(value, from, to);
    match data {
        Empirical::Values(values) => Empirical::Values(values.iter().map(|value| convert(*value)).collect()),
        Empirical::Histogram(cells) => {
            let cells =
                cells.iter().map(|cell| dist::Cell { low: convert(cell.low), high: convert(cell.high), ..*cell });
            Empirical::Histogram(cells.collect())
        }
    }
}
