//! Goals: the value of a parameter at which a target is just met.
//!
//! The target is looked at on common random numbers, so that it is a function of the parameter and not of luck: first on
//! a coarse grid, which shows whether it is monotone at all, then between the two points where the target begins or
//! ceases to hold. The interval of the answer is where the two ends of the target's own interval cross the bound.

use super::error::StudyError;
use super::parameter::{Grid, Parameter, Step, shortened};
use super::recorded;
use super::slo;
use super::watch::{Pass, StudyWatch};
use crate::model::{Comparison, Input, Model, Slo};
use crate::problem::Warning;
use crate::recorder::Summary;
use crate::sim::{RunOptions, run_each};
use crate::units::Unit;

/// Intervals of the coarse grid.
const GRID_STEPS: usize = 16;

/// Points within a bracket that are looked at together.
const BRACKET_POINTS: usize = 7;

/// Narrowest bracket, relative to the range.
const TOLERANCE: f64 = 1e-4;

/// Most rounds of narrowing; each narrows a bracket eightfold.
const ROUNDS_MAX: usize = 6;

/// Most changes of the target that are narrowed besides that of the answer.
const CHANGES_MAX: usize = 4;

/// Whether a goal can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The target holds for some values of the range and not for others.
    Found,
    /// The target holds wherever it was looked at.
    Always,
    /// The target holds nowhere.
    Never,
}

impl Reach {
    /// Name in documents: `found`, `always` or `never`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// On which side of the answer the target holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// At the answer and above: it is the smallest value that will do.
    Above,
    /// At the answer and below: it is the largest value that will do.
    Below,
}

/// The answer to a goal.
#[derive(Debug, Clone)]
pub struct Solution {
    /// Name of the model.
    pub model_name: String,
    /// Scenario that the model was in.
    pub scenario: Option<String>,
    /// Samples drawn at each value.
    pub samples: u64,
    /// Seed of the streams.
    pub seed: u64,
    /// The parameter.
    pub parameter: Parameter,
    /// The target.
    pub target: Slo,
    /// Unit of the target's figure; `None` for a share.
    pub unit: Option<Unit>,
    /// Whether it can be reached.
    pub reach: Reach,
    /// The value at which the target is just met.
    pub answer: Option<Answer>,
    /// Whether the figure rises or falls all over the range, as far as the coarse grid and the errors show.
    pub is_monotone: bool,
    /// Ranges of the parameter in which the target holds, from the points looked at.
    pub holding: Vec<(f64, f64)>,
    /// Value of the parameter in the model as it is, if it is one number.
    pub present: Option<f64>,
    /// The points looked at, ascending.
    pub probes: Vec<Probe>,
    /// Whether the user stopped it: the answer is as close as it was then.
    pub is_interrupted: bool,
    /// What the intervals do not hold at the answer, or at the upper end of the range, by the name of a metric.
    pub warnings: Vec<(String, Warning)>,
}

/// The value at which a target is just met, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// The value: the target holds there.
    pub value: f64,
    /// Lower end; absent when it lies outside the range.
    pub low: Option<f64>,
    /// Upper end; absent when it lies outside the range.
    pub high: Option<f64>,
    /// On which side the target holds.
    pub side: Side,
}

impl Solution {
    /// How far the parameter may still move before the target ceases to hold, as a share of its present value; negative
    /// where the target does not hold at the present value. `None` without an answer or a present value other than 0.
    #[must_use]
    pub fn headroom(&self) -> Option<f64> {
        let (answer, present) = (self.answer?, self.present.filter(|present| *present != 0.0)?);
        let room = match answer.side {
            Side::Below => answer.value - present,
            Side::Above => present - answer.value,
        };
        Some(room / present.abs())
    }
}

/// The target's figure at one value of the parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probe {
    /// Value of the parameter.
    pub at: f64,
    /// Figure of the target; infinite where a queue has no steady state in any sample.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end of its 95 % interval.
    pub high: Option<f64>,
}

