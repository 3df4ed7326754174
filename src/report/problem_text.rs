//! A problem as text: the message, the place, the formula with a caret, the remedy.
//!
//! ```text
//! error: unknown name `AF`
//!   models/lamp.json, metric "staash" (AE), expression
//!   |
//!   | =100 + ((randomInt(0,100) > AC) ? AB : AF)
//!   |                                        ^^ no metric has this readable id
//!   help: did you mean `AD`?
//! ```
//!
//! Columns are counted as a terminal shows them, wide characters as two. A formula wider than the terminal is cut to a
//! window around the caret. Formulas live inside JSON strings, so no line number of the file is given: it would not help.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::table::one_line;
use crate::problem::Problem;
use crate::span::Span;

/// Narrowest window of a formula, in columns.
const WINDOW_MIN: usize = 30;
/// What stands for the part of a formula that was cut.
const ELLIPSIS: &str = "…";

const RED: &str = "\u{1b}[1;31m";
const CYAN: &str = "\u{1b}[36m";
const RESET: &str = "\u{1b}[0m";

/// Where the text stands that a problem points into.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Name of the file, if there is one.
    pub file: Option<&'a str>,
    /// Name of the metric; may be empty.
    pub metric: &'a str,
    /// Readable id of the metric; may be empty.
    pub readable_id: &'a str,
    /// The metric's text.
    pub source: &'a str,
}

/// Renders a problem, ending with a line end.
///
/// # Parameters
/// - `width`: columns of the terminal; the formula is cut to fit, other lines are not.
/// - `color`: whether to colour with ANSI sequences.
///
/// # Examples
/// ```
/// use tailcast::problem::{Problem, ProblemKind};
/// use tailcast::report::problem_text::{Place, render};
/// use tailcast::span::Span;
/// let problem = Problem::new(ProblemKind::Graph, "unknown-name", "unknown name `AF`")
///     .with_span(Span::new(4, 6)).with_label("no metric has this readable id").with_help("did you mean `AD`?");
/// let place = Place { file: Some("lamp.json"), metric: "staash", readable_id: "AE", source: "1 + AF" };
/// assert_eq!(render(&problem, &place, 80, false), "\
/// error: unknown name `AF`
///   lamp.json, metric \"staash\" (AE), expression
///   |
///   | 1 + AF
///   |     ^^ no metric has this readable id
///   help: did you mean `AD`?
/// ");
/// ```
#[must_use]
pub fn render(problem: &Problem, place: &Place<'_>, width: usize, color: bool) -> String {
    let paint = |style: &str, text: &str| if color { format!("{style}{text}{RESET}") } else { text.to_owned() };
    let mut text = format!("{}: {}\n", paint(RED, "error"), one_line(&problem.message));
    let where_it_stands = place_line(place, problem.span.is_some());
    if !where_it_stands.is_empty() {
        let _ = writeln!(text, "  {where_it_stands}");
    }
    if let Some(span) = problem.span {
        let bar = paint(CYAN, "|");
        let (formula, offset, carets) = window(place.source, span, width.saturating_sub(4).max(WINDOW_MIN));
        let label = one_line(&problem.label);
        let mark = format!("{} {label}", "^".repeat(carets));
        let _ = writeln!(text, "  {bar}\n  {bar} {formula}");
        let _ = writeln!(text, "  {bar} {}{}", " ".repeat(offset), paint(RED, mark.trim_end()));
    }
    if let Some(help) = &problem.help {
        let _ = writeln!(text, "  {}: {}", paint(CYAN, "help"), one_line(help));
    }
    text
}

/// `models/lamp.json, metric "staash" (AE), expression`, with what is known.
fn place_line(place: &Place<'_>, has_span: bool) -> String {
    let mut parts: Vec<String> = place.file.map(one_line).into_iter().collect();
    match (place.metric.trim(), place.readable_id.trim()) {
        ("", "") => {}
        ("", id) => parts.push(format!("metric {}", one_line(id))),
        (name, "") => parts.push(format!("metric \"{}\"", one_line(name))),
        (name, id) => parts.push(format!("metric \"{}\" ({})", one_line(name), one_line(id))),
    }
    if has_span && !parts.is_empty() {
        parts.push("expression".to_owned());
    }
    parts.join(", ")
}

