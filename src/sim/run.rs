//! Running models: draw, and put the figures of each metric together with what is wrong with it.

use super::engine::{Collected, Engine, Watch};
use super::error::SimError;
use super::figures::{FigureDrawing, with_figures};
use super::outcome::{MetricOutcome, Outcome, Stop};
use super::plan::{MetricPlan, Plan};
use super::precision::Precision;
use super::recording_collector::RecordingCollector;
use super::sampling_problems::{broken_input, sampling_problems};
use crate::dist::Empirical;
use crate::formula::{Checked, MetricIndex};
use crate::model::{Input, Model};
use crate::recorder::{Moments, Recording, Summary};

/// Seed used unless another is asked for.
pub const DEFAULT_SEED: u64 = 1;

/// Samples drawn unless another number is asked for.
pub const DEFAULT_SAMPLES: u64 = 1_000_000;

/// Quantiles reported unless others are asked for.
pub const DEFAULT_QUANTILES: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];

/// How to run a model.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOptions {
    /// Samples to draw; with `precision`, the most to draw.
    pub samples: u64,
    /// Seed of the random streams.
    pub seed: u64,
    /// Threads; `None` takes one a processor.
    pub threads: Option<usize>,
    /// Quantiles to report, each in `[0, 1]`.
    pub quantiles: Vec<f64>,
    /// Metrics to record; `None` records all.
    pub metrics: Option<Vec<MetricIndex>>,
    /// Stop as soon as a figure is this precise.
    pub precision: Option<Precision>,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            samples: DEFAULT_SAMPLES,
            seed: DEFAULT_SEED,
            threads: None,
            quantiles: DEFAULT_QUANTILES.to_vec(),
            metrics: None,
            precision: None,
        }
    }
}

/// Runs a model.
///
/// # Parameters
/// - `watch`: told of progress with the moments of the recorded outputs; can stop the run.
///
/// # Errors
/// [`SimError`] when the threads cannot be started. What is wrong with single metrics is in their outcomes.
///
/// # Examples
/// ```
/// use tailcast::model::{self, NoData, Options};
/// use tailcast::sim::{NoWatch, RunOptions, run};
/// let model = model::read(b"[metrics]\nsum = '=normal(1, 2) + normal(3, 4)'", None, &NoData, Options::default())?;
/// let outcome = run(&model, &RunOptions { samples: 100_000, ..RunOptions::default() }, &NoWatch)?;
/// let mean = outcome.metrics[0].summary.as_ref().and_then(|summary| summary.mean).expect("a mean");
/// assert!((mean - 4.0).abs() < 0.1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run(model: &Model, options: &RunOptions, watch: &dyn Watch<Vec<Moments>>) -> Result<Outcome, SimError> {
    let mut outcomes = run_versions(&[model], options, watch)?;
    Ok(outcomes.remove(0))
}

/// Runs several versions of a model on the same random numbers; what they have in common is evaluated once.
///
/// # Shape
/// One outcome a version, in order.
///
/// # Errors
/// As [`run`].
pub fn run_versions(
    versions: &[&Model],
    options: &RunOptions,
    watch: &dyn Watch<Vec<Moments>>,
) -> Result<Vec<Outcome>, SimError> {
    run_each(versions, options, watch, |_, outcome| outcome)
}

/// Runs several versions of a model as [`run_versions`] does and makes something of each outcome before the next one is
/// put together, so that recorded distributions need not be kept.
///
/// # Parameters
/// - `finish`: takes the number of the version and its outcome.
///
/// # Errors
/// As [`run`].
pub fn run_each<T>(
    versions: &[&Model],
    options: &RunOptions,
    watch: &dyn Watch<Vec<Moments>>,
    mut finish: impl FnMut(usize, Outcome) -> T,
) -> Result<Vec<T>, SimError> {
    let drawing = FigureDrawing { samples: options.samples, seed: options.seed, threads: options.threads };
    let resolved = with_figures(versions, drawing, watch)?;
    let resolved: Option<Vec<&Model>> = resolved.as_ref().map(|models| models.iter().collect());
    let versions = resolved.as_deref().unwrap_or(versions);
    let plan = Plan::new(versions, options.metrics.as_deref(), false);
    let collector = RecordingCollector::new(&plan.program, &plan.samples);
    let (samples, recordings, stop) = if plan.program.is_constant() {
        // One sample says all, yet Guesstimate makes as many as ever of what only looks random.
        let samples = plan.samples.iter().map(|count| count.of(options.samples)).max().unwrap_or(1);
        let samples = if versions[0].options().compat { samples } else { 1 };
        let collected = Collected { workers: Vec::new(), total: collector.empty(), samples };
        (samples, collector.recordings(collected, None), Stop::Completed)
    } else {
        let engine = Engine::new(&plan.program, options.seed, options.threads)?;
        let (collected, stop) = draw(&engine, &collector, options, watch);
        (collected.samples, collector.recordings(collected, Some(&engine)), stop)
    };
    let drawn = Drawn { recordings: &recordings, samples, seed: options.seed, stop };
    let versions = versions.iter().zip(&plan.versions).enumerate();
    Ok(versions.map(|(at, (model, plans))| finish(at, drawn.outcome(model, plans, &options.quantiles))).collect())
}

