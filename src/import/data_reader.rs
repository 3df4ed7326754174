//! Measured data for the metrics of a model: reads the files that a model refers to.

use super::{Format, ImportOptions, Measurement, read};
use crate::model::{DataRead, DataReader, DataReference};
use crate::problem::{Problem, ProblemKind};
use std::path::Path;
use std::time::Duration;

/// Reads the data files of models in every format that importing knows.
///
/// # Examples
/// ```
/// use std::path::Path;
/// use tailcast::import::FileData;
/// use tailcast::model::{DataReader, DataReference};
/// let reference = DataReference { file: "no-such-file.csv".to_owned(), ..DataReference::default() };
/// let problem = FileData.read(&reference, Path::new(".")).unwrap_err();
/// assert_eq!(problem.code, "import-io");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileData;

impl DataReader for FileData {
    fn read(&self, reference: &DataReference, base: &Path) -> Result<DataRead, Problem> {
        let options = options(reference)?;
        let measurements = read(&base.join(&reference.file), &options).map_err(|error| error.problem())?;
        let only = <[Measurement; 1]>::try_from(measurements).map_err(|several| several_found(reference, &several))?;
        let [measurement] = only;
        if measurement.count == 0 {
            let message = format!("expected measured values, found none in `{}`", reference.file);
            let help = "give the metric another input, or measure again";
            return Err(Problem::new(ProblemKind::Parse, "import-empty", message).with_help(help));
        }
        Ok(DataRead {
            provenance: measurement.provenance.to_string(),
            data: measurement.data,
            unit: measurement.unit,
            warnings: measurement.warnings,
        })
    }
}

fn options(reference: &DataReference) -> Result<ImportOptions, Problem> {
    let format = match &reference.format {
        None => None,
        Some(name) => Some(Format::parse(name).ok_or_else(|| unknown_format(name))?),
    };
    let interval = reference.expected_interval_ns.map(|ns| Duration::try_from_secs_f64(ns / 1e9));
    let expected_interval = interval.transpose().map_err(|_| {
        let ns = reference.expected_interval_ns.unwrap_or_default();
        let message = format!("expected an interval of at least 0, found {ns} ns");
        Problem::new(ProblemKind::Parse, "import-interval", message)
    })?;
    Ok(ImportOptions {
        format,
        column: reference.column.clone(),
        tag: reference.tag.clone(),
        unit: reference.unit.clone(),
        expected_interval,
        name: None,
    })
}

fn unknown_format(name: &str) -> Problem {
    let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    let message = format!("expected the name of a format, found `{name}`");
    let help = format!("the formats are {}; without one the content decides", names.join(", "));
    Problem::new(ProblemKind::Parse, "import-no-such-format", message).with_help(help)
}

fn several_found(reference: &DataReference, several: &[Measurement]) -> Problem {
    /// Names that the message lists, at most.
    const LISTED_MAX: usize = 8;
    let names: Vec<String> = several.iter().take(LISTED_MAX).map(|one| format!("`{}`", one.name)).collect();
    let more = if several.len() > LISTED_MAX { ", …" } else { "" };
    let message = format!(
        "expected one distribution in `{}`, found {}: {}{more}",
        reference.file,
        several.len(),
        names.join(", ")
    );
    Problem::new(ProblemKind::Parse, "import-several", message).with_help("choose one with `tag = \"NAME\"`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(file: &str) -> DataReference {
        DataReference { file: file.to_owned(), ..DataReference::default() }
    }

    fn fixtures() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import")
    }

    #[test]
    fn a_reference_reads_the_one_distribution_that_it_names() {
        let table = FileData.read(&reference("spigo/blank_table.csv"), &fixtures()).unwrap();
        assert_eq!(table.unit.unwrap().symbol(), "ns");
        assert!(table.provenance.ends_with("blank_table.csv (spigo-table, spigo)"), "{}", table.provenance);
        let tagged = DataReference { tag: Some("AA".to_owned()), ..reference("spigo/space.guess") };
        assert!(FileData.read(&tagged, &fixtures()).is_ok());
    }

    #[test]
    fn what_is_not_one_distribution_is_a_problem() {
        let code = |reference: &DataReference| FileData.read(reference, &fixtures()).unwrap_err().code;
        assert_eq!(code(&reference("spigo/space.guess")), "import-several");
        assert_eq!(code(&reference("spigo/empty_table.csv")), "import-empty");
        assert_eq!(code(&reference("tools/none.csv")), "import-io");
        let format = Some("xls".to_owned());
        assert_eq!(code(&DataReference { format, ..reference("tools/samples.txt") }), "import-no-such-format");
        let interval = Some(-1.0);
        let negative = DataReference { expected_interval_ns: interval, ..reference("tools/samples.txt") };
        assert_eq!(code(&negative), "import-interval");
    }
}
