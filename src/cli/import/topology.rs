//! Architectures and traces: the model inferred, its figures, and how they compare with what was measured.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tailcast::import::{FileData, ImportErrorKind, ImportOptions, Measurement, recording_of};
use tailcast::infer::architecture::{self, ArchitectureOptions, ServiceLatencies};
use tailcast::infer::traces::{self, TraceOptions};
use tailcast::infer::verify::{compare, thin_model};
use tailcast::infer::{Endpoint, InferredModel, Kind, measured};
use tailcast::model::{self, Model, Options};
use tailcast::recorder::Summary;
use tailcast::report::Format;
use tailcast::report::verify::VerifyDocument;
use tailcast::report::warnings::Asked;
use tailcast::sim::{DEFAULT_QUANTILES, MetricOutcome, Outcome, Stop};

use super::super::measured::{Opened, SourceFormat};
use super::super::refusal::Refusal;
use super::super::{Answer, run};
use super::findings::Findings;
use super::{Arguments, model_file};

/// How an architecture or traces become a model.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Architectures and traces")]
pub(super) struct TopologyArguments {
    /// Architecture: service that requests come in at [default: every denominator, or every service nobody depends on]
    #[arg(long, value_name = "SERVICE")]
    root: Option<String>,
    /// Architecture: factor on the number of regions [default: 1]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1000))]
    regions: Option<u32>,
    /// Architecture: percent of the instances [default: 100]
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    population: Option<u32>,
    /// Architecture: folder of measured data, by service name: mysql.csv, or spigo's .guess
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Traces: draw the hops of a request independently, rather than whole requests
    #[arg(long)]
    independent: bool,
    /// Traces: requests kept of each outcome as the model's data [default: 2000]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rows: Option<u32>,
    /// Traces: run the model and compare it with the response times measured
    #[arg(long)]
    verify: bool,
    /// Run the model also when it is written with -o
    #[arg(long)]
    run: bool,
    /// Print the figures of these metrics only, by name; repeatable [default: endpoints and services in text, all otherwise]
    #[arg(short, long = "metric", value_name = "METRIC")]
    metrics: Vec<String>,
}

impl TopologyArguments {
    fn first_given(&self) -> Option<&'static str> {
        self.first_of_architectures().or_else(|| self.first_of_traces()).or_else(|| self.run.then_some("--run"))
    }

    fn first_of_architectures(&self) -> Option<&'static str> {
        let given = [
            ("--root", self.root.is_some()),
            ("--regions", self.regions.is_some()),
            ("--population", self.population.is_some()),
            ("--data", self.data.is_some()),
        ];
        given.into_iter().find_map(|(option, is_given)| is_given.then_some(option))
    }

    fn first_of_traces(&self) -> Option<&'static str> {
        let given = [("--verify", self.verify), ("--independent", self.independent), ("--rows", self.rows.is_some())];
        given.into_iter().find_map(|(option, is_given)| is_given.then_some(option))
    }

    /// Refuses options that do not concern measured data.
    pub(super) fn refuse_for_data(&self, file: &str) -> Result<()> {
        refuse(self.first_given(), "an architecture or traces", "measured data", file)
    }
}

/// Refuses an option that does not fit what the file is.
fn refuse(option: Option<&'static str>, expected: &str, found: &str, file: &str) -> Result<()> {
    let Some(option) = option else { return Ok(()) };
    let message = format!("expected {expected} for `{option}`, found {found} in `{file}`");
    Err(Refusal::new(message, format!("leave out `{option}`")).into())
}

