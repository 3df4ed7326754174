//! Draws of every distribution against its own distribution function and moments.
//!
//! Each suite tests at the level 0.001 as a whole: by Bonferroni each of its comparisons at 0.001 divided by their
//! number, which the test counts and states. Seeds are fixed; a failure is a defect and never a reason to run again.

use tailcast::dist::{Cell, Choice, Distribution, Empirical};
use tailcast::math;
use tailcast::rng::{BLOCK_LEN, BlockRng, StreamKey};

/// Level of a whole suite.
const LEVEL: f64 = 0.001;

/// Draws of each comparison.
const DRAWS: usize = 1_000_000;

/// Continuous distributions, with their ordinary, their extreme and their mirrored parameters.
const CONTINUOUS: &[(&str, &[f64])] = &[
    ("normal", &[0.0, 1.0]),
    ("normal", &[2.0, -3.0]),
    ("normal", &[1e-9, 1e-10]),
    ("lognormal", &[1.0, 0.5]),
    ("lognormal", &[0.0, 4.0]),
    ("uniform", &[0.0, 1.0]),
    ("uniform", &[5.0, 2.0]),
    ("uniform", &[-1e308, 1e308]),
    ("beta", &[1.0, 1.0]),
    ("beta", &[2.0, 5.0]),
    ("beta", &[0.5, 0.5]),
    ("beta", &[100.0, 200.0]),
    ("beta", &[0.9, 30.0]),
    ("beta", &[1000.0, 1.0]),
    ("gamma", &[1.0, 1.0]),
    ("gamma", &[2.5, 3.0]),
    ("gamma", &[0.5, 2.0]),
    ("gamma", &[0.1, 1.0]),
    ("gamma", &[0.999, 1.0]),
    ("gamma", &[1000.0, 0.01]),
    ("gamma", &[2.0, -1.0]),
    ("gamma", &[-0.5, 2.0]),
    ("gamma", &[-0.2, 1.0]),
    ("invgamma", &[3.0, 2.0]),
    ("invgamma", &[0.5, 1.0]),
    ("invgamma", &[3.0, -2.0]),
    ("chisquare", &[1.0]),
    ("chisquare", &[2.0]),
    ("chisquare", &[30.0]),
    ("exponential", &[1.0]),
    ("exponential", &[1000.0]),
    ("exponential", &[-2.0]),
    ("weibull", &[2.0, 1.5]),
    ("weibull", &[3.0, 0.5]),
    ("weibull", &[-1.0, 2.0]),
    ("weibull", &[1.0, -2.0]),
    ("studentt", &[1.0]),
    ("studentt", &[2.5]),
    ("studentt", &[30.0]),
    ("studentt", &[0.5]),
    ("cauchy", &[0.0, 1.0]),
    ("cauchy", &[5.0, -2.0]),
    ("centralF", &[2.0, 2.0]),
    ("centralF", &[5.0, 10.0]),
    ("centralF", &[0.5, 3.0]),
    ("triangular", &[0.0, 1.0]),
    ("triangular", &[0.0, 10.0, 0.0]),
    ("triangular", &[-5.0, 5.0, 3.0]),
    ("triangular", &[10.0, 0.0]),
    ("triangular", &[0.0, 10.0, 12.0]),
    ("triangular", &[0.0, 10.0, -2.0]),
    ("doubleTriangular", &[0.0, 1.0]),
    ("doubleTriangular", &[-5.0, 5.0, 3.0]),
    ("doubleTriangular", &[10.0, 0.0, 7.0]),
    ("doubleTriangular", &[0.0, 10.0, 12.0]),
    ("PERT", &[0.0, 1.0]),
    ("PERT", &[0.0, 10.0, 2.0, 20.0]),
    ("PERT", &[0.0, 10.0, 12.0]),
    ("PERT", &[10.0, 0.0, 2.0]),
    ("pareto", &[10.0, 2.5]),
    ("logistic", &[5.0, -2.0]),
    ("gev", &[5.0, 2.0, 0.0]),
    ("gev", &[5.0, 2.0, 0.3]),
    ("gev", &[5.0, 2.0, -0.5]),
    ("gompertz", &[0.5, 2.0]),
];

