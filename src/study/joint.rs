//! One pass over the blocks of a program that holds its outputs: recordings, and sums over what several outputs do
//! together in the same sample.

use crate::program::{Evaluator, OutputBlock, Program};
use crate::recorder::Moments;
use crate::sim::{BlockPlace, Collected, Collector, Engine, Recorders, RecordingCollector, SimError};

use super::watch::Pass;

/// Adds a block to the sums of its shard.
pub(super) trait BlockSums: Sync {
    /// Number of sums.
    fn len(&self) -> usize;

    /// Adds a block whose outputs are all at hand to `sums`, which has [`BlockSums::len`] places.
    fn add(&self, evaluator: &Evaluator<'_>, place: BlockPlace, sums: &mut [f64]);
}

/// Collects sums, and recordings where asked.
///
/// Sums are added block by block within a shard and shard by shard in order, so that their bits do not depend on the
/// number of threads.
pub(super) struct JointCollector<'a, S> {
    pub(super) recording: Option<RecordingCollector<'a>>,
    pub(super) sums: &'a S,
}

/// What a shard, or all of them, collected.
#[derive(Debug, Clone)]
pub(super) struct JointTotal {
    /// Moments of each output; empty without recordings.
    pub(super) moments: Vec<Moments>,
    /// The sums.
    pub(super) sums: Vec<f64>,
}

impl<S: BlockSums> JointCollector<'_, S> {
    fn empty(&self) -> JointTotal {
        JointTotal {
            moments: self.recording.as_ref().map_or_else(Vec::new, RecordingCollector::empty),
            sums: vec![0.0; self.sums.len()],
        }
    }
}

impl<'a, S: BlockSums> Collector for JointCollector<'a, S> {
    type Worker = Recorders;
    type Shard = JointTotal;
    type Total = JointTotal;

    fn workers(&self, threads: usize) -> Vec<Recorders> {
        let recording = self.recording.as_ref();
        recording.map_or_else(|| Recorders::of_threads(0, threads), |recording| recording.workers(threads))
    }

    fn shard(&self) -> JointTotal {
        self.empty()
    }

    fn output(
        &self,
        worker: &mut Self::Worker,
        shard: &mut JointTotal,
        output: usize,
        values: OutputBlock<'_>,
        place: BlockPlace,
    ) {
        if let Some(recording) = &self.recording {
            recording.output(worker, &mut shard.moments, output, values, place);
        }
    }

    fn block(&self, _: &mut Self::Worker, shard: &mut JointTotal, evaluator: &Evaluator<'_>, place: BlockPlace) {
        self.sums.add(evaluator, place, &mut shard.sums);
    }

    fn merge(&self, total: &mut JointTotal, shard: JointTotal) {
        if let Some(recording) = &self.recording {
            recording.merge(&mut total.moments, shard.moments);
        }
        for (total, sum) in total.sums.iter_mut().zip(shard.sums) {
            *total += sum;
        }
    }
}

/// How to draw: what the passes of a study have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawing {
    pub(super) samples: u64,
    pub(super) seed: u64,
    pub(super) threads: Option<usize>,
}

impl Drawing {
    /// Draws all samples of a holding program.
    pub(super) fn pass<'a, S: BlockSums>(
        self,
        program: &Program,
        collector: &JointCollector<'a, S>,
        pass: &Pass<'_>,
    ) -> Result<Collected<JointCollector<'a, S>>, SimError> {
        let engine = Engine::new(program, self.seed, self.threads)?;
        let begin = engine.begin(collector, collector.empty());
        Ok(engine.extend(collector, begin, self.samples, pass))
    }

    /// Sums over all samples of a holding program, without recordings, and how many samples there were.
    pub(super) fn sums<S: BlockSums>(
        self,
        program: &Program,
        sums: &S,
        pass: &Pass<'_>,
    ) -> Result<(Vec<f64>, u64), SimError> {
        let collector = JointCollector { recording: None, sums };
        let collected = self.pass(program, &collector, pass)?;
        Ok((collected.total.sums, collected.samples))
    }
}

/// Whether no filter took the sample in `lane`.
pub(super) fn is_kept(block: &OutputBlock<'_>, lane: usize) -> bool {
    block.keep.is_none_or(|keep| keep.at(lane) != 0.0)
}

/// A held output of the last block.
pub(super) fn held<'e>(evaluator: &'e Evaluator<'_>, output: usize) -> OutputBlock<'e> {
    evaluator.held(output).expect("programs of joint passes hold their outputs")
}
