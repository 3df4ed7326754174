//! `tailcast export`: distributions in the formats of other tools.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tailcast::export::{ExportOptions, Format, Series, write};
use tailcast::model::Options;
use tailcast::report::warnings::Asked;
use tailcast::report::whole_file::WholeFile;
use tailcast::sim::{MetricOutcome, Outcome};

use super::arguments::{CompatArguments, SamplingArguments};
use super::given::{self, Given};
use super::measured::MeasuredArguments;
use super::refusal::Refusal;
use super::{Answer, run, source, terminal};

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Model to run, a saved result of `run --format json`, or measured data; `-` reads a model from standard input
    #[arg(value_name = "MODEL|RESULT|DATA")]
    input: PathBuf,
    /// File to write: .hlog, .hgrm, .csv (spigo's table), .json or .guess (Guesstimate data); `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Format to write where the ending does not say: hlog, hgrm, spigo-table or guesstimate
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    to: Option<Format>,
    /// Metric to write, by name or id; repeatable [default: all that have samples]
    #[arg(short, long = "metric", value_name = "METRIC")]
    metrics: Vec<String>,
    /// Significant decimal digits of an HdrHistogram
    #[arg(long, value_name = "DIGITS", default_value = "3", value_parser = clap::value_parser!(u8).range(1..=5))]
    digits: u8,
    /// Use the inputs of this scenario of the model
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Replace the input of a metric by any input text or formula; repeatable
    #[arg(long = "set", value_name = "METRIC=INPUT", value_parser = super::arguments::parse_setting)]
    set: Vec<(String, String)>,
    #[command(flatten)]
    compat: CompatArguments,
    #[command(flatten)]
    sampling: SamplingArguments,
    #[command(flatten)]
    measured: MeasuredArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let format = format(&arguments)?;
    let is_stdout = arguments.output == Path::new("-");
    let failed = || format!("`{}` cannot be written", arguments.output.display());
    let file = if is_stdout { None } else { Some(WholeFile::create(&arguments.output).with_context(failed)?) };
    let outcome = match given::read(&arguments.input, &arguments.measured)? {
        Given::Measured(outcome) | Given::Saved(outcome) => outcome,
        Given::Model => simulate(&arguments)?,
    };
    let series = series(&outcome, &arguments.metrics)?;
    let options =
        ExportOptions { digits: arguments.digits, title: outcome.model_name.clone(), ..ExportOptions::default() };
    let mut bytes = Vec::new();
    let warnings = write(format, &series, &options, &mut bytes).map_err(Refusal::from)?;
    match file {
        None => terminal::print(&bytes)?,
        Some(mut file) => {
            std::io::Write::write_all(&mut file, &bytes).and_then(|()| file.commit()).with_context(failed)?;
            terminal::print(format!("{}\n", arguments.output.display()).as_bytes())?;
        }
    }
    for warning in warnings {
        eprintln!("warning: {}", warning.message);
    }
    Ok(Answer::Yes)
}

fn format(arguments: &Arguments) -> Result<Format> {
    let found = arguments.to.or_else(|| Format::of_path(&arguments.output));
    let Some(format) = found else {
        bail!(
            "expected an output that ends in .hlog, .hgrm, .csv, .json or .guess, found `{}`; --to says the format otherwise",
            arguments.output.display()
        )
    };
    Ok(format)
}

fn simulate(arguments: &Arguments) -> Result<Outcome> {
    let mut model = source::read_path(&arguments.input, Options { compat: arguments.compat.guesstimate() })?;
    if let Some(scenario) = &arguments.scenario {
        model = model.with_scenario(scenario)?;
    }
    let settings: Vec<(&str, &str)> = arguments.set.iter().map(|(m, i)| (m.as_str(), i.as_str())).collect();
    let model = model.with_overrides(&settings)?;
    let mut options = arguments.sampling.options(None, None);
    options.metrics = run::chosen(&model, &arguments.metrics)?;
    run::draw(&model, &options, Asked::default())
}

/// The metrics asked for, or all that have samples.
fn series(outcome: &Outcome, names: &[String]) -> Result<Vec<Series>> {
    if names.is_empty() {
        return Ok(outcome.metrics.iter().filter_map(Series::from_metric).filter(|one| !one.is_empty()).collect());
    }
    let one = |name: &String| {
        let is_it = |metric: &&MetricOutcome| [&metric.id, &metric.readable_id, &metric.name].contains(&name);
        let Some(metric) = outcome.metrics.iter().find(is_it) else {
            let known: Vec<String> = outcome.metrics.iter().map(|metric| format!("`{}`", metric.name)).collect();
            bail!("expected a metric of `{}` ({}), found `{name}`", outcome.model_name, known.join(", "));
        };
        let Some(series) = Series::from_metric(metric) else {
            bail!("expected a metric with a recorded distribution, found `{name}` without one");
        };
        Ok(series)
    };
    names.iter().map(one).collect()
}

fn parse_format(text: &str) -> Result<Format, String> {
    let names = || Format::ALL.map(Format::name).join(", ");
    Format::parse(text).ok_or_else(|| format!("expected a format ({}), found `{text}`", names()))
}
