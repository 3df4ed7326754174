//! Jaeger UI JSON: `data[]` traces, each with its `spans[]` and the `processes{}` they ran in. Times are microseconds.
//!
//! A trace is read whole, since the processes that name its services usually stand behind its spans.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::field::{Text, Whole, nanoseconds};
use super::span::{Id, Role, Span, Symbols, parse_id};

#[derive(Deserialize)]
struct Trace<'a> {
    #[serde(rename = "traceID", borrow)]
    trace_id: Option<Text<'a>>,
    #[serde(default, borrow)]
    spans: Vec<Record<'a>>,
    #[serde(default, borrow)]
    processes: BTreeMap<std::borrow::Cow<'a, str>, Process<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    #[serde(rename = "traceID", borrow)]
    trace_id: Option<Text<'a>>,
    #[serde(rename = "spanID", borrow)]
    span_id: Option<Text<'a>>,
    #[serde(rename = "parentSpanID", borrow)]
    parent_span_id: Option<Text<'a>>,
    #[serde(borrow)]
    operation_name: Option<Text<'a>>,
    #[serde(default, borrow)]
    references: Option<Vec<Reference<'a>>>,
    start_time: Option<Whole>,
    duration: Option<Whole>,
    #[serde(default, borrow)]
    tags: Option<Vec<Tag<'a>>>,
    #[serde(rename = "processID", borrow)]
    process_id: Option<Text<'a>>,
    #[serde(borrow)]
    process: Option<Process<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference<'a> {
    #[serde(default, borrow)]
    ref_type: Text<'a>,
    #[serde(rename = "spanID", default, borrow)]
    span_id: Text<'a>,
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(default, borrow)]
    key: Text<'a>,
    #[serde(default, borrow)]
    value: Text<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Process<'a> {
    #[serde(default, borrow)]
    service_name: Text<'a>,
}

/// Reads one element of `data`, handing each span and each reason why one is none to `emit`.
pub(crate) fn read(
    raw: &[u8],
    symbols: &mut Symbols,
    emit: &mut dyn FnMut(Result<(Id, Span), String>),
) -> Result<(), String> {
    let trace: Trace<'_> = serde_json::from_slice(raw).map_err(|error| error.to_string())?;
    for record in &trace.spans {
        emit(read_span(record, &trace, symbols));
    }
    Ok(())
}

fn read_span(record: &Record<'_>, trace: &Trace<'_>, symbols: &mut Symbols) -> Result<(Id, Span), String> {
    let id_of = |text: Option<&Text<'_>>| text.and_then(Text::get).map(parse_id);
    let id = id_of(record.span_id.as_ref()).ok_or("expected a span with a `spanID`, found none")?;
    let trace_id = record.trace_id.as_ref().or(trace.trace_id.as_ref());
    let trace_id = id_of(trace_id).ok_or("expected a span with a `traceID`, found none")?;
    let start = record.start_time.ok_or("expected a span with a `startTime`, found none")?;
    let start = nanoseconds(start).ok_or("expected a `startTime` in microseconds, found a larger number")?;
    let duration = record.duration.ok_or("expected a span with a `duration`, found none")?;
    let end = nanoseconds(duration).filter(|&len| len >= 0).and_then(|len| start.checked_add(len));
    let end = end.ok_or("expected a `duration` in microseconds, found a negative or larger number")?;

    let named = record.process_id.as_ref().and_then(|id| trace.processes.get(&id.0));
    let process = record.process.as_ref().or(named);
    let host = process.and_then(|process| process.service_name.get()).map(|name| symbols.intern(name));
    let operation = record.operation_name.as_ref().and_then(Text::get).map(|name| symbols.intern_operation(name));
    let references = || record.references.iter().flatten();
    let parent_reference = references().find(|reference| reference.ref_type.0 == "CHILD_OF").or(references().next());
    let parent = id_of(parent_reference.map(|reference| &reference.span_id)).or(id_of(record.parent_span_id.as_ref()));
    let follows = parent_reference.is_some_and(|reference| reference.ref_type.0 == "FOLLOWS_FROM");

    let tag = |key: &str| record.tags.iter().flatten().find(|tag| tag.key.0 == key).and_then(|tag| tag.value.get());
    let parent = parent.filter(|&parent| parent != 0 && parent != id);
    let mut span = Span { id, parent, operation, ..Span::default() };
    span.failed = tag("error").is_some_and(|value| value != "false") || tag("otel.status_code") == Some("ERROR");
    let kind = tag("span.kind");
    if matches!(kind, Some("client" | "producer")) {
        span.caller = host;
        span.callee = tag("peer.service").map(|name| symbols.intern(name));
        (span.times.client_send, span.times.client_receive) = (Some(start), Some(end));
    } else {
        span.callee = host;
        (span.times.server_receive, span.times.server_send) = (Some(start), Some(end));
    }
    if follows || kind == Some("consumer") {
        span.role = Role::Asynchronous;
    }
    Ok((trace_id, span))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = r#"{"traceID":"ab","spans":[
        {"traceID":"ab","spanID":"1","operationName":"GET /","references":[],"startTime":100,"duration":50,
         "tags":[{"key":"span.kind","type":"string","value":"server"}],"processID":"p1"},
        {"traceID":"ab","spanID":"2","operationName":"query","references":[{"refType":"CHILD_OF","traceID":"ab","spanID":"1"}],
         "startTime":110,"duration":20,"tags":[{"key":"span.kind","value":"client"},{"key":"error","value":true},
         {"key":"peer.service","value":"db"}],"processID":"p1"},
        {"traceID":"ab","operationName":"lost id","startTime":1,"duration":1}],
        "processes":{"p1":{"serviceName":"web","tags":[]}}}"#;

    #[test]
    fn processes_name_the_services_though_they_stand_behind_the_spans() {
        let mut symbols = Symbols::default();
        let mut spans = Vec::new();
        read(TRACE.as_bytes(), &mut symbols, &mut |span| spans.push(span)).unwrap();
        let (_, root) = spans[0].clone().unwrap();
        let (trace, call) = spans[1].clone().unwrap();
        assert_eq!(symbols.name(root.callee.unwrap()), "web");
        assert_eq!((trace, call.parent, call.failed), (0xab, Some(1), true));
        assert_eq!(symbols.name(call.callee.unwrap()), "db");
        assert_eq!(call.times.client_receive, Some(130_000));
        assert_eq!(spans[2].clone().unwrap_err(), "expected a span with a `spanID`, found none");
    }
}
