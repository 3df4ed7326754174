//! The Guesstimate server that the arguments name: its address, the token, the client; and what subcommands print of it.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tailcast::client::{
    ApiAddress, Change, ChangeKind, Client, Finding, HttpTransport, Limits, Request, RetryPolicy, Session, Severity,
    Sleep, Space, SpaceReference, Token, Upload,
};
use tailcast::model::{Options, SpaceLink};
use tailcast::report::whole_file::WholeFile;
use tailcast::units::parse_duration;

use super::{Answer, source, terminal};

/// Environment variable that holds the token of a user.
const TOKEN_VARIABLE: &str = "GUESSTIMATE_TOKEN";

/// Environment variable that holds the token of an organization.
pub(super) const ORGANIZATION_TOKEN_VARIABLE: &str = "GUESSTIMATE_ORGANIZATION_TOKEN";

/// Longest file that is read as a token, in bytes.
const TOKEN_FILE_BYTES_MAX: u64 = 64 << 10;

/// Which server, by which right. Tokens are secrets, so that none is ever an argument.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ServerArguments {
    /// Server to ask [default: https://api.getguesstimate.com]
    #[arg(long, value_name = "URL")]
    api_url: Option<String>,
    /// File that holds the token [default: the environment variable GUESSTIMATE_TOKEN]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Read the token from standard input
    #[arg(long, conflicts_with = "token_file")]
    token_stdin: bool,
    /// Longest time that one request may take, e.g. 30s or 2min
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = parse_timeout)]
    timeout: Duration,
}

/// Format of what the server was made to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ServerFormat {
    /// For people.
    Text,
    /// One document.
    Json,
}

impl ServerArguments {
    /// The token of a file, of standard input, or of an environment variable; none if there is none of them.
    pub(super) fn token(&self, variable: &str) -> Result<Option<Token>> {
        let text = if let Some(path) = &self.token_file {
            let shown = path.display();
            let file = std::fs::File::open(path).with_context(|| format!("the token file `{shown}` can't be read"))?;
            read_token(file).with_context(|| format!("the token file `{shown}` can't be read"))?
        } else if self.token_stdin {
            read_token(std::io::stdin().lock()).context("the token can't be read from standard input")?
        } else {
            match std::env::var(variable) {
                Ok(text) if !text.trim().is_empty() => text,
                Ok(_) | Err(std::env::VarError::NotPresent) => return Ok(None),
                Err(std::env::VarError::NotUnicode(_)) => bail!("expected text in {variable}, found other bytes"),
            }
        };
        Ok(Some(Token::new(&text)?))
    }

    /// Client by the user's token, if there is one.
    pub(super) fn client(&self) -> Result<Client> {
        let token = self.token(TOKEN_VARIABLE)?;
        self.client_with(token)
    }

    /// Client for reading, which needs no token: one that can't be used is said so and left out.
    pub(super) fn reading_client(&self) -> Result<Client> {
        let mut token = self.token(TOKEN_VARIABLE)?;
        if let Some(Err(error)) = token.as_ref().map(|token| token.check_expiry(SystemTime::now())) {
            eprintln!("warning: {error}: reading without it");
            token = None;
        }
        self.client_with(token)
    }

    /// Client by this token.
    pub(super) fn client_with(&self, token: Option<Token>) -> Result<Client> {
        let address = match &self.api_url {
            Some(url) => ApiAddress::parse(url)?,
            None => ApiAddress::default(),
        };
        let defaults = Limits::default();
        let limits = Limits { connect: defaults.connect.min(self.timeout), total: self.timeout, ..defaults };
        let session = Session::new(Box::new(HttpTransport::new(limits)), Box::new(Sleep), RetryPolicy::default());
        Ok(Client::new(address, token, session))
    }

    /// Fails if both the model and the token were to be read from standard input.
    pub(super) fn check_input(&self, model: &Path) -> Result<()> {
        if self.token_stdin && model == Path::new("-") {
            bail!("expected one of the model and the token on standard input, found both");
        }
        Ok(())
    }
}

