//! Bounds on what a formula may be, so that no input exhausts the stack or the memory.
//!
//! They bound the text alone: what a formula may cost to evaluate is not decided here.

/// Longest formula that is read, in bytes.
///
/// Room for an array of some 30,000 numbers; a token takes at most 40 times its text in memory.
pub const LENGTH_MAX: usize = 262_144;

/// Most levels a tree may have, and most levels that may be open at once while it is read.
///
/// A node is one level above its highest operand: a sum of `n` terms written with `+` has `n`. Of what is open, the right
/// side of an operator is one level and a bracket with what is in it two, so brackets nest 128 deep. Every walk over a
/// tree may recurse; the parser needs the most stack, at this depth 0.9 MiB in a build without optimisation, where a
/// spawned thread has 2 MiB.
pub const DEPTH_MAX: usize = 256;

/// Unknown names of one formula that are compared with all known ones to suggest a better spelling.
pub const SUGGESTION_COUNT_MAX: usize = 16;

/// Longest name, in characters, that is considered for a suggestion.
pub const SUGGESTION_LENGTH_MAX: usize = 64;
