//! `tailcast push`: a model as a new space.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tailcast::client::{Client, ClientError, Membership, SpaceDraft, Upload, UploadOptions};
use tailcast::model::Options;
use tailcast::report::whole_file::WholeFile;

use super::server::{self, ServerArguments, ServerFormat};
use super::{Answer, source};

/// Arguments of `push`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Model file: TOML, Guesstimate JSON or .guess; `-` reads standard input
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Name of the space [default: the name of the model]
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Let only you see the space, or the organization; spaces are public otherwise
    #[arg(long)]
    private: bool,
    /// Organization that is to own the space; you must be a member
    #[arg(long, value_name = "ID")]
    organization: Option<u64>,
    /// Write the id of the space into the model file, for `update` and `diff`
    #[arg(long)]
    save: bool,
    #[command(flatten)]
    upload: UploadArguments,
    /// Print the request that would be sent, without the token, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Format of the result: text or json
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ServerFormat,
    #[command(flatten)]
    server: ServerArguments,
}

/// What to do about what Guesstimate can't hold.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct UploadArguments {
    /// Replace metrics that Guesstimate can't evaluate by values drawn from them
    #[arg(long)]
    flatten: bool,
    /// Send the model in spite of problems that Guesstimate itself would show
    #[arg(long)]
    pub(super) force: bool,
}

impl UploadArguments {
    /// How to make a model ready.
    pub(super) const fn options(self) -> UploadOptions {
        UploadOptions { flatten: self.flatten }
    }
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    arguments.server.check_input(&arguments.model)?;
    if arguments.save {
        check_save(&arguments.model)?;
    }
    let model = source::read_path(&arguments.model, Options::default())?;
    let upload = Upload::new(&model, arguments.upload.options())?;
    if let Some(answer) = server::tell(&upload, arguments.upload.force) {
        return Ok(answer);
    }
    let client = arguments.server.client()?;
    let draft = draft(&arguments, &upload);
    if let (Some(link), false) = (model.space_link(), arguments.dry_run) {
        let id = link.id;
        eprintln!(
            "note: the model belongs to space {id} already; this makes another, `tailcast update` changes that one"
        );
    }
    if arguments.dry_run {
        return server::print_request(&client.creation(&draft));
    }
    if let Some(organization) = arguments.organization {
        check_membership(&client, organization, arguments.upload.force)?;
    } else if arguments.private {
        client.check_private_room()?;
    }
    let space = client.create(&draft)?;
    if !arguments.private {
        eprintln!("note: the space is public, for anyone to see; --private makes it private");
    }
    let answer = server::print_space(&client, &space, "created", arguments.format)?;
    if arguments.save {
        server::save_link(&arguments.model, &client, &space)?;
    }
    Ok(answer)
}

fn draft(arguments: &Arguments, upload: &Upload) -> SpaceDraft {
    let draft = upload.draft();
    SpaceDraft {
        name: arguments.name.clone().or(draft.name),
        // Left to the server, it would be private or not by the plan.
        is_private: Some(arguments.private),
        organization_id: arguments.organization,
        ..draft
    }
}

/// Proves that the file of the model can be written, before a space exists that it is to remember.
pub(super) fn check_save(path: &Path) -> Result<()> {
    if path == Path::new("-") {
        bail!("expected a model file to save the id into, found standard input");
    }
    WholeFile::create(path).map(drop).with_context(|| format!("`{}` can't be written", path.display()))
}

/// The server lets anybody give a space to any organization, and with it the right to change it.
fn check_membership(client: &Client, organization: u64, force: bool) -> Result<()> {
    match client.membership(organization) {
        Ok(Membership::Member) => Ok(()),
        Ok(Membership::Stranger) => Err(ClientError::NotAMember { organization }.into()),
        Ok(Membership::Untold) | Err(ClientError::Unexpected { .. } | ClientError::NotFound { .. }) if force => Ok(()),
        Ok(Membership::Untold) => bail!(
            "whether you are a member of organization {organization} can't be found out; --force takes it for granted"
        ),
        Err(error) => {
            Err(anyhow::Error::from(error)
                .context(format!("your membership of organization {organization} is not known")))
        }
    }
}
