//! A JSON list of numbers, such as spigo's `.data` of February 2016.

use super::ImportOptions;
use super::detect::{Prefix, Verdict};
use super::error::ImportError;
use super::format::Format;
use super::importer::Importer;
use super::json::{Numbers, read_document};
use super::measurement::Reading;
use super::source::Source;

/// The importer.
pub(crate) struct JsonArray;

impl Importer for JsonArray {
    fn format(&self) -> Format {
        Format::JsonArray
    }

    fn detect(&self, prefix: Prefix<'_>) -> Verdict {
        if prefix.first_byte() != Some(b'[') {
            return Verdict::No("no `[` at the start");
        }
        let plain = |byte: &u8| {
            byte.is_ascii_digit()
                || byte.is_ascii_whitespace()
                || matches!(byte, b'[' | b']' | b',' | b'.' | b'-' | b'+' | b'e' | b'E' | b'n' | b'u' | b'l')
        };
        let numbers = prefix.bytes.iter().take(4096).all(plain);
        if numbers { Verdict::Yes } else { Verdict::No("not a list of numbers alone") }
    }

    fn read(&self, source: Source<'_>, _options: &ImportOptions) -> Result<Vec<Reading>, ImportError> {
        let (numbers, trailing) = read_document::<Numbers>(&mut source.into_reader(), "a JSON list of numbers")?;
        let mut reading = numbers.0.into_reading();
        reading.warnings.extend(trailing);
        Ok(vec![reading])
    }
}
