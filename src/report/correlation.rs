//! Declared rank correlations in reports, beside those that the samples have.

use serde::{Deserialize, Serialize};

use super::study::{ABSENT, Section};
use crate::study::correlation::RankCorrelation;
use crate::units::{format_count, format_figure, format_with_error};

/// Difference from which on a correlation is another than the declared one.
const SHOWN_DIFFERENCE: f64 = 5e-4;

/// A declared rank correlation in a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrelationDocument {
    /// Ids of the two metrics.
    pub metrics: [String; 2],
    /// Spearman's coefficient as declared.
    pub requested: f64,
    /// What is drawn from: another where the declared ones contradict each other.
    pub possible: f64,
    /// That of the samples; `null` where a metric is constant or has no samples.
    pub achieved: Option<f64>,
    /// Standard error of `achieved`.
    pub standard_error: Option<f64>,
    /// Samples that `achieved` is of.
    pub samples: u64,
}

impl From<&RankCorrelation> for CorrelationDocument {
    fn from(found: &RankCorrelation) -> Self {
        Self {
            metrics: found.ids.clone(),
            requested: found.requested,
            possible: found.possible,
            achieved: found.achieved,
            standard_error: found.standard_error,
            samples: found.samples,
        }
    }
}

/// The table of rank correlations; none without any.
pub(super) fn section(correlations: &[RankCorrelation]) -> Option<Section> {
    let samples = correlations.iter().map(|found| found.samples).max()?;
    let row = |found: &RankCorrelation| {
        let possible = if (found.possible - found.requested).abs() < SHOWN_DIFFERENCE {
            String::new()
        } else {
            format!("{:.3}", found.possible)
        };
        let achieved = match (found.achieved, found.standard_error) {
            (Some(achieved), Some(error)) => format_with_error(achieved, error, None, None),
            (Some(achieved), None) => format_figure(achieved, None, None, None),
            (None, _) => ABSENT.to_owned(),
        };
        vec![found.names.join(", "), format_figure(found.requested, None, None, Some(0.0)), possible, achieved]
    };
    Some(without_empty_column(Section {
        title: format!("rank correlations, of {} samples", format_count(samples)),
        heads: ["metrics", "declared", "possible", "achieved"].map(str::to_owned).to_vec(),
        word_columns: 1,
        rows: correlations.iter().map(row).collect(),
        lines: Vec::new(),
    }))
}

/// The section without the column of what is possible, if that is what was declared everywhere.
fn without_empty_column(mut section: Section) -> Section {
    const POSSIBLE: usize = 2;
    if section.rows.iter().all(|row| row[POSSIBLE].is_empty()) {
        section.heads.remove(POSSIBLE);
        section.rows.iter_mut().for_each(|row| drop(row.remove(POSSIBLE)));
    }
    section
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::MetricIndex;

    fn found(possible: f64, achieved: Option<f64>) -> RankCorrelation {
        RankCorrelation {
            first: MetricIndex(0),
            second: MetricIndex(1),
            names: ["store".into(), "payment".into()],
            ids: ["S".into(), "P".into()],
            requested: 0.4,
            possible,
            achieved,
            standard_error: achieved.map(|_| 0.0034),
            samples: 65_536,
        }
    }

    #[test]
    fn the_possible_is_shown_where_it_is_not_the_declared() {
        let plain = section(&[found(0.4, Some(0.4012))]).expect("a table");
        assert_eq!(plain.heads, ["metrics", "declared", "achieved"]);
        assert_eq!(plain.rows[0][..2], ["store, payment", "0.4"]);
        let repaired = section(&[found(0.31, None)]).expect("a table");
        assert_eq!(repaired.rows[0], ["store, payment", "0.4", "0.310", ABSENT]);
        assert_eq!(section(&[]), None);
    }
}
