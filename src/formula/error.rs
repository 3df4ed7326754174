//! What can be wrong with the text of a formula, as data: a kind and a place.
//!
//! The words are here, the caret is drawn by the report. Names that mean nothing are no errors of the text: see
//! [`super::check()`].

use thiserror::Error;

use super::limits::{DEPTH_MAX, LENGTH_MAX};
use crate::problem::{Problem, ProblemKind};
use crate::span::Span;

/// Why a text is no formula, and where.
///
/// # Examples
/// ```
/// use tailcast::formula::{Dialect, parse};
/// let error = parse("2 ** 3", Dialect::Sane).unwrap_err();
/// assert_eq!(error.to_string(), "expected a value, found `*`");
/// assert_eq!(error.span.range(), 3..4);
/// assert_eq!(error.problem().help.as_deref(), Some("a power is written `^`"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct FormulaError {
    /// What is wrong.
    pub kind: FormulaErrorKind,
    /// Where; empty and at the end of the text when something is missing there.
    pub span: Span,
}

/// What can be wrong with the text of a formula.
///
/// `found` is what stands there for people to read: the token in backticks, or `the end of the formula`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormulaErrorKind {
    /// A value is missing at the end: `1 +`.
    #[error("expected a value, found the end of the formula")]
    UnexpectedEnd,
    /// A value is missing before something else: `1 + * 2`.
    #[error("expected a value, found {found}")]
    ValueExpected {
        /// What stands in its place.
        found: String,
        /// The symbol written directly before, without a space, if any.
        after: Option<&'static str>,
    },
    /// The formula is complete, yet something follows: `2 3`, `5)`.
    #[error("expected an operator or the end of the formula, found {found}")]
    UnexpectedToken {
        /// What follows.
        found: String,
    },
    /// A bracket is not closed where it must be: `(5`, `max(1;2)`.
    #[error("expected `{closing}`, found {found}")]
    Unclosed {
        /// The bracket that is missing.
        closing: &'static str,
        /// What stands in its place.
        found: String,
    },
    /// A character that belongs to no token: `5 €`.
    #[error("expected a value or an operator, found `{}`", .0.escape_debug())]
    UnexpectedCharacter(char),
    /// An exponent without digits, or with a fraction: `5e+`, `1e3.5`.
    #[error("expected a digit in the exponent, found {found}")]
    ExponentDigitExpected {
        /// What stands in its place.
        found: String,
    },
    /// Digits that do not belong to the number's base, or too many for its word size: `0b12`, `0xfffi8`.
    #[error("expected a number, found `{0}`")]
    InvalidNumber(String),
    /// A text without its closing quote.
    #[error("expected `{0}` at the end of the text, found the end of the formula")]
    UnterminatedText(char),
    /// A backslash followed by something that is no escape.
    #[error("expected an escape such as `\\n`, found `{0}`")]
    InvalidEscape(String),
    /// `${` without `}`.
    #[error("expected `}}` at the end of the reference, found the end of the formula")]
    UnterminatedReference,
    /// A reference that touches a name, a digit or another reference: `${A}2`.
    #[error("expected an operator or a space beside the reference, found {found}")]
    GluedReference {
        /// What it touches.
        found: String,
    },
    /// A reference followed by `(`.
    #[error("expected an operator after the reference, found `(`")]
    CalledReference,
    /// `condition ? value` without `: value`.
    #[error("expected `:` and the value for when the condition does not hold, found {found}")]
    ConditionalWithoutElse {
        /// What stands in place of the colon.
        found: String,
    },
    /// The left side of `=` is no name, index, property or function heading.
    #[error("expected a name on the left of `=`, found `{0}`")]
    InvalidAssignmentTarget(String),
    /// `end` is assigned to.
    #[error("expected another name, found `{0}`, which is reserved")]
    ReservedName(String),
    /// A function with two parameters of the same name.
    #[error("expected parameters with different names, found `{0}` twice")]
    DuplicateParameter(String),
    /// No name after `.` or `?.`.
    #[error("expected a property name after the dot, found {found}")]
    PropertyNameExpected {
        /// What stands in its place.
        found: String,
    },
    /// No name or text where an object needs a key.
    #[error("expected a key, found {found}")]
    KeyExpected {
        /// What stands in its place.
        found: String,
    },
    /// No colon after a key of an object.
    #[error("expected `:` after the key, found {found}")]
    ColonExpected {
        /// What stands in its place.
        found: String,
    },
    /// A row of a matrix with more or fewer elements than the first.
    #[error("expected {expected} elements in this row, found {found}")]
    UnevenRows {
        /// Elements of the first row.
        expected: usize,
        /// Elements of this row.
        found: usize,
    },
    /// More levels than [`DEPTH_MAX`].
    #[error("expected at most {DEPTH_MAX} levels of operators and brackets, found more")]
    TooDeep,
    /// More bytes than [`LENGTH_MAX`].
    #[error("expected at most {LENGTH_MAX} bytes, found {0}")]
    TooLong(usize),
}

