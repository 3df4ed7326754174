//! Formulas of latency against closed forms and against a discrete-event simulation.
//!
//! Each group of tests has the level `LEVEL`, shared among its comparisons (Bonferroni). Seeds are fixed.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use tailcast::math::{normal_cdf, normal_quantile};
use tailcast::model::{self, Model, NoData, Options};
use tailcast::program::Evaluator;
use tailcast::recorder::Recording;
use tailcast::rng::BLOCK_LEN;
use tailcast::sim::{MetricOutcome, NoWatch, Plan, RunOptions, run};

/// Chance that a right program fails a group of tests, were the seed not fixed.
const LEVEL: f64 = 1e-4;

const SAMPLES: u64 = 1 << 19;

fn model(toml: &str) -> Model {
    model::read(toml.as_bytes(), None, &NoData, Options::default()).expect("a model")
}

fn outcomes(toml: &str) -> Vec<MetricOutcome> {
    let options = RunOptions { samples: SAMPLES, ..RunOptions::default() };
    run(&model(toml), &options, &NoWatch).expect("threads").metrics
}

fn recording(formula: &str) -> Recording {
    let metrics = outcomes(&format!("[metrics]\nx = '={formula}'"));
    assert!(metrics[0].problems.is_empty(), "{formula}: {:?}", metrics[0].problems);
    metrics[0].recording.clone().expect("samples")
}

fn critical(comparisons: usize) -> f64 {
    normal_quantile(1.0 - LEVEL / (2.0 * comparisons as f64))
}

/// `1 - e^-t`.
fn exponential(t: f64) -> f64 {
    1.0 - (-t).exp()
}

/// Probability of `k` or more successes of `n`.
fn at_least(k: i32, n: i32, p: f64) -> f64 {
    let mut choose = 1.0;
    let mut sum = 0.0;
    for i in 0..=n {
        if i >= k {
            sum += choose * p.powi(i) * (1.0 - p).powi(n - i);
        }
        choose *= f64::from(n - i) / f64::from(i + 1);
    }
    sum
}

/// Share of responses of M/M/c up to `t`, mean service time 1, load `a`: Cooper (1981), section 3.5.
fn many_servers(t: f64, a: f64, c: f64, waits: f64) -> f64 {
    let rest = c - 1.0 - a;
    1.0 - (-t).exp() * (1.0 + waits / rest * (1.0 - (-t * rest).exp()))
}

