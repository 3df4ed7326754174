//! What a name means: keys, readable ids, ids and names of metrics, looked up in this order.
//!
//! A name that two metrics have in the same way is ambiguous; that a name means one metric by its key and another by its
//! name is not. Nearest names are suggested for unknown ones.

use std::collections::HashMap;

use crate::formula::MetricIndex;

/// Most metrics whose names are searched for a suggestion; the search is linear for each unknown name.
const SUGGESTION_METRICS_MAX: usize = 2_000;

/// Most meanings kept of one name, so that a name which every metric has costs no more than another.
const MEANINGS_MAX: usize = 64;

/// In which way a name belongs to a metric; the first one that matches decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Key,
    ReadableId,
    Id,
    Name,
}

/// Why a name means no metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NameError {
    /// No metric has it; perhaps another name was meant.
    Unknown {
        /// Nearest name.
        suggestion: Option<String>,
    },
    /// Several metrics have it in the same way.
    Ambiguous {
        /// All of them, in the order of the model.
        candidates: Vec<MetricIndex>,
    },
}

/// Names of one metric.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NamesOfMetric<'a> {
    /// Key in the TOML form; empty in the wire form.
    pub(crate) key: &'a str,
    pub(crate) readable_id: &'a str,
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
}

/// The names of all metrics of a model.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    meanings: HashMap<String, Vec<(Kind, MetricIndex)>>,
    /// Names for suggestions, in the order of the model.
    listed: Vec<String>,
}

impl Names {
    /// Table of the names of the metrics, given in the order of the model.
    pub(crate) fn new<'a>(metrics: impl Iterator<Item = NamesOfMetric<'a>>) -> Self {
        let mut names = Self::default();
        for (index, metric) in (0..).map(MetricIndex).zip(metrics) {
            names.add(metric.key, Kind::Key, index);
            names.add(metric.readable_id, Kind::ReadableId, index);
            names.add(metric.id, Kind::Id, index);
            names.add(metric.name, Kind::Name, index);
        }
        if names.listed.len() > SUGGESTION_METRICS_MAX {
            names.listed.clear();
        }
        names
    }

    fn add(&mut self, name: &str, kind: Kind, index: MetricIndex) {
        if name.is_empty() {
            return;
        }
        let meanings = self.meanings.entry(name.to_owned()).or_default();
        if meanings.is_empty() && self.listed.len() <= SUGGESTION_METRICS_MAX {
            self.listed.push(name.to_owned());
        }
        // Of a name without end only the last meanings matter.
        if meanings.len() >= MEANINGS_MAX {
            meanings.pop();
        }
        meanings.push((kind, index));
    }

    /// Metric that `name` means.
    ///
    /// # Errors
    /// [`NameError::Unknown`] if no metric has it, [`NameError::Ambiguous`] if several have it in the same way.
    pub(crate) fn resolve(&self, name: &str) -> Result<MetricIndex, NameError> {
        let Some(meanings) = self.meanings.get(name) else {
            return Err(NameError::Unknown {
                suggestion: crate::formula::nearest_name(name, self.listed.iter().map(String::as_str))
                    .map(str::to_owned),
            });
        };
        let best = meanings.iter().map(|(kind, _)| *kind).min();
        let mut candidates: Vec<_> =
            meanings.iter().filter(|(kind, _)| Some(*kind) == best).map(|(_, index)| *index).collect();
        candidates.dedup();
        match candidates[..] {
            [metric] => Ok(metric),
            _ => Err(NameError::Ambiguous { candidates }),
        }
    }

    /// Metric with this id; the last one if there are several.
    pub(crate) fn by_id(&self, id: &str) -> Option<MetricIndex> {
        self.meanings.get(id)?.iter().rev().find(|(kind, _)| *kind == Kind::Id).map(|(_, index)| *index)
    }

    /// Whether `name` is the key of a metric.
    pub(crate) fn is_key(&self, name: &str) -> bool {
        self.meanings.get(name).is_some_and(|meanings| meanings.iter().any(|(kind, _)| *kind == Kind::Key))
    }

    /// Names to suggest from; none in a very large model.
    pub(crate) fn listed(&self) -> &[String] {
        &self.listed
    }
}
