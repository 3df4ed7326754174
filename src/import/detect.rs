//! Detection by content: each format looks at the first bytes and answers yes, no, or that they do not reach far enough.
//!
//! File names play no part. What is well known but holds no measured distribution is refused by name.

use super::error::{ImportError, ImportErrorKind};
use super::format::Format;
use super::importer::{IMPORTERS, Importer};
use super::source::Source;

/// Answer of one format to the first bytes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is this format.
    Yes,
    /// It is not, and why.
    No(&'static str),
    /// It may be, but what decides does not lie within the first bytes.
    NotThisFar,
}

/// The first bytes of a file, decompressed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prefix<'a> {
    pub(crate) bytes: &'a [u8],
    /// Whether these are all the bytes.
    pub(crate) whole: bool,
}

impl<'a> Prefix<'a> {
    /// Its complete lines, without line ends.
    pub(crate) fn lines(self) -> impl Iterator<Item = &'a [u8]> {
        let end = if self.whole {
            self.bytes.len()
        } else {
            self.bytes.iter().rposition(|&byte| byte == b'\n').map_or(self.bytes.len(), |at| at + 1)
        };
        let bytes = &self.bytes[..end];
        let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        body.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// The first line that is not blank, without blanks around it.
    pub(crate) fn first_line(self) -> &'a [u8] {
        self.lines().map(<[u8]>::trim_ascii).find(|line| !line.is_empty()).unwrap_or_default()
    }

    /// Whether `needle` occurs in it.
    pub(crate) fn contains(self, needle: &[u8]) -> bool {
        self.bytes.windows(needle.len()).any(|window| window == needle)
    }

    /// The first byte that is not blank.
    pub(crate) fn first_byte(self) -> Option<u8> {
        self.bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace())
    }
}

