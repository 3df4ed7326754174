//! What a user should know about the figures of a run: derived from the outcome, as values, for every format.
//!
//! A message never names its metric, so that a report can say once what concerns many. Warnings do not judge the model;
//! they judge how far its figures can be trusted.

use crate::problem::Warning;
use crate::recorder::Summary;
use crate::sim::{MetricOutcome, Outcome, Stop};
use crate::units::{format_count, quantile_label};

/// Samples that must lie beyond a quantile for its estimate to be trusted.
pub const TAIL_SAMPLES_MIN: f64 = 10.0;

/// Largest count of samples that a hint proposes.
const PROPOSED_SAMPLES_MAX: f64 = 1e12;

/// What the user has already asked for: hints do not propose it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// The number of samples was given.
    pub samples: bool,
    /// A precision to stop at was given.
    pub precision: bool,
    /// The quantiles were given.
    pub quantiles: bool,
}

/// Adds the warnings that follow from the figures to the outcome and its metrics, after those already there.
///
/// Calling it again changes nothing.
pub fn attach(outcome: &mut Outcome, asked: Asked) {
    for warning in run_warnings(outcome, asked) {
        push_new(&mut outcome.warnings, warning);
    }
    for metric in &mut outcome.metrics {
        for warning in metric_warnings(metric, asked) {
            push_new(&mut metric.warnings, warning);
        }
    }
}

/// Adds a warning unless the list has one with its code.
fn push_new(warnings: &mut Vec<Warning>, warning: Warning) {
    if warnings.iter().all(|present| present.code != warning.code) {
        warnings.push(warning);
    }
}

/// Warnings about the run as a whole: `interrupted` and `precision-not-reached`.
#[must_use]
pub fn run_warnings(outcome: &Outcome, asked: Asked) -> Vec<Warning> {
    let drawn = format_count(outcome.samples);
    match outcome.stop {
        Stop::Completed | Stop::PrecisionReached => Vec::new(),
        Stop::Interrupted => {
            vec![Warning::new(
                "interrupted",
                format!("interrupted: the figures are those of the {drawn} samples drawn"),
            )]
        }
        Stop::SampleLimit => {
            let help = if asked.samples {
                "raise the limit of `--samples` or ask for less precision"
            } else {
                "allow more samples with `--samples` or ask for less precision"
            };
            let message = format!("the precision asked for was not reached within {drawn} samples");
            vec![Warning::new("precision-not-reached", message).with_help(help)]
        }
    }
}

/// Warnings about one metric: `too-few-samples`, `non-finite`, `filtered` and `no-samples`.
#[must_use]
pub fn metric_warnings(metric: &MetricOutcome, asked: Asked) -> Vec<Warning> {
    let Some(summary) = &metric.summary else {
        return Vec::new();
    };
    let warnings = [no_samples(summary), non_finite(summary), filtered(summary), too_few(summary, asked)];
    warnings.into_iter().flatten().collect()
}

/// Samples that count in the quantiles of a metric: all but the filtered ones and those that were not a number.
#[must_use]
pub fn effective_samples(summary: &Summary) -> u64 {
    summary.samples.saturating_sub(summary.filtered).saturating_sub(summary.not_a_number)
}

/// Whether the samples support an estimate of the quantile `q`: at least [`TAIL_SAMPLES_MIN`] lie on its rarer side.
///
/// A metric all of whose samples are one value supports every quantile, and so does the smallest and the largest value
/// its own.
#[must_use]
pub fn supports(summary: &Summary, q: f64) -> bool {
    let constant = summary.min.is_some() && summary.min == summary.max && summary.non_finite == 0;
    let rarer = q.min(1.0 - q);
    // 1 - 0.9999 is a little less than 0.0001: the slack keeps 100,000 samples enough for p99.99.
    constant || rarer <= 0.0 || rarer * effective_samples(summary) as f64 >= TAIL_SAMPLES_MIN - 1e-6
}

fn no_samples(summary: &Summary) -> Option<Warning> {
    (summary.samples > 0 && effective_samples(summary) == 0).then(|| {
        let message = format!("none of the {} samples has a value", format_count(summary.samples));
        Warning::new("no-samples", message).with_help("widen the filter or correct the formula")
    })
}

fn non_finite(summary: &Summary) -> Option<Warning> {
    (summary.non_finite > 0).then(|| {
        let infinite = summary.non_finite.saturating_sub(summary.not_a_number);
        let what = match (infinite, summary.not_a_number) {
            (_, 0) => "infinite".to_owned(),
            (0, _) => "not a number".to_owned(),
            (infinite, nan) => format!("{} infinite, {} not a number", format_count(infinite), format_count(nan)),
        };
        let message = format!(
            "{} of {} samples are not finite ({what}); mean, deviation and extremes leave them out",
            format_count(summary.non_finite),
            format_count(summary.samples)
        );
        Warning::new("non-finite", message).with_help("look for a division by zero or a logarithm of a negative number")
    })
}

fn filtered(summary: &Summary) -> Option<Warning> {
    (summary.filtered > 0).then(|| {
        let share = summary.filtered as f64 / summary.samples as f64 * 100.0;
        let share = if share >= 0.1 { format!("{share:.1} %") } else { "less than 0.1 %".to_owned() };
        let dropped = format_count(summary.filtered);
        let noun = if summary.filtered == 1 { "sample" } else { "samples" };
        Warning::new("filtered", format!("a filter dropped {dropped} {noun} ({share}); the figures are of the rest"))
    })
}

