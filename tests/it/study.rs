//! Studies against what can be worked out without them.

use tailcast::formula::MetricIndex;
use tailcast::model::{self, Input, Model, NoData, Options, Slo};
use tailcast::sim::{NoWatch, RunOptions, run};
use tailcast::study::assertion::Assertion;
use tailcast::study::attribute::{Attribution, Owner, OwnerKind, attribute};
use tailcast::study::compare::{Comparison, Difference, ScenarioOutcome, compare, compare_apart};
use tailcast::study::slo::{Verdict, evaluate};
use tailcast::study::solve::{Reach, Side, Solution, solve};
use tailcast::study::sweep::sweep;
use tailcast::study::{NoStudyWatch, Parameter, StudyError, StudyWatch, Version, scenario_version};

fn read(toml: &str) -> Model {
    model::read(toml.as_bytes(), None, &NoData, Options::default()).expect("a model")
}

fn shipped(name: &str) -> Model {
    model::read_file(format!("models/{name}").as_ref(), &NoData, Options::default()).expect("a model")
}

fn options(samples: u64) -> RunOptions {
    RunOptions { samples, ..RunOptions::default() }
}

fn compared(model: &Model, scenarios: &[&str], samples: u64) -> Comparison {
    let versions: Vec<Version> =
        scenarios.iter().map(|name| scenario_version(model, name).expect("a scenario")).collect();
    compare(&versions, &options(samples), &NoStudyWatch).expect("a comparison")
}

fn difference<'a>(comparison: &'a Comparison, metric: &str, to: &str) -> &'a Difference {
    comparison.differences.iter().find(|d| d.metric == metric && d.to == to).expect("a difference")
}

fn attributed(model: &Model, metric: &str, q: f64, samples: u64) -> Attribution {
    let metric = model.resolve(metric).expect("a metric");
    attribute(model, metric, q, &options(samples), &NoStudyWatch).expect("an attribution")
}

fn owner<'a>(attribution: &'a Attribution, id: &str, kind: OwnerKind) -> &'a Owner {
    attribution.owners.iter().find(|owner| owner.id == id && owner.kind == kind).expect("an owner")
}

#[test]
fn figures_of_a_comparison_are_those_of_runs() {
    let model = shipped("storage.toml");
    let comparison = compared(&model, &["40/70", "60/70", "20/90"], 50_000);
    assert!(comparison.paired && comparison.scenarios.len() == 3);
    for scenario in &comparison.scenarios {
        let version = model.with_scenario(&scenario.name).expect("a scenario");
        let alone = run(&version, &options(50_000), &NoWatch).expect("a run");
        for (together, alone) in scenario.outcome.metrics.iter().zip(&alone.metrics) {
            assert_eq!(together.summary, alone.summary, "{} {}", scenario.name, alone.name);
        }
    }
}

#[test]
fn what_two_versions_share_cancels_in_the_difference() {
    let model = read("[metrics]\ncpu = '=exponential(0.1)'\nnet = 1\nall = '=cpu + net'");
    let comparison = compared(&model, &["near:net=1", "far:net=3"], 50_000);
    let all = difference(&comparison, "all", "far");
    let mean = all.mean.expect("a change");
    assert!((mean.change - 2.0).abs() < 1e-9 && mean.high.unwrap() - mean.low.unwrap() < 1e-9, "{mean:?}");
    for quantile in &all.quantiles {
        // Known to half a recorded cell of either version.
        assert!((quantile.change.change - 2.0).abs() < 0.0005 * (quantile.from + 2.0), "{quantile:?}");
        assert!(quantile.change.low.unwrap() <= 2.0 && quantile.change.high.unwrap() >= 2.0, "{quantile:?}");
    }
    let cpu = difference(&comparison, "cpu", "far");
    assert_eq!(cpu.mean.map(|mean| (mean.change, mean.low, mean.high)), Some((0.0, Some(0.0), Some(0.0))));
}