/// Discrete distributions, on both sides of each change of method.
const DISCRETE: &[(&str, &[f64])] = &[
    ("bernoulli", &[0.3]),
    ("bernoulli", &[0.0001]),
    ("binomial", &[1.0, 0.5]),
    ("binomial", &[20.0, 0.3]),
    ("binomial", &[20.0, 0.7]),
    ("binomial", &[19.0, 0.5]),
    ("binomial", &[20.0, 0.5]),
    ("binomial", &[33.0, 0.303_03]),
    ("binomial", &[1000.0, 0.02]),
    ("binomial", &[1000.0, 0.9]),
    ("binomial", &[1e9, 3e-9]),
    ("binomial", &[1e9, 3e-8]),
    ("poisson", &[0.1]),
    ("poisson", &[4.0]),
    ("poisson", &[9.999]),
    ("poisson", &[10.0]),
    ("poisson", &[12.3]),
    ("poisson", &[100.0]),
    ("poisson", &[1000.0]),
    ("negBinomial", &[5.0, 0.3]),
    ("negBinomial", &[1.0, 0.95]),
    ("negBinomial", &[2.5, 0.6]),
    ("negBinomial", &[0.3, 0.8]),
    ("negBinomial", &[20.0, 0.9]),
    ("randomInt", &[0.0, 2.0]),
    ("randomInt", &[0.0, 100.0]),
    ("randomInt", &[0.5, 3.5]),
    ("randomInt", &[2.5]),
    ("randomInt", &[5.0, 2.0]),
    ("geometric", &[0.25]),
    ("geometric", &[0.999]),
];

fn draw(metric: u64, mut fill: impl FnMut(&mut BlockRng, &mut [f64])) -> Vec<f64> {
    let key = StreamKey::new(1729, metric, 0);
    let mut draws = vec![0.0; DRAWS];
    for (block, part) in draws.chunks_mut(BLOCK_LEN).enumerate() {
        fill(&mut BlockRng::new(&key, block as u64), part);
    }
    draws
}

/// Largest distance between the empirical and the true distribution function, at points where both are continuous or
/// where the true one jumps with the draws.
fn kolmogorov_smirnov(draws: &mut [f64], cdf: impl Fn(f64) -> f64) -> f64 {
    draws.sort_unstable_by(f64::total_cmp);
    let n = draws.len() as f64;
    let mut largest: f64 = 0.0;
    // Every 16th draw: between two of them the distance grows by at most 16 / n, a hundredth of the critical value,
    // which is added.
    for index in (0..draws.len()).step_by(16).chain([draws.len() - 1]) {
        let value = cdf(draws[index]);
        let (below, up_to) = (index as f64 / n, (index + 1) as f64 / n);
        largest = largest.max(value - below).max(up_to - value);
    }
    largest + 16.0 / n
}

/// Critical distance at a level: `sqrt(-ln(level / 2) / 2 / n)`, the limit of Kolmogorov's distribution.
fn critical_distance(level: f64) -> f64 {
    (-(level / 2.0).ln() / 2.0 / DRAWS as f64).sqrt()
}

/// Upper critical value of chi-squared, by its own distribution.
fn critical_chi_squared(degrees: usize, level: f64) -> f64 {
    Distribution::from_call("chisquare", &[degrees as f64]).unwrap().quantile(1.0 - level).unwrap()
}

/// Pearson's statistic over counts and probabilities, neighbours merged until each expects at least 20.
fn chi_squared(cells: impl IntoIterator<Item = (f64, f64)>) -> (f64, usize) {
    let (mut statistic, mut merged_cells) = (0.0, 0);
    let (mut count, mut expected) = (0.0, 0.0);
    let mut last = (0.0, 0.0);
    for (cell_count, probability) in cells {
        count += cell_count;
        expected += probability * DRAWS as f64;
        if expected >= 20.0 {
            statistic += (count - expected) * (count - expected) / expected;
            merged_cells += 1;
            last = (count, expected);
            (count, expected) = (0.0, 0.0);
        }
    }
    // What is left over joins the last cell.
    statistic -= (last.0 - last.1) * (last.0 - last.1) / last.1;
    let (count, expected) = (last.0 + count, last.1 + expected);
    statistic += (count - expected) * (count - expected) / expected;
    (statistic, merged_cells - 1)
}