#[test]
fn shares_up_to_a_time_are_those_of_the_closed_forms() {
    let log =
        |median: f64, p99: f64, t: f64| normal_cdf((t / median).ln() / ((p99 / median).ln() / 2.326_347_874_040_841));
    let (low, high) = (normal_cdf(-0.5), normal_cdf(2.0));
    let e = exponential;
    let cases: Vec<(&str, f64, f64)> = vec![
        ("serial(exponential(1), exponential(1))", 2.0, 1.0 - 3.0 * (-2f64).exp()),
        ("parallel(exponential(1), exponential(1))", 1.5, e(1.5).powi(2)),
        ("race(exponential(1), exponential(1), exponential(1))", 0.3, e(0.9)),
        ("quorum(2, exponential(1), exponential(1), exponential(1))", 1.0, at_least(2, 3, e(1.0))),
        ("quorum(4, random(), random(), random(), random(), random())", 0.7, at_least(4, 5, 0.7)),
        ("fanout(100, exponential(1))", 5.0, e(5.0).powi(100)),
        ("fanout(1000, exponential(1))", 8.0, e(8.0).powi(1000)),
        ("fanout(100, random())", 0.99, 0.99f64.powi(100)),
        ("fastest(10, random())", 0.05, 1.0 - 0.95f64.powi(10)),
        ("fastest(1000, exponential(1))", 0.001, e(1.0)),
        ("quorumOf(95, 100, exponential(1))", 3.0, at_least(95, 100, e(3.0))),
        ("quorumOf(3, 5, random())", 0.5, 0.5),
        ("cache(90, exponential(10), exponential(0.1))", 1.0, 0.9 * e(10.0) + 0.1 * e(0.1)),
        ("cache(90, 1, 10)", 5.0, 0.9),
        ("cache(80, 1, cache(50, 10, 100))", 50.0, 0.9),
        ("hedge(exponential(1), 0.5)", 1.0, 1.0 - (-1.5f64).exp()),
        ("hedge(exponential(1), 0.5)", 0.4, e(0.4)),
        ("tied(exponential(1), exponential(1))", 1.0, 1.0 - (2.0 * (-1f64).exp() - (-2f64).exp())),
        ("retry(exponential(1), 1, 3)", 1.5, 1.0 - (-1.5f64).exp()),
        ("retry(exponential(1), 1, 3, 0.25)", 1.75, 1.0 - (-1.5f64).exp()),
        ("retry(exponential(1), 1, 3, 0.25)", 3.4, 1.0 - (-2.9f64).exp()),
        ("timeout(exponential(1), 2)", 1.9, e(1.9)),
        ("mm1(0.8, 1)", 10.0, e(2.0)),
        ("mm1(0.5, 2 - 1)", 9.21, e(4.605)),
        ("mmc(2.5, 1, 4)", 2.0, many_servers(2.0, 2.5, 4.0, 0.319_880_452_745_798_5)),
        ("mmc(2.5, 1, 4)", 5.0, many_servers(5.0, 2.5, 4.0, 0.319_880_452_745_798_5)),
        ("ggc(2.5, 1, 4, 1, 1)", 5.0, many_servers(5.0, 2.5, 4.0, 0.319_880_452_745_798_5)),
        ("percentiles([0.5, 0.95, 0.99], [12, 40, 80])", 12.0, 0.5),
        ("percentiles([0.5, 0.95, 0.99], [12, 40, 80])", 40.0, 0.95),
        ("percentiles([0.5, 0.95, 0.99], [12, 40, 80])", 80.0, 0.99),
        ("lognormalMedianP99(10, 40)", 40.0, 0.99),
        ("lognormalMedianP99(10, 40)", 20.0, log(10.0, 40.0, 20.0)),
        ("truncate(normal(5, 2), 4, 9)", 6.0, (normal_cdf(0.5) - low) / (high - low)),
        ("positive(normal(0, 1))", 1.0, 2.0 * normal_cdf(1.0) - 1.0),
    ];
    let critical = critical(cases.len());
    for (formula, t, expected) in cases {
        let share = recording(formula).share_at_most(t).expect("samples");
        // A cell of the recording that holds `t` is at most 0.05 % wide.
        let error = (expected * (1.0 - expected) / SAMPLES as f64).sqrt();
        assert!(
            (share - expected).abs() < critical * error + 1e-3 * error.max(1e-4),
            "{formula} at {t}: {share} {expected} ± {error}"
        );
    }
}

#[test]
fn side_figures_have_the_means_of_the_closed_forms() {
    let f = (-1f64).exp();
    let cases = [
        ("hedgeLoad(exponential(1), 1)", f),
        ("timeoutShare(exponential(1), 1)", f),
        ("retryLoad(exponential(1), 1, 4)", 1.0 + f + f * f + f * f * f),
        ("retryFailure(exponential(1), 1, 4)", f.powi(4)),
        ("hedge(exponential(1), 0.5)", 1.0 - (-0.5f64).exp() + (-0.5f64).exp() / 2.0),
        ("lognormalMeanCv(10, 0.5)", 10.0),
        // Pollaczek and Khinchine: 1 + 0.8 / (1 - 0.8) * (1 + cs2) / 2.
        ("ggc(0.8, 1, 1, 1, 0)", 3.0),
        ("ggc(0.8, 1, 1, 1, 3)", 9.0),
    ];
    let critical = critical(cases.len());
    for (formula, expected) in cases {
        let recording = recording(formula);
        let moments = recording.moments();
        let error = tailcast::recorder::Summary::of(&recording, &[]).mean_standard_error.expect("samples");
        assert!(
            (moments.mean - expected).abs() < critical * error,
            "{formula}: {} ± {error}, expected {expected}",
            moments.mean
        );
    }
}

