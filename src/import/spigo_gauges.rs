//! spigo's `_metrics.json` of 2015: messages counted and six percentiles for each actor.
//!
//! Every such file lacks a comma between its two members, so they are read one by one. Percentiles are all there is:
//! the distribution between them is interpolated.

use super::detect::{Prefix, Verdict};
use super::error::{ImportError, ImportErrorKind};
use super::format::Format;
use super::importer::Importer;
use super::measurement::Reading;
use super::source::Source;
use super::{ImportOptions, json, quantiles};
use crate::problem::Warning;
use crate::units::{TimeUnit, Unit};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::io::Read;

/// Longest file that is read; the real ones have at most 48 KB.
const FILE_LEN_MAX: u64 = 64 * 1024 * 1024;

/// Suffixes of the gauges, with their quantiles.
const PERCENTILES: [(&str, f64); 6] =
    [(".P50", 0.5), (".P75", 0.75), (".P90", 0.9), (".P95", 0.95), (".P99", 0.99), (".P999", 0.999)];

const WHAT: &str = "spigo's counters and gauges in JSON";

/// The importer.
pub(crate) struct SpigoGauges;

impl Importer for SpigoGauges {
    fn format(&self) -> Format {
        Format::SpigoGauges
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        if prefix.first_byte() != Some(b'{') {
            return Verdict::No("no `{` at the start");
        }
        match (prefix.contains(b"\"counters\""), prefix.contains(b".P50\""), prefix.whole) {
            (true, true, _) => Verdict::Yes,
            (true, false, false) => Verdict::NotThisFar,
            _ => Verdict::No("no `counters` and `gauges`"),
        }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut bytes = Vec::new();
        source.into_reader().take(FILE_LEN_MAX + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > FILE_LEN_MAX {
            return Err(ImportError::new(ImportErrorKind::TooMuch {
                limit: FILE_LEN_MAX,
                what: "bytes in a file of gauges",
            }));
        }
        let counters: BTreeMap<String, f64> = member(&bytes, "\"counters\":")?;
        let gauges: BTreeMap<String, f64> = member(&bytes, "\"gauges\":")?;
        let mut readings = readings(&counters, &gauges);
        if let (Err(error), Some(first)) =
            (serde_json::from_slice::<serde::de::IgnoredAny>(&bytes), readings.first_mut())
        {
            let message =
                format!("the file is not valid JSON at line {}: its two members are read one by one", error.line());
            let help = "spigo leaves out the comma between `counters` and `gauges`";
            first.warnings.push(Warning::new("repaired", message).with_help(help));
        }
        if readings.is_empty() {
            let (found, help) = ("no gauges".to_owned(), "check that the run recorded any");
            return Err(ImportError::new(ImportErrorKind::NothingMeasured { found, help }));
        }
        Ok(readings)
    }
}

/// The value behind `key`, wherever in the file it stands.
fn member<T: DeserializeOwned>(bytes: &[u8], key: &str) -> Result<T, ImportError> {
    let at = bytes.windows(key.len()).position(|window| window == key.as_bytes());
    let at = at.ok_or_else(|| ImportError::malformed(1, format!("a member {key}"), "none"))?;
    let line = 1 + bytes[..at].iter().filter(|&&byte| byte == b'\n').count() as u64;
    let mut values = serde_json::Deserializer::from_slice(&bytes[at + key.len()..]).into_iter::<T>();
    match values.next() {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => {
            let error = json::fault(&error, WHAT);
            Err(ImportError { line: error.line.map(|own| own + line - 1), ..error })
        }
        None => Err(ImportError::malformed(line, WHAT, "the end of the file within it")),
    }
}

fn readings(counters: &BTreeMap<String, f64>, gauges: &BTreeMap<String, f64>) -> Vec<Reading> {
    let names = gauges.keys().filter_map(|key| key.strip_suffix(PERCENTILES[0].0));
    names.map(|name| reading(name, counters.get(name).copied().unwrap_or(0.0), gauges)).collect()
}

fn reading(name: &str, count: f64, gauges: &BTreeMap<String, f64>) -> Reading {
    let points = PERCENTILES.iter().filter_map(|(suffix, q)| Some((*q, *gauges.get(&format!("{name}{suffix}"))?)));
    let mut points: Vec<(f64, f64)> = points.collect();
    let descending = points.windows(2).any(|pair| pair[0].1 > pair[1].1);
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut largest = f64::NEG_INFINITY;
    for point in &mut points {
        largest = largest.max(point.1);
        point.1 = largest;
    }
    let measured = if points.iter().all(|point| point.1 == 0.0) { 0.0 } else { count.max(0.0) };
    let (data, beyond) = quantiles::histogram(&points, 0.0, measured);
    let mut reading = Reading::new(data, measured as u64)
        .with_name(name)
        .with_tool("spigo")
        .with_detected_unit(Unit::Time(TimeUnit::Nanosecond), "spigo writes nanoseconds");
    reading.notes.push("interpolated between six percentiles; values below p50 are spread evenly from 0".to_owned());
    if measured > 0.0 {
        let share = 100.0 * beyond;
        let message = format!("nothing is known beyond p99.9: {share:.1} % of the values are put at {largest} ns");
        reading.warnings.push(Warning::new("unknown-tail", message));
    }
    if descending {
        let message = "percentiles that descend are raised to the one before";
        reading.warnings.push(Warning::new("contradictory", message));
    }
    reading
}
