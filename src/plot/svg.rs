//! Strokes as an SVG: ten units a pixel, since the drawing backend knows whole coordinates only.

use plotters::backend::DrawingBackend as _;
use plotters::backend::SVGBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontFamily, FontStyle, RGBColor, TextStyle};

use super::PlotError;
use super::chart::Align;
use super::color::PAPER;
use super::strokes::{Stroke, paint_shapes};

/// Units a pixel.
const UNITS: u32 = 10;
/// Fonts in the order wanted: the one that widths are measured with first.
const FONTS: &str = "DejaVu Sans, Verdana, sans-serif";
/// Size that the backend divides a font size by.
const BACKEND_FONT_RATIO: f64 = 1.24;
/// How far below the given place the backend puts the baseline of a text anchored at its top, in ems.
const BACKEND_BASELINE: f64 = 0.76;

/// The picture as SVG text.
pub(super) fn render(strokes: &[Stroke], width: u32, height: u32, title: &str) -> Result<String, PlotError> {
    let mut text = String::new();
    let (wide, high) = (width * UNITS, height * UNITS);
    let scale = f64::from(UNITS);
    {
        let mut backend = SVGBackend::with_string(&mut text, (wide, high));
        let paper = RGBColor(PAPER.0, PAPER.1, PAPER.2).filled();
        backend.draw_rect((0, 0), (wide as i32, high as i32), &paper, true).map_err(PlotError::backend)?;
        paint_shapes(strokes, &mut backend, scale)?;
        for stroke in strokes {
            if let Stroke::Text { at, text, size, bold, color, align } = stroke {
                let family = FontFamily::Name(FONTS);
                let weight = if *bold { FontStyle::Bold } else { FontStyle::Normal };
                let side = match align {
                    Align::Left => HPos::Left,
                    Align::Center => HPos::Center,
                    Align::Right => HPos::Right,
                };
                let color = RGBColor(color.0, color.1, color.2);
                let style = TextStyle::from((family, size * scale * BACKEND_FONT_RATIO, weight))
                    .color(&color)
                    .pos(Pos::new(side, VPos::Top));
                let top = at.1 - size * BACKEND_BASELINE;
                let place = ((at.0 * scale).round() as i32, (top * scale).round() as i32);
                backend.draw_text(text, &style, place).map_err(PlotError::backend)?;
            }
        }
        backend.present().map_err(PlotError::backend)?;
    }
    // The size in pixels outside, the units inside.
    let sized = text.replacen(
        &format!("width=\"{wide}\" height=\"{high}\""),
        &format!("width=\"{width}\" height=\"{height}\""),
        1,
    );
    let named = format!(" role=\"img\">\n<title>{}</title>", escape(title));
    Ok(sized.replacen('>', &named, 1))
}

/// The text with the characters that XML reserves, and those that it forbids, replaced.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            other if other.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
