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

const CALLS: [&str; 22] = [
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
    "tied(x, y)",
    "retry(y, 3, 3)",
    "mm1(0.8, 1)",
    "mmc(3, 1, 4)",
    "mmc(x / (x + 1), 1, 4)",
    "usl(x, 1800, 0.05, 0.02)",
    "percentiles([0.5, 0.95, 0.99], [12, 40, 80])",
    "truncate(normal(5, 2), 4, 9)",
];

fn calls(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("latency");
    group.sample_size(20).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(600));
    group.throughput(Throughput::Elements(BLOCK_LEN as u64));
    for call in CALLS {
        let toml = format!(
            "[metrics]\nx = '=lognormal(0, 1)'\ny = '=x + exponential(1)'\nd = {{ data = [1, 2, 2.5, 3, 8] }}\nz = '={call}'"
        );
        let model = model::read(toml.as_bytes(), None, &NoData, Options::default()).expect("a model");
        let index = model.resolve("z").expect("the metric");
        let plan = Plan::new(&[&model], Some(&[index]), false);
        let mut evaluator = Evaluator::new(&plan.program, 1);
        // The recorded distributions are made once, by the first block.
        evaluator.run(0, |_, _| ());
        let mut block = 0;
        group.bench_function(format!("{call}/{BLOCK_LEN}"), |bencher| {
            bencher.iter(|| {
                block += 1;
                evaluator.run(block, |_, values| {
                    black_box(values.value.at(0));
                });
            });
        });
    }
    group.finish();
}

criterion_group!(benches, calls);
criterion_main!(benches);
