//! Draws of each distribution: `dist/CASE/1024` fills one block, `lanes/CASE/1024` does so from columns of parameters.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tailcast::dist::{Cell, Choice, Distribution, Empirical, Family};
use tailcast::rng::{BLOCK_LEN, BlockRng, StreamKey};

/// Function and arguments of each case.
const CASES: [(&str, &[f64]); 22] = [
    ("uniform", &[2.0, 5.0]),
    ("normal", &[5.0, 2.0]),
    ("lognormal", &[1.0, 0.5]),
    ("exponential", &[0.5]),
    ("weibull", &[2.0, 1.5]),
    ("cauchy", &[5.0, 2.0]),
    ("triangular", &[0.0, 10.0, 2.0]),
    ("doubleTriangular", &[0.0, 10.0, 2.0]),
    ("bernoulli", &[0.3]),
    ("randomInt", &[0.0, 100.0]),
    ("gamma", &[2.5, 1.0]),
    ("gamma", &[0.5, 1.0]),
    ("invgamma", &[3.0, 2.0]),
    ("chisquare", &[3.0]),
    ("studentt", &[5.0]),
    ("centralF", &[3.0, 7.0]),
    ("beta", &[2.0, 5.0]),
    ("PERT", &[0.0, 10.0, 2.0, 4.0]),
    ("binomial", &[100.0, 0.3]),
    ("poisson", &[4.0]),
    ("poisson", &[100.0]),
    ("negBinomial", &[5.0, 0.3]),
];

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
}

fn case_name(function: &str, arguments: &[f64]) -> String {
    let arguments: Vec<String> = arguments.iter().map(f64::to_string).collect();
    format!("{function}({})", arguments.join(","))
}

fn fills(criterion: &mut Criterion) {
    let mut rng = BlockRng::new(&StreamKey::new(1, 2, 3), 0);
    let mut out = [0.0; BLOCK_LEN];
    let mut group = criterion.benchmark_group("dist");
    group.throughput(Throughput::Elements(BLOCK_LEN as u64));
    for (function, arguments) in CASES {
        let distribution = Distribution::from_call(function, arguments).expect("valid case");
        group.bench_function(format!("{}/{BLOCK_LEN}", case_name(function, arguments)), |bencher| {
            bencher.iter(|| distribution.fill(&mut rng, black_box(&mut out)));
        });
    }
    let values = (0..1000).map(f64::from).collect();
    let cells = (0..1000).map(|i| Cell { low: f64::from(i), high: f64::from(i) + 1.0, weight: f64::from(i % 10) });
    for (name, data) in
        [("values(1000)", Empirical::Values(values)), ("histogram(1000)", Empirical::Histogram(cells.collect()))]
    {
        let sampler = data.compile().expect("valid case");
        group.bench_function(format!("{name}/{BLOCK_LEN}"), |bencher| {
            bencher.iter(|| sampler.fill(&mut rng, black_box(&mut out)));
        });
    }
    let choice = Choice::new(&[0.7, 0.2, 0.1]).expect("valid case");
    let mut indices = [0; BLOCK_LEN];
    group.bench_function(format!("choice(3)/{BLOCK_LEN}"), |bencher| {
        bencher.iter(|| choice.fill_indices(&mut rng, black_box(&mut indices)));
    });
    group.finish();
}

fn lanes(criterion: &mut Criterion) {
    let mut rng = BlockRng::new(&StreamKey::new(1, 2, 3), 0);
    let mut out = [0.0; BLOCK_LEN];
    let mut group = criterion.benchmark_group("lanes");
    group.throughput(Throughput::Elements(BLOCK_LEN as u64));
    for (function, arguments) in CASES {
        let family = Family::parse(function).expect("valid case");
        let columns: Vec<Vec<f64>> = arguments.iter().map(|&argument| vec![argument; BLOCK_LEN]).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        group.bench_function(format!("{}/{BLOCK_LEN}", case_name(function, arguments)), |bencher| {
            bencher.iter(|| family.fill_lanes(black_box(&columns), &mut rng, black_box(&mut out)));
        });
    }
    group.finish();
}

criterion_group! { name = benches; config = settings(); targets = fills, lanes }
criterion_main!(benches);
