//! Measured distributions as metrics of a model: small ones stand in its text, large ones stay in their files.
//!
//! It writes text and reads no file. Paths are written as they are given.

use super::identifier::{Names, identifier};
use super::model_text::{MetricText, ModelText, Source, number};
use crate::dist::peaks::Mixture;
use crate::dist::{Cell, Empirical};
use crate::import::Measurement;
use crate::model::{DataReference, Model};
use crate::units::{TimeUnit, Unit};

/// Values or cells that stand in the model's text; a distribution with more is referred to by its file.
pub const INLINE_MAX: usize = 1000;

/// A measurement on its way into a model.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredMetric<'a> {
    /// What was measured.
    pub measurement: &'a Measurement,
    /// Where a model finds it again; `None` puts it into the text whatever its size.
    pub reference: Option<DataReference>,
    /// Peaks that stand in for the data.
    pub mixture: Option<&'a Mixture>,
}

/// The text of metrics, and the keys that they have in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasuredText {
    /// TOML.
    pub toml: String,
    /// Keys of the metrics, in their order.
    pub keys: Vec<String>,
}

/// Keys that measurements of these names have in a model, in their order: identifiers, each of its own.
#[must_use]
pub fn keys(names: &[&str]) -> Vec<String> {
    let mut taken = Names::default();
    names.iter().map(|name| taken.take(&identifier(name))).collect()
}

