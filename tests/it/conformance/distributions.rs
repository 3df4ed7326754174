//! Distribution functions, filters and text forms, as metrics of a model: the samples they yield.

use serde_json::Value as Json;

use super::statistics::disagreements;
use super::vectors::{cases, classes, draw, expected_classes, has_tag, model_of_text};

/// Tags of defects of the engine's samplers that are left on purpose, in compatibility too.
const LEFT: [&str; 2] = [
    // The engine never ends; ours says what the parameters have to be.
    "endless-loop",
    // `poisson` levels off near 745 because `exp(-lambda)` underflows.
    "poisson-cap",
];

/// What a case and the engine disagree on.
fn faults(case: &Json, comparisons: &mut usize) -> Vec<String> {
    let (inputs, expected) = (&case["inputs"], &case["expected"]);
    let model = model_of_text(inputs["text"].as_str().expect("a text"), &inputs["guesstimateType"], true);
    let drawn = draw(&model, case["n"].as_u64().expect("a number of samples")).remove(0);
    if classes(&drawn.problems) != expected_classes(&expected["errors"]) {
        return vec![format!("{:?}, expected {}", drawn.problems, expected["errors"])];
    }
    match expected["status"].as_str() {
        Some("ok") => disagreements(expected, &drawn, comparisons),
        Some("empty") if drawn.count > 0 => vec![format!("{} samples, expected none", drawn.count)],
        _ => Vec::new(),
    }
}

#[test]
fn in_compatibility_every_distribution_agrees() {
    let cases = cases("dist");
    let (mut compared, mut comparisons, mut failures) = (0, 0, Vec::new());
    for case in cases.iter().filter(|case| !has_tag(case, &LEFT)) {
        compared += 1;
        let found = faults(case, &mut comparisons).into_iter();
        failures.extend(found.map(|fault| format!("{} `{}`: {fault}", case["id"], case["inputs"]["text"])));
    }
    assert!(failures.is_empty(), "{} disagree:\n{}", failures.len(), failures.join("\n"));
    assert!(compared >= 355 && comparisons >= 6000, "only {compared} cases and {comparisons} figures were compared");
}
