//! Service level objectives: `p99(response) <= 200ms`, `P(response > 1ms) <= 0.1%`, `mean(response) < 50us`.
//!
//! Whether one is met is decided where samples are; here is only its meaning.

use std::fmt;

use crate::formula::MetricIndex;
use crate::model::error::{Fault, FaultKind, ModelError};
use crate::model::input_text::TimeScale;
use crate::model::model::Model;
use crate::model::unit_conversion::convert_time;
use crate::span::Span;
use crate::units::TimeUnit;

/// Longest objective, in bytes.
const SLO_LEN_MAX: usize = 1_000;

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `<`
    Smaller,
    /// `<=`
    SmallerEqual,
    /// `>`
    Larger,
    /// `>=`
    LargerEqual,
}

impl Comparison {
    /// Every comparison, the longer symbols first.
    const ALL: [Self; 4] = [Self::SmallerEqual, Self::LargerEqual, Self::Smaller, Self::Larger];

    /// Symbol, as written in objectives.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Smaller => "<",
            Self::SmallerEqual => "<=",
            Self::Larger => ">",
            Self::LargerEqual => ">=",
        }
    }

    /// Whether `left` stands to `right` as the symbol says; never for NaN.
    #[must_use]
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Smaller => left < right,
            Self::SmallerEqual => left <= right,
            Self::Larger => left > right,
            Self::LargerEqual => left >= right,
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

/// Figure of a metric that an objective is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// Quantile at `q`, in (0, 1).
    Quantile {
        /// Where, in (0, 1).
        q: f64,
    },
    /// Mean.
    Mean,
    /// Share of samples that stand to a threshold as the comparison says.
    Probability {
        /// How they are compared.
        comparison: Comparison,
        /// Threshold, in the metric's unit.
        threshold: f64,
    },
}

/// A service level objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Slo {
    /// As written, without surrounding space.
    pub text: String,
    /// Figure that is bounded.
    pub quantity: Quantity,
    /// Metric it is a figure of.
    pub metric: MetricIndex,
    /// How the figure must stand to the bound.
    pub comparison: Comparison,
    /// Bound: in the metric's unit, or a probability in \[0, 1\].
    pub bound: f64,
}

impl Slo {
    /// Reads an objective about a metric of `model`.
    ///
    /// ```text
    /// slo      = quantity compare bound
    /// quantity = "p99"… "(" metric ")" | "median" "(" metric ")" | "mean" "(" metric ")"
    ///          | "quantile" "(" metric "," q ")" | "P" "(" metric compare bound ")"
    /// compare  = "<" | "<=" | ">" | ">="
    /// metric   = key, readable id, id or name; in quotes or backticks unless it is one word
    /// bound    = number ["%" | "K" | "M" | "B" | "T" | unit of time]
    /// ```
    ///
    /// A bound without a unit of time is in the metric's unit. A probability is a share or a percentage.
    ///
    /// # Errors
    /// One fault with a span in `text`: [`FaultKind::UnknownMetric`], [`FaultKind::AmbiguousMetric`], or
    /// [`FaultKind::Value`] when the text is no objective, a level is outside (0, 1), a probability outside \[0, 1\], or
    /// a unit of time is given for a metric that has none.
    ///
    /// # Examples
    /// ```
    /// use tailcast::model::{self, NoData, Options, Quantity, Slo};
    /// let toml = b"unit = 'us'\n[metrics]\nresponse = '50 to 200'";
    /// let model = model::read(toml, None, &NoData, Options::default())?;
    /// let slo = Slo::parse("p99.9(response) <= 2ms", &model)?;
    /// assert_eq!((slo.quantity, slo.bound), (Quantity::Quantile { q: 0.999 }, 2000.0));
    /// # Ok::<(), model::ModelError>(())
    /// ```
    pub fn parse(text: &str, model: &Model) -> Result<Self, ModelError> {
        let lookup = |name: &str| {
            let metric = model.resolve(name)?;
            let unit = model.metrics()[metric.index()].unit.as_ref().and_then(crate::units::Unit::time);
            Ok((metric, unit))
        };
        parse_slo(text, &lookup).map_err(ModelError::from)
    }
}

