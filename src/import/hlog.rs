//! HdrHistogram interval logs (`.hlog`): a histogram for each interval and tag, lossless.
//!
//! ```text
//! #[Histogram log format version 1.3]
//! #[StartTime: 1441812279.474 (seconds since epoch), ...]
//! "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
//! Tag=read,0.127,1.007,2.769,HISTFAAAAEV42pNpmSz...
//! ```
//!
//! The intervals of a tag are added up. Histograms of different precision are added too: their cells nest, and the
//! coarser one stays. The log holds integers and does not say of what unit; see `with_unit`.

use super::cells;
use super::counts::PagedCounts;
use super::detect::{Prefix, Verdict};
use super::error::{ImportError, ImportErrorKind, excerpt, quoted};
use super::format::Format;
use super::hdr_batch::{Batch, Decoded, Decoder};
use super::importer::Importer;
use super::layout::Layout;
use super::measurement::{Reading, TimeRange};
use super::source::Source;
use super::{DISTRIBUTIONS_MAX, ImportOptions, decimal};
use crate::dist::Cell;
use crate::problem::Warning;
use crate::units::{TimeUnit, Unit};
use std::collections::{BTreeSet, HashMap};

/// Counters that one log may need, all tags together: 512 MiB of them.
const COUNTERS_MAX: usize = 64 * 1024 * 1024;

/// Ratios between recorded values and the maximum column that tools use, smallest first.
const RATIOS: [f64; 4] = [1.0, 1e3, 1e6, 1e9];

/// Seconds in a year: start times within one are relative to the start of the log.
const YEAR_S: f64 = 365.0 * 86_400.0;

/// The importer.
pub(crate) struct Hlog;

impl Importer for Hlog {
    fn format(&self) -> Format {
        Format::Hlog
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        for line in prefix.lines() {
            if line.starts_with(b"#[Histogram log format") || line.starts_with(b"\"StartTimestamp\"") {
                return Verdict::Yes;
            }
            if !line.starts_with(b"#") && !line.trim_ascii().is_empty() {
                let is_interval = Interval::parse(line).is_ok_and(|interval| interval.payload.starts_with(b"HIST"));
                return if is_interval { Verdict::Yes } else { Verdict::No("no interval with a `HIST` payload") };
            }
        }
        match prefix.first_byte() {
            Some(b'#') if !prefix.whole => Verdict::NotThisFar,
            _ => Verdict::No("no interval with a `HIST` payload"),
        }
    }

    fn read(&self, source: Source<'_>, options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut log = Log::new(options.tag.as_deref());
        let mut lines = source.into_lines();
        let mut batch = Batch::new();
        let mut broken: Option<ImportError> = None;
        let mut number = 0;
        while let Some(line) = lines.next()? {
            number += 1;
            let line = line.trim_ascii();
            if line.is_empty() || line.starts_with(b"\"StartTimestamp\"") {
                continue;
            }
            // Only a last line may be broken: the writer was stopped within it.
            if let Some(error) = broken.take() {
                return Err(error);
            }
            if line[0] == b'#' {
                // A comment may change how the lines behind it are read, but not those before.
                log.take_batch(&mut batch)?.map_or(Ok(()), Err)?;
                log.take_comment(line);
            } else if log.wants(line) {
                let payload_len = Interval::parse(line).map_or(0, |interval| interval.payload.len());
                batch.push(number, line, payload_len);
                if batch.is_full() {
                    broken = log.take_batch(&mut batch)?;
                }
            }
        }
        if let Some(error) = log.take_batch(&mut batch)? {
            broken = Some(error);
        }
        match broken {
            Some(error) if log.tags.is_empty() || matches!(error.kind, ImportErrorKind::TooMuch { .. }) => Err(error),
            Some(error) => log.into_readings(Some(error)),
            None => log.into_readings(None),
        }
    }
}

/// One line of a log.
struct Interval<'a> {
    tag: Option<&'a [u8]>,
    start: f64,
    len: f64,
    max: f64,
    payload: &'a [u8],
}

