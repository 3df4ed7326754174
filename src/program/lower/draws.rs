//! Draws: distributions, random integers, choices among alternatives.

use std::sync::Arc;

use super::latency::is_latency;
use super::part::{Part, Sampled, number};
use super::{Lowered, Lowering};
use crate::dist::{Choice, DistError, Distribution, Family};
use crate::formula::value::Value;
use crate::formula::{Tree, functions};
use crate::program::draw::{Draw, DrawKind};
use crate::program::error::{ProgramError, ProgramErrorKind};
use crate::program::graph::NodeId;
use crate::program::operation::{BinaryOperation, UnaryOperation};
use crate::span::Span;

/// Whether a function of that name draws when it is called with so many arguments.
pub(super) fn draws(name: &str, arguments: usize) -> bool {
    functions::find(name).is_some_and(|function| function.draws_with(arguments))
}

/// Distributions that Guesstimate refuses a number written as text for; the others take it as a number.
const TAKES_NO_TEXT: [&str; 6] = ["normal", "cauchy", "triangular", "doubleTriangular", "PERT", "binomial"];

/// Most numbers that one call may draw a sample.
const DRAWS_MAX: usize = 10_000;

impl Lowering<'_> {
    pub(super) fn draw(&mut self, name: &str, arguments: &[Tree], span: Span) -> Lowered<Part> {
        let parts = arguments.iter().map(|tree| self.part(tree)).collect::<Lowered<Vec<_>>>()?;
        self.draw_parts(name, &parts, span)
    }

    pub(super) fn draw_parts(&mut self, name: &str, arguments: &[Part], span: Span) -> Lowered<Part> {
        match (name, arguments) {
            ("pickRandom", _) => self.pick_random(arguments, span),
            ("scenarios", _) => self.scenarios(arguments, span),
            ("random" | "randomInt", [size, rest @ ..]) if size.elements().is_some() => {
                self.draw_list(name, size, rest, span)
            }
            _ if is_latency(name) => self.latency(name, arguments, span),
            _ => self.draw_number(name, arguments, span),
        }
    }

    /// Number of the next draw site of the metric.
    pub(super) fn next_site(&mut self) -> u32 {
        self.site += 1;
        self.site - 1
    }

    /// One draw a sample from a distribution, whose parameters may be sampled themselves.
    pub(super) fn draw_number(&mut self, name: &str, arguments: &[Part], span: Span) -> Lowered<Part> {
        let mut keep = None;
        let mut nodes = Vec::with_capacity(arguments.len());
        for part in arguments {
            if self.compat && TAKES_NO_TEXT.contains(&name) && matches!(part, Part::Known(Value::Text(_))) {
                return Err(ProgramError::at(span, ProgramErrorKind::NotNumber { found: part.described() }));
            }
            let sampled = self.unfiltered_in_compat(part, span)?;
            keep = self.both(keep, sampled.keep);
            nodes.push(sampled.node);
        }
        let constants: Option<Vec<f64>> = nodes.iter().map(|&node| self.graph.constant_value(node)).collect();
        let kind = if let Some(values) = constants {
            let distribution = Distribution::from_call(name, &values).map_err(|kind| ProgramError::at(span, kind))?;
            if let Distribution::Constant(constant) = distribution {
                return Ok(Part::Sampled(Sampled { keep, ..Sampled::number(self.graph.constant(constant.value())) }));
            }
            DrawKind::Distribution(distribution)
        } else {
            let family = Family::parse(name).expect("the table of functions says that it draws");
            if !family.arity().accepts(nodes.len()) {
                return Err(self.wrong_count(name, family.signature(), nodes.len(), span));
            }
            DrawKind::Family(family, nodes.into())
        };
        let node = self.draw_node(kind);
        Ok(Part::Sampled(Sampled { keep, ..Sampled::number(node) }))
    }

    pub(super) fn draw_node(&mut self, kind: DrawKind) -> NodeId {
        let site = self.next_site();
        self.graph.draw(Draw::new(self.stream, site, kind))
    }

    /// `random([rows, columns], …)`: as many draws as the size says.
    fn draw_list(&mut self, name: &str, size: &Part, rest: &[Part], span: Span) -> Lowered<Part> {
        let mut sizes = Vec::new();
        for part in size.flattened() {
            let Part::Known(value) = part else {
                return Err(ProgramError::at(span, ProgramErrorKind::NotConstant { found: part.described() }));
            };
            let number = number(&value).map_err(|kind| ProgramError::at(span, kind))?;
            sizes.push(number as usize);
        }
        let count = sizes.iter().try_fold(1usize, |count, &size| count.checked_mul(size));
        if count.is_none_or(|count| count > DRAWS_MAX) {
            return Err(ProgramError::at(span, ProgramErrorKind::TooLarge { limit: DRAWS_MAX }));
        }
        self.draw_nested(name, &sizes, rest, span)
    }

    fn draw_nested(&mut self, name: &str, sizes: &[usize], rest: &[Part], span: Span) -> Lowered<Part> {
        match sizes {
            [] => self.draw_number(name, rest, span),
            [size, inner @ ..] => {
                let parts = (0..*size).map(|_| self.draw_nested(name, inner, rest, span)).collect::<Lowered<_>>()?;
                Part::list(parts).map_err(|kind| ProgramError::at(span, kind))
            }
        }
    }

    /// `pickRandom(list)`, `pickRandom(list, weights)`, `pickRandom(list, count, weights)` in either order.
    fn pick_random(&mut self, arguments: &[Part], span: Span) -> Lowered<Part> {
        let Some((list, rest)) = arguments.split_first().filter(|(_, rest)| rest.len() <= 2) else {
            return Err(self.wrong_count("pickRandom", "1 to 3 arguments", arguments.len(), span));
        };
        let Some(alternatives) = list.elements() else {
            return Err(ProgramError::at(span, ProgramErrorKind::NotList { found: list.described() }));
        };
        let weights = rest.iter().find(|part| part.elements().is_some()).map(Part::flattened);
        let count = rest.iter().find(|part| part.elements().is_none());
        if alternatives.is_empty() {
            return Err(ProgramError::at(span, ProgramErrorKind::ListLength { expected: 1, found: 0 }));
        }
        if let Some(weights) = &weights
            && weights.len() != alternatives.len()
        {
            let kind = ProgramErrorKind::ListLength { expected: alternatives.len(), found: weights.len() };
            return Err(ProgramError::at(span, kind));
        }
        let weights = weights.unwrap_or_else(|| vec![Part::Known(Value::Number(1.0)); alternatives.len()]);
        let Some(count) = count else { return self.choice(&alternatives, &weights, Choice::new, span) };
        let Part::Known(count) = count else {
            return Err(ProgramError::at(span, ProgramErrorKind::NotConstant { found: count.described() }));
        };
        let count = number(count).map_err(|kind| ProgramError::at(span, kind))? as usize;
        if count > DRAWS_MAX {
            return Err(ProgramError::at(span, ProgramErrorKind::TooLarge { limit: DRAWS_MAX }));
        }
        let parts =
            (0..count).map(|_| self.choice(&alternatives, &weights, Choice::new, span)).collect::<Lowered<_>>()?;
        Ok(Part::List(parts))
    }

    /// `scenarios(values, weights)`: one of the values, as often as its weight says; missing weights are 0.
    fn scenarios(&mut self, arguments: &[Part], span: Span) -> Lowered<Part> {
        let [values, weights] = arguments else {
            return Err(self.wrong_count("scenarios", "2 arguments", arguments.len(), span));
        };
        let (Some(alternatives), Some(mut weights)) = (values.elements(), weights.elements()) else {
            let found = if values.elements().is_none() { values.described() } else { weights.described() };
            return Err(ProgramError::at(span, ProgramErrorKind::NotList { found }));
        };
        if alternatives.is_empty() || weights.len() > alternatives.len() {
            let kind = ProgramErrorKind::ListLength { expected: alternatives.len().max(1), found: weights.len() };
            return Err(ProgramError::at(span, kind));
        }
        weights.resize(alternatives.len(), Part::Known(Value::Number(0.0)));
        self.choice(&alternatives, &weights, Choice::from_scenarios, span)
    }

    /// One of the alternatives, by weight.
    fn choice(
        &mut self,
        alternatives: &[Part],
        weights: &[Part],
        of_weights: fn(&[f64]) -> Result<Choice, DistError>,
        span: Span,
    ) -> Lowered<Part> {
        let known: Option<Vec<&Value>> = weights.iter().map(Part::known).collect();
        let index = match known {
            Some(values) => {
                let numbers = values.iter().map(|value| number(value));
                let numbers: Vec<f64> =
                    numbers.collect::<Result<_, _>>().map_err(|kind| ProgramError::at(span, kind))?;
                let choice = of_weights(&numbers).map_err(|kind| ProgramError::at(span, kind))?;
                Sampled::number(self.draw_node(DrawKind::Choice(Arc::new(choice))))
            }
            None => self.weighted_index(weights, span)?,
        };
        self.alternative(index, alternatives, span)
    }

    /// Index drawn with weights that are sampled: how many of the running sums a uniform share of the total exceeds.
    fn weighted_index(&mut self, weights: &[Part], span: Span) -> Lowered<Sampled> {
        let mut sums = Vec::with_capacity(weights.len());
        let mut keep = None;
        let (mut sum, zero) = (self.graph.constant(0.0), self.graph.constant(0.0));
        for weight in weights {
            let weight = self.unfiltered_in_compat(weight, span)?;
            keep = self.both(keep, weight.keep);
            let positive = self.graph.binary(BinaryOperation::Maximum, weight.node, zero);
            sum = self.graph.binary(BinaryOperation::Add, sum, positive);
            sums.push(sum);
        }
        let unit = Distribution::from_call("random", &[]).map_err(|kind| ProgramError::at(span, kind))?;
        let unit = self.draw_node(DrawKind::Distribution(unit));
        let target = self.graph.binary(BinaryOperation::Multiply, unit, sum);
        let mut index = zero;
        for &sum in &sums[..sums.len() - 1] {
            let beyond = self.graph.binary(BinaryOperation::NotBelow, target, sum);
            index = self.graph.binary(BinaryOperation::Add, index, beyond);
        }
        Ok(Sampled { keep, ..Sampled::number(index) })
    }

    /// The alternative that a sampled index, counted from 0, names.
    fn alternative(&mut self, index: Sampled, alternatives: &[Part], span: Span) -> Lowered<Part> {
        let numbers: Option<Arc<[f64]>> = alternatives
            .iter()
            .map(|part| match part {
                Part::Known(Value::Number(number)) => Some(*number),
                _ => None,
            })
            .collect();
        if let Some(numbers) = numbers {
            let node = self.graph.lookup(&numbers, index.node);
            return Ok(Part::Sampled(Sampled { keep: index.keep, ..Sampled::number(node) }));
        }
        let (last, rest) = alternatives.split_last().expect("checked: there is an alternative");
        let mut result = last.clone();
        for (position, part) in rest.iter().enumerate().rev() {
            let here = self.graph.constant(position as f64);
            let difference = self.graph.binary(BinaryOperation::Subtract, index.node, here);
            let node = self.graph.unary(UnaryOperation::Not, difference);
            result = self.choose(Sampled { node, boolean: true, keep: index.keep }, (part, span), (&result, span))?;
        }
        Ok(result)
    }

    fn wrong_count(&self, function: &str, expected: &str, found: usize, span: Span) -> ProgramError {
        let (function, expected) = (function.to_owned(), expected.to_owned());
        ProgramError::at(span, ProgramErrorKind::ArgumentCount { function, expected, found })
    }
}
