//! What a person types into a metric: `5`, `5K`, `5 to 10`, `[5, 10]`, `3 of 10`, `=formula`.
//!
//! ```text
//! text --read_input--> InputReading { form: InputForm, problem: Option<Problem> }
//! ```
//!
//! The grammar is Guesstimate's, which is stricter than it looks: `1e5`, `+5` and `5k` are not numbers in it. A formula
//! is only told apart here, not parsed; a list of samples is the business of [`super::data_text`].

use crate::model::unit_conversion::convert_time;
use crate::problem::{Problem, ProblemKind};
use crate::span::Span;
use crate::units::TimeUnit;

/// Longest input text that is not a formula, in bytes.
pub const INPUT_LEN_MAX: usize = 1_000;

/// Which of Guesstimate's readings to follow where its own is a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// `1,000,000` is a million; a list of samples beats the text when the type is `DATA`.
    #[default]
    Sane,
    /// As the real engine: `1,000,000` is 1000 (only the first comma goes); text that can be read beats a list.
    Guesstimate,
}

/// How a range is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RangeKind {
    /// Normal distribution with the range as its central 90 %.
    Normal,
    /// Log-normal distribution with the range as its central 90 %; both ends positive.
    LogNormal,
    /// Uniform distribution over the range.
    Uniform,
}

impl RangeKind {
    /// The kind that a type field names, in Guesstimate's spelling; other types say nothing about ranges.
    #[must_use]
    pub fn from_type_name(name: &str) -> Option<Self> {
        Some(match name {
            "NORMAL" => Self::Normal,
            "LOGNORMAL" => Self::LogNormal,
            "UNIFORM" => Self::Uniform,
            _ => return None,
        })
    }

    /// Name in Guesstimate's spelling.
    #[must_use]
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Normal => "NORMAL",
            Self::LogNormal => "LOGNORMAL",
            Self::Uniform => "UNIFORM",
        }
    }

    /// Kind of a range from `low` when `hint` asks for one: a range that reaches zero or below can't be log-normal.
    #[must_use]
    pub fn resolve(hint: Option<Self>, low: f64) -> Self {
        match hint {
            Some(Self::Normal) => Self::Normal,
            Some(Self::Uniform) => Self::Uniform,
            _ if low <= 0.0 => Self::Normal,
            _ => Self::LogNormal,
        }
    }
}

/// What an input text turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum InputForm {
    /// Nothing: no text and no data.
    None,
    /// One value.
    Point(f64),
    /// A range; `low > high` only beside a problem.
    Range {
        /// How it is read.
        kind: RangeKind,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// `hits` of `total`; `hits > total` only beside a problem.
    Proportion {
        /// How often it happened.
        hits: f64,
        /// How often it could have.
        total: f64,
    },
    /// A formula: the text after the `=`.
    Formula(String),
    /// The list of samples that stands beside the text.
    Data,
}

impl InputForm {
    /// Resolved type in Guesstimate's spelling.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Point(_) => "POINT",
            Self::Range { kind, .. } => kind.type_name(),
            Self::Proportion { .. } => "BETA",
            Self::Formula(_) => "FUNCTION",
            Self::Data => "DATA",
        }
    }
}

/// What was read, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct InputReading {
    /// The form; with a problem, as much of it as could be told.
    pub form: InputForm,
    /// Why the metric has no samples; codes `unreadable-input`, `empty-formula`, `range-reversed`.
    pub problem: Option<Problem>,
}

/// Units of the numbers in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeScale {
    /// Unit of numbers that name none.
    pub plain: TimeUnit,
    /// Unit that the values are wanted in.
    pub target: TimeUnit,
}

impl TimeScale {
    /// Scale of numbers that are in the unit wanted already.
    #[must_use]
    pub const fn of(unit: TimeUnit) -> Self {
        Self { plain: unit, target: unit }
    }
}

