//! Walks a trace file down to its spans, whatever format they are in, and hands them over one by one.
//!
//! Nothing larger than one span is held (one trace for Jaeger, whose services stand behind its spans). Spans that
//! cannot be read are counted with the first reason; a file cut short yields what came before the cut.

use std::io::Read;

use super::super::detect::Kind;
use super::super::error::InferError;
use super::super::json_stream::{JsonError, JsonErrorKind, JsonStream};
use super::field::ReadSpan;
use super::span::{Id, Span, Symbol, Symbols};
use super::{jaeger, otlp, zipkin};

/// Longest single span, or Jaeger trace, in bytes.
const VALUE_LEN_MAX: usize = 64 * 1024 * 1024;

/// Deepest nesting of arrays around spans.
const NESTING_MAX: usize = 8;

/// What came of reading a file.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Spans, or halves of spans, read.
    pub(crate) spans: u64,
    /// Spans that could not be read.
    pub(crate) unreadable: u64,
    /// Why the first of them could not, with its line.
    pub(crate) first_reason: Option<String>,
    /// Where the file was cut short, if it was.
    pub(crate) truncated: Option<String>,
}

/// Receives spans as they are read.
pub(crate) type Sink<'a> = dyn FnMut(Id, Span, &mut Symbols) + 'a;

/// Reads the span that some bytes start with.
type SpanReader<'a> = dyn Fn(&[u8], &mut Symbols) -> Result<ReadSpan, serde_json::Error> + 'a;

/// Refills after which a span is taken to be long, and measured before it is read.
const REFILL_COUNT_MAX: usize = 2;

/// Reads every span of `reader`.
pub(crate) fn read<R: Read>(
    reader: R,
    kind: Kind,
    symbols: &mut Symbols,
    sink: &mut Sink<'_>,
) -> Result<Reading, InferError> {
    let mut walk =
        Walk { stream: JsonStream::new(reader, VALUE_LEN_MAX), kind, symbols, sink, reading: Reading::default() };
    let outcome = walk.documents();
    match outcome {
        Err(JsonError { kind: JsonErrorKind::Truncated { expected }, line, .. }) if walk.reading.spans > 0 => {
            walk.reading.truncated = Some(format!("line {line}: expected {expected}, found the end of the file"));
        }
        Err(error) => return Err(error.into()),
        Ok(()) => {}
    }
    Ok(walk.reading)
}

struct Walk<'a, 'b, R> {
    stream: JsonStream<R>,
    kind: Kind,
    symbols: &'a mut Symbols,
    sink: &'a mut Sink<'b>,
    reading: Reading,
}

impl<R: Read> Walk<'_, '_, R> {
    fn documents(&mut self) -> Result<(), JsonError> {
        self.stream.skip_byte_order_mark()?;
        while let Some(byte) = self.stream.peek()? {
            // Documents may be joined by commas or line ends alone.
            if byte == b',' {
                self.stream.expect(b',', "`,`")?;
                continue;
            }
            self.value(0)?;
        }
        Ok(())
    }

    /// An array of what stands here, or one thing of the format.
    fn value(&mut self, nesting: usize) -> Result<(), JsonError> {
        match self.stream.peek()? {
            Some(b'[') if nesting < NESTING_MAX => {
                self.stream.expect(b'[', "an array")?;
                while self.stream.next_element()? {
                    self.value(nesting + 1)?;
                }
                Ok(())
            }
            Some(b'{') => match self.kind {
                Kind::Jaeger if nesting == 0 => self.jaeger_document(),
                Kind::Jaeger => self.jaeger_trace(),
                Kind::Otlp => self.otlp_object(None, nesting).map(drop),
                _ => self.span(&zipkin::read),
            },
            _ => {
                let line = self.stream.line();
                self.stream.skip_value()?;
                self.refuse("expected a span, found another value".to_owned(), line);
                Ok(())
            }
        }
    }

    fn refuse(&mut self, reason: String, line: u64) {
        self.reading.unreadable += 1;
        self.reading.first_reason.get_or_insert_with(|| format!("line {line}: {reason}"));
    }

