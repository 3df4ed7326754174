//! Attribution: who owns the tail of a metric.
//!
//! Four views of the same samples, each with its error:
//!
//! - shares: how much of the metric is each owner's in the samples beyond a quantile, against its share overall;
//! - counterfactuals: the quantile with an input at its median, or without it;
//! - variance: how much of the variance, and of being in the tail, comes from each owner's randomness;
//! - correlation: how inputs and output go together, by rank and by Guesstimate's r².
//!
//! An owner is an input that is no formula, or a formula for what is its own: its constants and the numbers it draws.

mod contribution;
mod ranks;
mod shares;
mod variance;

use contribution::{Decomposition, decompose};
use shares::{Shares, Tail};

use super::error::StudyError;
use super::interval::Estimate;
use super::joint::Drawing;
use super::watch::{Pass, StudyWatch};
use crate::formula::{MetricIndex, Node, Tree};
use crate::model::Model;
use crate::recorder::{QuantileEstimate, Recording};
use crate::sim::{FigureDrawing, Outcome, RunOptions, run_each, run_versions, with_figures};
use crate::units::Unit;

/// Inputs whose counterfactuals are drawn together: four versions of the model each.
const INPUTS_TOGETHER: usize = 16;

/// Who owns the tail of a metric.
#[derive(Debug, Clone)]
pub struct Attribution {
    /// Id of the metric.
    pub metric: String,
    /// Name of the metric.
    pub name: String,
    /// Unit of the metric.
    pub unit: Option<Unit>,
    /// The quantile beyond which the tail lies, and its value.
    pub threshold: QuantileEstimate,
    /// Mean of the metric.
    pub mean: Option<f64>,
    /// Samples in the tail.
    pub tail_samples: u64,
    /// The owners, most tail share first.
    pub owners: Vec<Owner>,
    /// Formulas on the way: what is part of the metric through them. They hold what owners hold, again.
    pub intermediates: Vec<Intermediate>,
    /// The conditionals on the way.
    pub branches: Vec<Branch>,
    /// The run of the whole model that it rests on: figures of the metric and of its inputs.
    pub outcome: Outcome,
}

/// What an owner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerKind {
    /// A metric that is no formula.
    Input,
    /// What is a formula's own: its constants, the numbers that it draws itself, and products of several inputs.
    Own,
}

impl OwnerKind {
    /// Name in documents: `input` or `own`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Own => "own",
        }
    }
}

/// One owner of a part of the metric.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Id of the metric that it is.
    pub id: String,
    /// Name of that metric.
    pub name: String,
    /// What it is.
    pub kind: OwnerKind,
    /// Unit of that metric.
    pub unit: Option<Unit>,
    /// Its part of the metric in the samples beyond the threshold.
    pub tail_share: Option<Estimate>,
    /// Its part of the metric in all samples.
    pub overall_share: Option<Estimate>,
    /// Share of all samples in which it is part of the metric; `None` for what is a formula's own.
    pub used: Option<f64>,
    /// The same of the samples beyond the threshold.
    pub used_in_tail: Option<f64>,
    /// The quantile with the input at its median.
    pub quantile_at_median: Option<f64>,
    /// The quantile with 0 in place of the input.
    pub quantile_removed: Option<f64>,
    /// The quantile with the input at its 5 % quantile and at its 95 % quantile.
    pub quantile_swing: Option<(f64, f64)>,
    /// Sobol index of first order.
    pub first_order: Option<Estimate>,
    /// Total Sobol index.
    pub total: Option<Estimate>,
    /// First-order index of being in the tail.
    pub tail_first_order: Option<Estimate>,
    /// Total index of being in the tail.
    pub tail_total: Option<Estimate>,
    /// Rank correlation with the metric (Spearman).
    pub rank_correlation: Option<Estimate>,
    /// Squared correlation with the metric, Guesstimate's measure of sensitivity, over all samples.
    pub r_squared: Option<f64>,
}

/// A formula on the way.
#[derive(Debug, Clone)]
pub struct Intermediate {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// What is part of the metric through it, in the samples beyond the threshold.
    pub tail_share: Option<Estimate>,
    /// The same in all samples.
    pub overall_share: Option<Estimate>,
}

