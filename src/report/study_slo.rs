//! Objectives in reports: verdicts, the table of error budgets, their part of documents.

use serde::{Deserialize, Serialize};

use super::study::{ABSENT, Section, figure, finite, percent};
use crate::study::Estimate;
use crate::study::slo::{SloResult, Verdict};
use crate::units::{Unit, format_figure};

/// An objective in a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SloDocument {
    /// The objective as written.
    pub slo: String,
    /// Id of its metric.
    pub metric: String,
    /// `met`, `missed` or `undecided`.
    pub verdict: String,
    /// Estimate of the figure.
    pub value: Option<f64>,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end of its 95 % interval.
    pub high: Option<f64>,
    /// Bound, in the unit of the value.
    pub bound: f64,
    /// Error budget; `null` for objectives about means.
    #[serde(default)]
    pub budget: Option<BudgetDocument>,
}

/// The error budget of an objective.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BudgetDocument {
    /// Threshold, in the metric's unit.
    pub threshold: f64,
    /// Share of requests on its wrong side.
    pub share: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Share that the objective allows.
    pub allowed: f64,
    /// Part of the budget that is used; `null` if nothing is allowed.
    pub used: Option<f64>,
}

impl From<&SloResult> for SloDocument {
    fn from(result: &SloResult) -> Self {
        Self {
            slo: result.slo.clone(),
            metric: result.metric.clone(),
            verdict: result.verdict.name().to_owned(),
            value: finite(result.value),
            low: finite(result.low),
            high: finite(result.high),
            bound: result.bound,
            budget: result.budget.map(|budget| BudgetDocument {
                threshold: budget.threshold,
                share: budget.share,
                low: budget.low,
                high: budget.high,
                allowed: budget.allowed,
                used: budget.used(),
            }),
        }
    }
}

/// The table of objectives; none without objectives.
///
/// # Parameters
/// - `groups`: name of the version, empty for the only one, and its results.
pub(super) fn section(groups: &[(&str, &[SloResult])]) -> Option<Section> {
    let named = groups.iter().any(|(name, _)| !name.is_empty());
    let mut rows = Vec::new();
    for (name, results) in groups {
        for result in *results {
            let mut row = vec![result.slo.clone()];
            row.extend(named.then(|| (*name).to_owned()));
            row.push(result.verdict.name().to_owned());
            row.extend(cells(result));
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return None;
    }
    let mut heads = vec!["objective"];
    heads.extend(named.then_some("scenario"));
    heads.extend(["verdict", "figure (95 % interval)", "beyond", "allowed", "budget used"]);
    let undecided = groups.iter().flat_map(|(_, results)| *results).any(|r| r.verdict == Verdict::Undecided);
    let lines = if undecided {
        vec!["undecided: the interval holds the bound; more samples would narrow it".to_owned()]
    } else {
        Vec::new()
    };
    Some(Section {
        title: "objectives".to_owned(),
        heads: heads.into_iter().map(str::to_owned).collect(),
        word_columns: if named { 3 } else { 2 },
        rows,
        lines,
    })
}

/// Figure, share beyond the threshold, share allowed, budget used.
fn cells(result: &SloResult) -> [String; 4] {
    let value = if result.is_share {
        percent(estimate(result).as_ref())
    } else {
        figure(result.value, (result.low, result.high), result.unit.as_ref(), None, true)
    };
    let percent_unit = Unit::Other("%".to_owned());
    let exact = |share: f64| format_figure(share * 100.0, Some(&percent_unit), None, Some(0.0));
    match result.budget {
        Some(budget) => {
            let share = Estimate { value: budget.share, low: Some(budget.low), high: Some(budget.high) };
            let used = budget.used().map_or(ABSENT.to_owned(), |used| {
                format_figure(used * 100.0, Some(&percent_unit), None, Some(used.max(1.0)))
            });
            [value, percent(Some(&share)), exact(budget.allowed), used]
        }
        None => [value, ABSENT.to_owned(), ABSENT.to_owned(), ABSENT.to_owned()],
    }
}

fn estimate(result: &SloResult) -> Option<Estimate> {
    result.value.map(|value| Estimate { value, low: result.low, high: result.high })
}

/// One line about an objective, for messages: `p99(x) <= 2ms: missed, 2.31 ms (2.30…2.32)`.
#[must_use]
pub fn line(result: &SloResult) -> String {
    let [value, ..] = cells(result);
    format!("{}: {}, {value}", result.slo, result.verdict.name())
}
