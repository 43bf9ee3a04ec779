//! A Markdown table whose columns are aligned in its source too, for editors show pages as they are written.

use std::fmt;

use unicode_width::UnicodeWidthStr;

/// A table of so many columns. Its cells are plain and hold no line ends.
pub(super) struct Table<const COLUMNS: usize> {
    head: [&'static str; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    pub(super) fn new(head: [&'static str; COLUMNS]) -> Self {
        Self { head, rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: [String; COLUMNS]) {
        self.rows.push(cells);
    }
}

impl<const COLUMNS: usize> fmt::Display for Table<COLUMNS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut widths = self.head.map(|cell| cell.width().max(3));
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.width().max(*width);
            }
        }
        let line = |f: &mut fmt::Formatter<'_>, cells: [&str; COLUMNS]| {
            for (cell, width) in cells.iter().zip(widths) {
                write!(f, "| {cell}{:1$} ", "", width - cell.width())?;
            }
            writeln!(f, "|")
        };
        line(f, self.head)?;
        let rule = widths.map(|width| "-".repeat(width));
        line(f, rule.each_ref().map(String::as_str))?;
        self.rows.iter().try_for_each(|row| line(f, row.each_ref().map(String::as_str)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_whatever_stands_in_them() {
        let mut table = Table::new(["a", "b"]);
        table.row(["模型".into(), "x".into()]);
        table.row(["plain-name".into(), "~1M".into()]);
        let expected = "\
| a          | b   |
| ---------- | --- |
| 模型       | x   |
| plain-name | ~1M |
";
        assert_eq!(table.to_string(), expected);
    }
}