/// A conditional on the way: shares of samples in which a side is taken, and the metric depends on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// Id of the formula it stands in.
    pub metric: String,
    /// Name of that formula.
    pub name: String,
    /// The condition as written, where it can be told.
    pub condition: Option<String>,
    /// First side, in all samples.
    pub then: f64,
    /// First side, beyond the threshold.
    pub then_in_tail: f64,
    /// Second side, in all samples.
    pub otherwise: f64,
    /// Second side, beyond the threshold.
    pub otherwise_in_tail: f64,
}

/// Finds who owns the tail of a metric.
///
/// # Parameters
/// - `q`: quantile beyond which the tail lies, in (0, 1).
/// - `options`: `quantiles`, `metrics` and `precision` are not used.
///
/// # Errors
/// - [`StudyError::NoSamples`] if the metric cannot be drawn.
/// - [`StudyError::Constant`] if it is the same in every sample.
/// - [`StudyError::Interrupted`] if it is stopped.
/// - [`StudyError::Sim`] when the threads cannot be started.
///
/// # Numerics
/// Shares add up to 1 over the owners. They are exact for sums, differences, constant factors, conditionals, minima and
/// maxima; what several inputs make together in another way counts as the formula's own.
///
/// # Cost
/// Four runs or so of the model, that of the indices with one evaluation an owner of what depends on it.
///
/// # Examples
/// ```
/// use tailcast::model::{self, NoData, Options};
/// use tailcast::sim::RunOptions;
/// use tailcast::study::{NoStudyWatch, attribute::attribute};
/// let toml = b"[metrics]\nfast = '=exponential(1)'\nslow = '=exponential(0.1)'\nall = '=fast + slow'";
/// let model = model::read(toml, None, &NoData, Options::default())?;
/// let options = RunOptions { samples: 50_000, ..RunOptions::default() };
/// let attribution = attribute(&model, model.resolve("all").unwrap(), 0.99, &options, &NoStudyWatch)?;
/// assert_eq!(attribution.owners[0].name, "slow");
/// assert!(attribution.owners[0].tail_share.expect("a share").value > 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn attribute(
    model: &Model,
    metric: MetricIndex,
    q: f64,
    options: &RunOptions,
    watch: &dyn StudyWatch,
) -> Result<Attribution, StudyError> {
    let drawing = FigureDrawing { samples: options.samples, seed: options.seed, threads: options.threads };
    let resolved = with_figures(&[model], drawing, &Pass::new(watch, 0, 6 * options.samples))?;
    let model = resolved.as_ref().and_then(|models| models.first()).unwrap_or(model);
    let name = model.metrics()[metric.index()].name.clone();
    let no_samples = || StudyError::NoSamples { metric: name.clone() };
    let decomposition = decompose(model, metric).ok_or_else(no_samples)?;
    let mut study = Study::new(model, metric, q, options, watch, &decomposition);
    let outcome = study.run()?;
    let id = &model.metrics()[metric.index()].id;
    let output = outcome.metrics.iter().find(|found| found.id == *id).ok_or_else(no_samples)?;
    let (Some(recording), Some(summary)) = (&output.recording, &output.summary) else { return Err(no_samples()) };
    if summary.min.is_some() && summary.min == summary.max {
        return Err(StudyError::Constant { metric: name, value: summary.min.unwrap_or(f64::NAN) });
    }
    let tail = Tail::of(recording, q).ok_or_else(no_samples)?;
    let input_recording = |part: &contribution::Part| {
        let id = &model.metrics()[part.metric.index()].id;
        part.input.and_then(|_| outcome.metrics.iter().find(|found| found.id == *id)?.recording.as_ref())
    };
    let recordings: Vec<Option<&Recording>> = decomposition.parts.iter().map(input_recording).collect();
    let shares = Shares::new(&decomposition, recording, &recordings, tail);
    let sums = study.sums(&shares)?;
    let mut owners = study.owners(&shares, &sums);
    study.add_indices(&mut owners, summary.mean.unwrap_or(0.0), &shares, &sums)?;
    study.add_counterfactuals(&mut owners, &recordings)?;
    let share = |owner: &Owner| owner.tail_share.map_or(f64::NEG_INFINITY, |share| share.value);
    owners.sort_by(|a, b| share(b).total_cmp(&share(a)));
    Ok(Attribution {
        metric: output.id.clone(),
        name: output.name.clone(),
        unit: output.unit.clone(),
        threshold: recording.quantile(q),
        mean: summary.mean,
        tail_samples: shares.tail_samples(&sums),
        owners,
        intermediates: study.intermediates(&shares, &sums),
        branches: study.branches(&shares, &sums),
        outcome,
    })
}

