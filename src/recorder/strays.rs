//! Samples outside of a window: those just found, and how many there have been.

use std::collections::BTreeMap;

use super::cell::CellKey;
use super::window::{Window, octave};

/// Strays of one recorder.
#[derive(Debug, Clone, Default)]
pub(super) struct Strays {
    /// Those found among the samples at hand; zeros are none.
    pub(super) found: Vec<CellKey>,
    /// Number so far by power of two, of both signs.
    pub(super) tallied: BTreeMap<u32, usize>,
    /// Number of negative ones so far.
    pub(super) negative: usize,
}

impl Strays {
    /// Finds the strays among values with their slots in `window`.
    pub(super) fn find(&mut self, values: &[f64], slots: &[u32], window: Window) {
        let stray_slots = window.stray_slots().map(|slot| slot as u32);
        let outside = values.iter().zip(slots).filter(|&(_, slot)| stray_slots.contains(slot));
        let nonzero = outside.filter(|&(&value, _)| value != 0.0).map(|(&value, _)| CellKey::of_nonzero(value));
        self.found.clear();
        self.found.extend(nonzero);
        for &key in &self.found {
            *self.tallied.entry(octave(key)).or_default() += 1;
            self.negative += usize::from(key.is_negative());
        }
    }
}
