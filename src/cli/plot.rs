//! `tailcast plot`, and the `--plot` of other subcommands.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tailcast::model::{Model, ModelError, Options};
use tailcast::plot::{Chart, DistributionOptions, PlotOptions, Scale, ccdf_chart, draw, histogram_chart};
use tailcast::report::json_read;
use tailcast::report::warnings::Asked;
use tailcast::sim::{MetricOutcome, Outcome};

use super::arguments::{CompatArguments, SamplingArguments};
use super::given::{self, Given};
use super::measured::MeasuredArguments;
use super::{Answer, run, source, terminal};

/// How charts of distributions look.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct LookArguments {
    /// Horizontal axis: linear or log [default: chosen from the data]
    #[arg(long, value_name = "SCALE")]
    x: Option<XScale>,
    /// Show the share of samples beyond each value instead of a histogram
    #[arg(long)]
    ccdf: bool,
    /// Title of the chart
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Width and height in pixels
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1200x675", value_parser = parse_size)]
    size: (u32, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum XScale {
    /// Equal distances.
    Linear,
    /// Equal ratios.
    Log,
}

/// `--plot` beside other results.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct PlotArguments {
    /// Also draw the distribution of a metric, as PNG or SVG by the ending of FILE
    #[arg(long = "plot", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Metric to draw [default: the last formula of the model]
    #[arg(long, value_name = "METRIC", requires = "file")]
    plot_metric: Option<String>,
    #[command(flatten)]
    look: LookArguments,
}

/// A chart that will be drawn once there are figures.
#[derive(Debug)]
pub(super) struct PlannedPlot<'a> {
    file: &'a Path,
    metric: Option<&'a str>,
    look: &'a LookArguments,
}

impl PlotArguments {
    /// Whether the metric to draw was given.
    pub(super) const fn names_a_metric(&self) -> bool {
        self.plot_metric.is_some()
    }

    /// Checks that the chart can be written, before any time is spent on samples.
    pub(super) fn prepare(&self) -> Result<Option<PlannedPlot<'_>>> {
        let Some(file) = &self.file else { return Ok(None) };
        check_output(file)?;
        Ok(Some(PlannedPlot { file, metric: self.plot_metric.as_deref(), look: &self.look }))
    }
}

impl PlannedPlot<'_> {
    /// Draws one metric of each outcome, named so.
    pub(super) fn draw(&self, outcomes: &[(&str, &Outcome)]) -> Result<()> {
        let mut series: Vec<(&str, &MetricOutcome)> = Vec::new();
        for (name, outcome) in outcomes {
            let metric = chosen(outcome, self.metric)?;
            let shown = if outcomes.len() == 1 && name.is_empty() { metric.name.as_str() } else { name };
            series.push((shown, metric));
        }
        let title = self.look.title.clone().or_else(|| title(outcomes, &series));
        self.draw_series(&series, title)
    }

    /// Draws the metric asked for, or all of them over each other.
    pub(super) fn draw_all(&self, outcome: &Outcome) -> Result<()> {
        let drawn: Vec<&MetricOutcome> = outcome.metrics.iter().filter(|metric| metric.recording.is_some()).collect();
        if self.metric.is_some() || drawn.len() < 2 {
            return self.draw(&[("", outcome)]);
        }
        let series: Vec<(&str, &MetricOutcome)> = drawn.iter().map(|metric| (metric.name.as_str(), *metric)).collect();
        let title = self.look.title.clone().or_else(|| Some(outcome.model_name.clone()));
        self.draw_series(&series, title)
    }

    fn draw_series(&self, series: &[(&str, &MetricOutcome)], title: Option<String>) -> Result<()> {
        let scale = self.look.x.map(|scale| match scale {
            XScale::Linear => Scale::Linear,
            XScale::Log => Scale::Log,
        });
        let options = DistributionOptions { title, scale, ..DistributionOptions::default() };
        let chart = if self.look.ccdf { ccdf_chart(series, &options) } else { histogram_chart(series, &options) };
        let (width, height) = self.look.size;
        Ok(draw(&chart, self.file, &PlotOptions { width, height, format: None })?)
    }
}

/// `--plot` of studies that have a chart of their own.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ChartArguments {
    /// Also draw a chart, as PNG or SVG by the ending of FILE
    #[arg(long = "plot", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Title of the chart
    #[arg(long, value_name = "TEXT", requires = "file")]
    title: Option<String>,
    /// Width and height of the chart in pixels
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1200x675", value_parser = parse_size)]
    size: (u32, u32),
}

impl ChartArguments {
    /// Checks that the chart can be written, before any time is spent on samples.
    pub(super) fn prepare(&self) -> Result<()> {
        self.file.as_deref().map_or(Ok(()), check_output)
    }

    /// Draws the chart if one was asked for.
    pub(super) fn draw(&self, chart: impl FnOnce() -> Chart) -> Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut chart = chart();
        if let Some(title) = &self.title {
            chart.title.clone_from(title);
        }
        let (width, height) = self.size;
        Ok(draw(&chart, file, &PlotOptions { width, height, format: None })?)
    }
}

