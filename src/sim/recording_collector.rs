//! Records outputs: counts a thread, moments a shard.

use super::collector::{BlockPlace, Collector};
use super::engine::Collected;
use crate::program::{BlockValues, OutputBlock, Program, SampleCount};
use crate::recorder::{Moments, Recorder, Recording};

/// Records every output of a program that differs from sample to sample; the others are known without drawing.
#[derive(Debug)]
pub struct RecordingCollector<'a> {
    program: &'a Program,
    samples: &'a [SampleCount],
}

impl<'a> RecordingCollector<'a> {
    /// Collector for `program`, of whose samples the first `samples[output]` are recorded.
    ///
    /// # Shape
    /// `samples` has an entry an output.
    #[must_use]
    pub const fn new(program: &'a Program, samples: &'a [SampleCount]) -> Self {
        Self { program, samples }
    }

    /// Total of no shards.
    #[must_use]
    pub fn empty(&self) -> Vec<Moments> {
        vec![Moments::EMPTY; self.program.outputs().len()]
    }

    /// Number of outputs.
    #[must_use]
    pub const fn output_count(&self) -> usize {
        self.samples.len()
    }

    /// Recordings of all outputs; what the threads hold of an output is given up as soon as it is merged.
    #[must_use]
    pub fn recordings(&self, mut collected: Collected<Self>) -> Vec<Recording> {
        let recording = |output| {
            let recording = self.recording(output, &collected);
            collected.workers.iter_mut().for_each(|worker| worker[output] = Recorder::new());
            recording
        };
        (0..self.output_count()).map(recording).collect()
    }

    /// Recording of one output of what was collected.
    ///
    /// # Panics
    /// If there is no such output.
    #[must_use]
    pub fn recording(&self, output: usize, collected: &Collected<Self>) -> Recording {
        self.recording_of(output, collected.workers.iter(), &collected.total, collected.samples)
    }

    /// Recording of one output of what threads (`workers`) and shards (`total`) collected of `samples` samples, for
    /// collectors that collect more than this one.
    pub(crate) fn recording_of<'w>(
        &self,
        output: usize,
        workers: impl Iterator<Item = &'w Vec<Recorder>> + Clone,
        total: &[Moments],
        samples: u64,
    ) -> Recording {
        if let Some(value) = self.program.constant_output(output) {
            let mut recorder = Recorder::new();
            let moments = recorder.record_constant(value, self.samples[output].of(samples));
            return Recording::from_recorders([&recorder], moments);
        }
        Recording::from_recorders(workers.map(|worker| &worker[output]), total[output])
    }
}

impl Collector for RecordingCollector<'_> {
    type Worker = Vec<Recorder>;
    type Shard = Vec<Moments>;
    type Total = Vec<Moments>;

    fn worker(&self) -> Self::Worker {
        vec![Recorder::new(); self.program.outputs().len()]
    }

    fn shard(&self) -> Self::Shard {
        self.empty()
    }

    fn output(
        &self,
        worker: &mut Self::Worker,
        shard: &mut Self::Shard,
        output: usize,
        values: OutputBlock<'_>,
        place: BlockPlace,
    ) {
        let len = match self.samples[output] {
            SampleCount::All => place.len,
            SampleCount::Exactly(count) => count.saturating_sub(place.first_sample).min(place.len as u64) as usize,
        };
        let recorder = &mut worker[output];
        let moments = match (values.value, values.keep) {
            // Recorded at once when the run is over.
            (BlockValues::Constant(_), None) => return,
            (BlockValues::Column(values), None) => recorder.record(&values[..len]),
            (values, Some(keep)) => {
                let column: Vec<f64> = (0..len).map(|lane| values.at(lane)).collect();
                let keep: Vec<f64> = (0..len).map(|lane| keep.at(lane)).collect();
                recorder.record_kept(&column, &keep)
            }
        };
        shard[output] = shard[output].merge(moments);
    }

    fn merge(&self, total: &mut Self::Total, shard: Self::Shard) {
        for (total, shard) in total.iter_mut().zip(shard) {
            *total = total.merge(shard);
        }
    }
}
