//! `tailcast update`: a changed model into the space that it belongs to.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use tailcast::client::{ClientError, Space, SpaceDraft, SpaceReference, Upload, Version, differences, merged};
use tailcast::model::{Model, Options};

use super::push::{UploadArguments, check_save};
use super::server::{self, ServerArguments, ServerFormat};
use super::{Answer, source};

/// Arguments of `update`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Model file: TOML, Guesstimate JSON or .guess
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Space to change, by id or address [default: the one that the model belongs to]
    #[arg(long, value_name = "SPACE")]
    space: Option<String>,
    /// Make the space private
    #[arg(long, conflicts_with = "public")]
    private: bool,
    /// Make the space public
    #[arg(long)]
    public: bool,
    #[command(flatten)]
    upload: UploadArguments,
    /// Print the request that would be sent, without the token, and change nothing
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
    arguments.server.check_input(&arguments.model)?;
    let model = source::read_path(&arguments.model, Options::default())?;
    let target = target(&model, arguments.space.as_deref())?;
    // The version that the file is based on is kept up to date where it is kept at all.
    let is_kept = model.space_link().is_some_and(|link| link.id == target.id) && arguments.model != Path::new("-");
    if is_kept && !arguments.dry_run {
        check_save(&arguments.model)?;
    }
    let upload = Upload::new(&model, arguments.upload.options())?;
    if let Some(answer) = server::tell(&upload, arguments.upload.force) {
        return Ok(answer);
    }
    let client = arguments.server.client()?;
    let base = client.space(target.id, None)?;
    let graph = merged(&upload.graph, &model, &base);
    let wanted = Version::of_upload(&upload, graph.clone());
    if let Some(answer) = stop_if_changed(&model, &base, &wanted)? {
        return Ok(answer);
    }
    let is_private = arguments.private.then_some(true).or(arguments.public.then_some(false));
    let draft = SpaceDraft { is_private, graph: Some(graph), ..upload.draft() };
    if arguments.dry_run {
        return server::print_request(&client.change(base.id(), &draft, base.updated_at()));
    }
    let space = match client.update(&base, &draft) {
        Ok(space) => space,
        Err(ClientError::Conflict { current }) => {
            eprintln!("the space changed on the server while it was being updated:");
            let (before, now) = (Version::of_space(&base)?, Version::of_space(&current)?);
            tell_changes(&server::changes_text(&differences(&before, &now), "  "));
            return Err(ClientError::Conflict { current }.into());
        }
        Err(error) => return Err(error.into()),
    };
    let answer = server::print_space(&client, &space, "updated", arguments.format)?;
    if is_kept {
        server::save_link(&arguments.model, &client, &space)?;
    }
    Ok(answer)
}

/// The space that a model is to change or to be compared with.
pub(super) fn target(model: &Model, space: Option<&str>) -> Result<SpaceReference> {
    match (space, model.space_link()) {
        (Some(space), _) => server::space_reference(space),
        (None, Some(link)) => Ok(SpaceReference { id: link.id, share_token: None }),
        (None, None) => {
            bail!("the model belongs to no space: name one with --space, or `tailcast push --save` makes one")
        }
    }
}

/// Stops if the space is another version than the one that the model is based on: someone else changed it, or you did in
/// the browser. The server itself would overwrite your own changes.
fn stop_if_changed(model: &Model, base: &Space, wanted: &Version) -> Result<Option<Answer>> {
    let link = model.space_link().filter(|link| link.id == base.id());
    let Some(known) = link.and_then(|link| link.updated_at.as_deref()) else {
        eprintln!(
            "warning: the model does not say which version of the space it is based on, so the present one is replaced; \
             `tailcast push --save` and `tailcast pull` keep it"
        );
        return Ok(None);
    };
    if base.updated_at().is_none_or(|updated_at| updated_at == known) {
        return Ok(None);
    }
    let changes = differences(wanted, &Version::of_space(base)?);
    let updated_at = base.updated_at().unwrap_or_default();
    eprintln!(
        "the model is based on the version of {known}, the space is of {updated_at}; in the space, unlike the model:"
    );
    tell_changes(&server::changes_text(&changes, "  "));
    Err(ClientError::Conflict { current: Box::new(base.clone()) }.into())
}

fn tell_changes(changes: &str) {
    if changes.is_empty() {
        eprintln!("  nothing but the time of the change");
    } else {
        eprint!("{changes}");
    }
}

/// Compares a model with its space, for `diff`.
pub(super) fn compare(model: &Model, upload: &Upload, space: &Space) -> Result<Vec<tailcast::client::Change>> {
    let graph = merged(&upload.graph, model, space);
    Ok(differences(&Version::of_space(space)?, &Version::of_upload(upload, graph)))
}
