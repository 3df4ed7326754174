//! Functions of latency: `latency/CALL/1024` evaluates one block of a call over a drawn and over a computed metric.
//!
//! `fanout(1000, x)` may take at most 3 times as long as `fanout(2, x)`.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tailcast::model::{self, NoData, Options};
use tailcast::program::Evaluator;
use tailcast::rng::BLOCK_LEN;
use tailcast::sim::Plan;

/// Every function of the family; what `x`, `y` and `d` themselves take is in each figure that uses them.
const CALLS: [&str; 37] = [
    "x",
    "y",
    "serial(x, y)",
    "parallel(x, y)",
    "race(x, y)",
    "quorum(2, x, y, d)",
    "draw(y)",
    "fanout(2, x)",
    "fanout(1000, x)",
    "fanout(2, y)",
    "fanout(1000, y)",
    "fanout(1000, d)",
    "fastest(1000, x)",
    "quorumOf(95, 100, x)",
    "cache(95, x, y)",
    "hedge(y, 3)",
    "hedgeLoad(y, 3)",
    "tied(x, y)",
    "timeout(y, 3)",
    "timeoutShare(y, 3)",
    "retry(y, 3, 3)",
    "retryLoad(y, 3, 3)",
    "retryFailure(y, 3, 3)",
    "utilization(x, 1, 4)",
    "erlangC(x / (x + 1), 4)",
    "mm1(0.8, 1)",
    "mmc(3, 1, 4)",
    "mmc(x / (x + 1), 1, 4)",
    "ggc(3, 1, 4, 1, 2)",
    "usl(x, 1800, 0.05, 0.02)",
    "uslResponse(x, 1800, 0.05, 0.02)",
    "uslPeak(0.05, x)",
    "percentiles([0.5, 0.95, 0.99], [12, 40, 80])",
    "lognormalMedianP99(10, 40)",
    "lognormalMeanCv(10, 0.5)",
    "truncate(normal(5, 2), 4, 9)",
    "positive(normal(5, 2))",
];

/// Runs the metric `z` of a model, a block at a time.
fn bench(criterion: &mut Criterion, name: &str, toml: &str) {
    let mut group = criterion.benchmark_group("latency");
    group.sample_size(20).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(600));
    group.throughput(Throughput::Elements(BLOCK_LEN as u64));
    let model = model::read(toml.as_bytes(), None, &NoData, Options::default()).expect("a model");
    let index = model.resolve("z").expect("the metric");
    let plan = Plan::new(&[&model], Some(&[index]), false);
    let mut evaluator = Evaluator::new(&plan.program, 1);
    // The recorded distributions are made once, by the first block.
    evaluator.run(0..1, |_, _, _| ());
    let mut block = 0;
    group.bench_function(format!("{name}/{BLOCK_LEN}"), |bencher| {
        bencher.iter(|| {
            block += 1;
            evaluator.run(block..block + 1, |_, _, values| {
                black_box(values.value.at(0));
            });
        });
    });
    group.finish();
}

fn calls(criterion: &mut Criterion) {
    for call in CALLS {
        let toml = format!(
            "[metrics]\nx = '=lognormal(0, 1)'\ny = '=x + exponential(1)'\nd = {{ data = [1, 2, 2.5, 3, 8] }}\nz = '={call}'"
        );
        bench(criterion, call, &toml);
    }
}

/// Two correlated metrics: whose distributions are arithmetic on scores, and whose are not.
fn correlations(criterion: &mut Criterion) {
    for (name, a, b) in [
        ("correlated log-normals", "lognormal(0, 1)", "lognormal(1, 2)"),
        ("correlated exponentials", "exponential(1)", "exponential(2)"),
    ] {
        let toml = format!("[metrics]\na = '={a}'\nb = '={b}'\nz = '=a + b'\n[correlations]\n'a,b' = 0.5");
        bench(criterion, name, &toml);
    }
}

criterion_group!(benches, calls, correlations);
criterion_main!(benches);
