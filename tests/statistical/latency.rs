//! Formulas of latency against closed forms and against a discrete-event simulation.
//!
//! Each group of tests has the level `LEVEL`, shared among its comparisons (Bonferroni). Seeds are fixed.

use tailcast::math::{normal_cdf, normal_quantile};
use tailcast::model::{self, Model, NoData, Options};
use tailcast::program::Evaluator;
use tailcast::recorder::Recording;
use tailcast::rng::BLOCK_LEN;
use tailcast::sim::{MetricOutcome, NoWatch, Plan, RunOptions, run};

use crate::queue_network::{Network, Patience};
use crate::random::Random;

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
fn any_of_n_is_late_as_often_as_one_less_all_in_time() {
    // One response in 100 is late: of 2, 10, 100 and 1000 calls at once any is in 1 - 0.99^n of the requests.
    let late = 100f64.ln();
    let written_out = format!("parallel({})", vec!["draw(x)"; 10].join(", "));
    let calls = [2, 10, 100, 1000].map(|n| (format!("fanout({n}, x)"), n)).into_iter().chain([(written_out, 10)]);
    let cases: Vec<(String, i32)> = calls.collect();
    let critical = critical(2 * cases.len());
    for (call, n) in cases {
        let toml = format!("[metrics]\nx = '=exponential(1)'\ny = '={call}'\nlate = '=y > {late}'");
        let metrics = outcomes(&toml);
        let expected = 1.0 - 0.99f64.powi(n);
        let error = (expected * (1.0 - expected) / SAMPLES as f64).sqrt();
        let beyond = 1.0 - metrics[1].recording.as_ref().and_then(|y| y.share_at_most(late)).expect("samples");
        let share = metrics[2].recording.as_ref().expect("samples").moments().mean;
        for found in [beyond, share] {
            assert!((found - expected).abs() < critical * error + 1e-5, "{call}: {found} {expected} ± {error}");
        }
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
        evaluator.run(block..block + 1, |_, output, values| {
            columns[output].extend((0..BLOCK_LEN).map(|lane| values.value.at(lane)))
        });
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

#[test]
fn queues_agree_with_a_discrete_event_simulation() {
    let cases = [("mm1(0.7, 1)", 0.7, 1), ("mmc(2.5, 1, 4)", 2.5, 4), ("mmc(9, 1, 12)", 9.0, 12)];
    const RUNS: usize = 30;
    // Student's t with 29 degrees of freedom at the level shared by 9 comparisons.
    let critical = 6.2;
    for (formula, rate, servers) in cases {
        let predicted = recording(formula);
        let mut random = Random(11);
        let network = Network { rate, queues: 1, servers, service: &Random::exponential, patience: Patience::Endless };
        let runs: Vec<Vec<f64>> = (0..RUNS).map(|_| network.simulate(&mut random, 20_000).responses).collect();
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
        // As many servers as anyone may want: nobody waits, and each attempt is independent of the others.
        let service = |random: &mut Random| measured[random.below(measured.len())];
        let network = Network { rate: 1.0, queues: 1, servers: usize::MAX, service: &service, patience };
        let seen = network.simulate(&mut random, CALLS / 4 * 5);
        assert_eq!(seen.responses.len(), CALLS);
        let both = (1.0 / CALLS as f64 + 1.0 / SAMPLES as f64).sqrt();
        let predicted = metrics[0].recording.as_ref().expect("samples");
        for t in [1.5, 2.5, 3.5] {
            let share = seen.responses.iter().filter(|&&time| time <= t).count() as f64 / CALLS as f64;
            let expected = predicted.share_at_most(t).expect("samples");
            let error = (share * (1.0 - share)).sqrt() * both;
            assert!(
                (share - expected).abs() < critical * error + 2e-3,
                "{time} up to {t}: {share} {expected} ± {error}"
            );
        }
        let mean = |metric: usize| metrics[metric].recording.as_ref().expect("samples").moments().mean;
        let (sent, failed) = (seen.attempts, seen.failed);
        assert!((sent - mean(1)).abs() < critical * both, "{load}: {sent} {}", mean(1));
        assert!(
            (failed - mean(2)).abs() < critical * both * (failed * (1.0 - failed)).sqrt() + 1e-12,
            "{failure}: {failed}"
        );
    }
}
