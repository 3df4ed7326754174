//! Models in both forms: real files, round trips, conversion, scenarios, schemas, hostile bytes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tailcast::dist::Empirical;
use tailcast::formula::MetricIndex;
use tailcast::model::{
    self, DataRead, DataReader, DataReference, FaultKind, Input, Model, ModelError, NoData, Options, Slo, Wire,
    WireKind,
};
use tailcast::problem::{Problem, Warning};
use tailcast::program::DefinitionSource;
use tailcast::units::{TimeUnit, Unit};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files in `folder` with one of `extensions`, sorted; there must be at least `at_least`.
fn files(folder: &str, extensions: &[&str], at_least: usize) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(project().join(folder)).expect("a folder");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.contains(&e)));
    files.sort();
    assert!(files.len() >= at_least, "{folder}: {}", files.len());
    files
}

fn read(text: &str) -> Result<Model, ModelError> {
    model::read(text.as_bytes(), None, &NoData, Options::default())
}

fn read_sound(text: &str) -> Model {
    let model = read(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    for metric in model.metrics() {
        assert_eq!(metric.problems, [], "{}", metric.name);
    }
    model
}

/// Line, column and message of every fault.
fn faults(text: &str) -> Vec<(usize, usize, String)> {
    let error = read(text).expect_err("faults");
    let place = |fault: &model::Fault| fault.place.map_or((0, 0), |place| (place.line, place.column));
    error.faults.iter().map(|fault| (place(fault).0, place(fault).1, fault.message.clone())).collect()
}

/// What a model is for the compiler, formulas with their inputs.
fn meaning(model: &Model) -> Vec<String> {
    let id = |metric: &MetricIndex| model.metrics()[metric.index()].id.as_str();
    let describe = |definition: &tailcast::program::Definition<'_>| {
        let source = match definition.source {
            DefinitionSource::Formula { checked, .. } => {
                format!("formula of {:?}", checked.inputs.iter().map(id).collect::<Vec<_>>())
            }
            other => format!("{other:?}"),
        };
        format!("{}: {source}", definition.stream_id)
    };
    model.definitions().iter().map(describe).collect()
}

#[test]
fn real_files_of_every_generation_are_read_and_written_back() {
    for path in files("tests/fixtures/guess", &["guess", "json"], 10) {
        let model = model::read_file(&path, &NoData, Options::default()).expect("a model");
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        for metric in model.metrics() {
            assert_eq!(metric.problems, [], "{name} {}", metric.id);
        }
        let codes: Vec<_> = model.warnings().iter().map(|warning| warning.code).collect();
        assert_eq!(codes, if name.contains("trailing") { &["trailing-bytes"][..] } else { &[] }, "{name}");
        let bytes = std::fs::read(&path).expect("bytes");
        let original = serde_json::Deserializer::from_slice(&bytes).into_iter::<Value>().next().expect("a value");
        let written = model.to_wire().output.to_json();
        assert_eq!(written, original.expect("a value").to_string(), "{name}");
    }
}

#[test]
fn models_are_converted_to_toml_and_back_without_a_change_of_meaning() {
    let mut paths = files("tests/fixtures/guess", &["guess", "json"], 10);
    paths.extend(files("models", &["json", "toml"], 3));
    for path in paths {
        let model = model::read_file(&path, &NoData, Options::default()).expect("a model");
        let toml = model.to_toml();
        assert_eq!(toml.warnings, [], "{}", path.display());
        let from_toml = read(&toml.output).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(meaning(&from_toml), meaning(&model), "{}\n{}", path.display(), toml.output);
        assert_eq!(from_toml.slos(), model.slos());
        assert_eq!(from_toml.scenarios(), model.scenarios());
        assert_eq!(from_toml.correlations(), model.correlations());
        assert_eq!(from_toml.to_toml().output, toml.output, "{}", path.display());
        for (a, b) in model.metrics().iter().zip(from_toml.metrics()) {
            assert_eq!((&a.id, a.location, &a.description), (&b.id, b.location, &b.description));
        }
    }
}

