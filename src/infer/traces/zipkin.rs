//! Zipkin JSON, version 1 (annotations `cs sr ss cr`, as spigo writes it in all its generations) and version 2
//! (`kind`, `timestamp`, `duration`), and the one-annotation-a-line records spigo wrote before it knew Zipkin.
//!
//! Which of these a record is, its own fields tell, so a file may mix them. Times are microseconds, except in the
//! one-annotation records, which hold nanoseconds.

use serde::Deserialize;

use super::field::{ReadSpan, Text, Whole, first, nanoseconds};
use super::span::{Id, Role, Span, Symbols, parse_id};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    #[serde(borrow)]
    trace_id: Option<Text<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    parent_id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    kind: Option<Text<'a>>,
    timestamp: Option<Whole>,
    duration: Option<Whole>,
    #[serde(borrow)]
    local_endpoint: Option<Endpoint<'a>>,
    #[serde(borrow)]
    remote_endpoint: Option<Endpoint<'a>>,
    #[serde(default, borrow)]
    annotations: Option<Vec<Annotation<'a>>>,
    #[serde(default, borrow)]
    binary_annotations: Option<Vec<BinaryAnnotation<'a>>>,
    #[serde(borrow)]
    tags: Option<Tags<'a>>,
    #[serde(borrow)]
    ctx: Option<Text<'a>>,
    #[serde(borrow)]
    host: Option<Text<'a>>,
    #[serde(borrow)]
    imposition: Option<Text<'a>>,
    ts: Option<Whole>,
    #[serde(borrow)]
    value: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Endpoint<'a> {
    #[serde(rename = "serviceName", alias = "servicename", borrow)]
    service_name: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Annotation<'a> {
    timestamp: Option<Whole>,
    #[serde(default, borrow)]
    value: Text<'a>,
    #[serde(borrow)]
    endpoint: Option<Endpoint<'a>>,
}

#[derive(Deserialize)]
struct BinaryAnnotation<'a> {
    #[serde(default, borrow)]
    key: Text<'a>,
    #[serde(borrow)]
    endpoint: Option<Endpoint<'a>>,
}

#[derive(Deserialize)]
struct Tags<'a> {
    #[serde(borrow)]
    error: Option<Text<'a>>,
    #[serde(rename = "peer.service", borrow)]
    peer: Option<Text<'a>>,
}

/// Why a record is no span.
pub(crate) type Reason = String;

