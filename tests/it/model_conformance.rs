//! What the real Guesstimate engine answers: input texts, pasted lists, translation, and the errors of a graph.
//!
//! The vectors in `tests/fixtures/conformance` were recorded from guesstimate-app 0.5.0.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use tailcast::formula::MetricIndex;
use tailcast::model::{
    self, InputForm, InputOptions, Model, NoData, Options, Reading, Translation, looks_like_data, read_data_text,
    read_input,
};
use tailcast::problem::Problem;

fn cases(section: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/conformance/{section}.json"));
    let text = std::fs::read_to_string(path).expect("the vectors are part of the project");
    let document: Value = serde_json::from_str(&text).expect("vectors are JSON");
    let cases = document["cases"].as_array().expect("a list of cases").clone();
    assert_eq!(Some(cases.len() as u64), document["case_count"].as_u64(), "{section}");
    cases
}

fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some("-0") => -0.0,
        Some(other) => panic!("unexpected number {other}"),
        None => value.as_f64().expect("a number"),
    }
}

/// Class of a problem in the numbering of the engine.
fn class(problem: &Problem) -> (u64, Option<u64>) {
    match problem.code {
        "missing-input" => (1, Some(1)),
        "cycle" => (1, Some(2)),
        "broken-input" => (1, Some(3)),
        "unreadable-input" => (2, Some(5)),
        "empty-formula" => (2, Some(6)),
        "range-reversed" => (2, Some(7)),
        _ => (4, None),
    }
}

fn error_class(error: &Value) -> (u64, Option<u64>) {
    (error["type"].as_u64().expect("a type"), error["subType"].as_u64())
}

fn has_tag(case: &Value, tag: &str) -> bool {
    case["tags"].as_array().is_some_and(|tags| tags.iter().any(|known| known == tag))
}

/// The text, whether data stands beside it, and the type of a `parse` case.
fn read_case(case: &Value, reading: Reading) -> model::InputReading {
    let inputs = &case["inputs"];
    let filled = |key: &str| inputs[key].as_str().filter(|text| !text.is_empty());
    let text = filled("input").or(filled("text")).unwrap_or_default();
    let data = if inputs["data"].is_null() { &inputs["value"] } else { &inputs["data"] };
    let has_data = data.as_array().is_some_and(|list| !list.is_empty()) || data.as_str().is_some_and(|s| !s.is_empty());
    let type_hint = inputs["guesstimateType"].as_str();
    read_input(text, InputOptions { reading, type_hint, has_data, scale: None })
}

fn assert_parses_as_expected(case: &Value, reading: Reading) {
    let expected = &case["expected"];
    let found = read_case(case, reading);
    let id = case["id"].as_str().expect("an id");
    let error = (!expected["error"].is_null()).then(|| error_class(&expected["error"]));
    assert_eq!(found.problem.as_ref().map(class), error, "{id}: {found:?}");
    let parsed = &expected["parsed"];
    assert_eq!(Some(found.form.type_name()), parsed["guesstimateType"].as_str(), "{id}: {found:?}");
    let numbers = match found.form {
        InputForm::Point(value) => vec![value],
        InputForm::Range { low, high, .. } => vec![low, high],
        InputForm::Proportion { hits, total } => vec![hits, total],
        InputForm::Formula(text) => {
            assert_eq!(Some(text.as_str()), parsed["text"].as_str(), "{id}");
            return;
        }
        InputForm::None | InputForm::Data => Vec::new(),
    };
    let expected: Vec<_> = parsed["params"].as_array().map_or(&[][..], |list| list).iter().map(number).collect();
    let same =
        numbers.len() == expected.len() && numbers.iter().zip(&expected).all(|(a, b)| a.to_bits() == b.to_bits());
    assert!(same, "{id}: {numbers:?}, expected {expected:?}");
}

#[test]
fn input_texts_are_read_as_guesstimate_reads_them() {
    let cases = cases("parse");
    assert!(cases.len() >= 334);
    cases.iter().for_each(|case| assert_parses_as_expected(case, Reading::Guesstimate));
}

#[test]
fn the_sane_reading_differs_only_where_it_says_so() {
    let mended = ["first-comma-only", "text-beats-data"];
    for case in cases("parse") {
        if !mended.iter().any(|tag| has_tag(&case, tag)) {
            assert_parses_as_expected(&case, Reading::Sane);
        }
    }
}

#[test]
fn pasted_lists_are_read_as_guesstimate_reads_them() {
    for case in cases("datatext") {
        let text = case["inputs"]["text"].as_str().expect("a text");
        let expected: Vec<_> = case["expected"]["values"].as_array().expect("values").iter().map(number).collect();
        assert_eq!(read_data_text(text), expected, "{}", case["id"]);
        assert_eq!(Some(looks_like_data(text)), case["expected"]["is_data"].as_bool(), "{}", case["id"]);
    }
}

#[test]
fn readable_ids_are_translated_as_guesstimate_translates_them() {
    for case in cases("input_translation") {
        let mut translation = Translation::default();
        for (readable_id, target) in case["inputs"]["map"].as_object().expect("a map") {
            let kind = if target["isMetric"] == true { "metric" } else { "fact" };
            let id = target["id"].as_str().expect("an id");
            translation.insert(readable_id, format!("${{{kind}:{id}}}"));
        }
        let input = case["inputs"]["input"].as_str().expect("an input");
        assert_eq!(
            Some(translation.translate(input).as_str()),
            case["expected"]["expression"].as_str(),
            "{}",
            case["id"]
        );
    }
}

