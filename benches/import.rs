//! Reading files: bytes a second for the formats that come large.
//!
//! Inputs are made in memory outside the timed part. The `.hlog` case counts bytes of the log, which is deflated.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
use std::fmt::Write as _;
use std::hint::black_box;
use tailcast::dist::{Empirical, peaks};
use tailcast::import::{ImportOptions, read_from};

/// Values in each text file.
const COUNT: u64 = 2_000_000;

/// Values between 1 us and 100 ms, in ns, by a linear congruential generator.
fn values() -> impl Iterator<Item = u64> {
    let mut state = 1u64;
    (0..COUNT).map(move |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let scale = 10u64.pow((state >> 20) as u32 % 6);
        1000 * scale.min(10_000) + (state >> 33) % (9000 * scale)
    })
}

fn samples() -> Vec<u8> {
    values().map(|value| format!("{value}\n")).collect::<String>().into_bytes()
}

fn columns() -> Vec<u8> {
    let mut text = "timestamp,latency_ms,status\n".to_owned();
    for (index, value) in values().enumerate() {
        writeln!(text, "{},{}.{:06},200", 1_700_000_000 + index, value / 1_000_000, value % 1_000_000).unwrap();
    }
    text.into_bytes()
}

fn vegeta() -> Vec<u8> {
    let mut text = String::new();
    for (index, value) in values().take(COUNT as usize / 4).enumerate() {
        let start = 1_700_000_000_000_000_000 + index;
        writeln!(text, "{start},200,{value},0,512,,aGVsbG8gd29ybGQ=,attack,{index},GET,http://test/,").unwrap();
    }
    text.into_bytes()
}

fn log() -> Vec<u8> {
    use base64::Engine;
    let mut text = "#[Histogram log format version 1.3]\n".to_owned();
    let all: Vec<u64> = values().collect();
    for (index, part) in all.chunks(10_000).enumerate() {
        let mut histogram = Histogram::<u64>::new(3).unwrap();
        part.iter().for_each(|&value| histogram.record(value).unwrap());
        let mut payload = Vec::new();
        V2DeflateSerializer::new().serialize(&histogram, &mut payload).unwrap();
        let payload = base64::engine::general_purpose::STANDARD.encode(payload);
        writeln!(text, "{index}.000,1.000,{:.3},{payload}", histogram.max() as f64 / 1e6).unwrap();
    }
    text.into_bytes()
}

fn bench(c: &mut Criterion) {
    let options = ImportOptions::default();
    let mut group = c.benchmark_group("import");
    group.sample_size(10);
    for (name, bytes) in [("samples", samples()), ("csv", columns()), ("vegeta-csv", vegeta()), ("hlog", log())] {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(format!("{name}/{COUNT}"), |b| {
            b.iter(|| read_from(black_box(&bytes[..]), name, &options).unwrap());
        });
    }
    group.finish();
    let mut group = c.benchmark_group("peaks");
    group.sample_size(10);
    let data = Empirical::Values(values().take(100_000).map(|value| value as f64).collect());
    group.throughput(Throughput::Elements(100_000));
    group.bench_function("decompose/100000", |b| {
        b.iter(|| peaks::decompose(black_box(&data), &peaks::PeakOptions::default()).unwrap());
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
