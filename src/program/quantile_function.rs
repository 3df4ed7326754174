//! Quantile functions of nodes whose distribution is known: the inverse of a distribution function, applied to a number
//! between 0 and 1.
//!
//! Order statistics, truncation and correlation need no more of a distribution than this. It is a function called sample
//! by sample: which piece of a table or which region of an approximation a number falls into differs from lane to lane,
//! so there is no vector kernel. What is arithmetic alone is compiled for the instructions that vector kernels use, all
//! the same: without fused multiply-add a logarithm takes ten times as long.

use std::sync::Arc;

use super::draw::DrawKind;
use super::graph::{Graph, NodeId, Operation, ScalarFunction};
use super::recorded::Recorded;
use crate::dist::{Distribution, EmpiricalSampler, Percentiles};
use crate::math::{self, vectorised};

/// The quantile function of a distribution.
#[derive(Debug, Clone)]
pub(super) enum QuantileFunction {
    /// Of a distribution that has one in closed form, or by special functions.
    Distribution(Distribution),
    /// Of measured data.
    Empirical(Arc<EmpiricalSampler>),
    /// Of a distribution given by some of its quantiles.
    Percentiles(Arc<Percentiles>),
    /// Of what is recorded of a computed metric.
    Recorded(Arc<Recorded>),
    /// Of another distribution given that it lies between two values.
    Truncated(Arc<Truncated>),
}

/// A distribution given that it lies between two values.
#[derive(Debug)]
pub(super) struct Truncated {
    of: QuantileFunction,
    low: f64,
    high: f64,
    /// Share of `of` below `low`, and share up to `high`.
    from: f64,
    to: f64,
}

vectorised! {
    /// Quantile of a distribution that has one in closed form; NaN if `p` is not in [0, 1] or there is none.
    fn closed_quantile(distribution: &Distribution, p: f64) -> f64 {
        if !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        match distribution {
            Distribution::Normal(d) => d.quantile(p),
            Distribution::LogNormal(d) => d.quantile(p),
            Distribution::Uniform(d) => d.quantile(p),
            Distribution::Exponential(d) => d.quantile(p),
            Distribution::Weibull(d) => d.quantile(p),
            Distribution::Pareto(d) => d.quantile(p),
            Distribution::Logistic(d) => d.quantile(p),
            Distribution::Gompertz(d) => d.quantile(p),
            _ => f64::NAN,
        }
    }
}

vectorised! {
    fn percentiles_quantile(percentiles: &Percentiles, p: f64) -> f64 {
        percentiles.quantile(p)
    }
}

vectorised! {
    fn percentiles_at_score(percentiles: &Percentiles, score: f64) -> f64 {
        percentiles.at_score(score)
    }
}

/// Whether [`closed_quantile`] knows a distribution.
const fn is_closed(distribution: &Distribution) -> bool {
    matches!(
        distribution,
        Distribution::Normal(_)
            | Distribution::LogNormal(_)
            | Distribution::Uniform(_)
            | Distribution::Exponential(_)
            | Distribution::Weibull(_)
            | Distribution::Pareto(_)
            | Distribution::Logistic(_)
            | Distribution::Gompertz(_)
    )
}

impl QuantileFunction {
    /// The value that a share `p` does not exceed; NaN if `p` is not in [0, 1].
    pub(super) fn quantile(&self, p: f64) -> f64 {
        match self {
            Self::Distribution(distribution) if is_closed(distribution) => closed_quantile(distribution, p),
            Self::Distribution(distribution) => distribution.quantile(p).unwrap_or(f64::NAN),
            Self::Empirical(sampler) => sampler.quantile(p).unwrap_or(f64::NAN),
            Self::Percentiles(percentiles) => percentiles_quantile(percentiles, p),
            Self::Recorded(recorded) => recorded.quantile(p),
            Self::Truncated(truncated) => {
                let Truncated { of, low, high, from, to } = &**truncated;
                let value = of.quantile((to - from).mul_add(p, *from).clamp(*from, *to));
                // Rounding may lead past an end.
                if value.is_nan() { value } else { value.clamp(*low, *high) }
            }
        }
    }

    /// The value at a standard normal score: the quantile of the share below the score.
    pub(super) fn at_score(&self, score: f64) -> f64 {
        match self {
            Self::Percentiles(percentiles) => percentiles_at_score(percentiles, score),
            _ => self.quantile(math::normal_cdf(score)),
        }
    }

    /// Share of at most `x`; `None` where only a recording could tell.
    pub(super) fn cdf(&self, x: f64) -> Option<f64> {
        match self {
            Self::Distribution(distribution) => distribution.cdf(x),
            Self::Empirical(sampler) => Some(sampler.cdf(x)),
            Self::Percentiles(percentiles) => Some(percentiles.cdf(x)),
            Self::Recorded(_) => None,
            Self::Truncated(truncated) => {
                let Truncated { of, from, to, .. } = &**truncated;
                Some(((of.cdf(x)? - from) / (to - from)).clamp(0.0, 1.0))
            }
        }
    }

    /// The distribution given that it lies from `low` to `high`; `None` if it never does or only a recording could tell.
    pub(super) fn truncated(&self, low: f64, high: f64) -> Option<Self> {
        // Of a distribution with atoms the one at `low` belongs to it.
        let from = if low == f64::NEG_INFINITY { 0.0 } else { self.cdf(low.next_down())? };
        let to = if high == f64::INFINITY { 1.0 } else { self.cdf(high)? };
        (from < to).then(|| Self::Truncated(Arc::new(Truncated { of: self.clone(), low, high, from, to })))
    }

