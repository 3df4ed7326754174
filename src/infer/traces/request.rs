//! The spans of one trace made into trees of calls: halves joined, client and server sides matched, forwarded calls
//! put under the call that was forwarded, clocks of different hosts aligned.
//!
//! ```text
//! spans of a trace --join halves--> calls --parents--> trees --align clocks--> Request (calls in preorder)
//! ```
//!
//! A forwarded call is one that the callee never answers, while a sibling that the callee sent goes on to another host
//! whose answer returns to the original caller: Cassandra's hop to the owner of a key. It becomes one call with the
//! forward hop below it, so that times still add up.

use super::span::{Id, Role, Span, Symbol, Symbols, Times};

/// Deepest tree of calls that is followed.
const DEPTH_MAX: usize = 200;

/// How far times of one host may disagree by rounding: two microseconds.
const ROUNDING_NS: i64 = 2000;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// It returned.
    Answered,
    /// It returned and is marked as failed.
    Failed,
    /// It never returned.
    Lost,
}

/// One call of a request; times are nanoseconds since the request was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    /// Position of the call that made this one.
    pub(crate) parent: Option<usize>,
    /// Depth below the root.
    pub(crate) depth: usize,
    /// Service that made the call, if known.
    pub(crate) caller: Option<Symbol>,
    /// Service that answered, or the operation where no service is named.
    pub(crate) service: Symbol,
    /// Operation.
    pub(crate) operation: Option<Symbol>,
    /// How it ended.
    pub(crate) ending: Ending,
    /// Whether this is the hop by which the parent was forwarded.
    pub(crate) forward: bool,
    /// Whether nobody waits for it.
    pub(crate) asynchronous: bool,
    /// Sent, or taken up where the caller does not tell.
    pub(crate) start: i64,
    /// Returned, or answered; `start` where it was lost.
    pub(crate) end: i64,
    /// Interval of the callee, where both sides tell; else the same as `start..end`.
    pub(crate) inner: (i64, i64),
    /// Whether both sides tell, so that the time between them is known.
    pub(crate) both_sides: bool,
    /// Whether it was made over by clock alignment.
    pub(crate) aligned: bool,
}

/// One request: its calls in preorder, the root first.
pub(crate) struct Request {
    /// The calls.
    pub(crate) calls: Vec<Call>,
    /// Whether the tree was deeper than what is followed.
    pub(crate) cut: bool,
}

/// Makes requests out of traces; keeps its buffers.
#[derive(Default)]
pub(crate) struct Assembler {
    parent: Vec<Option<usize>>,
    children: Vec<Vec<usize>>,
    forward: Vec<bool>,
    dropped: Vec<bool>,
}

impl Assembler {
    /// Hands each request of a trace to `emit`; yields how many spans hang on none.
    pub(crate) fn assemble(
        &mut self,
        spans: &mut Vec<Span>,
        symbols: &mut Symbols,
        emit: &mut dyn FnMut(Request, &mut Symbols),
    ) -> u64 {
        join_halves(spans);
        self.link(spans);
        self.match_sides(spans, symbols);
        self.match_forwards(spans);
        let mut placed = 0;
        for root in 0..spans.len() {
            if spans[root].parent.is_none() && !self.dropped[root] {
                let request = self.request(root, spans, symbols);
                placed += request.calls.len();
                emit(request, symbols);
            }
        }
        let dropped = self.dropped[..spans.len()].iter().filter(|&&dropped| dropped).count();
        (spans.len().saturating_sub(placed + dropped)) as u64
    }

    fn link(&mut self, spans: &[Span]) {
        let find = |id: Id| spans.binary_search_by_key(&id, |span| span.id).ok();
        self.parent.clear();
        self.parent.extend(spans.iter().map(|span| span.parent.and_then(find)));
        for list in &mut self.children {
            list.clear();
        }
        self.children.resize_with(spans.len().max(self.children.len()), Vec::new);
        for (child, parent) in self.parent.iter().enumerate() {
            if let &Some(parent) = parent {
                self.children[parent].push(child);
            }
        }
        self.forward.clear();
        self.forward.resize(spans.len(), false);
        self.dropped.clear();
        self.dropped.resize(spans.len(), false);
    }

