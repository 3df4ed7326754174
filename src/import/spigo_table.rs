//! spigo's histogram tables of 2016: a name, its own idea of two quantiles, and rows `From To Count Prob Bar`.
//!
//! ```text
//! name: lamp.*.*..www00...www.denominator_net     name: ...
//! quantiles: [{50 10239} {99 81919}]              count: 148
//! From   To     Count  Prob    Bar                gauges: map[50:10751 99:110591]
//! 2048   2559   1      0.0714  :#######               From,      To,   Count,   Prob, Bar
//! 6656   7167   1      0.0714  :#######               1536,    2047,       2, 0.0135, :####
//! ```
//!
//! The counts are exact. The quantiles line is informational, since it is taken over another window of time than the
//! table; a contradiction is a warning. Bars say nothing that the counts do not.

use super::cells;
use super::detect::{Prefix, Verdict};
use super::error::{ImportError, quoted};
use super::format::Format;
use super::importer::Importer;
use super::measurement::Reading;
use super::source::Source;
use super::{ImportOptions, decimal};
use crate::dist::{Cell, Empirical};
use crate::problem::Warning;
use crate::units::{TimeUnit, Unit};

/// Value at which spigo clamps what it records, in ns.
pub(super) const CLAMP_NS: f64 = 1_000_000.0;

/// The importer.
pub(crate) struct SpigoTable;

impl Importer for SpigoTable {
    fn format(&self) -> Format {
        Format::SpigoTable
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        if !prefix.first_line().starts_with(b"name:") {
            return Verdict::No("no line `name:` at the top");
        }
        if prefix.lines().any(is_header) { Verdict::Yes } else { Verdict::No("no line `From To Count Prob Bar`") }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut table = Table::default();
        let mut lines = source.into_lines();
        while let Some(line) = lines.next()? {
            let line = line.to_vec();
            table.take(&line, lines.number())?;
        }
        table.into_reading(lines.number()).map(|reading| vec![reading])
    }
}

/// Whether a line is the header of the rows.
fn is_header(line: &[u8]) -> bool {
    let mut words = words(line);
    words.next() == Some(b"From") && words.next() == Some(b"To") && words.next() == Some(b"Count")
}

/// The words of a line, which blanks or commas part.
fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| matches!(byte, b' ' | b'\t' | b',')).filter(|word| !word.is_empty())
}

#[derive(Default)]
struct Table {
    name: String,
    /// Count that the file states beside the table.
    stated: Option<f64>,
    /// Quantiles that the file states beside the table, in percent.
    quantiles: Vec<(f64, f64)>,
    has_header: bool,
    cells: Vec<Cell>,
    nul_bytes: usize,
}

impl Table {
    fn take(&mut self, line: &[u8], number: u64) -> Result<(), ImportError> {
        let nul_bytes = line.iter().filter(|&&byte| byte == 0).count();
        self.nul_bytes += nul_bytes;
        let cleaned: Vec<u8>;
        let line = if nul_bytes > 0 {
            cleaned = line.iter().copied().filter(|&byte| byte != 0).collect();
            &cleaned
        } else {
            line
        };
        let line = line.trim_ascii();
        if line.is_empty() {
            return Ok(());
        }
        if self.has_header {
            return self.take_row(line, number);
        }
        if is_header(line) {
            self.has_header = true;
        } else if let Some(name) = line.strip_prefix(b"name:") {
            self.name = String::from_utf8_lossy(name.trim_ascii()).into_owned();
        } else if let Some(count) = line.strip_prefix(b"count:") {
            let count = decimal::parse(count);
            self.stated =
                Some(count.ok_or_else(|| ImportError::malformed(number, "`count:` and a number", quoted(line)))?);
        } else if let Some(text) = line.strip_prefix(b"quantiles:").or_else(|| line.strip_prefix(b"gauges:")) {
            let quantiles = parse_quantiles(text);
            let expected = "quantiles as `[{50 6655} {99 20479}]` or `map[50:6655 99:20479]`";
            self.quantiles = quantiles.ok_or_else(|| ImportError::malformed(number, expected, quoted(line)))?;
        } else {
            let expected = "`name:`, `count:`, `gauges:`, `quantiles:` or the header of the table";
            return Err(ImportError::malformed(number, expected, quoted(line)));
        }
        Ok(())
    }

