//! `tailcast attribute`: who owns the tail of a metric.

use anyhow::{Result, bail};
use tailcast::model::Slo;
use tailcast::plot::{share_chart, tornado_chart};
use tailcast::report::Format;
use tailcast::report::study::write_study;
use tailcast::report::study_attribute::AttributeReport;
use tailcast::report::warnings::{self, Asked};
use tailcast::study::attribute::attribute;
use tailcast::study::recorded;
use tailcast::study::slo::evaluate;
use tailcast::units::parse_quantile;

use super::arguments::{FigureArguments, ModelArguments, SamplingArguments};
use super::plot::ChartArguments;
use super::progress::Progress;
use super::slo::{self, SloArguments};
use super::{Answer, run, source, terminal};

/// Arguments of `attribute`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    model: ModelArguments,
    /// Metric whose tail it is, by name or id
    #[arg(value_name = "METRIC")]
    metric: String,
    /// Quantile beyond which the tail lies
    #[arg(short, long, value_name = "QUANTILE", default_value = "0.99", value_parser = |text: &str| parse_quantile(text))]
    quantile: f64,
    #[command(flatten)]
    sampling: SamplingArguments,
    /// Format of the result: text, json, csv or markdown
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = |text: &str| text.parse::<Format>())]
    format: Format,
    #[command(flatten)]
    slo: SloArguments,
    /// Draw a tornado instead of shares: the quantile with each input at its 5 % and its 95 % quantile
    #[arg(long)]
    tornado: bool,
    #[command(flatten)]
    chart: ChartArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    if !(arguments.quantile > 0.0 && arguments.quantile < 1.0) {
        bail!("expected a quantile between 0 and 1, found {}", arguments.quantile);
    }
    let model = source::read(&arguments.model)?;
    arguments.chart.prepare()?;
    arguments.slo.prepare()?;
    let metric = model.resolve(&arguments.metric).map_err(tailcast::model::ModelError::from)?;
    let slos: Vec<Slo> = arguments.slo.stated(&model)?;
    let options = arguments.sampling.options(None, None);
    let progress = Progress::new(options.samples.saturating_mul(4), None);
    let attribution = attribute(&model, metric, arguments.quantile, &options, &progress);
    progress.finish();
    let mut attribution = attribution?;
    recorded::warn(&model, &mut attribution.outcome);
    let asked = Asked { samples: arguments.sampling.samples.is_some(), precision: false, quantiles: true };
    warnings::attach(&mut attribution.outcome, asked);
    let results = evaluate(&slos, &model, &attribution.outcome);
    let figures = FigureArguments { quantiles: None, format: arguments.format, intervals: false };
    let mut bytes = Vec::new();
    let report = AttributeReport { attribution: &attribution, slos: &results };
    write_study(&report, &run::report_options(&figures), &mut bytes)?;
    terminal::print(&bytes)?;
    arguments.chart.draw(|| if arguments.tornado { tornado_chart(&attribution) } else { share_chart(&attribution) })?;
    arguments.slo.conclude(model.name(), &slo::cases(&results, None, model.name()))
}
