//! Kernels over slices give the bits of single calls, on every instruction set that the processor has.
//!
//! Worth most with optimisation (`cargo test --release`): only then are the loops vector code.

use tailcast::math::{self, fill};
use tailcast::rng::{BLOCK_LEN, BlockRng, StreamKey};

/// More than a million points a kernel.
const BLOCKS: u64 = 1000;
/// Where kernels change course.
const EDGES: [f64; 24] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    5e-324,
    -5e-324,
    1e-310,
    f64::MIN_POSITIVE,
    f64::MAX,
    f64::MIN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    709.78,
    710.0,
    -745.1,
    -746.0,
    1e22,
    -1e300,
    1_073_741_824.0,
    22.0,
    0.425,
];

/// Points of a block: by turns anywhere among the doubles, in [0, 1), and in [-40, 40).
fn points(block: u64) -> Vec<f64> {
    let mut rng = BlockRng::new(&StreamKey::new(1, 2, 3), block);
    let mut points = vec![0.0; BLOCK_LEN + 24];
    rng.fill_unit(&mut points);
    match block % 3 {
        0 => points.iter_mut().for_each(|point| *point = f64::from_bits(rng.next_u64())),
        1 => {}
        _ => points.iter_mut().for_each(|point| *point = 80.0 * *point - 40.0),
    }
    points[BLOCK_LEN..].copy_from_slice(&EDGES);
    points
}

fn assert_same_bits(name: &str, x: f64, found: f64, expected: f64) {
    let same = found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan());
    assert!(same, "{name}({x:e}) = {found:e} in a slice, {expected:e} alone");
}

/// A loop of each instruction set that the processor has, and the dispatched one, against calls one by one.
macro_rules! check_unary {
    ($($name:ident)+) => {$(
        #[test]
        fn $name() {
            #[multiversion::multiversion(targets("x86_64+avx2+fma"))]
            fn middle(out: &mut [f64], x: &[f64]) {
                for (out, &x) in out.iter_mut().zip(x) {
                    *out = math::$name(x);
                }
            }
            let mut out = [vec![0.0; BLOCK_LEN + 24], vec![0.0; BLOCK_LEN + 24]];
            for block in 0..BLOCKS {
                let x = points(block);
                fill::$name(&mut out[0], &x);
                middle(&mut out[1], &x);
                for (index, &x) in x.iter().enumerate() {
                    let alone = math::$name(std::hint::black_box(x));
                    assert_same_bits(stringify!($name), x, out[0][index], alone);
                    assert_same_bits(stringify!($name), x, out[1][index], alone);
                }
            }
        }
    )+};
}

/// Slices give the bits of single calls.
mod same_bits_in_slices_as_alone {
    use super::*;

    check_unary! {
        exp exp_m1 ln ln_1p log2 log10 cbrt
        sinh cosh tanh asinh acosh atanh
        asin acos atan
        sin cos tan
        normal_quantile
    }

    #[test]
    fn functions_of_two_arguments() {
        let mut out = vec![0.0; BLOCK_LEN + 24];
        for block in 0..BLOCKS {
            let (x, y) = (points(block), points(7 * block + 1));
            for (name, slice, alone) in [
                ("pow", fill::pow as fn(&mut [f64], &[f64], &[f64]), math::pow as fn(f64, f64) -> f64),
                ("root", fill::root, math::root),
                ("atan2", fill::atan2, math::atan2),
            ] {
                slice(&mut out, &x, &y);
                for ((&x, &y), &out) in x.iter().zip(&y).zip(&out) {
                    assert_same_bits(name, x, out, alone(x, y));
                }
            }
        }
    }

    #[test]
    fn sine_and_cosine_of_turns() {
        let (mut sine, mut cosine) = (vec![0.0; BLOCK_LEN + 24], vec![0.0; BLOCK_LEN + 24]);
        for block in 0..BLOCKS {
            let x = points(block);
            fill::sin_cos_turns(&mut sine, &mut cosine, &x);
            for ((&x, &sine), &cosine) in x.iter().zip(&sine).zip(&cosine) {
                let alone = math::sin_cos_turns(std::hint::black_box(x));
                assert_same_bits("sine", x, sine, alone.0);
                assert_same_bits("cosine", x, cosine, alone.1);
            }
        }
    }
}

#[test]
fn slices_of_any_length_are_filled() {
    for len in 0..40 {
        let x: Vec<f64> = (0..len).map(f64::from).collect();
        let mut out = vec![f64::NAN; x.len()];
        fill::exp(&mut out, &x);
        assert!(x.iter().zip(&out).all(|(&x, &out)| out == math::exp(x)));
    }
}

#[test]
#[should_panic(expected = "slices of equal length")]
fn lengths_must_agree() {
    fill::exp(&mut [0.0; 3], &[0.0; 4]);
}
