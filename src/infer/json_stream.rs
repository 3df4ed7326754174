//! A pull reader over JSON that never holds more than one value: how gigabytes of spans are read in constant memory.
//!
//! The caller walks arrays and objects down to the values it wants and takes those as raw bytes, to be deserialised
//! with borrowed strings. It deliberately does not validate what it skips: a value handed out is balanced, and whether
//! it is JSON is for the deserialiser to say.

use std::io::Read;

/// Bytes asked of the reader at a time.
const CHUNK_LEN: usize = 256 * 1024;

/// What is wrong with the text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JsonErrorKind {
    /// The reader failed.
    #[error("{0}")]
    Read(#[source] std::io::Error),
    /// Something else stands where one thing is needed.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What was needed.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// The text ends inside a value.
    #[error("expected {expected}, found the end of the file")]
    Truncated {
        /// What was needed.
        expected: &'static str,
    },
    /// One value is larger than what may be held.
    #[error("expected values of at most {limit} bytes, found a larger one")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
}

/// What is wrong with the text, and where.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub(crate) struct JsonError {
    /// What is wrong.
    pub(crate) kind: JsonErrorKind,
    /// Line, from 1.
    pub(crate) line: u64,
    /// Column in bytes, from 1.
    pub(crate) column: u64,
}

/// A pull reader over one or more JSON documents.
pub(crate) struct JsonStream<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    counted: usize,
    finished: bool,
    value_len_max: usize,
    line: u64,
    column: u64,
}

/// Progress of the search for the end of a value, so that it goes on when more bytes arrive.
#[derive(Default)]
struct ValueScan {
    depth: usize,
    in_string: bool,
    escaped: bool,
    scalar: bool,
}

impl ValueScan {
    /// Bytes up to the end of the value, if it ends within `bytes`.
    fn advance(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            if self.escaped {
                self.escaped = false;
                at += 1;
                continue;
            }
            if self.in_string {
                let stop = bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
                at += stop + 1;
                if bytes[at - 1] == b'\\' {
                    self.escaped = true;
                } else {
                    self.in_string = false;
                    if self.depth == 0 {
                        return Some(at);
                    }
                }
                continue;
            }
            match bytes[at] {
                b'"' if !self.scalar => self.in_string = true,
                b'{' | b'[' if !self.scalar => self.depth += 1,
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                b',' | b'}' | b']' | b'{' | b'[' | b'"' | b' ' | b'\n' | b'\r' | b'\t' if self.depth == 0 => {
                    return Some(at);
                }
                _ => self.scalar = self.depth == 0,
            }
            at += 1;
        }
        None
    }
}

impl<R: Read> JsonStream<R> {
    /// Reader that refuses values of more than `value_len_max` bytes.
    pub(crate) fn new(reader: R, value_len_max: usize) -> Self {
        Self { reader, buffer: Vec::new(), start: 0, counted: 0, finished: false, value_len_max, line: 1, column: 1 }
    }

    /// Error at the current place.
    pub(crate) fn error(&mut self, kind: JsonErrorKind) -> JsonError {
        self.count_lines();
        JsonError { kind, line: self.line, column: self.column }
    }

    /// Line of the current place, from 1.
    pub(crate) fn line(&mut self) -> u64 {
        self.count_lines();
        self.line
    }

    /// Counts the lines up to the current place; taking a value does not, so that no byte is looked at in vain.
    fn count_lines(&mut self) {
        let taken = &self.buffer[self.counted..self.start];
        // Chunks whose count fits a byte: this way the loop runs on whole vectors.
        let ends = |chunk: &[u8]| chunk.iter().map(|&byte| u8::from(byte == b'\n')).sum::<u8>();
        let lines: u64 = taken.chunks(255).map(|chunk| u64::from(ends(chunk))).sum();
        if lines == 0 {
            self.column += taken.len() as u64;
        } else {
            let after = taken.iter().rev().take_while(|&&byte| byte != b'\n').count();
            self.line += lines;
            self.column = after as u64 + 1;
        }
        self.counted = self.start;
    }

