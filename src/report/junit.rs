//! JUnit XML of verdicts, which CI systems read: a test case an objective or assertion.

use std::fmt::Write as _;

use crate::study::slo::Verdict;

/// One verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What was judged: the objective or assertion as written.
    pub name: String,
    /// Where: the model, and the version if there are several.
    pub place: String,
    /// Verdict.
    pub verdict: Verdict,
    /// What the samples say.
    pub message: String,
}

/// Writes the document.
///
/// # Parameters
/// - `suite`: name of the suite, that of the model.
/// - `allow_undecided`: whether an undecided case is skipped rather than failed.
///
/// # Examples
/// ```
/// use tailcast::report::junit::{Case, render};
/// use tailcast::study::slo::Verdict;
/// let case = Case { name: "p99(x) < 5".into(), place: "m".into(), verdict: Verdict::Missed, message: "7".into() };
/// let xml = render("m", &[case], false);
/// assert!(xml.contains("<failure type=\"missed\" message=\"7\"/>") && xml.contains("p99(x) &lt; 5"));
/// ```
#[must_use]
pub fn render(suite: &str, cases: &[Case], allow_undecided: bool) -> String {
    let is_skipped = |case: &&Case| case.verdict == Verdict::Undecided && allow_undecided;
    let skipped = cases.iter().filter(is_skipped).count();
    let failures = cases.iter().filter(|case| case.verdict != Verdict::Met).count() - skipped;
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">",
        escaped(suite),
        cases.len()
    );
    for case in cases {
        let (name, place, message) = (escaped(&case.name), escaped(&case.place), escaped(&case.message));
        let _ = write!(xml, "    <testcase name=\"{name}\" classname=\"{place}\"");
        let outcome = match case.verdict {
            Verdict::Met => format!("<system-out>{message}</system-out>"),
            Verdict::Undecided if allow_undecided => format!("<skipped message=\"{message}\"/>"),
            verdict => format!("<failure type=\"{}\" message=\"{message}\"/>", verdict.name()),
        };
        let _ = writeln!(xml, ">{outcome}</testcase>");
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

/// The text with what XML reserves written as entities, and without the control characters that it has no way to write.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undecided_cases_fail_unless_they_are_allowed() {
        let case = |verdict| Case { name: "\u{1}<&\"'".into(), place: "m".into(), verdict, message: "x".into() };
        let cases = [case(Verdict::Met), case(Verdict::Missed), case(Verdict::Undecided)];
        let strict = render("s", &cases, false);
        assert!(strict.contains("tests=\"3\" failures=\"2\" errors=\"0\" skipped=\"0\""), "{strict}");
        assert!(strict.contains("name=\"\u{fffd}&lt;&amp;&quot;&apos;\""));
        assert!(render("s", &cases, true).contains("failures=\"1\" errors=\"0\" skipped=\"1\""));
    }
}