impl<'a> Interval<'a> {
    fn parse(line: &'a [u8]) -> Result<Self, ImportErrorKind> {
        let malformed = |found: &[u8]| ImportErrorKind::Malformed {
            expected: "an interval `[Tag=NAME,]start,length,maximum,payload`".to_owned(),
            found: quoted(found),
            help: None,
        };
        let (tag, rest) = match line.strip_prefix(b"Tag=") {
            Some(tagged) => {
                let end = tagged.iter().position(|&byte| byte == b',').ok_or_else(|| malformed(line))?;
                (Some(&tagged[..end]), &tagged[end + 1..])
            }
            None => (None, line),
        };
        let mut fields = rest.splitn(4, |&byte| matches!(byte, b',' | b' ' | b'\t'));
        let mut number = || fields.next().and_then(decimal::parse).ok_or_else(|| malformed(line));
        let (start, len, max) = (number()?, number()?, number()?);
        let payload = fields.next().map(<[u8]>::trim_ascii).filter(|payload| !payload.is_empty());
        Ok(Self { tag, start, len, max, payload: payload.ok_or_else(|| malformed(line))? })
    }
}

/// A log as it is read.
struct Log<'o> {
    wanted: Option<&'o str>,
    start_time: Option<f64>,
    base_time: Option<f64>,
    tool: Option<String>,
    /// Unit that a comment names; only logs that this program writes have one.
    unit: Option<Unit>,
    ticks_per_unit: f64,
    tags: Vec<Tag>,
    by_name: HashMap<Option<String>, usize>,
    skipped: BTreeSet<String>,
    counters: usize,
    decoder: Decoder,
}

/// The histogram of one tag as its intervals are added.
#[derive(Default)]
struct Tag {
    name: Option<String>,
    layouts: Vec<(Layout, PagedCounts)>,
    count: u64,
    intervals: u64,
    saturated: u64,
    time_range: Option<TimeRange>,
    encodings: BTreeSet<&'static str>,
    /// Which of [`RATIOS`] fit the maximum column of every interval so far.
    ratios: [bool; RATIOS.len()],
    has_maximum: bool,
}

impl<'o> Log<'o> {
    fn new(wanted: Option<&'o str>) -> Self {
        Self {
            wanted,
            start_time: None,
            base_time: None,
            tool: None,
            unit: None,
            ticks_per_unit: 1.0,
            tags: Vec::new(),
            by_name: HashMap::new(),
            skipped: BTreeSet::new(),
            counters: 0,
            decoder: Decoder::new(),
        }
    }

    fn take_comment(&mut self, line: &[u8]) {
        let seconds = |text: &[u8]| {
            let text = text.trim_ascii();
            let end = text.iter().position(|byte| !(byte.is_ascii_digit() || *byte == b'.')).unwrap_or(text.len());
            decimal::parse(&text[..end])
        };
        if let Some(text) = line.strip_prefix(b"#[StartTime:") {
            self.start_time = seconds(text);
        } else if let Some(text) = line.strip_prefix(b"#[BaseTime:") {
            self.base_time = seconds(text);
        } else if let Some(text) = line.strip_prefix(b"#[Logged with ") {
            self.tool = Some(excerpt(text.strip_suffix(b"]").unwrap_or(text)));
        } else if let Some(text) = line.strip_prefix(b"#[Unit: ") {
            let text = String::from_utf8_lossy(text);
            self.unit = Some(Unit::parse(text.strip_suffix(']').unwrap_or(&text)));
        } else if let Some(text) = line.strip_prefix(b"#[Ticks per unit: ") {
            self.ticks_per_unit = seconds(text).filter(|ticks| *ticks > 0.0).unwrap_or(1.0);
        }
    }

    /// Whether a line belongs to a tag that is wanted; remembers the others.
    fn wants(&mut self, line: &[u8]) -> bool {
        let Some(wanted) = self.wanted else { return true };
        let tag = line.strip_prefix(b"Tag=").and_then(|tagged| tagged.split(|&byte| byte == b',').next());
        if tag == Some(wanted.as_bytes()) {
            return true;
        }
        if let Some(tag) = tag.filter(|_| self.skipped.len() < DISTRIBUTIONS_MAX) {
            self.skipped.insert(String::from_utf8_lossy(tag).into_owned());
        }
        false
    }

