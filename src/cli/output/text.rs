//! Texts in tones, and tables of them.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::plain;

/// Blanks between two columns.
const GAP: usize = 2;

/// What a piece of a text is. Which colour that is, the user's terminal decides: only its own sixteen are used, so that
/// dark and light ones are both readable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::cli) enum Tone {
    #[default]
    Usual,
    Strong,
    /// What matters least.
    Faint,
    Good,
    Warning,
    Bad,
    /// What can be typed or named: commands, models.
    Name,
    /// Code within prose.
    Code,
    Slanted,
}

impl Tone {
    fn codes(self) -> &'static str {
        match self {
            Self::Usual => "",
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Good => "32",
            Self::Warning => "33",
            Self::Bad => "31",
            Self::Name => "36",
            Self::Code => "36",
            Self::Slanted => "3",
        }
    }
}

/// A text in pieces, each with its tone. Nothing in it is obeyed by a terminal but the tones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::cli) struct Text(Vec<(Tone, String)>);

impl Text {
    /// A text in one tone.
    pub(in crate::cli) fn new(tone: Tone, text: impl AsRef<str>) -> Self {
        Self::default().and(tone, text)
    }

    /// The same with one more piece.
    #[must_use]
    pub(in crate::cli) fn and(mut self, tone: Tone, text: impl AsRef<str>) -> Self {
        self.push(tone, text);
        self
    }

    pub(in crate::cli) fn push(&mut self, tone: Tone, text: impl AsRef<str>) {
        let text = plain::text(text.as_ref());
        match self.0.last_mut() {
            Some((last, before)) if *last == tone => before.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.0.push((tone, text)),
        }
    }

    pub(in crate::cli) fn append(&mut self, other: Self) {
        other.0.into_iter().for_each(|(tone, text)| self.push(tone, text));
    }

    /// Ends a line.
    pub(in crate::cli) fn end_line(&mut self) {
        // No blanks at the end of a line, which would wrap in a narrow terminal.
        while let Some((tone, last)) = self.0.last_mut() {
            last.truncate(last.trim_end_matches(' ').len());
            if !last.is_empty() || *tone != Tone::Usual {
                break;
            }
            self.0.pop();
        }
        self.push(Tone::Usual, "\n");
    }

    pub(in crate::cli) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Columns of a text of one line.
    pub(in crate::cli) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| text.width()).sum()
    }

    /// The same in lines of a width, broken between words; what goes on is indented as its line is.
    pub(in crate::cli) fn fitted(&self, width: usize) -> Self {
        let mut fitted = Self::default();
        let (mut column, mut indent, mut may_break, mut begins) = (0, 0, false, true);
        for (tone, text) in &self.0 {
            for token in text.split_inclusive([' ', '\n']) {
                let word = token.trim_end_matches([' ', '\n']).width();
                if may_break && word > 0 && column > indent && column + word > width {
                    fitted.end_line();
                    fitted.push(Tone::Usual, " ".repeat(indent));
                    column = indent;
                }
                fitted.push(*tone, token);
                begins &= word == 0;
                if token.ends_with('\n') {
                    (column, indent, may_break, begins) = (0, 0, false, true);
                    continue;
                }
                column += token.width();
                if begins {
                    indent = column.min(width / 2);
                }
                may_break = token.ends_with(' ') && !begins;
            }
        }
        fitted
    }

    /// As a terminal gets it.
    pub(in crate::cli) fn painted(&self, colors: bool) -> String {
        let mut painted = String::new();
        for (tone, text) in &self.0 {
            match tone.codes() {
                codes if colors && !codes.is_empty() => {
                    painted.push_str(&format!("\u{1b}[{codes}m{text}\u{1b}[0m"));
                }
                _ => painted.push_str(text),
            }
        }
        painted
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.painted(false))
    }
}

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
/// not fit goes to the next line.
pub(in crate::cli) fn table(columns: &[Column], rows: &[Row], width: usize) -> Text {
    let mut table = Text::default();
    let Some((first, rest)) = columns.split_first() else { return table };
    let widest = |at: usize, title: &str| {
        let cells = rows.iter().filter_map(|row| row.cells.get(at)).map(Text::width);
        cells.chain([title.width()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> =
        rest.iter().enumerate().map(|(at, column)| widest(at + 1, column.title)).collect();
    // What does not fit in the last column goes to the next line, so nothing gives way to it.
    let others = widths.len().saturating_sub(1);
    let taken: usize = widths[..others].iter().map(|width| width + GAP).sum();
    let room = width.saturating_sub(taken).max(first.title.width()).max(12);
    let names = rows.iter().filter_map(|row| row.cells.first()).map(Text::width);
    // One that does not fit has a line for itself, and pushes nothing aside.
    let name = names.filter(|name| *name <= room).chain([first.title.width()]).max().unwrap_or_default();
    let titles: Vec<Text> = columns.iter().map(|column| Text::new(Tone::Faint, column.title)).collect();
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

fn line(table: &mut Text, columns: &[Column], row: &[Text], name: usize, widths: &[usize], width: usize) {
    let Some((first, rest)) = row.split_first() else { return };
    table.append(first.clone());
    let mut used = first.width();
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
    }

    #[test]
    fn lines_are_broken_between_words_and_nothing_is_lost() {
        let text = Text::new(Tone::Bad, "  → ").and(Tone::Usual, "start the proxy, or correct it\nshort\n");
        assert_eq!(text.fitted(20).to_string(), "  → start the proxy,\n  or correct it\nshort\n");
        for width in 30..60 {
            assert_eq!(text.fitted(width).to_string().split_whitespace().count(), 8, "{width}");
        }
        assert_eq!(text.fitted(80), text);
    }

    #[test]
    fn only_our_own_colours_reach_a_terminal() {
        let text = Text::new(Tone::Bad, "\u{1b}[2Jevil\u{7}").and(Tone::Usual, " x");
        assert_eq!(text.painted(true), "\u{1b}[31m[2Jevil\u{1b}[0m x");
        assert_eq!(text.painted(false), "[2Jevil x");
    }
}
