//! Reports of attributions: who owns the tail in a sentence, then the four views of it.

use serde_json::{Value, json};

use super::csv::number;
use super::json::SCHEMA;
use super::options::ReportOptions;
use super::study::{ABSENT, Section, StudyReport, figure, finite, heading, percent, plain, shown_unit};
use super::study_compare::warnings_section;
use super::study_slo::{self, SloDocument};
use crate::study::Estimate;
use crate::study::attribute::{Attribution, Branch, Owner, OwnerKind};
use crate::study::slo::SloResult;
use crate::units::{Unit, format_count, format_figure, quantile_label};

/// An attribution with what was asked of it.
#[derive(Debug, Clone, Copy)]
pub struct AttributeReport<'a> {
    /// The attribution.
    pub attribution: &'a Attribution,
    /// Objectives about the metric; may be empty.
    pub slos: &'a [SloResult],
}

impl StudyReport for AttributeReport<'_> {
    fn sections(&self, _: &ReportOptions) -> Vec<Section> {
        let Attribution { outcome, .. } = self.attribution;
        let mut heading = heading(&outcome.model_name, outcome.scenario.as_deref(), outcome.samples, outcome.seed, "");
        heading.lines.push(self.sentence());
        let mut sections = vec![heading, self.share_section(), self.sensitivity_section()];
        sections.extend(self.branch_section());
        sections.extend(study_slo::section(&[("", self.slos)]));
        sections.extend(warnings_section(std::iter::once(outcome)));
        sections
    }

    fn records(&self) -> Vec<Vec<String>> {
        let heads = [
            "id",
            "name",
            "kind",
            "tail_share",
            "tail_share_low",
            "tail_share_high",
            "overall_share",
            "overall_share_low",
            "overall_share_high",
            "used",
            "used_in_tail",
            "quantile_at_median",
            "quantile_removed",
            "first_order",
            "first_order_low",
            "first_order_high",
            "total",
            "total_low",
            "total_high",
            "tail_first_order",
            "tail_first_order_low",
            "tail_first_order_high",
            "tail_total",
            "tail_total_low",
            "tail_total_high",
            "rank_correlation",
            "rank_correlation_low",
            "rank_correlation_high",
            "r_squared",
        ];
        let mut records = vec![heads.map(str::to_owned).to_vec()];
        for owner in &self.attribution.owners {
            let three = |estimate: Option<Estimate>| {
                [estimate.map(|e| e.value), estimate.and_then(|e| e.low), estimate.and_then(|e| e.high)].map(number)
            };
            let mut record = vec![owner.id.clone(), owner.name.clone(), owner.kind.name().to_owned()];
            record.extend(three(owner.tail_share).into_iter().chain(three(owner.overall_share)));
            let figures = [owner.used, owner.used_in_tail, owner.quantile_at_median, owner.quantile_removed];
            record.extend(figures.map(number));
            for estimate in [owner.first_order, owner.total, owner.tail_first_order, owner.tail_total] {
                record.extend(three(estimate));
            }
            record.extend(three(owner.rank_correlation));
            record.push(number(owner.r_squared));
            records.push(record);
        }
        records
    }

    fn document(&self, _: usize) -> Value {
        let Attribution { outcome, threshold, .. } = self.attribution;
        let intermediate = |part: &crate::study::attribute::Intermediate| {
            json!({
                "id": part.id,
                "name": part.name,
                "tail_share": value(part.tail_share),
                "overall_share": value(part.overall_share),
            })
        };
        json!({
            "schema": SCHEMA,
            "model": { "name": outcome.model_name },
            "scenario": outcome.scenario,
            "samples": outcome.samples,
            "seed": outcome.seed,
            "unit": self.attribution.unit.as_ref().map(Unit::symbol),
            "metric": self.attribution.metric,
            "name": self.attribution.name,
            "quantile": threshold.q,
            "threshold": finite(threshold.value),
            "threshold_low": finite(threshold.low),
            "threshold_high": finite(threshold.high),
            "mean": finite(self.attribution.mean),
            "tail_samples": self.attribution.tail_samples,
            "inputs": self.attribution.owners.iter().map(owner_document).collect::<Vec<_>>(),
            "intermediates": self.attribution.intermediates.iter().map(intermediate).collect::<Vec<_>>(),
            "branches": self.attribution.branches.iter().map(branch_document).collect::<Vec<_>>(),
            "slos": self.slos.iter().map(SloDocument::from).collect::<Vec<_>>(),
        })
    }
}

fn value(estimate: Option<Estimate>) -> Option<f64> {
    finite(estimate.map(|estimate| estimate.value))
}

fn interval(estimate: Option<Estimate>) -> Value {
    estimate.map_or(Value::Null, |estimate| json!([finite(estimate.low), finite(estimate.high)]))
}

fn owner_document(owner: &Owner) -> Value {
    json!({
        "id": owner.id,
        "name": owner.name,
        "kind": owner.kind.name(),
        "tail_share": value(owner.tail_share),
        "tail_share_interval": interval(owner.tail_share),
        "overall_share": value(owner.overall_share),
        "overall_share_interval": interval(owner.overall_share),
        "used": owner.used,
        "used_in_tail": owner.used_in_tail,
        "quantile_at_median": finite(owner.quantile_at_median),
        "quantile_removed": finite(owner.quantile_removed),
        "quantile_swing": owner.quantile_swing.map(|(low, high)| [finite(Some(low)), finite(Some(high))]),
        "first_order": value(owner.first_order),
        "first_order_interval": interval(owner.first_order),
        "total": value(owner.total),
        "total_interval": interval(owner.total),
        "tail_first_order": value(owner.tail_first_order),
        "tail_first_order_interval": interval(owner.tail_first_order),
        "tail_total": value(owner.tail_total),
        "tail_total_interval": interval(owner.tail_total),
        "rank_correlation": value(owner.rank_correlation),
        "rank_correlation_interval": interval(owner.rank_correlation),
        "r_squared": owner.r_squared,
    })
}

