//! Formulas of latency in models: what they mean sample by sample, agreement of block and reference, and what is refused.
//!
//! Their distributions are compared with closed forms and a discrete-event simulation in `tests/statistical/latency.rs`.

use tailcast::formula::functions::{Family, TABLE};
use tailcast::model::{self, Model, NoData, Options};
use tailcast::program::{Evaluator, Program, evaluate_reference};
use tailcast::rng::BLOCK_LEN;
use tailcast::sim::{MetricOutcome, MetricPlan, NoWatch, Plan, RunOptions, run};

fn model(toml: &str) -> Model {
    model::read(toml.as_bytes(), None, &NoData, Options::default()).expect("a model")
}

fn outcomes(toml: &str, samples: u64) -> Vec<MetricOutcome> {
    run(&model(toml), &RunOptions { samples, ..RunOptions::default() }, &NoWatch).expect("threads").metrics
}

fn outcome(toml: &str, name: &str, samples: u64) -> MetricOutcome {
    outcomes(toml, samples).into_iter().find(|metric| metric.name == name).expect("the metric")
}

/// Mean of a metric without problems.
fn mean(toml: &str, name: &str) -> f64 {
    let metric = outcome(toml, name, 200_000);
    assert!(metric.problems.is_empty(), "{name}: {:?}", metric.problems);
    metric.summary.and_then(|summary| summary.mean).expect("samples")
}

/// Message of the one problem of a formula.
fn problem(formula: &str) -> String {
    let toml = format!("[metrics]\na = '=exponential(1)'\nb = '=a + exponential(2)'\nx = '={formula}'");
    let problems = outcome(&toml, "x", 1000).problems;
    assert_eq!(problems.len(), 1, "{formula}: {problems:?}");
    problems[0].message.clone()
}

/// Every call, over metrics whose parameters are constant, drawn, computed, and measured.
const CALLS: &[&str] = &[
    "serial(a, b, 1)",
    "parallel(a, b, d)",
    "race([a, b], 5)",
    "quorum(2, a, b, d)",
    "quorum(3, a, b, d, 1)",
    "draw(a) - draw(b)",
    "draw(d)",
    "fanout(3, a)",
    "fanout(n, a)",
    "fanout(100, d)",
    "fastest(n, d)",
    "fastest(7, a)",
    "quorumOf(2, 3, a)",
    "quorumOf(2, n, a)",
    "cache(90, a, b)",
    "cache(h, 1, d)",
    "cache(h, cache(50, 1, a), d)",
    "hedge(b, 0.5)",
    "hedge(d, a)",
    "hedgeLoad(b, 0.5)",
    "tied(a, b)",
    "timeout(b, 1)",
    "timeoutShare(b, a)",
    "retry(b, 1, 3)",
    "retry(b, 1, 3, 0.1 a)",
    "retryLoad(b, 1, 3)",
    "retryFailure(b, a, 2)",
    "utilization(0.5, a)",
    "utilization(0.5, a, 4)",
    "erlangC(a, 20)",
    "mm1(0.5, 1)",
    "mm1(0.5, a)",
    "mmc(3, 1, 4)",
    "mmc(0.5, a, 4)",
    "ggc(3, 1, 4, 0.5, 2)",
    "ggc(0.5, a, 4, 1, b)",
    "usl(n, 1800, 0.05, 0.02)",
    "uslResponse(n, 1800, 0.05, 0.02)",
    "uslPeak(0.05, a)",
    "percentiles([0.5, 0.9, 0.99], [1, 5, 20])",
    "fanout(9, percentiles([0.5, 0.9], [-1, 5]))",
    "lognormalMedianP99(10, 40)",
    "lognormalMedianP99(a, a + 1)",
    "lognormalMeanCv(10, 0.5)",
    "lognormalMeanCv(a, b)",
    "truncate(a, 0.5, 2)",
    "truncate(d, 1, 3)",
    "positive(normal(1, 2))",
    "fanout(5, positive(normal(1, 2)))",
];

