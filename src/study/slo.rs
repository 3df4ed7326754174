//! Service level objectives judged by what was drawn: met, missed, or not decided by so many samples.
//!
//! A verdict rests on the 95 % interval of the figure: the objective is met if it holds at both ends, missed if it holds
//! at neither, and undecided otherwise. An estimate alone decides nothing.

use super::interval::{Z_975, share_interval};
use crate::model::{Comparison, Model, Quantity, Slo};
use crate::recorder::{Recording, Summary};
use crate::sim::{MetricOutcome, Outcome};
use crate::units::Unit;

/// What the samples say about an objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It holds at both ends of the interval.
    Met,
    /// It holds at neither end.
    Missed,
    /// The interval holds the bound.
    Undecided,
}

impl Verdict {
    /// Name in documents: `met`, `missed` or `undecided`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Undecided => "undecided",
        }
    }

    /// Verdict on a figure between `low` and `high` that must stand to `bound` as `comparison` says.
    #[must_use]
    pub fn of(comparison: Comparison, bound: f64, low: Option<f64>, high: Option<f64>) -> Self {
        let holds = |end: Option<f64>| end.map(|end| comparison.holds(end, bound));
        // The end that is worse for the objective decides that it is met, the better one that it is missed.
        let (better, worse) = match comparison {
            Comparison::Smaller | Comparison::SmallerEqual => (low, high),
            Comparison::Larger | Comparison::LargerEqual => (high, low),
        };
        match (holds(better), holds(worse)) {
            (_, Some(true)) => Self::Met,
            (Some(false), _) => Self::Missed,
            _ => Self::Undecided,
        }
    }
}

/// An objective and what the samples say about it.
#[derive(Debug, Clone, PartialEq)]
pub struct SloResult {
    /// The objective as written.
    pub slo: String,
    /// Id of its metric.
    pub metric: String,
    /// Name of its metric.
    pub name: String,
    /// Unit of `value`, `bound` and the interval; `None` for a share and where the metric has none.
    pub unit: Option<Unit>,
    /// Whether the figure is a share, from 0 to 1.
    pub is_share: bool,
    /// How the figure must stand to the bound.
    pub comparison: Comparison,
    /// Bound.
    pub bound: f64,
    /// Verdict.
    pub verdict: Verdict,
    /// Estimate of the figure; absent without samples.
    pub value: Option<f64>,
    /// Lower end of its 95 % interval; absent when the samples cannot support one.
    pub low: Option<f64>,
    /// Upper end of its 95 % interval; absent when the samples cannot support one.
    pub high: Option<f64>,
    /// Its error budget; `None` for objectives about means.
    pub budget: Option<Budget>,
}

/// Share of the requests that may be on the wrong side of a threshold, and the share that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Threshold, in the metric's unit.
    pub threshold: f64,
    /// Share of requests on the wrong side.
    pub share: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Share that the objective allows.
    pub allowed: f64,
}

impl Budget {
    /// Part of the budget that is used: 1 is all of it. `None` if nothing is allowed.
    #[must_use]
    pub fn used(&self) -> Option<f64> {
        (self.allowed > 0.0).then(|| self.share / self.allowed)
    }
}

