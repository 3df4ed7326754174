//! Weighted choice among alternatives: `scenarios(values, probabilities)` and `pickRandom(values, weights)`.
//!
//! A choice inverts its cumulative weights with one uniform, so that a small change of the weights changes few draws:
//! two scenarios of a model that differ in a hit rate differ in just the requests whose outcome changes.

use crate::math::vectorised;
use crate::rng::BlockRng;

use super::column::CHUNK;
use super::error::DistError;

/// Weighted choice of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// How many alternatives there are.
    len: usize,
    /// Upper ends of the shares of all alternatives but the last, not falling; an index is the number of bounds that do
    /// not exceed a uniform number in [0, 1).
    bounds: Box<[f64]>,
}

/// From this number of alternatives on a binary search is faster than counting.
const SEARCH_FROM: usize = 32;

impl Choice {
    /// Choice with probabilities proportional to the weights.
    ///
    /// # Parameters
    /// - `weights`: one an alternative, finite, not negative, with a finite sum above 0. An alternative of weight 0 is
    ///   never chosen.
    ///
    /// # Errors
    /// - [`DistError::Empty`] without weights, [`DistError::TooMany`] with more than `u32::MAX`.
    /// - [`DistError::ItemNotFinite`] if a weight is infinite or NaN.
    /// - [`DistError::NegativeWeight`] if a weight is negative.
    /// - [`DistError::WeightSum`] if the sum is 0 or not finite.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::Choice;
    /// let choice = Choice::new(&[1.0, 0.0, 3.0])?;
    /// assert_eq!((choice.pick(0.2), choice.pick(0.25), choice.pick(0.99)), (0, 2, 2));
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(weights: &[f64]) -> Result<Self, DistError> {
        if let Some(index) = weights.iter().position(|&weight| weight < 0.0) {
            return Err(DistError::NegativeWeight { index, found: weights[index] });
        }
        Self::from_cumulated(weights)
    }

    /// Choice as Guesstimate's `scenarios` reads its probabilities, negative ones included.
    ///
    /// It walks along the running sum of the weights and takes the first alternative whose sum exceeds a uniform share
    /// of the total. So a negative weight is never chosen and takes from the alternatives after it.
    ///
    /// # Errors
    /// As [`Choice::new`], but for negative weights.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::Choice;
    /// let choice = Choice::from_scenarios(&[-1.0, 2.0])?;
    /// assert_eq!(choice.pick(0.0), 1);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn from_scenarios(weights: &[f64]) -> Result<Self, DistError> {
        Self::from_cumulated(weights)
    }

    fn from_cumulated(weights: &[f64]) -> Result<Self, DistError> {
        if weights.is_empty() {
            return Err(DistError::Empty { item: "weight" });
        }
        if weights.len() > u32::MAX as usize {
            return Err(DistError::TooMany { item: "weight", found: weights.len() });
        }
        if let Some(index) = weights.iter().position(|weight| !weight.is_finite()) {
            return Err(DistError::ItemNotFinite { item: "weight", index, found: weights[index] });
        }
        let sum: f64 = weights.iter().sum();
        if !(sum > 0.0 && sum.is_finite()) {
            return Err(DistError::WeightSum { sum });
        }
        // The last alternative that lifts the running sum takes all that is left, whatever rounding says.
        let (mut reached, mut last) = (0.0, 0);
        let mut running = 0.0;
        let mut bounds = Vec::with_capacity(weights.len());
        for (index, weight) in weights.iter().enumerate() {
            running += weight;
            if running > reached && reached < sum {
                (reached, last) = (running, index);
            }
            bounds.push(reached / sum);
        }
        bounds[last..].fill(1.0);
        bounds.pop();
        Ok(Self { len: weights.len(), bounds: bounds.into_boxed_slice() })
    }

    /// How many alternatives there are.
    // A choice among none cannot be made.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Index of the alternative whose share contains `u`.
    ///
    /// # Parameters
    /// - `u`: in [0, 1).
    #[must_use]
    pub fn pick(&self, u: f64) -> usize {
        self.bounds.partition_point(|&bound| bound <= u)
    }

    /// Fills `out` with independently chosen indices.
    ///
    /// # Randomness
    /// One word a lane.
    pub fn fill_indices(&self, rng: &mut BlockRng, out: &mut [u32]) {
        let mut uniform = [0.0; CHUNK];
        for part in out.chunks_mut(CHUNK) {
            let uniform = &mut uniform[..part.len()];
            rng.fill_unit(uniform);
            if self.bounds.len() < SEARCH_FROM {
                part.fill(0);
                for &bound in &self.bounds {
                    count_reached(part, uniform, bound);
                }
            } else {
                for (index, &u) in part.iter_mut().zip(&*uniform) {
                    *index = self.pick(u) as u32;
                }
            }
        }
    }

    /// Slow twin of [`Choice::fill_indices`]: the same indices, one lane at a time.
    pub fn fill_indices_reference(&self, rng: &mut BlockRng, out: &mut [u32]) {
        for index in out {
            let mut uniform = [0.0];
            rng.fill_unit(&mut uniform);
            *index = self.pick(uniform[0]) as u32;
        }
    }
}

