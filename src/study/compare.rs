//! Versions of a model side by side, and their differences with their errors.
//!
//! All versions are drawn on common random numbers, so that what they share cancels in the difference. Results that were
//! drawn apart (two model files, two saved results) are compared as independent ones.

use std::collections::BTreeMap;

use super::density::sparsity;
use super::error::StudyError;
use super::interval::{Change, Estimate, Z_975};
use super::joint::{BlockSums, Drawing, JointCollector, held, is_kept};
use super::version::Version;
use super::watch::{Pass, StudyWatch};
use crate::formula::MetricIndex;
use crate::model::Model;
use crate::program::{Evaluator, SampleCount};
use crate::recorder::{Recording, Summary};
use crate::sim::{
    BlockPlace, Collected, Drawn, Engine, FigureDrawing, MetricOutcome, MetricPlan, Outcome, Plan, RecordingCollector,
    RunOptions, SHARD_LEN, Stop, with_figures,
};
use crate::units::{TimeUnit, Unit};

/// Samples of the pilot that finds about where the quantiles are.
const PILOT_SAMPLES: u64 = 4 * SHARD_LEN;

/// Most outputs that one program holds.
const OUTPUTS_MAX: usize = 512;

/// Versions side by side.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The versions, in the order given; the first is what the others are compared with.
    pub scenarios: Vec<ScenarioOutcome>,
    /// Differences of each further version from the first, metric by metric.
    pub differences: Vec<Difference>,
    /// Whether the versions were drawn on common random numbers.
    pub paired: bool,
}

/// One version and its outcome.
#[derive(Debug, Clone)]
pub struct ScenarioOutcome {
    /// Name.
    pub name: String,
    /// Outcome.
    pub outcome: Outcome,
}

/// How one metric changes from the first version to another.
#[derive(Debug, Clone)]
pub struct Difference {
    /// Id of the metric.
    pub metric: String,
    /// Name of the metric.
    pub name: String,
    /// Unit of the changes: that of the metric in the first version.
    pub unit: Option<Unit>,
    /// Name of the first version.
    pub from: String,
    /// Name of the other version.
    pub to: String,
    /// Whether the change comes from the same random numbers.
    pub paired: bool,
    /// Change of the mean; `None` if either has none.
    pub mean: Option<Change>,
    /// Mean in the first version, for changes in percent.
    pub mean_from: Option<f64>,
    /// Changes of the quantiles that both have.
    pub quantiles: Vec<QuantileChange>,
}

/// Change of one quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileChange {
    /// The quantile, in `[0, 1]`.
    pub q: f64,
    /// Its value in the first version.
    pub from: f64,
    /// Change.
    pub change: Change,
}

