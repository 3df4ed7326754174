//! Prometheus and OpenMetrics text with classic histograms: cumulative counts up to each bound, a series a label set.
//!
//! ```text
//! # TYPE http_request_duration_seconds histogram
//! http_request_duration_seconds_bucket{path="/",le="0.05"} 24054
//! http_request_duration_seconds_bucket{path="/",le="+Inf"} 144320
//! http_request_duration_seconds_sum{path="/"} 53423
//! ```
//!
//! Beyond the last finite bound nothing is known. What lies there is put at that bound, and a warning says how much it
//! is. Summaries and gauges hold no distribution and are passed over.

use super::cells;
use super::detect::{Prefix, Verdict};
use super::error::{ImportError, ImportErrorKind, quoted};
use super::format::Format;
use super::importer::Importer;
use super::measurement::Reading;
use super::samples::unit_in_name;
use super::source::Source;
use super::{DISTRIBUTIONS_MAX, ImportOptions, decimal};
use crate::dist::Cell;
use crate::problem::Warning;
use crate::units::Unit;
use std::collections::HashMap;

/// Buckets that all series of a file may have together.
const BUCKETS_MAX: usize = 10_000_000;

/// The importer.
pub(crate) struct Prometheus;

impl Importer for Prometheus {
    fn format(&self) -> Format {
        Format::Prometheus
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        let is_type = |line: &[u8]| line.starts_with(b"# TYPE ") || line.starts_with(b"# HELP ");
        let is_bucket = |line: &[u8]| Bucket::parse(line).is_ok_and(|bucket| bucket.is_some());
        if prefix.lines().any(is_bucket) {
            return Verdict::Yes;
        }
        match (prefix.lines().any(is_type), prefix.whole) {
            (true, false) => Verdict::NotThisFar,
            (true, true) => Verdict::Yes,
            _ => Verdict::No("no `_bucket{le=…}` line"),
        }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut exposition = Exposition::default();
        let mut lines = source.into_lines();
        while let Some(line) = lines.next()? {
            let line = line.trim_ascii();
            if let Some(text) = line.strip_prefix(b"# UNIT ") {
                exposition.take_unit(text);
            }
            if line.is_empty() || line[0] == b'#' {
                continue;
            }
            match Bucket::parse(line) {
                Ok(Some(bucket)) => exposition.take(bucket).map_err(|kind| ImportError::at(lines.number(), kind))?,
                Ok(None) => {}
                Err(expected) => {
                    let found = quoted(line);
                    return Err(ImportError::malformed(lines.number(), expected, found));
                }
            }
        }
        exposition.into_readings()
    }
}

/// One line of a histogram: the cumulative count up to a bound.
struct Bucket {
    /// Metric without `_bucket`.
    metric: String,
    /// Metric with its labels other than `le`.
    series: String,
    bound: f64,
    count: f64,
}

impl Bucket {
    /// The bucket in a line; `None` if the line is another sample. The error says what was expected.
    fn parse(line: &[u8]) -> Result<Option<Self>, &'static str> {
        const SAMPLE: &str = "a sample `name{labels} value`";
        let line = std::str::from_utf8(line).map_err(|_| "text in UTF-8")?;
        let name_end = line.find(|c: char| c == '{' || c.is_whitespace()).ok_or(SAMPLE)?;
        let (name, rest) = line.split_at(name_end);
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':') {
            return Err(SAMPLE);
        }
        let (labels, rest) = match rest.strip_prefix('{') {
            Some(body) => parse_labels(body).ok_or("labels `{name=\"value\",…}`")?,
            None => (Vec::new(), rest),
        };
        let value = rest.split_whitespace().next().ok_or(SAMPLE)?;
        let Some(metric) = name.strip_suffix("_bucket") else {
            let is_number = parse_number(value).is_some() || value == "NaN";
            return if is_number { Ok(None) } else { Err("a number as the value of the sample") };
        };
        let Some(bound) = labels.iter().find(|label| label.0 == "le") else { return Ok(None) };
        let bound = parse_number(&bound.1).ok_or("a number as the label `le`")?;
        let count = parse_number(value).filter(|count| count.is_finite() && *count >= 0.0);
        let count = count.ok_or("a count of at least 0")?;
        let others: Vec<String> =
            labels.iter().filter(|label| label.0 != "le").map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        let series = if others.is_empty() { metric.to_owned() } else { format!("{metric}{{{}}}", others.join(",")) };
        Ok(Some(Self { metric: metric.to_owned(), series, bound, count }))
    }
}

/// The labels in `body`, just behind the opening brace, and what follows the closing one.
fn parse_labels(body: &str) -> Option<(Vec<(String, String)>, &str)> {
    let mut labels = Vec::new();
    let mut rest = body.trim_start();
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return Some((labels, after));
        }
        let (name, value) = rest.split_once('=')?;
        let mut text = String::new();
        let mut chars = value.trim_start().strip_prefix('"')?.char_indices();
        let value = value.trim_start().strip_prefix('"')?;
        let end = loop {
            match chars.next()? {
                (at, '"') => break at + 1,
                (_, '\\') => text.push(match chars.next()?.1 {
                    'n' => '\n',
                    other => other,
                }),
                (_, c) => text.push(c),
            }
        };
        labels.push((name.trim().to_owned(), text));
        rest = value[end..].trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
}

fn parse_number(text: &str) -> Option<f64> {
    match text {
        "+Inf" | "Inf" | "+inf" | "inf" => Some(f64::INFINITY),
        "-Inf" | "-inf" => Some(f64::NEG_INFINITY),
        _ => decimal::parse(text.as_bytes()),
    }
}

