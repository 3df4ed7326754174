//! Reports of outcomes made by hand: the text that people see, and documents that other programs read.

use tailcast::recorder::{Bin, Recording};
use tailcast::report::histogram_text::{HistogramOptions, render as render_histogram};
use tailcast::report::warnings::{Asked, attach};
use tailcast::report::{Format, ReportOptions, json, json_read, write};
use tailcast::sim::{MetricOutcome, Outcome, Stop};
use tailcast::units::{TimeUnit, Unit};

use proptest::prelude::*;
use tailcast::problem::{Problem, ProblemKind};
use tailcast::report::problem_text::{Place, render as render_problem};
use tailcast::span::Span;
use tailcast::units::{
    Duration, format_count, format_value, parse_count, parse_duration, parse_quantile, quantile_label,
};

use crate::synthetic::{Mode, broken, constant, metric, mixture, storage_metric, storage_outcome};

fn rendered(outcome: &Outcome, options: &ReportOptions) -> String {
    let mut out = Vec::new();
    write(outcome, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn small() -> Outcome {
    let mut outcome = storage_outcome(5_000);
    attach(&mut outcome, Asked::default());
    outcome
}

#[test]
fn text_shows_figures_then_problems_then_warnings() {
    let options = ReportOptions { file: Some("models/storage.json".into()), ..ReportOptions::new(Format::Text) };
    insta::assert_snapshot!(rendered(&small(), &options));
}

#[test]
fn text_shows_intervals_where_asked_and_folds_to_the_width() {
    let options = ReportOptions { intervals: true, width: 72, ..ReportOptions::new(Format::Text) };
    let mut outcome = storage_outcome(1_000_000);
    outcome.metrics.pop();
    insta::assert_snapshot!(rendered(&outcome, &options));
}

#[test]
fn text_of_odd_outcomes_is_sound() {
    let mut same_name = constant("B", "twin", 2.5, 1);
    same_name.unit = None;
    let infinite = Recording::from_bins(vec![Bin { low: 1.0, high: 1.0, count: 50 }], 0, 50);
    let outcome = Outcome {
        model_name: " ".into(),
        scenario: None,
        samples: 100,
        seed: 1,
        unit: None,
        stop: Stop::Interrupted,
        metrics: vec![
            constant("A", "twin", 2.5, 100),
            same_name,
            metric("C", "", "FUNCTION", infinite),
            MetricOutcome {
                summary: None,
                ..constant("D", "データベース応答時間 (長い名前のメトリック) の例", 1.0, 1)
            },
        ],
        warnings: vec![],
    };
    let mut attached = outcome.clone();
    attach(&mut attached, Asked { samples: true, ..Asked::default() });
    insta::assert_snapshot!(rendered(&attached, &ReportOptions::new(Format::Text)));
    let empty = Outcome { metrics: vec![], samples: 1, stop: Stop::Completed, ..outcome };
    assert_eq!(rendered(&empty, &ReportOptions::new(Format::Text)), "unnamed model\n1 sample, seed 1\n");
}

#[test]
fn markdown_has_the_same_cells() {
    insta::assert_snapshot!(rendered(&small(), &ReportOptions::new(Format::Markdown)));
}

#[test]
fn csv_has_one_row_a_metric() {
    insta::assert_snapshot!(rendered(&small(), &ReportOptions::new(Format::Csv)));
}

#[test]
fn csv_has_one_row_a_figure_where_asked() {
    let mut outcome = small();
    outcome.metrics.truncate(2);
    insta::assert_snapshot!(rendered(&outcome, &ReportOptions { long: true, ..ReportOptions::new(Format::Csv) }));
}

#[test]
fn json_is_indented_with_cells_on_one_line() {
    let options = ReportOptions { histogram_cells: 6, ..ReportOptions::new(Format::Json) };
    let mut outcome = small();
    outcome.metrics.swap_remove(0);
    outcome.metrics.truncate(2);
    insta::assert_snapshot!(rendered(&outcome, &options));
}

#[test]
fn json_follows_the_schema() {
    let schema = include_str!("../../docs/schema/run.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut outcome = small();
    outcome.stop = Stop::Interrupted;
    let infinite = Recording::from_bins(vec![Bin { low: 1.0, high: 1.0, count: 50 }], 5, 50);
    outcome.metrics.push(metric("X", "", "FUNCTION", infinite));
    for (pretty, histogram_cells) in [(true, 500), (false, 0)] {
        let options = ReportOptions { pretty, histogram_cells, ..ReportOptions::new(Format::Json) };
        let document: serde_json::Value = serde_json::from_str(&rendered(&outcome, &options)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let fields = document.as_object().unwrap().keys().chain(document["metrics"][0].as_object().unwrap().keys());
        for field in fields {
            let known = [&schema["properties"], &schema["$defs"]["metric"]["properties"]];
            assert!(known.iter().any(|properties| properties.get(field).is_some()), "{field} is not in the schema");
        }
    }
    let mut wrong: serde_json::Value =
        serde_json::from_str(&rendered(&outcome, &ReportOptions::new(Format::Json))).unwrap();
    wrong["metrics"][0]["mean"] = "fast".into();
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn json_reads_back_as_the_same_figures() {
    let mut outcome = small();
    let infinite = Recording::from_bins(vec![Bin { low: 1.0, high: 1.0, count: 50 }], 5, 50);
    outcome.metrics.push(metric("X", "", "FUNCTION", infinite));
    let text = rendered(&outcome, &ReportOptions { pretty: false, ..ReportOptions::new(Format::Json) });
    let back = json_read::read(&text).unwrap();
    assert_eq!(back.unit, outcome.unit);
    for (ours, theirs) in outcome.metrics.iter().zip(&back.metrics) {
        assert_eq!(ours.summary, theirs.summary);
        assert_eq!(ours.recording.as_ref().map(Recording::count), theirs.recording.as_ref().map(Recording::count));
        assert_eq!((&ours.name, ours.type_name, &ours.unit), (&theirs.name, theirs.type_name, &theirs.unit));
        assert_eq!(ours.problems.len(), theirs.problems.len());
    }
    let again = rendered(&back, &ReportOptions { pretty: false, ..ReportOptions::new(Format::Json) });
    let codes_aside = |text: &str| {
        let mut document: json::RunDocument = serde_json::from_str(text).unwrap();
        document.warnings.iter_mut().for_each(|warning| warning.code.clear());
        for metric in &mut document.metrics {
            metric.errors.iter_mut().for_each(|error| error.code.clear());
            metric.warnings.iter_mut().for_each(|warning| warning.code.clear());
        }
        document
    };
    assert_eq!(codes_aside(&text), codes_aside(&again));
}

#[test]
fn a_document_that_is_none_is_refused_with_the_reason() {
    let message = |text: &str| json_read::read(text).unwrap_err().to_string();
    assert!(message("{").starts_with("expected a `run` document: EOF"));
    assert!(message("{\"schema\": 1}").contains("missing field `model`"));
    let text = rendered(&small(), &ReportOptions { histogram_cells: 3, ..ReportOptions::new(Format::Json) });
    assert_eq!(
        message(&text.replacen("\"schema\": 1", "\"schema\": 9", 1)),
        "expected a `run` document of schema 1, found schema 9"
    );
    let disordered = text.replacen("[60.0, 60.0, 5000]", "[60.0, 59.0, 5000]", 1);
    assert_eq!(
        message(&disordered),
        "expected the cells of `memcached hit` in ascending order, found cell 0 out of order"
    );
}

#[test]
fn the_histogram_of_three_modes_has_gaps_between_them() {
    let options = HistogramOptions { width: 90, rows: 45 };
    insta::assert_snapshot!(render_histogram(&storage_metric(100_000, 0.6, 0.7), options));
}

#[test]
fn the_histogram_of_a_narrow_distribution_has_equal_steps() {
    let narrow =
        metric("A", "web service", "LOGNORMAL", mixture(20_000, &[Mode { share: 1.0, median: 120_000.0, sigma: 0.2 }]));
    insta::assert_snapshot!(render_histogram(&narrow, HistogramOptions { width: 70, rows: 20 }));
}

#[test]
fn histograms_of_odd_recordings_are_sound() {
    let one = |bins: Vec<(f64, f64, u64)>, below, above| {
        let bins = bins.into_iter().map(|(low, high, count)| Bin { low, high, count }).collect();
        let mut metric = metric("A", "odd", "FUNCTION", Recording::from_bins(bins, below, above));
        metric.unit = Some(Unit::Time(TimeUnit::Nanosecond));
        render_histogram(&metric, HistogramOptions { width: 0, rows: 0 })
    };
    insta::assert_snapshot!(
        [
            render_histogram(&broken(), HistogramOptions::default()),
            one(vec![(5.0, 5.0, 7)], 0, 3),
            one(vec![(-3.0, -3.0, 1), (0.0, 0.0, 2), (4.0, 4.5, 3)], 2, 0),
            one(vec![], 1, 1),
            one(vec![(-f64::MAX, -f64::MAX, 1), (f64::MAX, f64::MAX, 1)], 0, 0),
        ]
        .join("\n")
    );
}

proptest! {
    #[test]
    fn any_problem_renders_with_a_caret_and_without_control_characters(
        source in ".{0,200}", start in 0usize..300, len in 0usize..300, width in 0usize..120, label in ".{0,20}",
    ) {
        let problem = Problem::new(ProblemKind::Parse, "x", "x").with_span(Span::new(start, start + len)).with_label(label);
        let place = Place { file: None, metric: "a", readable_id: "A", source: &source };
        let text = render_problem(&problem, &place, width, false);
        prop_assert!(text.contains("| ") && text.contains('^'));
        prop_assert!(text.chars().all(|character| character == '\n' || !character.is_control()));
    }

    #[test]
    fn quantiles_durations_and_counts_round_trip(q in 0.0f64..=1.0, value in 0.0f64..1e18, unit in 0usize..6, count in 1u64..) {
        prop_assert_eq!(parse_quantile(&quantile_label(q)), Ok(q));
        let duration = Duration { value, unit: TimeUnit::ALL[unit] };
        prop_assert_eq!(parse_duration(&duration.to_string()), Ok(duration));
        prop_assert_eq!(parse_count(&count.to_string()), Ok(count));
        prop_assert_eq!(parse_count(&format_count(count).replace(',', "_")), Ok(count));
    }

    #[test]
    fn text_of_no_kind_stops_the_readers(text in ".{0,40}") {
        let _ = (parse_quantile(&text), parse_duration(&text), parse_count(&text), json_read::read(&text));
    }

    #[test]
    fn a_figure_is_within_its_error(value in -1e12f64..1e12, relative in 1e-5f64..0.5) {
        let error = value.abs() * relative;
        let shown: f64 = format_value(value, Some(error)).parse().unwrap();
        prop_assert!((shown - value).abs() <= error.max(value.abs() * 1e-5), "{value} ± {error} as {shown}");
    }
}
