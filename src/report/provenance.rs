//! Where imported data come from, as JSON and as lines for people.

use serde::{Deserialize, Serialize};

use super::table::one_line;
use crate::import::Measurement;

/// The file that data or a model were made from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ProvenanceDocument {
    /// File, as the user named it.
    pub file: String,
    /// Name of the format it was read as.
    pub format: String,
    /// Program that wrote it, where the content tells.
    #[serde(default)]
    pub tool: Option<String>,
    /// Where the unit comes from: given, detected, assumed or unknown, with the reason. Measured data only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_note: Option<String>,
    /// First and last moment of the measurement, in seconds since 1970-01-01 UTC.
    #[serde(default)]
    pub time_range: Option<[f64; 2]>,
    /// How the data were treated: interpolated, put into cells, corrected.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Spans read. Traces only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spans: Option<u64>,
    /// Requests seen. Traces only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// Requests answered. Traces only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<u64>,
}

impl From<&Measurement> for ProvenanceDocument {
    fn from(measurement: &Measurement) -> Self {
        let provenance = &measurement.provenance;
        Self {
            file: provenance.file.clone(),
            format: provenance.format.name().to_owned(),
            tool: provenance.tool.clone(),
            unit_note: Some(measurement.unit_note.to_string()),
            time_range: provenance.time_range.map(|range| [range.start, range.end]),
            notes: provenance.notes.clone(),
            ..Self::default()
        }
    }
}

/// Lines for people on where measurements come from: `from FILE (format, tool)`, the unit, notes; each wording once.
#[must_use]
pub fn lines(measurements: &[Measurement]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for measurement in measurements {
        let unit = measurement.unit.as_ref().map_or(String::new(), |unit| format!("{unit}, "));
        let line = one_line(&format!("from {}; unit {unit}{}", measurement.provenance, measurement.unit_note));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{ImportOptions, read_from};

    #[test]
    fn a_file_with_several_distributions_is_named_once() {
        let hyperfine = b"{\"results\": [\n  {\"command\": \"a\", \"stddev\": 1, \"times\": [1.5, 2.5]},\n  {\"command\": \"b\", \"stddev\": 1, \"times\": [1, 2]}]}";
        let measurements = read_from(&hyperfine[..], "h.json", &ImportOptions::default()).unwrap();
        assert_eq!(measurements.len(), 2);
        let lines = lines(&measurements);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0].starts_with("from h.json (hyperfine") && lines[0].contains("; unit s, detected: "),
            "{lines:?}"
        );
        let document = ProvenanceDocument::from(&measurements[0]);
        assert_eq!((document.format.as_str(), document.time_range), ("hyperfine", None));
    }
}
