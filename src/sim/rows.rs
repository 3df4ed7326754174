//! Whole rows of samples, in order: what leaves the program as raw data.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};

use super::collector::{BlockPlace, Collector};
use super::engine::{Engine, NoWatch, Watch};
use super::error::SimError;
use super::figures::{FigureDrawing, with_figures};
use super::plan::{MetricPlan, Plan};
use crate::formula::MetricIndex;
use crate::model::Model;
use crate::program::{Evaluator, OutputBlock};

/// Takes blocks of rows.
///
/// # Shape
/// `columns[column][row]`, a column a metric; all columns of a block have one length.
pub type RowSink<'a> = dyn FnMut(&[&[f64]]) -> std::io::Result<()> + Send + 'a;

/// Metrics of a model that have samples, in the order of the model: the columns of [`rows`].
#[must_use]
pub fn row_metrics(model: &Model, metrics: Option<&[MetricIndex]>) -> Vec<MetricIndex> {
    let plan = Plan::new(&[model], metrics, true);
    columns(&plan).map(|(index, _)| index).collect()
}

fn columns(plan: &Plan) -> impl Iterator<Item = (MetricIndex, usize)> {
    (0..).map(MetricIndex).zip(&plan.versions[0]).filter_map(|(index, plan)| match plan {
        MetricPlan::Output(output) => Some((index, *output)),
        _ => None,
    })
}

/// Draws the samples of a model and hands them over as rows, sample after sample: row `i` holds what every metric was in
/// sample `i`. A sample that a filter took from a metric is not a number there.
///
/// # Randomness
/// The rows are the samples that [`super::run`] records with the same seed, whatever the number of threads.
///
/// # Errors
/// [`SimError::Threads`] if the threads cannot be started, [`SimError::Rows`] if the sink fails; it is not called again
/// then.
pub fn rows(
    model: &Model,
    metrics: Option<&[MetricIndex]>,
    samples: u64,
    seed: u64,
    threads: Option<usize>,
    sink: &mut RowSink<'_>,
) -> Result<(), SimError> {
    let resolved = with_figures(&[model], FigureDrawing { samples, seed, threads }, &NoWatch)?;
    let model = resolved.as_ref().and_then(|models| models.first()).unwrap_or(model);
    let plan = Plan::new(&[model], metrics, true);
    let total = RowTotal { sink, result: Ok(()) };
    let collector = RowCollector { outputs: columns(&plan).map(|(_, output)| output).collect(), total: PhantomData };
    let engine = Engine::new(&plan.program, seed, threads)?;
    let begin = engine.begin(&collector, total);
    engine.extend(&collector, begin, samples, &StopOnError::default()).total.result.map_err(SimError::Rows)
}

/// Where the rows go, and the first failure there.
struct RowTotal<'a, 'b> {
    sink: &'a mut RowSink<'b>,
    result: std::io::Result<()>,
}

struct RowCollector<'a, 'b> {
    outputs: Vec<usize>,
    total: PhantomData<fn() -> RowTotal<'a, 'b>>,
}

impl<'a, 'b> Collector for RowCollector<'a, 'b> {
    type Worker = ();
    /// Columns of the shard.
    type Shard = Vec<Vec<f64>>;
    type Total = RowTotal<'a, 'b>;

    fn workers(&self, threads: usize) -> Vec<()> {
        vec![(); threads]
    }

    fn shard(&self) -> Self::Shard {
        vec![Vec::new(); self.outputs.len()]
    }

    fn output(&self, (): &mut (), _: &mut Self::Shard, _: usize, _: OutputBlock<'_>, _: BlockPlace) {}

    fn block(&self, (): &mut (), shard: &mut Self::Shard, evaluator: &Evaluator<'_>, place: BlockPlace) {
        for (column, &output) in shard.iter_mut().zip(&self.outputs) {
            let values = evaluator.held(output).expect("the program of rows holds its outputs");
            column.extend((0..place.len).map(|lane| {
                let kept = values.keep.is_none_or(|keep| keep.at(lane) != 0.0);
                if kept { values.value.at(lane) } else { f64::NAN }
            }));
        }
    }

    fn merge(&self, total: &mut Self::Total, shard: Self::Shard) {
        if total.result.is_ok() {
            let columns: Vec<&[f64]> = shard.iter().map(Vec::as_slice).collect();
            total.result = (total.sink)(&columns);
        }
    }
}

/// Stops drawing when the rows cannot be taken.
#[derive(Default)]
struct StopOnError(AtomicBool);

impl Watch<RowTotal<'_, '_>> for StopOnError {
    fn merged(&self, _: u64, total: &RowTotal<'_, '_>) {
        if total.result.is_err() {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    fn stop(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