/// How to read an input text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InputOptions<'a> {
    /// Which reading to follow.
    pub reading: Reading,
    /// Type field of the metric, which decides how a range is read.
    pub type_hint: Option<&'a str>,
    /// Whether a list of samples, not empty, stands beside the text.
    pub has_data: bool,
    /// Units of time; without them a number with a unit of time is a problem, as in Guesstimate.
    pub scale: Option<TimeScale>,
}

/// Reads what was typed into a metric.
///
/// ```text
/// input   = "=" formula | number | range | number ("of" | "in") number
/// range   = number ("to" | ".." | "->" | ":") number | "[" number "," number "]"
/// number  = (integer | decimal) [space] ["%" | "K" | "M" | "B" | "T"] | (integer | decimal) space* time
/// integer = ["-"] digits ("," 3 digits)*        decimal = ["-"] digits* "." digits
/// ```
///
/// Spaces may surround every token of a range. In `5 to 10ms` the unit belongs to both numbers.
///
/// # Errors
/// None as a `Result`; [`InputReading::problem`] holds `unreadable-input` when no form matches, `empty-formula` for a
/// lone `=`, `range-reversed` when low > high or hits > total.
///
/// # Source
/// The behaviour of guesstimate-app 0.5.0.
///
/// # Examples
/// ```
/// use tailcast::model::{InputForm, InputOptions, RangeKind, read_input};
/// let reading = read_input("5 to 10K", InputOptions::default());
/// assert_eq!(reading.form, InputForm::Range { kind: RangeKind::LogNormal, low: 5.0, high: 10_000.0 });
/// assert_eq!(read_input("1e5", InputOptions::default()).problem.unwrap().code, "unreadable-input");
/// ```
#[must_use]
pub fn read_input(text: &str, options: InputOptions<'_>) -> InputReading {
    if options.reading == Reading::Sane && options.has_data && options.type_hint == Some("DATA") {
        return InputReading { form: InputForm::Data, problem: None };
    }
    if let Some(formula) = text.strip_prefix('=') {
        return read_formula(formula);
    }
    let hint = options.type_hint.and_then(RangeKind::from_type_name);
    let matched = if text.len() > INPUT_LEN_MAX { None } else { Cursor::new(text, options).form(hint) };
    match matched {
        Some(form) => InputReading { problem: order_problem(&form).or_else(|| size_problem(&form)), form },
        None if options.has_data => InputReading { form: InputForm::Data, problem: None },
        None if text.is_empty() => InputReading { form: InputForm::None, problem: None },
        None => InputReading { form: InputForm::None, problem: Some(unreadable(text, options)) },
    }
}

/// A formula, told by its `=`.
fn read_formula(formula: &str) -> InputReading {
    let problem = formula.is_empty().then(|| {
        Problem::new(ProblemKind::Parse, "empty-formula", "expected a formula after `=`, found nothing")
            .with_span(Span::new(0, 1))
            .with_help("write a formula such as `=2 * AB`, or remove the `=`")
    });
    InputReading { form: InputForm::Formula(formula.to_owned()), problem }
}

/// The problem of a range or proportion whose ends are the wrong way round.
fn order_problem(form: &InputForm) -> Option<Problem> {
    let (message, help) = match *form {
        InputForm::Range { low, high, .. } if low > high => (
            format!("expected a range from low to high, found {low} to {high}"),
            format!("did you mean `{high} to {low}`?"),
        ),
        InputForm::Proportion { hits, total } if hits > total => (
            format!("expected at most as many hits as cases, found {hits} of {total}"),
            format!("did you mean `{total} of {hits}`?"),
        ),
        _ => return None,
    };
    Some(Problem::new(ProblemKind::Parse, "range-reversed", message).with_help(help))
}

/// The problem of a number that no 64-bit float can hold.
fn size_problem(form: &InputForm) -> Option<Problem> {
    let finite = match *form {
        InputForm::Point(value) => value.is_finite(),
        InputForm::Range { low, high, .. } => low.is_finite() && high.is_finite(),
        InputForm::Proportion { hits, total } => hits.is_finite() && total.is_finite(),
        _ => true,
    };
    (!finite).then(|| {
        Problem::new(ProblemKind::Parse, "unreadable-input", "expected numbers of at most 1.8e308, found a larger one")
    })
}