    /// How many recordings deep it is.
    fn recordings(&self) -> usize {
        match self {
            Self::Recorded(recorded) => recorded.depth(),
            _ => 0,
        }
    }

    /// Name under which equal functions are one node. Shared data is told apart by where it is; the graph keeps it alive.
    fn name(&self) -> String {
        match self {
            Self::Distribution(distribution) => format!("quantile of {distribution:?}"),
            Self::Empirical(sampler) => format!("quantile of data {:p}", Arc::as_ptr(sampler)),
            // By its points, so that the versions of a model have it in common.
            Self::Percentiles(percentiles) => format!("quantile of {percentiles:?}"),
            Self::Recorded(recorded) => format!("quantile of samples {:p}", Arc::as_ptr(recorded)),
            Self::Truncated(truncated) => {
                format!("{} from {:?} to {:?}", truncated.of.name(), truncated.low, truncated.high)
            }
        }
    }
}

impl Graph {
    /// The quantile function of a node, if its distribution is known.
    pub(super) fn quantile_function(&self, node: NodeId) -> Option<QuantileFunction> {
        if let Some(function) = self.quantiles.get(&node) {
            return Some(function.clone());
        }
        let Operation::Draw(draw) = self.operation(node) else { return None };
        match draw.kind() {
            // Some draws continue Guesstimate's samplers where there is no distribution.
            DrawKind::Distribution(distribution) => {
                let is_known = distribution.quantile(0.5).is_some() && distribution.cdf(0.0).is_some();
                is_known.then_some(QuantileFunction::Distribution(*distribution))
            }
            DrawKind::Empirical(sampler) => Some(QuantileFunction::Empirical(Arc::clone(sampler))),
            _ => None,
        }
    }

    /// Node of the quantile function at a share `p`.
    pub(super) fn quantile(&mut self, function: &QuantileFunction, p: NodeId) -> NodeId {
        let of = function.clone();
        let scalar = ScalarFunction::new(&function.name(), Arc::new(move |p| of.quantile(p[0])));
        self.function(scalar.with_recordings(function.recordings()), &[p])
    }

    /// Node of a draw by the quantile function from the share `u`, uniform between 0 and 1.
    pub(super) fn inverse_draw(&mut self, function: &QuantileFunction, u: NodeId) -> NodeId {
        let node = self.quantile(function, u);
        self.quantiles.insert(node, function.clone());
        node
    }

    /// Node of a draw by the quantile function from a standard normal score.
    pub(super) fn score_draw(&mut self, function: &QuantileFunction, score: NodeId) -> NodeId {
        let (name, of) = (format!("score {}", function.name()), function.clone());
        let apply = move |score: &[f64]| of.at_score(score[0]);
        let node = self.function(ScalarFunction::new(&name, Arc::new(apply)), &[score]);
        self.quantiles.insert(node, function.clone());
        node
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(function: &str, arguments: &[f64]) -> QuantileFunction {
        QuantileFunction::Distribution(Distribution::from_call(function, arguments).expect("valid"))
    }

    #[test]
    fn a_truncated_distribution_has_the_quantiles_of_its_part() {
        let part = of("uniform", &[0.0, 10.0]).truncated(4.0, 6.0).expect("it lies there");
        assert!((part.quantile(0.25) - 4.5).abs() < 1e-14 && part.quantile(1.0) == 6.0 && part.quantile(0.0) == 4.0);
        assert!((part.cdf(5.5).expect("known") - 0.75).abs() < 1e-14);
        // Twice truncated is once truncated to both.
        let twice = part.truncated(f64::NEG_INFINITY, 5.0).expect("it lies there");
        assert!((twice.quantile(0.5) - 4.5).abs() < 1e-14);
        assert!(of("uniform", &[0.0, 10.0]).truncated(11.0, 12.0).is_none());
    }

    #[test]
    fn closed_quantiles_have_the_bits_of_the_distributions_own() {
        let calls: [(&str, &[f64]); 8] = [
            ("normal", &[3.0, -2.0]),
            ("lognormal", &[1.0, 0.5]),
            ("uniform", &[-2.0, 9.0]),
            ("exponential", &[0.25]),
            ("weibull", &[2.0, 1.5]),
            ("pareto", &[10.0, 2.5]),
            ("logistic", &[5.0, 2.0]),
            ("gompertz", &[0.1, 3.0]),
        ];
        for (name, arguments) in calls {
            let distribution = Distribution::from_call(name, arguments).expect("valid");
            assert!(is_closed(&distribution), "{name}");
            for p in (0..=1000).map(|i| f64::from(i) / 1000.0).chain([1e-12, 1e-300]) {
                let expected = distribution.quantile(p).expect("known");
                assert_eq!(closed_quantile(&distribution, p).to_bits(), expected.to_bits(), "{name} {p}");
            }
            assert!([-0.1, 1.1, f64::NAN].iter().all(|&p| closed_quantile(&distribution, p).is_nan()));
        }
    }

    #[test]
    fn the_atom_at_the_low_end_belongs_to_the_part() {
        let dice = of("randomInt", &[1.0, 7.0]).truncated(3.0, 4.0).expect("it lies there");
        assert_eq!((dice.quantile(0.25), dice.quantile(0.75)), (3.0, 4.0));
    }
}
