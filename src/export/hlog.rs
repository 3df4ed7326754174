//! HdrHistogram interval log, version 1.3: one interval for each series, in encoding V2, deflated.
//!
//! Times are written in ns, with the maximum column in ms as other tools expect. Two comments of our own name the unit
//! and, where values had to be scaled to integers, the scale; other readers skip them.

use super::histogram::{Ticks, ticks};
use super::{ExportError, ExportOptions, Series};
use crate::problem::Warning;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Ratio of recorded values to the maximum column: ns to ms.
const MAXIMUM_RATIO: f64 = 1e6;

pub(super) fn write(
    series: &[Series],
    options: &ExportOptions,
    out: &mut dyn Write,
) -> Result<Vec<Warning>, ExportError> {
    let counted: Vec<Ticks> = series.iter().map(|series| ticks(series, options.digits)).collect();
    writeln!(out, "#[Histogram log format version 1.3]")?;
    writeln!(out, "#[Logged with tailcast {}]", env!("CARGO_PKG_VERSION"))?;
    if options.start > 0.0 {
        writeln!(out, "#[StartTime: {:.3} (seconds since epoch)]", options.start)?;
    }
    let (first, mut warnings) = (&counted[0], Vec::new());
    if counted.iter().all(|other| other.unit == first.unit && other.per_unit == first.per_unit) {
        if let Some(unit) = &first.unit {
            writeln!(out, "#[Unit: {unit}]")?;
        }
        if first.per_unit != 1.0 {
            writeln!(out, "#[Ticks per unit: {}]", first.per_unit)?;
        }
    } else {
        let message = "the metrics have different units; the log names none and holds times in ns";
        warnings.push(Warning::new("mixed-units", message).with_help("write metrics of one unit into one log"));
    }
    writeln!(out, "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"")?;
    let mut tags = BTreeSet::new();
    for (series, counted) in series.iter().zip(counted) {
        let tag = tag(&series.name, &mut tags);
        let maximum = counted.histogram.max() as f64 / MAXIMUM_RATIO;
        let (start, len) = (options.start, options.duration);
        write!(out, "Tag={tag},{start:.3},{len:.3},{maximum:.3},")?;
        let mut payload = Vec::new();
        V2DeflateSerializer::new()
            .serialize(&counted.histogram, &mut payload)
            .map_err(|error| io::Error::other(error.to_string()))?;
        writeln!(out, "{}", STANDARD.encode(payload))?;
        warnings.extend(counted.warnings);
    }
    Ok(warnings)
}

/// The name without what a tag may not hold, made different from all before.
fn tag(name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_whitespace() || c.is_control() || c == ',' { '_' } else { c }).collect();
    let mut tag = plain.clone();
    let mut number = 2;
    while !taken.insert(tag.clone()) {
        tag = format!("{plain}_{number}");
        number += 1;
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_hold_no_blanks_and_are_unique() {
        let mut taken = BTreeSet::new();
        let names = ["a b,c", "a b,c", "x"];
        let tags: Vec<String> = names.iter().map(|name| tag(name, &mut taken)).collect();
        assert_eq!(tags, ["a_b_c", "a_b_c_2", "x"]);
    }
}
