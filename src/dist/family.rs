//! The families of distributions that a formula can call, and draws whose parameters vary lane by lane.
//!
//! A [`Family`] is what a call names before its arguments are known; with constant arguments it becomes a
//! [`super::Distribution`]. Both draw by the one dispatch in this file, so that a constant folded or not folded gives
//! the same bits.

use crate::problem::Warning;
use crate::rng::BlockRng;

use super::column::{Column, Engine, Fast, Midpoint, Reference};
use super::{
    bernoulli, beta, binomial, cauchy, central_f, chi_squared, double_triangular, exponential, extreme_value, gamma,
    geometric, gompertz, inverse_gamma, log_normal, logistic, negative_binomial, normal, pareto, pert, poisson,
    random_integer, student_t, triangular, uniform, weibull,
};

/// A distribution that a formula can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// `normal(mean, standard_deviation)`.
    Normal,
    /// `lognormal(mu, sigma)`, in log space.
    LogNormal,
    /// `uniform(min, max)`.
    Uniform,
    /// `random()`, `random(max)` or `random(min, max)`: uniform, from 0 to 1 unless told otherwise.
    Random,
    /// `beta(alpha, beta)`.
    Beta,
    /// `gamma(shape, scale)`.
    Gamma,
    /// `invgamma(shape, scale)`.
    InverseGamma,
    /// `chisquare(degrees)`.
    ChiSquared,
    /// `exponential(rate)`.
    Exponential,
    /// `weibull(scale, shape)`.
    Weibull,
    /// `studentt(degrees)`.
    StudentT,
    /// `cauchy(location, scale)`.
    Cauchy,
    /// `centralF(numerator, denominator)`.
    CentralF,
    /// `triangular(min, max, mode)`; without a mode, halfway.
    Triangular,
    /// `doubleTriangular(min, max, mode)`; without a mode, halfway.
    DoubleTriangular,
    /// `PERT(min, max, mode, lambda)`; without a mode, halfway, without a lambda, 4.
    Pert,
    /// `bernoulli(probability)`, also `if` and `test`.
    Bernoulli,
    /// `binomial(trials, probability)`.
    Binomial,
    /// `poisson(rate)`.
    Poisson,
    /// `negBinomial(failures, probability)`.
    NegativeBinomial,
    /// `randomInt()`, `randomInt(max)` or `randomInt(min, max)`: from 0 to below 2 unless told otherwise.
    RandomInteger,
    /// `pareto(scale, shape)`; not in Guesstimate.
    Pareto,
    /// `logistic(location, scale)`; not in Guesstimate.
    Logistic,
    /// `geometric(probability)`; not in Guesstimate.
    Geometric,
    /// `gev(location, scale, shape)`; not in Guesstimate.
    GeneralizedExtremeValue,
    /// `gompertz(shape, rate)`; not in Guesstimate.
    Gompertz,
}

/// How many arguments a call takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arity {
    /// Fewest arguments accepted.
    pub fewest: usize,
    /// Most arguments with a meaning.
    pub most: usize,
    /// Whether arguments beyond [`Arity::most`] are accepted and ignored, as in Guesstimate.
    pub surplus_ignored: bool,
}

impl Arity {
    /// Whether a call may have `count` arguments.
    #[must_use]
    pub const fn accepts(self, count: usize) -> bool {
        count >= self.fewest && (count <= self.most || self.surplus_ignored)
    }
}

impl Family {
    /// All families, in the order of their declaration.
    pub const ALL: [Self; 26] = [
        Self::Normal,
        Self::LogNormal,
        Self::Uniform,
        Self::Random,
        Self::Beta,
        Self::Gamma,
        Self::InverseGamma,
        Self::ChiSquared,
        Self::Exponential,
        Self::Weibull,
        Self::StudentT,
        Self::Cauchy,
        Self::CentralF,
        Self::Triangular,
        Self::DoubleTriangular,
        Self::Pert,
        Self::Bernoulli,
        Self::Binomial,
        Self::Poisson,
        Self::NegativeBinomial,
        Self::RandomInteger,
        Self::Pareto,
        Self::Logistic,
        Self::Geometric,
        Self::GeneralizedExtremeValue,
        Self::Gompertz,
    ];

