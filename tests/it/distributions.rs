//! Distributions: every sampler against its slow twin and against its own columns.

use tailcast::dist::{Distribution, Family};
use tailcast::rng::{BLOCK_LEN, BlockRng, StreamKey};

/// Calls that between them reach every branch of every sampler.
const CALLS: &[(&str, &[f64])] = &[
    ("normal", &[5.0, 2.0]),
    ("normal", &[2.0, -3.0]),
    ("normal", &[5.0, 0.0]),
    ("lognormal", &[1.0, 0.5]),
    ("lognormal", &[800.0, 1.0]),
    ("uniform", &[5.0, 2.0]),
    ("uniform", &[-1e308, 1e308]),
    ("random", &[]),
    ("random", &[5.0]),
    ("beta", &[2.0, 5.0]),
    ("beta", &[0.01, 0.02]),
    ("beta", &[0.0, 3.0]),
    ("beta", &[3.0, 0.0]),
    ("beta", &[-0.5, 2.0]),
    ("gamma", &[2.0, 3.0]),
    ("gamma", &[0.5, -2.0]),
    ("gamma", &[0.0, 2.0]),
    ("gamma", &[-0.5, 2.0]),
    ("gamma", &[1e12, 1.0]),
    ("invgamma", &[3.0, 2.0]),
    ("invgamma", &[0.0, 2.0]),
    ("chisquare", &[3.0]),
    ("chisquare", &[0.5]),
    ("exponential", &[2.0]),
    ("exponential", &[-2.0]),
    ("exponential", &[0.0]),
    ("weibull", &[2.0, 1.5]),
    ("weibull", &[1.0, -2.0]),
    ("weibull", &[1.0, 0.0]),
    ("studentt", &[5.0]),
    ("studentt", &[0.5]),
    ("cauchy", &[5.0, 2.0]),
    ("centralF", &[5.0, 10.0]),
    ("centralF", &[-1.0, 5.0]),
    ("triangular", &[0.0, 10.0]),
    ("triangular", &[0.0, 10.0, 12.0]),
    ("triangular", &[10.0, 0.0, 5.0]),
    ("triangular", &[5.0, 5.0, 5.0]),
    ("doubleTriangular", &[0.0, 10.0]),
    ("doubleTriangular", &[0.0, 10.0, 12.0]),
    ("PERT", &[0.0, 10.0]),
    ("PERT", &[0.0, 10.0, 2.0]),
    ("PERT", &[10.0, 0.0, 2.0, 20.0]),
    ("bernoulli", &[0.3]),
    ("bernoulli", &[f64::NAN]),
    ("if", &[1.5]),
    ("binomial", &[20.0, 0.3]),
    ("binomial", &[1000.0, 0.7]),
    ("binomial", &[1e15, 0.5]),
    ("binomial", &[10.0]),
    ("binomial", &[7.0, 1.0]),
    ("poisson", &[4.0]),
    ("poisson", &[100.0]),
    ("poisson", &[1e15]),
    ("poisson", &[-1.0]),
    ("negBinomial", &[5.0, 0.3]),
    ("negBinomial", &[2.5, 0.99]),
    ("negBinomial", &[0.0, 0.3]),
    ("randomInt", &[]),
    ("randomInt", &[2.5]),
    ("randomInt", &[5.0, 2.0]),
    ("pareto", &[10.0, 2.5]),
    ("logistic", &[5.0, 2.0]),
    ("geometric", &[0.25]),
    ("geometric", &[1.0]),
    ("gev", &[5.0, 2.0, 0.0]),
    ("gev", &[5.0, 2.0, -0.5]),
    ("gompertz", &[0.5, 2.0]),
];

/// Bits, with all NaNs alike.
fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { u64::MAX } else { value.to_bits() }).collect()
}

fn fill(out_len: usize, block: u64, fill: impl Fn(&mut BlockRng, &mut [f64])) -> Vec<f64> {
    let mut out = vec![0.0; out_len];
    fill(&mut BlockRng::new(&StreamKey::new(7, 11, 13), block), &mut out);
    out
}

#[test]
fn every_family_is_among_the_calls() {
    for family in Family::ALL {
        assert!(CALLS.iter().any(|(function, _)| Family::parse(function) == Some(family)), "{}", family.name());
    }
}

#[test]
fn fast_and_reference_draws_are_the_same_bits() {
    for (function, arguments) in CALLS {
        let distribution = Distribution::from_call(function, arguments).unwrap();
        for (block, len) in [(0, BLOCK_LEN), (1, BLOCK_LEN), (2, BLOCK_LEN), (3, 1), (4, 300)] {
            let fast = fill(len, block, |rng, out| distribution.fill(rng, out));
            let slow = fill(len, block, |rng, out| distribution.fill_reference(rng, out));
            assert_eq!(bits(&fast), bits(&slow), "{function}{arguments:?} block {block}");
        }
    }
}