impl fmt::Display for Slo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Model {
    /// Reads one value of a metric, such as `60`, `1.5ms` or `2K`, in the unit of the metric's numbers.
    ///
    /// # Errors
    /// One fault of kind [`FaultKind::Value`] with a span in `text` when it is no number, or has a unit of time although
    /// the metric has none.
    ///
    /// # Examples
    /// ```
    /// use tailcast::formula::MetricIndex;
    /// use tailcast::model::{self, NoData, Options};
    /// let model = model::read(b"unit = 'us'\n[metrics]\ndisk = '5 to 9'", None, &NoData, Options::default())?;
    /// assert_eq!(model.parse_value(MetricIndex(0), "1.5ms")?, 1500.0);
    /// # Ok::<(), model::ModelError>(())
    /// ```
    pub fn parse_value(&self, metric: MetricIndex, text: &str) -> Result<f64, ModelError> {
        let unit = self.metrics()[metric.index()].unit.as_ref().and_then(crate::units::Unit::time);
        let lookup = |_: &str| Ok((metric, unit));
        let mut parser = SloParser { text, at: 0, lookup: &lookup };
        parser.skip_space();
        let value = parser.value(unit)?;
        parser.skip_space();
        if parser.at < text.len() { Err(parser.expected("one number", 0).into()) } else { Ok(value) }
    }
}

/// Finds a metric and the unit of time of its values.
pub(crate) type MetricLookup<'a> = dyn Fn(&str) -> Result<(MetricIndex, Option<TimeUnit>), Fault> + 'a;

/// Reads an objective about the metrics that `lookup` finds.
pub(crate) fn parse_slo(text: &str, lookup: &MetricLookup<'_>) -> Result<Slo, Fault> {
    if text.len() > SLO_LEN_MAX {
        let message = format!("expected an objective of at most {SLO_LEN_MAX} bytes, found {}", text.len());
        return Err(Fault::new(FaultKind::Value, message));
    }
    SloParser { text, at: 0, lookup }.slo()
}

/// Figure named before the parenthesis.
enum Figure {
    Quantile(f64),
    QuantileArgument,
    Mean,
    Probability,
}

struct SloParser<'a> {
    text: &'a str,
    at: usize,
    lookup: &'a MetricLookup<'a>,
}

