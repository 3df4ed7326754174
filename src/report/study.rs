//! Reports of studies: sections of text and tables for people, records for CSV, one document for JSON.
//!
//! A study says what its sections, records and document are ([`StudyReport`]); how they look is the same for all.

use std::fmt::Write as _;
use std::io;

use unicode_width::UnicodeWidthStr as _;

use super::csv::write_record;
use super::json;
use super::markdown::escape;
use super::options::{Format, ReportOptions};
use super::table::one_line;
use crate::study::{Change, Estimate};
use crate::units::{TimeUnit, Unit, common_unit, format_count, format_figure, format_with_error, natural_unit};

/// Blanks between columns.
const GAP: usize = 2;

/// What stands for a figure that is absent.
pub(super) const ABSENT: &str = "-";

/// A study as reports see it.
pub trait StudyReport {
    /// What people read.
    fn sections(&self, options: &ReportOptions) -> Vec<Section>;

    /// Rows of the CSV form, the head first.
    fn records(&self) -> Vec<Vec<String>>;

    /// The JSON document.
    ///
    /// # Parameters
    /// - `histogram_cells`: most cells of a recorded distribution; 0 leaves them out.
    fn document(&self, histogram_cells: usize) -> serde_json::Value;
}

/// A part of a report: a heading, a table, and lines below it; each may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Columns that hold words and are aligned at the left.
    pub word_columns: usize,
    /// Rows of cells, one a head.
    pub rows: Vec<Vec<String>>,
    /// Lines below the table.
    pub lines: Vec<String>,
}

impl Section {
    /// Section of lines only.
    #[must_use]
    pub fn of_lines(title: impl Into<String>, lines: Vec<String>) -> Self {
        Self { title: title.into(), lines, ..Self::default() }
    }
}

/// Writes a study in the format that `options` name.
///
/// # Errors
/// What `out` returns.
pub fn write_study(study: &dyn StudyReport, options: &ReportOptions, out: &mut dyn io::Write) -> io::Result<()> {
    match options.format {
        Format::Text => out.write_all(text(&study.sections(options), options.width).as_bytes()),
        Format::Markdown => out.write_all(markdown(&study.sections(options)).as_bytes()),
        Format::Json => json::write_to(&study.document(options.histogram_cells), options.pretty, out),
        Format::Csv => study.records().iter().try_for_each(|record| write_record(record, out)),
    }
}

/// The sections as text; tables wider than `width` are folded, with the word columns again.
pub(super) fn text(sections: &[Section], width: usize) -> String {
    let mut text = String::new();
    for section in sections {
        if !text.is_empty() {
            text.push('\n');
        }
        if !section.title.is_empty() {
            let _ = writeln!(text, "{}", one_line(&section.title));
        }
        push_table(&mut text, section, width);
        for line in &section.lines {
            let _ = writeln!(text, "{}", one_line(line));
        }
    }
    text
}

fn push_table(text: &mut String, section: &Section, width: usize) {
    let column_width = |column: usize| {
        let cells = section.rows.iter().map(|row| row[column].width());
        cells.max().unwrap_or(0).max(section.heads[column].width())
    };
    let widths: Vec<usize> = (0..section.heads.len()).map(column_width).collect();
    let words = section.word_columns.min(widths.len());
    let used: usize = widths[..words].iter().map(|width| width + GAP).sum();
    let mut from = words;
    loop {
        let (mut to, mut line) = (from, used);
        while to < widths.len() && (to == from || line + widths[to] + GAP <= width + GAP) {
            line += widths[to] + GAP;
            to += 1;
        }
        for row in std::iter::once(&section.heads).filter(|heads| !heads.is_empty()).chain(&section.rows) {
            let mut shown = String::new();
            for column in (0..words).chain(from..to) {
                let cell = one_line(&row[column]);
                let pad = " ".repeat(widths[column].saturating_sub(cell.width()));
                let gap = if shown.is_empty() && column == 0 { "" } else { "  " };
                shown += &if column < words { format!("{gap}{cell}{pad}") } else { format!("{gap}{pad}{cell}") };
            }
            let _ = writeln!(text, "{}", shown.trim_end());
        }
        from = to;
        if from >= widths.len() {
            break;
        }
        text.push('\n');
    }
}

/// The sections as Markdown.
pub(super) fn markdown(sections: &[Section]) -> String {
    let mut text = String::new();
    for section in sections {
        if !text.is_empty() {
            text.push('\n');
        }
        if !section.title.is_empty() {
            let _ = writeln!(text, "**{}**\n", escape(&one_line(&section.title)));
        }
        if !section.heads.is_empty() {
            let row = |cells: &[String]| {
                let cells: Vec<String> = cells.iter().map(|cell| escape(&one_line(cell))).collect();
                format!("| {} |\n", cells.join(" | "))
            };
            let aligned = (0..section.heads.len()).map(|at| if at < section.word_columns { "---|" } else { "---:|" });
            text += &row(&section.heads);
            let _ = writeln!(text, "|{}", aligned.collect::<String>());
            section.rows.iter().for_each(|cells| text += &row(cells));
            if !section.lines.is_empty() {
                text.push('\n');
            }
        }
        for line in &section.lines {
            let _ = writeln!(text, "- {}", escape(&one_line(line)));
        }
    }
    text
}

