//! Records outputs: counts a thread, moments a shard.

use rayon::prelude::*;

use super::collector::{BlockPlace, Collector};
use super::engine::{Collected, Engine};
use super::recorders::Recorders;
use crate::program::{BlockValues, OutputBlock, Program, SampleCount};
use crate::recorder::{Moments, Recorder, Recording};
use crate::rng::BLOCK_LEN;

/// Bytes of a first-level cache.
const FIRST_LEVEL_LEN: usize = 32 * 1024;

/// Outputs whose counts, each larger than a first-level cache, are together larger than a second-level one.
const OUTPUTS_MANY: usize = 64;

/// Records every output of a program that differs from sample to sample; the others are known without drawing.
#[derive(Debug)]
pub struct RecordingCollector<'a> {
    program: &'a Program,
    samples: &'a [SampleCount],
    /// For each output, whether it is recorded at once when the run is over, from what is known of it.
    known: Vec<bool>,
}

impl<'a> RecordingCollector<'a> {
    /// Collector for `program`, of whose samples the first `samples[output]` are recorded.
    ///
    /// # Shape
    /// `samples` has an entry an output.
    #[must_use]
    pub fn new(program: &'a Program, samples: &'a [SampleCount]) -> Self {
        let mut collector = Self { program, samples, known: Vec::new() };
        collector.known = (0..samples.len()).map(|output| collector.is_known(output)).collect();
        collector
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
    ///
    /// # Parameters
    /// - `engine`: on whose threads to merge; `None` merges on the caller's.
    #[must_use]
    pub fn recordings(&self, collected: Collected<Self>, engine: Option<&Engine<'_>>) -> Vec<Recording> {
        let recording = |output| {
            let recording = self.recording(output, &collected);
            Recorders::forget(&collected.workers, output);
            recording
        };
        let outputs = 0..self.output_count();
        match engine {
            Some(engine) => engine.install(|| outputs.into_par_iter().map(recording).collect()),
            None => outputs.map(recording).collect(),
        }
    }

    /// The list that an output is, as measured data are with `compat`: Guesstimate shows all of its values, however many
    /// samples are drawn.
    fn whole_list(&self, output: usize) -> Option<&[f64]> {
        let list = self.program.walked_list(output)?;
        (self.samples[output] == SampleCount::Exactly(list.len() as u64)).then_some(list)
    }

    fn is_known(&self, output: usize) -> bool {
        self.program.constant_output(output).is_some()
            || self.program.filters_all(output)
            || self.whole_list(output).is_some()
    }

    /// Recording of one output of what was collected.
    ///
    /// # Panics
    /// If there is no such output.
    #[must_use]
    pub fn recording(&self, output: usize, collected: &Collected<Self>) -> Recording {
        self.recording_of(output, &collected.workers, &collected.total, collected.samples)
    }

    /// Recording of one output of what threads (`workers`) and shards (`total`) collected of `samples` samples, for
    /// collectors that collect more than this one.
    pub(crate) fn recording_of(
        &self,
        output: usize,
        workers: &[Recorders],
        total: &[Moments],
        samples: u64,
    ) -> Recording {
        let samples = self.samples[output].of(samples);
        let mut recorder = Recorder::new();
        if let Some(value) = self.program.constant_output(output) {
            let moments = recorder.record_constant(value, samples);
            return Recording::from_recorders([&recorder], moments);
        }
        if self.program.filters_all(output) {
            recorder.record_filtered(samples);
            return Recording::from_recorders([&recorder], Moments::EMPTY);
        }
        if let Some(list) = self.whole_list(output) {
            let moments = list.chunks(BLOCK_LEN).map(|values| recorder.record(values));
            let moments = moments.fold(Moments::EMPTY, Moments::merge);
            return Recording::from_recorders([&recorder], moments);
        }
        Recorders::recording(workers, output, total[output])
    }
}

impl Collector for RecordingCollector<'_> {
    type Worker = Recorders;
    type Shard = Vec<Moments>;
    type Total = Vec<Moments>;

    fn workers(&self, threads: usize) -> Vec<Recorders> {
        Recorders::of_threads(self.program.outputs().len(), threads)
    }

    fn shard(&self) -> Self::Shard {
        self.empty()
    }

    /// Where the counts of an output do not fit the first-level cache, and those of all outputs not the second, fetching
    /// them takes longer than counting: then it is done once for many blocks.
    fn blocks_together(&self, worker: &Self::Worker) -> u64 {
        let outputs = self.output_count();
        if outputs < OUTPUTS_MANY {
            return 1;
        }
        if worker.count_bytes() / outputs > FIRST_LEVEL_LEN { u64::MAX } else { 1 }
    }

    fn output(
        &self,
        worker: &mut Self::Worker,
        shard: &mut Self::Shard,
        output: usize,
        values: OutputBlock<'_>,
        place: BlockPlace,
    ) {
        if self.known[output] {
            return;
        }
        let len = match self.samples[output] {
            SampleCount::All => place.len,
            SampleCount::Exactly(count) => count.saturating_sub(place.first_sample).min(place.len as u64) as usize,
        };
        let moments = worker.record(output, |recorder| match (values.value, values.keep) {
            (BlockValues::Constant(value), None) => recorder.record_constant(value, len as u64),
            (BlockValues::Column(values), None) => recorder.record(&values[..len]),
            (values, Some(keep)) => {
                let column: Vec<f64> = (0..len).map(|lane| values.at(lane)).collect();
                let keep: Vec<f64> = (0..len).map(|lane| keep.at(lane)).collect();
                recorder.record_kept(&column, &keep)
            }
        });
        shard[output] = shard[output].merge(moments);
    }

    fn merge(&self, total: &mut Self::Total, shard: Self::Shard) {
        for (total, shard) in total.iter_mut().zip(shard) {
            *total = total.merge(shard);
        }
    }
}
