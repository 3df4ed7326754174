//! The geometric distribution.

use crate::math;
use crate::rng::BlockRng;

use super::column::{Column, Engine, kernel};
use super::error::{DistError, Requirement, require};

/// Geometric distribution: how many failures come before the first success, such as the retries of a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geometric {
    probability: f64,
}

impl Geometric {
    /// Geometric distribution of the probability of success of each trial.
    ///
    /// # Parameters
    /// - `probability`: above 0; above 1 counts as 1, where no trial fails.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if it is 0 or below (there would be no success), infinite or NaN.
    ///
    /// # Source
    /// Inversion: `floor(ln u / ln(1 - p))`. L. Devroye, "Non-uniform random variate generation", 1986, section X.2.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Distribution, Geometric};
    /// let d = Distribution::Geometric(Geometric::new(0.25)?);
    /// assert_eq!((d.mean(), d.variance()), (Some(3.0), Some(12.0)));
    /// assert!((d.cdf(1.0).unwrap() - 0.4375).abs() < 1e-15); // 1 - 0.75^2
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn new(probability: f64) -> Result<Self, DistError> {
        let probability = require("geometric", "probability of success", Requirement::Positive, probability)?;
        Ok(Self { probability: probability.min(1.0) })
    }

    /// Probability of success, in (0, 1].
    #[must_use]
    pub const fn parameters(&self) -> [f64; 1] {
        [self.probability]
    }

    pub(crate) fn mean(&self) -> f64 {
        (1.0 - self.probability) / self.probability
    }

    pub(crate) fn variance(&self) -> f64 {
        self.mean() / self.probability
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        -math::exp_m1((x.floor() + 1.0) * math::ln_1p(-self.probability))
    }

    pub(crate) fn quantile(&self, p: f64) -> f64 {
        if self.probability == 1.0 {
            return 0.0;
        }
        // Rounding can put the quotient on the wrong side of a whole number; the function itself decides.
        let guess = (math::ln_1p(-p) / math::ln_1p(-self.probability)).ceil().max(1.0) - 1.0;
        let below = guess - 1.0;
        if guess > 0.0 && self.cdf(below) >= p { below } else { guess }
    }
}

/// Draws: one uniform each.
pub(crate) fn draw<E: Engine, P: Column>(rng: &mut BlockRng, out: &mut [f64], probability: P) {
    E::open(rng, out);
    E::map1::<Transform, _>(out, probability);
}

kernel!(Transform = transform(u, probability));

#[inline(always)]
fn transform(u: f64, probability: f64) -> f64 {
    let kept = if probability < 1.0 { probability } else { 1.0 };
    let value = (math::ln(u) / math::ln_1p(-kept)).floor();
    if probability > 0.0 { value } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_of_0_and_below_infinite_and_nan_are_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(Geometric::new(bad), Err(DistError::Parameter { .. })), "{bad}");
        }
        assert_eq!(Geometric::new(1.5).unwrap().parameters(), [1.0]);
    }

    #[test]
    fn certain_success_never_fails() {
        let d = Geometric::new(1.0).unwrap();
        assert_eq!((transform(0.3, 1.0), d.mean(), d.cdf(0.0), d.quantile(0.9)), (0.0, 0.0, 1.0, 0.0));
        assert!(transform(0.3, f64::NAN).is_nan());
    }

    #[test]
    fn quantile_is_the_first_count_that_reaches_the_probability() {
        let d = Geometric::new(0.25).unwrap();
        for p in [0.0, 0.25, 0.250_001, 0.4375, 0.5, 0.999] {
            let count = d.quantile(p);
            assert!(d.cdf(count) >= p - 1e-15 && (count == 0.0 || d.cdf(count - 1.0) < p), "{p} {count}");
        }
        assert_eq!(d.quantile(1.0), f64::INFINITY);
    }
}
