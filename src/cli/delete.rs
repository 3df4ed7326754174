//! `tailcast delete`: a space for good.

use std::io::{BufRead, Read, Write};

use anyhow::{Result, bail};
use serde_json::json;

use super::server::{self, ServerArguments, ServerFormat};
use super::{Answer, terminal};

/// Longest answer that is read, in bytes.
const ANSWER_LEN_MAX: u64 = 1_000;

/// Arguments of `delete`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Space, by id, by address, or by a model file that belongs to it
    #[arg(value_name = "SPACE")]
    space: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Print the request that would be sent, without the token, and delete nothing
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
        return server::print_request(&client.deletion(reference.id));
    }
    if !arguments.yes {
        let space = client.space(reference.id, None)?;
        let name: String = space.name().chars().filter(|c| !c.is_control()).collect();
        eprint!("delete space {} `{name}` for good? [y/N] ", space.id());
        std::io::stderr().flush()?;
        let mut answer = String::new();
        std::io::stdin().lock().take(ANSWER_LEN_MAX).read_line(&mut answer)?;
        if !matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
            bail!("not deleted: expected `y`, found `{}`; --yes does not ask", answer.trim());
        }
    }
    client.delete(reference.id)?;
    let text = match arguments.format {
        ServerFormat::Json => format!("{:#}\n", json!({"schema": 1, "id": reference.id, "deleted": true})),
        ServerFormat::Text => format!("deleted space {}\n", reference.id),
    };
    terminal::print(text.as_bytes())?;
    Ok(Answer::Yes)
}