    /// The bytes at hand, which may end inside a value.
    pub(crate) fn buffered(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Drops `len` of the bytes at hand.
    pub(crate) fn consume(&mut self, len: usize) {
        self.start += len;
    }

    /// Appends more bytes; false at the end of the file.
    pub(crate) fn refill(&mut self) -> Result<bool, JsonError> {
        if self.finished {
            return Ok(false);
        }
        if self.start > 0 {
            self.count_lines();
            self.buffer.drain(..self.start);
            (self.start, self.counted) = (0, 0);
        }
        let len = self.buffer.len();
        self.buffer.resize(len + CHUNK_LEN, 0);
        let read = loop {
            match self.reader.read(&mut self.buffer[len..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                outcome => break outcome,
            }
        };
        let read = read.map_err(|error| self.error(JsonErrorKind::Read(error)));
        self.buffer.truncate(len + *read.as_ref().unwrap_or(&0));
        self.finished = read? == 0;
        Ok(!self.finished)
    }

    /// Next byte that is no white space, without taking it; `None` at the end of the file.
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, JsonError> {
        loop {
            let rest = &self.buffer[self.start..];
            let blank =
                rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).unwrap_or(rest.len());
            self.consume(blank);
            if let Some(&byte) = self.buffer.get(self.start) {
                return Ok(Some(byte));
            }
            if !self.refill()? {
                return Ok(None);
            }
        }
    }

    /// Skips a UTF-8 byte order mark at the start of the file.
    pub(crate) fn skip_byte_order_mark(&mut self) -> Result<(), JsonError> {
        while self.buffer.len() < 3 && self.refill()? {}
        if self.buffer.starts_with(b"\xef\xbb\xbf") {
            (self.start, self.counted) = (3, 3);
        }
        Ok(())
    }

    /// Takes the next byte, which must be `byte`.
    pub(crate) fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), JsonError> {
        match self.peek()? {
            Some(found) if found == byte => {
                self.consume(1);
                Ok(())
            }
            Some(found) => Err(self.unexpected(expected, found)),
            None => Err(self.error(JsonErrorKind::Truncated { expected })),
        }
    }

    fn unexpected(&mut self, expected: &'static str, found: u8) -> JsonError {
        let found =
            if found.is_ascii_graphic() { format!("`{}`", char::from(found)) } else { format!("byte 0x{found:02x}") };
        self.error(JsonErrorKind::Unexpected { expected, found })
    }

    /// Whether an array that was entered has another element; takes the comma or the closing bracket.
    pub(crate) fn next_element(&mut self) -> Result<bool, JsonError> {
        loop {
            match self.peek()? {
                Some(b',') => self.consume(1),
                Some(b']') => {
                    self.consume(1);
                    return Ok(false);
                }
                Some(b'}' | b':') => return Err(self.unexpected("`,` or `]`", self.buffer[self.start])),
                Some(_) => return Ok(true),
                None => return Err(self.error(JsonErrorKind::Truncated { expected: "`,` or `]`" })),
            }
        }
    }

    /// Next key of an object that was entered; takes the colon, or the closing brace.
    pub(crate) fn next_key(&mut self) -> Result<Option<String>, JsonError> {
        loop {
            match self.peek()? {
                Some(b',') => self.consume(1),
                Some(b'}') => {
                    self.consume(1);
                    return Ok(None);
                }
                Some(b'"') => break,
                Some(found) => return Err(self.unexpected("a key or `}`", found)),
                None => return Err(self.error(JsonErrorKind::Truncated { expected: "a key or `}`" })),
            }
        }
        let raw = self.raw_value()?;
        let key = serde_json::from_slice(raw).unwrap_or_else(|_| String::from_utf8_lossy(raw).into_owned());
        self.expect(b':', "`:`")?;
        Ok(Some(key))
    }

    /// Takes the next value as bytes.
    pub(crate) fn raw_value(&mut self) -> Result<&[u8], JsonError> {
        if self.peek()?.is_none() {
            return Err(self.error(JsonErrorKind::Truncated { expected: "a value" }));
        }
        let mut scan = ValueScan::default();
        let mut scanned = 0;
        let len = loop {
            match scan.advance(&self.buffer[self.start + scanned..]) {
                Some(more) => break scanned + more,
                None => scanned = self.buffer.len() - self.start,
            }
            if scanned > self.value_len_max {
                return Err(self.error(JsonErrorKind::TooLarge { limit: self.value_len_max }));
            }
            if !self.refill()? {
                if scan.depth == 0 && !scan.in_string {
                    break scanned;
                }
                return Err(self.error(JsonErrorKind::Truncated { expected: "the end of the value" }));
            }
        };
        if len == 0 {
            return Err(self.unexpected("a value", self.buffer[self.start]));
        }
        let start = self.start;
        self.consume(len);
        Ok(&self.buffer[start..start + len])
    }

