//! A finding as compilers print it: the line, and carets below what is at fault.

use std::{collections::HashMap, ops::Range, rc::Rc};

use unicode_width::UnicodeWidthStr;

use super::{File, Printed};
use crate::{
    cli::output::{Text, Tone, said},
    config_yaml::{Code, Finding, Severity},
    masking, plain,
};

/// How many lines of a longer range are shown.
const LINES: usize = 4;
/// Most columns before what is at fault in a line that does not fit.
const BEFORE: usize = 20;

/// Draws findings of a file and of what it includes.
pub(super) struct Excerpts<'a> {
    printed: &'a Printed<'a>,
    /// The values that are known to be secret, by file.
    secrets: Vec<Vec<Range<usize>>>,
    /// The lines that were shown, with `*` for what is secret: many findings may be in one.
    shown: HashMap<(usize, usize), Rc<str>>,
}

impl<'a> Excerpts<'a> {
    pub(super) fn of(printed: &'a Printed<'a>) -> Self {
        let mut secrets = vec![Vec::new(); printed.files.len()];
        for finding in printed.findings.iter().filter(|finding| finding.code == Code::PlaintextSecret) {
            secrets[finding.file].push(finding.range.clone());
        }
        Self { printed, secrets, shown: HashMap::new() }
    }

    pub(super) fn draw(&mut self, finding: &'a Finding, width: usize) -> Text {
        let File { path, lines, is_secret } = &self.printed.files[finding.file];
        let end = finding.range.end.max(finding.range.start);
        let (first, column) = lines.line(finding.range.start);
        let last = lines.line(end.saturating_sub(usize::from(end > finding.range.start))).0;
        let tone = tone(finding.severity);
        let code = format!("{}[litellm/{}]", finding.severity.word(), finding.code.slug());
        let mut shown =
            Text::new(tone, code).and(Tone::Strong, format!(": {}\n", said(&finding.message))).fitted(width);
        let gutter = (last + 1).to_string().len();
        let margin = " ".repeat(gutter);
        let before = lines.text(first)[..column.min(lines.text(first).len())].chars().count();
        let place = format!("{path}:{}:{}", first + 1, before + 1);
        shown = shown
            .and(Tone::Faint, format!("{margin}--> "))
            .and(Tone::Usual, format!("{}\n", plain::label(&place, 1000)));
        let room = width.saturating_sub(gutter + 3);
        let shown_lines = if *is_secret { 0 } else { LINES };
        for line in (first..=last).take(shown_lines) {
            let start = lines.start(line);
            let written = self.masked(finding.file, line);
            let from = finding.range.start.saturating_sub(start).min(written.len());
            let to = (end - start).min(written.len()).max(from);
            let (piece, carets) = fitted(&written, from, to, room);
            shown =
                shown.and(Tone::Faint, format!("{:>gutter$} | ", line + 1)).and(Tone::Usual, piece + "\n");
            shown = shown.and(Tone::Faint, format!("{margin} | ")).and(tone, carets + "\n");
        }
        if !is_secret && last >= first + LINES {
            shown =
                shown.and(Tone::Faint, format!("{margin} | and {} lines more\n", last + 1 - first - LINES));
        }
        for related in &finding.related {
            let File { path, lines, .. } = &self.printed.files[related.file];
            let line = lines.line(related.range.start).0 + 1;
            let related = format!("{margin} = {} {path}:{line}\n", said(&related.message));
            shown.append(Text::new(Tone::Faint, related).fitted(width));
        }
        let fix = self.printed.fixes(finding).next();
        let help = fix.map(|(fix, _)| format!("{margin} = {}\n", said(&format!("fix: {}", fix.title))));
        let help = help.unwrap_or_default();
        shown.append(Text::new(Tone::Good, help).fitted(width));
        shown.and(Tone::Faint, format!("{margin} = {}\n\n", finding.code.documentation()))
    }

    /// A line with `*` for what is secret in it.
    fn masked(&mut self, file: usize, line: usize) -> Rc<str> {
        if let Some(shown) = self.shown.get(&(file, line)) {
            return Rc::clone(shown);
        }
        let lines = &self.printed.files[file].lines;
        let (start, text) = (lines.start(line), lines.text(line));
        let known = self.secrets[file]
            .iter()
            .filter(|secret| secret.end > start && secret.start < start + text.len());
        let known = known.map(|secret| secret.start.saturating_sub(start)..secret.end - start);
        let mut bytes = text.as_bytes().to_vec();
        for secret in known.chain(masking::secrets(text)) {
            bytes[secret.start..secret.end.min(text.len())].fill(b'*');
        }
        let shown = String::from_utf8(bytes).map_or_else(|_| Rc::from("*".repeat(text.len())), Rc::from);
        self.shown.insert((file, line), Rc::clone(&shown));
        shown
    }
}

pub(super) fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Warning,
        Severity::Information | Severity::Hint => Tone::Name,
    }
}

/// The part of a line that fits, and the carets below it.
fn fitted(line: &str, from: usize, to: usize, room: usize) -> (String, String) {
    // Of a line of megabytes only what is around the place is looked at.
    let reach = 8 * room;
    let (start, to) = (floor(line, from.saturating_sub(reach)), to.min(from + reach));
    let line = &line[start..floor(line, to + reach)];
    let (from, to) = (from - start, to - start);
    let clean = |text: &str| plain::text(&text.replace('\t', " "));
    let before = clean(&line[..floor(line, from)]);
    let cut =
        if line.width() > room { before.chars().count().saturating_sub(BEFORE.min(room / 3)) } else { 0 };
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
