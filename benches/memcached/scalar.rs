//! The example as an engineer writes it in an afternoon: one sample after another, `rand_distr` and `hdrhistogram`.

use std::hint::black_box;

use hdrhistogram::Histogram;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Normal};

use crate::data::{CPU_MEAN_NS, CPU_STDEV_NS, MEMCACHED_NS, PERCENT};

/// Mean and spread of a metric beside its histogram.
#[derive(Default)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn record(&mut self, value: f64) {
        self.count += 1.0;
        let difference = value - self.mean;
        self.mean += difference / self.count;
        self.squares += difference * (value - self.mean);
    }
}

/// Runs `samples` samples and returns the 99th percentile.
pub(crate) fn run(samples: u64) -> u64 {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let cpu = Normal::new(CPU_MEAN_NS, CPU_STDEV_NS).expect("positive deviation");
    let histogram = || Histogram::<u64>::new_with_bounds(1, 10_000_000, 3).expect("valid bounds");
    let mut histograms = [histogram(), histogram(), histogram()];
    let mut moments: [Moments; 3] = std::array::from_fn(|_| Moments::default());
    for _ in 0..samples {
        let memcached = MEMCACHED_NS[rng.random_range(0..MEMCACHED_NS.len())];
        let staash_cpu = cpu.sample(&mut rng);
        let hit = f64::from(rng.random_range(0..100u32)) > PERCENT;
        let staash = 100.0 + if hit { memcached } else { staash_cpu };
        for ((histogram, moments), value) in
            histograms.iter_mut().zip(&mut moments).zip([memcached, staash_cpu, staash])
        {
            histogram.saturating_record(value as u64);
            moments.record(value);
        }
    }
    black_box(&moments);
    histograms[2].value_at_quantile(0.99)
}
