//! A measurement as a metric of a result, so that reports, charts and exports treat it as they treat a simulated one.
//!
//! Nothing is drawn: figures are those of the values themselves, or of the cells where only cells are known.

use super::Measurement;
use crate::dist::{Cell, Empirical};
use crate::problem::Warning;
use crate::recorder::{Bin, QuantileEstimate, Recording, Summary, quantile_interval_ranks};
use crate::sim::MetricOutcome;
use crate::units::quantile_label;

/// Samples that stand for weights with fractions, at least: so finely their distribution is told apart.
const RESOLUTION: f64 = 1e6;

/// Values that must lie beyond a quantile for it to be trusted.
const TAIL_VALUES_MIN: f64 = 10.0;

impl Measurement {
    /// The distribution as a recording; see [`recording_of`].
    #[must_use]
    pub fn recording(&self) -> Recording {
        recording_of(&self.data, self.count)
    }

    /// The measurement as a metric of a result, with figures at these quantiles, each in `[0, 1]`.
    ///
    /// `samples` is how many values the file holds, also where a correction added more. Intervals and the error of the
    /// mean are those of that many independent values.
    ///
    /// # Parameters
    /// - `id`: id of the metric in its document.
    ///
    /// # Examples
    /// ```
    /// use tailcast::import::{ImportOptions, read_from};
    /// let read = read_from("latency_us\n5\n7\n9\n".as_bytes(), "a.csv", &ImportOptions::default())?;
    /// let summary = read[0].outcome("a", &[0.5]).summary.expect("figures");
    /// assert_eq!((summary.samples, summary.mean, summary.quantiles[0].value), (3, Some(7.0), Some(7.0)));
    /// # Ok::<(), tailcast::import::ImportError>(())
    /// ```
    #[must_use]
    pub fn outcome(&self, id: &str, quantiles: &[f64]) -> MetricOutcome {
        let recording = self.recording();
        let mut summary = Summary::of(&recording, quantiles);
        if recording.count() != self.count {
            summary.samples = self.count;
            summary.quantiles = quantiles.iter().map(|&q| self.estimate(&recording, q)).collect();
            summary.mean_standard_error =
                summary.stdev.filter(|_| self.count > 1).map(|stdev| stdev / ((self.count - 1) as f64).sqrt());
        }
        let mut warnings = self.warnings.clone();
        if warnings.iter().all(|warning| warning.code != super::FEW_VALUES_CODE) {
            warnings.extend(thin_tails(self.count, &summary));
        }
        MetricOutcome {
            id: id.to_owned(),
            readable_id: id.to_owned(),
            name: self.name.clone(),
            type_name: "DATA",
            unit: self.unit.clone(),
            source: String::new(),
            summary: Some(summary),
            recording: Some(recording).filter(|recording| recording.count() > 0),
            problems: Vec::new(),
            warnings,
        }
    }

    /// Estimate of a quantile where the recording stands for another number of values than were measured.
    fn estimate(&self, recording: &Recording, q: f64) -> QuantileEstimate {
        let (low, high) = quantile_interval_ranks(self.count, q);
        let at = |rank: Option<u64>| recording.quantile(rank? as f64 / self.count as f64).value;
        QuantileEstimate { q, value: recording.quantile(q).value, low: at(low), high: at(high) }
    }
}

/// A measured distribution as a recording: a cell for each distinct value, or the cells of the histogram.
///
/// # Parameters
/// - `count`: values that were measured.
///
/// # Numerics
/// Whole weights are kept as they are. Weights with fractions are scaled to at least a million samples, rounded so that
/// no sum of neighbouring cells is off by more than one.
#[must_use]
pub fn recording_of(data: &Empirical, count: u64) -> Recording {
    let bins = match data {
        Empirical::Values(values) => bins_of_values(values),
        Empirical::Histogram(cells) => bins_of_cells(cells, count),
    };
    Recording::from_bins(bins, 0, 0)
}

fn bins_of_values(values: &[f64]) -> Vec<Bin> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let runs = sorted.chunk_by(|a, b| a == b);
    runs.map(|run| Bin { low: run[0], high: run[0], count: run.len() as u64 }).collect()
}