#[test]
fn comparisons_do_not_depend_on_the_number_of_threads() {
    let model = shipped("storage.toml");
    let versions = ["40/70", "20/90"].map(|name| scenario_version(&model, name).expect("a scenario"));
    let figures = |threads| {
        let options = RunOptions { threads: Some(threads), ..options(100_000) };
        let comparison = compare(&versions, &options, &NoStudyWatch).expect("a comparison");
        format!("{:?}", comparison.differences)
    };
    assert_eq!(figures(1), figures(3));
}

#[test]
fn filtered_and_constant_versions_are_compared_too() {
    let model = read("[metrics]\nlimit = 5\nx = '=filterLessThan(exponential(0.1), limit)'\ny = '=limit'");
    let comparison = compared(&model, &["a:limit=5", "b:limit=8"], 20_000);
    let x = difference(&comparison, "x", "b");
    assert!(!x.paired && x.mean.expect("a change").low.is_some(), "{x:?}");
    let y = difference(&comparison, "y", "b");
    let mean = y.mean.expect("a change");
    assert_eq!((mean.change, mean.low, mean.high), (3.0, Some(3.0), Some(3.0)));
    let constant = read("[metrics]\na = 1\nb = '=2 a'");
    let comparison = compared(&constant, &["one:a=1", "two:a=2"], 1000);
    assert_eq!(comparison.scenarios[0].outcome.samples, 1);
    assert_eq!(difference(&comparison, "b", "two").quantiles[0].change.change, 2.0);
}

#[test]
fn outcomes_drawn_apart_are_compared_in_one_unit() {
    let ms = read("unit = 'ms'\n[metrics]\nx = '=uniform(1, 2)'");
    let us = read("unit = 'us'\n[metrics]\nx = '=uniform(1000, 2000) + 500'");
    let scenario = |model: &Model, name: &str, seed| ScenarioOutcome {
        name: name.to_owned(),
        outcome: run(model, &RunOptions { seed, ..options(50_000) }, &NoWatch).expect("a run"),
    };
    let comparison = compare_apart(vec![scenario(&ms, "ms", 1), scenario(&us, "us", 2)]).expect("a comparison");
    let x = difference(&comparison, "x", "us");
    assert!(!comparison.paired && (x.mean.expect("a change").change - 0.5).abs() < 0.01);
    assert!(matches!(compare_apart(vec![scenario(&ms, "ms", 1)]), Err(StudyError::OneVersion)));
}

#[test]
fn assertions_are_judged_by_the_interval() {
    let model = read("[metrics]\nscale = 1\nx = '=scale * uniform(10, 20)'");
    let comparison = compared(&model, &["a:scale=1", "b:scale=1.04"], 50_000);
    let verdict =
        |text: &str| Assertion::parse(text).expect("an assertion").evaluate(&comparison).expect("a verdict")[0].verdict;
    assert_eq!(verdict("p99(x) change <= 5%"), Verdict::Met);
    assert_eq!(verdict("p99(x) change <= 3%"), Verdict::Missed);
    // The mean changes from 15 by 4 %.
    assert_eq!(verdict("mean(x) change < 0.5"), Verdict::Missed);
    assert_eq!(verdict("mean(x) change > 0.5"), Verdict::Met);
    assert!(Assertion::parse("p42(x) change < 1").expect("an assertion").evaluate(&comparison).is_err());
    assert!(Assertion::parse("p99(y) change < 1").expect("an assertion").evaluate(&comparison).is_err());
}