    /// Takes the lines of a batch. A broken line before the last is an error; a broken last one is given back.
    fn take_batch(&mut self, batch: &mut Batch) -> Result<Option<ImportError>, ImportError> {
        let mut broken = None;
        for line in batch.decode() {
            if let Some(error) = broken.take() {
                return Err(error);
            }
            broken = self.take_interval(&line).err().map(|kind| ImportError::at(line.number, kind));
        }
        batch.clear();
        Ok(broken)
    }

    /// Adds the interval in `line` to its tag. What a batch left undecoded is decoded here, and says what is wrong.
    fn take_interval(&mut self, line: &Decoded<'_>) -> Result<(), ImportErrorKind> {
        let interval = Interval::parse(line.text)?;
        let own;
        let (header, cells) = match line.histogram {
            Some(histogram) => histogram,
            None => {
                self.decoder.cells.clear();
                let header = self.decoder.decode(interval.payload)?;
                own = std::mem::take(&mut self.decoder.cells);
                (header, &own[..])
            }
        };
        let name = interval.tag.map(|tag| String::from_utf8_lossy(tag).into_owned());
        let start = self.absolute(interval.start);
        let mut layout = header.layout;
        layout.ratio /= self.ticks_per_unit;
        let tag = self.tag(name)?;
        let counters = tag.add(&interval, start, layout, cells);
        tag.encodings.insert(header.encoding);
        let top = header.layout.index(header.highest);
        tag.saturated += cells.last().filter(|cell| cell.0 >= top).map_or(0, |cell| cell.1);
        self.counters += counters;
        if self.counters > COUNTERS_MAX {
            return Err(ImportErrorKind::TooMuch { limit: COUNTERS_MAX as u64, what: "counters in a log" });
        }
        Ok(())
    }

    fn tag(&mut self, name: Option<String>) -> Result<&mut Tag, ImportErrorKind> {
        let at = match self.by_name.get(&name) {
            Some(&at) => at,
            None if self.tags.len() >= DISTRIBUTIONS_MAX => {
                return Err(ImportErrorKind::TooMuch { limit: DISTRIBUTIONS_MAX as u64, what: "tags in a log" });
            }
            None => {
                self.by_name.insert(name.clone(), self.tags.len());
                self.tags.push(Tag { name, ratios: [true; RATIOS.len()], ..Tag::default() });
                self.tags.len() - 1
            }
        };
        Ok(&mut self.tags[at])
    }

    /// Seconds since 1970 of a start that may be relative to the base or the start of the log; `None` if nothing tells.
    fn absolute(&self, start: f64) -> Option<f64> {
        match (self.base_time, self.start_time) {
            (Some(base), _) => Some(base + start),
            (None, Some(log_start)) if start < log_start - YEAR_S => Some(log_start + start),
            (None, _) => (start > YEAR_S).then_some(start),
        }
    }

    fn into_readings(self, cut: Option<ImportError>) -> Result<Vec<Reading>, ImportError> {
        if self.tags.is_empty() {
            let kind = match self.wanted {
                Some(wanted) => {
                    let available = self.skipped.into_iter().collect();
                    ImportErrorKind::NoSuchTag { wanted: wanted.to_owned(), available }
                }
                None => ImportErrorKind::NothingMeasured {
                    found: "a log without intervals".to_owned(),
                    help: "check that the run was long enough to write one",
                },
            };
            return Err(ImportError::new(kind));
        }
        let tool = self.tool;
        let unit = self.unit;
        let readings = self.tags.into_iter().map(|tag| tag.into_reading(tool.as_ref(), unit.as_ref()));
        let mut readings: Vec<Reading> = readings.collect();
        if let Some(error) = cut {
            let line = error.line.unwrap_or_default();
            let message = format!("the last line ({line}) is cut off and skipped: {}", error.kind);
            let help = "the program that wrote the log was stopped before it finished the line";
            readings[0].warnings.push(Warning::new("cut-off", message).with_help(help));
        }
        Ok(readings)
    }
}

