//! One metric of the TOML form, short (`hit = 60`) or long (`[metrics.hit]`).

use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::percentiles::percentiles_content;
use super::table::{Faults, TomlValue, number};
use crate::dist::{Cell, Empirical};
use crate::formula::{self, Token, TokenKind};
use crate::model::data::{DataReader, DataReference};
use crate::model::draft::{Content, DeclaredUnit, DraftMetric, NameRule};
use crate::model::error::FaultKind;
use crate::model::input_text::{InputOptions, RangeKind, TimeScale, read_input};
use crate::model::metric::Location;
use crate::model::unit_conversion::convert_time;
use crate::units::{TimeUnit, Unit};

/// Keys of a metric.
const KEYS: [&str; 11] = [
    "name",
    "input",
    "type",
    "unit",
    "description",
    "data",
    "histogram",
    "percentiles",
    "id",
    "readable_id",
    "location",
];

/// Keys of which a metric has one: what it is.
const SOURCES: [&str; 4] = ["input", "data", "histogram", "percentiles"];

/// Keys of a reference to a file.
const REFERENCE_KEYS: [&str; 6] = ["file", "tag", "column", "unit", "format", "expected_interval"];

/// Names that formulas read as operators or values.
const RESERVED: [&str; 14] =
    ["and", "end", "false", "in", "mod", "not", "null", "or", "to", "true", "undefined", "xor", "Infinity", "NaN"];

/// Whether `key` can stand for a metric in a formula: a name of the formula language without `$`, and none of its words.
pub(crate) fn is_key(key: &str) -> bool {
    let is_name = formula::tokenize(key)
        .is_ok_and(|tokens| matches!(tokens[..], [Token { kind: TokenKind::Name(name), .. }] if name == key));
    is_name && !key.contains('$') && !RESERVED.contains(&key)
}

/// Reads the metrics of one file.
pub(super) struct MetricReader<'a> {
    /// Unit of the model.
    pub(super) unit: Option<Unit>,
    /// Directory of the model file.
    pub(super) base: &'a Path,
    /// Reader of files of measured data.
    pub(super) data: &'a dyn DataReader,
}