/// `model, scenario "name"` and the samples and seed below it, as every study begins.
pub(super) fn heading(model: &str, scenario: Option<&str>, samples: u64, seed: u64, what: &str) -> Section {
    let model = if model.trim().is_empty() { "unnamed model" } else { model.trim() };
    let scenario = scenario.map_or_else(String::new, |scenario| format!(", scenario \"{scenario}\""));
    let noun = if samples == 1 { "sample" } else { "samples" };
    let line = format!("{} {noun}{what}, seed {seed}", format_count(samples));
    Section::of_lines(format!("{model}{scenario}"), vec![line])
}

/// Unit of time in which a table's values read well.
pub(super) fn shown_unit(unit: Option<&Unit>, values: impl IntoIterator<Item = f64>) -> Option<TimeUnit> {
    unit.and_then(Unit::time).and_then(|time| common_unit(values, time))
}

/// The value with the digits that its interval allows, and its interval where asked.
pub(super) fn figure(
    value: Option<f64>,
    (low, high): (Option<f64>, Option<f64>),
    unit: Option<&Unit>,
    shown: Option<TimeUnit>,
    interval: bool,
) -> String {
    let Some(value) = value else { return ABSENT.to_owned() };
    let half = low.zip(high).map(|(low, high)| (high - low) / 2.0);
    let text = format_figure(value, unit, shown, half);
    match low.zip(high).filter(|_| interval && half != Some(0.0)) {
        Some((low, high)) => {
            let shown = shown.or_else(|| unit.and_then(Unit::time).map(|time| natural_unit(value, time)));
            let end = |end: f64| {
                let text = format_figure(end, unit, shown, half);
                text.split(' ').next().unwrap_or_default().to_owned()
            };
            format!("{text} ({}…{})", end(low), end(high))
        }
        None => text,
    }
}

/// A change with its sign and error.
pub(super) fn change(change: &Change, unit: Option<&Unit>, shown: Option<TimeUnit>) -> String {
    let sign = if change.change > 0.0 { "+" } else { "" };
    let half = change.low.zip(change.high).map(|(low, high)| (high - low) / 2.0);
    // A change that is smaller than its error reads well in the unit of the error.
    let largest = change.change.abs().max(half.unwrap_or(0.0));
    let shown = shown.or_else(|| unit.and_then(Unit::time).map(|time| natural_unit(largest, time)));
    let symmetric = change.low.zip(change.high).is_some_and(|(low, high)| {
        let (below, above) = (change.change - low, high - change.change);
        (below - above).abs() <= 0.1 * (below + above)
    });
    match half {
        Some(0.0) if change.change == 0.0 => "0".to_owned(),
        Some(half) if symmetric => format!("{sign}{}", format_with_error(change.change, half, unit, shown)),
        _ => format!("{sign}{}", figure(Some(change.change), (change.low, change.high), unit, shown, true)),
    }
}

/// A share in percent with its error.
pub(super) fn percent(share: Option<&Estimate>) -> String {
    let Some(share) = share else { return ABSENT.to_owned() };
    let unit = Unit::Other("%".to_owned());
    match share.low.zip(share.high) {
        Some((low, high)) => format_with_error(share.value * 100.0, (high - low) * 50.0, Some(&unit), None),
        None => format_figure(share.value * 100.0, Some(&unit), None, None),
    }
}

/// A number with its error.
pub(super) fn plain(estimate: Option<&Estimate>) -> String {
    let Some(estimate) = estimate else { return ABSENT.to_owned() };
    match estimate.low.zip(estimate.high) {
        Some((low, high)) => format_with_error(estimate.value, (high - low) / 2.0, None, None),
        None => format_figure(estimate.value, None, None, None),
    }
}

/// The finite figure, for documents.
pub(super) fn finite(figure: Option<f64>) -> Option<f64> {
    figure.filter(|figure| figure.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_tables_are_folded_with_their_words_again() {
        let section = Section {
            heads: ["name", "a", "b"].map(str::to_owned).to_vec(),
            word_columns: 1,
            rows: vec![["x", "1234567890", "1234567890"].map(str::to_owned).to_vec()],
            ..Section::default()
        };
        assert_eq!(
            text(std::slice::from_ref(&section), 80),
            "name           a           b\nx     1234567890  1234567890\n"
        );
        assert_eq!(text(&[section], 20), "name           a\nx     1234567890\n\nname           b\nx     1234567890\n");
    }

    #[test]
    fn changes_have_signs_and_errors() {
        let of = |change: f64, low, high| Change { change, low, high };
        assert_eq!(change(&of(5.0, Some(4.5), Some(5.5)), None, None), "+5.0 ± 0.5");
        assert_eq!(change(&of(-5.0, Some(-9.0), Some(-4.0)), None, None), "-5 (-9…-4)");
        assert_eq!(change(&of(5.0, None, Some(6.0)), None, None), "+5.000");
        assert_eq!(change(&Change::NONE, None, None), "0");
    }
}
