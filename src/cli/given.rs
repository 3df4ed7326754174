//! What a file given to `plot` or `export` is: a model, a saved result, or measured data; told by its content.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, Result};
use tailcast::import::Format;
use tailcast::infer::Kind;
use tailcast::report::json_read;
use tailcast::sim::Outcome;

use super::measured::{self, MeasuredArguments, Opened};
use super::refusal::Refusal;

/// What was given.
pub(super) enum Given {
    /// A model, not read yet.
    Model,
    /// A result of an earlier run.
    Saved(Outcome),
    /// Measured data.
    Measured(Outcome),
}

/// Finds out what the file at `path` is, and reads it unless it is a model. Standard input is a model.
///
/// A Guesstimate space is a model, unless `arguments` name the format.
pub(super) fn read(path: &Path, arguments: &MeasuredArguments) -> Result<Given> {
    if path == Path::new("-") && arguments.from.is_none() {
        return Ok(Given::Model);
    }
    let ending = path.extension().and_then(|ending| ending.to_str());
    if ending == Some("json") && is_saved(path)? {
        let text = std::fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
        return Ok(Given::Saved(json_read::read(&text)?));
    }
    if ending == Some("toml") && arguments.from.is_none() {
        return Ok(Given::Model);
    }
    let opened = Opened::new(path)?;
    let is_measured = arguments.from.is_some() || opened.format.is_some_and(|format| format != Format::Guesstimate);
    if is_measured {
        let file = opened.name.clone();
        let measurements = opened.read(&arguments.options())?;
        let name = arguments.name.clone().unwrap_or(file);
        return Ok(Given::Measured(measured::outcome(&name, &measurements, None)));
    }
    let is_model = opened.format == Some(Format::Guesstimate) || ending == Some("json") || ending == Some("guess");
    match opened.kind.filter(|kind| !is_model || kind.is_trace() || kind.is_architecture()) {
        Some(kind) => Err(no_distribution(&opened.name, kind)),
        None => Ok(Given::Model),
    }
}

fn no_distribution(file: &str, kind: Kind) -> anyhow::Error {
    let message = format!("{file}: expected a model, a result or measured data, found {}", kind.name());
    let help = format!("make a model of it first: tailcast import {file} -o model.toml");
    Refusal::new(message, help).into()
}

/// Whether the file is a saved result; looks at all of it, since the keys of a result may stand in any order.
fn is_saved(path: &Path) -> Result<bool> {
    let mut text = String::new();
    let limit = tailcast::model::limits::FILE_BYTES_MAX as u64;
    let file = File::open(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    // What is no text is no result; what it is instead is found out elsewhere.
    Ok(file.take(limit).read_to_string(&mut text).is_ok() && json_read::is_result(&text))
}
