//! What a model predicts against what was measured: an entry an endpoint, as JSON, CSV and tables for people.

use std::fmt::Write as _;
use std::io;

use serde::{Deserialize, Serialize};

use super::columns::Columns;
use super::csv::{number, write_record};
use super::json::WarningDocument;
use super::table::{ABSENT, one_line};
use crate::infer::Endpoint;
use crate::infer::verify::{QuantilePair, Verification};
use crate::sim::MetricOutcome;
use crate::units::{Unit, common_unit, format_count, format_figure, quantile_label};

/// Share of a measured figure to which it is shown.
const SHOWN: f64 = 0.002;

/// One endpoint, measured and predicted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerifyDocument {
    /// Name of the endpoint in what was read.
    pub endpoint: String,
    /// Name of its response time in the model.
    pub metric: String,
    /// Requests measured.
    pub requests: u64,
    /// Kolmogorov-Smirnov distance of the two distributions.
    pub ks: Option<f64>,
    /// Means of both.
    #[serde(default)]
    pub mean: PairDocument,
    /// The quantiles asked for.
    pub quantiles: Vec<QuantilePairDocument>,
    /// What the user should know.
    #[serde(default)]
    pub warnings: Vec<WarningDocument>,
}

/// A figure, measured and predicted.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct PairDocument {
    /// Measured.
    pub measured: Option<f64>,
    /// Predicted.
    pub predicted: Option<f64>,
}

/// A quantile, measured and predicted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct QuantilePairDocument {
    /// The quantile, in `[0, 1]`.
    pub q: f64,
    /// Measured.
    pub measured: Option<f64>,
    /// Predicted.
    pub predicted: Option<f64>,
}

impl VerifyDocument {
    /// Document of one endpoint; `predicted` is its response time.
    #[must_use]
    pub fn new(endpoint: &Endpoint, predicted: &MetricOutcome, verification: &Verification) -> Self {
        let pair = |pair: &QuantilePair| QuantilePairDocument {
            q: pair.q,
            measured: pair.measured.filter(|value| value.is_finite()),
            predicted: pair.predicted.filter(|value| value.is_finite()),
        };
        Self {
            endpoint: endpoint.name.clone(),
            metric: endpoint.metric.clone(),
            requests: verification.requests,
            ks: verification.ks,
            mean: PairDocument {
                measured: endpoint.measured_mean,
                predicted: predicted.summary.as_ref().and_then(|summary| summary.mean),
            },
            quantiles: verification.quantiles.iter().map(pair).collect(),
            warnings: verification.warnings.iter().map(WarningDocument::from).collect(),
        }
    }

    /// Figures for people: label, measured, predicted, and how far the prediction is off.
    fn table(&self, unit: Option<&Unit>) -> Columns {
        let PairDocument { measured, predicted } = self.mean;
        let mean = ("mean".to_owned(), measured, predicted);
        let quantiles = self.quantiles.iter().map(|pair| (quantile_label(pair.q), pair.measured, pair.predicted));
        let values = self.quantiles.iter().flat_map(|pair| [pair.measured, pair.predicted]).flatten();
        let shown = unit.and_then(Unit::time).and_then(|time| common_unit(values, time));
        let figure = |value: Option<f64>| {
            value.map_or(ABSENT.to_owned(), |value| format_figure(value, unit, shown, Some(value.abs() * SHOWN)))
        };
        let mut table = Columns::new(["figure", "measured", "predicted", "off by"]);
        for (label, measured, predicted) in std::iter::once(mean).chain(quantiles) {
            let error = relative_error(measured, predicted);
            let error = error.map_or(ABSENT.to_owned(), |error| format!("{:+.2} %", 100.0 * error));
            table.push([label, figure(measured), figure(predicted), error]);
        }
        table
    }

    /// `endpoint www, metric response: 628 requests, distance 0.0021 (Kolmogorov-Smirnov)`.
    fn heading(&self) -> String {
        let ks = self.ks.map_or(ABSENT.to_owned(), |ks| format!("{ks:.4}"));
        let requests = format_count(self.requests);
        let (endpoint, metric) = (one_line(&self.endpoint), &self.metric);
        format!("endpoint {endpoint}, metric {metric}: {requests} requests, distance {ks} (Kolmogorov-Smirnov)")
    }
}

