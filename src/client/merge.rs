//! A model's graph laid over the one that the server has: what the model does not say stays as it is there.
//!
//! A model in TOML says neither where its metrics stand in the grid nor, mostly, their readable ids. Those that the space
//! has already are kept, so that an update does not undo what was arranged in the browser.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::space::Space;
use crate::model::{Form, Metric, Model, WireMetric};

/// The graph of a model that is to replace the one of a space.
///
/// # Parameters
/// - `graph`: of the model, as [`super::Upload`] makes it; its metrics are those of `model`, in order.
#[must_use]
pub fn merged(graph: &Value, model: &Model, space: &Space) -> Value {
    let mut graph = graph.clone();
    let Ok(wire) = space.to_wire() else { return graph };
    let Some(metrics) = graph.get_mut("metrics").and_then(Value::as_array_mut) else { return graph };
    // Of several metrics of one id the last counts, as for the server.
    let present: BTreeMap<String, WireMetric<'_>> =
        wire.metrics().filter_map(|metric| Some((metric.id()?.into_owned(), metric))).collect();
    let mut is_free: Vec<(bool, bool)> = Vec::with_capacity(metrics.len());
    for (metric, entry) in model.metrics().iter().zip(metrics.iter_mut()) {
        let present = present.get(&metric.id);
        let readable_id =
            present.and_then(|present| present.readable_id()).filter(|_| !says_readable_id(model, metric));
        if let Some(readable_id) = &readable_id {
            entry["readableId"] = readable_id.as_ref().into();
        }
        let location = present.and_then(place).filter(|_| metric.location.is_none());
        if let Some((row, column)) = location {
            entry["location"] = json!({"row": row, "column": column});
        }
        // What neither the model nor the space says gives way.
        is_free.push((
            readable_id.is_none() && !says_readable_id(model, metric),
            location.is_none() && metric.location.is_none(),
        ));
    }
    give_way(metrics, &is_free);
    graph
}

/// Whether the readable id of a metric is its author's choice.
fn says_readable_id(model: &Model, metric: &Metric) -> bool {
    model.form() == Form::Wire || metric.readable_id != metric.key
}

fn place(metric: &WireMetric<'_>) -> Option<(i64, i64)> {
    metric.location().map(|location| (location.row, location.column))
}

/// Gives metrics that may have any readable id or location one that no other has.
fn give_way(metrics: &mut [Value], is_free: &[(bool, bool)]) {
    let id = |entry: &Value| entry["readableId"].as_str().unwrap_or_default().to_owned();
    let location = |entry: &Value| (entry["location"]["row"].as_i64(), entry["location"]["column"].as_i64());
    let fixed = metrics.iter().zip(is_free);
    let mut ids: BTreeSet<String> = fixed.clone().filter(|(_, free)| !free.0).map(|(entry, _)| id(entry)).collect();
    let mut places: BTreeSet<_> = fixed.filter(|(_, free)| !free.1).map(|(entry, _)| location(entry)).collect();
    for (entry, (id_is_free, location_is_free)) in metrics.iter_mut().zip(is_free) {
        if *id_is_free {
            let own = id(entry);
            let candidates = std::iter::once(own).chain((0_u32..).map(letters));
            let free = candidates.into_iter().find(|id| !ids.contains(id)).unwrap_or_default();
            entry["readableId"] = free.as_str().into();
            ids.insert(free);
        }
        if *location_is_free {
            let (Some(mut row), column) = location(entry) else { continue };
            while places.contains(&(Some(row), column)) {
                row += 1;
            }
            entry["location"]["row"] = row.into();
            places.insert((Some(row), column));
        }
    }
}

/// Readable ids that are no function's name: of three letters, the first of which is `A`, `B`, ….
fn letters(number: u32) -> String {
    let letter = |place: u32| char::from(b'A' + u8::try_from(number / place % 26).unwrap_or(0));
    [letter(676), letter(26), letter(1)].into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{Upload, UploadOptions};
    use crate::model::{self, NoData, Options};

    #[test]
    fn an_update_keeps_what_was_arranged_in_the_browser() {
        let toml = b"[metrics]\na = 1\nb = '=a'\nc = '=a'\n[metrics.d]\ninput = 5\nlocation = { row = 9, column = 9 }";
        let model = model::read(toml, None, &NoData, Options::default()).expect("a model");
        let graph = Upload::new(&model, UploadOptions::default()).expect("an upload").graph;
        let space = json!({"id": 1, "graph": {"guesstimates": [], "metrics": [
            {"id": "b", "readableId": "AA", "location": {"row": 1, "column": 1}},
            {"id": "c", "readableId": "QQ", "location": {"row": 7, "column": 3}},
            {"id": "d", "readableId": "DD", "location": {"row": 3, "column": 3}},
        ]}});
        let merged = merged(&graph, &model, &Space::from_value(space).expect("a space"));
        let row = |index: usize| {
            let metric = &merged["metrics"][index];
            let place = (metric["location"]["row"].as_i64(), metric["location"]["column"].as_i64());
            (metric["readableId"].as_str().unwrap_or_default().to_owned(), place)
        };
        assert_eq!(row(1), ("AA".to_owned(), (Some(1), Some(1))));
        assert_eq!(row(2), ("QQ".to_owned(), (Some(7), Some(3))));
        assert_eq!(row(3), ("DD".to_owned(), (Some(9), Some(9))));
        let (id, place) = row(0);
        assert!(!["AA", "QQ", "DD"].contains(&id.as_str()), "{id}");
        assert_eq!(place, (Some(2), Some(1)));
        assert_eq!(merged["guesstimates"], graph["guesstimates"]);
    }
}
