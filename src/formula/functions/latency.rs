//! Latency: calls made one after the other, together, or again; caches, queues, scalability; distributions from what
//! dashboards show. Drawing is not done here: those that draw have their metadata only.

use super::real;
use super::{ANY, Apply, Family, FunctionInfo, Scalar, domain, find};
use crate::formula::interpreter::{Evaluated, Interpreter, real_of};
use crate::formula::value::Value;

/// A function that draws.
const fn draw(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    domain: &'static str,
    help: &'static str,
    example: (&'static str, &'static str),
) -> FunctionInfo {
    FunctionInfo::new(Family::Latency, name, signatures, arity, help, example, Apply::Draw).domain(domain)
}

/// A function that does not.
const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    domain: &'static str,
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Latency, name, signatures, arity, help, example, Apply::General(apply)).domain(domain)
}

/// Calls that have no value where as much arrives as can be served.
pub const QUEUES: [&str; 4] = ["mm1", "mmc", "ggc", "erlangC"];

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "serial",
        &["serial(a, b, …)", "serial(list)"],
        (1, ANY),
        "response times",
        "Calls one after the other: their sum.",
        ("serial(3, 1, 2)", "6"),
        |interpreter, arguments| same_as(interpreter, "sum", arguments),
    )
    .scalar(Scalar::Many(real::sum)),
    entry(
        "parallel",
        &["parallel(a, b, …)", "parallel(list)"],
        (1, ANY),
        "response times",
        "Calls at the same time, all of them needed: the slowest.",
        ("parallel(3, 1, 2)", "3"),
        |interpreter, arguments| same_as(interpreter, "max", arguments),
    )
    .scalar(Scalar::Many(real::maximum)),
    entry(
        "race",
        &["race(a, b, …)", "race(list)"],
        (1, ANY),
        "response times",
        "Calls at the same time, any one of them enough: the fastest.",
        ("race(3, 1, 2)", "1"),
        |interpreter, arguments| same_as(interpreter, "min", arguments),
    )
    .scalar(Scalar::Many(real::minimum)),
    entry(
        "quorum",
        &["quorum(k, a, b, …)", "quorum(k, list)"],
        (2, ANY),
        "`k` a whole number from 1 to the number of calls",
        "Calls at the same time, `k` of them needed: the `k`-th fastest.",
        ("quorum(2, 30, 10, 20)", "20"),
        |_, arguments| quorum(arguments),
    )
    .scalar(Scalar::Many(real::quorum)),
    draw(
        "draw",
        &["draw(x)"],
        (1, 1),
        "",
        "An independent copy of `x` and of all it is computed from: `x - x` is 0, `draw(x) - draw(x)` is not.",
        ("draw(exponential(0.5))", "2"),
    ),
    draw(
        "fanout",
        &["fanout(n, x)"],
        (2, 2),
        "`n >= 1`",
        "The slowest of `n` independent copies of `x`.",
        ("fanout(100, uniform(0, 101))", "100"),
    ),
    draw(
        "fastest",
        &["fastest(n, x)"],
        (2, 2),
        "`n >= 1`",
        "The fastest of `n` independent copies of `x`.",
        ("fastest(10, exponential(0.1))", "1"),
    ),
    draw(
        "quorumOf",
        &["quorumOf(k, n, x)"],
        (3, 3),
        "`1 <= k <= n`",
        "The `k`-th fastest of `n` independent copies of `x`.",
        ("quorumOf(2, 3, uniform(0, 4))", "2"),
    ),
    draw(
        "cache",
        &["cache(hitPercent, hit, miss)"],
        (3, 3),
        "`hitPercent` from 0 to 100",
        "`hit` in so many percent of the samples, else `miss`.",
        ("cache(75, 1, 9)", "3"),
    ),
    draw(
        "hedge",
        &["hedge(x, delay)"],
        (2, 2),
        "`delay >= 0`",
        "`x`, or an independent copy of it that starts after `delay`, whichever answers first.",
        ("hedge(exponential(1), 0)", "0.5"),
    ),
    entry(
        "hedgeLoad",
        &["hedgeLoad(x, delay)"],
        (2, 2),
        "",
        "1 where `hedge(x, delay)` sends its second request, else 0: the mean is the extra load.",
        ("hedgeLoad(12, 10)", "1"),
        |_, arguments| of_numbers("hedgeLoad", arguments, |xs| real::exceeds(xs[0], xs[1])),
    )
    .scalar(Scalar::Two(real::exceeds)),
    draw(
        "tied",
        &["tied(wait, service)"],
        (2, 2),
        "",
        "A request in two queues that is withdrawn from one as soon as the other begins it: the shorter of two \
         independent waits, then the service.",
        ("tied(exponential(1), 3)", "3.5"),
    ),
    entry(
        "timeout",
        &["timeout(x, t)"],
        (2, 2),
        "",
        "What a caller sees that waits at most `t`.",
        ("timeout(12, 10)", "10"),
        |_, arguments| of_numbers("timeout", arguments, |xs| real::timeout(xs[0], xs[1])),
    )
    .scalar(Scalar::Two(real::timeout)),
    entry(
        "timeoutShare",
        &["timeoutShare(x, t)"],
        (2, 2),
        "",
        "1 where a caller that waits at most `t` gives up, else 0: the mean is the share of failures.",
        ("timeoutShare(12, 10)", "1"),
        |_, arguments| of_numbers("timeoutShare", arguments, |xs| real::exceeds(xs[0], xs[1])),
    )
    .scalar(Scalar::Two(real::exceeds)),
    draw(
        "retry",
        &["retry(x, timeout, attempts)", "retry(x, timeout, attempts, backoff)"],
        (3, 4),
        "`attempts` a whole number from 1 to 64; `backoff` 0 unless given",
        "Attempts, each an independent copy of `x` cut at the timeout, with a pause of `backoff` between them; a \
         request whose last attempt times out has taken the whole wait.",
        ("retry(uniform(0, 4), 2, 2)", "2.25"),
    ),
    draw(
        "retryLoad",
        &["retryLoad(x, timeout, attempts)"],
        (3, 3),
        "as of `retry`",
        "How many attempts `retry` makes: the mean is the factor by which the load grows.",
        ("retryLoad(uniform(0, 4), 2, 2)", "1.5"),
    ),
    draw(
        "retryFailure",
        &["retryFailure(x, timeout, attempts)"],
        (3, 3),
        "as of `retry`",
        "1 where every attempt of `retry` times out, else 0: the mean is the share of failures.",
        ("retryFailure(uniform(0, 4), 2, 2)", "0.25"),
    ),
    entry(
        "utilization",
        &["utilization(arrivalRate, serviceTime)", "utilization(arrivalRate, serviceTime, c)"],
        (2, 3),
        "arrivals per unit of the service time",
        "Share of the time that each of `c` servers (1 unless given) is busy; at 1 and above the queue grows without end.",
        ("utilization(3, 2, 10)", "0.6"),
        |_, arguments| of_numbers("utilization", arguments, utilization),
    )
    .scalar(Scalar::Many(utilization)),
    entry(
        "erlangC",
        &["erlangC(load, c)"],
        (2, 2),
        "`0 <= load < c`, `c` a whole number",
        "Probability that an arrival has to wait (M/M/c), `load` being arrivals per mean service time.",
        ("erlangC(1, 2)", "1 / 3"),
        |_, arguments| of_numbers("erlangC", arguments, |xs| real::erlang_c(xs[0], xs[1])),
    )
    .scalar(Scalar::Two(real::erlang_c)),
    draw(
        "mm1",
        &["mm1(arrivalRate, serviceTime)"],
        (2, 2),
        "mean service time, arrivals per unit of it",
        "Response time of a queue with one server, Poisson arrivals and exponential service.",
        ("mm1(0.5, 1)", "2"),
    ),
    draw(
        "mmc",
        &["mmc(arrivalRate, serviceTime, c)"],
        (3, 3),
        "mean service time, arrivals per unit of it, `c` a whole number of servers",
        "Response time of a queue with `c` servers, Poisson arrivals and exponential service.",
        ("mmc(1, 1, 2)", "4 / 3"),
    ),
    draw(
        "ggc",
        &["ggc(arrivalRate, serviceTime, c, ca2, cs2)"],
        (5, 5),
        "as of `mmc`; `ca2`, `cs2` the squared coefficients of variation of the times between arrivals and of service",
        "Response time of a queue with `c` servers by the approximation of Allen and Cunneen.",
        ("ggc(0.5, 1, 1, 1, 0)", "1.5"),
    ),
    entry(
        "usl",
        &["usl(n, lambda, sigma, kappa)"],
        (4, 4),
        "`lambda` the throughput of one, `sigma` the contention, `kappa` the crosstalk",
        "Throughput of `n` users or nodes by the universal scalability law.",
        ("usl(2, 1800, 0, 0.02)", "3600 / 1.04"),
        |_, arguments| of_numbers("usl", arguments, usl),
    )
    .scalar(Scalar::Many(usl)),
    entry(
        "uslResponse",
        &["uslResponse(n, lambda, sigma, kappa)"],
        (4, 4),
        "as of `usl`",
        "Response time with `n` users or nodes by the universal scalability law.",
        ("uslResponse(2, 1000, 0, 0.02)", "0.00104"),
        |_, arguments| of_numbers("uslResponse", arguments, usl_response),
    )
    .scalar(Scalar::Many(usl_response)),
    entry(
        "uslPeak",
        &["uslPeak(sigma, kappa)"],
        (2, 2),
        "as of `usl`",
        "The number of users or nodes at which `usl` is largest.",
        ("uslPeak(0.04, 0.0096)", "10"),
        |_, arguments| of_numbers("uslPeak", arguments, |xs| real::usl_peak(xs[0], xs[1])),
    )
    .scalar(Scalar::Two(real::usl_peak)),
    draw(
        "percentiles",
        &["percentiles(shares, values)"],
        (2, 2),
        "two lists of equal length, rising; `shares` between 0 and 1",
        "A distribution with these quantiles, smooth between them.",
        ("percentiles([0.25, 0.5, 0.75], [-1, 0, 1])", "0"),
    ),
    draw(
        "lognormalMedianP99",
        &["lognormalMedianP99(median, p99)"],
        (2, 2),
        "`0 < median <= p99`",
        "The log-normal distribution of this median and 99th percentile.",
        ("lognormalMedianP99(10, 40)", "10 * exp((log(4) / 2.3263478740408408)^2 / 2)"),
    ),
    draw(
        "lognormalMeanCv",
        &["lognormalMeanCv(mean, cv)"],
        (2, 2),
        "`mean > 0`, `cv >= 0`",
        "The log-normal distribution of this mean and coefficient of variation (standard deviation over mean).",
        ("lognormalMeanCv(10, 0.5)", "10"),
    ),
    draw(
        "truncate",
        &["truncate(x, low, high)"],
        (3, 3),
        "`x` a random function, a range or data; `low <= high`",
        "`x` given that it lies from `low` to `high`.",
        ("truncate(exponential(1), 2, Infinity)", "3"),
    ),
    draw(
        "positive",
        &["positive(x)"],
        (1, 1),
        "`x` a random function, a range or data",
        "`x` given that it is not negative.",
        ("positive(uniform(-5, 5))", "2.5"),
    ),
];

