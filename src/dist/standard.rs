//! The two standard draws that others are made of: normal and gamma.
//!
//! Both are written over columns and engines (see [`super::column`]). They hold no parameters of their own beyond the
//! shape; location and scale belong to the distributions.

use crate::math;
use crate::rng::BlockRng;

use super::column::{CHUNK, Column, DrawKernel, Engine, kernel};

/// Lanes between the two normals of a pair. A fill of any length is a prefix of every longer fill.
const PAIR_DISTANCE: usize = 64;

/// Box-Muller: radius from the first uniform, angle from the second.
///
/// `u` in (0, 1), `turn` in (0, 1); the largest value is `sqrt(-2 ln 2^-54)`, about 8.65 standard deviations.
#[inline(always)]
pub(crate) fn box_muller(u: f64, turn: f64) -> (f64, f64) {
    let radius = (-2.0 * math::ln(u)).sqrt();
    let (sin, cos) = math::sin_cos_turns(turn);
    (radius * cos, radius * sin)
}

/// Fills with standard normals.
///
/// # Randomness
/// One word a lane, in groups of 128 lanes; an incomplete last group draws the words of a whole one.
///
/// # Source
/// G. E. P. Box and M. E. Muller, "A note on the generation of random normal deviates", Ann. Math. Statist. 29 (1958)
/// 610-611, doi:10.1214/aoms/1177706645.
pub(crate) fn fill_normal<E: Engine>(rng: &mut BlockRng, out: &mut [f64]) {
    let mut groups = out.chunks_exact_mut(2 * PAIR_DISTANCE);
    for group in &mut groups {
        fill_normal_group::<E>(rng, group);
    }
    let rest = groups.into_remainder();
    if !rest.is_empty() {
        let mut group = [0.0; 2 * PAIR_DISTANCE];
        fill_normal_group::<E>(rng, &mut group);
        rest.copy_from_slice(&group[..rest.len()]);
    }
}

/// Fills one group: the cosine parts first, the sine parts after them.
fn fill_normal_group<E: Engine>(rng: &mut BlockRng, group: &mut [f64]) {
    E::open(rng, group);
    let (first, second) = group.split_at_mut(PAIR_DISTANCE);
    E::normal_pairs(first, second);
}

/// One number in (0, 1): what `fill_open` makes of the next word.
#[inline(always)]
pub(crate) fn open(rng: &mut BlockRng) -> f64 {
    let odd = ((rng.next_u64() >> 11) | 1) as f64;
    odd * (1.0 / 9_007_199_254_740_992.0)
}

/// What [`marsaglia_tsang`] answers for a draw that has to be repeated.
const REJECTED: f64 = -1.0;

kernel!(Attempt = marsaglia_tsang(normal, u, shape));

/// One attempt at a gamma draw of shape `shape + 1` if `shape < 1`, else `shape`; NaN where no draw can succeed.
#[inline(always)]
fn marsaglia_tsang(normal: f64, u: f64, shape: f64) -> f64 {
    let d = if shape < 1.0 { shape + 1.0 } else { shape } - 1.0 / 3.0;
    let c = (9.0 * d).sqrt().recip();
    let root = c.mul_add(normal, 1.0);
    let v = root * root * root;
    let log_ratio = d.mul_add(math::ln(v) - v + 1.0, 0.5 * normal * normal);
    // Far out the log ratio, -normal^4 / (108 d), is below 1e-9 and drowns in rounding.
    let accepted = (v > 0.0) & ((math::ln(u) < log_ratio) | (d > 1e10));
    // Shapes for which `d` is no positive finite number have no draws: see `Gamma::new`.
    let value = if accepted { d * v } else { REJECTED };
    if (d > 0.0) & (d < f64::INFINITY) { value } else { f64::NAN }
}

/// Repeats attempts until one is accepted; a lane that has its value draws nothing.
struct RepeatRejected;

impl DrawKernel for RepeatRejected {
    #[inline(always)]
    fn apply(rng: &mut BlockRng, value: f64, shape: f64, _: f64) -> f64 {
        let mut value = value;
        while value == REJECTED {
            let (normal, _) = box_muller(open(rng), open(rng));
            value = marsaglia_tsang(normal, open(rng), shape);
        }
        value
    }
}

kernel!(LogBoost = log_boost(u, shape));

/// Logarithm of the factor that takes a draw of shape `shape + 1` to one of shape `shape`.
#[inline(always)]
fn log_boost(u: f64, shape: f64) -> f64 {
    if shape < 1.0 { math::ln(u) / shape } else { 0.0 }
}

/// Fills with standard gamma draws in two factors, `out[i] * exp(boost[i])`, and says whether any boost is not zero.
///
/// The factors stay apart because for shapes near zero the product underflows where a ratio of two products does not.
///
/// # Shape
/// `out`, `boost` and `shape` have the same number of lanes, at most [`CHUNK`].
///
/// # Randomness
/// A normal and a uniform a lane, three more words for each repeated attempt (at most 5 % for shapes of 1 and more),
/// and a uniform a lane if any lane has a shape below 1.
///
/// # Source
/// G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", ACM Trans. Math. Softw. 26 (2000)
/// 363-372, doi:10.1145/358407.358414, with the boost of its section 6. The envelope holds for every `d > 0`: with
/// `y = c x` the log ratio has the derivative `-3 d y^3 / (1 + y)`, so its largest value is 0, at `x = 0`. So shapes in
/// (-2/3, 0) are served as well; see [`super::Gamma::new`] for what they mean.
pub(crate) fn fill_gamma<E: Engine, S: Column>(
    rng: &mut BlockRng,
    shape: S,
    out: &mut [f64],
    boost: &mut [f64],
) -> bool {
    let len = out.len();
    let mut scratch = [0.0; CHUNK];
    let uniform = &mut scratch[..len];
    fill_normal::<E>(rng, out);
    E::open(rng, uniform);
    E::map2::<Attempt, _, _>(out, &*uniform, shape);
    E::draw2::<RepeatRejected, _, _>(rng, out, shape, 0.0);
    let boosted = (0..len).any(|index| shape.lane(index) < 1.0);
    if boosted {
        E::open(rng, boost);
        E::map1::<LogBoost, _>(boost, shape);
    } else {
        boost.fill(0.0);
    }
    boosted
}