/// The text of a model with a metric for each measurement, in the unit of the first that has one.
///
/// # Examples
/// ```
/// use tailcast::import::{ImportOptions, read_from};
/// use tailcast::infer::measured::{MeasuredMetric, model};
/// let read = read_from("latency_us\n5\n7\n9\n".as_bytes(), "get-user.csv", &ImportOptions::default())?;
/// let metric = MeasuredMetric { measurement: &read[0], reference: None, mixture: None };
/// let text = model("api", &[metric]);
/// assert_eq!(text.keys, ["get_user"]);
/// assert!(text.toml.contains("unit = \"us\"") && text.toml.contains("data = [5, 7, 9]"));
/// # Ok::<(), tailcast::import::ImportError>(())
/// ```
#[must_use]
pub fn model(name: &str, metrics: &[MeasuredMetric<'_>]) -> MeasuredText {
    let unit = metrics.iter().find_map(|metric| metric.measurement.unit.clone());
    let texts = texts(metrics, unit.as_ref(), Names::default());
    let keys = texts.iter().map(|text| text.key.clone()).collect();
    let symbol = unit.map(|unit| unit.symbol().to_owned()).unwrap_or_default();
    let model = ModelText { name: name.to_owned(), unit: symbol, metrics: texts, ..ModelText::default() };
    MeasuredText { toml: model.render(), keys }
}

/// The text of metrics to stand behind that of `model`, with keys that it has not taken.
#[must_use]
pub fn addition(model: &Model, metrics: &[MeasuredMetric<'_>]) -> MeasuredText {
    let mut names = Names::default();
    for metric in model.metrics() {
        names.occupy([&*metric.key, &metric.id, &metric.readable_id, &metric.name]);
    }
    let texts = texts(metrics, model.unit(), names);
    let toml = texts.iter().map(MetricText::render).collect();
    MeasuredText { toml, keys: texts.into_iter().map(|text| text.key).collect() }
}

fn texts(metrics: &[MeasuredMetric<'_>], model_unit: Option<&Unit>, mut names: Names) -> Vec<MetricText> {
    let text = |metric: &MeasuredMetric<'_>| {
        let measurement = metric.measurement;
        let key = names.take(&identifier(&measurement.name));
        let source = source(metric, model_unit);
        let unit = match &measurement.unit {
            // The file says its unit again whenever it is read, and a formula is in the model's.
            Some(_) if matches!(source, Source::File(_)) => None,
            Some(Unit::Time(_)) if metric.mixture.is_some() && model_unit.and_then(Unit::time).is_some() => None,
            Some(unit) if Some(unit) == model_unit => None,
            Some(unit) => Some(unit.symbol().to_owned()),
            None => model_unit.map(|_| String::new()),
        };
        let text = MetricText::new(&*key, description(metric), source);
        let text = if key == measurement.name { text } else { text.with_name(&*measurement.name) };
        MetricText { unit, ..text }
    };
    metrics.iter().map(text).collect()
}

fn description(metric: &MeasuredMetric<'_>) -> String {
    let from = metric.measurement.provenance.to_string();
    let count = metric.measurement.count;
    match metric.mixture {
        Some(mixture) => format!("{} lognormal peaks fitted to {count} values of {from}", mixture.peaks().len()),
        None => format!("{count} values of {from}"),
    }
}

fn source(metric: &MeasuredMetric<'_>, model_unit: Option<&Unit>) -> Source {
    if let Some(mixture) = metric.mixture {
        let formula = mixture.formula();
        let (own, model) = (metric.measurement.unit.as_ref().and_then(Unit::time), model_unit.and_then(Unit::time));
        return Source::Input(match own.zip(model) {
            Some((own, model)) if own != model => format!("= ({formula}) * {}", number(own.convert(1.0, model))),
            _ => format!("= {formula}"),
        });
    }
    let data = &metric.measurement.data;
    let len = match data {
        Empirical::Values(values) => values.len(),
        Empirical::Histogram(cells) => cells.len(),
    };
    match (&metric.reference, data) {
        (Some(reference), _) if len > INLINE_MAX => Source::File(reference_keys(reference)),
        (_, Empirical::Values(values)) => Source::Data(values.to_vec()),
        (_, Empirical::Histogram(cells)) => {
            let cell = |cell: &Cell| (cell.low, cell.high, cell.weight);
            Source::Histogram(cells.iter().map(cell).collect())
        }
    }
}

/// The keys of a reference that say something.
fn reference_keys(reference: &DataReference) -> Vec<(&'static str, String)> {
    let keys = [
        ("file", Some(reference.file.clone())),
        ("tag", reference.tag.clone()),
        ("column", reference.column.clone()),
        ("unit", reference.unit.as_ref().map(|unit| unit.symbol().to_owned())),
        ("format", reference.format.clone()),
        ("expected_interval", reference.expected_interval_ns.map(interval)),
    ];
    keys.into_iter().filter_map(|(key, value)| value.map(|value| (key, value))).collect()
}

/// A time with the largest unit in which it is a whole number.
fn interval(ns: f64) -> String {
    let units = [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond];
    let whole = |unit: &TimeUnit| (ns / unit.nanoseconds()).fract() == 0.0;
    let unit = units.into_iter().find(whole).unwrap_or(TimeUnit::Nanosecond);
    format!("{}{unit}", number(ns / unit.nanoseconds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{ImportOptions, read_from};
    use crate::model::{NoData, Options, read};

    fn measured(file: &str, text: &str) -> Measurement {
        read_from(text.as_bytes(), file, &ImportOptions::default()).unwrap().remove(0)
    }

    fn metric(measurement: &Measurement) -> MeasuredMetric<'_> {
        let file = measurement.provenance.file.clone();
        let reference = Some(DataReference { file, ..DataReference::default() });
        MeasuredMetric { measurement, reference, mixture: None }
    }

    #[test]
    fn metrics_keep_their_units_and_names() {
        let (time, share) = (measured("log.csv", "latency_ms\n1\n2\n"), measured("b.csv", "value,count\n3,2\n5,1\n"));
        let text = model("m", &[metric(&time), metric(&share)]);
        assert_eq!(text.keys, ["log_service", "b_service"]);
        let model = read(text.toml.as_bytes(), None, &NoData, Options::default()).unwrap();
        let units: Vec<Option<&str>> = model.metrics().iter().map(|m| m.unit.as_ref().map(Unit::symbol)).collect();
        assert_eq!(units, [Some("ms"), None]);
        assert_eq!(model.metrics()[0].name, "log");
        assert!(text.toml.contains("histogram = [[3, 3, 2], [5, 5, 1]]"), "{}", text.toml);
    }

    #[test]
    fn many_values_stay_in_their_file() {
        let many: Vec<String> = (0..=INLINE_MAX).map(|value| format!("{value}us")).collect();
        let many = measured("many.txt", &many.join("\n"));
        let reference = DataReference {
            file: "data/many.txt".to_owned(),
            expected_interval_ns: Some(2e6),
            ..DataReference::default()
        };
        let text = model("m", &[MeasuredMetric { reference: Some(reference), ..metric(&many) }]);
        let expected = "data = { file = \"data/many.txt\", expected_interval = \"2ms\" }";
        assert!(text.toml.contains(expected), "{}", text.toml);
        let alone = model("m", &[MeasuredMetric { reference: None, ..metric(&many) }]);
        assert!(alone.toml.contains("data = [0, 1, 2,"));
    }

    #[test]
    fn peaks_are_drawn_in_the_unit_of_the_model() {
        let values: Vec<String> = (0..500).map(|value| format!("{}us", 100 + value % 50)).collect();
        let measured = measured("a.txt", &values.join("\n"));
        let found = crate::dist::peaks::decompose(&measured.data, &crate::dist::peaks::PeakOptions::default()).unwrap();
        let metric = MeasuredMetric { mixture: Some(&found.mixture), ..metric(&measured) };
        let own = model("m", std::slice::from_ref(&metric));
        assert!(own.toml.contains("input = \"= ") && !own.toml.contains(") * "), "{}", own.toml);
        let other = read(b"unit = 'ms'\n[metrics]\nother = 5\n", None, &NoData, Options::default()).unwrap();
        let added = addition(&other, &[metric]);
        assert!(added.toml.contains(") * 0.001") && !added.toml.contains("unit ="), "{}", added.toml);
    }

    #[test]
    fn what_is_added_takes_no_key_that_stands() {
        let text = "unit = 'ms'\n[metrics]\ndisk = 5\nother = { name = 'cpu', input = 3 }\n";
        let model = read(text.as_bytes(), None, &NoData, Options::default()).unwrap();
        let (disk, cpu) = (measured("disk.csv", "latency_us\n1\n2\n"), measured("cpu.csv", "latency_ms\n1\n2\n"));
        let added = addition(&model, &[metric(&disk), metric(&cpu)]);
        assert_eq!(added.keys, ["disk_2", "cpu_2"]);
        let whole = format!("{text}{}", added.toml);
        let model = read(whole.as_bytes(), None, &NoData, Options::default()).unwrap();
        assert_eq!(model.metrics().len(), 4);
        assert!(added.toml.contains("unit = \"us\"") && !added.toml.contains("unit = \"ms\""));
    }
}
