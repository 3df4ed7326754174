//! What the terminal is: its width, whether it takes colour, how errors are written to it.

use std::io::{self, IsTerminal, Write};

use tailcast::model::ModelError;

/// Columns assumed where there is no terminal.
const WIDTH_DEFAULT: usize = 100;

/// Narrowest width that reports are laid out for.
const WIDTH_MIN: usize = 40;

/// Columns of the terminal on standard output.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or(WIDTH_DEFAULT).max(WIDTH_MIN)
}

/// Whether standard error takes colour.
pub(super) fn color_on_stderr() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// An error as text: its causes on one line, without repeating what an outer message already says, then remedies.
pub(super) fn error_text(error: &anyhow::Error) -> String {
    if let Some(error) = error.downcast_ref::<ModelError>() {
        return error.to_string().lines().map(|line| format!("error: {line}")).collect::<Vec<_>>().join("\n");
    }
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
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