    /// Joins a client span with the one server span below it, where the two sides have spans of their own.
    fn match_sides(&mut self, spans: &mut [Span], symbols: &mut Symbols) {
        for client in 0..spans.len() {
            if spans[client].times.client_send.is_none() || spans[client].times.server_receive.is_some() {
                continue;
            }
            let caller = spans[client].caller.map(|host| symbols.service(host));
            let mut servers = self.children[client].iter().copied().filter(|&child| {
                let child = &spans[child];
                let callee = child.callee.map(|host| symbols.service(host));
                child.times.client_send.is_none() && child.times.server_receive.is_some() && callee != caller
            });
            let (Some(server), None) = (servers.next(), servers.next()) else { continue };
            let half = spans[server];
            let span = &mut spans[client];
            span.times.server_receive = half.times.server_receive;
            span.times.server_send = half.times.server_send;
            span.callee = half.callee.or(span.callee);
            span.operation = half.operation.or(span.operation);
            span.failed |= half.failed;
            if half.role == Role::Asynchronous {
                span.role = Role::Asynchronous;
            }
            self.dropped[server] = true;
            let below = std::mem::take(&mut self.children[server]);
            for &child in &below {
                self.parent[child] = Some(client);
            }
            self.children[client].retain(|&child| child != server);
            self.children[client].extend(below);
        }
    }

    /// Puts a forward hop below the call that was forwarded.
    fn match_forwards(&mut self, spans: &mut [Span]) {
        for hop in 0..spans.len() {
            let (Some(parent), Some(sender), Some(sent)) =
                (self.parent[hop], spans[hop].caller, spans[hop].times.client_send)
            else {
                continue;
            };
            let forwarded = self.children[parent].iter().copied().find(|&call| {
                let Span { times, caller, callee, .. } = &spans[call];
                call != hop
                    && times.server_send.is_none()
                    && times.client_receive.is_none()
                    && times.server_receive.is_some_and(|received| received <= sent)
                    && *callee == Some(sender)
                    && *caller != Some(sender)
                    && spans[call].operation == spans[hop].operation
            });
            let Some(call) = forwarded else { continue };
            let answered = spans[hop].times.client_receive;
            spans[call].times.server_send = answered;
            spans[call].times.client_receive = answered;
            self.forward[hop] = true;
            self.parent[hop] = Some(call);
            self.children[parent].retain(|&child| child != hop);
            self.children[call].push(hop);
        }
    }

    /// Walks a tree from its root and puts every call on the root's clock.
    fn request(&self, root: usize, spans: &[Span], symbols: &mut Symbols) -> Request {
        let times = &spans[root].times;
        let origin = times.client_send.or(times.server_receive).unwrap_or(0);
        let mut request = Request { calls: Vec::new(), cut: false };
        let mut stack = vec![(root, None::<usize>, 0_i64)];
        while let Some((at, parent, shift)) = stack.pop() {
            let depth = parent.map_or(0, |parent: usize| request.calls[parent].depth + 1);
            if depth > DEPTH_MAX {
                request.cut = true;
                continue;
            }
            let above = parent.map(|parent| request.calls[parent]);
            let (mut call, below) = place(&spans[at], above, shift.saturating_sub(origin), symbols);
            call.parent = parent;
            call.depth = depth;
            call.forward = self.forward[at];
            if let (true, None, Some(caller)) = (call.forward, spans[at].callee, call.caller) {
                // A hop that got lost names nobody; forwarding stays within a service.
                call.service = caller;
            }
            let position = request.calls.len();
            request.calls.push(call);
            for &child in self.children[at].iter().rev() {
                stack.push((child, Some(position), below.saturating_add(origin)));
            }
        }
        request
    }
}