/// Judges objectives by an outcome of their model; those whose metric was not drawn are undecided.
///
/// Quantiles are judged by their interval from order statistics, probabilities by Clopper and Pearson's, means by their
/// standard error.
///
/// # Examples
/// ```
/// use tailcast::model::{self, NoData, Options};
/// use tailcast::sim::{NoWatch, RunOptions, run};
/// use tailcast::study::slo::{Verdict, evaluate};
/// let toml = b"slos = ['p99(x) <= 2', 'mean(x) > 0.6']\n[metrics]\nx = '=uniform(0, 1)'";
/// let model = model::read(toml, None, &NoData, Options::default())?;
/// let outcome = run(&model, &RunOptions { samples: 10_000, ..RunOptions::default() }, &NoWatch)?;
/// let verdicts: Vec<Verdict> = evaluate(model.slos(), &model, &outcome).iter().map(|result| result.verdict).collect();
/// assert_eq!(verdicts, [Verdict::Met, Verdict::Missed]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn evaluate(slos: &[Slo], model: &Model, outcome: &Outcome) -> Vec<SloResult> {
    let result = |slo: &Slo| {
        let metric = &model.metrics()[slo.metric.index()];
        let drawn = outcome.metrics.iter().find(|drawn| drawn.id == metric.id);
        let unit = metric.unit.clone();
        judge(slo, drawn).unwrap_or_else(|| SloResult {
            metric: metric.id.clone(),
            name: metric.name.clone(),
            ..without_samples(slo, unit)
        })
    };
    slos.iter().map(result).collect()
}

fn without_samples(slo: &Slo, unit: Option<Unit>) -> SloResult {
    let is_share = matches!(slo.quantity, Quantity::Probability { .. });
    SloResult {
        slo: slo.text.clone(),
        metric: String::new(),
        name: String::new(),
        unit: unit.filter(|_| !is_share),
        is_share,
        comparison: slo.comparison,
        bound: slo.bound,
        verdict: Verdict::Undecided,
        value: None,
        low: None,
        high: None,
        budget: None,
    }
}

fn judge(slo: &Slo, drawn: Option<&MetricOutcome>) -> Option<SloResult> {
    let drawn = drawn?;
    let (summary, recording) = (drawn.summary.as_ref()?, drawn.recording.as_ref()?);
    let (value, low, high) = figure(slo.quantity, summary, recording)?;
    Some(SloResult {
        metric: drawn.id.clone(),
        name: drawn.name.clone(),
        verdict: Verdict::of(slo.comparison, slo.bound, low, high),
        value: Some(value),
        low,
        high,
        budget: budget(slo, recording),
        ..without_samples(slo, drawn.unit.clone())
    })
}

/// Estimate and 95 % interval of a figure of a recorded metric; `None` without samples.
pub(super) fn figure(
    quantity: Quantity,
    summary: &Summary,
    recording: &Recording,
) -> Option<(f64, Option<f64>, Option<f64>)> {
    match quantity {
        Quantity::Quantile { q } => {
            let estimate = recording.quantile(q);
            Some((estimate.value?, estimate.low, estimate.high))
        }
        Quantity::Mean => {
            let mean = summary.mean?;
            let constant = summary.min == summary.max && summary.non_finite == 0;
            let half = if constant { Some(0.0) } else { summary.mean_standard_error.map(|error| Z_975 * error) };
            // Infinite samples have no part in the mean, so that it bounds nothing.
            let half = half.filter(|_| recording.count() == recording.moments().count);
            Some((mean, half.map(|half| mean - half), half.map(|half| mean + half)))
        }
        Quantity::Probability { comparison, threshold } => {
            let (share, low, high) = share(recording, comparison, threshold)?;
            Some((share, Some(low), Some(high)))
        }
    }
}

/// Share of the samples that stand to `threshold` as `comparison` says, with its 95 % interval.
///
/// A recorded cell that holds the threshold counts half in the estimate, not at all at the lower end of the interval and
/// in full at the upper.
fn share(recording: &Recording, comparison: Comparison, threshold: f64) -> Option<(f64, f64, f64)> {
    let count = recording.count();
    if count == 0 {
        return None;
    }
    let (mut surely, mut perhaps) = (0, 0);
    let infinite = [
        (f64::NEG_INFINITY, f64::NEG_INFINITY, recording.negative_infinite()),
        (f64::INFINITY, f64::INFINITY, recording.positive_infinite()),
    ];
    for (low, high, count) in recording.bins().map(|bin| (bin.low, bin.high, bin.count)).chain(infinite) {
        match (comparison.holds(low, threshold), comparison.holds(high, threshold)) {
            (true, true) => surely += count,
            (false, false) => {}
            _ => perhaps += count,
        }
    }
    let moments = recording.moments();
    let estimate = (surely as f64 + perhaps as f64 / 2.0) / count as f64;
    if moments.count == count && moments.min == moments.max {
        return Some((estimate, estimate, estimate));
    }
    let (low, high) = share_interval(surely, surely + perhaps, count);
    Some((estimate, low, high))
}

