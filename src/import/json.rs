//! JSON as the importers need it: one document from a stream, lists of numbers taken without holding them, and faults
//! with their line.

use super::accumulator::Accumulator;
use super::error::{ImportError, quoted};
use crate::problem::Warning;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, SeqAccess, Visitor};
use std::fmt;
use std::io::Read;

/// Reads one document of type `T`, and says with a warning if bytes follow it.
pub(super) fn read_document<T: DeserializeOwned>(
    reader: &mut impl Read,
    what: &'static str,
) -> Result<(T, Option<Warning>), ImportError> {
    let mut deserializer = serde_json::Deserializer::from_reader(&mut *reader);
    let document = T::deserialize(&mut deserializer).map_err(|error| fault(&error, what))?;
    drop(deserializer);
    Ok((document, warn_of_trailing(reader)?))
}

/// A warning if anything but blanks is left in `reader`, which is read to its end.
fn warn_of_trailing(reader: &mut impl Read) -> Result<Option<Warning>, ImportError> {
    let mut buffer = [0; 8192];
    let (mut first, mut count) = (Vec::new(), 0u64);
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        count += read as u64;
        let room = 64usize.saturating_sub(first.len()).min(read);
        first.extend_from_slice(&buffer[..room]);
    }
    let blank = first.trim_ascii().is_empty();
    Ok((!blank).then(|| {
        let message = format!("{count} bytes after the end of the document are skipped: {}", quoted(&first));
        Warning::new("trailing-bytes", message).with_help("several writers may have shared the file")
    }))
}

/// The error for JSON that cannot be read as `what`.
pub(super) fn fault(error: &serde_json::Error, what: &'static str) -> ImportError {
    if let Some(kind) = error.io_error_kind() {
        return ImportError { line: Some(error.line() as u64), ..std::io::Error::from(kind).into() };
    }
    let message = error.to_string();
    let found = if error.is_eof() {
        "the end of the file within it".to_owned()
    } else {
        let words = message.rfind(" at line ").map_or(message.as_str(), |at| &message[..at]);
        format!("a fault at column {}: {}", error.column(), words.replace("expected f64", "expected a number"))
    };
    ImportError::malformed(error.line().max(1) as u64, what, found)
}

/// A JSON list of numbers, taken one by one; `null` counts as missing.
#[derive(Debug, Default)]
pub(super) struct Numbers(pub(super) Accumulator);

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(NumbersVisitor)
    }
}

struct NumbersVisitor;

impl<'de> Visitor<'de> for NumbersVisitor {
    type Value = Numbers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Numbers, A::Error> {
        let mut values = Accumulator::default();
        while let Some(value) = list.next_element::<Option<f64>>()? {
            match value {
                Some(value) => values.push(value),
                None => values.push_missing(),
            }
        }
        Ok(Numbers(values))
    }
}
