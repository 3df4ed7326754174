//! The command line: one file a subcommand, each thin over the library.
//!
//! Results go to standard output, everything else to standard error. Exit status 0: done, and every stated target met;
//! 1: an honest no; 2: trouble of any kind. A reader that goes away (a broken pipe) is no trouble.

mod arguments;
mod attribute;
mod check;
mod compare;
mod convert;
#[cfg(feature = "client")]
mod copy;
#[cfg(feature = "client")]
mod delete;
#[cfg(feature = "client")]
mod diff;
mod eval;
mod explain;
mod export;
#[cfg(feature = "client")]
mod fact;
mod fit;
mod given;
mod import;
mod interrupt;
#[cfg(feature = "client")]
mod list;
mod measured;
mod plot;
mod progress;
#[cfg(feature = "client")]
mod pull;
#[cfg(feature = "client")]
mod push;
mod refusal;
mod run;
mod slo;
mod solve;
#[cfg(feature = "client")]
mod server;
#[cfg(feature = "client")]
mod share;
mod source;
mod sweep;
mod terminal;
#[cfg(feature = "client")]
mod update;

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
    /// Compare scenarios of a model on the same random numbers, or two models, or two saved results
    Compare(Box<compare::Arguments>),
    /// Draw a model over the values of one parameter or two
    Sweep(Box<sweep::Arguments>),
    /// Find the value of a parameter at which a target is just met
    Solve(Box<solve::Arguments>),
    /// Find who owns the tail of a metric
    Attribute(Box<attribute::Arguments>),
    /// Push a model to getguesstimate.com as a new space
    #[cfg(feature = "client")]
    Push(Box<push::Arguments>),
    /// Pull a space from getguesstimate.com as a model file
    #[cfg(feature = "client")]
    Pull(Box<pull::Arguments>),
    /// Update the space that a model belongs to
    #[cfg(feature = "client")]
    Update(Box<update::Arguments>),
    /// Show what an update would change in the space that a model belongs to
    #[cfg(feature = "client")]
    Diff(Box<diff::Arguments>),
    /// List your spaces, or an organization's
    #[cfg(feature = "client")]
    List(Box<list::Arguments>),
    /// Copy a space into one of your own
    #[cfg(feature = "client")]
    Copy(Box<copy::Arguments>),
    /// Enable, disable or rotate the share link of a private space
    #[cfg(feature = "client")]
    Share(Box<share::Arguments>),
    /// Delete a space
    #[cfg(feature = "client")]
    Delete(Box<delete::Arguments>),
    /// Push the distribution of a metric as a fact of an organization
    #[cfg(feature = "client")]
    Fact(Box<fact::Arguments>),
}

/// What a subcommand answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Done, and every stated target met.
    Yes,
    /// An honest no: a stated target is not met, or a goal is not reachable.
    No,
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
        Command::Compare(arguments) => compare::run(*arguments),
        Command::Sweep(arguments) => sweep::run(*arguments),
        Command::Solve(arguments) => solve::run(*arguments),
        Command::Attribute(arguments) => attribute::run(*arguments),
        #[cfg(feature = "client")]
        Command::Push(arguments) => push::run(*arguments),
        #[cfg(feature = "client")]
        Command::Pull(arguments) => pull::run(*arguments),
        #[cfg(feature = "client")]
        Command::Update(arguments) => update::run(*arguments),
        #[cfg(feature = "client")]
        Command::Diff(arguments) => diff::run(*arguments),
        #[cfg(feature = "client")]
        Command::List(arguments) => list::run(*arguments),
        #[cfg(feature = "client")]
        Command::Copy(arguments) => copy::run(*arguments),
        #[cfg(feature = "client")]
        Command::Share(arguments) => share::run(*arguments),
        #[cfg(feature = "client")]
        Command::Delete(arguments) => delete::run(*arguments),
        #[cfg(feature = "client")]
        Command::Fact(arguments) => fact::run(*arguments),
    };
    match answer {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::FAILURE,
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
