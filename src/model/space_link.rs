//! The space on a Guesstimate server that a model file belongs to, as the file keeps it.
//!
//! ```text
//! JSON  {"space": {"id": 7, "updated_at": "…", …}}
//! TOML  [guesstimate]
//!       id = 7
//!       updated_at = "…"
//!       url = "…"
//! ```
//!
//! Writing it changes these keys of the text and nothing else. No server is asked here.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::json_text::{members, value_end};
use super::read::is_json;
use super::wire::{Wire, WireKind};

/// The space that a model was pushed to or pulled from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpaceLink {
    /// Id of the space.
    pub id: u64,
    /// When the server last changed the version that the file is based on, in the server's own words.
    pub updated_at: Option<String>,
    /// Address of the space for a browser.
    pub url: Option<String>,
}

impl SpaceLink {
    /// The link that the fields of a space hold; none without an id.
    pub(crate) fn of_wire(wire: &Wire) -> Option<Self> {
        let space = wire.space()?;
        let id = space.get("id")?;
        let id = id.as_u64().or_else(|| id.as_str().and_then(|id| id.parse().ok()))?;
        let text = |key: &str| space.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
        Some(Self { id, updated_at: text("updated_at"), url: None })
    }

    /// The text of a model file with this link in place of the one it has, if any; `None` if the bytes are no model.
    ///
    /// # Parameters
    /// - `path`: tells JSON from TOML where the bytes do not.
    ///
    /// # Examples
    /// ```
    /// use std::path::Path;
    /// use tailcast::model::SpaceLink;
    /// let link = SpaceLink { id: 7, updated_at: None, url: None };
    /// let text = link.written_into(b"{\"space\": {\"name\": \"a\", \"graph\": {}}}", Path::new("a.json"));
    /// assert_eq!(text.as_deref(), Some(&b"{\"space\": {\"id\": 7,\"name\": \"a\", \"graph\": {}}}"[..]));
    /// ```
    #[must_use]
    pub fn written_into(&self, bytes: &[u8], path: &Path) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(bytes).ok()?;
        let text = if is_json(bytes, Some(path)) { self.in_json(text) } else { self.in_toml(text) };
        text.map(String::into_bytes)
    }

    fn in_json(&self, text: &str) -> Option<String> {
        let (wire, _) = Wire::read(text.as_bytes()).ok()?;
        let start = text.find('{')?;
        let mut entries = vec![("id", self.id.to_string())];
        if let Some(updated_at) = &self.updated_at {
            entries.push(("updated_at", serde_json::Value::from(updated_at.as_str()).to_string()));
        }
        let object = match wire.kind() {
            WireKind::Space => start,
            WireKind::Envelope => members(text, start).into_iter().rfind(|(key, _)| key == "space")?.1.start,
            WireKind::Graph => {
                let end = value_end(text, start);
                let entries: Vec<_> = entries.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
                let (before, graph, after) = (&text[..start], &text[start..end], &text[end..]);
                let entries = entries.join(", ");
                return Some(format!("{before}{{\"space\": {{{entries}, \"graph\": {graph}}}}}{after}"));
            }
        };
        let present = members(text, object);
        let gap_end =
            text[object + 1..].find(|c: char| !c.is_ascii_whitespace()).map_or(object + 1, |at| object + 1 + at);
        let gap = &text[object + 1..gap_end];
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        let mut inserted = String::new();
        for (key, value) in entries {
            let places: Vec<_> = present.iter().filter(|(name, _)| name == key).collect();
            if places.is_empty() {
                inserted += &format!("{gap}\"{key}\": {value}{}", if present.is_empty() { "" } else { "," });
            }
            edits.extend(places.into_iter().map(|(_, place)| (place.clone(), value.clone())));
        }
        edits.push((object + 1..object + 1, inserted));
        Some(edited(text, edits))
    }

    fn in_toml(&self, text: &str) -> Option<String> {
        let quoted = |text: &String| toml::Value::from(text.as_str()).to_string();
        let entries = [
            ("id", Some(self.id.to_string())),
            ("updated_at", self.updated_at.as_ref().map(quoted)),
            ("url", self.url.as_ref().map(quoted)),
        ];
        let entries = entries.into_iter().filter_map(|(key, value)| Some((key, value?)));
        let root = DeTable::parse(text).ok()?;
        let Some(table) = root.get_ref().get("guesstimate") else {
            let lines: String = entries.map(|(key, value)| format!("{key} = {value}\n")).collect();
            let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            return Some(format!("{text}{gap}\n[guesstimate]\n{lines}"));
        };
        let DeValue::Table(fields) = table.get_ref() else { return None };
        let is_inline = text[table.span()].starts_with('{');
        let last = fields.iter().map(|(_, value)| value.span().end).max()?;
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for (key, value) in entries {
            match fields.get(key) {
                Some(present) => edits.push((present.span(), value)),
                None if is_inline => edits.push((last..last, format!(", {key} = {value}"))),
                None => edits.push((last..last, format!("\n{key} = {value}"))),
            }
        }
        Some(edited(text, edits))
    }
}

