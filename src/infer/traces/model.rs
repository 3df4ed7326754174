//! Writes what was tallied as a model: shares of branches, a response time a call, and the measured times they are made
//! of, whole requests drawn together.

use super::super::identifier::{Names, identifier};
use super::super::inferred::{Correlation, Outcome, Share};
use super::super::model_text::{MetricText, Source, number, percent};
use super::branch::{Decision, decide};
use super::correlation::correlations;
use super::request::Ending;
use super::sample::RowSample;
use super::shape::{Anatomy, Stage};
use super::span::Symbols;
use super::tally::EndpointTally;
use super::union::{Union, UnionCall};

/// Nanoseconds in the unit of inferred models, the microsecond.
pub(crate) const NANOSECONDS_PER_UNIT: f64 = 1000.0;

/// How an endpoint becomes metrics.
pub(crate) struct EndpointRules<'a> {
    /// Name of the endpoint.
    pub(crate) name: &'a str,
    /// Whether it is the only one, whose metrics need no prefix.
    pub(crate) alone: bool,
    /// Requests an outcome must have to stand alone.
    pub(crate) outcome_requests_min: u64,
    /// Outcomes that stand alone.
    pub(crate) outcome_count_max: usize,
    /// Requests of an outcome that become data of the model.
    pub(crate) row_count_max: usize,
    /// Requests of an outcome among which those are chosen.
    pub(crate) pool_row_count_max: usize,
}

/// The metrics of an endpoint.
#[derive(Debug, Default)]
pub(crate) struct EndpointModel {
    /// Key of its response time.
    pub(crate) response: String,
    /// The metrics, in the order of the file.
    pub(crate) metrics: Vec<MetricText>,
    /// Columns measured together, a group an outcome.
    pub(crate) paired: Vec<Vec<String>>,
    /// Probabilities.
    pub(crate) shares: Vec<Share>,
    /// Outcomes.
    pub(crate) outcomes: Vec<Outcome>,
    /// Rank correlations found.
    pub(crate) correlations: Vec<Correlation>,
}

/// A part of a call's time.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Network,
    Own,
    Delay,
}

impl Part {
    const ALL: [Self; 3] = [Self::Network, Self::Own, Self::Delay];

    const fn suffix(self) -> &'static str {
        match self {
            Self::Network => "_network",
            Self::Own => "_self",
            Self::Delay => "_delay",
        }
    }
}

struct Writer<'a> {
    union: Union,
    outcomes: &'a [Anatomy],
    names: &'a mut Names,
    decision: Decision,
    outcome_names: Vec<String>,
    /// Name of each part of each call of the union, where it has one.
    parts: Vec<[Option<String>; 3]>,
    columns: Vec<Vec<(String, Vec<i64>)>>,
    data: Vec<MetricText>,
    calls: Vec<MetricText>,
}

