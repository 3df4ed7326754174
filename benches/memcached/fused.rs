//! The example as one hand-fused vector loop: what the general engine is measured against.
//!
//! Eight interleaved xoshiro256++ generators, Box-Muller pairs, the choice, the moments and the cell numbers are written
//! for this one model; only the increments of the counts are scalar.

#![allow(clippy::needless_range_loop, reason = "lanes are written as lanes, so that the loops stay vector code")]

use multiversion::multiversion;
use tailcast::math;

use crate::data::{CPU_MEAN_NS, CPU_STDEV_NS, MEMCACHED_NS, PERCENT};

const LANES: usize = 8;
const BLOCK: usize = 1024;
/// Cells of a metric: 2048 to a power of two from 2^0 to 2^20.
const CELLS: usize = 20 * 2048;

struct Generator([[u64; LANES]; 4]);

impl Generator {
    fn new(mut seed: u64) -> Self {
        let mut next = || {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = seed;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        };
        Self(std::array::from_fn(|_| std::array::from_fn(|_| next())))
    }

    #[inline(always)]
    fn next(&mut self) -> [u64; LANES] {
        let [a, b, c, d] = &mut self.0;
        let mut out = [0; LANES];
        for i in 0..LANES {
            out[i] = a[i].wrapping_add(d[i]).rotate_left(23).wrapping_add(a[i]);
            let t = b[i] << 17;
            c[i] ^= a[i];
            d[i] ^= b[i];
            b[i] ^= c[i];
            a[i] ^= d[i];
            c[i] ^= t;
            d[i] = d[i].rotate_left(45);
        }
        out
    }
}

/// Uniform in [0, 1) from the high 52 bits, without a conversion of integers.
#[inline(always)]
fn unit(word: u64) -> f64 {
    f64::from_bits((word >> 12) | 1.0f64.to_bits()) - 1.0
}

#[derive(Clone)]
struct Metric {
    counts: Vec<u32>,
    sums: [f64; LANES],
    squares: [f64; LANES],
    min: [f64; LANES],
    max: [f64; LANES],
}

impl Metric {
    fn new() -> Self {
        let (min, max) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
        Self { counts: vec![0; CELLS], sums: [0.0; LANES], squares: [0.0; LANES], min, max }
    }

    #[inline(always)]
    fn moments(&mut self, values: &[f64; LANES], pivot: f64) {
        for i in 0..LANES {
            let deviation = values[i] - pivot;
            self.sums[i] += deviation;
            self.squares[i] = deviation.mul_add(deviation, self.squares[i]);
            self.min[i] = if values[i] < self.min[i] { values[i] } else { self.min[i] };
            self.max[i] = if values[i] > self.max[i] { values[i] } else { self.max[i] };
        }
    }

    #[inline(always)]
    fn count(&mut self, cells: &[u32; BLOCK]) {
        for &cell in cells {
            self.counts[(cell as usize).min(CELLS - 1)] += 1;
        }
    }
}

#[inline(always)]
fn cell(value: f64) -> u32 {
    ((value.to_bits() >> 41) as u32).saturating_sub(1023 << 11)
}

#[multiversion(targets(
    "x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx2+fma+bmi1+bmi2",
    "x86_64+avx2+fma+bmi1+bmi2",
    "aarch64+neon",
))]
fn block(rng: &mut Generator, metrics: &mut [Metric; 3]) {
    let mut cells = [[0u32; BLOCK]; 3];
    for pair in 0..BLOCK / (2 * LANES) {
        let mut cpu = [[0.0; LANES]; 2];
        let (radii, angles) = (rng.next(), rng.next());
        for i in 0..LANES {
            let radius = (-2.0 * math::ln(1.0 - unit(radii[i]))).sqrt() * CPU_STDEV_NS;
            let (sine, cosine) = math::sin_cos_turns(unit(angles[i]));
            cpu[0][i] = radius.mul_add(cosine, CPU_MEAN_NS);
            cpu[1][i] = radius.mul_add(sine, CPU_MEAN_NS);
        }
        for (half, cpu) in cpu.iter().enumerate() {
            let (choices, indices) = (rng.next(), rng.next());
            let mut memcached = [0.0; LANES];
            let mut staash = [0.0; LANES];
            for i in 0..LANES {
                let index = ((indices[i] >> 32) * MEMCACHED_NS.len() as u64) >> 32;
                memcached[i] = MEMCACHED_NS[index as usize];
            }
            for i in 0..LANES {
                let percent = (unit(choices[i]) * 100.0).floor();
                staash[i] = 100.0 + if percent > PERCENT { memcached[i] } else { cpu[i] };
            }
            let at = (2 * pair + half) * LANES;
            for (metric, (values, pivot)) in
                [(&memcached, 12_000.0), (cpu, CPU_MEAN_NS), (&staash, 9_000.0)].into_iter().enumerate()
            {
                metrics[metric].moments(values, pivot);
                for i in 0..LANES {
                    cells[metric][at + i] = cell(values[i]);
                }
            }
        }
    }
    for (metric, cells) in metrics.iter_mut().zip(&cells) {
        metric.count(cells);
    }
}

/// Runs `samples` samples and returns the count of the fullest cell of the response time.
pub(crate) fn run(samples: u64) -> u32 {
    let mut rng = Generator::new(1);
    let mut metrics = [Metric::new(), Metric::new(), Metric::new()];
    for _ in 0..samples / BLOCK as u64 {
        block(&mut rng, &mut metrics);
    }
    std::hint::black_box(&metrics);
    metrics[2].counts.iter().copied().max().unwrap_or(0)
}
