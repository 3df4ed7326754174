//! The model that importing writes: its form by its ending, whole or not at all, with paths as seen from where it is.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use tailcast::import::FileData;
use tailcast::model::{self, Form, Model, Options};
use tailcast::report::whole_file::WholeFile;

use super::super::convert;
use super::super::refusal::Refusal;

/// Refuses an output whose ending names no form of models, or that cannot be written.
pub(in super::super) fn check(output: &Path) -> Result<()> {
    convert::form_of(None, output)?;
    let folder = folder(output);
    if !folder.is_dir() {
        let message = format!("`{}` cannot be written: there is no folder `{}`", output.display(), folder.display());
        return Err(Refusal::new(message, "make the folder first").into());
    }
    Ok(())
}

/// Writes the model whose TOML form is `toml`.
pub(in super::super) fn write(output: &Path, toml: &str) -> Result<()> {
    let text = match convert::form_of(None, output)? {
        convert::Form::Toml => toml.to_owned(),
        convert::Form::Json => {
            let model =
                model::read(toml.as_bytes(), Some(&output.with_extension("toml")), &FileData, Options::default())?;
            let converted = model.to_wire();
            converted.warnings.iter().for_each(|warning| eprintln!("warning: {}", warning.message));
            converted.output.to_json_pretty() + "\n"
        }
    };
    WholeFile::write(output, text.as_bytes()).with_context(|| format!("`{}` cannot be written", output.display()))
}

/// The TOML model at `path`, to which metrics are to be added, with its text.
pub(in super::super) fn read(path: &Path) -> Result<(String, Model)> {
    let text = std::fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    let model = model::read(text.as_bytes(), Some(path), &FileData, Options::default())?;
    if model.form() == Form::Toml {
        return Ok((text, model));
    }
    let message = format!("expected a TOML model to add to, found Guesstimate's JSON in `{}`", path.display());
    let help =
        format!("convert it first: tailcast convert {} -o {}", path.display(), path.with_extension("toml").display());
    Err(Refusal::new(message, help).into())
}

/// Puts the text of metrics behind that of a model. Nothing is written unless both together are a model.
pub(in super::super) fn add(output: &Path, text: &str, added: &str) -> Result<()> {
    let mut whole = text.trim_end().to_owned();
    let _ = write!(whole, "\n{added}");
    model::read(whole.as_bytes(), Some(output), &FileData, Options::default())
        .context("the metrics do not fit behind the model's text")?;
    WholeFile::write(output, whole.as_bytes()).with_context(|| format!("`{}` cannot be written", output.display()))
}

/// The path of `file` as seen from the folder of `output`; as it is where that cannot be told.
pub(in super::super) fn relative_to(output: &Path, file: &Path) -> String {
    let relative = || -> Option<PathBuf> {
        if file.is_absolute() {
            return None;
        }
        let from = folder(output).canonicalize().ok()?;
        let to = file.canonicalize().ok()?;
        let common = from.components().zip(to.components()).take_while(|(from, to)| from == to).count();
        // Nothing in common but the root: an absolute path is plainer.
        if common <= 1 {
            return Some(to);
        }
        let up = from.components().skip(common).map(|_| Component::ParentDir);
        Some(up.chain(to.components().skip(common)).collect())
    };
    let path = relative().unwrap_or_else(|| file.to_owned());
    path.to_string_lossy().replace('\\', "/")
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_model() {
        let root = tempfile::tempdir().unwrap();
        let (models, data) = (root.path().join("models"), root.path().join("data"));
        std::fs::create_dir_all(&models).unwrap();
        std::fs::create_dir_all(&data).unwrap();
        let file = data.join("a.csv");
        std::fs::write(&file, "1\n").unwrap();
        assert_eq!(relative_to(&models.join("m.toml"), &file), file.to_string_lossy());
        assert_eq!(relative_to(Path::new("m.toml"), Path::new("Cargo.toml")), "Cargo.toml");
        assert_eq!(relative_to(Path::new("models/m.toml"), Path::new("Cargo.toml")), "../Cargo.toml");
        assert_eq!(relative_to(Path::new("models/m.toml"), Path::new("no/such/file")), "no/such/file");
    }

    #[test]
    fn what_is_added_stands_behind_the_model_or_nothing_is_written() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("m.toml");
        std::fs::write(&path, "[metrics]\na = 5\n\n[scenarios.x]\na = 6").unwrap();
        let (text, _) = read(&path).unwrap();
        add(&path, &text, "\n[metrics.b]\ninput = 7\n").unwrap();
        let written = std::fs::read_to_string(&path).unwrap();
        assert_eq!(written, "[metrics]\na = 5\n\n[scenarios.x]\na = 6\n\n[metrics.b]\ninput = 7\n");
        assert!(add(&path, &written, "\n[metrics.b]\ninput = 8\n").is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
    }
}
