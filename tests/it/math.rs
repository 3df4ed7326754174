//! Kernels and special functions against tabulated values of high precision.

use std::collections::BTreeMap;

use tailcast::math::{self, special};

/// A function of the table and the error it may have, in ulps of the exact value.
type Case = (&'static str, fn(&[f64]) -> f64, f64);

/// Every function of the table; the bounds are those of the documentation.
const CASES: [Case; 37] = [
    ("exp", |x| math::exp(x[0]), 0.8),
    ("exp_m1", |x| math::exp_m1(x[0]), 1.0),
    ("ln", |x| math::ln(x[0]), 1.0),
    ("ln_1p", |x| math::ln_1p(x[0]), 1.5),
    ("log2", |x| math::log2(x[0]), 0.55),
    ("log10", |x| math::log10(x[0]), 0.55),
    ("cbrt", |x| math::cbrt(x[0]), 0.65),
    ("root", |x| math::root(x[0], x[1]), 0.65),
    ("pow", |x| math::pow(x[0], x[1]), 0.65),
    ("sin", |x| math::sin(x[0]), 0.8),
    ("cos", |x| math::cos(x[0]), 0.8),
    ("tan", |x| math::tan(x[0]), 2.5),
    ("sin_turns", |x| math::sin_cos_turns(x[0]).0, 1.0),
    ("cos_turns", |x| math::sin_cos_turns(x[0]).1, 1.0),
    ("sinh", |x| math::sinh(x[0]), 2.0),
    ("cosh", |x| math::cosh(x[0]), 1.2),
    ("tanh", |x| math::tanh(x[0]), 3.0),
    ("asinh", |x| math::asinh(x[0]), 3.0),
    ("acosh", |x| math::acosh(x[0]), 3.0),
    ("atanh", |x| math::atanh(x[0]), 3.0),
    ("asin", |x| math::asin(x[0]), 1.2),
    ("acos", |x| math::acos(x[0]), 1.0),
    ("atan", |x| math::atan(x[0]), 2.0),
    ("atan2", |x| math::atan2(x[0], x[1]), 2.5),
    ("normal_quantile", |x| math::normal_quantile(x[0]), 6.0),
    ("normal_cdf", |x| math::normal_cdf(x[0]), 8.0),
    ("erf", |x| special::erf(x[0]), 1.5),
    ("erfc", |x| special::erfc(x[0]), 5.0),
    ("gamma", |x| special::gamma(x[0]), 3.0),
    ("gamma_negative", |x| special::gamma(x[0]), 10.0),
    ("ln_gamma", |x| special::ln_gamma(x[0]), 5.0),
    ("zeta", |x| special::zeta(x[0]), 45.0),
    ("zeta_negative", |x| special::zeta(x[0]), 450.0),
    ("incomplete_gamma_lower", |x| special::incomplete_gamma_lower(x[0], x[1]), 450.0),
    ("incomplete_gamma_upper", |x| special::incomplete_gamma_upper(x[0], x[1]), 450.0),
    ("incomplete_beta", |x| special::incomplete_beta(x[0], x[1], x[2]), 450.0),
    ("incomplete_beta_upper", |x| special::incomplete_beta_upper(x[0], x[1], x[2]), 450.0),
];

/// Distance of neighbours around `x`: an ulp, or the subnormal grid.
fn ulp(x: f64) -> f64 {
    let x = x.abs().max(f64::MIN_POSITIVE);
    f64::from_bits(x.to_bits() + 1) - x
}

/// Values by function: the arguments, then the value as a sum of two.
fn tabulated() -> BTreeMap<&'static str, Vec<Vec<f64>>> {
    let mut table: BTreeMap<&str, Vec<Vec<f64>>> = BTreeMap::new();
    for line in include_str!("../fixtures/math/values.txt").lines() {
        let (name, numbers) = line.split_once(' ').expect("a name and numbers");
        let numbers = numbers.split(' ').map(|number| number.parse().expect("a number")).collect();
        table.entry(name).or_default().push(numbers);
    }
    table
}

#[test]
fn functions_agree_with_the_table_within_their_documented_errors() {
    let table = tabulated();
    assert_eq!(table.len(), CASES.len(), "every function of the table has a case");
    let mut failures = Vec::new();
    for (name, function, bound) in CASES {
        let rows = &table[name];
        assert!(rows.len() >= 30, "{name} has {} rows", rows.len());
        for row in rows {
            let (arguments, value) = row.split_at(row.len() - 2);
            let found = function(arguments);
            let error = ((found - value[0]) - value[1]).abs() / ulp(value[0]);
            if error.is_nan() || error > bound {
                failures.push(format!("{name}{arguments:?} = {found:e}, expected {:e}: {error} ulps", value[0]));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn inverses_of_the_incomplete_functions_lead_back() {
    for a in [0.05, 0.5, 1.0, 3.7, 40.0, 1e4] {
        for p in [1e-12, 1e-3, 0.2, 0.5, 0.9, 0.999] {
            let x = special::inverse_incomplete_gamma(a, p);
            let back = special::incomplete_gamma_lower(a, x);
            assert!((back / p - 1.0).abs() < 1e-11, "gamma {a} {p}: {x} leads to {back}");
            let x = special::inverse_incomplete_gamma_upper(a, p);
            if x > 1e-290 {
                let back = special::incomplete_gamma_upper(a, x);
                assert!((back / p - 1.0).abs() < 1e-11, "upper gamma {a} {p}: {x} leads to {back}");
            }
            for b in [0.3, 1.0, 8.0, 500.0] {
                let x = special::inverse_incomplete_beta(a, b, p);
                let back = special::incomplete_beta(a, b, x);
                let upper = special::inverse_incomplete_beta_upper(b, a, p);
                assert!((x + upper - 1.0).abs() < 1e-13, "beta {a} {b} {p}: {x} and {upper}");
                // Close to 1, the grid of x is what limits the way back.
                let grid = f64::EPSILON * b.max(1.0) / (1.0 - x);
                assert!(x == 1.0 || (back - p).abs() < 1e-11 * p + grid, "beta {a} {b} {p}: {x} leads to {back}");
            }
        }
    }
}
