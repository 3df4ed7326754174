//! Plain samples, one a line, with or without a header, and with or without a unit behind each number.
//!
//! Blank lines and lines that start with `#` are skipped. A value with a unit (`1.5ms`, `1m2.5s`) sets the unit of all;
//! a file that mixes values with and without one is refused, since nothing says what the bare ones mean.

use super::accumulator::Accumulator;
use super::detect::{Prefix, Verdict};
use super::error::{ImportError, ImportErrorKind, quoted};
use super::format::Format;
use super::importer::Importer;
use super::measurement::Reading;
use super::source::Source;
use super::{ImportOptions, csv, decimal};
use crate::units::{TimeUnit, Unit};

/// The importer.
pub(crate) struct Samples;

impl Importer for Samples {
    fn format(&self) -> Format {
        Format::Samples
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        const LINES: usize = 20;
        let mut lines = prefix.lines().map(<[u8]>::trim_ascii).filter(|line| !is_skipped(line)).take(LINES).peekable();
        let header = lines.next_if(|line| is_header(line));
        let names_values = header.is_some_and(|name| {
            unit_in_name(name).is_some() || csv::is_measure(&String::from_utf8_lossy(name).to_lowercase())
        });
        match lines.peek().copied() {
            None if names_values && prefix.whole => Verdict::Yes,
            None => Verdict::No("no line with a number"),
            Some(_) if lines.all(|line| is_value(line) || decimal::is_missing(line)) => Verdict::Yes,
            Some(_) => Verdict::No("not one number a line"),
        }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut lines = source.into_lines();
        let mut column = ValueColumn::default();
        let mut first = true;
        while let Some(line) = lines.next()? {
            if let Some(value) = column.plain(line) {
                column.values.push(value);
            } else if !is_skipped(line.trim_ascii()) {
                let line = line.trim_ascii().to_vec();
                if first && is_header(&line) {
                    column.unit_of_header = unit_in_name(&line).map(|unit| (unit, quoted(&line)));
                } else {
                    column.take(&line, lines.number())?;
                }
            } else {
                continue;
            }
            first = false;
        }
        Ok(vec![column.into_reading()])
    }
}

/// Whether a line without blanks around it is blank or a comment.
pub(super) fn is_skipped(line: &[u8]) -> bool {
    line.is_empty() || line[0] == b'#'
}

fn is_header(line: &[u8]) -> bool {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || b" _-.()[]\"/".contains(byte) || !byte.is_ascii();
    !is_value(line) && !decimal::is_missing(line) && line.iter().all(word) && line.iter().any(u8::is_ascii_alphabetic)
}

/// Whether a text is a number, with or without a unit.
pub(super) fn is_value(text: &[u8]) -> bool {
    decimal::parse(text).is_some() || parse_duration(text).is_some()
}

/// Values of one column as they stream in, all in one unit.
#[derive(Debug, Default)]
pub(super) struct ValueColumn {
    pub(super) values: Accumulator,
    /// Unit that the first value has behind it, if it has one.
    unit: Option<TimeUnit>,
    /// Unit that the header names, with the header.
    pub(super) unit_of_header: Option<(TimeUnit, String)>,
}

impl ValueColumn {
    /// The number that `text` is, when values of this column have no unit behind them: the common case, kept short.
    #[inline]
    pub(super) fn plain(&self, text: &[u8]) -> Option<f64> {
        if self.unit.is_some() { None } else { decimal::parse(text) }
    }

