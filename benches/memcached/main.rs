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

/// Samples of a long run, in which setting up and summing up do not show.
const LONG: u64 = 1 << 24;

/// Samples of a run as long as the default.
const SHORT: u64 = 1 << 20;

/// Samples for meval.
const SLOW: u64 = 1 << 16;

fn memcached(criterion: &mut Criterion) {
    let engine = engine::Memcached::new();
    for samples in [LONG, SHORT] {
        let mut group = criterion.benchmark_group("memcached");
        group.throughput(Throughput::Elements(samples)).sample_size(20);
        group.bench_function(BenchmarkId::new("engine", samples), |bench| bench.iter(|| engine.run(samples, 1)));
        group.bench_function(BenchmarkId::new("fused", samples), |bench| bench.iter(|| fused::run(samples)));
        group.bench_function(BenchmarkId::new("scalar", samples), |bench| bench.iter(|| scalar::run(samples)));
        group.finish();
    }

    let mut group = criterion.benchmark_group("memcached");
    group.throughput(Throughput::Elements(SLOW)).sample_size(20);
    group.bench_function(BenchmarkId::new("meval", SLOW), |bench| bench.iter(|| meval_loop::run(SLOW)));
    group.finish();

    let mut group = criterion.benchmark_group("memcached_threads");
    group.throughput(Throughput::Elements(LONG)).sample_size(20);
    for threads in [1, 2] {
        group.bench_function(BenchmarkId::new("engine", threads), |bench| bench.iter(|| engine.run(LONG, threads)));
    }
    group.finish();
}

criterion_group!(benches, memcached);
criterion_main!(benches);
