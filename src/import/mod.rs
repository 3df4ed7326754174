//! Imports measured distributions: a file a format, recognised by content, with provenance and warnings as values.
//!
//! ```text
//! file --gunzip--> first 64 KiB --detect--> format --read--> readings --unit, correction, checks--> measurements
//! ```
//!
//! Files are streamed, never held: memory is bounded by what a distribution needs, not by the length of the file. A
//! histogram stays a histogram. Units are detected, given, or absent, and the measurement says which. Formats that
//! describe calls rather than values (traces, architectures) are refused here by name.

mod accumulator;
mod cells;
mod counts;
mod csv;
mod data_reader;
mod decimal;
mod detect;
mod error;
mod format;
mod guesstimate;
mod hdr_batch;
mod hdr_payload;
mod hgrm;
mod hlog;
mod hyperfine;
mod importer;
mod json;
mod json_array;
mod k6;
pub(crate) mod layout;
mod log_linear;
mod measurement;
mod moment;
mod oha;
mod outcome;
mod prometheus;
mod quantiles;
mod record;
mod samples;
mod source;
mod spigo_dots;
mod spigo_gauges;
mod spigo_table;
mod vegeta;

pub use accumulator::EXACT_COUNT_MAX;
pub use data_reader::FileData;
pub use error::{ImportError, ImportErrorKind};
pub use format::Format;
pub use measurement::{Measurement, Provenance, TimeRange, UnitNote};
pub use outcome::recording_of;

use crate::dist::{Cell, Empirical};
use crate::problem::Warning;
use crate::units::Unit;
use importer::Importer;
use measurement::Reading;
use source::Source;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// How to read a file. The default detects everything and corrects nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Format; detected by content when absent.
    pub format: Option<Format>,
    /// Column of values in a CSV: its name in the header, or its number counted from 1.
    pub column: Option<String>,
    /// Which distribution of several: an `.hlog` tag, a metric's name or id, a Prometheus series, a k6 metric.
    pub tag: Option<String>,
    /// Unit of the values in the file; overrides what the file says.
    pub unit: Option<Unit>,
    /// Interval at which requests should have been sent; corrects for coordinated omission as HdrHistogram does.
    pub expected_interval: Option<Duration>,
    /// Name of the measurement; where the file holds several, it goes before their own names.
    pub name: Option<String>,
}

/// Values below which a measurement carries the warning `few-values`.
const FEW_VALUES: u64 = 100;

/// Code of that warning.
const FEW_VALUES_CODE: &str = "few-values";

/// Values that a correction takes one by one, at most; more are first counted in log-linear cells.
const CORRECTED_EXACTLY_MAX: usize = 50_000;

/// Distributions in one file, at most.
pub(crate) const DISTRIBUTIONS_MAX: usize = 100_000;

/// Reads every distribution of the file at `path`, or the one that `options.tag` names.
///
/// # Errors
/// - [`ImportErrorKind::Io`] if it cannot be opened, read or decompressed.
/// - Otherwise as [`read_from`].
///
/// # Cost
/// One pass; memory for the distributions and one buffer.
///
/// # Examples
/// ```no_run
/// use tailcast::import::{ImportOptions, read};
/// for measurement in read("storage_load00_resp.csv".as_ref(), &ImportOptions::default())? {
///     println!("{}: {} values, {}", measurement.name, measurement.count, measurement.unit_note);
/// }
/// # Ok::<(), tailcast::import::ImportError>(())
/// ```
pub fn read(path: &Path, options: &ImportOptions) -> Result<Vec<Measurement>, ImportError> {
    let name = path.to_string_lossy();
    let file = File::open(path).map_err(|error| ImportError::from(error).in_file(&name))?;
    read_from(file, &name, options)
}

