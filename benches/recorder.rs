//! The recorder: counts and moments of blocks of samples, by the shape of their distribution.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tailcast::dist::{Distribution, Empirical};
use tailcast::recorder::{Moments, Recorder};
use tailcast::rng::{BLOCK_LEN, BlockRng, StreamKey};

/// Blocks prepared for each case.
const BLOCKS: usize = 64;

fn blocks(fill: impl Fn(&mut BlockRng, &mut [f64])) -> Vec<Vec<f64>> {
    (0..BLOCKS as u64)
        .map(|block| {
            let mut values = vec![0.0; BLOCK_LEN];
            fill(&mut BlockRng::new(&StreamKey::new(1, 2, 3), block), &mut values);
            values
        })
        .collect()
}

fn of_call(function: &str, arguments: &[f64]) -> Vec<Vec<f64>> {
    let distribution = Distribution::from_call(function, arguments).expect("valid parameters");
    blocks(|rng, out| distribution.fill(rng, out))
}

fn recorder(criterion: &mut Criterion) {
    let list: Vec<f64> = (0..40).map(|i| f64::from(i * i * 37 % 1009) * 11.0 + 1300.0).collect();
    let list = Empirical::Values(list.into()).compile().expect("finite values");
    let cases = [
        ("normal_far_from_zero", of_call("normal", &[2500.0, 300.0])),
        ("normal_across_zero", of_call("normal", &[0.0, 1.0])),
        ("lognormal", of_call("lognormal", &[8.0, 0.5])),
        ("list_of_40", blocks(|rng, out| list.fill(rng, out))),
        ("zero_or_one", of_call("bernoulli", &[0.3])),
    ];
    let mut group = criterion.benchmark_group("recorder");
    group.throughput(Throughput::Elements((BLOCKS * BLOCK_LEN) as u64)).sample_size(30);
    for (name, blocks) in &cases {
        let mut recorder = Recorder::new();
        group.bench_function(BenchmarkId::new("record", name), |bench| {
            bench.iter(|| blocks.iter().map(|block| recorder.record(block)).fold(Moments::EMPTY, Moments::merge));
        });
    }
    group.bench_function("moments", |bench| {
        bench.iter(|| {
            cases[0]
                .1
                .iter()
                .filter_map(|block| Moments::of_block(black_box(block)))
                .fold(Moments::EMPTY, Moments::merge)
        });
    });
    group.finish();
}

criterion_group!(benches, recorder);
criterion_main!(benches);
