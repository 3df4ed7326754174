//! `tailcast check`: every problem of a model, without drawing samples.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Value, json};
use tailcast::model::{CheckedMetric, Model};
use tailcast::problem::{Problem, Warning};
use tailcast::report::problem_text::{self, Place};
use tailcast::sim;

use super::arguments::ModelArguments;
use super::{Answer, source, terminal};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    model: ModelArguments,
    /// Format of the result: text or json
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: CheckFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum CheckFormat {
    /// Problems for people.
    Text,
    /// One document with every metric.
    Json,
}

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Answer> {
    let model = source::read(&arguments.model)?;
    let problems = sim::check(&model);
    let text = match arguments.format {
        CheckFormat::Json => format!("{:#}\n", document(&model, &problems)),
        CheckFormat::Text => text(&model, &problems, &source::shown(&arguments.model.model)),
    };
    terminal::print(text.as_bytes())?;
    Ok(if problems.iter().all(Vec::is_empty) { Answer::Yes } else { Answer::Trouble })
}

fn document(model: &Model, problems: &[Vec<Problem>]) -> Value {
    let metric = |(metric, problems): (CheckedMetric<'_>, &Vec<Problem>)| {
        json!({
            "id": metric.id,
            "readable_id": metric.readable_id,
            "name": metric.name,
            "type": metric.type_name,
            "parameters": metric.parameters,
            "inputs": metric.inputs,
            "errors": problems.iter().map(error).collect::<Vec<_>>(),
            "warnings": metric.warnings.iter().map(warning).collect::<Vec<_>>(),
        })
    };
    json!({
        "schema": 1,
        "model": { "name": model.name() },
        "unit": model.unit().map(tailcast::units::Unit::symbol),
        "metrics": model.check_report().into_iter().zip(problems).map(metric).collect::<Vec<_>>(),
        "warnings": model.warnings().iter().map(warning).collect::<Vec<_>>(),
    })
}

fn error(problem: &Problem) -> Value {
    json!({
        "kind": problem.kind.name(),
        "code": problem.code,
        "message": problem.message,
        "help": problem.help,
        "span": problem.span.map(|span| [span.start, span.end]),
    })
}

fn warning(warning: &Warning) -> Value {
    json!({ "code": warning.code, "message": warning.message, "help": warning.help })
}

fn text(model: &Model, problems: &[Vec<Problem>], file: &str) -> String {
    let mut text = String::new();
    for (metric, problems) in model.metrics().iter().zip(problems) {
        let (name, readable_id) = (metric.name.as_str(), metric.readable_id.as_str());
        let place = Place { file: Some(file), metric: name, readable_id, source: &metric.source };
        for problem in problems {
            text += &problem_text::render(problem, &place, terminal::width(), terminal::color_on_stdout());
        }
        for warning in &metric.warnings {
            push_warning(&mut text, warning, &format!("{}: ", metric.label()));
        }
    }
    for warning in model.warnings() {
        push_warning(&mut text, warning, "");
    }
    let count: usize = problems.iter().map(Vec::len).sum();
    let metrics = match model.metrics().len() {
        1 => "1 metric".to_owned(),
        metrics => format!("{metrics} metrics"),
    };
    let found = match count {
        0 => "no problem".to_owned(),
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    };
    let _ = writeln!(text, "{file}: {metrics}, {found}");
    text
}

fn push_warning(text: &mut String, warning: &Warning, place: &str) {
    let _ = writeln!(text, "warning: {place}{}", warning.message);
    if let Some(help) = &warning.help {
        let _ = writeln!(text, "  help: {help}");
    }
}
