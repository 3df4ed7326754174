//! Imported files: what each format yields, with its unit, its warnings and its provenance.

use std::path::Path;
use std::time::Duration;
use tailcast::dist::{Cell, Empirical};
use tailcast::import::{Format, ImportError, ImportErrorKind, ImportOptions, Measurement, UnitNote, read, read_from};
use tailcast::units::Unit;

fn read_with(file: &str, options: &ImportOptions) -> Result<Vec<Measurement>, ImportError> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(file), options)
}

fn read_all(file: &str) -> Vec<Measurement> {
    read_with(file, &ImportOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn read_one(file: &str) -> Measurement {
    let mut all = read_all(file);
    assert_eq!(all.len(), 1, "{file}");
    all.remove(0)
}

/// Cells as `(low, high, weight)`.
fn cells(measurement: &Measurement) -> Vec<(f64, f64, f64)> {
    match &measurement.data {
        Empirical::Histogram(cells) => cells.iter().map(|cell: &Cell| (cell.low, cell.high, cell.weight)).collect(),
        Empirical::Values(values) => panic!("expected cells, found {} values", values.len()),
    }
}

fn values(measurement: &Measurement) -> Vec<f64> {
    match &measurement.data {
        Empirical::Values(values) => values.to_vec(),
        Empirical::Histogram(cells) => panic!("expected values, found {} cells", cells.len()),
    }
}

fn codes(measurement: &Measurement) -> Vec<&'static str> {
    measurement.warnings.iter().map(|warning| warning.code).collect()
}

fn unit(measurement: &Measurement) -> Option<&str> {
    measurement.unit.as_ref().map(Unit::symbol)
}

#[test]
fn a_spigo_table_keeps_its_counts_exactly() {
    let table = read_one("spigo/blank_table.csv");
    assert_eq!(table.name, "shop.*.*..www00...www.denominator_resp");
    assert_eq!((table.provenance.format, table.count, unit(&table)), (Format::SpigoTable, 200, Some("ns")));
    assert!(matches!(table.unit_note, UnitNote::Detected(_)));
    let expected = [
        (1536.0, 2047.0, 1.0),
        (5632.0, 6143.0, 70.0),
        (6144.0, 6655.0, 100.0),
        (18432.0, 19455.0, 27.0),
        (19456.0, 20479.0, 2.0),
    ];
    assert_eq!(cells(&table), expected);
    assert_eq!(codes(&table), [""; 0]);
    let comma = read_one("spigo/comma_table.csv");
    assert_eq!(cells(&comma), [(1536.0, 2047.0, 9.0), (2048.0, 2559.0, 3.0), (11776.0, 12287.0, 1.0)]);
    assert_eq!(codes(&comma), ["few-values"]);
}

#[test]
fn a_spigo_table_says_what_is_clamped_contradictory_or_empty() {
    let clamped = read_one("spigo/clamped_table.csv");
    assert_eq!(codes(&clamped), ["clamped", "few-values"]);
    assert!(clamped.warnings[0].message.starts_with("9 of 10 values (90.00 %)"), "{}", clamped.warnings[0].message);
    let contradictory = read_one("spigo/contradictory_table.csv");
    assert_eq!(codes(&contradictory), ["contradictory"]);
    let message = &contradictory.warnings[0].message;
    assert!(message.contains("p50 at 45055") && message.contains("6144 and 6655"), "{message}");
    let empty = read_one("spigo/empty_table.csv");
    assert_eq!((codes(&empty), empty.count, cells(&empty).len()), (vec!["empty"], 0, 0));
    assert_eq!(codes(&read_one("spigo/nul_table.csv")), ["nul-bytes", "empty"]);
}

#[test]
fn dots_give_exact_counts_up_to_200_and_say_so_beyond() {
    let dots = read_one("spigo/dots.csv");
    let expected = [(2277.0, 1.0), (5521.0, 3.0), (5621.5, 30.0), (8_093.666_666_666_667, 62.0), (1e6, 4.0)];
    assert_eq!(cells(&dots), expected.map(|(value, count)| (value, value, count)));
    assert_eq!((codes(&dots), dots.name.as_str()), (vec!["clamped"], "dots"));
    let many = read_one("spigo/many_dots.csv");
    assert_eq!(codes(&many), ["approximate-counts"]);
    let sum: f64 = cells(&many).iter().map(|cell| cell.2).sum();
    assert!((sum - 1000.0).abs() < 1e-9, "{sum}");
    assert_eq!(codes(&read_one("spigo/empty_dots.csv")), ["empty"]);
}

#[test]
fn a_space_yields_the_metrics_with_data() {
    let space = read_all("spigo/space.guess");
    assert_eq!(space.len(), 2);
    assert_eq!(values(&space[0]), [15843.0, 59911.0, 2_419_944_735.0, 980_128.0]);
    assert_eq!((unit(&space[0]), space[0].provenance.tool.as_deref()), (Some("ns"), Some("spigo")));
    assert_eq!((space[1].count, codes(&space[1])), (0, vec!["empty"]));
    for tag in ["AA", "shop.*.*..www00...www.denominator_resp"] {
        let options = ImportOptions { tag: Some(tag.to_owned()), ..ImportOptions::default() };
        assert_eq!(read_with("spigo/space.guess", &options).unwrap(), space[..1]);
    }
}

#[test]
fn broken_spigo_files_are_read_with_a_warning() {
    let trailing = read_all("spigo/trailing_bytes.guess");
    assert_eq!(codes(&trailing[0]), ["trailing-bytes", "few-values"]);
    assert!(trailing[0].warnings[0].message.contains("21 bytes"), "{}", trailing[0].warnings[0].message);
    assert_eq!(values(&trailing[0]), values(&read_all("spigo/space.guess")[0]));
    let gauges = read_one("spigo/unrepaired_metrics.json");
    assert_eq!(codes(&gauges), ["unknown-tail", "repaired"]);
    assert_eq!((gauges.count, unit(&gauges)), (1000, Some("ns")));
    assert_eq!(cells(&gauges)[0], (0.0, 8703.0, 500.0));
    assert_eq!(values(&read_one("spigo/samples.data")), [216_907.0, 1763.0, 6644.0, 14151.0, 12508.0]);
}

fn expected_cells(key: &str) -> Vec<(f64, f64)> {
    let expected: serde_json::Value =
        serde_json::from_str(include_str!("../fixtures/import/hdr/expected.json")).unwrap();
    pairs(&expected[key])
}

fn pairs(cells: &serde_json::Value) -> Vec<(f64, f64)> {
    let pair = |cell: &serde_json::Value| (cell[0].as_f64().unwrap(), cell[1].as_f64().unwrap());
    cells.as_array().unwrap().iter().map(pair).collect()
}

/// Upper end and weight, which is what the other implementation tells of a cell.
fn ends(measurement: &Measurement) -> Vec<(f64, f64)> {
    cells(measurement).iter().map(|cell| (cell.1, cell.2)).collect()
}

#[test]
fn logs_of_another_implementation_read_identically() {
    let log = read_one("hdr/python.hlog");
    assert!(ends(&log) == expected_cells("python.hlog"), "cells differ");
    assert_eq!((log.count, unit(&log), codes(&log)), (2000, Some("ns"), vec!["unit-assumed"]));
    let range = log.provenance.time_range.unwrap();
    assert_eq!((range.start, range.end), (1_700_000_000.0, 1_700_000_005.0));
    for digits in [1, 2, 4] {
        let name = format!("python_{digits}_digits.hlog");
        assert!(ends(&read_one(&format!("hdr/{name}"))) == expected_cells(&name), "{name}");
    }
}

#[test]
fn logs_of_a_third_implementation_read_identically() {
    let expected: serde_json::Value =
        serde_json::from_str(include_str!("../fixtures/import/hdr/expected_npm.json")).unwrap();
    let log = read_all("hdr/npm.hlog");
    assert_eq!(log.iter().map(|tag| (&*tag.name, tag.count)).collect::<Vec<_>>(), [("read", 900), ("write", 900)]);
    for tag in &log {
        assert!(ends(tag) == pairs(&expected["npm.hlog"][&tag.name]), "{}: cells differ", tag.name);
    }
    for digits in [1, 5] {
        let name = format!("npm_{digits}_digits.hlog");
        assert!(ends(&read_one(&format!("hdr/{name}"))) == pairs(&expected[&name]), "{name}");
    }
}

#[test]
fn coordinated_omission_is_corrected_as_the_other_implementation_does() {
    let mut reference = hdrhistogram::Histogram::<u64>::new(3).unwrap();
    for (value, count) in expected_cells("python.hlog") {
        reference.record_n(value as u64, count as u64).unwrap();
    }
    let reference = reference.clone_correct(2_000_000);
    let expected: Vec<(f64, f64)> =
        reference.iter_recorded().map(|v| (v.value_iterated_to() as f64, v.count_at_value() as f64)).collect();
    let interval = Some(Duration::from_millis(2));
    let options = ImportOptions { expected_interval: interval, ..ImportOptions::default() };
    let log = read_with("hdr/python.hlog", &options).unwrap().remove(0);
    assert!(ends(&log) == expected, "cells differ");
    assert_eq!(log.count, 2000);
    let note = log.provenance.notes.last().unwrap();
    assert!(note.starts_with("corrected for coordinated omission with an expected interval of 2ms: "), "{note}");
}

#[test]
fn an_interval_needs_a_unit_of_time() {
    let options = ImportOptions { expected_interval: Some(Duration::from_millis(2)), ..ImportOptions::default() };
    let error = read_from("1\n2\n".as_bytes(), "plain", &options).unwrap_err();
    assert!(matches!(error.kind, ImportErrorKind::IntervalNeedsTime { .. }), "{error}");
    let options = ImportOptions { unit: Some(Unit::parse("ms")), ..options };
    let plain = read_from("1\n3\n7\n".as_bytes(), "plain", &options).unwrap().remove(0);
    // 7 adds 5 and 3; 3 adds nothing, since 3 - 2 is below the interval.
    assert_eq!(
        cells(&plain),
        [(1.0, 1.0, 1.0), (3.0, 3.0, 2.0), (5.0, 5.0, 1.0), (7.0, 7.0, 1.0)].map(widened(&plain))
    );
}

/// Values that were added lie in log-linear cells; their middle is what is compared.
fn widened(measurement: &Measurement) -> impl Fn((f64, f64, f64)) -> (f64, f64, f64) {
    let own = cells(measurement);
    move |(low, high, weight)| {
        let cell = own.iter().find(|cell| cell.0 <= low && high <= cell.1 && cell.1 - cell.0 <= 0.0005 * high);
        cell.map_or((low, high, weight), |cell| (cell.0, cell.1, weight))
    }
}

#[test]
fn a_log_with_tags_and_a_broken_end_keeps_what_is_whole() {
    let log = include_str!("../fixtures/import/hdr/python_2_digits.hlog").trim_end();
    let payload = log.rsplit(',').next().unwrap();
    let text = format!(
        "#[BaseTime: 100.0]\nTag=a,1.0,2.0,9.1,{payload}\nTag=b,2.0,1.0,9.1,{payload}\nTag=a,4.0,1.0,9.1,{payload}"
    );
    let tags = read_from(text.as_bytes(), "log", &ImportOptions::default()).unwrap();
    let found: Vec<(&str, u64)> = tags.iter().map(|tag| (tag.name.as_str(), tag.count)).collect();
    assert_eq!(found, [("a", 600), ("b", 300)]);
    assert_eq!(tags[0].provenance.time_range.unwrap().end, 105.0);
    let cut = read_from(&text.as_bytes()[..text.len() - 20], "log", &ImportOptions::default()).unwrap();
    assert_eq!(cut[0].count, 300);
    assert!(codes(&cut[0]).contains(&"cut-off"));
    let options = ImportOptions { tag: Some("c".to_owned()), ..ImportOptions::default() };
    let error = read_from(text.as_bytes(), "log", &options).unwrap_err();
    assert_eq!(error.to_string(), "log: expected a distribution named `c`, found `a`, `b`");
}

#[test]
fn intervals_of_different_precision_are_added_in_the_coarser_cells() {
    let fine = include_str!("../fixtures/import/hdr/python_4_digits.hlog");
    let coarse = include_str!("../fixtures/import/hdr/python_1_digits.hlog");
    let both = read_from(format!("{fine}{coarse}").as_bytes(), "log", &ImportOptions::default()).unwrap().remove(0);
    let own = cells(&both);
    assert_eq!(own.iter().map(|cell| cell.2).sum::<f64>(), 600.0);
    assert!(own.windows(2).all(|pair| pair[0].1 <= pair[1].0), "cells overlap");
}

#[test]
fn percentile_tables_are_interpolated_and_say_so() {
    let wrk2 = read_all("tools/wrk2.txt");
    let names: Vec<&str> = wrk2.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["Recorded Latency", "Uncorrected Latency"]);
    assert_eq!((unit(&wrk2[0]), wrk2[0].count, wrk2[0].provenance.tool.as_deref()), (Some("ms"), 10_000, Some("wrk2")));
    assert_eq!(cells(&wrk2[0])[..2], [(0.921, 0.921, 1.0), (0.921, 5.103, 2499.0)]);
    assert!(wrk2[0].provenance.notes[0].starts_with("interpolated between the 6 rows"));
    assert_eq!(codes(&wrk2[0]), [""; 0]);
    let vegeta = read_one("tools/vegeta.hgrm");
    assert_eq!((unit(&vegeta), vegeta.count), (Some("ms"), 1000));
    let python = read_one("hdr/python.hgrm");
    assert_eq!((python.count, unit(&python)), (2000, Some("ms")));
    assert!(codes(&python).contains(&"unit-assumed"));
}

