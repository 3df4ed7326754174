//! Arguments that subcommands share, and how their texts are read.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use tailcast::report::Format;
use tailcast::sim::{DEFAULT_QUANTILES, DEFAULT_SAMPLES, DEFAULT_SEED, Precision, RunOptions};
use tailcast::units::{parse_count, parse_quantile};

/// Which model, and what to change in it.
#[derive(Debug, Args)]
pub(super) struct ModelArguments {
    /// Model file: TOML, Guesstimate JSON or .guess; `-` reads standard input
    #[arg(value_name = "MODEL")]
    pub(super) model: PathBuf,
    /// Use the inputs of this scenario: one of the model's, or one written as 'NAME:METRIC=INPUT,METRIC=INPUT'
    #[arg(long, value_name = "NAME[:SETTINGS]")]
    pub(super) scenario: Option<String>,
    /// Replace the input of a metric by any input text or formula, e.g. 'hit=75' or 'disk=5ms to 9ms'; repeatable
    #[arg(long = "set", value_name = "METRIC=INPUT", value_parser = parse_setting)]
    pub(super) set: Vec<(String, String)>,
    #[command(flatten)]
    pub(super) compat: CompatArguments,
}

/// Whose behaviour to follow.
#[derive(Debug, Args, Clone, Copy)]
pub(super) struct CompatArguments {
    /// Behave as another tool does where it differs, its defects included
    #[arg(long, value_name = "TOOL")]
    pub(super) compat: Option<Compat>,
}

impl CompatArguments {
    /// Whether to behave as Guesstimate does.
    pub(super) const fn guesstimate(self) -> bool {
        matches!(self.compat, Some(Compat::Guesstimate))
    }
}

/// Tools whose behaviour can be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Compat {
    /// getguesstimate.com: lists are walked, booleans and blocks refused, one bad sample spoils a metric
    Guesstimate,
}

/// How many samples, from which streams.
#[derive(Debug, Args, Clone)]
pub(super) struct SamplingArguments {
    /// Samples to draw, e.g. 10k, 1M, 1e9 [default: 1M]
    #[arg(short = 'n', long, value_name = "COUNT", value_parser = parse_samples)]
    pub(super) samples: Option<u64>,
    /// Seed of the random streams: a whole number, or `random` [default: 1]
    #[arg(short, long, value_name = "SEED", value_parser = parse_seed)]
    pub(super) seed: Option<u64>,
    /// Threads [default: one a processor]
    #[arg(short, long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) threads: Option<u16>,
}

/// Which figures, in which format.
#[derive(Debug, Args, Clone)]
pub(super) struct FigureArguments {
    /// Quantiles to report, e.g. 0.5,0.99 or p50,p99.9 [default: p50,p90,p95,p99,p99.9]
    #[arg(short, long, value_name = "LIST", value_delimiter = ',', value_parser = |text: &str| parse_quantile(text))]
    pub(super) quantiles: Option<Vec<f64>>,
    /// Format of the result: text, json, csv or markdown
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = |text: &str| text.parse::<Format>())]
    pub(super) format: Format,
    /// Show the 95 % interval of each quantile in text
    #[arg(long)]
    pub(super) intervals: bool,
}

/// When to stop before all samples are drawn.
#[derive(Debug, Args, Clone)]
pub(super) struct PrecisionArguments {
    /// Draw until the 95 % interval of a quantile of every metric is this narrow, e.g. 1%@p99
    #[arg(long, value_name = "SHARE@QUANTILE", value_parser = parse_precision, conflicts_with = "samples")]
    pub(super) precision: Option<Precision>,
    /// Most samples to draw for a precision [default: 1e9]
    #[arg(long, value_name = "COUNT", value_parser = parse_samples, requires = "precision")]
    pub(super) max_samples: Option<u64>,
}

/// Most samples drawn for a precision unless told otherwise.
const MAX_SAMPLES_DEFAULT: u64 = 1_000_000_000;

impl SamplingArguments {
    /// Options of a run of all metrics.
    pub(super) fn options(&self, quantiles: Option<&[f64]>, precision: Option<&PrecisionArguments>) -> RunOptions {
        let stop = precision.and_then(|arguments| arguments.precision);
        let samples = match (stop, precision.and_then(|arguments| arguments.max_samples)) {
            (Some(_), limit) => limit.unwrap_or(MAX_SAMPLES_DEFAULT),
            (None, _) => self.samples.unwrap_or(DEFAULT_SAMPLES),
        };
        RunOptions {
            samples,
            seed: self.seed.unwrap_or(DEFAULT_SEED),
            threads: self.threads.map(usize::from),
            quantiles: quantiles.unwrap_or(&DEFAULT_QUANTILES).to_vec(),
            metrics: None,
            precision: stop,
        }
    }
}

fn parse_samples(text: &str) -> Result<u64, String> {
    match parse_count(text) {
        Ok(0) => Err("expected at least one sample, found 0".to_owned()),
        Ok(count) => Ok(count),
        Err(error) => Err(error.to_string()),
    }
}

fn parse_seed(text: &str) -> Result<u64, String> {
    if text == "random" {
        return Ok(rand_seed());
    }
    text.parse().map_err(|_| format!("expected a whole number below 2^64 or `random`, found `{text}`"))
}

/// A seed that differs from call to call.
fn rand_seed() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    // The standard library keys its hash maps from the operating system's randomness. Seeds below 2^53 survive JSON
    // readers that hold numbers as f64.
    std::collections::hash_map::RandomState::new().build_hasher().finish() >> 11
}

pub(super) fn parse_setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((metric, input)) if !metric.trim().is_empty() => Ok((metric.trim().to_owned(), input.trim().to_owned())),
        _ => Err(format!("expected METRIC=INPUT, found `{text}`")),
    }
}

fn parse_precision(text: &str) -> Result<Precision, String> {
    let expected = || format!("expected a share and a quantile such as 1%@p99, found `{text}`");
    let (share, quantile) = text.split_once('@').ok_or_else(expected)?;
    let relative = match share.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => share.trim().parse(),
    };
    let relative = relative.ok().filter(|share| *share > 0.0 && share.is_finite()).ok_or_else(expected)?;
    Ok(Precision { relative, q: parse_quantile(quantile.trim()).map_err(|error| error.to_string())? })
}
