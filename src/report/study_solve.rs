//! Reports of goals: the answer in a sentence, and the figure of the target over the parameter.

use serde::Serialize;
use serde_json::{Value, json};

use super::csv::number;
use super::json::{SCHEMA, WarningDocument};
use super::options::ReportOptions;
use super::study::{Section, StudyReport, figure, finite, heading, percent, shown_unit};
use crate::problem::Warning;
use crate::study::Estimate;
use crate::study::solve::{Answer, Probe, Reach, Side, Solution};
use crate::units::{Unit, format_figure};

/// Most probes that the text shows.
const PROBES_SHOWN_MAX: usize = 20;

/// What stands for the figure where a queue grows without end.
const NO_STEADY_STATE: &str = "no steady state";

/// A warning and the name of the metric that it is about.
#[derive(Serialize)]
struct MetricWarning<'a> {
    metric: &'a str,
    #[serde(flatten)]
    warning: WarningDocument,
}

impl<'a> From<&'a (String, Warning)> for MetricWarning<'a> {
    fn from((metric, warning): &'a (String, Warning)) -> Self {
        Self { metric, warning: warning.into() }
    }
}

impl StudyReport for Solution {
    fn sections(&self, _: &ReportOptions) -> Vec<Section> {
        let what = format!(" a value, {} values on common random numbers", self.probes.len());
        let heading = heading(&self.model_name, self.scenario.as_deref(), self.samples, self.seed, &what);
        let mut lines = vec![self.sentence()];
        lines.extend(self.notes());
        vec![heading, Section::of_lines("", lines), self.probe_section()]
    }

    fn records(&self) -> Vec<Vec<String>> {
        let mut records =
            vec![["parameter", "value", "figure", "low", "high", "holds", "answer"].map(str::to_owned).to_vec()];
        for probe in &self.probes {
            let mut record = vec![self.parameter.name.clone()];
            record.extend([Some(probe.at), Some(probe.value), probe.low, probe.high].map(number));
            record.push(self.holds(probe).to_string());
            record.push(self.answer.is_some_and(|answer| answer.value == probe.at).to_string());
            records.push(record);
        }
        records
    }

    fn document(&self, _: usize) -> Value {
        let answer = self.answer.map(|answer| {
            json!({
                "value": answer.value,
                "low": answer.low,
                "high": answer.high,
                "holds": match answer.side { Side::Above => "above", Side::Below => "below" },
            })
        });
        let probe = |probe: &Probe| {
            json!({
                "parameter": probe.at,
                "value": finite(Some(probe.value)),
                "low": finite(probe.low),
                "high": finite(probe.high),
                "holds": self.holds(probe),
            })
        };
        json!({
            "schema": SCHEMA,
            "model": { "name": self.model_name },
            "scenario": self.scenario,
            "samples": self.samples,
            "seed": self.seed,
            "unit": self.unit.as_ref().map(Unit::symbol),
            "parameter": self.parameter.name,
            "parameter_unit": self.parameter.unit.as_ref().map(Unit::symbol),
            "target": self.target.text,
            "verdict": self.reach.name(),
            "answer": answer,
            "present": self.present,
            "headroom": self.headroom(),
            "monotone": self.is_monotone,
            "interrupted": self.is_interrupted,
            "holding": self.holding.iter().map(|(from, to)| [from, to]).collect::<Vec<_>>(),
            "points": self.probes.iter().map(probe).collect::<Vec<_>>(),
            "warnings": self.warnings.iter().map(MetricWarning::from).collect::<Vec<_>>(),
        })
    }
}

impl Solution {
    fn holds(&self, probe: &Probe) -> bool {
        self.target.comparison.holds(probe.value, self.target.bound)
    }

    fn value(&self, value: f64) -> String {
        format_figure(value, self.parameter.unit.as_ref(), None, Some(0.0))
    }

