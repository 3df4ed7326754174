//! A discrete-event simulation of callers and queues: an oracle that shares nothing with the program.
//!
//! Requests arrive at any time (open, Poisson) and go to one of several queues alike, each with its servers, first come,
//! first served. A caller may hedge or retry; every attempt is work, and a server finishes what it has begun and what
//! waits for it, also where nobody waits for the answer any more.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::random::Random;

/// How a caller deals with a slow answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Patience {
    /// Waits.
    Endless,
    /// Asks once more after a delay; the first answer counts.
    Hedge { delay: f64 },
    /// Gives up an attempt at the timeout, pauses, and asks again, so many times in all.
    Retry { timeout: f64, attempts: u32, backoff: f64 },
}

/// Callers and queues.
#[derive(Clone, Copy)]
pub(crate) struct Network<'a> {
    /// Requests per unit of time at all queues together, those that callers send again not counted.
    pub(crate) rate: f64,
    /// Queues; an attempt goes to one at random, a second attempt to another one if there is any.
    pub(crate) queues: usize,
    /// Servers of each queue.
    pub(crate) servers: usize,
    /// Time that a server takes.
    pub(crate) service: &'a dyn Fn(&mut Random) -> f64,
    /// What the callers do.
    pub(crate) patience: Patience,
}

/// What was seen after the warm-up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Observed {
    /// For each request how long its caller waited.
    pub(crate) responses: Vec<f64>,
    /// Attempts a request.
    pub(crate) attempts: f64,
    /// Share of the requests that were given up.
    pub(crate) failed: f64,
    /// Share of the time that a server was busy, the warm-up included.
    pub(crate) busy: f64,
}

/// What happens at a time. Times are whole parts of a unit of time, so that they have an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrival,
    /// A server of a queue has finished an attempt.
    Completion {
        queue: usize,
        request: usize,
        attempt: u32,
    },
    /// The caller has waited as long as it does for an attempt.
    Impatience {
        request: usize,
        attempt: u32,
    },
    /// The caller sends another attempt.
    Again {
        request: usize,
    },
}

/// Parts of a unit of time.
const PARTS: f64 = 1e9;

/// A request as its caller sees it.
#[derive(Debug, Clone, Copy)]
struct Request {
    arrived: u64,
    /// Attempts sent, and the queue of the last one.
    attempts: u32,
    queue: usize,
    /// How long it took, and whether it was given up.
    result: Option<(u64, bool)>,
}

#[derive(Debug, Clone, Default)]
struct Queue {
    waiting: VecDeque<(usize, u32)>,
    busy: usize,
}

struct Simulation<'a, 'r> {
    network: Network<'a>,
    random: &'r mut Random,
    events: BinaryHeap<Reverse<(u64, Event)>>,
    requests: Vec<Request>,
    queues: Vec<Queue>,
    /// Busy time of all servers.
    worked: u64,
}

impl Network<'_> {
    /// Sends so many requests, of which the first fifth is warm-up, and waits for all their answers.
    pub(crate) fn simulate(self, random: &mut Random, requests: usize) -> Observed {
        let mut simulation = Simulation {
            network: self,
            random,
            events: BinaryHeap::from([Reverse((0, Event::Arrival))]),
            requests: Vec::with_capacity(requests),
            queues: vec![Queue::default(); self.queues],
            worked: 0,
        };
        let mut last_arrival = 0;
        let mut busy = 0.0;
        while let Some(Reverse((now, event))) = simulation.events.pop() {
            simulation.happen(now, event);
            if matches!(event, Event::Arrival) {
                if simulation.requests.len() < requests {
                    let pause = (simulation.random.exponential() / self.rate * PARTS) as u64;
                    simulation.events.push(Reverse((now + pause, Event::Arrival)));
                } else {
                    last_arrival = now;
                    busy = simulation.worked as f64;
                }
            }
        }
        let after = &simulation.requests[requests / 5..];
        let count = after.len() as f64;
        let results = || after.iter().map(|request| request.result.expect("every caller gets an answer or gives up"));
        Observed {
            responses: results().map(|(time, _)| time as f64 / PARTS).collect(),
            attempts: after.iter().map(|request| f64::from(request.attempts)).sum::<f64>() / count,
            failed: results().filter(|&(_, failed)| failed).count() as f64 / count,
            busy: busy / (last_arrival as f64 * (self.queues * self.servers) as f64),
        }
    }
}

impl Simulation<'_, '_> {
    fn happen(&mut self, now: u64, event: Event) {
        match event {
            Event::Arrival => {
                let request = self.requests.len();
                self.requests.push(Request { arrived: now, attempts: 0, queue: 0, result: None });
                self.send(now, request);
            }
            Event::Completion { queue, request, attempt } => {
                self.queues[queue].busy -= 1;
                // A caller that retries has given up the attempts before its last one.
                let counts = !matches!(self.network.patience, Patience::Retry { .. })
                    || attempt == self.requests[request].attempts;
                if counts {
                    self.end(now, request, false);
                }
                self.serve(now, queue);
            }
            Event::Again { request } => self.send(now, request),
            Event::Impatience { request, attempt } => self.lose_patience(now, request, attempt),
        }
    }

    fn lose_patience(&mut self, now: u64, request: usize, attempt: u32) {
        if self.requests[request].result.is_some() {
            return;
        }
        match self.network.patience {
            Patience::Endless => {}
            Patience::Hedge { .. } if attempt == 1 => self.send(now, request),
            Patience::Hedge { .. } => {}
            Patience::Retry { attempts, .. } if attempt == attempts => self.end(now, request, true),
            Patience::Retry { backoff, .. } => {
                // What comes too late is not waited for, also not during the pause.
                self.requests[request].attempts += 1;
                self.events.push(Reverse((now + (backoff * PARTS) as u64, Event::Again { request })));
            }
        }
    }

    /// Sends the first or another attempt; that of a retry is counted already when the one before is given up.
    fn send(&mut self, now: u64, request: usize) {
        let state = &mut self.requests[request];
        let is_first = state.attempts == 0;
        if is_first || matches!(self.network.patience, Patience::Hedge { .. }) {
            state.attempts += 1;
        }
        let attempt = state.attempts;
        let queue = match self.network.queues {
            1 => 0,
            count if is_first => self.random.below(count),
            count => (state.queue + 1 + self.random.below(count - 1)) % count,
        };
        state.queue = queue;
        self.queues[queue].waiting.push_back((request, attempt));
        let patience = match self.network.patience {
            Patience::Endless => None,
            Patience::Hedge { delay } => Some(delay),
            Patience::Retry { timeout, .. } => Some(timeout),
        };
        if let Some(patience) = patience {
            self.events.push(Reverse((now + (patience * PARTS) as u64, Event::Impatience { request, attempt })));
        }
        self.serve(now, queue);
    }

    /// Gives waiting attempts to free servers.
    fn serve(&mut self, now: u64, queue: usize) {
        while self.queues[queue].busy < self.network.servers
            && let Some((request, attempt)) = self.queues[queue].waiting.pop_front()
        {
            let time = ((self.network.service)(self.random) * PARTS) as u64;
            self.queues[queue].busy += 1;
            self.worked += time;
            self.events.push(Reverse((now + time, Event::Completion { queue, request, attempt })));
        }
    }

    fn end(&mut self, now: u64, request: usize, failed: bool) {
        let request = &mut self.requests[request];
        request.result = request.result.or(Some((now - request.arrived, failed)));
    }
}
