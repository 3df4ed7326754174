//! `tailcast fit`: lognormal peaks of measured distributions, with how well they fit.

use std::path::PathBuf;

use anyhow::{Context, Result};
use tailcast::dist::peaks::{Decomposition, PeakOptions, decompose};
use tailcast::import::Measurement;
use tailcast::infer::measured::{MeasuredMetric, addition, model};
use tailcast::model::{Model, Options};
use tailcast::report::peaks::{self, FitDocument, PeaksDocument};
use tailcast::report::warnings::Asked;
use tailcast::report::{Format, json};
use tailcast::sim::{DEFAULT_QUANTILES, Outcome, RunOptions};
use tailcast::units::parse_quantile;

use super::import::model_file;
use super::measured::{self, MeasuredArguments};
use super::plot::PlotArguments;
use super::refusal::Refusal;
use super::{Answer, run, terminal};

/// Arguments of `fit`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// File of measured data; gzip or not; `-` reads standard input
    #[arg(value_name = "FILE")]
    input: PathBuf,
    /// Model to write, with the peaks in place of the data: .toml, or .json or .guess for Guesstimate
    #[arg(short, long, value_name = "MODEL")]
    output: Option<PathBuf>,
    /// Add the peaks to the TOML model that is there
    #[arg(long, requires = "output")]
    add: bool,
    /// Peaks, at most
    #[arg(long, value_name = "COUNT", default_value = "8", value_parser = clap::value_parser!(u16).range(1..=64))]
    peaks: u16,
    /// Smallest share of a peak
    #[arg(long, value_name = "SHARE", default_value = "0.005", value_parser = parse_share)]
    min_share: f64,
    /// Quantiles at which the fit is judged [default: p50,p90,p95,p99,p99.9]
    #[arg(short, long, value_name = "LIST", value_delimiter = ',', value_parser = parse_inner_quantile)]
    quantiles: Option<Vec<f64>>,
    /// Format of the result: text, json, csv or markdown
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = |text: &str| text.parse::<Format>())]
    format: Format,
    #[command(flatten)]
    measured: MeasuredArguments,
    #[command(flatten)]
    plot: PlotArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    if let Some(output) = &arguments.output {
        model_file::check(output)?;
    }
    let plot = arguments.plot.prepare()?;
    let measurements = arguments.measured.read(&arguments.input)?;
    let options = PeakOptions {
        peaks_max: usize::from(arguments.peaks),
        share_min: arguments.min_share,
        quantiles: arguments.quantiles.clone().unwrap_or_else(|| DEFAULT_QUANTILES.to_vec()),
    };
    let mut fits = Vec::with_capacity(measurements.len());
    for measurement in &measurements {
        let fit = decompose(&measurement.data, &options);
        fits.push(fit.map_err(|error| Refusal::of_peaks(&measurement.name, &error))?);
    }
    if let Some(output) = &arguments.output {
        write(&arguments, output, &measurements, &fits)?;
    }
    print(&arguments, &measurements, &fits)?;
    if let Some(plot) = plot {
        plot.draw_all(&beside(&measurements, &fits)?)?;
    }
    Ok(Answer::Yes)
}

fn write(arguments: &Arguments, output: &std::path::Path, data: &[Measurement], fits: &[Decomposition]) -> Result<()> {
    let metric = |(measurement, fit)| {
        let fit: &Decomposition = fit;
        MeasuredMetric { measurement, reference: None, mixture: Some(&fit.mixture) }
    };
    let metrics: Vec<MeasuredMetric<'_>> = data.iter().zip(fits).map(metric).collect();
    let written = if arguments.add {
        let (text, existing) = model_file::read(output)?;
        let added = addition(&existing, &metrics);
        model_file::add(output, &text, &added.toml)?;
        added
    } else {
        let name = data.first().map_or("", |measurement| measurement.name.as_str());
        let written = model(name, &metrics);
        model_file::write(output, &written.toml)?;
        written
    };
    eprintln!("{}: {} written", output.display(), written.keys.join(", "));
    Ok(())
}

fn print(arguments: &Arguments, measurements: &[Measurement], fits: &[Decomposition]) -> Result<()> {
    let documents: Vec<PeaksDocument> =
        measurements.iter().zip(fits).map(|(measurement, fit)| PeaksDocument::new(measurement, fit)).collect();
    let mut bytes = Vec::new();
    match arguments.format {
        Format::Json => json::write_to(&FitDocument::new(documents), true, &mut bytes)?,
        Format::Csv => peaks::csv_to(&documents, &mut bytes)?,
        Format::Text => {
            let texts: Vec<String> =
                documents.iter().zip(measurements).map(|(document, one)| document.text(one)).collect();
            bytes.extend(texts.join("\n").into_bytes());
        }
        Format::Markdown => {
            let texts: Vec<String> = documents.iter().map(PeaksDocument::markdown).collect();
            bytes.extend(texts.join("\n").into_bytes());
        }
    }
    Ok(terminal::print(&bytes)?)
}

/// The data and what their peaks draw, as metrics of one result, so that a chart lays them over each other.
fn beside(measurements: &[Measurement], fits: &[Decomposition]) -> Result<Outcome> {
    let name = measurements.first().map_or("", |measurement| measurement.name.as_str());
    let mut outcome = measured::outcome(name, measurements, None);
    for (at, fit) in fits.iter().enumerate() {
        let model = Model::of_input("fit", &format!("={}", fit.mixture.formula()), Options::default());
        let fitted = run::draw(&model, &RunOptions::default(), Asked::default())?;
        let mut metric = fitted.metrics.into_iter().next().context("the formula of the peaks draws nothing")?;
        metric.name = format!("{}, {} peaks", measurements[at].name, fit.mixture.peaks().len());
        metric.unit.clone_from(&measurements[at].unit);
        outcome.metrics.insert(2 * at + 1, metric);
    }
    Ok(outcome)
}

fn parse_share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| format!("expected a share between 0 and 1, found `{text}`"))
}

fn parse_inner_quantile(text: &str) -> Result<f64, String> {
    let quantile = parse_quantile(text).map_err(|error| error.to_string())?;
    if quantile > 0.0 && quantile < 1.0 {
        return Ok(quantile);
    }
    Err(format!("expected a quantile between 0 and 1, found `{text}`"))
}