fn too_few(summary: &Summary, asked: Asked) -> Option<Warning> {
    if effective_samples(summary) == 0 {
        return None;
    }
    let weak: Vec<f64> =
        summary.quantiles.iter().map(|estimate| estimate.q).filter(|&q| !supports(summary, q)).collect();
    let rarest = weak.iter().map(|&q| q.min(1.0 - q)).min_by(f64::total_cmp)?;
    let labels: Vec<String> = weak.iter().map(|&q| quantile_label(q)).collect();
    let (verb, pronoun) = if weak.len() == 1 { ("rests", "it") } else { ("rest", "them") };
    let message = format!(
        "{} {verb} on fewer than {TAIL_SAMPLES_MIN} samples beyond {pronoun} (of {})",
        list(&labels),
        format_count(effective_samples(summary))
    );
    Some(Warning::new("too-few-samples", message).with_help(remedy(summary, rarest, asked)))
}

/// What to do so that a tail as rare as `rarest` has its samples.
fn remedy(summary: &Summary, rarest: f64, asked: Asked) -> String {
    let kept = effective_samples(summary) as f64 / summary.samples as f64;
    let needed = (TAIL_SAMPLES_MIN / rarest / kept - 1e-3).ceil();
    let leave_out = if asked.quantiles { "leave the quantile out" } else { "name fewer with `--quantiles`" };
    if needed > PROPOSED_SAMPLES_MAX {
        return leave_out.to_owned();
    }
    let at_least = round_up(needed);
    if asked.precision {
        format!("ask for more precision or at least {at_least} samples")
    } else if asked.samples {
        format!("raise `--samples` to {at_least} or more, or {leave_out}")
    } else {
        format!("draw at least `--samples {at_least}`")
    }
}

/// The next 1, 2 or 5 times a power of ten, as the command line reads it: `10k`, `5M`.
fn round_up(count: f64) -> String {
    let power = 10f64.powi(count.log10().floor() as i32);
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * power).find(|&round| round >= count);
    let round = round.unwrap_or(count);
    [(1e9, "G"), (1e6, "M"), (1e3, "k")]
        .into_iter()
        .find(|&(size, _)| round >= size)
        .map_or_else(|| round.to_string(), |(size, suffix)| format!("{}{suffix}", round / size))
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::QuantileEstimate;

    fn summary(samples: u64, quantiles: &[f64]) -> Summary {
        let estimate = |&q: &f64| QuantileEstimate { q, value: Some(1.0), low: None, high: None };
        Summary {
            samples,
            filtered: 0,
            non_finite: 0,
            not_a_number: 0,
            mean: Some(1.0),
            mean_standard_error: Some(0.1),
            stdev: Some(1.0),
            min: Some(0.0),
            max: Some(2.0),
            quantiles: quantiles.iter().map(estimate).collect(),
        }
    }

    #[test]
    fn a_quantile_needs_ten_samples_beyond_it() {
        assert!(supports(&summary(10_000, &[]), 0.999));
        assert!(!supports(&summary(9_999, &[]), 0.999));
        assert!(supports(&summary(20, &[]), 0.5));
        assert!(!supports(&summary(10_000, &[]), 0.0001));
        assert!(supports(&summary(5, &[]), 1.0));
        assert!(supports(&Summary { max: Some(0.0), ..summary(1, &[]) }, 0.999));
    }

    #[test]
    fn too_few_samples_are_named_with_a_remedy_that_fits_the_options() {
        let few = summary(1000, &[0.5, 0.999, 0.9999]);
        let warning = too_few(&few, Asked::default()).unwrap();
        assert_eq!(warning.message, "p99.9 and p99.99 rest on fewer than 10 samples beyond them (of 1,000)");
        assert_eq!(warning.help.as_deref(), Some("draw at least `--samples 100k`"));
        let asked = Asked { samples: true, ..Asked::default() };
        let help = too_few(&few, asked).unwrap().help;
        assert_eq!(help.as_deref(), Some("raise `--samples` to 100k or more, or name fewer with `--quantiles`"));
        let half_filtered = Summary { filtered: 500, ..few };
        assert_eq!(too_few(&half_filtered, Asked::default()).unwrap().help.unwrap(), "draw at least `--samples 200k`");
    }

    #[test]
    fn enough_samples_give_no_warning() {
        assert_eq!(too_few(&summary(100_000, &[0.5, 0.9999]), Asked::default()), None);
    }

    #[test]
    fn non_finite_filtered_and_missing_samples_are_counted() {
        let odd = Summary { non_finite: 30, not_a_number: 10, filtered: 1, ..summary(100_000, &[]) };
        assert_eq!(
            non_finite(&odd).unwrap().message,
            "30 of 100,000 samples are not finite (20 infinite, 10 not a number); mean, deviation and extremes leave them out"
        );
        assert_eq!(
            filtered(&odd).unwrap().message,
            "a filter dropped 1 sample (less than 0.1 %); the figures are of the rest"
        );
        let none = Summary { filtered: 100, ..summary(100, &[0.5]) };
        assert_eq!(no_samples(&none).unwrap().message, "none of the 100 samples has a value");
        assert_eq!(too_few(&none, Asked::default()), None);
    }

    #[test]
    fn attaching_twice_changes_nothing() {
        let mut outcome = Outcome {
            model_name: "m".into(),
            scenario: None,
            samples: 10,
            seed: 1,
            unit: None,
            stop: Stop::Interrupted,
            metrics: vec![MetricOutcome {
                id: "A".into(),
                readable_id: "A".into(),
                name: "a".into(),
                type_name: "NORMAL",
                unit: None,
                source: String::new(),
                summary: Some(summary(10, &[0.99])),
                recording: None,
                problems: vec![],
                warnings: vec![],
            }],
            warnings: vec![],
        };
        attach(&mut outcome, Asked::default());
        attach(&mut outcome, Asked::default());
        assert_eq!(outcome.warnings.len(), 1);
        assert_eq!(outcome.metrics[0].warnings.len(), 1);
    }
}
