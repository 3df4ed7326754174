//! Charts: plain data first ([`Chart`]), then one drawing of it as PNG or SVG.
//!
//! ```text
//! figures --histogram_chart, line_chart, …--> Chart --layout--> strokes and texts --paint--> PNG, SVG
//! ```
//!
//! A chart holds everything that its picture shows, ticks and words included, so that a test can read it. Layout knows
//! no file format; painting knows no chart. The same chart and options give the same bytes: the font of a PNG is built
//! in. Nothing here computes a figure or reads a clock.

mod axis;
mod bars;
mod ccdf;
mod chart;
mod color;
mod distribution;
mod figures;
mod font;
mod heat_map;
mod histogram;
mod layout;
mod lines;
mod png;
mod strokes;
mod study;
mod svg;

use std::io;
use std::path::Path;

pub use axis::{Axis, Scale, Tick};
pub use bars::{Bar, bar_chart};
pub use ccdf::ccdf_chart;
pub use chart::{Align, Chart, ColorScale, LegendEntry, Mark, Marker};
pub use color::Color;
pub use heat_map::{HeatMap, heat_map_chart};
pub use histogram::{DistributionOptions, histogram_chart};
pub use lines::{Line, LinePoint, line_chart};
pub use study::{share_chart, solution_chart, sweep_chart, tornado_chart};

use crate::report::whole_file::WholeFile;

/// Largest width or height of a picture, in pixels.
const SIDE_MAX: u32 = 8192;
/// Smallest width or height of a picture, in pixels.
const SIDE_MIN: u32 = 200;

/// Format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlotFormat {
    /// Pixels, with the font built in.
    Png,
    /// Lines and text, drawn by the viewer.
    Svg,
}

impl PlotFormat {
    /// Format that the extension of `path` names.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        extension.parse().ok()
    }
}

impl std::str::FromStr for PlotFormat {
    type Err = PlotError;

    fn from_str(text: &str) -> Result<Self, PlotError> {
        match text {
            "png" => Ok(Self::Png),
            "svg" => Ok(Self::Svg),
            _ => Err(PlotError::UnknownFormat { found: text.to_owned() }),
        }
    }
}

/// Choices of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlotOptions {
    /// Width in pixels, from 200 to 8192.
    pub width: u32,
    /// Height in pixels, from 200 to 8192.
    pub height: u32,
    /// Format; `None` takes it from the extension of the file.
    pub format: Option<PlotFormat>,
}

impl Default for PlotOptions {
    fn default() -> Self {
        Self { width: 1200, height: 675, format: None }
    }
}

/// Why a chart could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// The file cannot be written.
    #[error("cannot write `{path}`: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// A format was named that is none.
    #[error("expected a picture format (png or svg), found `{found}`")]
    UnknownFormat {
        /// The text as given.
        found: String,
    },
    /// The extension of the file names no format and none was given.
    #[error("expected a file name ending in .png or .svg, found `{path}`")]
    UnknownExtension {
        /// The file.
        path: String,
    },
    /// The picture would be too small or too large.
    #[error("expected a width and height from {SIDE_MIN} to {SIDE_MAX} pixels, found {width} x {height}")]
    Size {
        /// Width asked for.
        width: u32,
        /// Height asked for.
        height: u32,
    },
    /// The drawing backend failed.
    #[error("cannot draw: {0}")]
    Backend(String),
}

impl PlotError {
    /// Whatever the drawing backend said, as words.
    fn backend(error: impl std::fmt::Display) -> Self {
        Self::Backend(error.to_string())
    }
}

/// Draws `chart` to the file, whole or not at all.
///
/// # Errors
/// - [`PlotError::UnknownExtension`] if neither the options nor the extension name a format.
/// - [`PlotError::Size`] if a side lies outside 200 to 8192 pixels.
/// - [`PlotError::Io`] if the file cannot be written.
/// - [`PlotError::Backend`] if the drawing backend fails.
pub fn draw(chart: &Chart, path: &Path, options: &PlotOptions) -> Result<(), PlotError> {
    let named = || path.display().to_string();
    let format = options.format.or_else(|| PlotFormat::of_path(path));
    let format = format.ok_or_else(|| PlotError::UnknownExtension { path: named() })?;
    let bytes = render(chart, format, options.width, options.height)?;
    WholeFile::write(path, &bytes).map_err(|source| PlotError::Io { path: named(), source })
}

/// The picture of `chart` as the bytes of a file.
///
/// # Parameters
/// - `width`, `height`: pixels, from 200 to 8192.
///
/// # Errors
/// - [`PlotError::Size`] if a side lies outside that range.
/// - [`PlotError::Backend`] if the drawing backend fails.
pub fn render(chart: &Chart, format: PlotFormat, width: u32, height: u32) -> Result<Vec<u8>, PlotError> {
    let sides = SIDE_MIN..=SIDE_MAX;
    if !sides.contains(&width) || !sides.contains(&height) {
        return Err(PlotError::Size { width, height });
    }
    let strokes = layout::strokes(chart, f64::from(width), f64::from(height));
    match format {
        PlotFormat::Png => png::render(&strokes, width, height),
        PlotFormat::Svg => svg::render(&strokes, width, height, &chart.title).map(String::into_bytes),
    }
}
