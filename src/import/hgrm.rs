//! HdrHistogram percentile tables (`.hgrm`), as also printed by wrk2 `--latency` and vegeta `hdrplot`.
//!
//! ```text
//!        Value     Percentile TotalCount 1/(1-Percentile)
//!        0.921 0.000000000000          1           1.00
//!       27.519 1.000000000000      10000            inf
//! #[Mean    =       10.123, StdDeviation   =        3.456]
//! ```
//!
//! Counts between two rows are exact; where between the two values they lie is not known, so they are spread evenly.
//! One file may hold several tables: wrk2 prints one with and one without its correction.

use super::cells;
use super::detect::{Prefix, Verdict};
use super::error::{ImportError, quoted};
use super::format::Format;
use super::importer::Importer;
use super::measurement::Reading;
use super::source::Source;
use super::{ImportOptions, decimal};
use crate::dist::Cell;
use crate::problem::Warning;
use crate::units::{TimeUnit, Unit};

/// Relative difference between the mean of the table and the mean stated beside it that interpolation may make.
const MEAN_TOLERANCE: f64 = 0.05;

/// The importer.
pub(crate) struct Hgrm;

impl Importer for Hgrm {
    fn format(&self) -> Format {
        Format::Hgrm
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        if prefix.lines().any(|line| header_unit(line).is_some()) {
            Verdict::Yes
        } else {
            Verdict::No("no header `Value Percentile TotalCount 1/(1-Percentile)`")
        }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut lines = source.into_lines();
        let mut tables: Vec<Table> = Vec::new();
        let mut preamble = Preamble::default();
        let mut within = false;
        while let Some(line) = lines.next()? {
            let line = line.trim_ascii();
            if let Some(unit) = header_unit(line) {
                tables.push(Table { unit, title: preamble.title.take(), from_wrk2: preamble.wrk2, ..Table::default() });
                within = true;
            } else if let Some(table) = tables.last_mut().filter(|_| within && !line.is_empty()) {
                if line[0] == b'#' {
                    table.take_footer(line);
                } else if table.has_footer {
                    within = false;
                    preamble.take(line);
                } else {
                    let line = line.to_vec();
                    table.take_row(&line, lines.number())?;
                }
            } else {
                preamble.take(line);
            }
        }
        if tables.is_empty() {
            let expected = "the header `Value Percentile TotalCount 1/(1-Percentile)`";
            return Err(ImportError::malformed(lines.number().max(1), expected, "the end of the file"));
        }
        let several = tables.len() > 1;
        Ok(tables.into_iter().map(|table| table.into_reading(several)).collect())
    }
}

/// The fields of a line: parted by blanks or commas, without quotes.
fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| matches!(byte, b' ' | b'\t' | b',' | b'"')).filter(|word| !word.is_empty())
}

/// `Some` if the line is the header of a table: the unit that it names, if any.
fn header_unit(line: &[u8]) -> Option<Option<TimeUnit>> {
    let mut words = words(line);
    let value = words.next()?.strip_prefix(b"Value")?;
    (words.next()? == b"Percentile" && words.next()? == b"TotalCount").then(|| {
        let unit = value.strip_prefix(b"(")?.strip_suffix(b")")?;
        TimeUnit::parse(std::str::from_utf8(unit).ok()?)
    })
}

/// What stands before a table.
#[derive(Default)]
struct Preamble {
    wrk2: bool,
    title: Option<String>,
}

impl Preamble {
    fn take(&mut self, line: &[u8]) {
        if let Some(title) = line.strip_prefix(b"Latency Distribution (HdrHistogram - ") {
            self.wrk2 = true;
            let end = title.iter().position(|byte| matches!(byte, b'(' | b')')).unwrap_or(title.len());
            self.title = Some(String::from_utf8_lossy(title[..end].trim_ascii()).into_owned());
        }
    }
}

#[derive(Default)]
struct Table {
    unit: Option<TimeUnit>,
    title: Option<String>,
    from_wrk2: bool,
    rows: Vec<Row>,
    has_footer: bool,
    /// Unit that the footer names; only tables that this program writes have one.
    footer_unit: Option<Unit>,
    mean: Option<f64>,
    max: Option<f64>,
    total: Option<f64>,
}

#[derive(Clone, Copy)]
struct Row {
    value: f64,
    percentile: f64,
    total: f64,
}