/// The comparison as text; each endpoint's figures are in `unit`.
#[must_use]
pub fn text(entries: &[VerifyDocument], unit: Option<&Unit>) -> String {
    let mut text = String::new();
    for entry in entries {
        let _ = write!(text, "\n{}\n\n{}", entry.heading(), entry.table(unit).text());
        for (at, warning) in entry.warnings.iter().enumerate() {
            let gap = if at == 0 { "\n" } else { "" };
            let _ = writeln!(text, "{gap}warning: {}", warning.message);
            // One help for all warnings in a row that share it.
            let is_last = entry.warnings.get(at + 1).is_none_or(|next| next.help != warning.help);
            if let Some(help) = warning.help.as_ref().filter(|_| is_last) {
                let _ = writeln!(text, "  help: {help}");
            }
        }
    }
    text
}

/// The comparison as Markdown.
#[must_use]
pub fn markdown(entries: &[VerifyDocument], unit: Option<&Unit>) -> String {
    let mut text = String::new();
    for entry in entries {
        let heading = super::markdown::escape(&entry.heading());
        let _ = write!(text, "\n{heading}\n\n{}", entry.table(unit).markdown());
        for warning in &entry.warnings {
            let _ = write!(text, "\n- warning: {}\n", warning.message);
        }
    }
    text
}

/// Writes the comparison as comma-separated values, a row a figure; the distance is repeated in the rows of an endpoint.
///
/// # Errors
/// What `out` returns.
pub fn csv_to(entries: &[VerifyDocument], out: &mut dyn io::Write) -> io::Result<()> {
    let heads = ["endpoint", "metric", "requests", "ks", "figure", "measured", "predicted", "relative_error"];
    write_record(&heads, out)?;
    for entry in entries {
        let PairDocument { measured, predicted } = entry.mean;
        let mean = ("mean".to_owned(), measured, predicted);
        let quantiles = entry.quantiles.iter().map(|pair| (quantile_label(pair.q), pair.measured, pair.predicted));
        for (label, measured, predicted) in std::iter::once(mean).chain(quantiles) {
            let (endpoint, metric) = (entry.endpoint.clone(), entry.metric.clone());
            let [ks, error] = [entry.ks, relative_error(measured, predicted)].map(number);
            let (requests, measured, predicted) = (entry.requests.to_string(), number(measured), number(predicted));
            write_record(&[endpoint, metric, requests, ks, label, measured, predicted, error], out)?;
        }
    }
    Ok(())
}

/// Predicted less measured, as a fraction of measured; absent where that is 0.
fn relative_error(measured: Option<f64>, predicted: Option<f64>) -> Option<f64> {
    let pair = measured.zip(predicted).filter(|(measured, _)| *measured != 0.0);
    pair.map(|(measured, predicted)| (predicted - measured) / measured)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::TimeUnit;

    fn entry() -> VerifyDocument {
        VerifyDocument {
            endpoint: "www".to_owned(),
            metric: "response".to_owned(),
            requests: 1628,
            ks: Some(0.00211),
            mean: PairDocument { measured: Some(338.0), predicted: Some(340.0) },
            quantiles: vec![QuantilePairDocument { q: 0.99, measured: Some(0.0), predicted: None }],
            warnings: Vec::new(),
        }
    }

    #[test]
    fn figures_stand_beside_each_other_with_their_difference() {
        let text = text(&[entry()], Some(&Unit::Time(TimeUnit::Microsecond)));
        let expected = "
endpoint www, metric response: 1,628 requests, distance 0.0021 (Kolmogorov-Smirnov)

figure  measured  predicted   off by
mean    338.0 µs   340.0 µs  +0.59 %
p99         0 µs          -        -
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_row_of_csv_is_a_figure() {
        let mut out = Vec::new();
        csv_to(&[entry()], &mut out).unwrap();
        let expected = "endpoint,metric,requests,ks,figure,measured,predicted,relative_error
www,response,1628,0.00211,mean,338,340,0.005917159763313609
www,response,1628,0.00211,p99,0,,
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn the_document_has_the_fields_promised() {
        let value = serde_json::to_value(entry()).unwrap();
        assert_eq!(value["quantiles"][0]["q"], 0.99);
        assert!(value["quantiles"][0]["predicted"].is_null());
        assert_eq!(value["requests"], 1628);
    }
}
