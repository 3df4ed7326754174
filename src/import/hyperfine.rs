//! hyperfine's exported JSON: for each command the seconds that each of its runs took.

use super::ImportOptions;
use super::detect::{Prefix, Verdict};
use super::error::{ImportError, ImportErrorKind};
use super::format::Format;
use super::importer::Importer;
use super::json::{Numbers, read_document};
use super::measurement::Reading;
use super::source::Source;
use crate::units::{TimeUnit, Unit};
use serde::Deserialize;

/// The importer.
pub(crate) struct Hyperfine;

#[derive(Deserialize)]
struct Document {
    results: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    command: String,
    times: Option<Numbers>,
}

impl Importer for Hyperfine {
    fn format(&self) -> Format {
        Format::Hyperfine
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        let has = |key: &[u8]| prefix.contains(key);
        if prefix.first_byte() == Some(b'{') && has(b"\"results\"") && has(b"\"command\"") && has(b"\"stddev\"") {
            Verdict::Yes
        } else {
            Verdict::No("no `results` with a `command`")
        }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let what = "hyperfine's results in JSON";
        let (document, trailing) = read_document::<Document>(&mut source.into_reader(), what)?;
        let mut readings: Vec<Reading> = document
            .results
            .into_iter()
            .filter_map(|outcome| {
                let reading = outcome.times?.0.into_reading().with_name(outcome.command).with_tool("hyperfine");
                Some(reading.with_detected_unit(Unit::Time(TimeUnit::Second), "hyperfine writes seconds"))
            })
            .collect();
        match readings.first_mut() {
            Some(first) => first.warnings.extend(trailing),
            None => {
                let (found, help) =
                    ("results without the times of the runs".to_owned(), "export with a newer hyperfine");
                return Err(ImportError::new(ImportErrorKind::NothingMeasured { found, help }));
            }
        }
        Ok(readings)
    }
}