/// Joins spans that share an id, and sorts by id.
fn join_halves(spans: &mut Vec<Span>) {
    spans.sort_by_key(|span| span.id);
    spans.dedup_by(|next, kept| {
        let same = next.id == kept.id;
        if same {
            kept.absorb(next);
        }
        same
    });
}

/// Puts a span on the root's clock; yields the call and the shift for what its callee did.
fn place(span: &Span, above: Option<Call>, shift: i64, symbols: &mut Symbols) -> (Call, i64) {
    let at = |time: Option<i64>| time.map(|time| time.saturating_add(shift));
    let Times { client_send, server_receive, server_send, client_receive } = span.times;
    let client = client_send.map(|start| (start, client_receive));
    let (start, end) = client.or(server_receive.map(|start| (start, server_send))).unwrap_or((0, None));
    let (start, mut end) = (start.saturating_add(shift), at(end));
    if end.is_some_and(|end| end < start) {
        end = None;
    }
    let mut below = shift;
    let mut inner = (start, end.unwrap_or(start));
    let mut both_sides = false;
    let mut aligned = false;
    if let (Some(end), Some(received), Some(sent), true) = (end, at(server_receive), at(server_send), client.is_some())
    {
        both_sides = received <= sent;
        if both_sides {
            let moved = alignment((start, end), (received, sent));
            aligned = moved != 0;
            below = below.saturating_add(moved);
            inner = (received.saturating_add(moved).max(start), sent.saturating_add(moved).min(end));
        }
    }
    let parent_service = above.map(|above| above.service);
    let named = span.callee.map(|host| symbols.service(host));
    let caller = span.caller.map(|host| symbols.service(host)).or(parent_service);
    let service = named.or(span.operation).unwrap_or_else(|| symbols.intern("unknown"));
    let ending = match (end, span.failed) {
        (None, _) => Ending::Lost,
        (Some(_), true) => Ending::Failed,
        (Some(_), false) => Ending::Answered,
    };
    let mut call = Call {
        parent: None,
        depth: 0,
        caller,
        service,
        operation: span.operation,
        ending,
        forward: false,
        asynchronous: span.role == Role::Asynchronous,
        start,
        end: end.unwrap_or(start),
        inner,
        both_sides,
        aligned,
    };
    if let Some(above) = above {
        let moved = settle(&mut call, above, client.is_none() && named != Some(above.service));
        below = below.saturating_add(moved);
    }
    (call, below)
}

/// How far the callee's clock is off: 0 where its interval lies within the caller's, else what centres it there.
fn alignment(caller: (i64, i64), callee: (i64, i64)) -> i64 {
    if callee.0 >= caller.0.saturating_sub(ROUNDING_NS) && callee.1 <= caller.1.saturating_add(ROUNDING_NS) {
        return 0;
    }
    let slack = (caller.1 - caller.0).saturating_sub(callee.1.saturating_sub(callee.0));
    caller.0.saturating_add(slack.max(0) / 2).saturating_sub(callee.0)
}

