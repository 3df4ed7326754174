//! What a file is, by its content. Only what models can be inferred from is told apart here; measured distributions
//! are the business of [`crate::import`].

use std::io::Read;

use flate2::read::GzDecoder;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// spigo architecture.
    Architecture,
    /// docker-compose YAML, version 1 or later.
    Compose,
    /// Zipkin JSON, version 1: annotations cs, sr, ss, cr.
    ZipkinV1,
    /// Zipkin JSON, version 2: kind and duration.
    ZipkinV2,
    /// spigo's records of one annotation each, a line each.
    SpigoRecords,
    /// Jaeger UI JSON.
    Jaeger,
    /// OTLP JSON traces, or Tempo's form of them.
    Otlp,
    /// spigo's console log: hops with one-way times, no answers.
    SpigoLog,
    /// spigo's graph as JSON or GraphML: topology only.
    SpigoGraph,
    /// spigo's first trace dumps, written as Go values.
    SpigoDump,
}

impl Kind {
    /// Name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Architecture => "spigo architecture",
            Self::Compose => "docker-compose file",
            Self::ZipkinV1 => "Zipkin v1 JSON",
            Self::ZipkinV2 => "Zipkin v2 JSON",
            Self::SpigoRecords => "spigo trace records",
            Self::Jaeger => "Jaeger UI JSON",
            Self::Otlp => "OTLP JSON traces",
            Self::SpigoLog => "spigo console log",
            Self::SpigoGraph => "spigo graph",
            Self::SpigoDump => "spigo trace dump",
        }
    }

    /// Kinds of traces that can be named on the command line, by [`Kind::slug`].
    pub const TRACES: [Self; 5] = [Self::ZipkinV1, Self::ZipkinV2, Self::SpigoRecords, Self::Jaeger, Self::Otlp];

    /// Name on the command line and in JSON.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Architecture => "architecture",
            Self::Compose => "compose",
            Self::ZipkinV1 => "zipkin-v1",
            Self::ZipkinV2 => "zipkin-v2",
            Self::SpigoRecords => "spigo-records",
            Self::Jaeger => "jaeger",
            Self::Otlp => "otlp",
            Self::SpigoLog => "spigo-log",
            Self::SpigoGraph => "spigo-graph",
            Self::SpigoDump => "spigo-dump",
        }
    }

    /// Whether [`crate::infer::traces::read`] reads it.
    #[must_use]
    pub const fn is_trace(self) -> bool {
        matches!(self, Self::ZipkinV1 | Self::ZipkinV2 | Self::SpigoRecords | Self::Jaeger | Self::Otlp)
    }

    /// Whether [`crate::infer::architecture::read`] reads it.
    #[must_use]
    pub const fn is_architecture(self) -> bool {
        matches!(self, Self::Architecture | Self::Compose)
    }
}

/// Bytes of the content that suffice to tell.
pub const PREFIX_LEN: usize = 64 * 1024;

/// The two bytes that gzip data starts with.
pub(crate) const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// What a file that starts with `prefix` is; `None` if it is nothing that a model can be inferred from.
///
/// # Parameters
/// - `prefix`: the first bytes of the file, gzip or not, [`PREFIX_LEN`] of them or the whole file.
///
/// # Examples
/// ```
/// use tailcast::infer::{Kind, detect};
/// assert_eq!(detect(br#"[{"traceId":"1","id":"1","annotations":[]}]"#), Some(Kind::ZipkinV1));
/// assert_eq!(detect(b"1 2 3"), None);
/// ```
#[must_use]
pub fn detect(prefix: &[u8]) -> Option<Kind> {
    if prefix.starts_with(&GZIP_MAGIC) {
        let mut plain = vec![0; PREFIX_LEN];
        let mut decoder = GzDecoder::new(prefix);
        let mut len = 0;
        // A cut prefix ends in an error, after which what was read so far still counts.
        while let Ok(read @ 1..) = decoder.read(&mut plain[len..]) {
            len += read;
        }
        plain.truncate(len);
        return detect_text(&String::from_utf8_lossy(&plain));
    }
    detect_text(&String::from_utf8_lossy(&prefix[..prefix.len().min(PREFIX_LEN)]))
}

fn detect_text(text: &str) -> Option<Kind> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.chars().next()? {
        '{' | '[' => detect_json(text),
        '<' => text.contains("graphml").then_some(Kind::SpigoGraph),
        _ if text.starts_with("Trace: map[") || text.starts_with("map[ctx:") => Some(Kind::SpigoDump),
        _ if text.lines().take(200).any(is_log_line) => Some(Kind::SpigoLog),
        _ => is_compose(text).then_some(Kind::Compose),
    }
}

