//! `tailcast import`: measured data, architectures and traces, as figures or as a model.

mod data;
mod findings;
pub(super) mod model_file;
mod topology;

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Answer;
use super::arguments::{FigureArguments, SamplingArguments};
use super::measured::{MeasuredArguments, Opened, SourceFormat};
use super::plot::PlotArguments;
use super::refusal::Refusal;

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files of measured data, or one architecture, compose file or file of traces; gzip or not; `-` reads standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Model to write: .toml, or .json or .guess for Guesstimate
    #[arg(short, long, value_name = "MODEL")]
    output: Option<PathBuf>,
    /// Add the measured data to the TOML model that is there
    #[arg(long, requires = "output")]
    add: bool,
    #[command(flatten)]
    measured: MeasuredArguments,
    #[command(flatten)]
    topology: topology::TopologyArguments,
    #[command(flatten)]
    sampling: SamplingArguments,
    #[command(flatten)]
    figures: FigureArguments,
    /// Also print each distribution as a text histogram
    #[arg(long)]
    histogram: bool,
    #[command(flatten)]
    plot: PlotArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    if let Some(output) = &arguments.output {
        model_file::check(output)?;
    }
    let first = Opened::new(&arguments.files[0])?;
    let is_measured = match arguments.measured.from {
        Some(SourceFormat::Measured(_)) => true,
        Some(SourceFormat::Traces(_)) => false,
        None => first.kind.is_none(),
    };
    if is_measured {
        arguments.topology.refuse_for_data(&first.name)?;
        return data::run(&arguments, first);
    }
    arguments.refuse_for_topology(&first.name)?;
    topology::run(&arguments, first)
}

impl Arguments {
    /// Refuses options that do not concern architectures and traces.
    fn refuse_for_topology(&self, file: &str) -> Result<()> {
        let misplaced = self.measured.first_given().or(self.add.then_some("--add"));
        if let Some(option) = misplaced {
            let message = format!("expected measured data for `{option}`, found an architecture or traces in `{file}`");
            return Err(Refusal::new(message, format!("leave out `{option}`")).into());
        }
        if self.files.len() > 1 {
            let message = format!("expected one architecture or file of traces, found {} files", self.files.len());
            let help = "import them one by one; JSON Lines and concatenated traces may also stand in one file";
            return Err(Refusal::new(message, help).into());
        }
        Ok(())
    }

    /// Name of the model where none is given: that of the only file without its folder and endings, or `measured`.
    fn default_name(&self) -> String {
        let stem = |path: &Path| {
            let name = path.file_name()?.to_str()?;
            let name = name.strip_suffix(".gz").unwrap_or(name);
            let end = name.rfind('.').filter(|end| *end > 0).unwrap_or(name.len());
            Some(name[..end].to_owned())
        };
        match &self.files[..] {
            [file] if file != Path::new("-") => stem(file).unwrap_or_else(|| "measured".to_owned()),
            _ => "measured".to_owned(),
        }
    }
}
