//! Independent copies of a call: redraws, hedges, ties, retries.
//!
//! The first attempt of a call is the call itself, so `hedge(x, d)` is never above `x`. The others are numbered copies of
//! `x` and all that it is computed from; they are the same wherever a call is hedged or retried, so that `retry`,
//! `retryLoad` and `retryFailure` of one call agree sample by sample.

use super::super::part::Sampled;
use super::super::{Lowered, Lowering, OPERATIONS_MAX};
use super::argument;
use crate::program::copy::Copy;
use crate::program::error::{ProgramError, ProgramErrorKind};
use crate::program::operation::BinaryOperation;
use crate::span::Span;

/// Most attempts of a retried call.
const ATTEMPTS_MAX: f64 = 64.0;

impl Lowering<'_> {
    /// A copy of what `x` is computed from.
    fn copied(&mut self, x: Sampled, copy: Copy, span: Span) -> Lowered<Sampled> {
        self.size_checked(span)?;
        let roots: Vec<_> = std::iter::once(x.node).chain(x.keep).collect();
        let room = self.nodes_max.saturating_sub(self.graph.len());
        let Some(nodes) = self.graph.upstream(&roots, room) else {
            return Err(ProgramError::at(span, ProgramErrorKind::TooLarge { limit: OPERATIONS_MAX }));
        };
        let places = self.graph.copy(&nodes, copy);
        Ok(Sampled { node: places[&x.node], keep: x.keep.map(|keep| places[&keep]), boolean: x.boolean })
    }

    /// The copy written here: `draw(x)`.
    pub(super) fn written_copy(&mut self, x: Sampled, span: Span) -> Lowered<Sampled> {
        let copy = Copy::Written { stream: self.stream, site: self.next_site() };
        self.copied(x, copy, span)
    }

    /// The earlier of `x` and `delay` plus the second copy.
    pub(super) fn hedge(&mut self, x: Sampled, delay: Sampled, span: Span) -> Lowered<Sampled> {
        if let Some(delay) = self.graph.constant_value(delay.node)
            && (delay.is_nan() || delay < 0.0)
        {
            return Err(argument(span, "hedge", "a delay of at least 0", delay));
        }
        let second = self.copied(x, Copy::Numbered(2), span)?;
        let second = self.of_two(BinaryOperation::Add, delay, second);
        Ok(self.of_two(BinaryOperation::Minimum, x, second))
    }

    /// The shorter of two waits, then the service.
    pub(super) fn tied(&mut self, wait: Sampled, service: Sampled, span: Span) -> Lowered<Sampled> {
        let second = self.copied(wait, Copy::Numbered(2), span)?;
        let wait = self.of_two(BinaryOperation::Minimum, wait, second);
        Ok(self.of_two(BinaryOperation::Add, wait, service))
    }

    /// The copies of `x`, one an attempt, the first being `x` itself.
    fn attempts(&mut self, function: &'static str, x: Sampled, count: Sampled, span: Span) -> Lowered<Vec<Sampled>> {
        let count = self.constant_number(count, span)?;
        if count.fract() != 0.0 || !(1.0..=ATTEMPTS_MAX).contains(&count) {
            return Err(argument(span, function, "a whole number of attempts from 1 to 64", count));
        }
        let mut attempts = vec![x];
        for number in 2..=count as u32 {
            attempts.push(self.copied(x, Copy::Numbered(number), span)?);
        }
        Ok(attempts)
    }

    /// From the last attempt back: an attempt within the timeout is the answer; else the timeout, the pause and what the
    /// next attempts take.
    pub(super) fn retry(
        &mut self,
        x: Sampled,
        timeout: Sampled,
        attempts: Sampled,
        backoff: Sampled,
        span: Span,
    ) -> Lowered<Sampled> {
        let attempts = self.attempts("retry", x, attempts, span)?;
        let (&last, earlier) = attempts.split_last().expect("at least one attempt");
        let mut result = self.of_two(BinaryOperation::Minimum, last, timeout);
        for (index, &attempt) in earlier.iter().enumerate().rev() {
            let number = index as u32 + 1;
            // Each pause is drawn anew, as each attempt is.
            let pause = if number == 1 { backoff } else { self.copied(backoff, Copy::Numbered(number), span)? };
            let wait = self.of_two(BinaryOperation::Add, timeout, pause);
            let later = self.of_two(BinaryOperation::Add, wait, result);
            result = self.if_late(attempt, timeout, later, attempt);
        }
        Ok(result)
    }

    /// One attempt, and one more for each that times out before the last.
    pub(super) fn retry_load(&mut self, x: Sampled, timeout: Sampled, count: Sampled, span: Span) -> Lowered<Sampled> {
        let attempts = self.attempts("retryLoad", x, count, span)?;
        let one = Sampled::number(self.graph.constant(1.0));
        let mut result = one;
        for &attempt in attempts[..attempts.len() - 1].iter().rev() {
            let more = self.of_two(BinaryOperation::Add, one, result);
            result = self.if_late(attempt, timeout, more, one);
        }
        Ok(result)
    }

    /// Whether every attempt times out.
    pub(super) fn retry_failure(
        &mut self,
        x: Sampled,
        timeout: Sampled,
        count: Sampled,
        span: Span,
    ) -> Lowered<Sampled> {
        let attempts = self.attempts("retryFailure", x, count, span)?;
        let none = Sampled::number(self.graph.constant(0.0));
        let mut result = Sampled::number(self.graph.constant(1.0));
        for &attempt in attempts.iter().rev() {
            result = self.if_late(attempt, timeout, result, none);
        }
        Ok(result)
    }

    /// `late` where `attempt` is above `timeout`, `otherwise` where it is not, and not a number where either is none.
    fn if_late(&mut self, attempt: Sampled, timeout: Sampled, late: Sampled, otherwise: Sampled) -> Sampled {
        let is_late = self.graph.binary(BinaryOperation::Exceeds, attempt.node, timeout.node);
        let node = self.graph.select(is_late, late.node, otherwise.node);
        // The comparison of what is no number is none either, and neither is what it decides.
        let known = self.graph.binary(BinaryOperation::Equal, is_late, is_late);
        let node = self.only_where(known, node);
        let keep = self.both(attempt.keep, timeout.keep);
        let late_keep = late.keep.map(|late_keep| {
            let one = self.graph.constant(1.0);
            self.graph.select(is_late, late_keep, one)
        });
        let keep = self.both(keep, late_keep);
        Sampled { keep, ..Sampled::number(node) }
    }
}
