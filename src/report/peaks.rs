//! Lognormal peaks fitted to measured distributions: as the document that `fit` prints, as CSV, and as tables for people.

use std::fmt::Write as _;
use std::io;

use serde::{Deserialize, Serialize};

use super::columns::Columns;
use super::csv::{number, write_record};
use super::json::{SCHEMA, WarningDocument};
use super::markdown::escape;
use super::provenance::{self, ProvenanceDocument};
use super::table::one_line;
use crate::dist::peaks::{Decomposition, Peak, QuantileFit};
use crate::import::Measurement;
use crate::math::exp;
use crate::units::{TimeUnit, Unit, common_unit, format_count, format_figure, quantile_label};

/// Standard deviations between the median of a peak and its 5 % and 95 % quantiles.
const Z90: f64 = 1.644_853_626_951_472_2;

/// Share of a figure to which it is shown.
const SHOWN: f64 = 0.005;

/// The document that `fit` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FitDocument {
    /// Version of the document: 1.
    pub schema: u32,
    /// A fit for each distribution.
    pub fits: Vec<PeaksDocument>,
}

/// The peaks of one distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeaksDocument {
    /// Name of the distribution.
    pub name: String,
    /// Unit of every value.
    pub unit: Option<String>,
    /// Values measured.
    pub samples: u64,
    /// The peaks, by their medians.
    pub peaks: Vec<PeakDocument>,
    /// Kolmogorov-Smirnov distance of the peaks from the data.
    pub ks: f64,
    /// Data and peaks at each quantile.
    pub quantiles: Vec<QuantileFitDocument>,
    /// Share of the values that are not positive, which the peaks leave out.
    pub share_not_positive: f64,
    /// Formula that draws from the peaks.
    pub formula: String,
    /// Where the data come from.
    pub provenance: ProvenanceDocument,
    /// What the user should know.
    pub warnings: Vec<WarningDocument>,
}

/// One peak.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PeakDocument {
    /// Share of the values.
    pub share: f64,
    /// Mean of the logarithm.
    pub mu: f64,
    /// Standard deviation of the logarithm.
    pub sigma: f64,
    /// Median.
    pub median: f64,
    /// Mean.
    pub mean: f64,
    /// Value at which the density is highest.
    pub mode: f64,
    /// 5 % quantile.
    pub low: f64,
    /// 95 % quantile.
    pub high: f64,
}

/// A quantile of the data and of the peaks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct QuantileFitDocument {
    /// The quantile, in `(0, 1)`.
    pub q: f64,
    /// Of the data.
    pub measured: f64,
    /// Of the peaks.
    pub fitted: f64,
    /// `fitted / measured - 1`; null where that is not finite.
    pub relative_error: Option<f64>,
}

impl FitDocument {
    /// Document of these fits.
    #[must_use]
    pub const fn new(fits: Vec<PeaksDocument>) -> Self {
        Self { schema: SCHEMA, fits }
    }
}

impl From<&Peak> for PeakDocument {
    fn from(peak: &Peak) -> Self {
        Self {
            share: peak.share,
            mu: peak.mu,
            sigma: peak.sigma,
            median: peak.median(),
            mean: peak.mean(),
            mode: peak.mode(),
            low: exp(peak.mu - Z90 * peak.sigma),
            high: exp(peak.mu + Z90 * peak.sigma),
        }
    }
}

impl PeaksDocument {
    /// Document of a fit.
    #[must_use]
    pub fn new(measurement: &Measurement, found: &Decomposition) -> Self {
        let quantile = |fit: &QuantileFit| QuantileFitDocument {
            q: fit.q,
            measured: fit.measured,
            fitted: fit.fitted,
            relative_error: Some(fit.relative_error).filter(|error| error.is_finite()),
        };
        Self {
            name: measurement.name.clone(),
            unit: measurement.unit.as_ref().map(|unit| unit.symbol().to_owned()),
            samples: measurement.count,
            peaks: found.mixture.peaks().iter().map(PeakDocument::from).collect(),
            ks: found.fit.ks,
            quantiles: found.fit.quantiles.iter().map(quantile).collect(),
            share_not_positive: found.share_not_positive,
            formula: found.mixture.formula(),
            provenance: ProvenanceDocument::from(measurement),
            warnings: measurement.warnings.iter().chain(&found.warnings).map(WarningDocument::from).collect(),
        }
    }

    /// The fit for people: peaks, goodness of fit, formula, warnings.
    ///
    /// # Parameters
    /// - `measurement`: what was fitted.
    #[must_use]
    pub fn text(&self, measurement: &Measurement) -> String {
        let (peaks, quantiles) = (self.peak_table().text(), self.quantile_table().text());
        let mut text = format!("{}\n\n{peaks}\n{quantiles}\n", self.heading());
        let _ = writeln!(text, "formula: {}", self.formula);
        for line in provenance::lines(std::slice::from_ref(measurement)) {
            let _ = writeln!(text, "{line}");
        }
        for warning in &self.warnings {
            let _ = writeln!(text, "warning: {}", one_line(&warning.message));
            if let Some(help) = &warning.help {
                let _ = writeln!(text, "  help: {}", one_line(help));
            }
        }
        text
    }

