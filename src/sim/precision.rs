//! Stop at precision: draw until a quantile is known well enough.

use crate::recorder::Recording;

/// Samples of the first round; each further round doubles the samples.
const FIRST_ROUND: u64 = 1 << 18;

/// How precise a quantile has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Precision {
    /// Largest half width of the 95 % interval, as a share of the quantile; positive.
    pub relative: f64,
    /// The quantile, in `[0, 1]`.
    pub q: f64,
}

impl Precision {
    /// Samples at the end of each round, the last being `samples_max`.
    pub(super) fn rounds(&self, samples_max: u64) -> impl Iterator<Item = u64> + use<> {
        let doubling = std::iter::successors(Some(FIRST_ROUND), |samples| samples.checked_mul(2));
        doubling.take_while(move |&samples| samples < samples_max).chain([samples_max])
    }

    /// Whether the quantile is precise enough in every recording that has samples.
    pub(super) fn is_reached(&self, mut recordings: impl Iterator<Item = Recording>) -> bool {
        recordings.all(|recording| {
            let estimate = recording.quantile(self.q);
            match (estimate.value, estimate.low, estimate.high) {
                (None, ..) => true,
                (Some(value), Some(low), Some(high)) => {
                    (high - low) / 2.0 <= self.relative * value.abs() || !value.is_finite()
                }
                _ => false,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::Recorder;

    fn recording(values: &[f64]) -> Recording {
        let mut recorder = Recorder::new();
        let moments = recorder.record(values);
        Recording::from_recorders([&recorder], moments)
    }

    #[test]
    fn rounds_double_up_to_the_limit() {
        let precision = Precision { relative: 0.01, q: 0.5 };
        assert_eq!(precision.rounds(1_000_000).collect::<Vec<_>>(), [1 << 18, 1 << 19, 1_000_000]);
        assert_eq!(precision.rounds(10).collect::<Vec<_>>(), [10]);
    }

    #[test]
    fn a_quantile_without_interval_is_not_precise() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        let wide = Precision { relative: 10.0, q: 0.5 };
        assert!(wide.is_reached([recording(&values)].into_iter()));
        assert!(!Precision { q: 0.999, ..wide }.is_reached([recording(&values)].into_iter()));
        assert!(!Precision { relative: 0.001, ..wide }.is_reached([recording(&values)].into_iter()));
        assert!(wide.is_reached([recording(&[]), recording(&[5.0; 9])].into_iter()));
    }
}