#[test]
fn objectives_of_shipped_models_are_met_missed_and_undecided() {
    let verdicts = |model: &Model| -> Vec<Verdict> {
        let outcome = run(model, &options(200_000), &NoWatch).expect("a run");
        evaluate(model.slos(), model, &outcome).iter().map(|result| result.verdict).collect()
    };
    assert_eq!(verdicts(&shipped("storage.toml")), [Verdict::Met]);
    // Analytics takes longer than its objective; the p99 of storage is 1.600 ms, just where this objective has it.
    assert_eq!(verdicts(&shipped("riak_iot.toml")), [Verdict::Met, Verdict::Met, Verdict::Missed]);
    let storage = shipped("storage.toml");
    let outcome = run(&storage, &options(200_000), &NoWatch).expect("a run");
    let close = Slo::parse("p99(response) <= 1.6ms", &storage).expect("an objective");
    assert_eq!(evaluate(&[close], &storage, &outcome)[0].verdict, Verdict::Undecided);
    let memcached = model::read_file("tests/fixtures/models/memcached.toml".as_ref(), &NoData, Options::default());
    let memcached = memcached.expect("a model");
    // 1.5 % of the requests take 120 us: one in forty of those that hit. The mean is 10.02 us, just above its bound.
    assert_eq!(verdicts(&memcached), [Verdict::Missed, Verdict::Missed, Verdict::Undecided]);
    // Of 40 % hits, just the 1 % that is allowed.
    let forty = memcached.with_scenario("40 % hits").expect("a scenario");
    assert_eq!(verdicts(&forty), [Verdict::Undecided, Verdict::Undecided, Verdict::Met]);
}

#[test]
fn an_error_budget_is_the_share_beyond_the_threshold() {
    let model = read("slos = ['p99(x) <= 80', 'P(x <= 90) >= 85%']\n[metrics]\nx = '=uniform(0, 100)'");
    let outcome = run(&model, &options(100_000), &NoWatch).expect("a run");
    let results = evaluate(model.slos(), &model, &outcome);
    let budget = results[0].budget.expect("a budget");
    assert!((budget.share - 0.2).abs() < 0.005 && budget.allowed == 0.01 && budget.threshold == 80.0, "{budget:?}");
    assert!((budget.used().expect("some is allowed") - 20.0).abs() < 0.5 && results[0].verdict == Verdict::Missed);
    let budget = results[1].budget.expect("a budget");
    assert!((budget.share - 0.1).abs() < 0.005 && budget.allowed == 0.15 && results[1].verdict == Verdict::Met);
}

#[test]
fn points_of_a_sweep_are_what_runs_of_them_are() {
    let model = shipped("storage.toml");
    let parameters = [
        Parameter::parse("memcached_hit=20..80/30", &model).expect("a parameter"),
        Parameter::parse("mysql_hit=70,90", &model).expect("a parameter"),
    ];
    let swept = sweep(&model, &parameters, model.slos(), &options(30_000), &NoStudyWatch).expect("a sweep");
    assert_eq!(swept.points.len(), 6);
    assert_eq!(swept.points[1].values, [20.0, 90.0]);
    for point in &swept.points {
        let version = model.with_values(&[(MetricIndex(0), point.values[0]), (MetricIndex(1), point.values[1])]);
        let alone = run(&version, &options(30_000), &NoWatch).expect("a run");
        for (together, alone) in point.outcome.metrics.iter().zip(&alone.metrics) {
            assert_eq!(together.summary, alone.summary, "{:?} {}", point.values, alone.name);
        }
        assert_eq!(point.slos, evaluate(model.slos(), &version, &alone));
    }
    let twice = [parameters[0].clone(), parameters[0].clone()];
    assert!(matches!(sweep(&model, &twice, &[], &options(10), &NoStudyWatch), Err(StudyError::SameParameter { .. })));
}

fn solved(model: &Model, parameter: &str, target: &str) -> Solution {
    let parameter = Parameter::parse(parameter, model).expect("a parameter");
    let target = Slo::parse(target, model).expect("a target");
    solve(model, &parameter, &target, &options(100_000), &NoStudyWatch).expect("a solution")
}

