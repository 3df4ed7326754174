//! A Guesstimate space with a metric of data for each series: evenly spaced quantiles in place of the samples.
//!
//! Guesstimate keeps lists, not histograms, so each distribution becomes at most [`QUANTILES_MAX`] values, each as
//! likely as the others.

use super::{ExportError, ExportOptions, Series};
use crate::problem::Warning;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Values of a metric, at most.
pub const QUANTILES_MAX: usize = 10_000;

/// Rows of metrics in a column of the grid.
const ROWS: usize = 26;

pub(super) fn write(
    series: &[Series],
    options: &ExportOptions,
    out: &mut dyn Write,
) -> Result<Vec<Warning>, ExportError> {
    let mut warnings = Vec::new();
    let (mut metrics, mut guesstimates) = (Vec::new(), Vec::new());
    for (index, series) in series.iter().enumerate() {
        let id = id(index);
        let (row, column) = (index % ROWS + 1, index / ROWS + 1);
        let location = json!({"row": row, "column": column});
        metrics.push(json!({"id": id, "readableId": id, "name": series.name, "location": location}));
        let data: Vec<Value> = values(series, &mut warnings).into_iter().map(number).collect();
        guesstimates
            .push(json!({"metric": id, "input": "", "expression": "", "guesstimateType": "DATA", "data": data}));
    }
    let graph = json!({"metrics": metrics, "guesstimates": guesstimates});
    let unit = series[0].unit.as_ref().map_or(String::new(), |unit| format!(", values in {unit}"));
    let description = format!("Written by tailcast{unit}");
    let space = json!({"name": options.title, "description": description, "is_private": true, "graph": graph});
    serde_json::to_writer(&mut *out, &json!({ "space": space })).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(warnings)
}

fn values(series: &Series, warnings: &mut Vec<Warning>) -> Vec<f64> {
    let total = series.total();
    let count = (total.round() as usize).clamp(1, QUANTILES_MAX);
    if total > QUANTILES_MAX as f64 {
        let message = format!(
            "`{}` is written as {QUANTILES_MAX} quantiles of its {total} values; beyond p99.99 nothing is kept",
            series.name
        );
        warnings.push(Warning::new("reduced-to-quantiles", message));
    }
    if series.infinite() > 0 {
        let message = format!("{} values of `{}` are infinite and left out", series.infinite(), series.name);
        warnings.push(Warning::new("infinite-values", message));
    }
    series.quantiles(count)
}

/// A number as JSON, without a decimal point where it has no decimals.
fn number(value: f64) -> Value {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT_MAX { json!(value as i64) } else { json!(value) }
}

/// Two letters or more, the first running fastest: `AA`, `BA`, ... `ZZ`, `AAA`.
fn id(index: usize) -> String {
    const LETTERS: usize = 26;
    let (mut rest, mut len, mut block) = (index, 2, LETTERS * LETTERS);
    while rest >= block {
        rest -= block;
        block *= LETTERS;
        len += 1;
    }
    (0..len)
        .map(|_| {
            let letter = char::from(b'A' + (rest % LETTERS) as u8);
            rest /= LETTERS;
            letter
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique() {
        assert_eq!([id(0), id(1), id(26), id(675), id(676)], ["AA", "BA", "AB", "ZZ", "AAA"]);
        let ids: std::collections::BTreeSet<String> = (0..20_000).map(id).collect();
        assert_eq!(ids.len(), 20_000);
    }
}
