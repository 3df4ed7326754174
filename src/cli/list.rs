//! `tailcast list`: your spaces, or an organization's.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Value, json};
use tailcast::client::{Client, Space};

use super::server::{ServerArguments, ServerFormat};
use super::{Answer, terminal};

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// List the spaces of this organization instead of your own
    #[arg(long, value_name = "ID")]
    organization: Option<u64>,
    /// List the spaces of this user instead of your own: those that you may see
    #[arg(long, value_name = "ID", conflicts_with = "organization")]
    user: Option<u64>,
    /// Format of the result: text or json
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ServerFormat,
    #[command(flatten)]
    server: ServerArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let client = match (arguments.organization, arguments.user) {
        (None, None) => arguments.server.client()?,
        _ => arguments.server.reading_client()?,
    };
    let spaces = match (arguments.organization, arguments.user) {
        (Some(organization), _) => client.spaces_of_organization(organization)?,
        (None, Some(user)) => client.spaces_of_user(user)?,
        (None, None) => client.spaces_of_user(client.user()?.id)?,
    };
    let text = match arguments.format {
        ServerFormat::Json => {
            let entries: Vec<Value> = spaces.iter().map(|space| entry(&client, space)).collect();
            format!("{:#}\n", json!({"schema": 1, "spaces": entries}))
        }
        ServerFormat::Text => text(&client, &spaces),
    };
    terminal::print(text.as_bytes())?;
    Ok(Answer::Yes)
}

fn entry(client: &Client, space: &Space) -> Value {
    json!({
        "id": space.id(),
        "name": space.name(),
        "is_private": space.is_private(),
        "organization_id": space.organization_id(),
        "updated_at": space.updated_at(),
        "url": client.address().space_url(space.id()),
    })
}

fn text(client: &Client, spaces: &[Space]) -> String {
    let mut text = String::new();
    for space in spaces {
        let visibility = match space.is_private() {
            Some(true) => "private",
            Some(false) => "public",
            None => "",
        };
        // Names come from others: no line ends, no escape sequences.
        let name: String = space.name().chars().filter(|c| !c.is_control()).collect();
        let (id, url) = (space.id(), client.address().space_url(space.id()));
        let _ = writeln!(text, "{id:>8}  {visibility:<7}  {url}  {name}");
    }
    text
}
