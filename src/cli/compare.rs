//! `tailcast compare`: scenarios side by side, or two models, or two saved results.

use std::path::PathBuf;

use anyhow::{Result, bail};
use tailcast::model::{Model, Options, Slo};
use tailcast::report::junit::Case;
use tailcast::report::study::write_study;
use tailcast::report::study_compare::CompareReport;
use tailcast::report::warnings::{self, Asked};
use tailcast::sim::{Outcome, RunOptions};
use tailcast::study::assertion::{Assertion, AssertionResult, ChangeFigure};
use tailcast::study::compare::{Comparison, ScenarioOutcome, compare, compare_apart};
use tailcast::study::recorded;
use tailcast::study::slo::{SloResult, evaluate};
use tailcast::study::{Version, scenario_version};

use super::arguments::{CompatArguments, FigureArguments, SamplingArguments, parse_setting};
use super::plot::{PlotArguments, saved};
use super::progress::Progress;
use super::slo::{self, SloArguments};
use super::{Answer, run, source, terminal};

/// Arguments of `compare`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Model whose scenarios are compared, or a saved result of `run --format json`
    #[arg(value_name = "MODEL|RESULT")]
    input: PathBuf,
    /// Second model or result to compare the first with; the two are compared unpaired
    #[arg(value_name = "OTHER", conflicts_with = "scenarios")]
    other: Option<PathBuf>,
    /// Scenario to compare: one of the model's, or one written as 'NAME:METRIC=INPUT,METRIC=INPUT'; repeatable, and the
    /// first is what the others are compared with [default: all of the model's scenarios]
    #[arg(long = "scenario", value_name = "NAME[:SETTINGS]")]
    scenarios: Vec<String>,
    /// Replace the input of a metric in all that is compared; repeatable
    #[arg(long = "set", value_name = "METRIC=INPUT", value_parser = parse_setting)]
    set: Vec<(String, String)>,
    #[command(flatten)]
    compat: CompatArguments,
    #[command(flatten)]
    sampling: SamplingArguments,
    #[command(flatten)]
    figures: FigureArguments,
    /// Compare only these metrics, by name or id; repeatable
    #[arg(short, long = "metric", value_name = "METRIC")]
    metrics: Vec<String>,
    /// Assertion about the change from the first to each other, e.g. 'p99(response) change <= 5%' or
    /// 'mean(response) change < 2ms'; repeatable
    #[arg(long = "assert", value_name = "ASSERTION", value_parser = |text: &str| Assertion::parse(text))]
    assertions: Vec<Assertion>,
    #[command(flatten)]
    slo: SloArguments,
    #[command(flatten)]
    plot: PlotArguments,
}

/// A comparison and the verdicts on its versions.
struct Compared {
    comparison: Comparison,
    /// Verdicts of each version: those of the model's objectives, then those of the command line's.
    slos: Vec<Vec<SloResult>>,
    /// How many of them are of the model's.
    of_model: usize,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let plot = arguments.plot.prepare()?;
    arguments.slo.prepare()?;
    let compared = match &arguments.other {
        Some(other) => apart(&arguments, other)?,
        None => together(&arguments)?,
    };
    let Compared { comparison, slos, of_model } = compared;
    let mut assertions: Vec<AssertionResult> = Vec::new();
    for assertion in &arguments.assertions {
        assertions.extend(assertion.evaluate(&comparison)?);
    }
    let report = CompareReport { comparison: &comparison, slos: &slos, assertions: &assertions };
    let mut bytes = Vec::new();
    write_study(&report, &run::report_options(&arguments.figures), &mut bytes)?;
    terminal::print(&bytes)?;
    if let Some(plot) = plot {
        let outcomes: Vec<(&str, &Outcome)> =
            comparison.scenarios.iter().map(|scenario| (scenario.name.as_str(), &scenario.outcome)).collect();
        plot.draw(&outcomes)?;
    }
    let model = comparison.scenarios.first().map_or("", |scenario| scenario.outcome.model_name.as_str());
    let stated = comparison.scenarios.iter().zip(&slos);
    let mut cases: Vec<Case> =
        stated.flat_map(|(scenario, results)| slo::cases(&results[of_model..], Some(&scenario.name), model)).collect();
    cases.extend(assertions.iter().map(|result| assertion_case(result, model)));
    let verdict = arguments.slo.conclude(model, &cases)?;
    let is_broken = comparison.scenarios.iter().any(|scenario| run::answer(&scenario.outcome) == Answer::Trouble);
    Ok(if is_broken { Answer::Trouble } else { verdict })
}

