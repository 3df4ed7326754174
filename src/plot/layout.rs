//! Finds the place of everything: a chart and a size become strokes in pixels.
//!
//! From the top: title, subtitle, legend, name of the vertical axis, labels of the markers, the plot, ticks, name of the
//! horizontal axis, note. All is measured on a picture of 1200 x 675 and scaled to others. Words never overlap: labels of
//! markers move aside, ticks give way to their neighbours, and what is too long is cut.

use super::axis::Tick;
use super::chart::{Align, Chart, ColorScale, Mark, Marker};
use super::color::{AXIS, Color, GRID, INK, MUTED};
use super::font::{cut, text_width};
use super::strokes::{Stroke, dashes};

/// Size that all lengths below are meant for.
const NORMAL: (f64, f64) = (1200.0, 675.0);
/// Exponent with which words shrink on pictures smaller than normal.
const SHRINKING: f64 = 0.6;
/// Blank at the left and right of everything.
const MARGIN: f64 = 32.0;
/// Blank at the top and bottom of everything.
const EDGE: f64 = 22.0;
/// Em of each kind of text.
const TITLE: f64 = 22.0;
const SUBTITLE: f64 = 14.5;
const LABEL: f64 = 13.5;
const NOTE: f64 = 12.0;
/// Heights of lines of text.
const LEGEND_ROW: f64 = 23.0;
const MARKER_ROW: f64 = 19.0;
/// Least and greatest height of the slanted lines that lead to labels set aside, and how it grows with their length.
const MARKER_LEAD: (f64, f64) = (16.0, 44.0);
const MARKER_SLOPE: f64 = 0.12;
/// Length of labelled and minor ticks.
const TICK: f64 = 6.0;
const TICK_MINOR: f64 = 3.5;
/// Largest share of the width that labels of the vertical axis take.
const Y_LABELS_MAX: f64 = 0.3;
/// Width that the colours of a heat map take at the right.
const COLOR_SCALE_WIDTH: f64 = 120.0;
/// Least height of the plot, and the share of the picture that head and legend may take.
const PLOT_MIN: f64 = 40.0;
const LEGEND_BOTTOM: f64 = 0.4;
/// Length of a legend's line.
const SWATCH: f64 = 22.0;
/// Most markers drawn.
const MARKERS_MAX: usize = 8;
/// Dashes and gaps.
const DASH: (f64, f64) = (7.0, 4.0);

/// Where the plot is.
#[derive(Debug, Clone, Copy)]
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Frame {
    fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Pixel of a point of the chart, held inside the plot; `None` if it is no number.
    fn place(&self, chart: &Chart, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        let (across, up) = (chart.x_axis.position(x), chart.y_axis.position(y));
        (across.is_finite() && up.is_finite()).then(|| {
            let (across, up) = (across.clamp(0.0, 1.0), up.clamp(0.0, 1.0));
            (self.left + across * self.width(), self.bottom - up * (self.bottom - self.top))
        })
    }

    fn x(&self, chart: &Chart, value: f64) -> f64 {
        self.left + chart.x_axis.position(value) * self.width()
    }

    fn y(&self, chart: &Chart, value: f64) -> f64 {
        self.bottom - chart.y_axis.position(value) * (self.bottom - self.top)
    }
}

/// The strokes of a chart on a picture of that size, in pixels.
pub(super) fn strokes(chart: &Chart, width: f64, height: f64) -> Vec<Stroke> {
    let ratio = (width / NORMAL.0).min(height / NORMAL.1);
    // Words on small pictures shrink less than the picture, or nobody could read them.
    let scale = if ratio < 1.0 { ratio.powf(SHRINKING) } else { ratio };
    let mut layout = Layout { chart, strokes: Vec::new(), width: width / scale, height: height / scale };
    layout.all();
    let mut strokes = layout.strokes;
    let place = |(x, y): &mut (f64, f64)| (*x, *y) = (*x * scale, *y * scale);
    for stroke in &mut strokes {
        match stroke {
            Stroke::Polygon { points, .. } => points.iter_mut().for_each(place),
            Stroke::Line { points, width, .. } => {
                points.iter_mut().for_each(place);
                *width *= scale;
            }
            Stroke::Text { at, size, .. } => {
                place(at);
                *size *= scale;
            }
        }
    }
    strokes
}

struct Layout<'a> {
    chart: &'a Chart,
    strokes: Vec<Stroke>,
    width: f64,
    height: f64,
}

/// A marker: where its line stands and where its label is centred.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Flag {
    line: f64,
    width: f64,
    center: f64,
}