/// The problem of a text that no form matches, with the remedy that fits it.
fn unreadable(text: &str, options: InputOptions<'_>) -> Problem {
    let trimmed = text.trim();
    let scaled = InputOptions { scale: Some(TimeScale::of(TimeUnit::Second)), ..options };
    let shown: String = trimmed.chars().take(40).collect();
    let ellipsis = if trimmed.chars().nth(40).is_some() { "…" } else { "" };
    let help = if text.len() > INPUT_LEN_MAX {
        "put a list of samples into `data`".to_owned()
    } else if trimmed.starts_with('=') {
        "remove the space before `=`".to_owned()
    } else if options.scale.is_none() && Cursor::new(text, scaled).form(None).is_some() {
        "a time needs a unit to be converted to: give the model a unit of time such as `unit = \"ms\"`".to_owned()
    } else if let Ok(value) = trimmed.parse::<f64>()
        && value.is_finite()
    {
        format!("write it as `{value}`, or as a formula: `={trimmed}`")
    } else if crate::model::data_text::looks_like_data(trimmed) {
        "put a list of samples into `data`".to_owned()
    } else {
        "a number (`5`, `5K`, `5%`), a range (`5 to 10`), a proportion (`3 of 10`) or a formula (`=2 * AB`)".to_owned()
    };
    let message = format!("expected a number, a range, a proportion or a formula, found `{shown}{ellipsis}`");
    Problem::new(ProblemKind::Parse, "unreadable-input", message).with_span(Span::new(0, text.len())).with_help(help)
}

