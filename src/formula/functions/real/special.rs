//! The gamma function, the error function and the zeta function.

use std::f64::consts::PI;

/// Coefficients of Lanczos's approximation with `g = 607 / 128`.
///
/// # Source
/// Paul Godfrey, "A note on the computation of the convergent Lanczos complex gamma approximation", 2001.
const LANCZOS: [f64; 15] = [
    0.999_999_999_999_997_1,
    57.156_235_665_862_92,
    -59.597_960_355_475_49,
    14.136_097_974_741_746,
    -0.491_913_816_097_620_2,
    3.399_464_998_481_189e-5,
    4.652_362_892_704_858e-5,
    -9.837_447_530_487_956e-5,
    1.580_887_032_249_125e-4,
    -2.102_644_417_241_049e-4,
    2.174_396_181_152_126_5e-4,
    -1.643_181_065_367_639e-4,
    8.441_822_398_385_275e-5,
    -2.619_083_840_158_140_7e-5,
    3.689_918_265_953_162e-6,
];

const LANCZOS_G: f64 = 607.0 / 128.0;

/// Largest argument whose gamma is finite.
const GAMMA_MAX: f64 = 171.624_376_956_302_7;

/// Gamma function; infinite at 0 and the negative whole numbers.
///
/// # Numerics
/// Exact products at whole numbers, otherwise within 1e-13 relative.
///
/// # Examples
/// ```
/// use tailcast::formula::functions::real;
/// assert_eq!(real::gamma(6.0), 120.0);
/// ```
#[must_use]
pub fn gamma(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x == x.floor() {
        return match x {
            _ if x == f64::NEG_INFINITY => f64::NAN,
            _ if x <= 0.0 => f64::INFINITY,
            _ if x > 171.0 => f64::INFINITY,
            _ => factorial_of_whole(x - 1.0),
        };
    }
    if x < 0.5 {
        return PI / ((PI * x).sin() * gamma(1.0 - x));
    }
    if x > GAMMA_MAX {
        return f64::INFINITY;
    }
    let x = x - 1.0;
    let base = x + LANCZOS_G + 0.5;
    // Half the power twice, since the whole power overflows before the result does.
    let half = base.powf(0.5 * (x + 0.5));
    (2.0 * PI).sqrt() * half * (-base).exp() * half * lanczos_sum(x)
}

/// Product of the whole numbers up to `n`, which is whole and at most 170.
fn factorial_of_whole(n: f64) -> f64 {
    let (mut product, mut factor) = (1.0, 2.0);
    while factor <= n {
        product *= factor;
        factor += 1.0;
    }
    product
}

fn lanczos_sum(x: f64) -> f64 {
    let mut sum = LANCZOS[0];
    let mut divisor = x;
    for coefficient in &LANCZOS[1..] {
        divisor += 1.0;
        sum += coefficient / divisor;
    }
    sum
}

