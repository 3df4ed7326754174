//! k6 results: one point a line, of all metrics, as CSV with a header or as JSON lines.
//!
//! One metric is taken: the one that the user names, else `http_req_duration`. k6 measures times in milliseconds.

use super::accumulator::Accumulator;
use super::detect::{Prefix, Verdict};
use super::error::{ImportError, ImportErrorKind, quoted};
use super::format::Format;
use super::importer::Importer;
use super::measurement::{Reading, TimeRange};
use super::record::{Delimiter, field, fields};
use super::source::Source;
use super::{ImportOptions, decimal, json, moment};
use crate::units::{TimeUnit, Unit};
use serde::Deserialize;
use std::borrow::Cow;

/// Metric that is taken when the user names none.
const DEFAULT_METRIC: &str = "http_req_duration";

/// Names of other metrics that are remembered, to list them if the one asked for is not there.
const NAMES_MAX: usize = 100;

/// The importer of CSV.
pub(crate) struct K6Csv;

/// The importer of JSON lines.
pub(crate) struct K6Json;

impl Importer for K6Csv {
    fn format(&self) -> Format {
        Format::K6Csv
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        if prefix.first_line().starts_with(b"metric_name,timestamp,metric_value") {
            Verdict::Yes
        } else {
            Verdict::No("no header `metric_name,timestamp,metric_value`")
        }
    }

    fn read(&self, source: Source<'_>, options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut lines = source.into_lines();
        let header = lines.next()?.unwrap_or_default().to_vec();
        let names = fields(&header, Delimiter::COMMA);
        let column = |name: &'static str| {
            let at = names.iter().position(|field| field.as_ref() == name.as_bytes());
            at.ok_or_else(|| ImportError::malformed(1, format!("a column `{name}`"), quoted(&header)))
        };
        let (name_at, time_at, value_at) = (column("metric_name")?, column("timestamp")?, column("metric_value")?);
        let mut metric = Metric::new(options);
        while let Some(line) = lines.next()? {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let name = field(line, Delimiter::COMMA, name_at).unwrap_or_default();
            if !metric.is_wanted(&name) {
                continue;
            }
            let value = field(line, Delimiter::COMMA, value_at).and_then(|text| decimal::parse(&text));
            let time = field(line, Delimiter::COMMA, time_at).and_then(|text| moment::parse(&text));
            let Some(value) = value else {
                let found = quoted(line);
                return Err(ImportError::malformed(lines.number(), "a point with a number as its value", found));
            };
            metric.take(value, time);
        }
        metric.into_readings()
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    metric: Option<Cow<'a, str>>,
    #[serde(rename = "type", borrow)]
    type_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    data: Option<Data<'a>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    time: Option<Cow<'a, str>>,
    value: Option<f64>,
}

impl Importer for K6Json {
    fn format(&self) -> Format {
        Format::K6Json
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        let first = Prefix { bytes: prefix.first_line(), whole: true };
        let is_line = first.bytes.first() == Some(&b'{') && first.contains(b"\"metric\"");
        if is_line && (first.contains(b"\"Point\"") || first.contains(b"\"Metric\"")) {
            Verdict::Yes
        } else {
            Verdict::No("no JSON line with `type` and `metric`")
        }
    }

    fn read(&self, source: Source<'_>, options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut lines = source.into_lines();
        let mut metric = Metric::new(options);
        while let Some(text) = lines.next()? {
            if text.trim_ascii().is_empty() {
                continue;
            }
            let line: Line<'_> = match serde_json::from_slice(text) {
                Ok(line) => line,
                Err(error) => {
                    let fault = json::fault(&error, "a k6 point in JSON");
                    return Err(ImportError { line: Some(lines.number()), ..fault });
                }
            };
            let (Some(name), Some("Point"), Some(data)) = (&line.metric, line.type_name.as_deref(), &line.data) else {
                continue;
            };
            if !metric.is_wanted(name.as_bytes()) {
                continue;
            }
            let time = data.time.as_ref().and_then(|time| moment::parse(time.as_bytes()));
            let Some(value) = data.value else {
                let found = quoted(text);
                return Err(ImportError::malformed(lines.number(), "a point with a number as its value", found));
            };
            metric.take(value, time);
        }
        metric.into_readings()
    }
}

/// The metric that is taken, and the names of the others.
struct Metric {
    wanted: String,
    values: Accumulator,
    time_range: Option<TimeRange>,
    others: Vec<String>,
}

impl Metric {
    fn new(options: &ImportOptions) -> Self {
        let wanted = options.tag.clone().unwrap_or_else(|| DEFAULT_METRIC.to_owned());
        Self { wanted, values: Accumulator::default(), time_range: None, others: Vec::new() }
    }

    fn is_wanted(&mut self, name: &[u8]) -> bool {
        if name == self.wanted.as_bytes() {
            return true;
        }
        if self.values.is_empty() && self.others.len() < NAMES_MAX {
            let name = String::from_utf8_lossy(name);
            if !self.others.iter().any(|other| *other == name) {
                self.others.push(name.into_owned());
            }
        }
        false
    }

    fn take(&mut self, value: f64, time: Option<f64>) {
        self.values.push(value);
        if let Some(at) = time {
            self.time_range = Some(TimeRange::extend(self.time_range, at));
        }
    }

    fn into_readings(self) -> Result<Vec<Reading>, ImportError> {
        if self.values.is_empty() {
            let kind = ImportErrorKind::NoSuchTag { wanted: self.wanted, available: self.others };
            return Err(ImportError::new(kind));
        }
        let is_time = self.wanted.ends_with("_duration")
            || (self.wanted.starts_with("http_req_") && self.wanted != "http_req_failed");
        let mut reading = self.values.into_reading().with_name(self.wanted).with_tool("k6");
        reading.time_range = self.time_range;
        if is_time {
            reading = reading.with_detected_unit(Unit::Time(TimeUnit::Millisecond), "k6 writes times in milliseconds");
        }
        Ok(vec![reading])
    }
}
