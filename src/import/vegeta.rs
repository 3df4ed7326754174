//! vegeta results, one request a line, as CSV without a header or as JSON lines. Latencies are nanoseconds.
//!
//! The latencies of failed requests are kept, since they took their time all the same; a warning counts them.

use super::accumulator::Accumulator;
use super::detect::{Prefix, Verdict};
use super::error::{ImportError, quoted};
use super::format::Format;
use super::importer::Importer;
use super::measurement::{Reading, TimeRange};
use super::record::{Delimiter, field, fields};
use super::source::Source;
use super::{ImportOptions, decimal, json, moment};
use crate::problem::Warning;
use crate::units::{TimeUnit, Unit};
use serde::Deserialize;
use std::borrow::Cow;

/// Columns that every version of the CSV has: time, status, latency, bytes out, bytes in, error.
const COLUMNS_MIN: usize = 6;

/// The importer of CSV.
pub(crate) struct VegetaCsv;

/// The importer of JSON lines.
pub(crate) struct VegetaJson;

impl Importer for VegetaCsv {
    fn format(&self) -> Format {
        Format::VegetaCsv
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        // 1e17 ns after 1970 is 1973; a smaller first number is no time in nanoseconds.
        const EARLIEST_NS: f64 = 1e17;
        let row = fields(prefix.first_line(), Delimiter::COMMA);
        let number = |at: usize| row.get(at).and_then(|field| decimal::parse(field)).unwrap_or(-1.0);
        let (time, status, latency) = (number(0), number(1), number(2));
        let fits = time >= EARLIEST_NS && (0.0..1000.0).contains(&status) && latency >= 0.0 && latency.fract() == 0.0;
        if row.len() >= COLUMNS_MIN && fits {
            Verdict::Yes
        } else {
            Verdict::No("no line of time in ns, status, latency in ns")
        }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut lines = source.into_lines();
        let mut requests = Requests::default();
        while let Some(line) = lines.next()? {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let number = |at: usize| field(line, Delimiter::COMMA, at).and_then(|text| decimal::parse(&text));
            let (Some(time), Some(status), Some(latency)) = (number(0), number(1), number(2)) else {
                let found = quoted(line);
                return Err(ImportError::malformed(lines.number(), "time, status and latency as numbers", found));
            };
            requests.take(Some(time / 1e9), status, latency);
        }
        Ok(vec![requests.into_reading()])
    }
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(default)]
    code: f64,
    #[serde(borrow)]
    timestamp: Option<Cow<'a, str>>,
    latency: f64,
}

impl Importer for VegetaJson {
    fn format(&self) -> Format {
        Format::VegetaJson
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        let first = Prefix { bytes: prefix.first_line(), whole: true };
        let has = |key: &[u8]| first.contains(key);
        if first.bytes.first() == Some(&b'{') && has(b"\"latency\"") && has(b"\"code\"") && has(b"\"timestamp\"") {
            Verdict::Yes
        } else {
            Verdict::No("no JSON line with `code`, `timestamp` and `latency`")
        }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut lines = source.into_lines();
        let mut requests = Requests::default();
        while let Some(line) = lines.next()? {
            if line.trim_ascii().is_empty() {
                continue;
            }
            match serde_json::from_slice::<Request<'_>>(line) {
                Ok(request) => {
                    let time = request.timestamp.as_ref().and_then(|time| moment::parse(time.as_bytes()));
                    requests.take(time, request.code, request.latency);
                }
                Err(error) => {
                    let fault = json::fault(&error, "a vegeta result in JSON");
                    return Err(ImportError { line: Some(lines.number()), ..fault });
                }
            }
        }
        Ok(vec![requests.into_reading()])
    }
}

#[derive(Default)]
struct Requests {
    latencies: Accumulator,
    failed: u64,
    time_range: Option<TimeRange>,
}

impl Requests {
    fn take(&mut self, time: Option<f64>, status: f64, latency: f64) {
        self.latencies.push(latency);
        self.failed += u64::from(!(200.0..400.0).contains(&status));
        if let Some(at) = time {
            self.time_range = Some(TimeRange::extend(self.time_range, at));
        }
    }

    fn into_reading(self) -> Reading {
        let mut reading = self
            .latencies
            .into_reading()
            .with_tool("vegeta")
            .with_detected_unit(Unit::Time(TimeUnit::Nanosecond), "vegeta writes latencies in nanoseconds");
        reading.time_range = self.time_range;
        if self.failed > 0 {
            let message = format!("{} of {} requests failed; their latencies are kept", self.failed, reading.count);
            let help = "leave them out of the file if their latency is of no interest";
            reading.warnings.push(Warning::new("failed-requests", message).with_help(help));
        }
        reading
    }
}