/// Infers a model; writes it, runs it, compares it, as asked.
pub(super) fn run(arguments: &Arguments, opened: Opened) -> Result<Answer> {
    let topology = &arguments.topology;
    let plot = arguments.plot.prepare()?;
    let kind = match arguments.measured.from {
        Some(SourceFormat::Traces(kind)) => Some(kind),
        _ => opened.kind,
    };
    let file = opened.name.clone();
    let inferred = infer(arguments, kind, opened)?;
    let model = model::read(inferred.toml.as_bytes(), None, &FileData, Options::default())
        .context("the model inferred is none; this is a defect of tailcast")?;
    if let Some(output) = &arguments.output {
        model_file::write(output, &inferred.toml)?;
        eprintln!("{}: {} metrics written", output.display(), model.metrics().len());
    }
    let is_run = arguments.output.is_none() || topology.run || topology.verify || plot.is_some();
    let mut outcome = if is_run { simulate(arguments, &model)? } else { not_run(&model) };
    outcome.warnings.splice(0..0, inferred.warnings.iter().cloned());
    let verification = topology.verify.then(|| verified(arguments, &inferred, &outcome));
    let answer = run::answer(&outcome);
    let picture = plot.is_some().then(|| picture(&inferred, &outcome, arguments));
    let left_out = restrict(&mut outcome, arguments, &inferred, &model)?;
    let findings = Findings { file: &file, kind, inferred: &inferred, outcome: &outcome, left_out, verification };
    findings.print(&arguments.figures, arguments.histogram)?;
    if let Some((plot, picture)) = plot.zip(picture) {
        plot.draw_all(&picture)?;
    }
    Ok(answer)
}

fn infer(arguments: &Arguments, kind: Option<Kind>, opened: Opened) -> Result<InferredModel> {
    let topology = &arguments.topology;
    let file = opened.name.clone();
    let refusal = |error: tailcast::infer::InferError| Refusal::of_inference(&file, &error);
    let name = arguments.measured.name.clone();
    if kind.is_some_and(Kind::is_architecture) {
        refuse(topology.first_of_traces(), "traces", "an architecture", &opened.name)?;
        let measurements = topology.data.as_deref().map(read_folder).transpose()?;
        let latencies = measurements.as_deref().map(ServiceLatencies::new).unwrap_or_default();
        let lookup = |service: &str| latencies.get(service);
        let options = ArchitectureOptions {
            name: name.as_deref(),
            root: topology.root.as_deref(),
            regions: topology.regions.unwrap_or(1),
            population: topology.population.unwrap_or(100),
            latency: Some(&lookup),
        };
        let mut bytes = Vec::new();
        let limit = architecture::LEN_MAX as u64 + 1;
        opened.reader.take(limit).read_to_end(&mut bytes).with_context(|| format!("`{file}` cannot be read"))?;
        let mut inferred = architecture::read(&bytes, &options).map_err(refusal)?;
        inferred.warnings.extend(latencies.warnings().iter().cloned());
        return Ok(inferred);
    }
    refuse(topology.first_of_architectures(), "an architecture", "traces", &opened.name)?;
    let defaults = TraceOptions::default();
    let options = TraceOptions {
        name,
        kind,
        independent: topology.independent,
        row_count_max: topology.rows.map_or(defaults.row_count_max, |rows| rows as usize),
        ..defaults
    };
    Ok(traces::read(opened.reader, &options).map_err(refusal)?)
}

/// Every measured distribution in a folder. Files that cannot be read are told of and passed over.
fn read_folder(folder: &Path) -> Result<Vec<Measurement>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("`{}` cannot be read", folder.display()))?;
    let mut paths: Vec<PathBuf> =
        entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(|path| path.is_file()).collect();
    paths.sort();
    let mut measurements = Vec::new();
    for path in paths {
        match tailcast::import::read(&path, &ImportOptions::default()) {
            Ok(read) => measurements.extend(read),
            // Architectures and traces lie beside the data that one run wrote.
            Err(error) if matches!(error.kind, ImportErrorKind::Foreign { .. }) => {}
            Err(error) => eprintln!("warning: {error}"),
        }
    }
    Ok(measurements)
}

fn simulate(arguments: &Arguments, model: &Model) -> Result<Outcome> {
    let options = arguments.sampling.options(arguments.figures.quantiles.as_deref(), None);
    let asked = Asked {
        samples: arguments.sampling.samples.is_some(),
        precision: false,
        quantiles: arguments.figures.quantiles.is_some(),
    };
    run::draw(model, &options, asked)
}