#[test]
fn a_prometheus_histogram_says_how_much_lies_beyond_its_last_bound() {
    let series = read_all("tools/prometheus.txt");
    let names: Vec<&str> = series.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(names[0], "http_request_duration_seconds{path=\"/\"}");
    assert_eq!(names[1], "http_request_duration_seconds{path=\"/a \"b\"\"}");
    assert_eq!((unit(&series[0]), unit(&series[2]), series[0].count), (Some("s"), Some("bytes"), 144_320));
    assert_eq!(cells(&series[0])[0], (0.0, 0.05, 24054.0));
    assert_eq!(*cells(&series[0]).last().unwrap(), (1.0, 1.0, 10332.0));
    let message = &series[0].warnings[0].message;
    assert!(message.starts_with("10332 of 144320 values (7.159 %) lie beyond the last bound 1"), "{message}");
    let options = ImportOptions { tag: Some("http_request_duration_seconds".to_owned()), ..ImportOptions::default() };
    assert_eq!(read_with("tools/prometheus.txt", &options).unwrap().len(), 2);
}

#[test]
fn load_generators_give_their_values_and_units() {
    let k6 = read_one("tools/k6.csv");
    assert_eq!((values(&k6), unit(&k6), k6.name.as_str()), (vec![221.899, 105.25], Some("ms"), "http_req_duration"));
    let range = k6.provenance.time_range.unwrap();
    assert_eq!((range.start, range.end), (1_595_325_560.0, 1_595_325_562.0));
    let json = read_one("tools/k6.json.gz");
    assert_eq!((values(&json), unit(&json)), (vec![459.865_729, 64.5], Some("ms")));
    assert_eq!(json.provenance.time_range.unwrap().start, 1_494_333_285.5);
    let options = ImportOptions { tag: Some("vus".to_owned()), ..ImportOptions::default() };
    let vus = read_with("tools/k6.csv", &options).unwrap().remove(0);
    assert_eq!((values(&vus), unit(&vus), &vus.unit_note), (vec![3.0], None, &UnitNote::Unknown));
    let vegeta = read_one("tools/vegeta.csv");
    assert_eq!((values(&vegeta), unit(&vegeta)), (vec![1.25e6, 1.75e6, 3e10], Some("ns")));
    assert_eq!(codes(&vegeta), ["failed-requests", "few-values"]);
    assert_eq!(values(&read_one("tools/vegeta.json")), [1.25e6, 1.75e6]);
    let hyperfine = read_all("tools/hyperfine.json");
    assert_eq!((hyperfine[0].name.as_str(), values(&hyperfine[0])), ("sleep 0.1", vec![0.101, 0.102, 0.103]));
    assert_eq!(unit(&hyperfine[1]), Some("s"));
    let oha = read_one("tools/oha.json");
    assert_eq!((oha.count, unit(&oha)), (20_000, Some("s")));
    assert_eq!(cells(&oha)[0], (0.0004, 0.0008, 2000.0));
}