    /// Family of a function name, as formulas write it; case matters.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::Family;
    /// assert_eq!(Family::parse("if"), Some(Family::Bernoulli));
    /// assert_eq!(Family::parse("Normal"), None);
    /// ```
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "if" | "test" => Some(Self::Bernoulli),
            _ => Self::ALL.into_iter().find(|family| family.name() == name),
        }
    }

    /// Name, as formulas write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        let signature = self.signature();
        &signature[..signature.find('(').unwrap_or(signature.len())]
    }

    /// The call in full, such as `triangular(min, max, mode)`.
    #[must_use]
    pub const fn signature(self) -> &'static str {
        match self {
            Self::Normal => "normal(mean, standard_deviation)",
            Self::LogNormal => "lognormal(mu, sigma)",
            Self::Uniform => "uniform(min, max)",
            Self::Random => "random(min, max)",
            Self::Beta => "beta(alpha, beta)",
            Self::Gamma => "gamma(shape, scale)",
            Self::InverseGamma => "invgamma(shape, scale)",
            Self::ChiSquared => "chisquare(degrees)",
            Self::Exponential => "exponential(rate)",
            Self::Weibull => "weibull(scale, shape)",
            Self::StudentT => "studentt(degrees)",
            Self::Cauchy => "cauchy(location, scale)",
            Self::CentralF => "centralF(numerator, denominator)",
            Self::Triangular => "triangular(min, max, mode)",
            Self::DoubleTriangular => "doubleTriangular(min, max, mode)",
            Self::Pert => "PERT(min, max, mode, lambda)",
            Self::Bernoulli => "bernoulli(probability)",
            Self::Binomial => "binomial(trials, probability)",
            Self::Poisson => "poisson(rate)",
            Self::NegativeBinomial => "negBinomial(failures, probability)",
            Self::RandomInteger => "randomInt(min, max)",
            Self::Pareto => "pareto(scale, shape)",
            Self::Logistic => "logistic(location, scale)",
            Self::Geometric => "geometric(probability)",
            Self::GeneralizedExtremeValue => "gev(location, scale, shape)",
            Self::Gompertz => "gompertz(shape, rate)",
        }
    }

    /// How many arguments a call takes.
    ///
    /// Guesstimate reads a missing probability or Poisson rate as not a number, of which the draw is 0; so do we, with
    /// a warning ([`Family::call_warnings`]).
    #[must_use]
    pub const fn arity(self) -> Arity {
        let (fewest, most, surplus_ignored) = match self {
            Self::ChiSquared | Self::Exponential | Self::StudentT => (1, 1, true),
            Self::Triangular | Self::DoubleTriangular => (2, 3, true),
            Self::Pert => (2, 4, true),
            Self::Bernoulli | Self::Poisson => (0, 1, true),
            Self::Binomial | Self::NegativeBinomial => (1, 2, true),
            Self::Random | Self::RandomInteger => (0, 2, false),
            Self::Pareto | Self::Logistic | Self::Gompertz => (2, 2, false),
            Self::Geometric => (1, 1, false),
            Self::GeneralizedExtremeValue => (3, 3, false),
            _ => (2, 2, true),
        };
        Arity { fewest, most, surplus_ignored }
    }

    /// What is doubtful about a call with `count` arguments, though it is accepted.
    #[must_use]
    pub fn call_warnings(self, count: usize) -> Vec<Warning> {
        let (most, name, signature) = (self.arity().most, self.name(), self.signature());
        let reads_missing = matches!(self, Self::Bernoulli | Self::Poisson | Self::Binomial | Self::NegativeBinomial);
        if count > most {
            let message = format!("`{name}` takes {most} of the {count} arguments given and ignores the rest");
            vec![Warning::new("surplus-arguments", message).with_help(format!("write `{signature}`"))]
        } else if count < most && reads_missing {
            let message = format!("`{name}` misses its last argument and so is always 0");
            vec![Warning::new("missing-argument", message).with_help(format!("write `{signature}`"))]
        } else {
            Vec::new()
        }
    }

    /// Fills `out` with draws whose parameters may differ in each lane.
    ///
    /// Columns that hold one value in all lanes give the bits of [`super::Distribution::fill`] with that value, from a
    /// generator in the same state.
    ///
    /// # Parameters
    /// - `parameters`: one column a parameter, in the order of [`Family::signature`], as many as [`Family::arity`]
    ///   accepts; optional ones may be left out. A lane whose parameters name no distribution yields NaN, or infinity
    ///   where division by zero does (`exponential(0)`).
    ///
    /// # Shape
    /// Each column has as many lanes as `out`.
    ///
    /// # Randomness
    /// A function of the generator and, for the families that repeat attempts (beta, gamma, binomial, Poisson and those
    /// made of them), of the parameters.
    ///
    /// # Panics
    /// If there are fewer columns than [`Arity::fewest`], or if a column has fewer lanes than `out`.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Family};
    /// use tailcast::rng::{BlockRng, StreamKey};
    /// let key = StreamKey::new(1, 2, 3);
    /// let (mut varying, mut constant) = ([0.0; 4], [0.0; 4]);
    /// Family::Normal.fill_lanes(&[&[5.0; 4], &[2.0; 4]], &mut BlockRng::new(&key, 0), &mut varying);
    /// Distribution::from_call("normal", &[5.0, 2.0])?.fill(&mut BlockRng::new(&key, 0), &mut constant);
    /// assert_eq!(varying, constant);
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn fill_lanes(self, parameters: &[&[f64]], rng: &mut BlockRng, out: &mut [f64]) {
        fill_family::<Fast, _>(self, parameters, rng, out);
    }

    /// Slow twin of [`Family::fill_lanes`]: the same bits, one lane at a time.
    ///
    /// # Panics
    /// As [`Family::fill_lanes`].
    pub fn fill_lanes_reference(self, parameters: &[&[f64]], rng: &mut BlockRng, out: &mut [f64]) {
        fill_family::<Reference, _>(self, parameters, rng, out);
    }
}

