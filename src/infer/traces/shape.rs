//! The anatomy of one outcome: which calls follow each other, which run side by side, and how each request's response
//! time is made up of the times of the parts.
//!
//! ```text
//! callee:  own | child A        | own | child C | own          stages: A beside B, then C
//!              | delay, child B |
//! response time of a call = network + own + sum over stages (serial: child; parallel: max over chains)
//! ```
//!
//! Two calls are side by side if they overlap in most requests. Whatever the shape, the parts of a request add up to
//! its response time exactly, since own time is what the stages leave.

use super::request::Ending;
use super::tally::{Label, OutcomeTally, Shape, TIMES_PER_CALL};

/// Calls in parallel, or one call alone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stage {
    /// The calls; one alone is a stage of its own.
    pub(crate) members: Vec<Member>,
}

/// A call in a stage.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    /// The call.
    pub(crate) call: usize,
    /// Position in the stage of the call that it waits for, if it waits for one.
    pub(crate) after: Option<usize>,
    /// Whether it may be the one that ends the stage.
    pub(crate) last: bool,
}

/// A call of an outcome, with the times of every request kept, in nanoseconds.
#[derive(Debug, Clone)]
pub(crate) struct CallAnatomy {
    /// What it is.
    pub(crate) label: Label,
    /// The call that makes it.
    pub(crate) parent: Option<usize>,
    /// What it waits for, in order.
    pub(crate) stages: Vec<Stage>,
    /// Time between caller and callee, both ways; empty where it is unknown or always 0.
    pub(crate) network: Vec<i64>,
    /// Callee's own time; empty where it is always 0.
    pub(crate) own: Vec<i64>,
    /// Delay before it starts within a stage of several; empty where it is always 0.
    pub(crate) delay: Vec<i64>,
    /// Mean time from the start of the request to its start.
    pub(crate) start_mean: f64,
    /// Mean time from the start of the request to its end.
    pub(crate) end_mean: f64,
}

/// An outcome taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Anatomy {
    /// The calls, in preorder.
    pub(crate) calls: Vec<CallAnatomy>,
    /// Requests with this outcome.
    pub(crate) count: u64,
    /// Requests whose times are kept.
    pub(crate) row_count: usize,
}

/// Start and end of a call in one row.
fn interval(row: &[i64], call: usize) -> (i64, i64) {
    (row[call * TIMES_PER_CALL], row[call * TIMES_PER_CALL + 1])
}

/// Parent of each call of a shape.
fn parents(shape: &Shape) -> Vec<Option<usize>> {
    let mut path: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(shape.len());
    for (at, &(depth, _)) in shape.iter().enumerate() {
        path.truncate(usize::from(depth));
        parents.push(path.last().copied());
        path.push(at);
    }
    parents
}

impl Anatomy {
    /// Takes an outcome apart, keeping at most `row_count_max` of its requests.
    pub(crate) fn new(outcome: &OutcomeTally, row_count_max: usize) -> Self {
        let rows = outcome.rows.stratified(row_count_max, |row| row[1] - row[0]);
        let parents = parents(&outcome.shape);
        let mut waits: Vec<Vec<usize>> = vec![Vec::new(); parents.len()];
        for (at, &parent) in parents.iter().enumerate() {
            // A lost call never returns, so that nothing waits for its time.
            if let (Some(parent), true) = (parent, outcome.shape[at].1.ending != Ending::Lost) {
                waits[parent].push(at);
            }
        }
        let mut calls: Vec<CallAnatomy> = (0..parents.len())
            .map(|at| CallAnatomy {
                label: outcome.shape[at].1,
                parent: parents[at],
                stages: stages(&waits[at], &rows),
                network: Vec::new(),
                own: Vec::new(),
                delay: Vec::new(),
                start_mean: mean(&rows, |row| interval(row, at).0),
                end_mean: mean(&rows, |row| interval(row, at).1),
            })
            .collect();
        for at in 0..calls.len() {
            fill(&mut calls, at, &rows);
        }
        Self { calls, count: outcome.count, row_count: rows.len() }
    }
}

