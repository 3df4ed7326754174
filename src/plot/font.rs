//! The built-in font (DejaVu Sans): widths of texts and their pixels.
//!
//! Glyphs are placed at fractions of a pixel and keep their side bearings, which the text of the drawing backend does
//! not: its letters stand unevenly. Characters that the font lacks show its box.

use std::sync::OnceLock;

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};

/// The regular and the bold face; absent only if the embedded file could not be read.
static FACES: OnceLock<[Option<FontRef<'static>>; 2]> = OnceLock::new();

fn face(bold: bool) -> Option<&'static FontRef<'static>> {
    let faces = FACES.get_or_init(|| {
        [dejavu::sans::regular(), dejavu::sans::bold()].map(|bytes| FontRef::try_from_slice(bytes).ok())
    });
    faces[usize::from(bold)].as_ref()
}

/// Scale at which an em is `size` pixels.
fn px_scale(font: &FontRef<'_>, size: f64) -> PxScale {
    let units_per_em = font.units_per_em().unwrap_or(font.height_unscaled());
    PxScale::from(size as f32 * font.height_unscaled() / units_per_em)
}

/// Width of `text` in pixels, with an em of `size` pixels.
pub(super) fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    let Some(font) = face(bold) else {
        return text.chars().count() as f64 * size * 0.6;
    };
    let scaled = font.as_scaled(px_scale(font, size));
    let mut width = 0.0;
    let mut previous = None;
    for character in text.chars() {
        let glyph = font.glyph_id(character);
        width += previous.map_or(0.0, |previous| scaled.kern(previous, glyph)) + scaled.h_advance(glyph);
        previous = Some(glyph);
    }
    f64::from(width)
}

/// Calls `put(x, y, coverage)` for each pixel of `text` whose baseline begins at `at`.
pub(super) fn rasterize(text: &str, at: (f64, f64), size: f64, bold: bool, mut put: impl FnMut(i64, i64, f64)) {
    let Some(font) = face(bold) else {
        return;
    };
    let scale = px_scale(font, size);
    let scaled = font.as_scaled(scale);
    let mut x = at.0 as f32;
    let mut previous = None;
    for character in text.chars() {
        let id = font.glyph_id(character);
        x += previous.map_or(0.0, |previous| scaled.kern(previous, id));
        let glyph = id.with_scale_and_position(scale, point(x, at.1 as f32));
        if let Some(outline) = font.outline_glyph(glyph) {
            let (left, top) = (outline.px_bounds().min.x as i64, outline.px_bounds().min.y as i64);
            outline.draw(|dx, dy, coverage| put(left + i64::from(dx), top + i64::from(dy), f64::from(coverage)));
        }
        x += scaled.h_advance(id);
        previous = Some(id);
    }
}

/// The text cut to `width` pixels, with `…` where it was cut.
pub(super) fn cut(text: &str, size: f64, bold: bool, width: f64) -> String {
    if text_width(text, size, bold) <= width {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let cut_at = |len: usize| format!("{}…", characters[..len].iter().collect::<String>().trim_end());
    // Width grows with length, so halving finds the longest that fits.
    let (mut fits, mut too_long) = (0, characters.len());
    while fits + 1 < too_long {
        let middle = usize::midpoint(fits, too_long);
        if text_width(&cut_at(middle), size, bold) <= width { fits = middle } else { too_long = middle }
    }
    cut_at(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_are_readable_and_have_the_letters_of_labels() {
        for bold in [false, true] {
            let font = face(bold).expect("the embedded font is readable");
            for character in "pµs%±…∞·≤×–é".chars() {
                assert_ne!(font.glyph_id(character).0, 0, "{character}");
            }
        }
    }

    #[test]
    fn an_em_is_as_wide_as_the_font_says() {
        // DejaVu Sans: the advance of `M` is 1767 of 2048 units.
        assert!((text_width("M", 2048.0, false) - 1767.0).abs() < 1.0);
    }

    #[test]
    fn texts_are_cut_to_the_width() {
        let short = cut("a rather long title", 10.0, false, 60.0);
        assert!(short.ends_with('…') && text_width(&short, 10.0, false) <= 60.0, "{short}");
        assert_eq!(cut("short", 10.0, false, 600.0), "short");
        assert_eq!(cut("short", 10.0, false, 0.0), "…");
    }
}
