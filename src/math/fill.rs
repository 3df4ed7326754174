//! The kernels over slices: vectorised, dispatched at run time to the processor's instruction set.
//!
//! `out[i] = f(x[i])`, the same bits as the scalar kernel for every lane. All slices of a call have equal lengths.
//! Nothing is allocated.

use super::trigonometric::{REDUCIBLE_MAX, sin_cos_moderate};

macro_rules! fill_unary {
    ($($name:ident)+) => {$(
        #[doc = concat!("`out[i] = ", stringify!($name), "(x[i])`, with [`", stringify!($name), "`](super::", stringify!($name), "()).")]
        ///
        /// # Panics
        /// If the lengths differ.
        pub fn $name(out: &mut [f64], x: &[f64]) {
            super::vectorised! {
                fn each(out: &mut [f64], x: &[f64]) {
                    for (out, &x) in out.iter_mut().zip(x) {
                        *out = super::$name(x);
                    }
                }
            }
            assert_eq!(out.len(), x.len(), "slices of equal length");
            each(out, x);
        }
    )+};
}

fill_unary! {
    exp exp_m1 ln ln_1p log2 log10 cbrt
    sinh cosh tanh asinh acosh atanh
    asin acos atan
    normal_quantile
}

macro_rules! fill_binary {
    ($($name:ident($x:ident, $y:ident))+) => {$(
        #[doc = concat!(
            "`out[i] = ", stringify!($name), "(", stringify!($x), "[i], ", stringify!($y), "[i])`, with [`",
            stringify!($name), "`](super::", stringify!($name), "())."
        )]
        ///
        /// # Panics
        /// If the lengths differ.
        pub fn $name(out: &mut [f64], $x: &[f64], $y: &[f64]) {
            super::vectorised! {
                fn each(out: &mut [f64], $x: &[f64], $y: &[f64]) {
                    for ((out, &$x), &$y) in out.iter_mut().zip($x).zip($y) {
                        *out = super::$name($x, $y);
                    }
                }
            }
            assert!(out.len() == $x.len() && out.len() == $y.len(), "slices of equal length");
            each(out, $x, $y);
        }
    )+};
}

fill_binary! { pow(x, y) root(x, n) atan2(y, x) }

macro_rules! fill_trigonometric {
    ($($name:ident = $of:expr;)+) => {$(
        #[doc = concat!("`out[i] = ", stringify!($name), "(x[i])`, with [`", stringify!($name), "`](super::", stringify!($name), "()).")]
        ///
        /// Lanes beyond 2^30 are done one at a time, after the others.
        ///
        /// # Panics
        /// If the lengths differ.
        pub fn $name(out: &mut [f64], x: &[f64]) {
            super::vectorised! {
                fn each(out: &mut [f64], x: &[f64]) -> bool {
                    let mut large = false;
                    for (out, &x) in out.iter_mut().zip(x) {
                        let (sine, cosine) = sin_cos_moderate(x);
                        *out = ($of)(sine, cosine);
                        large |= x.abs() > REDUCIBLE_MAX;
                    }
                    large
                }
            }
            assert_eq!(out.len(), x.len(), "slices of equal length");
            if each(out, x) {
                for (out, &x) in out.iter_mut().zip(x).filter(|(_, x)| x.abs() > REDUCIBLE_MAX) {
                    *out = super::$name(x);
                }
            }
        }
    )+};
}

fill_trigonometric! {
    sin = |sine: f64, _: f64| sine;
    cos = |_: f64, cosine: f64| cosine;
    tan = |sine: f64, cosine: f64| sine / cosine;
}

/// `(sine[i], cosine[i]) = sin_cos_turns(turns[i])`, with [`sin_cos_turns`](super::sin_cos_turns()).
///
/// # Panics
/// If the lengths differ.
pub fn sin_cos_turns(sine: &mut [f64], cosine: &mut [f64], turns: &[f64]) {
    super::vectorised! {
        fn each(sine: &mut [f64], cosine: &mut [f64], turns: &[f64]) {
            for ((sine, cosine), &turns) in sine.iter_mut().zip(cosine).zip(turns) {
                (*sine, *cosine) = super::sin_cos_turns(turns);
            }
        }
    }
    assert!(sine.len() == turns.len() && cosine.len() == turns.len(), "slices of equal length");
    each(sine, cosine, turns);
}
