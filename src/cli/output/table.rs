//! Tables of texts in tones.

use unicode_width::UnicodeWidthStr;

use super::{
    text::{Text, Tone},
    words,
};

/// Blanks between two columns.
const GAP: usize = 2;

/// Widest cell: no model has so long a name, and a thousand letters would push the rest out of sight.
const LONGEST: usize = 200;

/// Least room for names; where the other columns leave less, there are none.
const NAMES: usize = 12;
/// How far cells are indented that stand below their name.
const INDENT: usize = 4;

/// Where the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Align {
    Left,
    Right,
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Column {
    pub(in crate::cli) title: &'static str,
    pub(in crate::cli) align: Align,
}

/// A row of a table.
#[derive(Debug, Clone, Default)]
pub(in crate::cli) struct Row {
    /// A line above it, where a group of rows begins.
    pub(in crate::cli) heading: Option<Text>,
    pub(in crate::cli) cells: Vec<Text>,
}

/// Lays rows out in columns, at most `width` wide. The first column gives way where that is too little: a name that
/// does not fit then has a line for itself, for it must be possible to copy it. What stands in the last column and does
/// not fit goes to the next line. Where not even that helps, all cells but the name stand below it.
pub(in crate::cli) fn table(columns: &[Column], rows: &[Row], width: usize) -> Text {
    let mut table = Text::default();
    let Some((first, rest)) = columns.split_first() else { return table };
    let widest = |at: usize, title: &str| {
        let cells = rows.iter().filter_map(|row| row.cells.get(at)).map(Text::width);
        cells.chain([title.width()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> =
        rest.iter().enumerate().map(|(at, column)| widest(at + 1, &words(column.title))).collect();
    // What does not fit in the last column goes to the next line, so nothing gives way to it.
    let others = widths.len().saturating_sub(1);
    let taken: usize = widths[..others].iter().map(|width| width + GAP).sum();
    if width < taken + NAMES {
        return stacked(columns, rows, width);
    }
    let room = width.saturating_sub(taken).max(words(first.title).width()).max(NAMES);
    let names = rows.iter().filter_map(|row| row.cells.first()).map(Text::width);
    // One that does not fit has a line for itself, and pushes nothing aside.
    let name =
        names.filter(|name| *name <= room).chain([words(first.title).width()]).max().unwrap_or_default();
    let titles: Vec<Text> =
        columns.iter().map(|column| Text::new(Tone::Faint, words(column.title))).collect();
    if columns.iter().any(|column| !column.title.is_empty()) {
        line(&mut table, columns, &titles, name, &widths, width);
    }
    for row in rows {
        if let Some(heading) = &row.heading {
            table.append(heading.clone());
            table.end_line();
        }
        line(&mut table, columns, &row.cells, name, &widths, width);
    }
    table
}

/// Each row as its name, and below it the other cells, one after the other.
fn stacked(columns: &[Column], rows: &[Row], width: usize) -> Text {
    let mut table = Text::default();
    let titles: Vec<Text> =
        columns.iter().map(|column| Text::new(Tone::Faint, words(column.title))).collect();
    flow(&mut table, &titles, 0, width);
    for row in rows {
        let Some((name, cells)) = row.cells.split_first() else { continue };
        for line in row.heading.iter().chain([name]) {
            table.append(line.clone().cut(LONGEST));
            table.end_line();
        }
        flow(&mut table, cells, INDENT, width);
    }
    table
}

/// Cells one after the other, in as many lines as they need.
fn flow(table: &mut Text, cells: &[Text], indent: usize, width: usize) {
    let mut used = 0;
    for cell in cells.iter().filter(|cell| !cell.is_empty()) {
        let cell = cell.clone().cut(LONGEST);
        if used > 0 && used + GAP + cell.width() > width {
            table.end_line();
            used = 0;
        }
        let blanks = if used == 0 { indent } else { GAP };
        table.push(Tone::Usual, " ".repeat(blanks));
        used += blanks + cell.width();
        table.append(cell);
    }
    if used > 0 {
        table.end_line();
    }
}

fn line(table: &mut Text, columns: &[Column], row: &[Text], name: usize, widths: &[usize], width: usize) {
    let Some((first, rest)) = row.split_first() else { return };
    let first = first.clone().cut(LONGEST);
    let mut used = first.width();
    table.append(first);
    if used > name && rest.iter().any(|cell| !cell.is_empty()) {
        table.end_line();
        used = 0;
    }
    let mut place = name;
    for (at, (cell, (column, cell_width))) in rest.iter().zip(columns[1..].iter().zip(widths)).enumerate() {
        place += GAP;
        let before =
            if column.align == Align::Right { cell_width - cell.width().min(*cell_width) } else { 0 };
        let is_last = at + 1 == rest.len();
        if !cell.is_empty() {
            if is_last && place + before + cell.width() > width && place > name + GAP {
                table.end_line();
                (used, place) = (0, GAP * 2);
            }
            let blanks = (place + before).saturating_sub(used);
            table.push(Tone::Usual, " ".repeat(blanks));
            table.append(cell.clone());
            used = place + before + cell.width();
        }
        place += cell_width;
    }
    table.end_line();
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column { title: "NAME", align: Align::Left },
        Column { title: "SIZE", align: Align::Right },
        Column { title: "", align: Align::Left },
    ];

    fn laid_out(width: usize) -> String {
        let row = |cells: [&str; 3]| Row {
            heading: None,
            cells: cells.map(|cell| Text::new(Tone::Usual, cell)).to_vec(),
        };
        let rows = [
            row(["short", "1", ""]),
            row(["模型-👩\u{200d}💻", "200", "a note"]),
            row(["a-name-that-is-far-too-long-for-it", "30", "an endless note about it"]),
        ];
        table(&COLUMNS, &rows, width).to_string()
    }

    #[test]
    fn a_name_of_thousands_of_letters_takes_some_lines_alone() {
        let cells = ["x".repeat(5_000), "1".to_owned(), String::new()];
        let row = Row { heading: None, cells: cells.map(|cell| Text::new(Tone::Name, cell)).to_vec() };
        let text = table(&COLUMNS, &[row], 80).to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), lines[1].width()), (3, LONGEST), "{text}");
        assert!(lines[1].ends_with('…') && lines[2].trim() == "1", "{text}");
    }

    #[test]
    fn a_table_stays_aligned_and_within_its_width() {
        let wide = "\
NAME                                SIZE
short                                  1
模型-👩\u{200d}💻                              200  a note
a-name-that-is-far-too-long-for-it    30  an endless note about it
";
        assert_eq!(laid_out(100), wide);
        for width in [40, 50, 60, 70, 80] {
            for line in laid_out(width).lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
        assert!(laid_out(35).contains("a-name-that-is-far-too-long-for-it\n"), "{}", laid_out(35));
        let narrow = "\
NAME  SIZE
short
    1
模型-👩\u{200d}💻
    200  a note
a-name-that-is-far-too-long-for-it
    30
    an endless note about it
";
        assert_eq!(laid_out(15), narrow);
    }
}
