//! Measured data on the command line: which format, column, tag and unit; and the files read with them.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use anyhow::Result;
use tailcast::import::{Format, ImportError, ImportErrorKind, ImportOptions, Measurement, format_of, read_from};
use tailcast::infer::{Kind, PREFIX_LEN, detect};
use tailcast::sim::{DEFAULT_QUANTILES, MetricOutcome, Outcome, Stop};
use tailcast::units::{TimeUnit, Unit, parse_duration};

use super::refusal::Refusal;
use super::source;

/// How to read measured data.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct MeasuredArguments {
    /// Format of the input, such as hlog, csv or zipkin-v2 [default: found by content]
    #[arg(long, value_name = "FORMAT", value_parser = parse_source)]
    pub(super) from: Option<SourceFormat>,
    /// Column of a table with the values: its name, or its number from 1
    #[arg(long, value_name = "COLUMN")]
    pub(super) column: Option<String>,
    /// Which distribution of several: a tag, a metric, a series
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Option<String>,
    /// Unit of the values, e.g. us [default: what the file says]
    #[arg(long, value_name = "UNIT", value_parser = |text: &str| Ok::<_, String>(Unit::parse(text)))]
    pub(super) unit: Option<Unit>,
    /// Interval at which requests should have been sent, e.g. 10ms: corrects for coordinated omission
    #[arg(long, value_name = "TIME", value_parser = parse_interval)]
    pub(super) expected_interval: Option<std::time::Duration>,
    /// Name of the distribution, or of the model [default: the file's]
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
}

/// What an input can be said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SourceFormat {
    /// Measured data.
    Measured(Format),
    /// Traces.
    Traces(Kind),
}

impl MeasuredArguments {
    /// Options of reading one file.
    pub(super) fn options(&self) -> ImportOptions {
        ImportOptions {
            format: match self.from {
                Some(SourceFormat::Measured(format)) => Some(format),
                _ => None,
            },
            column: self.column.clone(),
            tag: self.tag.clone(),
            unit: self.unit.clone(),
            expected_interval: self.expected_interval,
            name: self.name.clone(),
        }
    }

    /// The first option that concerns measured data alone and was given.
    pub(super) fn first_given(&self) -> Option<&'static str> {
        let given = [
            ("--column", self.column.is_some()),
            ("--tag", self.tag.is_some()),
            ("--unit", self.unit.is_some()),
            ("--expected-interval", self.expected_interval.is_some()),
        ];
        given.into_iter().find_map(|(option, is_given)| is_given.then_some(option))
    }

    /// Reads the file at `path`, or standard input when it is `-`, as measured data.
    pub(super) fn read(&self, path: &Path) -> Result<Vec<Measurement>> {
        Opened::new(path)?.read(&self.options())
    }
}

/// A file of which the beginning is known.
pub(super) struct Opened {
    /// Its name for messages.
    pub(super) name: String,
    /// What a model could be inferred from it as.
    pub(super) kind: Option<Kind>,
    /// Its format, if it holds measured data.
    pub(super) format: Option<Format>,
    /// All of its bytes.
    pub(super) reader: Box<dyn Read>,
}

impl Opened {
    /// Opens the file at `path`, or standard input when it is `-`.
    pub(super) fn new(path: &Path) -> Result<Self> {
        let name = source::shown(path);
        let failed = |error: io::Error| {
            Refusal::from(ImportError { file: source::shown(path), line: None, kind: ImportErrorKind::Io(error) })
        };
        let mut reader: Box<dyn Read> = if path == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            Box::new(File::open(path).map_err(failed)?)
        };
        let mut prefix = Vec::with_capacity(PREFIX_LEN);
        reader.by_ref().take(PREFIX_LEN as u64).read_to_end(&mut prefix).map_err(failed)?;
        let kind = detect(&prefix);
        // A prefix of gzip data ends too early to be read to its end; what decides lies before that.
        let format = format_of(Cursor::new(&prefix)).ok().flatten();
        Ok(Self { name, kind, format, reader: Box::new(Cursor::new(prefix).chain(reader)) })
    }

    /// Reads it as measured data.
    pub(super) fn read(self, options: &ImportOptions) -> Result<Vec<Measurement>> {
        Ok(read_from(self.reader, &self.name, options).map_err(Refusal::from)?)
    }
}

/// Measured data as the result of a run in which nothing was drawn: seed 0, and as many samples as the largest
/// distribution has values.
pub(super) fn outcome(name: &str, measurements: &[Measurement], quantiles: Option<&[f64]>) -> Outcome {
    let names: Vec<&str> = measurements.iter().map(|measurement| measurement.name.as_str()).collect();
    let keys = tailcast::infer::measured::keys(&names);
    let quantiles = quantiles.unwrap_or(&DEFAULT_QUANTILES);
    let metrics: Vec<MetricOutcome> =
        measurements.iter().zip(&keys).map(|(measurement, key)| measurement.outcome(key, quantiles)).collect();
    let first = measurements.iter().find_map(|measurement| measurement.unit.clone());
    Outcome {
        model_name: name.to_owned(),
        scenario: None,
        samples: measurements.iter().map(|measurement| measurement.count).max().unwrap_or(0),
        seed: 0,
        unit: first.filter(|first| measurements.iter().all(|measurement| measurement.unit.as_ref() == Some(first))),
        stop: Stop::Completed,
        metrics,
        warnings: Vec::new(),
    }
}

fn parse_source(text: &str) -> Result<SourceFormat, String> {
    let measured = Format::parse(text).map(SourceFormat::Measured);
    let traces = || Kind::TRACES.into_iter().find(|kind| kind.slug() == text).map(SourceFormat::Traces);
    measured.or_else(traces).ok_or_else(|| {
        let names = Format::ALL.into_iter().map(Format::name).chain(Kind::TRACES.into_iter().map(Kind::slug));
        format!("expected a format ({}), found `{text}`", names.collect::<Vec<_>>().join(", "))
    })
}

fn parse_interval(text: &str) -> Result<std::time::Duration, String> {
    let seconds = parse_duration(text).map_err(|error| error.to_string())?.to(TimeUnit::Second);
    let interval = std::time::Duration::try_from_secs_f64(seconds).ok().filter(|interval| !interval.is_zero());
    interval.ok_or_else(|| format!("expected a time of at least 1ns, found `{text}`"))
}