#[test]
fn continuous_draws_follow_their_distribution_function() {
    let critical = critical_distance(LEVEL / CONTINUOUS.len() as f64);
    for (metric, (function, arguments)) in CONTINUOUS.iter().enumerate() {
        let distribution = Distribution::from_call(function, arguments).unwrap();
        let mut draws = draw(metric as u64, |rng, out| distribution.fill(rng, out));
        let distance = kolmogorov_smirnov(&mut draws, |x| distribution.cdf(x).unwrap());
        assert!(distance < critical, "{function}{arguments:?}: {distance} above {critical}");
    }
}

#[test]
fn discrete_draws_follow_their_probabilities() {
    let level = LEVEL / DISCRETE.len() as f64;
    for (metric, (function, arguments)) in DISCRETE.iter().enumerate() {
        let distribution = Distribution::from_call(function, arguments).unwrap();
        let mut draws = draw(1000 + metric as u64, |rng, out| distribution.fill(rng, out));
        draws.sort_unstable_by(f64::total_cmp);
        assert!(draws.iter().all(|value| value.fract() == 0.0), "{function}{arguments:?}");
        let (first, last) = (distribution.quantile(1e-12).unwrap(), distribution.quantile(1.0 - 1e-12).unwrap());
        let (mut below, mut cumulated) = (0, 0.0);
        let cells = (first as i64..=last as i64).map(|value| {
            let (value, is_last) = (value as f64, value as f64 == last);
            let up_to = if is_last { DRAWS } else { draws.partition_point(|&draw| draw <= value) };
            let reached = if is_last { 1.0 } else { distribution.cdf(value).unwrap() };
            let cell = ((up_to - below) as f64, reached - cumulated);
            (below, cumulated) = (up_to, reached);
            cell
        });
        let (statistic, degrees) = chi_squared(cells);
        let critical = critical_chi_squared(degrees, level);
        assert!(statistic < critical, "{function}{arguments:?}: {statistic} above {critical}, {degrees} degrees");
    }
}

#[test]
fn means_and_variances_are_those_of_the_draws() {
    // Both comparisons in standard errors of the draws themselves; only where the fourth moment makes them normal.
    let heavy = ["lognormal", "invgamma", "studentt", "centralF", "weibull", "cauchy", "pareto", "gev"];
    let cases: Vec<_> = CONTINUOUS
        .iter()
        .chain(DISCRETE)
        .enumerate()
        .filter(|(_, (function, arguments))| {
            !heavy.contains(function) || *arguments == [2.0, 1.5] || *arguments == [30.0]
        })
        .filter_map(|(metric, &(function, arguments))| {
            let distribution = Distribution::from_call(function, arguments).unwrap();
            Some((metric, function, arguments, distribution, distribution.mean()?, distribution.variance()?))
        })
        .collect();
    let critical = math::normal_quantile(1.0 - LEVEL / (2.0 * cases.len() as f64) / 2.0);
    for (metric, function, arguments, distribution, mean, variance) in cases {
        let draws = draw(2000 + metric as u64, |rng, out| distribution.fill(rng, out));
        let n = DRAWS as f64;
        let moment = |power: i32| draws.iter().map(|x| ((x - mean) / variance.sqrt()).powi(power)).sum::<f64>() / n;
        let (first, second, fourth) = (moment(1), moment(2), moment(4));
        assert!(first.abs() < critical / n.sqrt(), "{function}{arguments:?}: mean off by {first} deviations");
        // The last term covers two-valued draws, whose fourth moment says nothing of the second.
        let error = ((fourth - second * second).max(0.0) / n).sqrt() + 20.0 / n;
        assert!((second - 1.0).abs() < critical * error, "{function}{arguments:?}: variance off by a factor {second}");
    }
}

