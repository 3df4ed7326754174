//! The plan of a run: the versions of a model in one program, and which output each metric of each version is.

use std::collections::BTreeMap;

use super::sampling_problems::compile_problems;
use crate::formula::MetricIndex;
use crate::model::Model;
use crate::problem::Problem;
use crate::program::{Compiled, Compiler, Output, Program, SampleCount};

/// Versions of one model, compiled together.
#[derive(Debug)]
pub struct Plan {
    /// The program.
    pub program: Program,
    /// How many samples of each output count.
    pub samples: Vec<SampleCount>,
    /// For each version, for each metric, what it is.
    pub versions: Vec<Vec<MetricPlan>>,
}

/// What a metric of a version is.
#[derive(Debug, Clone, PartialEq)]
pub enum MetricPlan {
    /// An output of the program, by number.
    Output(usize),
    /// Not asked for.
    NotRecorded,
    /// Empty: no samples and no problem.
    Empty,
    /// Broken, for these reasons (besides those that the model knows).
    Broken(Vec<Problem>),
}

impl Plan {
    /// Plan of versions of a model.
    ///
    /// # Parameters
    /// - `metrics`: which metrics to record; `None` is all of them.
    /// - `hold`: whether all outputs of a block are needed together.
    #[must_use]
    pub fn new(versions: &[&Model], metrics: Option<&[MetricIndex]>, hold: bool) -> Self {
        let compat = versions.first().is_some_and(|model| model.options().compat);
        let mut compiler = Compiler::new(compat);
        let add = |model: &&Model| {
            let correlations = model.correlations().iter();
            compiler.correlate(correlations.map(|pair| (pair.first, pair.second, pair.coefficient)));
            compiler.add(&model.definitions(), model.order())
        };
        let compiled: Vec<Vec<Compiled>> = versions.iter().map(add).collect();
        let mut outputs = Outputs::default();
        let plans = versions.iter().zip(&compiled).map(|(model, compiled)| {
            let wanted = |index: usize| metrics.is_none_or(|list| list.contains(&MetricIndex(index as u32)));
            let plan = |(index, compiled): (usize, &Compiled)| match compiled {
                Compiled::Output { .. } if !wanted(index) => MetricPlan::NotRecorded,
                Compiled::Output { output, samples } => MetricPlan::Output(outputs.number(*output, *samples)),
                Compiled::Empty => MetricPlan::Empty,
                broken => MetricPlan::Broken(compile_problems(model, index, broken)),
            };
            compiled.iter().enumerate().map(plan).collect()
        });
        let versions = plans.collect();
        let Outputs { list, samples, .. } = outputs;
        let graph = compiler.into_graph();
        let program = if hold { Program::holding(graph, list) } else { Program::new(graph, list) };
        Self { program, samples, versions }
    }
}

/// Numbers outputs; equal ones, which versions have in common, get one number.
#[derive(Debug, Default)]
struct Outputs {
    list: Vec<Output>,
    samples: Vec<SampleCount>,
    known: BTreeMap<(Output, u64), usize>,
}

impl Outputs {
    fn number(&mut self, output: Output, samples: SampleCount) -> usize {
        let key = (output, samples.of(u64::MAX));
        *self.known.entry(key).or_insert_with(|| {
            self.list.push(output);
            self.samples.push(samples);
            self.list.len() - 1
        })
    }
}
