//! Reading the model that the arguments name, with its scenario and settings.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use tailcast::import::FileData;
use tailcast::model::{self, Model, Options};
use tailcast::study::scenario_version;

use super::arguments::ModelArguments;

/// Reads the model, takes the scenario and makes the settings.
pub(super) fn read(arguments: &ModelArguments) -> Result<Model> {
    let mut model = read_path(&arguments.model, Options { compat: arguments.compat.guesstimate() })?;
    if let Some(scenario) = &arguments.scenario {
        model = scenario_version(&model, scenario)?.model;
    }
    let settings: Vec<(&str, &str)> =
        arguments.set.iter().map(|(metric, input)| (metric.as_str(), input.as_str())).collect();
    Ok(model.with_overrides(&settings)?)
}

/// Reads a model from a path, or from standard input when it is `-`.
pub(super) fn read_path(path: &Path, options: Options) -> Result<Model> {
    if path != Path::new("-") {
        return Ok(model::read_file(path, &FileData, options)?);
    }
    let mut bytes = Vec::new();
    let limit = model::limits::FILE_BYTES_MAX as u64 + 1;
    std::io::stdin().lock().take(limit).read_to_end(&mut bytes).context("standard input cannot be read")?;
    Ok(model::read(&bytes, None, &FileData, options)?)
}

/// Name of the model's file for messages.
pub(super) fn shown(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}