#[test]
fn conformance_models_keep_their_meaning_in_toml() {
    let text = std::fs::read_to_string(project().join("tests/fixtures/conformance/model.json")).expect("vectors");
    let vectors: Value = serde_json::from_str(&text).expect("JSON");
    let mut compared = 0;
    for case in vectors["cases"].as_array().expect("cases") {
        let model = read(&case["model"].to_string()).expect("a model");
        if model.has_problems() {
            continue;
        }
        let toml = model.to_toml().output;
        let from_toml = read_sound(&toml);
        assert_eq!(meaning(&from_toml), meaning(&model), "{}\n{toml}", case["id"]);
        let wire = from_toml.to_wire().output;
        let json = wire.to_json();
        assert_eq!(meaning(&read_sound(&json)), meaning(&model), "{}\n{json}", case["id"]);
        for (guesstimate, original) in
            wire.guesstimates().zip(case["model"]["guesstimates"].as_array().expect("a list"))
        {
            let (written, original) = (guesstimate.expression(), original["expression"].as_str());
            if original.is_some_and(|text| text.starts_with('=')) && guesstimate.type_name() == Some("FUNCTION") {
                assert_eq!(written.as_deref(), original, "{}", case["id"]);
            }
        }
        compared += 1;
    }
    assert!(compared >= 40, "{compared}");
}

#[test]
fn shared_ids_and_names_become_toml_that_can_be_read() {
    let json = r#"{"metrics":[{"id":"A","readableId":"R","name":"x y"},{"id":"A","readableId":"R","name":"x y"},
        {"id":"B","readableId":"R","name":"A"},{"id":"x_y"},{"id":"?","name":"1/2"}],"guesstimates":[
        {"metric":"A","expression":"1"},{"metric":"B","expression":"=${metric:x_y}"},{"metric":"x_y","expression":"3"},
        {"metric":"?","expression":"10 to 5"}]}"#;
    let converted = read(json).expect("a model").to_toml();
    let codes: Vec<_> = converted.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["id-lost", "id-lost"]);
    let model = read(&converted.output).unwrap_or_else(|error| panic!("{error}\n{}", converted.output));
    let inputs: Vec<_> = model.check_report().iter().map(|metric| metric.inputs.join(" ")).collect();
    assert_eq!(inputs, ["", "", "x_y", "", ""]);
    assert_eq!(model.metrics()[4].problems[0].code, "range-reversed");
}

#[test]
fn toml_becomes_json_in_the_units_of_the_model() {
    let model =
        model::read_file(&project().join("models/memcached.toml"), &NoData, Options::default()).expect("a model");
    let converted = model.to_wire();
    assert_eq!(converted.output.kind(), WireKind::Envelope);
    let codes: Vec<_> = converted.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["not-in-wire-form"]);
    let expressions: Vec<_> =
        converted.output.guesstimates().map(|g| g.expression().unwrap_or_default().into_owned()).collect();
    let formula = "= 100 + (uniform(0, 100) < ${metric:hit} ? ${metric:memcached} : ${metric:staash_cpu})";
    assert_eq!(expressions, ["60", "", "1000 to 4000", formula]);
    let places: Vec<_> = converted
        .output
        .metrics()
        .map(|m| (m.readable_id().expect("an id").into_owned(), m.location().expect("a location")))
        .map(|(id, at)| (id, at.row, at.column))
        .collect();
    let expected = [("AA", 1, 1), ("AB", 2, 1), ("AC", 3, 1), ("AD", 1, 2)];
    assert_eq!(places, expected.map(|(id, row, column)| (id.to_owned(), row, column)));
    assert_eq!(meaning(&read_sound(&converted.output.to_json())), meaning(&model));
}