#[test]
fn goals_are_found_on_either_side_or_said_to_be_out_of_reach() {
    // p90 of the mixture is 3 + 6 (0.9 - h) / (1 - h): 7.5 at 60 %.
    let toml = "[metrics]\nhit = 50\nx = '=uniform(0, 100) < hit ? uniform(1, 2) : uniform(3, 9)'";
    let model = read(toml);
    let solution = solved(&model, "hit=0..100", "p90(x) <= 7.5");
    let answer = solution.answer.expect("a value");
    assert!(solution.reach == Reach::Found && solution.is_monotone && answer.side == Side::Above);
    assert!((answer.value - 60.0).abs() < 1.5, "{answer:?}");
    assert!(answer.low.expect("an end") < 60.0 && answer.high.expect("an end") > 60.0, "{answer:?}");
    let other_side = solved(&model, "hit=0..100", "p90(x) > 7.5").answer.expect("a value");
    assert!(other_side.side == Side::Below && (other_side.value - answer.value).abs() < 0.05, "{other_side:?}");
    assert_eq!(solved(&model, "hit=0..100", "p90(x) <= 10").reach, Reach::Always);
    let never = solved(&model, "hit=0..100", "p90(x) <= 0.5");
    assert!(never.reach == Reach::Never && never.answer.is_none());
    let steps = solved(&model, "hit=0..100/5", "mean(x) <= 3");
    // The mean is 6 - 4.5 h: 3 at two thirds.
    assert_eq!(steps.answer.map(|answer| answer.value), Some(70.0));
    let probability = solved(&model, "hit=0..100", "P(x > 6) <= 20%").answer.expect("a value");
    assert!((probability.value - 60.0).abs() < 1.5, "{probability:?}");
}

#[test]
fn a_load_beyond_the_steady_state_misses_a_target_and_the_headroom_is_that_of_the_present() {
    // p90 of M/M/1 is ln(10) / (1 - rate): 10 at a rate of 0.7697.
    let model = read("[metrics]\nrate = 0.5\nx = '=mm1(rate, 1)'\ny = '=x + 0'\nz = '=0 / (rate - rate)'");
    let solution = solved(&model, "rate=0.1..2", "p90(y) <= 10");
    let answer = solution.answer.expect("a value");
    let expected = 1.0 - 10f64.ln() / 10.0;
    assert!((answer.value - expected).abs() < 0.01 && answer.side == Side::Below, "{answer:?}");
    assert!((solution.headroom().expect("a share") - (answer.value / 0.5 - 1.0)).abs() < 1e-12);
    assert!(solution.probes.iter().all(|probe| probe.value.is_infinite() == (probe.at >= 1.0)));
    let missed = solved(&model, "rate=0.1..2", "p90(y) <= 4");
    assert!(missed.headroom().expect("a share") < 0.0, "{:?}", missed.answer);
    // Without a queue there is no reason that is known, and for a lower bound none that helps.
    let (parameter, options) = (Parameter::parse("rate=0.1..2", &model).expect("a parameter"), options(1000));
    for target in ["p90(z) <= 4", "p90(y) >= 4"] {
        let target = Slo::parse(target, &model).expect("a target");
        let error = solve(&model, &parameter, &target, &options, &NoStudyWatch).expect_err("no samples");
        assert!(matches!(error, StudyError::NoSamples { .. }), "{error:?}");
    }
}

#[test]
fn a_target_that_comes_and_goes_is_said_not_to_be_monotone() {
    let model = read("[metrics]\nload = 1\nx = '=(load - 5)^2 + uniform(0, 1)'");
    let solution = solved(&model, "load=0..10", "mean(x) <= 4.5");
    assert!(!solution.is_monotone && solution.reach == Reach::Found);
    assert_eq!(solution.holding.len(), 1);
    let (from, to) = solution.holding[0];
    assert!((from - 3.0).abs() < 0.02 && (to - 7.0).abs() < 0.02, "{from} {to}");
    let answer = solution.answer.expect("a value");
    assert!((answer.value - 3.0).abs() < 0.02, "{answer:?}");
}

