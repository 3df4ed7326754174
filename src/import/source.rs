//! The bytes of a file: decompressed as they come, looked at once from the front, then read as lines or as a stream.
//!
//! Gzip is recognised by its first bytes and read as is, concatenated members too. The raw file is never held: a
//! prefix for detection, and one buffer.

use super::error::{ImportError, ImportErrorKind};
use flate2::read::MultiGzDecoder;
use std::io::{BufReader, Cursor, Read};

/// Bytes of the (decompressed) content that detection may look at.
pub(crate) const PREFIX_LEN: usize = 64 * 1024;

/// Longest line that is read; an interval of a large HdrHistogram takes a few MiB.
pub(crate) const LINE_LEN_MAX: usize = 64 * 1024 * 1024;

const BUFFER_LEN: usize = 256 * 1024;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Content of a file, decompressed.
pub(crate) struct Source<'a> {
    prefix: Vec<u8>,
    rest: Box<dyn Read + 'a>,
    whole: bool,
}

impl<'a> Source<'a> {
    /// Takes the first bytes of `reader`, decompressing if they are gzip's.
    pub(crate) fn open(mut reader: impl Read + 'a) -> Result<Self, ImportError> {
        let magic = read_up_to(&mut reader, GZIP_MAGIC.len())?;
        let compressed = magic == GZIP_MAGIC;
        let reader = Cursor::new(magic).chain(reader);
        let mut rest: Box<dyn Read + 'a> = if compressed {
            Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER_LEN, reader)))
        } else {
            Box::new(reader)
        };
        let mut prefix = read_up_to(&mut rest, PREFIX_LEN)?;
        let whole = prefix.len() < PREFIX_LEN;
        if prefix.starts_with(BYTE_ORDER_MARK) {
            prefix.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(Self { prefix, rest, whole })
    }

    /// The first bytes of the content, without a byte order mark.
    pub(crate) fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// Whether the prefix is all there is.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }

    /// The content as lines.
    pub(crate) fn into_lines(self) -> Lines<'a> {
        let end = self.prefix.len();
        Lines { reader: self.rest, buffer: self.prefix, start: 0, end, number: 0, finished: self.whole }
    }

    /// The content as a stream.
    pub(crate) fn into_reader(self) -> BufReader<Box<dyn Read + 'a>> {
        BufReader::with_capacity(BUFFER_LEN, Box::new(Cursor::new(self.prefix).chain(self.rest)))
    }
}

fn read_up_to(reader: &mut impl Read, limit: usize) -> Result<Vec<u8>, ImportError> {
    let mut bytes = Vec::with_capacity(limit);
    reader.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Lines of a file, without their line ends, lent from one buffer.
pub(crate) struct Lines<'a> {
    reader: Box<dyn Read + 'a>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    number: u64,
    finished: bool,
}

impl Lines<'_> {
    /// The next line without `\n` or `\r\n`; `None` at the end. A last line without a line end counts.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, ImportError> {
        let mut searched = self.start;
        let (from, to) = loop {
            if let Some(offset) = find_newline(&self.buffer[searched..self.end]) {
                let from = self.start;
                self.start = searched + offset + 1;
                break (from, searched + offset);
            }
            if self.finished {
                if self.start == self.end {
                    return Ok(None);
                }
                let from = self.start;
                self.start = self.end;
                break (from, self.end);
            }
            let pending = self.end - self.start;
            self.refill()?;
            searched = self.start + pending;
        };
        self.number += 1;
        let line = &self.buffer[from..to];
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// Number of the line that `next` gave last, counted from 1; 0 before the first.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Moves the unfinished line to the front and reads more behind it.
    fn refill(&mut self) -> Result<(), ImportError> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end >= LINE_LEN_MAX {
            let kind = ImportErrorKind::TooMuch { limit: LINE_LEN_MAX as u64, what: "bytes in a line" };
            return Err(ImportError::at(self.number + 1, kind));
        }
        if self.buffer.len() < self.end + BUFFER_LEN {
            self.buffer.resize((self.end + BUFFER_LEN).max(self.end * 2), 0);
        }
        loop {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.finished = true,
                Ok(n) => self.end += n,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(ImportError { line: Some(self.number + 1), ..error.into() }),
            }
            return Ok(());
        }
    }
}

/// Offset of the first `\n`. Whole blocks are tested without a branch a byte, which the compiler vectorises.
fn find_newline(bytes: &[u8]) -> Option<usize> {
    const BLOCK_LEN: usize = 64;
    let mut base = 0;
    for block in bytes.chunks(BLOCK_LEN) {
        if block.iter().fold(false, |hit, &byte| hit | (byte == b'\n')) {
            return block.iter().position(|&byte| byte == b'\n').map(|offset| base + offset);
        }
        base += block.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn lines_of(bytes: &[u8]) -> Vec<String> {
        let mut lines = Source::open(bytes).unwrap().into_lines();
        let mut out = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            out.push(String::from_utf8(line.to_vec()).unwrap());
        }
        assert_eq!(lines.number(), out.len() as u64);
        out
    }

    #[test]
    fn line_ends_of_every_kind_are_taken_off() {
        assert_eq!(lines_of(b"a\r\nb\n\nc"), ["a", "b", "", "c"]);
        assert_eq!(lines_of(b""), [""; 0]);
        assert_eq!(lines_of(b"\n"), [""]);
        assert_eq!(lines_of(b"\xef\xbb\xbfx\n"), ["x"]);
    }

    #[test]
    fn lines_cross_the_ends_of_buffers() {
        let text: String = (0..200_000).map(|i| format!("{i}\n")).collect();
        let lines = lines_of(text.as_bytes());
        assert_eq!(lines.len(), 200_000);
        assert_eq!(lines[123_456], "123456");
    }

    #[test]
    fn gzip_members_are_read_one_after_the_other() {
        let mut bytes = Vec::new();
        for text in ["one\n", "two\n"] {
            let mut encoder = flate2::write::GzEncoder::new(&mut bytes, flate2::Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap();
        }
        assert_eq!(lines_of(&bytes), ["one", "two"]);
    }

    #[test]
    fn a_line_without_end_stops_at_the_limit() {
        let endless = std::io::repeat(b'x');
        let mut lines = Source::open(endless).unwrap().into_lines();
        let error = lines.next().unwrap_err();
        assert!(matches!(error.kind, ImportErrorKind::TooMuch { .. }), "{error}");
    }
}
