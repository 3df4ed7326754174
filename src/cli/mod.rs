//! The command line: one file a subcommand, each thin over the library.
//!
//! Results go to standard output, everything else to standard error. Exit status 0: done, and every stated target met;
//! 1: an honest no; 2: trouble of any kind. A reader that goes away (a broken pipe) is no trouble.

mod arguments;
mod check;
mod convert;
mod eval;
mod explain;
mod export;
mod fit;
mod given;
mod import;
mod interrupt;
mod measured;
mod plot;
mod progress;
mod refusal;
mod run;
mod source;
mod terminal;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Forecasts response-time distributions: Monte Carlo over a model of your system, with percentiles and their errors.
#[derive(Debug, Parser)]
#[command(name = "tailcast", version, about, max_term_width = 100, help_expected = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Draw samples of a model and print the figures of its metrics
    Run(Box<run::Arguments>),
    /// Evaluate one formula
    Eval(Box<eval::Arguments>),
    /// Check a model without drawing samples: every problem in one go
    Check(check::Arguments),
    /// Show how a formula or a metric is read: tokens, tree, program; or list the functions
    Explain(explain::Arguments),
    /// Convert a model between Guesstimate JSON and TOML
    Convert(convert::Arguments),
    /// Read measured data, an architecture or traces: print their figures, or make a model of them
    Import(Box<import::Arguments>),
    /// Decompose a measured distribution into lognormal peaks
    Fit(Box<fit::Arguments>),
    /// Write the distributions of a model, a saved result or measured data in the format of another tool
    Export(Box<export::Arguments>),
    /// Draw a chart of a model's metrics, of a saved result, or of measured data, as PNG or SVG
    Plot(Box<plot::Arguments>),
}

/// What a subcommand answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Done, and every stated target met.
    Yes,
    /// Trouble that the result itself has told of.
    Trouble,
}

/// Parses the arguments and runs the subcommand.
pub(crate) fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are results; a usage error is trouble.
            let status = if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
            let _ = error.print();
            return status;
        }
    };
    let answer = match arguments.command {
        Command::Run(arguments) => run::run(*arguments),
        Command::Eval(arguments) => eval::run(*arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Convert(arguments) => convert::run(arguments),
        Command::Import(arguments) => import::run(*arguments),
        Command::Fit(arguments) => fit::run(*arguments),
        Command::Export(arguments) => export::run(*arguments),
        Command::Plot(arguments) => plot::run(*arguments),
    };
    match answer {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::Trouble) => ExitCode::from(2),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{}", terminal::error_text(&error));
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}