vectorised! {
    /// Counts one more in each lane whose uniform reaches `bound`.
    fn count_reached(out: &mut [u32], uniform: &[f64], bound: f64) {
        for (index, &u) in out.iter_mut().zip(uniform) {
            *index += u32::from(u >= bound);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::StreamKey;

    #[test]
    fn weights_that_are_no_probabilities_are_refused() {
        assert_eq!(Choice::new(&[]), Err(DistError::Empty { item: "weight" }));
        assert!(matches!(Choice::new(&[1.0, f64::NAN]), Err(DistError::ItemNotFinite { index: 1, .. })));
        assert!(matches!(Choice::new(&[f64::INFINITY]), Err(DistError::ItemNotFinite { index: 0, .. })));
        assert_eq!(Choice::new(&[1.0, -1.0]), Err(DistError::NegativeWeight { index: 1, found: -1.0 }));
        assert_eq!(Choice::new(&[0.0, 0.0]), Err(DistError::WeightSum { sum: 0.0 }));
        assert!(matches!(Choice::new(&[f64::MAX, f64::MAX]), Err(DistError::WeightSum { .. })));
        assert!(matches!(Choice::from_scenarios(&[1.0, f64::NAN, 1.0]), Err(DistError::ItemNotFinite { .. })));
        assert!(matches!(Choice::from_scenarios(&[-1.0, 1.0]), Err(DistError::WeightSum { .. })));
    }

    #[test]
    fn zero_and_negative_weights_are_never_chosen() {
        let largest = 1.0 - f64::EPSILON / 2.0;
        for (weights, expected) in [
            (&[0.0, 1.0, 0.0][..], &[1][..]),
            (&[0.1, 0.0, 0.2, 0.0], &[0, 2]),
            (&[-1.0, 2.0], &[1]),
            (&[2.0, -1.0], &[0]),
            (&[1.0, -0.5, 1.0], &[0, 2]),
        ] {
            let choice = Choice::from_scenarios(weights).unwrap();
            let mut seen: Vec<usize> =
                (0..1000).map(|i| choice.pick(f64::from(i) / 1000.0)).chain([choice.pick(largest)]).collect();
            seen.dedup();
            assert_eq!(seen, expected, "{weights:?}");
        }
    }

    #[test]
    fn counting_searching_and_the_reference_agree() {
        for len in [1, 2, 31, 32, 33, 200] {
            let weights: Vec<f64> = (0..len).map(|i| f64::from(i % 7)).chain([1.0]).collect();
            let choice = Choice::new(&weights).unwrap();
            let key = StreamKey::new(5, 6, 7);
            let (mut fast, mut slow) = ([0; 700], [0; 700]);
            choice.fill_indices(&mut BlockRng::new(&key, 0), &mut fast);
            choice.fill_indices_reference(&mut BlockRng::new(&key, 0), &mut slow);
            assert_eq!(fast, slow, "{len}");
        }
    }
}
