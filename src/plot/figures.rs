//! Words for figures in charts: three significant digits and a unit.

use crate::units::{TimeUnit, Unit, format_figure, natural_unit};

/// The value with three significant digits and its unit, for labels.
pub(super) fn label(value: f64, unit: Option<&Unit>) -> String {
    if value == 0.0 {
        return format_figure(value, unit, None, Some(0.0));
    }
    // What rounds up to the next power of ten has one digit more before the point.
    let exponent = (value.abs() * 1.0005).log10().floor() as i32;
    // An error of three in the third digit shows three digits.
    let error = 3.0 * 10f64.powi(exponent.saturating_sub(2));
    let shown = unit.and_then(Unit::time).map(|time| natural_unit(value, time));
    if value == value.round() && value.abs() < 100.0 && shown.is_none() {
        return format_figure(value, unit, None, Some(0.0));
    }
    format_figure(value, unit, shown, Some(error))
}

/// The value as [`label`] has it, without zeros at the end of its fraction.
pub(super) fn short_label(value: f64, unit: Option<&Unit>) -> String {
    let text = label(value, unit);
    let (figure, rest) = text.split_once(' ').map_or((text.as_str(), String::new()), |(f, r)| (f, format!(" {r}")));
    if !figure.contains('.') || figure.contains('e') {
        return text;
    }
    format!("{}{rest}", figure.trim_end_matches('0').trim_end_matches('.'))
}

/// Unit in which ticks up to `largest` are written; seconds where minutes would break the decades.
pub(super) fn tick_unit(largest: f64, unit: TimeUnit) -> TimeUnit {
    natural_unit(largest, unit).min(TimeUnit::Second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_three_digits() {
        let us = Unit::Time(TimeUnit::Microsecond);
        let labels = [0.0, 12.74, 9.999, 6489.9, 561_200.0].map(|value| label(value, Some(&us)));
        assert_eq!(labels, ["0 µs", "12.7 µs", "10.0 µs", "6.49 ms", "561 ms"]);
        assert_eq!(label(60.0, None), "60");
    }

    #[test]
    fn short_labels_have_no_zeros_at_the_end() {
        let percent = Unit::Other("%".to_owned());
        let labels = [0.4, 4.6, 93.14, 120.0, 5.0].map(|value| short_label(value, Some(&percent)));
        assert_eq!(labels, ["0.4 %", "4.6 %", "93.1 %", "120 %", "5 %"]);
    }
}
