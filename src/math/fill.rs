//! The kernels over slices: vectorised, dispatched at run time to the processor's instruction set.
//!
//! `out[i] = f(x[i])`, the same bits as the scalar kernel for every lane. All slices of a call have equal lengths.

macro_rules! fill_unary {
    ($($name:ident)+) => {$(
        #[doc = concat!("`out[i] = ", stringify!($name), "(x[i])`, with [`", stringify!($name), "`](super::", stringify!($name), "()).")]
        ///
        /// # Panics
        /// If the lengths differ.
        pub fn $name(out: &mut [f64], x: &[f64]) {
            vectorised! {
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

fill_unary! { exp ln normal_quantile }