/// Draws versions of one model on common random numbers and compares each with the first.
///
/// The interval of a change of the mean is that of the mean of the sample-by-sample difference. That of a change of a
/// quantile is from the joint distribution of the two indicators `X <= quantile`:
///
/// `var(qb - qa) = p (1 - p) (sa^2 + sb^2 - 2 r sa sb) / n`,
///
/// with the sparsities `sa`, `sb` and the correlation `r` of the indicators, counted at the quantiles of a pilot. It is
/// widened by what the recorded cells hide: half their width where a cell may hold one value. Where a filter takes samples of either
/// version, the two are treated as independent.
///
/// # Parameters
/// - `versions`: of one model, at least two.
/// - `options`: `precision` is not used.
///
/// # Errors
/// - [`StudyError::OneVersion`] for fewer than two versions.
/// - [`StudyError::Sim`] when the threads cannot be started.
///
/// # Cost
/// One run of what differs between the versions, and one of what they share; a column of 1024 numbers a thread for each
/// output, at most 512 at a time.
///
/// # Source
/// Bahadur (1966), "A note on quantiles in large samples", Annals of Mathematical Statistics 37,
/// doi:10.1214/aoms/1177699450, for the linear form that the variance is taken of.
///
/// # Examples
/// ```
/// use tailcast::model::{self, NoData, Options};
/// use tailcast::sim::RunOptions;
/// use tailcast::study::{NoStudyWatch, compare::compare, scenario_version};
/// let model = model::read(b"[metrics]\ncpu = '=exponential(10)'\nnet = 1\nall = '=cpu + net'", None, &NoData, Options::default())?;
/// let versions = [scenario_version(&model, "near:net=1")?, scenario_version(&model, "far:net=3")?];
/// let options = RunOptions { samples: 20_000, ..RunOptions::default() };
/// let comparison = compare(&versions, &options, &NoStudyWatch)?;
/// let change = comparison.differences.iter().find(|difference| difference.name == "all").and_then(|d| d.mean);
/// assert!((change.expect("a change").change - 2.0).abs() < 1e-9); // the exponential part cancels
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare(versions: &[Version], options: &RunOptions, watch: &dyn StudyWatch) -> Result<Comparison, StudyError> {
    if versions.len() < 2 {
        return Err(StudyError::OneVersion);
    }
    let resolved = resolved(versions, options, watch)?;
    let versions = resolved.as_deref().unwrap_or(versions);
    let metrics: Vec<MetricIndex> = match &options.metrics {
        Some(metrics) => metrics.clone(),
        None => (0..versions[0].model.metrics().len() as u32).map(MetricIndex).collect(),
    };
    let chunks: Vec<&[MetricIndex]> = metrics.chunks((OUTPUTS_MAX / versions.len()).max(1)).collect();
    let mut comparison: Option<Comparison> = None;
    for (at, chunk) in chunks.iter().enumerate() {
        let before = at as u64 * options.samples;
        let pass = Pass::new(watch, before, chunks.len() as u64 * options.samples);
        let part = compare_metrics(versions, chunk, options, &pass)?;
        comparison = Some(match comparison {
            None => part,
            Some(whole) => joined(whole, part),
        });
        if pass.stopped() {
            break;
        }
    }
    Ok(comparison.unwrap_or(Comparison { scenarios: Vec::new(), differences: Vec::new(), paired: true }))
}

/// The versions with the figures that their formulas ask for; `None` if they ask for none.
fn resolved(
    versions: &[Version],
    options: &RunOptions,
    watch: &dyn StudyWatch,
) -> Result<Option<Vec<Version>>, StudyError> {
    let models: Vec<&Model> = versions.iter().map(|version| &version.model).collect();
    let drawing = FigureDrawing { samples: options.samples, seed: options.seed, threads: options.threads };
    let models = with_figures(&models, drawing, &Pass::new(watch, 0, 2 * options.samples))?;
    let named = |models: Vec<Model>| {
        let versions = versions.iter().zip(models);
        versions.map(|(version, model)| Version { name: version.name.clone(), model }).collect()
    };
    Ok(models.map(named))
}

/// Comparison with the metrics of both; metrics that fail are in each part, and stay once.
fn joined(mut whole: Comparison, part: Comparison) -> Comparison {
    for (scenario, more) in whole.scenarios.iter_mut().zip(part.scenarios) {
        let known: Vec<String> = scenario.outcome.metrics.iter().map(|metric| metric.id.clone()).collect();
        let new = more.outcome.metrics.into_iter().filter(|metric| !known.contains(&metric.id));
        scenario.outcome.metrics.extend(new);
        scenario.outcome.stop = more.outcome.stop;
    }
    whole.differences.extend(part.differences);
    whole
}