#[test]
fn a_study_that_is_stopped_says_so() {
    struct Stop;
    impl StudyWatch for Stop {
        fn stop(&self) -> bool {
            true
        }
    }
    let model = shipped("storage.toml");
    let metric = model.resolve("response").expect("a metric");
    let stopped = attribute(&model, metric, 0.99, &options(1_000_000), &Stop);
    assert!(matches!(stopped, Err(StudyError::Interrupted)));
}

#[test]
fn constant_and_broken_metrics_own_no_tail() {
    let model = read("[metrics]\na = 5\nb = '=2 a'\nc = '=a / '");
    let of = |name: &str| {
        let metric = model.resolve(name).expect("a metric");
        attribute(&model, metric, 0.9, &options(1000), &NoStudyWatch)
    };
    assert!(matches!(of("b"), Err(StudyError::Constant { value: 10.0, .. })));
    assert!(matches!(of("c"), Err(StudyError::NoSamples { .. })));
}

/// Whether `truth` lies within 1.6 times the 95 % interval, which is 99.8 %: some 40 comparisons in this file then miss
/// by chance in one of 12 choices of the seed, and the seed is fixed.
fn assert_near(estimate: Option<tailcast::study::Estimate>, truth: f64, what: &str) {
    let estimate = estimate.expect(what);
    let half = (estimate.high.expect(what) - estimate.low.expect(what)) / 2.0;
    assert!((estimate.value - truth).abs() <= 1.6 * half + 1e-9, "{what}: {estimate:?}, expected {truth}");
    assert!(half < 0.1, "{what}: {estimate:?} says nothing");
}

#[test]
fn indices_of_a_linear_model_are_its_squared_coefficients() {
    let toml = "[metrics]\na = '0 to 1'\nb = '0 to 1'\nc = '0 to 1'\ny = '=a + 2 b - 3 c + 10'";
    let attribution = attributed(&read(toml), "y", 0.9, 200_000);
    for (id, coefficient) in [("a", 1.0), ("b", 2.0), ("c", 3.0f64)] {
        let owner = owner(&attribution, id, OwnerKind::Input);
        let share = coefficient * coefficient / 14.0;
        assert_near(owner.first_order, share, id);
        assert_near(owner.total, share, id);
        assert!((owner.r_squared.expect("a figure") - share).abs() < 0.005, "{id}");
        // Of a bivariate normal distribution with correlation r: 6 asin(r / 2) / pi.
        let sign = if id == "c" { -1.0 } else { 1.0 };
        let spearman = 6.0 / std::f64::consts::PI * (sign * share.sqrt() / 2.0).asin();
        assert_near(owner.rank_correlation, spearman, id);
    }
    let overall: f64 = attribution.owners.iter().map(|owner| owner.overall_share.expect("a share").value).sum();
    let tail: f64 = attribution.owners.iter().map(|owner| owner.tail_share.expect("a share").value).sum();
    assert!((overall - 1.0).abs() < 1e-9 && (tail - 1.0).abs() < 1e-9, "{overall} {tail}");
}

#[test]
fn indices_of_the_function_of_ishigami_are_known() {
    let toml = "[metrics]\nx1 = '=uniform(-pi, pi)'\nx2 = '=uniform(-pi, pi)'\nx3 = '=uniform(-pi, pi)'\n\
        y = '=sin(x1) + 7 sin(x2)^2 + 0.1 x3^4 sin(x1)'";
    let attribution = attributed(&read(toml), "y", 0.9, 300_000);
    // Ishigami and Homma (1990) with a = 7 and b = 0.1.
    let pi4 = std::f64::consts::PI.powi(4);
    let (v1, v2, v13) = (0.5 * (1.0 + 0.1 * pi4 / 5.0).powi(2), 49.0 / 8.0, 0.01 * pi4 * pi4 * 8.0 / 225.0);
    let all = v1 + v2 + v13;
    let known = [("x1", v1, v1 + v13), ("x2", v2, v2), ("x3", 0.0, v13)];
    for (id, first, total) in known {
        let owner = owner(&attribution, id, OwnerKind::Own);
        assert_near(owner.first_order, first / all, id);
        assert_near(owner.total, total / all, id);
    }
}