fn detect_json(text: &str) -> Option<Kind> {
    let has = |key: &str| {
        text.as_bytes().windows(key.len() + 2).any(|window| {
            window[0] == b'"'
                && window[key.len() + 1] == b'"'
                && window[1..=key.len()].eq_ignore_ascii_case(key.as_bytes())
        })
    };
    if has("resourceSpans") || has("resource_spans") || (has("batches") && (has("scopeSpans") || has("resource"))) {
        return Some(Kind::Otlp);
    }
    if text.contains("\"spanID\"") {
        return Some(Kind::Jaeger);
    }
    if has("ctx") && has("imposition") {
        return Some(Kind::SpigoRecords);
    }
    if text.contains("\"traceId\"") {
        let v2 = has("localEndpoint") || has("duration") && !has("annotations");
        return Some(if has("annotations") && !v2 { Kind::ZipkinV1 } else { Kind::ZipkinV2 });
    }
    if has("graph") && has("arch") && (has("node") || !has("services")) {
        return Some(Kind::SpigoGraph);
    }
    if has("services") && (has("arch") || has("package")) {
        return Some(Kind::Architecture);
    }
    // An empty list of traces of either kind says nothing but that it is one.
    (has("data") && has("spans")).then_some(Kind::Jaeger)
}

/// Whether a line is a hop of spigo's console log, long (`… gotocol: 12µs t1p1s2 GetRequest why?`) or short
/// (`us-east-1.zoneC.riak2 t98p895s896 Put`).
fn is_log_line(line: &str) -> bool {
    if line.contains(": gotocol: ") {
        return true;
    }
    let mut words = line.split_whitespace();
    let (Some(host), Some(context), Some(operation)) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = context.strip_prefix('t').and_then(|rest| {
        let (trace, rest) = rest.split_once('p')?;
        let (parent, span) = rest.split_once('s')?;
        Some([trace, parent, span])
    });
    host.contains('.')
        && parts.is_some_and(|parts| parts.into_iter().all(digits))
        && operation.starts_with(|first: char| first.is_ascii_uppercase())
}

/// Whether the text has the lines of a compose file: `services:`, or services of version 1 with an image or a build.
fn is_compose(text: &str) -> bool {
    let mut top_level_key = false;
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let indented = line.starts_with([' ', '\t']);
        let Some((key, _)) = line.split_once(':') else { continue };
        let key = key.trim().trim_matches(['"', '\'']);
        if !indented && key == "services" {
            return true;
        }
        if indented && top_level_key && matches!(key, "image" | "build") {
            return true;
        }
        top_level_key |= !indented && !key.is_empty() && !key.contains(' ');
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn every_format_is_told_by_its_content() {
        let cases: [(&str, Option<Kind>); 16] = [
            (r#"{"arch":"a","services":[{"name":"x","package":"elb"}]}"#, Some(Kind::Architecture)),
            (r#"{"Services":[{"Name":"x","Package":"elb"}]}"#, Some(Kind::Architecture)),
            ("version: '2'\nservices:\n  a:\n    image: b\n", Some(Kind::Compose)),
            ("web:\n  build: ./app\n", Some(Kind::Compose)),
            (r#"[{"traceId":"1","id":"1","kind":"SERVER"}]"#, Some(Kind::ZipkinV2)),
            (r#"[[{"traceId":"1","localEndpoint":{},"annotations":[]}]]"#, Some(Kind::ZipkinV2)),
            (r#"{"ctx":"t1p0s1","host":"h","imposition":"GetRequest"}"#, Some(Kind::SpigoRecords)),
            (r#"{"data":[{"traceID":"a","spans":[{"traceID":"a","spanID":"b"}]}]}"#, Some(Kind::Jaeger)),
            (r#"{"resourceSpans":[]}"#, Some(Kind::Otlp)),
            (r#"{"batches":[{"resource":{}}]}"#, Some(Kind::Otlp)),
            ("2026/11/23 12:07:29 a.b: gotocol: 12µs t1p1s2 GetRequest why?\n", Some(Kind::SpigoLog)),
            ("us-east-1.zoneC.riak2 t98p895s896 Put\n", Some(Kind::SpigoLog)),
            (r#"{"arch":"a","version":"spigo-0.4","graph":[{"node":"x"}]}"#, Some(Kind::SpigoGraph)),
            ("<?xml version=\"1.0\"?><graphml>", Some(Kind::SpigoGraph)),
            (r#"{"space":{"graph":{"metrics":[]}}}"#, None),
            ("timestamp,latency\n1,2\n", None),
        ];
        for (text, kind) in cases {
            assert_eq!(detect(text.as_bytes()), kind, "{text}");
        }
    }

    #[test]
    fn traces_are_read_and_architectures_are_not() {
        assert!(Kind::TRACES.into_iter().all(|kind| kind.is_trace() && !kind.is_architecture()));
        let slugs: std::collections::BTreeSet<&str> = Kind::TRACES.into_iter().map(Kind::slug).collect();
        assert_eq!(slugs.len(), Kind::TRACES.len());
    }

    #[test]
    fn gzip_is_looked_into_even_when_cut() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(br#"[{"traceId":"1","annotations":[]}]"#).unwrap();
        let data = encoder.finish().unwrap();
        assert_eq!(detect(&data), Some(Kind::ZipkinV1));
        assert_eq!(detect(&data[..3]), None);
    }
}
