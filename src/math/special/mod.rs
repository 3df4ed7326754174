//! Special functions of a real argument: accurate, scalar, not vectorised.
//!
//! For distribution functions, quantiles and formulas, where accuracy counts and one call stands for many samples. Where
//! logarithms of large size cancel, they are carried in double-double, so that the error does not grow with them.

mod beta;
mod error_function;
mod gamma;
mod incomplete_beta;
mod incomplete_gamma;
mod inverse;
mod zeta;

pub use beta::ln_beta;
pub(super) use error_function::erfc_scaled;
pub use error_function::{erf, erfc};
pub use gamma::{gamma, ln_gamma};
pub use incomplete_beta::{incomplete_beta, incomplete_beta_upper};
pub use incomplete_gamma::{incomplete_gamma_lower, incomplete_gamma_upper};
pub use inverse::{
    inverse_incomplete_beta, inverse_incomplete_beta_upper, inverse_incomplete_gamma, inverse_incomplete_gamma_upper,
};
pub use zeta::zeta;