/// Finds the value of a parameter at which a target is just met.
///
/// Where the target holds at the upper end of the range, the answer is the smallest value from which it holds on; where
/// it holds at the lower end only, the largest value up to which it holds; where it holds at neither, the smallest value
/// at which it begins to.
///
/// # Parameters
/// - `parameter`: a range; its step, if it has one, is that of the answer.
/// - `target`: an objective of the model.
///
/// # Errors
/// - [`StudyError::Text`] if the parameter is a list.
/// - [`StudyError::NoSamples`] if the target's metric has no samples at some value, unless the reason is a queue at which
///   more arrives than can be served: an upper bound does not hold there.
/// - [`StudyError::Interrupted`] if it is stopped before the coarse grid is done.
/// - [`StudyError::Sim`] when the threads cannot be started.
///
/// # Numerics
/// The answer is within 1/10,000 of the range, or one step, of where the samples' figure crosses the bound.
///
/// # Examples
/// ```
/// use tailcast::model::{self, NoData, Options, Slo};
/// use tailcast::sim::RunOptions;
/// use tailcast::study::{NoStudyWatch, Parameter, solve::solve};
/// let model = model::read(b"[metrics]\nscale = 1\nx = '=scale * uniform(0, 1)'", None, &NoData, Options::default())?;
/// let (parameter, target) = (Parameter::parse("scale=1..5", &model)?, Slo::parse("p90(x) <= 2.7", &model)?);
/// let options = RunOptions { samples: 20_000, ..RunOptions::default() };
/// let answer = solve(&model, &parameter, &target, &options, &NoStudyWatch)?.answer.expect("a value");
/// assert!((answer.value - 3.0).abs() < 0.05); // 0.9 * 3 = 2.7
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn solve(
    model: &Model,
    parameter: &Parameter,
    target: &Slo,
    options: &RunOptions,
    watch: &dyn StudyWatch,
) -> Result<Solution, StudyError> {
    let Grid::Range { low, high, step } = parameter.grid else {
        let expected = "a range such as `hit=0..100`".to_owned();
        return Err(StudyError::Text { expected, found: format!("{} and a list", parameter.name) });
    };
    let mut search =
        Search { model, parameter, target, options, watch, low, high, step, probes: Vec::new(), passes: 0 };
    if search.look_at(search.coarse_grid())? {
        return Err(StudyError::Interrupted);
    }
    let is_monotone = search.is_monotone();
    let is_interrupted = search.narrow()?;
    let reach = match search.probes.iter().filter(|probe| search.holds(probe, Bound::Value)).count() {
        0 => Reach::Never,
        count if count == search.probes.len() => Reach::Always,
        _ => Reach::Found,
    };
    let unit = model.metrics()[target.metric.index()].unit.clone();
    let answer = search.answer();
    let at = answer.map_or(search.last(), |answer| answer.value);
    Ok(Solution {
        model_name: model.name().to_owned(),
        scenario: model.scenario().map(str::to_owned),
        samples: options.samples,
        seed: options.seed,
        parameter: parameter.clone(),
        target: target.clone(),
        unit: unit.filter(|_| !matches!(target.quantity, crate::model::Quantity::Probability { .. })),
        reach,
        answer,
        present: match model.metrics()[parameter.metric.index()].input {
            Input::Point(value) => Some(value),
            _ => None,
        },
        is_monotone,
        holding: search.holding(),
        is_interrupted,
        probes: search.probes,
        warnings: recorded::warnings(&model.with_values(&[(parameter.metric, at)]), target.metric, options.samples),
    })
}

/// Which of a figure's three values is compared with the bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// The estimate.
    Value,
    /// The end of the interval that is better for the target.
    Optimistic,
    /// The end that is worse.
    Pessimistic,
}

/// Places of two neighbouring probes between which something changes.
type Bracket = (usize, usize);

struct Search<'a> {
    model: &'a Model,
    parameter: &'a Parameter,
    target: &'a Slo,
    options: &'a RunOptions,
    watch: &'a dyn StudyWatch,
    low: f64,
    high: f64,
    step: Step,
    /// Ascending by value.
    probes: Vec<Probe>,
    passes: u64,
}

