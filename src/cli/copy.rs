//! `tailcast copy`: a space as a new one of your own.

use anyhow::Result;

use super::Answer;
use super::server::{self, ServerArguments, ServerFormat};

/// Arguments of `copy`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Space, by id, by address, or by a model file that belongs to it
    #[arg(value_name = "SPACE")]
    space: String,
    /// Print the request that would be sent, without the token, and copy nothing
    #[arg(long)]
    dry_run: bool,
    /// Format of the result: text or json
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ServerFormat,
    #[command(flatten)]
    server: ServerArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let reference = server::space_reference(&arguments.space)?;
    let client = arguments.server.client()?;
    if arguments.dry_run {
        return server::print_request(&client.copying(reference.id));
    }
    let space = client.copy(reference.id)?;
    server::print_space(&client, &space, "copied to", arguments.format)
}