/// White space as the original's regular expressions have it.
fn is_space(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// A number, its unit of time if it names one, and the offset just past it.
#[derive(Debug, Clone, Copy)]
struct Number {
    value: f64,
    unit: Option<TimeUnit>,
    end: usize,
}

/// Matches the forms against a text; offsets are bytes.
struct Cursor<'a> {
    text: &'a str,
    reading: Reading,
    scale: Option<TimeScale>,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str, options: InputOptions<'_>) -> Self {
        Self { text, reading: options.reading, scale: options.scale }
    }

    /// The form that matches the whole text.
    fn form(&self, hint: Option<RangeKind>) -> Option<InputForm> {
        let start = self.skip_space(0);
        for number in self.numbers(start) {
            if self.skip_space(number.end) == self.text.len() {
                return Some(InputForm::Point(self.scaled(number, None)));
            }
        }
        if let Some((low, high)) = self.pair(start, &["to", "..", "->", ":"]).or_else(|| self.bracket(start)) {
            let (low, high) = (self.scaled(low, high.unit), self.scaled(high, None));
            return Some(InputForm::Range { kind: RangeKind::resolve(hint, low), low, high });
        }
        let (hits, total) = self.pair(start, &["of", "in"])?;
        let timeless = hits.unit.is_none() && total.unit.is_none();
        timeless.then_some(InputForm::Proportion { hits: hits.value, total: total.value })
    }

    /// Two numbers with one of `separators` between them, up to the end.
    fn pair(&self, start: usize, separators: &[&str]) -> Option<(Number, Number)> {
        self.numbers(start).into_iter().find_map(|first| {
            let at = self.skip_space(first.end);
            let separator = separators.iter().find(|separator| self.text[at..].starts_with(**separator))?;
            let at = self.skip_space(at + separator.len());
            let second = self.numbers(at).into_iter().find(|n| self.skip_space(n.end) == self.text.len())?;
            Some((first, second))
        })
    }

    /// `[low, high]`. As the comma also groups digits, the first number takes as few groups as will do.
    fn bracket(&self, start: usize) -> Option<(Number, Number)> {
        if !self.text[start..].starts_with('[') {
            return None;
        }
        self.numbers(self.skip_space(start + 1)).into_iter().find_map(|first| {
            let at = self.skip_space(first.end);
            if !self.text[at..].starts_with(',') {
                return None;
            }
            let closes = |n: &Number| {
                let at = self.skip_space(n.end);
                self.text[at..].starts_with(']') && self.skip_space(at + 1) == self.text.len()
            };
            let second = self.numbers(self.skip_space(at + 1)).into_iter().find(closes)?;
            Some((first, second))
        })
    }

    /// Every number that begins at `start`: whole ones with ever more groups of digits, then the decimal one; each with
    /// its suffix.
    fn numbers(&self, start: usize) -> Vec<Number> {
        let mut found = Vec::new();
        let bytes = self.text.as_bytes();
        let unsigned = start + usize::from(bytes.get(start) == Some(&b'-'));
        let digits_end = digits_end(bytes, unsigned);
        let mut add = |end: usize| {
            let value = self.value(start, end);
            if let Some((value, after)) = self.magnitude(value, end) {
                found.push(Number { value, unit: None, end: after });
            } else if let Some((unit, after)) = self.time(end) {
                found.push(Number { value, unit: Some(unit), end: after });
            } else {
                found.push(Number { value, unit: None, end });
            }
        };
        if digits_end > unsigned {
            let mut end = digits_end;
            add(end);
            while bytes.get(end) == Some(&b',') && digits_end_within(bytes, end + 1, 3) == end + 4 {
                end += 4;
                add(end);
            }
        }
        if bytes.get(digits_end) == Some(&b'.') {
            let end = self::digits_end(bytes, digits_end + 1);
            if end > digits_end + 1 {
                add(end);
            }
        }
        found
    }

    /// Value of the digits `start..end`. The original removes one comma and reads as far as the next.
    fn value(&self, start: usize, end: usize) -> f64 {
        let digits = match self.reading {
            Reading::Sane => self.text[start..end].replace(',', ""),
            Reading::Guesstimate => self.text[start..end].split(',').take(2).collect(),
        };
        digits.parse().unwrap_or(f64::NAN)
    }

    /// `value` times the suffix at `at`, after at most one space.
    fn magnitude(&self, value: f64, at: usize) -> Option<(f64, usize)> {
        let rest = &self.text[at..];
        let space = rest.chars().next().filter(|c| is_space(*c)).map_or(0, char::len_utf8);
        let factor = match rest[space..].chars().next()? {
            '%' => 0.01,
            'K' => 1e3,
            'M' => 1e6,
            'B' => 1e9,
            'T' => 1e12,
            _ => return None,
        };
        Some((value * factor, at + space + 1))
    }

    /// The unit of time at `at`, after any space. A lone `m` is none, as it may stand for minutes, months or millions.
    fn time(&self, at: usize) -> Option<(TimeUnit, usize)> {
        self.scale?;
        let start = self.skip_space(at);
        let len: usize = self.text[start..].chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
        let word = &self.text[start..start + len];
        let unit = TimeUnit::parse(word).filter(|_| word != "m")?;
        Some((unit, start + len))
    }

    /// Value of `number` in the unit wanted; `shared` is the unit that the number takes over when it has none.
    fn scaled(&self, number: Number, shared: Option<TimeUnit>) -> f64 {
        self.scale.map_or(number.value, |scale| {
            convert_time(number.value, number.unit.or(shared).unwrap_or(scale.plain), scale.target)
        })
    }

    fn skip_space(&self, at: usize) -> usize {
        at + self.text[at..].chars().take_while(|c| is_space(*c)).map(char::len_utf8).sum::<usize>()
    }
}

/// Offset just past the digits that begin at `start`.
fn digits_end(bytes: &[u8], start: usize) -> usize {
    digits_end_within(bytes, start, usize::MAX)
}

