//! Sweeps: the figures of a model over the values of one parameter or two.

use super::error::StudyError;
use super::parameter::Parameter;
use super::slo::{self, SloResult};
use super::watch::{Pass, StudyWatch};
use crate::formula::MetricIndex;
use crate::model::{Model, Slo};
use crate::sim::{Outcome, RunOptions, Stop, run_each};

/// Most points of a sweep.
pub const POINTS_MAX: usize = 10_000;

/// Points that are compiled into one program: what they share is evaluated once for all of them, and each keeps a
/// recorder a thread for what it does not share.
const POINTS_TOGETHER: usize = 64;

/// The figures of a model over a grid.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// The parameters, one or two.
    pub parameters: Vec<Parameter>,
    /// The points: the last parameter varies fastest.
    pub points: Vec<Point>,
    /// Why it stopped.
    pub stop: Stop,
}

/// One point of a sweep.
#[derive(Debug, Clone)]
pub struct Point {
    /// Value of each parameter.
    pub values: Vec<f64>,
    /// Outcome, without recorded distributions.
    pub outcome: Outcome,
    /// What the samples say about the objectives at this point.
    pub slos: Vec<SloResult>,
}

/// Draws the model at every point of the grid of its parameters, on common random numbers.
///
/// # Parameters
/// - `parameters`: one or two.
/// - `slos`: objectives of the model, judged at every point.
///
/// # Errors
/// - [`StudyError::SameParameter`] if a parameter is named twice.
/// - [`StudyError::TooManyPoints`] beyond [`POINTS_MAX`] points.
/// - [`StudyError::Sim`] when the threads cannot be started.
///
/// # Cost
/// For each 64 points one evaluation of what they share, and one a point of what depends on a parameter.
///
/// # Examples
/// ```
/// use tailcast::model::{self, NoData, Options};
/// use tailcast::sim::RunOptions;
/// use tailcast::study::{NoStudyWatch, Parameter, sweep::sweep};
/// let model = model::read(b"[metrics]\nnet = 1\nall = '=net + uniform(0, 1)'", None, &NoData, Options::default())?;
/// let parameter = Parameter::parse("net=1..3/1", &model)?;
/// let options = RunOptions { samples: 10_000, ..RunOptions::default() };
/// let sweep = sweep(&model, &[parameter], &[], &options, &NoStudyWatch)?;
/// let means: Vec<f64> = sweep.points.iter().filter_map(|point| point.outcome.metrics[1].summary.as_ref()?.mean).collect();
/// assert!((means[1] - means[0] - 1.0).abs() < 1e-9 && means.len() == 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sweep(
    model: &Model,
    parameters: &[Parameter],
    slos: &[Slo],
    options: &RunOptions,
    watch: &dyn StudyWatch,
) -> Result<Sweep, StudyError> {
    if let [first, second] = parameters
        && first.metric == second.metric
    {
        return Err(StudyError::SameParameter { name: second.name.clone() });
    }
    let grid = grid(parameters)?;
    let chunks: Vec<&[Vec<f64>]> = grid.chunks(POINTS_TOGETHER).collect();
    let mut sweep = Sweep { parameters: parameters.to_vec(), points: Vec::new(), stop: Stop::Completed };
    for (at, chunk) in chunks.iter().enumerate() {
        let pass = Pass::new(watch, at as u64 * options.samples, chunks.len() as u64 * options.samples);
        let settings = |values: &Vec<f64>| {
            let settings: Vec<(MetricIndex, f64)> =
                parameters.iter().map(|parameter| parameter.metric).zip(values.iter().copied()).collect();
            model.with_values(&settings)
        };
        let models: Vec<Model> = chunk.iter().map(settings).collect();
        let versions: Vec<&Model> = models.iter().collect();
        let options = RunOptions { precision: None, ..options.clone() };
        let points = run_each(&versions, &options, &pass, |at, mut outcome| {
            let slos = slo::evaluate(slos, &models[at], &outcome);
            for metric in &mut outcome.metrics {
                metric.recording = None;
            }
            Point { values: chunk[at].clone(), outcome, slos }
        })?;
        sweep.points.extend(points);
        if pass.stopped() {
            sweep.stop = Stop::Interrupted;
            break;
        }
    }
    Ok(sweep)
}

/// Every combination of values, the last parameter varying fastest.
fn grid(parameters: &[Parameter]) -> Result<Vec<Vec<f64>>, StudyError> {
    let lists: Vec<Vec<f64>> = parameters.iter().map(Parameter::values).collect();
    let found = lists.iter().fold(1usize, |count, list| count.saturating_mul(list.len()));
    if found > POINTS_MAX {
        return Err(StudyError::TooManyPoints { limit: POINTS_MAX, found });
    }
    let combined = lists.iter().fold(vec![Vec::new()], |points: Vec<Vec<f64>>, list| {
        let extended = |point: &Vec<f64>| {
            list.iter().map(|&value| [point.as_slice(), &[value]].concat()).collect::<Vec<Vec<f64>>>()
        };
        points.iter().flat_map(extended).collect()
    });
    Ok(combined)
}
