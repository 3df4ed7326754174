//! What a laid-out chart is made of: polygons, lines and texts in pixels, in drawing order.

use plotters::backend::DrawingBackend;
use plotters::style::{RGBAColor, ShapeStyle};

use super::PlotError;
use super::chart::Align;
use super::color::Color;

/// One thing to paint, in pixels from the top left corner.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stroke {
    /// A filled polygon.
    Polygon { points: Vec<(f64, f64)>, color: Color, opacity: f64 },
    /// A line through points.
    Line { points: Vec<(f64, f64)>, color: Color, width: f64 },
    /// A text whose baseline is at `y`.
    Text { at: (f64, f64), text: String, size: f64, bold: bool, color: Color, align: Align },
}

fn style(color: Color, opacity: f64, stroke_width: u32) -> ShapeStyle {
    ShapeStyle { color: RGBAColor(color.0, color.1, color.2, opacity), filled: true, stroke_width }
}

/// Paints the shapes, not the texts, at `scale` backend units a pixel.
pub(super) fn paint_shapes<B: DrawingBackend>(
    strokes: &[Stroke],
    backend: &mut B,
    scale: f64,
) -> Result<(), PlotError> {
    let coordinate = |&(x, y): &(f64, f64)| ((x * scale).round() as i32, (y * scale).round() as i32);
    for stroke in strokes {
        match stroke {
            Stroke::Polygon { points, color, opacity } => {
                let style = style(*color, *opacity, 1);
                backend.fill_polygon(points.iter().map(coordinate), &style).map_err(PlotError::backend)?;
            }
            Stroke::Line { points, color, width } => {
                let width = (width * scale).round().max(1.0) as u32;
                let mut path: Vec<(i32, i32)> = points.iter().map(coordinate).collect();
                path.dedup();
                if path.len() > 1 {
                    backend.draw_path(path, &style(*color, 1.0, width)).map_err(PlotError::backend)?;
                }
            }
            Stroke::Text { .. } => {}
        }
    }
    Ok(())
}

/// Cuts a line into dashes of `on` pixels with gaps of `off`.
pub(super) fn dashes(points: &[(f64, f64)], on: f64, off: f64) -> Vec<Vec<(f64, f64)>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<(f64, f64)> = points.first().map(|&point| vec![point]).unwrap_or_default();
    let (mut left, mut drawing) = (on, true);
    for pair in points.windows(2) {
        let ((mut x, mut y), (end_x, end_y)) = (pair[0], pair[1]);
        loop {
            let length = (end_x - x).hypot(end_y - y);
            if length <= left {
                left -= length;
                if drawing {
                    piece.push((end_x, end_y));
                }
                break;
            }
            x += (end_x - x) / length * left;
            y += (end_y - y) / length * left;
            if drawing {
                piece.push((x, y));
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![(x, y)];
            }
            drawing = !drawing;
            left = if drawing { on } else { off };
        }
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_into_dashes_around_corners() {
        let pieces = dashes(&[(0.0, 0.0), (4.0, 0.0), (4.0, 6.0)], 3.0, 2.0);
        assert_eq!(pieces, [vec![(0.0, 0.0), (3.0, 0.0)], vec![(4.0, 1.0), (4.0, 4.0)],]);
        assert_eq!(dashes(&[], 3.0, 2.0), Vec::<Vec<(f64, f64)>>::new());
    }
}
