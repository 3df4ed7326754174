//! Reports: what a run found, as text for people, JSON, CSV, Markdown, or a text histogram.
//!
//! A report reads an [`Outcome`] and writes bytes; it computes no figure of its own beyond merging the cells of a
//! recorded distribution, and it never draws a sample. The same outcome and options give the same bytes. Warnings are
//! values: [`warnings::attach`] puts them into the outcome, and every format shows what the outcome holds.

pub mod cells;
mod columns;
pub mod correlation;
pub mod csv;
pub mod histogram_text;
pub mod inferred;
pub mod json;
pub mod json_read;
pub mod junit;
pub mod markdown;
pub mod options;
pub mod peaks;
pub mod problem_text;
pub mod provenance;
pub mod samples;
pub mod study;
pub mod study_attribute;
pub mod study_compare;
pub mod study_slo;
pub mod study_solve;
pub mod study_sweep;
mod table;
pub mod text;
pub mod verify;
pub mod warnings;
pub mod whole_file;

use std::io;

use crate::sim::Outcome;
use crate::study::correlation::RankCorrelation;
use crate::study::slo::SloResult;
use correlation::CorrelationDocument;
use study_slo::SloDocument;

pub use options::{Format, ReportOptions, UnknownFormat};

/// Writes the report of `outcome` in the format that `options` name.
///
/// # Errors
/// What `out` returns.
///
/// # Examples
/// ```
/// use tailcast::report::{Format, ReportOptions, write};
/// use tailcast::sim::{Outcome, Stop};
/// let outcome = Outcome {
///     model_name: "lamp".into(), scenario: None, samples: 1, seed: 7, unit: None, stop: Stop::Completed,
///     metrics: vec![], warnings: vec![],
/// };
/// let mut text = Vec::new();
/// write(&outcome, &ReportOptions::new(Format::Csv), &mut text)?;
/// assert!(text.starts_with(b"id,readable_id,name,type,unit,samples"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write(outcome: &Outcome, options: &ReportOptions, out: &mut dyn io::Write) -> io::Result<()> {
    write_with(outcome, Findings::default(), options, out)
}

/// What a report says besides the figures of the metrics.
#[derive(Debug, Clone, Copy, Default)]
pub struct Findings<'a> {
    /// What the samples say about objectives.
    pub slos: &'a [SloResult],
    /// Declared rank correlations, and those that the samples have.
    pub correlations: &'a [RankCorrelation],
}

impl Findings<'_> {
    fn sections(self) -> Vec<study::Section> {
        study_slo::section(&[("", self.slos)]).into_iter().chain(correlation::section(self.correlations)).collect()
    }
}

/// Writes the report of `outcome` as [`write()`] does, and with it what else was found; CSV has the figures alone.
///
/// # Errors
/// What `out` returns.
pub fn write_with(
    outcome: &Outcome,
    findings: Findings<'_>,
    options: &ReportOptions,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match options.format {
        Format::Text => {
            out.write_all(text::render(outcome, options).as_bytes())?;
            let rest = study::text(&findings.sections(), options.width);
            if rest.is_empty() { Ok(()) } else { write!(out, "\n{rest}") }
        }
        Format::Json => {
            let mut document = json::RunDocument::new(outcome, options.histogram_cells);
            document.slos = findings.slos.iter().map(SloDocument::from).collect();
            document.correlations = findings.correlations.iter().map(CorrelationDocument::from).collect();
            json::write_to(&document, options.pretty, out)
        }
        Format::Csv => csv::write_to(outcome, options, out),
        Format::Markdown => {
            out.write_all(markdown::render(outcome, options).as_bytes())?;
            let rest = study::markdown(&findings.sections());
            if rest.is_empty() { Ok(()) } else { write!(out, "\n{rest}") }
        }
    }
}
