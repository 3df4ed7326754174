//! `tailcast run`: samples of a model and the figures of its metrics.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tailcast::formula::MetricIndex;
use tailcast::model::Model;
use tailcast::report::samples::{SampleFormat, SampleWriter};
use tailcast::report::warnings::{self, Asked};
use tailcast::report::{self, Findings, Format, ReportOptions, histogram_text};
use tailcast::sim::{self, Outcome, RunOptions};
use tailcast::study::correlation::rank_correlations;
use tailcast::study::recorded;
use tailcast::study::slo::evaluate;

use super::arguments::{FigureArguments, ModelArguments, PrecisionArguments, SamplingArguments};
use super::plot::PlotArguments;
use super::progress::Progress;
use super::slo::{self, SloArguments};
use super::{Answer, source, terminal};

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    model: ModelArguments,
    #[command(flatten)]
    sampling: SamplingArguments,
    #[command(flatten)]
    precision: PrecisionArguments,
    #[command(flatten)]
    figures: FigureArguments,
    /// Record only these metrics, by name or id; repeatable
    #[arg(short, long = "metric", value_name = "METRIC")]
    metrics: Vec<String>,
    /// Also print the distribution of each recorded metric as a text histogram
    #[arg(long)]
    histogram: bool,
    /// Write every sample, a row each with a column a metric: CSV, or NumPy's format if FILE ends in .npy
    #[arg(long, value_name = "FILE")]
    samples_out: Option<PathBuf>,
    #[command(flatten)]
    slo: SloArguments,
    #[command(flatten)]
    plot: PlotArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let model = source::read(&arguments.model)?;
    let slos = arguments.slo.all(&model)?;
    arguments.slo.prepare()?;
    let mut options = arguments.sampling.options(arguments.figures.quantiles.as_deref(), Some(&arguments.precision));
    options.metrics = slo::with_metrics(chosen(&model, &arguments.metrics)?, &slos);
    let asked = Asked {
        samples: arguments.sampling.samples.is_some(),
        precision: arguments.precision.precision.is_some(),
        quantiles: arguments.figures.quantiles.is_some(),
    };
    let plot = arguments.plot.prepare()?;
    // Begun before any time is spent on samples, which proves that it can be written.
    let samples_out = arguments.samples_out.as_deref().map(|path| sample_writer(&model, &options, path)).transpose()?;
    let outcome = draw(&model, &options, asked)?;
    if let Some(writer) = samples_out {
        write_samples(&model, &options, outcome.samples, writer)?;
    }
    let file = source::shown(&arguments.model.model);
    let results = evaluate(&slos, &model, &outcome);
    let correlations = rank_correlations(&model, outcome.samples, outcome.seed);
    let findings = Findings { slos: &results, correlations: &correlations };
    print(&outcome, findings, &arguments.figures, &file, arguments.histogram)?;
    if let Some(plot) = plot {
        plot.draw(&[(outcome.scenario.as_deref().unwrap_or(""), &outcome)])?;
    }
    let judged = slo::cases(&results, outcome.scenario.as_deref(), model.name());
    let verdict = arguments.slo.conclude(model.name(), &judged)?;
    Ok(if answer(&outcome) == Answer::Trouble { Answer::Trouble } else { verdict })
}

/// Runs the model with progress and attaches the warnings that follow from the figures.
pub(super) fn draw(model: &Model, options: &RunOptions, asked: Asked) -> Result<Outcome> {
    let unit = model.metrics().last().and_then(|metric| metric.unit.clone()).or_else(|| model.unit().cloned());
    let progress = Progress::new(options.samples, unit);
    let outcome = sim::run(model, options, &progress);
    progress.finish();
    let mut outcome = outcome?;
    warnings::attach(&mut outcome, asked);
    recorded::warn(model, &mut outcome);
    Ok(outcome)
}

/// Prints an outcome as asked.
pub(super) fn print(
    outcome: &Outcome,
    findings: Findings<'_>,
    figures: &FigureArguments,
    file: &str,
    histogram: bool,
) -> Result<()> {
    print_with(outcome, findings, figures, file, histogram, None, "")
}

/// Prints an outcome with another heading than that of a run, and with text behind it.
pub(super) fn print_with(
    outcome: &Outcome,
    findings: Findings<'_>,
    figures: &FigureArguments,
    file: &str,
    histogram: bool,
    heading: Option<String>,
    tail: &str,
) -> Result<()> {
    let options =
        ReportOptions { file: (!file.is_empty()).then(|| file.to_owned()), heading, ..report_options(figures) };
    let histograms = if histogram && figures.format == Format::Text { &outcome.metrics[..] } else { &[] };
    terminal::stream(|out| {
        report::write_with(outcome, findings, &options, out)?;
        out.write_all(tail.as_bytes())?;
        for metric in histograms {
            let options = histogram_text::HistogramOptions { width: terminal::width(), ..Default::default() };
            write!(out, "\n{}", histogram_text::render(metric, options))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Options of a report on this terminal.
pub(super) fn report_options(figures: &FigureArguments) -> ReportOptions {
    ReportOptions {
        intervals: figures.intervals,
        width: terminal::width(),
        color: terminal::color_on_stdout(),
        ..ReportOptions::new(figures.format)
    }
}

/// Metrics that the names mean; `None` without names.
pub(super) fn chosen(model: &Model, names: &[String]) -> Result<Option<Vec<MetricIndex>>> {
    if names.is_empty() {
        return Ok(None);
    }
    let metrics = names.iter().map(|name| model.resolve(name));
    Ok(Some(metrics.collect::<Result<_, _>>().map_err(tailcast::model::ModelError::from)?))
}

/// Trouble if a metric with problems has not a single finite sample; the report has said why.
pub(super) fn answer(outcome: &Outcome) -> Answer {
    let is_broken = |metric: &tailcast::sim::MetricOutcome| {
        let has_figures = metric.summary.as_ref().is_some_and(|summary| summary.mean.is_some());
        !metric.problems.is_empty() && !has_figures
    };
    if outcome.metrics.iter().any(is_broken) { Answer::Trouble } else { Answer::Yes }
}

fn sample_writer(model: &Model, options: &RunOptions, path: &Path) -> Result<SampleWriter> {
    let columns = sim::row_metrics(model, options.metrics.as_deref());
    let names: Vec<&str> = columns.iter().map(|metric| model.metrics()[metric.index()].key.as_str()).collect();
    SampleWriter::create(path, SampleFormat::of_path(path), &names)
        .with_context(|| format!("the samples cannot be written to `{}`", path.display()))
}

fn write_samples(model: &Model, options: &RunOptions, samples: u64, mut writer: SampleWriter) -> Result<()> {
    let metrics = options.metrics.as_deref();
    let mut sink = |columns: &[&[f64]]| writer.write_block(columns).map_err(std::io::Error::other);
    sim::rows(model, metrics, samples, options.seed, options.threads, &mut sink)?;
    writer.finish()?;
    Ok(())
}
