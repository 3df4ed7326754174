//! Charts: what a PNG and an SVG of them hold.
