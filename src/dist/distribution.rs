//! One distribution with constant parameters: made from a call, asked for its figures, drawn from.

use crate::problem::Warning;
use crate::rng::BlockRng;

use super::column::{Engine, Fast, Reference};
use super::error::DistError;
use super::family::{Family, fill_family};
use super::{
    Bernoulli, Beta, Binomial, Cauchy, CentralF, ChiSquared, Constant, DoubleTriangular, Exponential, Gamma,
    GeneralizedExtremeValue, Geometric, Gompertz, InverseGamma, LogNormal, Logistic, NegativeBinomial, Normal, Pareto,
    Pert, Poisson, RandomInteger, StudentT, Triangular, Uniform, Weibull,
};

/// A distribution with constant parameters, valid by construction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distribution {
    /// Normal.
    Normal(Normal),
    /// Log-normal.
    LogNormal(LogNormal),
    /// Continuous uniform.
    Uniform(Uniform),
    /// Beta.
    Beta(Beta),
    /// Gamma.
    Gamma(Gamma),
    /// Inverse gamma.
    InverseGamma(InverseGamma),
    /// Chi-squared.
    ChiSquared(ChiSquared),
    /// Exponential.
    Exponential(Exponential),
    /// Weibull.
    Weibull(Weibull),
    /// Student's t.
    StudentT(StudentT),
    /// Cauchy.
    Cauchy(Cauchy),
    /// Central F.
    CentralF(CentralF),
    /// Triangular.
    Triangular(Triangular),
    /// Double triangular.
    DoubleTriangular(DoubleTriangular),
    /// PERT.
    Pert(Pert),
    /// Bernoulli.
    Bernoulli(Bernoulli),
    /// Binomial.
    Binomial(Binomial),
    /// Poisson.
    Poisson(Poisson),
    /// Negative binomial.
    NegativeBinomial(NegativeBinomial),
    /// Uniform integers.
    RandomInteger(RandomInteger),
    /// Pareto.
    Pareto(Pareto),
    /// Logistic.
    Logistic(Logistic),
    /// Geometric.
    Geometric(Geometric),
    /// Generalised extreme value.
    GeneralizedExtremeValue(GeneralizedExtremeValue),
    /// Gompertz.
    Gompertz(Gompertz),
    /// One value with certainty.
    Constant(Constant),
}

impl Distribution {
    /// Distribution of a call in a formula, with Guesstimate's parametrisations and its readings of odd parameters.
    ///
    /// # Parameters
    /// - `function`: name as formulas write it, see [`Family::parse`].
    /// - `arguments`: as many as [`Family::arity`] accepts. Results that are certain whatever is drawn are a
    ///   [`Constant`]: `exponential(0)` and `random(Infinity)` are infinite, `bernoulli(NaN)`, `poisson(NaN)`,
    ///   `binomial(n, NaN)` and `negBinomial(r, NaN)` are 0, `normal(Infinity, 1)` is infinite.
    ///
    /// # Errors
    /// - [`DistError::UnknownFunction`] if no family has the name.
    /// - [`DistError::ArgumentCount`] if the arity does not accept the number of arguments.
    /// - [`DistError::Parameter`] if a parameter does not meet the family's requirement, NaN included.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::Distribution;
    /// assert_eq!(Distribution::from_call("triangular", &[0.0, 10.0])?.mean(), Some(5.0));
    /// assert_eq!(Distribution::from_call("exponential", &[0.5])?.mean(), Some(2.0));
    /// assert!(Distribution::from_call("negBinomial", &[5.0, 1.0]).is_err());
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn from_call(function: &str, arguments: &[f64]) -> Result<Self, DistError> {
        let family = Family::parse(function).ok_or_else(|| DistError::UnknownFunction { name: function.to_owned() })?;
        let arity = family.arity();
        if !arity.accepts(arguments.len()) {
            let expected = match (arity.fewest, arity.most) {
                (1, 1) => "1 argument".to_owned(),
                (fewest, most) if fewest == most => format!("{most} arguments"),
                (fewest, most) => format!("{fewest} to {most} arguments"),
            };
            return Err(DistError::ArgumentCount { signature: family.signature(), expected, found: arguments.len() });
        }
        match certain_value(family, arguments) {
            Some(value) => {
                // What else is wrong with the call is still an error.
                if let (Family::Binomial, [trials, ..]) = (family, arguments) {
                    Binomial::new(*trials, 0.0)?;
                }
                if let (Family::NegativeBinomial, [failures, ..]) = (family, arguments) {
                    NegativeBinomial::new(*failures, 0.0)?;
                }
                Constant::new(value).map(Self::Constant)
            }
            None => Self::from_family(family, arguments),
        }
    }