impl<'a> Layout<'a> {
    fn all(&mut self) {
        let chart = self.chart;
        let y_labels = chart.y_axis.ticks.iter().map(|tick| text_width(&tick.label, LABEL, false));
        let y_labels = y_labels.fold(0.0, f64::max).min(self.width * Y_LABELS_MAX);
        let colors = if chart.color_scale.is_some() { COLOR_SCALE_WIDTH } else { 0.0 };
        let mut frame = Frame {
            left: MARGIN + y_labels + TICK + 6.0,
            right: self.width - MARGIN - colors,
            top: 0.0,
            bottom: self.height - EDGE - self.bottom_height(),
        };
        let top = self.head();
        let flags = self.flags(frame);
        let aside = flags.iter().map(|(_, flag)| (flag.center - flag.line).abs()).fold(0.0, f64::max);
        let lead = if aside > 1.0 { (aside * MARKER_SLOPE).clamp(MARKER_LEAD.0, MARKER_LEAD.1) } else { 0.0 };
        frame.top = top + 14.0 + if flags.is_empty() { 0.0 } else { MARKER_ROW + lead };
        frame.bottom = frame.bottom.max(frame.top + PLOT_MIN);
        self.grid(frame);
        for mark in &chart.series {
            self.mark(frame, mark);
        }
        self.axes(frame);
        self.markers(frame, &flags, lead);
        self.foot(frame);
        if let Some(scale) = &chart.color_scale {
            self.colors(frame, scale);
        }
    }

    fn text(&mut self, at: (f64, f64), text: &str, size: f64, color: Color, align: Align) {
        self.styled(at, text, size, false, color, align);
    }

    fn styled(&mut self, at: (f64, f64), text: &str, size: f64, bold: bool, color: Color, align: Align) {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if !text.trim().is_empty() {
            self.strokes.push(Stroke::Text { at, text, size, bold, color, align });
        }
    }

    fn line(&mut self, points: Vec<(f64, f64)>, color: Color, width: f64) {
        self.strokes.push(Stroke::Line { points, color, width });
    }

    fn rectangle(&mut self, x: (f64, f64), y: (f64, f64), color: Color) {
        let points = vec![(x.0, y.0), (x.1, y.0), (x.1, y.1), (x.0, y.1)];
        self.strokes.push(Stroke::Polygon { points, color, opacity: 1.0 });
    }

    /// Title, subtitle, legend and name of the vertical axis; returns how far down they reach.
    fn head(&mut self) -> f64 {
        let chart = self.chart;
        let room = self.width - 2.0 * MARGIN;
        let mut y = EDGE + TITLE * 0.8;
        self.styled((MARGIN, y), &cut(&chart.title, TITLE, true, room), TITLE, true, INK, Align::Left);
        if !chart.subtitle.is_empty() {
            y += 25.0;
            self.text((MARGIN, y), &cut(&chart.subtitle, SUBTITLE, false, room), SUBTITLE, MUTED, Align::Left);
        }
        y = self.legend(y, room);
        y += 12.0;
        if !chart.y_axis.label.is_empty() {
            y += 16.0;
            self.text((MARGIN, y), &cut(&chart.y_axis.label, LABEL, false, room), LABEL, MUTED, Align::Left);
        }
        y
    }

    /// Entries of the legend from left to right, in as many rows as they need.
    fn legend(&mut self, mut y: f64, room: f64) -> f64 {
        let mut x = f64::INFINITY;
        for entry in &self.chart.legend {
            let label = cut(&entry.label, LABEL, false, room - SWATCH - 8.0);
            let width = SWATCH + 8.0 + text_width(&label, LABEL, false);
            if x + width > MARGIN + room {
                if y + LEGEND_ROW > self.height * LEGEND_BOTTOM {
                    break;
                }
                x = MARGIN;
                y += LEGEND_ROW + if y < EDGE + 50.0 { 4.0 } else { 0.0 };
            }
            let middle = y - LABEL * 0.35;
            self.dashed(vec![(x, middle), (x + SWATCH, middle)], entry.color, 4.0, entry.dashed);
            self.text((x + SWATCH + 8.0, y), &label, LABEL, INK, Align::Left);
            x += width + 26.0;
        }
        y
    }

    fn dashed(&mut self, points: Vec<(f64, f64)>, color: Color, width: f64, dashed: bool) {
        if dashed {
            for piece in dashes(&points, DASH.0, DASH.1) {
                self.line(piece, color, width);
            }
        } else {
            self.line(points, color, width);
        }
    }