    /// The fit as Markdown: peaks, goodness of fit, formula, warnings.
    #[must_use]
    pub fn markdown(&self) -> String {
        let heading = escape(&self.heading());
        let (peaks, quantiles) = (self.peak_table().markdown(), self.quantile_table().markdown());
        let mut text = format!("{heading}\n\n{peaks}\n{quantiles}\nFormula: `{}`\n", self.formula);
        for warning in &self.warnings {
            let _ = write!(text, "\n- warning: {}\n", escape(&warning.message));
        }
        text
    }

    fn heading(&self) -> String {
        let (count, values) = (self.peaks.len(), format_count(self.samples));
        let noun = if count == 1 { "peak" } else { "peaks" };
        let name = one_line(&self.name);
        format!("{name}: {count} {noun} in {values} values, distance {:.4} (Kolmogorov-Smirnov)", self.ks)
    }

    fn unit(&self) -> Option<Unit> {
        self.unit.as_deref().map(Unit::parse)
    }

    fn peak_table(&self) -> Columns {
        let unit = self.unit();
        let mut table = Columns::new(["peak", "share", "median", "sigma", "p5", "p95"]);
        for (number, peak) in self.peaks.iter().enumerate() {
            let shown = shown(&unit, [peak.low, peak.median, peak.high]);
            let figure = |value: f64| figure(value, &unit, shown);
            table.push([
                (number + 1).to_string(),
                format!("{:.2} %", 100.0 * peak.share),
                figure(peak.median),
                format!("{:.3}", peak.sigma),
                figure(peak.low),
                figure(peak.high),
            ]);
        }
        table
    }

    fn quantile_table(&self) -> Columns {
        let unit = self.unit();
        let shown = shown(&unit, self.quantiles.iter().map(|quantile| quantile.measured));
        let mut table = Columns::new(["quantile", "measured", "fitted", "off by"]);
        for quantile in &self.quantiles {
            let error = quantile.relative_error.map_or(String::new(), |error| format!("{:+.2} %", 100.0 * error));
            let figure = |value: f64| figure(value, &unit, shown);
            table.push([quantile_label(quantile.q), figure(quantile.measured), figure(quantile.fitted), error]);
        }
        table
    }
}

/// Writes the peaks of fits as comma-separated values, a row a peak.
///
/// # Errors
/// What `out` returns.
pub fn csv_to(fits: &[PeaksDocument], out: &mut dyn io::Write) -> io::Result<()> {
    let heads = ["name", "unit", "ks", "peak", "share", "mu", "sigma", "median", "mean", "mode", "p5", "p95"];
    write_record(&heads, out)?;
    for fit in fits {
        for (at, peak) in fit.peaks.iter().enumerate() {
            let mut record = vec![fit.name.clone(), fit.unit.clone().unwrap_or_default(), number(Some(fit.ks))];
            record.push((at + 1).to_string());
            let PeakDocument { share, mu, sigma, median, mean, mode, low, high } = *peak;
            record.extend([share, mu, sigma, median, mean, mode, low, high].map(|figure| number(Some(figure))));
            write_record(&record, out)?;
        }
    }
    Ok(())
}

/// One unit of time for all of `values`, if they share one.
fn shown(unit: &Option<Unit>, values: impl IntoIterator<Item = f64>) -> Option<TimeUnit> {
    unit.as_ref().and_then(Unit::time).and_then(|time| common_unit(values, time))
}

fn figure(value: f64, unit: &Option<Unit>, shown: Option<TimeUnit>) -> String {
    format_figure(value, unit.as_ref(), shown, Some(value.abs() * SHOWN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::peaks::{PeakOptions, decompose};
    use crate::import::{ImportOptions, read_from};

    #[test]
    fn peaks_are_shown_with_share_median_and_range() {
        let values: Vec<String> =
            (0..400).map(|at| if at % 4 == 0 { 9000 + at } else { 100 + at % 7 }.to_string()).collect();
        let text = format!("latency_us\n{}\n", values.join("\n"));
        let measurement = read_from(text.as_bytes(), "a.csv", &ImportOptions::default()).unwrap().remove(0);
        let found = decompose(&measurement.data, &PeakOptions::default()).unwrap();
        let document = PeaksDocument::new(&measurement, &found);
        let text = document.text(&measurement);
        assert!(text.starts_with("a: 2 peaks in 400 values, distance 0.1"), "{text}");
        assert!(
            text.contains("peak    share") && text.contains("75.00 %") && text.contains("formula: uniform"),
            "{text}"
        );
        assert!(document.peaks[0].low < document.peaks[0].median);
        let markdown = document.markdown();
        assert!(markdown.contains("| peak |") && markdown.contains("Formula: `"), "{markdown}");
        let mut csv = Vec::new();
        csv_to(&[document], &mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.starts_with("name,unit,ks,peak,share,mu,") && csv.contains("\na,us,0.1"), "{csv}");
        assert_eq!(csv.lines().count(), 3);
    }
}