    /// Distribution of a family and a number of arguments that its arity accepts.
    fn from_family(family: Family, arguments: &[f64]) -> Result<Self, DistError> {
        let argument = |index: usize| arguments.get(index).copied();
        let (a, b) = (argument(0).unwrap_or(f64::NAN), argument(1).unwrap_or(f64::NAN));
        let mode = argument(2).unwrap_or_else(|| f64::midpoint(a, b));
        let ends = |default_max: f64| match *arguments {
            [] => (0.0, default_max),
            [max] => (0.0, max),
            [min, max, ..] => (min, max),
        };
        Ok(match family {
            Family::Normal => Self::Normal(Normal::new(a, b)?),
            Family::LogNormal => Self::LogNormal(LogNormal::from_log_space(a, b)?),
            Family::Uniform => Self::Uniform(Uniform::new(a, b)?),
            Family::Random => {
                let (min, max) = ends(1.0);
                Self::Uniform(Uniform::new(min, max)?)
            }
            Family::Beta => Self::Beta(Beta::new(a, b)?),
            Family::Gamma => Self::Gamma(Gamma::new(a, b)?),
            Family::InverseGamma => Self::InverseGamma(InverseGamma::new(a, b)?),
            Family::ChiSquared => Self::ChiSquared(ChiSquared::new(a)?),
            Family::Exponential => Self::Exponential(Exponential::new(a)?),
            Family::Weibull => Self::Weibull(Weibull::new(a, b)?),
            Family::StudentT => Self::StudentT(StudentT::new(a)?),
            Family::Cauchy => Self::Cauchy(Cauchy::new(a, b)?),
            Family::CentralF => Self::CentralF(CentralF::new(a, b)?),
            Family::Triangular => Self::Triangular(Triangular::new(a, b, mode)?),
            Family::DoubleTriangular => Self::DoubleTriangular(DoubleTriangular::new(a, b, mode)?),
            Family::Pert => Self::Pert(Pert::new(a, b, mode, argument(3).unwrap_or(4.0))?),
            Family::Bernoulli => Self::Bernoulli(Bernoulli::new(a)?),
            Family::Binomial => Self::Binomial(Binomial::new(a, b)?),
            Family::Poisson => Self::Poisson(Poisson::new(a)?),
            Family::NegativeBinomial => Self::NegativeBinomial(NegativeBinomial::new(a, b)?),
            Family::Pareto => Self::Pareto(Pareto::new(a, b)?),
            Family::Logistic => Self::Logistic(Logistic::new(a, b)?),
            Family::Geometric => Self::Geometric(Geometric::new(a)?),
            Family::GeneralizedExtremeValue => {
                Self::GeneralizedExtremeValue(GeneralizedExtremeValue::new(a, b, argument(2).unwrap_or(f64::NAN))?)
            }
            Family::Gompertz => Self::Gompertz(Gompertz::new(a, b)?),
            Family::RandomInteger => {
                let (min, max) = ends(2.0);
                Self::RandomInteger(RandomInteger::new(min, max)?)
            }
        })
    }

