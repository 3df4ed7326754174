//! Conversion of values between units of time, rounded once.
//!
//! The units themselves and their names are in [`crate::units`].

use crate::units::TimeUnit;

/// `value` in the unit `to`, when it is given in `from`.
///
/// # Numerics
/// Correctly rounded: one multiplication or one division by a whole number.
pub(crate) fn convert_time(value: f64, from: TimeUnit, to: TimeUnit) -> f64 {
    let (from, to) = (from.nanoseconds(), to.nanoseconds());
    if from >= to { value * (from / to) } else { value / (to / from) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_units_divide_so_that_decimals_stay_what_was_typed() {
        for thousandths in 1..1000_u32 {
            let typed: f64 = format!("0.{thousandths:03}").parse().expect("a decimal");
            assert_eq!(convert_time(f64::from(thousandths), TimeUnit::Microsecond, TimeUnit::Millisecond), typed);
        }
        assert_eq!(convert_time(1.5, TimeUnit::Hour, TimeUnit::Minute), 90.0);
    }
}
