//! Heat maps: one figure over two parameters.

use super::axis::{Axis, Scale};
use super::chart::{Align, Chart, ColorScale, Mark};
use super::figures::label;
use super::lines::spread;
use crate::units::{Unit, format_value};

/// Ratio of the largest to the smallest value from which colours go by ratio.
const LOG_RATIO: f64 = 25.0;
/// Most rows that are tall enough for figures.
const ROWS_WITH_FIGURES_MAX: usize = 30;
/// Share of a cell left blank around it.
const GAP: f64 = 0.015;

/// A figure over two parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// Title.
    pub title: String,
    /// Name of the horizontal parameter.
    pub x_name: String,
    /// Its values, ascending.
    pub x_values: Vec<f64>,
    /// Name of the vertical parameter.
    pub y_name: String,
    /// Its values, ascending.
    pub y_values: Vec<f64>,
    /// Name of the figure.
    pub figure: String,
    /// Unit of the figure.
    pub unit: Option<Unit>,
    /// The figure, `values[y][x]`; `None` where there is none.
    pub values: Vec<Vec<Option<f64>>>,
}

/// Chart of a heat map: the lower a figure the lighter its cell, with the figure written where it fits.
#[must_use]
pub fn heat_map_chart(map: &HeatMap) -> Chart {
    let names = |values: &[f64]| values.iter().map(|&value| format_value(value, Some(0.0))).collect::<Vec<_>>();
    let figures = || map.values.iter().flatten().flatten().copied().filter(|value| value.is_finite());
    let (low, high) = spread(figures(), 0.0);
    let log = low > 0.0 && high / low >= LOG_RATIO;
    let scale = if log { Scale::Log } else { Scale::Linear };
    let unit = map.unit.as_ref();
    let colors = ColorScale { axis: Axis::of_quantity(&map.figure, unit, scale, low, high) };
    let x_axis = Axis::of_names(&map.x_name, &names(&map.x_values), Scale::Linear);
    let mut chart = Chart::new(&map.title, x_axis, Axis::of_names(&map.y_name, &names(&map.y_values), Scale::Linear));
    for (row, values) in map.values.iter().enumerate().take(map.y_values.len()) {
        for (column, value) in values.iter().enumerate().take(map.x_values.len()) {
            let Some(value) = value.filter(|value| value.is_finite()) else {
                continue;
            };
            let (x, y) = (column as f64, row as f64);
            let color = colors.color(value);
            chart.series.push(Mark::Rectangle { x: (x + GAP, x + 1.0 - GAP), y: (y + GAP, y + 1.0 - GAP), color });
            if map.y_values.len() > ROWS_WITH_FIGURES_MAX {
                continue;
            }
            chart.series.push(Mark::Text {
                at: (x + 0.5, y + 0.5),
                text: label(value, unit),
                color: color.text_on(),
                align: Align::Center,
                room: Some((x, x + 1.0)),
            });
        }
    }
    chart.color_scale = Some(colors);
    chart
}
