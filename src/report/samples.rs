//! Raw samples to a file: CSV, or NumPy's `.npy`, streamed a block of columns at a time.
//!
//! Rows are whole: row `i` holds sample `i` of every metric, so that dependence between metrics is kept. The file is
//! written whole or not at all. `.npy` has no place for names, so `FILE.columns.json` beside it lists them.

use std::ffi::OsString;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::csv::write_record;
use super::whole_file::WholeFile;

/// Length of the `.npy` header, padded so that the data are aligned and the final shape always fits.
const NPY_HEADER_LEN: usize = 128;
/// Magic bytes and version 1.0 of `.npy`.
const NPY_MAGIC: [u8; 8] = *b"\x93NUMPY\x01\x00";

/// Magnitudes that are written without an exponent.
const PLAIN: RangeInclusive<f64> = 1e-5..=1e15;

/// Format of a file of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SampleFormat {
    /// Comma-separated values with a header line; not a number is an empty cell.
    Csv,
    /// NumPy array of shape `(rows, columns)`, `<f8`, C order.
    Npy,
}

impl SampleFormat {
    /// Format that the extension of `path` names; CSV unless it is `.npy`.
    #[must_use]
    pub fn of_path(path: &Path) -> Self {
        let npy = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npy"));
        if npy { Self::Npy } else { Self::Csv }
    }
}

/// Why samples could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The operating system refused.
    #[error("cannot write samples: {0}")]
    Io(#[from] io::Error),
    /// A block does not have the columns that the file has, or they differ in length.
    #[error("expected {columns} columns of equal length in a block of samples, found {found}")]
    Shape {
        /// Columns of the file.
        columns: usize,
        /// What the block has: its number of columns, or the lengths that differ.
        found: String,
    },
}

/// Writes samples to a file, block by block.
///
/// # Examples
/// ```
/// use tailcast::report::samples::{SampleFormat, SampleWriter};
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("samples.csv");
/// let mut writer = SampleWriter::create(&path, SampleFormat::Csv, &["hit", "miss"])?;
/// writer.write_block(&[&[1.0, 2.0], &[3.5, f64::NAN]])?;
/// assert_eq!(writer.finish()?, 2);
/// assert_eq!(std::fs::read_to_string(path)?, "hit,miss\n1,3.5\n2,\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct SampleWriter {
    file: WholeFile,
    format: SampleFormat,
    columns: usize,
    rows: u64,
    names: Option<(PathBuf, String)>,
    buffer: Vec<u8>,
}

impl SampleWriter {
    /// Begins a file of samples with those columns.
    ///
    /// # Errors
    /// [`SampleError::Io`] if the folder cannot be written to.
    pub fn create<T: AsRef<str>>(path: &Path, format: SampleFormat, columns: &[T]) -> Result<Self, SampleError> {
        let mut file = WholeFile::create(path)?;
        let mut names = None;
        match format {
            SampleFormat::Csv => write_record(columns, &mut file)?,
            SampleFormat::Npy => {
                file.write_all(&npy_header(0, columns.len()))?;
                let list: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
                let text = serde_json::to_string(&list).map_err(io::Error::from)?;
                names = Some((names_path(path), text + "\n"));
            }
        }
        Ok(Self { file, format, columns: columns.len(), rows: 0, names, buffer: Vec::new() })
    }

    /// Writes one block.
    ///
    /// # Shape
    /// `block[column][row]`: as many columns as the file has, all of one length.
    ///
    /// # Errors
    /// - [`SampleError::Shape`] if the block has another shape; nothing of it is written.
    /// - [`SampleError::Io`] if the operating system refuses.
    pub fn write_block(&mut self, block: &[&[f64]]) -> Result<(), SampleError> {
        let rows = block.first().map_or(0, |column| column.len());
        if block.len() != self.columns {
            return Err(SampleError::Shape { columns: self.columns, found: format!("{} columns", block.len()) });
        }
        if let Some(other) = block.iter().find(|column| column.len() != rows) {
            let found = format!("lengths {rows} and {}", other.len());
            return Err(SampleError::Shape { columns: self.columns, found });
        }
        self.buffer.clear();
        for row in 0..rows {
            match self.format {
                SampleFormat::Npy => {
                    block.iter().for_each(|column| self.buffer.extend_from_slice(&column[row].to_le_bytes()));
                }
                SampleFormat::Csv => push_row(&mut self.buffer, block, row)?,
            }
        }
        self.file.write_all(&self.buffer)?;
        self.rows += rows as u64;
        Ok(())
    }