#[test]
fn unusual_json_reads_as_what_it_means() {
    let json = r#"{"id": 7, "graph": {
        "metrics": [{"id": 1, "readableId": null, "name": null, "x": [1]}, {"id": "B", "readableId": "BB"}, {"name": "lost"}],
        "guesstimates": [
            {"metric": 1, "expression": 5, "guesstimateType": "", "data": null},
            {"metric": "B", "expression": "", "input": "=BB2 + 1", "guesstimateType": null},
            {"metric": "B", "data": ["1", null, 2.5, "x"], "guesstimateType": "DATA", "expression": "7"},
            {"metric": "Z", "expression": "1"}, 3]},
        "name": null}"#;
    let model = read(json).expect("a model");
    assert_eq!(model.metrics().len(), 2);
    assert_eq!(model.metrics()[0].input.parameters(), Some(vec![5.0]));
    let Input::Data(Empirical::Values(values)) = &model.metrics()[1].input else { panic!("expected data") };
    assert_eq!(values[..], [1.0, 2.5]);
    let mut codes: Vec<_> = model.warnings().iter().map(|warning| warning.code).collect();
    codes.extend(model.metrics()[1].warnings.iter().map(|warning| warning.code));
    let expected = ["duplicate-guesstimate", "metric-without-id", "guesstimate-without-metric", "data-skipped"];
    assert_eq!(codes, expected);
}

#[test]
fn older_inputs_call_metrics_by_readable_id() {
    let json = |input: &str| {
        format!(
            r#"{{"metrics":[{{"id":"x1","readableId":"AB"}},{{"id":"x2","readableId":"PI"}},{{"id":"x3"}}],
            "guesstimates":[{{"metric":"x1","input":"5"}},{{"metric":"x2","input":"6"}},
            {{"metric":"x3","input":"{input}","guesstimateType":"FUNCTION"}}]}}"#
        )
    };
    let inputs = |model: &Model| model.check_report()[2].inputs.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(inputs(&read_sound(&json("=2*AB+PI"))), ["x1", "x2"]);
    let options = Options { compat: true };
    let model = model::read(json("=2*AB+PI").as_bytes(), None, &NoData, options).expect("a model");
    assert_eq!(inputs(&model), ["x1", "x2"]);
    // The original replaces text, not words.
    let model = model::read(json("=ABPI").as_bytes(), None, &NoData, options).expect("a model");
    assert_eq!(model.metrics()[2].source, "=${metric:x1}${metric:x2}");
}

#[test]
fn bare_names_in_expressions_are_metrics_unless_the_engine_is_followed() {
    let json = br#"{"metrics":[{"id":"e"},{"id":"rate"},{"id":"S"}],"guesstimates":[{"metric":"e","expression":"5"},
        {"metric":"rate","expression":"6"},{"metric":"S","expression":"=rate + e"}]}"#;
    let model = model::read(json, None, &NoData, Options::default()).expect("a model");
    assert_eq!(model.check_report()[2].inputs, ["rate"]);
    let model = model::read(json, None, &NoData, Options { compat: true }).expect("a model");
    assert!(model.check_report()[2].inputs.is_empty());
}