    /// Takes the value `text` at a line: a number, a number with a unit, or a word for a missing value.
    pub(super) fn take(&mut self, text: &[u8], line: u64) -> Result<(), ImportError> {
        let text = text.trim_ascii();
        if decimal::is_missing(text) {
            self.values.push_missing();
            return Ok(());
        }
        match (self.unit, decimal::parse(text), parse_duration(text)) {
            (None, Some(value), _) => self.values.push(value),
            (None, None, Some((_, unit))) if !self.values.is_empty() => {
                return Err(mixed_units(line, "a number without a unit, as before", text, unit));
            }
            (None, None, Some((value, unit))) => {
                self.unit = Some(unit);
                self.values.push(value / unit.nanoseconds());
            }
            (Some(unit), None, Some((value, _))) => self.values.push(value / unit.nanoseconds()),
            (Some(unit), Some(_), _) => return Err(mixed_units(line, "a number with a unit, as before", text, unit)),
            (_, None, None) => return Err(ImportError::malformed(line, "a number", quoted(text))),
        }
        Ok(())
    }

    /// The distribution of the column.
    pub(super) fn into_reading(self) -> Reading {
        let reading = self.values.into_reading();
        match (self.unit, self.unit_of_header) {
            (Some(unit), _) => reading.with_detected_unit(Unit::Time(unit), "the values have it behind them"),
            (None, Some((unit, header))) => {
                reading.with_detected_unit(Unit::Time(unit), format!("the header {header} names it"))
            }
            (None, None) => reading,
        }
    }
}

fn mixed_units(line: u64, expected: &str, text: &[u8], _unit: TimeUnit) -> ImportError {
    let help = Some("write all values in one unit");
    ImportError::at(line, ImportErrorKind::Malformed { expected: expected.to_owned(), found: quoted(text), help })
}

/// Nanoseconds that a duration such as `12.5ms`, `3 us` or `1m2.5s` stands for, and its (first) unit.
pub(super) fn parse_duration(text: &[u8]) -> Option<(f64, TimeUnit)> {
    let mut rest = std::str::from_utf8(text).ok()?.trim();
    let mut total = 0.0;
    let mut first = None;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-' || c == '+'))?;
        let value = decimal::parse(&rest.as_bytes()[..end])?;
        let tail = rest[end..].trim_start();
        let unit_end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        let unit = TimeUnit::parse(&tail[..unit_end])?;
        total += value * unit.nanoseconds();
        first = first.or(Some(unit));
        rest = tail[unit_end..].trim_start();
    }
    first.map(|unit| (total, unit))
}

/// Unit of time that a column's name ends with: `latency_ms`, `duration (us)`, `elapsedMs`, `seconds`.
pub(super) fn unit_in_name(name: &[u8]) -> Option<TimeUnit> {
    let name = std::str::from_utf8(name).ok()?;
    let last = name.split(|c: char| !c.is_alphanumeric()).rfind(|word| !word.is_empty())?;
    // A lone letter says too little: `m` may be metres or a mean.
    if let Some(unit) = TimeUnit::parse(&last.to_lowercase()).filter(|_| last.len() > 1 || last == "s") {
        return Some(unit);
    }
    let camel = last.rfind(|c: char| c.is_uppercase()).filter(|&at| at > 0)?;
    TimeUnit::parse(&last[camel..].to_lowercase()).filter(|_| last.len() > camel + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_add_up_to_nanoseconds() {
        assert_eq!(parse_duration(b"1.5ms"), Some((1.5e6, TimeUnit::Millisecond)));
        assert_eq!(parse_duration("12 µs".as_bytes()), Some((12e3, TimeUnit::Microsecond)));
        assert_eq!(parse_duration(b"1m2.5s"), Some((62.5e9, TimeUnit::Minute)));
        for text in ["", "ms", "12", "12 furlongs", "1ms x"] {
            assert_eq!(parse_duration(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn names_of_columns_tell_units() {
        for (name, unit) in [
            ("latency_ms", Some(TimeUnit::Millisecond)),
            ("duration (us)", Some(TimeUnit::Microsecond)),
            ("elapsedMs", Some(TimeUnit::Millisecond)),
            ("request_seconds", Some(TimeUnit::Second)),
            ("t_s", Some(TimeUnit::Second)),
            ("requests", None),
            ("distance_m", None),
            ("latency", None),
        ] {
            assert_eq!(unit_in_name(name.as_bytes()), unit, "{name}");
        }
    }
}