    /// Drops the next value, however large, holding none of it.
    pub(crate) fn skip_value(&mut self) -> Result<(), JsonError> {
        if self.peek()?.is_none() {
            return Err(self.error(JsonErrorKind::Truncated { expected: "a value" }));
        }
        let mut scan = ValueScan::default();
        let mut first = true;
        loop {
            if let Some(len) = scan.advance(&self.buffer[self.start..]) {
                if first && len == 0 {
                    return Err(self.unexpected("a value", self.buffer[self.start]));
                }
                self.consume(len);
                return Ok(());
            }
            first = false;
            self.consume(self.buffer.len() - self.start);
            if !self.refill()? {
                if scan.depth == 0 && !scan.in_string {
                    return Ok(());
                }
                return Err(self.error(JsonErrorKind::Truncated { expected: "the end of the value" }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out its bytes a few at a time, so that every value straddles a refill.
    struct Trickle<'a>(&'a [u8]);

    impl Read for Trickle<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let len = self.0.len().min(3).min(out.len());
            out[..len].copy_from_slice(&self.0[..len]);
            self.0 = &self.0[len..];
            Ok(len)
        }
    }

    #[test]
    fn elements_come_out_whole_whatever_the_reader_hands_over() {
        let text = br#" [ {"a":"x]\"}"} ,[1,[2]],  "s\\" , 12 ,true]"#;
        let mut stream = JsonStream::new(Trickle(text), 100);
        stream.expect(b'[', "an array").unwrap();
        let mut values = Vec::new();
        while stream.next_element().unwrap() {
            values.push(String::from_utf8(stream.raw_value().unwrap().to_vec()).unwrap());
        }
        assert_eq!(values, [r#"{"a":"x]\"}"}"#, "[1,[2]]", r#""s\\""#, "12", "true"]);
        assert_eq!(stream.peek().unwrap(), None);
    }

    #[test]
    fn keys_come_out_and_values_can_be_skipped() {
        let mut stream = JsonStream::new(Trickle(br#"{"a":{"b":[1,2,"}"]},"c\n":3}"#), 100);
        stream.expect(b'{', "an object").unwrap();
        assert_eq!(stream.next_key().unwrap().as_deref(), Some("a"));
        stream.skip_value().unwrap();
        assert_eq!(stream.next_key().unwrap().as_deref(), Some("c\n"));
        assert_eq!(stream.raw_value().unwrap(), b"3");
        assert_eq!(stream.next_key().unwrap(), None);
    }

    #[test]
    fn places_are_lines_and_columns() {
        let mut stream = JsonStream::new(&b"[\n1,\n  }"[..], 100);
        stream.expect(b'[', "an array").unwrap();
        assert!(stream.next_element().unwrap());
        stream.raw_value().unwrap();
        let error = stream.next_element().unwrap_err();
        assert_eq!((error.line, error.column), (3, 3));
        assert_eq!(error.to_string(), "expected `,` or `]`, found `}`");
    }

    #[test]
    fn a_value_above_the_limit_and_a_cut_value_are_errors() {
        let mut stream = JsonStream::new(Trickle(b"[111111111111111111111111111111]"), 10);
        assert!(matches!(stream.raw_value().unwrap_err().kind, JsonErrorKind::TooLarge { limit: 10 }));
        let mut stream = JsonStream::new(Trickle(b"[1, \"x"), 10);
        assert!(matches!(stream.raw_value().unwrap_err().kind, JsonErrorKind::Truncated { .. }));
        let mut stream = JsonStream::new(Trickle(b"[1, \"x"), 10);
        assert!(matches!(stream.skip_value().unwrap_err().kind, JsonErrorKind::Truncated { .. }));
    }
}
