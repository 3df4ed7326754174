//! oha's JSON summary: percentiles of the response time with the fastest and the slowest, in seconds.
//!
//! oha keeps no values, so the distribution between the percentiles is interpolated. Its histogram of ten equal steps
//! says less about the tail than the percentiles do and is used for the count alone.

use super::detect::{Prefix, Verdict};
use super::error::{ImportError, ImportErrorKind};
use super::format::Format;
use super::importer::Importer;
use super::json::read_document;
use super::measurement::Reading;
use super::source::Source;
use super::{ImportOptions, quantiles};
use crate::units::{TimeUnit, Unit};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The importer.
pub(crate) struct Oha;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    summary: Summary,
    latency_percentiles: BTreeMap<String, Option<f64>>,
    response_time_histogram: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct Summary {
    fastest: Option<f64>,
    slowest: Option<f64>,
}

impl Importer for Oha {
    fn format(&self) -> Format {
        Format::Oha
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        let has = |key: &[u8]| prefix.contains(key);
        let is_object = prefix.first_byte() == Some(b'{');
        if is_object && has(b"\"responseTimeHistogram\"") && has(b"\"latencyPercentiles\"") {
            Verdict::Yes
        } else {
            Verdict::No("no `latencyPercentiles`")
        }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let (document, trailing) = read_document::<Document>(&mut source.into_reader(), "oha's summary in JSON")?;
        let mut points: Vec<(f64, f64)> = document
            .latency_percentiles
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix('p')?.parse::<f64>().ok()? / 100.0, (*value)?)))
            .collect();
        let (Some(fastest), Some(slowest), false) =
            (document.summary.fastest, document.summary.slowest, points.is_empty())
        else {
            let (found, help) = ("a summary without response times".to_owned(), "check that requests were answered");
            return Err(ImportError::new(ImportErrorKind::NothingMeasured { found, help }));
        };
        points.push((1.0, slowest));
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        if points.windows(2).any(|pair| pair[0].1 > pair[1].1) || points[0].1 < fastest {
            return Err(ImportError::malformed(1, "percentiles that ascend", "some that descend"));
        }
        let count: u64 = document.response_time_histogram.values().fold(0, |sum, n| sum.saturating_add(*n));
        let (data, _) = quantiles::histogram(&points, fastest, count as f64);
        let mut reading = Reading::new(data, count)
            .with_tool("oha")
            .with_detected_unit(Unit::Time(TimeUnit::Second), "oha writes seconds");
        reading.notes.push(format!("interpolated between {} percentiles and the fastest", points.len()));
        reading.warnings.extend(trailing);
        Ok(vec![reading])
    }
}
