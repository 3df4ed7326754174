//! The constant: the distribution of a call whose result is certain.

use super::error::{DistError, Requirement, require};

/// One value with certainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constant {
    value: f64,
}

impl Constant {
    /// The constant `value`.
    ///
    /// # Parameters
    /// - `value`: any number, infinity included: that is what `exponential(0)` yields, and the recorder counts it.
    ///
    /// # Errors
    /// [`DistError::Parameter`] if it is NaN.
    pub fn new(value: f64) -> Result<Self, DistError> {
        Ok(Self { value: require("constant", "value", Requirement::Number, value)? })
    }

    /// The value.
    #[must_use]
    pub const fn value(&self) -> f64 {
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nan_is_refused() {
        assert!(Constant::new(f64::NAN).is_err());
        assert_eq!(Constant::new(f64::INFINITY).unwrap().value(), f64::INFINITY);
    }
}
