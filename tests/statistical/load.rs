//! Hedges and retries that load the servers behind them: what a model says of them, against a discrete-event simulation.
//!
//! The model is the one that `docs/latency.md` proposes: attempts are independent copies of a response at a queue whose
//! arrivals are the requests times the mean number of attempts, a fixed point. Where it holds, the figures agree within
//! the stated error; where it does not, it is shown how far off it is. Seeds are fixed.

use tailcast::math::normal_quantile;
use tailcast::model::{self, NoData, Options};
use tailcast::sim::{MetricOutcome, NoWatch, RunOptions, run};

use crate::queue_network::{Network, Observed, Patience};
use crate::random::Random;

const RUNS: u64 = 20;

/// Requests of a run; a fifth of them is warm-up.
const REQUESTS: usize = 50_000;

/// Student's t with 19 degrees of freedom at a level of 1e-4 shared by the 40 comparisons of a test.
const CRITICAL: f64 = 7.0;

const SAMPLES: u64 = 1 << 19;

/// Relative error of a quantile by the samples of the model and the width of its cells, up to p99.9.
const MODEL_ERROR: f64 = 0.012;

/// A network of queues, and callers.
#[derive(Clone, Copy)]
struct Case {
    queues: usize,
    servers: usize,
    /// Utilization without second attempts.
    utilization: f64,
    patience: Patience,
}

/// What the model says: metrics of the response, the attempts and the failures.
struct Predicted {
    metrics: Vec<MetricOutcome>,
}

impl Predicted {
    fn quantile(&self, q: f64) -> f64 {
        self.metrics[1].recording.as_ref().and_then(|recording| recording.quantile(q).value).expect("samples")
    }

    fn mean(&self, metric: usize) -> Option<f64> {
        self.metrics[metric].recording.as_ref().and_then(|recording| recording.moments().mean())
    }

    fn attempts(&self) -> f64 {
        self.mean(2).expect("samples")
    }

    fn failed(&self) -> f64 {
        self.mean(3).expect("samples")
    }
}

/// Times that a service was measured to take: log-normal, with the mean 1.
fn measured_times() -> Vec<f64> {
    let times: Vec<f64> = (0..400).map(|i| (0.8 * normal_quantile((f64::from(i) + 0.5) / 400.0)).exp()).collect();
    let mean = times.iter().sum::<f64>() / 400.0;
    times.iter().map(|time| time / mean).collect()
}

impl Case {
    /// The figures of the model with the load that they themselves cause; `None` where it leaves no steady state.
    fn predicted(&self, queue: &dyn Fn(f64, usize) -> String) -> Option<Predicted> {
        let (time, load, failure) = match self.patience {
            Patience::Endless => ("x".to_owned(), "1 + 0 x".to_owned(), "0 x".to_owned()),
            Patience::Hedge { delay } => {
                (format!("hedge(x, {delay})"), format!("1 + hedgeLoad(x, {delay})"), "0 x".to_owned())
            }
            Patience::Retry { timeout, attempts, backoff } => (
                format!("retry(x, {timeout}, {attempts}, {backoff})"),
                format!("retryLoad(x, {timeout}, {attempts})"),
                format!("retryFailure(x, {timeout}, {attempts})"),
            ),
        };
        let mut amplification = 1.0;
        loop {
            let x = queue(self.utilization * self.servers as f64 * amplification, self.servers);
            let toml = format!("[metrics]\nx = '={x}'\ntime = '={time}'\nload = '={load}'\nfailure = '={failure}'");
            let model = model::read(toml.as_bytes(), None, &NoData, Options::default()).expect("a model");
            let options = RunOptions { samples: SAMPLES, ..RunOptions::default() };
            let predicted = Predicted { metrics: run(&model, &options, &NoWatch).expect("threads").metrics };
            let next = predicted.mean(2)?;
            if (next - amplification).abs() < 1e-4 {
                return Some(predicted);
            }
            amplification = next;
        }
    }