/// Writes the metrics of one endpoint.
pub(crate) fn write(
    tally: &EndpointTally,
    rules: &EndpointRules<'_>,
    symbols: &Symbols,
    names: &mut Names,
) -> EndpointModel {
    let prefix = if rules.alone { String::new() } else { format!("{}_", identifier(rules.name)) };
    let response = names.take(&format!("{prefix}response"));
    let (kept, rest_count, rest_rows) = divide(tally, rules);
    let mut model = EndpointModel { response: response.clone(), ..EndpointModel::default() };
    let answered = tally.times.count();
    let whole = (rest_count > 0 || kept.is_empty()).then(|| {
        let values = rest_rows
            .stratified(rules.row_count_max, |row| row[0])
            .iter()
            .map(|row| row[0] as f64 / NANOSECONDS_PER_UNIT)
            .collect();
        let key = names.take(&format!("{prefix}other_response"));
        let about = "response time of requests that made none of the frequent combinations of calls";
        MetricText::new(key, about, Source::Data(values))
    });
    if kept.is_empty() {
        let formula = whole.iter().map(|metric| format!("= {}", metric.key)).collect();
        model.metrics.push(MetricText::new(
            response,
            format!("response time of {}", rules.name),
            Source::Input(formula),
        ));
        model.metrics.extend(whole);
        return model;
    }
    let union = Union::new(&kept, symbols, &prefix, names);
    let (decision, outcome_names) = decide(&union, &kept, symbols, &prefix, names);
    let mut writer = Writer {
        parts: vec![[None, None, None]; union.calls.len()],
        columns: vec![Vec::new(); kept.len()],
        union,
        outcomes: &kept,
        names,
        decision,
        outcome_names,
        data: Vec::new(),
        calls: Vec::new(),
    };
    writer.name_parts();
    let formula = writer.write_calls();
    let formula = match &whole {
        None => formula,
        Some(whole) => {
            let probability = writer.names.take(&format!("{prefix}other_share"));
            let indicator = writer.names.take(&format!("is_{probability}"));
            let about = "requests that made none of the frequent combinations of calls, drawn whole";
            model.push_share(&probability, &indicator, about, rest_count, answered);
            format!("{indicator} ? {} : {formula}", whole.key)
        }
    };
    for branch in writer.decision.branches() {
        let (yes, all) = (branch.yes_requests, branch.requests);
        model.push_share(&branch.probability, &branch.indicator, &branch.description, yes, all);
    }
    let about = format!("response time of {}", rules.name);
    model.metrics.push(MetricText::new(response, about, Source::Input(format!("= {formula}"))));
    model.metrics.append(&mut writer.calls);
    model.metrics.append(&mut writer.data);
    model.metrics.extend(whole);
    model.push_outcomes(rules.name, &writer, &kept);
    if rest_count > 0 {
        let (endpoint, name) = (rules.name.to_owned(), "other".to_owned());
        model.outcomes.push(Outcome {
            endpoint,
            name,
            requests: rest_count,
            kept: rest_rows.len().min(rules.row_count_max),
        });
    }
    model
}

/// Outcomes that stand alone, and the rest, which is drawn whole.
fn divide(tally: &EndpointTally, rules: &EndpointRules<'_>) -> (Vec<Anatomy>, u64, RowSample) {
    let mut order: Vec<usize> = (0..tally.outcomes.len()).collect();
    // Equal counts are ordered by what was measured, since the order of arrival must not matter.
    order.sort_by(|&left, &right| {
        let (left, right) = (&tally.outcomes[left], &tally.outcomes[right]);
        right.count.cmp(&left.count).then_with(|| left.rows.rows().cmp(&right.rows.rows()))
    });
    let (mut rest_count, mut rest_rows) = (tally.rest, RowSample::default());
    rest_rows.enter_totals(&tally.rest_rows, |row| row[0], rules.pool_row_count_max);
    let mut kept = Vec::new();
    for (rank, at) in order.into_iter().enumerate() {
        let outcome = &tally.outcomes[at];
        let frequent = rank == 0 || outcome.count >= rules.outcome_requests_min;
        if frequent && rank < rules.outcome_count_max {
            kept.push(Anatomy::new(outcome, rules.row_count_max));
        } else {
            rest_count += outcome.count;
            rest_rows.enter_totals(&outcome.rows, |row| row[1] - row[0], rules.pool_row_count_max);
        }
    }
    (kept, rest_count, rest_rows)
}

impl EndpointModel {
    /// Tells the outcomes that stand alone, pairs the columns of each, and tells how those correlate.
    fn push_outcomes(&mut self, endpoint: &str, writer: &Writer<'_>, kept: &[Anatomy]) {
        for (at, outcome) in kept.iter().enumerate() {
            let columns = &writer.columns[at];
            let name = &writer.outcome_names[at];
            self.correlations.extend(correlations(name, columns));
            if columns.len() > 1 {
                self.paired.push(columns.iter().map(|(name, _)| name.clone()).collect());
            }
            let (endpoint, name) = (endpoint.to_owned(), name.clone());
            self.outcomes.push(Outcome { endpoint, name, requests: outcome.count, kept: outcome.row_count });
        }
    }

