//! Figures as comma-separated values (RFC 4180): a row a metric, or a row a figure.
//!
//! Numbers are written in full, in the metric's unit; absent figures are empty cells, never 0. Names are written
//! verbatim: a text that needs it is quoted, but no character is added to or taken from it.

use std::io;

use super::options::ReportOptions;
use super::table::quantiles;
use crate::recorder::Summary;
use crate::sim::{MetricOutcome, Outcome};
use crate::units::{Unit, quantile_label};

/// Heads of the columns before the quantiles.
const HEADS: [&str; 13] = [
    "id",
    "readable_id",
    "name",
    "type",
    "unit",
    "samples",
    "filtered",
    "non_finite",
    "mean",
    "mean_standard_error",
    "stdev",
    "min",
    "max",
];

/// Writes the outcome, one row a metric, or one row a figure if `options.long`.
///
/// The wide form has three columns for each quantile (`p99`, `p99_low`, `p99_high`) and the last two hold messages of
/// errors and warnings, joined by `; `.
///
/// # Errors
/// What `out` returns.
pub fn write_to(outcome: &Outcome, options: &ReportOptions, out: &mut dyn io::Write) -> io::Result<()> {
    if options.long { write_long(outcome, out) } else { write_wide(outcome, out) }
}

fn write_wide(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    let quantiles = quantiles(outcome);
    let mut head: Vec<String> = HEADS.map(str::to_owned).to_vec();
    for label in quantiles.iter().map(|&q| quantile_label(q)) {
        head.extend([label.clone(), format!("{label}_low"), format!("{label}_high")]);
    }
    head.extend(["errors".to_owned(), "warnings".to_owned()]);
    write_record(&head, out)?;
    for metric in &outcome.metrics {
        let summary = metric.summary.as_ref();
        let mut record: Vec<String> = identity(metric).to_vec();
        let counts: [fn(&Summary) -> u64; 3] = [|s| s.samples, |s| s.filtered, |s| s.non_finite];
        record.extend(counts.iter().map(|count| summary.map_or_else(String::new, |s| count(s).to_string())));
        record.extend(figures(summary).map(|(_, figure)| number(figure)));
        for &q in &quantiles {
            let estimate = summary.and_then(|summary| summary.quantiles.iter().find(|estimate| estimate.q == q));
            record.push(number(estimate.and_then(|estimate| estimate.value)));
            record.push(number(estimate.and_then(|estimate| estimate.low)));
            record.push(number(estimate.and_then(|estimate| estimate.high)));
        }
        record.push(join(metric.problems.iter().map(|problem| &problem.message)));
        record.push(join(metric.warnings.iter().map(|warning| &warning.message)));
        write_record(&record, out)?;
    }
    Ok(())
}

fn write_long(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    write_record(&["id", "readable_id", "name", "type", "unit", "figure", "value", "low", "high"], out)?;
    for metric in &outcome.metrics {
        let summary = metric.summary.as_ref();
        let row = |figure: &str, value: Option<f64>, low: Option<f64>, high: Option<f64>| {
            let mut record: Vec<String> = identity(metric).to_vec();
            record.extend([figure.to_owned(), number(value), number(low), number(high)]);
            record
        };
        for (name, figure) in figures(summary) {
            write_record(&row(name, figure, None, None), out)?;
        }
        for estimate in summary.map_or(&[][..], |summary| &summary.quantiles) {
            write_record(&row(&quantile_label(estimate.q), estimate.value, estimate.low, estimate.high), out)?;
        }
    }
    Ok(())
}

/// The cells that say which metric a row is about.
fn identity(metric: &MetricOutcome) -> [String; 5] {
    [
        metric.id.clone(),
        metric.readable_id.clone(),
        metric.name.clone(),
        metric.type_name.to_owned(),
        metric.unit.as_ref().map_or_else(String::new, |unit| Unit::symbol(unit).to_owned()),
    ]
}

/// The figures that are not quantiles, with their names.
fn figures(summary: Option<&Summary>) -> [(&'static str, Option<f64>); 5] {
    let figure = |of: fn(&Summary) -> Option<f64>| summary.and_then(of);
    [
        ("mean", figure(|summary| summary.mean)),
        ("mean_standard_error", figure(|summary| summary.mean_standard_error)),
        ("stdev", figure(|summary| summary.stdev)),
        ("min", figure(|summary| summary.min)),
        ("max", figure(|summary| summary.max)),
    ]
}

fn join<'a>(messages: impl Iterator<Item = &'a String>) -> String {
    messages.map(String::as_str).collect::<Vec<_>>().join("; ")
}

/// The shortest text that reads back as the same number; `inf` and `-inf` for infinities, empty for absent or NaN.
pub(super) fn number(figure: Option<f64>) -> String {
    match figure {
        Some(value) if !value.is_nan() => {
            let plain = value.to_string();
            // Plain notation of 1e300 has 301 digits.
            if plain.len() > 24 { format!("{value:e}") } else { plain }
        }
        _ => String::new(),
    }
}

/// Writes one record; a cell with a comma, quote, line break or outer blank is quoted.
///
/// # Errors
/// What `out` returns.
pub(super) fn write_record<T: AsRef<str>>(cells: &[T], out: &mut dyn io::Write) -> io::Result<()> {
    for (at, cell) in cells.iter().map(AsRef::as_ref).enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        let outer_blank = cell.starts_with([' ', '\t']) || cell.ends_with([' ', '\t']);
        let needs_quotes =
            outer_blank || cell.contains([',', '"', '\n', '\r']) || (cells.len() == 1 && cell.is_empty());
        if needs_quotes {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(cells: &[&str]) -> String {
        let mut out = Vec::new();
        write_record(cells, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_are_quoted_where_they_must_be_and_kept_verbatim() {
        assert_eq!(record(&["a", "b c", ""]), "a,b c,\n");
        assert_eq!(record(&["a,b", "say \"hi\"", "x\ny", " z"]), "\"a,b\",\"say \"\"hi\"\"\",\"x\ny\",\" z\"\n");
        assert_eq!(record(&["=1+1", "@x"]), "=1+1,@x\n");
        assert_eq!(record(&[""]), "\"\"\n");
    }

    #[test]
    fn numbers_read_back_as_the_same_bits() {
        for value in [0.1, 1.0 / 3.0, 1e300, -5e-324, 123_456_789.0, f64::MAX, 1e21] {
            assert_eq!(number(Some(value)).parse::<f64>().map(f64::to_bits), Ok(value.to_bits()));
        }
        assert_eq!(number(None), "");
        assert_eq!(number(Some(f64::NAN)), "");
        assert_eq!(number(Some(f64::INFINITY)), "inf");
    }
}
