//! Grid locations and readable ids for metrics that have none.

use std::collections::HashSet;

use crate::model::draft::Form;
use crate::model::metric::Location;
use crate::model::model::Model;

/// Letter pairs that are functions of the formula language.
const FUNCTION_IDS: [&str; 8] = ["AM", "CI", "DF", "FV", "LR", "PI", "PP", "PV"];

/// A location for each metric: its own, or the next free row of the column that its depth gives.
///
/// Inputs stand in the first column, and each formula to the right of all that it uses. Rows and columns count from 1.
pub(super) fn locations(model: &Model) -> Vec<Location> {
    let mut depth = vec![1_i64; model.metrics().len()];
    for metric in model.order() {
        let inputs = model.inputs(*metric).iter().filter(|input| *input != metric);
        depth[metric.index()] = 1 + inputs.map(|input| depth[input.index()]).max().unwrap_or(0);
    }
    let mut occupied: HashSet<Location> = model.metrics().iter().filter_map(|metric| metric.location).collect();
    let mut next_row: Vec<i64> = vec![1; model.metrics().len() + 2];
    let place = |(metric, column): (&crate::model::Metric, i64)| {
        if let Some(location) = metric.location {
            return location;
        }
        let row = &mut next_row[usize::try_from(column).unwrap_or(0)];
        loop {
            let location = Location { row: *row, column };
            *row += 1;
            if occupied.insert(location) {
                return location;
            }
        }
    };
    model.metrics().iter().zip(depth).map(place).collect()
}

/// A readable id for each metric: its own, or the next free pair of letters.
///
/// In the TOML form the readable id of a metric is its key unless it says otherwise; such keys are no readable ids in
/// Guesstimate's sense, so that they are replaced.
pub(super) fn readable_ids(model: &Model) -> Vec<String> {
    let own = |metric: &crate::model::Metric| match model.form() {
        Form::Wire => Some(metric.readable_id.clone()),
        Form::Toml => Some(metric.readable_id.clone()).filter(|id| *id != metric.key || is_letters(id)),
    };
    let taken: HashSet<String> = model.metrics().iter().filter_map(own).collect();
    let mut invented = (0..).map(letters).filter(|id| !taken.contains(id) && !FUNCTION_IDS.contains(&id.as_str()));
    model.metrics().iter().map(|metric| own(metric).unwrap_or_else(|| invented.next().unwrap_or_default())).collect()
}

/// Whether an id looks like one of Guesstimate's.
fn is_letters(id: &str) -> bool {
    (2..=3).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_uppercase())
}

/// AA, AB, … ZZ, AAA, …
fn letters(number: usize) -> String {
    let (mut len, mut count, mut rest) = (2, 26 * 26, number);
    while rest >= count {
        rest -= count;
        len += 1;
        count *= 26;
    }
    let mut id = vec![b'A'; len];
    for letter in id.iter_mut().rev() {
        *letter += u8::try_from(rest % 26).unwrap_or(0);
        rest /= 26;
    }
    id.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_two() {
        let ids: Vec<_> = [0, 1, 26, 675, 676, 677].into_iter().map(letters).collect();
        assert_eq!(ids, ["AA", "AB", "BA", "ZZ", "AAA", "AAB"]);
    }
}