fn read_token(reader: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    reader.take(TOKEN_FILE_BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}

fn parse_timeout(text: &str) -> Result<Duration, String> {
    let seconds = match text.trim().parse::<f64>() {
        Ok(seconds) => seconds,
        Err(_) => parse_duration(text).map_err(|error| error.to_string())?.to(tailcast::units::TimeUnit::Second),
    };
    match Duration::try_from_secs_f64(seconds) {
        Ok(timeout) if !timeout.is_zero() && seconds <= 3600.0 => Ok(timeout),
        _ => Err(format!("expected a time above 0 and up to an hour, found `{text}`")),
    }
}

/// The space that an argument names: an id, an address, or a model file that belongs to one.
pub(super) fn space_reference(text: &str) -> Result<SpaceReference> {
    let error = match SpaceReference::parse(text) {
        Ok(reference) => return Ok(reference),
        Err(error) => error,
    };
    let path = Path::new(text);
    if !path.is_file() {
        return Err(error.into());
    }
    let model = source::read_path(path, Options::default())?;
    match model.space_link() {
        Some(link) => Ok(SpaceReference { id: link.id, share_token: None }),
        None => bail!("expected a model that belongs to a space, found none in `{text}`: name the space by its id"),
    }
}

/// Tells on standard error what was found about an upload; whether it may be sent.
pub(super) fn tell(upload: &Upload, force: bool) -> Option<Answer> {
    for finding in &upload.findings {
        let word = match finding.severity {
            Severity::Note => "note",
            Severity::Warning if force => "warning",
            Severity::Warning | Severity::Refusal => "error",
        };
        eprintln!("{word}: {}", finding_text(finding));
    }
    if upload.is_accepted(force) {
        return None;
    }
    let count = |severity| upload.findings.iter().filter(|finding| finding.severity == severity).count();
    let hint = if count(Severity::Refusal) == 0 { "; --force sends it all the same" } else { "" };
    let reasons = match count(Severity::Refusal) + count(Severity::Warning) {
        1 => "1 reason".to_owned(),
        reasons => format!("{reasons} reasons"),
    };
    eprintln!("error: not sent, for {reasons}{hint}");
    Some(Answer::Trouble)
}

fn finding_text(finding: &Finding) -> String {
    let metric = finding.metric.as_ref().map(|metric| format!("{metric}: ")).unwrap_or_default();
    let help = finding.help.as_ref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
    format!("{metric}{}{help}", finding.message)
}

/// Prints a space that was made or changed.
pub(super) fn print_space(client: &Client, space: &Space, done: &str, format: ServerFormat) -> Result<Answer> {
    let url = client.address().space_url(space.id());
    let text = match format {
        ServerFormat::Json => format!("{:#}\n", json!({"schema": 1, "id": space.id(), "url": url})),
        ServerFormat::Text => {
            let visibility = match space.is_private() {
                Some(true) => " (private)",
                Some(false) => " (public)",
                None => "",
            };
            format!("{done} space {}{visibility}: {url}\n", space.id())
        }
    };
    terminal::print(text.as_bytes())?;
    Ok(Answer::Yes)
}

/// Prints the request that would be sent.
pub(super) fn print_request(request: &Request) -> Result<Answer> {
    terminal::print(request.shown().as_bytes())?;
    Ok(Answer::Yes)
}

/// Writes the link to a space into the file of its model.
pub(super) fn save_link(path: &Path, client: &Client, space: &Space) -> Result<()> {
    let link = SpaceLink {
        id: space.id(),
        updated_at: space.updated_at().map(str::to_owned),
        url: Some(client.address().space_url(space.id())),
    };
    let context = || format!("`{}` does not keep that it belongs to space {}", path.display(), space.id());
    let bytes = std::fs::read(path).with_context(context)?;
    let Some(text) = link.written_into(&bytes, path) else { bail!("{}: it is no model any more", context()) };
    WholeFile::write(path, &text).with_context(context)
}

/// Changes as text, a line a metric and a line a field.
pub(super) fn changes_text(changes: &[Change], indent: &str) -> String {
    let mut text = String::new();
    for change in changes {
        let sign = match change.kind {
            ChangeKind::Added => '+',
            ChangeKind::Removed => '-',
            ChangeKind::Changed => '~',
        };
        let what = match &change.metric {
            Some(id) => format!("metric `{}` ({id})", change.name),
            None => "the space".to_owned(),
        };
        text += &format!("{indent}{sign} {what}\n");
        if change.kind == ChangeKind::Removed {
            continue;
        }
        for field in &change.fields {
            let shown =
                |value: &Option<String>| value.as_ref().map_or("nothing".to_owned(), |value| format!("`{value}`"));
            text += &match change.kind {
                ChangeKind::Added => format!("{indent}    {}: {}\n", field.field, shown(&field.to)),
                _ => format!("{indent}    {}: {} -> {}\n", field.field, shown(&field.from), shown(&field.to)),
            };
        }
    }
    text
}

/// Changes as JSON.
pub(super) fn changes_json(changes: &[Change]) -> Value {
    let change = |change: &Change| {
        let kind = match change.kind {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Changed => "changed",
        };
        let fields =
            change.fields.iter().map(|field| json!({"field": field.field, "from": field.from, "to": field.to}));
        json!({"change": kind, "metric": change.metric, "name": change.name, "fields": fields.collect::<Vec<_>>()})
    };
    changes.iter().map(change).collect()
}
