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
/// probability below `n^2 m / 2^255`, less than 1e-50 for 2^40 lanes of 2^20 steps. What is left is that two keys mix to
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

    /// Fills `out` with uniform integers below `n`; with zeros if `n` is 0.
    ///
    /// # Numerics
    /// The high half of the 96-bit product of a word and `n`: any integer's probability is off `1 / n` by less than
    /// 2^-64, that is by less than 2^-32 of itself.
    ///
    /// # Source
    /// Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019), without the rejection, so that
    /// each number takes one word.
    pub fn fill_below(&mut self, n: u32, out: &mut [u32]) {
        let at = self.split(out.len());
        let (first, rest) = out.split_at_mut(at);
        first.iter_mut().for_each(|out| *out = below(self.next_u64(), n));
        let (steps, last) = rest.as_chunks_mut();
        belows(&mut self.state, steps, n);
        last.iter_mut().for_each(|out| *out = below(self.next_u64(), n));
    }

    /// How many of the next `len` numbers come from the words pending.
    #[inline]
    fn split(&self, len: usize) -> usize {
        len.min(LANES * STRIDE - self.taken)
    }

    /// Fills `out`: what is pending first, then whole steps by `bulk`, then the rest a word at a time.
    #[inline]
    fn fill_with<T>(&mut self, out: &mut [T], bulk: fn(&mut State, &mut [[T; LANES]]), single: fn(u64) -> T) {
        let at = self.split(out.len());
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
