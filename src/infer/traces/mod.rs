//! Traces into a model: spans streamed, requests tallied, outcomes of the branches found, response times taken apart.
//!
//! ```text
//! file --reader--> Span --assembly--> trace --request--> Request --tally--> outcomes --shape, union, branch--> model
//! ```
//!
//! The model draws whole requests within each outcome, since hops of one request are correlated: a request that was
//! slow at one hop tends to be slow at the next, and hops drawn one by one would miss the tail. Memory is bounded by
//! the spans of open traces ([`TraceOptions::open_span_count_max`]) and the rows kept
//! ([`TraceOptions::row_count_max`]), not by the length of the file.

mod assembly;
mod branch;
mod correlation;
mod field;
mod jaeger;
mod model;
mod otlp;
mod reader;
mod request;
mod sample;
mod shape;
mod span;
mod summary;
mod tally;
mod union;
mod zipkin;

use std::io::{BufReader, Read};

use flate2::read::MultiGzDecoder;

use self::assembly::OpenTraces;
use self::request::Assembler;
use self::span::Symbols;
use self::tally::Tally;
use super::detect::{GZIP_MAGIC, Kind, PREFIX_LEN, detect};
use super::error::InferError;
use super::inferred::InferredModel;

/// Requests held of an outcome for each that becomes data of the model: the choice among many keeps the distribution of
/// response times.
const POOL_FACTOR: usize = 10;

/// How traces become a model.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceOptions {
    /// Name of the model; by default the first endpoint's.
    pub name: Option<String>,
    /// Format; by default found by content.
    pub kind: Option<Kind>,
    /// Draw the hops of a request independently of each other, rather than whole requests within each outcome.
    pub independent: bool,
    /// Requests kept of each outcome, as the model's data.
    pub row_count_max: usize,
    /// Requests an outcome must have to stand alone; rarer ones are drawn as whole response times.
    pub outcome_requests_min: u64,
    /// Outcomes of an endpoint that stand alone.
    pub outcome_count_max: usize,
    /// Endpoints modelled, most requested first.
    pub endpoint_count_max: usize,
    /// Spans held of traces that may not be complete yet.
    pub open_span_count_max: usize,
    /// Seed of the choice of requests kept.
    pub seed: u64,
}

impl Default for TraceOptions {
    fn default() -> Self {
        Self {
            name: None,
            kind: None,
            independent: false,
            row_count_max: 2000,
            outcome_requests_min: 5,
            outcome_count_max: 24,
            endpoint_count_max: 20,
            open_span_count_max: 250_000,
            seed: 0,
        }
    }
}

/// Reads traces, gzip or not, and infers a model of each endpoint that answered.
///
/// The response time of an endpoint is written as a formula over measured times: time on the way and own time of each
/// call, calls in parallel under a `max`, branches drawn with the shares measured. The parts of each request kept add
/// up to its response time exactly.
///
/// # Parameters
/// - `reader`: the file; Zipkin v1 or v2, spigo's trace records, Jaeger UI JSON, or OTLP JSON.
/// - `options`: see [`TraceOptions`].
///
/// # Randomness
/// Which requests are kept depends on seed and trace ids alone, not on the order of the file.
///
/// # Errors
/// - [`InferError::Unrecognised`] or [`InferError::Unsupported`] if the content is no trace, or one without times.
/// - [`InferError::Malformed`] if it is not JSON.
/// - [`InferError::NoAnsweredRequest`] if no request came back.
/// - [`InferError::Read`] if the reader fails.
///
/// # Cost
/// One pass; memory is bounded by [`TraceOptions::open_span_count_max`] spans (about 200 bytes each), 128 MiB of rows,
/// and one span (one trace for Jaeger) of text.
///
/// # Examples
/// ```
/// use tailcast::infer::traces::{TraceOptions, read};
/// let trace = br#"[{"traceId":"1","id":"1","kind":"SERVER","name":"get","timestamp":1000,"duration":30,
///     "localEndpoint":{"serviceName":"web"}}]"#;
/// let model = read(&trace[..], &TraceOptions::default())?;
/// assert_eq!(model.endpoints[0].metric, "response");
/// assert_eq!(model.endpoints[0].measured_mean, Some(30.0)); // microseconds
/// # Ok::<(), tailcast::infer::InferError>(())
/// ```
pub fn read<R: Read>(reader: R, options: &TraceOptions) -> Result<InferredModel, InferError> {
    let (start, reader) = peek(reader, 2)?;
    if start == GZIP_MAGIC {
        return read_plain(BufReader::new(MultiGzDecoder::new(reader)), options);
    }
    read_plain(reader, options)
}

/// The first `len` bytes of a reader, and a reader that still yields them.
fn peek<R: Read>(mut reader: R, len: usize) -> std::io::Result<(Vec<u8>, impl Read)> {
    let mut start = Vec::with_capacity(len);
    reader.by_ref().take(len as u64).read_to_end(&mut start)?;
    Ok((start.clone(), std::io::Cursor::new(start).chain(reader)))
}

fn read_plain<R: Read>(reader: R, options: &TraceOptions) -> Result<InferredModel, InferError> {
    let (prefix, reader) = peek(reader, PREFIX_LEN)?;
    let kind = options.kind.or_else(|| detect(&prefix)).ok_or(InferError::Unrecognised)?;
    refuse(kind)?;
    let mut symbols = Symbols::default();
    let mut tally = Tally::new(options.seed, options.row_count_max.max(1).saturating_mul(POOL_FACTOR));
    let mut assembler = Assembler::default();
    let mut open = OpenTraces::new(options.open_span_count_max.max(1));
    let mut stray = 0;
    let reading = reader::read(reader, kind, &mut symbols, &mut |trace, span, symbols| {
        open.add(trace, span, &mut |trace, spans| {
            let mut count = |request: request::Request, symbols: &mut Symbols| tally.add(trace, &request, symbols);
            stray += assembler.assemble(spans, symbols, &mut count);
        });
    })?;
    open.finish(&mut |trace, spans| {
        let mut count = |request: request::Request, symbols: &mut Symbols| tally.add(trace, &request, symbols);
        stray += assembler.assemble(spans, &mut symbols, &mut count);
    });
    summary::Summary { kind, options, symbols: &symbols, tally: &tally, reading: &reading, stray }.model()
}

/// Refuses what has no times to learn from.
fn refuse(kind: Kind) -> Result<(), InferError> {
    let (found, help) = match kind {
        Kind::SpigoLog => (
            "a spigo console log, which has one-way message times and no answers",
            "collect flows with spigo's -c and give the json_metrics/*_flow.json file",
        ),
        Kind::SpigoGraph => (
            "a spigo graph, which has topology only",
            "give the architecture (json_arch/*_arch.json) or the flow (json_metrics/*_flow.json)",
        ),
        Kind::SpigoDump => (
            "a spigo trace dump of 2015, which is Go's print of a map",
            "give a flow written by spigo from 2015-10-17 on",
        ),
        Kind::Architecture | Kind::Compose => ("an architecture, which has no traces", "import it as an architecture"),
        _ => return Ok(()),
    };
    Err(InferError::Unsupported { found, help })
}