    fn observed(&self, service: &dyn Fn(&mut Random) -> f64) -> Vec<Observed> {
        let Self { queues, servers, utilization, patience } = *self;
        let rate = utilization * (queues * servers) as f64;
        let network = Network { rate, queues, servers, service, patience };
        (0..RUNS).map(|run| network.simulate(&mut Random(100 + run), REQUESTS)).collect()
    }
}

/// Mean over the runs and its standard error.
fn over_runs(runs: &[Observed], of: impl Fn(&Observed) -> f64) -> (f64, f64) {
    let count = runs.len() as f64;
    let mean = runs.iter().map(&of).sum::<f64>() / count;
    let variance = runs.iter().map(|run| (of(run) - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}

fn quantile(run: &Observed, q: f64) -> f64 {
    let mut sorted = run.responses.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted[(q * sorted.len() as f64) as usize]
}

const fn hedge(delay: f64) -> Patience {
    Patience::Hedge { delay }
}

const RETRY: Patience = Patience::Retry { timeout: 4.0, attempts: 3, backoff: 1.0 };

fn exponential_queue(rate: f64, servers: usize) -> String {
    format!("mmc({rate}, 1, {servers})")
}

/// Holds the model to the simulation: attempts and utilization to half a percent, each quantile to its error, besides
/// those of the samples of both.
fn assert_agreement(name: &str, case: Case, (predicted, runs): (&Predicted, &[Observed]), quantiles: &[(f64, f64)]) {
    let (attempts, error) = over_runs(runs, |run| run.attempts);
    let found = predicted.attempts();
    assert!((found - attempts).abs() < CRITICAL * error + 0.005 * attempts, "{name}: {found} attempts, {attempts}");
    let (busy, error) = over_runs(runs, |run| run.busy);
    let found = case.utilization * found;
    assert!((found - busy).abs() < CRITICAL * error + 0.005 * busy, "{name}: {found} busy, {busy}");
    let (failed, error) = over_runs(runs, |run| run.failed);
    let found = predicted.failed();
    assert!((found - failed).abs() <= CRITICAL * error + 0.5 * failed, "{name}: {found} failed, {failed} ± {error}");
    for &(q, stated) in quantiles {
        let (value, error) = over_runs(runs, |run| quantile(run, q));
        let found = predicted.quantile(q);
        assert!(
            (found / value - 1.0).abs() < stated + CRITICAL * error / value,
            "{name} at {q}: {found}, {value} ± {error}"
        );
    }
}

#[test]
fn hedges_and_retries_at_other_queues_agree_with_a_simulation_of_the_load_they_cause() {
    let cases = [
        ("hedges over 50 single servers", Case { queues: 50, servers: 1, utilization: 0.5, patience: hedge(4.0) }),
        ("hedges over 20 pools of four", Case { queues: 20, servers: 4, utilization: 0.6, patience: hedge(3.0) }),
        ("hedges within a pool of 16", Case { queues: 1, servers: 16, utilization: 0.6, patience: hedge(3.0) }),
        ("retries over 20 pools of four", Case { queues: 20, servers: 4, utilization: 0.6, patience: RETRY }),
        ("retries within a pool of 16", Case { queues: 1, servers: 16, utilization: 0.6, patience: RETRY }),
    ];
    for (name, case) in cases {
        let predicted = case.predicted(&exponential_queue).expect("a steady state");
        let runs = case.observed(&Random::exponential);
        let quantiles = [0.5, 0.9, 0.99, 0.999].map(|q| (q, MODEL_ERROR));
        assert_agreement(name, case, (&predicted, &runs), &quantiles);
    }
}

#[test]
fn measured_service_times_agree_within_the_error_of_allen_and_cunneen() {
    let times = measured_times();
    let variation = times.iter().map(|time| (time - 1.0).powi(2)).sum::<f64>() / times.len() as f64;
    let queue = |rate: f64, servers: usize| format!("ggc({rate}, 1, {servers}, 1, {variation})");
    let service = |random: &mut Random| times[random.below(times.len())];
    let retry = Patience::Retry { timeout: 3.0, attempts: 3, backoff: 1.0 };
    let cases = [
        ("waiting", Case { queues: 20, servers: 4, utilization: 0.6, patience: Patience::Endless }),
        ("hedges over 20 pools of four", Case { queues: 20, servers: 4, utilization: 0.6, patience: hedge(3.0) }),
        ("hedges within a pool of 16", Case { queues: 1, servers: 16, utilization: 0.6, patience: hedge(3.0) }),
        ("retries over 20 pools of four", Case { queues: 20, servers: 4, utilization: 0.6, patience: retry }),
    ];
    for (name, case) in cases {
        let predicted = case.predicted(&queue).expect("a steady state");
        let runs = case.observed(&service);
        // The form of the service time is wrong, not only that of the wait: ten percent, and nothing beyond p99.
        assert_agreement(name, case, (&predicted, &runs), &[0.5, 0.9, 0.99].map(|q| (q, 0.1)));
    }
}

#[test]
fn where_the_model_has_no_steady_state_the_simulated_queues_fill() {
    let cases = [
        ("hedges in one queue", Case { queues: 1, servers: 4, utilization: 0.75, patience: hedge(3.0) }),
        ("retries in one queue", Case { queues: 1, servers: 4, utilization: 0.85, patience: RETRY }),
        ("retries over 20 queues", Case { queues: 20, servers: 4, utilization: 0.8, patience: RETRY }),
    ];
    for (name, case) in cases {
        assert!(case.predicted(&exponential_queue).is_none(), "{name}");
        let runs = case.observed(&Random::exponential);
        let (busy, _) = over_runs(&runs, |run| run.busy);
        // Without second attempts the servers would be busy for 75 to 85 percent of the time.
        assert!(busy > 0.98, "{name}: {busy}");
    }
}

#[test]
fn a_hedge_to_the_queue_that_its_first_attempt_waits_in_is_worse_than_the_model_says() {
    // The figures are those of `docs/latency.md`: 5.0 by the model, 11.3 by the simulation.
    let case = Case { queues: 1, servers: 1, utilization: 0.3, patience: hedge(3.0) };
    let predicted = case.predicted(&exponential_queue).expect("a steady state");
    let (value, error) = over_runs(&case.observed(&Random::exponential), |run| quantile(run, 0.99));
    assert!((predicted.quantile(0.99) - 5.0).abs() < 0.05 && (value - 11.3).abs() < 0.1 + CRITICAL * error, "{value}");
    // Four servers have a steady state at 0.65 by the model; every request ends with two attempts in the simulation.
    let case = Case { queues: 1, servers: 4, utilization: 0.6, patience: hedge(3.0) };
    let predicted = case.predicted(&exponential_queue).expect("a steady state");
    let (attempts, _) = over_runs(&case.observed(&Random::exponential), |run| run.attempts);
    assert!((predicted.attempts() - 1.081).abs() < 0.002 && attempts > 1.99, "{attempts}");
}

#[test]
fn retries_in_one_queue_may_enter_a_state_that_the_model_does_not_show() {
    // The fixed point has 2.3 % more attempts and no failures. So has the simulation, until by chance enough requests
    // time out at once: then the attempts of all keep the queue as long as the timeout, and it does not come back.
    let case = Case { queues: 1, servers: 4, utilization: 0.5, patience: RETRY };
    let predicted = case.predicted(&exponential_queue).expect("a steady state");
    assert!((predicted.attempts() - 1.0225).abs() < 0.002 && predicted.failed() < 1e-4);
    let runs = case.observed(&Random::exponential);
    let stuck = runs.iter().filter(|run| run.failed > 0.25).count();
    let sound = runs.iter().filter(|run| run.failed < 1e-3).count();
    // Of `docs/latency.md`: 14 runs of 20; the rest were spared so far. Chaos makes much of the last bit of a logarithm, so
    // the count is held loosely.
    assert!((7..=19).contains(&stuck) && sound >= 1, "{stuck} {sound}");
}
