//! Figures that formulas ask for, drawn in as many passes as they depend on each other.

use super::engine::{Engine, Watch};
use super::error::SimError;
use super::recording_collector::RecordingCollector;
use crate::formula::{Node, Tree};
use crate::model::Model;
use crate::program::{Compiler, Figure, Output, Program, SampleCount, WantedFigure, is_figure};
use crate::recorder::{Moments, Recording};

/// Most passes: the depth to which figures of figures may be asked for.
const PASSES_MAX: usize = 64;

/// How figures are drawn: as the run that they serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FigureDrawing {
    /// Samples of each pass.
    pub samples: u64,
    /// Seed of the streams.
    pub seed: u64,
    /// Threads; `None` takes one a processor.
    pub threads: Option<usize>,
}

/// The versions of a model with the figures that their formulas ask for; `None` if none asks for any.
///
/// Figures that depend on no other are drawn in a first pass, those that depend on them in a second, and so on; a
/// warning of the models says how many there were.
///
/// # Randomness
/// The samples are those of the run with the same seed.
///
/// # Errors
/// [`SimError::Threads`] if the threads cannot be started.
///
/// # Numerics
/// Quantiles are known to 0.05 %, as the recorder has them; figures carry the error of their samples and are taken as
/// exact by the formulas that use them.
pub fn with_figures(
    versions: &[&Model],
    drawing: FigureDrawing,
    watch: &dyn Watch<Vec<Moments>>,
) -> Result<Option<Vec<Model>>, SimError> {
    let formulas = |model: &&Model| model.metrics().iter().any(|m| m.formula().is_some_and(|c| asks(&c.tree)));
    if !versions.iter().any(formulas) {
        return Ok(None);
    }
    let mut models: Vec<Model> = versions.iter().map(|&model| model.clone()).collect();
    let mut passes = 1;
    while passes < PASSES_MAX {
        let compat = models.first().is_some_and(|model| model.options().compat);
        let mut compiler = Compiler::new(compat);
        let mut wanted: Vec<Vec<WantedFigure>> = Vec::new();
        for model in &models {
            compiler.add(&model.definitions(), model.order());
            wanted.push(compiler.wanted().to_vec());
        }
        let mut outputs: Vec<Output> = wanted.iter().flatten().map(|figure| figure.output).collect();
        outputs.sort_unstable();
        outputs.dedup();
        if outputs.is_empty() {
            break;
        }
        let program = Program::new(compiler.into_graph(), outputs.clone());
        let recordings = draw(&program, drawing, watch)?;
        for (model, wanted) in models.iter_mut().zip(&wanted) {
            let value = |figure: &WantedFigure| {
                let recording = &recordings[outputs.binary_search(&figure.output).unwrap_or(0)];
                (figure.metric, figure.place, value(figure.figure, recording))
            };
            *model = model.with_figures(wanted.iter().map(value));
        }
        passes += 1;
    }
    Ok(Some(models.into_iter().map(|model| model.noting_passes(passes)).collect()))
}

fn draw(
    program: &Program,
    drawing: FigureDrawing,
    watch: &dyn Watch<Vec<Moments>>,
) -> Result<Vec<Recording>, SimError> {
    let samples = vec![SampleCount::All; program.outputs().len()];
    let collector = RecordingCollector::new(program, &samples);
    let engine = Engine::new(program, drawing.seed, drawing.threads)?;
    let collected = engine.extend(&collector, engine.begin(&collector, collector.empty()), drawing.samples, watch);
    Ok((0..samples.len()).map(|output| collector.recording(output, &collected)).collect())
}

/// The figure of a recording; not a number without samples.
fn value(figure: Figure, recording: &Recording) -> f64 {
    let moments = recording.moments();
    let value = match figure {
        Figure::Quantile(q) => recording.quantile(q).value,
        Figure::Share | Figure::Mean => moments.mean(),
        Figure::Deviation => moments.stdev(),
    };
    value.unwrap_or(f64::NAN)
}

/// Whether a formula asks for a figure.
fn asks(tree: &Tree) -> bool {
    let here =
        matches!(&tree.node, Node::Call(callee, _) if matches!(&callee.node, Node::Name(name) if is_figure(name)));
    let mut found = here;
    tree.for_each_child(|child| found = found || asks(child));
    found
}
