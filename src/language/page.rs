//! Pages in Markdown, which have aligned tables in their source too.

use unicode_width::UnicodeWidthStr;

use super::Language;

/// A page in a language.
pub(super) fn told(language: Language, markdown: &str) -> String {
    let mut page = String::with_capacity(markdown.len());
    let mut rows = Vec::new();
    let mut is_code = false;
    for line in markdown.lines() {
        is_code ^= line.starts_with("```");
        if is_code {
            page.push_str(line);
            page.push('\n');
            continue;
        }
        if line.starts_with('|') {
            let cells = cells(line);
            // What stands first in a row is a name, but for the sum above or below them.
            let is_blank = cells.get(1).is_some_and(|cell| cell.is_empty());
            let is_sum = cells.first() == Some(&"all") && (rows.len() == 2 || is_blank);
            let told = |(at, cell)| match at == 0 && !rows.is_empty() && !is_sum {
                true => String::from(cell),
                false => match language.words(cell) {
                    words if words == cell => language.said(cell).into_owned(),
                    words => words.into_owned(),
                },
            };
            let row: Vec<String> = cells.into_iter().enumerate().map(told).collect();
            rows.push(row);
            continue;
        }
        table(&mut page, &std::mem::take(&mut rows));
        let words = line.trim_start_matches(['#', ' ']);
        page.push_str(&line[..line.len() - words.len()]);
        // What is filled in at an end has no full stop.
        page.push_str(&match words.strip_suffix('.').map(|sentence| (sentence, language.said(sentence))) {
            Some((sentence, said)) if said != sentence => format!("{said}。").into(),
            _ => language.said(words),
        });
        page.push('\n');
    }
    table(&mut page, &rows);
    page
}

/// The cells of a row; a bar behind a backslash is within one.
fn cells(row: &str) -> Vec<&str> {
    let (mut cells, mut begin) = (Vec::new(), 1);
    for (at, _) in row.match_indices('|').skip(1).filter(|(at, _)| !row[..*at].ends_with('\\')) {
        let cell = &row[begin..at];
        cells.push(cell.strip_prefix(' ').unwrap_or(cell).trim_end());
        begin = at + 1;
    }
    cells
}

fn table(page: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let is_rule = |cell: &str| cell.len() > 2 && cell.bytes().all(|byte| byte == b'-');
    let cell = |row: &Vec<String>, at: usize| row.get(at).cloned().unwrap_or_default();
    let width = |at: usize| {
        let cells = rows.iter().map(|row| cell(row, at)).filter(|cell| !is_rule(cell));
        cells.map(|cell| cell.width()).max().unwrap_or_default().max(3)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        for (at, width) in widths.iter().enumerate() {
            let cell = cell(row, at);
            let cell = if is_rule(&cell) { "-".repeat(*width) } else { cell };
            page.push_str(&format!("| {cell}{:1$} ", "", width - cell.width()));
        }
        page.push_str("|\n");
    }
}