#[test]
fn order_statistics_of_a_computed_metric_follow_its_distribution() {
    // The sum of two exponentials has 1 - (1 + t) e^-t; 4194304 samples are recorded of it.
    let cdf = |t: f64| 1.0 - (1.0 + t) * (-t).exp();
    let cases = [(2, 3.0), (10, 5.0), (100, 7.0), (1000, 9.8)];
    let critical = critical(cases.len());
    for (n, t) in cases {
        let share =
            recording(&format!("fanout({n}, exponential(1) + exponential(1))")).share_at_most(t).expect("samples");
        let (p, count) = (cdf(t), f64::from(n));
        let expected = p.powi(n);
        // By the samples, and by the recording: d(p^n) = n p^(n-1) dp.
        let recorded = count * p.powi(n - 1) * (p * (1.0 - p) / 4_194_304.0).sqrt();
        let error = (expected * (1.0 - expected) / SAMPLES as f64 + recorded * recorded).sqrt();
        assert!((share - expected).abs() < critical * error + 2e-4, "{n}: {share} {expected} ± {error}");
    }
}

/// Columns of all metrics of a model.
fn columns(toml: &str, blocks: u64) -> Vec<Vec<f64>> {
    let model = model(toml);
    let plan = Plan::new(&[&model], None, true);
    let mut evaluator = Evaluator::new(&plan.program, 1729);
    let mut columns = vec![Vec::new(); plan.program.outputs().len()];
    for block in 0..blocks {
        evaluator.run(block, |output, values| columns[output].extend((0..BLOCK_LEN).map(|lane| values.value.at(lane))));
    }
    columns
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    order.into_iter().enumerate().for_each(|(rank, index)| ranks[index] = rank as f64);
    ranks
}

fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let squares: f64 = ranks(a).iter().zip(ranks(b)).map(|(a, b)| (a - b) * (a - b)).sum();
    1.0 - 6.0 * squares / (n * (n * n - 1.0))
}

#[test]
fn correlated_inputs_reach_their_rank_correlation_and_keep_their_marginals() {
    let toml = "[metrics]\na = '=exponential(1)'\nb = '=uniform(0, 1)'\nc = '=lognormal(0, 1)'\nd = '=normal(5, 2)'\n\
                [correlations]\n\"a,b\" = 0.8\n\"b,c\" = -0.4\n\"c,d\" = 0.3\n\"a,c\" = -0.3";
    let columns = columns(toml, 256);
    let n = columns[0].len() as f64;
    let pairs = [(0, 1, 0.8), (1, 2, -0.4), (2, 3, 0.3), (0, 2, -0.3), (0, 3, 0.0), (1, 3, 0.0)];
    let critical = critical(pairs.len() + 4);
    for (i, j, expected) in pairs {
        let found = rank_correlation(&columns[i], &columns[j]);
        // The standard error of independent ranks, which is above that of correlated ones.
        assert!((found - expected).abs() < critical / n.sqrt(), "{i} {j}: {found}, expected {expected}");
    }
    let marginals: [(usize, f64, f64); 4] =
        [(0, 2.0, exponential(2.0)), (1, 0.9, 0.9), (2, 3.0, normal_cdf(3f64.ln())), (3, 7.0, normal_cdf(1.0))];
    for (column, t, expected) in marginals {
        let share = columns[column].iter().filter(|&&x| x <= t).count() as f64 / n;
        assert!((share - expected).abs() < critical * (expected * (1.0 - expected) / n).sqrt(), "{column}: {share}");
    }
}