fn compare_metrics(
    versions: &[Version],
    metrics: &[MetricIndex],
    options: &RunOptions,
    pass: &Pass<'_>,
) -> Result<Comparison, StudyError> {
    let models: Vec<&Model> = versions.iter().map(|version| &version.model).collect();
    let plan = Plan::new(&models, Some(metrics), true);
    let collector = RecordingCollector::new(&plan.program, &plan.samples);
    let mut pairs = Pairs::of(&plan);
    let (recordings, sums, samples, stop) = if plan.program.is_constant() {
        let collected = Collected { workers: Vec::new(), total: collector.empty(), samples: 1 };
        let recordings = (0..plan.samples.len()).map(|output| collector.recording(output, &collected)).collect();
        (recordings, vec![0.0; pairs.len()], 1, Stop::Completed)
    } else {
        pairs.find_thresholds(&plan, options)?;
        let joint = JointCollector { recording: Some(collector), sums: &pairs };
        let drawing = Drawing { samples: options.samples, seed: options.seed, threads: options.threads };
        let collected = drawing.pass(&plan.program, &joint, pass)?;
        let recorder = RecordingCollector::new(&plan.program, &plan.samples);
        let recording =
            |output| recorder.recording_of(output, &collected.workers, &collected.total.moments, collected.samples);
        let stop = if collected.samples < options.samples { Stop::Interrupted } else { Stop::Completed };
        ((0..plan.samples.len()).map(recording).collect(), collected.total.sums, collected.samples, stop)
    };
    let recordings: Vec<Recording> = recordings;
    let drawn = Drawn { recordings: &recordings, samples, seed: options.seed, stop };
    let outcome = |(version, plans): (&Version, &Vec<MetricPlan>)| ScenarioOutcome {
        name: version.name.clone(),
        outcome: drawn.outcome(&version.model, plans, &options.quantiles),
    };
    let scenarios: Vec<ScenarioOutcome> = versions.iter().zip(&plan.versions).map(outcome).collect();
    let joint = Joint { pairs: &pairs, sums: &sums, recordings: &recordings, samples };
    let mut differences = Vec::new();
    for &metric in metrics {
        for (version, plans) in scenarios.iter().zip(&plan.versions).skip(1) {
            let plans = (&plan.versions[0][metric.index()], &plans[metric.index()]);
            let id = &versions[0].model.metrics()[metric.index()].id;
            differences.extend(joint.difference(id, plans, &scenarios[0], version));
        }
    }
    Ok(Comparison { scenarios, differences, paired: true })
}

/// Pairs of outputs whose difference is wanted.
#[derive(Debug)]
struct Pairs {
    pairs: Vec<Pair>,
    /// Place of each pair, by its outputs.
    known: BTreeMap<(usize, usize), usize>,
    quantiles: usize,
}

#[derive(Debug)]
struct Pair {
    outputs: (usize, usize),
    /// What the difference is about, so that its squares do not cancel.
    centre: f64,
    /// For each quantile about where it is in either output.
    thresholds: Vec<(f64, f64)>,
}

/// Places of a pair's sums: samples with a rank in both, samples finite in both, the difference and its square. Three
/// counts for each quantile follow: first at most its threshold, second at most its own, both.
const RANKED: usize = 0;
const FINITE: usize = 1;
const SUM: usize = 2;
const SQUARES: usize = 3;
const COUNTS: usize = 4;

impl Pairs {
    /// Pairs of the first version's outputs with those of the others that differ.
    fn of(plan: &Plan) -> Self {
        let (mut pairs, mut known) = (Vec::new(), BTreeMap::new());
        for version in &plan.versions[1..] {
            for (first, other) in plan.versions[0].iter().zip(version) {
                if let (MetricPlan::Output(a), MetricPlan::Output(b)) = (first, other)
                    && a != b
                    && [a, b].iter().all(|output| plan.samples[**output] == SampleCount::All)
                {
                    known.entry((*a, *b)).or_insert_with(|| {
                        pairs.push(Pair { outputs: (*a, *b), centre: 0.0, thresholds: Vec::new() });
                        pairs.len() - 1
                    });
                }
            }
        }
        Self { pairs, known, quantiles: 0 }
    }

    /// Draws a few samples to find about where means and quantiles are.
    fn find_thresholds(&mut self, plan: &Plan, options: &RunOptions) -> Result<(), StudyError> {
        let collector = RecordingCollector::new(&plan.program, &plan.samples);
        let engine = Engine::new(&plan.program, options.seed, options.threads)?;
        let begin = engine.begin(&collector, collector.empty());
        let pilot = engine.extend(&collector, begin, options.samples.min(PILOT_SAMPLES), &crate::sim::NoWatch);
        self.quantiles = options.quantiles.len();
        for pair in &mut self.pairs {
            let (a, b) = (collector.recording(pair.outputs.0, &pilot), collector.recording(pair.outputs.1, &pilot));
            let mean = |recording: &Recording| recording.moments().mean().unwrap_or(0.0);
            pair.centre = mean(&b) - mean(&a);
            let at = |recording: &Recording, q: f64| recording.quantile(q).value.unwrap_or(f64::NAN);
            pair.thresholds = options.quantiles.iter().map(|&q| (at(&a, q), at(&b, q))).collect();
        }
        Ok(())
    }

    const fn stride(&self) -> usize {
        COUNTS + 3 * self.quantiles
    }
}

impl BlockSums for Pairs {
    fn len(&self) -> usize {
        self.stride() * self.pairs.len()
    }