#[test]
fn every_part_of_the_toml_form_is_read() {
    let model = read_sound(
        r#"
        name = "n"
        description = "d"
        unit = "ns"
        slos = ["p99('long name') <= 200ms", "P(pt > 1ms) <= 0.1%"]
        paired = [["a", "b"]]
        [metrics]
        pt = 60
        grouped = "1,000,000"
        late = "1ms to 2ms"
        a = { data = [1, 2e3, 3.5], unit = "us" }
        b = { data = [0x10, 2, 3] }
        [metrics.range]
        name = "long name"
        input = "5 to 10"
        type = "UNIFORM"
        unit = "us"
        id = "R1"
        readable_id = "RR"
        location = { row = 2, column = -3 }
        description = "why"
        [metrics.share]
        input = "3 of 10"
        [metrics.h]
        histogram = [[0, 10, 5], [10, 20, 7], [20, 20, 1]]
        unit = "furlong"
        [metrics.sum]
        input = "=R1 + RR + range + ${long name} + pt"
        [scenarios."60/70"]
        pt = 70
        R1 = "6 to 7"
        [correlations]
        "a, range" = -0.5
        "#,
    );
    let report = model.check_report();
    let parameters: Vec<_> = report.iter().map(|metric| (metric.type_name, metric.parameters.clone())).collect();
    let expected = [
        ("POINT", Some(vec![60.0])),
        ("POINT", Some(vec![1e6])),
        ("LOGNORMAL", Some(vec![1e6, 2e6])),
        ("DATA", None),
        ("DATA", None),
        ("UNIFORM", Some(vec![5000.0, 10_000.0])),
        ("BETA", Some(vec![3.0, 10.0])),
        ("DATA", None),
        ("FUNCTION", None),
    ];
    assert_eq!(parameters, expected);
    let values = |index: usize| match &model.metrics()[index].input {
        Input::Data(Empirical::Values(values)) => values.to_vec(),
        other => panic!("expected values, found {other:?}"),
    };
    assert_eq!((values(3), values(4)), (vec![1e3, 2e6, 3500.0], vec![16.0, 2.0, 3.0]));
    assert_eq!(report[8].inputs, ["R1", "pt"]);
    let units: Vec<_> = model.metrics().iter().map(|m| m.unit.as_ref().map(|unit| unit.symbol().to_owned())).collect();
    assert_eq!(units[0].as_deref(), Some("ns"));
    assert_eq!((&units[5], &units[6], &units[7]), (&Some("ns".into()), &None, &Some("furlong".into())));
    assert_eq!(model.paired(), [[MetricIndex(3), MetricIndex(4)]]);
    assert_eq!((model.slos()[0].metric, model.slos()[0].bound), (MetricIndex(5), 2e8));
    assert_eq!(model.correlations()[0].coefficient, -0.5);
    let scenario = model.with_scenario("60/70").expect("a scenario");
    assert_eq!(scenario.scenario(), Some("60/70"));
    assert_eq!(scenario.metrics()[0].input.parameters(), Some(vec![70.0]));
    assert_eq!(scenario.metrics()[5].input.parameters(), Some(vec![6000.0, 7000.0]));
    assert_eq!(scenario.metrics()[5].input.type_name(), "UNIFORM");
}

#[test]
fn faults_of_toml_are_found_in_one_pass_with_their_places() {
    let text = "\
unitt = 'ns'
slos = ['p99(a) <= 5ms', 'p99(zz) < 1']
paired = [['a', 'nope'], 'x']
[metrics]
a = 1
mod = 2
b = true
c = { input = '5', data = [1], tipe = 1 }
d = { data = { fil = 'x' } }
e = { histogram = [[1, 0, 1], [0, 1]] }
f = { data = [1, 'x', inf] }
g = { input = '5 to 10', type = 'TRIANGLE' }
h = { data = [] }
[scenarios.s]
zz = 1
a = 'abc'
c = '=1 +'
[correlations]
'a,b' = 2
'a' = 1
";
    let found = faults(text);
    let lines: Vec<_> = found.iter().map(|(line, ..)| *line).collect();
    assert_eq!(lines, [1, 2, 2, 3, 3, 6, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 13, 15, 16, 17, 19, 20], "{found:#?}");
    assert_eq!(found[0], (1, 1, "expected a key of a model, found `unitt`".to_owned()));
    assert_eq!(found[2], (2, 31, "expected the name of a metric, found `zz`".to_owned()));
    let error = read(text).expect_err("faults");
    assert_eq!(error.faults[0].help.as_deref(), Some("did you mean `unit`?"));
    assert!(error.faults[1].help.as_deref().is_some_and(|help| help.contains("unit of time")));
}

#[test]
fn syntax_faults_have_a_place() {
    assert_eq!(faults("[metrics]\na = = 1")[0].0, 2);
    assert_eq!(faults("[metrics]\na = 1\na = 2")[0].0, 3);
    assert_eq!(read("{\"space\": {\n \"graph\": }}").expect_err("a fault").faults[0].place.map(|p| p.line), Some(2));
    let path = Path::new("broken.guess");
    let error = model::read(b"name = 'x'", Some(path), &NoData, Options::default()).expect_err("a fault");
    assert!(error.to_string().starts_with("broken.guess: line 1, column "), "{error}");
}

#[test]
fn a_missing_file_is_named() {
    let path = project().join("tests/fixtures/no-such-file.toml");
    let error = model::read_file(&path, &NoData, Options::default()).expect_err("a fault");
    assert_eq!(error.faults[0].kind, FaultKind::Unavailable);
    assert_eq!(error.path, Some(path));
}