    fn take_row(&mut self, line: &[u8], number: u64) -> Result<(), ImportError> {
        let mut numbers = words(line).map(decimal::parse);
        let (Some(Some(low)), Some(Some(high)), Some(Some(weight)), Some(Some(_))) =
            (numbers.next(), numbers.next(), numbers.next(), numbers.next())
        else {
            return Err(ImportError::malformed(number, "a row `From To Count Prob Bar`", quoted(line)));
        };
        if low > high || weight < 0.0 {
            let expected = "a row with From at most To and a count of at least 0";
            return Err(ImportError::malformed(number, expected, quoted(line)));
        }
        if self.cells.last().is_some_and(|last| low <= last.high) {
            let expected = format!("a row beyond {}, where the row before ends", self.cells[self.cells.len() - 1].high);
            return Err(ImportError::malformed(number, expected, quoted(line)));
        }
        self.cells.push(Cell { low, high, weight });
        Ok(())
    }

    fn into_reading(self, last_line: u64) -> Result<Reading, ImportError> {
        if !self.has_header {
            return Err(ImportError::malformed(
                last_line,
                "the header `From To Count Prob Bar`",
                "the end of the file",
            ));
        }
        let total = cells::total(&self.cells);
        let data = cells::histogram(self.cells);
        let mut reading = Reading::new(data, total as u64)
            .with_tool("spigo")
            .with_detected_unit(Unit::Time(TimeUnit::Nanosecond), "spigo writes nanoseconds");
        if !self.name.is_empty() {
            reading.name = Some(self.name);
        }
        if self.nul_bytes > 0 {
            let message = format!("{} NUL bytes are skipped; several writers may have shared the file", self.nul_bytes);
            reading.warnings.push(Warning::new("nul-bytes", message));
        }
        if let Some(stated) = self.stated.filter(|stated| *stated != total) {
            let message =
                format!("the file states a count of {stated}, but its table holds {total}; the table is used");
            reading.warnings.push(Warning::new("contradictory", message));
        }
        if let Empirical::Histogram(cells) = &reading.data {
            let warnings = [contradiction(cells, &self.quantiles), clamped(cells)];
            reading.warnings.extend(warnings.into_iter().flatten());
        }
        Ok(reading)
    }
}

/// Quantiles in percent with their values, from `[{50 6655} {99 20479}]` or `map[50:6655 99:20479]`.
fn parse_quantiles(text: &[u8]) -> Option<Vec<(f64, f64)>> {
    let text = text.trim_ascii();
    let body = text.strip_prefix(b"map[").or_else(|| text.strip_prefix(b"["))?.strip_suffix(b"]")?;
    let numbers: Option<Vec<f64>> = body
        .split(|byte| matches!(byte, b' ' | b'{' | b'}' | b':'))
        .filter(|word| !word.is_empty())
        .map(decimal::parse)
        .collect();
    let numbers = numbers?;
    (numbers.len() % 2 == 0).then(|| numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect())
}

/// A warning if a stated quantile lies in another cell than the table puts it, by more than one value.
fn contradiction(cells: &[Cell], quantiles: &[(f64, f64)]) -> Option<Warning> {
    let total = cells::total(cells);
    let differing = quantiles.iter().find(|&&(percent, value)| {
        let before: f64 = cells.iter().filter(|cell| cell.high < value).map(|cell| cell.weight).sum();
        let through: f64 = cells.iter().filter(|cell| cell.low <= value).map(|cell| cell.weight).sum();
        let rank = percent / 100.0 * total;
        if total == 0.0 { value != 0.0 } else { rank < before - 1.0 || rank > through + 1.0 }
    });
    differing.map(|(percent, value)| {
        let own = cells::quantile_cell(cells, percent / 100.0).map_or("no values".to_owned(), |at| {
            let cell = cells[at];
            format!("p{percent} between {} and {}", cell.low, cell.high)
        });
        let message =
            format!("the quantiles line puts p{percent} at {value}, but the table has {own}; the table is used");
        let help = "spigo takes that line over the last minute and the table over up to five";
        Warning::new("contradictory", message).with_help(help)
    })
}

/// A warning if values lie in the cell into which spigo puts all that exceed its limit.
fn clamped(cells: &[Cell]) -> Option<Warning> {
    let last = cells.last().filter(|cell| cell.low <= CLAMP_NS && cell.high >= CLAMP_NS)?;
    Some(clamped_warning(last.weight, cells::total(cells), last.low))
}

/// The warning that `weight` of `total` values are at a limit, above `from`.
pub(super) fn clamped_warning(weight: f64, total: f64, from: f64) -> Warning {
    let percent = 100.0 * weight / total;
    let message = format!(
        "{weight} of {total} values ({percent:.2} %) are at or above {from} ns, where spigo clamps at 1 ms; the tail beyond is unknown"
    );
    Warning::new("clamped", message).with_help("import the `.guess` of the same run, which is not clamped")
}
