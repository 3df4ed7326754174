//! Where requests go: services laid out over regions and zones, who sees whom, and the weights that follow.
//!
//! Weights are those of the instances in sight, averaged over the caller's instances by the traffic each gets. A
//! router that sees nobody drops the request, as spigo does; weights are those of requests that are answered.

use std::collections::{BTreeMap, VecDeque};

use super::document::{Architecture, Service};
use super::package::{Behaviour, Package};

/// Zones a region has.
const ZONE_COUNT: u64 = 3;

/// Instances of a service in one place.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    /// Region; `None` for a global service.
    region: Option<u64>,
    /// Zone; `None` where one instance stands for all.
    zone: Option<u64>,
    /// Instances.
    count: f64,
}

/// How the requests that reach a service go on.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Route {
    /// Calls that a router makes: dependency and share of the requests it passes on, in the order of the file.
    pub(crate) shares: Vec<(usize, f64)>,
    /// What a chain asks, in turn: each step one of some dependencies, with the share of each.
    pub(crate) steps: Vec<Vec<(usize, f64)>>,
    /// Chance that a ring's node forwards to another.
    pub(crate) forwarded: f64,
    /// Share of calls that go to another region.
    pub(crate) remote: f64,
    /// Share of requests that reach the service and are answered.
    pub(crate) answered: f64,
}

/// How an architecture is laid out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    /// Factor on the number of regions.
    pub(crate) regions: u32,
    /// Percent of the number of instances.
    pub(crate) population: u32,
}

/// The routes of an architecture.
#[derive(Debug)]
pub(crate) struct Routing {
    /// A route a service, in the order of the file.
    pub(crate) routes: Vec<Route>,
    /// Services in the order of calls: a caller stands before whom it calls.
    pub(crate) order: Vec<usize>,
    /// Calls left out because they close a circle: caller and callee.
    pub(crate) circular: Vec<(usize, usize)>,
    /// Calls that can never be made, since no instance is in sight: caller and callee.
    pub(crate) unseen: Vec<(usize, usize)>,
    /// Regions that the architecture spans.
    pub(crate) region_count: u64,
}

fn places(service: &Service, scale: Scale) -> Vec<Place> {
    let regions = u64::from(service.regions) * u64::from(scale.regions);
    let count = u64::from(service.count) * u64::from(scale.population) / 100;
    if regions == 0 {
        return vec![Place { region: None, zone: None, count: 1.0 }];
    }
    // Regions in which the zones fall the same way are alike; their number is what matters beyond three.
    (0..regions.min(REGION_COUNT_MAX))
        .flat_map(|region| {
            let place = move |zone, count: u64| Place { region: Some(region), zone, count: count as f64 };
            if count == 0 {
                return vec![place(None, 1)];
            }
            let first = region * count;
            // Instances of a zone among `first..first + count`.
            let below = |end: u64, zone: u64| (end + ZONE_COUNT - 1 - zone) / ZONE_COUNT;
            (0..ZONE_COUNT)
                .map(|zone| place(Some(zone), below(first + count, zone) - below(first, zone)))
                .filter(|place| place.count > 0.0)
                .collect()
        })
        .collect()
}

/// Regions laid out one by one; more are laid out as that many.
const REGION_COUNT_MAX: u64 = 24;

/// Whether an instance at `from` sees those at `to`.
fn sees(caller: &Service, from: Place, to: Place) -> bool {
    if caller.package == Package::Denominator {
        return true;
    }
    let region = caller.across_regions || from.region.is_none() || to.region.is_none() || from.region == to.region;
    let zone = !caller.package.is_zonal() || from.zone == to.zone;
    region && zone
}

/// Dependencies that a service calls for a read.
pub(crate) fn callees(service: &Service, services: &[Service]) -> Vec<usize> {
    let called = |&callee: &usize| match service.package.behaviour() {
        Behaviour::Router => services[callee].package != Package::Eureka,
        Behaviour::Chain => services[callee].package.chain_rank().is_some(),
        Behaviour::Ring | Behaviour::Leaf => false,
    };
    service.dependencies.iter().copied().filter(called).collect()
}

