//! What is made of the blocks of a run: the interface between the threads that evaluate and those who want figures.

use crate::program::{Evaluator, OutputBlock};

/// Where a block of samples stands in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockPlace {
    /// Number of the block.
    pub block: u64,
    /// Number of its first sample.
    pub first_sample: u64,
    /// Samples of the block that belong to the run: all but those past its end.
    pub len: usize,
}

/// Collects from the blocks of a run.
///
/// A run is cut into shards of consecutive blocks, and each shard is evaluated by one thread. What is collected is of
/// two kinds: a `Worker` a thread, for what adds up to the same in any order (integer counts), and a `Shard` a shard, for
/// what does not (sums of floating-point numbers); shards are merged in order, so that the result does not depend on the
/// number of threads.
pub trait Collector: Sync {
    /// State of one thread.
    type Worker: Send;
    /// State of one shard.
    type Shard: Send;
    /// Shards merged.
    type Total: Send;

    /// States of so many threads that have collected nothing.
    fn workers(&self, threads: usize) -> Vec<Self::Worker>;

    /// State of a shard that has collected nothing.
    fn shard(&self) -> Self::Shard;

    /// How many blocks are best evaluated together, output by output; more than one only if [`Collector::block`] does
    /// nothing.
    fn blocks_together(&self, worker: &Self::Worker) -> u64 {
        let _ = worker;
        1
    }

    /// Takes one output of a block, as soon as it is complete; those of one output come in the order of blocks.
    fn output(
        &self,
        worker: &mut Self::Worker,
        shard: &mut Self::Shard,
        output: usize,
        values: OutputBlock<'_>,
        place: BlockPlace,
    );

    /// Takes a block when all its outputs are complete; a program that holds its outputs has them all at hand.
    fn block(&self, worker: &mut Self::Worker, shard: &mut Self::Shard, evaluator: &Evaluator<'_>, place: BlockPlace) {
        let _ = (worker, shard, evaluator, place);
    }

    /// Adds a shard to the total; called in the order of shards.
    fn merge(&self, total: &mut Self::Total, shard: Self::Shard);
}
