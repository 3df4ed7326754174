//! Output files that are written whole or not at all.
//!
//! Bytes go to a temporary file beside the target, which takes the target's place when all are written. Whatever goes
//! wrong before that leaves the old file as it was. A target that exists and is no regular file (a pipe, a device) has
//! nothing to protect and is written directly.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file in the making; dropped without [`WholeFile::commit`], it leaves no trace.
#[derive(Debug)]
pub struct WholeFile {
    writer: BufWriter<Sink>,
    target: PathBuf,
}

#[derive(Debug)]
enum Sink {
    Beside(NamedTempFile),
    Direct(File),
}

impl WholeFile {
    /// Begins a file that will be at `path`, which proves that the folder can be written to.
    ///
    /// # Errors
    /// What the operating system says when the folder is missing or closed.
    pub fn create(path: &Path) -> io::Result<Self> {
        let is_special = path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        let sink = if is_special {
            Sink::Direct(File::options().write(true).open(path)?)
        } else {
            if path.is_dir() {
                return Err(io::Error::new(io::ErrorKind::IsADirectory, "expected a file, found a folder"));
            }
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            Sink::Beside(builder().tempfile_in(folder.unwrap_or(Path::new(".")))?)
        };
        Ok(Self { writer: BufWriter::new(sink), target: path.to_owned() })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// What the operating system says; the old file is then as it was.
    pub fn commit(self) -> io::Result<()> {
        let sink = self.writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        match sink {
            Sink::Beside(file) => file.persist(&self.target).map(|_| ()).map_err(|error| error.error),
            Sink::Direct(mut file) => file.flush(),
        }
    }

    /// Writes all of `bytes` to `path`, or leaves it as it was.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = Self::create(path)?;
        file.write_all(bytes)?;
        file.commit()
    }
}

/// Temporary files with the permissions of any new file, instead of those of a secret.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tailcast-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(file) => file.write(bytes),
            Self::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside(file) => file.flush(),
            Self::Direct(file) => file.flush(),
        }
    }
}

impl Seek for Sink {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Beside(file) => file.seek(to),
            Self::Direct(file) => file.seek(to),
        }
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Seek for WholeFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.writer.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_when_committed_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        assert!(!path.exists());
        file.commit().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_file_dropped_half_written_leaves_the_old_one_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        WholeFile::write(&path, b"old").unwrap();
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_an_error_before_any_work() {
        let folder = tempfile::tempdir().unwrap();
        assert!(WholeFile::create(&folder.path().join("no/out.txt")).is_err());
        assert!(WholeFile::create(folder.path()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_a_new_file_as_any_other() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
        WholeFile::write(&ours, b"x").unwrap();
        std::fs::write(&theirs, b"x").unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&theirs));
        WholeFile::write(Path::new("/dev/null"), b"gone").unwrap();
    }
}