fn calls_model() -> String {
    use std::fmt::Write;
    let mut toml =
        "[metrics]\na = '=exponential(1)'\nb = '=a + exponential(2)'\nn = '=2 + poisson(3)'\nh = '80 to 90'\n\
                    d = { data = [1, 2, 2.5, 3, 8] }\n"
            .to_owned();
    for (number, call) in CALLS.iter().enumerate() {
        writeln!(toml, "c{number} = '={call}'").expect("memory");
    }
    toml
}

fn assert_block_equals_reference(program: &Program) {
    let mut evaluator = Evaluator::new(program, 7);
    for block in [0, 5] {
        let expected = evaluate_reference(program, 7, block);
        evaluator.run(block..block + 1, |_, output, values| {
            for lane in 0..BLOCK_LEN {
                let (found, expected) = (values.value.at(lane), expected[output].value[lane]);
                assert!(
                    found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(),
                    "output {output}"
                );
            }
        });
    }
}

#[test]
fn every_function_of_the_family_is_called_here() {
    for function in TABLE.iter().filter(|function| function.family == Family::Latency) {
        let call = format!("{}(", function.name);
        assert!(CALLS.iter().any(|text| text.contains(&call)), "{}", function.name);
    }
}

#[test]
fn blocks_of_every_call_are_those_of_the_reference_to_the_bit() {
    let model = model(&calls_model());
    let plan = Plan::new(&[&model], None, false);
    for (metric, plan) in model.metrics().iter().zip(&plan.versions[0]) {
        assert!(matches!(plan, MetricPlan::Output(_)), "{}: {plan:?} {:?}", metric.source, metric.problems);
    }
    assert_block_equals_reference(&plan.program);
}

#[test]
fn examples_of_functions_that_draw_have_the_mean_they_say() {
    // 24 comparisons or so at a fixed seed; 5 standard errors leave a chance of 1e-5 in all.
    for function in TABLE.iter().filter(|f| f.draws() && f.name != "cauchy") {
        let toml = format!("[metrics]\nx = '={}'\ny = '={}'", function.example.expression, function.example.result);
        let metrics = outcomes(&toml, 200_000);
        let figures = metrics[0].summary.as_ref().unwrap_or_else(|| panic!("{toml}: {:?}", metrics[0].problems));
        let expected = metrics[1].summary.as_ref().and_then(|summary| summary.mean).expect("a constant");
        let (mean, error) = (figures.mean.expect("samples"), figures.mean_standard_error.unwrap_or(0.0));
        assert!((mean - expected).abs() <= 5.0 * error + 1e-12, "{toml}: {mean} ± {error}");
    }
}

#[test]
fn a_metric_less_itself_is_nothing_and_a_redraw_less_a_redraw_is_not() {
    let toml = "[metrics]\nu = '=exponential(1)'\nx = '=u + 1'\nsame = '=x - x'\nanew = '=draw(x) - draw(x)'\n\
                own = '=x - draw(x)'";
    assert_eq!(mean(toml, "same"), 0.0);
    for name in ["anew", "own"] {
        let summary = outcome(toml, name, 200_000).summary.expect("samples");
        // Variance of a difference of two exponentials: 2.
        assert!((summary.stdev.expect("samples") - 2f64.sqrt()).abs() < 0.02, "{name}");
        assert!(summary.mean.expect("samples").abs() < 0.02, "{name}");
    }
}

#[test]
fn paired_data_stay_paired_within_a_redraw() {
    let toml = "paired = [['p', 'q']]\n[metrics]\nsum = '=p + q'\nagain = '=draw(sum)'\n[metrics.p]\n\
                data = [1, 2, 3, 4]\n[metrics.q]\ndata = [4, 3, 2, 1]";
    let summary = outcome(toml, "again", 10_000).summary.expect("samples");
    assert_eq!((summary.min, summary.max), (Some(5.0), Some(5.0)));
}