#[test]
fn columns_of_different_parameters_draw_each_their_own_distribution() {
    // Lanes alternate between two sets of parameters, in turn on both sides of a change of method.
    let cases: [(&str, [&[f64]; 2]); 8] = [
        ("normal", [&[0.0, 1.0], &[100.0, 5.0]]),
        ("gamma", [&[0.5, 1.0], &[3.0, 2.0]]),
        ("beta", [&[0.5, 0.5], &[20.0, 3.0]]),
        ("studentt", [&[1.0], &[10.0]]),
        ("PERT", [&[0.0, 10.0, 2.0, 4.0], &[5.0, 6.0, 5.5, 1.0]]),
        ("weibull", [&[1.0, 2.0], &[-3.0, 0.7]]),
        ("triangular", [&[0.0, 10.0, 2.0], &[10.0, 0.0, 5.0]]),
        ("centralF", [&[2.0, 3.0], &[0.5, 9.0]]),
    ];
    let level = LEVEL / (2 * cases.len()) as f64;
    for (metric, (function, sets)) in cases.into_iter().enumerate() {
        let family = tailcast::dist::Family::parse(function).unwrap();
        let columns: Vec<Vec<f64>> =
            (0..sets[0].len()).map(|i| (0..BLOCK_LEN).map(|lane| sets[lane % 2][i]).collect()).collect();
        let draws = draw(3000 + metric as u64, |rng, out| {
            let columns: Vec<&[f64]> = columns.iter().map(|column| &column[..out.len()]).collect();
            family.fill_lanes(&columns, rng, out);
        });
        for (parity, arguments) in sets.into_iter().enumerate() {
            let distribution = Distribution::from_call(function, arguments).unwrap();
            let mut half: Vec<f64> = draws.iter().skip(parity).step_by(2).copied().collect();
            let distance = kolmogorov_smirnov(&mut half, |x| distribution.cdf(x).unwrap());
            let critical = critical_distance(level) * 2.0_f64.sqrt();
            assert!(distance < critical, "{function}{arguments:?}: {distance} above {critical}");
        }
    }
}

#[test]
fn data_and_choices_are_drawn_by_their_weights() {
    let level = LEVEL / 4.0;
    let values: Vec<f64> = (0..1000).map(f64::from).collect();
    let weights: Vec<f64> = (0..500).map(|i| f64::from(i % 7)).collect();
    let cells = weights.iter().enumerate().map(|(i, &weight)| {
        let low = i as f64;
        // Every third cell is a point mass.
        Cell { low, high: if i % 3 == 0 { low } else { low + 1.0 }, weight }
    });
    let sum: f64 = weights.iter().sum();
    let probabilities: Vec<f64> = weights.iter().map(|weight| weight / sum).collect();

    let list = Empirical::Values(values.into()).compile().unwrap();
    let histogram = Empirical::Histogram(cells.collect()).compile().unwrap();
    let choice = Choice::new(&weights).unwrap();
    let mut indices = [0; BLOCK_LEN];
    let mut chosen = |rng: &mut BlockRng, out: &mut [f64]| {
        choice.fill_indices(rng, &mut indices[..out.len()]);
        out.iter_mut().zip(&indices).for_each(|(out, &index)| *out = f64::from(index));
    };
    let equal = vec![1e-3; 1000];
    for (name, draws, probabilities) in [
        ("list", draw(4000, |rng, out| list.fill(rng, out)), &equal),
        ("histogram", draw(4001, |rng, out| histogram.fill(rng, out)), &probabilities),
        ("choice", draw(4002, &mut chosen), &probabilities),
    ] {
        let mut counts = vec![0.0; probabilities.len()];
        draws.iter().for_each(|draw| counts[draw.floor() as usize] += 1.0);
        assert!(counts.iter().zip(probabilities).all(|(&count, &p)| p > 0.0 || count == 0.0), "{name}");
        let (statistic, degrees) = chi_squared(counts.into_iter().zip(probabilities.iter().copied()));
        let critical = critical_chi_squared(degrees, level);
        assert!(statistic < critical, "{name}: {statistic} above {critical}, {degrees} degrees");
    }
    // Within the cells: the fractional part of draws from cells of width 1 is uniform.
    let mut fractions: Vec<f64> = draw(4003, |rng, out| histogram.fill(rng, out));
    fractions.retain(|draw| draw.floor() as usize % 3 != 0);
    fractions.iter_mut().for_each(|draw| *draw = draw.fract());
    let distance = kolmogorov_smirnov(&mut fractions, |x| x);
    let critical = critical_distance(level) * (DRAWS as f64 / fractions.len() as f64).sqrt();
    assert!(distance < critical, "within cells: {distance} above {critical}");
}