/// Random numbers that share nothing with the program's: SplitMix64.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ (word >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
    }

    fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }
}

/// What happens at a time; times are whole nanoseconds of a unit of time, so that they have an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrival,
    Completion(usize),
    Timer(usize),
}

const NANO: f64 = 1e9;

/// Response times of an open queue of `servers` with first come, first served; the first fifth is warm-up.
fn simulate_queue(
    random: &mut Random,
    rate: f64,
    servers: usize,
    requests: usize,
    service: &dyn Fn(&mut Random) -> f64,
) -> Vec<f64> {
    let mut events = BinaryHeap::from([Reverse((0u64, Event::Arrival))]);
    let (mut waiting, mut busy): (VecDeque<usize>, usize) = (VecDeque::new(), 0);
    let (mut arrivals, mut responses) = (Vec::new(), Vec::new());
    while let Some(Reverse((now, event))) = events.pop() {
        match event {
            Event::Arrival => {
                waiting.push_back(arrivals.len());
                arrivals.push(now);
                if arrivals.len() < requests {
                    events.push(Reverse((now + (random.exponential() / rate * NANO) as u64, Event::Arrival)));
                }
            }
            Event::Completion(request) => {
                busy -= 1;
                responses.push((request, (now - arrivals[request]) as f64 / NANO));
            }
            Event::Timer(_) => {}
        }
        while busy < servers
            && let Some(request) = waiting.pop_front()
        {
            busy += 1;
            events.push(Reverse((now + (service(random) * NANO) as u64, Event::Completion(request))));
        }
    }
    responses.iter().filter(|(request, _)| request * 5 > requests).map(|&(_, time)| time).collect()
}

#[test]
fn queues_agree_with_a_discrete_event_simulation() {
    let exponential: &dyn Fn(&mut Random) -> f64 = &Random::exponential;
    let cases = [("mm1(0.7, 1)", 0.7, 1), ("mmc(2.5, 1, 4)", 2.5, 4), ("mmc(9, 1, 12)", 9.0, 12)];
    const RUNS: usize = 30;
    // Student's t with 29 degrees of freedom at the level shared by 9 comparisons.
    let critical = 6.2;
    for (formula, rate, servers) in cases {
        let predicted = recording(formula);
        let mut random = Random(11);
        let runs: Vec<Vec<f64>> =
            (0..RUNS).map(|_| simulate_queue(&mut random, rate, servers, 20_000, exponential)).collect();
        for q in [0.5, 0.9, 0.99] {
            let value = predicted.quantile(q).value.expect("samples");
            let shares: Vec<f64> =
                runs.iter().map(|run| run.iter().filter(|&&x| x <= value).count() as f64 / run.len() as f64).collect();
            let mean = shares.iter().sum::<f64>() / RUNS as f64;
            let variance = shares.iter().map(|share| (share - mean) * (share - mean)).sum::<f64>() / (RUNS - 1) as f64;
            let error = (variance / RUNS as f64).sqrt();
            assert!((mean - q).abs() < critical * error, "{formula} at {q}: {mean} ± {error}");
        }
    }
}

/// How a caller deals with a slow answer.
#[derive(Debug, Clone, Copy)]
enum Patience {
    Hedge { delay: f64 },
    Retry { timeout: f64, attempts: usize, backoff: f64 },
}