/// Reads every distribution of `reader`, or the one that `options.tag` names; `file` is its name for messages.
///
/// # Errors
/// - [`ImportErrorKind::Io`] if reading or decompressing fails.
/// - [`ImportErrorKind::EmptyFile`], [`ImportErrorKind::UnknownFormat`], [`ImportErrorKind::AmbiguousFormat`] or
///   [`ImportErrorKind::Foreign`] if the content decides for no format.
/// - [`ImportErrorKind::Malformed`], [`ImportErrorKind::Unsupported`] or [`ImportErrorKind::TooMuch`], with the line,
///   if the content departs from its format or exceeds a limit.
/// - [`ImportErrorKind::ColumnNeeded`], [`ImportErrorKind::NoSuchColumn`] or [`ImportErrorKind::NoSuchTag`] if the
///   options do not fit the file; each lists what there is.
/// - [`ImportErrorKind::NothingMeasured`] if the file is well formed but has no measured values in it.
/// - [`ImportErrorKind::IntervalNeedsTime`] if there is an expected interval and the values have no unit of time.
///
/// # Examples
/// ```
/// use tailcast::import::{ImportOptions, read_from};
/// let text = "name: a_resp\nquantiles: [{50 1023} {99 1023}]\nFrom  To    Count  Prob    Bar\n512   1023  8      1.0  :#\n";
/// let measurements = read_from(text.as_bytes(), "a_resp.csv", &ImportOptions::default())?;
/// assert_eq!(measurements[0].count, 8);
/// assert_eq!(measurements[0].unit.as_ref().unwrap().symbol(), "ns");
/// # Ok::<(), tailcast::import::ImportError>(())
/// ```
pub fn read_from(reader: impl Read, file: &str, options: &ImportOptions) -> Result<Vec<Measurement>, ImportError> {
    read_unnamed(reader, file, options).map_err(|error| error.in_file(file))
}

/// Format that the content of `reader` decides for; `None` if it is nothing measured, or decides for none.
///
/// # Errors
/// [`ImportErrorKind::Io`] if reading or decompressing fails.
///
/// # Examples
/// ```
/// use tailcast::import::{Format, format_of};
/// assert_eq!(format_of(&b"5\n7\n9\n"[..])?, Some(Format::Samples));
/// assert_eq!(format_of(&b"[metrics]\nhit = 60\n"[..])?, None);
/// # Ok::<(), tailcast::import::ImportError>(())
/// ```
pub fn format_of(reader: impl Read) -> Result<Option<Format>, ImportError> {
    let source = Source::open(reader)?;
    Ok(detect::choose(&source, None).ok().map(Importer::format))
}

fn read_unnamed(reader: impl Read, file: &str, options: &ImportOptions) -> Result<Vec<Measurement>, ImportError> {
    let source = Source::open(reader)?;
    let importer = detect::choose(&source, options.format)?;
    let readings = select(importer.read(source, options)?, options.tag.as_deref())?;
    let several = readings.len() > 1;
    readings.into_iter().map(|reading| finish(reading, importer.format(), file, several, options)).collect()
}

/// The readings that `tag` names, or all of them.
fn select(readings: Vec<Reading>, tag: Option<&str>) -> Result<Vec<Reading>, ImportError> {
    let Some(tag) = tag else { return Ok(readings) };
    let named = |reading: &Reading| reading.name.as_deref() == Some(tag) || reading.aliases.iter().any(|a| a == tag);
    if !readings.iter().any(named) {
        let available = readings.into_iter().filter_map(|reading| reading.name).collect();
        return Err(ImportError::new(ImportErrorKind::NoSuchTag { wanted: tag.to_owned(), available }));
    }
    Ok(readings.into_iter().filter(named).collect())
}

/// Applies the options that concern every format, and adds the warnings that any distribution may deserve.
fn finish(
    mut reading: Reading,
    format: Format,
    file: &str,
    several: bool,
    options: &ImportOptions,
) -> Result<Measurement, ImportError> {
    apply_unit(&mut reading, options.unit.as_ref());
    if let Some(interval) = options.expected_interval.filter(|interval| !interval.is_zero()) {
        apply_interval(&mut reading, interval)?;
    }
    warn_of_few(&mut reading);
    let own = reading.name.unwrap_or_else(|| stem(file).to_owned());
    let name = match &options.name {
        Some(given) if several => format!("{given} {own}"),
        Some(given) => given.clone(),
        None => own,
    };
    Ok(Measurement {
        name,
        data: reading.data,
        count: reading.count,
        unit: reading.unit,
        unit_note: reading.unit_note,
        provenance: Provenance {
            file: file.to_owned(),
            format,
            tool: reading.tool,
            time_range: reading.time_range,
            notes: reading.notes,
        },
        warnings: reading.warnings,
    })
}

