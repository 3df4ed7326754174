//! The kernels over slices of a block, and what the platform's functions take. Throughput is in lanes.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use tailcast::math::{fill, special};
use tailcast::rng::{BLOCK_LEN, BlockRng, StreamKey, metric_hash};

fn group<'a>(criterion: &'a mut Criterion, name: &str, elements: usize) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(elements as u64));
    group.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    group
}

/// A named kernel of one argument, of two, and a named function of a number.
type Unary = (&'static str, fn(&mut [f64], &[f64]));
type Binary = (&'static str, fn(&mut [f64], &[f64], &[f64]));
type Scalar = (&'static str, fn(f64) -> f64);

/// Arguments in (0, 1), where all functions but `acosh` are at home.
fn arguments() -> Vec<f64> {
    let mut arguments = vec![0.0; BLOCK_LEN];
    BlockRng::new(&StreamKey::new(42, metric_hash("AE"), 0), 0).fill_open(&mut arguments);
    arguments
}

fn kernels(criterion: &mut Criterion) {
    let x = arguments();
    let (mut out, mut other) = (vec![0.0; BLOCK_LEN], vec![0.0; BLOCK_LEN]);
    let mut group = group(criterion, "math/fill", BLOCK_LEN);
    let unary: [Unary; 20] = [
        ("exp", fill::exp),
        ("exp_m1", fill::exp_m1),
        ("ln", fill::ln),
        ("ln_1p", fill::ln_1p),
        ("log2", fill::log2),
        ("log10", fill::log10),
        ("cbrt", fill::cbrt),
        ("sin", fill::sin),
        ("cos", fill::cos),
        ("tan", fill::tan),
        ("asin", fill::asin),
        ("acos", fill::acos),
        ("atan", fill::atan),
        ("sinh", fill::sinh),
        ("cosh", fill::cosh),
        ("tanh", fill::tanh),
        ("asinh", fill::asinh),
        ("acosh", fill::acosh),
        ("atanh", fill::atanh),
        ("normal_quantile", fill::normal_quantile),
    ];
    for (name, fill) in unary {
        group.bench_function(format!("{name}/1024"), |bencher| {
            bencher.iter(|| fill(black_box(&mut out), black_box(&x)));
        });
    }
    let binary: [Binary; 3] = [("pow", fill::pow), ("root", fill::root), ("atan2", fill::atan2)];
    for (name, fill) in binary {
        group.bench_function(format!("{name}/1024"), |bencher| {
            bencher.iter(|| fill(black_box(&mut out), black_box(&x), black_box(&x)));
        });
    }
    group.bench_function("sin_cos_turns/1024", |bencher| {
        bencher.iter(|| fill::sin_cos_turns(black_box(&mut out), black_box(&mut other), black_box(&x)));
    });
}

fn platform(criterion: &mut Criterion) {
    let x = arguments();
    let mut out = vec![0.0; BLOCK_LEN];
    let mut group = group(criterion, "math/platform", BLOCK_LEN);
    let functions: [Scalar; 5] =
        [("exp", f64::exp), ("ln", f64::ln), ("sin", f64::sin), ("tanh", f64::tanh), ("pow", |x| x.powf(x))];
    for (name, function) in functions {
        group.bench_function(format!("{name}/1024"), |bencher| {
            bencher.iter(|| {
                for (out, &x) in black_box(&mut out).iter_mut().zip(&x) {
                    *out = function(x);
                }
            });
        });
    }
}

fn special_functions(criterion: &mut Criterion) {
    let mut group = group(criterion, "math/special", 1);
    let functions: [Scalar; 7] = [
        ("ln_gamma", special::ln_gamma),
        ("gamma", special::gamma),
        ("erfc", special::erfc),
        ("zeta", special::zeta),
        ("incomplete_gamma", |x| special::incomplete_gamma_lower(10.0, 10.0 * x)),
        ("incomplete_beta", |x| special::incomplete_beta(5.0, 7.0, 0.4 * x)),
        ("inverse_incomplete_beta", |x| special::inverse_incomplete_beta(5.0, 7.0, 0.4 * x)),
    ];
    for (name, function) in functions {
        group.bench_function(format!("{name}/1"), |bencher| bencher.iter(|| function(black_box(1.3))));
    }
}

criterion_group!(benches, kernels, platform, special_functions);
criterion_main!(benches);