/// Draws of one family over any columns, by any engine.
// One flat match, an arm or two a family.
#[allow(clippy::too_many_lines)]
pub(crate) fn fill_family<E: Engine, C: Column>(family: Family, p: &[C], rng: &mut BlockRng, out: &mut [f64]) {
    const MISSING: f64 = f64::NAN;
    const PERT_LAMBDA: f64 = 4.0;
    match (family, p) {
        (Family::Normal, &[mean, deviation, ..]) => normal::draw::<E, _, _>(rng, out, mean, deviation),
        (Family::LogNormal, &[mu, sigma, ..]) => log_normal::draw::<E, _, _>(rng, out, mu, sigma),
        (Family::Uniform | Family::Random, &[low, high, ..]) => uniform::draw::<E, _, _>(rng, out, low, high),
        (Family::Random, &[high]) => uniform::draw::<E, _, _>(rng, out, 0.0, high),
        (Family::Random, &[]) => uniform::draw::<E, _, _>(rng, out, 0.0, 1.0),
        (Family::Beta, &[alpha, beta, ..]) => beta::draw::<E, _, _>(rng, out, alpha, beta),
        (Family::Gamma, &[shape, scale, ..]) => gamma::draw::<E, _, _>(rng, out, shape, scale),
        (Family::InverseGamma, &[shape, scale, ..]) => inverse_gamma::draw::<E, _, _>(rng, out, shape, scale),
        (Family::ChiSquared, &[degrees, ..]) => chi_squared::draw::<E, _>(rng, out, degrees),
        (Family::Exponential, &[rate, ..]) => exponential::draw::<E, _>(rng, out, rate),
        (Family::Weibull, &[scale, shape, ..]) => weibull::draw::<E, _, _>(rng, out, scale, shape),
        (Family::StudentT, &[degrees, ..]) => student_t::draw::<E, _>(rng, out, degrees),
        (Family::Cauchy, &[location, scale, ..]) => cauchy::draw::<E, _, _>(rng, out, location, scale),
        (Family::CentralF, &[numerator, denominator, ..]) => {
            central_f::draw::<E, _, _>(rng, out, numerator, denominator);
        }
        (Family::Triangular, &[min, max, mode, ..]) => triangular::draw::<E, _, _, _>(rng, out, (min, max, mode)),
        (Family::Triangular, &[min, max]) => {
            triangular::draw::<E, _, _, _>(rng, out, (min, max, Midpoint(min, max)));
        }
        (Family::DoubleTriangular, &[min, max, mode, ..]) => {
            double_triangular::draw::<E, _, _, _>(rng, out, (min, max, mode));
        }
        (Family::DoubleTriangular, &[min, max]) => {
            double_triangular::draw::<E, _, _, _>(rng, out, (min, max, Midpoint(min, max)));
        }
        (Family::Pert, &[min, max, mode, lambda, ..]) => {
            pert::draw::<E, _, _, _, _>(rng, out, (min, max, mode, lambda));
        }
        (Family::Pert, &[min, max, mode]) => pert::draw::<E, _, _, _, _>(rng, out, (min, max, mode, PERT_LAMBDA)),
        (Family::Pert, &[min, max]) => {
            pert::draw::<E, _, _, _, _>(rng, out, (min, max, Midpoint(min, max), PERT_LAMBDA));
        }
        (Family::Bernoulli, &[probability, ..]) => bernoulli::draw::<E, _>(rng, out, probability),
        (Family::Bernoulli, &[]) => bernoulli::draw::<E, _>(rng, out, MISSING),
        (Family::Binomial, &[trials, probability, ..]) => binomial::draw::<E, _, _>(rng, out, trials, probability),
        (Family::Binomial, &[trials]) => binomial::draw::<E, _, _>(rng, out, trials, MISSING),
        (Family::Poisson, &[rate, ..]) => poisson::draw::<E, _>(rng, out, rate),
        (Family::Poisson, &[]) => poisson::draw::<E, _>(rng, out, MISSING),
        (Family::NegativeBinomial, &[failures, probability, ..]) => {
            negative_binomial::draw::<E, _, _>(rng, out, failures, probability);
        }
        (Family::NegativeBinomial, &[failures]) => {
            negative_binomial::draw::<E, _, _>(rng, out, failures, MISSING);
        }
        (Family::RandomInteger, &[min, max, ..]) => random_integer::draw::<E, _, _>(rng, out, min, max),
        (Family::RandomInteger, &[max]) => random_integer::draw::<E, _, _>(rng, out, 0.0, max),
        (Family::RandomInteger, &[]) => random_integer::draw::<E, _, _>(rng, out, 0.0, 2.0),
        (Family::Pareto, &[scale, shape, ..]) => pareto::draw::<E, _, _>(rng, out, scale, shape),
        (Family::Logistic, &[location, scale, ..]) => logistic::draw::<E, _, _>(rng, out, location, scale),
        (Family::Geometric, &[probability, ..]) => geometric::draw::<E, _>(rng, out, probability),
        (Family::GeneralizedExtremeValue, &[location, scale, shape, ..]) => {
            extreme_value::draw::<E, _, _, _>(rng, out, (location, scale, shape));
        }
        (Family::Gompertz, &[shape, rate, ..]) => gompertz::draw::<E, _, _>(rng, out, shape, rate),
        (family, columns) => panic!("{} called with {} columns, too few", family.name(), columns.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_is_found_by_its_name() {
        for family in Family::ALL {
            assert_eq!(Family::parse(family.name()), Some(family));
            let named = family.signature().matches(',').count() + 1;
            assert_eq!(named, family.arity().most, "{}", family.signature());
        }
        assert_eq!(Family::parse("test"), Some(Family::Bernoulli));
        assert_eq!(Family::parse("gumbel"), None);
    }

    #[test]
    fn a_call_that_drops_or_misses_an_argument_is_pointed_out() {
        assert_eq!(Family::Normal.call_warnings(2), []);
        assert_eq!(Family::Triangular.call_warnings(2), []);
        assert_eq!(Family::RandomInteger.call_warnings(0), []);
        assert_eq!(Family::Normal.call_warnings(3)[0].code, "surplus-arguments");
        assert_eq!(Family::Binomial.call_warnings(1)[0].code, "missing-argument");
    }
}