fn mean(rows: &[&[i64]], value: impl Fn(&[i64]) -> i64) -> f64 {
    let sum: i128 = rows.iter().map(|row| i128::from(value(row))).sum();
    if rows.is_empty() { 0.0 } else { sum as f64 / rows.len() as f64 }
}

/// How two calls stand to each other in most requests.
#[derive(Clone, Copy, PartialEq)]
enum Relation {
    Before,
    After,
    Beside,
}

fn relation(left: usize, right: usize, rows: &[&[i64]]) -> Relation {
    let (mut before, mut after) = (0_usize, 0_usize);
    for row in rows {
        let (left, right) = (interval(row, left), interval(row, right));
        if left.1 <= right.0 {
            before += 1;
        } else if right.1 <= left.0 {
            after += 1;
        }
    }
    let beside = rows.len() - before - after;
    if beside > before + after {
        Relation::Beside
    } else if before >= after {
        Relation::Before
    } else {
        Relation::After
    }
}

/// Groups calls into stages: a call joins the stage that stands open unless it follows every member of it.
fn stages(calls: &[usize], rows: &[&[i64]]) -> Vec<Stage> {
    let mut calls = calls.to_vec();
    let start = |call: usize| mean(rows, |row| interval(row, call).0);
    let mut keyed: Vec<(f64, usize)> = calls.iter().map(|&call| (start(call), call)).collect();
    keyed.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
    calls.clear();
    calls.extend(keyed.into_iter().map(|(_, call)| call));
    let mut stages: Vec<Stage> = Vec::new();
    for call in calls {
        let joins = stages.last().is_some_and(|stage| {
            stage.members.iter().any(|member| relation(member.call, call, rows) != Relation::Before)
        });
        if !joins {
            stages.push(Stage { members: Vec::new() });
        }
        let Some(stage) = stages.last_mut() else { continue };
        let after = (0..stage.members.len())
            .filter(|&other| relation(stage.members[other].call, call, rows) == Relation::Before)
            .max_by(|&left, &right| {
                let end = |member: usize| mean(rows, |row| interval(row, stage.members[member].call).1);
                end(left).total_cmp(&end(right))
            });
        stage.members.push(Member { call, after, last: true });
    }
    for stage in &mut stages {
        mark_last(&mut stage.members, rows);
    }
    stages
}

/// Marks who may end a stage: not those that are followed by a call that ends later in every request.
fn mark_last(members: &mut [Member], rows: &[&[i64]]) {
    for at in 0..members.len() {
        let followers: Vec<usize> =
            members.iter().filter(|member| member.after == Some(at)).map(|member| member.call).collect();
        let call = members[at].call;
        let ends_last = |row: &&[i64]| {
            let end = followers.iter().map(|&follower| interval(row, follower).1).max();
            end.is_none_or(|end| interval(row, call).1 > end)
        };
        members[at].last = followers.is_empty() || rows.iter().any(ends_last);
    }
}