/// Refuses an output that cannot be written or names no format.
pub(super) fn check_output(file: &Path) -> Result<()> {
    if tailcast::plot::PlotFormat::of_path(file).is_none() {
        bail!("expected a file name ending in .png or .svg, found `{}`", file.display());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        bail!("`{}` cannot be written: there is no folder `{}`", file.display(), folder.display());
    }
    Ok(())
}

fn title(outcomes: &[(&str, &Outcome)], series: &[(&str, &MetricOutcome)]) -> Option<String> {
    let (_, outcome) = outcomes.first()?;
    let (_, metric) = series.first()?;
    let model = outcome.model_name.as_str();
    let scenario = outcome.scenario.as_deref().filter(|_| outcomes.len() == 1);
    Some(match (model, scenario) {
        ("", _) => metric.name.clone(),
        (model, Some(scenario)) => format!("{model}: {}, scenario {scenario}", metric.name),
        (model, None) => format!("{model}: {}", metric.name),
    })
}

/// The metric of that name or id, or the last formula.
fn chosen<'a>(outcome: &'a Outcome, name: Option<&str>) -> Result<&'a MetricOutcome> {
    let metrics = &outcome.metrics;
    let found = match name {
        Some(name) => metrics.iter().find(|m| [&m.id, &m.readable_id, &m.name].iter().any(|known| *known == name)),
        None => {
            let drawn = || metrics.iter().rev().filter(|metric| metric.recording.is_some());
            drawn().find(|metric| metric.type_name == "FUNCTION").or_else(|| drawn().next())
        }
    };
    match (found, name) {
        (Some(metric), _) => Ok(metric),
        (None, Some(name)) => bail!("expected the name of a recorded metric to draw, found `{name}`"),
        (None, None) => bail!("there is nothing to draw: no metric has samples"),
    }
}

/// Arguments of `plot`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Model to run, a saved result of `run --format json`, or measured data; `-` reads a model from standard input
    #[arg(value_name = "MODEL|RESULT|DATA")]
    input: PathBuf,
    /// File to draw, PNG or SVG by its ending
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Metric to draw [default: the last formula of the model]
    #[arg(short, long, value_name = "METRIC")]
    metric: Option<String>,
    /// Scenario of the model; several are laid over each other [default: all of the model's scenarios]
    #[arg(long = "scenario", value_name = "NAME")]
    scenarios: Vec<String>,
    /// Replace the input of a metric by any input text or formula; repeatable
    #[arg(long = "set", value_name = "METRIC=INPUT", value_parser = super::arguments::parse_setting)]
    set: Vec<(String, String)>,
    #[command(flatten)]
    compat: CompatArguments,
    #[command(flatten)]
    sampling: SamplingArguments,
    #[command(flatten)]
    measured: MeasuredArguments,
    #[command(flatten)]
    look: LookArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    check_output(&arguments.output)?;
    let plot = PlannedPlot { file: &arguments.output, metric: arguments.metric.as_deref(), look: &arguments.look };
    match given::read(&arguments.input, &arguments.measured)? {
        Given::Measured(outcome) => plot.draw_all(&outcome)?,
        Given::Saved(outcome) => plot.draw(&[named(&outcome)])?,
        Given::Model => {
            let outcomes = simulate(&arguments)?;
            plot.draw(&outcomes.iter().map(named).collect::<Vec<_>>())?;
        }
    }
    terminal::print(format!("{}\n", arguments.output.display()).as_bytes())?;
    Ok(Answer::Yes)
}

/// The result that the file holds, if it holds one and no model.
pub(super) fn saved(path: &Path) -> Result<Option<Outcome>> {
    if path == Path::new("-") || path.extension().is_some_and(|ending| ending != "json") {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    if json_read::is_result(&text) { Ok(Some(json_read::read(&text)?)) } else { Ok(None) }
}

fn named(outcome: &Outcome) -> (&str, &Outcome) {
    (outcome.scenario.as_deref().unwrap_or(""), outcome)
}

fn simulate(arguments: &Arguments) -> Result<Vec<Outcome>> {
    let model = source::read_path(&arguments.input, Options { compat: arguments.compat.guesstimate() })?;
    let names: Vec<&str> = if arguments.scenarios.is_empty() {
        model.scenarios().iter().map(|scenario| scenario.name.as_str()).collect()
    } else {
        arguments.scenarios.iter().map(String::as_str).collect()
    };
    let settings: Vec<(&str, &str)> = arguments.set.iter().map(|(m, i)| (m.as_str(), i.as_str())).collect();
    let versions: Vec<Model> = if names.is_empty() {
        vec![model.with_overrides(&settings)?]
    } else {
        let versions = names.iter().map(|name| model.with_scenario(name)?.with_overrides(&settings));
        versions.collect::<Result<_, ModelError>>()?
    };
    let options = arguments.sampling.options(None, None);
    versions.iter().map(|version| run::draw(version, &options, Asked::default())).collect()
}

pub(super) fn parse_size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    sides.ok_or_else(|| format!("expected WIDTHxHEIGHT in pixels, found `{text}`"))
}