#[test]
fn columns_are_chosen_by_name_by_number_or_when_there_is_no_doubt() {
    let named = read_one("tools/columns.csv");
    assert_eq!((values(&named), unit(&named)), (vec![12.5, 7.0], Some("ms")));
    assert_eq!(codes(&named), ["missing-values", "few-values"]);
    assert_eq!(named.provenance.notes, ["column `latency_ms`, chosen by its name"]);
    for column in ["bytes", "4"] {
        let options = ImportOptions { column: Some(column.to_owned()), ..ImportOptions::default() };
        let bytes = read_with("tools/columns.csv", &options).unwrap().remove(0);
        assert_eq!((values(&bytes), unit(&bytes)), (vec![100.0, 200.0, 300.0], None));
    }
    let options = ImportOptions { column: Some("latency".to_owned()), ..ImportOptions::default() };
    let error = read_with("tools/columns.csv", &options).unwrap_err();
    assert!(
        error.to_string().ends_with("expected a column `latency`, found `timestamp`, `host`, `latency_ms`, `bytes`")
    );
    let counts = read_one("tools/value_count.csv");
    assert_eq!(cells(&counts), [(100.0, 100.0, 5.0), (250.0, 250.0, 40.0), (1000.0, 1000.0, 5.0)]);
    assert_eq!(counts.count, 50);
}