    fn add(&self, evaluator: &Evaluator<'_>, place: BlockPlace, sums: &mut [f64]) {
        for (pair, sums) in self.pairs.iter().zip(sums.chunks_exact_mut(self.stride())) {
            let (a, b) = (held(evaluator, pair.outputs.0), held(evaluator, pair.outputs.1));
            for lane in 0..place.len {
                let (x, y) = (a.value.at(lane), b.value.at(lane));
                if !is_kept(&a, lane) || !is_kept(&b, lane) || x.is_nan() || y.is_nan() {
                    continue;
                }
                sums[RANKED] += 1.0;
                let difference = y - x - pair.centre;
                if difference.is_finite() {
                    sums[FINITE] += 1.0;
                    sums[SUM] += difference;
                    sums[SQUARES] += difference * difference;
                }
                for (counts, threshold) in sums[COUNTS..].chunks_exact_mut(3).zip(&pair.thresholds) {
                    let (first, second) = (x <= threshold.0, y <= threshold.1);
                    counts[0] += f64::from(u8::from(first));
                    counts[1] += f64::from(u8::from(second));
                    counts[2] += f64::from(u8::from(first && second));
                }
            }
        }
    }
}

/// What the versions did together.
struct Joint<'a> {
    pairs: &'a Pairs,
    sums: &'a [f64],
    recordings: &'a [Recording],
    samples: u64,
}

impl Joint<'_> {
    fn difference(
        &self,
        id: &str,
        plans: (&MetricPlan, &MetricPlan),
        from: &ScenarioOutcome,
        to: &ScenarioOutcome,
    ) -> Option<Difference> {
        let (MetricPlan::Output(a), MetricPlan::Output(b)) = plans else { return None };
        let find = |scenario: &'_ ScenarioOutcome| scenario.outcome.metrics.iter().position(|metric| metric.id == id);
        let (first, second) = (&from.outcome.metrics[find(from)?], &to.outcome.metrics[find(to)?]);
        let (before, after) = (first.summary.as_ref()?, second.summary.as_ref()?);
        let sums = self.pairs.known.get(&(*a, *b)).map(|&at| {
            let stride = self.pairs.stride();
            &self.sums[at * stride..(at + 1) * stride]
        });
        let paired = a == b || sums.is_some_and(|sums| sums[RANKED] == self.samples as f64);
        let sums = sums.filter(|_| paired);
        let mean = before.mean.zip(after.mean).map(|(from, to)| match sums {
            _ if a == b => Change::NONE,
            Some(sums) if sums[FINITE] == self.samples as f64 => Change::symmetric(to - from, mean_half(sums)),
            _ => Change::symmetric(to - from, independent_half(before, after)),
        });
        let quantiles = before.quantiles.iter().zip(&after.quantiles).enumerate().filter_map(|(at, (from, to))| {
            let (value, other) = (from.value?, to.value?);
            if !(other - value).is_finite() {
                return None;
            }
            let change = if a == b {
                Change::NONE
            } else {
                let correlation = sums.map_or(0.0, |sums| correlation(&sums[COUNTS + 3 * at..], sums[RANKED]));
                let half = quantile_half((&self.recordings[*a], &self.recordings[*b]), from.q, correlation);
                Change::symmetric(other - value, half)
            };
            Some(QuantileChange { q: from.q, from: value, change })
        });
        Some(Difference {
            metric: first.id.clone(),
            name: first.name.clone(),
            unit: first.unit.clone(),
            from: from.name.clone(),
            to: to.name.clone(),
            paired,
            mean,
            mean_from: before.mean,
            quantiles: quantiles.collect(),
        })
    }
}

/// Half the width of the interval of a mean of differences.
fn mean_half(sums: &[f64]) -> Option<f64> {
    let n = sums[FINITE];
    let squares = (sums[SQUARES] - sums[SUM] * sums[SUM] / n).max(0.0);
    (n > 1.0).then(|| Z_975 * (squares / (n - 1.0) / n).sqrt())
}

fn independent_half(before: &Summary, after: &Summary) -> Option<f64> {
    let errors = before.mean_standard_error.zip(after.mean_standard_error);
    errors.map(|(from, to)| Z_975 * from.hypot(to))
}