/// The importer for the content of `source`: that of the format the user named, else the first that says yes.
pub(crate) fn choose(source: &Source<'_>, asked: Option<Format>) -> Result<&'static dyn Importer, ImportError> {
    let prefix = Prefix { bytes: source.prefix(), whole: source.is_whole() };
    if prefix.bytes.is_empty() {
        return Err(ImportError::new(ImportErrorKind::EmptyFile));
    }
    if let Some(format) = asked {
        return Ok(super::importer::importer(format));
    }
    if let Some(kind) = foreign(prefix) {
        return Err(ImportError::new(kind));
    }
    let mut tried = Vec::new();
    let mut candidates = Vec::new();
    for importer in IMPORTERS {
        match importer.detect(prefix) {
            Verdict::Yes => return Ok(importer),
            Verdict::No(reason) => tried.push((importer.format(), reason)),
            Verdict::NotThisFar => candidates.push(importer),
        }
    }
    match candidates[..] {
        [] => Err(ImportError::new(ImportErrorKind::UnknownFormat { tried })),
        [importer] => Ok(importer),
        _ => {
            let candidates = candidates.iter().map(|importer| importer.format()).collect();
            Err(ImportError::new(ImportErrorKind::AmbiguousFormat { candidates }))
        }
    }
}

const TRACE_HELP: &str = "import it as a trace, which gives a model rather than a distribution";
const ARCHITECTURE_HELP: &str = "import it as an architecture, which gives a model rather than a distribution";
const TOPOLOGY_HELP: &str = "it holds topology without latencies; import the `.guess` or csv files of the same run";

/// What the content is when it is well known and no measured distribution.
fn foreign(prefix: Prefix<'_>) -> Option<ImportErrorKind> {
    let (what, help) =
        foreign_binary(prefix.bytes).or_else(|| foreign_json(prefix)).or_else(|| foreign_text(prefix))?;
    Some(ImportErrorKind::Foreign { what, help })
}

fn foreign_binary(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    Some(if starts(b"\xff\xfe") || starts(b"\xfe\xff") {
        ("text in UTF-16", "convert it to UTF-8")
    } else if starts(b"PK\x03\x04") {
        ("a zip archive", "unpack it and import the files in it")
    } else if starts(b"\x28\xb5\x2f\xfd") || starts(b"\xfd7zXZ") || starts(b"BZh") {
        ("a file compressed with zstd, xz or bzip2", "decompress it; only gzip is read as is")
    } else if starts(b"\x93NUMPY") || starts(b"PAR1") || starts(b"SQLite format 3") {
        ("a numpy, Parquet or SQLite file", "write the values as text, one a line")
    } else if is_gob_of_results(bytes) {
        ("vegeta results in its binary encoding", "write them as text with `vegeta encode --to csv`")
    } else {
        return None;
    })
}

/// Whether the bytes are a gob stream whose type has the fields of a vegeta result.
fn is_gob_of_results(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    let has = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    head.contains(&0xff) && has(b"Attack") && has(b"Latency") && has(b"BytesOut")
}

fn foreign_json(prefix: Prefix<'_>) -> Option<(&'static str, &'static str)> {
    if !matches!(prefix.first_byte(), Some(b'{' | b'[')) {
        return None;
    }
    let has = |key: &str| prefix.contains(key.as_bytes());
    Some(if has("\"traceId\"") && has("\"annotations\"") {
        ("a trace (Zipkin v1 spans)", TRACE_HELP)
    } else if has("\"traceId\"") && (has("\"localEndpoint\"") || has("\"kind\"")) && !has("\"resourceSpans\"") {
        ("a trace (Zipkin v2 spans)", TRACE_HELP)
    } else if has("\"resourceSpans\"") || has("\"scopeSpans\"") {
        ("a trace (OTLP spans)", TRACE_HELP)
    } else if has("\"traceID\"") && has("\"spans\"") {
        ("a trace (Jaeger spans)", TRACE_HELP)
    } else if has("\"ctx\"") && has("\"imposition\"") {
        ("a trace (spigo's flow events of 2015)", TRACE_HELP)
    } else if has("\"arch\"") && has("\"services\"") {
        ("a spigo architecture", ARCHITECTURE_HELP)
    } else if has("\"arch\"") && has("\"graph\"") {
        ("a spigo graph", TOPOLOGY_HELP)
    } else {
        return None;
    })
}

fn foreign_text(prefix: Prefix<'_>) -> Option<(&'static str, &'static str)> {
    let first = prefix.first_line();
    Some(if first.starts_with(b"<?xml") && prefix.contains(b"<graphml") {
        ("a spigo graph (GraphML)", TOPOLOGY_HELP)
    } else if first.starts_with(b"<!DOCTYPE html") || first.starts_with(b"<html") {
        ("an HTML page", "download the data rather than the page that shows them")
    } else if prefix.contains(b": gotocol: ") {
        ("spigo's console log", TOPOLOGY_HELP)
    } else if prefix.lines().take(200).any(|line| matches!(line.trim_ascii(), b"build: ." | b"services:"))
        || prefix.lines().take(200).any(|line| line.starts_with(b"  build: ") || line.starts_with(b"  image: "))
    {
        ("a docker-compose file", ARCHITECTURE_HELP)
    } else if first.starts_with(b"Trace: map[") || first.starts_with(b"map[ctx:") {
        ("a trace printed by an early spigo, without times", TRACE_HELP)
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_one_importer_in_the_order_of_the_list() {
        let formats: Vec<Format> = IMPORTERS.iter().map(|importer| importer.format()).collect();
        assert_eq!(formats, Format::ALL);
    }

    #[test]
    fn an_incomplete_last_line_is_left_out() {
        let bytes = b"a\r\nb\nc";
        let lines = |whole| Prefix { bytes, whole }.lines().map(<[u8]>::to_vec).collect::<Vec<_>>();
        assert_eq!(lines(true), [b"a", b"b", b"c"]);
        assert_eq!(lines(false), [b"a", b"b"]);
    }

    #[test]
    fn no_format_panics_on_bytes_of_any_kind() {
        for bytes in [&b"\0"[..], b"\xff\xff", b"[", b"{", b"{\"", b",", b"\n\n", b"#", b"name:", b"Total:"] {
            for importer in IMPORTERS {
                for whole in [true, false] {
                    let _ = importer.detect(Prefix { bytes, whole });
                }
            }
        }
    }
}
