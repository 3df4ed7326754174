//! The wire form: Guesstimate's JSON, kept whole so that reading and writing it loses nothing.
//!
//! ```text
//! bytes --read--> Wire (a document and what it is) --space(), graph(), metrics(), guesstimates()--> typed views
//! ```
//!
//! Unknown keys, their order, and keys of the wrong kind survive at every level. A wire form is not checked: what it
//! means is decided when a [`super::Model`] is made of it.

mod cell;
mod draft;
mod translate;

use serde_json::{Map, Value};

pub use cell::{WireGuesstimate, WireMetric};
pub(crate) use draft::draft;
pub use translate::Translation;

use crate::model::error::{Fault, FaultKind, ModelError};
use crate::model::limits::{FILE_BYTES_MAX, METRICS_MAX};
use crate::problem::Warning;

/// Which of the three documents a wire form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireKind {
    /// `{"space": {…}}`, as files and request bodies have it.
    Envelope,
    /// `{"name": …, "graph": {…}}`, as the server answers.
    Space,
    /// `{"metrics": […], "guesstimates": […]}`.
    Graph,
}

/// A Guesstimate document.
///
/// # Examples
/// ```
/// use tailcast::model::Wire;
/// let text = r#"{"metrics":[{"id":"A","colour":"red"}],"guesstimates":[]}"#;
/// let (wire, warnings) = Wire::read(text.as_bytes())?;
/// assert!(warnings.is_empty());
/// assert_eq!(wire.to_json(), text);
/// # Ok::<(), tailcast::model::ModelError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Wire {
    document: Map<String, Value>,
    kind: WireKind,
}