/// Correlation of two indicators from the counts of each and of both.
///
/// Where two versions are nearly the same, few samples tell them apart, and so few are too often fewer still by chance:
/// one is added in either direction.
///
/// # Source
/// Bonett and Price (2012), "Adjusted Wald confidence interval for a difference of binomial proportions based on paired
/// data", Journal of Educational and Behavioral Statistics 37, doi:10.3102/1076998611411915.
fn correlation(counts: &[f64], n: f64) -> f64 {
    let (first, second, both) = (counts[0] / n, counts[1] / n, (counts[2] - 1.0) / n);
    let scale = (first * (1.0 - first) * second * (1.0 - second)).sqrt();
    if scale > 0.0 { ((both - first * second) / scale).clamp(-1.0, 1.0) } else { 0.0 }
}

/// Half the width of the interval of the difference of two quantiles; see [`compare`].
fn quantile_half((a, b): (&Recording, &Recording), q: f64, correlation: f64) -> Option<f64> {
    let constant = |recording: &Recording| {
        let moments = recording.moments();
        moments.count == recording.count() && moments.min == moments.max
    };
    // A constant has no error, whatever the number of samples.
    let slope = |recording: &Recording| {
        if constant(recording) { Some((0.0, 0.0)) } else { sparsity(recording, q).map(|s| (s.slope, s.resolution)) }
    };
    let ((slope_a, resolution_a), (slope_b, resolution_b)) = (slope(a)?, slope(b)?);
    let n = a.count().min(b.count()) as f64;
    let squares = slope_a * slope_a + slope_b * slope_b - 2.0 * correlation * slope_a * slope_b;
    let error = Z_975 * (q * (1.0 - q) * squares.max(0.0) / n).sqrt();
    Some(error.hypot(resolution_a.hypot(resolution_b)))
}

/// Compares outcomes that were drawn apart with the first: as independent estimates.
///
/// Metrics are matched by id, or else by name; those with times in different units are converted. Quantiles that both
/// have are compared.
///
/// # Errors
/// [`StudyError::OneVersion`] for fewer than two outcomes.
pub fn compare_apart(scenarios: Vec<ScenarioOutcome>) -> Result<Comparison, StudyError> {
    let Some((first, others)) = scenarios.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Err(StudyError::OneVersion);
    };
    let mut differences = Vec::new();
    for metric in &first.outcome.metrics {
        for other in others {
            let metrics = &other.outcome.metrics;
            let found = metrics
                .iter()
                .find(|candidate| candidate.id == metric.id)
                .or_else(|| metrics.iter().find(|candidate| candidate.name == metric.name));
            differences.extend(found.and_then(|found| difference_apart(metric, found, &first.name, &other.name)));
        }
    }
    Ok(Comparison { scenarios, differences, paired: false })
}

fn difference_apart(a: &MetricOutcome, b: &MetricOutcome, from: &str, to: &str) -> Option<Difference> {
    let (before, after) = (a.summary.as_ref()?, b.summary.as_ref()?);
    let units = b.unit.as_ref().and_then(Unit::time).zip(a.unit.as_ref().and_then(Unit::time));
    let convert = |value: f64| units.map_or(value, |(from, to): (TimeUnit, TimeUnit)| from.convert(value, to));
    let error = |error: Option<f64>| error.map(|error| Z_975 * error);
    let mean = before.mean.zip(after.mean).map(|(value, other)| {
        let half = error(before.mean_standard_error).zip(error(after.mean_standard_error).map(convert));
        Change::symmetric(convert(other) - value, half.map(|(a, b)| a.hypot(b)))
    });
    let quantiles = before.quantiles.iter().filter_map(|quantile| {
        let other = after.quantiles.iter().find(|other| other.q == quantile.q)?;
        let from = Estimate { value: quantile.value?, low: quantile.low, high: quantile.high };
        let to = Estimate { value: convert(other.value?), low: other.low.map(convert), high: other.high.map(convert) };
        let change = Change::independent(from, to);
        change.change.is_finite().then_some(QuantileChange { q: quantile.q, from: from.value, change })
    });
    Some(Difference {
        metric: a.id.clone(),
        name: a.name.clone(),
        unit: a.unit.clone(),
        from: from.to_owned(),
        to: to.to_owned(),
        paired: false,
        mean,
        mean_from: before.mean,
        quantiles: quantiles.collect(),
    })
}
