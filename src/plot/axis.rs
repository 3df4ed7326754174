//! Axes: the scale, the range, and round ticks with labels in a unit that a person reads.

use super::figures::tick_unit;
use crate::report::cells::decimal_edges;
use crate::units::{TimeUnit, Unit, format_value};

/// How values are spaced on an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// Equal differences are equally long.
    Linear,
    /// Equal ratios are equally long.
    Log,
    /// As [`Scale::Linear`], growing the other way: the first of a list at the top.
    LinearReversed,
}

/// One axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What the axis shows, with the unit if the ticks do not have it.
    pub label: String,
    /// Spacing.
    pub scale: Scale,
    /// Value at the beginning.
    pub low: f64,
    /// Value at the end; `low < high`.
    pub high: f64,
    /// Ticks, ascending.
    pub ticks: Vec<Tick>,
    /// Whether the labelled ticks have grid lines.
    pub grid: bool,
}

/// A tick of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Value.
    pub at: f64,
    /// Label; empty for a minor tick.
    pub label: String,
}

/// Most labelled ticks that a linear axis gets.
const LINEAR_TICKS: usize = 9;
/// Decades up to which a logarithmic axis labels 1, 2 and 5 and not just 1.
const DECADES_LABELLED_DENSELY: f64 = 2.6;
/// Most decades whose ticks are all labelled.
const DECADES_LABELLED: i32 = 14;

impl Axis {
    /// Axis of a quantity in `unit`, with round ticks.
    ///
    /// # Parameters
    /// - `low < high`, finite; both positive for [`Scale::Log`].
    #[must_use]
    pub fn of_quantity(name: &str, unit: Option<&Unit>, scale: Scale, low: f64, high: f64) -> Self {
        let time = unit.and_then(Unit::time);
        let other = unit.filter(|_| time.is_none()).map_or_else(String::new, |unit| format!(" ({})", unit.label()));
        if scale == Scale::Log {
            let ticks = log_ticks(low, high, time);
            return Self { label: format!("{name}{other}"), scale, low, high, ticks, grid: true };
        }
        let shown = time.map(|time| tick_unit(low.abs().max(high.abs()), time));
        let label = shown.map_or_else(|| format!("{name}{other}"), |shown| format!("{name} ({})", shown.label()));
        let ticks = linear_ticks(low, high, time.zip(shown), LINEAR_TICKS);
        Self { label, scale, low, high, ticks, grid: true }
    }

    /// Axis of shares from 0 to a little more than `highest`, labelled in percent.
    #[must_use]
    pub fn of_share(name: &str, highest: f64) -> Self {
        let high = if highest > 0.0 && highest.is_finite() { highest * 1.06 } else { 1.0 };
        let ticks = linear_ticks(0.0, high * 100.0, None, 6)
            .into_iter()
            .map(|tick| Tick { at: tick.at / 100.0, label: format!("{} %", tick.label) })
            .collect();
        Self { label: name.to_owned(), scale: Scale::Linear, low: 0.0, high, ticks, grid: true }
    }

    /// Axis of a list of names, one a unit: the name with index `i` spans `i..i + 1`.
    #[must_use]
    pub fn of_names(label: &str, names: &[String], scale: Scale) -> Self {
        let ticks = names.iter().enumerate().map(|(at, name)| Tick { at: at as f64 + 0.5, label: name.clone() });
        let ticks = ticks.collect();
        Self { label: label.to_owned(), scale, low: 0.0, high: names.len().max(1) as f64, ticks, grid: false }
    }

    /// Where a value stands between the beginning (0) and the end (1) of the axis; beyond them if it lies outside.
    #[must_use]
    pub fn position(&self, value: f64) -> f64 {
        let (low, high) = (self.low, self.high);
        match self.scale {
            Scale::Linear => (value - low) / (high - low),
            Scale::LinearReversed => 1.0 - (value - low) / (high - low),
            // What has no logarithm stands far before the beginning.
            Scale::Log => {
                if value > 0.0 {
                    (value / low).ln() / (high / low).ln()
                } else {
                    -1.0
                }
            }
        }
    }
}

/// Round ticks of a linear axis; values and labels in the second unit of `time` if there is one.
fn linear_ticks(low: f64, high: f64, time: Option<(TimeUnit, TimeUnit)>, limit: usize) -> Vec<Tick> {
    let shown = |value: f64| time.map_or(value, |(unit, shown)| unit.convert(value, shown));
    let own = |value: f64| time.map_or(value, |(unit, shown)| shown.convert(value, unit));
    let edges = decimal_edges(shown(low), shown(high), limit, false);
    let slack = (high - low) * 1e-9;
    edges
        .into_iter()
        .map(|edge| Tick { at: own(edge), label: format_value(edge, Some(0.0)) })
        .filter(|tick| tick.at >= low - slack && tick.at <= high + slack)
        .collect()
}

