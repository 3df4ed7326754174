//! Progress of a study over all its passes, and the way to stop it.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::sim::Watch;

/// Watches a study and can stop it.
pub trait StudyWatch: Sync {
    /// Called as samples are drawn: how many so far, over all passes, and how many there will be as far as is known.
    fn drawn(&self, samples: u64, total: u64) {
        let _ = (samples, total);
    }

    /// Whether to stop after the shards that are being evaluated.
    fn stop(&self) -> bool {
        false
    }
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoStudyWatch;

impl StudyWatch for NoStudyWatch {}

/// One pass of a study, as the engine watches it.
pub(super) struct Pass<'a> {
    watch: &'a dyn StudyWatch,
    /// Samples drawn before the pass.
    before: u64,
    total: u64,
    stopped: AtomicBool,
}

impl<'a> Pass<'a> {
    /// Pass that begins after `before` of `total` samples.
    pub(super) fn new(watch: &'a dyn StudyWatch, before: u64, total: u64) -> Self {
        Self { watch, before, total, stopped: AtomicBool::new(false) }
    }

    /// Whether the user stopped the pass.
    pub(super) fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

impl<T> Watch<T> for Pass<'_> {
    fn merged(&self, samples: u64, _: &T) {
        self.watch.drawn(self.before + samples, self.total);
    }

    fn stop(&self) -> bool {
        let stop = self.watch.stop();
        if stop {
            self.stopped.store(true, Ordering::Relaxed);
        }
        stop
    }
}