fn budget(slo: &Slo, recording: &Recording) -> Option<Budget> {
    let upward = matches!(slo.comparison, Comparison::Smaller | Comparison::SmallerEqual);
    let (wrong, threshold, allowed) = match slo.quantity {
        Quantity::Mean => return None,
        Quantity::Quantile { q } => {
            let wrong = if upward { Comparison::Larger } else { Comparison::Smaller };
            (wrong, slo.bound, if upward { 1.0 - q } else { q })
        }
        Quantity::Probability { comparison, threshold } if upward => (comparison, threshold, slo.bound),
        Quantity::Probability { comparison, threshold } => (opposite(comparison), threshold, 1.0 - slo.bound),
    };
    let (share, low, high) = share(recording, wrong, threshold)?;
    // 1 - 0.99 is a little more than 0.01.
    let allowed = (allowed * 1e12).round() / 1e12;
    Some(Budget { threshold, share, low, high, allowed })
}

const fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Smaller => Comparison::LargerEqual,
        Comparison::SmallerEqual => Comparison::Larger,
        Comparison::Larger => Comparison::SmallerEqual,
        Comparison::LargerEqual => Comparison::Smaller,
    }
}

/// The worst verdict of several: missed before undecided before met; met if there is none.
#[must_use]
pub fn worst(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    verdicts.into_iter().fold(Verdict::Met, |worst, verdict| match (worst, verdict) {
        (Verdict::Missed, _) | (_, Verdict::Missed) => Verdict::Missed,
        (Verdict::Undecided, _) | (_, Verdict::Undecided) => Verdict::Undecided,
        _ => Verdict::Met,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::Bin;

    #[test]
    fn a_verdict_needs_the_whole_interval() {
        let of = |comparison, low, high| Verdict::of(comparison, 10.0, low, high);
        assert_eq!(of(Comparison::SmallerEqual, Some(8.0), Some(10.0)), Verdict::Met);
        assert_eq!(of(Comparison::Smaller, Some(8.0), Some(10.0)), Verdict::Undecided);
        assert_eq!(of(Comparison::SmallerEqual, Some(10.1), None), Verdict::Missed);
        assert_eq!(of(Comparison::SmallerEqual, Some(8.0), None), Verdict::Undecided);
        assert_eq!(of(Comparison::Larger, Some(10.1), None), Verdict::Met);
        assert_eq!(of(Comparison::LargerEqual, None, Some(9.0)), Verdict::Missed);
    }

    #[test]
    fn a_cell_that_holds_the_threshold_widens_the_interval() {
        let bins = vec![Bin { low: 1.0, high: 2.0, count: 60 }, Bin { low: 2.0, high: 3.0, count: 40 }];
        let recording = Recording::from_bins(bins, 0, 0);
        let (sharp, low, high) = share(&recording, Comparison::Larger, 0.5).expect("samples");
        assert_eq!((sharp, high), (1.0, 1.0));
        assert!(low > 0.95);
        let (blurred, low, high) = share(&recording, Comparison::Larger, 2.5).expect("samples");
        assert!(blurred == 0.2 && low == 0.0 && high > 0.5);
    }

    #[test]
    fn the_worst_verdict_counts() {
        assert_eq!(worst([]), Verdict::Met);
        assert_eq!(worst([Verdict::Met, Verdict::Undecided]), Verdict::Undecided);
        assert_eq!(worst([Verdict::Undecided, Verdict::Missed, Verdict::Met]), Verdict::Missed);
    }
}