/// Calls in the order of the file, without those that close a circle.
struct CallGraph {
    calls: Vec<Vec<usize>>,
    order: Vec<usize>,
    circular: Vec<(usize, usize)>,
}

impl CallGraph {
    /// Follows the calls from the roots, then from whatever was not reached.
    fn new(services: &[Service], roots: &[usize]) -> Self {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut calls: Vec<Vec<usize>> = services.iter().map(|service| callees(service, services)).collect();
        let mut state = vec![State::New; services.len()];
        let mut finished = Vec::with_capacity(services.len());
        let mut circular = Vec::new();
        for root in roots.iter().copied().chain(0..services.len()) {
            if state[root] != State::New {
                continue;
            }
            state[root] = State::Open;
            let mut path = vec![(root, 0_usize)];
            while let Some((at, next)) = path.last_mut() {
                let at = *at;
                let Some(&callee) = calls[at].get(*next) else {
                    state[at] = State::Done;
                    finished.push(at);
                    path.pop();
                    continue;
                };
                *next += 1;
                match state[callee] {
                    State::New => {
                        state[callee] = State::Open;
                        path.push((callee, 0));
                    }
                    State::Open => circular.push((at, callee)),
                    State::Done => {}
                }
            }
        }
        for &(caller, callee) in &circular {
            calls[caller].retain(|&other| other != callee);
        }
        finished.reverse();
        Self { calls, order: finished, circular }
    }
}

impl Routing {
    /// Routes of the requests that come in at `roots`.
    pub(crate) fn new(architecture: &Architecture, roots: &[usize], scale: Scale) -> Self {
        let services = &architecture.services;
        let graph = CallGraph::new(services, roots);
        let layout: Vec<Vec<Place>> = services.iter().map(|service| places(service, scale)).collect();
        let mut routing = Self {
            routes: vec![Route::default(); services.len()],
            circular: graph.circular.clone(),
            unseen: Vec::new(),
            region_count: layout.iter().flatten().filter_map(|place| place.region).max().map_or(1, |last| last + 1),
            order: graph.order.clone(),
        };
        let answered = answered(services, &graph, &layout);
        let mut traffic: Vec<Vec<f64>> = layout.iter().map(|places| vec![0.0; places.len()]).collect();
        for &root in roots {
            spread(&mut traffic[root], &layout[root]);
        }
        for &at in &graph.order {
            if traffic[at].iter().all(|&share| share == 0.0) {
                spread(&mut traffic[at], &layout[at]);
            }
            let route = route(at, services, &graph.calls[at], &layout, &answered, &mut traffic);
            let seen = |callee: usize| {
                layout[at].iter().any(|&from| layout[callee].iter().any(|&to| sees(&services[at], from, to)))
            };
            routing.unseen.extend(graph.calls[at].iter().filter(|&&callee| !seen(callee)).map(|&callee| (at, callee)));
            routing.routes[at] = route;
        }
        routing
    }
}

/// Spreads a service's traffic over its instances.
fn spread(traffic: &mut [f64], places: &[Place]) {
    let total: f64 = places.iter().map(|place| place.count).sum();
    for (share, place) in traffic.iter_mut().zip(places) {
        *share = place.count / total;
    }
}

/// Share of requests answered, for each place of each service.
fn answered(services: &[Service], graph: &CallGraph, layout: &[Vec<Place>]) -> Vec<Vec<f64>> {
    let mut answered: Vec<Vec<f64>> = layout.iter().map(|places| vec![1.0; places.len()]).collect();
    for &at in graph.order.iter().rev() {
        if services[at].package.behaviour() != Behaviour::Router {
            continue;
        }
        // A router that calls nobody answers on its own, which lets an unfinished architecture be modelled.
        let calls = !graph.calls[at].is_empty();
        for (place_at, &place) in layout[at].iter().enumerate() {
            let (mut seen, mut heard) = (0.0, 0.0);
            for &callee in &graph.calls[at] {
                for (callee_at, &other) in layout[callee].iter().enumerate() {
                    if sees(&services[at], place, other) {
                        seen += other.count;
                        heard += other.count * answered[callee][callee_at];
                    }
                }
            }
            answered[at][place_at] = if seen > 0.0 { heard / seen } else { f64::from(u8::from(!calls)) };
        }
    }
    answered
}