fn apply_unit(reading: &mut Reading, given: Option<&Unit>) {
    if let Some(given) = given {
        if let (Some(own), UnitNote::Detected(_)) = (&reading.unit, &reading.unit_note)
            && own != given
        {
            let message = format!("the unit given is `{given}`, but the file is in `{own}`");
            let help = format!("leave the unit out to read the values in `{own}`");
            reading.warnings.push(Warning::new("unit-contradicted", message).with_help(help));
        }
        reading.unit = Some(given.clone());
        reading.unit_note = UnitNote::Given;
    } else if let (Some(unit), UnitNote::Assumed(why)) = (&reading.unit, &reading.unit_note) {
        let message = format!("the unit is assumed to be `{unit}`: {why}");
        reading.warnings.push(Warning::new("unit-assumed", message).with_help("give it with `--unit`"));
    }
}

fn apply_interval(reading: &mut Reading, interval: Duration) -> Result<(), ImportError> {
    let Some(unit) = reading.unit.as_ref().and_then(Unit::time) else {
        let found = reading.unit.as_ref().map_or("values without a unit".to_owned(), |unit| format!("`{unit}`"));
        return Err(ImportError::new(ImportErrorKind::IntervalNeedsTime { found }));
    };
    let ticks = interval.as_nanos() as f64 / unit.nanoseconds();
    let cells: Vec<Cell> = match &reading.data {
        Empirical::Histogram(cells) => cells.to_vec(),
        Empirical::Values(values) if values.len() > CORRECTED_EXACTLY_MAX => log_linear::cells_of(values),
        Empirical::Values(values) => values.iter().map(|&v| Cell { low: v, high: v, weight: 1.0 }).collect(),
    };
    // Values are few, but the lookup of a cell needs them in order and once each.
    let Empirical::Histogram(cells) = cells::histogram(cells) else { return Ok(()) };
    let steps_max = cells::CORRECTION_STEPS_MAX;
    let corrected = match reading.layout {
        Some(layout) => cells::correct(&cells, ticks, steps_max, |value| layout.cell_around(value)),
        None => cells::correct(&cells, ticks, steps_max, |value| cells::locate(&cells, value)),
    };
    let Some(corrected) = corrected else {
        let what = "steps of correction (the expected interval is too short for these values)";
        return Err(ImportError::new(ImportErrorKind::TooMuch { limit: cells::CORRECTION_STEPS_MAX, what }));
    };
    if corrected.added > 0.0 {
        reading.data = corrected.data;
    }
    reading.notes.push(format!(
        "corrected for coordinated omission with an expected interval of {interval:?}: {} values added to {}",
        corrected.added, reading.count
    ));
    Ok(())
}

fn warn_of_few(reading: &mut Reading) {
    if reading.count == 0 {
        let help = "check that the run made requests that were answered";
        reading.warnings.push(Warning::new("empty", "the file holds no values").with_help(help));
    } else if reading.count < FEW_VALUES {
        let message = format!("{} values are few: no value need lie beyond p99", reading.count);
        reading.warnings.push(Warning::new(FEW_VALUES_CODE, message).with_help("measure at least 1000 for a p99"));
    }
}

/// Name of a file without its folders and extensions.
fn stem(file: &str) -> &str {
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let base = base.strip_suffix(".gz").unwrap_or(base);
    match base.rfind('.') {
        Some(at) if at > 0 => &base[..at],
        _ => base,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_file_without_folder_and_extensions() {
        assert_eq!(stem("a/b/run.1.csv.gz"), "run.1");
        assert_eq!(stem(".hidden"), ".hidden");
        assert_eq!(stem("-"), "-");
    }
}
