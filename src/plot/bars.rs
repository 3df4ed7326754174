//! Horizontal bars: shares of the tail by service, or a tornado of how far each input moves a figure.

use super::axis::{Axis, Scale};
use super::chart::{Align, Chart, LegendEntry, Mark};
use super::color::{Color, INK, MUTED, PAPER};
use super::figures::short_label;
use super::lines::spread;
use crate::units::Unit;

/// Share of a row left blank above and below its bar.
const GAP: f64 = 0.19;

/// Most bars that are tall enough for a figure beside them.
const FIGURES_MAX: usize = 32;
/// Share of the axis that a figure beside a bar takes.
const FIGURE_ROOM: f64 = 0.08;

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Name at the left.
    pub name: String,
    /// Where the bar begins: 0 for a share, the low end for a tornado.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// A value to compare with, drawn as a line across the bar.
    pub reference: Option<f64>,
}

/// Chart of bars in the order given, the first at the top.
///
/// # Parameters
/// - `x`: name and unit of the values; a unit `%` is written after each.
/// - `baseline`: where the bars of a tornado cross; `None` for bars from zero.
/// - `reference`: what the lines across the bars mean; empty if there are none.
#[must_use]
pub fn bar_chart(title: &str, x: (&str, Option<&Unit>), bars: &[Bar], baseline: Option<f64>, reference: &str) -> Chart {
    let names: Vec<String> = bars.iter().map(|bar| bar.name.clone()).collect();
    let ends = bars.iter().flat_map(|bar| [Some(bar.from), Some(bar.to), bar.reference]).flatten();
    let (low, high) = spread(ends.chain(baseline).filter(|value| value.is_finite()), 0.0);
    // Room for the figures beside the bars.
    let room = (high - low) * 0.12;
    let low = if baseline.is_some() || low < 0.0 { low - room } else { low.min(0.0) };
    let x_axis = Axis::of_quantity(x.0, x.1, Scale::Linear, low, high + room);
    let mut chart = Chart::new(title, x_axis, Axis::of_names("", &names, Scale::LinearReversed));
    let base = baseline.unwrap_or(0.0);
    for (index, bar) in bars.iter().enumerate() {
        let row = index as f64;
        let y = (row + GAP, row + 1.0 - GAP);
        let (from, to) = (bar.from.min(bar.to), bar.from.max(bar.to));
        // What lies below the baseline and what lies above it differ in colour.
        for (part, color) in
            [((from, to.min(base)), Color::of_series(0)), ((from.max(base), to), tornado_color(baseline))]
        {
            if part.1 > part.0 {
                chart.series.push(Mark::Rectangle { x: part, y, color });
            }
        }
        if bars.len() <= FIGURES_MAX {
            push_figures(&mut chart, bar, row + 0.5, baseline.is_some(), x.1);
        }
        if let Some(reference) = bar.reference {
            let points = vec![(reference, row + GAP * 0.5), (reference, row + 1.0 - GAP * 0.5)];
            // A light rim keeps the line visible on its bar.
            chart.series.push(Mark::Line { points: points.clone(), color: PAPER, width: 6.0, dashed: false });
            chart.series.push(Mark::Line { points, color: INK, width: 2.4, dashed: false });
        }
    }
    if let Some(base) = baseline {
        let points = vec![(base, 0.0), (base, bars.len() as f64)];
        chart.series.push(Mark::Line { points, color: MUTED, width: 1.4, dashed: false });
    }
    if !reference.is_empty() {
        chart.legend.push(LegendEntry { label: x.0.to_owned(), color: Color::of_series(0), dashed: false });
        chart.legend.push(LegendEntry { label: reference.to_owned(), color: INK, dashed: false });
    }
    chart
}

fn tornado_color(baseline: Option<f64>) -> Color {
    Color::of_series(usize::from(baseline.is_some()))
}

/// Writes the values at the ends of a bar: both of a tornado, the farther one otherwise.
fn push_figures(chart: &mut Chart, bar: &Bar, y: f64, both: bool, unit: Option<&Unit>) {
    let (low, high) = (bar.from.min(bar.to), bar.from.max(bar.to));
    let series = &mut chart.series;
    let mut push = |value: f64, at: f64, align: Align| {
        series.push(Mark::Text { at: (at, y), text: short_label(value, unit), color: INK, align, room: None });
    };
    let is_negative = high <= 0.0 && low < 0.0;
    if both || is_negative {
        push(low, low, Align::Right);
    }
    if both || !is_negative {
        // The figure stands clear of a line of reference that is close.
        let room = (chart.x_axis.high - chart.x_axis.low) * FIGURE_ROOM;
        let close = bar.reference.filter(|reference| (high..high + room).contains(reference));
        push(high, close.unwrap_or(high), Align::Left);
    }
}
