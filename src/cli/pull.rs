//! `tailcast pull`: a space as a model file.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tailcast::client::{Client, Space, Token};
use tailcast::model::{self, NoData, Options, SpaceLink};
use tailcast::report::whole_file::WholeFile;

use super::server::{self, ServerArguments};
use super::{Answer, terminal};

/// Arguments of `pull`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Space, by id or address; the address of a share link holds its token
    #[arg(value_name = "SPACE")]
    space: String,
    /// File to write, its form by its ending: .toml, or .json or .guess; `-` writes to standard output
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    output: PathBuf,
    /// Form to write where the ending does not say: toml or json [default: json]
    #[arg(long, value_name = "FORM")]
    to: Option<Form>,
    /// Token of the share link
    #[arg(long, value_name = "TOKEN")]
    share_token: Option<String>,
    #[command(flatten)]
    server: ServerArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people.
    Toml,
    /// For Guesstimate, with every field that the server sent.
    Json,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let form = form(&arguments)?;
    let reference = server::space_reference(&arguments.space)?;
    let given = arguments.share_token.as_deref().map(Token::new).transpose()?;
    let client = arguments.server.reading_client()?;
    let space = client.space(reference.id, given.or(reference.share_token).as_ref())?;
    let json = space.to_wire()?.to_json_pretty();
    let text = match form {
        Form::Json => json,
        Form::Toml => toml(&client, &space, &json)?,
    };
    if arguments.output == Path::new("-") {
        terminal::print(text.as_bytes())?;
    } else {
        let shown = arguments.output.display();
        WholeFile::write(&arguments.output, text.as_bytes()).with_context(|| format!("`{shown}` can't be written"))?;
        eprintln!("wrote `{shown}`: space {} `{}`", space.id(), space.name());
    }
    Ok(Answer::Yes)
}

fn form(arguments: &Arguments) -> Result<Form> {
    let ending = arguments.output.extension().and_then(|ending| ending.to_str());
    match (arguments.to, ending) {
        (Some(form), _) => Ok(form),
        (None, Some("toml")) => Ok(Form::Toml),
        (None, Some("json" | "guess")) => Ok(Form::Json),
        (None, None) if arguments.output == Path::new("-") => Ok(Form::Json),
        _ => bail!(
            "expected an output that ends in .toml, .json or .guess, found `{}`; --to says the form otherwise",
            arguments.output.display()
        ),
    }
}

/// The space in the form for people, with the version that it is.
fn toml(client: &Client, space: &Space, json: &str) -> Result<String> {
    let model = model::read(json.as_bytes(), None, &NoData, Options::default())?;
    let converted = model.to_toml();
    for warning in converted.warnings {
        eprintln!("warning: {}", warning.message);
    }
    let link = SpaceLink {
        id: space.id(),
        updated_at: space.updated_at().map(str::to_owned),
        url: Some(client.address().space_url(space.id())),
    };
    let text = link.written_into(converted.output.as_bytes(), Path::new("space.toml"));
    let text = text.and_then(|text| String::from_utf8(text).ok());
    text.context("the space can't be written in TOML; pull it as JSON")
}
