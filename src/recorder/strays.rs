//! Samples outside of a window: those just found, and how many there have been.

use std::collections::BTreeMap;

use super::cell::CellKey;

/// Strays of one recorder.
#[derive(Debug, Clone, Default)]
pub(super) struct Strays {
    /// Those found among the samples at hand; zeros are none.
    pub(super) found: Vec<CellKey>,
    /// Number so far by power of two, of both signs.
    pub(super) tallied: BTreeMap<u32, usize>,
    /// Number of negative ones so far.
    pub(super) negative: usize,
    /// Number since the window was last asked to grow for them.
    waiting: usize,
}

/// Samples at hand of which more than one in this many are outside have many strays.
pub(super) const STRAY_PARTS: usize = 32;

/// Strays that may come before the window is asked to grow for them, unless there are many at once.
const WAITING_MAX: usize = 64;

impl Strays {
    /// Finds the strays among values: those whose slot is one of `stray_slots`.
    pub(super) fn find(&mut self, values: &[f64], slots: &[u32], stray_slots: [usize; 2]) {
        let outside = values.iter().zip(slots).filter(|&(_, &slot)| stray_slots.contains(&(slot as usize)));
        let nonzero = outside.filter(|&(&value, _)| value != 0.0).map(|(&value, _)| CellKey::of_nonzero(value));
        self.found.clear();
        self.found.extend(nonzero);
        for &key in &self.found {
            *self.tallied.entry(key.octave()).or_default() += 1;
            self.negative += usize::from(key.is_negative());
        }
        self.waiting += self.found.len();
    }

    /// Whether it is time to ask the window to grow, since many are among `samples` samples at hand or have come by now.
    pub(super) fn are_many(&mut self, samples: usize) -> bool {
        let are_many = self.waiting >= WAITING_MAX || self.found.len() * STRAY_PARTS > samples;
        if are_many {
            self.waiting = 0;
        }
        are_many
    }
}