impl FormulaError {
    /// The error as it is attached to a metric: kind `parse`; code `unexpected-end`, `too-deep`, `too-long` or else
    /// `syntax`.
    #[must_use]
    pub fn problem(&self) -> Problem {
        Problem::new(ProblemKind::Parse, self.kind.code(), self.to_string())
            .with_span(self.span)
            .with_label(self.kind.label())
            .with_help(self.kind.help())
    }
}

impl FormulaErrorKind {
    /// Stable identifier.
    const fn code(&self) -> &'static str {
        match self {
            Self::UnexpectedEnd => "unexpected-end",
            Self::TooDeep => "too-deep",
            Self::TooLong(_) => "too-long",
            _ => "syntax",
        }
    }

    /// Words beside the caret.
    const fn label(&self) -> &'static str {
        match self {
            Self::UnexpectedEnd | Self::ValueExpected { .. } => "a value is missing here",
            Self::UnexpectedToken { .. } => "this does not continue the formula",
            Self::Unclosed { .. } => "a bracket is still open here",
            Self::UnterminatedText(_) => "the text begins here",
            Self::UnterminatedReference => "the reference begins here",
            Self::ConditionalWithoutElse { .. } => "the other value is missing here",
            _ => "",
        }
    }

    /// What the user can do about it.
    fn help(&self) -> String {
        let help = match self {
            Self::UnexpectedEnd => "complete the formula, or remove what is left open at its end",
            Self::ValueExpected { found, after } => value_help(found, *after),
            Self::UnexpectedToken { found } => continuation_help(found),
            Self::Unclosed { closing, found } => return closing_help(closing, found),
            Self::UnexpectedCharacter(character) => character_help(*character),
            Self::ExponentDigitExpected { .. } => "an exponent is a whole number: `1e3`, `2.5e-6`",
            Self::InvalidNumber(_) => "a number looks like `12.5`, `1e-3`, `0xff`, `0o17` or `0b101`",
            Self::UnterminatedText(_) => "close the text with the quote that opened it",
            Self::InvalidEscape(_) => r"a backslash itself is written `\\`",
            Self::UnterminatedReference => "write a reference as `${metric:ID}`",
            Self::GluedReference { .. } => "write `*` to multiply",
            Self::CalledReference => "a metric is no function: write `*` to multiply",
            Self::ConditionalWithoutElse { .. } => {
                "write `condition ? value : other`, and put a conditional that is the value in parentheses"
            }
            Self::InvalidAssignmentTarget(_) => "to compare two values, write `==`",
            Self::ReservedName(_) => "choose another name: `end` is the last position in an index",
            Self::DuplicateParameter(_) => "rename one of the parameters",
            Self::PropertyNameExpected { .. } => "write `object.name`, or `object[\"any text\"]`",
            Self::KeyExpected { .. } | Self::ColonExpected { .. } => "an object looks like `{a: 1, \"b c\": 2}`",
            Self::UnevenRows { .. } => "give every row of a matrix the same number of elements",
            Self::TooDeep => "split the formula over several metrics, or add many terms with `sum(…)`",
            Self::TooLong(_) => "split the formula over several metrics, or keep numbers as the data of a metric",
        };
        help.to_owned()
    }
}

