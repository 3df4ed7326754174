//! The one trait that every format implements, and the table of all formats.

use super::detect::{Prefix, Verdict};
use super::error::ImportError;
use super::format::Format;
use super::measurement::Reading;
use super::source::Source;
use super::{
    ImportOptions, csv, guesstimate, hgrm, hlog, hyperfine, json_array, k6, oha, prometheus, samples, spigo_dots,
    spigo_gauges, spigo_table, vegeta,
};

/// A format that can be recognised and read.
pub(crate) trait Importer: Sync {
    /// The format.
    fn format(&self) -> Format;

    /// Whether the content is this format, judged by its first bytes.
    fn detect(&self, prefix: Prefix<'_>) -> Verdict;

    /// Reads every distribution of the content, in the order of the file.
    fn read(&self, source: Source<'_>, options: &ImportOptions) -> Result<Vec<Reading>, ImportError>;
}

/// All importers, in the order in which detection tries them: the order of [`Format::ALL`].
pub(crate) static IMPORTERS: [&dyn Importer; Format::ALL.len()] = [
    &spigo_table::SpigoTable,
    &spigo_dots::SpigoDots,
    &guesstimate::Guesstimate,
    &spigo_gauges::SpigoGauges,
    &hlog::Hlog,
    &hgrm::Hgrm,
    &prometheus::Prometheus,
    &vegeta::VegetaCsv,
    &vegeta::VegetaJson,
    &k6::K6Csv,
    &k6::K6Json,
    &hyperfine::Hyperfine,
    &oha::Oha,
    &json_array::JsonArray,
    &samples::Samples,
    &csv::Csv,
];

/// The importer of a format.
pub(crate) fn importer(format: Format) -> &'static dyn Importer {
    let at = Format::ALL.iter().position(|other| *other == format);
    IMPORTERS[at.expect("every format is in the list of all formats")]
}