/// Natural logarithm of the gamma function for `x >= 0`; NaN below.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    if x < 0.0 || x.is_nan() {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::INFINITY;
    }
    if x.is_infinite() {
        return x;
    }
    if x < 0.5 {
        return (PI / (PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let base = x + LANCZOS_G + 0.5;
    0.5 * (2.0 * PI).ln() + ((x + 0.5) * base.ln() - base) + lanczos_sum(x).ln()
}

/// Error function: `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to `x`.
///
/// # Numerics
/// Within 1e-14 relative: a series of positive terms, `2 / sqrt(pi) exp(-x^2) sum x (2 x^2)^n / (2n + 1)!!`.
#[must_use]
pub fn erf(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.abs() > 6.0 {
        return 1.0_f64.copysign(x);
    }
    let square = 2.0 * x * x;
    let (mut term, mut sum, mut odd) = (x, x, 1.0);
    while term.abs() > 1e-18 * sum.abs() {
        odd += 2.0;
        term *= square / odd;
        sum += term;
    }
    std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum
}

/// Riemann's zeta function of a real number; NaN at its pole, 1.
///
/// # Numerics
/// Within 1e-13 relative, away from its zeros: Euler and Maclaurin's sum from 1 on, the reflection formula below 0.
#[must_use]
pub fn zeta(s: f64) -> f64 {
    /// `B(2k) / (2k)!`
    const BERNOULLI: [f64; 8] = [
        1.0 / 12.0,
        -1.0 / 720.0,
        1.0 / 30_240.0,
        -1.0 / 1_209_600.0,
        1.0 / 47_900_160.0,
        -691.0 / 1_307_674_368_000.0,
        1.0 / 74_724_249_600.0,
        -3_617.0 / 10_670_622_842_880_000.0,
    ];
    const TERMS: f64 = 16.0;
    if s == 0.0 {
        return -0.5;
    }
    if s == 1.0 || s.is_nan() {
        return f64::NAN;
    }
    if s.is_infinite() {
        return if s > 0.0 { 1.0 } else { f64::NAN };
    }
    if s < 0.0 {
        let reflection = 2_f64.powf(s) * PI.powf(s - 1.0) * (PI * s / 2.0).sin();
        return if s % 2.0 == 0.0 { 0.0 } else { reflection * gamma(1.0 - s) * zeta(1.0 - s) };
    }
    let (mut sum, mut n) = (0.0, 1.0);
    while n < TERMS {
        sum += n.powf(-s);
        n += 1.0;
    }
    sum += TERMS.powf(1.0 - s) / (s - 1.0) + 0.5 * TERMS.powf(-s);
    let mut rising = s * TERMS.powf(-s - 1.0);
    let mut order = 1.0;
    for coefficient in BERNOULLI {
        sum += coefficient * rising;
        rising *= (s + order) * (s + order + 1.0) / (TERMS * TERMS);
        order += 2.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-13 * expected.abs(), "{found}, expected {expected}");
    }

    #[test]
    fn gamma_agrees_with_known_values() {
        close(gamma(0.5), PI.sqrt());
        close(gamma(-0.5), -2.0 * PI.sqrt());
        close(gamma(2.5), 1.329_340_388_179_137);
        close(gamma(170.5), 5.584_449_256_014_548_5e305);
        assert_eq!((gamma(5.0), gamma(171.0)), (24.0, 7.257_415_615_307_994e306));
        assert_eq!((gamma(0.0), gamma(-3.0), gamma(172.0)), (f64::INFINITY, f64::INFINITY, f64::INFINITY));
    }

    #[test]
    fn ln_gamma_agrees_with_known_values() {
        close(ln_gamma(5.0), 24_f64.ln());
        close(ln_gamma(0.5), 0.572_364_942_924_7);
        close(ln_gamma(100.0), 359.134_205_369_575_4);
        close(ln_gamma(0.1), 2.252_712_651_734_206);
        assert!(ln_gamma(-1.0).is_nan());
    }

    #[test]
    fn erf_agrees_with_known_values() {
        for (x, expected) in [
            (0.1, 0.112_462_916_018_284_9),
            (1.0, 0.842_700_792_949_714_8),
            (2.0, 0.995_322_265_018_952_7),
            (3.0, 0.999_977_909_503_001_4),
            (1e-10, 1.128_379_167_095_512_5e-10),
            (10.0, 1.0),
        ] {
            close(erf(x), expected);
            close(erf(-x), -expected);
        }
        assert_eq!(erf(0.0), 0.0);
    }

    #[test]
    fn zeta_agrees_with_known_values() {
        close(zeta(2.0), PI * PI / 6.0);
        close(zeta(3.0), 1.202_056_903_159_594_2);
        close(zeta(0.5), -1.460_354_508_809_586_8);
        close(zeta(-1.0), -1.0 / 12.0);
        assert_eq!((zeta(0.0), zeta(-2.0), zeta(f64::INFINITY)), (-0.5, 0.0, 1.0));
        assert!(zeta(1.0).is_nan());
    }
}
