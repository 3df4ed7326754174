//! Streams look uniform and unrelated.
//!
//! Each test says how many comparisons it makes; the family of all of them has the level [`FAMILY_LEVEL`], shared evenly
//! over [`COMPARISONS`]. Seeds are fixed: a test that passes, passes for ever.

use tailcast::math::{normal_quantile, special};
use tailcast::rng::{BLOCK_LEN, BlockRng, StreamKey, metric_hash};

/// Probability that a perfect generator fails any comparison of this file.
const FAMILY_LEVEL: f64 = 1e-3;
/// All comparisons of this file.
const COMPARISONS: usize = 64 + 64 + 9 + 28 + 4 + 256;
const LEVEL: f64 = FAMILY_LEVEL / COMPARISONS as f64;
const SEED: u64 = 20_261_125;

/// Two-sided bound of a standard normal statistic.
fn normal_bound() -> f64 {
    -normal_quantile(0.5 * LEVEL)
}

/// One-sided bound of a chi-square statistic.
fn chi_square_bound(degrees: usize) -> f64 {
    2.0 * special::inverse_incomplete_gamma_upper(0.5 * degrees as f64, LEVEL)
}

/// Chi-square statistic of counts that should be even.
fn chi_square(counts: &[u32]) -> f64 {
    let expected = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
    counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum()
}

/// The first words of consecutive blocks of a stream.
fn words(key: &StreamKey, blocks: std::ops::Range<u64>) -> Vec<u64> {
    let mut words = vec![0; BLOCK_LEN * (blocks.end - blocks.start) as usize];
    for (chunk, block) in words.chunks_exact_mut(BLOCK_LEN).zip(blocks) {
        BlockRng::new(key, block).fill_u64(chunk);
    }
    words
}

/// Uniform numbers of variance one and mean zero.
fn centred(words: &[u64]) -> impl Iterator<Item = f64> {
    words.iter().map(|&word| (word as f64 / 2.0_f64.powi(64) - 0.5) * 12.0_f64.sqrt())
}

/// Sum of products over the root of the number of pairs: standard normal for independent sequences.
fn correlation(left: &[u64], right: &[u64]) -> f64 {
    let pairs = left.len().min(right.len());
    let sum: f64 = centred(left).zip(centred(right)).map(|(left, right)| left * right).sum();
    sum / (pairs as f64).sqrt()
}

/// 64 comparisons: eight bytes of the words of eight streams, 255 degrees of freedom.
#[test]
fn every_byte_of_a_word_is_uniform() {
    for site in 0..8 {
        let words = words(&StreamKey::new(SEED, metric_hash("AE"), site), 0..256);
        for byte in 0..8 {
            let mut counts = [0; 256];
            for word in &words {
                counts[usize::from(word.to_le_bytes()[byte])] += 1;
            }
            let statistic = chi_square(&counts);
            assert!(statistic < chi_square_bound(255), "byte {byte} of site {site}: {statistic}");
        }
    }
}

/// 64 comparisons: lags 1 to 64 within a stream. Multiples of 8 compare a lane with itself, others lanes with each other.
#[test]
fn words_of_a_stream_are_not_correlated() {
    let words = words(&StreamKey::new(SEED, metric_hash("AE"), 0), 0..1024);
    for lag in 1..=64 {
        let statistic = correlation(&words, &words[lag..]);
        assert!(statistic.abs() < normal_bound(), "lag {lag}: {statistic}");
    }
}

/// 9 comparisons: keys that differ by little, word by word.
#[test]
fn neighbouring_streams_are_not_correlated() {
    let metric = metric_hash("AE");
    let base = words(&StreamKey::new(SEED, metric, 0), 0..256);
    let neighbours = [
        ("next site", StreamKey::new(SEED, metric, 1), 0),
        ("last site", StreamKey::new(SEED, metric, u32::MAX), 0),
        ("next seed", StreamKey::new(SEED + 1, metric, 0), 0),
        ("high bit of the seed", StreamKey::new(SEED ^ (1 << 63), metric, 0), 0),
        ("next metric", StreamKey::new(SEED, metric_hash("AF"), 0), 0),
        ("bit of the metric", StreamKey::new(SEED, metric ^ 1, 0), 0),
        ("seed and metric exchanged", StreamKey::new(metric, SEED, 0), 0),
        ("next block", StreamKey::new(SEED, metric, 0), 1),
        ("far block", StreamKey::new(SEED, metric, 0), 1 << 40),
    ];
    for (name, key, first) in neighbours {
        let statistic = correlation(&base, &words(&key, first..first + 256));
        assert!(statistic.abs() < normal_bound(), "{name}: {statistic}");
    }
}

/// 28 comparisons: the lanes of a generator, each with each.
#[test]
fn lanes_are_not_correlated() {
    let words = words(&StreamKey::new(SEED, metric_hash("AE"), 2), 0..1024);
    let lane = |lane: usize| words.iter().skip(lane).step_by(8).copied().collect::<Vec<u64>>();
    let lanes: Vec<Vec<u64>> = (0..8).map(lane).collect();
    for left in 0..8 {
        for right in left + 1..8 {
            let statistic = correlation(&lanes[left], &lanes[right]);
            assert!(statistic.abs() < normal_bound(), "lanes {left} and {right}: {statistic}");
        }
    }
}

/// 4 comparisons: bounded integers, as many degrees of freedom as values less one.
#[test]
fn bounded_integers_are_uniform() {
    for n in [2_u32, 7, 100, 1000] {
        let mut counts = vec![0; n as usize];
        let mut integers = vec![0; BLOCK_LEN];
        for block in 0..512 {
            BlockRng::new(&StreamKey::new(SEED, metric_hash("data"), n), block).fill_below(n, &mut integers);
            integers.iter().for_each(|&integer| counts[integer as usize] += 1);
        }
        let statistic = chi_square(&counts);
        assert!(statistic < chi_square_bound(n as usize - 1), "below {n}: {statistic}");
    }
}

/// 256 comparisons: the mean of the words at one place of many blocks, which seeding alone decides.
#[test]
fn places_of_a_block_are_uniform_over_blocks() {
    let key = StreamKey::new(SEED, metric_hash("AE"), 4);
    let mut sums = [0.0; 256];
    let mut words = [0; 256];
    for block in 0..4096 {
        BlockRng::new(&key, block).fill_u64(&mut words);
        for (sum, value) in sums.iter_mut().zip(centred(&words)) {
            *sum += value;
        }
    }
    for (place, sum) in sums.iter().enumerate() {
        let statistic = sum / 4096.0_f64.sqrt();
        assert!(statistic.abs() < normal_bound(), "place {place}: {statistic}");
    }
}