#[test]
fn names_are_looked_up_as_key_readable_id_id_and_name() {
    let model = read_sound(
        "[metrics]\na = { input = 1, name = 'b' }\nb = { input = 2, name = 'twin' }\nc = { input = 3, name = 'twin' }",
    );
    assert_eq!(model.resolve("b"), Ok(MetricIndex(1)));
    let fault = model.resolve("twin").expect_err("ambiguous");
    assert_eq!(fault.kind, FaultKind::AmbiguousMetric);
    assert_eq!(fault.message, "expected the name of one metric, found `twin`, which names `twin` (b), `twin` (c)");
    assert_eq!(model.resolve("twni").expect_err("unknown").help.as_deref(), Some("did you mean `twin`?"));
    let ambiguous = read("[metrics]\nb = { input = 2, name = 'twin' }\nc = { input = 3, name = 'twin' }\nd = '=twin'");
    assert_eq!(ambiguous.expect("a model").metrics()[2].problems[0].code, "ambiguous-name");
    assert_eq!(faults("[metrics]\na = { input = 1, id = 'b' }\nb = 2")[0].0, 2);
}

#[test]
fn overrides_make_a_new_model_and_keep_the_rest() {
    let model =
        read_sound("unit = 'ms'\n[metrics]\nhit = { input = 60, unit = '%' }\ncpu = '1 to 4'\nsum = '=hit + cpu'");
    let changed = model.with_overrides(&[("hit", "=2 * cpu"), ("cpu", "500us")]).expect("a model");
    assert_eq!(changed.check_report()[0].inputs, ["cpu"]);
    assert_eq!(changed.metrics()[1].input.parameters(), Some(vec![0.5]));
    assert_eq!(model.metrics()[0].input.parameters(), Some(vec![60.0]));
    let cyclic = model.with_overrides(&[("cpu", "=sum")]).expect("a model");
    let codes: Vec<_> = cyclic.metrics().iter().flat_map(|m| m.problems.iter().map(|p| p.code)).collect();
    assert_eq!(codes, ["cycle", "cycle"]);
    let mended = cyclic.with_overrides(&[("cpu", "5")]).expect("a model");
    assert!(!mended.has_problems());
    let values = model.with_values(&[(MetricIndex(1), 2.5)]);
    assert_eq!(values.metrics()[1].input.parameters(), Some(vec![2.5]));
    let error = model.with_overrides(&[("hits", "1"), ("cpuu", "2")]).expect_err("faults");
    assert_eq!(error.faults.len(), 2);
    assert!(model.with_overrides(&[("hit", "rubbish")]).expect("a model").has_problems());
}

#[test]
fn scenarios_that_are_not_there_are_refused_with_those_that_are() {
    let model = read_sound("[metrics]\na = 1\n[scenarios.x]\na = 2\n[scenarios.y]\na = 3");
    let error = model.with_scenario("z").expect_err("a fault");
    assert_eq!(error.faults[0].kind, FaultKind::UnknownScenario);
    assert_eq!(error.faults[0].help.as_deref(), Some("the model has `x`, `y`"));
}

#[test]
fn paired_lists_have_one_length() {
    let model = read("paired = [['a', 'b', 'c']]\n[metrics]\na = { data = [1, 2] }\nb = { data = [1, 2, 3] }\nc = 5");
    let model = model.expect("a model");
    assert_eq!(model.metrics()[0].problems[0].code, "paired-lengths");
    assert_eq!(model.warnings()[0].code, "not-paired");
    let mended = model.with_overrides(&[("a", "7")]).expect("a model");
    assert!(mended.paired().is_empty() && !mended.has_problems());
}

#[test]
fn problems_point_into_the_source_of_their_metric() {
    let json = r#"{"metrics":[{"id":"A"},{"id":"B"}],"guesstimates":[{"metric":"A","expression":"=1+${metric:ZZ}"},
        {"metric":"B","expression":"=1+"}]}"#;
    let model = read(json).expect("a model");
    let metric = &model.metrics()[0];
    let span = metric.problems[0].span.expect("a span");
    assert_eq!(&metric.source[span.range()], "${metric:ZZ}");
    assert!(model.metrics()[1].problems[0].span.expect("a span").start >= 3);
}

