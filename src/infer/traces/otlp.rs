//! OTLP JSON traces: `resourceSpans[].scopeSpans[].spans[]` (Tempo: `batches[]`), times in nanoseconds as texts.
//!
//! Only single spans and resources are read here; walking down to them is the reader's business, so that no chunk of
//! spans is held.

use serde::Deserialize;

use super::field::{ReadSpan, Text, Whole, first};
use super::span::{Id, Role, Span, Symbol, Symbols, parse_id};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    #[serde(alias = "trace_id", borrow)]
    trace_id: Option<Text<'a>>,
    #[serde(alias = "span_id", borrow)]
    span_id: Option<Text<'a>>,
    #[serde(alias = "parent_span_id", borrow)]
    parent_span_id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    kind: Option<Text<'a>>,
    #[serde(alias = "start_time_unix_nano")]
    start_time_unix_nano: Option<Whole>,
    #[serde(alias = "end_time_unix_nano")]
    end_time_unix_nano: Option<Whole>,
    #[serde(default, borrow)]
    attributes: Option<Vec<Attribute<'a>>>,
    #[serde(borrow)]
    status: Option<Status<'a>>,
}

#[derive(Deserialize)]
struct Attribute<'a> {
    #[serde(default, borrow)]
    key: Text<'a>,
    #[serde(borrow)]
    value: Option<Value<'a>>,
}

#[derive(Deserialize)]
struct Value<'a> {
    #[serde(rename = "stringValue", alias = "string_value", borrow)]
    string: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow)]
    code: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(default, borrow)]
    attributes: Option<Vec<Attribute<'a>>>,
}

fn attribute<'a>(attributes: Option<&'a Vec<Attribute<'_>>>, key: &str) -> Option<&'a str> {
    attributes?.iter().find(|attribute| attribute.key.0 == key)?.value.as_ref()?.string.as_ref()?.get()
}

/// Service that a `resource` names by its attribute `service.name`.
pub(crate) fn read_resource(raw: &[u8], symbols: &mut Symbols) -> Result<Option<Symbol>, String> {
    let resource: Resource<'_> = serde_json::from_slice(raw).map_err(|error| error.to_string())?;
    Ok(attribute(resource.attributes.as_ref(), "service.name").map(|name| symbols.intern(name)))
}

/// Reads the span that `bytes` start with, of the service `host`.
pub(crate) fn read(bytes: &[u8], host: Option<Symbol>, symbols: &mut Symbols) -> Result<ReadSpan, serde_json::Error> {
    let (record, len): (Record<'_>, usize) = first(bytes)?;
    Ok((len, span(&record, host, symbols)))
}

fn span(record: &Record<'_>, host: Option<Symbol>, symbols: &mut Symbols) -> Result<(Id, Span), String> {
    let id_of = |text: &Option<Text<'_>>| text.as_ref().and_then(Text::get).map(parse_id);
    let id = id_of(&record.span_id).ok_or("expected a span with a `spanId`, found none")?;
    let trace = id_of(&record.trace_id).ok_or("expected a span with a `traceId`, found none")?;
    let start = record.start_time_unix_nano.ok_or("expected a span with a `startTimeUnixNano`, found none")?.0;
    let end = record.end_time_unix_nano.map(|end| end.0).filter(|&end| end != 0);
    if end.is_some_and(|end| end < start) {
        return Err("expected a span that ends after it starts, found one that ends before".to_owned());
    }
    let parent = id_of(&record.parent_span_id).filter(|&parent| parent != 0 && parent != id);
    let operation = record.name.as_ref().and_then(Text::get).map(|name| symbols.intern_operation(name));
    let mut span = Span { id, parent, operation, ..Span::default() };
    let code = record.status.as_ref().and_then(|status| status.code.as_ref()).and_then(Text::get);
    span.failed = matches!(code, Some("2" | "STATUS_CODE_ERROR"));
    match record.kind.as_ref().and_then(Text::get) {
        Some("3" | "SPAN_KIND_CLIENT" | "4" | "SPAN_KIND_PRODUCER") => {
            let peer = attribute(record.attributes.as_ref(), "peer.service")
                .or_else(|| attribute(record.attributes.as_ref(), "db.system"))
                .or_else(|| attribute(record.attributes.as_ref(), "db.system.name"));
            span.caller = host;
            span.callee = peer.map(|name| symbols.intern(name));
            (span.times.client_send, span.times.client_receive) = (Some(start), end);
        }
        kind => {
            span.callee = host;
            (span.times.server_receive, span.times.server_send) = (Some(start), end);
            if matches!(kind, Some("5" | "SPAN_KIND_CONSUMER")) {
                span.role = Role::Asynchronous;
            }
        }
    }
    Ok((trace, span))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_come_as_numbers_or_words_and_times_as_texts_or_numbers() {
        let mut symbols = Symbols::default();
        let resource = br#"{"attributes":[{"key":"service.name","value":{"stringValue":"web"}}]}"#;
        let host = read_resource(resource, &mut symbols).unwrap();
        let client =
            br#"{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","parentSpanId":"","name":"q",
            "kind":"SPAN_KIND_CLIENT","startTimeUnixNano":"1544712660000000000","endTimeUnixNano":1544712661000000000,
            "attributes":[{"key":"db.system","value":{"stringValue":"mysql"}}],"status":{"code":2}}"#;
        let (_, span) = read(client, host, &mut symbols).unwrap().1.unwrap();
        assert_eq!((span.parent, span.failed), (None, true));
        assert_eq!(span.times.client_receive, Some(1_544_712_661_000_000_000));
        assert_eq!(symbols.name(span.callee.unwrap()), "mysql");
        let server = br#"{"traceId":"1","spanId":"2","kind":2,"startTimeUnixNano":"5","endTimeUnixNano":"9"}"#;
        let (_, span) = read(server, host, &mut symbols).unwrap().1.unwrap();
        assert_eq!((span.callee, span.times.server_send), (host, Some(9)));
    }

    #[test]
    fn a_span_that_ends_before_it_starts_is_none() {
        let raw = br#"{"traceId":"1","spanId":"2","startTimeUnixNano":"9","endTimeUnixNano":"5"}"#;
        assert!(read(raw, None, &mut Symbols::default()).unwrap().1.unwrap_err().contains("ends before"));
    }
}
