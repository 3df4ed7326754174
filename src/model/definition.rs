//! What the compiler needs of each metric: its random stream, and what to draw from.

use crate::formula::MetricIndex;
use crate::model::input_text::RangeKind;
use crate::model::metric::Input;
use crate::model::model::Model;
use crate::program::{Definition, DefinitionSource};

/// Standard normal quantile that Guesstimate takes for 0.95: the ends of a range are the central 90 %.
pub const RANGE_Z: f64 = 1.645;

impl Model {
    /// The metrics as the compiler wants them, in the order of the model. [`Model::order`] is an order to evaluate in.
    ///
    /// With `z` = [`RANGE_Z`]: NORMAL has the mean (low + high)/2 and the standard deviation (high - mean)/z; LOGNORMAL
    /// the same of the logarithms; BETA(hits, total) the shapes 2 hits and 2 (total - hits). A range or proportion
    /// without width is degenerate.
    #[must_use]
    pub fn definitions(&self) -> Vec<Definition<'_>> {
        let mut pair_group = vec![None; self.metrics().len()];
        for (group, members) in self.paired().iter().enumerate() {
            members.iter().for_each(|member| pair_group[member.index()] = Some(group));
        }
        let definitions = self.metrics().iter().zip(pair_group).enumerate().map(|(at, (metric, pair_group))| {
            let figures = self.figures(MetricIndex(u32::try_from(at).unwrap_or(u32::MAX)));
            let source = if metric.problems.is_empty() {
                definition_source(&metric.input, &metric.source, pair_group)
            } else {
                DefinitionSource::Empty
            };
            Definition { stream_id: &metric.id, source, figures }
        });
        definitions.collect()
    }

    /// The metrics that a metric uses, in the order of first use.
    #[must_use]
    pub fn inputs(&self, metric: MetricIndex) -> &[MetricIndex] {
        self.metrics()[metric.index()].formula().map_or(&[], |checked| &checked.inputs)
    }

    /// A metric and all that it depends on, in the order of the model.
    #[must_use]
    pub fn upstream(&self, metric: MetricIndex) -> Vec<MetricIndex> {
        let mut is_upstream = vec![false; self.metrics().len()];
        let mut open = vec![metric];
        while let Some(next) = open.pop() {
            if !std::mem::replace(&mut is_upstream[next.index()], true) {
                open.extend(self.inputs(next));
            }
        }
        (0..).map(MetricIndex).take(is_upstream.len()).filter(|index| is_upstream[index.index()]).collect()
    }
}

/// What an input without problems is drawn from.
fn definition_source<'a>(input: &'a Input, text: &'a str, pair_group: Option<usize>) -> DefinitionSource<'a> {
    match input {
        Input::None | Input::Formula(None) => DefinitionSource::Empty,
        Input::Point(value) => DefinitionSource::Constant(*value),
        Input::Range { kind, low, high } => range_source(*kind, *low, *high),
        Input::Proportion { hits, total } if *hits == 0.0 && *total > 0.0 => DefinitionSource::Degenerate(0.0),
        Input::Proportion { hits, total } if hits == total && *hits > 0.0 => DefinitionSource::Degenerate(1.0),
        Input::Proportion { hits, total } => DefinitionSource::Beta { alpha: 2.0 * hits, beta: 2.0 * (total - hits) },
        Input::Data(data) => DefinitionSource::Data { data, pair_group },
        Input::Formula(Some(checked)) => DefinitionSource::Formula { checked, text },
    }
}

/// Distribution of a range in order.
fn range_source(kind: RangeKind, low: f64, high: f64) -> DefinitionSource<'static> {
    // Halves first, so that the widest range does not overflow.
    let interval = |low: f64, high: f64| {
        let mean = low / 2.0 + high / 2.0;
        (mean, (high - mean) / RANGE_Z)
    };
    if low == high {
        return DefinitionSource::Degenerate(low);
    }
    match kind {
        RangeKind::Normal => {
            let (mean, standard_deviation) = interval(low, high);
            if standard_deviation > 0.0 {
                DefinitionSource::Normal { mean, standard_deviation }
            } else {
                DefinitionSource::Degenerate(low)
            }
        }
        RangeKind::LogNormal => {
            let (mu, sigma) = interval(low.ln(), high.ln());
            // Neighbouring floats can have the same logarithm.
            if sigma > 0.0 { DefinitionSource::LogNormal { mu, sigma } } else { DefinitionSource::Degenerate(low) }
        }
        RangeKind::Uniform => DefinitionSource::Uniform { low, high },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_central_ninety_percent_intervals() {
        let DefinitionSource::Normal { mean, standard_deviation } = range_source(RangeKind::Normal, 5.0, 10.0) else {
            panic!("expected a normal distribution");
        };
        assert_eq!((mean, standard_deviation), (7.5, 2.5 / 1.645));
        let DefinitionSource::LogNormal { mu, sigma } = range_source(RangeKind::LogNormal, 1000.0, 4000.0) else {
            panic!("expected a log-normal distribution");
        };
        assert!((mu - 2000.0_f64.ln()).abs() < 1e-14 && (sigma - 4.0_f64.ln() / 3.29).abs() < 1e-14);
    }

    #[test]
    fn what_has_no_width_is_a_constant() {
        let constant = |source| matches!(source, DefinitionSource::Degenerate(_));
        assert!(constant(range_source(RangeKind::LogNormal, 5.0, 5.0)));
        assert!(constant(range_source(RangeKind::LogNormal, 1e300, 1e300_f64.next_up())));
        assert!(constant(definition_source(&Input::Proportion { hits: 0.0, total: 10.0 }, "", None)));
        assert!(constant(definition_source(&Input::Proportion { hits: 10.0, total: 10.0 }, "", None)));
    }
}
