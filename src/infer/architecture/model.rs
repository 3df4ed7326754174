//! Writes an architecture as a model: every service a metric, named as the service; shares of routes, hit rates of
//! chains and forwarding of rings as parameters.

use super::super::identifier::{Names, identifier};
use super::super::inferred::{Edge, Endpoint, InferReport, Share};
use super::super::model_text::{MetricText, ModelText, Source, number, percent};
use super::document::{Architecture, Service};
use super::latency::{LatencyLookup, Origin, OwnTime};
use super::package::{Behaviour, Package};
use super::routing::{Route, Routing};
use crate::problem::Warning;
use crate::units::TimeUnit;

/// Key of the time that a call to another region takes on top.
const REGION_DISTANCE: &str = "region_distance";

/// What an architecture becomes.
pub(crate) struct Written {
    /// The model.
    pub(crate) text: ModelText,
    /// Its endpoints.
    pub(crate) endpoints: Vec<Endpoint>,
    /// Calls and shares.
    pub(crate) report: InferReport,
    /// What the user should know.
    pub(crate) warnings: Vec<Warning>,
}

/// Writes the model of an architecture.
pub(crate) fn write(
    architecture: &Architecture,
    routing: &Routing,
    roots: &[usize],
    lookup: Option<&LatencyLookup<'_>>,
) -> Written {
    let mut names = Names::default();
    names.take(REGION_DISTANCE);
    let keys: Vec<String> =
        architecture.services.iter().map(|service| names.take(&identifier(&service.name))).collect();
    let mut writer = Writer {
        services: &architecture.services,
        routing,
        keys,
        names,
        parameters: Vec::new(),
        metrics: Vec::new(),
        report: InferReport::default(),
        assumed: Vec::new(),
        assumed_hits: Vec::new(),
        foreign_units: Vec::new(),
        far: false,
    };
    for &at in &routing.order {
        writer.write_service(at, lookup);
    }
    writer.finish(architecture, roots)
}

struct Writer<'a> {
    services: &'a [Service],
    routing: &'a Routing,
    keys: Vec<String>,
    names: Names,
    parameters: Vec<MetricText>,
    metrics: Vec<MetricText>,
    report: InferReport,
    assumed: Vec<String>,
    assumed_hits: Vec<String>,
    foreign_units: Vec<String>,
    far: bool,
}

