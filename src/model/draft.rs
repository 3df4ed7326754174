//! A model as read, before anything is checked: the form in which JSON and TOML become the same.

use crate::dist::Empirical;
use crate::formula::MetricIndex;
use crate::model::metric::Location;
use crate::model::names::{Names, NamesOfMetric};
use crate::model::scenario::{OverrideInput, Scenario};
use crate::model::slo::Slo;
use crate::model::space_link::SpaceLink;
use crate::problem::{Problem, Warning};
use crate::units::Unit;

/// Rank correlation that two metrics are declared to have.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    /// First metric.
    pub first: MetricIndex,
    /// Second metric.
    pub second: MetricIndex,
    /// Spearman's rank correlation, in \[-1, 1\].
    pub coefficient: f64,
}

/// Which form a model was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Guesstimate's JSON.
    Wire,
    /// TOML.
    Toml,
}

/// Who wrote a formula, which decides what bare names and `${…}` in it mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameRule {
    /// The real engine: `${metric:ID}` is a metric, no bare name is.
    Engine,
    /// An `expression` of the wire form: bare names are metrics too, unless they are constants.
    Expression,
    /// An `input` of the wire form, in which metrics are called by readable ids, also by those that are constants.
    LegacyInput,
    /// A person: any name of a metric will do, in `${…}` as well; of constants only keys take the place.
    Person,
}

/// What a metric holds as read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    /// Nothing.
    Nothing,
    /// One value, in the unit of the metric's numbers.
    Number(f64),
    /// Input text or `=formula`.
    Text(String),
    /// Measured values, in `unit` or else in the unit of the metric's numbers.
    Data { data: Empirical, unit: Option<Unit>, provenance: Option<String> },
    /// Something that can't be read, for which the draft has a problem.
    Broken,
}

/// Unit that a metric declares for its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DeclaredUnit {
    /// The model's.
    Inherited,
    /// None at all.
    Unitless,
    /// Its own.
    Own(Unit),
}

impl DeclaredUnit {
    /// The unit of time of the metric's numbers in a model with this unit.
    pub(crate) fn time(&self, model: Option<&Unit>) -> Option<crate::units::TimeUnit> {
        match self {
            Self::Inherited => model.and_then(Unit::time),
            Self::Unitless => None,
            Self::Own(unit) => unit.time(),
        }
    }
}

/// A metric as read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DraftMetric {
    pub(crate) id: String,
    pub(crate) readable_id: String,
    pub(crate) name: String,
    /// Key in the TOML form; empty in the wire form.
    pub(crate) key: String,
    pub(crate) unit: DeclaredUnit,
    pub(crate) description: String,
    pub(crate) location: Option<Location>,
    pub(crate) type_hint: Option<String>,
    pub(crate) content: Content,
    pub(crate) name_rule: NameRule,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Warning>,
}

/// A model as read. Names in scenarios, targets, pairs and correlations are looked up already.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) form: Form,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) unit: Option<Unit>,
    pub(crate) metrics: Vec<DraftMetric>,
    pub(crate) scenarios: Vec<Scenario>,
    pub(crate) slos: Vec<Slo>,
    pub(crate) paired: Vec<Vec<MetricIndex>>,
    pub(crate) correlations: Vec<Correlation>,
    /// The space on a Guesstimate server that the file belongs to.
    pub(crate) space: Option<SpaceLink>,
    pub(crate) warnings: Vec<Warning>,
}

impl Draft {
    /// The names of the metrics.
    pub(crate) fn names(&self) -> Names {
        Names::new(self.metrics.iter().map(|metric| NamesOfMetric {
            key: &metric.key,
            readable_id: &metric.readable_id,
            id: &metric.id,
            name: &metric.name,
        }))
    }

    /// Replaces the input of a metric.
    pub(crate) fn replace(&mut self, metric: MetricIndex, input: &OverrideInput) {
        let draft = &mut self.metrics[metric.index()];
        draft.content = match input {
            OverrideInput::Number(value) => Content::Number(*value),
            OverrideInput::Text(text) => Content::Text(text.clone()),
        };
        draft.name_rule = NameRule::Person;
        // What was wrong with the former input no longer matters; a duplicate id still does.
        draft.problems.retain(|problem| problem.code == "duplicate-id");
        draft.warnings.clear();
    }
}
