//! `tailcast share`: the share link of a private space.

use anyhow::{Result, bail};
use serde_json::json;
use tailcast::client::LinkAction;

use super::server::{self, ServerArguments, ServerFormat};
use super::{Answer, terminal};

/// Arguments of `share`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What to do with the link
    #[arg(value_name = "ACTION")]
    action: Action,
    /// Private space, by id, by address, or by a model file that belongs to it
    #[arg(value_name = "SPACE")]
    space: String,
    /// Print the request that would be sent, without the token, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Format of the result: text or json
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ServerFormat,
    #[command(flatten)]
    server: ServerArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Action {
    /// Make a link by which anyone can read the space, or show the one that is there
    Enable,
    /// Make the link invalid
    Disable,
    /// Make the link invalid and a new one
    Rotate,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let reference = server::space_reference(&arguments.space)?;
    let action = match arguments.action {
        Action::Enable => LinkAction::Enable,
        Action::Disable => LinkAction::Disable,
        Action::Rotate => LinkAction::Rotate,
    };
    let client = arguments.server.client()?;
    if arguments.dry_run {
        return server::print_request(&client.linking(reference.id, action));
    }
    let space = client.share(reference.id, action)?;
    let url = match (action, space.share_token()) {
        (LinkAction::Disable, _) => None,
        (_, Some(token)) => Some(format!("{}?token={token}", client.address().space_url(space.id()))),
        (_, None) => {
            bail!("the server says that the link is there, but not what it is; `tailcast share enable` shows it")
        }
    };
    let text = match (arguments.format, url) {
        (ServerFormat::Json, url) => format!("{:#}\n", json!({"schema": 1, "id": space.id(), "url": url})),
        (ServerFormat::Text, Some(url)) => format!("{url}\n"),
        (ServerFormat::Text, None) => format!("the share link of space {} is disabled\n", space.id()),
    };
    terminal::print(text.as_bytes())?;
    Ok(Answer::Yes)
}
