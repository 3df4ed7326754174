//! Where the members of an object stand in a JSON text, so that one can be changed and the rest stays as written.
//!
//! The text has been parsed before, so nothing is checked here.

use std::ops::Range;

/// Key and place of the value of each member of the object that begins at `start`.
pub(super) fn members(text: &str, start: usize) -> Vec<(String, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut members = Vec::new();
    let mut at = skip_space(bytes, start + 1);
    while bytes.get(at) == Some(&b'"') {
        let key_end = value_end(text, at);
        let key = serde_json::from_str(&text[at..key_end]).unwrap_or_default();
        let colon = skip_space(bytes, key_end);
        let value = skip_space(bytes, colon + 1);
        let end = value_end(text, value);
        members.push((key, value..end));
        at = skip_space(bytes, end);
        if bytes.get(at) != Some(&b',') {
            break;
        }
        at = skip_space(bytes, at + 1);
    }
    members
}

/// End of the value that begins at `start`.
pub(super) fn value_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut in_string) = (start, 0_usize, false);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at - 1,
            b'}' | b']' => depth -= 1,
            b',' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return at - 1,
            _ => {}
        }
        if depth == 0 && !in_string && matches!(byte, b'"' | b'}' | b']') {
            return at;
        }
    }
    bytes.len()
}

fn skip_space(bytes: &[u8], start: usize) -> usize {
    start + bytes[start.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_whatever_they_hold() {
        let text = r#" { "a" : 1.5 , "b\"}":"x\\", "c":[{"d":"]"},2],"e":{} ,"f":null}"#;
        let found: Vec<_> = members(text, 1).into_iter().map(|(key, place)| (key, text[place].to_owned())).collect();
        let expected = [("a", "1.5"), ("b\"}", r#""x\\""#), ("c", r#"[{"d":"]"},2]"#), ("e", "{}"), ("f", "null")];
        assert_eq!(found, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert!(members("{ }", 0).is_empty());
    }
}
