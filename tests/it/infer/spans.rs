//! Requests made up for the tests, and their writing in every trace format.

/// Formats that a made-up request can be written in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Format {
    ZipkinV1,
    ZipkinV2,
    Jaeger,
    Otlp,
}

impl Format {
    pub(super) const ALL: [Self; 4] = [Self::ZipkinV1, Self::ZipkinV2, Self::Jaeger, Self::Otlp];
}

/// A call: who calls whom, when (microseconds), and what the callee calls in turn.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) caller: &'static str,
    pub(super) callee: &'static str,
    pub(super) sent: i64,
    pub(super) received: i64,
    pub(super) answered: i64,
    pub(super) returned: i64,
    pub(super) failed: bool,
    pub(super) calls: Vec<Call>,
}

impl Call {
    /// Call that takes `way` each way and `work` in the callee, which calls nobody.
    pub(super) fn leaf(caller: &'static str, callee: &'static str, sent: i64, way: i64, work: i64) -> Self {
        let (received, answered) = (sent + way, sent + way + work);
        Self { caller, callee, sent, received, answered, returned: answered + way, failed: false, calls: Vec::new() }
    }

    /// Call whose callee calls others one after the other, working `work` before each and at the end.
    pub(super) fn serial(
        caller: &'static str,
        callee: &'static str,
        sent: i64,
        way: i64,
        work: i64,
        parts: &[(&'static str, i64)],
    ) -> Self {
        let mut call = Self::leaf(caller, callee, sent, way, 0);
        let mut clock = call.received + work;
        for &(part, time) in parts {
            let child = Self::leaf(callee, part, clock, 1, time);
            clock = child.returned + work;
            call.calls.push(child);
        }
        call.answered = clock;
        call.returned = clock + way;
        call
    }

    /// Response time as the caller sees it.
    pub(super) fn response(&self) -> i64 {
        self.returned - self.sent
    }
}

/// Writes requests, each a trace, in a format.
pub(super) fn write(requests: &[Call], format: Format) -> String {
    let mut spans: Vec<String> = Vec::new();
    let mut traces = Vec::new();
    for (number, request) in requests.iter().enumerate() {
        let trace = 0x1000 + number as u64;
        let mut next = 1;
        let from = spans.len();
        write_call(request, trace, None, &mut next, format, &mut spans);
        if format == Format::Jaeger {
            let processes: Vec<String> =
                SERVICES.iter().map(|service| format!(r#""{service}-p":{{"serviceName":"{service}"}}"#)).collect();
            let body = spans.split_off(from).join(",\n");
            traces
                .push(format!(r#"{{"traceID":"{trace:x}","spans":[{body}],"processes":{{{}}}}}"#, processes.join(",")));
        }
    }
    match format {
        Format::ZipkinV1 | Format::ZipkinV2 => format!("[{}]", spans.join(",\n")),
        Format::Jaeger => format!(r#"{{"data":[{}],"total":0}}"#, traces.join(",\n")),
        Format::Otlp => format!(r#"{{"resourceSpans":[{}]}}"#, spans.join(",\n")),
    }
}

/// Services that made-up requests go to.
const SERVICES: [&str; 7] = ["client", "web", "cache", "mysql", "left", "right", "auth"];

fn write_call(call: &Call, trace: u64, parent: Option<u64>, next: &mut u64, format: Format, spans: &mut Vec<String>) {
    let mut id = || {
        *next += 1;
        trace << 16 | *next
    };
    let Call { caller, callee, sent, received, answered, returned, failed, .. } = *call;
    let (client, server) = match format {
        Format::ZipkinV1 | Format::ZipkinV2 => {
            let id = id();
            (id, id)
        }
        Format::Jaeger | Format::Otlp => (id(), id()),
    };
    match format {
        Format::ZipkinV1 => {
            let parent = parent.map(|parent| format!(r#""parentId":"{parent:x}","#)).unwrap_or_default();
            let annotation = |service, time, value| {
                format!(r#"{{"endpoint":{{"serviceName":"{service}"}},"timestamp":{time},"value":"{value}"}}"#)
            };
            let annotations = [
                annotation(caller, sent, "cs"),
                annotation(callee, received, "sr"),
                annotation(callee, answered, "ss"),
                annotation(caller, returned, "cr"),
            ];
            let error = if failed { r#","binaryAnnotations":[{"key":"error","value":"x"}]"# } else { "" };
            spans.push(format!(
                r#"{{"traceId":"{trace:x}","id":"{client:x}",{parent}"name":"get","annotations":[{}]{error}}}"#,
                annotations.join(",")
            ));
        }
        Format::ZipkinV2 => {
            let parent = parent.map(|parent| format!(r#""parentId":"{parent:x}","#)).unwrap_or_default();
            let half = |kind, service, start, end, extra: &str| {
                let duration = end - start;
                format!(
                    r#"{{"traceId":"{trace:x}","id":"{client:x}",{parent}"kind":"{kind}","name":"get","timestamp":{start},"duration":{duration},"localEndpoint":{{"serviceName":"{service}"}}{extra}}}"#
                )
            };
            spans.push(half("CLIENT", caller, sent, returned, if failed { r#","tags":{"error":"x"}"# } else { "" }));
            spans.push(half("SERVER", callee, received, answered, r#","shared":true"#));
        }
        Format::Jaeger => {
            let half = |id: u64, parent: Option<u64>, kind, service, start, end, error| {
                let reference = parent.map(|parent| format!(r#"{{"refType":"CHILD_OF","spanID":"{parent:x}"}}"#));
                let duration = end - start;
                format!(
                    r#"{{"traceID":"{trace:x}","spanID":"{id:x}","operationName":"get","references":[{}],"startTime":{start},"duration":{duration},"tags":[{{"key":"span.kind","value":"{kind}"}},{{"key":"error","value":{error}}}],"processID":"{service}-p"}}"#,
                    reference.unwrap_or_default()
                )
            };
            spans.push(half(client, parent, "client", caller, sent, returned, failed));
            spans.push(half(server, Some(client), "server", callee, received, answered, false));
        }
        Format::Otlp => {
            let half = |id: u64, parent: Option<u64>, kind, service, start: i64, end: i64, code| {
                let parent = parent.map(|parent| format!("{parent:016x}")).unwrap_or_default();
                // The resource stands behind the spans it belongs to, as JSON allows.
                format!(
                    r#"{{"scopeSpans":[{{"spans":[{{"traceId":"{trace:032x}","spanId":"{id:016x}","parentSpanId":"{parent}","name":"get","kind":{kind},"startTimeUnixNano":"{start}000","endTimeUnixNano":"{end}000","status":{{"code":{code}}}}}]}}],"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"{service}"}}}}]}}}}"#
                )
            };
            spans.push(half(client, parent, 3, caller, sent, returned, if failed { 2 } else { 0 }));
            spans.push(half(server, Some(client), 2, callee, received, answered, 0));
        }
    }
    for child in &call.calls {
        write_call(child, trace, Some(server), next, format, spans);
    }
}
