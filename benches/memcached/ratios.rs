//! The memcached example four ways, and by the engine on two threads, in turn: what each takes relative to the engine.
//!
//! On a machine that does other work too, times drift from minute to minute. Here every round runs each way once, and the
//! ratio is taken within the round: the median and the quartiles of [`ROUNDS`] such ratios are printed.

mod data;
mod engine;
mod fused;
mod meval_loop;
mod scalar;

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Rounds, each of which runs every way once.
const ROUNDS: usize = 41;

/// Samples of a run.
const SAMPLES: u64 = 1 << 24;

/// Samples for meval, whose time is scaled to that of [`SAMPLES`].
const MEVAL_SAMPLES: u64 = 1 << 18;

fn main() {
    let engine = engine::Memcached::new();
    let ways: [(&str, &dyn Fn() -> Duration); 5] = [
        ("engine on one thread", &|| time(|| engine.run(SAMPLES, 1))),
        ("hand-fused vector loop", &|| time(|| fused::run(SAMPLES))),
        ("scalar loop with rand_distr and hdrhistogram", &|| time(|| scalar::run(SAMPLES))),
        ("meval, the formula alone", &|| {
            time(|| meval_loop::run(MEVAL_SAMPLES)) * u32::try_from(SAMPLES / MEVAL_SAMPLES).expect("a small quotient")
        }),
        ("engine on two threads", &|| time(|| engine.run(SAMPLES, 2))),
    ];
    let rounds: Vec<Vec<Duration>> = (0..ROUNDS).map(|_| ways.iter().map(|(_, run)| run()).collect()).collect();
    println!("| what | ns a sample | time relative to the engine | quartiles |\n|---|---|---|---|");
    for (way, (name, _)) in ways.iter().enumerate() {
        let [_, nanoseconds, _] = quartiles(rounds.iter().map(|round| round[way].as_secs_f64() * 1e9 / SAMPLES as f64));
        let [low, ratio, high] =
            quartiles(rounds.iter().map(|round| round[way].as_secs_f64() / round[0].as_secs_f64()));
        println!("| {name} | {nanoseconds:.2} | {ratio:.2} | {low:.2} to {high:.2} |");
    }
}

fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}

/// The quartiles of as many figures as there are rounds.
fn quartiles(figures: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut sorted: Vec<f64> = figures.collect();
    sorted.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| sorted[(sorted.len() - 1) * quarter / 4])
}
