//! The engine: one worker a thread takes shards in turn; shards are merged in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::collector::{BlockPlace, Collector};
use super::error::SimError;
use crate::program::{Evaluator, Program};
use crate::rng::BLOCK_LEN;

/// Blocks of a shard. It is fixed, so that sums of floating-point numbers are grouped alike in every run.
const SHARD_BLOCKS: u64 = 16;

/// Samples of a shard.
pub const SHARD_LEN: u64 = SHARD_BLOCKS * BLOCK_LEN as u64;

/// Evaluates a program on a fixed number of threads.
#[derive(Debug)]
pub struct Engine<'a> {
    program: &'a Program,
    seed: u64,
    pool: rayon::ThreadPool,
}

/// What a run has collected so far; it can be continued.
#[derive(Debug)]
pub struct Collected<C: Collector> {
    /// State of each thread.
    pub workers: Vec<C::Worker>,
    /// Shards merged.
    pub total: C::Total,
    /// Samples drawn.
    pub samples: u64,
}

/// Watches a run and can stop it.
pub trait Watch<T>: Sync {
    /// Called in the order of shards, after each is merged.
    fn merged(&self, samples: u64, total: &T) {
        let _ = (samples, total);
    }

    /// Whether to stop after the shards that are being evaluated.
    fn stop(&self) -> bool {
        false
    }
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoWatch;

impl<T> Watch<T> for NoWatch {}

impl<'a> Engine<'a> {
    /// Engine for `program`.
    ///
    /// # Parameters
    /// - `threads`: number of threads; `None` takes one a processor.
    ///
    /// # Errors
    /// [`SimError::Threads`] if the threads cannot be started.
    pub fn new(program: &'a Program, seed: u64, threads: Option<usize>) -> Result<Self, SimError> {
        let pool =
            rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build().map_err(SimError::Threads)?;
        Ok(Self { program, seed, pool })
    }

    /// Number of threads.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// Does something on the engine's threads.
    pub fn install<T: Send>(&self, act: impl FnOnce() -> T + Send) -> T {
        self.pool.install(act)
    }

    /// Collects nothing, yet.
    pub fn begin<C: Collector>(&self, collector: &C, total: C::Total) -> Collected<C> {
        Collected { workers: collector.workers(self.threads()), total, samples: 0 }
    }

    /// Draws samples until there are `samples` of them in all, or the watch stops it.
    ///
    /// # Shape
    /// What was collected before ends at a whole shard; `samples` may be any number.
    ///
    /// # Randomness
    /// Sample `i` is the same in every run with the same seed, whatever the number of threads or of samples.
    pub fn extend<C: Collector>(
        &self,
        collector: &C,
        collected: Collected<C>,
        samples: u64,
        watch: &(impl Watch<C::Total> + ?Sized),
    ) -> Collected<C> {
        let Collected { workers, total, samples: before } = collected;
        let first = before / SHARD_LEN;
        let run = Run {
            collector,
            watch,
            samples,
            next: AtomicU64::new(first),
            stopped: AtomicBool::new(false),
            merger: Mutex::new(Merger { next: first, waiting: BTreeMap::new(), total, samples: before }),
        };
        let slots: Vec<Mutex<Option<C::Worker>>> = workers.into_iter().map(|worker| Mutex::new(Some(worker))).collect();
        self.pool.broadcast(|context| {
            let mut slot = lock(&slots[context.index()]);
            if let Some(worker) = slot.as_mut() {
                run.work(&mut Evaluator::new(self.program, self.seed), worker);
            }
        });
        let workers = slots.into_iter().filter_map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner));
        let merger = run.merger.into_inner().unwrap_or_else(PoisonError::into_inner);
        Collected { workers: workers.collect(), total: merger.total, samples: merger.samples }
    }
}

/// One call of [`Engine::extend`], shared by its threads.
struct Run<'a, C: Collector, W: ?Sized> {
    collector: &'a C,
    watch: &'a W,
    samples: u64,
    next: AtomicU64,
    stopped: AtomicBool,
    merger: Mutex<Merger<C>>,
}

/// Merges shards in order; those that come early wait.
struct Merger<C: Collector> {
    next: u64,
    waiting: BTreeMap<u64, (C::Shard, u64)>,
    total: C::Total,
    samples: u64,
}

impl<C: Collector, W: Watch<C::Total> + ?Sized> Run<'_, C, W> {
    /// Takes shards in turn until none is left.
    fn work(&self, evaluator: &mut Evaluator<'_>, worker: &mut C::Worker) {
        while !self.stopped.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number.saturating_mul(SHARD_LEN) >= self.samples {
                break;
            }
            let (shard, samples) = self.shard(number, evaluator, worker);
            self.merge(number, shard, samples);
            if self.watch.stop() {
                self.stopped.store(true, Ordering::Relaxed);
            }
        }
    }

    fn shard(&self, number: u64, evaluator: &mut Evaluator<'_>, worker: &mut C::Worker) -> (C::Shard, u64) {
        let mut shard = self.collector.shard();
        let place = |block: u64| {
            let first_sample = block * BLOCK_LEN as u64;
            let len = self.samples.saturating_sub(first_sample).min(BLOCK_LEN as u64) as usize;
            BlockPlace { block, first_sample, len }
        };
        let first = number * SHARD_BLOCKS;
        let end = (first + SHARD_BLOCKS).min(self.samples.div_ceil(BLOCK_LEN as u64));
        let mut next = first;
        while next < end {
            let together = self.collector.blocks_together(worker).clamp(1, evaluator.blocks_max());
            let blocks = next..end.min(next + together);
            next = blocks.end;
            evaluator.run(blocks.clone(), |block, output, values| {
                self.collector.output(worker, &mut shard, output, values, place(block));
            });
            blocks.for_each(|block| self.collector.block(worker, &mut shard, evaluator, place(block)));
        }
        let samples = (first..end).map(|block| place(block).len as u64).sum();
        (shard, samples)
    }

    fn merge(&self, number: u64, shard: C::Shard, samples: u64) {
        let mut merger = lock(&self.merger);
        let Merger { next, waiting, total, samples: done } = &mut *merger;
        waiting.insert(number, (shard, samples));
        while let Some((shard, samples)) = waiting.remove(next) {
            self.collector.merge(total, shard);
            *next += 1;
            *done += samples;
            self.watch.merged(*done, total);
        }
    }
}

/// Locks, also after a panic elsewhere: the panic itself is what the caller gets to see.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