    /// Mean; `None` if it does not exist, is infinite, or is not known in closed form.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let mean = match self {
            Self::Normal(d) => d.mean(),
            Self::LogNormal(d) => d.mean(),
            Self::Uniform(d) => d.mean(),
            Self::Beta(d) => d.mean()?,
            Self::Gamma(d) => d.mean()?,
            Self::InverseGamma(d) => d.mean()?,
            Self::ChiSquared(d) => d.mean()?,
            Self::Exponential(d) => d.mean(),
            Self::Weibull(d) => d.mean()?,
            Self::StudentT(d) => d.mean()?,
            Self::Cauchy(d) => d.mean()?,
            Self::CentralF(d) => d.mean()?,
            Self::Triangular(d) => d.mean(),
            Self::DoubleTriangular(d) => d.mean(),
            Self::Pert(d) => d.mean()?,
            Self::Bernoulli(d) => d.mean(),
            Self::Binomial(d) => d.mean(),
            Self::Poisson(d) => d.parameters()[0],
            Self::NegativeBinomial(d) => d.mean(),
            Self::RandomInteger(d) => d.mean(),
            Self::Pareto(d) => d.mean()?,
            Self::Logistic(d) => d.mean(),
            Self::Geometric(d) => d.mean(),
            Self::GeneralizedExtremeValue(d) => d.mean()?,
            Self::Gompertz(_) => return None,
            Self::Constant(d) => d.value(),
        };
        mean.is_finite().then_some(mean)
    }

    /// Variance; `None` if it does not exist, is infinite, or is not known in closed form.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        let variance = match self {
            Self::Normal(d) => d.variance(),
            Self::LogNormal(d) => d.variance(),
            Self::Uniform(d) => d.variance(),
            Self::Beta(d) => d.variance()?,
            Self::Gamma(d) => d.variance()?,
            Self::InverseGamma(d) => d.variance()?,
            Self::ChiSquared(d) => d.variance()?,
            Self::Exponential(d) => d.variance(),
            Self::Weibull(d) => d.variance()?,
            Self::StudentT(d) => d.variance()?,
            Self::Cauchy(d) => d.variance()?,
            Self::CentralF(d) => d.variance()?,
            Self::Triangular(d) => d.variance(),
            Self::DoubleTriangular(d) => d.variance(),
            Self::Pert(d) => d.variance()?,
            Self::Bernoulli(d) => d.variance(),
            Self::Binomial(d) => d.variance(),
            Self::Poisson(d) => d.parameters()[0],
            Self::NegativeBinomial(d) => d.variance(),
            Self::RandomInteger(d) => d.variance(),
            Self::Pareto(d) => d.variance()?,
            Self::Logistic(d) => d.variance(),
            Self::Geometric(d) => d.variance(),
            Self::GeneralizedExtremeValue(d) => d.variance()?,
            Self::Gompertz(_) => return None,
            Self::Constant(d) => d.value() - d.value(),
        };
        variance.is_finite().then_some(variance)
    }

    /// Probability of a value of at most `x`; `None` where it is not known in closed form (the draws that continue
    /// Guesstimate's gamma sampler below shape 0, but for [`Gamma`] itself).
    ///
    /// # Parameters
    /// - `x`: in the model's unit; NaN gives `None`.
    ///
    /// # Numerics
    /// Absolute error below 1e-12.
    #[must_use]
    pub fn cdf(&self, x: f64) -> Option<f64> {
        if x.is_nan() {
            return None;
        }
        let cdf = match self {
            Self::Normal(d) => d.cdf(x),
            Self::LogNormal(d) => d.cdf(x),
            Self::Uniform(d) => d.cdf(x),
            Self::Beta(d) => d.cdf(x)?,
            Self::Gamma(d) => d.cdf(x),
            Self::InverseGamma(d) => d.cdf(x)?,
            Self::ChiSquared(d) => d.cdf(x),
            Self::Exponential(d) => d.cdf(x),
            Self::Weibull(d) => d.cdf(x),
            Self::StudentT(d) => d.cdf(x),
            Self::Cauchy(d) => d.cdf(x),
            Self::CentralF(d) => d.cdf(x)?,
            Self::Triangular(d) => d.cdf(x),
            Self::DoubleTriangular(d) => d.cdf(x),
            Self::Pert(d) => d.cdf(x)?,
            Self::Bernoulli(d) => d.cdf(x),
            Self::Binomial(d) => d.cdf(x),
            Self::Poisson(d) => d.cdf(x),
            Self::NegativeBinomial(d) => d.cdf(x),
            Self::RandomInteger(d) => d.cdf(x),
            Self::Pareto(d) => d.cdf(x),
            Self::Logistic(d) => d.cdf(x),
            Self::Geometric(d) => d.cdf(x),
            Self::GeneralizedExtremeValue(d) => d.cdf(x),
            Self::Gompertz(d) => d.cdf(x),
            Self::Constant(d) => f64::from(x >= d.value()),
        };
        Some(cdf)
    }

    /// Smallest value that is not exceeded with probability `p`; `None` where it is not known in closed form.
    ///
    /// # Parameters
    /// - `p`: in [0, 1]; anything else, NaN included, gives `None`. At 0 and 1 the answer is the end of the support,
    ///   infinite where it has none.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<f64> {
        if !(0.0..=1.0).contains(&p) {
            return None;
        }
        Some(match self {
            Self::Normal(d) => d.quantile(p),
            Self::LogNormal(d) => d.quantile(p),
            Self::Uniform(d) => d.quantile(p),
            Self::Beta(d) => d.quantile(p)?,
            Self::Gamma(d) => d.quantile(p)?,
            Self::InverseGamma(d) => d.quantile(p)?,
            Self::ChiSquared(d) => d.quantile(p)?,
            Self::Exponential(d) => d.quantile(p),
            Self::Weibull(d) => d.quantile(p),
            Self::StudentT(d) => d.quantile(p),
            Self::Cauchy(d) => d.quantile(p),
            Self::CentralF(d) => d.quantile(p)?,
            Self::Triangular(d) => d.quantile(p),
            Self::DoubleTriangular(d) => d.quantile(p)?,
            Self::Pert(d) => d.quantile(p)?,
            Self::Bernoulli(d) => d.quantile(p),
            Self::Binomial(d) => d.quantile(p),
            Self::Poisson(d) => d.quantile(p),
            Self::NegativeBinomial(d) => d.quantile(p),
            Self::RandomInteger(d) => d.quantile(p),
            Self::Pareto(d) => d.quantile(p),
            Self::Logistic(d) => d.quantile(p),
            Self::Geometric(d) => d.quantile(p),
            Self::GeneralizedExtremeValue(d) => d.quantile(p),
            Self::Gompertz(d) => d.quantile(p),
            Self::Constant(d) => d.value(),
        })
    }

    /// What is doubtful about the parameters, though they are accepted because Guesstimate accepts them.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let ordered = match self {
            Self::Triangular(d) => d.is_ordered(),
            Self::DoubleTriangular(d) => d.is_ordered(),
            Self::Pert(d) => d.is_ordered(),
            _ => true,
        };
        let shapes_hold = match self {
            Self::Gamma(d) => d.parameters()[0] >= 0.0,
            Self::InverseGamma(d) => d.parameters()[0] >= 0.0,
            Self::ChiSquared(d) => d.parameters()[0] >= 0.0,
            Self::Beta(d) => d.mean().is_some(),
            Self::Pert(d) => d.mean().is_some(),
            Self::CentralF(d) => d.parameters().iter().all(|&degrees| degrees > 0.0),
            _ => true,
        };
        let mut warnings = Vec::new();
        if !ordered {
            let message = "the mode lies outside the range from minimum to maximum";
            warnings.push(
                Warning::new("mode-outside-range", message)
                    .with_help("write the minimum first, then the maximum, then a mode between them"),
            );
        }
        if !shapes_hold {
            let message = "a shape below 0 belongs to no distribution; the draws follow Guesstimate's sampler";
            warnings.push(Warning::new("negative-shape", message).with_help("write shapes above 0"));
        }
        warnings
    }

    /// Fills `out` with independent draws.
    ///
    /// # Randomness
    /// A function of the generator alone; the constant draws nothing. A shorter fill from a generator in the same state
    /// is a prefix of a longer one, except for the families that repeat attempts.
    ///
    /// # Cost
    /// No allocation.
    pub fn fill(&self, rng: &mut BlockRng, out: &mut [f64]) {
        self.fill_by::<Fast>(rng, out);
    }

    /// Slow twin of [`Distribution::fill`]: the same bits, one lane at a time.
    pub fn fill_reference(&self, rng: &mut BlockRng, out: &mut [f64]) {
        self.fill_by::<Reference>(rng, out);
    }

    fn fill_by<E: Engine>(&self, rng: &mut BlockRng, out: &mut [f64]) {
        use Family as F;
        let mut fill = |family, parameters: &[f64]| fill_family::<E, f64>(family, parameters, rng, out);
        match self {
            Self::Normal(d) => fill(F::Normal, &d.parameters()),
            Self::LogNormal(d) => fill(F::LogNormal, &d.parameters()),
            Self::Uniform(d) => fill(F::Uniform, &d.parameters()),
            Self::Beta(d) => fill(F::Beta, &d.parameters()),
            Self::Gamma(d) => fill(F::Gamma, &d.parameters()),
            Self::InverseGamma(d) => fill(F::InverseGamma, &d.parameters()),
            Self::ChiSquared(d) => fill(F::ChiSquared, &d.parameters()),
            Self::Exponential(d) => fill(F::Exponential, &d.parameters()),
            Self::Weibull(d) => fill(F::Weibull, &d.parameters()),
            Self::StudentT(d) => fill(F::StudentT, &d.parameters()),
            Self::Cauchy(d) => fill(F::Cauchy, &d.parameters()),
            Self::CentralF(d) => fill(F::CentralF, &d.parameters()),
            Self::Triangular(d) => fill(F::Triangular, &d.parameters()),
            Self::DoubleTriangular(d) => fill(F::DoubleTriangular, &d.parameters()),
            Self::Pert(d) => fill(F::Pert, &d.parameters()),
            Self::Bernoulli(d) => fill(F::Bernoulli, &d.parameters()),
            Self::Binomial(d) => fill(F::Binomial, &d.parameters()),
            Self::Poisson(d) => fill(F::Poisson, &d.parameters()),
            Self::NegativeBinomial(d) => fill(F::NegativeBinomial, &d.parameters()),
            Self::RandomInteger(d) => fill(F::RandomInteger, &d.parameters()),
            Self::Pareto(d) => fill(F::Pareto, &d.parameters()),
            Self::Logistic(d) => fill(F::Logistic, &d.parameters()),
            Self::Geometric(d) => fill(F::Geometric, &d.parameters()),
            Self::GeneralizedExtremeValue(d) => fill(F::GeneralizedExtremeValue, &d.parameters()),
            Self::Gompertz(d) => fill(F::Gompertz, &d.parameters()),
            Self::Constant(d) => out.fill(d.value()),
        }
    }
}

