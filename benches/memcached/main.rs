//! The memcached example four ways in one run: the general engine, a hand-fused vector loop (the ceiling), a scalar loop
//! with `rand_distr` and `hdrhistogram` (what an engineer writes in an afternoon), and meval for the formula.
//!
//! Throughput is in samples of the whole model, on one thread. The engine records all four metrics, the others three,
//! since the fourth is a constant.

mod data;
mod engine;
mod fused;
mod meval_loop;
mod scalar;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Samples of one iteration.
const SAMPLES: u64 = 1 << 20;

fn memcached(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("memcached");
    group.throughput(Throughput::Elements(SAMPLES)).sample_size(20);
    let engine = engine::Memcached::new();
    group.bench_function(BenchmarkId::new("engine", SAMPLES), |bench| bench.iter(|| engine.run(SAMPLES, 1)));
    group.bench_function(BenchmarkId::new("fused", SAMPLES), |bench| bench.iter(|| fused::run(SAMPLES)));
    group.bench_function(BenchmarkId::new("scalar", SAMPLES), |bench| bench.iter(|| scalar::run(SAMPLES)));
    group.finish();

    let mut group = criterion.benchmark_group("memcached_threads");
    group.throughput(Throughput::Elements(16 * SAMPLES)).sample_size(10);
    for threads in [1, 2] {
        group.bench_function(BenchmarkId::new("engine", threads), |bench| {
            bench.iter(|| engine.run(16 * SAMPLES, threads));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("memcached_meval");
    group.throughput(Throughput::Elements(SAMPLES / 16)).sample_size(10);
    group.bench_function("meval", |bench| bench.iter(|| meval_loop::run(SAMPLES / 16)));
    group.finish();
}

criterion_group!(benches, memcached);
criterion_main!(benches);