/// Remedy for a missing value, by what was written instead, for habits from other languages.
fn value_help(found: &str, after: Option<&str>) -> &'static str {
    match (after, found) {
        (Some("*"), "`*`") => "a power is written `^`",
        (Some("&"), "`&`") => "write `and`",
        (Some("|"), "`|`") => "write `or`",
        (Some("=="), "`=`") => "equality is written `==`",
        (Some("!="), "`=`") | (Some("<"), "`>`") => "inequality is written `!=`",
        (Some("/"), "`/`") => "a comment begins with `#`; to round a quotient down, write `floor(a / b)`",
        (Some("-"), "`>`") => "a range such as `5 to 10` stands alone, without `=` before it",
        (None, "`!`") => "write `not`",
        (None, "`=`" | "`==`") => "begin the formula with a value, after one `=` at most",
        _ => "write the value, or remove the operator before it",
    }
}

/// Remedy for what cannot follow a complete formula.
fn continuation_help(found: &str) -> &'static str {
    match found {
        "`,`" => "a comma separates the arguments of a function; write numbers without thousands separators",
        "`)`" | "`]`" | "`}`" => "remove it, or add the bracket that opens it",
        "`:`" => "a range has at most a start, a step and an end",
        "`not`" => "inequality is written `!=`",
        _ if found.starts_with("`.") => "a range is written `1:5`",
        _ => "write an operator before it, such as `*` to multiply",
    }
}

/// Remedy for an open bracket.
fn closing_help(closing: &str, found: &str) -> String {
    match found {
        "`,`" => format!("close with `{closing}` first, or write numbers without thousands separators"),
        "`;`" if closing == ")" => "separate arguments with `,`".to_owned(),
        _ => format!("add `{closing}`"),
    }
}

/// Remedy for a character that looks like something the language has, as text copied from documents does.
const fn character_help(character: char) -> &'static str {
    match character {
        '·' | '∙' | '⋅' | '✕' | '✖' => "write `*` to multiply",
        '÷' | '∕' | '⁄' => "write `/` to divide",
        '−' | '–' | '—' | '‐' | '‑' => "write `-`",
        '≤' => "write `<=`",
        '≥' => "write `>=`",
        '≠' => "write `!=`",
        '“' | '”' | '„' | '«' | '»' | '`' => "write texts with `\"`",
        '‘' | '’' => "write texts with `'`",
        '²' => "write `^2`",
        '³' => "write `^3`",
        '√' => "write `sqrt(…)`",
        '∞' => "write `Infinity`",
        '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => "replace this special space by an ordinary one",
        '\u{feff}' | '\u{200b}' => "remove this invisible character",
        '\\' => "write `/` to divide",
        _ => "remove it",
    }
}

#[cfg(test)]
mod tests {
    use super::{FormulaError, FormulaErrorKind};
    use crate::formula::{Dialect, parse};
    use crate::problem::ProblemKind;
    use crate::span::Span;

    #[test]
    fn a_problem_keeps_place_words_and_remedy() {
        let problem = parse("max(1;2)", Dialect::Sane).expect_err("a semicolon in a call").problem();
        assert_eq!((problem.kind, problem.code), (ProblemKind::Parse, "syntax"));
        assert_eq!(problem.message, "expected `)`, found `;`");
        assert_eq!(problem.span, Some(Span::new(5, 6)));
        assert_eq!(problem.label, "a bracket is still open here");
        assert_eq!(problem.help.as_deref(), Some("separate arguments with `,`"));
    }

    #[test]
    fn limits_have_codes_of_their_own() {
        let code = |kind| FormulaError { kind, span: Span::default() }.problem().code;
        assert_eq!(code(FormulaErrorKind::TooDeep), "too-deep");
        assert_eq!(code(FormulaErrorKind::TooLong(1)), "too-long");
        assert_eq!(code(FormulaErrorKind::UnexpectedEnd), "unexpected-end");
    }

    #[test]
    fn long_user_text_is_cut_in_messages() {
        let text = format!("{} = 1", "1 + ".repeat(20) + "2");
        let message = parse(&text, Dialect::Sane).expect_err("a sum is no target").to_string();
        assert_eq!(message, "expected a name on the left of `=`, found `1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + …`");
    }
}