/// What was drawn of the versions of a model: enough to put the outcome of each together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drawn<'a> {
    /// Recording of each output.
    pub(crate) recordings: &'a [Recording],
    /// Samples drawn.
    pub(crate) samples: u64,
    /// Seed of the streams.
    pub(crate) seed: u64,
    /// Why drawing stopped.
    pub(crate) stop: Stop,
}

impl Drawn<'_> {
    /// Outcome of the version `model`, whose metrics are what `plans` says.
    pub(crate) fn outcome(&self, model: &Model, plans: &[MetricPlan], quantiles: &[f64]) -> Outcome {
        Outcome {
            model_name: model.name().to_owned(),
            scenario: model.scenario().map(str::to_owned),
            samples: self.samples,
            seed: self.seed,
            unit: model.unit().cloned(),
            stop: self.stop,
            metrics: metric_outcomes(model, plans, self.recordings, quantiles),
            warnings: model.warnings().to_vec(),
        }
    }
}

/// Draws all samples, or round after round until the figures are precise.
fn draw<'p>(
    engine: &Engine<'_>,
    collector: &RecordingCollector<'p>,
    options: &RunOptions,
    watch: &dyn Watch<Vec<Moments>>,
) -> (Collected<RecordingCollector<'p>>, Stop) {
    let mut collected = engine.begin(collector, collector.empty());
    let Some(precision) = &options.precision else {
        collected = engine.extend(collector, collected, options.samples, watch);
        let stop = if collected.samples < options.samples { Stop::Interrupted } else { Stop::Completed };
        return (collected, stop);
    };
    for samples in precision.rounds(options.samples) {
        collected = engine.extend(collector, collected, samples, watch);
        if collected.samples < samples {
            return (collected, Stop::Interrupted);
        }
        let outputs = 0..collector.output_count();
        if precision.is_reached(outputs.map(|output| collector.recording(output, &collected))) {
            return (collected, Stop::PrecisionReached);
        }
    }
    (collected, Stop::SampleLimit)
}

fn metric_outcomes(
    model: &Model,
    plans: &[MetricPlan],
    recordings: &[Recording],
    quantiles: &[f64],
) -> Vec<MetricOutcome> {
    let mut outcomes: Vec<Option<MetricOutcome>> = vec![None; plans.len()];
    let mut failed = vec![false; plans.len()];
    let mut unstable = vec![false; plans.len()];
    for &index in model.order() {
        let metric = &model.metrics()[index.index()];
        let mut outcome = MetricOutcome {
            id: metric.id.clone(),
            readable_id: metric.readable_id.clone(),
            name: metric.name.clone(),
            type_name: metric.input.type_name(),
            unit: metric.unit.clone(),
            source: metric.source.clone(),
            summary: None,
            recording: None,
            problems: metric.problems.clone(),
            warnings: metric.warnings.clone(),
        };
        match &plans[index.index()] {
            MetricPlan::NotRecorded => continue,
            MetricPlan::Empty => {}
            MetricPlan::Broken(problems) => outcome.problems.extend(problems.iter().cloned()),
            MetricPlan::Output(output) => {
                let recording = match &metric.input {
                    Input::Data(Empirical::Values(list)) => &recordings[*output].clone().of_list(list),
                    _ => &recordings[*output],
                };
                // What is no number in measured data is warned of where it is read.
                if !matches!(metric.input, Input::Data(_)) {
                    let queued = metric.formula().is_some_and(Checked::calls_queue)
                        || model.inputs(index).iter().any(|input| unstable[input.index()]);
                    unstable[index.index()] = queued && recording.not_a_number() > 0;
                    outcome.problems.extend(sampling_problems(recording, &metric.source, queued));
                }
                let inputs = model.inputs(index);
                let broken: Vec<MetricIndex> = inputs.iter().copied().filter(|input| failed[input.index()]).collect();
                if model.options().compat && !broken.is_empty() {
                    // Guesstimate computes nothing from a metric of which a single sample failed.
                    outcome.problems = vec![broken_input(model, &broken)];
                }
                if !model.options().compat || outcome.problems.is_empty() {
                    outcome.summary = Some(Summary::of(recording, quantiles));
                    outcome.recording = Some(recording.clone());
                }
            }
        }
        failed[index.index()] = !outcome.problems.is_empty();
        outcomes[index.index()] = Some(outcome);
    }
    outcomes.into_iter().flatten().collect()
}
