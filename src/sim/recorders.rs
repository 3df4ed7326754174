//! Recorders of all outputs: a set for each thread, or one that threads share where a set takes much memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::recorder::{Moments, Recorder, Recording};

/// Recorders that there may be in several sets; a single set may have more.
const RECORDERS_MAX: usize = 1024;

/// A recorder an output.
///
/// Counts are integers, so it does not matter which thread's samples a recorder has. Threads of a model with few outputs
/// would wait for each other and have a set each; with many outputs they hardly ever meet, and share.
#[derive(Debug, Clone)]
pub struct Recorders(Arc<[Mutex<Recorder>]>);

impl Recorders {
    /// A handle for each thread, to as few sets as the outputs demand.
    pub(crate) fn of_threads(outputs: usize, threads: usize) -> Vec<Self> {
        let sets = (RECORDERS_MAX / outputs.max(1)).clamp(1, threads.max(1));
        let sets: Vec<Self> = (0..sets).map(|_| Self((0..outputs).map(|_| Mutex::default()).collect())).collect();
        (0..threads).map(|thread| sets[thread % sets.len()].clone()).collect()
    }

    /// Records a block of an output.
    pub(super) fn record(&self, output: usize, record: impl FnOnce(&mut Recorder) -> Moments) -> Moments {
        record(&mut self.lock(output))
    }

    /// Bytes that the counts of all outputs take, rare ones apart.
    pub(super) fn count_bytes(&self) -> usize {
        (0..self.0.len()).map(|output| self.lock(output).count_bytes()).sum()
    }

    /// Recording of what the sets of several threads have of an output.
    pub(super) fn recording(all: &[Self], output: usize, moments: Moments) -> Recording {
        let recorders: Vec<MutexGuard<'_, Recorder>> = Self::sets(all).map(|set| set.lock(output)).collect();
        Recording::from_recorders(recorders.iter().map(|recorder| &**recorder), moments)
    }

    /// Gives up what is held of an output.
    pub(super) fn forget(all: &[Self], output: usize) {
        Self::sets(all).for_each(|set| *set.lock(output) = Recorder::new());
    }

    /// The sets that handles lead to, each once.
    fn sets(all: &[Self]) -> impl Iterator<Item = &Self> {
        let is_first = |at: usize, set: &Self| all[..at].iter().all(|earlier| !Arc::ptr_eq(&earlier.0, &set.0));
        all.iter().enumerate().filter(move |&(at, set)| is_first(at, set)).map(|(_, set)| set)
    }

    /// Locks, also after a panic elsewhere: the panic itself is what the caller gets to see.
    fn lock(&self, output: usize) -> MutexGuard<'_, Recorder> {
        self.0[output].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_set_counts_once_however_many_threads_share_it() {
        for (outputs, sets) in [(1, 4), (400, 2), (5000, 1)] {
            let all = Recorders::of_threads(outputs, 4);
            assert_eq!((all.len(), Recorders::sets(&all).count()), (4, sets), "{outputs}");
            let moments = all.iter().map(|handle| handle.record(0, |recorder| recorder.record(&[3.0, 5.0])));
            let moments = moments.fold(Moments::EMPTY, Moments::merge);
            let bins: Vec<u64> = Recorders::recording(&all, 0, moments).bins().map(|bin| bin.count).collect();
            assert_eq!(bins, [4, 4]);
        }
    }
}