    /// Puts the file in its place and returns the number of rows written.
    ///
    /// # Errors
    /// [`SampleError::Io`] if the operating system refuses; the old file is then as it was.
    pub fn finish(mut self) -> Result<u64, SampleError> {
        if self.format == SampleFormat::Npy {
            self.file.seek(SeekFrom::Start(0))?;
            self.file.write_all(&npy_header(self.rows, self.columns))?;
        }
        self.file.commit()?;
        if let Some((path, text)) = self.names {
            WholeFile::write(&path, text.as_bytes())?;
        }
        Ok(self.rows)
    }
}

/// Adds one row of CSV. Samples are many, so numbers go straight into the buffer.
fn push_row(buffer: &mut Vec<u8>, block: &[&[f64]], row: usize) -> io::Result<()> {
    for (at, column) in block.iter().enumerate() {
        if at > 0 {
            buffer.push(b',');
        }
        match column[row] {
            // A line that is empty would not count as a row.
            value if value.is_nan() && block.len() == 1 => buffer.extend_from_slice(b"\"\""),
            value if value.is_nan() => {}
            value if value != 0.0 && !PLAIN.contains(&value.abs()) && value.is_finite() => write!(buffer, "{value:e}")?,
            value => write!(buffer, "{value}")?,
        }
    }
    buffer.push(b'\n');
    Ok(())
}

/// `FILE.columns.json`.
fn names_path(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".columns.json");
    name.into()
}

/// Header of version 1.0, always of the same length, so that it can be written again when the shape is known.
fn npy_header(rows: u64, columns: usize) -> Vec<u8> {
    let prefix = NPY_MAGIC.len() + 2;
    let dictionary = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let text_len = NPY_HEADER_LEN - prefix;
    let mut header = Vec::with_capacity(NPY_HEADER_LEN);
    header.extend_from_slice(&NPY_MAGIC);
    header.extend_from_slice(&(text_len as u16).to_le_bytes());
    header.extend_from_slice(format!("{dictionary:<width$}\n", width = text_len - 1).as_bytes());
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npy_has_the_final_shape_and_rows_in_c_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.npy");
        let mut writer = SampleWriter::create(&path, SampleFormat::of_path(&path), &["a", "b, \"c\""]).unwrap();
        writer.write_block(&[&[1.0, 2.0], &[3.0, 4.0]]).unwrap();
        writer.write_block(&[&[5.0], &[6.0]]).unwrap();
        assert_eq!(writer.finish().unwrap(), 3);
        let bytes = std::fs::read(&path).unwrap();
        let header = std::str::from_utf8(&bytes[10..128]).unwrap();
        assert!(header.starts_with("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }"));
        assert!(header.ends_with(" \n"));
        let values: Vec<f64> =
            bytes[128..].chunks_exact(8).map(|chunk| f64::from_le_bytes(chunk.try_into().unwrap())).collect();
        assert_eq!(values, [1.0, 3.0, 2.0, 4.0, 5.0, 6.0]);
        let names = std::fs::read_to_string(folder.path().join("samples.npy.columns.json")).unwrap();
        assert_eq!(names, "[\"a\",\"b, \\\"c\\\"\"]\n");
    }

    #[test]
    fn numbers_in_csv_read_back_as_the_same_bits() {
        let values = [0.1, 1.0 / 3.0, 1e300, -5e-324, 0.0, 123_456_789.0, f64::MAX, f64::INFINITY, 1e-7];
        let mut buffer = Vec::new();
        (0..values.len()).for_each(|row| push_row(&mut buffer, &[&values], row).unwrap());
        let text = String::from_utf8(buffer).unwrap();
        let back: Vec<u64> = text.lines().map(|line| line.parse::<f64>().unwrap().to_bits()).collect();
        assert_eq!(back, values.map(f64::to_bits));
        let mut buffer = Vec::new();
        push_row(&mut buffer, &[&[f64::NAN]], 0).unwrap();
        assert_eq!(buffer, b"\"\"\n");
    }

    #[test]
    fn the_header_keeps_its_length_for_the_largest_shape() {
        assert_eq!(npy_header(u64::MAX, usize::MAX).len(), NPY_HEADER_LEN);
        assert_eq!(npy_header(0, 0).len(), NPY_HEADER_LEN);
    }

    #[test]
    fn a_block_of_another_shape_is_refused_and_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.csv");
        let mut writer = SampleWriter::create(&path, SampleFormat::Csv, &["a", "b"]).unwrap();
        assert!(matches!(writer.write_block(&[&[1.0]]), Err(SampleError::Shape { .. })));
        let error = writer.write_block(&[&[1.0], &[1.0, 2.0]]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected 2 columns of equal length in a block of samples, found lengths 1 and 2"
        );
        assert_eq!(writer.finish().unwrap(), 0);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a,b\n");
    }

    #[test]
    fn a_writer_dropped_before_the_end_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.npy");
        let mut writer = SampleWriter::create(&path, SampleFormat::Npy, &["a"]).unwrap();
        writer.write_block(&[&[1.0]]).unwrap();
        drop(writer);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
