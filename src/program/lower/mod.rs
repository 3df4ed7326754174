//! Lowering: a checked formula becomes nodes of the graph.
//!
//! The formula is walked once. A part that no sample can change is evaluated by the interpreter, with all the kinds of
//! value the language has; a part that samples change must be a real number, a list of them, or a function, and becomes
//! nodes. Functions defined in the formula are written out where they are called. A conditional whose condition is
//! known is its taken side and nothing else.

mod calls;
mod draws;
mod expression;
mod figures;
mod latency;
mod lists;
mod operators;
mod part;
mod scope;

use std::collections::BTreeMap;

use super::error::{ProgramError, ProgramErrorKind};
use super::figure::{Figure, FigurePlace};
use super::graph::{Graph, NodeId};
use super::operation::BinaryOperation;
use super::recorded::RecordedUse;
use super::schedule::Output;
use crate::formula::interpreter::{Interpreter, Options};
use crate::formula::value::Value;
use crate::formula::{Checked, MetricIndex};
use crate::span::Span;
use part::{Part, Sampled};
use scope::Scope;

/// Most operations that one formula may take.
const OPERATIONS_MAX: usize = 200_000;

/// Deepest nesting of calls of functions defined in a formula.
const CALL_DEPTH_MAX: usize = 64;

/// Lowers one formula into the graph.
///
/// # Parameters
/// - `checked`: the formula with its metrics resolved.
/// # Errors
/// [`ProgramError`] when the formula has no value or none that is a number.
pub(super) fn lower(
    graph: &mut Graph,
    checked: &Checked,
    surroundings: Surroundings<'_>,
) -> Result<LoweredFormula, ProgramError> {
    let Surroundings { metrics, unresolved, figures, stream, compat } = surroundings;
    let nodes = graph.len();
    let mut lowering = Lowering {
        graph,
        checked,
        metrics,
        unresolved_metrics: unresolved,
        figures,
        stream,
        site: 0,
        compat,
        scope: Scope::default(),
        calls: 0,
        function_depth: 0,
        nodes_max: nodes + OPERATIONS_MAX,
        written_out: BTreeMap::new(),
        wanted: Vec::new(),
        unresolved: 0,
        recorded_uses: Vec::new(),
    };
    let part = if lowering.depends_on_samples(&checked.tree, false) {
        lowering.part(&checked.tree)?
    } else {
        let value = lowering.interpreter().evaluate(&checked.tree);
        Part::Known(value.map_err(|error| ProgramError::at(error.span, error.kind))?)
    };
    let output = lowering.output(&part, checked.tree.span)?;
    let is_unresolved = lowering.unresolved > 0;
    Ok(LoweredFormula { output, wanted: lowering.wanted, is_unresolved, recorded_uses: lowering.recorded_uses })
}

/// What a formula is lowered within.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// Output of each metric that is already compiled, by position in the model.
    pub(super) metrics: &'a [Option<Output>],
    /// Whether a metric depends on a figure that is not known yet.
    pub(super) unresolved: &'a [bool],
    /// Figures of the formula that are known.
    pub(super) figures: &'a [(FigurePlace, f64)],
    /// Key of the metric's streams; draw sites are numbered in the order in which they are written.
    pub(super) stream: u64,
    /// Whether to do as Guesstimate does where that differs.
    pub(super) compat: bool,
}

/// A formula in the graph.
#[derive(Debug, Clone)]
pub(super) struct LoweredFormula {
    pub(super) output: Output,
    /// Figures that are not known and can be drawn.
    pub(super) wanted: Vec<(FigurePlace, Output, Figure)>,
    /// Whether it depends on a figure that is not known.
    pub(super) is_unresolved: bool,
    /// Order statistics in it that rest on recorded samples.
    pub(super) recorded_uses: Vec<RecordedUse>,
}

struct Lowering<'a> {
    graph: &'a mut Graph,
    checked: &'a Checked,
    metrics: &'a [Option<Output>],
    unresolved_metrics: &'a [bool],
    figures: &'a [(FigurePlace, f64)],
    stream: u64,
    site: u32,
    compat: bool,
    scope: Scope,
    /// Functions being written out within each other, and where the variables of the innermost begin.
    calls: usize,
    function_depth: usize,
    nodes_max: usize,
    /// How often the call of a figure that begins at a byte was written out.
    written_out: BTreeMap<usize, u32>,
    wanted: Vec<(FigurePlace, Output, Figure)>,
    /// Figures met that are not known, and metrics that depend on such.
    unresolved: usize,
    recorded_uses: Vec<RecordedUse>,
}

type Lowered<T> = Result<T, ProgramError>;

impl Lowering<'_> {
    /// What the metric gets from the formula's value.
    fn output(&mut self, part: &Part, span: Span) -> Lowered<Output> {
        let sampled = match part {
            Part::Known(Value::Number(number)) => Sampled::number(self.graph.constant(*number)),
            Part::Known(value) => match value.outcome(self.compat).map_err(|kind| ProgramError::at(span, kind))? {
                crate::formula::value::Outcome::Number(number) => Sampled::number(self.graph.constant(number)),
                crate::formula::value::Outcome::Filtered => {
                    let nothing = self.graph.constant(0.0);
                    Sampled { keep: Some(nothing), ..Sampled::number(nothing) }
                }
            },
            Part::Sampled(sampled) if sampled.boolean && self.compat => {
                let kind = crate::formula::interpreter::EvaluateErrorKind::NotANumber { found: "a boolean" };
                return Err(ProgramError::at(span, kind));
            }
            Part::Sampled(sampled) => *sampled,
            other => {
                let value = ProgramErrorKind::NotNumber { found: other.described() };
                return Err(ProgramError::at(span, value));
            }
        };
        let mut keep = sampled.keep;
        if self.compat {
            // Guesstimate drops a sample as soon as any input of the metric is dropped, used or not.
            for input in self.checked.inputs.clone() {
                keep = self.both(keep, self.metric_keep(input));
            }
        }
        Ok(Output { value: sampled.node, keep })
    }

    fn metric_keep(&self, metric: MetricIndex) -> Option<NodeId> {
        self.metrics[metric.index()].and_then(|output| output.keep)
    }

    /// Node that keeps a sample when both keep it.
    fn both(&mut self, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        match (a, b) {
            (Some(a), Some(b)) if a != b => Some(self.graph.binary(BinaryOperation::And, a, b)),
            (a, b) => a.or(b),
        }
    }

    const fn options(&self) -> Options {
        Options { compat: self.compat }
    }

    /// An interpreter that knows the variables in scope that are known.
    fn interpreter(&self) -> Interpreter<'static> {
        let mut interpreter = Interpreter::new(self.options());
        for (name, value) in self.scope.known() {
            interpreter.set(name, value.clone());
        }
        interpreter
    }

    fn size_checked(&self, span: Span) -> Lowered<()> {
        if self.graph.len() > self.nodes_max {
            return Err(ProgramError::at(span, ProgramErrorKind::TooLarge { limit: OPERATIONS_MAX }));
        }
        Ok(())
    }
}
