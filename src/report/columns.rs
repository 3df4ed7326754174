//! A small table of words, laid out in columns for people or as Markdown.
//!
//! It knows nothing of figures: whoever fills it has chosen units and digits.

use unicode_width::UnicodeWidthStr as _;

use super::markdown::escape;
use super::table::one_line;

/// What stands between columns.
const GAP: &str = "  ";

/// Heads and rows; the first column is aligned left, the others right.
pub(super) struct Columns {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Columns {
    /// Table without rows.
    pub(super) fn new<const N: usize>(heads: [&str; N]) -> Self {
        Self { heads: heads.map(str::to_owned).to_vec(), rows: Vec::new() }
    }

    /// Adds a row with as many cells as there are heads.
    pub(super) fn push<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.iter().map(|cell| one_line(cell)).collect());
    }

    /// The table without the columns that are empty in every row.
    pub(super) fn without_empty(mut self) -> Self {
        let kept: Vec<usize> =
            (0..self.heads.len()).filter(|&column| self.rows.iter().any(|row| !row[column].is_empty())).collect();
        self.heads = kept.iter().map(|&column| self.heads[column].clone()).collect();
        for row in &mut self.rows {
            *row = kept.iter().map(|&column| row[column].clone()).collect();
        }
        self
    }

    /// Lines of text, or nothing if there are no rows.
    pub(super) fn text(&self) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let lines = || std::iter::once(&self.heads).chain(&self.rows);
        let width = |column: usize| lines().map(|line| line[column].width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.heads.len()).map(width).collect();
        let mut text = String::new();
        for line in lines() {
            let mut out = String::new();
            for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
                let blanks = " ".repeat(width.saturating_sub(cell.width()));
                out += &if column == 0 { format!("{cell}{blanks}") } else { format!("{GAP}{blanks}{cell}") };
            }
            text += out.trim_end();
            text.push('\n');
        }
        text
    }

    /// A Markdown table, or nothing if there are no rows.
    pub(super) fn markdown(&self) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| escape(cell)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rule = format!("|---|{}\n", "---:|".repeat(self.heads.len().saturating_sub(1)));
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("{}{rule}{rows}", line(&self.heads))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Columns {
        let mut table = Columns::new(["call", "lost", "mean"]);
        table.push(["a > b".to_owned(), String::new(), "5 µs".to_owned()]);
        table.push(["c|d".to_owned(), String::new(), "12 µs".to_owned()]);
        table
    }

    #[test]
    fn columns_are_aligned_and_empty_ones_left_out() {
        assert_eq!(table().without_empty().text(), "call    mean\na > b   5 µs\nc|d    12 µs\n");
        assert_eq!(Columns::new(["a"]).text(), "");
    }

    #[test]
    fn markdown_escapes_its_own_marks() {
        let expected = "| call | mean |\n|---|---:|\n| a \\> b | 5 µs |\n| c\\|d | 12 µs |\n";
        assert_eq!(table().without_empty().markdown(), expected);
    }
}