    /// Height of what stands below the plot.
    fn bottom_height(&self) -> f64 {
        let line = |text: &str, height: f64| if text.is_empty() { 0.0 } else { height };
        TICK + 20.0 + line(&self.chart.x_axis.label, 25.0) + line(&self.chart.note, 22.0)
    }

    fn grid(&mut self, frame: Frame) {
        let chart = self.chart;
        if chart.y_axis.grid {
            for tick in chart.y_axis.ticks.iter().filter(|tick| !tick.label.is_empty()) {
                let y = frame.y(chart, tick.at);
                self.line(vec![(frame.left, y), (frame.right, y)], GRID, 1.0);
            }
        }
        if chart.x_axis.grid {
            for tick in chart.x_axis.ticks.iter().filter(|tick| !tick.label.is_empty()) {
                let x = frame.x(chart, tick.at);
                self.line(vec![(x, frame.top), (x, frame.bottom)], GRID, 1.0);
            }
        }
    }

    fn mark(&mut self, frame: Frame, mark: &Mark) {
        let chart = self.chart;
        let places = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
            points.iter().filter_map(|&point| frame.place(chart, point)).collect()
        };
        match mark {
            Mark::Area { points, color, opacity } => {
                let mut points = places(points);
                if let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) {
                    points.extend([(last.0, frame.bottom), (first.0, frame.bottom)]);
                    self.strokes.push(Stroke::Polygon { points, color: *color, opacity: *opacity });
                }
            }
            Mark::Band { points, color, opacity } => {
                let low: Vec<_> = points.iter().map(|&(x, low, _)| (x, low)).collect();
                let high: Vec<_> = points.iter().rev().map(|&(x, _, high)| (x, high)).collect();
                let points = [places(&low), places(&high)].concat();
                if points.len() > 2 {
                    self.strokes.push(Stroke::Polygon { points, color: *color, opacity: *opacity });
                }
            }
            Mark::Line { points, color, width, dashed } => self.dashed(places(points), *color, *width, *dashed),
            Mark::Dots { points, color } => {
                for (x, y) in places(points) {
                    let corner = |k: u32| f64::from(k) * std::f64::consts::TAU / 24.0;
                    let points = (0..24).map(|k| (x + 4.0 * corner(k).cos(), y + 4.0 * corner(k).sin())).collect();
                    self.strokes.push(Stroke::Polygon { points, color: *color, opacity: 1.0 });
                }
            }
            Mark::Rectangle { x, y, color } => {
                let corners = places(&[(x.0, y.0), (x.1, y.1)]);
                if let [(left, low), (right, high)] = corners[..] {
                    self.rectangle((left, right), (low, high), *color);
                }
            }
            Mark::Text { at, text, color, align, room } => {
                let room = room.map_or(f64::INFINITY, |(from, to)| frame.x(chart, to) - frame.x(chart, from) - 6.0);
                let fits = text_width(text, LABEL, false) <= room;
                if let (true, Some((x, y))) = (fits, frame.place(chart, *at)) {
                    let aside = match align {
                        Align::Left => 7.0,
                        Align::Center => 0.0,
                        Align::Right => -7.0,
                    };
                    self.text((x + aside, y + LABEL * 0.36), text, LABEL, *color, *align);
                }
            }
        }
    }

    fn axes(&mut self, frame: Frame) {
        let chart = self.chart;
        self.line(vec![(frame.left, frame.bottom), (frame.right, frame.bottom)], AXIS, 1.4);
        let mut free_from = 0.0;
        let category = frame.width() / chart.x_axis.ticks.len().max(1) as f64 - 8.0;
        for tick in &chart.x_axis.ticks {
            let x = frame.x(chart, tick.at);
            let length = if tick.label.is_empty() { TICK_MINOR } else { TICK };
            self.line(vec![(x, frame.bottom), (x, frame.bottom + length)], AXIS, 1.2);
            let label = if chart.x_axis.grid { tick.label.clone() } else { cut(&tick.label, LABEL, false, category) };
            let half = text_width(&label, LABEL, false) / 2.0;
            if !label.is_empty() && x - half >= free_from && x + half <= self.width - 4.0 {
                self.text((x, frame.bottom + TICK + 15.0), &label, LABEL, MUTED, Align::Center);
                free_from = x + half + 10.0;
            }
        }
        self.y_ticks(frame, &chart.y_axis.ticks);
    }

    fn y_ticks(&mut self, frame: Frame, ticks: &[Tick]) {
        let mut taken: Vec<f64> = Vec::new();
        for tick in ticks.iter().filter(|tick| !tick.label.is_empty()) {
            let y = frame.y(self.chart, tick.at);
            if taken.iter().all(|other| (other - y).abs() >= LABEL * 1.15) {
                let label = cut(&tick.label, LABEL, false, self.width * Y_LABELS_MAX);
                let at = (frame.left - TICK - 3.0, y + LABEL * 0.36);
                self.text(at, &label, LABEL, MUTED, Align::Right);
                taken.push(y);
            }
        }
    }

    /// The markers that lie inside the plot, from left to right, with places for their labels; as many as fit.
    fn flags(&self, frame: Frame) -> Vec<(&'a Marker, Flag)> {
        let inside = |marker: &&'a Marker| (0.0..=1.0).contains(&self.chart.x_axis.position(marker.at));
        let mut markers: Vec<&'a Marker> = self.chart.markers.iter().filter(inside).take(MARKERS_MAX).collect();
        markers.sort_by(|a, b| self.chart.x_axis.position(a.at).total_cmp(&self.chart.x_axis.position(b.at)));
        let width = |marker: &Marker| text_width(&marker.label, LABEL, true) + 16.0;
        let room = self.width - MARGIN;
        while markers.iter().map(|marker| width(marker)).sum::<f64>() > room {
            markers.pop();
        }
        let flag = |marker: &&Marker| {
            let line = frame.x(self.chart, marker.at);
            Flag { line, width: width(marker), center: line }
        };
        let mut flags: Vec<Flag> = markers.iter().map(flag).collect();
        spread_out(&mut flags, MARGIN / 2.0, self.width - MARGIN / 2.0);
        markers.into_iter().zip(flags).collect()
    }

    fn markers(&mut self, frame: Frame, flags: &[(&Marker, Flag)], lead: f64) {
        for (marker, flag) in flags {
            let foot = frame.top - 5.0 - lead;
            self.dashed(vec![(flag.line, frame.bottom), (flag.line, frame.top - 5.0)], marker.color, 1.5, true);
            if lead > 0.0 {
                self.line(vec![(flag.line, frame.top - 5.0), (flag.center, foot)], marker.color, 1.2);
            }
            // Light colours are too faint for letters.
            let color = if marker.color.luminance() > 0.2 { marker.color.mix(INK, 0.4) } else { marker.color };
            self.styled((flag.center, foot - 6.0), &marker.label, LABEL, true, color, Align::Center);
        }
    }

    fn foot(&mut self, frame: Frame) {
        let chart = self.chart;
        let mut y = frame.bottom + TICK + 20.0;
        if !chart.x_axis.label.is_empty() {
            y += 21.0;
            let label = cut(&chart.x_axis.label, LABEL, false, frame.width());
            self.text((f64::midpoint(frame.left, frame.right), y), &label, LABEL, MUTED, Align::Center);
        }
        if !chart.note.is_empty() {
            let note = cut(&chart.note, NOTE, false, self.width - 2.0 * MARGIN);
            self.text((MARGIN, self.height - EDGE + 4.0), &note, NOTE, MUTED, Align::Left);
        }
    }

    /// The colours of a heat map and their values, at the right of the plot.
    fn colors(&mut self, frame: Frame, scale: &ColorScale) {
        const STEPS: u32 = 64;
        let (left, right) = (frame.right + 26.0, frame.right + 46.0);
        let height = frame.bottom - frame.top;
        let at = |share: f64| frame.bottom - share * height;
        for step in 0..STEPS {
            let share = |step: u32| f64::from(step) / f64::from(STEPS);
            let color = Color::of_ramp((share(step) + share(step + 1)) / 2.0);
            self.rectangle((left, right), (at(share(step)), at(share(step + 1))), color);
        }
        let room = self.width - right - 14.0;
        for tick in scale.axis.ticks.iter().filter(|tick| !tick.label.is_empty()) {
            let y = at(scale.axis.position(tick.at));
            self.line(vec![(right, y), (right + 4.0, y)], AXIS, 1.2);
            let label = cut(&tick.label, LABEL, false, room);
            self.text((right + 8.0, y + LABEL * 0.36), &label, LABEL, MUTED, Align::Left);
        }
        let label = cut(&scale.axis.label, LABEL, false, COLOR_SCALE_WIDTH);
        self.text((self.width - MARGIN, frame.top - 12.0), &label, LABEL, MUTED, Align::Right);
    }
}

