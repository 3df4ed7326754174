//! Charts as plain data and one drawing backend, PNG and SVG.
