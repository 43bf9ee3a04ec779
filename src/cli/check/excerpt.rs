//! A finding as compilers print it: the line, and carets below what is at fault.

use unicode_width::UnicodeWidthStr;

use super::Checked;
use crate::{
    cli::output::{Text, Tone},
    config_yaml::{Code, Finding, Lines, Severity},
    plain,
};

/// How many lines of a longer range are shown.
const LINES: usize = 4;
/// Columns before what is at fault in a line that does not fit.
const BEFORE: usize = 20;

pub(super) fn of(checked: &Checked, finding: &Finding, width: usize) -> Text {
    let text = checked.project.sources()[finding.file].text();
    let lines = Lines::of(text);
    let end = finding.range.end.max(finding.range.start);
    let (first, column) = lines.line(finding.range.start);
    let last = lines.line(end.saturating_sub(usize::from(end > finding.range.start))).0;
    let tone = tone(finding.severity);
    let code = format!("{}[litellm/{}]", finding.severity.word(), finding.code.slug());
    let mut shown =
        Text::new(tone, code).and(Tone::Strong, format!(": {}\n", finding.message)).fitted(width.max(40));
    let gutter = (last + 1).to_string().len();
    let margin = " ".repeat(gutter);
    let before = lines.text(first)[..column.min(lines.text(first).len())].chars().count();
    let place = format!("{}:{}:{}", checked.path(finding.file), first + 1, before + 1);
    shown = shown
        .and(Tone::Faint, format!("{margin}--> "))
        .and(Tone::Usual, format!("{}\n", plain::label(&place, 1000)));
    let room = width.saturating_sub(gutter + 3).max(40);
    for line in first..=last.min(first + LINES - 1) {
        let start = lines.start(line);
        let written = hidden(checked, finding.file, start, lines.text(line));
        let from = finding.range.start.saturating_sub(start).min(written.len());
        let to = (end - start).min(written.len()).max(from);
        let (piece, carets) = fitted(&written, from, to, room);
        shown = shown.and(Tone::Faint, format!("{:>gutter$} | ", line + 1)).and(Tone::Usual, piece + "\n");
        shown = shown.and(Tone::Faint, format!("{margin} | ")).and(tone, carets + "\n");
    }
    if last >= first + LINES {
        shown = shown.and(Tone::Faint, format!("{margin} | and {} lines more\n", last + 1 - first - LINES));
    }
    for related in &finding.related {
        let text = checked.project.sources()[related.file].text();
        let line = Lines::of(text).line(related.range.start).0 + 1;
        let note = format!("{margin} = {} {}:{line}\n", related.message, checked.path(related.file));
        shown = shown.and(Tone::Faint, note);
    }
    let help =
        finding.fixes.first().map(|fix| format!("{margin} = fix: {}\n", fix.title)).unwrap_or_default();
    shown.and(Tone::Good, help).and(Tone::Faint, format!("{margin} = {}\n\n", finding.code.documentation()))
}

pub(super) fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Warning,
        Severity::Information | Severity::Hint => Tone::Name,
    }
}

/// A line, with `*` for what is secret in it.
fn hidden(checked: &Checked, file: usize, start: usize, line: &str) -> String {
    let mut bytes = line.as_bytes().to_vec();
    let mut hide = |from: usize, to: usize| bytes[from.min(line.len())..to.min(line.len())].fill(b'*');
    for finding in &checked.findings {
        let is_secret = finding.file == file && finding.code == Code::PlaintextSecret;
        if is_secret && finding.range.end > start && finding.range.start < start + line.len() {
            hide(finding.range.start.saturating_sub(start), finding.range.end - start);
        }
    }
    // An address that holds a password.
    for (at, _) in line.match_indices("://") {
        let rest = &line[at + 3..];
        let authority = &rest[..rest.find(['/', ' ', '"', '\'']).unwrap_or(rest.len())];
        if let Some(password) =
            authority.rfind('@').and_then(|end| authority[..end].find(':').map(|start| start + 1..end))
        {
            hide(at + 3 + password.start, at + 3 + password.end);
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| line.to_owned())
}

/// The part of a line that fits, and the carets below it.
fn fitted(line: &str, from: usize, to: usize, room: usize) -> (String, String) {
    let clean = |text: &str| plain::text(&text.replace('\t', " "));
    let before = clean(&line[..floor(line, from)]);
    let cut = if line.width() > room { before.chars().count().saturating_sub(BEFORE) } else { 0 };
    let lead: String = before.chars().skip(cut).collect();
    let lead = if cut > 0 { format!("…{lead}") } else { lead };
    let fault = clean(&line[floor(line, from)..floor(line, to)]);
    let rest = clean(&line[floor(line, to)..]);
    let mut piece: String = format!("{lead}{fault}{rest}");
    if piece.width() > room {
        let mut width = 0;
        piece = piece
            .chars()
            .take_while(|c| {
                width += c.to_string().width();
                width < room
            })
            .collect::<String>()
            + "…";
    }
    let carets = fault.width().clamp(1, room.saturating_sub(lead.width()).max(1));
    (piece, " ".repeat(lead.width()) + &"^".repeat(carets))
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