fn bins_of_cells(cells: &[Cell], count: u64) -> Vec<Bin> {
    let total: f64 = cells.iter().map(|cell| cell.weight).sum();
    let is_whole = cells.iter().all(|cell| cell.weight.fract() == 0.0);
    let scale = if is_whole || total <= 0.0 { 1.0 } else { RESOLUTION.max(count as f64) / total };
    let (mut reached, mut counted) = (0.0, 0u64);
    let mut bins = Vec::with_capacity(cells.len());
    for cell in cells {
        reached += cell.weight * scale;
        let count = (reached.round() as u64).saturating_sub(counted);
        if count > 0 {
            counted += count;
            bins.push(Bin { low: cell.low, high: cell.high, count });
        }
    }
    bins
}

/// Warns of the quantiles with too few measured values beyond them.
fn thin_tails(count: u64, summary: &Summary) -> Option<Warning> {
    let beyond = |q: f64| q.min(1.0 - q);
    let is_thin = |q: f64| beyond(q) > 0.0 && beyond(q) * (count as f64) < TAIL_VALUES_MIN - 1e-6;
    let is_constant = summary.min == summary.max;
    let asked = summary.quantiles.iter().map(|estimate| estimate.q);
    let thin: Vec<f64> = asked.filter(|&q| !is_constant && is_thin(q)).collect();
    let rarest = thin.iter().map(|&q| beyond(q)).min_by(f64::total_cmp)?;
    let labels: Vec<String> = thin.iter().map(|&q| quantile_label(q)).collect();
    let message = format!("fewer than {TAIL_VALUES_MIN} of the {count} values lie beyond {}", labels.join(", "));
    let help = format!("measure at least {} values, or ask for lower quantiles", (TAIL_VALUES_MIN / rarest).round());
    Some(Warning::new("too-few-samples", message).with_help(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{ImportOptions, read_from};

    fn measured(text: &str) -> Measurement {
        read_from(text.as_bytes(), "a.csv", &ImportOptions::default()).unwrap().remove(0)
    }

    #[test]
    fn figures_of_values_are_exact() {
        let values: Vec<String> = (1..=1000).map(|value| format!("{}", f64::from(value) * 0.3)).collect();
        let outcome = measured(&values.join("\n")).outcome("a", &[0.5, 0.99, 0.999]);
        let summary = outcome.summary.unwrap();
        assert_eq!((summary.samples, outcome.type_name), (1000, "DATA"));
        assert_eq!(summary.quantiles[1].value, Some(990.0 * 0.3));
        assert!((summary.mean.unwrap() - 150.15).abs() < 1e-10);
        let codes: Vec<&str> = outcome.warnings.iter().map(|warning| warning.code).collect();
        assert_eq!(codes, ["too-few-samples"]);
        assert!(outcome.warnings[0].help.as_ref().unwrap().contains("10000 values"));
    }

    #[test]
    fn weights_with_fractions_keep_their_distribution() {
        let measurement = measured("value,weight\n1,0.25\n2,0.5\n4,0.25\n");
        let outcome = measurement.outcome("a", &[0.2, 0.5, 0.9]);
        let summary = outcome.summary.unwrap();
        let values: Vec<f64> = summary.quantiles.iter().filter_map(|estimate| estimate.value).collect();
        assert_eq!((values, summary.samples), (vec![1.0, 2.0, 4.0], measurement.count));
        assert!((summary.mean.unwrap() - 2.25).abs() < 1e-9);
        assert_eq!(summary.mean_standard_error, None);
    }

    #[test]
    fn a_file_without_values_has_no_figures() {
        let empty = Measurement { data: Empirical::Values([].into()), count: 0, ..measured("1\n2\n") };
        let outcome = empty.outcome("a", &[0.5]);
        assert!(outcome.recording.is_none());
        let summary = outcome.summary.unwrap();
        assert_eq!((summary.samples, summary.mean, summary.quantiles[0].value), (0, None, None));
    }
}