/// Reads the record that `bytes` start with.
pub(crate) fn read(bytes: &[u8], symbols: &mut Symbols) -> Result<ReadSpan, serde_json::Error> {
    let (record, len): (Record<'_>, usize) = first(bytes)?;
    Ok((len, if record.ctx.is_some() { message(&record, symbols) } else { span(&record, symbols) }))
}

fn span(record: &Record<'_>, symbols: &mut Symbols) -> Result<(Id, Span), Reason> {
    let id_of = |text: &Option<Text<'_>>| text.as_ref().and_then(Text::get).map(parse_id);
    let id = id_of(&record.id).ok_or("expected a span with an `id`, found none")?;
    let trace = id_of(&record.trace_id).ok_or("expected a span with a `traceId`, found none")?;
    let parent = id_of(&record.parent_id).filter(|&parent| parent != 0 && parent != id);
    let operation = record.name.as_ref().and_then(Text::get).map(|name| symbols.intern_operation(name));
    let mut span = Span { id, parent, operation, ..Span::default() };
    annotations(record, &mut span, symbols)?;
    if span.times == super::span::Times::default() {
        interval(record, &mut span, symbols)?;
    }
    let error_tag = record.tags.as_ref().is_some_and(|tags| tags.error.is_some());
    let error_annotation = record.binary_annotations.iter().flatten().any(|annotation| annotation.key.0 == "error");
    span.failed = error_tag || error_annotation;
    Ok((trace, span))
}

fn host(endpoint: Option<&Endpoint<'_>>, symbols: &mut Symbols) -> Option<super::span::Symbol> {
    endpoint?.service_name.as_ref()?.get().map(|name| symbols.intern(name))
}

/// Takes the core annotations of version 1: the first of each value counts.
fn annotations(record: &Record<'_>, span: &mut Span, symbols: &mut Symbols) -> Result<(), Reason> {
    for annotation in record.annotations.iter().flatten() {
        let times = &mut span.times;
        let (time, party) = match &*annotation.value.0 {
            "cs" => (&mut times.client_send, &mut span.caller),
            "cr" => (&mut times.client_receive, &mut span.caller),
            "sr" => (&mut times.server_receive, &mut span.callee),
            "ss" => (&mut times.server_send, &mut span.callee),
            _ => continue,
        };
        if time.is_some() {
            continue;
        }
        let micros = annotation.timestamp.ok_or("expected an annotation with a `timestamp`, found none")?;
        *time = Some(nanoseconds(micros).ok_or("expected a `timestamp` in microseconds, found a larger number")?);
        *party = party.or(host(annotation.endpoint.as_ref(), symbols));
    }
    let peer = record.binary_annotations.iter().flatten().find(|annotation| annotation.key.0 == "sa");
    span.callee = span.callee.or_else(|| host(peer?.endpoint.as_ref(), symbols));
    Ok(())
}

/// Takes start and duration, which `kind` says whose they are.
fn interval(record: &Record<'_>, span: &mut Span, symbols: &mut Symbols) -> Result<(), Reason> {
    let start = record.timestamp.ok_or("expected a span with a `timestamp` or annotations, found neither")?;
    let start = nanoseconds(start).ok_or("expected a `timestamp` in microseconds, found a larger number")?;
    let end = match record.duration {
        None => None,
        Some(micros) => {
            let end = nanoseconds(micros).filter(|&len| len >= 0).and_then(|len| start.checked_add(len));
            Some(end.ok_or("expected a `duration` in microseconds, found a negative or larger number")?)
        }
    };
    let component = record.binary_annotations.iter().flatten().find_map(|annotation| annotation.endpoint.as_ref());
    let local = host(record.local_endpoint.as_ref().or(component), symbols);
    let tagged = || record.tags.as_ref()?.peer.as_ref()?.get();
    let remote = host(record.remote_endpoint.as_ref(), symbols).or_else(|| tagged().map(|name| symbols.intern(name)));
    match record.kind.as_ref().and_then(Text::get) {
        Some("CLIENT" | "PRODUCER") => {
            (span.caller, span.callee) = (local, remote);
            (span.times.client_send, span.times.client_receive) = (Some(start), end);
        }
        kind => {
            span.callee = local;
            (span.times.server_receive, span.times.server_send) = (Some(start), end);
            if kind == Some("SERVER") {
                span.caller = remote;
            }
            if kind == Some("CONSUMER") {
                span.role = Role::Asynchronous;
            }
        }
    }
    Ok(())
}

/// Takes a one-annotation record: context `t<trace>p<parent>s<span>`, host, value and nanoseconds.
fn message(record: &Record<'_>, symbols: &mut Symbols) -> Result<(Id, Span), Reason> {
    let context = record.ctx.as_ref().and_then(Text::get).unwrap_or_default();
    let (trace, parent, id) =
        read_context(context).ok_or_else(|| format!("expected a `ctx` such as `t1p1s2`, found `{context}`"))?;
    let time = record.ts.ok_or("expected a record with a `ts`, found none")?.0;
    let host = record.host.as_ref().and_then(Text::get).map(|name| symbols.intern(name));
    let operation = record.imposition.as_ref().and_then(Text::get).filter(|&name| name != "GetResponse");
    let operation = operation.map(|name| symbols.intern(name));
    let mut span = Span { id, parent: (parent != 0).then_some(parent), operation, ..Span::default() };
    let value = record.value.as_ref().and_then(Text::get).unwrap_or_default();
    let (slot, party) = match value {
        "cs" => (&mut span.times.client_send, &mut span.caller),
        "cr" => (&mut span.times.client_receive, &mut span.caller),
        "sr" => (&mut span.times.server_receive, &mut span.callee),
        "ss" => (&mut span.times.server_send, &mut span.callee),
        other => return Err(format!("expected a `value` of cs, sr, ss or cr, found `{other}`")),
    };
    (*slot, *party) = (Some(time), host);
    Ok((trace, span))
}

/// Trace, parent and span of a context.
fn read_context(text: &str) -> Option<(Id, Id, Id)> {
    let (trace, rest) = text.strip_prefix('t')?.split_once('p')?;
    let (parent, span) = rest.split_once('s')?;
    Some((trace.parse::<u64>().ok()?.into(), parent.parse::<u64>().ok()?.into(), span.parse::<u64>().ok()?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_1_annotations_become_the_four_moments() {
        let raw = br#"{"traceId":"51","name":"GetRequest","id":"52","parentId":"51","annotations":[
            {"endpoint":{"serviceName":"a"},"timestamp":1464817758462075,"value":"cs"},
            {"endpoint":{"serviceName":"b"},"timestamp":1464817758462080,"value":"sr"},
            {"endpoint":{"serviceName":"b"},"timestamp":1464817758462090,"value":"ss"},
            {"endpoint":{"serviceName":"a"},"timestamp":1464817758462099,"value":"cr"}]}"#;
        let mut symbols = Symbols::default();
        let (trace, span) = read(raw, &mut symbols).unwrap().1.unwrap();
        assert_eq!((trace, span.id, span.parent), (0x51, 0x52, Some(0x51)));
        assert_eq!(span.times.client_send, Some(1_464_817_758_462_075_000));
        assert_eq!(span.times.client_receive.unwrap() - span.times.client_send.unwrap(), 24_000);
        assert_eq!(symbols.name(span.caller.unwrap()), "a");
        assert_eq!(symbols.name(span.callee.unwrap()), "b");
    }

    #[test]
    fn version_2_client_and_server_fill_their_own_halves() {
        let mut symbols = Symbols::default();
        let client = br#"{"traceId":"a","id":"b","kind":"CLIENT","name":"get","timestamp":10,"duration":5,
            "localEndpoint":{"serviceName":"web"},"remoteEndpoint":{"serviceName":"db"},"tags":{"error":"timeout"}}"#;
        let (_, span) = read(client, &mut symbols).unwrap().1.unwrap();
        assert_eq!((span.times.client_send, span.times.client_receive), (Some(10_000), Some(15_000)));
        assert!(span.failed && span.times.server_receive.is_none());
        let server = br#"{"traceId":"a","id":"b","kind":"SERVER","timestamp":11,"duration":3,
            "localEndpoint":{"serviceName":"db"},"shared":true}"#;
        let (_, half) = read(server, &mut symbols).unwrap().1.unwrap();
        let mut whole = span;
        whole.absorb(&half);
        assert_eq!((whole.times.server_receive, whole.times.client_receive), (Some(11_000), Some(15_000)));
    }

    #[test]
    fn one_annotation_records_hold_nanoseconds_and_their_context_is_decimal() {
        let raw = br#"{"ctx":"t1p1s12","host":"h","imposition":"GetRequest","intention":"why?","ts":77,"value":"sr"}"#;
        let (trace, span) = read(raw, &mut Symbols::default()).unwrap().1.unwrap();
        assert_eq!((trace, span.id, span.parent, span.times.server_receive), (1, 12, Some(1), Some(77)));
    }

    #[test]
    fn what_is_no_span_says_why() {
        let mut symbols = Symbols::default();
        let reason = |raw: &[u8], symbols: &mut Symbols| read(raw, symbols).unwrap().1.unwrap_err();
        assert_eq!(reason(br#"{"id":"1"}"#, &mut symbols), "expected a span with a `traceId`, found none");
        assert!(reason(br#"{"id":"1","traceId":"2"}"#, &mut symbols).contains("found neither"));
        assert!(reason(br#"{"ctx":"t1"}"#, &mut symbols).contains("found `t1`"));
        assert!(reason(br#"{"id":"1","traceId":"2","timestamp":9e18}"#, &mut symbols).contains("larger number"));
    }
}
