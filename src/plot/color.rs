//! Colours: a few for series, clear to colour-blind eyes and apart in grey, one ramp for heat maps, and the greys of
//! the frame.

/// A colour, 8 bits a channel, sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color(pub u8, pub u8, pub u8);

/// Text of titles and figures.
pub(super) const INK: Color = Color(0x1f, 0x29, 0x33);
/// Text of labels and notes.
pub(super) const MUTED: Color = Color(0x5b, 0x67, 0x73);
/// Axis lines.
pub(super) const AXIS: Color = Color(0x9a, 0xa5, 0xb1);
/// Grid lines.
pub(super) const GRID: Color = Color(0xe4, 0xe7, 0xeb);
/// Background.
pub(super) const PAPER: Color = Color(0xff, 0xff, 0xff);

/// Colours of series, in order: dark blue, vermilion, amber, green, purple, sky.
const SERIES: [Color; 6] = [
    Color(0x12, 0x4e, 0x8c),
    Color(0xd1, 0x49, 0x2e),
    Color(0xe3, 0xa2, 0x1a),
    Color(0x1b, 0x8a, 0x6b),
    Color(0x6b, 0x3f, 0x98),
    Color(0x6c, 0xb8, 0xe6),
];

/// Anchors of the ramp, light for low to dark for high; the lightness falls evenly.
const RAMP: [Color; 6] = [
    Color(0xfd, 0xf3, 0xdc),
    Color(0xf8, 0xcf, 0x8e),
    Color(0xf0, 0x94, 0x5c),
    Color(0xd0, 0x4f, 0x5a),
    Color(0x84, 0x2f, 0x6f),
    Color(0x2d, 0x16, 0x4e),
];

impl Color {
    /// Colour of the series with that index; after six they repeat, told apart by dashes.
    #[must_use]
    pub fn of_series(index: usize) -> Self {
        SERIES[index % SERIES.len()]
    }

    /// Colour of the heat-map ramp at `share`, from light at 0 to dark at 1.
    #[must_use]
    pub fn of_ramp(share: f64) -> Self {
        let position = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) * (RAMP.len() - 1) as f64 };
        let at = (position as usize).min(RAMP.len() - 2);
        RAMP[at].mix(RAMP[at + 1], position - at as f64)
    }

    /// Mixture of the colour and `share` of `other`.
    #[must_use]
    pub fn mix(self, other: Self, share: f64) -> Self {
        let channel = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Self(channel(self.0, other.0), channel(self.1, other.1), channel(self.2, other.2))
    }

    /// Relative luminance, from 0 (black) to 1 (white).
    #[must_use]
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Ink or paper, whichever is easier to read on this colour.
    #[must_use]
    pub fn text_on(self) -> Self {
        if self.luminance() > 0.25 { INK } else { PAPER }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_three_series_are_apart_in_grey() {
        let luminance = |index| Color::of_series(index).luminance();
        for (a, b) in [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (2, 3)] {
            let (light, dark) = (luminance(a).max(luminance(b)), luminance(a).min(luminance(b)));
            assert!((light + 0.05) / (dark + 0.05) > 1.7, "{a} {b}");
        }
    }

    #[test]
    fn the_ramp_darkens_all_the_way() {
        let steps: Vec<f64> = (0..=100).map(|k| Color::of_ramp(f64::from(k) / 100.0).luminance()).collect();
        assert!(steps.windows(2).all(|pair| pair[0] >= pair[1]));
        assert_eq!(Color::of_ramp(f64::NAN), RAMP[0]);
        assert_eq!(Color::of_ramp(7.0), RAMP[RAMP.len() - 1]);
    }
}