impl Tag {
    /// Adds an interval; returns the number of counters set aside for it.
    fn add(&mut self, interval: &Interval<'_>, start: Option<f64>, layout: Layout, cells: &[(usize, u64)]) -> usize {
        let at = self.layouts.iter().position(|(other, _)| *other == layout).unwrap_or_else(|| {
            self.layouts.push((layout, PagedCounts::default()));
            self.layouts.len() - 1
        });
        let counts = &mut self.layouts[at].1;
        let mut counters = 0;
        for &(index, count) in cells {
            counters += counts.add(index, count);
            self.count = self.count.saturating_add(count);
        }
        self.intervals += 1;
        for moment in start.into_iter().flat_map(|start| [start, start + interval.len]) {
            self.time_range = Some(TimeRange::extend(self.time_range, moment));
        }
        if let Some((low, high)) = cells.last().and_then(|cell| layout.ends(cell.0)).filter(|_| interval.max > 0.0) {
            let (low, high) = layout.values(low, high);
            self.has_maximum = true;
            for (fits, ratio) in self.ratios.iter_mut().zip(RATIOS) {
                // The column is printed with three decimals, or cut to whole numbers, and may be any value of the
                // topmost cell.
                let half_digit = 0.000_51 * ratio;
                let cut = if interval.max.fract() == 0.0 { ratio } else { half_digit };
                *fits &= interval.max * ratio >= low - cut && interval.max * ratio <= high + 1.0 + half_digit;
            }
        }
        counters
    }

    fn into_reading(self, tool: Option<&String>, unit: Option<&Unit>) -> Reading {
        let several = self.layouts.len() > 1;
        let layout = self.layouts.first().map(|(layout, _)| *layout).filter(|_| !several);
        let cells = self.layouts.iter().flat_map(|(layout, counts)| {
            counts.iter().filter_map(|(index, count)| {
                let (low, high) = layout.ends(index)?;
                let (low, high) = layout.values(low, high);
                Some(Cell { low, high, weight: count as f64 })
            })
        });
        let mut reading = Reading::new(cells::histogram(cells.collect()), self.count);
        reading.layout = layout;
        reading.name = self.name;
        reading.tool = tool.cloned();
        reading.time_range = self.time_range;
        let encodings = self.encodings.into_iter().collect::<Vec<_>>().join(" and ");
        reading.notes.push(format!("{} intervals in encoding {encodings} added up", self.intervals));
        if several {
            reading.notes.push("intervals of different precision: the coarser cells stay".to_owned());
        }
        if self.saturated > 0 {
            let message = format!(
                "{} values lie in the topmost cell that their histogram could hold; larger ones may have been dropped",
                self.saturated
            );
            let help = "record with a larger highest trackable value";
            reading.warnings.push(Warning::new("saturated", message).with_help(help));
        }
        match unit {
            Some(unit) => reading.with_detected_unit(unit.clone(), "a comment of the log names it"),
            None => with_unit(reading, self.ratios, self.has_maximum),
        }
    }
}

/// Sets the unit that the maximum column suggests.
///
/// The column is the largest value divided by a ratio that the writer chose. The default of 1e6 turns nanoseconds into
/// milliseconds; it is the sign of nanoseconds, but a tool that records microseconds and leaves the default as it is
/// gives it too, so this is an assumption and said to be one.
fn with_unit(mut reading: Reading, ratios: [bool; RATIOS.len()], has_maximum: bool) -> Reading {
    match ratios {
        _ if !has_maximum => reading,
        [false, false, true, false] => {
            let why = "the maximum column is the value over 1e6, which by default turns ns into ms";
            reading.with_assumed_unit(Unit::Time(TimeUnit::Nanosecond), why)
        }
        [false, false, false, false] => {
            let message = "the maximum column fits no fixed ratio to the recorded values; the values are used";
            reading.warnings.push(Warning::new("contradictory", message));
            reading
        }
        _ => reading,
    }
}
