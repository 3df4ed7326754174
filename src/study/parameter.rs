//! Parameters of sweeps and goals: a metric and the values it takes.

use super::error::StudyError;
use crate::formula::MetricIndex;
use crate::model::{Model, ModelError};
use crate::units::Unit;

/// Most values of one parameter.
pub(super) const VALUES_MAX: usize = 10_000;

/// Equal steps of a range that names none.
const STEPS_DEFAULT: usize = 10;

/// A metric and the values that it takes, each in the unit of the metric's numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The metric.
    pub metric: MetricIndex,
    /// Its name as written.
    pub name: String,
    /// Unit of its values.
    pub unit: Option<Unit>,
    /// The values.
    pub grid: Grid,
}

/// The values of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Grid {
    /// These.
    List(Vec<f64>),
    /// From `low` to `high`, both included where a step ends there; `low < high`.
    Range {
        /// First value.
        low: f64,
        /// Last value.
        high: f64,
        /// How to go from one to the next.
        step: Step,
    },
}

/// How to go through a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// In equal steps, as many as suit.
    Any,
    /// By adding this, which is positive.
    By(f64),
    /// By multiplying with this, which is above 1; the range is positive.
    Times(f64),
}

impl Parameter {
    /// Reads `METRIC=LOW..HIGH`, `METRIC=LOW..HIGH/STEP`, `METRIC=LOW..HIGH*FACTOR` or `METRIC=VALUE,VALUE,…`.
    ///
    /// Values may have a unit of time where the metric has one.
    ///
    /// # Errors
    /// - [`StudyError::Text`] if the text is none of these, a range is empty or reversed, a step is not positive, or a
    ///   factor is not above 1.
    /// - [`StudyError::Model`] if there is no such metric, or a value cannot be read.
    /// - [`StudyError::TooManyPoints`] for more than 10,000 values.
    ///
    /// # Examples
    /// ```
    /// use tailcast::model::{self, NoData, Options};
    /// use tailcast::study::Parameter;
    /// let model = model::read(b"[metrics]\nhit = 60", None, &NoData, Options::default())?;
    /// assert_eq!(Parameter::parse("hit=0..1/0.25", &model)?.values(), [0.0, 0.25, 0.5, 0.75, 1.0]);
    /// assert_eq!(Parameter::parse("hit=1..1000*10", &model)?.values(), [1.0, 10.0, 100.0, 1000.0]);
    /// assert_eq!(Parameter::parse("hit=60,90,99", &model)?.values(), [60.0, 90.0, 99.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(text: &str, model: &Model) -> Result<Self, StudyError> {
        let fault = |expected: &str| StudyError::Text { expected: expected.to_owned(), found: text.trim().to_owned() };
        let form = "a parameter such as `hit=0..100/5`, `hit=1..1000*10` or `hit=60,90`";
        let (name, values) = text.split_once('=').ok_or_else(|| fault(form))?;
        let metric = model.resolve(name.trim()).map_err(ModelError::from)?;
        let read = |text: &str| model.parse_value(metric, text.trim());
        let grid = match values.split_once("..") {
            Some((low, rest)) => {
                let (high, step) = match rest.split_once(['/', '*']) {
                    None => (rest, Step::Any),
                    Some((high, step)) if rest.contains('/') => (high, Step::By(read(step)?)),
                    Some((high, factor)) => {
                        (high, Step::Times(factor.trim().parse().map_err(|_| fault("a factor above 1"))?))
                    }
                };
                Grid::Range { low: read(low)?, high: read(high)?, step }
            }
            None => Grid::List(values.split(',').map(read).collect::<Result<_, _>>()?),
        };
        if let Grid::Range { low, high, step } = grid {
            if low.is_nan() || high <= low {
                return Err(fault("a range from a lower to a higher value"));
            }
            match step {
                Step::By(step) if step <= 0.0 => return Err(fault("a positive step")),
                Step::Times(factor) if factor <= 1.0 || !factor.is_finite() => return Err(fault("a factor above 1")),
                Step::Times(_) if low <= 0.0 => return Err(fault("a range above 0 for steps by a factor")),
                _ => {}
            }
        }
        let unit = model.metrics()[metric.index()].unit.clone();
        let parameter = Self { metric, name: name.trim().to_owned(), unit, grid };
        match parameter.count() {
            count if count > VALUES_MAX as f64 => {
                Err(StudyError::TooManyPoints { limit: VALUES_MAX, found: count.min(1e15) as usize })
            }
            _ => Ok(parameter),
        }
    }

    /// The two ends of its range.
    #[must_use]
    pub fn range(&self) -> Option<(f64, f64)> {
        match self.grid {
            Grid::Range { low, high, .. } => Some((low, high)),
            Grid::List(_) => None,
        }
    }

    fn count(&self) -> f64 {
        match self.grid {
            Grid::List(ref values) => values.len() as f64,
            Grid::Range { low, high, step } => match step {
                Step::Any => STEPS_DEFAULT as f64 + 1.0,
                // What a step almost reaches counts, as 1 does in steps of 0.1.
                Step::By(step) => ((high - low) / step + 1e-9).floor() + 1.0,
                Step::Times(factor) => ((high / low).ln() / factor.ln() + 1e-9).floor() + 1.0,
            },
        }
    }

    /// Its values, in order.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        let Grid::Range { low, high, step } = self.grid else {
            let Grid::List(values) = &self.grid else { return Vec::new() };
            return values.clone();
        };
        let count = self.count() as usize;
        let value = |at: usize| match step {
            Step::Any => low + (high - low) * (at as f64 / STEPS_DEFAULT as f64),
            Step::By(step) => low + step * at as f64,
            Step::Times(factor) => low * factor.powi(at as i32),
        };
        (0..count).map(|at| shortened(value(at)).min(high)).collect()
    }
}

/// The value to 12 digits: 0.3 where 3 steps of 0.1 end.
pub(super) fn shortened(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{self, NoData, Options};

    fn model() -> Model {
        let toml = b"unit = 'us'\n[metrics]\ndisk = '5 to 9'\n[metrics.hit]\ninput = 60\nunit = '%'";
        model::read(toml, None, &NoData, Options::default()).expect("a model")
    }

    #[test]
    fn values_are_what_was_typed() {
        let values = |text: &str| Parameter::parse(text, &model()).expect("a parameter").values();
        assert_eq!(values("hit=0..1/0.1"), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]);
        assert_eq!(values("hit=0..100").len(), 11);
        assert_eq!(values("disk=1ms..2ms/500us"), [1000.0, 1500.0, 2000.0]);
        assert_eq!(values("hit=1..50*7"), [1.0, 7.0, 49.0]);
        assert_eq!(values("hit=-5, 1e3"), [-5.0, 1000.0]);
    }

    #[test]
    fn what_is_no_parameter_is_refused() {
        let texts = [
            "",
            "hit",
            "hit=",
            "hit=5..",
            "hit=5..5",
            "hit=9..1",
            "hit=0..9/0",
            "hit=0..9/-1",
            "hit=0..9*2",
            "hit=1..9*1",
            "hit=1..9*x",
            "hit=1ms..2ms",
            "hits=1..2",
            "hit=0..1/1e-9",
            "hit=1,,2",
            "hit=1..2..3",
        ];
        for text in texts {
            assert!(Parameter::parse(text, &model()).is_err(), "{text}");
        }
    }
}
