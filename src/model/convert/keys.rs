//! Keys for metrics of the wire form, made from their names.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::formula_text::other_names;

use crate::model::draft::Form;
use crate::model::metric::Metric;
use crate::model::model::Model;
use crate::model::toml::is_key;
use crate::model::vocabulary::is_constant;

/// Longest key made from a name, in characters; longer names are told apart by their readable ids.
const KEY_LEN_MAX: usize = 64;

/// A key for each metric, all different: that of the TOML form, or one made from the name, else from the readable id.
///
/// No key is a name that some formula uses in another sense, or a constant.
pub(super) fn keys(model: &Model) -> Vec<String> {
    if model.form() == Form::Toml {
        return model.metrics().iter().map(|metric| metric.key.clone()).collect();
    }
    let bare: BTreeSet<_> = model.metrics().iter().filter_map(Metric::formula).flat_map(other_names).collect();
    let is_usable = |key: &str| is_key(key) && !bare.contains(key) && !is_constant(key);
    let words: Vec<_> = model.metrics().iter().map(|metric| word(&metric.name)).collect();
    let mut count: HashMap<&str, usize> = HashMap::new();
    words.iter().for_each(|word| *count.entry(word).or_default() += 1);
    // A key must not be another metric's id or readable id: these are names as well.
    let mut taken: HashSet<String> =
        model.metrics().iter().flat_map(|metric| [metric.id.clone(), metric.readable_id.clone()]).collect();
    let mut used = HashSet::new();
    let mut keys = Vec::with_capacity(words.len());
    for (metric, from_name) in model.metrics().iter().zip(&words) {
        let is_own = |key: &str| key == metric.id || key == metric.readable_id;
        let is_free = |key: &str, taken: &HashSet<String>| is_usable(key) && (is_own(key) || !taken.contains(key));
        let is_short = from_name.chars().count() <= KEY_LEN_MAX;
        let candidate = if is_short && count[from_name.as_str()] == 1 && is_free(from_name, &taken) {
            from_name.clone()
        } else {
            word(&metric.readable_id)
        };
        let candidates = (1..).map(|number| match number {
            1 => candidate.clone(),
            2 => format!("m_{candidate}"),
            _ => format!("m_{candidate}_{number}"),
        });
        let is_new = |key: &String| is_free(key, &taken) && !used.contains(key);
        let key = candidates.take(taken.len() + 3).find(is_new).unwrap_or_default();
        taken.insert(key.clone());
        used.insert(key.clone());
        keys.push(key);
    }
    keys
}

/// A name as one word: letters and digits, with `_` for whatever is between.
fn word(name: &str) -> String {
    let mut word = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_alphanumeric() {
            word.push(c);
        } else if !word.is_empty() && !word.ends_with('_') {
            word.push('_');
        }
    }
    let word = word.trim_end_matches('_');
    if word.starts_with(|c: char| c.is_numeric()) { format!("m_{word}") } else { word.to_owned() }
}
