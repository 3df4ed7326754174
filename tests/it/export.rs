//! Distributions written in the formats of other tools, and read back.

use std::path::Path;
use tailcast::dist::Empirical;
use tailcast::export::{ExportError, ExportOptions, Format, Series, write};
use tailcast::import::{ImportOptions, Measurement, read, read_from};
use tailcast::recorder::{Bin, Recording};
use tailcast::sim::MetricOutcome;
use tailcast::units::Unit;

fn measured(file: &str) -> Measurement {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(file);
    read(&path, &ImportOptions::default()).unwrap().remove(0)
}

fn written(format: Format, series: &[Series]) -> (Vec<u8>, Vec<&'static str>) {
    let mut out = Vec::new();
    let warnings = write(format, series, &ExportOptions::default(), &mut out).unwrap();
    (out, warnings.iter().map(|warning| warning.code).collect())
}

fn read_back(bytes: &[u8]) -> Vec<Measurement> {
    read_from(bytes, "written", &ImportOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn cells(measurement: &Measurement) -> Vec<(f64, f64, f64)> {
    match &measurement.data {
        Empirical::Histogram(cells) => cells.iter().map(|cell| (cell.low, cell.high, cell.weight)).collect(),
        Empirical::Values(_) => panic!("expected cells"),
    }
}

fn metric(name: &str, unit: &str, bins: &[(f64, f64, u64)]) -> MetricOutcome {
    let bins = bins.iter().map(|&(low, high, count)| Bin { low, high, count }).collect();
    MetricOutcome {
        id: "AA".to_owned(),
        readable_id: "AA".to_owned(),
        name: name.to_owned(),
        type_name: "FUNCTION",
        unit: Some(Unit::parse(unit)),
        source: String::new(),
        summary: None,
        recording: Some(Recording::from_bins(bins, 0, 2)),
        problems: Vec::new(),
        warnings: Vec::new(),
    }
}

#[test]
fn an_interval_log_round_trips_without_loss() {
    let log = measured("hdr/python.hlog");
    let (bytes, warnings) = written(Format::Hlog, &[Series::from_measurement(&log)]);
    let back = &read_back(&bytes)[0];
    assert!(cells(back) == cells(&log), "cells differ");
    assert_eq!((back.count, warnings), (log.count, vec![]));
    assert_eq!(back.unit, log.unit);
    assert_eq!(back.unit_note.to_string(), "detected: a comment of the log names it");
}

#[test]
fn a_log_holds_several_metrics_by_tag_with_times_in_nanoseconds() {
    let metrics =
        [metric("get read", "us", &[(1.5, 1.5, 3), (2.0, 2.0005, 4)]), metric("get read", "us", &[(10.0, 10.0, 1)])];
    let series: Vec<Series> = metrics.iter().filter_map(Series::from_metric).collect();
    let (bytes, warnings) = written(Format::Hlog, &series);
    assert_eq!(warnings, ["infinite-values", "infinite-values"]);
    let back = read_back(&bytes);
    let names: Vec<&str> = back.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(names, ["get_read", "get_read_2"]);
    assert_eq!(cells(&back[0]), [(1500.0, 1500.0, 3.0), (2000.0, 2000.0, 4.0)]);
    assert_eq!(back[0].unit.as_ref().unwrap().symbol(), "ns");
}

#[test]
fn values_without_a_unit_of_time_are_scaled_and_scaled_back() {
    let share = metric("share", "%", &[(0.125, 0.125, 2), (0.5, 0.5, 2)]);
    let (bytes, _) = written(Format::Hlog, &[Series::from_metric(&share).unwrap()]);
    let back = &read_back(&bytes)[0];
    assert_eq!(back.unit.as_ref().unwrap().symbol(), "%");
    for ((low, high, weight), value) in cells(back).into_iter().zip([0.125, 0.5]) {
        assert!(weight == 2.0 && low <= value && value <= high && high - low < 0.001 * value, "{low} {high}");
    }
}

#[test]
fn a_percentile_table_keeps_counts_and_extremes() {
    let log = measured("hdr/python.hlog");
    let (bytes, warnings) = written(Format::Hgrm, &[Series::from_measurement(&log)]);
    assert_eq!(warnings, [""; 0]);
    let back = &read_back(&bytes)[0];
    assert_eq!((back.count, back.unit.as_ref().unwrap().symbol()), (2000, "ms"));
    assert!(back.warnings.iter().all(|warning| warning.code != "contradictory"), "{:?}", back.warnings);
    let top = cells(&log).last().unwrap().1 / 1e6;
    assert!((cells(back).last().unwrap().1 - top).abs() <= 0.0005, "{top}");
}

#[test]
fn a_spigo_table_is_written_byte_for_byte() {
    for file in ["spigo/blank_table.csv", "spigo/clamped_table.csv"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(file);
        let expected = std::fs::read_to_string(path).unwrap();
        let (bytes, _) = written(Format::SpigoTable, &[Series::from_measurement(&measured(file))]);
        assert_eq!(String::from_utf8(bytes).unwrap(), expected, "{file}");
    }
}

#[test]
fn guesstimate_data_are_evenly_spaced_quantiles() {
    let log = measured("hdr/python.hlog");
    let (bytes, warnings) = written(Format::Guesstimate, &[Series::from_measurement(&log)]);
    assert_eq!(warnings, [""; 0]);
    let back = &read_back(&bytes)[0];
    let Empirical::Values(values) = &back.data else { panic!("expected values") };
    assert_eq!(values.len(), 2000);
    let mut at = 0;
    for (low, high, weight) in cells(&log) {
        let run = &values[at..at + weight as usize];
        assert!(run.iter().all(|value| low <= *value && *value <= high), "{low}..{high}: {run:?}");
        at += run.len();
    }
    let big = metric("big", "ms", &[(1.0, 2.0, 1_000_000)]);
    let (bytes, warnings) = written(Format::Guesstimate, &[Series::from_metric(&big).unwrap()]);
    assert_eq!(warnings, ["reduced-to-quantiles", "infinite-values"]);
    assert_eq!(read_back(&bytes)[0].count, 10_000);
}

#[test]
fn what_a_format_cannot_hold_is_refused() {
    let refuse = |format: Format, series: &[Series]| {
        write(format, series, &ExportOptions::default(), &mut Vec::new()).unwrap_err()
    };
    let share = Series::from_metric(&metric("share", "%", &[(0.5, 0.5, 2)])).unwrap();
    let empty = Series::from_metric(&metric("none", "ms", &[])).unwrap();
    assert!(matches!(refuse(Format::SpigoTable, std::slice::from_ref(&share)), ExportError::NotATime { .. }));
    assert!(matches!(refuse(Format::Hgrm, &[share.clone(), share.clone()]), ExportError::OneSeries { count: 2, .. }));
    assert_eq!(
        refuse(Format::Hlog, &[share, empty]).to_string(),
        "expected a metric with finite samples, found metric `none` without any"
    );
    assert!(matches!(refuse(Format::Guesstimate, &[]), ExportError::Empty { .. }));
}