/// One attribution in the making.
struct Study<'a> {
    model: &'a Model,
    metric: MetricIndex,
    q: f64,
    options: RunOptions,
    watch: &'a dyn StudyWatch,
    decomposition: &'a Decomposition,
    passes_done: u64,
    passes: u64,
}

impl<'a> Study<'a> {
    fn new(
        model: &'a Model,
        metric: MetricIndex,
        q: f64,
        options: &RunOptions,
        watch: &'a dyn StudyWatch,
        decomposition: &'a Decomposition,
    ) -> Self {
        let mut metrics = vec![metric];
        metrics.extend(decomposition.parts.iter().filter(|part| part.input.is_some()).map(|part| part.metric));
        let options =
            RunOptions { quantiles: vec![0.5, q], metrics: Some(metrics), precision: None, ..options.clone() };
        let parts = decomposition.parts.len();
        let passes = 2 + variance::passes(parts) + parts.div_ceil(INPUTS_TOGETHER) as u64;
        Self { model, metric, q, options, watch, decomposition, passes_done: 0, passes }
    }

    fn next_pass(&mut self) -> Pass<'a> {
        let samples = self.options.samples;
        let pass = Pass::new(self.watch, self.passes_done * samples, self.passes * samples);
        self.passes_done += 1;
        pass
    }

    fn drawing(&self) -> Drawing {
        Drawing { samples: self.options.samples, seed: self.options.seed, threads: self.options.threads }
    }

    fn not_stopped(&self) -> Result<(), StudyError> {
        if self.watch.stop() { Err(StudyError::Interrupted) } else { Ok(()) }
    }

    fn run(&mut self) -> Result<Outcome, StudyError> {
        let pass = self.next_pass();
        let mut outcomes = run_versions(&[self.model], &self.options, &pass)?;
        self.not_stopped()?;
        Ok(outcomes.remove(0))
    }

    fn sums(&mut self, shares: &Shares) -> Result<Vec<f64>, StudyError> {
        let pass = self.next_pass();
        let (sums, _) = self.drawing().sums(&shares.program, shares, &pass)?;
        self.not_stopped()?;
        Ok(sums)
    }

    fn owners(&self, shares: &Shares, sums: &[f64]) -> Vec<Owner> {
        let owner = |(at, part): (usize, &contribution::Part)| {
            let metric = &self.model.metrics()[part.metric.index()];
            let share = shares.share(sums, at);
            let input = shares.input(sums, at);
            Owner {
                id: metric.id.clone(),
                name: metric.name.clone(),
                kind: if part.input.is_some() { OwnerKind::Input } else { OwnerKind::Own },
                unit: metric.unit.clone(),
                tail_share: share.tail,
                overall_share: share.overall,
                used: input.as_ref().map(|input| input.used),
                used_in_tail: input.as_ref().map(|input| input.used_in_tail),
                quantile_at_median: None,
                quantile_removed: None,
                quantile_swing: None,
                first_order: None,
                total: None,
                tail_first_order: None,
                tail_total: None,
                rank_correlation: input.as_ref().and_then(|input| input.rank_correlation),
                r_squared: input.and_then(|input| input.r_squared),
            }
        };
        self.decomposition.parts.iter().enumerate().map(owner).collect()
    }

    fn add_indices(
        &mut self,
        owners: &mut [Owner],
        mean: f64,
        shares: &Shares,
        sums: &[f64],
    ) -> Result<(), StudyError> {
        let (tail_from, tail_share) =
            (shares.tail.from, shares.tail_samples(sums) as f64 / shares.samples(sums) as f64);
        let target = variance::Target { metric: self.metric, mean, tail_from, tail_share };
        let parts = self.decomposition.parts.iter().enumerate();
        let (places, metrics): (Vec<usize>, Vec<MetricIndex>) =
            parts.filter(|(_, part)| part.input.is_some() || part.draws).map(|(at, part)| (at, part.metric)).unzip();
        let (model, drawing) = (self.model, self.drawing());
        let indices = variance::indices(model, target, &metrics, drawing, &mut || self.next_pass())?;
        self.not_stopped()?;
        for (at, indices) in places.into_iter().zip(indices) {
            [owners[at].first_order, owners[at].total] = indices.output;
            [owners[at].tail_first_order, owners[at].tail_total] = indices.tail;
        }
        Ok(())
    }

    /// The quantile with each input at its median and without it, on the same draws of all else.
    fn add_counterfactuals(
        &mut self,
        owners: &mut [Owner],
        recordings: &[Option<&Recording>],
    ) -> Result<(), StudyError> {
        let values = recordings.iter().enumerate().filter_map(|(at, recording)| {
            let recording = recording.as_ref()?;
            let [median, low, high] = [0.5, 0.05, 0.95].map(|q| recording.quantile(q).value);
            Some((at, [median?, 0.0, low?, high?]))
        });
        let inputs: Vec<(usize, [f64; 4])> = values.collect();
        let options = RunOptions { metrics: Some(vec![self.metric]), quantiles: vec![self.q], ..self.options.clone() };
        for chunk in inputs.chunks(INPUTS_TOGETHER) {
            let versions_of = |(at, values): &(usize, [f64; 4])| {
                let metric = self.decomposition.parts[*at].metric;
                values.map(|value| self.model.with_values(&[(metric, value)]))
            };
            let models: Vec<Model> = chunk.iter().flat_map(versions_of).collect();
            let versions: Vec<&Model> = models.iter().collect();
            let pass = self.next_pass();
            let id = &self.model.metrics()[self.metric.index()].id;
            let quantiles = run_each(&versions, &options, &pass, |_, outcome| {
                let metric = outcome.metrics.iter().find(|metric| metric.id == *id)?;
                metric.summary.as_ref()?.quantiles.first()?.value
            })?;
            for ((at, _), found) in chunk.iter().zip(quantiles.chunks_exact(4)) {
                let owner = &mut owners[*at];
                (owner.quantile_at_median, owner.quantile_removed) = (found[0], found[1]);
                owner.quantile_swing = found[2].zip(found[3]);
            }
        }
        self.not_stopped()
    }

    fn intermediates(&self, shares: &Shares, sums: &[f64]) -> Vec<Intermediate> {
        let parts = self.decomposition.parts.len();
        let intermediate = |(at, (metric, _)): (usize, &(MetricIndex, _))| {
            let metric = &self.model.metrics()[metric.index()];
            let share = shares.share(sums, parts + at);
            Intermediate {
                id: metric.id.clone(),
                name: metric.name.clone(),
                tail_share: share.tail,
                overall_share: share.overall,
            }
        };
        self.decomposition.intermediates.iter().enumerate().map(intermediate).collect()
    }

    fn branches(&self, shares: &Shares, sums: &[f64]) -> Vec<Branch> {
        let forks = &self.decomposition.branches;
        let branch = |(at, fork): (usize, &contribution::Fork)| {
            let metric = &self.model.metrics()[fork.metric.index()];
            // Conditionals are compiled in the order in which they are evaluated.
            let conditions = metric.formula().map_or_else(Vec::new, |checked| conditions(&checked.tree));
            let of_metric = |fork_metric: MetricIndex| fork_metric == fork.metric;
            let count = forks.iter().filter(|other| of_metric(other.metric)).count();
            let place = forks[..at].iter().filter(|other| of_metric(other.metric)).count();
            let span = conditions.get(place).filter(|_| conditions.len() == count);
            let [then, otherwise] = shares.branch(sums, at);
            Branch {
                metric: metric.id.clone(),
                name: metric.name.clone(),
                condition: span
                    .and_then(|span| metric.source.get(span.start..span.end))
                    .map(|text| text.trim().to_owned()),
                then: then.0,
                then_in_tail: then.1,
                otherwise: otherwise.0,
                otherwise_in_tail: otherwise.1,
            }
        };
        forks.iter().enumerate().map(branch).collect()
    }
}

/// Places of the conditions of a formula, inner ones first.
fn conditions(tree: &Tree) -> Vec<crate::span::Span> {
    let mut found = Vec::new();
    tree.for_each_child(|child| found.extend(conditions(child)));
    if let Node::Conditional(condition, ..) = &tree.node {
        found.push(condition.span);
    }
    found
}
