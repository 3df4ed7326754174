//! Stream keys: what a random stream is for, mixed to 128 bits.

use super::block::{LANES, State};

/// `2^64` divided by the golden ratio, odd: the step between the counters that are mixed.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
/// Set the two halves of a key apart; arbitrary.
const FIRST_HALF: u64 = 0x2438_6a88_85a3_08d3;
const SECOND_HALF: u64 = 0x2b7e_1516_28ae_d2a6;
/// Steps of the block counter in the halves of a seed; odd, so that blocks never meet.
const BLOCK_STEP: u64 = 0xd1b5_4a32_d192_ed03;

/// Where the counters of a row start: the lanes of each row count on from the row before.
const ROW_OFFSETS: [u64; 4] = {
    let row = GOLDEN.wrapping_mul(LANES as u64);
    [0, row, row.wrapping_mul(2), row.wrapping_mul(3)]
};

/// A bijection of 64 bits in which each input bit flips each output bit with a probability near 1/2.
#[inline(always)]
const fn mix(word: u64) -> u64 {
    mix_with(word, 0)
}

/// [`mix`] with a second word let in half way; a bijection of `word` for each `other`.
#[inline(always)]
const fn mix_with(word: u64, other: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ other;
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Stable 64-bit hash of a metric's id, for [`StreamKey::new`].
///
/// FNV-1a over the bytes of the id, then the finalizer of SplitMix64. It never changes: with it would change every
/// random draw of every model.
///
/// # Numerics
/// Two of `n` ids collide with a probability of about `n^2 / 2^65`, 3e-14 for a thousand metrics. Metrics that collide
/// share their random numbers.
///
/// # Source
/// Fowler, Noll, Vo and Eastlake, "The FNV non-cryptographic hash algorithm" (IETF draft); Steele, Lea and Flood, "Fast
/// splittable pseudorandom number generators", OOPSLA 2014, for the finalizer.
///
/// # Examples
/// ```
/// use tailcast::rng::metric_hash;
/// assert_eq!(metric_hash("AE"), metric_hash("AE"));
/// assert_ne!(metric_hash("AE"), metric_hash("AF"));
/// ```
#[must_use]
pub const fn metric_hash(id: &str) -> u64 {
    let bytes = id.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        index += 1;
    }
    mix(hash)
}

/// Key of the streams of an independent copy of what draws from the streams of `metric`, for [`StreamKey::new`].
///
/// Also folds several words into one: `copy_hash(copy_hash(first, second), third)`.
///
/// # Parameters
/// - `metric`: [`metric_hash`] of the metric's id, or the key of a copy.
/// - `copy`: which copy; for each, a bijection of `metric`, so that one copy never makes two streams the same.
///
/// # Examples
/// ```
/// use tailcast::rng::{copy_hash, metric_hash};
/// assert_ne!(copy_hash(metric_hash("AE"), 1), copy_hash(metric_hash("AE"), 2));
/// ```
#[must_use]
pub const fn copy_hash(metric: u64, copy: u64) -> u64 {
    mix_with(metric.wrapping_add(GOLDEN), mix(copy ^ SECOND_HALF))
}

/// What a random stream is for: a draw site of a metric under a seed.
///
/// # Numerics
/// The three parts are absorbed one after the other into two independent 64-bit halves. Different keys get the same 128
/// bits with a probability of about 2^-128 a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StreamKey {
    first: u64,
    second: u64,
}

impl StreamKey {
    /// Key of one draw site.
    ///
    /// # Parameters
    /// - `seed`: of the run.
    /// - `metric`: [`metric_hash`] of the metric's id.
    /// - `site`: counts the draws within the metric, from 0.
    #[must_use]
    pub const fn new(seed: u64, metric: u64, site: u32) -> Self {
        let site = site as u64;
        Self { first: absorb(FIRST_HALF, seed, metric, site), second: absorb(SECOND_HALF, seed, metric, site) }
    }

    /// The words that state the eight lanes of a block: `words[i][lane]`.
    ///
    /// Each is a bijection of a counter, so the words of a block are all different, and no lane's state is all zero.
    #[inline(always)]
    pub(super) fn block_words(&self, block: u64) -> State {
        // Bijections of the block number: no two blocks of a key share their state.
        let first = mix(self.first.wrapping_add(block.wrapping_mul(BLOCK_STEP)));
        let second = mix(self.second.wrapping_add(block.wrapping_mul(BLOCK_STEP)));
        let mut words = [[0; LANES]; 4];
        for lane in 0..LANES {
            let counter = first.wrapping_add((lane as u64).wrapping_mul(GOLDEN));
            for (row, offset) in words.iter_mut().zip(ROW_OFFSETS) {
                row[lane] = mix_with(counter.wrapping_add(offset), second);
            }
        }
        words
    }
}

/// Half of a key.
const fn absorb(half: u64, seed: u64, metric: u64, site: u64) -> u64 {
    let state = mix_with(half.wrapping_add(GOLDEN), mix(seed));
    let state = mix_with(state.wrapping_add(GOLDEN), mix(metric));
    mix_with(state.wrapping_add(GOLDEN), mix(site ^ half))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn hash_of_an_id_is_pinned() {
        // From a second implementation.
        assert_eq!(metric_hash(""), 17_665_956_581_633_026_203);
        assert_eq!(metric_hash("AE"), 8_252_563_820_271_378_952);
    }

    #[test]
    fn keys_differ_in_every_part() {
        let mut keys = HashSet::new();
        for seed in [0, 1, 42, 1 << 63] {
            for metric in [0, 1, 42, metric_hash("AE"), metric_hash("EA")] {
                for site in [0, 1, 42, u32::MAX] {
                    let key = StreamKey::new(seed, metric, site);
                    assert!(keys.insert(key.first) && keys.insert(key.second));
                }
            }
        }
    }

    #[test]
    fn states_of_blocks_share_no_word() {
        let key = StreamKey::new(7, metric_hash("AE"), 0);
        let next = StreamKey::new(7, metric_hash("AE"), 1);
        let mut words = HashSet::new();
        for block in (0..1000).chain([u64::MAX, 1 << 32, 1 << 63]) {
            for word in key.block_words(block).into_iter().chain(next.block_words(block)).flatten() {
                assert!(words.insert(word));
            }
        }
    }

    #[test]
    fn a_bit_of_the_block_number_flips_half_of_the_state() {
        let key = StreamKey::new(7, 8, 9);
        let base = key.block_words(0);
        for bit in 0..64 {
            let other = key.block_words(1 << bit);
            let pairs = base.iter().flatten().zip(other.iter().flatten());
            let flipped: u32 = pairs.map(|(a, b)| (a ^ b).count_ones()).sum();
            // 2048 bits: six standard deviations of 22.6.
            assert!((888..1160).contains(&flipped), "bit {bit} flips {flipped}");
        }
    }
}