impl SloParser<'_> {
    fn slo(mut self) -> Result<Slo, Fault> {
        let figure = self.figure()?;
        self.expect("(")?;
        let (metric, unit) = self.metric()?;
        let quantity = match figure {
            Figure::Quantile(q) => Quantity::Quantile { q },
            Figure::Mean => Quantity::Mean,
            Figure::QuantileArgument => {
                self.expect(",")?;
                Quantity::Quantile { q: self.level()? }
            }
            Figure::Probability => {
                Quantity::Probability { comparison: self.comparison()?, threshold: self.value(unit)? }
            }
        };
        self.expect(")")?;
        let comparison = self.comparison()?;
        let bound = match quantity {
            Quantity::Probability { .. } => self.probability()?,
            _ => self.value(unit)?,
        };
        self.skip_space();
        if self.at < self.text.len() {
            return Err(self.expected("the end of the objective", self.at));
        }
        Ok(Slo { text: self.text.trim().to_owned(), quantity, metric, comparison, bound })
    }

    fn figure(&mut self) -> Result<Figure, Fault> {
        self.skip_space();
        let start = self.at;
        let word = self.take_while(|c| c.is_ascii_alphanumeric() || c == '.').to_owned();
        Ok(match word.as_str() {
            "mean" => Figure::Mean,
            "median" => Figure::Quantile(0.5),
            "quantile" => Figure::QuantileArgument,
            "P" => Figure::Probability,
            _ => match word.strip_prefix('p').filter(|digits| digits.starts_with(|c: char| c.is_ascii_digit())) {
                Some(percent) => Figure::Quantile(self.percentile(percent, start)?),
                None => {
                    return Err(self.expected("`p99(…)`, `mean(…)`, `median(…)`, `quantile(…, q)` or `P(…)`", start));
                }
            },
        })
    }

    /// Level of `p99.9`, rounded once.
    fn percentile(&self, percent: &str, start: usize) -> Result<f64, Fault> {
        let q = format!("{percent}e-2").parse().ok().filter(|q| *q > 0.0 && *q < 1.0);
        q.ok_or_else(|| {
            let fault = self.fault(format!("expected a percentile between 0 and 100, found `p{percent}`"), start);
            match percent.strip_prefix("99").filter(|rest| rest.bytes().all(|b| b.is_ascii_digit())) {
                Some(rest) if !rest.is_empty() => fault.with_help(format!("did you mean `p99.{rest}`?")),
                _ => fault,
            }
        })
    }

    /// A metric: one word, or anything in quotes or backticks.
    fn metric(&mut self) -> Result<(MetricIndex, Option<TimeUnit>), Fault> {
        self.skip_space();
        let start = self.at;
        let quote = self.text[start..].chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        let name = if let Some(quote) = quote {
            self.at += 1;
            let name = self.take_while(|c| c != quote).to_owned();
            if self.at == self.text.len() {
                return Err(self.expected(&format!("a closing `{quote}`"), self.at));
            }
            self.at += 1;
            name
        } else {
            self.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '-')).to_owned()
        };
        if name.is_empty() {
            return Err(self.expected("the name of a metric", start));
        }
        (self.lookup)(&name).map_err(|fault| Fault { span: Some(Span::new(start, self.at)), ..fault })
    }

    fn comparison(&mut self) -> Result<Comparison, Fault> {
        self.skip_space();
        let found = Comparison::ALL.into_iter().find(|c| self.text[self.at..].starts_with(c.symbol()));
        let comparison = found.ok_or_else(|| self.expected("`<`, `<=`, `>` or `>=`", self.at))?;
        self.at += comparison.symbol().len();
        Ok(comparison)
    }

    /// Level of a quantile, a number in (0, 1).
    fn level(&mut self) -> Result<f64, Fault> {
        self.skip_space();
        let start = self.at;
        let (q, suffix) = self.number_and_suffix()?;
        let q = if suffix == "%" { q / 100.0 } else { q };
        let valid = (suffix.is_empty() || suffix == "%") && q > 0.0 && q < 1.0;
        if valid { Ok(q) } else { Err(self.expected("a level between 0 and 1", start)) }
    }

    /// A probability: a share, or a percentage.
    fn probability(&mut self) -> Result<f64, Fault> {
        self.skip_space();
        let start = self.at;
        let (value, suffix) = self.number_and_suffix()?;
        let share = match suffix.as_str() {
            "" => value,
            "%" => value / 100.0,
            _ => return Err(self.expected("a probability such as `0.1%` or `0.001`", start)),
        };
        if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(self.expected("a probability from 0 to 1", start)) }
    }

    /// A number in the metric's unit.
    fn value(&mut self, unit: Option<TimeUnit>) -> Result<f64, Fault> {
        self.skip_space();
        let start = self.at;
        let (value, suffix) = self.number_and_suffix()?;
        let value = match suffix.as_str() {
            "" => value,
            "%" => value / 100.0,
            "K" => value * 1e3,
            "M" => value * 1e6,
            "B" => value * 1e9,
            "T" => value * 1e12,
            word => match (TimeUnit::parse(word), unit.map(TimeScale::of)) {
                (Some(from), Some(scale)) => convert_time(value, from, scale.target),
                (Some(_), None) => {
                    let fault = self.fault("expected a bound without unit, as the metric is no time".to_owned(), start);
                    return Err(fault.with_help("give the model or the metric a unit of time such as `unit = \"ms\"`"));
                }
                (None, _) => return Err(self.expected("a number with a unit such as `ms`", start)),
            },
        };
        if value.is_finite() { Ok(value) } else { Err(self.expected("a number of at most 1.8e308", start)) }
    }

    /// A number with sign and exponent, and the word or `%` behind it.
    fn number_and_suffix(&mut self) -> Result<(f64, String), Fault> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let is_exponent = |at: usize| {
            let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
            digit(at + 1) || (matches!(bytes.get(at + 1), Some(b'+' | b'-')) && digit(at + 2))
        };
        while let Some(byte) = bytes.get(self.at) {
            let belongs = match byte {
                b'0'..=b'9' | b'.' => true,
                b'+' | b'-' => self.at == start || matches!(bytes[self.at - 1], b'e' | b'E'),
                b'e' | b'E' => self.at > start && is_exponent(self.at),
                _ => false,
            };
            if !belongs {
                break;
            }
            self.at += 1;
        }
        let value = self.text[start..self.at].parse().map_err(|_| self.expected("a number", start))?;
        self.skip_space();
        let suffix = match self.text[self.at..].starts_with('%') {
            true => {
                self.at += 1;
                "%".to_owned()
            }
            false => self.take_while(char::is_alphabetic).to_owned(),
        };
        Ok((value, suffix))
    }

    fn expect(&mut self, token: &str) -> Result<(), Fault> {
        self.skip_space();
        if !self.text[self.at..].starts_with(token) {
            return Err(self.expected(&format!("`{token}`"), self.at));
        }
        self.at += token.len();
        Ok(())
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &str {
        let start = self.at;
        self.at += self.text[start..].chars().take_while(|c| accept(*c)).map(char::len_utf8).sum::<usize>();
        &self.text[start..self.at]
    }

    fn skip_space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// Fault that names what was wanted at `start`, and what stands there.
    fn expected(&self, wanted: &str, start: usize) -> Fault {
        let found: String = self.text[start..].chars().take(20).collect();
        let found = if found.trim().is_empty() { "nothing".to_owned() } else { format!("`{}`", found.trim()) };
        self.fault(format!("expected {wanted}, found {found}"), start)
            .with_help("an objective looks like `p99(response) <= 200ms` or `P(response > 1ms) <= 0.1%`")
    }

    fn fault(&self, message: String, start: usize) -> Fault {
        Fault { span: Some(Span::new(start, self.text.len())), ..Fault::new(FaultKind::Value, message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Slo, Fault> {
        parse_slo(text, &|name: &str| match name {
            "response" | "db call" => Ok((MetricIndex(0), Some(TimeUnit::Microsecond))),
            "hits" => Ok((MetricIndex(1), None)),
            _ => Err(Fault::new(FaultKind::UnknownMetric, format!("expected a metric, found `{name}`"))),
        })
    }

    #[test]
    fn objectives_are_in_the_unit_of_their_metric() {
        let slo = parse(" p99.9(response)<=200ms ").expect("an objective");
        assert_eq!(slo.quantity, Quantity::Quantile { q: 0.999 });
        assert_eq!(
            (slo.comparison, slo.bound, slo.text.as_str()),
            (Comparison::SmallerEqual, 2e5, "p99.9(response)<=200ms")
        );
        assert_eq!(parse("mean(`db call`) < 5e1").expect("an objective").bound, 50.0);
        assert_eq!(parse("median(hits) >= 60").expect("an objective").quantity, Quantity::Quantile { q: 0.5 });
        assert_eq!(parse("quantile(hits, 0.25) > 1K").expect("an objective").bound, 1000.0);
    }

    #[test]
    fn probabilities_are_shares_or_percentages() {
        let slo = parse("P(response > 1ms) <= 0.1%").expect("an objective");
        assert_eq!(slo.quantity, Quantity::Probability { comparison: Comparison::Larger, threshold: 1000.0 });
        assert_eq!(slo.bound, 0.001);
        assert!(parse("P(response > 1ms) <= 5").is_err());
    }

    #[test]
    fn faults_say_what_was_expected_and_where() {
        let fault = |text: &str| parse(text).expect_err("a fault");
        assert_eq!(fault("p99(hits) <= 5ms").help.as_deref().map(|help| help.contains("unit of time")), Some(true));
        assert_eq!(fault("p999(response) < 1").help.as_deref(), Some("did you mean `p99.9`?"));
        assert_eq!(fault("p99(other) < 1").kind, FaultKind::UnknownMetric);
        assert_eq!(fault("p99(response) = 1").message, "expected `<`, `<=`, `>` or `>=`, found `= 1`");
        assert_eq!(fault("p99(response) <").message, "expected a number, found nothing");
        assert_eq!(fault("p99(response) < 1 2").span, Some(Span::new(18, 19)));
        for text in
            ["", "p", "p99", "p99(", "p99(`", "p99()", "p0(hits)<1", "p100(hits)<1", "mean(hits)<1e999", "é(é)<é"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
