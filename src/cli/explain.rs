//! `tailcast explain`: how a formula is read, stage by stage; or the table of functions.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use tailcast::formula::{Dialect, functions, parse, print_tokens, tokenize};
use tailcast::model::{Model, Options};
use tailcast::program::Program;
use tailcast::sim::Plan;

use super::arguments::CompatArguments;
use super::{Answer, source, terminal};

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Formula to explain, with or without `=` before it
    #[arg(value_name = "FORMULA", allow_hyphen_values = true, required_unless_present_any = ["functions", "model"])]
    formula: Option<String>,
    /// Explain a metric of this model instead, or all of them
    #[arg(long, value_name = "MODEL")]
    model: Option<std::path::PathBuf>,
    /// Metric of the model to explain
    #[arg(long, value_name = "METRIC", requires = "model")]
    metric: Option<String>,
    /// List the functions of formulas
    #[arg(long)]
    functions: bool,
    #[command(flatten)]
    compat: CompatArguments,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let options = Options { compat: arguments.compat.guesstimate() };
    let text = if arguments.functions {
        functions_text()
    } else if let Some(path) = &arguments.model {
        let model = source::read_path(path, options)?;
        explain_model(&model, arguments.metric.as_deref(), options)?
    } else {
        let formula = arguments.formula.as_deref().unwrap_or_default();
        let formula = formula.strip_prefix('=').unwrap_or(formula);
        let model = Model::of_input("formula", &format!("={formula}"), options);
        format!("{}{}", stages(formula, options)?, program(&Plan::new(&[&model], None, false).program))
    };
    terminal::print(text.as_bytes())?;
    Ok(Answer::Yes)
}

/// Tokens and tree of a formula.
fn stages(formula: &str, options: Options) -> Result<String> {
    let dialect = if options.compat { Dialect::Guesstimate } else { Dialect::Sane };
    let tree = match parse(formula, dialect) {
        Ok(tree) => tree,
        Err(error) => bail!("{}", error.problem().message),
    };
    let tokens = tokenize(formula).map_err(|error| anyhow::anyhow!("{}", error.problem().message))?;
    Ok(format!(
        "formula: {formula}\ntokens:  {}\ntree:    {}\nread as: {tree}\n",
        print_tokens(&tokens),
        tree.s_expression()
    ))
}

fn explain_model(model: &Model, metric: Option<&str>, options: Options) -> Result<String> {
    let chosen = match metric {
        Some(name) => Some(model.resolve(name).map_err(tailcast::model::ModelError::from)?),
        None => None,
    };
    let mut text = String::new();
    for (index, metric) in model.metrics().iter().enumerate() {
        if chosen.is_some_and(|chosen| chosen.index() != index) {
            continue;
        }
        let _ = writeln!(text, "metric:  {}, {}", metric.label(), metric.input.type_name());
        if let Some(formula) = metric.source.strip_prefix('=') {
            text += &stages(formula, options)?;
        } else if !metric.source.is_empty() {
            let _ = writeln!(text, "input:   {}", metric.source);
        }
    }
    let chosen = chosen.map(|metric| vec![metric]);
    text += &program(&Plan::new(&[model], chosen.as_deref(), false).program);
    Ok(text)
}

fn program(program: &Program) -> String {
    format!("program, for each block of samples:\n{program}")
}

/// The table of functions, family by family.
fn functions_text() -> String {
    let mut text = String::new();
    let mut family = None;
    for function in functions::TABLE.iter() {
        if family != Some(function.family) {
            family = Some(function.family);
            let _ = writeln!(text, "{}{:?}", if text.is_empty() { "" } else { "\n" }, function.family);
        }
        let draws = if function.draws() { " (draws)" } else { "" };
        let _ = writeln!(text, "  {}{draws}\n      {}", function.signatures.join("  "), function.help);
        let _ = writeln!(text, "      e.g. {} is {}", function.example.expression, function.example.result);
    }
    text
}