#[test]
fn figures_of_one_retried_call_agree_sample_by_sample() {
    let toml = "[metrics]\nx = '=exponential(1)'\nr = '=retry(x, 1, 3)'\nload = '=retryLoad(x, 1, 3)'\n\
                failed = '=retryFailure(x, 1, 3)'\nshort = '=r >= load - 1 and r <= load ? 0 : 1'\n\
                wrong = '=failed == (r == 3 ? 1 : 0) ? 0 : 1'\nlater = '=hedge(x, 1) > x ? 1 : 0'";
    for name in ["short", "wrong", "later"] {
        assert_eq!(mean(toml, name), 0.0, "{name}");
    }
}

#[test]
fn a_metric_draws_the_same_whatever_else_redraws_it() {
    let alone = outcome("[metrics]\nx = '=exponential(1)'\nr = '=retry(x, 1, 3)'", "r", 10_000).summary;
    let more = "[metrics]\nz = '=draw(r)'\ny = '=hedge(r, 1)'\nx = '=exponential(1)'\nr = '=retry(x, 1, 3)'";
    assert_eq!(outcome(more, "r", 10_000).summary, alone);
}

#[test]
fn an_order_statistic_of_a_computed_metric_is_that_of_the_same_distribution() {
    // The sum of two exponentials of rate 1 is gamma(2, 1); the slowest of 50 by the one and by the other.
    let toml = "[metrics]\nx = '=exponential(1) + exponential(1)'\nslow = '=fanout(50, x)'\n\
                exact = '=fanout(50, gamma(2, 1))'";
    let [computed, exact] = ["slow", "exact"].map(|name| {
        outcome(toml, name, 100_000).summary.expect("samples").quantiles.iter().map(|q| q.value).collect::<Vec<_>>()
    });
    for (computed, exact) in computed.iter().zip(&exact) {
        // Of each quantile some 1 % by the samples and less by the recording.
        assert!((computed.expect("samples") / exact.expect("samples") - 1.0).abs() < 0.04, "{computed:?} {exact:?}");
    }
}

#[test]
fn order_statistics_of_one_recording_share_no_draw() {
    let toml = "[metrics]\nu = '=exponential(1)'\ny = '=u + exponential(1)'\na = '=fanout(20, y)'\nb = '=fanout(20, y)'\n\
                c = '=fastest(20, y)'\nboth = '=fanout(20, y) - fanout(20, y)'";
    let model = model(toml);
    let plan = Plan::new(&[&model], None, true);
    let mut evaluator = Evaluator::new(&plan.program, 1);
    let mut columns = vec![Vec::new(); plan.program.outputs().len()];
    for block in 0..64 {
        evaluator.run(block..block + 1, |_, output, values| {
            columns[output].extend((0..BLOCK_LEN).map(|lane| values.value.at(lane)))
        });
    }
    let column = |name: &str| {
        let metric = model.resolve(name).expect("a metric");
        let MetricPlan::Output(output) = plan.versions[0][metric.index()] else { panic!("{name}") };
        &columns[output]
    };
    let n = columns[0].len() as f64;
    for (first, second) in [("a", "b"), ("a", "c"), ("a", "y"), ("c", "u"), ("a", "both")] {
        let (a, b) = (column(first), column(second));
        let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
        let (mean_a, mean_b) = (mean(a), mean(b));
        let sum = |of: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| of(a - mean_a, b - mean_b)).sum::<f64>();
        let correlation = sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt();
        // Five comparisons; 5 standard errors leave a chance of 3e-6.
        assert!(correlation.abs() < 5.0 / n.sqrt(), "{first} {second}: {correlation}");
    }
}

#[test]
fn versions_have_quantile_functions_in_common() {
    let toml = "[metrics]\nrate = 1\np = '=percentiles([0.5, 0.9], [1, 5])'\nt = '=truncate(normal(5, 2), 4, 9)'\n\
                f = '=fanout(9, p + t)'\nx = '=rate * f'";
    let model = model(toml);
    let other = model.with_values(&[(model.resolve("rate").expect("the metric"), 2.0)]);
    let count = |versions: &[&Model]| Plan::new(versions, None, false).program.operation_count();
    // Another rate is one more product.
    assert_eq!(count(&[&model, &other]), count(&[&model]) + 1);
}