impl MetricReader<'_> {
    /// The metric under `key`.
    pub(super) fn read(&self, key: &str, value: &TomlValue<'_>, faults: &mut Faults<'_>) -> DraftMetric {
        let mut draft = DraftMetric {
            id: key.to_owned(),
            readable_id: key.to_owned(),
            name: key.to_owned(),
            key: key.to_owned(),
            unit: DeclaredUnit::Inherited,
            description: String::new(),
            location: None,
            type_hint: None,
            content: Content::Nothing,
            name_rule: NameRule::Person,
            problems: Vec::new(),
            warnings: Vec::new(),
        };
        match value.get_ref() {
            DeValue::Table(table) => self.long_form(&mut draft, table, value, faults),
            _ => draft.content = short_form(value, faults),
        }
        draft
    }

    fn long_form(&self, draft: &mut DraftMetric, table: &DeTable<'_>, value: &TomlValue<'_>, faults: &mut Faults<'_>) {
        faults.check_keys(table, &KEYS, "a metric");
        for (key, field) in [("name", &mut draft.name), ("id", &mut draft.id), ("readable_id", &mut draft.readable_id)]
        {
            match faults.string(table, key) {
                Some(text) if text.is_empty() => {
                    let span = table.get(key).map_or(value.span(), TomlValue::span);
                    faults.add(FaultKind::Value, span, format!("expected a `{key}` that is not empty"));
                }
                Some(text) => *field = text,
                None => {}
            }
        }
        draft.description = faults.string(table, "description").unwrap_or_default();
        draft.unit = match faults.string(table, "unit") {
            Some(unit) if unit.trim().is_empty() => DeclaredUnit::Unitless,
            Some(unit) => DeclaredUnit::Own(Unit::parse(&unit)),
            None => DeclaredUnit::Inherited,
        };
        draft.type_hint = range_type(table, faults);
        draft.location = location(table, faults);
        let sources: Vec<_> = SOURCES.into_iter().filter(|key| table.contains_key(*key)).collect();
        if let [first, second, ..] = sources[..] {
            let span = table.get(second).map_or(value.span(), TomlValue::span);
            faults.add_with_help(
                FaultKind::Combination,
                span,
                format!(
                    "expected one of `input`, `data`, `histogram` and `percentiles`, found `{first}` and `{second}`"
                ),
                "a metric is one of them: remove the others",
            );
        }
        if draft.type_hint.is_some() && !sources.contains(&"input") {
            let span = table.get("type").map_or(value.span(), TomlValue::span);
            let message = "expected `type` beside an `input` that is a range";
            faults.add_with_help(FaultKind::Combination, span, message, "remove `type`");
        }
        draft.content = match sources.first().and_then(|source| Some((*source, table.get(*source)?))) {
            Some(("input", input)) => short_form(input, faults),
            Some(("data", data)) => self.data(draft, data, faults),
            Some(("histogram", histogram)) => histogram_content(histogram, faults),
            Some((_, percentiles)) => {
                let plain = draft.unit.time(self.unit.as_ref());
                let target = self.unit.as_ref().and_then(Unit::time).or(plain);
                if self.unit.as_ref().and_then(Unit::time).is_some() && plain.is_some() {
                    // The values are converted already, and a formula's unit is the model's.
                    draft.unit = DeclaredUnit::Inherited;
                }
                percentiles_content(percentiles, plain.zip(target), faults)
            }
            None => Content::Nothing,
        };
    }

    /// `data = […]` or `data = { file = … }`.
    fn data(&self, draft: &mut DraftMetric, value: &TomlValue<'_>, faults: &mut Faults<'_>) -> Content {
        match value.get_ref() {
            DeValue::Array(array) => {
                let values: Vec<_> = array.iter().filter_map(|v| faults.number(v, "a measured value")).collect();
                if array.is_empty() {
                    faults.add(FaultKind::Value, value.span(), "expected at least one measured value, found none");
                }
                Content::Data { data: Empirical::Values(values.into()), unit: None, provenance: None }
            }
            DeValue::Table(table) => self.file(draft, table, value, faults),
            _ => {
                faults.wrong_kind(value, "a list of measured values or `{ file = \"…\" }`");
                Content::Broken
            }
        }
    }

    /// Reads the file that a reference names; what is wrong with it is a problem of the metric alone.
    fn file(
        &self,
        draft: &mut DraftMetric,
        table: &DeTable<'_>,
        value: &TomlValue<'_>,
        faults: &mut Faults<'_>,
    ) -> Content {
        faults.check_keys(table, &REFERENCE_KEYS, "a reference to a file");
        let Some(file) = faults.string(table, "file") else {
            if !table.contains_key("file") {
                let message = "expected `file`, the path of the measured data";
                faults.add(FaultKind::Combination, value.span(), message);
            }
            return Content::Broken;
        };
        let reference = DataReference {
            file,
            tag: faults.string(table, "tag"),
            column: faults.string(table, "column"),
            unit: faults.string(table, "unit").map(|unit| Unit::parse(&unit)),
            format: faults.string(table, "format"),
            expected_interval_ns: interval_ns(table, faults),
        };
        match self.data.read(&reference, self.base) {
            Ok(read) => {
                draft.warnings.extend(read.warnings);
                Content::Data { data: read.data, unit: reference.unit.or(read.unit), provenance: Some(read.provenance) }
            }
            Err(problem) => {
                draft.problems.push(problem);
                Content::Broken
            }
        }
    }

    /// Whether `text` can be an input of a metric; used for texts that are not interpreted at once.
    pub(super) fn check_input(
        &self,
        draft: &DraftMetric,
        text: &str,
        span: std::ops::Range<usize>,
        faults: &mut Faults<'_>,
    ) {
        let model = self.unit.as_ref();
        let target = model.and_then(Unit::time).or(draft.unit.time(model));
        let scale = draft.unit.time(model).zip(target).map(|(plain, target)| TimeScale { plain, target });
        let options = InputOptions { type_hint: draft.type_hint.as_deref(), scale, ..InputOptions::default() };
        if let Some(problem) = read_input(text, options).problem {
            let help = problem.help.unwrap_or_default();
            faults.add_with_help(FaultKind::Value, span, problem.message, help);
        }
    }
}