/// The result of no run.
fn not_run(model: &Model) -> Outcome {
    Outcome {
        model_name: model.name().to_owned(),
        scenario: None,
        samples: 0,
        seed: 0,
        unit: model.unit().cloned(),
        stop: Stop::Completed,
        metrics: Vec::new(),
        warnings: model.warnings().to_vec(),
    }
}

/// Keeps the metrics asked for, or in a text those of endpoints and services, endpoints first; how many are left out of
/// a text for that reason.
fn restrict(outcome: &mut Outcome, arguments: &Arguments, inferred: &InferredModel, model: &Model) -> Result<usize> {
    let is_text = matches!(arguments.figures.format, Format::Text | Format::Markdown);
    let wanted: Vec<String> = match run::chosen(model, &arguments.topology.metrics)? {
        Some(chosen) => chosen.iter().map(|index| model.metrics()[index.index()].id.clone()).collect(),
        None if is_text => endpoints_and_services(inferred),
        None => return Ok(0),
    };
    let mut left = std::mem::take(&mut outcome.metrics);
    let before = left.len();
    for id in &wanted {
        if let Some(at) = left.iter().position(|metric| metric.id == *id) {
            outcome.metrics.push(left.remove(at));
        }
    }
    Ok(if arguments.topology.metrics.is_empty() { before - outcome.metrics.len() } else { 0 })
}

/// Keys of endpoints, then of services in the order in which calls name them.
fn endpoints_and_services(inferred: &InferredModel) -> Vec<String> {
    let services = inferred.report.edges.iter().map(|edge| edge.callee.as_str());
    let keys = services.flat_map(|service| measured::keys(&[service]));
    inferred.endpoints.iter().map(|endpoint| endpoint.metric.clone()).chain(keys).collect()
}

/// The endpoints, each beside what was measured of it where that is compared; everything if a metric is asked for.
fn picture(inferred: &InferredModel, outcome: &Outcome, arguments: &Arguments) -> Outcome {
    if arguments.plot.names_a_metric() {
        return outcome.clone();
    }
    let mut metrics = Vec::new();
    for endpoint in &inferred.endpoints {
        let Some(predicted) = outcome.metrics.iter().find(|metric| metric.id == endpoint.metric) else { continue };
        let measured = endpoint.measured.as_ref().filter(|_| arguments.topology.verify);
        let predicted_name =
            if measured.is_some() { format!("{} predicted", endpoint.name) } else { endpoint.name.clone() };
        if let Some(data) = measured {
            let recording = recording_of(data, endpoint.requests);
            let summary = Some(Summary::of(&recording, &[]));
            let name = format!("{} measured", endpoint.name);
            metrics.push(MetricOutcome { name, summary, recording: Some(recording), ..predicted.clone() });
        }
        metrics.push(MetricOutcome { name: predicted_name, ..predicted.clone() });
    }
    Outcome { metrics, ..outcome.clone() }
}

/// Each endpoint that was measured, against what the model predicts.
fn verified(arguments: &Arguments, inferred: &InferredModel, outcome: &Outcome) -> Vec<VerifyDocument> {
    let quantiles = arguments.figures.quantiles.as_deref().unwrap_or(&DEFAULT_QUANTILES);
    let entry = |endpoint: &Endpoint| {
        let is_it = |metric: &&MetricOutcome| metric.id == endpoint.metric;
        let metric = outcome.metrics.iter().find(is_it)?;
        let mut verification = compare(endpoint.measured.as_ref()?, metric.recording.as_ref()?, quantiles);
        let kept = inferred.report.outcomes.iter().filter(|outcome| outcome.endpoint == endpoint.name);
        let kept = kept.map(|outcome| outcome.kept).sum();
        verification.warnings.extend(thin_model(kept, endpoint.requests, quantiles));
        Some(VerifyDocument::new(endpoint, metric, &verification))
    };
    inferred.endpoints.iter().filter_map(entry).collect()
}
