//! Delimited text: a column of values, or a column of values with their counts.
//!
//! The delimiter (`,` `;` tab `|` or blanks) is that of the first line. The column is the one that the user names; else
//! the only one; else the only one whose name says that it is a time or a value. Anything less clear is an error that
//! lists the columns. `value,count` stays a histogram.

use super::cells;
use super::detect::{Prefix, Verdict};
use super::error::{ImportError, ImportErrorKind, quoted};
use super::format::Format;
use super::importer::Importer;
use super::measurement::Reading;
use super::record::{Delimiter, field, fields};
use super::samples::{ValueColumn, is_skipped, is_value, unit_in_name};
use super::source::{Lines, Source};
use super::{ImportOptions, decimal};
use crate::dist::{Cell, Empirical};
use crate::problem::Warning;
use crate::units::Unit;

/// Distinct values that a `value,count` file may have.
const DISTINCT_MAX: usize = 4_000_000;

/// Names of a column of counts.
const COUNT_NAMES: [&str; 8] = ["count", "counts", "frequency", "freq", "weight", "hits", "n", "total"];

/// Words that make a column the one with the measured values.
const VALUE_WORDS: [&str; 9] =
    ["latency", "duration", "elapsed", "value", "values", "responsetime", "response", "took", "rt"];

/// The importer.
pub(crate) struct Csv;

impl Importer for Csv {
    fn format(&self) -> Format {
        Format::Csv
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        const LINES: usize = 6;
        let lines: Vec<&[u8]> = prefix.lines().filter(|line| !is_skipped(line.trim_ascii())).take(LINES).collect();
        let Some(delimiter) = lines.first().and_then(|line| Delimiter::of(line)) else {
            return Verdict::No("no delimiter in the first line");
        };
        let rows: Vec<_> = lines.iter().map(|line| fields(line, delimiter)).collect();
        let width = rows[0].len();
        if rows.iter().any(|row| row.len() != width) {
            return Verdict::No("lines with different numbers of columns");
        }
        let body = if rows[0].iter().any(|field| is_value(field)) { &rows[..] } else { &rows[1..] };
        if body.is_empty() && prefix.whole {
            let measured = rows[0].iter().any(|name| is_measure(&String::from_utf8_lossy(name).to_lowercase()));
            return if measured { Verdict::Yes } else { Verdict::No("a single line without numbers") };
        }
        let numeric = |at: usize| body.iter().all(|row| is_value(&row[at]) || decimal::is_missing(&row[at]));
        if !body.is_empty() && (0..width).any(numeric) { Verdict::Yes } else { Verdict::No("no column of numbers") }
    }

    fn read(&self, source: Source<'_>, options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut lines = source.into_lines();
        let Some(first) = next_line(&mut lines)? else {
            return Err(ImportError::malformed(1, "a line with columns", "nothing"));
        };
        let delimiter = Delimiter::of(&first).unwrap_or(Delimiter::COMMA);
        let header: Vec<Vec<u8>> = fields(&first, delimiter).into_iter().map(std::borrow::Cow::into_owned).collect();
        let has_header = !header.iter().any(|field| is_value(field));
        let names = has_header.then_some(&header[..]);
        let columns = Columns::choose(names, header.len(), options)?;
        let first = (!has_header).then_some(first);
        let mut reading = match columns.count {
            Some(count) => read_counts(&mut lines, first, delimiter, columns.value, count)?,
            None => read_values(&mut lines, first, delimiter, columns.value, names)?,
        };
        if let Some(unit) =
            names.and_then(|names| unit_in_name(&names[columns.value])).filter(|_| reading.unit.is_none())
        {
            reading = reading.with_detected_unit(Unit::Time(unit), "the header names it");
        }
        reading.notes.extend(columns.note);
        Ok(vec![reading])
    }
}

/// Whether a lower-case name has a word that makes its column the measured one.
pub(super) fn is_measure(name: &str) -> bool {
    name.split(|c: char| !c.is_alphanumeric()).any(|word| VALUE_WORDS.contains(&word))
}

/// The next line that is neither blank nor a comment.
fn next_line(lines: &mut Lines<'_>) -> Result<Option<Vec<u8>>, ImportError> {
    while let Some(line) = lines.next()? {
        if !is_skipped(line.trim_ascii()) {
            return Ok(Some(line.to_vec()));
        }
    }
    Ok(None)
}

/// Which columns hold the values and their counts, counted from 0.
struct Columns {
    value: usize,
    count: Option<usize>,
    note: Option<String>,
}