#[test]
fn constants_are_their_own_order_statistics() {
    for formula in
        ["fanout(100, 5)", "fastest(3, 5)", "quorumOf(1, 3, 5)", "draw(5)", "truncate(5, 0, 9)", "race(5, 7)"]
    {
        assert_eq!(mean(&format!("[metrics]\nx = '={formula}'"), "x"), 5.0, "{formula}");
    }
}

#[test]
fn what_is_no_argument_is_refused_with_what_is_one() {
    for (formula, message) in [
        ("quorum(4, a, b)", "expected first a whole number from 1 to the number of calls in `quorum`, found 4"),
        ("quorum(a, a, b)", "expected a constant, found a number that differs from sample to sample"),
        ("fanout(0, a)", "expected a whole number of copies of at least 1 in `fanout`, found 0"),
        ("fanout(1e6, b)", "expected at most 400000 copies of a metric that is computed in `fanout`, found 1000000"),
        ("quorumOf(4, 3, a)", "expected first a number from 1 to that of the copies in `quorumOf`, found 4"),
        ("cache(120, 1, a)", "expected first a percentage from 0 to 100 in `cache`, found 120"),
        ("hedge(a, -1)", "expected a delay of at least 0 in `hedge`, found -1"),
        ("retry(a, 1, 0)", "expected a whole number of attempts from 1 to 64 in `retry`, found 0"),
        (
            "retry(a, 1)",
            "expected 3 to 4 arguments, as `retry(x, timeout, attempts)` or \
                         `retry(x, timeout, attempts, backoff)` in `retry`, found 2",
        ),
        (
            "truncate(b, 0, 1)",
            "expected a random function, a range or data in `truncate`, found a value that is computed",
        ),
        ("truncate(a, -2, -1)", "expected a range that holds some of the distribution in `truncate`, found -2 to -1"),
        ("percentiles([0.5, 0.4], [1, 2])", "expected rising shares between 0 and 1, found `0.4` at position 2"),
        ("percentiles([0.5, 0.9], [2, 1])", "expected percentiles that do not fall, found `1` after `2` at position 2"),
        ("lognormalMedianP99(0, 1)", "expected a median above 0 in `lognormalMedianP99`, found 0"),
        ("lognormalMeanCv(1, -1)", "expected a coefficient of variation of at least 0 in `lognormalMeanCv`, found -1"),
    ] {
        assert_eq!(problem(formula), message, "{formula}");
    }
}

#[test]
fn copies_of_copies_without_end_are_refused_and_not_made() {
    use std::fmt::Write;
    let mut toml = "[metrics]\nm0 = '=exponential(1)'\n".to_owned();
    for number in 1..40 {
        writeln!(toml, "m{number} = '=draw(m{0}) + draw(m{0})'", number - 1).expect("memory");
    }
    let model = model(&toml);
    let plan = Plan::new(&[&model], None, false);
    assert!(matches!(plan.versions[0][39], MetricPlan::Broken(_)));
}

#[test]
fn in_compatibility_a_function_that_draws_has_all_samples() {
    for formula in
        ["mmc(3, 1, 4)", "mm1(0.5, 1)", "ggc(3, 1, 4, 1, 2)", "percentiles([0.5, 0.9], [1, 2])", "cache(50, 1, 2)"]
    {
        let toml = format!("[metrics]\nx = '={formula}'\ny = '=x + 1'");
        let model = model::read(toml.as_bytes(), None, &NoData, Options { compat: true }).expect("a model");
        let options = RunOptions { samples: 5000, ..RunOptions::default() };
        for metric in run(&model, &options, &NoWatch).expect("threads").metrics {
            let samples = metric.summary.map(|summary| summary.samples);
            assert_eq!(samples, Some(5000), "{formula}: {} {:?}", metric.name, metric.problems);
        }
    }
}

