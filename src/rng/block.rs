//! The block generator: eight interleaved lanes of xoshiro256++, seeded per block.

use std::convert::Infallible;

use rand::TryRng;
use rand::rand_core::utils;

use super::StreamKey;
use crate::math::vectorised;

/// How many samples a block has.
pub const BLOCK_LEN: usize = 1024;

/// How many lanes of the generator run side by side.
pub(super) const LANES: usize = 8;

const _: () = assert!(BLOCK_LEN.is_multiple_of(LANES), "a block is whole steps of the lanes");

/// How many steps are compiled together, and taken at once for words that are drawn singly.
const STRIDE: usize = 4;

/// `state[word][lane]`.
pub(super) type State = [[u64; LANES]; 4];

/// Generator of one block of one stream.
///
/// Eight generators xoshiro256++ run side by side; word `i` of the sequence is step `i / 8` of lane `i % 8`. Every
/// method takes from this one sequence, in order, one word a number: **any split of calls yields the same sequence**,
/// whether it is taken word by word or filled in slices of any length.
///
/// # Randomness
/// The 256 bits of each lane come from (seed, metric, site, block) through a 128-bit key, see [`StreamKey`]. Lanes are
/// starting points on one cycle of 2^256 - 1 steps: among `n` lanes that take `m` steps each, two overlap with a
/// probability below `n^2 m / 2^255`, about 2e-47 for 2^40 lanes of 2^20 steps. What is left is that two keys mix to
/// the same 128 bits: below 2^-48 for 2^40 blocks.
///
/// # Cost
/// No allocation. Seeding costs less than a twentieth of filling [`BLOCK_LEN`] words.
///
/// # Source
/// Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021).
///
/// # Examples
/// ```
/// use tailcast::rng::{BlockRng, StreamKey, metric_hash};
/// let key = StreamKey::new(42, metric_hash("AE"), 0);
/// let mut whole = [0; 5];
/// BlockRng::new(&key, 7).fill_u64(&mut whole);
/// let mut split = BlockRng::new(&key, 7);
/// assert_eq!(whole, [0; 5].map(|_| split.next_u64()));
/// ```
#[derive(Debug, Clone)]
pub struct BlockRng {
    state: State,
    /// The words of the last stride, of which those from `taken` on are still to be handed out.
    pending: [[u64; LANES]; STRIDE],
    taken: usize,
}

impl BlockRng {
    /// Generator of block `block` of the stream `key`.
    #[inline]
    #[must_use]
    pub fn new(key: &StreamKey, block: u64) -> Self {
        Self { state: seed(key, block), pending: [[0; LANES]; STRIDE], taken: LANES * STRIDE }
    }

    /// Next word of the sequence.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        if self.taken >= LANES * STRIDE {
            words(&mut self.state, &mut self.pending);
            self.taken = 0;
        }
        let word = self.pending.as_flattened()[self.taken];
        self.taken += 1;
        word
    }

    /// Fills `out` with the next words.
    pub fn fill_u64(&mut self, out: &mut [u64]) {
        self.fill_with(out, words, |word| word);
    }

    /// Fills `out` with uniform numbers in [0, 1), multiples of 2^-53.
    pub fn fill_unit(&mut self, out: &mut [f64]) {
        self.fill_with(out, units, unit);
    }

    /// Fills `out` with uniform numbers strictly inside (0, 1): odd multiples of 2^-53.
    ///
    /// They lie symmetrically about 1/2, so that their mean is 1/2 exactly and a quantile function that is
    /// antisymmetric about 1/2 gives draws of mean zero.
    pub fn fill_open(&mut self, out: &mut [f64]) {
        self.fill_with(out, opens, open);
    }

    /// Fills `out` with uniform integers below `n`, or with zeros if `n` is 0.
    ///
    /// # Numerics
    /// The high half of the 96-bit product of a word and `n`: any integer's probability is off `1 / n` by less than
    /// 2^-64, that is by less than 2^-32 of itself.
    ///
    /// # Source
    /// Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019), without the rejection, so that
    /// each number takes one word.
    pub fn fill_below(&mut self, n: u32, out: &mut [u32]) {
        self.fill_with(out, |state, steps| belows(state, steps, n), |word| below(word, n));
    }

    /// Fills `out`: what is pending first, then whole steps by `bulk`, then the rest a word at a time.
    #[inline]
    fn fill_with<T>(
        &mut self,
        out: &mut [T],
        bulk: impl FnOnce(&mut State, &mut [[T; LANES]]),
        single: impl Fn(u64) -> T,
    ) {
        let at = out.len().min(LANES * STRIDE - self.taken);
        let (first, rest) = out.split_at_mut(at);
        first.iter_mut().for_each(|out| *out = single(self.next_u64()));
        let (steps, last) = rest.as_chunks_mut();
        bulk(&mut self.state, steps);
        last.iter_mut().for_each(|out| *out = single(self.next_u64()));
    }
}

