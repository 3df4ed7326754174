//! Fields of span JSON as tracers write them: texts that may be numbers, times that may be texts.
//!
//! Everything is borrowed from the value being read where it can be. Nothing here knows a trace format.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::span::{Id, Span};

/// A text, or a number or truth value written where a text belongs; empty for null and for anything nested.
#[derive(Debug, Default, Clone)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl Text<'_> {
    /// The text, unless it is empty.
    pub(crate) fn get(&self) -> Option<&str> {
        (!self.0.is_empty()).then_some(&*self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(if value { "true" } else { "false" })))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
            fn visit_unit<E>(self) -> Result<Text<'de>, E> {
                Ok(Text::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text<'de>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text<'de>, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Text::default())
            }
        }
        deserializer.deserialize_any(TextVisitor)
    }
}

/// A whole number that may be written as a text or with a fraction, which is dropped.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whole(pub(crate) i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WholeVisitor;
        impl Visitor<'_> for WholeVisitor {
            type Value = Whole;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number within 64 bits")
            }
            fn visit_i64<E>(self, value: i64) -> Result<Whole, E> {
                Ok(Whole(value))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Whole, E> {
                i64::try_from(value)
                    .map(Whole)
                    .map_err(|_| E::custom("expected a number below 2^63, found a larger one"))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<Whole, E> {
                if value.abs() < 9.2e18 {
                    return Ok(Whole(value.trunc() as i64));
                }
                Err(E::custom("expected a number below 2^63, found a larger one"))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Whole, E> {
                text.trim().parse().map(Whole).map_err(|_| E::custom(format_args!("expected a number, found `{text}`")))
            }
        }
        deserializer.deserialize_any(WholeVisitor)
    }
}

/// Reads the value that `bytes` start with, and tells its length.
pub(crate) fn first<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<(T, usize), serde_json::Error> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter();
    match values.next() {
        Some(value) => Ok((value?, values.byte_offset())),
        None => Err(serde_json::Error::io(std::io::ErrorKind::UnexpectedEof.into())),
    }
}

/// What a format's reader makes of one value: its length, and the span or why it is none.
pub(crate) type ReadSpan = (usize, Result<(Id, Span), String>);

/// Nanoseconds of `micros`, unless that leaves 64 bits.
pub(crate) fn nanoseconds(micros: Whole) -> Option<i64> {
    micros.0.checked_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_take_numbers_and_borrow_where_they_can() {
        let texts: Vec<Text<'_>> = serde_json::from_str(r#"["a", 12, true, null, {"x": 1}, "\u0041"]"#).unwrap();
        let read: Vec<&str> = texts.iter().map(|text| &*text.0).collect();
        assert_eq!(read, ["a", "12", "true", "", "", "A"]);
        assert!(matches!(texts[0].0, Cow::Borrowed(_)));
    }

    #[test]
    fn whole_numbers_take_texts_and_fractions_but_not_more_than_64_bits() {
        let numbers: Vec<Whole> = serde_json::from_str(r#"[1464817758462075, "12", 1.5e3]"#).unwrap();
        assert_eq!(numbers, [Whole(1_464_817_758_462_075), Whole(12), Whole(1500)]);
        for bad in ["[1e30]", "[18446744073709551615]", r#"["x"]"#] {
            assert!(serde_json::from_str::<Vec<Whole>>(bad).is_err(), "{bad}");
        }
    }
}
