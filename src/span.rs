//! A half-open byte range in a named source text: where in a formula, an input text or a file something stands.
//!
//! Spans are plain data; rendering them with a caret is the business of [`crate::report`].

/// Half-open range of bytes `start..end` in a source text.
///
/// # Examples
/// ```
/// use tailcast::span::Span;
/// assert_eq!(&"1 + AF"[Span::new(4, 6).range()], "AF");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset just past the last byte; `start <= end`.
    pub end: usize,
}

impl Span {
    /// Span of the bytes `start..end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Smallest span that covers both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span as a range, to slice the source with.
    #[must_use]
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}
