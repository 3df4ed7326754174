//! From bytes to a model: tells JSON from TOML by content.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::model::data::DataReader;
use crate::model::error::{Fault, FaultKind, ModelError};
use crate::model::input_text::{InputOptions, Reading, read_input};
use crate::model::limits::FILE_BYTES_MAX;
use crate::model::model::{Model, Options};
use crate::model::toml;
use crate::model::wire::{self, Wire};

/// Reads a model from the bytes of a file.
///
/// What begins with `{` is JSON, anything else TOML, unless the path ends in `.json` or `.guess`.
///
/// # Parameters
/// - `path`: where the bytes came from, for messages and as the base of paths in the model; need not exist.
/// - `data`: reads files of measured data that a TOML model names.
///
/// # Errors
/// All faults that make the file no model, with line and column; see [`FaultKind`]. What is wrong with single metrics is
/// no error here but a problem of the metric.
///
/// # Examples
/// ```
/// use tailcast::model::{self, NoData, Options};
/// let json = br#"{"metrics":[{"id":"A"}],"guesstimates":[{"metric":"A","expression":"5 to 10"}]}"#;
/// let model = model::read(json, None, &NoData, Options::default())?;
/// assert_eq!(model.metrics()[0].input.type_name(), "LOGNORMAL");
/// # Ok::<(), model::ModelError>(())
/// ```
pub fn read(bytes: &[u8], path: Option<&Path>, data: &dyn DataReader, options: Options) -> Result<Model, ModelError> {
    let result = if is_json(bytes, path) { read_json(bytes, options) } else { read_toml(bytes, path, data, options) };
    result.map_err(|error| match path {
        Some(path) => error.with_path(path),
        None => error,
    })
}

/// Reads a model from a file.
///
/// # Errors
/// As [`read`], and [`FaultKind::Unavailable`] or [`FaultKind::TooLarge`] when the file can't be read.
pub fn read_file(path: &Path, data: &dyn DataReader, options: Options) -> Result<Model, ModelError> {
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too large.
    let limit = FILE_BYTES_MAX as u64 + 1;
    match File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
        Ok(_) => read(&bytes, Some(path), data, options),
        Err(error) => {
            let fault = Fault::new(FaultKind::Unavailable, format!("can't read the file: {error}"));
            Err(ModelError::from(fault).with_path(path))
        }
    }
}

impl Model {
    /// Model of a single metric with that id, from an input text or a formula.
    ///
    /// A text that is no input text is read as a formula, so the `=` may be left out.
    ///
    /// # Panics
    /// Never: a graph of one metric is always a graph.
    ///
    /// # Examples
    /// ```
    /// use tailcast::model::{Input, Model, Options};
    /// let model = Model::of_input("eval", "1 + 1", Options::default());
    /// assert_eq!(model.metrics()[0].input.type_name(), "FUNCTION");
    /// assert!(matches!(Model::of_input("eval", "50%", Options::default()).metrics()[0].input, Input::Point(0.5)));
    /// ```
    #[must_use]
    pub fn of_input(id: &str, text: &str, options: Options) -> Self {
        let reading = if options.compat { Reading::Guesstimate } else { Reading::Sane };
        // What has a form and a fault, such as a reversed range, is an input text all the same.
        let problem = read_input(text, InputOptions { reading, ..InputOptions::default() }).problem;
        let is_input = problem.is_none_or(|problem| problem.code != "unreadable-input");
        let expression = if is_input || text.starts_with('=') { text.to_owned() } else { format!("={text}") };
        let metric = serde_json::json!({ "id": id, "readableId": id, "name": id });
        let guesstimate = serde_json::json!({ "metric": id, "expression": expression });
        let graph = serde_json::json!({ "metrics": [metric], "guesstimates": [guesstimate] });
        let wire = Wire::from_value(graph).expect("a graph of one metric is a graph");
        Self::new(wire::draft(&wire, Vec::new(), options), options)
    }
}

/// Whether the bytes are meant as JSON.
pub(super) fn is_json(bytes: &[u8], path: Option<&Path>) -> bool {
    let extension = path.and_then(Path::extension).and_then(|extension| extension.to_str());
    if extension.is_some_and(|extension| extension == "json" || extension == "guess") {
        return true;
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

fn read_json(bytes: &[u8], options: Options) -> Result<Model, ModelError> {
    let (wire, warnings) = Wire::read(bytes)?;
    let draft = wire::draft(&wire, warnings, options);
    Ok(Model::new(draft, options).with_wire(wire))
}

fn read_toml(bytes: &[u8], path: Option<&Path>, data: &dyn DataReader, options: Options) -> Result<Model, ModelError> {
    if bytes.len() > FILE_BYTES_MAX {
        let message = format!("expected a file of at most {FILE_BYTES_MAX} bytes, found a larger one");
        return Err(Fault::new(FaultKind::TooLarge, message).into());
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::new(FaultKind::Empty, "expected a model, found an empty file").into());
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("expected UTF-8 text, found other bytes at offset {}", error.valid_up_to());
        Fault::new(FaultKind::NotText, message).with_help("a model is JSON that begins with `{`, or TOML")
    })?;
    let base = path.and_then(Path::parent).unwrap_or(Path::new(""));
    Ok(Model::new(toml::read(text, base, data)?, options))
}
