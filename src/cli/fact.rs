//! `tailcast fact`: the distribution of a metric as a fact of an organization.

use anyhow::{Result, bail};
use serde_json::json;
use tailcast::client::FactDraft;
use tailcast::report::warnings::Asked;

use super::arguments::{ModelArguments, SamplingArguments};
use super::server::{self, ORGANIZATION_TOKEN_VARIABLE, ServerArguments, ServerFormat};
use super::{Answer, run as run_command, source, terminal};

/// Arguments of `fact`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    model: ModelArguments,
    /// Metric whose distribution is the fact
    #[arg(value_name = "METRIC")]
    metric: String,
    /// Organization whose fact it is
    #[arg(long, value_name = "ID")]
    organization: u64,
    /// Name of the fact in formulas: letters, digits and `_` [default: the key of the metric]
    #[arg(long, value_name = "NAME")]
    variable: Option<String>,
    /// Name of the fact for people [default: the name of the metric]
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    #[command(flatten)]
    sampling: SamplingArguments,
    /// Print the request that would be sent, without the token, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Format of the result: text or json
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ServerFormat,
    #[command(flatten)]
    server: ServerArguments,
}

/// Runs the subcommand. The token is the organization's: of its own variable, a file or standard input; else the user's.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    arguments.server.check_input(&arguments.model.model)?;
    let model = source::read(&arguments.model)?;
    let chosen = run_command::chosen(&model, std::slice::from_ref(&arguments.metric))?;
    let mut options = arguments.sampling.options(None, None);
    options.metrics = chosen;
    let outcome = run_command::draw(&model, &options, Asked { samples: true, precision: false, quantiles: false })?;
    let Some((metric, recording)) =
        outcome.metrics.first().and_then(|metric| Some((metric, metric.recording.as_ref()?)))
    else {
        bail!("expected a metric with samples, found none in `{}`: `tailcast run` shows why", arguments.metric);
    };
    let key = model.resolve(&arguments.metric).map(|index| model.metrics()[index.index()].key.clone());
    let variable = arguments.variable.clone().or(key.ok()).unwrap_or_default();
    let name = arguments.name.clone().unwrap_or_else(|| metric.name.clone());
    let Some(draft) = FactDraft::new(&name, &variable, recording) else {
        bail!(
            "expected finite samples and a name of letters, digits and `_`, found `{variable}` with {} samples; \
             --variable names the fact",
            recording.count()
        );
    };
    let token = arguments.server.token(ORGANIZATION_TOKEN_VARIABLE)?;
    let client = match token {
        Some(_) => arguments.server.client_with(None)?,
        None => arguments.server.client()?,
    };
    if arguments.dry_run {
        return server::print_request(&client.fact_writing(arguments.organization, token.as_ref(), &draft, None));
    }
    let fact = client.push_fact(arguments.organization, token.as_ref(), &draft)?;
    let text = match arguments.format {
        ServerFormat::Json => {
            format!("{:#}\n", json!({"schema": 1, "id": fact.id, "variable_name": draft.variable_name}))
        }
        ServerFormat::Text => format!("wrote fact {} `{}`\n", fact.id, draft.variable_name),
    };
    terminal::print(text.as_bytes())?;
    Ok(Answer::Yes)
}
