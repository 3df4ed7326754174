//! The block generator: seeding, and filling one block in every form. Throughput is in numbers.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use rand::{Rng, RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use tailcast::rng::{BLOCK_LEN, BlockRng, StreamKey, metric_hash};

fn group<'a>(criterion: &'a mut Criterion, name: &str, elements: usize) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(elements as u64));
    group.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    group
}

fn seeding(criterion: &mut Criterion) {
    let key = StreamKey::new(42, metric_hash("AE"), 0);
    let mut block = 0;
    let mut words = vec![0_u64; BLOCK_LEN];
    group(criterion, "rng/seed", 1).bench_function("1", |bencher| {
        bencher.iter(|| {
            block += 1;
            // By reference: what counts is the seeding, not a copy of the generator.
            black_box(&BlockRng::new(black_box(&key), block));
        });
    });
    // To be compared with `rng/fill/u64`: the difference is what seeding costs a block.
    group(criterion, "rng/seed_and_fill", BLOCK_LEN).bench_function("u64/1024", |bencher| {
        bencher.iter(|| {
            block += 1;
            BlockRng::new(black_box(&key), block).fill_u64(black_box(&mut words));
        });
    });
}

fn filling(criterion: &mut Criterion) {
    let mut rng = BlockRng::new(&StreamKey::new(42, metric_hash("AE"), 0), 0);
    let mut words = vec![0_u64; BLOCK_LEN];
    let mut numbers = vec![0.0_f64; BLOCK_LEN];
    let mut integers = vec![0_u32; BLOCK_LEN];
    let mut group = group(criterion, "rng/fill", BLOCK_LEN);
    group.bench_function("u64/1024", |bencher| bencher.iter(|| rng.fill_u64(black_box(&mut words))));
    group.bench_function("unit/1024", |bencher| bencher.iter(|| rng.fill_unit(black_box(&mut numbers))));
    group.bench_function("open/1024", |bencher| bencher.iter(|| rng.fill_open(black_box(&mut numbers))));
    group.bench_function("below/1024", |bencher| bencher.iter(|| rng.fill_below(100, black_box(&mut integers))));
}

/// One number at a time, ours and the scalar generator of `rand`.
fn single(criterion: &mut Criterion) {
    let mut words = vec![0_u64; BLOCK_LEN];
    let mut numbers = vec![0.0_f64; BLOCK_LEN];
    let mut block = BlockRng::new(&StreamKey::new(42, metric_hash("AE"), 0), 0);
    let mut scalar = Xoshiro256PlusPlus::seed_from_u64(42);
    let mut group = group(criterion, "rng/single", BLOCK_LEN);
    group.bench_function("u64/1024", |bencher| {
        bencher.iter(|| black_box(&mut words).iter_mut().for_each(|word| *word = block.next_u64()));
    });
    group.bench_function("rand_u64/1024", |bencher| {
        bencher.iter(|| black_box(&mut words).iter_mut().for_each(|word| *word = scalar.next_u64()));
    });
    group.bench_function("rand_unit/1024", |bencher| {
        bencher.iter(|| black_box(&mut numbers).iter_mut().for_each(|number| *number = scalar.random()));
    });
}

criterion_group!(benches, seeding, filling, single);
criterion_main!(benches);