impl Search<'_> {
    fn coarse_grid(&self) -> Vec<f64> {
        self.between(self.low, self.high, GRID_STEPS - 1).into_iter().chain([self.low, self.last()]).collect()
    }

    /// Last value of the range that a step ends at.
    fn last(&self) -> f64 {
        if matches!(self.step, Step::Any) {
            return self.high;
        }
        self.parameter.values().last().copied().unwrap_or(self.high)
    }

    /// `count` values between two, evenly as the parameter goes, at steps if it has any.
    fn between(&self, from: f64, to: f64, count: usize) -> Vec<f64> {
        let share = |at: usize| (at + 1) as f64 / (count + 1) as f64;
        let value = |at: usize| match self.step {
            Step::Any => from + (to - from) * share(at),
            Step::By(step) => self.low + ((from + (to - from) * share(at) - self.low) / step).round() * step,
            Step::Times(factor) => {
                let exponent = ((from * (to / from).powf(share(at))) / self.low).ln() / factor.ln();
                self.low * factor.powf(exponent.round())
            }
        };
        let values = (0..count).map(|at| shortened(value(at)));
        values.filter(|value| *value > from && *value < to).collect()
    }

    /// Draws the target at new values; says whether the user stopped it.
    fn look_at(&mut self, mut values: Vec<f64>) -> Result<bool, StudyError> {
        values.sort_by(f64::total_cmp);
        values.dedup();
        values.retain(|value| self.probes.iter().all(|probe| probe.at != *value));
        if values.is_empty() {
            return Ok(false);
        }
        let models: Vec<Model> =
            values.iter().map(|&value| self.model.with_values(&[(self.parameter.metric, value)])).collect();
        let versions: Vec<&Model> = models.iter().collect();
        let options = RunOptions { metrics: Some(vec![self.target.metric]), precision: None, ..self.options.clone() };
        let total = options.samples * (ROUNDS_MAX as u64 + 1).max(self.passes + 1);
        let pass = Pass::new(self.watch, self.passes * options.samples, total);
        self.passes += 1;
        let target = self.model.metrics()[self.target.metric.index()].id.as_str();
        let figures = run_each(&versions, &options, &pass, |_, outcome| {
            let metric = outcome.metrics.iter().find(|metric| metric.id == target)?;
            let summary = metric.summary.as_ref()?;
            slo::figure(self.target.quantity, summary, metric.recording.as_ref()?)
                .or_else(|| self.unstable(summary).then_some((f64::INFINITY, Some(f64::INFINITY), Some(f64::INFINITY))))
        })?;
        if pass.stopped() {
            // What was drawn last has fewer samples than what it would be compared with.
            return Ok(true);
        }
        for (at, figure) in values.into_iter().zip(figures) {
            let metric = &self.model.metrics()[self.target.metric.index()];
            let (value, low, high) = figure.ok_or_else(|| StudyError::NoSamples { metric: metric.name.clone() })?;
            self.probes.push(Probe { at, value, low, high });
        }
        self.probes.sort_by(|a, b| a.at.total_cmp(&b.at));
        Ok(false)
    }

    /// Whether samples without a value mean that a queue grows without end, so that no upper bound holds.
    fn unstable(&self, summary: &Summary) -> bool {
        let is_upper = matches!(self.target.comparison, Comparison::Smaller | Comparison::SmallerEqual);
        let none = summary.not_a_number > 0 && summary.not_a_number + summary.filtered == summary.samples;
        is_upper && none && self.model.depends_on_queue(self.target.metric)
    }

    fn holds(&self, probe: &Probe, bound: Bound) -> bool {
        let upward = matches!(self.target.comparison, Comparison::Smaller | Comparison::SmallerEqual);
        let figure = match (bound, upward) {
            (Bound::Value, _) => Some(probe.value),
            (Bound::Optimistic, true) | (Bound::Pessimistic, false) => probe.low,
            (Bound::Optimistic, false) | (Bound::Pessimistic, true) => probe.high,
        };
        // An end that the samples cannot support may lie anywhere.
        figure.map_or(bound == Bound::Optimistic, |figure| self.target.comparison.holds(figure, self.target.bound))
    }

    /// Whether the figure never turns back by more than its error.
    fn is_monotone(&self) -> bool {
        let half = |probe: &Probe| probe.low.zip(probe.high).map_or(f64::INFINITY, |(low, high)| (high - low) / 2.0);
        let turns = |sign: f64| {
            self.probes.windows(2).any(|pair| {
                let step = sign * (pair[1].value - pair[0].value);
                step < -half(&pair[0]).max(half(&pair[1]))
            })
        };
        !(turns(1.0) && turns(-1.0))
    }

    /// The change of the target that the answer is about, and the side on which it holds.
    fn crossing(&self) -> Option<(Bracket, Side)> {
        let holds: Vec<bool> = self.probes.iter().map(|probe| self.holds(probe, Bound::Value)).collect();
        let last = holds.len().checked_sub(1)?;
        let change = |at: &usize| holds[*at] != holds[*at + 1];
        let at = if holds[last] { (0..last).rev().find(change) } else { (0..last).find(change) }?;
        Some(((at, at + 1), if holds[at + 1] { Side::Above } else { Side::Below }))
    }

    /// Where the interval of the answer ends: brackets below and above that of the answer, each `None` outside the
    /// range.
    fn ends(&self, (at, next): Bracket, side: Side) -> [Option<Bracket>; 2] {
        let (below, above) = match side {
            Side::Above => ((Bound::Optimistic, false), (Bound::Pessimistic, true)),
            Side::Below => ((Bound::Pessimistic, true), (Bound::Optimistic, false)),
        };
        let is = |probe: usize, (bound, wanted): (Bound, bool)| self.holds(&self.probes[probe], bound) == wanted;
        let low = (0..=at).rev().find(|&probe| is(probe, below)).map(|probe| (probe, probe + 1));
        let high = (next..self.probes.len()).find(|&probe| is(probe, above)).map(|probe| (probe - 1, probe));
        [low, high]
    }

    /// Neighbours between which the target begins or ceases to hold.
    fn changes(&self) -> Vec<Bracket> {
        let holds: Vec<bool> = self.probes.iter().map(|probe| self.holds(probe, Bound::Value)).collect();
        (1..holds.len()).filter(|&at| holds[at - 1] != holds[at]).map(|at| (at - 1, at)).collect()
    }

    /// Narrows the brackets of the answer and of its interval; says whether the user stopped it.
    fn narrow(&mut self) -> Result<bool, StudyError> {
        for _ in 0..ROUNDS_MAX {
            let Some((bracket, side)) = self.crossing() else { return Ok(false) };
            let [low, high] = self.ends(bracket, side);
            let wide = |(from, to): &Bracket| self.is_wide(self.probes[*from].at, self.probes[*to].at);
            let changes = self.changes();
            let first = changes.iter().copied().take(CHANGES_MAX);
            let mut brackets: Vec<Bracket> =
                [Some(bracket), low, high].into_iter().flatten().chain(first).filter(wide).collect();
            brackets.sort_unstable();
            brackets.dedup();
            let inside =
                |(from, to): &Bracket| self.between(self.probes[*from].at, self.probes[*to].at, BRACKET_POINTS);
            let values: Vec<f64> = brackets.iter().flat_map(inside).collect();
            if values.is_empty() {
                return Ok(false);
            }
            if self.look_at(values)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_wide(&self, from: f64, to: f64) -> bool {
        match self.step {
            Step::Any => to - from > TOLERANCE * (self.high - self.low),
            Step::By(step) => to - from > step * 1.000_001,
            Step::Times(factor) => to / from > factor * 1.000_001,
        }
    }

    fn answer(&self) -> Option<Answer> {
        let (bracket, side) = self.crossing()?;
        let [low, high] = self.ends(bracket, side);
        let value = match side {
            Side::Above => self.probes[bracket.1].at,
            Side::Below => self.probes[bracket.0].at,
        };
        // The outer ends of the brackets, so that the interval covers.
        Some(Answer {
            value,
            low: low.map(|(from, _)| self.probes[from].at),
            high: high.map(|(_, to)| self.probes[to].at),
            side,
        })
    }

    /// Runs of probes at which the target holds.
    fn holding(&self) -> Vec<(f64, f64)> {
        let runs = self.probes.split(|probe| !self.holds(probe, Bound::Value));
        runs.filter_map(|run| Some((run.first()?.at, run.last()?.at))).collect()
    }
}