/// The traits of `rand`, so that `rand_distr` draws from the same sequence: a `u32` is the high half of a word, and bytes
/// are whole words, lowest byte first.
impl TryRng for BlockRng {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_u64() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        utils::fill_bytes_via_next_word(bytes, || Ok(self.next_u64()))
    }
}

/// Uniform in [0, 1) from the high 53 bits.
#[inline(always)]
fn unit(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// Uniform in (0, 1) from the high 52 bits: `1.bits - (1 - 2^-53)`, which is exact.
#[inline(always)]
fn open(word: u64) -> f64 {
    f64::from_bits((word >> 12) | 1.0_f64.to_bits()) - (1.0 - f64::EPSILON / 2.0)
}

/// `word n / 2^64`, rounded down.
#[inline(always)]
fn below(word: u64, n: u32) -> u32 {
    // In two halves of 32 bits, which vector units can multiply.
    let n = u64::from(n);
    let low = (word & 0xffff_ffff) * n;
    let high = (word >> 32) * n;
    ((high + (low >> 32)) >> 32) as u32
}

/// Takes `STEPS` steps of each lane, and maps the words into `out[step][lane]`.
///
/// One loop over the lanes with several steps in its body: the compiler makes one vector operation of each line for all
/// the lanes. (With one step in its body, it unrolls the lanes first and then fails to put them together again.)
#[inline(always)]
fn step<T, const STEPS: usize>(state: &mut State, out: &mut [[T; LANES]; STEPS], map: impl Fn(u64) -> T) {
    let [state0, state1, state2, state3] = state;
    for lane in 0..LANES {
        let (mut s0, mut s1, mut s2, mut s3) = (state0[lane], state1[lane], state2[lane], state3[lane]);
        for row in out.iter_mut() {
            row[lane] = map(s0.wrapping_add(s3).rotate_left(23).wrapping_add(s0));
            let shifted = s1 << 17;
            s2 ^= s0;
            s3 ^= s1;
            s1 ^= s2;
            s0 ^= s3;
            s2 ^= shifted;
            s3 = s3.rotate_left(45);
        }
        (state0[lane], state1[lane], state2[lane], state3[lane]) = (s0, s1, s2, s3);
    }
}

/// Takes a step of all lanes for each row of `out`, which gets the mapped words.
#[inline(always)]
fn steps<T>(state: &mut State, out: &mut [[T; LANES]], map: impl Fn(u64) -> T) {
    // A local copy, so that the state stays in registers.
    let mut local = *state;
    let (strides, rest) = out.as_chunks_mut::<STRIDE>();
    for stride in strides {
        step(&mut local, stride, &map);
    }
    for row in rest.as_chunks_mut::<1>().0 {
        step(&mut local, row, &map);
    }
    *state = local;
}

vectorised! {
    fn seed(key: &StreamKey, block: u64) -> State {
        key.block_words(block)
    }
}

vectorised! {
    fn words(state: &mut State, out: &mut [[u64; LANES]]) {
        steps(state, out, |word| word);
    }
}

vectorised! {
    fn units(state: &mut State, out: &mut [[f64; LANES]]) {
        steps(state, out, unit);
    }
}

vectorised! {
    fn opens(state: &mut State, out: &mut [[f64; LANES]]) {
        steps(state, out, open);
    }
}

vectorised! {
    fn belows(state: &mut State, out: &mut [[u32; LANES]], n: u32) {
        steps(state, out, |word| below(word, n));
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::Xoshiro256PlusPlus;
    use rand::{Rng, SeedableRng};

    use super::*;
    use crate::rng::metric_hash;

    fn block(number: u64) -> BlockRng {
        BlockRng::new(&StreamKey::new(42, metric_hash("AE"), 0), number)
    }

    #[test]
    fn lane_gives_the_published_sequence() {
        let mut state = [[1; LANES], [2; LANES], [3; LANES], [4; LANES]];
        let mut out = [[0; LANES]; 10];
        words(&mut state, &mut out);
        let expected = [
            41_943_041,
            58_720_359,
            3_588_806_011_781_223,
            3_591_011_842_654_386,
            9_228_616_714_210_784_205,
            9_973_669_472_204_895_162,
            14_011_001_112_246_962_877,
            12_406_186_145_184_390_807,
            15_849_039_046_786_891_736,
            10_450_023_813_501_588_000,
        ];
        assert_eq!(out, expected.map(|word: u64| [word; LANES]));
    }

    #[test]
    fn lanes_are_generators_of_their_own() {
        let mut rng = block(3);
        let mut lanes = [0, 1, 2, 3, 4, 5, 6, 7].map(|lane: usize| {
            let mut seed = [0; 32];
            for (bytes, word) in seed.chunks_exact_mut(8).zip(rng.state) {
                bytes.copy_from_slice(&word[lane].to_le_bytes());
            }
            Xoshiro256PlusPlus::from_seed(seed)
        });
        for index in 0..10_000 {
            assert_eq!(rng.next_u64(), lanes[index % LANES].next_u64());
        }
    }

    #[test]
    fn any_split_of_calls_yields_the_same_sequence() {
        let mut whole = vec![0; 5000];
        block(0).fill_u64(&mut whole);
        for lengths in [&[1][..], &[7, 8, 9], &[31, 1, 32, 33], &[3, 100, 1, 64, 256], &[1000, 13, 0, 5]] {
            let mut split = block(0);
            let mut at = 0;
            for &len in lengths.iter().cycle() {
                let end = (at + len).min(whole.len());
                let mut part = vec![0; end - at];
                split.fill_u64(&mut part);
                assert_eq!(part, whole[at..end], "{lengths:?} at {at}");
                if end == whole.len() {
                    break;
                }
                assert_eq!(split.next_u64(), whole[end]);
                at = end + 1;
                if at >= whole.len() {
                    break;
                }
            }
        }
    }

    #[test]
    fn every_fill_takes_a_word_a_number() {
        const LEN: usize = 301;
        let mut words = [0; LEN];
        block(9).fill_u64(&mut words);
        let (mut units, mut opens, mut belows) = ([0.0; LEN], [0.0; LEN], [0; LEN]);
        for (index, mut rng) in [block(9), block(9), block(9)].into_iter().enumerate() {
            rng.next_u64();
            match index {
                0 => rng.fill_unit(&mut units[1..]),
                1 => rng.fill_open(&mut opens[1..]),
                _ => rng.fill_below(1000, &mut belows[1..]),
            }
        }
        for (index, &word) in words.iter().enumerate().skip(1) {
            assert_eq!(units[index], (word >> 11) as f64 / 2.0_f64.powi(53));
            assert_eq!(opens[index], ((word >> 12) as f64 + 0.5) / 2.0_f64.powi(52));
            assert_eq!(u128::from(belows[index]), (u128::from(word) * 1000) >> 64);
        }
    }

    #[test]
    fn uniform_numbers_stay_in_their_intervals() {
        assert_eq!((unit(0), unit(u64::MAX)), (0.0, 1.0 - f64::EPSILON / 2.0));
        assert_eq!((open(0), open(u64::MAX)), (f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0));
        for n in [0, 1, 2, 3, 1000, u32::MAX] {
            assert_eq!(below(u64::MAX, n), n.saturating_sub(1));
            assert_eq!(below(0, n), 0);
        }
    }

    #[test]
    fn traits_of_rand_draw_from_the_same_sequence() {
        let mut words = [0; 4];
        block(1).fill_u64(&mut words);
        let mut rng = block(1);
        assert_eq!(Rng::next_u64(&mut rng), words[0]);
        assert_eq!(u64::from(Rng::next_u32(&mut rng)), words[1] >> 32);
        let mut bytes = [0; 9];
        rng.fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], words[2].to_le_bytes());
        assert_eq!(bytes[8], words[3].to_le_bytes()[0]);
    }

    #[test]
    fn draws_are_pinned() {
        // From a second implementation of the key and of the generator: words 0 to 3 and 8, 9.
        let cases = [
            (
                block(0),
                [
                    7_322_145_706_610_405_033,
                    9_070_748_786_144_840_010,
                    15_381_815_297_460_567_033,
                    12_093_958_394_546_187_132,
                ],
                [4_840_965_887_768_839_431, 4_660_032_370_401_325_081],
            ),
            (
                BlockRng::new(&StreamKey::new(u64::MAX, 0, u32::MAX), 1 << 40),
                [
                    12_825_218_808_139_914_691,
                    17_810_049_878_600_540_988,
                    638_951_954_206_241_858,
                    1_008_506_449_833_858_555,
                ],
                [2_414_390_533_897_399_428, 1_772_479_912_119_612_222],
            ),
        ];
        for (mut rng, first, second) in cases {
            let mut words = [0; 10];
            rng.fill_u64(&mut words);
            assert_eq!((&words[..4], &words[8..]), (&first[..], &second[..]));
        }
    }
}