/// Offset just past at most `count` digits that begin at `start`.
fn digits_end_within(bytes: &[u8], start: usize, count: usize) -> usize {
    start + bytes[start.min(bytes.len())..].iter().take(count).take_while(|b| b.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> InputForm {
        read_input(text, InputOptions::default()).form
    }

    fn in_milliseconds(text: &str) -> InputReading {
        let scale = Some(TimeScale::of(TimeUnit::Millisecond));
        read_input(text, InputOptions { scale, ..InputOptions::default() })
    }

    fn code(text: &str) -> &'static str {
        read_input(text, InputOptions::default()).problem.expect("a problem").code
    }

    #[test]
    fn commas_group_digits_and_all_of_them_go() {
        assert_eq!(form("1,000,000"), InputForm::Point(1e6));
        let old = InputOptions { reading: Reading::Guesstimate, ..InputOptions::default() };
        assert_eq!(read_input("1,000,000", old).form, InputForm::Point(1000.0));
        assert_eq!(code("10,00"), "unreadable-input");
    }

    #[test]
    fn range_words_need_no_spaces() {
        let range = InputForm::Range { kind: RangeKind::LogNormal, low: 5.0, high: 10.0 };
        for text in ["5 to 10", "5to10", "5..10", "5->10", "5 : 10", "[5,10]", "\u{a0}[ 5 , 10 ]\n"] {
            assert_eq!(form(text), range, "{text}");
        }
    }

    #[test]
    fn data_beats_text_when_the_type_says_so() {
        let options = InputOptions { type_hint: Some("DATA"), has_data: true, ..InputOptions::default() };
        assert_eq!(read_input("5", options).form, InputForm::Data);
        let old = InputOptions { reading: Reading::Guesstimate, ..options };
        assert_eq!(read_input("5", old).form, InputForm::Point(5.0));
        assert_eq!(read_input("rubbish", old).form, InputForm::Data);
    }

    #[test]
    fn times_are_converted_to_the_unit_wanted() {
        assert_eq!(in_milliseconds("200us").form, InputForm::Point(0.2));
        assert_eq!(in_milliseconds("5 µs").form, InputForm::Point(0.005));
        let range = |low, high| InputForm::Range { kind: RangeKind::LogNormal, low, high };
        assert_eq!(in_milliseconds("500us to 2s").form, range(0.5, 2000.0));
        assert_eq!(in_milliseconds("5 to 10s").form, range(5000.0, 10_000.0));
        assert_eq!(in_milliseconds("5s to 10000").form, range(5000.0, 10_000.0));
        assert_eq!(in_milliseconds("[5s, 10s]").form, range(5000.0, 10_000.0));
        assert_eq!(in_milliseconds("5m").problem.map(|p| p.code), Some("unreadable-input"));
        assert_eq!(in_milliseconds("3ms of 10ms").problem.map(|p| p.code), Some("unreadable-input"));
    }

    #[test]
    fn plain_numbers_take_the_plain_unit() {
        let scale = Some(TimeScale { plain: TimeUnit::Microsecond, target: TimeUnit::Nanosecond });
        let options = InputOptions { scale, ..InputOptions::default() };
        assert_eq!(read_input("5", options).form, InputForm::Point(5000.0));
        assert_eq!(read_input("5ns", options).form, InputForm::Point(5.0));
    }

    #[test]
    fn problems_name_the_remedy() {
        let help = |text: &str| read_input(text, InputOptions::default()).problem.and_then(|p| p.help);
        assert_eq!(help("1e5").as_deref(), Some("write it as `100000`, or as a formula: `=1e5`"));
        assert!(help("5ms").is_some_and(|help| help.contains("unit of time")));
        assert_eq!(help(" =3").as_deref(), Some("remove the space before `=`"));
        assert_eq!(help("1,2,3,4,5").as_deref(), Some("put a list of samples into `data`"));
        assert_eq!(help("10 to 5").as_deref(), Some("did you mean `5 to 10`?"));
    }

    #[test]
    fn hostile_texts_are_refused_quickly() {
        assert_eq!(code(&format!("[1{}", ",000".repeat(1_000_000))), "unreadable-input");
        assert_eq!(code(&"9".repeat(400)), "unreadable-input");
        assert_eq!(code(&"é".repeat(300)), "unreadable-input");
        assert_eq!(code("="), "empty-formula");
    }
}