/// What a call gives whatever is drawn, where that is no parameter of a distribution.
fn certain_value(family: Family, arguments: &[f64]) -> Option<f64> {
    let argument = |index: usize| arguments.get(index).copied().unwrap_or(f64::NAN);
    let (a, b) = (argument(0), argument(1));
    match family {
        Family::Exponential if a == 0.0 || a.is_infinite() => Some(a.recip()),
        Family::Bernoulli | Family::Poisson if a.is_nan() => Some(0.0),
        Family::Binomial | Family::NegativeBinomial if b.is_nan() => Some(0.0),
        Family::Normal | Family::Cauchy if a.is_infinite() && b.is_finite() => Some(a),
        Family::LogNormal if a.is_infinite() && b.is_finite() => Some(a.exp()),
        Family::Random | Family::RandomInteger => match *arguments {
            [max] if max.is_infinite() => Some(max),
            [min, max] if min.is_finite() && max.is_infinite() => Some(max),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::Requirement;

    fn call(function: &str, arguments: &[f64]) -> Result<Distribution, DistError> {
        Distribution::from_call(function, arguments)
    }

    #[test]
    fn calls_take_guesstimates_defaults() {
        assert_eq!(call("triangular", &[0.0, 10.0]), call("triangular", &[0.0, 10.0, 5.0]));
        assert_eq!(call("doubleTriangular", &[0.0, 10.0]), call("doubleTriangular", &[0.0, 10.0, 5.0]));
        assert_eq!(call("PERT", &[0.0, 10.0]), call("PERT", &[0.0, 10.0, 5.0, 4.0]));
        assert_eq!(call("randomInt", &[]), call("randomInt", &[0.0, 2.0]));
        assert_eq!(call("randomInt", &[2.5]), call("randomInt", &[0.0, 2.5]));
        assert_eq!(call("random", &[]), call("uniform", &[0.0, 1.0]));
        assert_eq!(call("normal", &[0.0, 1.0, 2.0]), call("normal", &[0.0, 1.0]));
        assert_eq!(call("test", &[0.3]), call("bernoulli", &[0.3]));
    }

    #[test]
    fn certain_results_are_constants() {
        for (function, arguments, value) in [
            ("exponential", &[0.0][..], f64::INFINITY),
            ("exponential", &[f64::INFINITY], 0.0),
            ("bernoulli", &[f64::NAN], 0.0),
            ("poisson", &[], 0.0),
            ("binomial", &[10.0], 0.0),
            ("negBinomial", &[5.0], 0.0),
            ("randomInt", &[f64::INFINITY], f64::INFINITY),
            ("normal", &[f64::INFINITY, 1.0], f64::INFINITY),
            ("lognormal", &[f64::NEG_INFINITY, 1.0], 0.0),
        ] {
            let expected = Constant::new(value).map(Distribution::Constant);
            assert_eq!(call(function, arguments), expected, "{function}");
        }
        assert!(call("binomial", &[10.5]).is_err());
        assert!(call("negBinomial", &[-1.0]).is_err());
    }

    #[test]
    fn wrong_calls_say_what_was_expected() {
        let error = call("normal", &[0.0]).unwrap_err();
        assert_eq!(error.to_string(), "`normal(mean, standard_deviation)` expected 2 arguments, found 1");
        let error = call("randomInt", &[1.0, 2.0, 3.0]).unwrap_err();
        assert_eq!(error.to_string(), "`randomInt(min, max)` expected 0 to 2 arguments, found 3");
        let error = call("Normal", &[0.0, 1.0]).unwrap_err();
        assert_eq!(error.to_string(), "expected the name of a distribution, found `Normal`");
        let error = call("negBinomial", &[5.0, 1.0]).unwrap_err();
        assert!(matches!(error, DistError::Parameter { requirement: Requirement::BelowOne, .. }));
        assert!(error.help().is_some());
    }

    #[test]
    fn every_family_refuses_nan_or_is_certain_of_it() {
        for family in Family::ALL {
            let nan = vec![f64::NAN; family.arity().most];
            match call(family.name(), &nan) {
                Ok(Distribution::Constant(constant)) => assert_eq!(constant.value(), 0.0, "{}", family.name()),
                other => assert!(matches!(other, Err(DistError::Parameter { .. })), "{}", family.name()),
            }
        }
    }

    #[test]
    fn doubtful_parameters_are_pointed_out() {
        let codes = |function, arguments: &[f64]| {
            call(function, arguments).unwrap().warnings().into_iter().map(|w| w.code).collect::<Vec<_>>()
        };
        assert!(codes("triangular", &[0.0, 10.0, 5.0]).is_empty());
        assert_eq!(codes("triangular", &[0.0, 10.0, 12.0]), ["mode-outside-range"]);
        assert_eq!(codes("PERT", &[0.0, 10.0, 13.0]), ["mode-outside-range", "negative-shape"]);
        assert_eq!(codes("gamma", &[-0.5, 2.0]), ["negative-shape"]);
        assert_eq!(codes("centralF", &[-1.0, 5.0]), ["negative-shape"]);
    }

    #[test]
    fn questions_outside_the_domain_have_no_answer() {
        let normal = call("normal", &[0.0, 1.0]).unwrap();
        assert_eq!(normal.quantile(f64::NAN), None);
        assert_eq!(normal.quantile(1.1), None);
        assert_eq!(normal.cdf(f64::NAN), None);
        assert_eq!(call("lognormal", &[800.0, 1.0]).unwrap().mean(), None);
    }
}
