//! `--slo`, `--junit` and what verdicts make of the exit status.
//!
//! Status 0 says that every stated target is met. A target that the samples leave undecided is not shown to be met, so
//! it counts as not met unless `--allow-undecided` says otherwise.

use std::path::PathBuf;

use anyhow::{Context, Result};
use tailcast::formula::MetricIndex;
use tailcast::model::{Model, ModelError, Slo};
use tailcast::report::junit::{self, Case};
use tailcast::report::study_slo;
use tailcast::report::whole_file::WholeFile;
use tailcast::study::slo::{SloResult, Verdict, worst};

use super::Answer;

/// Objectives and what to do with their verdicts.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct SloArguments {
    /// Objective besides those of the model, e.g. 'p99(response) <= 200ms' or 'P(response > 1ms) <= 0.1%'; repeatable
    #[arg(long = "slo", value_name = "OBJECTIVE")]
    slos: Vec<String>,
    /// Count an objective that the samples leave undecided as met
    #[arg(long)]
    allow_undecided: bool,
    /// Also write the verdicts as JUnit XML, for CI systems
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl SloArguments {
    /// Objectives of the command line.
    pub(super) fn stated(&self, model: &Model) -> Result<Vec<Slo>> {
        Ok(self.slos.iter().map(|text| Slo::parse(text, model)).collect::<Result<_, ModelError>>()?)
    }

    /// Objectives of the model, then those of the command line.
    pub(super) fn all(&self, model: &Model) -> Result<Vec<Slo>> {
        let stated = self.stated(model)?;
        Ok(model.slos().iter().cloned().chain(stated).collect())
    }

    /// Checks that the verdicts can be written, before any time is spent on samples.
    pub(super) fn prepare(&self) -> Result<()> {
        let Some(path) = &self.junit else { return Ok(()) };
        WholeFile::create(path).map(drop).with_context(|| format!("`{}` cannot be written", path.display()))
    }

    /// Writes the verdicts if asked, and says what they make of the answer.
    pub(super) fn conclude(&self, suite: &str, cases: &[Case]) -> Result<Answer> {
        if let Some(path) = &self.junit {
            WholeFile::write(path, junit::render(suite, cases, self.allow_undecided).as_bytes())
                .with_context(|| format!("`{}` cannot be written", path.display()))?;
        }
        Ok(self.answer(cases.iter().map(|case| case.verdict)))
    }

    /// What verdicts make of the answer.
    pub(super) fn answer(&self, verdicts: impl IntoIterator<Item = Verdict>) -> Answer {
        match worst(verdicts) {
            Verdict::Met => Answer::Yes,
            Verdict::Undecided if self.allow_undecided => Answer::Yes,
            Verdict::Undecided | Verdict::Missed => Answer::No,
        }
    }
}

/// The verdicts of one version as test cases.
pub(super) fn cases(results: &[SloResult], version: Option<&str>, model: &str) -> Vec<Case> {
    let place = version.map_or_else(|| model.to_owned(), |version| format!("{model}.{version}"));
    let case = |result: &SloResult| Case {
        name: result.slo.clone(),
        place: place.clone(),
        verdict: result.verdict,
        message: study_slo::line(result),
    };
    results.iter().map(case).collect()
}

/// Metrics to record, with those that objectives are about.
pub(super) fn with_metrics(metrics: Option<Vec<MetricIndex>>, slos: &[Slo]) -> Option<Vec<MetricIndex>> {
    let mut metrics = metrics?;
    for slo in slos {
        if !metrics.contains(&slo.metric) {
            metrics.push(slo.metric);
        }
    }
    Some(metrics)
}
