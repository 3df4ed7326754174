//! Where the time of a service comes from: a guesstimate in the architecture, data measured beside it, or the stated
//! default of its package.

use super::super::model_text::{MetricText, Source};
use super::document::{Custom, Service};
use crate::dist::{Cell, Empirical};
use crate::units::{TimeUnit, Unit};

/// Values written into a model; of more, as many evenly spaced quantiles are.
const VALUE_COUNT_MAX: usize = 10_000;

/// What measured times of a service are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Meaning {
    /// One call, without the calls it makes in turn.
    #[default]
    Call,
    /// One message on its way to the service: what a spigo `.guess` file holds. A call takes two, there and back.
    Delivery,
}

/// Measured times of a service.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceLatency {
    /// The distribution.
    pub data: Empirical,
    /// Unit; spigo's nanosecond where it is `None`.
    pub unit: Option<Unit>,
    /// What was measured.
    pub meaning: Meaning,
}

/// Gives the measured times of a service by its name.
pub type LatencyLookup<'a> = dyn Fn(&str) -> Option<ServiceLatency> + 'a;

/// Where the time of a service came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A guesstimate in the architecture.
    Custom,
    /// Data.
    Measured,
    /// The package's default.
    Assumed,
    /// It takes no time.
    Nothing,
}

impl Origin {
    /// For people.
    fn note(self, service: &Service) -> String {
        match self {
            Self::Custom => "as the architecture guesses".to_owned(),
            Self::Measured => "as measured".to_owned(),
            Self::Assumed => format!("assumed: the default of package {}", service.package.name()),
            Self::Nothing => String::new(),
        }
    }
}

/// Time of one call of a service, its own calls left out.
pub(crate) struct OwnTime {
    /// Where it came from.
    pub(crate) origin: Origin,
    source: Option<(Source, Meaning)>,
    unit_unknown: bool,
}

impl OwnTime {
    /// Time of `service`.
    pub(crate) fn new(service: &Service, lookup: Option<&LatencyLookup<'_>>) -> Self {
        let call = |source| Some((source, Meaning::Call));
        if let Some(custom) = &service.custom {
            return Self { origin: Origin::Custom, source: call(custom_source(custom)), unit_unknown: false };
        }
        let Some(assumed) = service.package.assumed_time() else {
            return Self { origin: Origin::Nothing, source: None, unit_unknown: false };
        };
        let measured = lookup.and_then(|lookup| lookup(&service.name));
        if let Some(latency) = measured.filter(|latency| !is_empty(&latency.data)) {
            let (factor, unit_unknown) = match &latency.unit {
                Some(Unit::Time(unit)) => (unit.per(TimeUnit::Nanosecond), false),
                Some(Unit::Other(_)) => (1.0, true),
                None => (1.0, false),
            };
            let source = measured_source(&latency.data, factor);
            return Self { origin: Origin::Measured, source: Some((source, latency.meaning)), unit_unknown };
        }
        let source = Source::Typed(assumed.to_owned(), "LOGNORMAL");
        Self { origin: Origin::Assumed, source: call(source), unit_unknown: false }
    }

    /// Whether a unit was given that is no time.
    pub(crate) fn unit_unknown(&self) -> bool {
        self.unit_unknown
    }

    /// Whether it takes any time.
    pub(crate) fn is_some(&self) -> bool {
        self.source.is_some()
    }

    /// Metrics that hold this time under `key`, for the service named `about`.
    pub(crate) fn metrics(&self, key: &str, about: &str, service: &Service) -> Vec<MetricText> {
        let note = self.origin.note(service);
        match &self.source {
            None => Vec::new(),
            Some((source, Meaning::Call)) => vec![MetricText::new(key, format!("{about}; {note}"), source.clone())],
            Some((source, Meaning::Delivery)) => {
                let (there, back) = (format!("{key}_request_delivery"), format!("{key}_reply_delivery"));
                vec![
                    MetricText::new(key, about, Source::Input(format!("= {there} + {back}"))),
                    MetricText::new(there, format!("a message on its way to {}; {note}", service.name), source.clone()),
                    MetricText::new(back, format!("its answer on the way back; {note}"), source.clone()),
                ]
            }
        }
    }
}

