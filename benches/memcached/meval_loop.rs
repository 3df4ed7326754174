//! The arithmetic of the example by meval, one sample after another; its language has neither comparisons nor a choice,
//! so the hit is passed in as 1 or 0.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Normal};

use crate::data::{CPU_MEAN_NS, CPU_STDEV_NS, MEMCACHED_NS, PERCENT};

/// Runs `samples` samples and returns the mean.
pub(crate) fn run(samples: u64) -> f64 {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let cpu = Normal::new(CPU_MEAN_NS, CPU_STDEV_NS).expect("positive deviation");
    let formula: meval::Expr = "100 + hit * memcached + (1 - hit) * cpu".parse().expect("a formula");
    let staash = formula.bind3("hit", "memcached", "cpu").expect("its variables");
    let mut sum = 0.0;
    for _ in 0..samples {
        let memcached = MEMCACHED_NS[rng.random_range(0..MEMCACHED_NS.len())];
        let hit = if f64::from(rng.random_range(0..100u32)) > PERCENT { 1.0 } else { 0.0 };
        sum += staash(hit, memcached, cpu.sample(&mut rng));
    }
    sum / samples as f64
}