/// The model of a case; generated data lists are written out.
fn model_of(case: &Value, compat: bool) -> Model {
    let mut graph = case["model"].clone();
    for guesstimate in graph["guesstimates"].as_array_mut().expect("guesstimates") {
        if let Some(generator) = guesstimate.get("data_gen").cloned() {
            let [n, a, b] = ["n", "a", "b"].map(|key| generator[key].as_f64().expect("a number"));
            let list: Vec<_> = std::iter::successors(Some(0.0), |i| Some(i + 1.0))
                .take_while(|i| *i < n)
                .map(|i| json!(a * i + b))
                .collect();
            guesstimate["data"] = Value::Array(list);
        }
    }
    model::read(graph.to_string().as_bytes(), None, &NoData, Options { compat }).expect("a model")
}

fn ids(model: &Model, metrics: &[MetricIndex]) -> BTreeSet<String> {
    metrics.iter().map(|metric| model.metrics()[metric.index()].id.clone()).collect()
}

fn expected_ids(error: &Value, key: &str) -> BTreeSet<String> {
    error[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Graph errors that follow from errors met while sampling are not known before.
fn is_known_before_sampling(model: &Model, error: &Value) -> bool {
    let culprits = expected_ids(error, "inputs").into_iter().chain(expected_ids(error, "ancestors"));
    let is_broken = |id: &String| {
        let metric = model.resolve(id).expect("a metric");
        !model.metrics()[metric.index()].problems.is_empty()
    };
    error_class(error) != (1, Some(3)) || culprits.collect::<Vec<_>>().iter().any(is_broken)
}

#[test]
fn graph_errors_are_those_of_the_engine() {
    let mut compared = 0;
    for (case, compat) in cases("model").iter().flat_map(|case| [(case, false), (case, true)]) {
        let outcome = &case["expected"]["n5000"];
        let Some(metrics) = outcome["metrics"].as_object().filter(|_| outcome["threw"].is_null()) else { continue };
        let model = model_of(case, compat);
        for (index, metric) in (0..).map(MetricIndex).zip(model.metrics()) {
            let name = format!("{} {} {compat}", case["id"], metric.id);
            let errors = metrics[&metric.id]["errors"].as_array().cloned().unwrap_or_default();
            let graph: Vec<_> =
                errors.iter().filter(|e| e["type"] == 1 && is_known_before_sampling(&model, e)).collect();
            let expected: BTreeSet<_> = graph.iter().map(|error| error_class(error)).collect();
            let found: BTreeSet<_> =
                metric.problems.iter().filter(|p| p.code != "ambiguous-name").map(class).filter(|c| c.0 == 1).collect();
            assert_eq!(found, expected, "{name}: {:?}", metric.problems);
            compared += found.len();
            for error in graph {
                if error["subType"] == 2 {
                    let cycle = model.cycles().iter().find(|cycle| cycle.members.contains(&index)).expect("a cycle");
                    assert_eq!(ids(&model, &cycle.members), expected_ids(error, "cycleIds"), "{name}");
                } else if error["subType"] == 3 {
                    let broken = model.broken_inputs(index);
                    assert_eq!(ids(&model, &broken.inputs), expected_ids(error, "inputs"), "{name}");
                    assert_eq!(ids(&model, &broken.ancestors), expected_ids(error, "ancestors"), "{name}");
                }
            }
        }
    }
    assert!(compared >= 60, "{compared}");
}

#[test]
fn every_metric_comes_after_those_it_uses() {
    for case in cases("model") {
        let model = model_of(&case, false);
        let mut position = vec![0; model.metrics().len()];
        model.order().iter().enumerate().for_each(|(at, metric)| position[metric.index()] = at);
        for metric in model.order().iter().filter(|metric| model.metrics()[metric.index()].problems.is_empty()) {
            let before = |input: &MetricIndex| position[input.index()] < position[metric.index()];
            assert!(model.inputs(*metric).iter().all(before), "{}", case["id"]);
        }
    }
}

#[test]
fn parse_errors_of_models_are_those_of_the_engine() {
    for case in cases("model") {
        let outcome = &case["expected"]["n5000"];
        let Some(metrics) = outcome["metrics"].as_object().filter(|_| outcome["threw"].is_null()) else { continue };
        let model = model_of(&case, true);
        for metric in model.metrics() {
            let errors = metrics[&metric.id]["errors"].as_array().cloned().unwrap_or_default();
            let text_class = |class: &(u64, Option<u64>)| matches!(class, (2, Some(5..=7)));
            let expected: BTreeSet<_> = errors.iter().map(error_class).filter(text_class).collect();
            let found: BTreeSet<_> = metric.problems.iter().map(class).filter(text_class).collect();
            assert_eq!(found, expected, "{} {}", case["id"], metric.id);
        }
    }
}

#[test]
fn duplicate_ids_are_an_error_of_each_metric_that_has_one() {
    let case = cases("model").into_iter().find(|case| case["group"] == "duplicate").expect("a case");
    for compat in [false, true] {
        let model = model_of(&case, compat);
        assert!(model.metrics()[..2].iter().all(|metric| metric.problems[0].code == "duplicate-id"));
        assert_eq!(model.metrics()[2].problems[0].code, "broken-input");
    }
}
