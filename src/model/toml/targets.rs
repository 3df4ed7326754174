//! What a TOML model says about its metrics besides their inputs: objectives, pairs, scenarios, correlations.

use toml::de::DeTable;

use super::metric::{MetricReader, short_form};
use super::table::{Faults, TomlValue};
use crate::formula::{self, MetricIndex};
use crate::model::draft::{Content, Correlation, Draft};
use crate::model::error::{Fault, FaultKind};
use crate::model::model::name_fault;
use crate::model::names::Names;
use crate::model::scenario::{Override, OverrideInput, Scenario};
use crate::model::slo::parse_slo;
use crate::units::Unit;

/// Reads the parts of a file that name metrics.
pub(super) struct TargetReader<'a> {
    pub(super) names: &'a Names,
    pub(super) metrics: &'a MetricReader<'a>,
}

impl TargetReader<'_> {
    /// Adds objectives, pairs, scenarios and correlations to `draft`, whose metrics are read.
    pub(super) fn read(&self, root: &DeTable<'_>, draft: &mut Draft, faults: &mut Faults<'_>) {
        self.slos(root, draft, faults);
        self.pairs(root, draft, faults);
        self.scenarios(root, draft, faults);
        self.correlations(root, draft, faults);
    }

    /// Metric that `name` means.
    fn resolve(&self, name: &str, draft: &Draft) -> Result<MetricIndex, Fault> {
        let label = |index: MetricIndex| format!("`{}`", draft.metrics[index.index()].key);
        self.names.resolve(name).map_err(|error| name_fault(name, &error, label))
    }

    fn slos(&self, root: &DeTable<'_>, draft: &mut Draft, faults: &mut Faults<'_>) {
        for value in faults.array(root, "slos", "a list of objectives such as `\"p99(response) <= 200ms\"`") {
            let Some(text) = value.get_ref().as_str() else {
                faults.wrong_kind(value, "an objective such as `\"p99(response) <= 200ms\"`");
                continue;
            };
            let lookup = |name: &str| {
                let metric = self.resolve(name, draft)?;
                let model = draft.unit.as_ref();
                // Values of a time are in the model's unit, if that is a time.
                let own = draft.metrics[metric.index()].unit.time(model);
                Ok((metric, own.and(model.and_then(Unit::time)).or(own)))
            };
            match parse_slo(text, &lookup) {
                Ok(slo) => draft.slos.push(slo),
                Err(fault) => faults.add_at(fault, &value.span(), faults.content_start(&value.span())),
            }
        }
    }

    fn pairs(&self, root: &DeTable<'_>, draft: &mut Draft, faults: &mut Faults<'_>) {
        const WANTED: &str = "a list of groups such as `[[\"a\", \"b\"]]`";
        let mut is_paired = vec![false; draft.metrics.len()];
        for value in faults.array(root, "paired", WANTED) {
            let Some(group) = value.get_ref().as_array() else {
                faults.wrong_kind(value, "a group of metrics such as `[\"a\", \"b\"]`");
                continue;
            };
            let mut members = Vec::new();
            for member in group {
                let Some(metric) = self.metric(member, draft, faults) else { continue };
                if std::mem::replace(&mut is_paired[metric.index()], true) {
                    let message =
                        format!("expected each metric once, found `{}` again", draft.metrics[metric.index()].key);
                    faults.add(FaultKind::Value, member.span(), message);
                } else {
                    members.push(metric);
                }
            }
            if group.len() < 2 {
                faults.add(FaultKind::Value, value.span(), "expected a group of two or more metrics");
            }
            draft.paired.push(members);
        }
    }

    /// The metric that a string names.
    fn metric(&self, value: &TomlValue<'_>, draft: &Draft, faults: &mut Faults<'_>) -> Option<MetricIndex> {
        let Some(name) = value.get_ref().as_str() else {
            faults.wrong_kind(value, "the name of a metric");
            return None;
        };
        self.resolve(name, draft).map_err(|fault| faults.add_at(fault, &value.span(), 0)).ok()
    }

    fn scenarios(&self, root: &DeTable<'_>, draft: &mut Draft, faults: &mut Faults<'_>) {
        let Some(table) = faults.table(root, "scenarios") else { return };
        for (name, value) in table {
            let Some(inputs) = value.get_ref().as_table() else {
                faults.wrong_kind(value, "a table of METRIC = INPUT");
                continue;
            };
            let mut overrides: Vec<Override> = Vec::new();
            for (key, input) in inputs {
                let metric = match self.resolve(key.get_ref(), draft) {
                    Ok(metric) => metric,
                    Err(fault) => {
                        faults.add_at(fault, &key.span(), 0);
                        continue;
                    }
                };
                if overrides.iter().any(|known| known.metric == metric) {
                    let message = format!("expected each metric once, found `{}` again", key.get_ref());
                    faults.add(FaultKind::Value, key.span(), message);
                }
                if let Some(input) = self.input(metric, input, draft, faults) {
                    overrides.push(Override { metric, input });
                }
            }
            draft.scenarios.push(Scenario { name: name.get_ref().clone().into_owned(), overrides });
        }
    }

    /// An input that replaces that of `metric`; formulas are checked when the scenario is applied, save their syntax.
    fn input(
        &self,
        metric: MetricIndex,
        value: &TomlValue<'_>,
        draft: &Draft,
        faults: &mut Faults<'_>,
    ) -> Option<OverrideInput> {
        match short_form(value, faults) {
            Content::Number(number) => Some(OverrideInput::Number(number)),
            Content::Text(text) => {
                if let Some(formula) = text.strip_prefix('=').filter(|formula| !formula.is_empty()) {
                    if let Err(error) = formula::parse(formula, formula::Dialect::Sane) {
                        let problem = error.problem();
                        let help = problem.help.unwrap_or_else(|| "correct the formula".to_owned());
                        faults.add_with_help(FaultKind::Value, value.span(), problem.message, help);
                    }
                } else {
                    self.metrics.check_input(&draft.metrics[metric.index()], &text, value.span(), faults);
                }
                Some(OverrideInput::Text(text))
            }
            Content::Nothing | Content::Broken | Content::Data { .. } => None,
        }
    }

    fn correlations(&self, root: &DeTable<'_>, draft: &mut Draft, faults: &mut Faults<'_>) {
        let Some(table) = faults.table(root, "correlations") else { return };
        for (key, value) in table {
            let names: Vec<_> = key.get_ref().split(',').map(str::trim).collect();
            let [first, second] = names[..] else {
                let message = format!("expected two metrics such as `\"a,b\"`, found `{}`", key.get_ref());
                faults.add(FaultKind::Value, key.span(), message);
                continue;
            };
            let mut metric =
                |name: &str| self.resolve(name, draft).map_err(|fault| faults.add_at(fault, &key.span(), 0)).ok();
            let metrics = (metric(first), metric(second));
            let Some(coefficient) = faults.number(value, "a rank correlation from -1 to 1") else { continue };
            if !(-1.0..=1.0).contains(&coefficient) {
                let message = format!("expected a rank correlation from -1 to 1, found {coefficient}");
                faults.add(FaultKind::Value, value.span(), message);
            }
            let (Some(first), Some(second)) = metrics else { continue };
            let is_known = |known: &Correlation| {
                (known.first, known.second) == (first, second) || (known.first, known.second) == (second, first)
            };
            if first == second || draft.correlations.iter().any(is_known) {
                let message = format!("expected each pair of two metrics once, found `{}`", key.get_ref());
                faults.add(FaultKind::Value, key.span(), message);
            } else {
                draft.correlations.push(Correlation { first, second, coefficient });
            }
        }
    }
}
