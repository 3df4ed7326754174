//! Gathers spans into traces while they stream by, in bounded memory.
//!
//! A trace is open from its first span until it has gone untouched longest while more spans are held than allowed;
//! then it is closed and handed over. Files that keep the spans of a trace together, or in order of time, come out
//! whole; a span that comes after its trace was closed makes a fragment, which is counted and not mistaken for a
//! request unless it is a root.

use std::collections::{HashMap, VecDeque};

use super::span::{Id, Span};

/// Traces whose spans are still coming in.
pub(crate) struct OpenTraces {
    traces: HashMap<Id, OpenTrace>,
    order: VecDeque<(Id, u64)>,
    last: Option<Id>,
    clock: u64,
    span_count: usize,
    span_count_max: usize,
    spare: Vec<Vec<Span>>,
}

struct OpenTrace {
    spans: Vec<Span>,
    touched: u64,
}

impl OpenTraces {
    /// No trace yet; at most `span_count_max` spans are held.
    pub(crate) fn new(span_count_max: usize) -> Self {
        Self {
            traces: HashMap::new(),
            order: VecDeque::new(),
            last: None,
            clock: 0,
            span_count: 0,
            span_count_max,
            spare: Vec::new(),
        }
    }

    /// Adds a span and hands over the traces that this closes.
    pub(crate) fn add(&mut self, trace: Id, span: Span, close: &mut dyn FnMut(Id, &mut Vec<Span>)) {
        let open = self
            .traces
            .entry(trace)
            .or_insert_with(|| OpenTrace { spans: self.spare.pop().unwrap_or_default(), touched: 0 });
        open.spans.push(span);
        self.span_count += 1;
        if self.last != Some(trace) {
            self.clock += 1;
            open.touched = self.clock;
            self.order.push_back((trace, self.clock));
            self.last = Some(trace);
        }
        while self.span_count > self.span_count_max {
            self.close_oldest(close);
        }
    }

    /// Hands over every trace that is still open.
    pub(crate) fn finish(mut self, close: &mut dyn FnMut(Id, &mut Vec<Span>)) {
        while !self.order.is_empty() {
            self.close_oldest(close);
        }
    }

    fn close_oldest(&mut self, close: &mut dyn FnMut(Id, &mut Vec<Span>)) {
        let Some((trace, touched)) = self.order.pop_front() else { return };
        if self.traces.get(&trace).is_none_or(|open| open.touched != touched) {
            return;
        }
        if let Some(mut open) = self.traces.remove(&trace) {
            self.span_count -= open.spans.len();
            close(trace, &mut open.spans);
            open.spans.clear();
            if self.spare.len() < 64 {
                self.spare.push(open.spans);
            }
            if self.last == Some(trace) {
                self.last = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(order: &[u128], limit: usize) -> Vec<(u128, usize)> {
        let mut closed = Vec::new();
        let mut close = |trace, spans: &mut Vec<Span>| closed.push((trace, spans.len()));
        let mut open = OpenTraces::new(limit);
        for &trace in order {
            open.add(trace, Span::default(), &mut close);
        }
        open.finish(&mut close);
        closed
    }

    #[test]
    fn the_trace_untouched_longest_is_closed_first() {
        assert_eq!(run(&[1, 1, 2, 1, 3, 3], 100), [(2, 1), (1, 3), (3, 2)]);
    }

    #[test]
    fn no_more_spans_are_held_than_allowed() {
        assert_eq!(run(&[1, 2, 1, 3], 2), [(2, 1), (1, 2), (3, 1)]);
        assert_eq!(run(&[1, 1, 1, 1], 2), [(1, 3), (1, 1)]);
    }
}
