//! What the terminal is: its width, whether it takes colour, how errors are written to it.

use std::io::{self, IsTerminal, Write};

use tailcast::model::ModelError;

use super::refusal::Refusal;

/// Columns assumed where there is no terminal.
const WIDTH_DEFAULT: usize = 100;

/// Narrowest width that reports are laid out for.
const WIDTH_MIN: usize = 40;

/// Bytes written to standard output at a time.
const BUFFER_LEN: usize = 64 * 1024;

/// Columns of the terminal, as the shell says them.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or(WIDTH_DEFAULT).max(WIDTH_MIN)
}

/// Whether standard output takes colour.
pub(super) fn color_on_stdout() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// An error as text: a line a fault for files, otherwise the causes after each other, without repeating what an outer
/// message already says.
pub(super) fn error_text(error: &anyhow::Error) -> String {
    if let Some(error) = error.downcast_ref::<ModelError>() {
        let path = error.path.as_ref().map(|path| format!("{}: ", path.display())).unwrap_or_default();
        return error.faults.iter().map(|fault| format!("error: {path}{fault}")).collect::<Vec<_>>().join("\n");
    }
    if let Some(refusal) = error.downcast_ref::<Refusal>() {
        return refusal.to_string();
    }
    let text = causes_text(error);
    #[cfg(feature = "client")]
    if let Some(help) = error.chain().find_map(|cause| cause.downcast_ref::<tailcast::client::ClientError>()?.help()) {
        return format!("{text}\n  help: {help}");
    }
    text
}

fn causes_text(error: &anyhow::Error) -> String {
    let mut text = format!("error: {error}");
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// Writes a result to standard output.
pub(super) fn print(bytes: &[u8]) -> io::Result<()> {
    stream(|out| out.write_all(bytes))
}

/// Writes a result to standard output as it comes; that of a large model need not be held.
pub(super) fn stream(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(BUFFER_LEN, io::stdout().lock());
    write(&mut out)?;
    out.flush()
}