#[derive(Default)]
struct Exposition {
    series: Vec<Series>,
    by_name: HashMap<String, usize>,
    units: HashMap<String, String>,
    buckets: usize,
}

struct Series {
    name: String,
    metric: String,
    buckets: Vec<(f64, f64)>,
    repeated: bool,
}

impl Exposition {
    fn take_unit(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(text);
        let mut words = text.split_whitespace();
        if let (Some(metric), Some(unit)) = (words.next(), words.next()) {
            self.units.insert(metric.to_owned(), unit.to_owned());
        }
    }

    fn take(&mut self, bucket: Bucket) -> Result<(), ImportErrorKind> {
        let at = match self.by_name.get(&bucket.series) {
            Some(&at) => at,
            None if self.series.len() >= DISTRIBUTIONS_MAX => {
                return Err(ImportErrorKind::TooMuch { limit: DISTRIBUTIONS_MAX as u64, what: "series" });
            }
            None => {
                self.by_name.insert(bucket.series.clone(), self.series.len());
                let series =
                    Series { name: bucket.series, metric: bucket.metric, buckets: Vec::new(), repeated: false };
                self.series.push(series);
                self.series.len() - 1
            }
        };
        let series = &mut self.series[at];
        // Buckets mostly come in ascending order, so a repeated one is looked for only when they do not.
        let ascends = series.buckets.last().is_none_or(|last| last.0 < bucket.bound);
        let earlier = if ascends { None } else { series.buckets.iter_mut().find(|other| other.0 == bucket.bound) };
        if let Some(earlier) = earlier {
            earlier.1 = bucket.count;
            series.repeated = true;
            return Ok(());
        }
        series.buckets.push((bucket.bound, bucket.count));
        self.buckets += 1;
        if self.buckets > BUCKETS_MAX {
            return Err(ImportErrorKind::TooMuch { limit: BUCKETS_MAX as u64, what: "buckets" });
        }
        Ok(())
    }

    fn into_readings(self) -> Result<Vec<Reading>, ImportError> {
        if self.series.is_empty() {
            let found = "samples without a histogram among them".to_owned();
            let help = "expose the latency as a histogram: gauges, counters and summaries cannot be added up";
            return Err(ImportError::new(ImportErrorKind::NothingMeasured { found, help }));
        }
        let units = self.units;
        self.series.into_iter().map(|series| series.into_reading(&units)).collect()
    }
}

impl Series {
    fn into_reading(mut self, units: &HashMap<String, String>) -> Result<Reading, ImportError> {
        self.buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Some(pair) = self.buckets.windows(2).find(|pair| pair[0].1 > pair[1].1) {
            let expected = format!("counts of `{}` that do not descend", self.name);
            let found = format!("{} up to {} and {} up to {}", pair[0].1, pair[0].0, pair[1].1, pair[1].0);
            let help = Some("the buckets may come from different scrapes; import one scrape");
            return Err(ImportError::new(ImportErrorKind::Malformed { expected, found, help }));
        }
        let finite: Vec<(f64, f64)> = self.buckets.iter().copied().filter(|bucket| bucket.0.is_finite()).collect();
        let total = self.buckets.last().map_or(0.0, |last| last.1);
        let mut cells = Vec::with_capacity(finite.len() + 1);
        let (mut low, mut reached) = (0.0, 0.0);
        for &(bound, count) in &finite {
            cells.push(Cell { low: f64::min(low, bound), high: bound, weight: count - reached });
            (low, reached) = (bound, count);
        }
        cells.push(Cell { low, high: low, weight: total - reached });
        let mut reading = Reading::new(cells::histogram(cells), total as u64).with_name(self.name);
        reading.notes.push(format!("{} buckets, values spread evenly within each", finite.len()));
        reading.warnings = warnings(&self.buckets, total, reached, low);
        if self.repeated {
            let message = "the series occurs more than once; its last values are taken";
            let help = "counts add up since the start of the process; import a single scrape";
            reading.warnings.push(Warning::new("repeated-series", message).with_help(help));
        }
        let reading = with_unit(reading, &self.metric, units.get(&self.metric));
        Ok(Reading { aliases: vec![self.metric], ..reading })
    }
}

fn with_unit(reading: Reading, metric: &str, stated: Option<&String>) -> Reading {
    if let Some(unit) = stated {
        return reading.with_detected_unit(Unit::parse(unit), "a `# UNIT` line names it");
    }
    match unit_in_name(metric.as_bytes()) {
        Some(unit) => reading.with_detected_unit(Unit::Time(unit), "the metric's name ends with it"),
        None if metric.ends_with("_bytes") => {
            reading.with_detected_unit(Unit::Other("bytes".to_owned()), "the metric's name ends with it")
        }
        None => reading,
    }
}

fn warnings(buckets: &[(f64, f64)], total: f64, finite: f64, last_bound: f64) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let beyond = total - finite;
    if beyond > 0.0 {
        let percent = 100.0 * beyond / total;
        let message = format!(
            "{beyond} of {total} values ({percent:.3} %) lie beyond the last bound {last_bound} and are put at it; the tail is unknown"
        );
        let help = format!("add buckets beyond {last_bound}, or do not read quantiles above that share");
        warnings.push(Warning::new("unknown-tail", message).with_help(help));
    }
    if buckets.last().is_some_and(|last| last.0 != f64::INFINITY) {
        let message = "there is no bucket `+Inf`, so values beyond the last bound are missing";
        warnings.push(Warning::new("unknown-tail", message));
    }
    if buckets.first().is_some_and(|first| first.0 < 0.0 && first.1 > 0.0) {
        let message = "the lowest bucket is negative and open below; its values are put at its bound";
        warnings.push(Warning::new("unknown-tail", message));
    }
    warnings
}
