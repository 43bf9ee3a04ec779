//! A table of an answer.

use super::inline::pieces;
use crate::cli::output::{Align, Column, Row, Text, Tone, table};

/// The lines of a table, drawn as one where it fits, else as they came.
pub(super) fn drawn(lines: &[String], width: usize) -> Text {
    let Some(first) = lines.first() else { return Text::default() };
    let count = cells(first).len();
    let is_line = |line: &String| line.chars().all(|letter| "|-: ".contains(letter));
    let mut rows: Vec<Row> = Vec::new();
    for line in lines.iter().filter(|line| !is_line(line)) {
        let tone = if rows.is_empty() { Tone::Strong } else { Tone::Usual };
        let cells = cells(line).into_iter().map(|cell| {
            pieces(cell).into_iter().fold(Text::default(), |text, (own, piece)| {
                text.and(if own == Tone::Usual { tone } else { own }, piece)
            })
        });
        rows.push(Row { heading: None, cells: cells.collect() });
    }
    let columns = vec![Column { title: "", align: Align::Left }; count];
    let widest = |at: usize| rows.iter().filter_map(|row| Some(row.cells.get(at)?.width())).max();
    let natural: usize = (0..count).filter_map(widest).map(|width| width + 2).sum();
    let is_even = rows.iter().all(|row| row.cells.len() == count);
    if natural <= width + 2 && is_even {
        table(&columns, &rows, width)
    } else {
        Text::new(Tone::Usual, lines.join("\n") + "\n")
    }
}

/// The cells of a row.
fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    line.strip_suffix('|').unwrap_or(line).split('|').map(str::trim).collect()
}