/// `text` with each range replaced; ranges do not overlap, and those at one place follow each other in order.
fn edited(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut edited = String::with_capacity(text.len() + 100);
    let mut copied = 0;
    for (range, replacement) in edits {
        edited.push_str(&text[copied..range.start]);
        edited.push_str(&replacement);
        copied = range.end;
    }
    edited.push_str(&text[copied..]);
    edited
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> SpaceLink {
        SpaceLink {
            id: 42,
            updated_at: Some("2016-01-02T03:04:05.678Z".to_owned()),
            url: Some("https://g/42".to_owned()),
        }
    }

    fn written(text: &str, path: &str) -> String {
        String::from_utf8(link().written_into(text.as_bytes(), Path::new(path)).expect("a model")).expect("text")
    }

    #[test]
    fn json_keeps_its_layout_and_gets_the_keys_at_the_head_of_the_space() {
        let text =
            "{\n  \"space\": {\n    \"name\": \"a {\\\"\",\n    \"graph\": {\"id\": 1, \"metrics\": []}\n  }\n}\n";
        let once = written(text, "a.json");
        assert_eq!(
            once,
            "{\n  \"space\": {\n    \"id\": 42,\n    \"updated_at\": \"2016-01-02T03:04:05.678Z\",\n    \"name\": \"a {\\\"\",\n    \
             \"graph\": {\"id\": 1, \"metrics\": []}\n  }\n}\n"
        );
        let other = SpaceLink { id: 7, updated_at: Some("x".to_owned()), url: None };
        let twice = other.written_into(once.as_bytes(), Path::new("a.json")).expect("a model");
        let expected = once.replace("42", "7").replace("2016-01-02T03:04:05.678Z", "x");
        assert_eq!(String::from_utf8(twice).expect("text"), expected);
    }

    #[test]
    fn a_bare_graph_becomes_a_space() {
        let text = written("{\"metrics\":[],\"guesstimates\":[]}\n", "a.json");
        let (wire, _) = Wire::read(text.as_bytes()).expect("a model");
        assert_eq!(SpaceLink::of_wire(&wire).map(|link| link.id), Some(42));
        assert!(wire.graph().is_some());
    }

    #[test]
    fn toml_keeps_its_text_and_its_comments() {
        let text = "# mine\n[metrics]\na = 1 # one";
        let once = written(text, "a.toml");
        let table = "[guesstimate]\nid = 42\nupdated_at = \"2016-01-02T03:04:05.678Z\"\nurl = \"https://g/42\"\n";
        assert_eq!(once, format!("{text}\n\n{table}"));
        let newer = SpaceLink { updated_at: Some("later".to_owned()), ..link() };
        let twice = newer.written_into(once.as_bytes(), Path::new("a.toml")).expect("a model");
        assert_eq!(String::from_utf8(twice).expect("text"), once.replace("2016-01-02T03:04:05.678Z", "later"));
        let inline = written("guesstimate = { id = 1 }\n[metrics]\na = 1\n", "a.toml");
        assert!(inline.starts_with("guesstimate = { id = 42, updated_at = \"2016"), "{inline}");
        let short = written("[metrics]\na = 1\n[guesstimate]\nid = 1 # old\n[scenarios.x]\na = 2\n", "a.toml");
        assert!(DeTable::parse(&short).is_ok(), "{short}");
    }
}
