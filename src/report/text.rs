//! The report for people: a header, a table of figures, then problems and warnings.
//!
//! A row is a metric, its cells share one unit where that reads well, and the digits of each figure follow its error.
//! Nothing is coloured unless asked.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::options::ReportOptions;
use super::problem_text::{self, Place};
use super::table::{Table, UNSUPPORTED, grouped_warnings, one_line, run_line, title};
use crate::sim::Outcome;

/// Widest a name may be, in columns; longer ones are cut.
const NAME_WIDTH_MAX: usize = 36;
/// Narrowest terminal that tables are folded for.
const WIDTH_MIN: usize = 40;
/// Blanks between columns.
const GAP: usize = 2;
/// What stands for the end of a name that was cut.
const CUT: char = '…';

/// The report as text, ending with a line end.
#[must_use]
pub fn render(outcome: &Outcome, options: &ReportOptions) -> String {
    let heading = options.heading.clone().unwrap_or_else(|| run_line(outcome));
    let mut text = format!("{}\n{heading}\n", title(outcome));
    if !outcome.metrics.is_empty() {
        text.push('\n');
        push_table(&mut text, &Table::new(outcome), options);
    }
    push_problems(&mut text, outcome, options);
    push_warnings(&mut text, outcome, options);
    text
}

/// The table, folded into groups of columns that fit the width; each group repeats the names.
fn push_table(text: &mut String, table: &Table, options: &ReportOptions) {
    let names: Vec<String> = table.rows.iter().map(|row| cut(&row.name, NAME_WIDTH_MAX)).collect();
    let name_width = names.iter().map(|name| name.width()).max().unwrap_or(0).max("metric".len());
    let widths: Vec<usize> = (0..table.heads.len()).map(|column| column_width(table, column, options)).collect();
    let available = options.width.max(WIDTH_MIN).saturating_sub(name_width);
    let mut from = 0;
    while from < widths.len() {
        let mut to = from;
        let mut used = 0;
        while to < widths.len() && (to == from || used + widths[to] + GAP <= available) {
            used += widths[to] + GAP;
            to += 1;
        }
        if from > 0 {
            text.push('\n');
        }
        push_line(
            text,
            "metric",
            name_width,
            (from..to).map(|c| (with_mark_column(&table.heads[c], table), widths[c])),
        );
        for (row, name) in table.rows.iter().zip(&names) {
            push_line(text, name, name_width, (from..to).map(|c| (with_mark_column(&row.cells[c], table), widths[c])));
            if options.intervals && row.intervals[from..to].iter().any(Option::is_some) {
                let cell = |c: usize| with_mark_column(row.intervals[c].as_deref().unwrap_or(""), table);
                push_line(text, "  95 % interval", name_width, (from..to).map(|c| (cell(c), widths[c])));
            }
        }
        from = to;
    }
    if table.any_unsupported {
        let _ = writeln!(text, "\n{UNSUPPORTED} too few samples for this quantile");
    }
}

fn column_width(table: &Table, column: usize, options: &ReportOptions) -> usize {
    let cells = table.rows.iter().map(|row| with_mark_column(&row.cells[column], table).width());
    let intervals = table
        .rows
        .iter()
        .filter(|_| options.intervals)
        .filter_map(|row| row.intervals[column].as_deref())
        .map(|interval| with_mark_column(interval, table).width());
    let head = with_mark_column(&table.heads[column], table).width();
    cells.chain(intervals).max().unwrap_or(0).max(head)
}

/// The cell with a blank in the place of the mark, so that digits stay aligned where some cells are marked.
fn with_mark_column(cell: &str, table: &Table) -> String {
    if table.any_unsupported && !cell.ends_with(UNSUPPORTED) { format!("{cell} ") } else { cell.to_owned() }
}

fn push_line(text: &mut String, name: &str, name_width: usize, cells: impl Iterator<Item = (String, usize)>) {
    let mut line = format!("{name}{}", " ".repeat(name_width.saturating_sub(name.width())));
    for (cell, width) in cells {
        line.push_str(&" ".repeat(GAP + width.saturating_sub(cell.width())));
        line.push_str(&cell);
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// The text cut to `width` columns.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for character in text.chars() {
        short.push(character);
        if short.width() >= width {
            short.pop();
            break;
        }
    }
    short.push(CUT);
    short
}

fn push_problems(text: &mut String, outcome: &Outcome, options: &ReportOptions) {
    for metric in &outcome.metrics {
        for problem in &metric.problems {
            let place = Place {
                file: options.file.as_deref(),
                metric: &metric.name,
                readable_id: &metric.readable_id,
                source: &metric.source,
            };
            text.push('\n');
            text.push_str(&problem_text::render(problem, &place, options.width, options.color));
        }
    }
}

fn push_warnings(text: &mut String, outcome: &Outcome, options: &ReportOptions) {
    let warnings = grouped_warnings(outcome);
    if !warnings.is_empty() {
        text.push('\n');
    }
    for (concerned, warning) in warnings {
        let word = if options.color { "\u{1b}[1;33mwarning\u{1b}[0m" } else { "warning" };
        let _ = writeln!(text, "{word}: {concerned}{}", one_line(&warning.message));
        if let Some(help) = &warning.help {
            let _ = writeln!(text, "  help: {}", one_line(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_by_columns_not_by_bytes() {
        assert_eq!(cut("metric", 6), "metric");
        assert_eq!(cut("metrics", 6), "metri…");
        assert_eq!(cut("データベース", 6), "デー…");
        assert_eq!(cut("éééééééé", 4), "ééé…");
    }
}
