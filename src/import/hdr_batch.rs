//! Lines of an interval log, decoded several at a time on all processors and handed back in order.
//!
//! Inflating is most of the work of reading a log, and each line stands by itself. What comes out does not depend on
//! the number of threads: the counts are added up in the order of the lines by whoever takes them.

use super::error::{ImportErrorKind, quoted};
use super::hdr_payload::{Header, PayloadReader};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rayon::prelude::*;
use std::ops::Range;

/// Bytes in a batch for each thread, about; what a thread decodes stays in its second-level cache.
const BYTES_PER_THREAD: usize = 256 * 1024;

/// Parts of a batch for each thread, so that one that is slow to inflate keeps none waiting for long.
const PARTS_PER_THREAD: usize = 2;

/// Bytes that a payload may inflate to within a batch, so that a batch stays small whatever is in it; the histograms of
/// three digits that most tools write take less than half. Larger ones are decoded one at a time.
const INFLATED_LEN_MAX: usize = 128 * 1024;

/// Counts in a part from which what is left of it is decoded one at a time, for the same reason.
const CELLS_MAX: usize = 256 * 1024;

/// Decodes payloads, with one set of buffers for all.
pub(super) struct Decoder {
    payloads: PayloadReader,
    binary: Vec<u8>,
    /// Indices of the histograms decoded, with their counts, ascending within each.
    pub(super) cells: Vec<(usize, u64)>,
}

impl Decoder {
    /// Decoder of payloads of any length that is read at all.
    pub(super) fn new() -> Self {
        Self { payloads: PayloadReader::new(), binary: Vec::new(), cells: Vec::new() }
    }

    /// Decoder of the payloads of one part of a batch.
    fn for_part() -> Self {
        Self { payloads: PayloadReader::with_limit(INFLATED_LEN_MAX), ..Self::new() }
    }

    /// Decodes the histogram in a payload in base64 and puts its counts behind `cells`.
    pub(super) fn decode(&mut self, payload: &[u8]) -> Result<Header, ImportErrorKind> {
        let malformed = |expected: &str, found: String| {
            let expected = format!("a payload with {expected}");
            ImportErrorKind::Malformed { expected, found, help: None }
        };
        self.binary.clear();
        STANDARD
            .decode_vec(payload, &mut self.binary)
            .map_err(|error| malformed("base64", format!("{} ({error})", quoted(payload))))?;
        self.payloads.read(&self.binary, &mut self.cells).map_err(|fault| malformed(fault.expected, fault.found))
    }
}

/// Lines that wait to be decoded.
pub(super) struct Batch {
    text: Vec<u8>,
    lines: Vec<Line>,
    decoders: Vec<Decoder>,
    bytes_max: usize,
}

/// Where a line of a batch is.
struct Line {
    /// Number of the line in the file.
    number: u64,
    text: Range<usize>,
    payload_at: usize,
}

/// A line of a batch, decoded.
pub(super) struct Decoded<'b> {
    pub(super) number: u64,
    pub(super) text: &'b [u8],
    /// The histogram; `None` if the payload is broken or too large for a batch: [`Decoder::decode`] tells which.
    pub(super) histogram: Option<(Header, &'b [(usize, u64)])>,
}

impl Batch {
    pub(super) fn new() -> Self {
        let threads = rayon::current_num_threads();
        Self {
            text: Vec::new(),
            lines: Vec::new(),
            decoders: (0..threads * PARTS_PER_THREAD).map(|_| Decoder::for_part()).collect(),
            bytes_max: threads * BYTES_PER_THREAD,
        }
    }

    /// Adds a line whose payload are its last `payload_len` bytes.
    pub(super) fn push(&mut self, number: u64, text: &[u8], payload_len: usize) {
        let start = self.text.len();
        self.text.extend_from_slice(text);
        let end = self.text.len();
        self.lines.push(Line { number, text: start..end, payload_at: end - payload_len });
    }

    /// Whether it is time to decode.
    pub(super) fn is_full(&self) -> bool {
        self.text.len() >= self.bytes_max
    }

    /// Makes room for other lines.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.lines.clear();
    }

    /// Decodes the lines and lends them in order.
    pub(super) fn decode(&mut self) -> impl Iterator<Item = Decoded<'_>> {
        let text = &self.text[..];
        let len = self.lines.len().div_ceil(self.decoders.len()).max(1);
        let parts: Vec<_> = self
            .decoders
            .par_iter_mut()
            .zip(self.lines.par_chunks(len))
            .map(|(decoder, lines)| (lines, decode_part(decoder, lines, text), &decoder.cells[..]))
            .collect();
        parts.into_iter().flat_map(move |(lines, histograms, cells)| {
            lines.iter().zip(histograms).map(move |(line, histogram)| Decoded {
                number: line.number,
                text: &text[line.text.clone()],
                histogram: histogram.map(|(header, range)| (header, &cells[range])),
            })
        })
    }
}

/// The header of each line, and where its counts are among the cells of `decoder`.
fn decode_part(decoder: &mut Decoder, lines: &[Line], text: &[u8]) -> Vec<Option<(Header, Range<usize>)>> {
    decoder.cells.clear();
    let histogram = |line: &Line| {
        let start = decoder.cells.len();
        let payload = &text[line.payload_at..line.text.end];
        let header = (start < CELLS_MAX).then(|| decoder.decode(payload).ok()).flatten()?;
        Some((header, start..decoder.cells.len()))
    };
    lines.iter().map(histogram).collect()
}
