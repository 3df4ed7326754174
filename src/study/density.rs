//! How far a quantile moves with its level: the sparsity, which is one over the density there.

use super::interval::Z_975;
use crate::math::normal_quantile;
use crate::recorder::Recording;

/// Samples that must lie on the rarer side of a quantile for its neighbourhood to say anything.
const TAIL_SAMPLES_MIN: f64 = 10.0;

/// Cells on either side that a cell is compared with.
const NEIGHBOURS: f64 = 8.0;

/// A cell that holds so many times the samples of those around it, and so many more, stands out.
const STANDING_OUT: f64 = 4.0;
const FEW_SAMPLES: f64 = 10.0;

/// Sparsity of a recording at the quantile `q`, and the resolution of the recording there; `None` when too few samples
/// lie beyond.
///
/// `(Q(q + h) - Q(q - h)) / 2h` with the bandwidth `h` of Hall and Sheather, which is chosen so that intervals made from
/// it cover.
///
/// # Source
/// Hall and Sheather (1988), "On the distribution of a studentized quantile", JRSS B 50,
/// doi:10.1111/j.2517-6161.1988.tb01735.x.
pub(super) fn sparsity(recording: &Recording, q: f64) -> Option<Sparsity> {
    let n = recording.count() as f64;
    let rarer = q.min(1.0 - q);
    if n * rarer < TAIL_SAMPLES_MIN - 1e-6 {
        return None;
    }
    let h = bandwidth(n, q).min(0.95 * rarer).max(1.0 / n);
    let (below, above) = ((q - h).max(0.0), (q + h).min(1.0));
    let (low, high) = (recording.quantile(below).value?, recording.quantile(above).value?);
    let value = recording.quantile(q).value?;
    let slope = (high - low) / (above - below);
    (slope.is_finite() && value.is_finite()).then(|| Sparsity { slope, resolution: resolution(recording, value) })
}

/// Neighbourhood of a quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sparsity {
    /// Change of the quantile for a change of its level.
    pub(super) slope: f64,
    /// How far it can be from the sample that it stands for, because samples are recorded in cells.
    pub(super) resolution: f64,
}

fn bandwidth(n: f64, q: f64) -> f64 {
    let x = normal_quantile(q);
    let density = (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
    n.powf(-1.0 / 3.0) * Z_975.powf(2.0 / 3.0) * (1.5 * density * density / (2.0 * x * x + 1.0)).cbrt()
}

/// How far a recorded quantile can be from the sample that it stands for.
///
/// A quantile is placed within its cell by its rank. Where the samples are spread over the cell, that misses the sample by
/// no more than its neighbours do; where a cell stands out from those around it, its samples may all be one value.
fn resolution(recording: &Recording, value: f64) -> f64 {
    let Some(cell) = recording.bins().find(|bin| bin.high >= value) else { return 0.0 };
    let width = cell.high - cell.low;
    let (low, high) = (cell.low - NEIGHBOURS * width, cell.high + NEIGHBOURS * width);
    let around = recording.bins().skip_while(|bin| bin.high < low).take_while(|bin| bin.low <= high);
    let others = around.map(|bin| bin.count).sum::<u64>().saturating_sub(cell.count) as f64;
    let count = cell.count as f64;
    let stands_out = count > STANDING_OUT * others / (2.0 * NEIGHBOURS) + FEW_SAMPLES;
    if stands_out { 0.5 * width } else { 0.5 * width / (count + 1.0).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::Bin;

    #[test]
    fn the_sparsity_of_a_uniform_distribution_is_its_width() {
        let bins = (0..10_000).map(|k| Bin { low: f64::from(k), high: f64::from(k + 1), count: 10 }).collect();
        let recording = Recording::from_bins(bins, 0, 0);
        for q in [0.1, 0.5, 0.99] {
            let found = sparsity(&recording, q).expect("enough samples");
            assert!((found.slope - 10_000.0).abs() < 20.0 && found.resolution < 0.2, "{q}: {found:?}");
        }
        assert_eq!(sparsity(&recording, 0.99995), None);
    }

    #[test]
    fn a_cell_that_stands_out_may_be_one_value() {
        let count = |k: i32| if k == 70 { 1000 } else { 10 };
        let bins = (0..100).map(|k| Bin { low: f64::from(k), high: f64::from(k + 1), count: count(k) }).collect();
        let recording = Recording::from_bins(bins, 0, 0);
        assert_eq!(sparsity(&recording, 0.5).map(|found| found.resolution), Some(0.5));
        assert!(sparsity(&recording, 0.2).expect("enough samples").resolution < 0.2);
    }
}