/// Fits a call into the one that made it: clips what rounding lets stick out, aligns the clock of a callee whose caller
/// tells nothing, and marks what outlives its caller as asynchronous. Yields how far the call was moved.
fn settle(call: &mut Call, above: Call, other_clock: bool) -> i64 {
    let (low, high) = above.inner;
    let mut moved = 0;
    if other_clock && call.start < low.saturating_sub(ROUNDING_NS) && above.ending != Ending::Lost {
        moved = alignment(above.inner, (call.start, call.end));
        call.aligned = true;
        for time in [&mut call.start, &mut call.end, &mut call.inner.0, &mut call.inner.1] {
            *time = time.saturating_add(moved);
        }
    }
    if above.ending == Ending::Lost {
        return moved;
    }
    if call.end > high.saturating_add(ROUNDING_NS) || call.start > high {
        call.asynchronous = true;
        return moved;
    }
    call.start = call.start.clamp(low, high);
    call.end = call.end.clamp(call.start, high);
    call.inner.0 = call.inner.0.clamp(call.start, call.end);
    call.inner.1 = call.inner.1.clamp(call.inner.0, call.end);
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(id: Id, parent: Option<Id>, caller: Symbol, callee: Symbol, times: [Option<i64>; 4]) -> Span {
        let [client_send, server_receive, server_send, client_receive] = times.map(|time| time.map(|us| us * 1000));
        let times = Times { client_send, server_receive, server_send, client_receive };
        Span { id, parent, caller: Some(caller), callee: Some(callee), times, ..Span::default() }
    }

    fn assemble(mut spans: Vec<Span>, symbols: &mut Symbols) -> (Vec<Request>, u64) {
        let mut requests = Vec::new();
        let stray = Assembler::default().assemble(&mut spans, symbols, &mut |request, _| requests.push(request));
        (requests, stray)
    }

    #[test]
    fn a_forward_hop_stands_below_the_call_that_was_forwarded() {
        let mut symbols = Symbols::default();
        let [web, data, near, far] = ["web", "data", "ring.r.z..node0...node.riak", "ring.r.z..node1...node.riak"]
            .map(|name| symbols.intern(name));
        let spans = vec![
            span(1, None, web, data, [Some(0), Some(10), Some(90), Some(100)]),
            span(2, Some(1), data, near, [Some(20), Some(30), None, None]),
            span(3, Some(1), near, far, [Some(35), Some(45), Some(60), Some(70)]),
        ];
        let (requests, stray) = assemble(spans, &mut symbols);
        let calls = &requests[0].calls;
        assert_eq!((calls.len(), stray), (3, 0));
        assert_eq!((calls[1].start, calls[1].end, calls[1].inner), (20_000, 70_000, (30_000, 70_000)));
        assert_eq!((calls[2].parent, calls[2].forward, calls[2].inner), (Some(1), true, (45_000, 60_000)));
        assert_eq!(symbols.name(calls[2].service), "node");
    }

    #[test]
    fn what_outlives_its_caller_is_asynchronous_and_rounding_is_clipped() {
        let mut symbols = Symbols::default();
        let [web, data, late] = ["web", "data", "late"].map(|name| symbols.intern(name));
        let spans = vec![
            span(1, None, web, data, [Some(0), Some(10), Some(90), Some(100)]),
            span(2, Some(1), data, late, [Some(20), None, None, Some(500)]),
            span(3, Some(1), data, late, [Some(80), None, None, Some(91)]),
        ];
        let (requests, _) = assemble(spans, &mut symbols);
        let calls = &requests[0].calls;
        assert!(calls[1].asynchronous && !calls[2].asynchronous);
        assert_eq!(calls[2].end, 90_000);
    }

    #[test]
    fn spans_without_their_parents_and_circles_are_stray() {
        let mut symbols = Symbols::default();
        let web = symbols.intern("web");
        let whole = [Some(0), Some(1), Some(2), Some(3)];
        let spans = vec![
            span(1, None, web, web, whole),
            span(2, Some(9), web, web, whole),
            span(3, Some(4), web, web, whole),
            span(4, Some(3), web, web, whole),
        ];
        let (requests, stray) = assemble(spans, &mut symbols);
        assert_eq!((requests.len(), stray), (1, 3));
    }

    #[test]
    fn a_call_that_never_returned_is_lost() {
        let mut symbols = Symbols::default();
        let [web, data] = ["web", "data"].map(|name| symbols.intern(name));
        let (requests, _) = assemble(vec![span(1, None, web, data, [Some(0), Some(10), Some(20), None])], &mut symbols);
        assert_eq!(requests[0].calls[0].ending, Ending::Lost);
    }
}