/// Weights of the instances in sight of one place: callee, its place, share.
fn in_sight(caller: &Service, from: Place, callees: &[usize], layout: &[Vec<Place>]) -> Vec<(usize, usize, f64)> {
    let mut seen = Vec::new();
    for &callee in callees {
        for (at, &place) in layout[callee].iter().enumerate() {
            if sees(caller, from, place) {
                seen.push((callee, at, place.count));
            }
        }
    }
    let total: f64 = seen.iter().map(|(_, _, count)| count).sum();
    for (_, _, share) in &mut seen {
        *share /= total;
    }
    seen
}

/// Route of a service; adds the traffic it sends on.
fn route(
    at: usize,
    services: &[Service],
    calls: &[usize],
    layout: &[Vec<Place>],
    answered: &[Vec<f64>],
    traffic: &mut [Vec<f64>],
) -> Route {
    let service = &services[at];
    let mut route = Route::default();
    let steps: Vec<Vec<usize>> = match service.package.behaviour() {
        Behaviour::Chain => chain(calls, services),
        _ => vec![calls.to_vec()],
    };
    let mine = traffic[at].clone();
    route.answered = mine.iter().zip(&answered[at]).map(|(share, answered)| share * answered).sum::<f64>()
        / mine.iter().sum::<f64>();
    let (mut remote, mut sent) = (0.0, 0.0);
    for step in &steps {
        let mut shares: BTreeMap<usize, f64> = step.iter().map(|&callee| (callee, 0.0)).collect();
        for (&from, &mass) in layout[at].iter().zip(&mine) {
            for (callee, callee_at, share) in in_sight(service, from, step, layout) {
                let mass = mass * share * answered[callee][callee_at];
                traffic[callee][callee_at] += mass;
                *shares.entry(callee).or_insert(0.0) += mass;
                sent += mass;
                if is_remote(service, from, layout[callee][callee_at]) {
                    remote += mass;
                }
            }
        }
        let total: f64 = shares.values().sum();
        if total > 0.0 {
            route.steps.push(step.iter().map(|callee| (*callee, shares[callee] / total)).collect());
        }
    }
    route.remote = if sent > 0.0 { remote / sent } else { 0.0 };
    if service.package.behaviour() == Behaviour::Router {
        route.shares = route.steps.pop().unwrap_or_default();
        route.steps.clear();
    }
    if service.package.behaviour() == Behaviour::Ring {
        let total: f64 = mine.iter().sum();
        let other = |(place, share): (&Place, &f64)| share / total * (1.0 - 1.0 / place.count);
        route.forwarded = layout[at].iter().zip(&mine).map(other).sum();
    }
    route
}

/// Whether a call leaves its region; requests from outside are taken to come from near the first region.
fn is_remote(caller: &Service, from: Place, to: Place) -> bool {
    let from = from.region.or((caller.package == Package::Denominator).then_some(0));
    matches!((from, to.region), (Some(from), Some(to)) if from != to)
}

/// Members of a chain, those of one kind together.
fn chain(calls: &[usize], services: &[Service]) -> Vec<Vec<usize>> {
    let mut kinds: BTreeMap<usize, VecDeque<usize>> = BTreeMap::new();
    for &callee in calls {
        if let Some(rank) = services[callee].package.chain_rank() {
            kinds.entry(rank).or_default().push_back(callee);
        }
    }
    kinds.into_values().map(Vec::from).collect()
}
