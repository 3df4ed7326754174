//! `tailcast convert`: a model from one form into the other.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tailcast::model::{Model, Options};
use tailcast::report::whole_file::WholeFile;

use super::{Answer, source, terminal};

/// Arguments of `convert`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Model to read: TOML, Guesstimate JSON or .guess; `-` reads standard input
    #[arg(value_name = "IN")]
    model: PathBuf,
    /// File to write, its form by its ending: .toml, or .json or .guess; `-` writes to standard output
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Form to write where the ending does not say: toml or json
    #[arg(long, value_name = "FORM")]
    to: Option<Form>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// For people.
    Toml,
    /// For Guesstimate.
    Json,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let model = source::read_path(&arguments.model, Options::default())?;
    let (text, warnings) = match form_of(arguments.to, &arguments.output)? {
        Form::Toml => {
            let converted = model.to_toml();
            (converted.output, converted.warnings)
        }
        Form::Json => {
            let converted = model.to_wire();
            (converted.output.to_json_pretty() + "\n", converted.warnings)
        }
    };
    for warning in warnings {
        eprintln!("warning: {}", warning.message);
    }
    if arguments.output == Path::new("-") {
        terminal::print(text.as_bytes())?;
    } else {
        WholeFile::write(&arguments.output, text.as_bytes())
            .with_context(|| format!("`{}` cannot be written", arguments.output.display()))?;
    }
    Ok(if model_has_problems(&model) { Answer::Trouble } else { Answer::Yes })
}

/// The form asked for, or that of the output's ending.
pub(super) fn form_of(asked: Option<Form>, output: &Path) -> Result<Form> {
    let ending = output.extension().and_then(|ending| ending.to_str());
    match (asked, ending) {
        (Some(form), _) => Ok(form),
        (None, Some("toml")) => Ok(Form::Toml),
        (None, Some("json" | "guess")) => Ok(Form::Json),
        _ => bail!("expected an output that ends in .toml, .json or .guess, found `{}`", output.display()),
    }
}

fn model_has_problems(model: &Model) -> bool {
    let broken = model.metrics().iter().filter(|metric| !metric.problems.is_empty());
    let labels: Vec<String> = broken.map(tailcast::model::Metric::label).collect();
    if !labels.is_empty() {
        eprintln!("warning: converted as written, with problems in {}; `tailcast check` shows them", labels.join(", "));
    }
    false
}
