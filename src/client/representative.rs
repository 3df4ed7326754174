//! A recorded distribution as a list of values, for a form that has only lists.

use crate::recorder::Recording;
use crate::rng::{BlockRng, StreamKey, metric_hash};

/// Values that stand for a distribution: as many as Guesstimate draws. It takes lists from their beginning, so more would
/// not be looked at.
pub const FLATTENED_VALUES: usize = 5_000;

/// Seed of the orders, so that the same model yields the same list.
const SEED: u64 = 1;

/// `count` evenly spaced quantiles of a recording, at (i + 1/2)/count, in random order; none without samples.
///
/// The order is a function of `id`. It is random since Guesstimate walks all lists in step: in ascending order two lists
/// would be as dependent as can be.
#[must_use]
pub fn representative(recording: &Recording, count: usize, id: &str) -> Vec<f64> {
    let quantile = |i: usize| recording.quantile((i as f64 + 0.5) / count as f64).value;
    let mut values: Vec<f64> = (0..count).filter_map(quantile).collect();
    shuffle(&mut values, id);
    values
}

/// Puts values into a random order, which is a function of `id` and of how many they are.
///
/// # Source
/// Durstenfeld, "Algorithm 235: random permutation", CACM 7 (1964).
pub(super) fn shuffle<T>(values: &mut [T], id: &str) {
    let mut rng = BlockRng::new(&StreamKey::new(SEED, metric_hash(id), 0), 0);
    for i in (1..values.len()).rev() {
        let below = (u128::from(rng.next_u64()) * (i as u128 + 1)) >> 64;
        values.swap(i, below as usize);
    }
}

/// `count` evenly spaced quantiles of a list, at (i + 1/2)/count, in random order.
pub(super) fn thinned(values: &[f64], count: usize, id: &str) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let quantile = |i: usize| sorted[(2 * i + 1) * sorted.len() / (2 * count)];
    let mut values: Vec<f64> = (0..count.min(sorted.len())).map(quantile).collect();
    shuffle(&mut values, id);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_keeps_the_values_and_depends_on_the_id() {
        let order = |id: &str| {
            let mut values: Vec<u32> = (0..100).collect();
            shuffle(&mut values, id);
            values
        };
        assert_eq!(order("a"), order("a"));
        assert_ne!(order("a"), order("b"));
        let mut sorted = order("a");
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn orders_of_two_ids_are_uncorrelated() {
        let order = |id: &str| {
            let mut values: Vec<f64> = (0..5000).map(f64::from).collect();
            shuffle(&mut values, id);
            values
        };
        let (a, b) = (order("a"), order("b"));
        let mean = 2499.5;
        let covariance: f64 = a.iter().zip(&b).map(|(a, b)| (a - mean) * (b - mean)).sum();
        let variance: f64 = a.iter().map(|a| (a - mean) * (a - mean)).sum();
        // 4 standard errors of 1/sqrt(5000); one comparison at a fixed seed.
        assert!((covariance / variance).abs() < 4.0 / 5000_f64.sqrt());
    }

    #[test]
    fn a_thinned_list_keeps_its_quantiles() {
        let values: Vec<f64> = (0..100_000).map(f64::from).rev().collect();
        let mut thin = thinned(&values, 1000, "a");
        thin.sort_by(f64::total_cmp);
        assert_eq!((thin.len(), thin[0], thin[500], thin[999]), (1000, 50.0, 50_050.0, 99_950.0));
        assert_eq!(thinned(&[1.0], 0, "a"), Vec::<f64>::new());
    }
}