/// One call, event by event: its response time, the requests it sent, and whether it failed.
fn simulate_call(random: &mut Random, measured: &[f64], patience: Patience) -> (f64, usize, bool) {
    let mut events: BinaryHeap<Reverse<(u64, Event)>> = BinaryHeap::new();
    let (mut sent, mut current) = (0, 0);
    let mut send = |events: &mut BinaryHeap<_>, now: u64, random: &mut Random| {
        let time = measured[(random.unit() * measured.len() as f64) as usize];
        events.push(Reverse((now + (time * NANO) as u64, Event::Completion(sent))));
        sent += 1;
        sent - 1
    };
    let timer = match patience {
        Patience::Hedge { delay } => delay,
        Patience::Retry { timeout, .. } => timeout,
    };
    send(&mut events, 0, random);
    events.push(Reverse(((timer * NANO) as u64, Event::Timer(0))));
    loop {
        let Reverse((now, event)) = events.pop().expect("an event until the answer");
        match (event, patience) {
            (Event::Completion(_), Patience::Hedge { .. }) => return (now as f64 / NANO, sent, false),
            (Event::Timer(_), Patience::Hedge { .. }) => {
                send(&mut events, now, random);
            }
            (Event::Completion(attempt), Patience::Retry { .. }) if attempt == current => {
                return (now as f64 / NANO, sent, false);
            }
            (Event::Timer(_), Patience::Retry { timeout, attempts, backoff }) => {
                if current + 1 == attempts {
                    return (now as f64 / NANO, sent, true);
                }
                // What comes too late is not waited for, also not during the pause.
                let start = now + (backoff * NANO) as u64;
                current = send(&mut events, start, random);
                events.push(Reverse((start + (timeout * NANO) as u64, Event::Timer(current))));
            }
            _ => {}
        }
    }
}

#[test]
fn hedges_and_retries_of_measured_times_agree_with_a_discrete_event_simulation() {
    const CALLS: usize = 200_000;
    // Distinct times, so that no event falls on another.
    let measured: Vec<f64> =
        (0..400).map(|i| 1.0 + 0.0021 * f64::from(i) + if i % 25 == 0 { 9.137 } else { 0.0 }).collect();
    let data: Vec<String> = measured.iter().map(f64::to_string).collect();
    let cases = [
        (Patience::Hedge { delay: 1.9003 }, "hedge(x, 1.9003)", "1 + hedgeLoad(x, 1.9003)", "0 x"),
        (
            Patience::Retry { timeout: 1.7003, attempts: 3, backoff: 0.3301 },
            "retry(x, 1.7003, 3, 0.3301)",
            "retryLoad(x, 1.7003, 3)",
            "retryFailure(x, 1.7003, 3)",
        ),
    ];
    let critical = critical(2 * 5);
    for (patience, time, load, failure) in cases {
        let toml = format!(
            "[metrics]\ntime = '={time}'\nload = '={load}'\nfailure = '={failure}'\n[metrics.x]\ndata = [{}]",
            data.join(", ")
        );
        let metrics = outcomes(&toml);
        let mut random = Random(5);
        let calls: Vec<(f64, usize, bool)> =
            (0..CALLS).map(|_| simulate_call(&mut random, &measured, patience)).collect();
        let both = (1.0 / CALLS as f64 + 1.0 / SAMPLES as f64).sqrt();
        let predicted = metrics[0].recording.as_ref().expect("samples");
        for t in [1.5, 2.5, 3.5] {
            let share = calls.iter().filter(|call| call.0 <= t).count() as f64 / CALLS as f64;
            let expected = predicted.share_at_most(t).expect("samples");
            let error = (share * (1.0 - share)).sqrt() * both;
            assert!(
                (share - expected).abs() < critical * error + 2e-3,
                "{time} up to {t}: {share} {expected} ± {error}"
            );
        }
        let mean = |metric: usize| metrics[metric].recording.as_ref().expect("samples").moments().mean;
        let sent = calls.iter().map(|call| call.1 as f64).sum::<f64>() / CALLS as f64;
        let failed = calls.iter().filter(|call| call.2).count() as f64 / CALLS as f64;
        assert!((sent - mean(1)).abs() < critical * both, "{load}: {sent} {}", mean(1));
        assert!(
            (failed - mean(2)).abs() < critical * both * (failed * (1.0 - failed)).sqrt() + 1e-12,
            "{failure}: {failed}"
        );
    }
}