    /// One span, read straight from the bytes at hand while it ends within them.
    fn span(&mut self, read: &SpanReader<'_>) -> Result<(), JsonError> {
        self.stream.peek()?;
        for _ in 0..REFILL_COUNT_MAX {
            match read(self.stream.buffered(), self.symbols) {
                Ok((len, outcome)) => {
                    self.take(outcome);
                    self.stream.consume(len);
                    return Ok(());
                }
                Err(error) if error.is_eof() && self.stream.refill()? => {}
                Err(_) => break,
            }
        }
        // What is long, cut or no span is first measured, so that reading goes on behind it.
        let line = self.stream.line();
        let raw = self.stream.raw_value()?;
        match read(raw, self.symbols) {
            Ok((_, outcome)) => self.take(outcome),
            Err(error) => self.refuse(error.to_string(), line),
        }
        Ok(())
    }

    fn take(&mut self, outcome: Result<(Id, Span), String>) {
        match outcome {
            Ok((trace, span)) => {
                self.reading.spans += 1;
                (self.sink)(trace, span, self.symbols);
            }
            Err(reason) => {
                let line = self.stream.line();
                self.refuse(reason, line);
            }
        }
    }

    fn jaeger_document(&mut self) -> Result<(), JsonError> {
        self.stream.expect(b'{', "an object")?;
        while let Some(key) = self.stream.next_key()? {
            if key == "data" && self.stream.peek()? == Some(b'[') {
                self.stream.expect(b'[', "an array")?;
                while self.stream.next_element()? {
                    self.jaeger_trace()?;
                }
            } else {
                self.stream.skip_value()?;
            }
        }
        Ok(())
    }

    fn jaeger_trace(&mut self) -> Result<(), JsonError> {
        let line = self.stream.line();
        let raw = self.stream.raw_value()?;
        let mut spans = Vec::new();
        let outcome = jaeger::read(raw, self.symbols, &mut |span| spans.push(span));
        if let Err(reason) = outcome {
            self.refuse(reason, line);
        }
        for span in spans {
            match span {
                Ok((trace, span)) => {
                    self.reading.spans += 1;
                    (self.sink)(trace, span, self.symbols);
                }
                Err(reason) => self.refuse(reason, line),
            }
        }
        Ok(())
    }

    /// An object on the way down to OTLP spans. Yields the service that its `resource` names, if it has one.
    fn otlp_object(&mut self, host: Option<Symbol>, nesting: usize) -> Result<Option<Symbol>, JsonError> {
        self.stream.expect(b'{', "an object")?;
        let mut host = host;
        let mut placeholder = None;
        while let Some(key) = self.stream.next_key()? {
            match (key.as_str(), self.stream.peek()?) {
                ("resource", Some(b'{')) => {
                    let line = self.stream.line();
                    let raw = self.stream.raw_value()?;
                    match otlp::read_resource(raw, self.symbols) {
                        Ok(service) => host = service,
                        Err(reason) => self.refuse(reason, line),
                    }
                }
                ("spans", Some(b'[')) => self.otlp_spans(host)?,
                (
                    "resourceSpans"
                    | "resource_spans"
                    | "batches"
                    | "scopeSpans"
                    | "scope_spans"
                    | "instrumentationLibrarySpans"
                    | "trace",
                    Some(b'[' | b'{'),
                ) if nesting < NESTING_MAX => {
                    if host.is_none() && key.to_ascii_lowercase().starts_with("scope") {
                        placeholder = Some(self.symbols.placeholder());
                    }
                    self.otlp_list(host.or(placeholder), nesting + 1)?;
                }
                _ => self.stream.skip_value()?,
            }
        }
        if let (Some(placeholder), Some(service)) = (placeholder, host) {
            self.symbols.resolve(placeholder, service);
        }
        Ok(host)
    }

    fn otlp_list(&mut self, host: Option<Symbol>, nesting: usize) -> Result<(), JsonError> {
        if self.stream.peek()? == Some(b'{') {
            return self.otlp_object(host, nesting).map(drop);
        }
        self.stream.expect(b'[', "an array")?;
        while self.stream.next_element()? {
            if self.stream.peek()? == Some(b'{') {
                self.otlp_object(host, nesting)?;
            } else {
                self.stream.skip_value()?;
            }
        }
        Ok(())
    }

    fn otlp_spans(&mut self, host: Option<Symbol>) -> Result<(), JsonError> {
        self.stream.expect(b'[', "an array")?;
        while self.stream.next_element()? {
            self.span(&|bytes, symbols| otlp::read(bytes, host, symbols))?;
        }
        Ok(())
    }
}