#[test]
fn empty_metrics_can_not_be_used() {
    let model = read("[metrics]\na = {}\nb = '=a'\nc = '=b'").expect("a model");
    let codes: Vec<_> = model.metrics().iter().map(|m| m.problems.iter().map(|p| p.code).collect::<Vec<_>>()).collect();
    assert_eq!(codes, [vec![], vec!["empty-input"], vec!["broken-input"]]);
}

/// Reads any file as the values 1, 2 in milliseconds; refuses `bad`.
struct TwoValues;

impl DataReader for TwoValues {
    fn read(&self, reference: &DataReference, base: &Path) -> Result<DataRead, Problem> {
        if reference.file == "bad" {
            return NoData.read(reference, base);
        }
        assert_eq!((base, reference.tag.as_deref()), (Path::new("folder"), Some("read")));
        assert_eq!(reference.expected_interval_ns, Some(1e7));
        Ok(DataRead {
            data: Empirical::Values([1.0, 2.0].into()),
            unit: Some(Unit::Time(TimeUnit::Millisecond)),
            provenance: format!("read from {}", reference.file),
            warnings: vec![Warning::new("old", "the file is old")],
        })
    }
}

#[test]
fn files_of_measured_data_are_read_through_the_reader() {
    let text = "unit = 'us'\n[metrics]\na = { data = { file = 'm.hlog', tag = 'read', expected_interval = '10ms' } }\n\
                b = { data = { file = 'bad' } }\nc = '=b'";
    let path = Some(Path::new("folder/model.toml"));
    let model = model::read(text.as_bytes(), path, &TwoValues, Options::default()).expect("a model");
    let metric = &model.metrics()[0];
    assert_eq!(metric.provenance.as_deref(), Some("read from m.hlog"));
    assert_eq!(metric.warnings.len(), 1);
    let Input::Data(Empirical::Values(values)) = &metric.input else { panic!("expected values") };
    assert_eq!(values[..], [1000.0, 2000.0]);
    assert_eq!(model.metrics()[1].problems[0].code, "data-not-allowed");
    assert_eq!(model.metrics()[2].problems[0].code, "broken-input");
}

#[test]
fn units_of_formulas_are_those_of_the_model() {
    let model = read("unit = 'ms'\n[metrics]\na = { input = '=2', unit = 'us' }\nb = { input = '=2', unit = '%' }");
    let model = model.expect("a model");
    assert_eq!(model.metrics()[0].problems[0].code, "formula-unit");
    assert_eq!(model.metrics()[1].problems, []);
    assert!(Slo::parse("p99(b) < 1ms", &model).is_err());
}