fn is_empty(data: &Empirical) -> bool {
    match data {
        Empirical::Values(values) => values.is_empty(),
        Empirical::Histogram(cells) => cells.iter().all(|cell| cell.weight <= 0.0),
    }
}

/// Source of a guesstimate given by hand.
fn custom_source(custom: &Custom) -> Source {
    let value = custom.value.trim().to_owned();
    match custom.kind.trim().to_ascii_uppercase().as_str() {
        "NORMAL" => Source::Typed(value, "NORMAL"),
        "LOGNORMAL" => Source::Typed(value, "LOGNORMAL"),
        "UNIFORM" => Source::Typed(value, "UNIFORM"),
        "DATA" => {
            let inner = value.trim_start_matches('[').trim_end_matches(']');
            let numbers: Option<Vec<f64>> = inner
                .split([',', ' '])
                .filter(|word| !word.is_empty())
                .map(|word| word.parse().ok().filter(|number: &f64| number.is_finite()))
                .collect();
            numbers.filter(|numbers| !numbers.is_empty()).map_or(Source::Input(value), Source::Data)
        }
        _ => Source::Input(value),
    }
}

/// Source of measured data, each value times `factor`.
fn measured_source(data: &Empirical, factor: f64) -> Source {
    match data {
        Empirical::Values(values) if values.len() <= VALUE_COUNT_MAX => {
            Source::Data(values.iter().map(|value| value * factor).collect())
        }
        Empirical::Values(values) => {
            let mut values: Vec<f64> = values.iter().map(|value| value * factor).collect();
            values.sort_unstable_by(f64::total_cmp);
            let rank = |at: usize| ((at as f64 + 0.5) / VALUE_COUNT_MAX as f64 * values.len() as f64) as usize;
            Source::Data((0..VALUE_COUNT_MAX).map(|at| values[rank(at).min(values.len() - 1)]).collect())
        }
        Empirical::Histogram(cells) => {
            let cell = |cell: &Cell| (cell.low * factor, cell.high * factor, cell.weight);
            Source::Histogram(merged(cells).iter().map(cell).collect())
        }
    }
}

/// Neighbouring cells put together until there are few enough.
fn merged(cells: &[Cell]) -> Vec<Cell> {
    let size = cells.len().div_ceil(VALUE_COUNT_MAX).max(1);
    cells
        .chunks(size)
        .map(|chunk| Cell {
            low: chunk[0].low,
            high: chunk[chunk.len() - 1].high,
            weight: chunk.iter().map(|cell| cell.weight).sum(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_values_than_a_model_holds_become_evenly_spaced_quantiles() {
        let data = Empirical::Values((0..100_000).rev().map(f64::from).collect());
        let Source::Data(values) = measured_source(&data, 2.0) else { panic!("expected values") };
        assert_eq!((values.len(), values[0], values[9999]), (10_000, 10.0, 199_990.0));
        let cells: Vec<Cell> =
            (0..25_000).map(|at| Cell { low: f64::from(at), high: f64::from(at + 1), weight: 1.0 }).collect();
        let merged = merged(&cells);
        assert!(merged.len() <= 10_000);
        assert_eq!(merged.iter().map(|cell| cell.weight).sum::<f64>(), 25_000.0);
    }

    #[test]
    fn guesstimates_by_hand_keep_their_type() {
        let source =
            |kind: &str, value: &str| custom_source(&Custom { kind: kind.to_owned(), value: value.to_owned() });
        assert_eq!(source("LOGNORMAL", "[1,8]"), Source::Typed("[1,8]".to_owned(), "LOGNORMAL"));
        assert_eq!(source("POINT", "5000000"), Source::Input("5000000".to_owned()));
        assert_eq!(source("DATA", "[1, 2,3]"), Source::Data(vec![1.0, 2.0, 3.0]));
        assert_eq!(source("FUNCTION", "=1+2"), Source::Input("=1+2".to_owned()));
    }
}
