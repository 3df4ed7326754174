//! Lines of an interval log, decoded several at a time on all processors and handed back in order.
//!
//! Inflating is most of the work of reading a log, and each line stands by itself. What comes out does not depend on
//! the number of threads: the counts are added up in the order of the lines by whoever takes them.

use super::error::{ImportErrorKind, quoted};
use super::hdr_payload::{Header, PayloadReader};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rayon::prelude::*;

/// Lines in a batch, at most. Each has buffers of its own, which are used again for the next batch.
const LINES_MAX: usize = 32;

/// Bytes in a batch from which it is full.
const BYTES_MAX: usize = 1024 * 1024;

/// Bytes that a payload may inflate to within a batch, so that a batch stays small whatever is in it; the histograms of
/// three digits that most tools write take less than half. Larger ones are decoded one at a time.
const INFLATED_LEN_MAX: usize = 128 * 1024;

/// Lines that one thread takes at a time.
const LINES_PER_JOB: usize = 4;

/// Decodes payloads, with one set of buffers for all.
pub(super) struct Decoder {
    payloads: PayloadReader,
    binary: Vec<u8>,
    /// Indices of the histogram decoded last with their counts, ascending.
    pub(super) cells: Vec<(usize, u64)>,
}

impl Decoder {
    /// Decoder of payloads of any length that is read at all.
    pub(super) fn new() -> Self {
        Self { payloads: PayloadReader::new(), binary: Vec::new(), cells: Vec::new() }
    }

    /// Decodes the histogram in a payload in base64; its counts are in `cells`.
    pub(super) fn decode(&mut self, payload: &[u8]) -> Result<Header, ImportErrorKind> {
        let malformed = |expected: &str, found: String| {
            let expected = format!("a payload with {expected}");
            ImportErrorKind::Malformed { expected, found, help: None }
        };
        self.binary.clear();
        self.cells.clear();
        STANDARD
            .decode_vec(payload, &mut self.binary)
            .map_err(|error| malformed("base64", format!("{} ({error})", quoted(payload))))?;
        let cells = &mut self.cells;
        self.payloads
            .read(&self.binary, |_, index, count| cells.push((index, count)))
            .map_err(|fault| malformed(fault.expected, fault.found))
    }
}

/// Lines that wait to be decoded.
#[derive(Default)]
pub(super) struct Batch {
    lines: Vec<Line>,
    len: usize,
    bytes: usize,
}

/// One line of a batch.
pub(super) struct Line {
    /// Number of the line in the file.
    pub(super) number: u64,
    pub(super) text: Vec<u8>,
    /// Where in the text the payload starts.
    payload_at: usize,
    decoder: Decoder,
    header: Option<Header>,
}

impl Line {
    /// The histogram. `None` if the payload is broken or too large for a batch: [`Decoder::decode`] tells which.
    pub(super) fn decoded(&self) -> Option<(Header, &[(usize, u64)])> {
        self.header.map(|header| (header, &self.decoder.cells[..]))
    }
}

impl Batch {
    /// Adds a line whose payload are its last `payload_len` bytes.
    pub(super) fn push(&mut self, number: u64, text: &[u8], payload_len: usize) {
        if self.len == self.lines.len() {
            let payloads = PayloadReader::with_limit(INFLATED_LEN_MAX);
            let decoder = Decoder { payloads, ..Decoder::new() };
            self.lines.push(Line { number, text: Vec::new(), payload_at: 0, decoder, header: None });
        }
        let line = &mut self.lines[self.len];
        line.number = number;
        line.text.clear();
        line.text.extend_from_slice(text);
        line.payload_at = text.len() - payload_len;
        self.len += 1;
        self.bytes += text.len();
    }

    /// Whether it is time to decode.
    pub(super) fn is_full(&self) -> bool {
        self.len >= LINES_MAX || self.bytes >= BYTES_MAX
    }

    /// Decodes the lines and lends them in order; the batch is empty then.
    pub(super) fn decode(&mut self) -> &[Line] {
        let lines = &mut self.lines[..self.len];
        lines.par_iter_mut().with_min_len(LINES_PER_JOB).for_each(|line| {
            line.header = line.decoder.decode(&line.text[line.payload_at..]).ok();
        });
        (self.len, self.bytes) = (0, 0);
        lines
    }
}