/// Ticks of a logarithmic axis: decades, with 2 and 5 labelled on short axes and 2 to 9 as minor ticks.
fn log_ticks(low: f64, high: f64, unit: Option<TimeUnit>) -> Vec<Tick> {
    let base = unit.map(|unit| unit.min(TimeUnit::Second));
    let shown = |value: f64| unit.zip(base).map_or(value, |(unit, base)| unit.convert(value, base));
    let own = |value: f64| unit.zip(base).map_or(value, |(unit, base)| base.convert(value, unit));
    let (from, to) = (shown(low), shown(high));
    if !(from > 0.0 && to > from && to.is_finite()) {
        return Vec::new();
    }
    let (first, last) = (from.log10().floor() as i32, to.log10().ceil() as i32);
    let dense = (to / from).log10() <= DECADES_LABELLED_DENSELY;
    let every = (last - first) / DECADES_LABELLED + 1;
    let mut ticks = Vec::new();
    for decade in first..=last {
        for digit in 1..=9 {
            let value = decimal(digit, decade);
            let at = own(value);
            if at < low * (1.0 - 1e-9) || at > high * (1.0 + 1e-9) {
                continue;
            }
            let labelled = (digit == 1 && (decade - first) % every == 0) || (dense && (digit == 2 || digit == 5));
            if labelled || every == 1 {
                ticks.push(Tick { at, label: if labelled { decade_label(value, base) } else { String::new() } });
            }
        }
    }
    ticks
}

/// `digit * 10^exponent`, as near as a decimal literal where the power is exact.
fn decimal(digit: i32, exponent: i32) -> f64 {
    let power = 10f64.powi(exponent.abs());
    if exponent < 0 { f64::from(digit) / power } else { f64::from(digit) * power }
}

/// Label of a tick of a logarithmic axis, with its own unit of time.
fn decade_label(value: f64, unit: Option<TimeUnit>) -> String {
    let Some(unit) = unit else {
        return format_value(value, Some(0.0));
    };
    // A tick of 999.9999 ns is one of 1 us.
    let shown = tick_unit(value * (1.0 + 1e-12), unit);
    format!("{} {}", format_value(unit.convert(value, shown), Some(0.0)), shown.label())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.label.as_str()).filter(|label| !label.is_empty()).collect()
    }

    fn time(unit: TimeUnit) -> Unit {
        Unit::Time(unit)
    }

    #[test]
    fn a_linear_time_axis_has_round_ticks_in_one_unit() {
        let axis = Axis::of_quantity("response time", Some(&time(TimeUnit::Nanosecond)), Scale::Linear, 20e3, 400e3);
        assert_eq!(axis.label, "response time (µs)");
        assert_eq!(labels(&axis), ["50", "100", "150", "200", "250", "300", "350", "400"]);
    }

    #[test]
    fn a_wide_log_axis_labels_decades_with_their_unit() {
        let axis = Axis::of_quantity("time", Some(&time(TimeUnit::Microsecond)), Scale::Log, 3.0, 2e6);
        assert_eq!(labels(&axis), ["10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s"]);
        assert_eq!(axis.label, "time");
        assert_eq!(axis.ticks.len(), 7 + 9 * 5 + 2);
    }

    #[test]
    fn a_short_log_axis_labels_one_two_and_five() {
        let axis = Axis::of_quantity("time", Some(&time(TimeUnit::Second)), Scale::Log, 0.009, 0.3);
        assert_eq!(labels(&axis), ["10 ms", "20 ms", "50 ms", "100 ms", "200 ms"]);
    }

    #[test]
    fn minutes_and_other_units_keep_their_decades() {
        let axis = Axis::of_quantity("time", Some(&time(TimeUnit::Minute)), Scale::Log, 0.001, 100.0);
        assert_eq!(labels(&axis), ["100 ms", "1 s", "10 s", "100 s", "1000 s"]);
        let axis = Axis::of_quantity("hits", Some(&Unit::Other("%".into())), Scale::Linear, 0.0, 100.0);
        assert_eq!((axis.label.as_str(), labels(&axis).len()), ("hits (%)", 6));
    }

    #[test]
    fn an_axis_of_hundreds_of_decades_has_few_ticks() {
        let axis = Axis::of_quantity("x", None, Scale::Log, 1e-300, 1e300);
        assert!(axis.ticks.len() <= 16, "{}", axis.ticks.len());
    }

    #[test]
    fn positions_run_from_zero_to_one() {
        let mut axis = Axis::of_quantity("x", None, Scale::Log, 1.0, 100.0);
        assert_eq!((axis.position(1.0), axis.position(10.0), axis.position(0.0)), (0.0, 0.5, -1.0));
        axis.scale = Scale::LinearReversed;
        assert_eq!(axis.position(100.0), 0.0);
    }

    #[test]
    fn shares_are_labelled_in_percent() {
        let axis = Axis::of_share("share", 0.031);
        assert_eq!(labels(&axis), ["0 %", "1 %", "2 %", "3 %"]);
    }
}