impl Writer<'_> {
    fn write_service(&mut self, at: usize, lookup: Option<&LatencyLookup<'_>>) {
        let service = &self.services[at];
        let own = OwnTime::new(service, lookup);
        if own.origin == Origin::Assumed {
            self.assumed.push(format!("{} ({})", service.name, service.package.name()));
        }
        if own.unit_unknown() {
            self.foreign_units.push(service.name.clone());
        }
        let routing = self.routing;
        let route = &routing.routes[at];
        self.report_calls(at, route);
        let mut terms = match service.package.behaviour() {
            Behaviour::Leaf => Vec::new(),
            Behaviour::Router => self.router_terms(at, &route.shares),
            Behaviour::Chain => self.chain_terms(at, &route.steps),
            Behaviour::Ring => self.ring_terms(at, route.forwarded, &own),
        };
        if route.remote > 0.0 {
            let about = format!("calls from {} that go to another region", service.name);
            let indicator = self.push_chance(&format!("{}_remote", self.keys[at]), &about, percent(route.remote));
            terms.push(format!("({indicator} ? {REGION_DISTANCE} : 0)"));
            self.far = true;
        }
        let key = self.keys[at].clone();
        let about = format!("response time of {} ({})", service.name, service.package.name());
        if terms.is_empty() {
            let alone = own.metrics(&key, &about, service);
            let nothing = alone.is_empty();
            self.metrics.extend(alone);
            if nothing {
                self.metrics.push(MetricText::new(key, about, Source::Input("0".to_owned())));
            }
            return;
        }
        let mut own_metrics = Vec::new();
        if own.is_some() {
            let own_key = self.names.take(&format!("{key}_self"));
            terms.insert(0, own_key.clone());
            own_metrics =
                own.metrics(&own_key, &format!("time in {} itself, its calls left out", service.name), service);
        }
        self.metrics.push(MetricText::new(key, about, Source::Input(format!("= {}", terms.join(" + ")))));
        self.metrics.extend(own_metrics);
    }

    /// One of several services, by shares: draws which, and yields the formula that picks.
    fn choice(&mut self, at: usize, shares: &[(usize, f64)]) -> Option<String> {
        let reached: Vec<(usize, f64)> = shares.iter().copied().filter(|(_, share)| *share > 0.0).collect();
        match *reached {
            [] => return None,
            [(only, _)] => return Some(self.keys[only].clone()),
            _ => {}
        }
        let caller = self.services[at].name.clone();
        let route = self.names.take(&format!("{}_route", self.keys[at]));
        let mut keys: Vec<String> = Vec::new();
        for (rank, &(callee, share)) in reached.iter().enumerate() {
            let key = self.parameter_name(at, callee, "share");
            let percent = percent(share);
            let last = rank + 1 == reached.len();
            // The last share is what the others leave, so that setting one keeps the sum.
            let input = if last { format!("= 100 - {}", keys.join(" - ")) } else { number(percent) };
            let about = format!("requests of {caller} that go to {}", self.services[callee].name);
            self.parameters.push(MetricText::new(&key, about, Source::Input(input)).with_unit("%"));
            self.report.shares.push(Share { metric: key.clone(), percent, requests: None });
            keys.push(key);
        }
        let about = format!("draws whom {caller} calls");
        self.metrics.push(MetricText::new(&route, about, Source::Input("= uniform(0, 100)".to_owned())).with_unit("%"));
        let mut formula = String::new();
        for (rank, &(callee, _)) in reached.iter().enumerate() {
            let callee = &self.keys[callee];
            if rank + 1 == reached.len() {
                formula.push_str(callee);
            } else {
                formula.push_str(&format!("{route} < {} ? {callee} : ", keys[..=rank].join(" + ")));
            }
        }
        Some(format!("({formula})"))
    }

    fn router_terms(&mut self, at: usize, shares: &[(usize, f64)]) -> Vec<String> {
        self.choice(at, shares).into_iter().collect()
    }

    /// First member, then, should it miss, the second, and so on; the last has every answer.
    fn chain_terms(&mut self, at: usize, steps: &[Vec<(usize, f64)>]) -> Vec<String> {
        let mut members: Vec<(String, Option<String>)> = Vec::new();
        for (rank, step) in steps.iter().enumerate() {
            let Some(choice) = self.choice(at, step) else { continue };
            let first = step[0].0;
            let indicator = (rank + 1 < steps.len()).then(|| {
                let key = self.parameter_name(at, first, "hit");
                let percent = self.services[first].package.assumed_hit_percent();
                let name = &self.services[first].name;
                let about = format!("requests of {} that {name} has the answer to; assumed", self.services[at].name);
                self.assumed_hits.push(format!("{key} = {percent}"));
                self.push_chance_as(key, &about, percent)
            });
            members.push((choice, indicator));
        }
        let Some((last, _)) = members.pop() else { return Vec::new() };
        let mut rest = last;
        for (rank, (choice, indicator)) in members.into_iter().enumerate().rev() {
            let indicator = indicator.unwrap_or_else(|| "1".to_owned());
            let sum = format!("{choice} + ({indicator} ? 0 : {rest})");
            rest = if rank == 0 { sum } else { format!("({sum})") };
        }
        vec![rest]
    }

    /// The second hop of a forwarded read takes as long as a first one, drawn anew.
    fn ring_terms(&mut self, at: usize, forwarded: f64, own: &OwnTime) -> Vec<String> {
        if forwarded <= 0.0 {
            return Vec::new();
        }
        let service = &self.services[at];
        let about = format!("reads that a node of {} forwards to the node that owns the key", service.name);
        let indicator = self.push_chance(&format!("{}_forwarded", self.keys[at]), &about, percent(forwarded));
        let hop = self.names.take(&format!("{}_forward", self.keys[at]));
        self.metrics.extend(own.metrics(&hop, &format!("hop of {} to the owner of the key", service.name), service));
        vec![format!("({indicator} ? {hop} : 0)")]
    }

    /// `CALLEE_suffix`, or `CALLER_CALLEE_suffix` where that is taken.
    fn parameter_name(&mut self, caller: usize, callee: usize, suffix: &str) -> String {
        let short = format!("{}_{suffix}", self.keys[callee]);
        if self.names.is_free(&short) {
            return self.names.take(&short);
        }
        self.names.take(&format!("{}_{short}", self.keys[caller]))
    }

    fn push_chance(&mut self, wanted: &str, about: &str, percent: f64) -> String {
        let key = self.names.take(wanted);
        self.push_chance_as(key, about, percent)
    }

    /// A probability in percent as parameter; yields the key of its draw, 1 or 0.
    fn push_chance_as(&mut self, key: String, about: &str, percent: f64) -> String {
        let indicator = self.names.take(&format!("is_{key}"));
        self.parameters.push(MetricText::new(&key, about, Source::Input(number(percent))).with_unit("%"));
        let formula = format!("= uniform(0, 100) < {key} ? 1 : 0");
        let description = format!("1 in the share of requests that {key} says");
        self.metrics.push(MetricText::new(&indicator, description, Source::Input(formula)).with_unit("1"));
        self.report.shares.push(Share { metric: key, percent, requests: None });
        indicator
    }

    fn report_calls(&mut self, at: usize, route: &Route) {
        let steps = route.steps.iter().flatten();
        for &(callee, share) in route.shares.iter().chain(steps).filter(|(_, share)| *share > 0.0) {
            self.report.edges.push(Edge {
                caller: Some(self.services[at].name.clone()),
                callee: self.services[callee].name.clone(),
                operation: None,
                forward: false,
                calls: 0,
                requests: 0,
                calls_per_request: share,
                direct: Default::default(),
                forwarded: Default::default(),
                one_way: false,
                lost: 0,
                failed: 0,
                retries: 0,
                asynchronous: 0,
            });
        }
    }

    fn finish(mut self, architecture: &Architecture, roots: &[usize]) -> Written {
        if self.far {
            let about = "time that a call to another region takes on top; 0 until it is set";
            self.parameters.push(MetricText::new(REGION_DISTANCE, about, Source::Input("0".to_owned())));
        }
        let endpoints: Vec<Endpoint> = roots
            .iter()
            .filter(|&&root| self.routing.routes[root].answered > 0.0)
            .map(|&root| Endpoint {
                name: self.services[root].name.clone(),
                metric: self.keys[root].clone(),
                measured: None,
                measured_mean: None,
                requests: 0,
            })
            .collect();
        let warnings = self.warnings(roots);
        let mut metrics = std::mem::take(&mut self.parameters);
        metrics.append(&mut self.metrics);
        let regions = match self.routing.region_count {
            0 | 1 => String::new(),
            count => format!(", {count} regions"),
        };
        let about = if architecture.description.is_empty() { "architecture" } else { &architecture.description };
        let text = ModelText {
            name: architecture.name.clone(),
            description: format!("{about} ({} services{regions})", self.services.len()),
            unit: TimeUnit::Nanosecond.symbol().to_owned(),
            paired: Vec::new(),
            metrics,
        };
        Written { text, endpoints, report: self.report, warnings }
    }

    fn warnings(&self, roots: &[usize]) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut warn = |code, message: String, help: &str| {
            let warning = Warning::new(code, message);
            warnings.push(if help.is_empty() { warning } else { warning.with_help(help) });
        };
        let name = |at: usize| &self.services[at].name;
        if !self.assumed.is_empty() {
            let message = format!(
                "no times are known of {}; the defaults of their packages are assumed",
                self.assumed.join(", ")
            );
            warn(
                "assumed-latency",
                message,
                "give measured data by service name, or guesstimateValue in the architecture",
            );
        }
        if !self.assumed_hits.is_empty() {
            let message = format!("no hit rates are known; assumed are {} percent", self.assumed_hits.join(", "));
            warn("assumed-hit-rate", message, "set them to what is measured");
        }
        for service in &self.foreign_units {
            warn("unknown-unit", format!("the unit of {service} is no time; its values are taken as nanoseconds"), "");
        }
        for &(caller, callee) in &self.routing.circular {
            let message = format!("the call from {} to {} closes a circle and is left out", name(caller), name(callee));
            warn("circular-calls", message, "");
        }
        for &(caller, callee) in &self.routing.unseen {
            let message = format!("{} sees no instance of {} and never calls it", name(caller), name(callee));
            let help = if self.services[caller].package.is_zonal() {
                "its package sees its own zone only: give the dependency an instance in every zone, or use monolith"
            } else {
                "its package sees its own region only"
            };
            warn("unseen-dependency", message, help);
        }
        for (at, service) in self.services.iter().enumerate() {
            let callable = super::routing::callees(service, self.services);
            let mut ignored = service.dependencies.iter().filter(|dependency| !callable.contains(dependency));
            if service.package.behaviour() == Behaviour::Chain
                && let Some(&dependency) = ignored.next()
            {
                let message = format!(
                    "{} never calls {}: staash reads from caches, volumes, Cassandra, stores and staash alone",
                    name(at),
                    name(dependency)
                );
                warn("ignored-dependency", message, "");
            }
        }
        for &root in roots {
            let answered = self.routing.routes[root].answered;
            if answered < 1.0 - 1e-9 {
                let message = format!(
                    "{:.1} % of the requests of {} are dropped on the way",
                    100.0 * (1.0 - answered),
                    name(root)
                );
                warn("dropped-requests", message, "response times are those of the answered requests");
            }
        }
        if self.far {
            let message = "calls go to other regions, whose distance is not known".to_owned();
            warn("region-distance", message, "set region_distance, as in --set region_distance=70ms");
        }
        warnings
    }
}

/// Services that requests come in at: every denominator, else what nobody depends on. The last of the file, which the
/// file's own simulator sends its traffic to, stands first.
pub(crate) fn roots(services: &[Service]) -> Vec<usize> {
    let all = || 0..services.len();
    let denominators: Vec<usize> = all().rev().filter(|&at| services[at].package == Package::Denominator).collect();
    if !denominators.is_empty() {
        return denominators;
    }
    let mut depended = vec![false; services.len()];
    for service in services {
        for &dependency in &service.dependencies {
            depended[dependency] = true;
        }
    }
    let free: Vec<usize> = all().rev().filter(|&at| !depended[at]).collect();
    if free.is_empty() { all().last().into_iter().collect() } else { free }
}