#[test]
fn tail_shares_of_a_mixture_are_known() {
    let toml =
        "[metrics]\nfast = '=uniform(0, 10)'\nslow = '=uniform(0, 20)'\ny = '=uniform(0, 1) < 0.9 ? fast : slow'";
    let attribution = attributed(&read(toml), "y", 0.9, 300_000);
    let t = 0.9 / 0.095;
    let (fast, slow) = (0.9 * (100.0 - t * t) / 20.0, 0.1 * (400.0 - t * t) / 40.0);
    let share = |id: &str| owner(&attribution, id, OwnerKind::Own);
    assert_near(share("slow").tail_share, slow / (fast + slow), "slow in the tail");
    assert_near(share("fast").tail_share, fast / (fast + slow), "fast in the tail");
    assert_near(share("slow").overall_share, 1.0 / 5.5, "slow overall");
    let branch = &attribution.branches[0];
    assert_eq!(branch.condition.as_deref(), Some("uniform(0, 1) < 0.9"));
    assert!((branch.then - 0.9).abs() < 0.003 && (branch.then_in_tail - 0.9 * (1.0 - t / 10.0) / 0.1).abs() < 0.02);
    assert!((branch.then_in_tail + branch.otherwise_in_tail - 1.0).abs() < 1e-12);
}

#[test]
fn tail_shares_of_a_sum_of_exponentials_are_known() {
    let toml = "[metrics]\na = '=exponential(1)'\nb = '=exponential(0.5)'\ny = '=a + b'";
    let attribution = attributed(&read(toml), "y", 0.95, 300_000);
    let (ra, rb) = (1.0, 0.5f64);
    let beyond = |t: f64| (rb * (-ra * t).exp() - ra * (-rb * t).exp()) / (rb - ra);
    let (mut low, mut high) = (0.0, 100.0);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if beyond(middle) > 0.05 { low = middle } else { high = middle }
    }
    // E[A; A + B > t], by whether A alone is beyond t.
    let part = |r: f64, s: f64| {
        let (t, c) = (low, r - s);
        r * (-s * t).exp() * (1.0 - (-c * t).exp() * (1.0 + c * t)) / (c * c) + (t + 1.0 / r) * (-r * t).exp()
    };
    let (a, b) = (part(ra, rb), part(rb, ra));
    assert_near(owner(&attribution, "a", OwnerKind::Own).tail_share, a / (a + b), "a");
    assert_near(owner(&attribution, "b", OwnerKind::Own).tail_share, b / (a + b), "b");
    let threshold = attribution.threshold;
    assert!(threshold.low.expect("an end") <= low * 1.002 && threshold.high.expect("an end") >= low * 0.998);
}

#[test]
fn the_winner_of_a_maximum_owns_it_and_the_views_agree() {
    let toml = "[metrics]\na = '10 to 20'\nb = '1 to 3'\nboth = '=max(a, b)'\nshare = '=(a + b) / 4 + 2'";
    let model = read(toml);
    let attribution = attributed(&model, "both", 0.95, 50_000);
    let a = owner(&attribution, "a", OwnerKind::Input);
    assert!(a.tail_share.expect("a share").value > 0.999 && a.used_in_tail.expect("a share") > 0.999);
    assert!(a.first_order.expect("an index").value > 0.95 && a.tail_total.expect("an index").value > 0.99);
    assert!(a.quantile_at_median.expect("a value") < 16.0 && a.rank_correlation.expect("a figure").value > 0.98);
    let attribution = attributed(&model, "share", 0.95, 50_000);
    let own = owner(&attribution, "share", OwnerKind::Own);
    // The constant 2 is the formula's own, out of 2 + (14.5 + 1.8) / 4.
    assert!((own.overall_share.expect("a share").value - 2.0 / 6.08).abs() < 0.02, "{own:?}");
}