/// Fills the columns of a call, and the delays of the calls it waits for.
fn fill(calls: &mut [CallAnatomy], at: usize, rows: &[&[i64]]) {
    if calls[at].label.ending == Ending::Lost {
        return;
    }
    let stages = calls[at].stages.clone();
    let mut network = Vec::with_capacity(rows.len());
    let mut own = Vec::with_capacity(rows.len());
    let mut delays: Vec<(usize, Vec<i64>)> = Vec::new();
    for stage in stages.iter().filter(|stage| stage.members.len() > 1) {
        delays.extend(stage.members.iter().map(|member| (member.call, Vec::with_capacity(rows.len()))));
    }
    for row in rows {
        let (start, end) = interval(row, at);
        let inner = row[at * TIMES_PER_CALL + 3] - row[at * TIMES_PER_CALL + 2];
        network.push(end - start - inner);
        let mut waited = 0;
        let mut delay = delays.iter_mut();
        for stage in &stages {
            let first = stage.members.iter().map(|member| interval(row, member.call).0).min().unwrap_or(0);
            let last = stage.members.iter().map(|member| interval(row, member.call).1).max().unwrap_or(0);
            waited += last - first;
            if stage.members.len() > 1 {
                for member in &stage.members {
                    let from = member.after.map_or(first, |after| interval(row, stage.members[after].call).1);
                    if let Some((_, column)) = delay.next() {
                        column.push(interval(row, member.call).0 - from);
                    }
                }
            }
        }
        own.push(inner - waited);
    }
    let nothing = |column: &[i64]| column.iter().all(|&value| value == 0);
    if calls[at].label.both_sides && !nothing(&network) {
        calls[at].network = network;
    }
    let leaf = stages.is_empty() && calls[at].network.is_empty();
    if leaf || !nothing(&own) {
        calls[at].own = own;
    }
    for (call, column) in delays {
        if !nothing(&column) {
            calls[call].delay = column;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::RowSample;
    use super::super::span::Symbol;
    use super::*;

    fn outcome(depths: &[u16], rows: &[&[(i64, i64)]]) -> Anatomy {
        let shape = depths.iter().enumerate().map(|(at, &depth)| {
            let label = Label {
                service: Symbol(at as u32),
                operation: None,
                ending: Ending::Answered,
                forward: false,
                batch: false,
                both_sides: false,
            };
            (depth, label)
        });
        let mut sample = RowSample::default();
        for (ticket, row) in rows.iter().enumerate() {
            let values: Vec<i64> = row.iter().flat_map(|&(start, end)| [start, end, start, end]).collect();
            sample.enter(ticket as u64, &values, 100);
        }
        Anatomy::new(&OutcomeTally { shape: shape.collect(), count: rows.len() as u64, rows: sample }, 100)
    }

    #[test]
    fn calls_one_after_the_other_are_stages_of_their_own() {
        let anatomy = outcome(&[0, 1, 1], &[&[(0, 100), (10, 30), (40, 90)]]);
        assert_eq!(anatomy.calls[0].stages.len(), 2);
        assert_eq!(anatomy.calls[0].own, [30]);
        assert_eq!((&*anatomy.calls[1].own, &*anatomy.calls[2].own), (&[20][..], &[50][..]));
    }

    #[test]
    fn calls_that_overlap_are_one_stage_and_count_once() {
        let anatomy = outcome(&[0, 1, 1], &[&[(0, 100), (10, 60), (15, 90)], &[(0, 100), (10, 90), (12, 40)]]);
        let stages = &anatomy.calls[0].stages;
        assert_eq!((stages.len(), stages[0].members.len()), (1, 2));
        assert_eq!(anatomy.calls[0].own, [20, 20]);
        assert!(anatomy.calls[1].delay.is_empty());
        assert_eq!(anatomy.calls[2].delay, [5, 2]);
    }

    #[test]
    fn a_call_that_follows_one_of_two_in_parallel_is_chained_to_it() {
        let anatomy = outcome(&[0, 1, 1, 1], &[&[(0, 100), (0, 30), (0, 80), (35, 90)]]);
        let stage = &anatomy.calls[0].stages[0];
        assert_eq!(stage.members.iter().map(|member| member.after).collect::<Vec<_>>(), [None, None, Some(0)]);
        assert_eq!(stage.members.iter().map(|member| member.last).collect::<Vec<_>>(), [false, true, true]);
        assert_eq!(anatomy.calls[3].delay, [5]);
        assert_eq!(anatomy.calls[0].own, [10]);
    }

    #[test]
    fn a_child_of_a_child_belongs_to_the_child() {
        let anatomy = outcome(&[0, 1, 2, 1], &[&[(0, 100), (10, 50), (20, 40), (60, 70)]]);
        assert_eq!(anatomy.calls[2].parent, Some(1));
        assert_eq!(anatomy.calls[3].parent, Some(0));
        assert_eq!(anatomy.calls[1].own, [20]);
    }
}