    /// The answer in a sentence.
    fn sentence(&self) -> String {
        let (name, target) = (&self.parameter.name, &self.target.text);
        let (from, to) = self.parameter.range().unwrap_or_default();
        let range = format!("from {} to {}", self.value(from), self.value(to));
        match (self.reach, self.answer) {
            (Reach::Always, _) => format!("`{target}` holds for every {name} {range}"),
            (Reach::Never, _) => format!("`{target}` holds for no {name} {range}"),
            (Reach::Found, Some(answer)) => {
                let Answer { value, low, high, side } = answer;
                let word = match side {
                    Side::Above => "at least",
                    Side::Below => "at most",
                };
                format!("{name} {word} {} keeps `{target}` ({})", self.value(value), self.interval(low, high))
            }
            (Reach::Found, None) => format!("`{target}` holds for some {name} {range}"),
        }
    }

    fn interval(&self, low: Option<f64>, high: Option<f64>) -> String {
        match (low, high) {
            (Some(low), Some(high)) => format!("95 % interval {} to {}", self.value(low), self.value(high)),
            (Some(low), None) => format!("95 % interval from {} beyond the range", self.value(low)),
            (None, Some(high)) => format!("95 % interval from below the range to {}", self.value(high)),
            (None, None) => "the samples leave it open; more would narrow it".to_owned(),
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.is_interrupted {
            notes.push("warning: interrupted; the answer is as close as it was then".to_owned());
        }
        if let (Some(answer), Some(present), Some(room)) = (self.answer, self.present, self.headroom()) {
            let change = format_figure(100.0 * room.abs(), Some(&Unit::Other("%".to_owned())), None, None);
            let side = if answer.value > present { "above" } else { "below" };
            notes.push(if room < 0.0 {
                format!("no headroom: that is {change} {side} the present {}", self.value(present))
            } else {
                format!("headroom: {change} {side} the present {}", self.value(present))
            });
        }
        if !self.is_monotone {
            let figure = format!("the figure does not go one way over {}", self.parameter.name);
            notes.push(format!("warning: {figure}; between the points looked at it may do otherwise"));
        }
        if self.holding.len() > 1 || (!self.is_monotone && !self.holding.is_empty()) {
            let ranges: Vec<String> =
                self.holding.iter().map(|&(from, to)| format!("{} to {}", self.value(from), self.value(to))).collect();
            notes.push(format!("the target holds from {}", ranges.join(", from ")));
        }
        notes.extend(self.warnings.iter().map(|(metric, warning)| format!("warning: {metric}: {}", warning.message)));
        notes
    }

    /// Probes spread over the range, and the answer.
    fn probe_section(&self) -> Section {
        let step = self.probes.len().div_ceil(PROBES_SHOWN_MAX).max(1);
        let (from, to) = self.parameter.range().unwrap_or_default();
        let mut last = f64::NEG_INFINITY;
        let is_shown = |probe: &&Probe| {
            let is_answer = self.answer.is_some_and(|answer| answer.value == probe.at);
            let is_apart = probe.at - last >= (to - from) / (PROBES_SHOWN_MAX as f64) || probe.at == to;
            if is_apart || is_answer || step == 1 {
                last = probe.at;
                return true;
            }
            false
        };
        let shown: Vec<&Probe> = self.probes.iter().filter(is_shown).collect();
        let finite = shown.iter().map(|probe| probe.value).filter(|value| value.is_finite());
        let unit = shown_unit(self.unit.as_ref(), finite);
        let is_share = matches!(self.target.quantity, crate::model::Quantity::Probability { .. });
        let row = |probe: &&Probe| {
            let value = if probe.value.is_infinite() {
                NO_STEADY_STATE.to_owned()
            } else if is_share {
                percent(Some(&Estimate { value: probe.value, low: probe.low, high: probe.high }))
            } else {
                figure(Some(probe.value), (probe.low, probe.high), self.unit.as_ref(), unit, true)
            };
            let holds = if self.holds(probe) { "holds" } else { "" };
            vec![self.value(probe.at), value, holds.to_owned()]
        };
        Section {
            title: String::new(),
            heads: vec![self.parameter.name.clone(), "figure (95 % interval)".to_owned(), "target".to_owned()],
            word_columns: 0,
            rows: shown.iter().map(row).collect(),
            lines: Vec::new(),
        }
    }
}
