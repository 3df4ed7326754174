//! `tailcast sweep`: the figures of a model over the values of one parameter or two.

use anyhow::{Result, bail};
use tailcast::plot::sweep_chart;
use tailcast::report::study::write_study;
use tailcast::report::warnings::{self, Asked};
use tailcast::study::Parameter;
use tailcast::study::recorded;
use tailcast::study::sweep::sweep;

use super::arguments::{FigureArguments, ModelArguments, SamplingArguments};
use super::plot::ChartArguments;
use super::progress::Progress;
use super::slo::{self, SloArguments};
use super::{Answer, run, source, terminal};

/// Arguments of `sweep`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    model: ModelArguments,
    /// One parameter or two and their values: 'hit=0..100/5' in steps of 5, 'rate=1..1000*10' by factors of 10,
    /// 'hit=60,90,99' as listed
    #[arg(value_name = "METRIC=VALUES", required = true, num_args = 1..=2)]
    parameters: Vec<String>,
    #[command(flatten)]
    sampling: SamplingArguments,
    #[command(flatten)]
    figures: FigureArguments,
    /// Record only these metrics, by name or id; repeatable
    #[arg(short, long = "metric", value_name = "METRIC")]
    metrics: Vec<String>,
    #[command(flatten)]
    slo: SloArguments,
    /// Metric to draw [default: the last formula that the parameters move]
    #[arg(long, value_name = "METRIC")]
    plot_metric: Option<String>,
    /// Quantile that a chart of two parameters shows [default: p99]
    #[arg(long, value_name = "QUANTILE", default_value = "p99", value_parser = |text: &str| tailcast::units::parse_quantile(text))]
    plot_quantile: f64,
    #[command(flatten)]
    chart: ChartArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let model = source::read(&arguments.model)?;
    arguments.chart.prepare()?;
    arguments.slo.prepare()?;
    let parameters =
        arguments.parameters.iter().map(|text| Parameter::parse(text, &model)).collect::<Result<Vec<_>, _>>()?;
    let slos = arguments.slo.all(&model)?;
    let mut options = arguments.sampling.options(arguments.figures.quantiles.as_deref(), None);
    if parameters.len() == 2 && !options.quantiles.contains(&arguments.plot_quantile) {
        options.quantiles.push(arguments.plot_quantile);
    }
    options.metrics = slo::with_metrics(run::chosen(&model, &arguments.metrics)?, &slos);
    let plot_metric = match &arguments.plot_metric {
        Some(name) => {
            let metric = model.resolve(name).map_err(tailcast::model::ModelError::from)?;
            if let Some(metrics) = &mut options.metrics
                && !metrics.contains(&metric)
            {
                metrics.push(metric);
            }
            Some(model.metrics()[metric.index()].id.clone())
        }
        None => None,
    };
    let progress = Progress::new(options.samples.saturating_mul(8), None);
    let sweep = sweep(&model, &parameters, &slos, &options, &progress);
    progress.finish();
    let mut sweep = sweep?;
    let asked = Asked {
        samples: arguments.sampling.samples.is_some(),
        precision: false,
        quantiles: arguments.figures.quantiles.is_some(),
    };
    for point in &mut sweep.points {
        warnings::attach(&mut point.outcome, asked);
        let values: Vec<_> = parameters.iter().map(|parameter| parameter.metric).zip(point.values.clone()).collect();
        recorded::warn(&model.with_values(&values), &mut point.outcome);
    }
    let mut bytes = Vec::new();
    write_study(&sweep, &run::report_options(&arguments.figures), &mut bytes)?;
    terminal::print(&bytes)?;
    if sweep.points.is_empty() {
        bail!("interrupted before there was a point");
    }
    arguments.chart.draw(|| sweep_chart(&sweep, plot_metric.as_deref(), arguments.plot_quantile))?;
    let of_model = model.slos().len();
    let place = |values: &[f64]| {
        let pairs = parameters.iter().zip(values).map(|(parameter, value)| format!("{}={value}", parameter.name));
        pairs.collect::<Vec<_>>().join(" ")
    };
    let cases: Vec<_> = sweep
        .points
        .iter()
        .flat_map(|point| slo::cases(&point.slos[of_model..], Some(&place(&point.values)), model.name()))
        .collect();
    let verdict = arguments.slo.conclude(model.name(), &cases)?;
    let is_broken = sweep.points.iter().any(|point| run::answer(&point.outcome) == Answer::Trouble);
    Ok(if is_broken { Answer::Trouble } else { verdict })
}