/// A histogram's cells and the running sum of its counts.
struct Histogram(Vec<(f64, f64, f64)>);

impl Histogram {
    fn of(model: &Model, name: &str) -> Self {
        let metric = model.resolve(name).expect("a metric");
        let Input::Data(tailcast::dist::Empirical::Histogram(cells)) = &model.metrics()[metric.index()].input else {
            panic!("expected a histogram");
        };
        let total: f64 = cells.iter().map(|cell| cell.weight).sum();
        let mut sum = 0.0;
        let cells = cells.iter().map(|cell| {
            sum += cell.weight / total;
            (sum, cell.low, cell.high)
        });
        Self(cells.collect())
    }

    fn draw(&self, rng: &mut SplitMix) -> f64 {
        let u = rng.unit();
        let &(_, low, high) = self.0.iter().find(|(sum, ..)| u <= *sum).unwrap_or(&self.0[self.0.len() - 1]);
        low + (high - low) * rng.unit()
    }
}

/// A generator that has nothing in common with the library's streams (Steele, Lea and Flood 2014).
struct SplitMix(u64);

impl SplitMix {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A normal number by the sum of squares (Marsaglia's polar method).
fn normal(rng: &mut SplitMix) -> f64 {
    loop {
        let (x, y) = (2.0 * rng.unit() - 1.0, 2.0 * rng.unit() - 1.0);
        let s = x * x + y * y;
        if s > 0.0 && s < 1.0 {
            return x * (-2.0 * s.ln() / s).sqrt();
        }
    }
}

#[test]
fn the_disk_owns_the_tail_of_the_storage_model() {
    let model = shipped("storage.toml").with_scenario("60/70").expect("a scenario");
    let attribution = attributed(&model, "response", 0.99, 400_000);
    assert_eq!(attribution.owners[0].id, "disk");
    // The same model drawn one request at a time, with another generator.
    let (memcached, mysql) = (Histogram::of(&model, "memcached"), Histogram::of(&model, "mysql"));
    let mut rng = SplitMix(20_160_301);
    let range = |low: f64, high: f64, z: f64| ((low.ln() + high.ln()) / 2.0 + z * (high / low).ln() / 3.29).exp();
    let mut requests: Vec<(f64, f64)> = (0..400_000)
        .map(|_| {
            let cpu = range(1e3, 4e3, normal(&mut rng));
            if rng.unit() < 0.6 {
                return (cpu + memcached.draw(&mut rng), 0.0);
            }
            let disk = if rng.unit() < 0.7 { 0.0 } else { range(4e5, 1.6e6, normal(&mut rng)) };
            (cpu + mysql.draw(&mut rng) + disk, disk)
        })
        .collect();
    requests.sort_by(|a, b| a.0.total_cmp(&b.0));
    let tail = &requests[396_000..];
    let sum = |requests: &[(f64, f64)]| {
        requests.iter().fold((0.0, 0.0), |(all, disk), request| (all + request.0, disk + request.1))
    };
    let ((all, disk), (tail_all, tail_disk)) = (sum(&requests), sum(tail));
    let owner = &attribution.owners[0];
    let near = |found: f64, expected: f64, tolerance: f64| {
        assert!((found - expected).abs() < tolerance, "{found}, expected {expected}");
    };
    // Both are estimates from 400,000 samples: the tolerances are four standard errors of their difference or more.
    near(owner.tail_share.expect("a share").value, tail_disk / tail_all, 0.002);
    near(owner.overall_share.expect("a share").value, disk / all, 0.006);
    near(attribution.threshold.value.expect("a value") / tail[0].0, 1.0, 0.015);
    near(owner.used_in_tail.expect("a share"), 1.0, 0.001);
    near(owner.used.expect("a share"), 0.12, 0.003);
}

#[test]
fn figures_of_figures_come_in_by_variables_and_arguments_too() {
    // Each waits for the one before it: by an argument, by a variable, by a copy.
    for (formula, expected, passes) in [
        ("more(s) = expectation(profit + s); more(more(more(0)))", 150.0, "4 passes"),
        ("m = expectation(profit); expectation(profit + 2 m)", 150.0, "3 passes"),
        ("m = expectation(profit); expectation(draw(profit + m))", 100.0, "3 passes"),
    ] {
        let model = read(&format!("[metrics]\nprofit = '=uniform(0, 100)'\nx = '={formula}'"));
        let outcome = run(&model, &options(100_000), &NoWatch).expect("a run");
        let mean = outcome.metrics[1].summary.as_ref().and_then(|summary| summary.mean).expect("a mean");
        assert!((mean / expected - 1.0).abs() < 0.01, "{formula}: {mean}");
        assert!(outcome.warnings[0].message.starts_with(passes), "{formula}: {:?}", outcome.warnings);
    }
}

#[test]
fn figures_of_metrics_are_usable_in_formulas() {
    let toml = "[metrics]\nprofit = '=uniform(0, 100)'\nrisk = '=150 - quantile(profit, 0.05)'\n\
        above = '=prob(profit > 75) + expectation(profit) + deviation(profit)'\n\
        nested = '=quantile(profit - quantile(profit, 0.5), 0.9)'\nsampled = '=profit > quantile(profit, 0.9) ? 1 : 0'";
    let model = read(toml);
    let outcome = run(&model, &options(200_000), &NoWatch).expect("a run");
    let mean = |name: &str| {
        let metric = outcome.metrics.iter().find(|metric| metric.name == name).expect("a metric");
        assert!(metric.problems.is_empty(), "{:?}", metric.problems);
        metric.summary.as_ref().and_then(|summary| summary.mean).expect("a mean")
    };
    for (name, expected) in
        [("risk", 145.0), ("above", 0.25 + 50.0 + 100.0 / 12f64.sqrt()), ("nested", 40.0), ("sampled", 0.1)]
    {
        assert!((mean(name) / expected - 1.0).abs() < 0.01, "{name}: {}, expected {expected}", mean(name));
    }
    let passes = outcome.warnings.iter().find(|warning| warning.code == "passes").expect("a warning");
    assert!(passes.message.starts_with("3 passes"), "{}", passes.message);
    // A figure belongs to its version.
    let parameter = Parameter::parse("profit=10,20", &model).expect("a parameter");
    let swept = sweep(&model, &[parameter], &[], &options(1000), &NoStudyWatch).expect("a sweep");
    let risks: Vec<f64> =
        swept.points.iter().filter_map(|point| point.outcome.metrics[1].summary.as_ref()?.mean).collect();
    assert_eq!(risks, [140.0, 130.0]);
    let comparison = compared(&model, &["a:profit=10", "b:profit==uniform(0, 10)"], 10_000);
    let change = difference(&comparison, "risk", "b").mean.expect("a change");
    assert!((change.change - 9.5).abs() < 0.1, "{change:?}");
    let owned = attributed(&read("[metrics]\nx = '=uniform(0, 1)'\ny = '=x + quantile(x, 0.5)'"), "y", 0.9, 20_000);
    assert!((owner(&owned, "y", OwnerKind::Own).overall_share.expect("a share").value - 0.5).abs() < 0.01);
}

#[test]
fn a_cycle_through_a_figure_is_an_error_and_so_are_wrong_levels() {
    let model =
        read("[metrics]\na = '=quantile(b, 0.5)'\nb = '=a + uniform(0, 1)'\nc = '=quantile(5, 2)'\nd = '=prob(5, 3)'");
    let problems = tailcast::sim::check(&model);
    let codes: Vec<&str> = problems.iter().map(|problems| problems[0].code).collect();
    assert_eq!(codes, ["cycle", "cycle", "not-a-quantile", "argument-count"]);
}
