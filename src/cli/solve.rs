//! `tailcast solve`: the value of a parameter at which a target is just met.

use anyhow::Result;
use tailcast::model::Slo;
use tailcast::plot::solution_chart;
use tailcast::report::Format;
use tailcast::report::study::write_study;
use tailcast::study::Parameter;
use tailcast::study::solve::{Reach, solve};

use super::arguments::{FigureArguments, ModelArguments, SamplingArguments};
use super::plot::ChartArguments;
use super::progress::Progress;
use super::{Answer, run, source, terminal};

/// Arguments of `solve`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    model: ModelArguments,
    /// Parameter and its range, e.g. 'hit=0..100'; with a step, as in 'servers=1..64/1', the answer is one of the steps
    #[arg(value_name = "METRIC=LOW..HIGH")]
    parameter: String,
    /// Target, e.g. 'p99(response) <= 200ms'
    #[arg(value_name = "TARGET")]
    target: String,
    #[command(flatten)]
    sampling: SamplingArguments,
    /// Format of the result: text, json, csv or markdown
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = |text: &str| text.parse::<Format>())]
    format: Format,
    #[command(flatten)]
    chart: ChartArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let model = source::read(&arguments.model)?;
    arguments.chart.prepare()?;
    let parameter = Parameter::parse(&arguments.parameter, &model)?;
    let target = Slo::parse(&arguments.target, &model)?;
    let options = arguments.sampling.options(None, None);
    let progress = Progress::new(options.samples.saturating_mul(8), None);
    let solution = solve(&model, &parameter, &target, &options, &progress);
    progress.finish();
    let solution = solution?;
    let figures = FigureArguments { quantiles: None, format: arguments.format, intervals: false };
    let mut bytes = Vec::new();
    write_study(&solution, &run::report_options(&figures), &mut bytes)?;
    terminal::print(&bytes)?;
    arguments.chart.draw(|| solution_chart(&solution))?;
    Ok(if solution.reach == Reach::Never { Answer::No } else { Answer::Yes })
}
