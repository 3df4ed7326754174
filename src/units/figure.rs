//! Figures for people: a value in a unit of sensible size, with as many digits as its error allows.
//!
//! The rule of digits is the usual one of measurement: the error is shown with two digits if its first digit is 1, with
//! one digit otherwise, and the value ends at the same place. A value whose error is not known gets four significant
//! digits; one that is exact gets up to six, without trailing zeros.

use super::{TimeUnit, Unit};

/// Significant digits of a value whose error is not known.
const DIGITS_UNKNOWN: i32 = 4;
/// Largest number of significant digits of any value, and those of an exact one.
const DIGITS_MAX: i32 = 6;
/// Magnitudes from here on are written with an exponent.
const EXPONENT_FROM: f64 = 1e9;
/// Magnitudes below this are written with an exponent.
const EXPONENT_BELOW: f64 = 1e-4;

/// Largest unit of time in which `value` (in `unit`) is at least 1; minutes and hours only from two of them on.
///
/// # Examples
/// ```
/// use tailcast::units::{TimeUnit, natural_unit};
/// assert_eq!(natural_unit(1_234_567.0, TimeUnit::Nanosecond), TimeUnit::Millisecond);
/// assert_eq!(natural_unit(90.0, TimeUnit::Second), TimeUnit::Second);
/// ```
#[must_use]
pub fn natural_unit(value: f64, unit: TimeUnit) -> TimeUnit {
    let magnitude = value.abs();
    if magnitude == 0.0 || !magnitude.is_finite() {
        return unit;
    }
    let least = |target: TimeUnit| if target >= TimeUnit::Minute { 2.0 } else { 1.0 };
    TimeUnit::ALL
        .into_iter()
        .rev()
        .find(|&target| unit.convert(magnitude, target) >= least(target))
        .unwrap_or(TimeUnit::Nanosecond)
}

/// One unit of time in which all of `values` (in `unit`) read well: from 0.1 to below 1,000. `None` if they are too far
/// apart; zeros and what is not finite do not count.
#[must_use]
pub fn common_unit(values: impl IntoIterator<Item = f64>, unit: TimeUnit) -> Option<TimeUnit> {
    let magnitudes = values.into_iter().map(f64::abs).filter(|&value| value > 0.0 && value.is_finite());
    let (low, high) = magnitudes.fold((f64::INFINITY, 0.0f64), |(low, high), value| (low.min(value), high.max(value)));
    if high == 0.0 {
        return Some(unit);
    }
    let fits = |target: TimeUnit| unit.convert(low, target) >= 0.1 && unit.convert(high, target) < 1_000.0;
    let smallest = natural_unit(low, unit);
    let largest = natural_unit(high, unit);
    TimeUnit::ALL
        .into_iter()
        .filter(|&target| target == smallest || target == largest || (smallest..=largest).contains(&target))
        .find(|&target| fits(target))
}

/// Number of decimals at which a value with this error ends; negative for tens, hundreds and so on.
fn decimals(value: f64, error: Option<f64>) -> i32 {
    let magnitude = |number: f64| number.abs().log10().floor() as i32;
    let by_digits = |digits: i32| if value == 0.0 { 0 } else { digits - 1 - magnitude(value) };
    match error {
        Some(error) if error > 0.0 && error.is_finite() => {
            // One step further when the first digit is 1, judged after rounding to two digits.
            let exponent = magnitude(error);
            let two_digits = (error / 10f64.powi(exponent - 1)).round();
            let wanted = if two_digits < 20.0 { 1 - exponent } else { -exponent };
            if value == 0.0 { wanted.min(DIGITS_MAX) } else { wanted.min(by_digits(DIGITS_MAX)) }
        }
        Some(0.0) => by_digits(DIGITS_MAX),
        _ => by_digits(DIGITS_UNKNOWN),
    }
}

