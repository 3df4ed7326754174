//! The whole TOML document.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use toml::de::DeTable;

use super::metric::{MetricReader, is_key};
use super::table::Faults;
use super::targets::TargetReader;
use crate::model::data::DataReader;
use crate::model::draft::{Draft, Form};
use crate::model::error::{FaultKind, ModelError};
use crate::model::limits::METRICS_MAX;
use crate::model::space_link::SpaceLink;
use crate::units::Unit;

/// Keys at the top.
const KEYS: [&str; 9] =
    ["name", "description", "unit", "slos", "paired", "metrics", "scenarios", "correlations", "guesstimate"];

/// Keys of `[guesstimate]`.
const SPACE_KEYS: [&str; 3] = ["id", "updated_at", "url"];

/// Reads a model in TOML.
///
/// # Errors
/// All faults of the text: syntax, unknown keys, values of the wrong kind, names that mean no metric.
pub(crate) fn read(text: &str, base: &Path, data: &dyn DataReader) -> Result<Draft, ModelError> {
    let mut faults = Faults::new(text);
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().trim_end().replace('\n', ", ");
            let help = "the format is described in docs/model-format.md";
            faults.add_with_help(FaultKind::Syntax, span, format!("not TOML: {message}"), help);
            return Err(ModelError::new(faults.found));
        }
    };
    let root = root.get_ref();
    faults.check_keys(root, &KEYS, "a model");
    let unit = faults.string(root, "unit").filter(|unit| !unit.trim().is_empty()).map(|unit| Unit::parse(&unit));
    let mut draft = Draft {
        form: Form::Toml,
        name: faults.string(root, "name").unwrap_or_default(),
        description: faults.string(root, "description").unwrap_or_default(),
        unit: unit.clone(),
        metrics: Vec::new(),
        scenarios: Vec::new(),
        slos: Vec::new(),
        paired: Vec::new(),
        correlations: Vec::new(),
        space: space_link(root, &mut faults),
        warnings: Vec::new(),
    };
    let reader = MetricReader { unit, base, data };
    read_metrics(root, &reader, &mut draft, &mut faults);
    let names = draft.names();
    TargetReader { names: &names, metrics: &reader }.read(root, &mut draft, &mut faults);
    if faults.found.is_empty() { Ok(draft) } else { Err(ModelError::new(faults.found)) }
}

/// `[guesstimate]`: the space that the file belongs to.
fn space_link(root: &DeTable<'_>, faults: &mut Faults<'_>) -> Option<SpaceLink> {
    let table = faults.table(root, "guesstimate")?;
    faults.check_keys(table, &SPACE_KEYS, "`guesstimate`");
    let Some(id) = table.get("id") else {
        let span = root.get("guesstimate").map_or(0..0, toml::Spanned::span);
        faults.add(FaultKind::Combination, span, "expected `id`, the number of the space");
        return None;
    };
    let number = id.get_ref().as_integer().and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
    if number.is_none() {
        faults.wrong_kind(id, "the number of a space");
    }
    let (updated_at, url) = (faults.string(table, "updated_at"), faults.string(table, "url"));
    Some(SpaceLink { id: number?, updated_at, url })
}

fn read_metrics(root: &DeTable<'_>, reader: &MetricReader<'_>, draft: &mut Draft, faults: &mut Faults<'_>) {
    let Some(table) = faults.table(root, "metrics") else {
        if !root.contains_key("metrics") {
            let help = "a model looks like:\n[metrics]\nresponse = \"5 to 10\"";
            faults.add_with_help(FaultKind::Combination, 0..0, "expected a table `[metrics]`, found none", help);
        }
        return;
    };
    if table.len() > METRICS_MAX {
        let message = format!("expected at most {METRICS_MAX} metrics, found {}", table.len());
        faults.add(FaultKind::TooLarge, 0..0, message);
        return;
    }
    let mut spans = Vec::with_capacity(table.len());
    for (key, value) in table {
        if !is_key(key.get_ref()) {
            faults.add_with_help(
                FaultKind::Value,
                key.span(),
                format!("expected a name that formulas can use, found `{}`", key.get_ref()),
                "begin with a letter, go on with letters, digits and `_`; put other names into `name`",
            );
        }
        spans.push(key.span());
        draft.metrics.push(reader.read(key.get_ref(), value, faults));
    }
    check_ids(draft, &spans, faults);
}

/// Reports ids that another metric has already. Readable ids and names may be shared: using one that is shared is the
/// error.
fn check_ids(draft: &Draft, spans: &[Range<usize>], faults: &mut Faults<'_>) {
    let mut owner: HashMap<&str, usize> = HashMap::new();
    for (index, metric) in draft.metrics.iter().enumerate() {
        let other = *owner.entry(&metric.id).or_insert(index);
        if other != index {
            // An id that is written is at fault, rather than one that follows from the key.
            let (faulty, owner) = if metric.id == metric.key { (other, index) } else { (index, other) };
            let message =
                format!("expected an id of its own, found `{}`, which `{}` has", metric.id, draft.metrics[owner].key);
            let help = "the id of a metric is its key unless `id` says otherwise";
            faults.add_with_help(FaultKind::Value, spans[faulty].clone(), message, help);
        }
    }
}
