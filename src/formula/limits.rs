//! Bounds on what a formula may be, so that no input exhausts the stack or the memory.
//!
//! They bound the text alone: what a formula may cost to evaluate is not decided here.

/// Longest formula that is read, in bytes.
///
/// Room for an array of some 30,000 numbers; a token takes at most 40 times its text in memory.
pub const LENGTH_MAX: usize = 262_144;

/// Most levels a tree may have, and most levels of brackets and right-hand sides that may be open at once.
///
/// A node is one level above its highest operand, so `(((1)))` has four levels, and a sum of `n` terms written with
/// `+` has `n`. Every walk over a tree may recurse: at this depth the deepest of them, the parser in a build without
/// optimisation, stays far below the 2 MiB stack of a spawned thread.
pub const DEPTH_MAX: usize = 256;

/// Unknown names of one formula that are compared with all known ones to suggest a better spelling.
pub const SUGGESTION_COUNT_MAX: usize = 16;

/// Longest name, in characters, that is considered for a suggestion.
pub const SUGGESTION_LENGTH_MAX: usize = 64;
