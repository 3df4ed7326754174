//! `percentiles = { p50 = "12ms", p99 = "80ms" }`: a metric by what a dashboard shows of it.
//!
//! It is read as the formula `percentiles([0.5, 0.99], [12, 80])`, in the unit of the metric's values. Whether the
//! percentiles rise is left to the formula.

use toml::de::DeValue;

use super::table::{Faults, TomlValue, number};
use crate::model::draft::Content;
use crate::model::error::FaultKind;
use crate::model::unit_conversion::convert_time;
use crate::units::{TimeUnit, parse_quantile};

/// Reads the table.
///
/// # Parameters
/// - `units`: unit of time of plain numbers, and that of the metric's values; `None` where either has none.
pub(super) fn percentiles_content(
    value: &TomlValue<'_>,
    units: Option<(TimeUnit, TimeUnit)>,
    faults: &mut Faults<'_>,
) -> Content {
    const WANTED: &str = "a table such as `{ p50 = \"12ms\", p99 = \"80ms\" }`";
    let Some(table) = value.get_ref().as_table() else {
        faults.wrong_kind(value, WANTED);
        return Content::Broken;
    };
    let before = faults.found.len();
    let mut points: Vec<(f64, f64)> = Vec::with_capacity(table.len());
    for (key, value) in table {
        let share = parse_quantile(key.get_ref()).ok().filter(|&share| share > 0.0 && share < 1.0);
        if share.is_none() {
            let message = format!("expected a percentile such as `p99`, found `{}`", key.get_ref());
            faults.add(FaultKind::Value, key.span(), message);
        }
        if matches!(value.get_ref(), DeValue::Table(_)) {
            let message = format!("expected the value of `{}`, found a table", key.get_ref());
            let help = "put percentiles with a point in quotes: `\"p99.9\" = \"80ms\"`";
            faults.add_with_help(FaultKind::Value, value.span(), message, help);
            continue;
        }
        if let (Some(share), Some(height)) = (share, percentile(value, units, faults)) {
            points.push((share, height));
        }
    }
    if faults.found.len() > before {
        return Content::Broken;
    }
    if points.len() < 2 {
        faults.add(FaultKind::Value, value.span(), "expected two or more percentiles");
        return Content::Broken;
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let list = |numbers: Vec<String>| numbers.join(", ");
    let shares = list(points.iter().map(|(share, _)| share.to_string()).collect());
    let values = list(points.iter().map(|(_, value)| value.to_string()).collect());
    Content::Text(format!("=percentiles([{shares}], [{values}])"))
}

/// The value of one percentile, in the unit of the metric's values.
fn percentile(value: &TomlValue<'_>, units: Option<(TimeUnit, TimeUnit)>, faults: &mut Faults<'_>) -> Option<f64> {
    let (number, unit) = match value.get_ref() {
        DeValue::String(text) => {
            let text = text.trim();
            let split = text.find(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E')).unwrap_or(text.len());
            let (digits, unit) = (text[..split].trim().parse::<f64>().ok(), text[split..].trim());
            let unit = if unit.is_empty() { Some(None) } else { TimeUnit::parse(unit).map(Some) };
            (digits.filter(|digits| digits.is_finite()), unit)
        }
        other => (number(other).filter(|number| number.is_finite()), Some(None)),
    };
    let converted = match (number, unit, units) {
        (Some(number), Some(None), Some((plain, target))) => Some(convert_time(number, plain, target)),
        (Some(number), Some(None), None) => Some(number),
        (Some(number), Some(Some(unit)), Some((_, target))) => Some(convert_time(number, unit, target)),
        _ => None,
    };
    if converted.is_none() {
        let wanted = if units.is_some() { "a number or a time such as `12ms`" } else { "a number" };
        faults.wrong_kind(value, wanted);
    }
    converted
}