/// Applies another function of the table.
fn same_as(interpreter: &mut Interpreter<'_>, name: &str, arguments: &[Value]) -> Evaluated {
    interpreter.call_builtin(find(name).expect("it stands in this table"), arguments)
}

/// Applies a function of real numbers.
fn of_numbers(function: &'static str, arguments: &[Value], apply: impl Fn(&[f64]) -> f64) -> Evaluated {
    let numbers = arguments.iter().map(|value| real_of(function, value)).collect::<Result<Vec<f64>, _>>()?;
    Ok(Value::Number(apply(&numbers)))
}

fn quorum(arguments: &[Value]) -> Evaluated {
    let mut numbers = vec![real_of("quorum", &arguments[0])?];
    for argument in &arguments[1..] {
        match argument {
            Value::Matrix(list) => {
                for value in list.elements() {
                    numbers.push(real_of("quorum", value)?);
                }
            }
            value => numbers.push(real_of("quorum", value)?),
        }
    }
    let k = numbers[0];
    if k.fract() != 0.0 || !(1.0..=(numbers.len() - 1) as f64).contains(&k) {
        return Err(domain("quorum", "as its first argument a whole number from 1 to the number of calls"));
    }
    Ok(Value::Number(real::quorum(&numbers)))
}

fn utilization(arguments: &[f64]) -> f64 {
    match *arguments {
        [rate, service] => real::utilization(rate, service, 1.0),
        [rate, service, servers, ..] => real::utilization(rate, service, servers),
        _ => f64::NAN,
    }
}

fn usl(arguments: &[f64]) -> f64 {
    let [n, lambda, sigma, kappa] = *arguments else { return f64::NAN };
    real::usl(n, lambda, sigma, kappa)
}

fn usl_response(arguments: &[f64]) -> f64 {
    let [n, lambda, sigma, kappa] = *arguments else { return f64::NAN };
    real::usl_response(n, lambda, sigma, kappa)
}
