//! Lines over a parameter with the error of each point: what a sweep yields.

use super::axis::{Axis, Scale};
use super::chart::{Chart, LegendEntry, Mark};
use super::color::Color;
use crate::units::Unit;

/// Ratio of the largest to the smallest value from which the vertical axis is logarithmic.
const LOG_RATIO: f64 = 30.0;
/// Most points that get a dot.
const DOTS_MAX: usize = 40;

/// One line of a line chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Name in the legend, such as `p99`.
    pub name: String,
    /// Points, by ascending `x`.
    pub points: Vec<LinePoint>,
}

/// A point with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinePoint {
    /// Value of the parameter.
    pub x: f64,
    /// Value of the figure; a point without one interrupts the line.
    pub y: Option<f64>,
    /// Interval of the figure, if known.
    pub interval: Option<(f64, f64)>,
}

/// Chart of figures over a parameter, each line with the band of its intervals.
///
/// # Parameters
/// - `x`: name and unit of the parameter; `y`: those of the figures.
#[must_use]
pub fn line_chart(title: &str, x: (&str, Option<&Unit>), y: (&str, Option<&Unit>), lines: &[Line]) -> Chart {
    let points = || lines.iter().flat_map(|line| &line.points);
    let finite = |value: &f64| value.is_finite();
    let xs = points().map(|point| point.x).filter(finite);
    let ys = points().flat_map(|p| [p.y, p.interval.map(|i| i.0), p.interval.map(|i| i.1)]).flatten().filter(finite);
    let (x_low, x_high) = spread(xs, 0.0);
    let (y_low, y_high) = spread(ys, 0.05);
    let values = || points().filter_map(|point| point.y).filter(finite);
    let smallest = values().fold(f64::INFINITY, f64::min);
    let log = y_low > 0.0 && smallest > 0.0 && values().fold(0.0, f64::max) / smallest >= LOG_RATIO;
    // A line chart of times begins at zero unless that would waste most of it.
    let y_low = if !log && y_low > 0.0 && y_low < 0.6 * y_high { 0.0 } else { y_low };
    let scale = if log { Scale::Log } else { Scale::Linear };
    let x_axis = Axis::of_quantity(x.0, x.1, Scale::Linear, x_low, x_high);
    let mut chart = Chart::new(title, x_axis, Axis::of_quantity(y.0, y.1, scale, y_low, y_high));
    for (index, line) in lines.iter().enumerate() {
        let (color, dashed) = (Color::of_series(index), index >= 6);
        for piece in pieces(&line.points) {
            push_piece(&mut chart, &piece, color, dashed);
        }
        if lines.len() > 1 {
            chart.legend.push(LegendEntry { label: line.name.clone(), color, dashed });
        }
    }
    if points().any(|point| point.interval.is_some()) {
        "bands: 95 % intervals".clone_into(&mut chart.note);
    }
    chart
}

/// The runs of points between those without a value.
fn pieces(points: &[LinePoint]) -> Vec<Vec<LinePoint>> {
    let has_value = |point: &LinePoint| point.x.is_finite() && point.y.is_some_and(f64::is_finite);
    points.split(|point| !has_value(point)).filter(|piece| !piece.is_empty()).map(<[LinePoint]>::to_vec).collect()
}

fn push_piece(chart: &mut Chart, piece: &[LinePoint], color: Color, dashed: bool) {
    let points: Vec<(f64, f64)> = piece.iter().filter_map(|point| Some((point.x, point.y?))).collect();
    let band: Vec<(f64, f64, f64)> =
        piece.iter().filter_map(|point| point.interval.map(|(low, high)| (point.x, low, high))).collect();
    if band.len() > 1 {
        chart.series.push(Mark::Band { points: band, color, opacity: 0.18 });
    }
    if points.len() <= DOTS_MAX {
        chart.series.push(Mark::Dots { points: points.clone(), color });
    }
    chart.series.push(Mark::Line { points, color, width: 2.2, dashed });
}

/// Smallest and largest value with `room` at either end; a usable range whatever the values.
pub(super) fn spread(values: impl Iterator<Item = f64>, room: f64) -> (f64, f64) {
    let values = values.map(|value| value.clamp(-1e300, 1e300));
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if low > high {
        return (0.0, 1.0);
    }
    let range = high - low;
    if range > 0.0 && range.is_finite() {
        let low_room = low - range * room;
        // Room must not take a positive range below zero.
        (if low > 0.0 && low_room <= 0.0 { low * (1.0 - room) } else { low_room }, high + range * room)
    } else {
        let half = (low.abs() * 0.1).max(0.5);
        (low - half, high + half)
    }
}
