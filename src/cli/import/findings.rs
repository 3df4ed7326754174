//! What was found in an architecture or in traces, printed: figures, tables of calls and branches, the comparison.

use anyhow::Result;
use tailcast::infer::{InferredModel, Kind};
use tailcast::report::inferred::InferredDocument;
use tailcast::report::json::RunDocument;
use tailcast::report::provenance::ProvenanceDocument;
use tailcast::report::verify::{self, VerifyDocument};
use tailcast::report::{Findings as Besides, Format, ReportOptions, json};
use tailcast::sim::Outcome;
use tailcast::units::Unit;

use super::super::arguments::FigureArguments;
use super::super::{run, terminal};

/// All that is known at the end.
pub(super) struct Findings<'a> {
    /// File read.
    pub(super) file: &'a str,
    /// What it was read as.
    pub(super) kind: Option<Kind>,
    /// What was inferred.
    pub(super) inferred: &'a InferredModel,
    /// The figures to show.
    pub(super) outcome: &'a Outcome,
    /// Metrics that are not shown because nobody asked.
    pub(super) left_out: usize,
    /// Endpoints against what was measured, where that was asked for.
    pub(super) verification: Option<Vec<VerifyDocument>>,
}

impl Findings<'_> {
    /// How many metrics are not shown, and how to see them.
    fn rest(&self) -> String {
        match self.left_out {
            0 => String::new(),
            1 => "\n1 more metric is a part of these; `--metric NAME` or `--format json` shows it\n".to_owned(),
            more => {
                format!("\n{more} more metrics are parts of these; `--metric NAME` or `--format json` shows them\n")
            }
        }
    }

    fn provenance(&self) -> ProvenanceDocument {
        let report = &self.inferred.report;
        let is_trace = report.spans > 0;
        ProvenanceDocument {
            file: self.file.to_owned(),
            format: self.kind.map_or("unknown", Kind::slug).to_owned(),
            spans: is_trace.then_some(report.spans),
            requests: is_trace.then_some(report.requests),
            answered: is_trace.then_some(report.answered),
            ..ProvenanceDocument::default()
        }
    }

    /// Prints them.
    pub(super) fn print(&self, figures: &FigureArguments, histogram: bool) -> Result<()> {
        let (outcome, unit) = (self.outcome, self.inferred.unit);
        let document = InferredDocument::from(self.inferred);
        let entries = self.verification.as_deref().unwrap_or_default();
        let time = Unit::Time(unit);
        let tail = match figures.format {
            Format::Json => {
                let mut run = RunDocument::new(outcome, ReportOptions::new(Format::Json).histogram_cells);
                run.provenance = Some(vec![self.provenance()]);
                run.inferred = Some(document);
                run.verify = self.verification.clone();
                let mut bytes = Vec::new();
                json::write_to(&run, true, &mut bytes)?;
                return Ok(terminal::print(&bytes)?);
            }
            // One table a file: that of the comparison, where it is asked for.
            Format::Csv if self.verification.is_some() => {
                let mut bytes = Vec::new();
                verify::csv_to(entries, &mut bytes)?;
                return Ok(terminal::print(&bytes)?);
            }
            Format::Csv => String::new(),
            Format::Text => self.rest() + &document.text(unit) + &verify::text(entries, Some(&time)),
            Format::Markdown => self.rest() + &document.markdown(unit) + &verify::markdown(entries, Some(&time)),
        };
        let heading = (outcome.metrics.is_empty()).then(|| "not run; the model is written".to_owned());
        run::print_with(outcome, Besides::default(), figures, "", histogram, heading, &tail)
    }
}