impl Table {
    fn take_row(&mut self, line: &[u8], number: u64) -> Result<(), ImportError> {
        let mut numbers = words(line).map(decimal::parse);
        let (Some(Some(value)), Some(Some(percentile)), Some(Some(total))) =
            (numbers.next(), numbers.next(), numbers.next())
        else {
            return Err(ImportError::malformed(number, "a row of value, percentile and total count", quoted(line)));
        };
        if !(0.0..=1.0).contains(&percentile) {
            return Err(ImportError::malformed(number, "a percentile from 0 to 1", quoted(line)));
        }
        if self.rows.last().is_some_and(|last| value < last.value || total < last.total) {
            let expected = "a value and a total count not below those of the row before";
            return Err(ImportError::malformed(number, expected, quoted(line)));
        }
        self.rows.push(Row { value, percentile, total });
        Ok(())
    }

    /// `#[Mean = 1.2, StdDeviation = 3.4]`, `#[Max = 5.6, Total count = 7]`: the figures that can be checked.
    fn take_footer(&mut self, line: &[u8]) {
        self.has_footer = true;
        for part in line.split(|byte| matches!(byte, b'[' | b',' | b']')) {
            let Some(at) = part.iter().position(|&byte| byte == b'=') else { continue };
            let figure = decimal::parse(&part[at + 1..]);
            match part[..at].trim_ascii() {
                b"Unit" => self.footer_unit = Some(Unit::parse(&String::from_utf8_lossy(&part[at + 1..]))),
                b"Mean" => self.mean = figure,
                b"Max" => self.max = figure,
                b"Total count" | b"TotalCount" => self.total = figure,
                _ => {}
            }
        }
    }

    fn into_reading(self, several: bool) -> Reading {
        let mut cells = Vec::with_capacity(self.rows.len());
        let mut before = self.rows.first().map_or(0.0, |row| row.value);
        let mut reached = 0.0;
        for row in &self.rows {
            cells.push(Cell { low: before, high: row.value, weight: row.total - reached });
            (before, reached) = (row.value, row.total);
        }
        let own_mean = cells::mean(&cells);
        let mut reading = Reading::new(cells::histogram(cells), reached as u64);
        reading.notes.push(format!("interpolated between the {} rows of a percentile table", self.rows.len()));
        reading.warnings = self.warnings(own_mean);
        if self.from_wrk2 {
            reading = reading.with_tool("wrk2");
        }
        if let Some(title) = self.title.filter(|_| several) {
            reading.name = Some(title);
        }
        if let Some(unit) = self.footer_unit {
            return reading.with_detected_unit(unit, "the footer of the table names it");
        }
        match self.unit {
            Some(unit) => reading.with_detected_unit(Unit::Time(unit), "the header of the table names it"),
            None if self.from_wrk2 => {
                reading.with_detected_unit(Unit::Time(TimeUnit::Millisecond), "wrk2 writes milliseconds")
            }
            None => {
                let why = "percentile tables are in ms by convention";
                reading.with_assumed_unit(Unit::Time(TimeUnit::Millisecond), why)
            }
        }
    }

    fn warnings(&self, own_mean: Option<f64>) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut contradict = |message: String| warnings.push(Warning::new("contradictory", message));
        let last = self.rows.last();
        if let (Some(stated), Some(last)) = (self.total, last)
            && stated != last.total
        {
            contradict(format!("the footer states {stated} values, but the table ends at {}", last.total));
        }
        if let (Some(stated), Some(last)) = (self.max, last)
            && (stated - last.value).abs() > 0.005 * stated.abs()
        {
            contradict(format!("the footer states a maximum of {stated}, but the table ends at {}", last.value));
        }
        if let (Some(stated), Some(own)) = (self.mean, own_mean)
            && (stated - own).abs() > MEAN_TOLERANCE * stated.abs()
        {
            contradict(format!("the footer states a mean of {stated}, but the interpolated table has {own:.6}"));
        }
        if let Some(last) = last.filter(|last| last.percentile < 1.0) {
            let percent = 100.0 * (1.0 - last.percentile);
            let message = format!("the table ends at a percentile of {}: {percent:.4} % are missing", last.percentile);
            warnings.push(Warning::new("unknown-tail", message).with_help("check that the file is whole"));
        }
        warnings
    }
}