/// A number, or an input text.
pub(super) fn short_form(value: &TomlValue<'_>, faults: &mut Faults<'_>) -> Content {
    match value.get_ref() {
        DeValue::String(text) => Content::Text(text.clone().into_owned()),
        other if number(other).is_some() => {
            faults.number(value, "a number, an input text or a formula").map_or(Content::Broken, Content::Number)
        }
        _ => {
            faults
                .wrong_kind(value, "a number, an input text such as `\"5 to 10\"`, or a formula such as `\"=2 * a\"`");
            Content::Broken
        }
    }
}

/// `type`, which says how a range is read.
fn range_type(table: &DeTable<'_>, faults: &mut Faults<'_>) -> Option<String> {
    let name = faults.string(table, "type")?;
    if RangeKind::from_type_name(&name).is_some() {
        return Some(name);
    }
    let span = table.get("type").map_or(0..0, TomlValue::span);
    let message = format!("expected `NORMAL`, `LOGNORMAL` or `UNIFORM`, found `{name}`");
    let help = "`type` only says how a range is read; leave it out otherwise";
    faults.add_with_help(FaultKind::Value, span, message, help);
    None
}

fn location(table: &DeTable<'_>, faults: &mut Faults<'_>) -> Option<Location> {
    let table = faults.table(table, "location")?;
    faults.check_keys(table, &["row", "column"], "`location`");
    let mut coordinate = |key: &str| {
        let value = table.get(key)?;
        let number = value.get_ref().as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        if number.is_none() {
            faults.wrong_kind(value, "a whole number");
        }
        number
    };
    let (row, column) = (coordinate("row"), coordinate("column"));
    Some(Location { row: row?, column: column? })
}

/// `histogram = [[low, high, weight], …]`.
fn histogram_content(value: &TomlValue<'_>, faults: &mut Faults<'_>) -> Content {
    let Some(rows) = value.get_ref().as_array() else {
        faults.wrong_kind(value, "a list of cells `[low, high, weight]`");
        return Content::Broken;
    };
    let before = faults.found.len();
    let mut cells: Vec<Cell> = Vec::new();
    for row in rows {
        let Some([low, high, weight]) = row.get_ref().as_array().map(|row| &row[..]) else {
            faults.wrong_kind(row, "a cell `[low, high, weight]`");
            continue;
        };
        let mut bound = |v| faults.number(v, "a number");
        let (Some(low), Some(high), Some(weight)) = (bound(low), bound(high), bound(weight)) else { continue };
        let wrong = if low > high {
            Some(format!("expected a cell from low to high, found {low} to {high}"))
        } else if weight < 0.0 {
            Some(format!("expected a weight that is not negative, found {weight}"))
        } else {
            let overlaps = cells.last().filter(|last| low < last.high);
            overlaps.map(|last| format!("expected a cell from {} or above, found {low}", last.high))
        };
        match wrong {
            Some(message) => faults.add(FaultKind::Value, row.span(), message),
            None => cells.push(Cell { low, high, weight }),
        }
    }
    let total: f64 = cells.iter().map(|cell| cell.weight).sum();
    let is_sound = faults.found.len() == before;
    if is_sound && !(total > 0.0 && total.is_finite()) {
        faults.add(FaultKind::Value, value.span(), format!("expected weights with a positive sum, found {total}"));
        return Content::Broken;
    }
    Content::Data { data: Empirical::Histogram(cells.into()), unit: None, provenance: None }
}

/// `expected_interval`, in nanoseconds.
fn interval_ns(table: &DeTable<'_>, faults: &mut Faults<'_>) -> Option<f64> {
    let text = faults.string(table, "expected_interval")?;
    let split = text.trim().find(|c: char| c.is_alphabetic()).unwrap_or(text.trim().len());
    let (number, unit) = text.trim().split_at(split);
    let interval = number.trim().parse::<f64>().ok().zip(TimeUnit::parse(unit));
    match interval.map(|(value, unit)| convert_time(value, unit, TimeUnit::Nanosecond)) {
        Some(interval) if interval > 0.0 && interval.is_finite() => Some(interval),
        _ => {
            let span = table.get("expected_interval").map_or(0..0, TomlValue::span);
            faults.add(FaultKind::Value, span, format!("expected a time such as `10ms`, found `{text}`"));
            None
        }
    }
}
