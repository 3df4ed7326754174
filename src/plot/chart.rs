//! A chart as plain data: title, axes with their ticks, marks in the units of the axes, markers, legend.
//!
//! It holds no pixel and no font: layout finds the places.

use super::axis::Axis;
use super::color::Color;

/// Everything a picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Title; cut if it is too long for the picture.
    pub title: String,
    /// Line under the title; empty for none.
    pub subtitle: String,
    /// Horizontal axis.
    pub x_axis: Axis,
    /// Vertical axis.
    pub y_axis: Axis,
    /// What is drawn, in that order.
    pub series: Vec<Mark>,
    /// Lines across the plot with a label above it.
    pub markers: Vec<Marker>,
    /// Names of the series; empty for one series.
    pub legend: Vec<LegendEntry>,
    /// Scale of a heat map's colours.
    pub color_scale: Option<ColorScale>,
    /// Line under the plot, such as what was clipped; empty for none.
    pub note: String,
}

/// One thing drawn, in the units of the axes.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// Area between a line and the lower end of the vertical axis.
    Area {
        /// Points of the line.
        points: Vec<(f64, f64)>,
        /// Colour.
        color: Color,
        /// From 0 (invisible) to 1.
        opacity: f64,
    },
    /// Area between two lines.
    Band {
        /// `(x, low, high)`.
        points: Vec<(f64, f64, f64)>,
        /// Colour.
        color: Color,
        /// From 0 (invisible) to 1.
        opacity: f64,
    },
    /// A line.
    Line {
        /// Points.
        points: Vec<(f64, f64)>,
        /// Colour.
        color: Color,
        /// Width in pixels of a picture of normal size.
        width: f64,
        /// Whether it is dashed.
        dashed: bool,
    },
    /// A dot for each point.
    Dots {
        /// Points.
        points: Vec<(f64, f64)>,
        /// Colour.
        color: Color,
    },
    /// A filled rectangle.
    Rectangle {
        /// Left and right end.
        x: (f64, f64),
        /// Lower and upper end.
        y: (f64, f64),
        /// Colour.
        color: Color,
    },
    /// Words at a point, centred vertically; left out where they would not fit `room`.
    Text {
        /// The point.
        at: (f64, f64),
        /// The words.
        text: String,
        /// Colour.
        color: Color,
        /// Which side of the words the point is at.
        align: Align,
        /// Width that the words must fit, in units of the horizontal axis around the point.
        room: Option<(f64, f64)>,
    },
}

/// Which part of a text stands at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Align {
    /// The beginning.
    Left,
    /// The middle.
    Center,
    /// The end.
    Right,
}

/// A vertical line at a value, with a label above the plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Marker {
    /// Where on the horizontal axis.
    pub at: f64,
    /// Label.
    pub label: String,
    /// Colour.
    pub color: Color,
}

/// Name and colour of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct LegendEntry {
    /// Name.
    pub label: String,
    /// Colour.
    pub color: Color,
    /// Whether its line is dashed.
    pub dashed: bool,
}

/// What the colours of a heat map mean.
#[derive(Debug, Clone, PartialEq)]
pub struct ColorScale {
    /// Values and their ticks.
    pub axis: Axis,
}

impl Chart {
    /// Chart with these axes and nothing in it.
    #[must_use]
    pub fn new(title: impl Into<String>, x_axis: Axis, y_axis: Axis) -> Self {
        Self {
            title: title.into(),
            subtitle: String::new(),
            x_axis,
            y_axis,
            series: Vec::new(),
            markers: Vec::new(),
            legend: Vec::new(),
            color_scale: None,
            note: String::new(),
        }
    }
}

impl ColorScale {
    /// Colour of a value.
    #[must_use]
    pub fn color(&self, value: f64) -> Color {
        Color::of_ramp(self.axis.position(value))
    }
}