fn assertion_case(result: &AssertionResult, model: &str) -> Case {
    let shown = |value: f64| if result.is_relative { format!("{:.2} %", value * 100.0) } else { format!("{value}") };
    let ends = result.low.zip(result.high).map(|(low, high)| format!(" ({} to {})", shown(low), shown(high)));
    Case {
        name: result.assertion.clone(),
        place: format!("{model}.{}", result.to),
        verdict: result.verdict,
        message: format!(
            "{}: {}, a change of {}{} from {} to {}",
            result.assertion,
            result.verdict.name(),
            shown(result.value),
            ends.unwrap_or_default(),
            result.from,
            result.to
        ),
    }
}

impl Arguments {
    /// Options of the runs; a quantile that an assertion is about is among those drawn.
    fn options(&self) -> RunOptions {
        let mut options = self.sampling.options(self.figures.quantiles.as_deref(), None);
        for assertion in &self.assertions {
            if let ChangeFigure::Quantile(q) = assertion.figure
                && !options.quantiles.contains(&q)
            {
                options.quantiles.push(q);
            }
        }
        options
    }

    fn asked(&self) -> Asked {
        let samples = self.sampling.samples.is_some();
        Asked { samples, precision: false, quantiles: self.figures.quantiles.is_some() }
    }

    fn settings(&self) -> Vec<(&str, &str)> {
        self.set.iter().map(|(metric, input)| (metric.as_str(), input.as_str())).collect()
    }
}

/// Versions of one model, on common random numbers.
fn together(arguments: &Arguments) -> Result<Compared> {
    if saved(&arguments.input)?.is_some() {
        bail!("expected a model, or two saved results, found one saved result");
    }
    let model = source::read_path(&arguments.input, Options { compat: arguments.compat.guesstimate() })?
        .with_overrides(&arguments.settings())?;
    let names: Vec<String> = if arguments.scenarios.is_empty() {
        model.scenarios().iter().map(|scenario| scenario.name.clone()).collect()
    } else {
        arguments.scenarios.clone()
    };
    let mut versions = Vec::new();
    for name in &names {
        let version = scenario_version(&model, name)?;
        // What is set on the command line is set in every scenario.
        versions.push(Version { model: version.model.with_overrides(&arguments.settings())?, ..version });
    }
    match versions.len() {
        0 => bail!("the model has no scenarios to compare; --scenario 'NAME:METRIC=INPUT' writes one"),
        1 => versions.insert(0, Version { name: "as written".to_owned(), model: model.clone() }),
        _ => {}
    }
    let slos = arguments.slo.all(&model)?;
    let mut options = arguments.options();
    options.metrics = slo::with_metrics(run::chosen(&model, &arguments.metrics)?, &slos);
    let unit = model.unit().cloned();
    let progress = Progress::new(options.samples, unit);
    let comparison = compare(&versions, &options, &progress);
    progress.finish();
    let mut comparison = comparison?;
    for (scenario, version) in comparison.scenarios.iter_mut().zip(&versions) {
        warnings::attach(&mut scenario.outcome, arguments.asked());
        recorded::warn(&version.model, &mut scenario.outcome);
    }
    let judge = |(version, scenario): (&Version, &ScenarioOutcome)| evaluate(&slos, &version.model, &scenario.outcome);
    let results = versions.iter().zip(&comparison.scenarios).map(judge).collect();
    Ok(Compared { comparison, slos: results, of_model: model.slos().len() })
}

/// Two models or saved results, each drawn by itself.
fn apart(arguments: &Arguments, other: &PathBuf) -> Result<Compared> {
    let mut options = arguments.options();
    let mut scenarios = Vec::new();
    let mut slos = Vec::new();
    for path in [&arguments.input, other] {
        let (outcome, results) = match saved(path)? {
            Some(outcome) => (outcome, Vec::new()),
            None => draw(arguments, path, &options)?,
        };
        let name = path.file_name().map_or_else(|| source::shown(path), |name| name.to_string_lossy().into_owned());
        scenarios.push(ScenarioOutcome { name, outcome });
        slos.push(results);
        // The two are independent, also where they name their metrics alike.
        options.seed = options.seed.wrapping_add(1);
    }
    if scenarios[0].name == scenarios[1].name {
        scenarios[0].name = source::shown(&arguments.input);
        scenarios[1].name = source::shown(other);
    }
    Ok(Compared { comparison: compare_apart(scenarios)?, slos, of_model: 0 })
}

fn draw(arguments: &Arguments, path: &std::path::Path, options: &RunOptions) -> Result<(Outcome, Vec<SloResult>)> {
    let model: Model = source::read_path(path, Options { compat: arguments.compat.guesstimate() })?
        .with_overrides(&arguments.settings())?;
    let slos: Vec<Slo> = arguments.slo.stated(&model)?;
    let metrics = slo::with_metrics(run::chosen(&model, &arguments.metrics)?, &slos);
    let outcome = run::draw(&model, &RunOptions { metrics, ..options.clone() }, arguments.asked())?;
    let results = evaluate(&slos, &model, &outcome);
    Ok((outcome, results))
}