#[test]
fn an_unstable_queue_says_in_how_many_samples_it_is() {
    let metrics = outcomes("[metrics]\nrate = '=uniform(0, 2)'\nx = '=mm1(rate, 1)'\ny = '=mmc(5, 1, 4)'", 10_000);
    let message = |metric: &MetricOutcome| (metric.problems[0].code, metric.problems[0].message.clone());
    let (code, text) = message(&metrics[1]);
    let share: f64 = text.split(' ').next().and_then(|count| count.parse().ok()).expect("a count");
    assert!(
        code == "unstable-queue" && text.ends_with("of 10000 samples have no response time: the queue is unstable")
    );
    // Half of the rates are above 1: 5000 with a standard deviation of 50.
    assert!((share - 5000.0).abs() < 250.0, "{text}");
    assert_eq!(message(&metrics[2]).0, "unstable-queue");
}

#[test]
fn percentiles_in_toml_are_those_of_the_metric_in_its_unit() {
    let toml = "unit = 'ms'\n[metrics.x]\npercentiles = { p50 = '12ms', p95 = 40, 'p99.9' = '0.2 s' }\n\
                [metrics.y]\nunit = 'us'\npercentiles = { p50 = 500, p90 = '1ms' }";
    let metrics = outcomes(toml, 200_000);
    let at = |index: usize, q: f64| {
        let value = metrics[index].recording.as_ref().and_then(|recording| recording.quantile(q).value);
        value.unwrap_or_else(|| panic!("{}: {:?}", metrics[index].source, metrics[index].problems))
    };
    for (index, q, value, tolerance) in
        [(0, 0.5, 12.0, 0.01), (0, 0.95, 40.0, 0.02), (0, 0.999, 200.0, 0.1), (1, 0.5, 0.5, 0.01), (1, 0.9, 1.0, 0.02)]
    {
        assert!((at(index, q) / value - 1.0).abs() < tolerance, "{index} {q}: {}", at(index, q));
    }
}

#[test]
fn percentiles_in_toml_that_are_none_are_refused_in_their_place() {
    for (table, message) in [
        ("{ p50 = 1 }", "expected two or more percentiles"),
        ("{ p50 = 1, p99.9 = 3 }", "expected the value of `p99`, found a table"),
        ("{ p50 = 1, best = 3 }", "expected a percentile such as `p99`, found `best`"),
        ("{ p50 = 1, p100 = 3 }", "expected a percentile such as `p99`, found `p100`"),
        ("{ p50 = 1, p99 = '3 apples' }", "expected a number, found the string `3 apples`"),
        ("[1, 2]", "expected a table such as `{ p50 = \"12ms\", p99 = \"80ms\" }`, found a list of 2"),
    ] {
        let toml = format!("[metrics.x]\npercentiles = {table}");
        let error = model::read(toml.as_bytes(), None, &NoData, Options::default()).expect_err(table);
        assert_eq!(error.faults[0].message, message);
    }
}

#[test]
fn a_model_with_percentiles_is_written_as_one_with_their_formula() {
    let toml = "[metrics.x]\npercentiles = { p50 = 12, p99 = 80 }";
    let written = model(toml).to_toml().output;
    assert!(written.contains("percentiles([0.5, 0.99], [12, 80])"), "{written}");
    assert_eq!(outcome(&written, "x", 1000).summary, outcome(toml, "x", 1000).summary);
}

#[test]
fn correlations_of_what_is_computed_are_refused_and_of_constants_do_nothing() {
    let toml = "[metrics]\na = '1 to 5'\nb = '=a + 1'\nc = 3\n[correlations]\n\"a,b\" = 0.5\n\"a,c\" = 0.5";
    let metrics = outcomes(toml, 1000);
    assert!(metrics[0].problems.is_empty() && metrics[2].problems.is_empty());
    assert_eq!(metrics[1].problems[0].code, "not-correlatable");
}

