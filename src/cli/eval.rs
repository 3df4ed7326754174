//! `tailcast eval`: the figures of one formula.

use anyhow::Result;
use tailcast::model::{Model, Options};
use tailcast::report::Findings;
use tailcast::report::warnings::Asked;

use super::arguments::{CompatArguments, FigureArguments, PrecisionArguments, SamplingArguments};
use super::plot::PlotArguments;
use super::{Answer, run};

/// Arguments of `eval`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Formula, with or without `=` before it, e.g. '=max(normal(10, 2), 8)', or any input text such as '5 to 10'
    #[arg(value_name = "FORMULA", allow_hyphen_values = true)]
    formula: String,
    #[command(flatten)]
    compat: CompatArguments,
    #[command(flatten)]
    sampling: SamplingArguments,
    #[command(flatten)]
    precision: PrecisionArguments,
    #[command(flatten)]
    figures: FigureArguments,
    /// Also print the distribution as a text histogram
    #[arg(long)]
    histogram: bool,
    #[command(flatten)]
    plot: PlotArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let model = Model::of_input("eval", &arguments.formula, Options { compat: arguments.compat.guesstimate() });
    let options = arguments.sampling.options(arguments.figures.quantiles.as_deref(), Some(&arguments.precision));
    let asked = Asked {
        samples: arguments.sampling.samples.is_some(),
        precision: arguments.precision.precision.is_some(),
        quantiles: arguments.figures.quantiles.is_some(),
    };
    let plot = arguments.plot.prepare()?;
    let outcome = run::draw(&model, &options, asked)?;
    run::print(&outcome, Findings::default(), &arguments.figures, "", arguments.histogram)?;
    if let Some(plot) = plot {
        plot.draw(&[("", &outcome)])?;
    }
    Ok(run::answer(&outcome))
}