/// Moves labels that overlap apart, as little as possible, and into `low..=high`; their order stays, so that the lines
/// to them do not cross.
///
/// Labels that touch form a group, which stands where the mean of what its members want is.
fn spread_out(flags: &mut [Flag], low: f64, high: f64) {
    /// Members, width, and the left end wanted.
    struct Group {
        members: usize,
        width: f64,
        left: f64,
    }
    let mut groups: Vec<Group> = Vec::new();
    for flag in &*flags {
        let mut group = Group { members: 1, width: flag.width, left: flag.line - flag.width / 2.0 };
        group.left = group.left.min(high - group.width).max(low);
        while let Some(before) = groups.pop_if(|before| before.left + before.width > group.left) {
            let members = before.members + group.members;
            let wanted = before.left * before.members as f64 + (group.left - before.width) * group.members as f64;
            let width = before.width + group.width;
            let left = (wanted / members as f64).min(high - width).max(low);
            group = Group { members, width, left };
        }
        groups.push(group);
    }
    let mut rest = flags.iter_mut();
    for group in groups {
        let mut left = group.left;
        for flag in rest.by_ref().take(group.members) {
            flag.center = left + flag.width / 2.0;
            left += flag.width;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use super::super::axis::{Axis, Scale};
    use super::super::chart::LegendEntry;
    use crate::units::{TimeUnit, Unit};

    /// A chart with as much to say as there can be.
    fn crowded() -> Chart {
        let ms = Unit::Time(TimeUnit::Millisecond);
        let x_axis = Axis::of_quantity("response time", Some(&ms), Scale::Log, 0.001, 90.0);
        let mut chart =
            Chart::new("a title that goes on ".repeat(12), x_axis, Axis::of_share("share of samples", 0.031));
        chart.subtitle = "a subtitle that goes on ".repeat(12);
        chart.note = "a note that goes on ".repeat(20);
        for index in 0..9u32 {
            let (color, at) = (Color::of_series(index as usize), 20.0 + f64::from(index) * 5.0);
            chart.markers.push(Marker { at, label: format!("p99.9 {at:.1} ms"), color });
            let label = format!("scenario {index}: p50 12.7 µs, p99 6.49 ms");
            chart.legend.push(LegendEntry { label, color, dashed: index >= 6 });
        }
        chart
    }

    #[test]
    fn no_text_overlaps_another_or_leaves_the_picture() {
        for (width, height) in [(1200.0, 675.0), (640.0, 480.0), (3000.0, 1000.0), (600.0, 900.0), (400.0, 300.0)] {
            let strokes = strokes(&crowded(), width, height);
            let boxes: Vec<_> = strokes
                .iter()
                .filter_map(|stroke| match stroke {
                    Stroke::Text { at: (x, y), text, size, bold, align, .. } => {
                        let wide = text_width(text, *size, *bold);
                        let left = match align {
                            Align::Left => *x,
                            Align::Center => x - wide / 2.0,
                            Align::Right => x - wide,
                        };
                        Some((text, left, left + wide, y - 0.74 * size, y + 0.2 * size))
                    }
                    _ => None,
                })
                .collect();
            assert!(boxes.len() > 20);
            for (at, (text, left, right, top, bottom)) in boxes.iter().enumerate() {
                let inside = *left >= 0.0 && *right <= width && *top >= 0.0 && *bottom <= height;
                assert!(inside, "{text} at {width} x {height}: {left} {right} {top} {bottom}");
                for (other, other_left, other_right, other_top, other_bottom) in &boxes[at + 1..] {
                    let apart =
                        right <= other_left || other_right <= left || bottom <= other_top || other_bottom <= top;
                    assert!(apart, "{text} and {other} at {width} x {height}");
                }
            }
        }
    }

    fn spread(lines: &[f64], width: f64) -> Vec<f64> {
        let mut flags: Vec<Flag> = lines.iter().map(|&line| Flag { line, width, center: line }).collect();
        spread_out(&mut flags, 0.0, 1000.0);
        flags.iter().map(|flag| flag.center).collect()
    }

    #[test]
    fn labels_apart_stay_above_their_lines() {
        assert_eq!(spread(&[100.0, 300.0, 500.0], 100.0), [100.0, 300.0, 500.0]);
    }

    #[test]
    fn labels_close_together_move_apart_evenly() {
        assert_eq!(spread(&[500.0, 500.0, 500.0], 100.0), [400.0, 500.0, 600.0]);
        assert_eq!(spread(&[100.0, 480.0, 520.0, 900.0], 100.0), [100.0, 450.0, 550.0, 900.0]);
    }

    #[test]
    fn labels_at_the_edge_stay_inside() {
        assert_eq!(spread(&[0.0, 990.0, 1000.0], 100.0), [50.0, 850.0, 950.0]);
    }
}
