//! Distributions by the figures that people have of them, and parts of distributions.

use std::sync::Arc;

use super::super::part::{Part, Sampled, number};
use super::super::{Lowered, Lowering};
use super::argument;
use crate::dist::{Distribution, Percentiles};
use crate::math;
use crate::program::draw::DrawKind;
use crate::program::error::{ProgramError, ProgramErrorKind};
use crate::program::graph::NodeId;
use crate::program::operation::BinaryOperation::{Add, Divide, Multiply, NotBelow, Subtract};
use crate::program::operation::UnaryOperation::{Logarithm, SquareRoot};
use crate::program::quantile_function::QuantileFunction;
use crate::span::Span;

impl Lowering<'_> {
    /// `percentiles(shares, values)`, both known.
    pub(super) fn percentiles(&mut self, shares: &Part, values: &Part, span: Span) -> Lowered<Part> {
        let (shares, values) = (self.known_numbers(shares, span)?, self.known_numbers(values, span)?);
        let percentiles = Percentiles::new(&shares, &values).map_err(|kind| ProgramError::at(span, kind))?;
        // A normal score is what the points are fitted over.
        let standard = Distribution::from_call("normal", &[0.0, 1.0]).map_err(|kind| ProgramError::at(span, kind))?;
        let score = self.draw_node(DrawKind::Distribution(standard));
        let function = QuantileFunction::Percentiles(Arc::new(percentiles));
        Ok(Part::Sampled(Sampled::number(self.graph.score_draw(&function, score))))
    }

    /// The elements of a list that has to be known.
    fn known_numbers(&mut self, list: &Part, span: Span) -> Lowered<Vec<f64>> {
        let found = list.described();
        let elements = list.elements().ok_or_else(|| ProgramError::at(span, ProgramErrorKind::NotList { found }))?;
        let known = elements.iter().map(|part| match part {
            Part::Known(value) => number(value).map_err(|kind| ProgramError::at(span, kind)),
            other => Err(ProgramError::at(span, ProgramErrorKind::NotConstant { found: other.described() })),
        });
        known.collect()
    }

    /// `x` given that it lies from `low` to `high`: its quantile function over the share that lies there.
    pub(super) fn truncate(
        &mut self,
        name: &'static str,
        x: Sampled,
        low: Sampled,
        high: Sampled,
        span: Span,
    ) -> Lowered<Sampled> {
        let (low, high) = (self.constant_number(low, span)?, self.constant_number(high, span)?);
        let nothing_left = || ProgramError::at(span, ProgramErrorKind::NothingLeft { function: name, low, high });
        if let (Some(value), None) = (self.graph.constant_value(x.node), x.keep) {
            return if low <= value && value <= high { Ok(x) } else { Err(nothing_left()) };
        }
        let function = if x.keep.is_none() { self.graph.quantile_function(x.node) } else { None };
        let function = function
            .filter(|function| function.cdf(0.0).is_some())
            .ok_or_else(|| ProgramError::at(span, ProgramErrorKind::NoQuantiles { function: name }))?;
        let truncated = function.truncated(low, high).ok_or_else(nothing_left)?;
        let uniform = self.draw_node(DrawKind::Open);
        Ok(Sampled::number(self.graph.inverse_draw(&truncated, uniform)))
    }

    /// `mu = ln median`, `sigma = ln(p99 / median) / z` with the standard normal 0.99 quantile `z`.
    pub(super) fn log_normal_by_quantiles(&mut self, median: NodeId, p99: NodeId, span: Span) -> Lowered<NodeId> {
        let known = (self.graph.constant_value(median), self.graph.constant_value(p99));
        if let Some(median) = known.0.filter(|&median| median.is_nan() || median <= 0.0) {
            return Err(argument(span, "lognormalMedianP99", "a median above 0", median));
        }
        if let (Some(median), Some(p99)) = known
            && (p99.is_nan() || p99 < median)
        {
            return Err(argument(span, "lognormalMedianP99", "a 99th percentile of at least the median", p99));
        }
        let mu = self.graph.unary(Logarithm, median);
        let upper = self.graph.unary(Logarithm, p99);
        let width = self.graph.binary(Subtract, upper, mu);
        let z = self.graph.constant(math::normal_quantile(0.99));
        let sigma = self.graph.binary(Divide, width, z);
        self.log_normal(mu, sigma, span)
    }

    /// `sigma^2 = ln(1 + cv^2)`, `mu = ln mean - sigma^2 / 2`.
    pub(super) fn log_normal_by_moments(&mut self, mean: NodeId, variation: NodeId, span: Span) -> Lowered<NodeId> {
        if let Some(mean) = self.graph.constant_value(mean).filter(|&mean| mean.is_nan() || mean <= 0.0) {
            return Err(argument(span, "lognormalMeanCv", "a mean above 0", mean));
        }
        if let Some(variation) =
            self.graph.constant_value(variation).filter(|&variation| variation.is_nan() || variation < 0.0)
        {
            return Err(argument(span, "lognormalMeanCv", "a coefficient of variation of at least 0", variation));
        }
        let (one, half) = (self.graph.constant(1.0), self.graph.constant(0.5));
        let square = self.graph.binary(Multiply, variation, variation);
        let square = self.graph.binary(Add, one, square);
        let square = self.graph.unary(Logarithm, square);
        let sigma = self.graph.unary(SquareRoot, square);
        let shift = self.graph.binary(Multiply, half, square);
        let mu = self.graph.unary(Logarithm, mean);
        let mu = self.graph.binary(Subtract, mu, shift);
        self.log_normal(mu, sigma, span)
    }

    /// Log-normal; not a number in a sample whose `sigma` is negative.
    fn log_normal(&mut self, mu: NodeId, sigma: NodeId, span: Span) -> Lowered<NodeId> {
        let zero = self.graph.constant(0.0);
        let is_width = self.graph.binary(NotBelow, sigma, zero);
        let sigma = self.only_where(is_width, sigma);
        self.drawn("lognormal", &[mu, sigma], span)
    }
}
