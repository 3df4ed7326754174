//! Branch-free `f64` kernels that the compiler vectorises, and special functions.