fn branch_document(branch: &Branch) -> Value {
    json!({
        "metric": branch.metric,
        "condition": branch.condition,
        "then": branch.then,
        "then_in_tail": branch.then_in_tail,
        "otherwise": branch.otherwise,
        "otherwise_in_tail": branch.otherwise_in_tail,
    })
}

/// Name of an owner for people.
#[must_use]
pub fn owner_name(owner: &Owner) -> String {
    match owner.kind {
        OwnerKind::Input => owner.name.clone(),
        OwnerKind::Own => format!("{}: own", owner.name),
    }
}

fn share(value: Option<f64>) -> String {
    let unit = Unit::Other("%".to_owned());
    value.map_or(ABSENT.to_owned(), |value| format_figure(value * 100.0, Some(&unit), None, Some(0.3)))
}

impl AttributeReport<'_> {
    fn sentence(&self) -> String {
        let Attribution { threshold, unit, name, tail_samples, .. } = self.attribution;
        let at = figure(threshold.value, (threshold.low, threshold.high), unit.as_ref(), None, false);
        let tail =
            format!("{} of {name} ({at}, {} samples beyond)", quantile_label(threshold.q), format_count(*tail_samples));
        match self.attribution.owners.first().and_then(|owner| Some((owner, owner.tail_share?, owner.overall_share?))) {
            Some((owner, in_tail, overall)) => format!(
                "{} owns {} of the time beyond {tail}, and {} of all",
                owner_name(owner),
                share(Some(in_tail.value)),
                share(Some(overall.value))
            ),
            None => format!("nothing owns the time beyond {tail}"),
        }
    }

    fn share_section(&self) -> Section {
        let Attribution { threshold, unit, owners, intermediates, .. } = self.attribution;
        let label = quantile_label(threshold.q);
        let unit = unit.as_ref();
        let quantiles = owners.iter().flat_map(|owner| [owner.quantile_at_median, owner.quantile_removed]).flatten();
        let shown = shown_unit(unit, quantiles.chain(threshold.value).filter(|value| *value > 0.0));
        let half = threshold.low.zip(threshold.high).map(|(low, high)| (high - low) / 2.0);
        let quantile =
            |value: Option<f64>| value.map_or(ABSENT.to_owned(), |value| format_figure(value, unit, shown, half));
        let row = |owner: &Owner| {
            vec![
                owner_name(owner),
                percent(owner.tail_share.as_ref()),
                percent(owner.overall_share.as_ref()),
                share(owner.used_in_tail),
                share(owner.used),
                quantile(owner.quantile_at_median),
                quantile(owner.quantile_removed),
            ]
        };
        let lines = intermediates.iter().map(|part| {
            let (in_tail, overall) = (percent(part.tail_share.as_ref()), percent(part.overall_share.as_ref()));
            format!("through {}: {in_tail} of the tail, {overall} of all", part.name)
        });
        Section {
            title: format!("shares of the time beyond {label}, and {label} with the input at its median or removed"),
            heads: vec![
                "owner".to_owned(),
                "of the tail".to_owned(),
                "of all".to_owned(),
                "used in tail".to_owned(),
                "used".to_owned(),
                "at median".to_owned(),
                "removed".to_owned(),
            ],
            word_columns: 1,
            rows: owners.iter().map(row).collect(),
            lines: lines.collect(),
        }
    }

    fn sensitivity_section(&self) -> Section {
        let row = |owner: &Owner| {
            let mut row = vec![owner_name(owner)];
            let indices = [&owner.first_order, &owner.total, &owner.tail_first_order, &owner.tail_total];
            row.extend(indices.map(|index| plain(index.as_ref())));
            row.push(plain(owner.rank_correlation.as_ref()));
            row.push(owner.r_squared.map_or(ABSENT.to_owned(), |r| format_figure(r, None, None, Some(0.001))));
            row
        };
        let heads = ["owner", "first order", "total", "tail first order", "tail total", "rank correlation", "r²"];
        Section {
            title: "sensitivity: shares of the variance, and of the variance of being in the tail".to_owned(),
            heads: heads.map(str::to_owned).to_vec(),
            word_columns: 1,
            rows: self.attribution.owners.iter().map(row).collect(),
            lines: Vec::new(),
        }
    }

    fn branch_section(&self) -> Option<Section> {
        let row = |branch: &Branch| {
            let condition = branch.condition.clone().unwrap_or_else(|| "a conditional".to_owned());
            let mut row = vec![branch.name.clone(), condition];
            let sides = [branch.then_in_tail, branch.then, branch.otherwise_in_tail, branch.otherwise];
            row.extend(sides.map(|side| share(Some(side))));
            row
        };
        let heads = ["formula", "condition", "true in tail", "true in all", "false in tail", "false in all"];
        (!self.attribution.branches.is_empty()).then(|| Section {
            title: "branches: share of requests that go either way".to_owned(),
            heads: heads.map(str::to_owned).to_vec(),
            word_columns: 2,
            rows: self.attribution.branches.iter().map(row).collect(),
            lines: Vec::new(),
        })
    }
}
