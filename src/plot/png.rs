//! Strokes as a PNG: shapes painted at three times the size and averaged, texts painted at their own.
//!
//! The encoder writes what charts need, 8-bit RGB, and nothing else.

use std::io::Write as _;

use flate2::{Compression, Crc, write::ZlibEncoder};
use plotters::backend::BitMapBackend;

use super::PlotError;
use super::chart::Align;
use super::color::{Color, PAPER};
use super::font;
use super::strokes::{Stroke, paint_shapes};

/// Pixels painted a side for each pixel of the picture.
const OVERSAMPLING: u32 = 3;
/// Largest number of painted pixels; larger pictures are painted at their own size.
const PAINTED_MAX: u64 = 40_000_000;
/// Bytes a pixel.
const CHANNELS: usize = 3;

/// The picture as the bytes of a PNG file.
pub(super) fn render(strokes: &[Stroke], width: u32, height: u32) -> Result<Vec<u8>, PlotError> {
    let area = u64::from(width) * u64::from(height);
    let oversampling = (1..=OVERSAMPLING).rev().find(|&times| area * u64::from(times * times) <= PAINTED_MAX);
    let oversampling = oversampling.unwrap_or(1);
    let mut pixels = paint(strokes, width, height, oversampling)?;
    for stroke in strokes {
        if let Stroke::Text { at, text, size, bold, color, align } = stroke {
            let shift = match align {
                Align::Left => 0.0,
                Align::Center => font::text_width(text, *size, *bold) / 2.0,
                Align::Right => font::text_width(text, *size, *bold),
            };
            font::rasterize(text, (at.0 - shift, at.1), *size, *bold, |x, y, coverage| {
                blend(&mut pixels, (width, height), (x, y), *color, coverage);
            });
        }
    }
    encode(&pixels, width, height)
}

/// Paints the shapes at `oversampling` times the size and averages them down.
fn paint(strokes: &[Stroke], width: u32, height: u32, oversampling: u32) -> Result<Vec<u8>, PlotError> {
    let (wide, high) = (width * oversampling, height * oversampling);
    let mut painted = [PAPER.0, PAPER.1, PAPER.2].repeat(wide as usize * high as usize);
    {
        let mut backend = BitMapBackend::with_buffer(&mut painted, (wide, high));
        paint_shapes(strokes, &mut backend, f64::from(oversampling))?;
    }
    if oversampling == 1 {
        return Ok(painted);
    }
    let (times, stride) = (oversampling as usize, wide as usize * CHANNELS);
    let parts = times * times;
    let mut pixels = Vec::with_capacity(width as usize * height as usize * CHANNELS);
    for y in 0..height as usize {
        for x in 0..width as usize {
            for channel in 0..CHANNELS {
                let first = y * times * stride + x * times * CHANNELS + channel;
                let sum: usize = (0..parts)
                    .map(|part| usize::from(painted[first + part / times * stride + part % times * CHANNELS]))
                    .sum();
                pixels.push(((sum + parts / 2) / parts) as u8);
            }
        }
    }
    Ok(pixels)
}

/// Lays `coverage` of a colour over one pixel.
fn blend(pixels: &mut [u8], (width, height): (u32, u32), (x, y): (i64, i64), color: Color, coverage: f64) {
    if x < 0 || y < 0 || x >= i64::from(width) || y >= i64::from(height) {
        return;
    }
    let at = (y as usize * width as usize + x as usize) * CHANNELS;
    if let Some([red, green, blue]) = pixels.get_mut(at..at + CHANNELS) {
        let mixed = Color(*red, *green, *blue).mix(color, coverage.clamp(0.0, 1.0));
        (*red, *green, *blue) = (mixed.0, mixed.1, mixed.2);
    }
}

/// The bytes of a PNG file of 8-bit RGB pixels.
fn encode(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>, PlotError> {
    let row_len = width as usize * CHANNELS;
    let mut compressed = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut filtered = Vec::with_capacity(row_len + 1);
    let above = vec![0; row_len];
    let mut previous = above.as_slice();
    for row in pixels.chunks_exact(row_len) {
        // Filter 2 (up): charts are mostly vertical repetition.
        filtered.clear();
        filtered.push(2);
        filtered.extend(row.iter().zip(previous).map(|(byte, above)| byte.wrapping_sub(*above)));
        compressed.write_all(&filtered).map_err(PlotError::backend)?;
        previous = row;
    }
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    // Bit depth 8, RGB, deflate, adaptive filters, no interlace.
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    push_chunk(&mut file, *b"IHDR", &header);
    push_chunk(&mut file, *b"IDAT", &compressed.finish().map_err(PlotError::backend)?);
    push_chunk(&mut file, *b"IEND", &[]);
    Ok(file)
}

/// Adds one chunk: length, name, data, checksum of name and data.
fn push_chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let mut checksum = Crc::new();
    checksum.update(&name);
    checksum.update(data);
    file.extend((data.len() as u32).to_be_bytes());
    file.extend(name);
    file.extend_from_slice(data);
    file.extend(checksum.sum().to_be_bytes());
}
