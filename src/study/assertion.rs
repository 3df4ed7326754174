//! Assertions about changes, for continuous integration: `p99(response) change <= 5%`.

use super::compare::{Comparison, Difference};
use super::error::StudyError;
use super::interval::Change;
use super::slo::Verdict;
use crate::model::Comparison as Relation;
use crate::units::{TimeUnit, Unit, parse_quantile};

/// Figure whose change is bounded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ChangeFigure {
    /// The mean.
    Mean,
    /// A quantile, in (0, 1).
    Quantile(f64),
}

/// Bound of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ChangeBound {
    /// Relative to the figure in the first version: 0.05 for 5 %.
    Relative(f64),
    /// In the metric's unit, or in the unit of time that is named.
    Absolute(f64, Option<TimeUnit>),
}

/// An assertion about a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Assertion {
    /// As written.
    pub text: String,
    /// Figure.
    pub figure: ChangeFigure,
    /// Name or id of the metric.
    pub metric: String,
    /// How the change must stand to the bound.
    pub comparison: Relation,
    /// Bound.
    pub bound: ChangeBound,
}

/// What the samples say about an assertion for one version.
#[derive(Debug, Clone, PartialEq)]
pub struct AssertionResult {
    /// The assertion as written.
    pub assertion: String,
    /// Id of the metric.
    pub metric: String,
    /// First version.
    pub from: String,
    /// The version whose change it is.
    pub to: String,
    /// Verdict.
    pub verdict: Verdict,
    /// Whether `value` and the interval are relative: 0.05 for 5 %.
    pub is_relative: bool,
    /// Unit of an absolute change.
    pub unit: Option<Unit>,
    /// The change.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end of its 95 % interval.
    pub high: Option<f64>,
}

impl Assertion {
    /// Reads `FIGURE(METRIC) change COMPARISON BOUND`: the figure is `p99` or the like, `median` or `mean`, the bound a
    /// percentage of the first version's figure, a number in the metric's unit, or one with a unit of time.
    ///
    /// # Errors
    /// [`StudyError::Text`] if the text is none.
    ///
    /// # Examples
    /// ```
    /// use tailcast::study::assertion::{Assertion, ChangeBound, ChangeFigure};
    /// let assertion = Assertion::parse("p99(response) change <= 5%")?;
    /// assert_eq!((assertion.figure, assertion.bound), (ChangeFigure::Quantile(0.99), ChangeBound::Relative(0.05)));
    /// # Ok::<(), tailcast::study::StudyError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, StudyError> {
        let fault = || StudyError::Text {
            expected: "an assertion such as `p99(response) change <= 5%`".to_owned(),
            found: text.trim().to_owned(),
        };
        let (figure, rest) = text.split_once('(').ok_or_else(fault)?;
        let (metric, rest) = rest.rsplit_once(')').ok_or_else(fault)?;
        let figure = match figure.trim() {
            "mean" => ChangeFigure::Mean,
            "median" => ChangeFigure::Quantile(0.5),
            word if word.starts_with('p') => {
                let q = parse_quantile(word).ok().filter(|q| *q > 0.0 && *q < 1.0);
                ChangeFigure::Quantile(q.ok_or_else(fault)?)
            }
            _ => return Err(fault()),
        };
        let metric = metric.trim().trim_matches(['"', '\'', '`']).to_owned();
        let relation = rest.trim().strip_prefix("change").ok_or_else(fault)?.trim();
        let comparisons = [Relation::SmallerEqual, Relation::LargerEqual, Relation::Smaller, Relation::Larger];
        let comparison = comparisons.into_iter().find(|c| relation.starts_with(c.symbol())).ok_or_else(fault)?;
        let bound = bound(relation[comparison.symbol().len()..].trim()).ok_or_else(fault)?;
        if metric.is_empty() {
            return Err(fault());
        }
        Ok(Self { text: text.trim().to_owned(), figure, metric, comparison, bound })
    }

    /// Judges the assertion for each version of a comparison but the first.
    ///
    /// # Errors
    /// [`StudyError::NoSamples`] if no version has a change of the figure: the metric or the quantile is not among
    /// those compared, or has no samples.
    pub fn evaluate(&self, comparison: &Comparison) -> Result<Vec<AssertionResult>, StudyError> {
        let names = |difference: &&Difference| difference.metric == self.metric || difference.name == self.metric;
        let differences = comparison.differences.iter().filter(names);
        let results: Vec<_> = differences.filter_map(|difference| self.judge(difference)).collect();
        if results.is_empty() { Err(StudyError::NoSamples { metric: self.metric.clone() }) } else { Ok(results) }
    }

    fn judge(&self, difference: &Difference) -> Option<AssertionResult> {
        let (from, change) = match self.figure {
            ChangeFigure::Mean => (difference.mean_from?, difference.mean?),
            ChangeFigure::Quantile(q) => {
                let quantile = difference.quantiles.iter().find(|quantile| quantile.q == q)?;
                (quantile.from, quantile.change)
            }
        };
        let scaled = |by: f64| Change {
            change: change.change / by,
            low: change.low.map(|low| low / by),
            high: change.high.map(|high| high / by),
        };
        let unit = difference.unit.as_ref();
        let (change, bound) = match self.bound {
            // The error of the figure that the change is relative to is of second order.
            ChangeBound::Relative(bound) => (scaled(from.abs()), bound),
            ChangeBound::Absolute(bound, time) => {
                let units = time.zip(unit.and_then(Unit::time));
                (change, units.map_or(bound, |(time, unit)| time.convert(bound, unit)))
            }
        };
        let is_relative = matches!(self.bound, ChangeBound::Relative(_));
        Some(AssertionResult {
            assertion: self.text.clone(),
            metric: difference.metric.clone(),
            from: difference.from.clone(),
            to: difference.to.clone(),
            verdict: Verdict::of(self.comparison, bound, change.low, change.high),
            is_relative,
            unit: unit.filter(|_| !is_relative).cloned(),
            value: change.change,
            low: change.low,
            high: change.high,
        })
    }
}

fn bound(text: &str) -> Option<ChangeBound> {
    let finite = |number: &str| number.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    if let Some(percent) = text.strip_suffix('%') {
        return finite(percent).map(|percent| ChangeBound::Relative(percent / 100.0));
    }
    let end = text.trim_end_matches(|c: char| c.is_alphabetic()).len();
    let (number, unit) = text.split_at(end);
    let time = if unit.is_empty() { None } else { Some(TimeUnit::parse(unit)?) };
    finite(number).map(|number| ChangeBound::Absolute(number, time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assertions_are_read() {
        let assertion = Assertion::parse(" mean(\"db call\") change < -1.5ms").expect("an assertion");
        assert_eq!((assertion.figure, assertion.metric.as_str()), (ChangeFigure::Mean, "db call"));
        assert_eq!(assertion.bound, ChangeBound::Absolute(-1.5, Some(TimeUnit::Millisecond)));
        for text in [
            "",
            "p99(x)",
            "p99(x) change",
            "p99(x) change <= ",
            "p99() change <= 5%",
            "p0(x) change < 1",
            "max(x) change < 5",
            "p99(x) change <= 5 parsecs",
            "p99(x) <= 5%",
            "é)(é",
        ] {
            assert!(Assertion::parse(text).is_err(), "{text}");
        }
    }
}
