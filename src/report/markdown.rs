//! The table of figures as Markdown, to paste into an issue or a document.

use std::fmt::Write as _;

use super::options::ReportOptions;
use super::problem_text::{self, Place};
use super::table::{Table, UNSUPPORTED, grouped_warnings, one_line, run_line, title};
use crate::sim::Outcome;

/// Columns that a problem's formula may take in a code block.
const PROBLEM_WIDTH: usize = 100;

/// The report as Markdown, ending with a line end.
#[must_use]
pub fn render(outcome: &Outcome, options: &ReportOptions) -> String {
    let heading = options.heading.clone().unwrap_or_else(|| run_line(outcome));
    let mut text = format!("**{}**: {}\n", escape(&title(outcome)), escape(&heading));
    if !outcome.metrics.is_empty() {
        let table = Table::new(outcome);
        text.push_str("\n| metric |");
        for head in &table.heads {
            let _ = write!(text, " {head} |");
        }
        let _ = write!(text, "\n|---|{}\n", "---:|".repeat(table.heads.len()));
        for row in &table.rows {
            let _ = write!(text, "| {} |", escape(&row.name));
            for (cell, interval) in row.cells.iter().zip(&row.intervals) {
                let interval = interval.as_ref().filter(|_| options.intervals);
                let _ = write!(text, " {}", escape(cell));
                let _ = interval.map_or(Ok(()), |interval| write!(text, " ({interval})"));
                text.push_str(" |");
            }
            text.push('\n');
        }
        if table.any_unsupported {
            let _ = writeln!(text, "\n{UNSUPPORTED} too few samples for this quantile");
        }
    }
    push_problems(&mut text, outcome, options);
    for (at, (concerned, warning)) in grouped_warnings(outcome).into_iter().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        let help = warning.help.as_ref().map_or_else(String::new, |help| format!("; {}", escape(&one_line(help))));
        let _ = writeln!(text, "{gap}- warning: {}{}{help}", escape(&concerned), escape(&one_line(&warning.message)));
    }
    text
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
            let rendered = problem_text::render(problem, &place, PROBLEM_WIDTH, false);
            let fence = "`".repeat(longest_run(&rendered, '`').max(2) + 1);
            let _ = write!(text, "\n{fence}text\n{rendered}{fence}\n");
        }
    }
}

/// Length of the longest run of `wanted` in `text`.
fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|character| character != wanted).map(|run| run.chars().count()).max().unwrap_or(0)
}

/// The text with a backslash before what Markdown would read as markup.
///
/// Backticks stay: messages mark the user's text with them, as Markdown does.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '|' | '*' | '_' | '<' | '>' | '[' | ']' | '#' => escaped.extend(['\\', character]),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_names_is_escaped() {
        assert_eq!(escape("a|b_*c*"), "a\\|b\\_\\*c\\*");
        assert_eq!(escape("`x`"), "`x`");
    }

    #[test]
    fn the_fence_is_longer_than_any_run_of_backticks() {
        assert_eq!(longest_run("a ```` b `", '`'), 4);
        assert_eq!(longest_run("", '`'), 0);
    }
}