#[test]
fn columns_of_one_value_draw_the_bits_of_the_constant() {
    for (function, arguments) in CALLS {
        let distribution = Distribution::from_call(function, arguments).unwrap();
        let family = Family::parse(function).unwrap();
        let columns: Vec<Vec<f64>> = arguments.iter().map(|&argument| vec![argument; BLOCK_LEN]).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        for block in 0..3 {
            let constant = fill(BLOCK_LEN, block, |rng, out| distribution.fill(rng, out));
            let varying = fill(BLOCK_LEN, block, |rng, out| family.fill_lanes(&columns, rng, out));
            let slow = fill(BLOCK_LEN, block, |rng, out| family.fill_lanes_reference(&columns, rng, out));
            assert_eq!(bits(&constant), bits(&varying), "{function}{arguments:?} block {block}");
            assert_eq!(bits(&varying), bits(&slow), "{function}{arguments:?} block {block}");
        }
    }
}

#[test]
fn varying_columns_agree_with_the_reference_and_lanes_without_a_distribution_are_never_finite() {
    let odd = [1.0, 0.5, f64::NAN, 3.0, 0.3, 2.0, f64::NAN, 5.0, 0.9];
    let zero_by_comparison = [Family::Bernoulli, Family::Binomial, Family::Poisson, Family::NegativeBinomial];
    for family in Family::ALL {
        let most = family.arity().most;
        let columns: Vec<Vec<f64>> = (0..most)
            .map(|column| (0..BLOCK_LEN).map(|lane| odd[(lane * (column + 1) + column) % odd.len()]).collect())
            .collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let fast = fill(BLOCK_LEN, 0, |rng, out| family.fill_lanes(&columns, rng, out));
        let slow = fill(BLOCK_LEN, 0, |rng, out| family.fill_lanes_reference(&columns, rng, out));
        assert_eq!(bits(&fast), bits(&slow), "{}", family.name());
        for lane in 0..BLOCK_LEN {
            let arguments: Vec<f64> = columns.iter().map(|column| column[lane]).collect();
            let refused = Distribution::from_call(family.name(), &arguments).is_err();
            if refused && !zero_by_comparison.contains(&family) {
                assert!(!fast[lane].is_finite(), "{}{arguments:?}: {}", family.name(), fast[lane]);
            }
        }
    }
}

#[test]
fn a_shorter_fill_is_a_prefix_of_a_longer_one() {
    for (function, arguments) in
        [("normal", &[0.0, 1.0][..]), ("lognormal", &[0.0, 1.0]), ("exponential", &[1.0]), ("uniform", &[0.0, 1.0])]
    {
        let distribution = Distribution::from_call(function, arguments).unwrap();
        let long = fill(BLOCK_LEN, 0, |rng, out| distribution.fill(rng, out));
        for len in [0, 1, 63, 64, 65, 128, 129, 1000] {
            let short = fill(len, 0, |rng, out| distribution.fill(rng, out));
            assert_eq!(short, long[..len], "{function} {len}");
        }
    }
}

#[test]
fn no_parameters_make_a_sampler_hang_or_panic() {
    let extremes = [
        0.0,
        -0.0,
        1e-310,
        -1e-310,
        1e-3,
        -0.6,
        1.0,
        -1.0,
        1e16,
        1e300,
        -1e300,
        f64::MAX,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    for family in Family::ALL {
        let most = family.arity().most;
        for case in 0..extremes.len().pow(most as u32) {
            let arguments: Vec<f64> =
                (0..most).map(|i| extremes[case / extremes.len().pow(i as u32) % extremes.len()]).collect();
            let columns: Vec<&[f64]> = arguments.iter().map(std::slice::from_ref).collect();
            let mut out = [0.0];
            family.fill_lanes(&columns, &mut BlockRng::new(&StreamKey::new(1, 2, 3), 0), &mut out);
            if most == 4 && case % 97 != 0 {
                continue;
            }
            if let Ok(distribution) = Distribution::from_call(family.name(), &arguments) {
                let _ = [0.0, 0.5, 1.0].map(|p| distribution.quantile(p));
                let _ = [-1.0, 0.0, 1.0, f64::INFINITY].map(|x| distribution.cdf(x));
                let _ = (distribution.mean(), distribution.variance(), distribution.warnings());
            }
        }
    }
}
