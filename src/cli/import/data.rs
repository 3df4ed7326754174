//! Measured data: their figures, and the metrics that they become in a model.

use std::path::Path;

use anyhow::Result;
use tailcast::import::Measurement;
use tailcast::infer::measured::{MeasuredMetric, addition, model};
use tailcast::model::DataReference;
use tailcast::report::json::RunDocument;
use tailcast::report::{Findings, Format, ReportOptions, json, provenance};
use tailcast::sim::Outcome;
use tailcast::units::format_count;

use super::super::measured::{MeasuredArguments, Opened, SourceFormat, outcome};
use super::super::{Answer, run, source, terminal};
use super::{Arguments, model_file};

/// Prints the figures of measured data, and writes a model of them.
pub(super) fn run(arguments: &Arguments, first: Opened) -> Result<Answer> {
    let plot = arguments.plot.prepare()?;
    let measured = &arguments.measured;
    let mut measurements = first.read(&measured.options())?;
    for file in &arguments.files[1..] {
        measurements.extend(measured.read(file)?);
    }
    let name = measured.name.clone().unwrap_or_else(|| arguments.default_name());
    let outcome = outcome(&name, &measurements, arguments.figures.quantiles.as_deref());
    if let Some(output) = &arguments.output {
        let metrics: Vec<MeasuredMetric<'_>> =
            measurements.iter().map(|one| metric(one, &measurements, measured, output)).collect();
        let written = if arguments.add {
            let (text, existing) = model_file::read(output)?;
            let added = addition(&existing, &metrics);
            model_file::add(output, &text, &added.toml)?;
            added
        } else {
            let written = model(&name, &metrics);
            model_file::write(output, &written.toml)?;
            written
        };
        eprintln!("{}: {} written", output.display(), written.keys.join(", "));
    }
    print(arguments, &outcome, &measurements)?;
    if let Some(plot) = plot {
        plot.draw_all(&outcome)?;
    }
    Ok(Answer::Yes)
}

/// The measurement with the reference by which a model beside `output` finds it again.
fn metric<'a>(
    measurement: &'a Measurement,
    all: &[Measurement],
    arguments: &MeasuredArguments,
    output: &Path,
) -> MeasuredMetric<'a> {
    let file = &measurement.provenance.file;
    let same_file = |other: &&Measurement| other.provenance.file == *file;
    let is_only = all.iter().filter(same_file).count() == 1;
    let own_name = match &arguments.name {
        Some(given) => measurement.name.strip_prefix(given).unwrap_or(&measurement.name).trim_start(),
        None => &measurement.name,
    };
    let reference = DataReference {
        file: model_file::relative_to(output, Path::new(file)),
        tag: arguments.tag.clone().or_else(|| (!is_only).then(|| own_name.to_owned())),
        column: arguments.column.clone(),
        unit: arguments.unit.clone(),
        format: match arguments.from {
            Some(SourceFormat::Measured(format)) => Some(format.name().to_owned()),
            _ => None,
        },
        expected_interval_ns: arguments.expected_interval.map(|interval| interval.as_nanos() as f64),
    };
    // Standard input is gone once it is read.
    let reference = Some(reference).filter(|_| is_a_file(file));
    MeasuredMetric { measurement, reference, mixture: None }
}

fn is_a_file(file: &str) -> bool {
    file != source::shown(Path::new("-"))
}

fn print(arguments: &Arguments, outcome: &Outcome, measurements: &[Measurement]) -> Result<()> {
    let figures = &arguments.figures;
    let lines = provenance::lines(measurements);
    match figures.format {
        Format::Json => {
            let mut document = RunDocument::new(outcome, ReportOptions::new(Format::Json).histogram_cells);
            let mut files: Vec<provenance::ProvenanceDocument> = Vec::new();
            for (metric, measurement) in document.metrics.iter_mut().zip(measurements) {
                let provenance = provenance::ProvenanceDocument::from(measurement);
                if !files.contains(&provenance) {
                    files.push(provenance.clone());
                }
                metric.provenance = Some(provenance);
            }
            document.provenance = Some(files);
            let mut bytes = Vec::new();
            json::write_to(&document, true, &mut bytes)?;
            terminal::print(&bytes)?;
        }
        Format::Csv => run::print_with(outcome, Findings::default(), figures, "", arguments.histogram, None, "")?,
        Format::Text | Format::Markdown => {
            let tail = lines.iter().fold(String::from("\n"), |text, line| text + line + "\n");
            run::print_with(
                outcome,
                Findings::default(),
                figures,
                "",
                arguments.histogram,
                Some(heading(measurements)),
                &tail,
            )?;
        }
    }
    Ok(())
}

/// `1,000 values`, or how many distributions there are with how many values together.
fn heading(measurements: &[Measurement]) -> String {
    let values = format_count(measurements.iter().map(|measurement| measurement.count).sum());
    match measurements.len() {
        1 => format!("{values} values, measured"),
        count => format!("{count} distributions with {values} values, measured"),
    }
}