impl Columns {
    fn choose(names: Option<&[Vec<u8>]>, width: usize, options: &ImportOptions) -> Result<Self, ImportError> {
        let texts: Vec<String> = match names {
            Some(names) => names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect(),
            None => (1..=width).map(|number| number.to_string()).collect(),
        };
        if let Some(wanted) = &options.column {
            let by_name = texts.iter().position(|text| text == wanted);
            let by_number = || wanted.parse::<usize>().ok().filter(|n| (1..=width).contains(n)).map(|n| n - 1);
            return match by_name.or_else(by_number) {
                Some(value) => Ok(Self { value, count: None, note: Some(format!("column `{wanted}`")) }),
                None => {
                    let kind = ImportErrorKind::NoSuchColumn { wanted: wanted.clone(), available: texts };
                    Err(ImportError::new(kind))
                }
            };
        }
        if width == 1 {
            return Ok(Self { value: 0, count: None, note: None });
        }
        let plain: Vec<String> = texts.iter().map(|text| text.trim().to_lowercase()).collect();
        if names.is_some() && width == 2 && COUNT_NAMES.contains(&plain[1].as_str()) {
            return Ok(Self { value: 0, count: Some(1), note: Some("a value and its count a line".to_owned()) });
        }
        let measures: Vec<usize> = (0..width).filter(|&at| names.is_some() && is_measure(&plain[at])).collect();
        match measures[..] {
            [value] => {
                let note = Some(format!("column `{}`, chosen by its name", texts[value]));
                Ok(Self { value, count: None, note })
            }
            _ => Err(ImportError::new(ImportErrorKind::ColumnNeeded { available: texts })),
        }
    }
}

fn read_values(
    lines: &mut Lines<'_>,
    first: Option<Vec<u8>>,
    delimiter: Delimiter,
    at: usize,
    names: Option<&[Vec<u8>]>,
) -> Result<Reading, ImportError> {
    let mut column = ValueColumn::default();
    if let Some(name) = names.map(|names| &names[at]) {
        column.unit_of_header = unit_in_name(name).map(|unit| (unit, quoted(name)));
    }
    if let Some(first) = first {
        take_value(&mut column, &first, delimiter, at, lines.number())?;
    }
    while let Some(line) = lines.next()? {
        if let Some(value) = field(line, delimiter, at).and_then(|field| column.plain(&field)) {
            column.values.push(value);
        } else if !is_skipped(line.trim_ascii()) {
            let line = line.to_vec();
            take_value(&mut column, &line, delimiter, at, lines.number())?;
        }
    }
    Ok(column.into_reading())
}

fn take_value(
    column: &mut ValueColumn,
    line: &[u8],
    delimiter: Delimiter,
    at: usize,
    number: u64,
) -> Result<(), ImportError> {
    match field(line, delimiter, at) {
        Some(text) => column.take(&text, number),
        None => Err(ImportError::malformed(number, format!("at least {} columns", at + 1), quoted(line))),
    }
}

fn read_counts(
    lines: &mut Lines<'_>,
    first: Option<Vec<u8>>,
    delimiter: Delimiter,
    value_at: usize,
    count_at: usize,
) -> Result<Reading, ImportError> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut fractional = false;
    let mut next = first.or(next_line(lines)?);
    while let Some(line) = next {
        let number = |at: usize| field(&line, delimiter, at).and_then(|field| decimal::parse(&field));
        let (Some(value), Some(weight)) = (number(value_at), number(count_at).filter(|count| *count >= 0.0)) else {
            let expected = "a value and a count of at least 0";
            return Err(ImportError::malformed(lines.number(), expected, quoted(&line)));
        };
        fractional |= weight.fract() != 0.0;
        cells.push(Cell { low: value, high: value, weight });
        if cells.len() >= 2 * DISTINCT_MAX {
            cells = merge_equal(cells, lines.number())?;
        }
        next = next_line(lines)?;
    }
    let total = cells::total(&cells);
    let mut reading = Reading::new(cells::histogram(cells), total.round() as u64);
    if fractional {
        let message = "counts with fractions are taken as weights; how many values they stand for is not known";
        reading.warnings.push(Warning::new("fractional-counts", message));
    }
    Ok(reading)
}

/// The cells with equal values added up, so that a file of few values and many lines stays small.
fn merge_equal(cells: Vec<Cell>, line: u64) -> Result<Vec<Cell>, ImportError> {
    match cells::histogram(cells) {
        Empirical::Histogram(cells) if cells.len() <= DISTINCT_MAX => Ok(cells.to_vec()),
        _ => {
            let kind = ImportErrorKind::TooMuch { limit: DISTINCT_MAX as u64, what: "distinct values with counts" };
            Err(ImportError::at(line, kind))
        }
    }
}