impl Wire {
    /// Reads a document. A byte order mark is skipped; bytes after the document are ignored with a warning.
    ///
    /// Of a key that an object has twice the last value counts, as in every JavaScript engine.
    ///
    /// # Errors
    /// One fault: [`FaultKind::Empty`], [`FaultKind::TooLarge`], [`FaultKind::NotText`], [`FaultKind::Syntax`] (with
    /// line and column), or [`FaultKind::NotAModel`] when the document is none of the three kinds.
    pub fn read(bytes: &[u8]) -> Result<(Self, Vec<Warning>), ModelError> {
        if bytes.len() > FILE_BYTES_MAX {
            let message = format!("expected a file of at most {FILE_BYTES_MAX} bytes, found {}", bytes.len());
            return Err(Fault::new(FaultKind::TooLarge, message).into());
        }
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Fault::new(FaultKind::Empty, "expected a model, found an empty file").into());
        }
        let mut documents = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
        let document = match documents.next() {
            Some(Ok(document)) => document,
            Some(Err(error)) => return Err(syntax_fault(bytes, &error).into()),
            None => return Err(Fault::new(FaultKind::Empty, "expected a model, found an empty file").into()),
        };
        let rest = &bytes[documents.byte_offset()..];
        let excess = rest.len() - rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let mut warnings = Vec::new();
        if excess > 0 {
            let message = format!("ignored {excess} bytes after the end of the document");
            warnings.push(Warning::new("trailing-bytes", message).with_help("the file may be damaged: save it again"));
        }
        let wire = Self::from_value(document)?;
        if wire.graph().is_none() {
            let message = "the space has no graph, so the model is empty";
            warnings
                .push(Warning::new("no-graph", message).with_help("lists of spaces omit it: fetch the space itself"));
        }
        Ok((wire, warnings))
    }

    /// The wire form that a JSON value is.
    ///
    /// # Errors
    /// [`FaultKind::NotAModel`] when it is none of the three kinds, [`FaultKind::TooLarge`] when it has too many
    /// metrics.
    pub fn from_value(value: Value) -> Result<Self, ModelError> {
        let kind = match &value {
            Value::Object(map) => kind_of(map),
            _ => None,
        };
        let (Value::Object(document), Some(kind)) = (value, kind) else {
            let message = "expected a Guesstimate model: an object with `space`, with `graph`, or with `metrics` and \
                           `guesstimates`";
            let help = "architectures, traces and measurements are read by `tailcast import`";
            return Err(Fault::new(FaultKind::NotAModel, message).with_help(help).into());
        };
        let wire = Self { document, kind };
        let count = wire.list("metrics").len().max(wire.list("guesstimates").len());
        if count > METRICS_MAX {
            let message = format!("expected at most {METRICS_MAX} metrics, found {count}");
            return Err(Fault::new(FaultKind::TooLarge, message).into());
        }
        Ok(wire)
    }

    /// The document `{"space": space}`.
    pub(crate) fn envelope(space: Map<String, Value>) -> Self {
        let mut document = Map::new();
        document.insert("space".to_owned(), Value::Object(space));
        Self { document, kind: WireKind::Envelope }
    }

    /// Which document this is.
    #[must_use]
    pub const fn kind(&self) -> WireKind {
        self.kind
    }

    /// The fields of the space; none when the document is a bare graph.
    #[must_use]
    pub fn space(&self) -> Option<&Map<String, Value>> {
        match self.kind {
            WireKind::Envelope => self.document.get("space")?.as_object(),
            WireKind::Space => Some(&self.document),
            WireKind::Graph => None,
        }
    }

    /// The fields of the space, to change them; none when the document is a bare graph.
    pub fn space_mut(&mut self) -> Option<&mut Map<String, Value>> {
        match self.kind {
            WireKind::Envelope => self.document.get_mut("space")?.as_object_mut(),
            WireKind::Space => Some(&mut self.document),
            WireKind::Graph => None,
        }
    }

    /// The graph: an object with `metrics` and `guesstimates`.
    #[must_use]
    pub fn graph(&self) -> Option<&Map<String, Value>> {
        match self.space() {
            Some(space) => space.get("graph")?.as_object(),
            None => Some(&self.document),
        }
    }

    /// Name of the space; empty when there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text("name")
    }

    /// Description of the space; empty when there is none.
    #[must_use]
    pub fn description(&self) -> &str {
        self.text("description")
    }

    /// Whether the space is private, written as a boolean or as the text `"true"` or `"false"`.
    #[must_use]
    pub fn is_private(&self) -> Option<bool> {
        match self.space()?.get("is_private")? {
            Value::Bool(private) => Some(*private),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The metrics, in the order of the file; entries that are no objects are left out.
    pub fn metrics(&self) -> impl Iterator<Item = WireMetric<'_>> {
        self.list("metrics").iter().filter_map(Value::as_object).map(WireMetric::new)
    }

    /// The guesstimates, in the order of the file; entries that are no objects are left out.
    pub fn guesstimates(&self) -> impl Iterator<Item = WireGuesstimate<'_>> {
        self.list("guesstimates").iter().filter_map(Value::as_object).map(WireGuesstimate::new)
    }

    /// The whole document.
    #[must_use]
    pub const fn document(&self) -> &Map<String, Value> {
        &self.document
    }

    /// The document as an envelope, whatever it is: what the server's request bodies and other programs' files hold.
    #[must_use]
    pub fn into_envelope(self) -> Self {
        match self.kind {
            WireKind::Envelope => self,
            WireKind::Space => Self::envelope(self.document),
            WireKind::Graph => {
                let mut space = Map::new();
                space.insert("graph".to_owned(), Value::Object(self.document));
                Self::envelope(space)
            }
        }
    }

    /// The document as JSON on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::Value::Object(self.document.clone()).to_string()
    }

    /// The document as indented JSON with a final newline.
    #[must_use]
    pub fn to_json_pretty(&self) -> String {
        format!("{:#}\n", serde_json::Value::Object(self.document.clone()))
    }

    fn text(&self, key: &str) -> &str {
        self.space().and_then(|space| space.get(key)).and_then(Value::as_str).unwrap_or_default()
    }

    fn list(&self, key: &str) -> &[Value] {
        self.graph().and_then(|graph| graph.get(key)).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// Which document an object is.
fn kind_of(map: &Map<String, Value>) -> Option<WireKind> {
    let is_object_or_null = |key| map.get(key).is_some_and(|value: &Value| value.is_object() || value.is_null());
    if map.get("space").is_some_and(Value::is_object) {
        Some(WireKind::Envelope)
    } else if map.get("metrics").is_some_and(Value::is_array) && map.get("guesstimates").is_some_and(Value::is_array) {
        Some(WireKind::Graph)
    } else if is_object_or_null("graph") {
        Some(WireKind::Space)
    } else {
        None
    }
}

/// The fault of bytes that are not JSON.
fn syntax_fault(bytes: &[u8], error: &serde_json::Error) -> Fault {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let help = "save the file as UTF-8";
        return Fault::new(FaultKind::NotText, "expected UTF-8 text, found other bytes").with_help(help);
    };
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let (kind, help) = if message.contains("recursion limit") {
        (FaultKind::TooLarge, "models nest a handful of levels deep: is this the right file?")
    } else if error.is_eof() {
        (FaultKind::Syntax, "the file ends early: it may have been cut off")
    } else {
        (FaultKind::Syntax, "a model is JSON that begins with `{`, or TOML")
    };
    let line = error.line().max(1);
    let line_text = text.split('\n').nth(line - 1).unwrap_or_default();
    let mut end = error.column().saturating_sub(1).min(line_text.len());
    while !line_text.is_char_boundary(end) {
        end -= 1;
    }
    let column = line_text[..end].chars().count() + 1;
    Fault::new(kind, format!("not JSON: {message}")).with_place(line, column).with_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> FaultKind {
        Wire::read(text.as_bytes()).expect_err("a fault").faults[0].kind
    }

    #[test]
    fn three_documents_are_told_apart_and_written_back() {
        let graph = r#"{"metrics":[],"guesstimates":[],"x":1.50}"#;
        let space = format!(r#"{{"id":7,"name":"n","graph":{graph},"z":null}}"#);
        let envelope = format!(r#"{{"space":{space},"a":[]}}"#);
        for (text, kind) in
            [(graph, WireKind::Graph), (&space, WireKind::Space), (&envelope, WireKind::Envelope)] as [(&str, _); 3]
        {
            let (wire, warnings) = Wire::read(text.as_bytes()).expect("a model");
            assert_eq!(wire.kind(), kind);
            assert_eq!(warnings, []);
            assert_eq!(wire.to_json(), text.replace("1.50", "1.5"));
        }
    }

    #[test]
    fn bytes_after_the_document_are_a_warning() {
        let (wire, warnings) = Wire::read(b"\xef\xbb\xbf{\"space\":{\"graph\":{}}} 0670]}").expect("a model");
        assert_eq!(wire.kind(), WireKind::Envelope);
        assert_eq!(warnings.iter().map(|w| w.code).collect::<Vec<_>>(), ["trailing-bytes"]);
    }

    #[test]
    fn privacy_may_be_text() {
        let private = |text: &str| Wire::read(text.as_bytes()).expect("a model").0.is_private();
        assert_eq!(private(r#"{"space":{"is_private":"true","graph":{}}}"#), Some(true));
        assert_eq!(private(r#"{"space":{"is_private":false,"graph":{}}}"#), Some(false));
        assert_eq!(private(r#"{"space":{"graph":{}}}"#), None);
    }

    #[test]
    fn other_files_are_refused_with_the_reason() {
        assert_eq!(kind(" \n"), FaultKind::Empty);
        assert_eq!(kind("[1]"), FaultKind::NotAModel);
        assert_eq!(kind(r#"{"arch":"lamp","services":[]}"#), FaultKind::NotAModel);
        assert_eq!(kind(r#"{"space":{"graph":"#), FaultKind::Syntax);
        assert_eq!(kind(&"[".repeat(100_000)), FaultKind::TooLarge);
        let fault = &Wire::read(b"{\"space\":\n {\"name\": 1e999}}").expect_err("a fault").faults[0];
        assert_eq!(fault.to_string().lines().next(), Some("line 2, column 15: not JSON: number out of range"));
        let binary = Wire::read(b"{\"a\": \"\xff\xfe\"}").expect_err("a fault");
        assert_eq!(binary.faults[0].kind, FaultKind::NotText);
    }
}