    fn push_share(&mut self, probability: &str, indicator: &str, about: &str, yes: u64, all: u64) {
        let percent = percent(yes as f64 / all as f64);
        let description = format!("share of {about} ({yes} of {all})");
        let input = number(percent);
        self.metrics.push(MetricText::new(probability, description, Source::Input(input)).with_unit("%"));
        let formula = format!("= uniform(0, 100) < {probability} ? 1 : 0");
        let description = format!("1 in the share of requests that {probability} says");
        self.metrics.push(MetricText::new(indicator, description, Source::Input(formula)).with_unit("1"));
        self.shares.push(Share { metric: probability.to_owned(), percent, requests: Some(all) });
    }
}

impl Writer<'_> {
    fn column(&self, call: usize, outcome: usize, part: Part) -> Option<&[i64]> {
        let place = self.union.calls[call].places[outcome]?;
        let anatomy = &self.outcomes[outcome].calls[place];
        let column = match part {
            Part::Network => &anatomy.network,
            Part::Own => &anatomy.own,
            Part::Delay => &anatomy.delay,
        };
        (!column.is_empty()).then_some(column)
    }

    /// Whether the only part of a call's time, in every outcome, is its own: then it needs no sum.
    fn is_plain(&self, call: usize) -> bool {
        let UnionCall { parent, children, .. } = &self.union.calls[call];
        let networks = (0..self.outcomes.len()).any(|outcome| self.column(call, outcome, Part::Network).is_some());
        parent.is_some() && children.is_empty() && !networks
    }

    fn name_parts(&mut self) {
        for at in self.union.order.clone() {
            for (slot, part) in Part::ALL.into_iter().enumerate() {
                if (0..self.outcomes.len()).any(|outcome| self.column(at, outcome, part).is_some()) {
                    let name = self.union.calls[at].name.clone();
                    let plain = part == Part::Own && self.is_plain(at);
                    let name = if plain { name } else { self.names.take(&format!("{name}{}", part.suffix())) };
                    self.parts[at][slot] = Some(name);
                }
            }
        }
    }

    fn part(&self, call: usize, part: Part) -> Option<&str> {
        self.parts[call][part as usize].as_deref()
    }

    /// Writes a metric a call and a part; yields the formula of the root.
    fn write_calls(&mut self) -> String {
        let mut root = String::new();
        for at in self.union.order.clone() {
            if !self.is_plain(at) && self.union.calls[at].ending() != Ending::Lost {
                let formula = self.formula(at);
                if at == 0 {
                    root = formula;
                } else {
                    let call = &self.union.calls[at];
                    let caller = call.parent.map(|parent| self.union.calls[parent].name.clone()).unwrap_or_default();
                    let about = format!("response time of {} as {caller} sees it", call.name);
                    self.calls.push(MetricText::new(call.name.clone(), about, Source::Input(format!("= {formula}"))));
                }
            }
            for part in Part::ALL {
                self.write_part(at, part);
            }
        }
        root
    }

    /// Response time of a call: what it has in every outcome, then what differs.
    fn formula(&self, call: usize) -> String {
        let lists: Vec<Option<Vec<String>>> =
            (0..self.outcomes.len()).map(|outcome| self.terms(call, outcome)).collect();
        let present: Vec<&Vec<String>> = lists.iter().flatten().collect();
        let common: Vec<String> = present
            .first()
            .map(|first| first.iter().filter(|term| present.iter().all(|list| list.contains(term))).cloned().collect())
            .unwrap_or_default();
        let differing = self.decision.select(&|outcome| {
            let own: Vec<&str> =
                lists[outcome].as_ref()?.iter().filter(|term| !common.contains(term)).map(String::as_str).collect();
            Some(if own.is_empty() { "0".to_owned() } else { own.join(" + ") })
        });
        let mut terms = common;
        if terms.is_empty() {
            return differing.map_or_else(|| "0".to_owned(), |formula| unwrapped(&formula).to_owned());
        }
        terms.extend(differing.filter(|formula| formula != "0"));
        terms.join(" + ")
    }

    /// Terms of a call's response time in one outcome.
    fn terms(&self, call: usize, outcome: usize) -> Option<Vec<String>> {
        let place = self.union.calls[call].places[outcome]?;
        let mut terms: Vec<String> = [Part::Network, Part::Own]
            .into_iter()
            .filter(|&part| self.column(call, outcome, part).is_some())
            .filter_map(|part| self.part(call, part).map(str::to_owned))
            .collect();
        for stage in &self.outcomes[outcome].calls[place].stages {
            terms.push(self.stage(call, outcome, stage));
        }
        Some(terms)
    }

    fn stage(&self, call: usize, outcome: usize, stage: &Stage) -> String {
        let union_call = |place: usize| {
            let children = &self.union.calls[call].children;
            children.iter().copied().find(|&child| self.union.calls[child].places[outcome] == Some(place))
        };
        let mut chains: Vec<String> = Vec::new();
        for member in &stage.members {
            let mut terms: Vec<String> = member.after.map(|after| chains[after].clone()).into_iter().collect();
            if let Some(child) = union_call(member.call) {
                if self.column(child, outcome, Part::Delay).is_some() {
                    terms.extend(self.part(child, Part::Delay).map(str::to_owned));
                }
                terms.push(self.union.calls[child].name.clone());
            }
            chains.push(terms.join(" + "));
        }
        let last: Vec<&str> =
            stage.members.iter().zip(&chains).filter(|(member, _)| member.last).map(|(_, chain)| &**chain).collect();
        match *last {
            [chain] => chain.to_owned(),
            _ => format!("max({})", last.join(", ")),
        }
    }

    /// Writes a part: its measured times where one outcome has it, else one metric an outcome and their choice.
    fn write_part(&mut self, call: usize, part: Part) {
        let Some(name) = self.part(call, part).map(str::to_owned) else { return };
        let with: Vec<usize> =
            (0..self.outcomes.len()).filter(|&outcome| self.column(call, outcome, part).is_some()).collect();
        let service = self.union.calls[call].name.clone();
        let about = match part {
            Part::Network => format!("time on the way to {service} and back"),
            Part::Own if self.is_plain(call) => format!("response time of {service}"),
            Part::Own => format!("time in {service} itself, its calls left out"),
            Part::Delay => format!("delay before {service} is called beside others"),
        };
        let mut keys = vec![None; self.outcomes.len()];
        for &outcome in &with {
            let (key, about) = if with.len() == 1 {
                (name.clone(), about.clone())
            } else {
                let outcome_name = &self.outcome_names[outcome];
                (self.names.take(&format!("{name}_{outcome_name}")), format!("{about}, outcome {outcome_name}"))
            };
            let column = self.column(call, outcome, part).unwrap_or_default().to_vec();
            let values = column.iter().map(|&time| time as f64 / NANOSECONDS_PER_UNIT).collect();
            self.data.push(MetricText::new(key.clone(), about, Source::Data(values)));
            self.columns[outcome].push((key.clone(), column));
            keys[outcome] = Some(key);
        }
        if with.len() > 1 {
            let formula = self.decision.select(&|outcome| keys[outcome].clone()).unwrap_or_default();
            self.calls.push(MetricText::new(name, about, Source::Input(format!("= {}", unwrapped(&formula)))));
        }
    }
}

/// A choice without the parentheses that it needs only inside a sum.
fn unwrapped(formula: &str) -> &str {
    let inner = formula.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(formula);
    let mut depth = 0_i32;
    let balanced = inner.chars().all(|character| {
        depth += i32::from(character == '(') - i32::from(character == ')');
        depth >= 0
    });
    if balanced { inner } else { formula }
}
