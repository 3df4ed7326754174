//! spigo's last csv form, of late 2016: the total, then for each bin its value and a dot for each 1/200 of the total.
//!
//! ```text
//! Total: 116
//! 5521 \t ...
//! 5621.5 \t ...        the weighted mean of bins that were merged
//! 1e+06 \t             the value at which spigo clamps
//! ```
//!
//! The number of dots is `floor(200 count / total)`, so up to a total of 200 each count follows exactly; beyond, it is
//! known within an interval, and the counts are chosen at one relative place in all intervals so that they sum up to
//! the total.

use super::cells;
use super::detect::{Prefix, Verdict};
use super::error::{ImportError, quoted};
use super::format::Format;
use super::importer::Importer;
use super::measurement::Reading;
use super::source::Source;
use super::spigo_table::{CLAMP_NS, clamped_warning};
use super::{ImportOptions, decimal};
use crate::dist::{Cell, Empirical};
use crate::problem::Warning;
use crate::units::{TimeUnit, Unit};

/// Dots that stand for all values.
const DOTS_IN_TOTAL: f64 = 200.0;

/// The importer.
pub(crate) struct SpigoDots;

impl Importer for SpigoDots {
    fn format(&self) -> Format {
        Format::SpigoDots
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        match prefix.first_line().strip_prefix(b"Total:").and_then(decimal::parse) {
            Some(_) => Verdict::Yes,
            None => Verdict::No("no line `Total: N` at the top"),
        }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let mut lines = source.into_lines();
        let mut total = None;
        let mut bins: Vec<(f64, f64)> = Vec::new();
        while let Some(line) = lines.next()? {
            let line = line.trim_ascii().to_vec();
            let number = lines.number();
            if line.is_empty() {
                continue;
            }
            if total.is_none() {
                let stated = line.strip_prefix(b"Total:").and_then(decimal::parse).filter(|total| *total >= 0.0);
                total =
                    Some(stated.ok_or_else(|| ImportError::malformed(number, "`Total:` and a count", quoted(&line)))?);
                continue;
            }
            let bin =
                parse_bin(&line).ok_or_else(|| ImportError::malformed(number, "a value and dots", quoted(&line)))?;
            if bins.last().is_some_and(|last| bin.0 <= last.0) {
                let expected = format!("a value above {}, that of the line before", bins[bins.len() - 1].0);
                return Err(ImportError::malformed(number, expected, quoted(&line)));
            }
            bins.push(bin);
        }
        let total = total.ok_or_else(|| ImportError::malformed(1, "`Total:` and a count", "no such line"))?;
        Ok(vec![reading(total, &bins)])
    }
}

/// Value and number of dots.
fn parse_bin(line: &[u8]) -> Option<(f64, f64)> {
    let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
    let value = decimal::parse(&line[..end])?;
    let dots = line[end..].trim_ascii();
    dots.iter().all(|&byte| byte == b'.').then_some((value, dots.len() as f64))
}

fn reading(total: f64, bins: &[(f64, f64)]) -> Reading {
    let counts = recover_counts(total, bins);
    let cells = bins.iter().zip(&counts.weights);
    let cells: Vec<Cell> = cells.map(|(bin, &weight)| Cell { low: bin.0, high: bin.0, weight }).collect();
    let clamped = cells.last().filter(|cell| cell.low >= CLAMP_NS).map(|cell| cell.weight);
    let merged = bins.iter().filter(|bin| bin.0.fract() != 0.0).count();
    let mut reading = Reading::new(cells::histogram(cells), total as u64)
        .with_tool("spigo")
        .with_detected_unit(Unit::Time(TimeUnit::Nanosecond), "spigo writes nanoseconds");
    if merged > 0 {
        reading.notes.push(format!("{merged} of {} bins are means of values that were merged", bins.len()));
    }
    if total > DOTS_IN_TOTAL && !bins.is_empty() {
        let message = "counts are recovered from dots of 0.5 % each, so each is known within one dot";
        let help = "import the `.guess` of the same run, which holds the values";
        reading.warnings.push(Warning::new("approximate-counts", message).with_help(help));
    }
    if let Some(message) = counts.contradiction {
        reading.warnings.push(Warning::new("contradictory", message));
    }
    if let Some(weight) = clamped {
        reading.warnings.push(clamped_warning(weight, total, CLAMP_NS));
    }
    if matches!(&reading.data, Empirical::Histogram(cells) if cells.is_empty()) {
        reading.count = 0;
    }
    reading
}

struct Counts {
    weights: Vec<f64>,
    contradiction: Option<String>,
}

/// Counts of the bins: within the interval that the dots leave, at one relative place so that they sum to the total.
fn recover_counts(total: f64, bins: &[(f64, f64)]) -> Counts {
    let least = |dots: f64| (dots * total / DOTS_IN_TOTAL).ceil().max(1.0);
    let greatest = |dots: f64| (((dots + 1.0) * total / DOTS_IN_TOTAL).ceil() - 1.0).max(least(dots));
    let low: f64 = bins.iter().map(|bin| least(bin.1)).sum();
    let high: f64 = bins.iter().map(|bin| greatest(bin.1)).sum();
    let place = if high > low { ((total - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 };
    let weights = bins.iter().map(|bin| least(bin.1) + place * (greatest(bin.1) - least(bin.1))).collect();
    let fits = low <= total && total <= high;
    let contradiction = (!fits)
        .then(|| format!("the total is {total}, but the dots stand for {low} to {high} values; the dots are used"));
    Counts { weights, contradiction }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_a_total_of_200_counts_are_exact() {
        let counts = [1.0, 3.0, 7.0, 30.0];
        let total: f64 = counts.iter().sum();
        let bins: Vec<(f64, f64)> =
            counts.iter().enumerate().map(|(i, n)| (i as f64, (DOTS_IN_TOTAL * n / total).floor())).collect();
        let recovered = recover_counts(total, &bins);
        assert_eq!(recovered.weights, counts);
        assert_eq!(recovered.contradiction, None);
    }

    #[test]
    fn beyond_200_counts_sum_to_the_total_within_their_intervals() {
        let counts = [1.0, 250.0, 4321.0, 17.0];
        let total: f64 = counts.iter().sum();
        let bins: Vec<(f64, f64)> =
            counts.iter().enumerate().map(|(i, n)| (i as f64, (DOTS_IN_TOTAL * n / total).floor())).collect();
        let recovered = recover_counts(total, &bins);
        assert!((recovered.weights.iter().sum::<f64>() - total).abs() < 1e-9);
        for (recovered, count) in recovered.weights.iter().zip(counts) {
            assert!((recovered - count).abs() <= total / DOTS_IN_TOTAL, "{recovered} for {count}");
        }
    }
}