fn validator(schema: &str) -> jsonschema::Validator {
    let text = std::fs::read_to_string(project().join("docs/schema").join(schema)).expect("a schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("a valid schema");
    jsonschema::draft202012::new(&schema).expect("a schema")
}

/// The data of a TOML text.
fn toml_data(text: &str) -> Value {
    serde_json::to_value(text.parse::<toml::Table>().expect("TOML")).expect("JSON")
}

#[test]
fn shipped_models_follow_the_shipped_schemas() {
    let (guesstimate, toml) = (validator("model-guesstimate.json"), validator("model-toml.json"));
    let mut paths = files("tests/fixtures/guess", &["guess", "json"], 10);
    paths.extend(files("models", &["json", "toml"], 3));
    for path in paths {
        let model = model::read_file(&path, &NoData, Options::default()).expect("a model");
        assert!(!model.has_problems(), "{}", path.display());
        let wire = Value::Object(model.to_wire().output.document().clone());
        assert!(guesstimate.is_valid(&wire), "{}: {:?}", path.display(), guesstimate.validate(&wire).err());
        let data = toml_data(&model.to_toml().output);
        assert!(toml.is_valid(&data), "{}: {:?}", path.display(), toml.validate(&data).err());
        if path.extension().is_some_and(|extension| extension == "toml") {
            let data = toml_data(&std::fs::read_to_string(&path).expect("text"));
            assert!(toml.is_valid(&data), "{}: {:?}", path.display(), toml.validate(&data).err());
        }
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let schema = validator("model-toml.json");
    let cases = [
        "[metrics]\n'名' = 1",
        "x = 1\n[metrics]",
        "name = 'n'",
        "[metrics]\nmod = 1",
        "[metrics]\n'a b' = 1",
        "[metrics]\na = true",
        "[metrics]\na = { input = 1, data = [1] }",
        "[metrics]\na = { data = [] }",
        "[metrics]\na = { data = { tag = 'x' } }",
        "[metrics]\na = { type = 'NORMAL' }",
        "[metrics]\na = { histogram = [[1, 2]] }",
        "[metrics]\na = 1\nb = 2\n[correlations]\n'a,b' = 1.5",
        "paired = [['a']]\n[metrics]\na = { data = [1] }",
    ];
    for text in cases {
        assert!(!schema.is_valid(&toml_data(text)), "{text}");
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn the_example_in_the_documentation_is_a_model() {
    let text = std::fs::read_to_string(project().join("docs/model-format.md")).expect("the document");
    let example = text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let model = read_sound(example);
    assert_eq!((model.metrics().len(), model.slos().len(), model.scenarios().len()), (6, 3, 1));
    assert!(validator("model-toml.json").is_valid(&toml_data(example)));
}

#[test]
fn hostile_bytes_are_refused_or_read_and_never_panic() {
    let refused: [&[u8]; 8] = [
        b"",
        b" \n\t",
        b"\xff\xfe{\x00}\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"{\"space\":{\"graph\":{\"metrics\":[{\"id\":\"A\"",
        b"{\"metrics\":3,\"guesstimates\":[]}",
        b"[[metrics]]\na = 1",
        b"metrics = 1e400",
    ];
    for bytes in refused {
        assert!(model::read(bytes, None, &NoData, Options::default()).is_err(), "{bytes:?}");
    }
    for nested in [format!("a = {}", "[".repeat(100_000)), format!("{{\"space\":{}", "{\"a\":".repeat(100_000))] {
        assert!(read(&nested).is_err());
    }
    let keys = format!("[metrics]\na{} = 1", ".a".repeat(100_000));
    assert!(read(&keys).is_err());
    let deep = format!("[metrics]\na = '={}1{}'", "(".repeat(100_000), ")".repeat(100_000));
    assert!(read(&deep).expect("a model").has_problems());
    let many_faults: String = (0..20_000).fold("[metrics]\n".to_owned(), |mut text, i| {
        let _ = writeln!(text, "k{i} = true");
        text
    });
    assert_eq!(read(&many_faults).expect_err("faults").faults.len(), 100);
}

#[test]
fn truncated_and_garbled_files_never_panic() {
    let texts = ["models/memcached.toml", "models/memcached.json"]
        .map(|file| std::fs::read(project().join(file)).expect("bytes"));
    for text in texts {
        for len in (0..text.len()).step_by(7) {
            let _ = model::read(&text[..len], None, &NoData, Options::default());
            let mut garbled = text.clone();
            garbled[len] = garbled[len].wrapping_mul(31).wrapping_add(7);
            let _ = model::read(&garbled, None, &NoData, Options::default());
        }
    }
}

#[test]
fn keys_that_stand_twice_in_json_are_read_as_javascript_reads_them() {
    let (wire, _) = Wire::read(br#"{"space":{"name":"a","name":"b","graph":null}}"#).expect("a model");
    assert_eq!(wire.name(), "b");
}

#[test]
fn ten_thousand_metrics_in_a_chain_are_checked() {
    let mut text = "[metrics]\nm0 = 1\n".to_owned();
    for i in 1..10_000 {
        let _ = writeln!(text, "m{i} = '=m{} + 1'", i - 1);
    }
    let model = read_sound(&text);
    assert_eq!(model.order().len(), 10_000);
    let broken = model.with_overrides(&[("m0", "rubbish")]).expect("a model");
    assert!(broken.metrics().iter().all(|metric| metric.problems.len() == 1));
    let cyclic = model.with_overrides(&[("m0", "=m9999")]).expect("a model");
    assert!(cyclic.metrics().iter().all(|metric| metric.problems[0].code == "cycle"));
    assert_eq!(meaning(&read_sound(&model.to_wire().output.to_json())).len(), 10_000);
}