/// The line of `source` that the span begins in, cut to `width` columns, with the column and number of the carets.
fn window(source: &str, span: Span, width: usize) -> (String, usize, usize) {
    let start = floor_boundary(source, span.start);
    let end = floor_boundary(source, span.end).max(start);
    let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = source[start..].find('\n').map_or(source.len(), |at| start + at);
    let before = one_line(&source[line_start..start]);
    let marked = one_line(&source[start..end.min(line_end).max(start)]);
    let after = one_line(&source[end.min(line_end).max(start)..line_end]);

    let total = before.width() + marked.width() + after.width();
    if total <= width {
        let (offset, carets) = (before.width(), marked.width().max(1));
        return (format!("{before}{marked}{after}").trim_end().to_owned(), offset, carets);
    }
    // The marked part first, then what leads up to it, then what follows.
    let room = width.saturating_sub(2 * ELLIPSIS.width());
    let kept_marked = head(&marked, room);
    let cut_marked = kept_marked.len() < marked.len();
    let rest = room - kept_marked.width();
    let wanted_after = after.width().min(rest / 2);
    let kept_before = tail(&before, rest - wanted_after);
    let kept_after = if cut_marked { "" } else { head(&after, rest.saturating_sub(kept_before.width())) };
    let lead = if kept_before.len() < before.len() { ELLIPSIS } else { "" };
    let trail = if cut_marked || kept_after.len() < after.len() { ELLIPSIS } else { "" };
    let offset = lead.width() + kept_before.width();
    let carets = kept_marked.width().max(1);
    (format!("{lead}{kept_before}{kept_marked}{kept_after}{trail}"), offset, carets)
}

/// Largest character boundary at or below `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Longest beginning of `text` that fits `width` columns.
fn head(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, character) in text.char_indices() {
        used += character.width().unwrap_or(0);
        if used > width {
            return &text[..at];
        }
    }
    text
}

/// Longest end of `text` that fits `width` columns.
fn tail(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, character) in text.char_indices().rev() {
        used += character.width().unwrap_or(0);
        if used > width {
            return &text[at + character.len_utf8()..];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ProblemKind;

    fn place(source: &str) -> Place<'_> {
        Place { file: Some("models/lamp.json"), metric: "staash", readable_id: "AE", source }
    }

    fn problem(span: Span) -> Problem {
        Problem::new(ProblemKind::Parse, "unknown-name", "unknown name `AF`").with_span(span).with_label("here")
    }

    #[test]
    fn the_caret_stands_under_wide_characters() {
        let source = "=データ + AF";
        let at = source.find("AF").unwrap();
        insta::assert_snapshot!(render(&problem(Span::new(at, at + 2)), &place(source), 80, false), @r#"
        error: unknown name `AF`
          models/lamp.json, metric "staash" (AE), expression
          |
          | =データ + AF
          |           ^^ here
        "#);
    }

    #[test]
    fn a_long_formula_is_cut_to_a_window_around_the_caret() {
        let source = format!("={}AF{}", "A1 + ".repeat(40), " * B2".repeat(40));
        let at = source.find("AF").unwrap();
        insta::assert_snapshot!(render(&problem(Span::new(at, at + 2)), &place(&source), 60, false), @r#"
        error: unknown name `AF`
          models/lamp.json, metric "staash" (AE), expression
          |
          | … A1 + A1 + A1 + A1 + A1 + AF * B2 * B2 * B2 * B2 * B2 …
          |                            ^^ here
        "#);
    }

    #[test]
    fn a_place_at_the_end_has_one_caret_just_past_it() {
        let text = render(&problem(Span::new(4, 4)), &place("1 + "), 80, false);
        assert!(text.contains("  | 1 +\n  |     ^ here\n"), "{text}");
    }

    #[test]
    fn only_the_line_of_the_place_is_shown() {
        let text = render(&problem(Span::new(6, 14)), &place("a = 1\nbb = AF\nc"), 80, false);
        assert!(text.contains("  | bb = AF\n  | ^^^^^^^ here\n"), "{text}");
    }

    #[test]
    fn spans_outside_the_text_or_inside_a_character_do_no_harm() {
        for (start, end) in [(0, 1), (1, 2), (2, 1), (5, 900), (900, 901), (usize::MAX, usize::MAX)] {
            let text = render(&problem(Span::new(start, end)), &place("é=データ"), 10, false);
            assert!(text.contains('^'), "{text}");
        }
        assert!(render(&problem(Span::new(0, 0)), &place(""), 80, false).contains('^'));
    }

    #[test]
    fn control_characters_of_the_user_never_reach_the_terminal() {
        let mut evil = problem(Span::new(0, 3)).with_help("x\u{1b}[2J");
        evil.message = "a\u{1b}]0;title\u{7}b\nc".to_owned();
        let place = Place { file: Some("a\nb"), metric: "m\u{1b}[31m", readable_id: "\r", source: "\u{1b}[5mx" };
        let text = render(&evil, &place, 80, false);
        assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text:?}");
    }

    #[test]
    fn a_problem_without_place_has_no_formula() {
        let problem = Problem::new(ProblemKind::Sampling, "no-sample", "no finite sample");
        let nowhere = Place { file: None, metric: "", readable_id: "", source: "=1" };
        assert_eq!(render(&problem, &nowhere, 80, false), "error: no finite sample\n");
        let there = Place { metric: "a", ..nowhere };
        assert_eq!(render(&problem, &there, 80, false), "error: no finite sample\n  metric \"a\"\n");
    }

    #[test]
    fn colour_is_only_where_asked() {
        let colored = render(&problem(Span::new(0, 1)), &place("x"), 80, true);
        assert!(colored.starts_with("\u{1b}[1;31merror\u{1b}[0m: "));
        assert!(!render(&problem(Span::new(0, 1)), &place("x"), 80, false).contains('\u{1b}'));
    }
}