/// Writes `value` with that many decimals, or rounded to tens, hundreds and so on if negative.
fn with_decimals(value: f64, decimals: i32) -> String {
    let text = if decimals >= 0 {
        format!("{value:.*}", decimals.unsigned_abs().min(300) as usize)
    } else {
        let step = 10f64.powi(-decimals);
        format!("{:.0}", (value / step).round() * step)
    };
    match text.strip_prefix('-') {
        // Rounding must not leave a negative zero.
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

/// Removes zeros at the end of a fraction.
fn without_trailing_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// Writes `value` without unit, with the digits its error allows.
///
/// # Parameters
/// - `error`: standard error or half the width of an interval, in the unit of `value`; `Some(0.0)` if exact, `None` if
///   not known.
///
/// # Examples
/// ```
/// use tailcast::units::format_value;
/// assert_eq!(format_value(2.13861, Some(0.0031)), "2.139");
/// assert_eq!(format_value(2.13861, Some(0.0131)), "2.139");
/// assert_eq!(format_value(2.13861, None), "2.139");
/// assert_eq!(format_value(40.0, Some(0.0)), "40");
/// ```
#[must_use]
pub fn format_value(value: f64, error: Option<f64>) -> String {
    if !value.is_finite() {
        return not_finite(value);
    }
    let magnitude = value.abs();
    if magnitude >= EXPONENT_FROM || (magnitude > 0.0 && magnitude < EXPONENT_BELOW) {
        let exponent = magnitude.log10().floor() as i32;
        let digits = (decimals(value, error) + exponent).clamp(0, DIGITS_MAX - 1);
        return format!("{value:.*e}", digits.unsigned_abs() as usize);
    }
    let text = with_decimals(value, decimals(value, error));
    if error == Some(0.0) { without_trailing_zeros(&text).to_owned() } else { text }
}

/// Writes what is not a finite number.
fn not_finite(value: f64) -> String {
    if value.is_nan() { "not a number" } else { if value > 0.0 { "∞" } else { "-∞" } }.to_owned()
}

/// Writes `value` (in `unit`) for people, with its unit: `1.235 ms`, `40 %`, `12`.
///
/// # Parameters
/// - `shown`: unit of time to show it in; `None` takes the natural one.
/// - `error`: as in [`format_value`].
///
/// # Examples
/// ```
/// use tailcast::units::{TimeUnit, Unit, format_figure};
/// let ns = Unit::Time(TimeUnit::Nanosecond);
/// assert_eq!(format_figure(1_234_567.0, Some(&ns), None, Some(400.0)), "1.2346 ms");
/// assert_eq!(format_figure(1_234_567.0, Some(&ns), Some(TimeUnit::Microsecond), None), "1235 µs");
/// assert_eq!(format_figure(40.0, None, None, Some(0.0)), "40");
/// ```
#[must_use]
pub fn format_figure(value: f64, unit: Option<&Unit>, shown: Option<TimeUnit>, error: Option<f64>) -> String {
    let (scale, label) = display(value, unit, shown);
    with_label(&format_value(scale(value), error.map(scale)), &label)
}

/// Writes `value ± error` (both in `unit`) for people, with one unit: `1.2346 ± 0.0004 ms`.
///
/// An error of 0 is not written.
#[must_use]
pub fn format_with_error(value: f64, error: f64, unit: Option<&Unit>, shown: Option<TimeUnit>) -> String {
    let (scale, label) = display(value, unit, shown);
    let (value, error) = (scale(value), scale(error));
    let figure = format_value(value, Some(error));
    if !(error > 0.0 && error.is_finite()) {
        return with_label(&figure, &label);
    }
    let error = if figure.contains('e') {
        format!("{error:.0e}")
    } else {
        // An error below the digits shown is still an error: it rounds up to the last of them.
        let decimals = decimals(value, Some(error));
        with_decimals(error.max(10f64.powi(-decimals)), decimals)
    };
    with_label(&format!("{figure} ± {error}"), &label)
}

/// How to scale values of `unit`, and the label to write after them.
fn display(value: f64, unit: Option<&Unit>, shown: Option<TimeUnit>) -> (impl Fn(f64) -> f64 + Copy, String) {
    let time = unit.and_then(Unit::time).map(|unit| (unit, shown.unwrap_or_else(|| natural_unit(value, unit))));
    let label = time.map_or_else(|| unit.map_or("", Unit::label), |(_, shown)| shown.label()).to_owned();
    let scale = move |number: f64| time.map_or(number, |(unit, shown)| unit.convert(number, shown));
    (scale, label)
}

/// `figure label`, or `figure` alone if there is no label.
fn with_label(figure: &str, label: &str) -> String {
    if label.is_empty() { figure.to_owned() } else { format!("{figure} {label}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NS: Unit = Unit::Time(TimeUnit::Nanosecond);

    #[test]
    fn digits_follow_the_error() {
        assert_eq!(format_value(123.456, Some(0.2)), "123.5");
        assert_eq!(format_value(123.456, Some(0.14)), "123.46");
        assert_eq!(format_value(123.456, Some(0.0996)), "123.46");
        assert_eq!(format_value(123.456, Some(30.0)), "120");
        assert_eq!(format_value(123.456, Some(1e-12)), "123.456");
        assert_eq!(format_value(0.3, Some(5.0)), "0");
        assert_eq!(format_value(-0.3, Some(5.0)), "0");
        assert_eq!(format_value(0.0, Some(0.01)), "0.000");
    }

    #[test]
    fn exact_values_have_no_trailing_zeros() {
        assert_eq!(format_value(40.0, Some(0.0)), "40");
        assert_eq!(format_value(0.25, Some(0.0)), "0.25");
        assert_eq!(format_value(1_000_000.0, Some(0.0)), "1000000");
        assert_eq!(format_value(0.0, Some(0.0)), "0");
        assert_eq!(format_value(2.0 / 3.0, Some(0.0)), "0.666667");
    }

    #[test]
    fn very_large_and_very_small_values_have_an_exponent() {
        assert_eq!(format_value(1.234_56e12, None), "1.235e12");
        assert_eq!(format_value(-1.234_56e-7, None), "-1.235e-7");
        assert_eq!(format_value(f64::MAX, Some(0.0)), "1.79769e308");
        assert_eq!(format_value(f64::MIN_POSITIVE / 8.0, Some(2e-312)), "2.781e-309");
        assert_eq!(format_with_error(2e12, 3e9, None, None), "2.000e12 ± 3e9");
    }

    #[test]
    fn what_is_not_finite_has_words() {
        assert_eq!(format_value(f64::INFINITY, None), "∞");
        assert_eq!(format_figure(f64::NEG_INFINITY, Some(&NS), None, None), "-∞ ns");
        assert_eq!(format_value(f64::NAN, Some(1.0)), "not a number");
        assert_eq!(format_with_error(1.0, f64::NAN, None, None), "1.000");
    }

    #[test]
    fn value_and_error_end_at_the_same_place() {
        assert_eq!(format_with_error(2_138_612.0, 3_100.0, Some(&NS), None), "2.139 ± 0.003 ms");
        assert_eq!(format_with_error(2_138_612.0, 1_310.0, Some(&NS), None), "2.1386 ± 0.0013 ms");
        assert_eq!(format_with_error(2_138_612.0, 1e-9, Some(&NS), None), "2.13861 ± 0.00001 ms");
        assert_eq!(format_with_error(2_138_612.0, 0.0, Some(&NS), None), "2.13861 ms");
        assert_eq!(format_with_error(40.0, 0.4, Some(&Unit::Other("%".into())), None), "40.0 ± 0.4 %");
    }

    #[test]
    fn the_natural_unit_reads_from_one() {
        let label = |ns: f64| format_figure(ns, Some(&NS), None, None);
        assert_eq!(label(0.5), "0.5000 ns");
        assert_eq!(label(999.0), "999.0 ns");
        assert_eq!(label(1000.0), "1.000 µs");
        assert_eq!(label(-2.5e6), "-2.500 ms");
        assert_eq!(label(90e9), "90.00 s");
        assert_eq!(label(180e9), "3.000 min");
        assert_eq!(label(0.0), "0 ns");
    }

    #[test]
    fn a_common_unit_exists_where_values_are_close_enough() {
        let ns = TimeUnit::Nanosecond;
        assert_eq!(common_unit([120_300.0, 850_000.0, 1_020_000.0], ns), Some(TimeUnit::Millisecond));
        assert_eq!(common_unit([2e6, 9e6], ns), Some(TimeUnit::Millisecond));
        assert_eq!(common_unit([300_000.0, 20e6], ns), Some(TimeUnit::Millisecond));
        assert_eq!(common_unit([500.0, 900e6], ns), None);
        assert_eq!(common_unit([0.0, f64::INFINITY], ns), Some(ns));
    }
}
