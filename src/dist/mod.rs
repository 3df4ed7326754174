//! Distributions, a file each: parameters, errors, moments, quantile where known, sampler.
//!
//! ```text
//! call with constants --Distribution::from_call--> Distribution --fill--.
//!                                                                        >-- one sampler a family
//! call with columns   --Family::parse------------> Family --fill_lanes--'
//! measured data       --Empirical::compile-------> EmpiricalSampler --fill
//! weights             --Choice::new--------------> Choice --fill_indices
//! ```
//!
//! All draws come from [`crate::rng::BlockRng`] and the kernels of [`crate::math`], so they are the same bits on every
//! processor and platform. Parametrisations are Guesstimate's. Nothing here knows formulas or models, and nothing
//! decides how a list of data is walked: [`empirical`] draws independently.

mod alias;
mod bernoulli;
mod beta;
mod binomial;
mod cauchy;
mod central_f;
mod chi_squared;
mod choice;
mod column;
mod constant;
mod copula;
mod distribution;
mod double_triangular;
pub mod empirical;
mod empirical_sampler;
mod error;
mod exponential;
mod extreme_value;
mod family;
mod gamma;
mod geometric;
mod gompertz;
mod interval;
mod inverse_gamma;
mod log_normal;
mod logistic;
mod negative_binomial;
mod normal;
mod pareto;
mod percentiles;
mod pert;
mod poisson;
mod random_integer;
mod saddle_point;
mod standard;
mod student_t;
mod triangular;
mod uniform;
mod weibull;
pub mod peaks;

pub use bernoulli::Bernoulli;
pub use beta::Beta;
pub use binomial::Binomial;
pub use cauchy::Cauchy;
pub use central_f::CentralF;
pub use chi_squared::ChiSquared;
pub use choice::Choice;
pub use constant::Constant;
pub use copula::{CORRELATED_MAX, GaussianCopula, correlated_groups};
pub use distribution::Distribution;
pub use double_triangular::DoubleTriangular;
pub use empirical::{Cell, Empirical};
pub use empirical_sampler::{EmpiricalSampler, gather};
pub use error::{DistError, Requirement};
pub use exponential::Exponential;
pub use extreme_value::GeneralizedExtremeValue;
pub use family::{Arity, Family};
pub use gamma::Gamma;
pub use geometric::Geometric;
pub use gompertz::Gompertz;
pub use interval::INTERVAL90_Z;
pub use inverse_gamma::InverseGamma;
pub use log_normal::LogNormal;
pub use logistic::Logistic;
pub use negative_binomial::NegativeBinomial;
pub use normal::Normal;
pub use pareto::Pareto;
pub use percentiles::Percentiles;
pub use pert::Pert;
pub use poisson::Poisson;
pub use random_integer::RandomInteger;
pub use student_t::StudentT;
pub use triangular::Triangular;
pub use uniform::Uniform;
pub use weibull::Weibull;