#[test]
fn too_many_correlated_metrics_are_refused_and_leave_others_alone() {
    let chain = |metrics: usize| {
        let inputs: String = (0..metrics).map(|at| format!("m{at} = '1 to 5'\n")).collect();
        let pairs: String = (1..metrics).map(|at| format!("\"m{},m{at}\" = 0.3\n", at - 1)).collect();
        outcomes(&format!("[metrics]\n{inputs}alone = '1 to 5'\n[correlations]\n{pairs}"), 1000)
    };
    assert!(chain(64).iter().all(|metric| metric.problems.is_empty()));
    let refused = chain(65);
    let message = "expected at most 64 metrics that are correlated with each other, found 65";
    assert!(refused[..65].iter().all(|metric| metric.problems[0].message == message));
    assert!(refused[65].problems.is_empty() && refused[65].summary.is_some());
}

#[test]
fn contradicting_correlations_are_repaired_with_a_warning() {
    let toml = "[metrics]\na = '1 to 5'\nb = '1 to 5'\nc = '1 to 5'\n[correlations]\n\"a,b\" = -0.9\n\"a,c\" = -0.9\n\
                \"b,c\" = -0.9";
    let model = model(toml);
    let warning = model.warnings().iter().find(|warning| warning.code == "correlations-repaired").expect("a warning");
    assert!(warning.message.contains("-0.483 instead of -0.9"), "{}", warning.message);
}

#[test]
fn the_order_of_the_file_does_not_touch_correlated_draws() {
    let metrics = ["a = '1 to 5'", "b = '=exponential(1)'", "c = { data = [1, 2, 3, 9] }"];
    let tail = "[correlations]\n\"a,b\" = 0.5\n\"b,c\" = -0.4";
    let forward = format!("[metrics]\n{}\n{tail}", metrics.join("\n"));
    let backward = format!("[metrics]\n{}\n{}\n{}\n{tail}", metrics[2], metrics[1], metrics[0]);
    for name in ["a", "b", "c"] {
        assert_eq!(outcome(&forward, name, 5000).summary, outcome(&backward, name, 5000).summary, "{name}");
    }
}

#[test]
fn the_checkout_model_answers_what_hedging_buys_and_costs() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/checkout.toml");
    let base = model::read_file(&path, &NoData, Options::default()).expect("a model");
    let figures = |scenario: Option<&str>| {
        let model = scenario.map_or_else(|| base.clone(), |name| base.with_scenario(name).expect("a scenario"));
        let options = RunOptions { samples: 400_000, ..RunOptions::default() };
        let metrics = run(&model, &options, &NoWatch).expect("threads").metrics;
        for metric in &metrics {
            assert!(metric.problems.is_empty(), "{scenario:?} {}: {:?}", metric.name, metric.problems);
        }
        let metric = |name: &str| metrics.iter().find(|metric| metric.name == name).expect("the metric");
        let quantile = |name: &str, q| {
            metric(name).recording.as_ref().and_then(|recording| recording.quantile(q).value).expect("samples")
        };
        let load = metric("hedge_load").summary.as_ref().and_then(|summary| summary.mean).expect("samples");
        [quantile("stock", 0.5), quantile("stock", 0.99), quantile("checkout", 0.99), load]
    };
    // Of `models/README.md`: p99 of the stock check, p99 of the checkout, the share of hedges. A p99 of 400000 samples
    // has a standard error of about 1 %; the stated shares are those that the hedges have, to 0.01.
    for (scenario, stock, checkout, load) in [
        (None, 47.7, 423.0, 0.027),
        (Some("unhedged"), 164.0, 449.0, 0.0),
        (Some("eager"), 30.8, 423.0, 0.34),
        (Some("loaded"), 51.5, 436.0, 0.039),
        (Some("loaded_unhedged"), 166.5, 464.0, 0.0),
    ] {
        let [_, found_stock, found_checkout, found_load] = figures(scenario);
        assert!((found_stock / stock - 1.0f64).abs() < 0.06, "{scenario:?}: {found_stock}");
        assert!((found_checkout / checkout - 1.0f64).abs() < 0.03, "{scenario:?}: {found_checkout}");
        assert!((found_load - load).abs() < 0.01, "{scenario:?}: {found_load}");
    }
}