#[test]
fn plain_samples_may_carry_their_unit() {
    let samples = read_one("tools/samples.txt");
    assert_eq!((values(&samples), unit(&samples)), (vec![1.5, 0.25, 2.0], Some("ms")));
    let header = read_one("tools/header_samples.txt");
    assert_eq!((values(&header), unit(&header)), (vec![12.0, 15.5, 9.0], Some("us")));
    let bare = read_from("3\n4\n".as_bytes(), "x.txt", &ImportOptions::default()).unwrap().remove(0);
    assert_eq!((unit(&bare), &bare.unit_note), (None, &UnitNote::Unknown));
}

#[test]
fn a_file_with_a_header_alone_is_empty_rather_than_unknown() {
    for text in ["latency_ms\n", "timestamp,latency\n"] {
        let empty = read_from(text.as_bytes(), "x", &ImportOptions::default()).unwrap().remove(0);
        assert_eq!((empty.count, codes(&empty)), (0, vec!["empty"]), "{text}");
    }
}

#[test]
fn a_given_unit_and_name_are_used_and_a_contradiction_is_said() {
    let options = ImportOptions { unit: Some(Unit::parse("us")), name: Some("db".to_owned()), ..Default::default() };
    let table = read_with("spigo/blank_table.csv", &options).unwrap().remove(0);
    assert_eq!((table.name.as_str(), unit(&table), &table.unit_note), ("db", Some("us"), &UnitNote::Given));
    assert_eq!(codes(&table), ["unit-contradicted"]);
    let space = read_with("spigo/space.guess", &options).unwrap();
    assert_eq!(space[0].name, "db shop.*.*..www00...www.denominator_resp");
}

#[test]
fn a_million_and_more_samples_become_cells_of_a_twentieth_of_a_percent() {
    let text: String = (0..1_100_000u64).map(|i| format!("{}\n", 1 + i * i % 9_999_991)).collect();
    let many = read_from(text.as_bytes(), "many", &ImportOptions::default()).unwrap().remove(0);
    assert_eq!(many.count, 1_100_000);
    let own = cells(&many);
    assert_eq!(own.iter().map(|cell| cell.2).sum::<f64>(), 1_100_000.0);
    assert!(own.iter().all(|cell| cell.1 - cell.0 <= 0.0005 * cell.0));
    assert!(many.provenance.notes[0].contains("log-linear cells of at most 0.05 %"), "{:?}", many.provenance.notes);
}
