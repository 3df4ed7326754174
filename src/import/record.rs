//! Records of delimited text: one line cut into fields.
//!
//! A quoted field may hold the delimiter and doubled quotes; it may not hold a line end.

use std::borrow::Cow;

/// What stands between the fields of a line: one of `,` `;` tab `|`, or a run of blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Delimiter(u8);

impl Delimiter {
    /// Comma.
    pub(super) const COMMA: Self = Self(b',');

    /// The delimiter that `line` uses; `None` if it has none.
    pub(super) fn of(line: &[u8]) -> Option<Self> {
        let line = line.trim_ascii();
        let used = |byte: u8| {
            let mut quoted = false;
            line.iter().any(|&other| {
                quoted ^= other == b'"';
                !quoted && other == byte
            })
        };
        [b'\t', b';', b',', b'|', b' '].into_iter().find(|&byte| used(byte)).map(Self)
    }
}

/// Field `index` of `line`, counted from 0, without quotes and the blanks around it.
pub(super) fn field(line: &[u8], delimiter: Delimiter, index: usize) -> Option<Cow<'_, [u8]>> {
    if delimiter == Delimiter(b' ') || line.contains(&b'"') {
        return fields(line, delimiter).into_iter().nth(index);
    }
    let field = line.split(|&byte| byte == delimiter.0).nth(index)?;
    Some(Cow::Borrowed(field.trim_ascii()))
}

/// All fields of `line`.
pub(super) fn fields(line: &[u8], delimiter: Delimiter) -> Vec<Cow<'_, [u8]>> {
    let mut fields = Vec::new();
    let mut rest = line.trim_ascii();
    loop {
        let (field, after) = match rest.strip_prefix(b"\"") {
            Some(body) => quoted_field(body, delimiter),
            None => match rest.iter().position(|&byte| byte == delimiter.0) {
                Some(at) => (Cow::Borrowed(rest[..at].trim_ascii()), Some(&rest[at + 1..])),
                None => (Cow::Borrowed(rest.trim_ascii()), None),
            },
        };
        fields.push(field);
        let Some(after) = after else { return fields };
        rest = if delimiter.0 == b'\t' { after } else { after.trim_ascii_start() };
    }
}

/// The field whose text starts at `body`, just behind its opening quote, and what follows its delimiter.
fn quoted_field(body: &[u8], delimiter: Delimiter) -> (Cow<'_, [u8]>, Option<&[u8]>) {
    let mut text = Vec::new();
    let mut at = 0;
    while at < body.len() {
        match (body[at], body.get(at + 1)) {
            (b'"', Some(b'"')) => {
                text.push(b'"');
                at += 2;
            }
            (b'"', _) => break,
            (byte, _) => {
                text.push(byte);
                at += 1;
            }
        }
    }
    let tail = &body[(at + 1).min(body.len())..];
    let after = tail.iter().position(|&byte| byte == delimiter.0).map(|end| &tail[end + 1..]);
    (Cow::Owned(text), after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str) -> Vec<String> {
        let delimiter = Delimiter::of(line.as_bytes()).unwrap();
        fields(line.as_bytes(), delimiter).iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
    }

    #[test]
    fn fields_are_cut_at_the_delimiter_of_the_line() {
        assert_eq!(cut("a, b ,,c"), ["a", "b", "", "c"]);
        assert_eq!(cut("a;b,c"), ["a", "b,c"]);
        assert_eq!(cut("a\t\tc"), ["a", "", "c"]);
        assert_eq!(cut("  1   2 3 "), ["1", "2", "3"]);
        assert_eq!(cut("1,"), ["1", ""]);
    }

    #[test]
    fn quotes_hold_delimiters_and_doubled_quotes() {
        assert_eq!(cut(r#""a,""b""",c,"d""#), [r#"a,"b""#, "c", "d"]);
        assert_eq!(cut(r#"x,"open"#), ["x", "open"]);
        assert_eq!(field(br#"1,"2,3",4"#, Delimiter::COMMA, 2).unwrap().as_ref(), b"4");
        assert_eq!(field(b"1, 2", Delimiter::COMMA, 1).unwrap().as_ref(), b"2");
        assert_eq!(field(b"1,2", Delimiter::COMMA, 2), None);
    }
}
