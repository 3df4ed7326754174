//! `tailcast diff`: what an update would change.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;
use tailcast::client::{Token, Upload};
use tailcast::model::Options;

use super::push::UploadArguments;
use super::server::{self, ServerArguments, ServerFormat};
use super::{Answer, source, terminal, update};

/// Arguments of `diff`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Model file: TOML, Guesstimate JSON or .guess
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Space to compare with, by id or address [default: the one that the model belongs to]
    #[arg(long, value_name = "SPACE")]
    space: Option<String>,
    /// Token of the share link, if the space is read by one
    #[arg(long, value_name = "TOKEN")]
    share_token: Option<String>,
    #[command(flatten)]
    upload: UploadArguments,
    /// Format of the result: text or json
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ServerFormat,
    #[command(flatten)]
    server: ServerArguments,
}

/// Runs the subcommand: an honest no if there are differences.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    arguments.server.check_input(&arguments.model)?;
    let model = source::read_path(&arguments.model, Options::default())?;
    let target = update::target(&model, arguments.space.as_deref())?;
    let upload = Upload::new(&model, arguments.upload.options())?;
    let client = arguments.server.reading_client()?;
    let given = arguments.share_token.as_deref().map(Token::new).transpose()?;
    let space = client.space(target.id, given.or(target.share_token).as_ref())?;
    let changes = update::compare(&model, &upload, &space)?;
    let url = client.address().space_url(space.id());
    let text = match arguments.format {
        ServerFormat::Json => {
            let changes = server::changes_json(&changes);
            format!("{:#}\n", json!({"schema": 1, "id": space.id(), "url": url, "differences": changes}))
        }
        ServerFormat::Text if changes.is_empty() => format!("no difference from {url}\n"),
        ServerFormat::Text => {
            let changes = server::changes_text(&changes, "");
            format!("what an update would change in {url}\n{changes}")
        }
    };
    terminal::print(text.as_bytes())?;
    Ok(if changes.is_empty() { Answer::Yes } else { Answer::No })
}
